//! `--set LEVER=VALUE[@DAY]`: from words to lever changes, refusing everything that is wrong at once.

use crate::scenario::nearest;
use crate::symbols::levers::{LEVERS, Lever, LeverChange};
use jiff::civil::Date;
use noisy_float::prelude::R64;

/// Reads every `--set`, for a run of `days` days from `start`.
///
/// # Errors
/// One sentence per mistake.
pub(super) fn read(settings: &[String], start: Date, days: u32) -> Result<Vec<LeverChange>, Vec<String>> {
    read_from(0, settings, start, days)
}

/// The same for futures that begin on a day: levers move from there on, and none before.
///
/// # Errors
/// One sentence per mistake.
pub(super) fn read_from(
    first: i32,
    settings: &[String],
    start: Date,
    days: u32,
) -> Result<Vec<LeverChange>, Vec<String>> {
    let mut log: Vec<LeverChange> = Vec::new();
    let mut wrong = Vec::new();
    for text in settings {
        match one(first, text, start, days) {
            Ok(change) => match log.iter().find(|other| (other.lever, other.day) == (change.lever, change.day)) {
                Some(_) => wrong.push(format!(
                    "--set {text}: {} is set twice on day {}; keep one",
                    change.lever.id(),
                    change.day
                )),
                None => log.push(change),
            },
            Err(mistakes) => wrong.extend(mistakes.into_iter().map(|mistake| format!("--set {text}: {mistake}"))),
        }
    }
    log.sort_by_key(|change| change.day);
    if wrong.is_empty() { Ok(log) } else { Err(wrong) }
}

fn one(first: i32, text: &str, start: Date, days: u32) -> Result<LeverChange, Vec<String>> {
    let Some((id, rest)) = text.split_once('=').filter(|(id, _)| !id.is_empty()) else {
        return Err(vec!["write LEVER=VALUE or LEVER=VALUE@DAY, like unifil.troops=12000@60".to_owned()]);
    };
    let (value, day) = match rest.rsplit_once('@') {
        Some((value, day)) => (value, Some(day)),
        None => (rest, None),
    };
    let mut mistakes = Vec::new();
    let not_before = |day: i32| match day {
        _ if day >= first => Ok(day),
        _ => Err(format!("day {day} has passed: futures begin on day {first}")),
    };
    let day = day.map_or(Ok(first), |day| self::day(day, start, days).and_then(not_before));
    let day = day.map_err(|mistake| mistakes.push(mistake)).ok();
    let set = lever(id).and_then(|lever| lever.parse(value, start).map(|value| (lever, value)));
    let set = set.map_err(|mistake| mistakes.push(mistake)).ok();
    match (set, day) {
        (Some((lever, value)), Some(day)) => match R64::try_new(value) {
            Some(value) => Ok(LeverChange { day, lever, value }),
            None => Err(vec![format!("{id} takes a finite number")]),
        },
        _ => Err(mistakes),
    }
}

/// Reads one `--param`.
pub(super) fn param(text: &str) -> Result<(String, f64), String> {
    // An id may hold `>` and `|`, but no `=`.
    let Some((id, value)) = text.split_once('=').filter(|(id, _)| !id.trim().is_empty()) else {
        return Err("write ID=VALUE, like theta_war=9 or \"table.eta[LEB]=0.1\"".to_owned());
    };
    match value.trim().parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((id.trim().to_owned(), value)),
        _ => Err(format!("{} takes a finite number like 0.5, not `{value}`", id.trim())),
    }
}

fn lever(id: &str) -> Result<Lever, String> {
    match Lever::from_id(id) {
        Some(lever) => Ok(lever),
        None => Err(match nearest(id, LEVERS.iter().map(|row| row.id)) {
            Some(near) => format!("there is no lever `{id}`; did you mean `{near}`?"),
            None => format!("there is no lever `{id}`; `detente levers` lists them"),
        }),
    }
}

/// Reads a day of a run: a number, or a date.
///
/// # Errors
/// One sentence that says what is wrong.
pub(super) fn day(text: &str, start: Date, days: u32) -> Result<i32, String> {
    let last = i64::from(days) - 1;
    let date = |day: i64| start.checked_add(jiff::Span::new().days(day)).unwrap_or(start);
    let day = match (text.parse::<i64>(), text.parse::<Date>()) {
        (Ok(day), _) => day,
        (_, Ok(date)) => i64::from((date - start).get_days()),
        _ => return Err(format!("`{text}` is no day: write a day number like 60, or a date like 2025-01-20")),
    };
    if day < 0 {
        return Err(format!("{text} is before the first day; day 0 is {start}"));
    }
    match i32::try_from(day) {
        Ok(number) if day <= last => Ok(number),
        _ => Err(format!("{text} is after the last day of this run; that is day {last}, {}", date(last))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Date = jiff::civil::date(2024, 11, 8);

    fn read(settings: &[&str]) -> Result<Vec<LeverChange>, Vec<String>> {
        super::read(&settings.iter().map(|&text| text.to_owned()).collect::<Vec<_>>(), START, 365)
    }

    #[test]
    fn a_day_is_a_number_or_a_date() {
        let log =
            read(&["unifil.troops=12000@2024-11-18", "israel.disputed_areas=all", "unifil.troops=0@364"]).unwrap();
        let days: Vec<(i32, f64)> = log.iter().map(|change| (change.day, change.value.raw())).collect();
        assert_eq!(days, [(0, 2.0), (10, 12000.0), (364, 0.0)]);
    }

    #[test]
    fn where_futures_begin_later_levers_move_from_there_on() {
        let of = |settings: &[&str]| {
            let settings: Vec<String> = settings.iter().map(|&text| text.to_owned()).collect();
            super::read_from(60, &settings, START, 365)
        };
        let days: Vec<i32> = of(&["unifil.troops=0", "unifil.troops=9000@61"]).unwrap().iter().map(|c| c.day).collect();
        assert_eq!(days, [60, 61]);
        assert_eq!(
            of(&["unifil.troops=0@59"]).unwrap_err(),
            ["--set unifil.troops=0@59: day 59 has passed: futures begin on day 60"]
        );
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let wrong = read(&[
            "unifil.troups=1",
            "unifil.troops",
            "unifil.troops=99999@-3",
            "unifil.troops=1@2025-11-08",
            "unifil.troops=1@soon",
            "unifil.troops=1@99999999999",
            "us.sanctions_pressure=7",
            "zzz=0",
            "unifil.mandate=1",
            "unifil.mandate=2",
        ])
        .unwrap_err();
        insta::assert_snapshot!(wrong.join("\n"));
    }
}
