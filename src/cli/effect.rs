//! `detente effect`: what a change changes, future by future on the same random numbers.

use super::args::{Effect as Args, Params};
use super::output::{self, Grid, HEAD, percent, short, styled, thousands};
use super::progress::watched;
use super::{CAVEAT, Failure, Prepared, jobs};
use crate::futures::effect::{Difference, Effect, Paired, effect as run_pairs};
use crate::record::outcome::Headline;
use crate::sim::rules::Rules;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::Ordering;

pub(super) fn effect(args: &Args) -> Result<(), Failure> {
    let prepared = Prepared::new(&args.what, &args.set)?;
    let baseline = prepared.plan(&args.what, &args.many, Vec::new());
    let changed = prepared.plan(&args.what, &args.many, prepared.log.clone());
    let runs = args.runs;
    let mut done = 0;
    let effect = watched(runs, |progress| {
        let effect = run_pairs(&prepared.rules, &baseline, &changed, runs, jobs(&args.many), progress);
        done = progress.done.load(Ordering::Relaxed);
        effect
    })?;
    let Some(effect) = effect else {
        return Err(Failure::Interrupted(format!(
            "interrupted after {} of {} pairs of futures; an effect is not kept, so start it again",
            thousands(done),
            thousands(runs)
        )));
    };
    if args.many.json {
        return output::json(&Json::of(&prepared, &effect));
    }
    output::text(&summary(&prepared, args, &effect))
}

#[derive(Serialize)]
struct Json<'a> {
    runs: u64,
    outcomes: Outcomes,
    /// Events a day.
    streams: BTreeMap<&'a str, Difference>,
    agreements: BTreeMap<&'a str, Agreement>,
}

#[derive(Serialize)]
struct Outcomes {
    headline: BTreeMap<&'static str, Change>,
}

#[derive(Serialize)]
struct Agreement {
    in_force_at_end: Change,
}

/// A mean without and with a change, and the paired difference with its 90 % interval.
#[derive(Serialize)]
pub(super) struct Change {
    baseline: f64,
    changed: f64,
    difference: f64,
    low: f64,
    high: f64,
}

impl From<&Paired> for Change {
    fn from(paired: &Paired) -> Self {
        let Difference { difference, low, high } = paired.difference();
        Self { baseline: paired.baseline_mean(), changed: paired.changed_mean(), difference, low, high }
    }
}

/// A difference of totals as a difference a day.
fn a_day(paired: &Paired, days: u32) -> Difference {
    let Difference { difference, low, high } = paired.difference();
    let days = f64::from(days.max(1));
    Difference { difference: difference / days, low: low / days, high: high / days }
}

impl<'a> Json<'a> {
    fn of(prepared: &'a Prepared, effect: &Effect) -> Self {
        let rules = &prepared.rules;
        let headline = Headline::ALL.iter().zip(&effect.headlines).map(|(h, paired)| (h.name(), paired.into()));
        let streams = rules.streams.iter().zip(&effect.events);
        let tables = rules.tables.iter().zip(&effect.in_force);
        Self {
            runs: effect.runs,
            outcomes: Outcomes { headline: headline.collect() },
            streams: streams.map(|(s, paired)| (s.id.text.as_str(), a_day(paired, prepared.days))).collect(),
            agreements: tables
                .map(|(t, paired)| (t.id.text.as_str(), Agreement { in_force_at_end: paired.into() }))
                .collect(),
        }
    }
}

/// An interval in words, where it says nothing, and in numbers, where it does.
pub(super) fn verdict(differ: u64, Difference { low, high, .. }: Difference, number: impl Fn(f64) -> String) -> String {
    if differ == 0 {
        "the same in every pair".to_owned()
    } else if low <= 0.0 && high >= 0.0 {
        "no detectable difference".to_owned()
    } else {
        format!("{} to {}", number(low), number(high))
    }
}

pub(super) fn signed(text: String, value: f64) -> String {
    if value > 0.0 { format!("+{text}") } else { text }
}

pub(super) fn points(value: f64) -> String {
    signed(format!("{:.1}", 100.0 * value), value)
}

fn shares(grid: &mut Grid, words: &str, paired: &Paired) {
    let difference = paired.difference();
    grid.row([
        words.to_owned(),
        percent(paired.baseline_mean()),
        percent(paired.changed_mean()),
        points(difference.difference),
        verdict(paired.differ, difference, points),
    ]);
}

fn summary(prepared: &Prepared, args: &Args, effect: &Effect) -> String {
    let rules = &prepared.rules;
    let params = match args.many.params {
        Params::Default => "parameters at their defaults",
        Params::Prior => "parameters drawn from their ranges",
    };
    let mut text = styled(HEAD, prepared.title());
    let _ = writeln!(text, "\n{} pairs of futures · seed {} · {params}", thousands(effect.runs), args.what.seed);
    for change in &prepared.log {
        let row = change.lever.row();
        let value = change.lever.say(change.value.raw(), rules.frame.start);
        let _ = writeln!(
            text,
            "changed: {} ({}) = {value} from {}",
            row.name,
            row.id,
            output::date(rules.date(change.day))
        );
    }
    let mut section = |title: &str, grid: &Grid| {
        let body = if grid.is_empty() { "  This scenario has none.\n".to_owned() } else { grid.text() };
        let _ = write!(text, "\n{}\n{body}", styled(HEAD, title));
    };

    let mut grid = Grid::new(&["", ">unchanged", ">changed", ">points", "90 % interval"]);
    for (headline, paired) in Headline::ALL.iter().zip(&effect.headlines) {
        shares(&mut grid, headline.words(), paired);
    }
    section("Outcome, share of futures", &grid);

    let mut grid = Grid::new(&["", ">unchanged", ">changed", ">points", "90 % interval"]);
    for (table, paired) in rules.tables.iter().zip(&effect.in_force) {
        shares(&mut grid, &table.name, paired);
    }
    section("Agreements in force at the end, share of futures", &grid);

    section("Fire, events a day", &fire(rules, effect, prepared.days));
    let _ = writeln!(text, "\n{CAVEAT}");
    text
}

fn fire(rules: &Rules, effect: &Effect, days: u32) -> Grid {
    let per_day = f64::from(days.max(1));
    let number = |value: f64| signed(short(value), value);
    let mut grid = Grid::new(&["stream", ">unchanged", ">changed", ">difference", "90 % interval"]);
    for (stream, paired) in rules.streams.iter().zip(&effect.events) {
        let difference = a_day(paired, days);
        grid.row([
            stream.id.text.clone(),
            short(paired.baseline_mean() / per_day),
            short(paired.changed_mean() / per_day),
            number(difference.difference),
            verdict(paired.differ, difference, number),
        ]);
    }
    grid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_that_spans_zero_is_said_in_words() {
        let number = |value: f64| format!("{value:.1}");
        let of = |low, high| Difference { difference: (low + high) / 2.0, low, high };
        let mut paired = Paired::default();
        assert_eq!(verdict(paired.differ, of(0.0, 0.0), number), "the same in every pair");
        paired.add(1, 2);
        assert_eq!(verdict(paired.differ, of(-1.0, 2.0), number), "no detectable difference");
        assert_eq!(verdict(paired.differ, of(-2.0, -1.0), number), "-2.0 to -1.0");
    }
}
