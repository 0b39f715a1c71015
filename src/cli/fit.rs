//! `detente fit`: what the record says about the numbers, number by number.

use super::args::Fit as Args;
use super::failure::Failure;
use super::observe::observed;
use super::output::{self, CAVEAT, FAINT, Grid, HEAD, short, styled, thousands, wrapped};
use super::prepared::Prepared;
use super::progress::watched;
use super::threads::threads;
use crate::learn::fit::kept::{Manifest, Store};
use crate::learn::fit::{Ended, Fit, Fitted, LAST, LEAST, Number, Plan};
use crate::learn::observed::Observed;
use crate::tables::folder::replace;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

/// What `fit --json` prints and `fit.json` holds.
#[derive(Serialize)]
struct Report<'a> {
    of: Of<'a>,
    #[serde(flatten)]
    numbers: &'a BTreeMap<String, Number>,
}

/// What a fit is of, and how it went.
#[derive(Serialize)]
struct Of<'a> {
    #[serde(flatten)]
    manifest: &'a Manifest,
    /// Contraction under which a number is not identified.
    least: f64,
    /// Figures of the record.
    figures: usize,
    /// Those of them that hardly any future has.
    outside: &'a [String],
    /// Futures near the record, by their weights.
    near: f64,
    reach_nothing: usize,
    narrowed_by_chance: f64,
    identified: usize,
    numbers: usize,
}

pub(super) fn fit(args: &Args) -> Result<(), Failure> {
    let prepared = Prepared::new(&args.what(), &[])?;
    let observed = observed(args.observed.as_deref())?;
    let until = args.until.unwrap_or(LAST);
    if until > LAST {
        return Err(Failure::refused(format!(
            "--until {until}: numbers are fitted to days to {LAST} and no later; what came afterwards is there to be foreseen"
        )));
    }
    let plan = Plan { until, futures: args.futures, seed: args.seed };
    begins(&prepared, until, &observed)?;
    let fit = Fit::new(&prepared.rules, &observed, plan.clone()).map_err(Failure::Scenario)?;
    let mut of = prepared.provenance(args.seed, "prior");
    of.days = fit.nowcast().days();
    let known = observed.as_of(until);
    let manifest =
        Manifest { of, plan: plan.clone(), observed: known.name.clone(), observed_digest: known.digest().to_owned() };
    let store = match &args.out {
        None => None,
        Some(folder) => Some(Store::open(folder, &manifest, args.resume).map_err(Failure::refused)?),
    };
    let done = store.as_ref().map_or_else(Vec::new, |store| store.there(&plan));
    let jobs = threads(args.jobs);
    let blocks = watched(fit.work(&done), |progress| {
        fit.run(done, jobs, progress, |block| store.as_ref().map_or(Ok(()), |store| store.keep(block)))
    })?;
    let blocks = blocks.map_err(|ended| match (ended, &args.out) {
        (Ended::Refused(sentence), _) => Failure::refused(sentence),
        (Ended::Stopped, Some(out)) => Failure::Interrupted(format!(
            "interrupted: futures that are done are kept in {}; go on with the same command and --resume",
            out.display()
        )),
        (Ended::Stopped, None) => Failure::Interrupted("interrupted: with --out DIR a fit can be resumed".to_owned()),
    })?;
    let fitted = fit.of(&blocks);
    let report = Report { of: Of::new(&manifest, &fitted), numbers: &fitted.numbers };
    if let Some(store) = &store {
        store.finish(&report).map_err(Failure::refused)?;
    }
    if let Some(path) = &args.write {
        let table = fit.table(&fitted).text();
        replace(path, true, |out| out.write_all(table.as_bytes()))?;
    }
    if args.json {
        return output::json(&report);
    }
    output::text(&text(&prepared, args, &plan, &fitted, &report.of))
}

/// Refuses days before the scenario begins, and a folder without values.
pub(super) fn begins(prepared: &Prepared, until: Date, observed: &Observed) -> Result<(), Failure> {
    let (start, name) = (prepared.rules.frame.start, &prepared.loaded.name);
    if until < start {
        return Err(Failure::refused(format!("{name} begins on {start}, and the record is to end on {until}")));
    }
    if observed.as_of(until).series().next().is_none() {
        let named = &observed.name;
        return Err(Failure::refused(format!(
            "{named} holds no values to {until}; `detente observe` says what a folder holds"
        )));
    }
    Ok(())
}

impl<'a> Of<'a> {
    fn new(manifest: &'a Manifest, fitted: &'a Fitted) -> Self {
        Self {
            manifest,
            least: LEAST,
            figures: fitted.figures,
            outside: &fitted.outside,
            near: fitted.near,
            reach_nothing: fitted.reach_nothing,
            narrowed_by_chance: fitted.narrowed_by_chance,
            identified: fitted.numbers.values().filter(|number| number.identified).count(),
            numbers: fitted.numbers.len(),
        }
    }
}

fn text(prepared: &Prepared, args: &Args, plan: &Plan, fitted: &Fitted, of: &Of<'_>) -> String {
    let title =
        format!("What the record says about the numbers · {} · to {}", prepared.loaded.name, output::date(plan.until));
    let mut text = format!("{}\n", styled(HEAD, title));
    let per_cent = |share: f64| format!("{:.0} %", 100.0 * share);
    let _ = writeln!(
        text,
        "{} futures · seed {} · {} figures of the record, near which {:.0} futures count",
        thousands(plan.futures),
        plan.seed,
        fitted.figures,
        fitted.near
    );
    if !fitted.outside.is_empty() {
        let said = format!(
            "Hardly any future has the record's {}: there the numbers are what a line through the futures says beyond their end.",
            fitted.outside.join(", ")
        );
        let _ = writeln!(text, "{}", wrapped(&said, 98));
    }
    let mut known: Vec<(&String, &Number)> = fitted.numbers.iter().filter(|(_, number)| number.identified).collect();
    known.sort_by(|a, b| b.1.contraction.total_cmp(&a.1.contraction));
    if known.is_empty() {
        text.push_str("\nNo number is identified.\n");
    } else {
        let mut grid =
            Grid::new(&["number", ">prior 5 %", ">median", ">95 %", ">then 5 %", ">median", ">95 %", ">contraction"]);
        for (id, number) in &known {
            let mut row = vec![(*id).clone()];
            for q in [&number.prior, &number.posterior] {
                row.extend([q.q05, q.q50, q.q95].map(short));
            }
            row.push(format!("{:.0} ± {:.0} %", 100.0 * number.contraction, 100.0 * number.error));
            grid.row(row);
        }
        let _ = write!(text, "\n{}\n{}", styled(HEAD, "Identified"), grid.text());
    }
    let said = format!(
        "Not identified: {} of {} numbers. Identified is what narrowed by {} at the least, clearly more than the Monte Carlo \
         error beside it, and by more than any of {} numbers that reach nothing in these days; those narrowed by up to {}.",
        of.numbers - of.identified,
        of.numbers,
        per_cent(LEAST),
        fitted.reach_nothing,
        per_cent(fitted.narrowed_by_chance)
    );
    let _ = writeln!(text, "\n{}", styled(FAINT, wrapped(&said, 98)));
    if let Some(folder) = &args.out {
        let _ = writeln!(text, "Written to {}: fit.json, and the figures of all futures.", folder.display());
    }
    if let Some(path) = &args.write {
        let _ = writeln!(text, "The posterior is in {}.", path.display());
    }
    let _ = writeln!(text, "{CAVEAT}");
    text
}
