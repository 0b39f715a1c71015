//! `detente effect`: what a change changes, future by future on the same random numbers.

use super::args::Effect as Args;
use super::batch::Watched;
use super::failure::Failure;
use super::output::{self, CAVEAT, Grid, HEAD, short, styled, thousands, unsigned_zero};
use super::prepared::{Prepared, short_name};
use super::progress::watched;
use super::threads::jobs;
use crate::futures::effect::{Difference, Effect, Paired, effect as run_pairs, pairs};
use crate::futures::effect_rows::files;
use crate::futures::pairs::Store;
use crate::futures::rows::direction;
use crate::futures::survival::{AGES, PairedSpells};
use crate::record::outcome::Headline;
use crate::sim::rules::Rules;
use crate::tables::provenance::Provenance;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

pub(super) fn effect(args: &Args) -> Result<(), Failure> {
    effect_of(&Prepared::new(&args.what, &args.set)?.with(args.many.params)?.starting(&args.from)?, args).map(|_| ())
}

/// What an effect's folder holds.
pub(super) struct Kept {
    /// The result, as its file holds it.
    pub(super) result: Vec<u8>,
    /// The files beside it, by name.
    pub(super) beside: Vec<(&'static str, Vec<u8>)>,
}

/// Runs and shows an effect, and gives what its folder holds.
pub(super) fn effect_of(prepared: &Prepared, args: &Args) -> Result<Kept, Failure> {
    let of = || prepared.provenance(args.what.seed, args.many.params.name());
    let baseline = prepared.plan(&args.what, &args.many, Vec::new());
    let changed = prepared.plan(&args.what, &args.many, prepared.log.clone());
    let (runs, rules, jobs) = (args.runs, &prepared.rules, jobs(&args.many));
    let effect = match &args.out {
        None => watched(runs, |progress| run_pairs(rules, &baseline, &changed, runs, jobs, progress))?,
        Some(folder) => {
            let store = Store::open(folder, of(), runs, args.resume)?;
            let there = store.there(Effect::new(rules));
            let rest = runs - there.0.runs;
            let effect = watched(rest, |progress| {
                store.run(there, |block| pairs(rules, &baseline, &changed, block, jobs, progress))
            })??;
            if effect.runs == runs {
                store.finish(&effect, &Json::of(prepared, args, &effect), &files(rules, &effect, &of()))?;
            }
            effect
        }
    };
    let json = Json::of(prepared, args, &effect);
    if effect.runs > 0 {
        if args.many.json {
            output::json(&json)?;
        } else {
            output::text(&summary(prepared, args, &effect))?;
        }
    }
    if effect.runs < runs {
        let shown = if effect.runs > 0 { "what they show is printed" } else { "too early for results" };
        let kept = args.out.as_ref().map_or_else(
            || "with --out DIR an effect can be resumed".to_owned(),
            |folder| format!("they are kept in {}; go on with the same command and --resume", folder.display()),
        );
        return Err(Failure::Interrupted(format!(
            "interrupted after {} of {} pairs of futures; {shown} ({kept})",
            thousands(effect.runs),
            thousands(runs)
        )));
    }
    let mut bytes = Vec::new();
    // Serialising plain data into memory cannot fail.
    let _ = crate::tables::folder::json(&mut bytes, &json);
    Ok(Kept { result: bytes, beside: files(rules, &effect, &of()).into() })
}

#[derive(Serialize)]
struct Json<'a> {
    runs: u64,
    /// Whether fewer pairs were run than asked for.
    partial: bool,
    #[serde(flatten)]
    of: Provenance,
    outcomes: Outcomes,
    /// Events and deaths a day.
    streams: BTreeMap<&'a str, Fire>,
    killed: BTreeMap<&'a str, Change>,
    killed_in_all: Change,
    /// Answers owed that were settled through mediators, by who owes to whom.
    settled: BTreeMap<String, Change>,
    /// Parts that fell from a collective deal in force.
    parts_fallen: Change,
    agreements: BTreeMap<&'a str, Agreement>,
}

#[derive(Serialize)]
struct Outcomes {
    headline: BTreeMap<&'static str, Change>,
}

#[derive(Serialize)]
struct Fire {
    events_per_day: Change,
    deaths: Change,
}

#[derive(Serialize)]
struct Agreement {
    signed: Change,
    in_force_at_end: Change,
    survival: BTreeMap<String, Option<Lasting>>,
}

/// Share of agreements that last longer than so many days, without and with a change.
#[derive(Serialize)]
pub(super) struct Lasting {
    baseline: Watched,
    changed: Watched,
    difference: f64,
    low: f64,
    high: f64,
    pairs_that_differ: u64,
}

impl Lasting {
    /// Of the agreements of a table; `None` where too few are signed to say.
    pub(super) fn of(spells: &PairedSpells, age: i32) -> Option<Self> {
        spells.survival(age).map(|(baseline, changed, Difference { difference, low, high })| Self {
            baseline: baseline.into(),
            changed: changed.into(),
            difference,
            low,
            high,
            pairs_that_differ: spells.differ,
        })
    }
}

/// A mean without and with a change, and the paired difference with its 90 % interval. Where counts differ in no pair, how
/// far they could differ is not known, and the interval is null.
#[derive(Serialize)]
pub(super) struct Change {
    baseline: f64,
    changed: f64,
    difference: f64,
    low: Option<f64>,
    high: Option<f64>,
    pairs_that_differ: u64,
}

impl Change {
    /// Of shares.
    pub(super) fn of_shares(paired: &Paired) -> Self {
        Self::new(paired, paired.difference_of_shares(), true, 1.0)
    }

    /// Of counts, each as so many a unit.
    pub(super) fn of_counts(paired: &Paired, units: f64) -> Self {
        Self::new(paired, paired.difference(), paired.differ > 0, units)
    }

    fn new(paired: &Paired, d: Difference, known: bool, units: f64) -> Self {
        Self {
            baseline: paired.baseline_mean() / units,
            changed: paired.changed_mean() / units,
            difference: d.difference / units,
            low: known.then_some(d.low / units),
            high: known.then_some(d.high / units),
            pairs_that_differ: paired.differ,
        }
    }
}

/// A difference of totals as a difference a day.
fn a_day(paired: &Paired, days: u32) -> Difference {
    let Difference { difference, low, high } = paired.difference();
    let days = f64::from(days.max(1));
    Difference { difference: difference / days, low: low / days, high: high / days }
}

impl<'a> Json<'a> {
    fn of(prepared: &'a Prepared, args: &Args, effect: &Effect) -> Self {
        let rules = &prepared.rules;
        let headline = Headline::ALL.iter().zip(&effect.headlines).map(|(h, p)| (h.name(), Change::of_shares(p)));
        let days = f64::from(prepared.days.max(1));
        let streams =
            rules.streams.iter().zip(effect.events.iter().zip(&effect.deaths)).map(|(s, (events, deaths))| {
                let fire =
                    Fire { events_per_day: Change::of_counts(events, days), deaths: Change::of_counts(deaths, 1.0) };
                (s.id.text.as_str(), fire)
            });
        let killed = rules.territories.iter().zip(&effect.killed);
        let settled = rules.ledgers.iter().zip(&effect.settled);
        let agreements = rules.tables.iter().enumerate().map(|(t, table)| {
            let spells = &effect.spells[t];
            let agreement = Agreement {
                signed: Change::of_shares(&effect.signed[t]),
                in_force_at_end: Change::of_shares(&effect.in_force[t]),
                survival: AGES.iter().map(|&age| (age.to_string(), Lasting::of(spells, age))).collect(),
            };
            (table.id.text.as_str(), agreement)
        });
        Self {
            runs: effect.runs,
            partial: effect.runs < args.runs,
            of: prepared.provenance(args.what.seed, args.many.params.name()),
            outcomes: Outcomes { headline: headline.collect() },
            streams: streams.collect(),
            killed: killed.map(|(t, paired)| (t.id.text.as_str(), Change::of_counts(paired, 1.0))).collect(),
            killed_in_all: Change::of_counts(&effect.killed_in_all, 1.0),
            settled: settled.map(|(l, paired)| (direction(&l.id.text), Change::of_counts(paired, 1.0))).collect(),
            parts_fallen: Change::of_counts(&effect.parts_fallen, 1.0),
            agreements: agreements.collect(),
        }
    }
}

/// An interval, and in words what it says where it says little. The interval is there in any case: where no difference shows,
/// it says how large one could still be.
pub(super) fn verdict(differ: u64, Difference { low, high, .. }: Difference, number: impl Fn(f64) -> String) -> String {
    let known = low < high;
    let interval = format!("{} to {}", number(low), number(high));
    if differ == 0 && known {
        format!("{interval}, the same in every pair")
    } else if differ == 0 {
        "the same in every pair".to_owned()
    } else if low <= 0.0 && high >= 0.0 {
        format!("{interval}, no detectable difference")
    } else {
        interval
    }
}

/// An interval for narrow tables.
pub(super) fn interval(
    differ: u64,
    Difference { low, high, .. }: Difference,
    number: impl Fn(f64) -> String,
) -> String {
    if differ == 0 && low >= high {
        "the same in every pair".to_owned()
    } else {
        format!("{} to {}", number(low), number(high))
    }
}

/// A number with its sign, but none before what is written as nothing.
pub(super) fn signed(text: String, value: f64) -> String {
    let nothing = text.bytes().all(|b| matches!(b, b'0' | b'.'));
    if value > 0.0 && !nothing { format!("+{text}") } else { text }
}

pub(super) fn points(value: f64) -> String {
    signed(unsigned_zero(format!("{:.1}", 100.0 * value)), value)
}

/// Rows of shares that sum to one: rounded such that they do as shown, and with differences of what is shown.
fn classes(grid: &mut Grid, rows: &[(&str, &Paired)]) {
    let tenths = |of: fn(&Paired) -> f64| output::tenths(&rows.iter().map(|row| of(row.1)).collect::<Vec<_>>());
    let (baseline, changed) = (tenths(Paired::baseline_mean), tenths(Paired::changed_mean));
    for (((words, paired), baseline), changed) in rows.iter().zip(baseline).zip(changed) {
        // The others' rounding makes no difference where there is none.
        let changed = if paired.differ == 0 { baseline } else { changed };
        share_row(grid, (*words).to_owned(), [baseline, changed], paired.differ, paired.difference_of_shares());
    }
}

/// A row of two shares in tenths of a per cent, their difference as shown, and its interval.
fn share_row(grid: &mut Grid, words: String, [baseline, changed]: [i64; 2], differ: u64, d: Difference) {
    let difference = output::points_of(changed - baseline);
    let [baseline, changed] = [baseline, changed].map(output::percent_of);
    grid.row([words, baseline, changed, difference, verdict(differ, d, points)]);
}

fn shares(grid: &mut Grid, words: &str, paired: &Paired) {
    let tenths = [paired.baseline_mean(), paired.changed_mean()].map(|share| (1000.0 * share).round() as i64);
    share_row(grid, words.to_owned(), tenths, paired.differ, paired.difference_of_shares());
}

fn summary(prepared: &Prepared, args: &Args, effect: &Effect) -> String {
    let rules = &prepared.rules;
    let params = prepared.numbers(args.many.params);
    let mut text = styled(HEAD, prepared.title());
    let _ = writeln!(text, "\n{} pairs of futures · seed {} · {params}", thousands(effect.runs), args.what.seed);
    if effect.runs < args.runs {
        let _ = writeln!(text, "Partial: {} pairs were asked for.", thousands(args.runs));
    }
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

    let heads = ["", ">unchanged", ">changed", ">points", "90 % interval"];
    let mut grid = Grid::new(&heads);
    let words = Headline::ALL.map(Headline::words);
    classes(&mut grid, &words.into_iter().zip(&effect.headlines).collect::<Vec<_>>());
    section("Outcome, share of futures", &grid);

    for (title, list) in [("signed", &effect.signed), ("in force at the end", &effect.in_force)] {
        let mut grid = Grid::new(&heads);
        for (table, paired) in rules.tables.iter().zip(list) {
            shares(&mut grid, &table.name, paired);
        }
        section(&format!("Agreements {title}, share of futures"), &grid);
    }

    let mut grid = Grid::new(&heads);
    for (table, spells) in rules.tables.iter().zip(&effect.spells) {
        for age in AGES {
            let Some((baseline, changed, difference)) = spells.survival(age) else { continue };
            let tenths = [baseline.p, changed.p].map(|share| (1000.0 * share).round() as i64);
            share_row(&mut grid, format!("{}, {age} days", table.name), tenths, spells.differ, difference);
        }
    }
    section("Agreements that last so long, share of agreements signed", &grid);

    section("Fire, events a day", &fire(rules, effect, prepared.days));
    section("Killed in a future, by routine fire, strikes and salvos", &killed(rules, effect));
    let grid = restrained(rules, effect);
    if !grid.is_empty() {
        section("Settled and fallen, in a future", &grid);
    }
    if let Some(folder) = &args.out {
        let _ = writeln!(
            text,
            "\nWritten to {}: effect.json, effect.csv with one row per measure and datapackage.json with what is in its columns; \
             --resume goes on to more pairs.",
            folder.display()
        );
    }
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

/// Answers owed that mediators settled, and parts that fell from a deal with all: rows where any did.
fn restrained(rules: &Rules, effect: &Effect) -> Grid {
    let number = |value: f64| signed(short(value), value);
    let mut grid = Grid::new(&["", ">unchanged", ">changed", ">difference", "90 % interval"]);
    let settled = rules.ledgers.iter().zip(&effect.settled).map(|(ledger, paired)| {
        let [holder, against] = [ledger.holder, ledger.against].map(|actor| short_name(rules, actor));
        (format!("answers of {holder} to {against} settled through mediators"), paired)
    });
    let fallen = ("parts fallen from the deal with all".to_owned(), &effect.parts_fallen);
    for (name, paired) in settled.chain([fallen]).filter(|(_, p)| p.baseline > 0 || p.changed > 0) {
        let difference = paired.difference();
        grid.row([
            name,
            short(paired.baseline_mean()),
            short(paired.changed_mean()),
            number(difference.difference),
            verdict(paired.differ, difference, number),
        ]);
    }
    grid
}

fn killed(rules: &Rules, effect: &Effect) -> Grid {
    let number = |value: f64| signed(short(value), value);
    let mut grid = Grid::new(&["", ">unchanged", ">changed", ">difference", "90 % interval"]);
    let territories = rules.territories.iter().map(|territory| territory.name.as_str()).zip(&effect.killed);
    for (name, paired) in territories.chain([("in all", &effect.killed_in_all)]) {
        let difference = paired.difference();
        grid.row([
            name.to_owned(),
            short(paired.baseline_mean()),
            short(paired.changed_mean()),
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
    fn an_interval_is_always_shown() {
        let number = |value: f64| format!("{value:.1}");
        let of = |low, high| Difference { difference: (low + high) / 2.0, low, high };
        let mut paired = Paired::default();
        assert_eq!(verdict(paired.differ, of(0.0, 0.0), number), "the same in every pair");
        assert_eq!(verdict(paired.differ, of(-0.5, 0.5), number), "-0.5 to 0.5, the same in every pair");
        paired.add(1, 2);
        assert_eq!(verdict(paired.differ, of(-1.0, 2.0), number), "-1.0 to 2.0, no detectable difference");
        assert_eq!(verdict(paired.differ, of(-2.0, -1.0), number), "-2.0 to -1.0");
    }

    #[test]
    fn nothing_has_no_sign() {
        assert_eq!([0.0001, -0.0001, 0.0, 0.016, -0.016].map(points), ["0.0", "0.0", "0.0", "+1.6", "-1.6"]);
    }

    /// A difference is that of the shares shown: 3.5 and 1.9 differ by 1.6, whatever the digits behind them say.
    #[test]
    fn differences_are_those_of_what_is_shown() {
        let mut first = Paired::default();
        let mut second = Paired::default();
        for future in 0..2000_u64 {
            let (b, c) = (u64::from(future < 69), u64::from(future < 39));
            first.add(b, c);
            second.add(1 - b, 1 - c);
        }
        let mut grid = Grid::new(&["", ">unchanged", ">changed", ">points", "90 % interval"]);
        classes(&mut grid, &[("a", &first), ("b", &second)]);
        let text = anstream::adapter::strip_str(&grid.text()).to_string();
        let rows: Vec<Vec<f64>> = text
            .lines()
            .skip(1)
            .map(|line| line.split_whitespace().filter_map(|word| word.parse().ok()).collect())
            .collect();
        for row in &rows {
            assert!((row[1] - row[0] - row[2]).abs() < 1e-9, "{text}");
        }
        assert!((rows[0][0] + rows[1][0] - 100.0).abs() < 1e-9, "{text}");
    }
}
