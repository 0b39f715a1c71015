//! Whose random numbers a run has: those of one future all along, or from a day on those of another that fans out from there.

use crate::sim::world::Fate;

/// The fate of a run, day by day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fates {
    /// That of its first day.
    pub first: Fate,
    /// The day from which another takes over, and that.
    pub then: Option<(i32, Fate)>,
}

impl From<Fate> for Fates {
    fn from(first: Fate) -> Self {
        Self { first, then: None }
    }
}

impl Fates {
    /// A future that fans out from a day: to there the history of future 0 at the scenario's parameters, as everybody's is that
    /// looks at one history and asks what may follow; from there on a future of its own. On day 0 it is simply that future.
    #[must_use]
    pub fn from_day(day: i32, fate: Fate) -> Self {
        if day <= 0 {
            return fate.into();
        }
        Self { first: Fate { seed: fate.seed, future: 0, prior: false }, then: Some((day, fate)) }
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
