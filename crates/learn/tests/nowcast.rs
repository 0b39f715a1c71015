//! The filter on the model: decisions weigh what they are worth, twins are found again, a folder gives back what it was given.

#![allow(clippy::unwrap_used, reason = "tests")]

use detente_learn::now::{Manifest, Now, digest, start, write_file};
use detente_learn::nowcast::Nowcast;
use detente_learn::observed::{Documented, Kind, Observed, later};
use detente_learn::twin::{Experiment, Outcome, Twins};
use detente_model::scenario::{load, load_text};
use detente_model::sim::course::Course;
use detente_model::sim::event::Event;
use detente_model::sim::rules::{Point, Rules};
use detente_model::sim::state::StrikeKind;
use detente_model::sim::world::Fate;
use detente_study::futures::ensemble::Progress;
use detente_study::tables::provenance::Provenance;
use jiff::civil::date;
use std::collections::BTreeMap;

fn rules() -> Rules {
    Rules::new(&load("october-2023").unwrap_or_else(|errors| panic!("{errors}")))
}

fn documented(rules: &Rules, rows: &[(i32, Kind, &str)]) -> Observed {
    let row = |(day, kind, id): &(i32, Kind, &str)| Documented {
        date: later(rules.frame.start, *day),
        kind: *kind,
        id: (*id).to_owned(),
        source: String::new(),
        line: 0,
    };
    Observed::made("test".to_owned(), BTreeMap::new(), Some(rows.iter().map(row).collect()))
}

fn evidence(rules: &Rules, observed: &Observed, days: i32, particles: usize) -> f64 {
    let until = later(rules.frame.start, days - 1);
    let nowcast = Nowcast::new(rules, observed, until, 11, Vec::new()).unwrap_or_else(|errors| panic!("{errors}"));
    let progress = Progress::default();
    let filter = nowcast.begin(particles, 2, &progress).unwrap();
    nowcast.run(filter, 2, &progress, |_| true).unwrap().log_evidence
}

/// How often the free model does what the record says, against the evidence of the record alone: the same number.
#[test]
fn the_evidence_of_decisions_is_the_chance_that_they_come_of_themselves() {
    const DAYS: i32 = 20;
    let rules = rules();
    let complete = (0, Kind::Complete, "blow");
    let quiet = evidence(&rules, &documented(&rules, &[complete]), DAYS, 300);
    let one = evidence(&rules, &documented(&rules, &[complete, (10, Kind::Blow, "ISR>IRN on IRN")]), DAYS, 300);
    let (mut none, mut same) = (0_u32, 0_u32);
    const FUTURES: u32 = 6000;
    let mut course: Course = Course::new(&rules, Fate { seed: 2, future: 0, prior: false }, Vec::new());
    for future in 0..u64::from(FUTURES) {
        course.begin_at(2, future, &Point::Drawn { seed: 2, future }, Vec::new());
        let mut blows = Vec::new();
        for day in 0..DAYS {
            course.step();
            blows.extend(course.events().iter().filter_map(|event| match event {
                Event::Struck(s) if s.kind == StrikeKind::Blow => {
                    let victim = &rules.actors[usize::from(s.victim)].id.text;
                    let who = &rules.initiatives[usize::from(s.initiative)].id.text;
                    Some((day, format!("{who} on {victim}")))
                }
                _ => None,
            }));
        }
        none += u32::from(blows.is_empty());
        // Any day will do: chances hardly move within three weeks, and one day alone is seldom met.
        same += u32::from(blows.len() == 1 && blows[0].1 == "ISR>IRN on IRN");
    }
    let share = |count: u32| f64::from(count) / f64::from(FUTURES);
    assert!((libm::exp(quiet) - share(none)).abs() < 0.03, "{} against {}", libm::exp(quiet), share(none));
    let a_day = share(same) / f64::from(DAYS);
    assert!((one - libm::log(a_day)).abs() < 0.25, "{} against {a_day}", libm::exp(one));
}

#[test]
fn what_is_documented_happens_on_its_day_in_every_particle_and_is_held_back_on_others() {
    let rules = rules();
    let rows = [
        (0, Kind::Complete, "signed"),
        (0, Kind::Complete, "collapsed"),
        (9, Kind::Signed, "GAZ"),
        (15, Kind::Collapsed, "GAZ"),
        (18, Kind::Lever, "unifil.troops=1234"),
    ];
    let until = later(rules.frame.start, 24);
    let nowcast = Nowcast::new(&rules, &documented(&rules, &rows), until, 3, Vec::new()).unwrap();
    let progress = Progress::default();
    let gaza = rules.table("GAZ").unwrap();
    let mut in_force = Vec::new();
    let filter = nowcast
        .run(nowcast.begin(30, 2, &progress).unwrap(), 2, &progress, |filter| {
            let held =
                |p: &detente_learn::nowcast::Particle| p.state.as_ref().unwrap().columns.agreements[gaza].in_force();
            in_force.push(filter.states.iter().filter(|p| held(p)).count());
            true
        })
        .unwrap();
    // Weeks end on days 4, 11, 18 and 24.
    assert_eq!(in_force, [0, 30, 0, 0]);
    for particle in &filter.states {
        let state = particle.state.as_ref().unwrap();
        assert_eq!(state.tally.spells.len(), 1, "no other table signed");
        assert_eq!((state.tally.spells[0].signed, state.tally.spells[0].ended), (9, Some(15)));
        assert!((state.levers[detente_model::symbols::levers::Lever::UnifilTroops] - 1234.0).abs() < 1e-9);
        assert_eq!(particle.ruled_out, 0);
    }
}

#[test]
fn an_event_without_any_chance_costs_weight_and_does_not_end_the_filter() {
    let rules = rules();
    // Nothing is in force that could collapse, and nothing is signed.
    let rows = [(0, Kind::Complete, "signed"), (0, Kind::Complete, "collapsed"), (3, Kind::Collapsed, "LEB")];
    let cost = evidence(&rules, &documented(&rules, &rows), 5, 20);
    let quiet = evidence(&rules, &documented(&rules, &rows[..1]), 5, 20);
    assert!((cost - quiet - libm::log(1e-6)).abs() < 1e-9, "{cost} against {quiet}");
}

#[test]
fn bands_of_a_few_twins_hold_the_truth_about_as_often_as_they_say() {
    let rules = rules();
    let until = later(rules.frame.start, 4 + 7 * 5);
    let experiment = Experiment { until, particles: 800, drifts: true, seen: true, jobs: 2 };
    let twins = Twins::new(&rules, &experiment);
    let mut all = Outcome::default();
    (0..4).for_each(|seed| all.add(&twins.outcome(500 + seed).unwrap()));
    let held = all.held();
    let share = held.rank / f64::from(held.of);
    assert!(held.of > 500 && (0.75..0.98).contains(&share), "{share} of {}: {:?}", held.of, all.kinds);
}

#[test]
fn a_folder_gives_back_the_particles_and_damage_is_seen() {
    let loaded = load("october-2023").unwrap();
    let rules = Rules::new(&loaded);
    let observed = Observed::embedded();
    let until = later(rules.frame.start, 18);
    let nowcast = Nowcast::new(&rules, &observed, until, 3, Vec::new()).unwrap();
    let progress = Progress::default();
    let of = Provenance::of(&loaded, &rules, 19, 3, "prior", &[]);
    let folder = tempfile::tempdir().unwrap();
    let manifest = Manifest::of(of, until, 40, &observed);
    let now = Now::open(&folder.path().join("now"), manifest.clone(), false).unwrap();
    let mut filter = nowcast.begin(40, 2, &progress).unwrap();
    filter = nowcast.run(filter, 2, &progress, |filter| filter.step < 2).unwrap();
    now.keep(&filter).unwrap();
    assert_eq!(now.begun().as_ref(), Some(&filter), "kept to the last bit");
    filter = nowcast.run(filter, 2, &progress, |_| true).unwrap();
    let report = now.finish(&nowcast, &filter).unwrap();
    assert_eq!(report.digest, digest(&filter));
    assert_eq!(now.result().unwrap(), Some(report));

    let next = "format = 1\nextends = \"october-2023\"\nname = \"next\"\nstart = \"2023-10-27\"\n[parameters]\ntheta_war = 8\n";
    let next = Rules::new(&load_text("next", next).unwrap_or_else(|errors| panic!("{errors}")));
    let name = folder.path().join("now").to_string_lossy().into_owned();
    let list = start(&name, &next).unwrap().beginnings;
    assert_eq!(list.len(), 40);
    // One file holds the same.
    let file = folder.path().join("one.now");
    write_file(&file, &manifest, &nowcast, &filter).unwrap();
    assert_eq!(start(&file.to_string_lossy(), &next).unwrap().beginnings, list);
    std::fs::write(&file, "nothing").unwrap();
    assert!(start(&file.to_string_lossy(), &next).unwrap_err().contains("damaged"));
    let mut course: Course = Course::new(&next, Fate { seed: 1, future: 0, prior: false }, Vec::new());
    for beginning in list.iter() {
        let of = |p: &&detente_learn::nowcast::Particle| {
            let fires = |state: &detente_model::sim::world::Snapshot| state.columns.fires.clone();
            fires(p.state.as_ref().unwrap()) == fires(&beginning.state)
        };
        let particle = filter.states.iter().find(of).expect("a particle with this state");
        course.restore_at(&beginning.state, 1, 0, &beginning.point, Vec::new());
        assert!((course.rules().full.theta_war - 8.0).abs() < 1e-12, "what the scenario fixes stays fixed");
        let (values, _) = nowcast.values(&particle.numbers);
        let at = nowcast.free.position("theta_window").or_else(|| nowcast.free.position("delta_theta")).unwrap();
        let id = nowcast.free.0[at].id.clone();
        assert_eq!(course.rules().full.get(&id).map(f64::to_bits), Some(values[at].to_bits()), "{id}");
    }
    let block = folder.path().join("now/particles.block");
    let mut bytes = std::fs::read(&block).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&block, bytes).unwrap();
    assert!(start(&name, &next).unwrap_err().contains("damaged"));
}

/// What moves a count is told apart from what moves none, by the scenario alone: no seed and nothing observed shows in it.
#[test]
fn what_moves_a_count_is_alive_and_nothing_else_is() {
    let rules = rules();
    let observed = Observed::embedded();
    let nowcast = Nowcast::new(&rules, &observed, date(2023, 11, 16), 1, Vec::new()).unwrap();
    let is_alive = |id: &str| nowcast.alive()[nowcast.free.position(id).unwrap()];
    for id in ["stream.mu[ISR>HAM]", "stream.deaths_per_event[ISR>HAM]", "h_up", "tempo_sd", "stream.mu[HZB>ISR]"] {
        assert!(is_alive(id), "{id} moves no count");
    }
    for id in ["target_temperature", "role_gain", "path_stage", "table.shape[ALL]", "host.fear_lag[KWT]"] {
        assert!(!is_alive(id), "{id} moves a count");
    }
    let alive = nowcast.alive().iter().filter(|alive| **alive).count();
    assert!((15..80).contains(&alive), "{alive} of {}", nowcast.alive().len());
    let later = Nowcast::new(&rules, &observed, date(2024, 6, 6), 2, Vec::new()).unwrap();
    assert_eq!(later.alive(), nowcast.alive());
}
