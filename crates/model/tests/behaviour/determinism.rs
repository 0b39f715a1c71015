//! One scenario, one seed, one lever log: one history, however it is run.

use crate::common::*;
use bevy_ecs::component::Component;
use bevy_ecs::entity::Entity;
use bevy_ecs::query::With;
use detente_model::sim::columns::Columns;
use detente_model::sim::event::{Event, EventKind};
use detente_model::sim::probe::{Attentive, Silent};
use detente_model::sim::rules::Rules;
use detente_model::sim::state::{Arsenal, Channel, Fire, Front, Institution, Ix, Label, Ledger, Standing, Threat};
use detente_model::sim::world::{Fate, Simulation, Snapshot};
use detente_model::symbols::levers::{Lever, LeverChange};

/// The scenarios on which resumption is tried: the default one, and the back-test, which moves levers of its own.
fn scenarios() -> [Rules; 2] {
    ["november-2024", "october-2023"].map(|name| Rules::new(&detente_model::scenario::load(name).unwrap()))
}

fn run_to(rules: &Rules, fate: Fate, log: &[LeverChange], days: u32) -> (Snapshot, Vec<Vec<Event>>) {
    let mut sim: Simulation<Silent> = Simulation::new(rules, fate, log.to_vec());
    let events = (0..days)
        .map(|_| {
            sim.step();
            sim.events().to_vec()
        })
        .collect();
    (sim.snapshot(), events)
}

#[test]
fn two_runs_are_the_same() {
    for rules in scenarios() {
        for fate in [fate(0), fate(9), prior_fate(3)] {
            let log = Choices::new(fate.future).lever_log(6);
            let (mut a, mut b) = (world(&rules), world(&rules));
            a.begin(fate, log.clone());
            b.begin(fate, log);
            assert_same_course(&mut a, &mut b, 404, "the same run twice");
        }
    }
}

#[test]
fn another_seed_or_future_is_another_history() {
    let rules = rules("");
    let base = run_to(&rules, fate(0), &[], 60);
    for other in [fate(1), Fate { seed: 2418, ..fate(0) }, prior_fate(0)] {
        assert_ne!(run_to(&rules, other, &[], 60).0.columns, base.0.columns);
    }
}

#[test]
fn threads_do_not_matter() {
    let rules = rules("");
    let alone: Vec<Snapshot> = (0..8).map(|f| run_to(&rules, prior_fate(f), &[], YEAR).0).collect();
    // The same futures at the same time on two threads, each of which reuses one world for all of its futures.
    let together = ensemble(
        8,
        || world(&rules),
        |sim, future| {
            sim.begin(prior_fate(future), Vec::new());
            sim.run(YEAR);
            sim.snapshot()
        },
    );
    for (a, b) in alone.iter().zip(&together) {
        assert_same(a, b, "alone and among others");
    }
}

/// Goes to the end without a stop, then again from snapshots on `days` restored into a world that has run something else.
fn resumes(rules: &Rules, fate: Fate, log: &[LeverChange], days: &[u32], total: u32) {
    let mut straight = world(rules);
    straight.begin(fate, log.to_vec());
    let mut taken = Vec::new();
    let mut events = Vec::new();
    for day in 0..total {
        if days.contains(&day) {
            taken.push(straight.snapshot());
        }
        straight.step();
        events.push(straight.events().to_vec());
    }
    let end = straight.snapshot();
    let mut other = world(rules);
    for snapshot in &taken {
        other.begin(Fate { prior: !fate.prior, future: fate.future + 100, ..fate }, Choices::new(1).lever_log(4));
        other.run(40);
        other.restore(snapshot, fate, log.to_vec());
        assert_same(&other.snapshot(), snapshot, "a snapshot of what was restored");
        for expected in &events[snapshot.clock.day as usize..] {
            other.step();
            assert_eq!(other.events(), expected, "events of day {} after a resumption", other.day() - 1);
        }
        assert_same(&other.snapshot(), &end, "resumed against straight through");
    }
}

#[test]
fn resuming_on_any_day_equals_going_straight_through() {
    for (n, rules) in (0_u64..).zip(scenarios()) {
        for (k, fate) in [fate(4), fate(5), prior_fate(6), prior_fate(7)].into_iter().enumerate() {
            let mut choices = Choices::new(10 * n + k as u64);
            let mut days: Vec<u32> = (0..5).map(|_| choices.below(400) as u32).collect();
            days.extend([0, 1]);
            resumes(&rules, fate, &choices.lever_log(8), &days, 404);
        }
    }
}

#[test]
fn resuming_among_strikes_and_in_war_equals_going_straight_through() {
    let rules = rules("");
    let (mut strikes, mut wars) = (0, 0);
    for future in 0..12 {
        let (_, events) = run_to(&rules, fate(future), &[], YEAR);
        let kinds = |day: &usize| events[*day].iter().map(Event::kind).collect::<Vec<_>>();
        let strategic = |k: &EventKind| {
            matches!(k, EventKind::Blow | EventKind::Preventive | EventKind::AirStrike | EventKind::Salvo)
        };
        let struck: Vec<usize> = (0..365).filter(|day| kinds(day).iter().any(strategic)).collect();
        let began: Vec<usize> = (0..365).filter(|day| kinds(day).contains(&EventKind::WarBegan)).collect();
        // The morning of the day, the evening of the day, and the evening of the next.
        let days = struck.iter().take(2).chain(began.first());
        let days: Vec<u32> = days.flat_map(|&day| [day as u32, day as u32 + 1, day as u32 + 2]).collect();
        strikes += struck.len();
        wars += began.len();
        resumes(&rules, fate(future), &[], &days, YEAR);
    }
    assert!(strikes > 10 && wars > 0, "{strikes} days of strikes, {wars} wars: nothing was tried");
}

/// Today's world, many tomorrows: a fork into a used world is what the same fork into a fresh one is.
#[test]
fn a_fork_does_not_remember_the_world_it_enters() {
    let rules = rules("");
    let (today, _) = run_to(&rules, fate(2), &[], 120);
    let mut used = world(&rules);
    for future in [fate(50), prior_fate(51), fate(52)] {
        let mut fresh = world(&rules);
        fresh.restore(&today, future, Vec::new());
        used.restore(&today, future, Vec::new());
        assert_same_course(&mut fresh, &mut used, 200, "a fork");
    }
    // And the forks differ from each other.
    let ends: Vec<Snapshot> = (50..53)
        .map(|future| {
            used.restore(&today, fate(future), Vec::new());
            used.run(30);
            used.snapshot()
        })
        .collect();
    assert!(ends[0] != ends[1] && ends[1] != ends[2]);
}

#[test]
fn a_change_to_the_value_in_force_changes_nothing() {
    let rules = rules("");
    for fate in [fate(0), prior_fate(1)] {
        let (mut base, mut logged, mut live) = (world(&rules), world(&rules), world(&rules));
        // Whoever sets sanctions pressure before the change of administration holds it against the new course: a change of
        // its own. After that day the value in force is that of the course.
        base.begin(fate, Vec::new());
        base.run(100);
        let pressure = base.given().levers[Lever::SanctionsPressure];
        let levers = Lever::ALL.iter().copied().enumerate();
        let log: Vec<LeverChange> = levers
            .map(|(i, lever)| match lever {
                Lever::SanctionsPressure => change(100, lever, pressure),
                _ => change(3 * i as i32, lever, rules.frame.levers[lever]),
            })
            .collect();
        base.begin(fate, Vec::new());
        logged.begin(fate, log.clone());
        live.begin(fate, Vec::new());
        for day in 0..200 {
            for &change in log.iter().filter(|change| change.day == day) {
                live.change_lever(change);
            }
            base.step();
            logged.step();
            live.step();
            assert_eq!(base.events(), logged.events());
            assert_eq!(base.events(), live.events());
        }
        assert_same(&base.snapshot(), &logged.snapshot(), "null changes in the log");
        assert_same(&base.snapshot(), &live.snapshot(), "null changes made live");
    }
}

/// A log from the start, changes made while the world runs, and a resumption with the log: one history. The back-test
/// moves two of its levers itself; a user who moved one first keeps it.
#[test]
fn levers_moved_live_are_levers_in_the_log() {
    for rules in scenarios() {
        for seed in 0..4 {
            let mut choices = Choices::new(seed);
            let mut log = choices.lever_log(10);
            log.push(change(50, Lever::IranDirectiveIri, 0.2));
            log.push(change(200, Lever::IranSuspendMuscat, 0.0));
            log.sort_by_key(|change| change.day);
            let (mut logged, mut live) = (world(&rules), world(&rules));
            logged.begin(fate(seed), log.clone());
            live.begin(fate(seed), Vec::new());
            for day in 0..404 {
                for &change in log.iter().filter(|change| change.day == day) {
                    live.change_lever(change);
                }
                logged.step();
                live.step();
                assert_eq!(logged.events(), live.events(), "day {day}");
            }
            assert_same(&logged.snapshot(), &live.snapshot(), "logged and live");
        }
    }
}

#[derive(Component)]
struct Marker;

/// Mechanisms see components in the order of ids, not in that of Bevy's tables.
#[test]
fn foreign_components_and_entities_change_nothing() {
    let rules = rules("");
    for fate in [fate(0), prior_fate(1)] {
        let (mut plain, mut marked) = (world(&rules), world(&rules));
        plain.begin(fate, Vec::new());
        marked.begin(fate, Vec::new());
        let all: Vec<Entity> = marked.world.query_filtered::<Entity, With<Ix>>().iter(&marked.world).collect();
        // Every third entity of every kind moves to another table, so no kind lives in one.
        for (_, entity) in all.into_iter().enumerate().filter(|(i, _)| i % 3 == 1) {
            marked.world.entity_mut(entity).insert(Marker);
        }
        for i in 0..40 {
            marked.world.spawn(Marker);
            marked.world.spawn((Ix(i), Label("an inspector's".to_owned()), Marker));
            marked.world.spawn((Ix(i), Institution));
        }
        assert_same_course(&mut plain, &mut marked, 120, "marked from the start");
        // Marks that come and go while the world runs, kind by kind.
        macro_rules! mark {
            ($($kind:ty),*) => { $(
                let entities: Vec<Entity> =
                    marked.world.query_filtered::<Entity, With<$kind>>().iter(&marked.world).collect();
                for (i, entity) in entities.into_iter().enumerate() {
                    if i % 2 == 0 {
                        marked.world.entity_mut(entity).insert(Marker);
                    } else {
                        marked.world.entity_mut(entity).remove::<Marker>();
                    }
                }
            )* };
        }
        mark!(Standing, Arsenal, Fire, Front, Ledger, Threat, Channel);
        assert_same_course(&mut plain, &mut marked, 120, "marked on the way");
        // A snapshot of a marked world is one of a plain world, and restores into both.
        let snapshot = marked.snapshot();
        plain.restore(&snapshot, fate, Vec::new());
        marked.restore(&snapshot, fate, Vec::new());
        assert_same_course(&mut plain, &mut marked, 120, "after a restore");
    }
}

/// Who listens also sees every decision weighed in full, where silence rules out rare events by bounds of their hazards:
/// so this also tests that no bound is too low, over parameters from all of their ranges and levers at their ends.
#[test]
fn a_listener_changes_nothing() {
    for (n, rules) in (0_u64..).zip(scenarios()) {
        let futures = 40;
        let decided = ensemble(
            futures,
            || (world(&rules), Simulation::<Attentive>::new(&rules, fate(0), Vec::new())),
            |(silent, attentive), future| {
                let log = if future % 2 == 0 { Vec::new() } else { Choices::new(future + 1000 * n).lever_log(12) };
                let fate = if future % 4 == 0 { fate(future) } else { prior_fate(future) };
                silent.begin(fate, log.clone());
                attentive.begin(fate, log);
                attentive.probe_mut().0.clear();
                let mut decided = 0;
                for _ in 0..YEAR {
                    assert_same_course(silent, attentive, 1, "with and without a listener");
                    decided += attentive.probe_mut().0.len();
                    attentive.probe_mut().0.clear();
                }
                decided
            },
        );
        assert!(decided.iter().all(|&n| n > 365 * 20), "the listener heard too little: {decided:?}");
    }
}

/// Ids enter the draws, positions do not: whoever joins leaves everybody's luck as it was.
#[test]
fn actors_who_touch_nothing_leave_all_else_as_it_was() {
    let base = rules("");
    // Ids that sort before, between and after the others; with a war of their own, so that strikes share days.
    let mut overlay = String::from(
        "[actors]\nAAA = { name = \"One\", capability = 0.9, resolve = 0.8, site = \"a_city\" }\n\
         JJJ = { name = \"Two\", capability = 0.9, resolve = 0.8, site = \"j_city\" }\n\
         ZZZ = { name = \"Three\" }\n\
         [sites]\na_city = { name = \"A\", kind = \"city\", owner = \"AAA\", lon = 45, lat = 30 }\n\
         j_city = { name = \"J\", kind = \"base\", owner = \"JJJ\", lon = 46, lat = 30 }\n\
         [fronts.HIL]\nname = \"Hills\"\nparties = [\"AAA\", \"JJJ\"]\nlevel = 4\nreference_level = 2\n\
         [territories]\nAAA = { name = \"A\", front = \"HIL\", actor = \"AAA\", exposed = 1000, displaced = 0, return_rate = 0.1 }\n\
         JJJ = { name = \"J\", front = \"HIL\", actor = \"JJJ\", exposed = 1000, displaced = 0, return_rate = 0.1 }\n",
    );
    for (a, b) in [("AAA", "JJJ"), ("JJJ", "AAA")] {
        overlay += &format!(
            "[streams.\"{a}>{b}\"]\nunit = \"events\"\nfront = \"HIL\"\nterritory = \"{b}\"\nmu = 2\nsize = 2\nmemory = 0.8\n\
             growth = 1.4\noffspring = {{ \"{a}>{b}\" = 0.3, \"{b}>{a}\" = 0.3 }}\ndeaths_per_event = 0.5\n\
             ledger_harm_per_event = 0.1\n\
             [ledgers.\"{a}|{b}\"]\nfront = \"HIL\"\nblows = 3\ntheta = 0.5\nhalf_life_days = 90\nh_max = 0.5\na0 = 0.5\n\
             a1 = 1\nkappa = 1\nclosure = 0.5\nwar_answer = 0.8\nmeans = \"air_strike\"\nshares = {{ {a} = 1 }}\n\
             [initiatives.\"{a}>{b}\"]\nblow_rate = 0.1\nvictims = {{ {b} = 1 }}\n"
        );
    }
    let more = rules(&overlay);
    let names = series_names(&base);
    let kept: Vec<usize> = {
        let all = series_names(&more);
        names.iter().map(|name| all.iter().position(|other| other == name).unwrap()).collect()
    };
    let newcomers = ["AAA", "JJJ", "ZZZ", "HIL"];
    let struck = ensemble(
        6,
        || (world(&base), world(&more)),
        |(a, b), future| {
            let fate = if future % 2 == 0 { fate(future) } else { prior_fate(future) };
            a.begin(fate, Vec::new());
            b.begin(fate, Vec::new());
            let (mut c, mut d) = (Columns::default(), Columns::default());
            let (mut before, mut after) = (Vec::new(), Vec::new());
            let mut struck = 0;
            for day in 0..YEAR {
                a.step();
                b.step();
                a.read_columns(&mut c);
                b.read_columns(&mut d);
                series_values(&base, &c, &mut before);
                series_values(&more, &d, &mut after);
                for (i, &at) in kept.iter().enumerate() {
                    assert_eq!(before[i], after[at], "{} on day {day} of future {future}", names[i]);
                }
                let ours = |sim: &Simulation<Silent>, rules: &Rules| -> Vec<String> {
                    let events = sim.events().iter().map(|event| by_ids(rules, event));
                    events.filter(|text| !newcomers.iter().any(|id| text.contains(id))).collect()
                };
                assert_eq!(ours(a, &base), ours(b, &more), "day {day} of future {future}");
                let strikes =
                    |sim: &Simulation<Silent>| sim.events().iter().filter(|e| matches!(e, Event::Struck(_))).count();
                struck += usize::from(strikes(a) > 0 && strikes(b) > strikes(a));
            }
            struck
        },
    );
    assert!(struck.iter().sum::<usize>() > 3, "strikes of newcomers and others never shared a day: {struck:?}");
}
