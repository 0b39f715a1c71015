//! Documented events as what a day is conditioned on.

use crate::observed::{Documented, Kind, Observed, days_between};
use detente_model::scenario::{Error, Errors, nearest};
use detente_model::sim::event::Event;
use detente_model::sim::probe::{Conditioned, Subject};
use detente_model::sim::rules::{Id, Rules};
use detente_model::sim::state::StrikeKind;
use detente_model::symbols::levers::{Lever, LeverChange};
use noisy_float::prelude::R64;
use std::collections::BTreeMap;

/// What a weight is multiplied by where an event is documented to which the particle gave no chance at all: the model may be
/// wrong, and one event that it rules out must not end everything. Its logarithm is −13.8.
pub const NO_CHANCE: f64 = 1e-6;

/// Documented events of a scenario, by day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decisions {
    /// Decisions and the day from which their record is complete; in order.
    complete: Vec<(Subject, i32)>,
    /// What happened, by day.
    happened: BTreeMap<i32, Vec<(Subject, Option<u16>)>>,
    /// Lever moves.
    pub levers: Vec<LeverChange>,
}

impl Decisions {
    /// Those of a folder, resolved in a scenario. Of days before its start nothing is taken.
    ///
    /// # Errors
    /// Every id that the scenario does not know, with the line of `events.csv`.
    pub fn new(observed: &Observed, rules: &Rules) -> Result<Self, Errors> {
        let mut made = Self::default();
        let mut errors = Vec::new();
        for event in observed.events().unwrap_or_default() {
            let day = days_between(rules.frame.start, event.date);
            if let Err((message, help)) = made.take(event, day, rules) {
                errors.push(Error {
                    file: format!("{}/events.csv", observed.name),
                    line: event.line,
                    column: 1,
                    key: "id".to_owned(),
                    message,
                    help: Some(help),
                });
            }
        }
        if !errors.is_empty() {
            return Err(Errors(errors));
        }
        if made.complete.is_empty() {
            made.complete = made.told(rules);
        }
        made.complete.sort_unstable();
        // The earliest day of each.
        made.complete.dedup_by_key(|(subject, _)| *subject);
        for list in made.happened.values_mut() {
            list.sort_unstable();
            list.dedup_by_key(|(subject, _)| *subject);
        }
        Ok(made)
    }

    /// What a folder without a word on completeness is taken to be complete of, from the first event on: every kind of which it
    /// tells anything, but for levels, which nobody documents to the last step; of answers, those between the two that it tells
    /// of. Nothing later says anything about before.
    fn told(&self, rules: &Rules) -> Vec<(Subject, i32)> {
        let mut told = Vec::new();
        let all = self.happened.iter().flat_map(|(day, list)| list.iter().map(|(subject, _)| (*day, *subject)));
        for (day, happened) in all {
            let kind = match happened {
                Subject::Signing(_) => Kind::Signed,
                Subject::Collapse(_) => Kind::Collapsed,
                Subject::Blow(_) => Kind::Blow,
                Subject::Preventive(_) => Kind::Preventive,
                Subject::CorridorLoss(_) => Kind::CorridorLost,
                Subject::Answer(ledger) => {
                    let pair = &rules.pairs[rules.ledgers[usize::from(ledger)].pair];
                    told.extend(pair.ledgers.iter().map(|&ledger| (Subject::Answer(ledger as u16), day)));
                    continue;
                }
                _ => continue,
            };
            told.extend((0..ids(kind, rules).count()).filter_map(|ix| subject(kind, ix)).map(|subject| (subject, day)));
        }
        told
    }

    fn take(&mut self, event: &Documented, day: i32, rules: &Rules) -> Result<(), (String, String)> {
        match event.kind {
            Kind::Complete => {
                let (kind, id) = event.id.split_once(':').map_or((event.id.as_str(), None), |(k, id)| (k, Some(id)));
                let Some(kind) = Kind::of(kind) else { return Ok(()) };
                for (ix, known) in ids(kind, rules).enumerate() {
                    if let Some(subject) = subject(kind, ix).filter(|_| id.is_none_or(|id| known.text == id)) {
                        self.complete.push((subject, day));
                    }
                }
                match id {
                    Some(id) => position(kind, id, rules).map(drop),
                    None => Ok(()),
                }
            }
            Kind::Lever => self.lever(&event.id, day, rules),
            kind => {
                let (id, victim) = match event.id.split_once(" on ") {
                    Some((id, victim)) if kind == Kind::Blow => (id, Some(victim)),
                    _ => (event.id.as_str(), None),
                };
                let ix = position(kind, id, rules)?;
                let victim = match victim {
                    None => None,
                    Some(victim) => {
                        let victims = &rules.initiatives[ix].victims;
                        let found =
                            victims.iter().map(|(actor, _)| *actor).find(|a| rules.actors[*a].id.text == victim);
                        let known = || victims.iter().map(|(actor, _)| rules.actors[*actor].id.text.as_str());
                        let help = || format!("its victims are {}", known().collect::<Vec<_>>().join(", "));
                        Some(found.ok_or_else(|| (format!("a blow of {id} does not hit {victim}"), help()))? as u16)
                    }
                };
                if let Some(subject) = subject(kind, ix).filter(|_| day >= 0) {
                    self.happened.entry(day).or_default().push((subject, victim));
                }
                Ok(())
            }
        }
    }

    fn lever(&mut self, text: &str, day: i32, rules: &Rules) -> Result<(), (String, String)> {
        let help = || "write LEVER=VALUE, as `detente levers` lists them".to_owned();
        let (id, value) = text.split_once('=').ok_or_else(|| (format!("`{text}` moves no lever"), help()))?;
        let lever = Lever::try_from(id.trim().to_owned()).map_err(|message| (message, help()))?;
        let value = lever.parse(value.trim(), rules.frame.start).map_err(|message| (message, help()))?;
        let value = R64::try_new(value).ok_or_else(|| (format!("`{text}` is no finite number"), help()))?;
        if day >= 0 {
            self.levers.push(LeverChange { day, lever, value });
        }
        Ok(())
    }

    /// Readies a probe for a day: what happens, what is held back.
    pub fn today(&self, day: i32, probe: &mut Conditioned) {
        probe.known.clear();
        probe.known.extend(self.complete.iter().filter(|(_, since)| *since <= day).map(|(subject, _)| *subject));
        probe.happened.clear();
        if let Some(list) = self.happened.get(&day) {
            probe.happened.extend_from_slice(list);
        }
    }

    /// How many of the documented events of a day are missing among a day's events.
    #[must_use]
    pub fn missing(&self, day: i32, events: &[Event]) -> usize {
        let Some(list) = self.happened.get(&day) else { return 0 };
        list.iter().filter(|(subject, _)| !events.iter().any(|event| is(event, *subject))).count()
    }
}

/// Whether an event is what a decision led to.
fn is(event: &Event, subject: Subject) -> bool {
    match (event, subject) {
        (Event::Signed { table, .. }, Subject::Signing(ix))
        | (Event::Collapsed { table, .. }, Subject::Collapse(ix)) => *table == ix,
        (Event::Struck(s), Subject::Blow(ix)) => s.kind == StrikeKind::Blow && s.initiative == ix,
        (Event::Struck(s), Subject::Preventive(ix)) => s.kind == StrikeKind::Preventive && s.initiative == ix,
        (Event::Struck(s), Subject::Answer(ix)) => {
            matches!(s.kind, StrikeKind::Salvo | StrikeKind::AirStrike) && s.ledger == ix
        }
        (Event::CorridorLost { corridor }, Subject::CorridorLoss(ix)) => *corridor == ix,
        (Event::LevelMoved { front, from, to, .. }, Subject::StepUp(ix)) => *front == ix && to > from,
        (Event::LevelMoved { front, from, to, .. }, Subject::StepDown(ix)) => *front == ix && to < from,
        _ => false,
    }
}

fn subject(kind: Kind, ix: usize) -> Option<Subject> {
    let ix = ix as u16;
    Some(match kind {
        Kind::Signed => Subject::Signing(ix),
        Kind::Collapsed => Subject::Collapse(ix),
        Kind::Blow => Subject::Blow(ix),
        Kind::Preventive => Subject::Preventive(ix),
        Kind::Answer => Subject::Answer(ix),
        Kind::CorridorLost => Subject::CorridorLoss(ix),
        Kind::StepUp => Subject::StepUp(ix),
        Kind::StepDown => Subject::StepDown(ix),
        Kind::Lever | Kind::Complete => return None,
    })
}

/// Ids that a kind of event can name, in order of positions.
fn ids(kind: Kind, rules: &Rules) -> Box<dyn Iterator<Item = &Id> + '_> {
    match kind {
        Kind::Signed | Kind::Collapsed => Box::new(rules.tables.iter().map(|t| &t.id)),
        Kind::Blow | Kind::Preventive => Box::new(rules.initiatives.iter().map(|i| &i.id)),
        Kind::Answer => Box::new(rules.ledgers.iter().map(|l| &l.id)),
        Kind::CorridorLost => Box::new(rules.corridors.iter().map(|c| &c.id)),
        Kind::StepUp | Kind::StepDown => Box::new(rules.fronts.iter().map(|f| &f.id)),
        Kind::Lever | Kind::Complete => Box::new(std::iter::empty()),
    }
}

fn position(kind: Kind, id: &str, rules: &Rules) -> Result<usize, (String, String)> {
    ids(kind, rules).position(|known| known.text == id).ok_or_else(|| {
        let known: Vec<&str> = ids(kind, rules).map(|known| known.text.as_str()).collect();
        let help = match nearest(id, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", known.join(", ")),
        };
        (format!("the scenario {} has no {id} for events of the kind `{}`", rules.frame.name, kind.name()), help)
    })
}
