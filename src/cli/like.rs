//! `detente batch --list`: the numbers of futures that have something in common, from which one goes to a single history.

use super::args::{Batch, Params};
use super::failure::Failure;
use super::output::{self, CAVEAT, Grid, HEAD, styled, thousands};
use super::prepared::Prepared;
use super::progress::watched;
use super::threads::jobs;
use crate::futures::ensemble::{Worker, run_all};
use crate::record::outcome::{Escalation, Headline, Outcome, Settlement};
use crate::tables::provenance::Provenance;
use serde::Serialize;
use std::fmt::Write as _;

/// What futures have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Like {
    Headline(Headline),
    Ending(Escalation, Settlement),
    Deadliest,
}

impl Like {
    fn read(text: &str) -> Result<Self, Failure> {
        if text == "deadliest" {
            return Ok(Self::Deadliest);
        }
        if let Some(headline) = Headline::ALL.into_iter().find(|headline| headline.name() == text) {
            return Ok(Self::Headline(headline));
        }
        let cell = text.split_once('/').and_then(|(escalation, settlement)| {
            let escalation = Escalation::ALL.into_iter().find(|e| e.name() == escalation)?;
            Some(Self::Ending(escalation, Settlement::ALL.into_iter().find(|s| s.name() == settlement)?))
        });
        cell.ok_or_else(|| {
            let names = Headline::ALL.map(Headline::name).join(", ");
            let [rows, columns] = [Escalation::ALL.map(Escalation::name), Settlement::ALL.map(Settlement::name)];
            Failure::refused(format!(
                "--list {text}: there is no such kind of future; it is one of {names}, deadliest, or a cell like {}/{}: one of {}, \
                 a stroke, and one of {}",
                rows[2],
                columns[0],
                rows.join(", "),
                columns.join(", ")
            ))
        })
    }
}

/// A future, and how it ended.
#[derive(Clone, Copy, Debug, Serialize)]
struct Ended {
    future: u64,
    #[serde(flatten)]
    outcome: Outcome,
    killed: u64,
}

#[derive(Serialize)]
struct Json<'a> {
    first: u64,
    runs: u64,
    #[serde(flatten)]
    of: Provenance,
    list: &'a str,
    futures: &'a [Ended],
}

/// Runs a batch and lists the futures of it that are so.
pub(super) fn list(prepared: &Prepared, args: &Batch, like: &str) -> Result<(), Failure> {
    let kind = Like::read(like)?;
    let plan = prepared.plan(&args.what, &args.many, prepared.log.clone());
    let futures = args.numbers();
    let runs = futures.end - futures.start;
    let worker = || Worker::new(&prepared.rules, &plan);
    let parts = watched(runs, |progress| {
        run_all(futures.clone(), jobs(&args.many), progress, worker, Vec::new, |worker, all, future| {
            let summary = worker.run(future);
            let so = match kind {
                Like::Headline(headline) => summary.outcome.headline == headline,
                Like::Ending(escalation, settlement) => {
                    (summary.outcome.escalation, summary.outcome.settlement) == (escalation, settlement)
                }
                Like::Deadliest => true,
            };
            if so {
                all.push(Ended { future, outcome: summary.outcome, killed: summary.killed_in_all() });
            }
        })
    })?;
    let Some(parts) = parts else { return Err(Failure::Interrupted("interrupted: nothing was listed".to_owned())) };
    let mut all: Vec<Ended> = parts.into_iter().flatten().collect();
    if kind == Like::Deadliest {
        all.sort_by_key(|ended| (std::cmp::Reverse(ended.killed), ended.future));
        all.truncate(all.len().div_ceil(20));
    } else {
        all.sort_by_key(|ended| ended.future);
    }
    if args.many.json {
        let of = prepared.provenance(args.what.seed, args.many.params.name());
        return output::json(&Json { first: futures.start, runs, of, list: like, futures: &all });
    }
    let mut text = styled(HEAD, prepared.title());
    let _ = writeln!(text, "\n{} of {} futures: {like}\n", thousands(all.len() as u64), thousands(runs));
    let mut grid = Grid::new(&[">future", "as it ended", ">killed"]);
    for ended in &all {
        grid.row([ended.future.to_string(), ended.outcome.headline.words().to_owned(), thousands(ended.killed)]);
    }
    text.push_str(&grid.text());
    if let Some(first) = all.first() {
        let params = match args.many.params {
            Params::Default => String::new(),
            drawn => format!(" --params {}", drawn.name()),
        };
        let _ = writeln!(
            text,
            "\nOne of them with its events, with the same scenario, days and levers: detente run --seed {} --future {}{params} \
             --out DIR",
            args.what.seed, first.future
        );
    }
    let _ = writeln!(text, "{CAVEAT}");
    output::text(&text)
}
