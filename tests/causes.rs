//! Causes are real: where an explanation says that a cause moved a chance, replaying the day without that cause moves it
//! by just that much.

use detente::record::explain::{chance_in, explain, take_away};
use detente::record::probe::{Attentive, Source, Subject};
use detente::record::recorder::{EventId, record};
use detente::sim::rules::Rules;
use detente::sim::world::{Fate, Simulation, Snapshot};
use detente::symbols::levers::{Lever, LeverChange};
use noisy_float::prelude::R64;
use std::collections::BTreeMap;

fn rules(overlay: &str) -> Rules {
    let text = format!("format = 1\nextends = \"november-2024\"\n{overlay}");
    Rules::new(&detente::scenario::load_text("test.toml", &text).unwrap_or_else(|e| panic!("{e}")))
}

/// The share of a ledger that must go for the harm at the decision to stand at `neutral`: the morning's ledger fades by one
/// day before the decision.
fn ledger_amount(rules: &Rules, morning: &Snapshot, ledger: u16, neutral: f64) -> f64 {
    let l = usize::from(ledger);
    morning.columns.ledgers[l].blows - neutral / rules.ledgers[l].daily_retention
}

/// Every term of every decision whose source is a state of its own is taken out of that state, and the day replayed: the
/// chance must come out as the term says.
#[test]
fn taking_a_cause_away_changes_the_chance_as_the_explanation_says() {
    // Many answers, truces and collapses in few years: more blows, quick tables, short truces.
    let rules = rules(
        "[initiatives.\"ISR>IRN\"]\nblow_rate = { value = 0.06, high = 0.1 }\n[tables.GAZ]\neta = 0.9\nh0 = { value = 0.1, high = 0.2 }\n[tables.LEB]\neta = 0.9\nh0 = { value = 0.1, high = 0.2 }\n\
         [tables.EXC]\neta = 0.9\nh0 = { value = 0.1, high = 0.2 }\n[levers]\niran.suspend_muscat = \"off\"\n[parameters]\nspoiler_rate = 0.1\n",
    );
    let mut checked: BTreeMap<&'static str, u32> = BTreeMap::new();
    for seed in 0..4 {
        let fate = Fate { seed, future: 0, prior: false };
        let mut simulation: Simulation<Attentive> = Simulation::new(&rules, fate, Vec::new());
        for _ in 0..240 {
            let morning = simulation.snapshot();
            simulation.probe_mut().0.clear();
            simulation.step();
            let decisions = std::mem::take(&mut simulation.probe_mut().0);
            // A signing or collapse of today reaches later phases of today: such a day cannot be replayed from its morning.
            if simulation.agreements() != morning.columns.agreements {
                continue;
            }
            for decision in decisions {
                for term in &decision.terms {
                    let (kind, amount) = match (term.source, decision.subject) {
                        (Source::Ledger(l), Subject::Answer(_)) => {
                            ("ledger", ledger_amount(&rules, &morning, l, term.neutral))
                        }
                        (Source::Agreement(t), Subject::Blow(_) | Subject::Answer(_) | Subject::Collapse(_)) => {
                            // With two links in force the term speaks of both together.
                            if decision.terms.iter().any(|o| o.source != term.source && o.name == term.name) {
                                continue;
                            }
                            let _ = t;
                            ("agreement", 0.0)
                        }
                        (Source::Spoiler(_), _) => ("spoiler", 0.0),
                        (Source::Collapse(_), _) => ("collapse", 0.0),
                        (Source::Trigger(_), Subject::StepUp(_)) => ("trigger", 0.0),
                        (Source::War(_), Subject::Answer(_)) => ("war", 0.0),
                        (Source::Resolve(_), Subject::Blow(_)) => ("resolve", 0.0),
                        (Source::Lever(Lever::IranResponseScale | Lever::IsraelResponseScale), _) => ("readiness", 0.0),
                        _ => continue,
                    };
                    // A spoiler or blow of today is not in the morning's state.
                    if kind == "spoiler" && (term.value - term.neutral).abs() < 0.5 {
                        continue;
                    }
                    if checked.get(kind).copied().unwrap_or(0) > 60 {
                        continue;
                    }
                    let mut edited = morning.clone();
                    if !take_away(&mut edited, &rules, term.source, amount) {
                        continue;
                    }
                    // War mode is entered again on the spot while the ledger stays above its threshold.
                    if kind == "war" && morning.columns.ledgers.iter().any(|l| l.blows > rules.p.theta_war) {
                        continue;
                    }
                    // Without war mode a holder that owes nothing does not decide at all.
                    let replayed = chance_in(&rules, fate, &[], &edited, decision.subject);
                    if kind == "war" && replayed == 0.0 {
                        continue;
                    }
                    assert!(
                        (replayed - term.without).abs() < 1e-9 * term.without.abs().max(1e-6),
                        "seed {seed}, day {}, {:?}: `{}` says {} without it, the replay says {replayed}",
                        morning.clock.day,
                        decision.subject,
                        term.name,
                        term.without
                    );
                    *checked.entry(kind).or_default() += 1;
                }
            }
        }
    }
    for kind in ["ledger", "agreement", "spoiler", "collapse", "trigger", "war", "resolve", "readiness"] {
        assert!(checked.get(kind).copied().unwrap_or(0) >= 3, "too few {kind} causes met: {checked:?}");
    }
}

/// The causes that a user reads are themselves replays: an event that wrote harm is named, and without it the chance falls.
#[test]
fn an_answer_names_the_strikes_behind_it() {
    let rules = rules("");
    let (mut answers, mut with_event) = (0, 0);
    for seed in 0..12 {
        let fate = Fate { seed, future: 0, prior: false };
        let run = record(&rules, fate, &[], 365, |_| true).expect("nobody stops it");
        let salvo = run.events.iter().find(|(_, e)| e.kind() == detente::record::event::EventKind::Salvo);
        let Some((id, _)) = salvo else { continue };
        let told = explain(&rules, fate, &[], *id).unwrap();
        answers += 1;
        let (chance, draw) = (told.chance.unwrap(), told.draw.unwrap());
        assert!(draw < chance, "it happened because its draw fell below its chance");
        for cause in told.causes.iter().filter(|cause| cause.contribution.contains("into the ledger")) {
            with_event += 1;
            let earlier = cause.event.unwrap();
            assert!(earlier < *id);
            assert!(run.events.iter().any(|(other, _)| *other == earlier));
            let without = cause.chance_without.unwrap();
            assert!(without <= chance, "{cause:?}");
        }
    }
    assert!(answers >= 5 && with_event >= 5, "{answers} answers, {with_event} named strikes");
}

/// A lever that a user moved is named, and the chance without it is that at its default.
#[test]
fn a_moved_lever_is_a_cause() {
    let rules = rules("[tables.LEB]\neta = 0.9\nh0 = { value = 0.2, high = 0.2 }\n");
    let moved = LeverChange { day: 3, lever: Lever::UnifilTroops, value: R64::new(0.0) };
    let mut found = 0;
    for seed in 0..20 {
        let fate = Fate { seed, future: 0, prior: false };
        let run = record(&rules, fate, &[moved], 200, |_| true).expect("nobody stops it");
        let collapse = run.events.iter().find(|(_, e)| e.kind() == detente::record::event::EventKind::Collapsed);
        let Some((id, _)) = collapse else { continue };
        let told = explain(&rules, fate, &[moved], *id).unwrap();
        let Some(cause) = told.causes.iter().find(|c| c.sentence.contains("unifil.troops")) else { continue };
        found += 1;
        assert_eq!(cause.event, Some(EventId { day: 3, place: 1 }));
        assert!(cause.chance_without.unwrap() < told.chance.unwrap(), "10,000 peacekeepers would have made it rarer");
    }
    assert!(found >= 5, "{found}");
}

#[test]
fn an_event_that_does_not_exist_is_refused_in_words() {
    let rules = rules("");
    let fate = Fate { seed: 1, future: 0, prior: false };
    let error = explain(&rules, fate, &[], EventId { day: 3, place: 99 }).unwrap_err();
    assert!(error.contains("day 3 has") && error.contains("no 3.99"), "{error}");
}
