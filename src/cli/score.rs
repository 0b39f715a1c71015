//! `detente score`: forecasts from what was known at many dates, held against what came and beside simple rules.

use super::args::Score as Args;
use super::failure::Failure;
use super::observe::observed;
use super::output::{self, CAVEAT, FAINT, Grid, HEAD, short, styled, thousands};
use super::prepared::Prepared;
use super::progress::watched;
use super::threads::threads;
use crate::learn::observed::{Observed, SERIES, later};
use crate::learn::score::backtest::{Backtest, Ended, Plan, chosen, unscored};
use crate::learn::score::kept::{Manifest, Store};
use crate::learn::score::registered::{Standing, registered};
use crate::learn::score::summary::{Cell, Summary, ahead, baselines, words};
use crate::tables::provenance::{MODEL, Provenance};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What `score --json` prints and `score.json` holds.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    of: &'a Provenance,
    plan: &'a Plan,
    /// Digest of the observations.
    observed: &'a str,
    #[serde(flatten)]
    summary: &'a Summary,
    /// Series that have no forecast, and why.
    not_scored: &'a BTreeMap<String, String>,
    registered: &'a Standing,
}

pub(super) fn score(args: &Args) -> Result<(), Failure> {
    let prepared = Prepared::new(&args.what(), &[])?;
    let observed = observed(args.observed.as_deref())?;
    let mut plan = asked(args, &prepared, &observed)?;
    let rules = &prepared.rules;
    let mut backtest = Backtest::new(rules, &observed, &plan).map_err(Failure::Scenario)?;
    let mut not_scored: BTreeMap<String, String> = BTreeMap::new();
    for series in SERIES.iter().filter(|series| plan.series.iter().any(|id| id == series.id)) {
        if let Some(why) = unscored(series, backtest.nowcast(), &observed) {
            not_scored.insert(series.id.to_owned(), why.to_owned());
        }
    }
    if !not_scored.is_empty() {
        drop(backtest);
        plan.series.retain(|id| !not_scored.contains_key(id));
        backtest = Backtest::new(rules, &observed, &plan).map_err(Failure::Scenario)?;
    }
    let mut of = prepared.provenance(args.seed, "prior");
    of.days = backtest.nowcast().days();
    let manifest = Manifest {
        of,
        plan: plan.clone(),
        observed: observed.name.clone(),
        observed_digest: observed.digest().to_owned(),
    };
    let store = match &args.out {
        None => None,
        Some(folder) => Some(Store::open(folder, &manifest, args.resume).map_err(Failure::refused)?),
    };
    let done = store.as_ref().map_or_else(Vec::new, |store| store.there(&plan));
    let jobs = threads(args.jobs);
    let records = watched(backtest.work(), |progress| {
        backtest.run(&done, jobs, progress, |record| store.as_ref().map_or(Ok(()), |store| store.keep(record)))
    })?;
    let records = records.map_err(|ended| match (ended, &args.out) {
        (Ended::Refused(sentence), _) => Failure::refused(sentence),
        (Ended::Stopped, Some(out)) => Failure::Interrupted(format!(
            "interrupted: origins that are done are kept in {}; go on with the same command and --resume",
            out.display()
        )),
        (Ended::Stopped, None) => Failure::Interrupted("interrupted: with --out DIR a score can be resumed".to_owned()),
    })?;
    let summary = Summary::of(&records, &plan);
    for id in plan.series.iter().filter(|id| !summary.series.contains_key(*id)) {
        not_scored.insert(
            id.clone(),
            "no week was counted behind an origin that has eight counted weeks before it".to_owned(),
        );
    }
    let standing = registered().map_err(Failure::refused)?.against(MODEL, &prepared.loaded.name, &plan);
    let report = Report {
        of: &manifest.of,
        plan: &plan,
        observed: observed.digest(),
        summary: &summary,
        not_scored: &not_scored,
        registered: &standing,
    };
    if let Some(store) = &store {
        store.finish(&report).map_err(Failure::refused)?;
    }
    if args.json {
        return output::json(&report);
    }
    output::text(&text(&prepared, &observed, records.len(), &report))
}

/// Days that a filter may run.
const MOST_DAYS: i32 = 3650;
/// Origins of one score.
const MOST_ORIGINS: usize = 1000;

/// What is asked for, or everything that is wrong with it.
fn asked(args: &Args, prepared: &Prepared, observed: &Observed) -> Result<Plan, Failure> {
    let mut wrong = Vec::new();
    let series = chosen(&args.series, observed).unwrap_or_else(|mistakes| {
        wrong.extend(mistakes);
        Vec::new()
    });
    let mut horizons = args.horizons.clone();
    horizons.sort_unstable();
    horizons.dedup();
    let (from, to) = args.origins;
    let plan = Plan {
        from,
        to,
        every: args.every,
        horizons,
        members: args.members,
        particles: args.particles as usize,
        series: series.iter().map(|series| series.id.to_owned()).collect(),
        seed: args.seed,
    };
    let (start, name) = (prepared.rules.frame.start, &prepared.loaded.name);
    let last = later(start, MOST_DAYS);
    if !(start..=last).contains(&from) || to > last {
        wrong.push(format!(
            "--origins {from}..{to}: {name} begins on {start}; name origins from then to {last}, or another scenario"
        ));
    } else if plan.origins().len() > MOST_ORIGINS {
        wrong.push(format!(
            "--origins {from}..{to}: that is {} origins, and {MOST_ORIGINS} are the most; take a larger --every",
            thousands(plan.origins().len() as u64)
        ));
    }
    if observed.series().next().is_none() {
        wrong.push(format!("{} holds no values; `detente observe` says what a folder holds", observed.name));
    }
    if wrong.is_empty() { Ok(plan) } else { Err(Failure::Refused(wrong)) }
}

fn text(prepared: &Prepared, observed: &Observed, origins: usize, report: &Report<'_>) -> String {
    let (plan, summary) = (report.plan, report.summary);
    let title = format!(
        "Scores · {} · {} origins from {} to {} · observations: {}",
        prepared.loaded.name,
        origins,
        output::date(plan.from),
        output::date(plan.to),
        output::shown(&observed.name)
    );
    let mut text = format!("{}\n", styled(HEAD, title));
    let _ = writeln!(
        text,
        "{}",
        styled(
            FAINT,
            "Mean CRPS of the weekly value, lower is better; beside it how much better than each simple rule, in %, with a 90 % interval."
        )
    );
    for &weeks in &plan.horizons {
        let cells: Vec<(&str, &Cell)> =
            summary.series.iter().filter_map(|(id, by)| Some((id.as_str(), by.get(&weeks.to_string())?))).collect();
        if cells.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n{}", styled(HEAD, ahead(weeks)));
        let mut headings = vec!["series".to_owned(), ">n".to_owned(), ">CRPS".to_owned()];
        headings.extend(baselines().iter().map(|name| format!(">{name}")));
        headings.extend([">in 50 %".to_owned(), ">in 90 %".to_owned()]);
        let mut grid = Grid::new(&headings.iter().map(String::as_str).collect::<Vec<_>>());
        for (id, cell) in &cells {
            let mut row = vec![(*id).to_owned(), cell.n.to_string(), short(cell.crps)];
            row.extend(baselines().iter().map(|name| cell.against(name).unwrap_or_else(|| "–".to_owned())));
            row.extend([cell.coverage50, cell.coverage90].map(|share| format!("{:.0} %", 100.0 * share)));
            grid.row(row);
        }
        text.push_str(&grid.text());
        if let Some(best) = summary.best.get(&weeks.to_string()) {
            let _ = writeln!(text, "  Better than all of them: {} of {} series.", best.better_than_all, best.of);
        }
    }
    let worse = worse(summary, &plan.horizons);
    if !worse.is_empty() {
        let _ = writeln!(text, "\n{}", styled(HEAD, "Worse than a simple rule"));
        for line in &worse {
            let _ = writeln!(text, "  {line}");
        }
    }
    if !summary.questions.is_empty() {
        let _ = writeln!(text, "\n{}", styled(HEAD, "Does it happen within 90 days?"));
        let mut grid =
            Grid::new(&["question", ">n", ">happened", ">mean chance", ">Brier", ">bits", "Brier of simple rules"]);
        for (name, asked) in &summary.questions {
            let others = asked.baselines.iter().map(|(name, [brier, _])| format!("{name} {}", short(*brier)));
            grid.row([
                name.clone(),
                asked.n.to_string(),
                asked.happened.to_string(),
                output::percent(asked.chance),
                short(asked.brier),
                short(asked.log),
                others.collect::<Vec<_>>().join(", "),
            ]);
        }
        text.push_str(&grid.text());
    }
    if !report.not_scored.is_empty() {
        let _ = writeln!(text, "\n{}", styled(HEAD, "Not scored"));
        for (id, why) in report.not_scored {
            let _ = writeln!(text, "  {id}: {why}");
        }
    }
    if summary.series.values().flat_map(BTreeMap::values).any(|cell| cell.few) {
        let _ = writeln!(text, "\nFewer than 30 forecasts say little: read them as dots, not as curves.");
    }
    let registered = report.registered.sentence(MODEL);
    let _ = writeln!(text, "\n{registered}\n{CAVEAT}");
    text
}

/// One line for each series and horizon that a simple rule forecasts better: the rule that does best.
fn worse(summary: &Summary, horizons: &[u32]) -> Vec<String> {
    let mut lines = Vec::new();
    for (id, by) in &summary.series {
        for (weeks, cell) in horizons.iter().filter_map(|&weeks| Some((weeks, by.get(&weeks.to_string())?))) {
            let mut better: Vec<(&str, f64)> = cell.worse_than().map(|(name, skill)| (name, skill.value)).collect();
            better.sort_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((worst, _)) = better.first() {
                let others = better.len() - 1;
                let rest = if others > 0 { format!(" (and worse than {others} more)") } else { String::new() };
                let sentence = cell.sentence(weeks, worst).unwrap_or_else(|| words(worst).to_owned());
                lines.push(format!("{id}, {sentence}{rest}"));
            }
        }
    }
    lines
}
