//! An explanation as the panel keeps it: the event that is explained, and its chain as steps in order.

use detente_model::record::explain::{Cause, Explanation};
use detente_model::record::recorder::EventId;
use detente_model::record::say::sentence;
use detente_session::Sitting;
use detente_session::policy::Verdict;

/// What the panel shows.
#[derive(Default)]
pub struct WhyView {
    /// The event explained.
    pub event: Option<EventId>,
    asked: Option<Asked>,
    pub(super) told: Option<Told>,
    pub(super) actor: Option<usize>,
    pub(super) front: Option<usize>,
    pub(super) kind: Option<usize>,
}

/// What was asked about: another branch, or this one after an undo, can have something else at the same place of the same day.
struct Asked {
    event: EventId,
    branch: u32,
    sentence: String,
}

/// An explanation, kept until the history changes.
pub(super) struct Told {
    key: (EventId, u32, usize, u64, bool),
    pub(super) said: Result<Explanation, String>,
    pub(super) steps: Vec<Step>,
    pub(super) verdict: Option<Verdict>,
}

impl WhyView {
    /// Asks about an event of the branch shown.
    pub fn ask(&mut self, event: EventId) {
        self.event = Some(event);
        self.asked = None;
        self.told = None;
    }

    /// The branch that the event asked about is of, where it is not the one shown.
    pub(super) fn of_another(&self, sitting: &Sitting) -> Option<usize> {
        let asked = self.asked.as_ref().filter(|asked| asked.branch != sitting.branch().id)?;
        sitting.position(asked.branch)
    }

    /// Remembers what the event is, and says where it is if what is shown has none like it.
    fn elsewhere(&mut self, sitting: &Sitting, event: EventId, here: Option<String>) -> Option<String> {
        let branch = sitting.branch();
        if self.asked.as_ref().is_none_or(|asked| asked.event != event) {
            self.asked = here.clone().map(|sentence| Asked { event, branch: branch.id, sentence });
        }
        let asked = self.asked.as_ref().filter(|asked| here.as_ref() != Some(&asked.sentence))?;
        let how = if branch.history.days() > event.day { "went otherwise" } else { "has not been played yet" };
        let of = sitting.position(asked.branch).map(|at| sitting.branches()[at].name.clone());
        Some(match of.filter(|_| asked.branch != branch.id) {
            Some(of) => format!(
                "{} (event {event} of “{of}”). In “{}” day {} {how}.",
                asked.sentence.trim_end_matches('.'),
                branch.name,
                event.day
            ),
            None => format!(
                "{} (event {event}). As the levers are now, day {} {how}.",
                asked.sentence.trim_end_matches('.'),
                event.day
            ),
        })
    }

    /// Explains the event, unless that is done already.
    pub(super) fn refresh(&mut self, sitting: &mut Sitting) {
        let Some(event) = self.event else {
            self.told = None;
            return;
        };
        let branch = sitting.branch();
        let changes = branch.changes.iter().filter(|c| c.day <= event.day).count();
        let here = branch.history.on(event.day).iter().find(|(id, _)| *id == event);
        let key = (event, branch.id, changes, sitting.seed(), here.is_some());
        if self.told.as_ref().is_some_and(|t| t.key == key) {
            return;
        }
        let here = here.map(|(_, event)| sentence(&sitting.rules, event));
        if let Some(elsewhere) = self.elsewhere(sitting, event, here) {
            self.told = Some(Told { key, said: Err(elsewhere), steps: Vec::new(), verdict: None });
            return;
        }
        let said = sitting.explain(event);
        let steps = said.as_ref().map(steps).unwrap_or_default();
        let verdict = sitting.without_policy(event);
        self.told = Some(Told { key, said, steps, verdict });
    }

    /// Numbered events of the chain, for the map.
    #[must_use]
    pub fn chain(&self) -> Vec<(usize, EventId)> {
        let steps = self.told.iter().flat_map(|told| &told.steps);
        steps.filter_map(|step| Some((step.number, step.event?))).collect()
    }
}

/// One thing that happened, or that bore on what happened.
pub(super) struct Step {
    /// The event; `None` for what was there before the start.
    pub event: Option<EventId>,
    /// Its number on the map and in the panel; 0 for what is no event.
    pub number: usize,
    /// What it was.
    pub sentence: String,
    /// What it did to later links: which, and what in words.
    pub bears: Vec<(EventId, String)>,
    /// What decided it, where the chain goes on beyond it.
    pub decided: Option<String>,
}

/// The links of an explanation: the event first, then what bore on it, newest first.
fn steps(said: &Explanation) -> Vec<Step> {
    let first = Step {
        event: Some(said.event),
        number: 1,
        sentence: said.sentence.clone(),
        bears: Vec::new(),
        decided: Some(said.decided.clone()),
    };
    let mut steps = vec![first];
    gather(said, &mut steps);
    // What is no event was there before all of them.
    steps[1..].sort_by_key(|step| step.event.map_or((1, EventId { day: 0, place: 0 }), |id| (0, reversed(id))));
    let mut number = 0;
    for step in steps.iter_mut().filter(|step| step.event.is_some()) {
        number += 1;
        step.number = number;
    }
    steps
}

/// A key by which later events come first.
fn reversed(id: EventId) -> EventId {
    EventId { day: -id.day, place: u32::MAX - id.place }
}

fn gather(said: &Explanation, steps: &mut Vec<Step>) {
    for cause in &said.causes {
        let bears = (said.event, contribution(said, cause));
        let known = steps.iter_mut().find(|step| step.event == cause.event && step.sentence == cause.sentence);
        match known {
            Some(step) => step.bears.push(bears),
            None => steps.push(Step {
                event: cause.event,
                number: 0,
                sentence: cause.sentence.clone(),
                bears: vec![bears],
                decided: None,
            }),
        }
    }
    for link in &said.chain {
        let uncaused = link.uncaused.as_ref().map(|text| format!(" {text}")).unwrap_or_default();
        let decided = format!("{}{uncaused}", link.decided);
        if let Some(step) = steps.iter_mut().find(|step| step.event == Some(link.event)) {
            step.decided = Some(decided);
        }
        gather(link, steps);
    }
}

/// What a cause contributed, and what would have been without it: as the command line says it.
fn contribution(said: &Explanation, cause: &Cause) -> String {
    match said.without_cause(cause) {
        Some(without) => format!("{} {without}", cause.contribution),
        None => cause.contribution.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::record::explain::explain;
    use detente_model::sim::event::{Event, EventKind};

    /// Every cause of every link is there with what it contributed; the newest stands first; numbers run through.
    #[test]
    fn no_cause_loses_its_contribution() {
        let mut s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 1);
        s.go_to(240);
        let wanted = |e: &Event| {
            matches!(e.kind(), EventKind::Salvo | EventKind::Collapsed | EventKind::Signed | EventKind::Blow)
        };
        let events: Vec<EventId> = s.past().iter().filter(|(_, e)| wanted(e)).map(|(id, _)| *id).collect();
        assert!(events.len() >= 3, "{events:?}");
        for id in events {
            let said = explain(&s.rules, s.fate(), &[], id).unwrap();
            let steps = steps(&said);
            let mut links = vec![&said];
            while let Some(link) = links.pop() {
                links.extend(&link.chain);
                for cause in &link.causes {
                    let wanted = (link.event, contribution(link, cause));
                    let found = steps.iter().any(|step| step.event == cause.event && step.bears.contains(&wanted));
                    assert!(found, "{id}: {cause:?} is left out");
                }
            }
            let ids: Vec<EventId> = steps[1..].iter().filter_map(|step| step.event).collect();
            assert!(ids.windows(2).all(|pair| pair[0] > pair[1]), "{ids:?}");
            let numbers: Vec<usize> = steps.iter().map(|step| step.number).filter(|n| *n > 0).collect();
            assert!(numbers.iter().copied().eq(1..=numbers.len()), "{numbers:?}");
        }
    }

    /// An event belongs to the branch in which it was asked about. Another that has not come so far, or where that day went
    /// otherwise, says so and whose it is; it does not tell of something else under the same id.
    #[test]
    fn an_event_of_another_branch_is_named_as_that() {
        let mut s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 80);
        s.go_to(120);
        let salvo = |(id, e): &(EventId, Event)| (e.kind() == EventKind::Salvo && id.day > 70).then_some(*id);
        let event = s.past().iter().find_map(salvo).expect("a salvo after day 70");
        let mut view = WhyView::default();
        view.ask(event);
        view.refresh(&mut s);
        assert!(view.told.as_ref().unwrap().said.is_ok());
        s.go_to(70);
        s.fork("other").unwrap();
        view.refresh(&mut s);
        let said = view.told.as_ref().unwrap().said.clone().unwrap_err();
        let own = format!("In “{}” day {} has not been played yet.", s.branch().name, event.day);
        assert!(said.contains("of “As it stands”") && said.ends_with(&own), "{said}");
        assert_eq!(view.of_another(&s), Some(0));
        assert!(view.chain().is_empty());
        // Played on without a move it is the same history, and the event is there again.
        s.go_to(120);
        view.refresh(&mut s);
        assert!(view.told.as_ref().unwrap().said.is_ok());
        // With a move before it that day goes otherwise.
        s.go_to(70);
        s.set_lever(detente_model::symbols::levers::Lever::IsraelBlowRate, 0.0).unwrap();
        s.end_step();
        s.go_to(120);
        view.refresh(&mut s);
        let said = view.told.as_ref().unwrap().said.clone().unwrap_err();
        assert!(said.ends_with(&format!("day {} went otherwise.", event.day)), "{said}");
    }
}
