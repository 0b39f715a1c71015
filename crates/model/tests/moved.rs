//! What is told of a run in which levers were moved is told with what its days had in force, and not with what the first day
//! had: explanations, and how the run ends.

use detente_model::chance::Key;
use detente_model::record::digits::alike;
use detente_model::record::explain::{Explanation, Known, explain_known, subject};
use detente_model::record::recorder::{EventId, day_events, outcome_of};
use detente_model::sim::columns::Columns;
use detente_model::sim::event::{Event, EventKind};
use detente_model::sim::probe::{Attentive, Decision};
use detente_model::sim::rules::Rules;
use detente_model::sim::state::Status;
use detente_model::sim::world::{Fate, Simulation, Snapshot};
use detente_model::symbols::levers::{Kind, Lever, LeverChange};
use detente_model::symbols::strengths::SCALED;
use noisy_float::prelude::R64;

/// A deal with all on day 10 that loses its parts one by one, and blows that keep the rest of the region going.
const FRAYING: &str = "[tables.ALL]\nh0 = { value = 0.05, high = 0.1 }\n[[forced]]\ndate = \"2024-11-18\"\nkind = \"signed\"\n\
     id = \"ALL\"\nsource = \"assumed by a test\"\n[initiatives.\"ISR>IRN\"]\nblow_rate = { value = 0.06, high = 0.1 }\n\
     [parameters]\ndeal_fray = 1\nfray_least = 0.25\n";
/// What vetoes cost and texts do, fear and incorporation, each at the strong end, with drafts and strikes enough.
const STRONG: &str = "[parameters]\nveto_cost = 1\nun_cost = 1.5\ndraft_rate = 0.05\nadopted_aid_other = 0\ntext_concession = 0.1\n\
     fear_permission = 0.5\nscale_fear = 0.6\nscale_suspension = 0.4\nforum_gain = 0.02\nhost_sites = 0.5\nus_join = 0.8\n\
     lambda_base = 8\n[initiatives.\"ISR>IRN\"]\nblow_rate = { value = 0.06, high = 0.1 }\n\
     preventive_rate = { value = 0.01, high = 0.02 }\n";

fn rules(overlay: &str) -> Rules {
    let text = format!("format = 1\nextends = \"november-2024\"\n{overlay}");
    Rules::new(&detente_model::scenario::load_text("test.toml", &text).unwrap_or_else(|e| panic!("{e}")))
}

fn fate(seed: u64) -> Fate {
    Fate { seed, future: 0, prior: false }
}

/// A run, all of it, as the days had it.
struct Told {
    events: Vec<(EventId, Event)>,
    mornings: Vec<Snapshot>,
    decisions: Vec<Vec<Decision>>,
    told: Vec<(EventId, Event, Explanation)>,
    end: Snapshot,
    outcome: detente_model::record::outcome::Outcome,
}

fn told(rules: &Rules, fate: Fate, days: i32, log: &[LeverChange]) -> Told {
    let mut sim: Simulation<Attentive> = Simulation::new(rules, fate, log.to_vec());
    let (mut events, mut mornings, mut decisions) = (Vec::new(), Vec::new(), Vec::new());
    let mut state = Columns::default();
    for day in 0..days {
        mornings.push(sim.snapshot());
        sim.probe_mut().0.clear();
        sim.step();
        decisions.push(std::mem::take(&mut sim.probe_mut().0));
        sim.read_columns(&mut state);
        let of_day = day_events(rules, sim.events(), &state);
        events.extend((1_u32..).zip(of_day).map(|(place, event)| (EventId { day, place }, event)));
    }
    let end = sim.snapshot();
    let outcome = outcome_of(sim.rules(), &end);
    let mark_before = |day: i32| &mornings[day.max(0) as usize];
    let known = Known { events: &events, mark_before: &mark_before };
    let is_told = |id: &EventId, event: &Event| match event.kind() {
        EventKind::Lever | EventKind::Calendar => false,
        EventKind::Fire => (id.day + id.place as i32) % 7 == 0,
        _ => true,
    };
    let told = events.iter().filter(|(id, event)| is_told(id, event)).map(|(id, event)| {
        (*id, *event, explain_known(rules, fate, log, *id, known).unwrap_or_else(|e| panic!("{id}: {e}")))
    });
    let told = told.collect();
    Told { events, mornings, decisions, told, end, outcome }
}

impl Told {
    fn event(&self, id: EventId) -> &Event {
        &self.events.iter().find(|(other, _)| *other == id).unwrap_or_else(|| panic!("no {id}")).1
    }

    /// Of an explanation what does not count events of the first day, but for the causes that moves of this lever are.
    fn causes(&self, told: &Explanation, lever: Lever) -> Vec<String> {
        let moves = |id: EventId| matches!(self.event(id), Event::LeverMoved(change) if change.lever == lever);
        let others = told.causes.iter().filter(|cause| cause.event.is_none_or(|id| !moves(id)));
        others.map(|c| format!("{} {} {:?} {:?}", c.sentence, c.contribution, c.chance_without, c.undecided)).collect()
    }
}

/// A lever that switches a mechanism on says the same of every event, moved by hand on the first day or set by the scenario: the
/// explanation has what the days had in force.
#[test]
fn a_lever_moved_on_the_first_day_tells_what_one_set_at_the_start_tells() {
    let (mut compared, mut after_fall) = (0, 0);
    for (lever, _) in SCALED {
        let overlay = if *lever == Lever::DealInterdependence { FRAYING } else { STRONG };
        let set = rules(&format!("{overlay}[levers]\n{} = 1\n", lever.id()));
        let base = rules(overlay);
        let moved = [LeverChange { day: 0, lever: *lever, value: R64::new(1.0) }];
        for seed in 0..4 {
            let (a, b) = (told(&set, fate(seed), 150, &[]), told(&base, fate(seed), 150, &moved));
            assert_eq!(a.end.columns, b.end.columns, "{}", lever.id());
            assert_eq!(a.outcome, b.outcome);
            // The first day has one event more: that of the move.
            let later = |run: &Told| run.told.iter().filter(|(id, ..)| id.day > 0).cloned().collect::<Vec<_>>();
            let (ours, theirs) = (later(&a), later(&b));
            assert_eq!(ours.len(), theirs.len());
            for ((id, event, x), (other, _, y)) in ours.iter().zip(&theirs) {
                assert_eq!(id, other);
                let at = format!("{} seed {seed} {id}: {}", lever.id(), x.sentence);
                assert_eq!(
                    (&x.sentence, &x.decided, x.chance, x.draw),
                    (&y.sentence, &y.decided, y.chance, y.draw),
                    "{at}"
                );
                let (xs, ys) = (a.causes(x, *lever), b.causes(y, *lever));
                if ys.len() == y.causes.len() {
                    assert_eq!(xs, ys, "{at}");
                } else {
                    // The move itself is named among them, and may have taken the last place.
                    assert!(ys.iter().all(|cause| xs.contains(cause)), "{at}: {ys:?} are not of {xs:?}");
                }
                compared += 1;
                let fell = |e: &Event| matches!(e, Event::Collapsed { table, .. } if Some(usize::from(*table)) != set.collective);
                after_fall += usize::from(
                    *lever == Lever::DealInterdependence
                        && matches!(event.kind(), EventKind::Fire | EventKind::Signed | EventKind::Collapsed)
                        && a.events.iter().any(|(at, e)| at.day < id.day && fell(e)),
                );
            }
        }
    }
    println!("{compared} explanations, {after_fall} of them after a part of a deal has fallen");
    assert!(compared > 3_000 && after_fall > 100, "{compared}, {after_fall}");
}

/// Moves of any levers on any days.
fn at_random(seed: u64) -> Vec<LeverChange> {
    let key = Key::new(seed, 0).of("moves of a test").timeless();
    let mut log: Vec<LeverChange> = Vec::new();
    for k in 0..24 {
        let draw = |what: u32| key.uniform(4 * k + what);
        // Every other move is of a lever that switches a mechanism on.
        let lever = if k % 2 == 0 {
            SCALED[(draw(0) * SCALED.len() as f64) as usize].0
        } else {
            Lever::ALL[(draw(0) * Lever::ALL.len() as f64) as usize]
        };
        let day = (draw(1) * 150.0) as i32;
        let value = match lever.row().kind {
            Kind::Date => (draw(2) * 150.0).floor(),
            Kind::Choice(options) => (draw(2) * options.len() as f64).floor(),
            Kind::Number => lever.row().low + draw(2) * (lever.row().high - lever.row().low),
        };
        if log.iter().all(|other| (other.lever, other.day) != (lever, day)) {
            log.push(LeverChange { day, lever, value: R64::new(value) });
        }
    }
    log.sort_by_key(|change| change.day);
    log
}

/// Whatever was moved: an explanation gives the chance that the day had, a cause changes it, and what is said to be in force is.
#[test]
fn whatever_was_moved_an_explanation_has_what_its_day_used() {
    let rules = [rules(FRAYING), rules(STRONG)];
    let (mut chances, mut causes, mut agreements, mut moves) = (0, 0, 0, 0);
    for seed in 0..16 {
        let rules = &rules[seed as usize % 2];
        let log = at_random(seed);
        let run = told(rules, fate(seed), 160, &log);
        assert_eq!(outcome_of(rules, &run.end), run.outcome, "seed {seed}");
        for (id, event, told) in &run.told {
            let at = format!("seed {seed} {id}: {told}");
            let morning = &run.mornings[id.day as usize];
            let asked = subject(rules, event);
            let had = run.decisions[id.day as usize].iter().find(|d| Some(d.subject) == asked);
            if let (Some(had), Some(said)) = (had, told.chance) {
                assert_eq!(had.chance.to_bits(), said.to_bits(), "{at}");
                chances += 1;
            }
            for cause in &told.causes {
                causes += 1;
                assert!(
                    match (told.chance, cause.chance_without) {
                        (Some(with), Some(without)) => !alike(with, without),
                        _ => cause.averts,
                    },
                    "{at}"
                );
                match cause.event.map(|earlier| (earlier, *run.event(earlier))) {
                    Some((earlier, Event::Signed { table, .. })) if cause.contribution == "It is in force." => {
                        agreements += 1;
                        let stands = morning.columns.agreements[usize::from(table)].status == Status::InForce;
                        assert!(stands || earlier.day == id.day, "{at}");
                    }
                    Some((_, Event::LeverMoved(_))) => moves += 1,
                    _ => {}
                }
            }
        }
    }
    println!("{chances} chances, {causes} causes, {agreements} agreements in force, {moves} moves");
    assert!(
        chances > 500 && causes > 1_500 && agreements > 50 && moves > 100,
        "{chances}, {causes}, {agreements}, {moves}"
    );
}

/// How a run ends is read with what its last day has in force: a truce that fell from a deal for all is none, though the lever that
/// let it fall was moved after the start.
#[test]
fn an_end_is_read_with_what_is_in_force_at_the_end() {
    let base = rules(FRAYING);
    let moved = [LeverChange { day: 5, lever: Lever::DealInterdependence, value: R64::new(1.0) }];
    let mut other = 0;
    for seed in 0..40 {
        let mut sim: Simulation = Simulation::new(&base, fate(seed), moved.to_vec());
        for _ in 0..110 {
            sim.step();
            let now = sim.snapshot();
            assert_eq!(outcome_of(&base, &now), outcome_of(sim.rules(), &now), "seed {seed}");
            let holds = |rules: &Rules| {
                (0..rules.tables.len())
                    .map(|t| rules.holder(t, &now.levers, &now.columns.agreements))
                    .collect::<Vec<_>>()
            };
            other += usize::from(holds(&base) != holds(sim.rules()));
        }
    }
    assert!(other > 100, "{other} evenings on which the rules of the first day say otherwise");
}
