//! One run, recorded: events, daily series, outcome, digest.

use super::digest::{Digest, Digester};
use super::fates::Fates;
use super::outcome::{Outcome, outcome};
use super::series::{Column, Evening, columns};
use crate::sim::columns::Columns;
use crate::sim::course::Course;
use crate::sim::event::Event;
use crate::sim::probe::{Probe, Silent};
use crate::sim::rules::Rules;
use crate::sim::state::Fire;
use crate::sim::world::{Simulation, Snapshot};
use crate::symbols::levers::LeverChange;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Names an event of a run: its day, and its place among that day's events (from 1).
///
/// Written `d65e10`: an id of digits and a point, like 65.10, is a number to every program that reads tables, and there
/// 65.10 is 65.1, which is another event. The way with a point is still read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct EventId {
    /// Day since the start.
    pub day: i32,
    /// Place among that day's events, from 1.
    pub place: u32,
}

/// With its id as it is written everywhere else, and its parts.
impl Serialize for EventId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut id = serializer.serialize_struct("EventId", 3)?;
        id.serialize_field("id", &self.to_string())?;
        id.serialize_field("day", &self.day)?;
        id.serialize_field("place", &self.place)?;
        id.end()
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "d{}e{}", self.day, self.place)
    }
}

impl FromStr for EventId {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let pair = text.strip_prefix('d').map_or_else(|| text.split_once('.'), |rest| rest.split_once('e'));
        // Digits alone: what `parse` takes besides, a sign, is no way to write an id.
        let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok()).flatten();
        match pair.and_then(|(day, place)| Some((number(day)?, number(place)?))) {
            Some((day, place)) if place >= 1 && i32::try_from(day).is_ok() => Ok(Self { day: day as i32, place }),
            _ => Err(format!("`{text}` is no event: write day and place as the event log prints them, like d19e2")),
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

/// Runs a scenario for `days` days under one fate, or one after another, and a user's lever log, and records it.
///
/// `progress` is told how many days have run; it may stop the run by returning `false` (then `None` comes back).
pub fn record<'a>(
    rules: &Rules,
    fates: impl Into<Fates<'a>>,
    log: &[LeverChange],
    days: u32,
    mut progress: impl FnMut(u32) -> bool,
) -> Option<Run> {
    let fates = fates.into();
    let mut simulation: Simulation<Silent> = Simulation::new(rules, fates.first, log.to_vec());
    fates.begin(&mut simulation, log);
    let columns = columns(rules);
    let mut digester = Digester::default();
    let (mut events, mut rows) = (Vec::new(), Vec::with_capacity(days as usize));
    let mut state = Columns::default();
    for day in 0..days {
        if let Some(fate) = fates.begins(day as i32) {
            let morning = simulation.snapshot();
            simulation.restore(&morning, fate, log.to_vec());
        }
        simulation.step();
        simulation.read_columns(&mut state);
        let given = simulation.given();
        let evening = Evening { rules: &given.rules, columns: &state, levers: &given.levers, clock: given.clock };
        for (place, event) in (1..).zip(day_events(simulation.rules(), simulation.events(), &state)) {
            digester.event(day as i32, &event);
            events.push((EventId { day: day as i32, place }, event));
        }
        let row: Vec<f64> = columns.iter().map(|column| column.value(&evening)).collect();
        digester.row(&columns, &row);
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
    outcome(rules, &end.tally, &end.columns.agreements, end.clock.day, &end.levers)
}

/// The outcome of a future as it stands.
#[must_use]
pub fn outcome_of_course<P: Probe>(course: &Course<P>) -> Outcome {
    outcome(course.rules(), course.tally(), &course.columns().agreements, course.day(), &course.given().levers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_ids_read_as_they_print() {
        let id = EventId { day: 19, place: 2 };
        assert_eq!(id.to_string(), "d19e2");
        assert_eq!(id.to_string().parse(), Ok(id));
        for bad in ["", "19", "19.0", "-1.2", "19.2.3", "a.b", "d19", "19e2", "d19.2", "d19e0", "d+1e2", "d1e-2", "De1"]
        {
            assert!(bad.parse::<EventId>().is_err(), "{bad}");
        }
    }

    /// Two events have two ids in every reader: none of them is a number or a date, and what was written with a point is
    /// read as it stands, figure by figure.
    #[test]
    fn event_ids_stay_text() {
        let ids = [1, 2, 10, 100].map(|place| EventId { day: 65, place });
        for id in ids {
            let text = id.to_string();
            assert!(text.parse::<f64>().is_err() && text.parse::<i64>().is_err(), "{text} is a number");
            assert_eq!(format!("{}.{}", id.day, id.place).parse(), Ok(id));
        }
        let (one, ten): (EventId, EventId) = ("65.1".parse().unwrap(), "65.10".parse().unwrap());
        assert_ne!(one, ten);
    }
}
