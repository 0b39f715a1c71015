//! `detente batch`: many futures, and how likely each outcome is.

use super::args::{Batch, Draws, Params};
use super::output::{self, FAINT, Grid, HEAD, percent, short, styled, thousands};
use super::progress::watched;
use super::{CAVEAT, Failure, Prepared, jobs, short_name};
use crate::futures::accumulate::{Accumulator, Counted, Share, share};
use crate::futures::blocks::{BLOCK, Manifest, Stop, Store, salvo_ledgers};
use crate::futures::ensemble::ensemble;
use crate::record::digest::of_text;
use crate::record::outcome::{Escalation, Headline, Settlement};
use crate::record::write::{LeverLine, ScenarioPart, Versions};
use crate::sim::rules::Rules;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

pub(super) fn batch(args: &Batch) -> Result<(), Failure> {
    let prepared = Prepared::new(&args.what, &args.set.set)?;
    let started = Instant::now();
    let (mut report, run_now) = match &args.out {
        Some(folder) => kept(&prepared, args, folder)?,
        None => unkept(&prepared, args)?,
    };
    let seconds = started.elapsed().as_secs_f64();
    let scenario_days = run_now as f64 * f64::from(prepared.days);
    report.seconds = Some(seconds);
    report.scenario_days_per_second = Some(if seconds > 0.0 { (scenario_days / seconds).round() } else { 0.0 });
    if args.many.json {
        return output::json(&report);
    }
    output::text(&summary(&prepared, args, &report))
}

/// Without a folder: statistics only.
fn unkept(prepared: &Prepared, args: &Batch) -> Result<(Report, u64), Failure> {
    let plan = prepared.plan(&args.what, &args.many, prepared.log.clone());
    let futures = args.numbers();
    let runs = futures.end - futures.start;
    let mut done = 0;
    let whole = watched(runs, |progress| {
        let whole = ensemble(&prepared.rules, &plan, futures, jobs(&args.many), progress);
        done = progress.done.load(std::sync::atomic::Ordering::Relaxed);
        whole
    })?;
    match whole {
        Some(whole) => Ok((Report::of(&prepared.rules, &whole), runs)),
        None => Err(Failure::Interrupted(format!(
            "interrupted after {} of {} futures; nothing was kept (with --out DIR a batch can be resumed)",
            thousands(done),
            thousands(runs)
        ))),
    }
}

/// In a folder: block by block, so that it can go on after an interruption.
fn kept(prepared: &Prepared, args: &Batch, folder: &Path) -> Result<(Report, u64), Failure> {
    let rules = &prepared.rules;
    let futures = args.numbers();
    let runs = futures.end - futures.start;
    let manifest = Manifest {
        versions: Versions::here(),
        first: futures.start,
        runs,
        days: prepared.days,
        seed: args.what.seed,
        params: args.many.params.name().to_owned(),
        lever_log: prepared.log.iter().map(|change| LeverLine::of(change, rules)).collect(),
        block: BLOCK,
        scenario: ScenarioPart {
            name: prepared.loaded.name.clone(),
            hash: prepared.loaded.hash.clone(),
            content: prepared.loaded.scenario.clone(),
        },
    };
    let store = Store::open(folder, manifest, args.resume)?;
    if store.is_finished() {
        let text = store.result(rules, args.draws.format())?;
        let report = serde_json::from_str(&text).map_err(|error| {
            let file = folder.join(Store::RESULT);
            Failure::refused(format!("{} is damaged: {error}; remove it and resume", file.display()))
        })?;
        return Ok((report, 0));
    }
    let pending = store.pending();
    let count = Store::count(&pending);
    let plan = prepared.plan(&args.what, &args.many, prepared.log.clone());
    let stopped = watched(count, |progress| store.run(rules, &plan, &pending, jobs(&args.many), progress))?;
    match stopped {
        Ok(()) => Ok((store.finish(rules, args.draws.format(), |whole| Report::of(rules, whole))?, count)),
        Err(stop) => {
            let kept = runs - Store::count(&store.pending());
            let kept = format!(
                "{} of {} futures are kept in {}; go on with the same command and --resume",
                thousands(kept),
                thousands(runs),
                folder.display()
            );
            Err(match stop {
                Stop::Asked => Failure::Interrupted(format!("interrupted: {kept}")),
                Stop::Refused(sentence) => Failure::refused(sentence),
                Stop::Trouble(trouble) => Failure::refused(format!("{trouble}; {kept}")),
            })
        }
    }
}

/// What an ensemble shows. The timings are of one process and are never kept in a file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Report {
    runs: u64,
    days: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scenario_days_per_second: Option<f64>,
    digest: String,
    outcomes: Outcomes,
    streams: BTreeMap<String, Stream>,
    salvos: BTreeMap<String, Salvos>,
    agreements: BTreeMap<String, Agreement>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Outcomes {
    headline: BTreeMap<String, Interval>,
    escalation: BTreeMap<String, Interval>,
    settlement: BTreeMap<String, Interval>,
}

/// A share with its 90 % interval.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Interval {
    p: f64,
    low: f64,
    high: f64,
}

impl From<Share> for Interval {
    fn from(Share { p, low, high }: Share) -> Self {
        Self { p, low, high }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Stream {
    per_day: PerDay,
}

/// Events a day: mean and quantiles over futures of a future's average.
#[derive(Debug, Serialize, Deserialize)]
struct PerDay {
    mean: f64,
    q05: f64,
    q50: f64,
    q95: f64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Salvos {
    per_run: PerRun,
}

/// Salvos in a future.
#[derive(Debug, Serialize, Deserialize)]
struct PerRun {
    mean: f64,
    q05: u64,
    q95: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Agreement {
    signed: Signed,
    in_force_at_end: f64,
    survival: Survival,
}

/// Share of futures that signed within so many days.
#[derive(Debug, Serialize, Deserialize)]
struct Signed {
    #[serde(rename = "30")]
    d30: f64,
    #[serde(rename = "60")]
    d60: f64,
}

/// Chance that an agreement lasts longer than so many days; null where none was watched that long.
#[derive(Debug, Serialize, Deserialize)]
struct Survival {
    #[serde(rename = "30")]
    d30: Option<f64>,
    #[serde(rename = "90")]
    d90: Option<f64>,
    #[serde(rename = "180")]
    d180: Option<f64>,
}

impl Report {
    pub(super) fn of(rules: &Rules, whole: &Accumulator) -> Self {
        let runs = whole.runs;
        let of = |count: u64| Interval::from(share(count, runs));
        let days = f64::from(whole.days.max(1));
        let per_day = |counted: &Counted| {
            let quantile = |q| counted.histogram.quantile(q) as f64 / days;
            PerDay { mean: counted.mean() / days, q05: quantile(0.05), q50: quantile(0.5), q95: quantile(0.95) }
        };
        let per_run = |counted: &Counted| PerRun {
            mean: counted.mean(),
            q05: counted.histogram.quantile(0.05),
            q95: counted.histogram.quantile(0.95),
        };
        let named = |name: &str| name.to_owned();
        // Serialising plain data into memory cannot fail.
        let digest = of_text(&serde_json::to_string(whole).unwrap_or_default());
        Self {
            runs,
            days: whole.days,
            seconds: None,
            scenario_days_per_second: None,
            digest,
            outcomes: Outcomes {
                headline: Headline::ALL.iter().map(|&h| (named(h.name()), of(whole.headline(h)))).collect(),
                escalation: Escalation::ALL.iter().map(|&e| (named(e.name()), of(whole.escalation(e)))).collect(),
                settlement: Settlement::ALL.iter().map(|&s| (named(s.name()), of(whole.settlement(s)))).collect(),
            },
            streams: rules
                .streams
                .iter()
                .zip(&whole.events)
                .map(|(stream, events)| (stream.id.text.clone(), Stream { per_day: per_day(events) }))
                .collect(),
            salvos: salvo_ledgers(rules)
                .map(|(ledger, direction)| (direction, Salvos { per_run: per_run(&whole.salvos[ledger][0]) }))
                .collect(),
            agreements: rules
                .tables
                .iter()
                .zip(&whole.agreements)
                .map(|(table, a)| {
                    let part = |count: u64| share(count, runs).p;
                    let agreement = Agreement {
                        signed: Signed { d30: part(a.signed_within(30)), d60: part(a.signed_within(60)) },
                        in_force_at_end: part(a.in_force_at_end),
                        survival: Survival { d30: a.survival(30), d90: a.survival(90), d180: a.survival(180) },
                    };
                    (table.id.text.clone(), agreement)
                })
                .collect(),
        }
    }
}

pub(super) fn summary(prepared: &Prepared, args: &Batch, report: &Report) -> String {
    let rules = &prepared.rules;
    let params = match args.many.params {
        Params::Default => "parameters at their defaults",
        Params::Prior => "parameters drawn from their ranges",
    };
    let mut text = styled(HEAD, prepared.title());
    let futures = args.numbers();
    let which = match futures.start {
        0 => output::counted(report.runs, "future"),
        first => format!("{} ({first} to {})", output::counted(report.runs, "future"), futures.end - 1),
    };
    let _ = writeln!(text, "\n{which} · seed {} · {params}", args.what.seed);
    let mut section = |title: &str, body: &str| {
        let _ = write!(text, "\n{}\n{body}", styled(HEAD, title));
    };
    section("Outcome", &outcomes(&report.outcomes));
    section("Fire, events a day", &streams(rules, report));
    section("Salvos between states, in a future", &salvos(rules, report));
    section("Agreements, share of futures", &agreements(rules, report));
    text.push('\n');
    if let Some(folder) = &args.out {
        let folder = folder.display();
        let draws = match (args.many.params, args.draws) {
            (Params::Prior, Draws::Csv) => ", and draws.csv with the parameters that each drew",
            (Params::Prior, Draws::Parquet) => ", and draws.parquet with the parameters that each drew",
            _ => "",
        };
        let _ = writeln!(text, "Written to {folder}: batch.json, and runs.csv with one row per future{draws}.");
    }
    let speed = report.scenario_days_per_second.filter(|speed| *speed > 0.0);
    let speed = speed.map_or_else(
        || "read from its folder".to_owned(),
        |speed| format!("{:.1} s, {} scenario-days a second", report.seconds.unwrap_or(0.0), thousands(speed as u64)),
    );
    let _ = writeln!(text, "{}\n{CAVEAT}", styled(FAINT, format!("Digest {} · {speed}", report.digest)));
    text
}

fn outcomes(outcomes: &Outcomes) -> String {
    let mut grid = Grid::new(&["", ">share", ">90 % interval"]);
    let mut add = |words: &str, interval: Option<&Interval>| {
        if let Some(Interval { p, low, high }) = interval {
            let range = format!("{:.1} – {:.1} %", 100.0 * low, 100.0 * high);
            grid.row([words.to_owned(), percent(*p), range]);
        }
    };
    for headline in Headline::ALL {
        add(headline.words(), outcomes.headline.get(headline.name()));
    }
    for (escalation, words) in Escalation::ALL.iter().zip(["no direct exchange", "contained exchange", "regional war"])
    {
        add(&format!("escalation: {words}"), outcomes.escalation.get(escalation.name()));
    }
    for (settlement, words) in Settlement::ALL.iter().zip(["none", "piecemeal", "collective"]) {
        add(&format!("settlement: {words}"), outcomes.settlement.get(settlement.name()));
    }
    grid.text()
}

fn streams(rules: &Rules, report: &Report) -> String {
    let mut grid = Grid::new(&["stream", "who on whom", ">mean", ">5 %", ">50 %", ">95 %"]);
    let name = |actor: usize| short_name(rules, actor);
    for stream in &rules.streams {
        if let Some(Stream { per_day }) = report.streams.get(&stream.id.text) {
            let who = format!("{} on {}", name(stream.attacker), name(stream.target));
            let numbers = [per_day.mean, per_day.q05, per_day.q50, per_day.q95].map(short);
            grid.row([stream.id.text.clone(), who].into_iter().chain(numbers));
        }
    }
    grid.text()
}

fn salvos(rules: &Rules, report: &Report) -> String {
    let mut grid = Grid::new(&["", "", ">mean", ">5 %", ">95 %"]);
    let name = |actor: usize| short_name(rules, actor);
    for (ledger, direction) in salvo_ledgers(rules) {
        if let Some(Salvos { per_run }) = report.salvos.get(&direction).filter(|s| s.per_run.mean > 0.0) {
            let ledger = &rules.ledgers[ledger];
            let who = format!("{} on {}", name(ledger.holder), name(ledger.against));
            grid.row([direction, who, short(per_run.mean), per_run.q05.to_string(), per_run.q95.to_string()]);
        }
    }
    if grid.is_empty() { "  None in any future.\n".to_owned() } else { grid.text() }
}

fn agreements(rules: &Rules, report: &Report) -> String {
    let heads =
        ["", "", ">signed in 30 days", ">60 days", ">in force at end", ">lasting 30 days", ">90 days", ">180 days"];
    let mut grid = Grid::new(&heads);
    let lasting = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), percent);
    for table in &rules.tables {
        if let Some(a) = report.agreements.get(&table.id.text) {
            grid.row([
                table.id.text.clone(),
                table.name.clone(),
                percent(a.signed.d30),
                percent(a.signed.d60),
                percent(a.in_force_at_end),
                lasting(a.survival.d30),
                lasting(a.survival.d90),
                lasting(a.survival.d180),
            ]);
        }
    }
    if grid.is_empty() { "  This scenario has none.\n".to_owned() } else { grid.text() }
}
