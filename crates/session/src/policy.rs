//! The levers as they would stand without your policy, and what your policy did to one event.

use super::sitting::Sitting;
use detente_model::record::digits::{Measure, alike};
use detente_model::record::explain::{day_in, subject};
use detente_model::record::recorder::EventId;
use detente_model::record::say::sentence;
use detente_model::sim::event::{Event, EventKind};
use detente_model::sim::probe::{Decision, Subject};
use detente_model::sim::rules::Rules;
use detente_model::sim::world::Snapshot;
use detente_model::symbols::levers::{Lever, LeverChange};

/// What comes in the place of an event without your policy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Instead {
    /// The very same.
    Same,
    /// The same question with another answer: another vote, no elections, other numbers.
    Other(Event),
    /// Nothing of the kind.
    Nothing,
}

/// The day of an event again, from the same morning and with the same draws, with every lever as it would stand had the
/// user moved none since the fork.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The chance of what came, with the policy.
    pub with: Option<f64>,
    /// The chance in the same decision without it; `None` where nothing was decided.
    pub without: Option<f64>,
    /// The draw, the same in both.
    pub draw: Option<f64>,
    /// What came of it without the policy: not read off chance and draw, but played.
    pub instead: Instead,
    /// In words, to follow "Without your policy".
    pub text: String,
}

impl Sitting {
    /// A morning of the shown branch with the levers as they would be, had the user never moved one since the fork, and the
    /// log that goes with it.
    pub(super) fn with_levers_unchanged(&self, mut from: Snapshot, day: i32) -> (Snapshot, Vec<LeverChange>) {
        let branch = self.branch();
        let log = branch.unchanged();
        // On the evening before: what is to change on the day is in the log.
        let unchanged = self.levers_under(&log, day - 1);
        for change in branch.policy().filter(|change| change.day < day) {
            from.levers.set(change.lever, unchanged[change.lever]);
            if change.lever == Lever::Administration {
                // Another course moved the sanctions with it.
                from.levers.set(Lever::SanctionsPressure, unchanged[Lever::SanctionsPressure]);
            }
        }
        (from, log)
    }

    /// What your policy did to an event of the shown branch; `None` where it was not moved by then, or where the model does
    /// not decide such an event.
    #[must_use]
    pub fn without_policy(&mut self, id: EventId) -> Option<Verdict> {
        self.branch().policy().find(|change| change.day <= id.day)?;
        let (_, event) = *self.branch().history.on(id.day).iter().find(|(other, _)| *other == id)?;
        let is_given = matches!(event, Event::LeverMoved(_) | Event::Calendar { .. } | Event::ChannelTurned { .. });
        if is_given || self.rules.documented(&event, id.day) {
            return None;
        }
        let morning = self.state(self.current(), id.day);
        let changes = self.branch().changes.clone();
        let (unchanged, log) = self.with_levers_unchanged(morning.clone(), id.day);
        let (rules, fate) = (&self.rules, self.fate());
        let (_, decided) = day_in(rules, fate, &changes, &morning);
        let (events, decided_without) = day_in(rules, fate, &log, &unchanged);

        let asked = subject(rules, &event);
        let of = |decisions: &[Decision]| decisions.iter().find(|d| Some(d.subject) == asked).cloned();
        let (with, without) = (of(&decided), of(&decided_without));
        let instead = if events.contains(&event) {
            Instead::Same
        } else {
            let other = events.into_iter().find(|other| same_question(rules, &event, other));
            other.map_or(Instead::Nothing, Instead::Other)
        };
        let draw = with.as_ref().map(|d| d.draw);
        let (with, without) = (with.map(|d| d.chance), without.map(|d| d.chance));
        let text = in_words(rules, asked, [with, without], draw, &instead);
        Some(Verdict { with, without, draw, instead, text })
    }
}

/// Whether two events are answers to one question: the same decision, or the same consequence of a state.
fn same_question(rules: &Rules, a: &Event, b: &Event) -> bool {
    match (subject(rules, a), subject(rules, b)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => followed(a) == followed(b),
        _ => false,
    }
}

/// What an event that no draw decided is about, leaving its numbers aside.
fn followed(event: &Event) -> (EventKind, u16) {
    let about = match *event {
        Event::AnswerOwed { ledger } | Event::AnswerLapsed { ledger } | Event::AnswerSettled { ledger } => ledger,
        Event::War { pair, .. } => pair,
        Event::LevelMoved { front, .. } | Event::FireDay { front, .. } => front,
        Event::HostsWarned { foe, .. } => foe,
        Event::Roadmap { roadmap, .. } => roadmap,
        Event::Iraq { integration, .. } => integration,
        Event::Nuclear { programme, .. } => programme,
        Event::AssemblyVote { council, .. } => council,
        Event::Path { path, .. } => path,
        Event::Unrest { factions, .. } => factions,
        _ => 0,
    };
    (event.kind(), about)
}

/// A verdict in words, to follow "Without your policy".
fn in_words(
    rules: &Rules,
    asked: Option<Subject>,
    [with, without]: [Option<f64>; 2],
    draw: Option<f64>,
    instead: &Instead,
) -> String {
    let is_vote = matches!(asked, Some(Subject::UsVote(_)));
    // The chance of another vote is no chance of this one.
    let comparable = !(is_vote && *instead != Instead::Same);
    let chances = match (with, without) {
        (Some(with), Some(without)) if comparable => {
            let what = if is_vote { "the chance of that vote" } else { "the chance that day" };
            let [with_said, without_said, drawn] = Measure::Chance.apart([with, without, draw.unwrap_or(without)]);
            let on = draw.map_or(String::new(), |_| format!(", on the same draw of {drawn}"));
            if alike(with, without) {
                format!("{what}, from the same morning, would have been the same, {with_said}{on}: ")
            } else {
                format!("{what}, from the same morning, would have been {without_said} and not {with_said}{on}: ")
            }
        }
        (Some(_), None) => "nothing of the kind would have been decided that day, from the same morning: ".to_owned(),
        (_, _) => "from the same morning, with the same draws: ".to_owned(),
    };
    let outcome = match instead {
        Instead::Same => "it comes out the same.".to_owned(),
        Instead::Other(other) => format!("the outcome would have been another. {}", sentence(rules, other)),
        Instead::Nothing => "it would not have come.".to_owned(),
    };
    format!("{chances}{outcome}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::sim::event::PathStep;
    use std::collections::BTreeMap;

    /// Everything frequent, so that a few histories show every kind of event.
    const LOUD: &str = "format = 1\nextends = \"november-2024\"\n[parameters]\nus_join = 0.8\nlambda_base = 8\n\
         corridor_loss = 0.003\nassembly_rate = 0.03\ndraft_rate = 0.03\npath_withdrawal_days = 30\npath_withdrawal = 0.03\n\
         path_unified = 0.02\npath_rebuilt = 0.02\nroadmap_suspension = 0.06\nroadmap_resumption = 0.06\n\
         roadmap_phase_days = 15\nunrest_threshold = 0.05\nunrest_hardship = 1\nspoiler_rate = 0.1\n\
         [initiatives.\"ISR>IRN\"]\nblow_rate = { value = 0.05, high = 0.1 }\n[tables.GAZ]\neta = 0.9\nh0 = { value = 0.02, high = 0.2 }\n\
         [tables.LEB]\neta = 0.9\nh0 = { value = 0.05, high = 0.2 }\n[tables.YEM]\neta = 0.9\nh0 = 0.001\n[levers]\n\
         us.base_sorties = 1\nus.roadmap_acquiescence = 0.8\nsaudi.sign_roadmap = 2024-11-10\ngaza.aid_access = 400\n\
         palestine.election_date = 2025-01-05\npalestine.unified_administration = 1\npalestine.reconstruction_funds = 1\n";

    fn sitting(overlay: &str, seed: u64) -> Sitting {
        let loaded = detente_model::scenario::load_text("test.toml", overlay).unwrap_or_else(|e| panic!("{e}"));
        Sitting::new(loaded, seed)
    }

    /// The same question, asked in another way: a branch on which every lever is taken back on the morning of the event.
    fn taken_back(s: &mut Sitting, id: EventId) -> Vec<Event> {
        s.go_to(id.day);
        s.reset_all().unwrap();
        s.step(1);
        let events = s.branch().history.on(id.day).iter().map(|(_, event)| *event);
        let events = events.filter(|event| !matches!(event, Event::LeverMoved(_))).collect();
        s.undo();
        events
    }

    /// For every kind of event: what the verdict says comes without the policy is what comes on a branch without it.
    #[test]
    fn the_outcome_without_the_policy_is_the_one_that_is_played() {
        // Kind: how many came out the same, otherwise, not at all.
        let mut met: BTreeMap<&'static str, [u32; 3]> = BTreeMap::new();
        let mut elections = 0;
        for seed in [3, 5] {
            let mut s = sitting(LOUD, seed);
            let moves = [
                (Lever::UnscPosture, 1.5),
                (Lever::IranUnCostDrive, 1.0),
                (Lever::IranResponseScale, 0.4),
                (Lever::IsraelBlowRate, 2.0),
                (Lever::DealGuarantee, 1.0),
                (Lever::IsraelSettlements, 2.0),
                (Lever::UnifilTroops, 0.0),
                (Lever::IranDirectiveHou, 0.9),
            ];
            for (lever, value) in moves {
                s.set_lever(lever, value).unwrap();
            }
            s.go_to(130);
            let all: Vec<(EventId, Event)> = s.branch().history.events.clone();
            for (id, event) in all {
                let kind = event.kind().name();
                let counts = met.entry(kind).or_default();
                let is_election = matches!(event, Event::Path { step: PathStep::Elected | PathStep::NotElected, .. });
                let is_rare = is_election || matches!(event, Event::CouncilVote { .. });
                if counts.iter().sum::<u32>() >= 3 && !is_rare {
                    continue;
                }
                s.show(0);
                s.go_to(130);
                let Some(verdict) = s.without_policy(id) else { continue };
                let truth = taken_back(&mut s, id);
                let which = match verdict.instead {
                    Instead::Same => {
                        assert!(truth.contains(&event), "{event:?}: {truth:?}");
                        0
                    }
                    Instead::Other(other) => {
                        assert!(truth.contains(&other) && !truth.contains(&event), "{event:?}, {other:?}: {truth:?}");
                        assert!(verdict.text.ends_with(&sentence(&s.rules, &other)), "{}", verdict.text);
                        1
                    }
                    Instead::Nothing => {
                        let rules = &s.rules;
                        assert!(!truth.iter().any(|t| same_question(rules, &event, t)), "{event:?}: {truth:?}");
                        2
                    }
                };
                counts[which] += 1;
                elections += u32::from(is_election);
                assert!(!verdict.text.contains("  ") && verdict.text.ends_with('.'), "{}", verdict.text);
            }
        }
        println!("{met:?}");
        for kind in ["council_vote", "signed", "salvo", "fire", "blow", "step_up"] {
            assert!(met.get(kind).is_some_and(|counts| counts.iter().sum::<u32>() > 0), "no {kind}: {met:?}");
        }
        assert!(met["council_vote"][1] > 0, "no vote came out otherwise: {met:?}");
        assert!(met.values().map(|counts| counts[2]).sum::<u32>() > 0 && elections > 0, "{met:?}");
    }

    /// The draw of a vote places it among three, and that of elections not held lies above their chance: neither says by
    /// itself whether it would have come.
    #[test]
    fn a_vote_that_stays_the_same_is_not_said_to_be_gone() {
        let (mut same, mut above) = (0, 0);
        for seed in 1..4 {
            let mut s = sitting(LOUD, seed);
            s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
            s.go_to(150);
            let votes: Vec<EventId> = s
                .branch()
                .history
                .events
                .iter()
                .filter(|(_, e)| {
                    matches!(e, Event::CouncilVote { .. } | Event::Path { step: PathStep::NotElected, .. })
                })
                .map(|(id, _)| *id)
                .collect();
            for id in votes.into_iter().take(6) {
                let verdict = s.without_policy(id).unwrap();
                // Peacekeepers in Lebanon have no part in either.
                assert_eq!(verdict.instead, Instead::Same, "{}", verdict.text);
                assert!(verdict.text.ends_with("it comes out the same."), "{}", verdict.text);
                same += 1;
                above += u32::from(verdict.draw.zip(verdict.without).is_some_and(|(draw, chance)| draw >= chance));
            }
        }
        assert!(same > 3 && above > 0, "{same} {above}: none would have been called gone by its draw");
    }

    /// Another administration moves the sanctions; without it they stand where they stood.
    #[test]
    fn the_sanctions_of_an_administration_go_with_it() {
        let text = "format = 1\nextends = \"november-2024\"\n";
        let mut s = sitting(text, 4);
        let took_office = s.rules.frame.administration.unwrap();
        s.go_to(took_office - 5);
        let now = s.lever(Lever::Administration);
        let other = [0.0_f64, 1.0, 2.0].into_iter().find(|&course| {
            course.to_bits() != now.to_bits() && {
                let mut levers = s.levers();
                levers.set(Lever::Administration, course);
                let of = |l: &detente_model::symbols::levers::LeverSet| {
                    s.rules.course(l, took_office + 20).map(|c| c.sanctions)
                };
                Lever::Administration.admit(course).is_ok() && of(&levers) != of(&s.levers())
            }
        });
        s.set_lever(Lever::Administration, other.expect("courses differ in their sanctions")).unwrap();
        let day = took_office + 20;
        s.go_to(day);
        let (unchanged, _) = s.with_levers_unchanged(s.now().clone(), day);
        assert_ne!(
            unchanged.levers[Lever::SanctionsPressure].to_bits(),
            s.now().levers[Lever::SanctionsPressure].to_bits()
        );
        assert_eq!(
            unchanged.levers[Lever::SanctionsPressure].to_bits(),
            s.lever_unchanged(Lever::SanctionsPressure).to_bits()
        );
    }
}
