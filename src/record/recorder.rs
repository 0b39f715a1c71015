//! One run, recorded: events, daily series, outcome, digest.

use super::digest::{Digest, Digester};
use super::event::Event;
use super::outcome::{Outcome, outcome};
use super::series::{Column, Evening, columns};
use crate::record::probe::Silent;
use crate::sim::rules::Rules;
use crate::sim::state::Fire;
use crate::sim::world::{Columns, Fate, Simulation, Snapshot};
use crate::symbols::levers::{Lever, LeverChange};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Names an event of a run: its day, and its place among that day's events (from 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventId {
    /// Day since the start.
    pub day: i32,
    /// Place among that day's events, from 1.
    pub place: u32,
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.day, self.place)
    }
}

impl FromStr for EventId {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('.').and_then(|(day, place)| Some((day.parse().ok()?, place.parse().ok()?)));
        match parts {
            Some((day, place)) if day >= 0 && place >= 1 => Ok(Self { day, place }),
            _ => Err(format!("`{text}` is no event: write day and place as the event log prints them, like 19.2")),
        }
    }
}

/// A recorded run.
pub struct Run {
    /// Events with their ids, in order.
    pub events: Vec<(EventId, Event)>,
    /// Names and units of the series.
    pub columns: Vec<Column>,
    /// Rows of the series, one per day.
    pub rows: Vec<Vec<f64>>,
    /// State at the end.
    pub end: Snapshot,
    /// How it ended.
    pub outcome: Outcome,
    /// What it is.
    pub digest: Digest,
}

/// Runs a scenario for `days` days under one fate and a user's lever log, and records it.
///
/// `progress` is told how many days have run; it may stop the run by returning `false` (then `None` comes back).
pub fn record(
    rules: &Rules,
    fate: Fate,
    log: &[LeverChange],
    days: u32,
    mut progress: impl FnMut(u32) -> bool,
) -> Option<Run> {
    let mut simulation: Simulation<Silent> = Simulation::new(rules, fate, log.to_vec());
    let columns = columns(rules);
    let mut digester = Digester::default();
    let (mut events, mut rows) = (Vec::new(), Vec::with_capacity(days as usize));
    let mut state = Columns::default();
    for day in 0..days {
        simulation.step();
        simulation.read_columns(&mut state);
        let given = simulation.given();
        let evening = Evening { rules: &given.rules, columns: &state, levers: &given.levers, clock: given.clock };
        for (place, event) in (1..).zip(day_events(simulation.rules(), simulation.events(), &state)) {
            digester.event(day as i32, &event);
            events.push((EventId { day: day as i32, place }, event));
        }
        let row: Vec<f64> = columns.iter().map(|column| column.value(&evening)).collect();
        digester.row(&row);
        rows.push(row);
        if !progress(day + 1) {
            return None;
        }
    }
    let end = simulation.snapshot();
    let outcome = outcome_of(simulation.rules(), &end);
    let digest = digester.finish(&end);
    Some(Run { events, columns, rows, end, outcome, digest })
}

/// The events of a day as a recorded run keeps them: those of the journal, then one per front with routine fire.
pub fn day_events(rules: &Rules, journal: &[Event], state: &Columns) -> Vec<Event> {
    with_fire(rules, journal, &state.fires)
}

/// The same of the day's fire alone.
pub(super) fn with_fire(rules: &Rules, journal: &[Event], fires: &[Fire]) -> Vec<Event> {
    let mut events = journal.to_vec();
    for (f, front) in rules.fronts.iter().enumerate() {
        let count: u32 = front.streams.iter().map(|&s| fires[s].events).sum();
        if count > 0 {
            let deaths = front.streams.iter().map(|&s| fires[s].deaths).sum();
            events.push(Event::FireDay { front: f as u16, events: count, deaths });
        }
    }
    events
}

/// The outcome of a run that stands as this snapshot says.
#[must_use]
pub fn outcome_of(rules: &Rules, end: &Snapshot) -> Outcome {
    outcome(rules, &end.tally, &end.columns.agreements, end.clock.day, end.levers[Lever::DealLinkage])
}

/// The outcome of a simulation as it stands, without a snapshot.
#[must_use]
pub fn outcome_of_tally<P: super::probe::Probe>(simulation: &mut Simulation<P>) -> Outcome {
    let agreements = simulation.agreements();
    let linkage = simulation.given().levers[Lever::DealLinkage];
    outcome(simulation.rules(), simulation.tally(), &agreements, simulation.day(), linkage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_ids_read_as_they_print() {
        let id = EventId { day: 19, place: 2 };
        assert_eq!(id.to_string().parse(), Ok(id));
        for bad in ["", "19", "19.0", "-1.2", "19.2.3", "a.b"] {
            assert!(bad.parse::<EventId>().is_err(), "{bad}");
        }
    }
}
