//! The numbers of the model that an explanation names, each with its evidence: thresholds, and what a chance starts from.

use super::explained::NumberSaid;
use crate::sim::event::{Event, LevelMover, RoadmapStep};
use crate::sim::probe::{Decision, Source, Subject};
use crate::sim::rules::Rules;
use crate::symbols::parameters::ROWS;

/// The numbers behind an event: those that the words of what decided it name, and the base rate of its draw, where one decided.
pub(super) fn behind(rules: &Rules, event: &Event, decision: Option<&Decision>) -> Vec<NumberSaid> {
    let mut numbers = Numbers { rules, said: Vec::new() };
    match decision {
        Some(decision) => numbers.of_draw(event, decision),
        None => numbers.of_state(event),
    }
    numbers.said
}

struct Numbers<'a> {
    rules: &'a Rules,
    said: Vec<NumberSaid>,
}

impl Numbers<'_> {
    /// A parameter of the model, as it stands in this future.
    fn parameter(&mut self, id: &str) {
        let row = ROWS.iter().find(|row| row.id == id);
        if let (Some(row), Some(value)) = (row, self.rules.p.get(id)) {
            self.said.push(NumberSaid::new(id, value, row.unit, row.tag));
        }
    }

    /// An estimate of the scenario, as it stands in this future.
    fn estimate(&mut self, family: &str, of: &str, value: f64) {
        let id = format!("{family}[{of}]");
        if let Some(estimate) = self.rules.frame.estimates.iter().find(|estimate| estimate.id == id) {
            self.said.push(NumberSaid::new(&id, value, estimate.family.unit, estimate.tag));
        }
    }

    /// The threshold from which a ledger's holder owes an answer.
    fn threshold(&mut self, ledger: u16) {
        let rule = &self.rules.ledgers[usize::from(ledger)];
        self.estimate("ledger.theta", &rule.id.text, rule.theta);
    }

    fn of_draw(&mut self, event: &Event, decision: &Decision) {
        let rules = self.rules;
        let at_war = decision.terms.iter().any(|term| matches!(term.source, Source::War(_)));
        match decision.subject {
            Subject::Answer(l) => {
                let rule = &rules.ledgers[usize::from(l)];
                if at_war {
                    self.estimate("ledger.war_answer", &rule.id.text, rule.war_answer);
                    self.parameter("theta_war");
                } else {
                    self.threshold(l);
                    self.parameter("vow_lapse");
                    self.estimate("ledger.h_max", &rule.id.text, rule.h_max);
                    if matches!(event, Event::War { .. }) {
                        self.parameter("theta_war");
                    }
                }
            }
            Subject::Settlement(l) => {
                self.threshold(l);
                self.parameter("settle_rate");
            }
            Subject::Blow(i) => {
                let rule = &rules.initiatives[usize::from(i)];
                self.estimate("initiative.blow_rate", &rule.id.text, rule.blow_rate);
            }
            Subject::Preventive(i) => {
                let rule = &rules.initiatives[usize::from(i)];
                self.estimate("initiative.preventive_rate", &rule.id.text, rule.preventive_rate);
            }
            Subject::WarEnd(_) => self.parameter("war_end"),
            Subject::Signing(t) => {
                let rule = &rules.tables[usize::from(t)];
                self.estimate("table.eta", &rule.id.text, rule.eta);
            }
            Subject::Collapse(t) => {
                let rule = &rules.tables[usize::from(t)];
                self.estimate("table.h0", &rule.id.text, rule.h0);
                self.estimate("table.shape", &rule.id.text, rule.shape);
                if matches!(event, Event::Collapsed { table, .. } if *table != t) {
                    self.parameter("deal_fray");
                }
            }
            Subject::Spoiler(..) => self.parameter("spoiler_rate"),
            Subject::StepUp(_) => self.parameter("h_up"),
            Subject::StepDown(_) => self.parameter("h_down"),
            Subject::Stream(s) => {
                let rule = &rules.streams[usize::from(s)];
                self.estimate("stream.mu", &rule.id.text, rule.mu);
            }
            Subject::BaseStrike(_) => self.parameter("lambda_base"),
            Subject::CorridorLoss(_) => self.parameter("corridor_loss"),
            Subject::RoadmapSuspension(_) => self.parameter(match event {
                Event::Roadmap { step: RoadmapStep::Resumed, .. } => "roadmap_resumption",
                _ => "roadmap_suspension",
            }),
            Subject::Censure(_) => self.parameter("censure_chance"),
            Subject::Weaponising(_) => self.parameter("weapon_rate"),
            Subject::Detection(_) => self.parameter("detection_base"),
            Subject::UsVote(_) => self.parameter("vote_base"),
            Subject::Elections(_) => self.parameter("election_base"),
            // Chances that no one number is the base of.
            Subject::Joining(_)
            | Subject::RoadmapStage(_)
            | Subject::Pace(_)
            | Subject::Votes(_)
            | Subject::PathStage(..) => {}
        }
    }

    fn of_state(&mut self, event: &Event) {
        match event {
            Event::AnswerOwed { ledger } => self.threshold(*ledger),
            Event::AnswerLapsed { ledger } => {
                self.threshold(*ledger);
                self.parameter("vow_lapse");
            }
            Event::War { began: true, .. } => self.parameter("theta_war"),
            Event::War { settled: false, .. } => self.parameter("war_quiet_days"),
            Event::Collapsed { table, .. } if self.rules.tables[usize::from(*table)].collective => {
                self.parameter("fray_least");
            }
            Event::LevelMoved { from, to, by, .. } if to < from && *by != LevelMover::Agreement => {
                self.parameter("quiet_days");
            }
            Event::Unrest { repressed: true, .. } => self.parameter("repression_share"),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::probe::Term;
    use crate::symbols::Evidence;

    fn decision(subject: Subject) -> Decision {
        Decision { subject, chance: 0.1, draw: 0.05, terms: Vec::new() }
    }

    /// Each with the value, unit and tag of the list of parameters; none that is asked for is left out because it has another name.
    #[test]
    fn numbers_of_an_explanation_are_those_of_the_lists() {
        let rules = Rules::new(&crate::scenario::load("november-2024").unwrap());
        let other = Event::Calendar { entry: 0 };
        let part = rules.tables.iter().position(|t| !t.collective).unwrap() as u16;
        let all = rules.collective.unwrap() as u16;
        let fell = Event::Collapsed { table: part, age: 3, level: 0 };
        for (subject, event, count) in [
            (Subject::Answer(0), &other, 3),
            (Subject::Answer(0), &Event::War { pair: 0, began: true, settled: false }, 4),
            (Subject::Settlement(0), &other, 2),
            (Subject::Blow(0), &other, 1),
            (Subject::Preventive(0), &other, 1),
            (Subject::WarEnd(0), &other, 1),
            (Subject::Signing(0), &other, 1),
            (Subject::Collapse(part), &fell, 2),
            (Subject::Collapse(all), &fell, 3),
            (Subject::Spoiler(0, 0), &other, 1),
            (Subject::StepUp(0), &other, 1),
            (Subject::StepDown(0), &other, 1),
            (Subject::Stream(0), &other, 1),
            (Subject::BaseStrike(0), &other, 1),
            (Subject::CorridorLoss(0), &other, 1),
            (Subject::RoadmapSuspension(0), &other, 1),
            (Subject::RoadmapSuspension(0), &Event::Roadmap { roadmap: 0, step: RoadmapStep::Resumed }, 1),
            (Subject::Censure(0), &other, 1),
            (Subject::Weaponising(0), &other, 1),
            (Subject::Detection(0), &other, 1),
            (Subject::UsVote(0), &other, 1),
            (Subject::Elections(0), &other, 1),
            (Subject::Joining(0), &other, 0),
        ] {
            let said = behind(&rules, event, Some(&decision(subject)));
            assert_eq!(said.len(), count, "{subject:?}: {said:?}");
            for number in said {
                let row = ROWS.iter().find(|row| row.id == number.id);
                // As it stands in these rules: some stand at nothing while their lever does.
                let row = row.map(|row| (rules.p.get(row.id).unwrap(), row.unit, row.tag));
                let estimate = || rules.frame.estimates.iter().find(|e| e.id == number.id);
                let listed = row.or_else(|| estimate().map(|e| (e.value, e.family.unit, e.tag)));
                let (value, unit, tag) = listed.unwrap_or_else(|| panic!("{}", number.id));
                assert_eq!((number.unit.as_str(), number.tag), (unit, tag), "{}", number.id);
                assert!((number.value - value).abs() < 1e-9, "{}: {} and not {value}", number.id, number.value);
            }
        }
        for (event, ids) in [
            (Event::AnswerOwed { ledger: 0 }, 1),
            (Event::AnswerLapsed { ledger: 0 }, 2),
            (Event::War { pair: 0, began: true, settled: false }, 1),
            (Event::War { pair: 0, began: false, settled: false }, 1),
            (Event::Collapsed { table: all, age: 3, level: 0 }, 1),
            (Event::LevelMoved { front: 0, from: 3, to: 2, by: LevelMover::Fire }, 1),
            (Event::LevelMoved { front: 0, from: 3, to: 2, by: LevelMover::Agreement }, 0),
            (Event::Unrest { factions: 0, repressed: true }, 1),
        ] {
            assert_eq!(behind(&rules, &event, None).len(), ids, "{event:?}");
        }
    }

    /// Past the threshold of war a fixed chance holds, and that is the number named.
    #[test]
    fn an_answer_in_open_war_names_the_chance_of_war() {
        let rules = Rules::new(&crate::scenario::load("november-2024").unwrap());
        let mut answer = decision(Subject::Answer(0));
        answer.terms.push(Term {
            name: "war mode".into(),
            value: 1.0,
            unit: "yes",
            neutral: 0.0,
            without: 0.0,
            source: Source::War(0),
        });
        let said = behind(&rules, &Event::Calendar { entry: 0 }, Some(&answer));
        let names: Vec<&str> = said.iter().map(|number| number.id.split('[').next().unwrap_or_default()).collect();
        assert_eq!(names, ["ledger.war_answer", "theta_war"]);
        assert_eq!(said[1].tag, Evidence::H);
    }
}
