//! What was counted before a history begins, week by week: the past of a chart, told apart from what is simulated.

use super::backtest;
use super::tracks::Track;
use detente_learn::observed::{Observed, Series, later, series};
use detente_model::sim::rules::Rules;
use jiff::civil::Date;
use std::sync::OnceLock;

/// Weeks of it that are shown.
pub const WEEKS: usize = 52;

/// The weeks of one series up to the day before a scenario begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// The series.
    pub series: &'static Series,
    /// First day of the first week.
    pub from: Date,
    /// Values by week; none where a week was not counted whole.
    pub weeks: Vec<Option<f64>>,
}

impl Counted {
    /// The last week that was counted: its last day, and the value.
    #[must_use]
    pub fn last(&self) -> Option<(Date, f64)> {
        let week = self.weeks.iter().rposition(Option::is_some)?;
        Some((later(self.from, 7 * week as i32 + 6), self.weeks[week]?))
    }

    /// The largest value.
    #[must_use]
    pub fn most(&self) -> f64 {
        self.weeks.iter().flatten().copied().fold(0.0, f64::max)
    }
}

/// What was counted of what a track shows, in the year before the scenario begins; empty where nothing that may ship was.
#[must_use]
pub fn counted(track: Track, rules: &Rules) -> Vec<Counted> {
    static OBSERVED: OnceLock<Observed> = OnceLock::new();
    let observed = OBSERVED.get_or_init(Observed::embedded);
    let from = later(rules.frame.start, -7 * WEEKS as i32);
    let of = |id: &&'static str| {
        let counted = Counted { series: series(id)?, from, weeks: observed.weekly(id, from, WEEKS) };
        counted.last().is_some().then_some(counted)
    };
    backtest::series(track, rules).iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weeks_end_on_the_day_before_the_scenario_begins_and_hold_what_was_counted() {
        let rules = Rules::new(&detente_model::scenario::load("november-2024").unwrap());
        let all = counted(Track::Fire(rules.front("LEB").unwrap()), &rules);
        let alerts = all.iter().find(|counted| counted.series.id == "alerts.lebanon").unwrap();
        assert_eq!(alerts.weeks.len(), WEEKS);
        let (last, value) = alerts.last().unwrap();
        assert_eq!(later(last, 1), rules.frame.start);
        let observed = Observed::embedded();
        let by_hand: f64 =
            observed.of("alerts.lebanon").iter().filter(|row| row.from >= later(last, -6)).map(|row| row.value).sum();
        assert!((value - by_hand).abs() < 1e-9 && value > 100.0, "{value}, {by_hand}");
        // Nothing was counted before the series begin, nor of what has none.
        let early = Rules::new(&detente_model::scenario::load("october-2023").unwrap());
        assert_eq!(counted(Track::Fire(early.front("LEB").unwrap()), &early), Vec::new());
        assert_eq!(counted(Track::Oil, &rules), Vec::new());
    }
}
