//! `detente batch`: many futures, and how likely each outcome is.

use super::args::{Batch, Draws};
use super::failure::Failure;
use super::output::{self, CAVEAT, FAINT, Grid, HEAD, short, styled, thousands};
use super::prepared::{Prepared, short_name};
use super::progress::watched;
use super::threads::jobs;
use crate::futures::accumulate::{Accumulator, Counted, FirstDays, Share, share};
use crate::futures::blocks::{BLOCK, Manifest, Stop, Store};
use crate::futures::ensemble::ensemble;
use crate::futures::hazard::{self, Hazard, carried};
use crate::futures::rows::salvo_ledgers;
use crate::futures::survival::Survival;
use crate::record::digest::of_text;
use crate::record::outcome::{Escalation, Headline, Settlement};
use crate::sim::rules::Rules;
use crate::tables::provenance::Provenance;
use crate::tables::table::Format;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

pub(super) fn batch(args: &Batch) -> Result<(), Failure> {
    if let Some(part) = args.part.filter(|_| args.design.is_none() && args.numbers().is_empty()) {
        return Err(Failure::refused(format!(
            "--part {}/{}: no future is left for this part; take {} parts at most",
            part.number,
            part.of,
            args.runs.unwrap_or_default()
        )));
    }
    if let Some(file) = &args.design {
        return super::design::design(args, file);
    }
    if let Some(like) = &args.list {
        return super::like::list(
            &Prepared::new(&args.what, &args.set.set)?.with(args.many.params)?.starting(&args.from)?,
            args,
            like,
        );
    }
    batch_of(&Prepared::new(&args.what, &args.set.set)?.with(args.many.params)?.starting(&args.from)?, args).map(|_| ())
}

/// Runs and shows a batch, and gives its digest.
pub(super) fn batch_of(prepared: &Prepared, args: &Batch) -> Result<String, Failure> {
    let started = Instant::now();
    let (report, run_now) = match &args.out {
        Some(folder) => kept(prepared, args, folder)?,
        None => unkept(prepared, args)?,
    };
    if args.timing {
        // Apart from the result: that is the same however long it took.
        let seconds = started.elapsed().as_secs_f64();
        let scenario_days = run_now as f64 * f64::from(prepared.days);
        let speed = if seconds > 0.0 { scenario_days / seconds } else { 0.0 };
        output::note(&format!(
            "{} futures run in {seconds:.1} s, {} scenario-days a second",
            thousands(run_now),
            thousands(speed as u64)
        ));
    }
    if report.runs > 0 {
        if args.many.json {
            output::json(&report)?;
        } else {
            output::text(&summary(prepared, args, &report))?;
        }
    }
    if report.partial {
        let kept = if report.runs > 0 { "what they show is printed" } else { "too early for results" };
        return Err(Failure::Interrupted(format!(
            "interrupted after {} of {} futures; {kept} (with --out DIR a batch can be resumed)",
            thousands(report.runs),
            thousands(args.numbers().end - args.numbers().start)
        )));
    }
    Ok(report.digest)
}

/// Futures after which a batch without a folder has something to show when it is interrupted.
const PART: u64 = 1024;

/// Without a folder: statistics only, of as many futures as there was time for.
fn unkept(prepared: &Prepared, args: &Batch) -> Result<(Report, u64), Failure> {
    let plan = prepared.plan(&args.what, &args.many, prepared.log.clone());
    let futures = args.numbers();
    let (first, runs) = (futures.start, futures.end - futures.start);
    let whole = watched(runs, |progress| {
        let mut whole = Accumulator::new(&prepared.rules, plan.days);
        let mut start = first;
        while start < futures.end {
            let part = start..(start + PART).min(futures.end);
            start = part.end;
            let Some(part) = ensemble(&prepared.rules, &plan, part, jobs(&args.many), progress) else { break };
            whole.merge(&part);
        }
        whole
    })?;
    let done = whole.runs;
    Ok((Report::of(&prepared.rules, of(prepared, args), (first, runs), &whole), done))
}

/// What the batch is of.
fn of(prepared: &Prepared, args: &Batch) -> Provenance {
    prepared.provenance(args.what.seed, args.many.params.name())
}

/// In a folder: block by block, so that it can go on after an interruption.
fn kept(prepared: &Prepared, args: &Batch, folder: &Path) -> Result<(Report, u64), Failure> {
    let rules = &prepared.rules;
    let of = of(prepared, args);
    let futures = args.numbers();
    let (first, runs) = (futures.start, futures.end - futures.start);
    let manifest = Manifest {
        of: of.clone(),
        first,
        runs,
        block: BLOCK,
        tables: Format::from(args.format).extension().to_owned(),
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
        Ok(()) => {
            let report =
                store.finish(rules, args.draws.format(), |whole| Report::of(rules, of, (first, runs), whole))?;
            Ok((report, count))
        }
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

/// What an ensemble shows. The same futures give the same bytes: how long they took is no part of it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Report {
    /// Number of the first future.
    first: u64,
    runs: u64,
    /// Whether fewer were run than asked for, because somebody stopped the run.
    partial: bool,
    #[serde(flatten)]
    of: Provenance,
    digest: String,
    outcomes: Outcomes,
    first_days: BTreeMap<String, FirstDay>,
    streams: BTreeMap<String, Stream>,
    killed: BTreeMap<String, InAFuture>,
    killed_in_all: InAFuture,
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
pub(super) struct Interval {
    pub(super) p: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

impl From<Share> for Interval {
    fn from(Share { p, low, high }: Share) -> Self {
        Self { p, low, high }
    }
}

impl Interval {
    fn words(&self) -> String {
        output::with_interval(self.p, self.low, self.high)
    }
}

/// Share of futures in which something came about at all, and within so many days.
#[derive(Debug, Serialize, Deserialize)]
struct FirstDay {
    ever: Interval,
    within: BTreeMap<String, Interval>,
    /// Month by month: of the futures in which it had not begun, those in which it does.
    hazard: Vec<Month>,
}

/// A month of 30 days (the last may be shorter).
#[derive(Debug, Serialize, Deserialize)]
struct Month {
    from_day: i32,
    to_day: i32,
    at_risk: u64,
    began: u64,
    #[serde(flatten)]
    share: Interval,
}

impl From<&Hazard> for Month {
    fn from(h: &Hazard) -> Self {
        Self { from_day: h.from, to_day: h.to - 1, at_risk: h.at_risk, began: h.began, share: h.share.into() }
    }
}

/// Days within which first days are counted.
const WITHIN: [i32; 4] = [30, 90, 180, 365];

#[derive(Debug, Serialize, Deserialize)]
struct Stream {
    per_day: PerDay,
    deaths: InAFuture,
}

/// A mean over futures with its 90 % interval; null where futures show no spread.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Mean {
    pub(super) mean: f64,
    low: Option<f64>,
    high: Option<f64>,
}

impl Mean {
    fn of(counted: &Counted) -> Self {
        let interval = counted.interval();
        Self { mean: counted.mean(), low: interval.map(|(low, _)| low), high: interval.map(|(_, high)| high) }
    }

    /// "268 (262–274)", or the mean alone.
    fn words(&self) -> String {
        let mean = short(self.mean);
        match (self.low, self.high) {
            (Some(low), Some(high)) => format!("{mean} ({}–{})", short(low), short(high)),
            _ => mean,
        }
    }

    /// "13,711 ± 214", in whole numbers: the mean and the longer arm of its interval, or the mean alone.
    pub(super) fn short_words(&self) -> String {
        let mean = thousands(self.mean.round() as u64);
        match (self.low, self.high) {
            (Some(low), Some(high)) => {
                let arm = (high - self.mean).max(self.mean - low);
                format!("{mean} ± {}", thousands(arm.ceil() as u64))
            }
            _ => mean,
        }
    }
}

/// Events a day: mean and quantiles over futures of a future's average.
#[derive(Debug, Serialize, Deserialize)]
struct PerDay {
    #[serde(flatten)]
    mean: Mean,
    q05: f64,
    q50: f64,
    q95: f64,
}

/// A count in a future: mean and quantiles over futures; quantiles above 1,023 are exact to 0.1 %.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct InAFuture {
    #[serde(flatten)]
    pub(super) mean: Mean,
    q05: u64,
    q50: u64,
    q95: u64,
}

impl InAFuture {
    pub(super) fn of(counted: &Counted) -> Self {
        let quantile = |q| counted.histogram.quantile(q);
        Self { mean: Mean::of(counted), q05: quantile(0.05), q50: quantile(0.5), q95: quantile(0.95) }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Salvos {
    per_run: PerRun,
}

/// Salvos in a future.
#[derive(Debug, Serialize, Deserialize)]
struct PerRun {
    #[serde(flatten)]
    mean: Mean,
    q05: u64,
    q95: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Agreement {
    signed: Signed,
    in_force_at_end: Interval,
    /// Agreements signed, in all futures.
    agreements: u64,
    survival: Lasting,
}

/// Share of futures that signed within so many days, and at all.
#[derive(Debug, Serialize, Deserialize)]
struct Signed {
    #[serde(rename = "30")]
    d30: Interval,
    #[serde(rename = "60")]
    d60: Interval,
    ever: Interval,
}

/// Share of agreements that last longer than so many days (Kaplan-Meier); null where none was watched that long.
#[derive(Debug, Serialize, Deserialize)]
struct Lasting {
    #[serde(rename = "30")]
    d30: Option<Watched>,
    #[serde(rename = "90")]
    d90: Option<Watched>,
    #[serde(rename = "180")]
    d180: Option<Watched>,
}

/// A survival with its 90 % interval and the agreements that were watched so long.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Watched {
    p: f64,
    low: f64,
    high: f64,
    at_risk: u64,
}

impl From<Survival> for Watched {
    fn from(Survival { p, low, high, at_risk }: Survival) -> Self {
        Self { p, low, high, at_risk }
    }
}

impl Report {
    /// What `asked` futures, counted from a first one, show: those that were run.
    pub(super) fn of(rules: &Rules, of: Provenance, (first, asked): (u64, u64), whole: &Accumulator) -> Self {
        let runs = whole.runs;
        let part = |count: u64| Interval::from(share(count, runs));
        let days = f64::from(whole.days.max(1));
        let per_day = |counted: &Counted| {
            let quantile = |q| counted.histogram.quantile(q) as f64 / days;
            let Mean { mean, low, high } = Mean::of(counted);
            let mean = Mean { mean: mean / days, low: low.map(|low| low / days), high: high.map(|high| high / days) };
            PerDay { mean, q05: quantile(0.05), q50: quantile(0.5), q95: quantile(0.95) }
        };
        let in_a_future = InAFuture::of;
        let per_run = |counted: &Counted| PerRun {
            mean: Mean::of(counted),
            q05: counted.histogram.quantile(0.05),
            q95: counted.histogram.quantile(0.95),
        };
        let named = |name: &str| name.to_owned();
        let hazards = hazard::all(whole);
        let first_days = FirstDays::NAMES.iter().zip(&whole.first).zip(&hazards).map(|((name, first), (_, months))| {
            let within = WITHIN.iter().filter(|&&within| within <= whole.days as i32);
            let within = within.map(|&within| (within.to_string(), part(first.range(..within).map(|(_, n)| n).sum())));
            let hazard = months.iter().map(Month::from).collect();
            (named(name), FirstDay { ever: part(first.values().sum()), within: within.collect(), hazard })
        });
        let streams = rules.streams.iter().zip(whole.events.iter().zip(&whole.deaths));
        let territories = rules.territories.iter().zip(&whole.killed);
        // Serialising plain data into memory cannot fail.
        let digest = of_text(&serde_json::to_string(whole).unwrap_or_default());
        Self {
            first,
            runs,
            partial: runs < asked,
            of,
            digest,
            outcomes: Outcomes {
                headline: Headline::ALL.iter().map(|&h| (named(h.name()), part(whole.headline(h)))).collect(),
                escalation: Escalation::ALL.iter().map(|&e| (named(e.name()), part(whole.escalation(e)))).collect(),
                settlement: Settlement::ALL.iter().map(|&s| (named(s.name()), part(whole.settlement(s)))).collect(),
            },
            first_days: first_days.collect(),
            streams: streams
                .map(|(stream, (events, deaths))| {
                    (stream.id.text.clone(), Stream { per_day: per_day(events), deaths: in_a_future(deaths) })
                })
                .collect(),
            killed: territories.map(|(territory, killed)| (territory.id.text.clone(), in_a_future(killed))).collect(),
            killed_in_all: in_a_future(&whole.killed_in_all),
            salvos: salvo_ledgers(rules)
                .map(|(ledger, direction)| (direction, Salvos { per_run: per_run(&whole.salvos[ledger][0]) }))
                .collect(),
            agreements: rules
                .tables
                .iter()
                .zip(&whole.agreements)
                .map(|(table, a)| {
                    let lasting = |age| a.spells.survival(age).map(Watched::from);
                    let agreement = Agreement {
                        signed: Signed {
                            d30: part(a.signed_within(30)),
                            d60: part(a.signed_within(60)),
                            ever: part(a.ever_signed()),
                        },
                        in_force_at_end: part(a.in_force_at_end),
                        agreements: a.spells.spells(),
                        survival: Lasting { d30: lasting(30), d90: lasting(90), d180: lasting(180) },
                    };
                    (table.id.text.clone(), agreement)
                })
                .collect(),
        }
    }
}

pub(super) fn summary(prepared: &Prepared, args: &Batch, report: &Report) -> String {
    let rules = &prepared.rules;
    let params = prepared.numbers(args.many.params);
    let mut text = styled(HEAD, prepared.title());
    let futures = args.numbers();
    let which = match futures.start {
        0 => output::counted(report.runs, "future"),
        first => format!("{} ({first} to {})", output::counted(report.runs, "future"), first + report.runs - 1),
    };
    let _ = writeln!(text, "\n{which} · seed {} · {params}", args.what.seed);
    if report.partial {
        let _ = writeln!(text, "Partial: {} were asked for.", output::counted(futures.end - futures.start, "future"));
    }
    let mut section = |title: &str, body: &str| {
        let _ = write!(text, "\n{}\n{body}", styled(HEAD, title));
    };
    section("Outcome, share of futures", &outcomes(&report.outcomes));
    section("What counts as a regional war", &regional_war());
    section("First day, share of futures within so many days", &first_days(report));
    section("Regional war by date: it begins, share of the futures without one so far", &hazards(rules, report));
    section("Fire, events a day", &streams(rules, report));
    section("Killed in a future, by routine fire, strikes and salvos", &killed(rules, report));
    section("Salvos between states, in a future", &salvos(rules, report));
    section("Agreements, share of futures", &agreements(rules, report));
    section("How long agreements last, share of agreements signed", &lasting(rules, report));
    let _ = writeln!(text, "\n{}", styled(FAINT, output::wrapped(NOTES, 98)));
    if let Some(folder) = &args.out {
        let format = Format::from(args.format).extension();
        let draws = match (args.many.params.draws(), args.draws) {
            (true, Draws::Csv) => ", draws.csv with the parameters that each future drew",
            (true, Draws::Parquet) => ", draws.parquet with the parameters that each future drew",
            _ => "",
        };
        let _ = writeln!(
            text,
            "Written to {}: batch.json, runs.{format} with one row per future, agreements.{format} with one per agreement{draws}, and \
             datapackage.json with what is in their columns; hazards.{format} has the chances by month.",
            folder.display()
        );
    }
    let _ = writeln!(text, "{}\n{CAVEAT}", styled(FAINT, format!("Digest {}", report.digest)));
    text
}

/// The definition of a regional war, and where more of it stands.
fn regional_war() -> String {
    let definition = Headline::RegionalWar.definition();
    format!("{}\n", output::wrapped(&format!("{definition}. {}", carried()), 98))
}

/// What the tables leave unsaid.
const NOTES: &str = "In brackets: 90 % intervals. A settlement is collective by the one deal with all, nobody left out. \
\"Lasting\" is Kaplan-Meier over all agreements signed, several in a future among them.";

fn outcomes(outcomes: &Outcomes) -> String {
    let mut grid = Grid::new(&["", ">share", ">90 % interval"]);
    let shares = |names: &[&str], class: &BTreeMap<String, Interval>| -> Vec<f64> {
        names.iter().map(|name| class.get(*name).map_or(0.0, |interval| interval.p)).collect()
    };
    let mut add = |words: &str, tenths: i64, interval: Option<&Interval>| {
        if let Some(Interval { low, high, .. }) = interval {
            let range = format!("{:.1} – {:.1} %", 100.0 * low, 100.0 * high);
            grid.row([words.to_owned(), output::percent_of(tenths), range]);
        }
    };
    // Rounded such that each set of classes sums to 100.0, and regional war is one number where it stands twice.
    let headline = output::tenths(&shares(&Headline::ALL.map(Headline::name), &outcomes.headline));
    for (headline, tenths) in Headline::ALL.iter().zip(&headline) {
        add(headline.words(), *tenths, outcomes.headline.get(headline.name()));
    }
    let escalation = shares(&Escalation::ALL.map(Escalation::name), &outcomes.escalation);
    let regional = headline[Headline::RegionalWar as usize];
    let quieter = rest_of(&escalation[..Escalation::Regional as usize], regional);
    let escalation = quieter.into_iter().chain([regional]);
    let words = ["no direct exchange", "contained exchange", "regional war"];
    for ((escalation, words), tenths) in Escalation::ALL.iter().zip(words).zip(escalation) {
        add(&format!("escalation: {words}"), tenths, outcomes.escalation.get(escalation.name()));
    }
    let settlement = output::tenths(&shares(&Settlement::ALL.map(Settlement::name), &outcomes.settlement));
    for ((settlement, words), tenths) in Settlement::ALL.iter().zip(["none", "piecemeal", "collective"]).zip(settlement)
    {
        add(&format!("settlement: {words}"), tenths, outcomes.settlement.get(settlement.name()));
    }
    grid.text()
}

/// Shares beside one that is rounded already to `taken` tenths of a per cent, such that all sum to 100.0.
fn rest_of(shares: &[f64], taken: i64) -> Vec<i64> {
    let sum: f64 = shares.iter().sum();
    let left = (1000 - taken) as f64 / 1000.0;
    let scale = if sum > 0.0 { left / sum } else { 0.0 };
    output::tenths(&shares.iter().map(|share| share * scale).collect::<Vec<_>>())
}

fn first_days(report: &Report) -> String {
    let mut grid = Grid::new(&["", ">30 days", ">90 days", ">180 days", ">365 days", ">ever"]);
    for (name, words) in FirstDays::NAMES.iter().zip(FirstDays::WORDS) {
        let Some(first) = report.first_days.get(*name) else { continue };
        let within = WITHIN.map(|w| first.within.get(&w.to_string()).map_or_else(|| "–".to_owned(), Interval::words));
        grid.row(std::iter::once(words.to_owned()).chain(within).chain([first.ever.words()]));
    }
    grid.text()
}

/// The hazard of a regional war month by month, and of its two roads.
fn hazards(rules: &Rules, report: &Report) -> String {
    let mut grid = Grid::new(&["from", "to", ">at risk", ">begins", ">after a preventive strike", ">by answers"]);
    let of = |name: &str| report.first_days.get(name).map_or(&[][..], |first| first.hazard.as_slice());
    let [war, opened, answered] = ["regional_war", "regional_after_preventive", "regional_by_answers"].map(of);
    for ((war, opened), answered) in war.iter().zip(opened).zip(answered) {
        let date = |day: i32| rules.date(day).to_string();
        let shares = [war, opened, answered].map(|month| month.share.words());
        grid.row([date(war.from_day), date(war.to_day), thousands(war.at_risk)].into_iter().chain(shares));
    }
    grid.text()
}

fn killed(rules: &Rules, report: &Report) -> String {
    let mut grid = Grid::new(&["", ">mean", ">5 %", ">50 %", ">95 %"]);
    let mut add = |name: &str, killed: &InAFuture| {
        let quantiles = [killed.q05, killed.q50, killed.q95].map(thousands);
        grid.row([name.to_owned(), killed.mean.words()].into_iter().chain(quantiles));
    };
    for territory in &rules.territories {
        if let Some(killed) = report.killed.get(&territory.id.text) {
            add(&territory.name, killed);
        }
    }
    add("in all", &report.killed_in_all);
    grid.text()
}

fn streams(rules: &Rules, report: &Report) -> String {
    let mut grid = Grid::new(&["stream", "who on whom", ">mean", ">5 %", ">50 %", ">95 %", ">killed in a future"]);
    let name = |actor: usize| short_name(rules, actor);
    for stream in &rules.streams {
        if let Some(Stream { per_day, deaths }) = report.streams.get(&stream.id.text) {
            let who = format!("{} on {}", name(stream.attacker), name(stream.target));
            let quantiles = [per_day.q05, per_day.q50, per_day.q95].map(short);
            let means = [per_day.mean, deaths.mean].map(|mean| mean.words());
            let [events, deaths] = means;
            grid.row([stream.id.text.clone(), who, events].into_iter().chain(quantiles).chain([deaths]));
        }
    }
    grid.text()
}

fn salvos(rules: &Rules, report: &Report) -> String {
    let mut grid = Grid::new(&["", "", ">mean", ">5 %", ">95 %"]);
    let name = |actor: usize| short_name(rules, actor);
    for (ledger, direction) in salvo_ledgers(rules) {
        if let Some(Salvos { per_run }) = report.salvos.get(&direction).filter(|s| s.per_run.mean.mean > 0.0) {
            let ledger = &rules.ledgers[ledger];
            let who = format!("{} on {}", name(ledger.holder), name(ledger.against));
            grid.row([direction, who, per_run.mean.words(), per_run.q05.to_string(), per_run.q95.to_string()]);
        }
    }
    if grid.is_empty() { "  None in any future.\n".to_owned() } else { grid.text() }
}

fn agreements(rules: &Rules, report: &Report) -> String {
    let mut grid = Grid::new(&["", "", ">signed in 30 days", ">60 days", ">ever", ">in force at end"]);
    for table in &rules.tables {
        if let Some(a) = report.agreements.get(&table.id.text) {
            let shares = [a.signed.d30, a.signed.d60, a.signed.ever, a.in_force_at_end].map(|share| share.words());
            grid.row([table.id.text.clone(), table.name.clone()].into_iter().chain(shares));
        }
    }
    if grid.is_empty() { "  This scenario has none.\n".to_owned() } else { grid.text() }
}

fn lasting(rules: &Rules, report: &Report) -> String {
    let mut grid = Grid::new(&["", "", ">agreements", ">30 days", ">90 days", ">180 days"]);
    for table in &rules.tables {
        let Some(a) = report.agreements.get(&table.id.text).filter(|a| a.agreements > 0) else { continue };
        let lasting = [a.survival.d30, a.survival.d90, a.survival.d180]
            .map(|survival| survival.map_or_else(|| "–".to_owned(), |s| output::with_interval(s.p, s.low, s.high)));
        grid.row([table.id.text.clone(), table.name.clone(), thousands(a.agreements)].into_iter().chain(lasting));
    }
    if grid.is_empty() { "  None was signed.\n".to_owned() } else { grid.text() }
}
