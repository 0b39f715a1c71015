//! How a run ended: escalation × settlement, and the headline that sums it up (8, 12.14).

use crate::sim::rules::{Frame, Rules};
use crate::sim::state::Agreement;
use crate::sim::tally::Tally;
use crate::symbols::levers::{Lever, LeverChange, LeverSet};
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
    /// or strikes both ways between Iran and the United States with a front at level 4.
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
    /// The collective agreement, with nobody left out.
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
    /// No direct exchange and nothing settled: the wars of the day, open or frozen, go on.
    Unsettled,
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
    /// What falls into it, in words.
    #[must_use]
    pub fn definition(self) -> &'static str {
        match self {
            Self::RegionalWar => {
                "Three fronts at level 5 within a fortnight, Iran–Israel among them; or direct fire on five days of a fortnight; or strikes both ways between Iran and the United States with a front at level 4"
            }
            Self::CollectiveDeal => {
                "The one agreement with all, nobody left out, in force and holding, and no regional war"
            }
            Self::PiecemealTruce => "A truce in Lebanon or Gaza in force and holding, and no regional war",
            Self::ContainedExchange => {
                "Iran exchanged strikes with Israel or the United States, and it did not spread; nothing was settled"
            }
            Self::Unsettled => "No direct exchange, and nothing settled",
        }
    }

    /// Every class, in order of precedence.
    pub const ALL: [Self; 5] =
        [Self::RegionalWar, Self::CollectiveDeal, Self::PiecemealTruce, Self::ContainedExchange, Self::Unsettled];
    /// Name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["regional_war", "collective_deal", "piecemeal_truce", "contained_exchange", "unsettled"][self as usize]
    }
    /// For people.
    #[must_use]
    pub fn words(self) -> &'static str {
        ["regional war", "collective deal", "piecemeal truce", "contained exchange", "unsettled war"][self as usize]
    }

    /// Regional war, then collective deal, then piecemeal truce, then contained exchange, then unsettled war.
    #[must_use]
    pub fn of(escalation: Escalation, settlement: Settlement) -> Self {
        match (escalation, settlement) {
            (Escalation::Regional, _) => Self::RegionalWar,
            (_, Settlement::Collective) => Self::CollectiveDeal,
            (_, Settlement::Piecemeal) => Self::PiecemealTruce,
            (Escalation::Contained, Settlement::None) => Self::ContainedExchange,
            (Escalation::None, Settlement::None) => Self::Unsettled,
        }
    }
}

/// Days an agreement must have been in force to count, for horizons of at least [`LONG_HORIZON`] days.
const SETTLED_DAYS: i32 = 60;
/// From this horizon on; shorter runs count what is in force at the end.
const LONG_HORIZON: i32 = 120;

/// How a run stands on the evening before `day`, with these levers in force: `rules` may be those of its first day.
#[must_use]
pub fn outcome(rules: &Rules, tally: &Tally, agreements: &[Agreement], day: i32, levers: &LeverSet) -> Outcome {
    let rules = &*rules.under(levers);
    let escalation = if tally.regional_since.is_some() {
        Escalation::Regional
    } else if tally.contained_since.is_some() {
        Escalation::Contained
    } else {
        Escalation::None
    };
    let needed = if day >= LONG_HORIZON { SETTLED_DAYS } else { 0 };
    let settled = |table: usize| agreements[table].in_force() && day - agreements[table].since >= needed;
    // One deal with all leaves nobody out; one that does settles what it covers, as truces of its own would.
    let all = rules.table("ALL").is_some_and(settled) && rules.left_out(levers).is_none();
    let held = |id: &str| rules.table(id).and_then(|t| rules.holder(t, levers, agreements)).is_some_and(settled);
    let settlement = if all {
        Settlement::Collective
    } else if held("LEB") || held("GAZ") {
        Settlement::Piecemeal
    } else {
        Settlement::None
    };
    Outcome { escalation, settlement, headline: Headline::of(escalation, settlement) }
}

/// The essay's two conditions of an enduring peace (12.12). No outcome class stands for peace: preventing war is not
/// making peace, so these are shown beside the classes, met or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnduringPeace {
    /// Israel's settlements in the West Bank do not grow.
    pub settlements_not_growing: bool,
    /// Iran does not fund armed groups.
    pub no_funding_of_armed_groups: bool,
}

impl EnduringPeace {
    /// Read off the levers in force.
    #[must_use]
    pub fn of(levers: &LeverSet) -> Self {
        /// `israel.settlements`: the options below this one are growth.
        const FREEZE: f64 = 1.0;
        Self {
            settlements_not_growing: levers[Lever::IsraelSettlements] >= FREEZE,
            no_funding_of_armed_groups: levers[Lever::IranAxisFunding] <= 0.0,
        }
    }
}

/// The levers in force on the evening of `day`, under a user's changes laid over those of the scenario.
#[must_use]
pub fn levers_on(frame: &Frame, user: &[LeverChange], day: i32) -> LeverSet {
    let mut levers = frame.levers.clone();
    for change in frame.log_with(user).iter().filter(|change| change.day <= day) {
        levers.set(change.lever, change.value.raw());
    }
    levers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::recorder::record;
    use crate::sim::world::Fate;
    use crate::symbols::levers::Kind;
    use noisy_float::prelude::R64;

    #[test]
    fn each_condition_of_an_enduring_peace_reads_its_own_lever() {
        let of = |settlements: &str, funding: f64| {
            let mut levers = LeverSet::default();
            let Kind::Choice(options) = Lever::IsraelSettlements.row().kind else { panic!("a choice") };
            let option = options.iter().position(|option| *option == settlements).unwrap();
            levers.set(Lever::IsraelSettlements, option as f64);
            levers.set(Lever::IranAxisFunding, funding);
            let EnduringPeace { settlements_not_growing, no_funding_of_armed_groups } = EnduringPeace::of(&levers);
            (settlements_not_growing, no_funding_of_armed_groups)
        };
        assert_eq!(of("growth", 1.0), (false, false));
        assert_eq!(of("freeze", 1.0), (true, false));
        assert_eq!(of("withdrawal", 0.01), (true, false), "a little funding is funding");
        assert_eq!(of("growth", 0.0), (false, true));
        assert_eq!(of("withdrawal", 0.0), (true, true));
    }

    /// What the two conditions are read from is what a run has in force when it ends.
    #[test]
    fn levers_on_the_last_day_are_those_of_a_run() {
        let rules = Rules::new(&crate::scenario::load("october-2023").unwrap());
        let change = |day, lever, value| LeverChange { day, lever, value: R64::new(value) };
        let log = [
            change(3, Lever::IsraelSettlements, 1.0),
            change(9, Lever::IsraelSettlements, 0.0),
            change(30, Lever::IranDirectiveIri, 0.2),
        ];
        // The scenario moves a directive on 4 February 2024, day 119; a user's earlier change keeps it from coming.
        for (user, days) in [(&log[..], 9), (&log, 10), (&log, 125), (&log[..1], 119), (&log[..1], 120)] {
            let run = record(&rules, Fate { seed: 1, future: 0, prior: false }, user, days, |_| true).unwrap();
            assert_eq!(levers_on(&rules.frame, user, days as i32 - 1), run.end.levers, "{days} days");
        }
    }

    #[test]
    fn the_headline_follows_the_order_of_precedence() {
        use Headline as H;
        let table: Vec<Vec<H>> =
            Escalation::ALL.iter().map(|&e| Settlement::ALL.iter().map(|&s| H::of(e, s)).collect()).collect();
        assert_eq!(
            table,
            [
                [H::Unsettled, H::PiecemealTruce, H::CollectiveDeal],
                [H::ContainedExchange, H::PiecemealTruce, H::CollectiveDeal],
                [H::RegionalWar, H::RegionalWar, H::RegionalWar],
            ]
        );
    }
}
