//! Whose random numbers a run has: those of one future all along, or from a day on those of another that fans out from there.

use crate::sim::columns::Columns;
use crate::sim::probe::Probe;
use crate::sim::rules::Rules;
use crate::sim::world::{Fate, Simulation, Snapshot};
use crate::symbols::levers::LeverChange;

/// The fate of a run, day by day, and where it begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fates<'a> {
    /// Day 0, where it is not that of the scenario: a state that was observed and taken over.
    pub start: Option<&'a Snapshot>,
    /// That of its first day.
    pub first: Fate,
    /// The day from which another takes over, and that.
    pub then: Option<(i32, Fate)>,
}

impl From<Fate> for Fates<'_> {
    fn from(first: Fate) -> Self {
        Self { start: None, first, then: None }
    }
}

impl<'a> Fates<'a> {
    /// The same from another day 0 than the scenario's, if one is given.
    #[must_use]
    pub fn starting(self, start: Option<&'a Snapshot>) -> Self {
        Self { start, ..self }
    }

    /// Puts a world to day 0.
    pub(super) fn begin<P: Probe>(&self, simulation: &mut Simulation<P>, log: &[LeverChange]) {
        match self.start {
            Some(state) => simulation.restore(state, self.first, log.to_vec()),
            None => simulation.begin(self.first, log.to_vec()),
        }
    }

    /// The state of day 0 under these rules.
    pub(super) fn columns(&self, rules: &Rules) -> Columns {
        self.start.map_or_else(|| Columns::start(rules), |state| state.columns.clone())
    }

    /// A future that fans out from a day: to there the history of future 0 at the scenario's parameters, as everybody's is that
    /// looks at one history and asks what may follow; from there on a future of its own. On day 0 it is simply that future.
    #[must_use]
    pub fn from_day(day: i32, fate: Fate) -> Self {
        if day <= 0 {
            return fate.into();
        }
        Self { start: None, first: Fate { seed: fate.seed, future: 0, prior: false }, then: Some((day, fate)) }
    }

    /// That of a day.
    #[must_use]
    pub fn on(&self, day: i32) -> Fate {
        self.then.filter(|(from, _)| *from <= day).map_or(self.first, |(_, fate)| fate)
    }

    /// That of the last days.
    #[must_use]
    pub fn last(&self) -> Fate {
        self.on(i32::MAX)
    }

    /// The one that takes over on a day, if one does.
    #[must_use]
    pub fn begins(&self, day: i32) -> Option<Fate> {
        self.then.filter(|(from, _)| *from == day).map(|(_, fate)| fate)
    }
}
