//! Weeks of a series around an origin: those that were counted before it, and those that are to be forecast.

use crate::link::Bound;
use crate::observed::{Observation, Observed, days_between, later};
use jiff::civil::Date;

/// Days of a week.
pub const WEEK: i32 = 7;

/// A week that is to be forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// Dates from the first to the last, `every` days apart; none where the last lies before the first.
#[must_use]
pub fn origins(from: Date, to: Date, every: u32) -> Vec<Date> {
    let step = i32::try_from(every.max(1)).unwrap_or(i32::MAX);
    let mut all = Vec::new();
    let mut at = from;
    while at <= to {
        all.push(at);
        let next = later(at, step);
        if next <= at {
            break;
        }
        at = next;
    }
    all
}

/// The first day of the first week after an origin: the day after it, or where a series is counted by weeks, the day on which
/// its next one begins. Whether it is, its most frequent length of period says.
#[must_use]
pub fn first_day(list: &[Observation], origin: Date) -> Date {
    let next = later(origin, 1);
    let weekly = list.iter().filter(|row| row.days() == WEEK);
    let Some(last) = weekly.clone().next_back() else { return next };
    if 2 * weekly.count() <= list.len() {
        return next;
    }
    later(next, (days_between(next, last.from)).rem_euclid(WEEK))
}

/// The week that lies `horizon` weeks ahead of an origin, 1 being the next.
#[must_use]
pub fn target(first: Date, horizon: u32) -> Target {
    let from = later(first, WEEK * (horizon.max(1) as i32 - 1));
    Target { from, to: later(from, WEEK - 1) }
}

/// What was counted in the weeks before `first`, oldest first, as far back as the series goes; `None` for a week that was not
/// counted, or in which reports stood still.
#[must_use]
pub fn past(known: &Observed, bound: &Bound, first: Date) -> Vec<Option<f64>> {
    let id = bound.link.series;
    let Some([start, _]) = known.range(id) else { return Vec::new() };
    let weeks = days_between(start, first).max(0) / WEEK;
    let begin = later(first, -WEEK * weeks);
    let told = |week: usize| !bound.pauses(later(begin, WEEK * week as i32), later(begin, WEEK * week as i32 + 6));
    let values = known.weekly(id, begin, weeks as usize).into_iter().enumerate();
    values.map(|(week, value)| value.filter(|_| told(week))).collect()
}

/// What was counted in a week; `None` where it was not, or reports stood still.
#[must_use]
pub fn came(observed: &Observed, bound: &Bound, target: Target) -> Option<f64> {
    let value = observed.weekly(bound.link.series, target.from, 1).into_iter().next().flatten();
    value.filter(|_| !bound.pauses(target.from, target.to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn rows(from: Date, days: i32, count: i32) -> Vec<Observation> {
        let row = |i| {
            let from = later(from, days * i);
            Observation { from, to: later(from, days - 1), value: 1.0, vintage: None, source: String::new() }
        };
        (0..count).map(row).collect()
    }

    #[test]
    fn origins_are_as_far_apart_as_asked_and_end_where_asked() {
        let of = |to| origins(date(2024, 1, 4), to, 14).len();
        assert_eq!([date(2024, 1, 3), date(2024, 1, 4), date(2024, 2, 1), date(2024, 2, 2)].map(of), [0, 1, 3, 3]);
        assert_eq!(origins(Date::MAX, Date::MAX, 14), [Date::MAX]);
    }

    #[test]
    fn weeks_follow_the_origin_or_the_weeks_of_the_series() {
        let origin = date(2024, 3, 7);
        assert_eq!(first_day(&rows(date(2024, 1, 1), 1, 100), origin), date(2024, 3, 8));
        assert_eq!(first_day(&rows(date(2024, 1, 1), 31, 3), origin), date(2024, 3, 8));
        // Weeks from Monday: the next one begins on 11 March.
        assert_eq!(first_day(&rows(date(2024, 1, 1), 7, 30), origin), date(2024, 3, 11));
        assert_eq!(first_day(&rows(date(2024, 1, 1), 7, 30), date(2024, 3, 10)), date(2024, 3, 11));
        assert_eq!(first_day(&rows(date(2024, 1, 1), 7, 30), date(2024, 3, 11)), date(2024, 3, 18));
        let fourth = target(date(2024, 3, 8), 4);
        assert_eq!((fourth.from, fourth.to), (date(2024, 3, 29), date(2024, 4, 4)));
    }
}
