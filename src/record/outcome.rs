//! How a run ended: escalation × settlement, and the headline that sums it up (8, 12.14).

use crate::sim::rules::Rules;
use crate::sim::state::Agreement;
use crate::sim::tally::Tally;
use serde::{Deserialize, Serialize};

/// How far direct fire between states went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Escalation {
    /// No direct exchange.
    None,
    /// A direct strike of Iran and Israel, or of Iran and the United States, that did not spread.
    Contained,
    /// Three fronts at level 5 within a fortnight, one of them Iran-Israel; or direct fire on five days of a fortnight;
    /// or strikes both ways between Iran and the United States with another front at level 4.
    Regional,
}

/// What was settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// Nothing that lasted.
    None,
    /// A truce in Lebanon or Gaza.
    Piecemeal,
    /// The collective agreement, or five linked agreements.
    Collective,
}

/// The summary of the 3 × 3 table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Headline {
    /// Regional war.
    RegionalWar,
    /// Collective deal.
    CollectiveDeal,
    /// Piecemeal truce.
    PiecemealTruce,
    /// Contained exchange.
    ContainedExchange,
    /// Frozen war.
    Frozen,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Escalation.
    pub escalation: Escalation,
    /// Settlement.
    pub settlement: Settlement,
    /// Headline.
    pub headline: Headline,
}

impl Escalation {
    /// Every class.
    pub const ALL: [Self; 3] = [Self::None, Self::Contained, Self::Regional];
    /// Name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["none", "contained", "regional"][self as usize]
    }
}

impl Settlement {
    /// Every class.
    pub const ALL: [Self; 3] = [Self::None, Self::Piecemeal, Self::Collective];
    /// Name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["none", "piecemeal", "collective"][self as usize]
    }
}

impl Headline {
    /// Every class, in order of precedence.
    pub const ALL: [Self; 5] =
        [Self::RegionalWar, Self::CollectiveDeal, Self::PiecemealTruce, Self::ContainedExchange, Self::Frozen];
    /// Name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["regional_war", "collective_deal", "piecemeal_truce", "contained_exchange", "frozen"][self as usize]
    }
    /// For people.
    #[must_use]
    pub fn words(self) -> &'static str {
        ["regional war", "collective deal", "piecemeal truce", "contained exchange", "frozen war"][self as usize]
    }

    /// Regional war, then collective deal, then piecemeal truce, then contained exchange, then frozen.
    #[must_use]
    pub fn of(escalation: Escalation, settlement: Settlement) -> Self {
        match (escalation, settlement) {
            (Escalation::Regional, _) => Self::RegionalWar,
            (_, Settlement::Collective) => Self::CollectiveDeal,
            (_, Settlement::Piecemeal) => Self::PiecemealTruce,
            (Escalation::Contained, Settlement::None) => Self::ContainedExchange,
            (Escalation::None, Settlement::None) => Self::Frozen,
        }
    }
}

/// Days an agreement must have been in force to count, for horizons of at least [`LONG_HORIZON`] days.
const SETTLED_DAYS: i32 = 60;
/// From this horizon on; shorter runs count what is in force at the end.
const LONG_HORIZON: i32 = 120;
/// Agreements in force that make a deal collective.
const COLLECTIVE_TABLES: usize = 5;

/// How a run stands on the evening before `day`.
#[must_use]
pub fn outcome(rules: &Rules, tally: &Tally, agreements: &[Agreement], day: i32, linkage: f64) -> Outcome {
    let escalation = if tally.regional_since.is_some() {
        Escalation::Regional
    } else if tally.contained_since.is_some() {
        Escalation::Contained
    } else {
        Escalation::None
    };
    let needed = if day >= LONG_HORIZON { SETTLED_DAYS } else { 0 };
    let settled = |table: usize| agreements[table].in_force() && day - agreements[table].since >= needed;
    let named = |id: &str| rules.table(id).is_some_and(settled);
    let many = (0..agreements.len()).filter(|&t| settled(t)).count() >= COLLECTIVE_TABLES && linkage > 0.0;
    let settlement = if named("ALL") || many {
        Settlement::Collective
    } else if named("LEB") || named("GAZ") {
        Settlement::Piecemeal
    } else {
        Settlement::None
    };
    Outcome { escalation, settlement, headline: Headline::of(escalation, settlement) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headline_follows_the_order_of_precedence() {
        use Headline as H;
        let table: Vec<Vec<H>> =
            Escalation::ALL.iter().map(|&e| Settlement::ALL.iter().map(|&s| H::of(e, s)).collect()).collect();
        assert_eq!(
            table,
            [
                [H::Frozen, H::PiecemealTruce, H::CollectiveDeal],
                [H::ContainedExchange, H::PiecemealTruce, H::CollectiveDeal],
                [H::RegionalWar, H::RegionalWar, H::RegionalWar],
            ]
        );
    }
}
