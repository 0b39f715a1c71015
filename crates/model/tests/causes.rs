//! Causes are real: where an explanation says that a cause moved a chance, replaying the day without that cause moves it
//! by just that much. `because.rs` holds what is said of causes over everything that some runs decided.

use detente_model::record::explain::{chance_in, explain};
use detente_model::record::recorder::{EventId, record};
use detente_model::sim::event::{Event, EventKind, NuclearStep, PathStep, RoadmapStep};
use detente_model::sim::probe::{Attentive, Source, Subject};
use detente_model::sim::rules::Rules;
use detente_model::sim::state::{NEVER, Status};
use detente_model::sim::world::{Fate, Simulation, Snapshot};
use detente_model::symbols::levers::{Lever, LeverChange};
use noisy_float::prelude::R64;
use std::collections::BTreeMap;

fn rules(overlay: &str) -> Rules {
    let text = format!("format = 1\nextends = \"november-2024\"\n{overlay}");
    Rules::new(&detente_model::scenario::load_text("test.toml", &text).unwrap_or_else(|e| panic!("{e}")))
}

/// The share of a ledger that must go for the harm at the decision to stand at `neutral`: the morning's ledger fades by one
/// day before the decision.
fn ledger_amount(rules: &Rules, morning: &Snapshot, ledger: u16, neutral: f64) -> f64 {
    let l = usize::from(ledger);
    morning.columns.ledgers[l].blows - neutral / rules.ledgers[l].daily_retention
}

/// Puts a term at its neutral value in a morning's state, by hand; `amount` is what goes of a ledger. `false` where there is
/// nothing to put there.
fn neutralise(morning: &mut Snapshot, rules: &Rules, source: Source, amount: f64) -> bool {
    let c = &mut morning.columns;
    match source {
        Source::Ledger(l) => {
            let ledger = &mut c.ledgers[usize::from(l)];
            ledger.blows = (ledger.blows - amount).max(0.0);
        }
        Source::Agreement(t) => {
            let agreement = &mut c.agreements[usize::from(t)];
            if agreement.status != Status::InForce {
                return false;
            }
            (agreement.status, agreement.since) = (Status::Collapsed, morning.clock.day);
            if let Some(front) = rules.tables[usize::from(t)].quiets {
                c.fronts[front].level = c.fronts[front].war_level;
            }
        }
        Source::Collapse(t) => c.agreements[usize::from(t)].last_collapse = NEVER,
        Source::Spoiler(t) => c.agreements[usize::from(t)].last_spoiler = NEVER,
        Source::Trigger(f) => c.fronts[usize::from(f)].last_blow = NEVER,
        Source::War(pair) => c.pairs[usize::from(pair)].war = false,
        Source::Lever(lever) => morning.levers.set(lever, lever.row().default),
        Source::Resolve(a) => c.standings[usize::from(a)].resolve = rules.p.rho_reference,
        _ => return false,
    }
    true
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
                    if !neutralise(&mut edited, &rules, term.source, amount) {
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
        let salvo = run.events.iter().find(|(_, e)| e.kind() == detente_model::sim::event::EventKind::Salvo);
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
        let collapse = run.events.iter().find(|(_, e)| e.kind() == detente_model::sim::event::EventKind::Collapsed);
        let Some((id, _)) = collapse else { continue };
        let told = explain(&rules, fate, &[moved], *id).unwrap();
        let Some(cause) = told.causes.iter().find(|c| c.sentence.contains(Lever::UnifilTroops.row().name)) else {
            continue;
        };
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
    assert!(error.contains("day 3 has") && error.contains("no d3e99"), "{error}");
}

/// Everything of the wider region made frequent, so that a few runs show every kind of its events.
const LOUD: &str = "[parameters]\nus_join = 0.8\nlambda_base = 8\ncorridor_loss = 0.003\nassembly_rate = 0.03\n\
     draft_rate = 0.03\nweapon_rate = 0.001\npath_withdrawal_days = 30\npath_withdrawal = 0.03\npath_unified = 0.02\n\
     path_rebuilt = 0.02\nroadmap_suspension = 0.06\nroadmap_resumption = 0.06\nroadmap_phase_days = 15\nroadmap_talks = 0.03\n\
     roadmap_constitution = 0.02\nunrest_threshold = 0.05\nunrest_hardship = 1\n\
     [programmes.IRN]\nlatent = { value = 0.3, high = 0.3 }\n\
     [initiatives.\"ISR>IRN\"]\npreventive_rate = { value = 0.01, high = 0.02 }\n\
     [tables.GAZ]\neta = 0.9\nh0 = 0.008\n[tables.YEM]\neta = 0.9\nh0 = 0.001\n[levers]\nus.base_sorties = 1\n\
     us.roadmap_acquiescence = 0.8\nsaudi.sign_roadmap = 2024-11-10\nus.coalition_exit_date = 2025-12-31\n\
     un.suspension_drive = \"credentials\"\niran.un_cost_drive = 1\ngaza.aid_access = 400\npalestine.election_date = 2025-03-01\n\
     palestine.unified_administration = 1\npalestine.reconstruction_funds = 1\n";
/// A nuclear agreement, under which enrichment slows down.
const AGREED: &str = "[levers]\niran.suspend_muscat = \"off\"\ndeal.guarantee = 1\nus.sanctions_relief = 1\n[tables.NUC]\neta = 0.9\n\
     parties.USA.benefit = 0.6\nparties.IRN.benefit = 0.6\n[parameters]\nus_join = 0.8\n[initiatives.\"ISR>IRN\"]\n\
     preventive_rate = { value = 0.01, high = 0.02 }\n";

/// What kind of event of the wider region it is, and what must be known of it: whether a draw decided it, and whether an
/// earlier event caused it.
fn of_the_region(rules: &Rules, event: &Event) -> Option<(String, bool, bool)> {
    let step = |kind: &str, step: String| format!("{kind} {}", step.split('(').next().unwrap_or_default());
    Some(match event {
        Event::Struck(s) => match event.kind() {
            EventKind::BaseSalvo => ("base_salvo".to_owned(), true, true),
            EventKind::Preventive if rules.initiatives[usize::from(s.initiative)].actor != usize::from(s.actor) => {
                ("joined".to_owned(), true, true)
            }
            _ => return None,
        },
        // The debt of the start is no event.
        Event::HostsWarned { .. } => ("hosts_warned".to_owned(), false, false),
        // A hazard without terms: nothing in the model moves it.
        Event::CorridorLost { .. } => ("corridor_lost".to_owned(), true, false),
        Event::Roadmap { step: s, .. } => {
            let drawn = !matches!(s, RoadmapStep::Begun | RoadmapStep::Phase(_));
            (step("roadmap", format!("{s:?}")), drawn, true)
        }
        // Dates decide these; only a lever that somebody moved is an event.
        Event::Iraq { step: s, .. } => (step("iraq", format!("{s:?}")), false, false),
        Event::Nuclear { step: s, .. } => {
            let caused = matches!(s, NuclearStep::PaceUp | NuclearStep::PaceDown | NuclearStep::Device);
            (step("nuclear", format!("{s:?}")), !matches!(s, NuclearStep::Device), caused)
        }
        // Before the first text of the Assembly and the change of administration no event stands behind a vote.
        Event::CouncilVote { us, .. } => (format!("council_vote {us:?}"), true, false),
        Event::AssemblyVote { .. } => ("assembly_vote".to_owned(), false, false),
        Event::Path { step: s, .. } => {
            let drawn = !matches!(s, PathStep::Undone);
            let caused = !matches!(s, PathStep::Elected | PathStep::NotElected);
            (step("gaza_path", format!("{s:?}")), drawn, caused)
        }
        Event::Unrest { .. } => ("unrest".to_owned(), false, false),
        _ => return None,
    })
}

/// Every kind of event of the wider region is explained: by the chance of the decision behind it, by terms that tell, and by
/// the earlier events that brought it about. Run it with `--nocapture` to read the sentences.
#[test]
fn every_kind_of_event_of_the_wider_region_is_explained() {
    let wanted = [
        "base_salvo",
        "joined",
        "hosts_warned",
        "corridor_lost",
        "roadmap Begun",
        "roadmap Phase",
        "roadmap Suspended",
        "roadmap Resumed",
        "roadmap Talks",
        "roadmap Constitution",
        "iraq DrawDown",
        "iraq Left",
        "iraq Stays",
        "iraq MissionEnded",
        "nuclear PaceUp",
        "nuclear PaceDown",
        "nuclear Censured",
        "nuclear Decided",
        "nuclear Detected",
        "nuclear Device",
        "council_vote Against",
        "council_vote Abstain",
        "council_vote Yes",
        "assembly_vote",
        "gaza_path Withdrawn",
        "gaza_path Unified",
        "gaza_path Elected",
        "gaza_path NotElected",
        "gaza_path Rebuilt",
        "gaza_path Undone",
        "unrest",
    ];
    // Kind: how many explained, how many with an earlier event as a cause.
    let mut met: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for (overlay, seeds, days) in [(LOUD, 0..8, 560), (AGREED, 0..3, 300)] {
        let rules = rules(overlay);
        for seed in seeds {
            let fate = Fate { seed, future: 0, prior: false };
            // Sanctions pressure is moved by hand, so that what rests on it has an event behind it.
            let log = [LeverChange { day: 5, lever: Lever::SanctionsPressure, value: R64::new(1.0) }];
            let run = record(&rules, fate, &log, days, |_| true).expect("nobody stops it");
            for (id, event) in &run.events {
                let Some((kind, drawn, caused)) = of_the_region(&rules, event) else { continue };
                let counts = met.entry(kind.clone()).or_default();
                if counts.0 >= 2 {
                    continue;
                }
                counts.0 += 1;
                let told = explain(&rules, fate, &log, *id).unwrap();
                println!("## {kind}\n{told}");
                for text in [&told.sentence, &told.decided] {
                    assert!(text.ends_with('.') && !text.contains("  ") && !text.contains("NaN"), "{kind}: {text}");
                }
                // One that exists from the start is drawn once, and is no decision of that day.
                let hidden = kind == "nuclear Decided" && told.decided.contains("hidden programme");
                assert_eq!(told.chance.is_some(), drawn && !hidden, "{kind}: {told:?}");
                if let (Some(chance), Some(draw)) = (told.chance, told.draw) {
                    assert!(chance > 0.0 && chance <= 1.0 && (0.0..=1.0).contains(&draw), "{kind}: {told:?}");
                    let is_vote = kind.starts_with("council_vote");
                    let happened = kind != "gaza_path NotElected";
                    assert!(is_vote || (draw < chance) == happened, "{kind}: {draw} for {chance}");
                    // The chance is that of a decision of that day.
                    let mut attentive: Simulation<Attentive> = Simulation::new(&rules, fate, log.to_vec());
                    attentive.run(id.day as u32);
                    attentive.probe_mut().0.clear();
                    attentive.step();
                    let decided = attentive
                        .probe_mut()
                        .0
                        .iter()
                        .any(|d| d.chance.to_bits() == chance.to_bits() && d.draw.to_bits() == draw.to_bits());
                    assert!(decided, "{kind}: no decision of that day has chance {chance}");
                    for term in &told.terms {
                        assert!((0.0..=1.0).contains(&term.without), "{kind}: {term:?}");
                    }
                    let tells = |t: &detente_model::record::explain::TermSaid| {
                        (t.value - t.neutral).abs() > 1e-12 && (t.without - chance).abs() > 1e-12
                    };
                    assert!(kind == "corridor_lost" || told.terms.iter().any(tells), "{kind}: {:?}", told.terms);
                }
                for cause in &told.causes {
                    assert!(cause.event.is_none_or(|earlier| earlier < *id), "{kind}: {cause:?}");
                    assert!(cause.chance_without.is_none_or(|p| (0.0..=1.0).contains(&p)), "{kind}: {cause:?}");
                    assert!(cause.sentence.ends_with('.') && cause.contribution.ends_with('.'), "{kind}: {cause:?}");
                }
                if hidden {
                    continue;
                }
                let named = told.causes.iter().any(|cause| cause.event.is_some());
                counts.1 += u32::from(named);
                assert!(named || !caused, "{kind}: no earlier event is named: {told:?}");
            }
        }
    }
    println!("{met:#?}");
    for kind in wanted {
        assert!(met.contains_key(kind), "no {kind} was met");
    }
    // Where an event may but need not stand behind one, some must have it.
    // Not unrest: it has built up over months when it passes its threshold, and does so that day without the move, too.
    for kind in ["hosts_warned", "council_vote Against", "gaza_path Elected"] {
        assert!(met[kind].1 > 0, "{kind}: no cause was ever an event");
    }
}
