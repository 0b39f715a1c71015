//! `detente rank`: which lever moves an outcome most, from one day on.

use super::args::Rank;
use super::effect::{interval, points, signed};
use super::failure::Failure;
use super::output::{self, CAVEAT, FAINT, Grid, HEAD, percent, short, styled, thousands};
use super::prepared::Prepared;
use super::progress::watched;
use super::setting;
use super::threads::threads;
use crate::futures::effect::Difference;
use crate::futures::ensemble::Plan;
use crate::futures::interval::TAIL;
use crate::futures::rank::{Ended, Entrant, Metric, Ranked, Ranking, ends, rank as race};
use crate::record::outcome::{Headline, levers_on};
use crate::scenario::nearest;
use crate::sim::course::Course;
use crate::sim::rules::Rules;
use crate::sim::world::Fate;
use crate::symbols::levers::{Lever, LeverChange};
use crate::tables::provenance::Provenance;
use crate::tables::provenance::stated;
use noisy_float::prelude::R64;
use serde::Serialize;
use serde_json::Value;
use std::fmt::Write as _;

pub(super) fn rank(args: &Rank) -> Result<(), Failure> {
    let prepared = Prepared::new(&args.what, &args.set.set)?.with(args.params)?.starting(&args.from)?;
    let (metric, from_day) = asked(args, &prepared)?;
    let start = Start::of(&prepared, args, from_day);
    let field = Entries::of(&prepared, metric, &start);
    if field.entrants.is_empty() {
        return Err(Failure::refused(format!(
            "no lever of {} can move {}; `detente levers` says what each lever acts on",
            prepared.loaded.name, args.outcome
        )));
    }
    let total = args.runs * (field.entrants.len() as u64 + 1);
    let ranking = watched(total, |progress| {
        let jobs = threads(args.jobs);
        race(&prepared.rules, &start.unmoved, &field.entrants, metric, args.runs, jobs, progress)
    })?;
    let stopped = ranking.ended == Ended::Stopped;
    let ran = ranking.arms.iter().map(|arm| arm.pairs).sum::<u64>() + ranking.futures;
    // The first block is what makes the first table; its arms arrive together.
    let some = ranking.arms.iter().all(|arm| arm.pairs > 0);
    if some {
        let report = Report::of(args, &prepared, metric, &start, &field, &ranking, ran);
        if args.json {
            output::json(&report)?;
        } else {
            output::text(&text(args, &prepared, metric, &report, total))?;
        }
    }
    if stopped {
        let kept = if some { "the table so far is printed" } else { "too early for a table" };
        return Err(Failure::Interrupted(format!("interrupted after {} futures; {kept}", thousands(ran))));
    }
    Ok(())
}

/// The outcome and the day asked for, or everything that is wrong with either.
fn asked(args: &Rank, prepared: &Prepared) -> Result<(Metric, i32), Failure> {
    let mut wrong = Vec::new();
    let metric = metric(&args.outcome, &prepared.rules).map_err(|why| wrong.push(why)).ok();
    let day = match &args.from_day {
        None => Ok(0),
        Some(text) => setting::day(text, prepared.rules.frame.start, prepared.days),
    };
    let day =
        day.map_err(|why| wrong.push(format!("--from-day {}: {why}", args.from_day.as_deref().unwrap_or("")))).ok();
    match (metric, day) {
        (Some(metric), Some(day)) => Ok((metric, day)),
        _ => Err(Failure::Refused(wrong)),
    }
}

/// Reads `--outcome`.
pub(super) fn metric(text: &str, rules: &Rules) -> Result<Metric, String> {
    let tables = || rules.tables.iter().map(|table| table.id.text.as_str());
    let streams = || rules.streams.iter().map(|stream| stream.id.text.as_str());
    let unknown = |what: &str, id: &str, known: Vec<&str>| match nearest(id, known.iter().copied()) {
        Some(near) => format!("--outcome {text}: this scenario has no {what} `{id}`; did you mean `{near}`?"),
        None => format!("--outcome {text}: this scenario has no {what} `{id}`; there are {}", known.join(", ")),
    };
    let table = |id: &str| rules.table(id).ok_or_else(|| unknown("table", id, tables().collect()));
    let stream = |id: &str| rules.stream(id).ok_or_else(|| unknown("stream", id, streams().collect()));
    match text.split_once(':') {
        Some(("truce", id)) => Ok(Metric::InForce(table(id)?)),
        Some(("deaths", id)) => Ok(Metric::DeathsOf(stream(id)?)),
        Some(("events", id)) => Ok(Metric::EventsOf(stream(id)?)),
        None if text == "killed" => Ok(Metric::Killed),
        None if text == "deaths" => Ok(Metric::Deaths),
        _ => match Headline::ALL.iter().find(|headline| headline.name() == text) {
            Some(headline) => Ok(Metric::Headline(*headline)),
            None => {
                let classes = Headline::ALL.map(Headline::name).join(", ");
                Err(format!(
                    "--outcome {text}: take one of {classes}, killed, deaths, truce:TABLE, deaths:STREAM or events:STREAM"
                ))
            }
        },
    }
}

/// Where the futures start, with no lever moved.
struct Start {
    day: i32,
    unmoved: Plan,
}

impl Start {
    fn of(prepared: &Prepared, args: &Rank, day: i32) -> Self {
        let from = (day > 0).then(|| {
            let fate = Fate { seed: args.what.seed, future: 0, prior: false };
            let mut history: Course = Course::new(&prepared.rules, fate, prepared.log.clone());
            history.run(day as u32);
            history.snapshot().into()
        });
        // The two exclude each other: a nowcast is its own history.
        let from = from.or_else(|| prepared.origin());
        let unmoved = Plan {
            seed: args.what.seed,
            days: prepared.days - day as u32,
            prior: args.params.draws(),
            log: prepared.log.clone(),
            from,
        };
        Self { day, unmoved }
    }
}

/// Levers to be ranked and the arms that move them.
struct Entries {
    levers: Vec<Lever>,
    /// Value of each lever on the chosen day.
    now: Vec<f64>,
    /// Values that the arms set, in the order of `entrants`.
    values: Vec<f64>,
    entrants: Vec<Entrant>,
    /// Connected levers that cannot move the outcome, whatever their value.
    beyond_reach: Vec<Lever>,
}

impl Entries {
    fn of(prepared: &Prepared, metric: Metric, start: &Start) -> Self {
        let rules = &prepared.rules;
        let levers = levers_on(&rules.frame, &prepared.log, start.day);
        let log = rules.frame.log_with(&prepared.log);
        let mut all = Self {
            levers: Vec::new(),
            now: Vec::new(),
            values: Vec::new(),
            entrants: Vec::new(),
            beyond_reach: Vec::new(),
        };
        for &lever in Lever::ALL {
            if !metric.reached(rules, lever) {
                all.beyond_reach.push(lever);
                continue;
            }
            let now = levers[lever];
            // Holding a lever where it is changes something only if it would be moved later.
            let moves_later = log.iter().any(|change| change.lever == lever && change.day > start.day);
            let ends = ends(lever, start.day);
            let values: Vec<f64> =
                ends.into_iter().filter(|value| moves_later || value.to_bits() != now.to_bits()).collect();
            if values.is_empty() {
                continue;
            }
            let group = all.levers.len();
            all.levers.push(lever);
            all.now.push(now);
            for value in values {
                let Some(exact) = R64::try_new(value) else { continue };
                let mut log: Vec<LeverChange> = prepared.log.clone();
                log.retain(|change| change.lever != lever || change.day < start.day);
                log.push(LeverChange { day: start.day, lever, value: exact });
                log.sort_by_key(|change| change.day);
                all.values.push(value);
                all.entrants.push(Entrant { group, plan: Plan { log, ..start.unmoved.clone() } });
            }
        }
        all
    }
}

#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    of: Provenance,
    outcome: String,
    /// `share` of futures, or `count` in each.
    unit: &'static str,
    from_day: i32,
    /// The most pairs allowed for each lever at each end.
    runs: u64,
    ended: Ended,
    partial: bool,
    futures_run: u64,
    /// The outcome with no lever moved.
    baseline: f64,
    /// From the largest absolute effect to the smallest.
    levers: Vec<Row>,
    beyond_reach: Vec<&'static str>,
}

#[derive(Serialize)]
struct Row {
    lever: &'static str,
    now: Value,
    /// Whether its effect is separated at 99 % from that of the next lever; null for the last.
    separated_from_next: Option<bool>,
    /// Share of uses in which the intervals of all ends hold at once.
    interval_together: f64,
    /// Largest effect first.
    moved_to: Vec<End>,
    #[serde(skip)]
    of: Lever,
}

#[derive(Serialize)]
struct End {
    value: Value,
    pairs: u64,
    pairs_that_differ: u64,
    changed: f64,
    difference: f64,
    low: f64,
    high: f64,
    #[serde(skip)]
    words: String,
}

impl Report {
    fn of(
        args: &Rank,
        prepared: &Prepared,
        metric: Metric,
        start: &Start,
        field: &Entries,
        ranking: &Ranking,
        futures_run: u64,
    ) -> Self {
        let date = prepared.rules.frame.start;
        let end = |arm: usize, lever: Lever| {
            let Ranked { pairs, changed, effect, differ, .. } = ranking.arms[arm];
            let Difference { difference, low, high } = effect;
            let value = field.values[arm];
            // The scenario or the user moves it later; this arm does not let that happen.
            let kept = value.to_bits() == field.now[field.entrants[arm].group].to_bits();
            let words = format!("{}{}", if kept { "kept at " } else { "" }, lever.say(value, date));
            let value = stated(lever, value, date);
            End { value, pairs, pairs_that_differ: differ, changed, difference, low, high, words }
        };
        let row = |(place, &(group, leader)): (usize, &(usize, usize))| {
            let lever = field.levers[group];
            let others = (0..field.entrants.len()).filter(|&arm| field.entrants[arm].group == group && arm != leader);
            let mut others: Vec<End> = others.map(|arm| end(arm, lever)).collect();
            others.sort_by(|a, b| b.difference.abs().total_cmp(&a.difference.abs()));
            let mut moved_to = vec![end(leader, lever)];
            moved_to.append(&mut others);
            Row {
                lever: lever.id(),
                now: stated(lever, field.now[group], date),
                separated_from_next: ranking.separated.get(place).copied(),
                interval_together: 1.0 - 2.0 * TAIL,
                moved_to,
                of: lever,
            }
        };
        Self {
            of: prepared.provenance(args.what.seed, args.params.name()),
            outcome: args.outcome.clone(),
            unit: if metric.is_share() { "share" } else { "count" },
            from_day: start.day,
            runs: args.runs,
            ended: ranking.ended,
            partial: ranking.ended == Ended::Stopped,
            futures_run,
            baseline: ranking.baseline,
            levers: ranking.order.iter().enumerate().map(row).collect(),
            beyond_reach: field.beyond_reach.iter().map(|lever| lever.id()).collect(),
        }
    }
}

/// Characters of a bar on either side of the middle.
const BAR: usize = 10;

/// A bar from the middle to the left or right, as long as the effect is beside the largest.
fn bar(value: f64, largest: f64) -> String {
    let length = if largest > 0.0 { (BAR as f64 * value.abs() / largest).round() as usize } else { 0 };
    let (full, rest) = ("█".repeat(length), " ".repeat(BAR - length.min(BAR)));
    let blank = " ".repeat(BAR);
    if value < 0.0 { format!("{rest}{full}│{blank}") } else { format!("{blank}│{full}{rest}") }
}

fn text(args: &Rank, prepared: &Prepared, metric: Metric, report: &Report, full: u64) -> String {
    let rules = &prepared.rules;
    let params = prepared.numbers(args.params);
    let share = metric.is_share();
    let level = |value: f64| if share { percent(value) } else { short(value) };
    let number = |value: f64| if share { points(value) } else { signed(short(value), value) };

    let mut text = styled(HEAD, prepared.title());
    let from = output::date(rules.date(report.from_day));
    let origin = if report.from_day > 0 {
        format!("levers move on {from} (day {}) of the run with seed {}", report.from_day, report.of.seed)
    } else {
        format!("levers move on {from} (day 0) · seed {}", report.of.seed)
    };
    let _ = writeln!(text, "\n{origin} · {params}\n");
    let _ = writeln!(text, "{}", styled(HEAD, format!("Levers by their effect on: {}", metric.words(rules))));
    let _ = writeln!(text, "With no lever moved: {}\n", level(report.baseline));

    let size = if share { ">points" } else { ">difference" };
    let mut grid = Grid::new(&["", "lever", "now", "moved to", size, "90 % interval", "", ">pairs"]);
    let largest = report.levers.first().and_then(|row| row.moved_to.first()).map_or(0.0, |end| end.difference.abs());
    let same = |row: &Row| row.moved_to.iter().all(|end| end.pairs_that_differ == 0);
    for (place, row) in report.levers.iter().enumerate().filter(|(_, row)| !same(row)) {
        for (k, end) in row.moved_to.iter().enumerate() {
            let (mark, id, now) = if k == 0 {
                // Not set apart from the row above.
                let tied = place > 0 && report.levers[place - 1].separated_from_next == Some(false);
                let now = match &row.now {
                    Value::String(text) => text.clone(),
                    value => row.of.say(value.as_f64().unwrap_or_default(), rules.frame.start),
                };
                (format!("{}{}", if tied { "~" } else { " " }, place + 1), row.lever.to_owned(), now)
            } else {
                Default::default()
            };
            let ends = Difference { difference: end.difference, low: end.low, high: end.high };
            grid.row([
                mark,
                id,
                now,
                end.words.clone(),
                number(end.difference),
                interval(end.pairs_that_differ, ends, number),
                bar(end.difference, largest),
                thousands(end.pairs),
            ]);
        }
    }
    text.push_str(&grid.text());
    text.push('\n');
    let mut say = |sentence: &str| {
        let _ = writeln!(text, "{}", output::wrapped(sentence, 98));
    };
    if report.partial {
        say("Partial: the ranking was stopped before it ended.");
    }
    say(
        "~ before a place: its effect is not told apart from that of the place above, at 99 %. Each row moves one lever \
         and leaves the rest; effects of several together need not add up. The intervals of a lever's ends hold together at \
         90 %, so that showing the larger one first does not flatter it.",
    );
    let still: Vec<&Row> = report.levers.iter().filter(|row| same(row)).collect();
    if let Some(fewest) = still.iter().flat_map(|row| &row.moved_to).map(|end| end.pairs).min() {
        let all = still.iter().map(|row| row.lever).collect::<Vec<_>>().join(", ");
        say(&format!("The same in every pair ({} or more each): {all}.", thousands(fewest)));
    }
    if !report.beyond_reach.is_empty() {
        let all = report.beyond_reach.join(", ");
        say(&format!("Without any path to this outcome, so not run: {all}."));
    }
    let why = match report.ended {
        Ended::Settled => "every place is told apart from the next, or too close to matter",
        Ended::Open => "places marked ~ are close, or would need more pairs (--runs)",
        Ended::Stopped => "stopped",
    };
    let cost = format!(
        "{} futures run; each lever to {} pairs would have been {}; {why}.",
        thousands(report.futures_run),
        thousands(args.runs),
        thousands(full)
    );
    let _ = writeln!(text, "{}\n\n{CAVEAT}", styled(FAINT, output::wrapped(&cost, 98)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_grow_to_either_side_of_the_middle() {
        assert_eq!(bar(0.0, 1.0), "          │          ");
        assert_eq!(bar(1.0, 1.0), "          │██████████");
        assert_eq!(bar(-0.5, 1.0), "     █████│          ");
        assert_eq!(bar(0.0, 0.0).chars().count(), 2 * BAR + 1);
    }

    #[test]
    fn levers_go_to_both_ends_to_each_option_or_to_the_day() {
        assert_eq!(ends(Lever::UnifilTroops, 5), [0.0, 15000.0]);
        assert_eq!(ends(Lever::IsraelDisputedAreas, 5), [0.0, 1.0, 2.0]);
        assert_eq!(ends(Lever::SignRoadmap, 5), [5.0, crate::symbols::levers::OFF]);
    }
}
