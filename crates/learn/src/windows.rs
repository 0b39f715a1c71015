//! Periods over which the model is held against what was counted, and steps after which particles may be resampled.
//!
//! Steps are weeks from Friday to Thursday, the first and last as far as the days go. Daily counts are summed over a step, or over
//! its parts where days are missing: reports of single days lag and lump, and their errors are not independent. Longer periods stay as
//! they are.

use crate::observed::{Observation, days_between, later};
use jiff::civil::{Date, Weekday};

/// A period and its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// First day, counted from the start.
    pub from: i32,
    /// Last day.
    pub to: i32,
    /// What was counted.
    pub value: f64,
}

/// Last day of the week of a date: the Thursday on or after it.
#[must_use]
pub fn end_of_week(date: Date) -> Date {
    later(date, i32::from(date.weekday().until(Weekday::Thursday)))
}

/// Last day of every step, counted from `start`, for the days from `start` to `until`. Empty if `until` lies before it.
#[must_use]
pub fn steps(start: Date, until: Date) -> Vec<i32> {
    let last = days_between(start, until);
    let first = days_between(start, end_of_week(start));
    let mut ends: Vec<i32> = (first..last).step_by(7).collect();
    if last >= 0 {
        ends.push(last);
    }
    ends
}

/// The same to the last of `stops`, with a step that ends on each of them.
#[must_use]
pub fn steps_to(start: Date, stops: &[Date]) -> Vec<i32> {
    let mut ends: Vec<i32> =
        stops.iter().flat_map(|stop| [days_between(start, *stop)]).filter(|day| *day >= 0).collect();
    if let Some(last) = stops.iter().max() {
        ends.extend(steps(start, *last));
    }
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// The windows of a series in order, of periods that lie within the steps. Of a stock every value is a window of its own, a day
/// long.
#[must_use]
pub fn windows(list: &[Observation], start: Date, steps: &[i32], stock: bool) -> Vec<Window> {
    let last = steps.last().copied().unwrap_or(-1);
    let mut windows: Vec<Window> = Vec::new();
    // The step in which the last window lies whole, if any does.
    let mut open: Option<i32> = None;
    for row in list {
        let (from, to) = (days_between(start, row.from), days_between(start, row.to));
        if stock {
            if (0..=last).contains(&to) {
                windows.push(Window { from: to, to, value: row.value });
            }
            continue;
        }
        if from < 0 || to > last {
            continue;
        }
        let end = steps[steps.partition_point(|end| *end < from)];
        let within = (to <= end).then_some(end);
        match windows.last_mut() {
            Some(before) if open.is_some() && open == within && before.to + 1 == from => {
                before.to = to;
                before.value += row.value;
            }
            _ => windows.push(Window { from, to, value: row.value }),
        }
        open = within;
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn row(from: Date, to: Date, value: f64) -> Observation {
        Observation { from, to, value, vintage: None, source: String::new() }
    }

    #[test]
    fn steps_end_on_thursdays_and_on_the_last_day() {
        // 8 October 2023 is a Sunday.
        assert_eq!(steps(date(2023, 10, 8), date(2023, 10, 25)), [4, 11, 17]);
        assert_eq!(steps(date(2023, 10, 8), date(2023, 10, 12)), [4]);
        assert_eq!(steps(date(2023, 10, 8), date(2023, 10, 8)), [0]);
        assert!(steps(date(2023, 10, 8), date(2023, 10, 7)).is_empty());
        assert_eq!(steps(date(2023, 10, 8), date(2024, 11, 7)).len(), 57);
    }

    #[test]
    fn a_step_ends_wherever_the_filter_is_to_stop() {
        let start = date(2023, 10, 8);
        assert_eq!(steps_to(start, &[date(2023, 10, 25)]), steps(start, date(2023, 10, 25)));
        assert_eq!(steps_to(start, &[date(2023, 10, 14), date(2023, 10, 19), date(2023, 10, 21)]), [4, 6, 11, 13]);
        assert!(steps_to(start, &[]).is_empty());
    }

    #[test]
    fn days_are_summed_within_a_week_and_longer_periods_stay() {
        let start = date(2023, 10, 8);
        let ends = steps(start, date(2023, 10, 26));
        let list = [
            row(date(2023, 10, 7), date(2023, 10, 8), 9.0),
            row(date(2023, 10, 9), date(2023, 10, 9), 1.0),
            row(date(2023, 10, 10), date(2023, 10, 11), 2.0),
            row(date(2023, 10, 13), date(2023, 10, 13), 4.0),
            row(date(2023, 10, 14), date(2023, 10, 22), 8.0),
            row(date(2023, 10, 23), date(2023, 10, 23), 16.0),
            row(date(2023, 10, 25), date(2023, 10, 25), 32.0),
            row(date(2023, 10, 26), date(2023, 10, 27), 64.0),
        ];
        let made: Vec<(i32, i32, f64)> =
            windows(&list, start, &ends, false).into_iter().map(|w| (w.from, w.to, w.value)).collect();
        assert_eq!(made, [(1, 3, 3.0), (5, 5, 4.0), (6, 14, 8.0), (15, 15, 16.0), (17, 17, 32.0)]);
        let stock = windows(&list[1..3], start, &ends, true);
        assert_eq!((stock[1].from, stock[1].to), (3, 3));
    }
}
