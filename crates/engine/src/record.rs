//! One future, recorded: tables, digest, and why what happened did.

use crate::bounds::bounds;
use crate::table::Table;
use crate::{Code, Error, Model, Order, Point};
use detente_model::record::explain::{Explanation, explain};
use detente_model::record::fates::Fates;
use detente_model::record::outcome::Outcome;
use detente_model::record::recorder::{self, EventId};
use detente_model::sim::rules::Rules;
use detente_model::sim::world::{Fate, Snapshot};
use detente_model::symbols::levers::LeverChange;
use detente_study::futures::ensemble::Beginning;
use detente_study::tables::dictionary::EVENTS;
use detente_study::tables::events::{events_table, series_table};
use std::sync::Arc;

/// One future of a model from its first day to its last, with all that happened in it.
pub struct Record {
    rules: Arc<Rules>,
    fate: Fate,
    start: Option<Snapshot>,
    log: Vec<LeverChange>,
    days: u32,
    run: recorder::Run,
    of: Vec<(String, String)>,
}

impl Model {
    /// Records one future.
    ///
    /// # Errors
    /// [`Code::Point`], [`Code::Order`], [`Code::Bound`].
    pub fn record(&self, seed: u64, future: u64, point: &Point, orders: &[Order], days: u32) -> Result<Record, Error> {
        bounds(seed, &(future..future.saturating_add(1)), days)?;
        let rules = self.placed(point)?;
        let log = self.log_within(orders, days)?;
        let fate = Fate { seed, future, prior: point.draws() };
        let (rules, start) = match self.beginning(future) {
            Some(Beginning { state, point }) => {
                let mut own = Rules::clone(&rules);
                own.settle(point);
                (Arc::new(own), Some(state.clone()))
            }
            None => (rules, None),
        };
        // Nothing stops it, so it is there.
        let run = recorder::record(&rules, Fates::from(fate).starting(start.as_ref()), &log, days, |_| true)
            .ok_or_else(|| Error::new(Code::Stopped, ["the run was stopped".to_owned()]))?;
        let of = self.about(seed, point, &log, days, Some(future));
        Ok(Record { rules, fate, start, log, days, run, of })
    }
}

impl Record {
    /// Everything that happened, a row each: the columns of `events.csv`.
    #[must_use]
    pub fn events(&self) -> Table {
        Table::of(events_table(&self.rules, &self.run.events), &EVENTS, self.of.clone())
    }

    /// Daily series, a row an evening: the columns of `series.csv`.
    #[must_use]
    pub fn series(&self) -> Table {
        Table::of(series_table(&self.rules, &self.run), &self.run.columns, self.of.clone())
    }

    /// What the run is, in 16 hexadecimal digits: those of `detente run`.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.run.digest.whole
    }

    /// How it ended: escalation, settlement and the class that sums both up.
    #[must_use]
    pub fn outcome(&self) -> [&'static str; 3] {
        let Outcome { escalation, settlement, headline } = self.run.outcome;
        [escalation.name(), settlement.name(), headline.name()]
    }

    /// Days run.
    #[must_use]
    pub fn days(&self) -> u32 {
        self.days
    }

    /// Why an event happened, in words and as JSON.
    ///
    /// # Errors
    /// [`Code::Name`] if the run has no such event.
    pub fn explain(&self, event: &str) -> Result<(String, String), Error> {
        let wrong = |why: String| Error::new(Code::Name, [why]);
        let id: EventId = event.parse().map_err(wrong)?;
        if id.day >= self.days as i32 {
            let last = self.days.saturating_sub(1);
            return Err(wrong(format!("there is no event {event}: the run ends on day {last}")));
        }
        let fates = Fates::from(self.fate).starting(self.start.as_ref());
        let explanation: Explanation = explain(&self.rules, fates, &self.log, id).map_err(wrong)?;
        // Serialising plain data into memory cannot fail.
        let json = serde_json::to_string(&explanation).unwrap_or_default();
        Ok((explanation.to_string().trim_end().to_owned(), json))
    }
}
