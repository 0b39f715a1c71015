//! `detente contested`: what moving levers does under contested assumptions, camp by camp.

use super::args::Contested as Args;
use super::effect::{points, signed};
use super::failure::Failure;
use super::output::{self, CAVEAT, FAINT, Grid, HEAD, short, styled, thousands};
use super::prepared::Prepared;
use super::progress::watched;
use super::rank::metric;
use super::replay;
use super::setting;
use super::threads::jobs;
use crate::camps::{Camp, Question, Setting, camps};
use crate::futures::contested::{Conclusion, FEW, Table, contested as compare, futures_needed, tail};
use crate::futures::ensemble::{Origin, Plan};
use crate::futures::posterior;
use crate::futures::rank::Metric;
use crate::record::fates::Fates;
use crate::record::recorder::record;
use crate::scenario::{Error, Errors};
use crate::sim::course::Course;
use crate::sim::rules::Rules;
use crate::sim::world::Fate;
use crate::symbols::levers::{Lever, LeverChange};
use crate::tables::provenance::{Provenance, stated};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;

/// What is measured where nothing is asked for.
const MEASURES: [&str; 2] = ["regional_war", "deaths"];

pub(super) fn contested(args: &Args) -> Result<(), Failure> {
    let camps = beside(&args.camp)?;
    let ground = Ground::of(args)?;
    let asked = Asked::read(args, &ground)?;
    let rules = seen(args, &ground, &camps)?;
    let plan = ground.plan(args);
    let moves: Vec<Vec<LeverChange>> = asked.levers.iter().map(|(_, changes)| changes.clone()).collect();
    let metrics: Vec<Metric> = asked.measures.iter().map(|(_, metric)| *metric).collect();
    let total = futures_needed(rules.len(), moves.len(), args.runs);
    let table =
        watched(total, |progress| compare(&rules, &plan, &moves, &metrics, args.runs, jobs(&args.many), progress))?;
    let Some(table) = table else {
        return Err(Failure::Interrupted(
            "interrupted; conclusions are drawn from all camps, so nothing is printed".to_owned(),
        ));
    };
    let report = Report::of(args, &ground, &camps, &asked, &table);
    if args.many.json {
        return output::json(&report);
    }
    output::text(&text(args, &ground, &camps, &asked, &table, &report))
}

/// The camps that ship, and those of these files beside them.
fn beside(files: &[String]) -> Result<Vec<Camp>, Failure> {
    let mut all = camps().to_vec();
    let mut wrong = Vec::new();
    for file in files {
        match Camp::from_file(file) {
            Ok(camp) if all.iter().any(|other| other.name == camp.name) => wrong.push(Error {
                file: file.clone(),
                line: 0,
                column: 0,
                key: "name".to_owned(),
                message: format!("there is a camp {} already", camp.name),
                help: Some("give it a name of its own".to_owned()),
            }),
            Ok(camp) => all.push(camp),
            Err(Errors(mistakes)) => wrong.extend(mistakes),
        }
    }
    if wrong.is_empty() { Ok(all) } else { Err(Errors(wrong).into()) }
}

/// What camps are laid over: a scenario, and the history to the day from which they differ.
struct Ground {
    /// The scenario, with the levers of the history.
    prepared: Prepared,
    seed: u64,
    day: i32,
    /// Where futures start, if not at day 0.
    from: Option<Origin>,
}

impl Ground {
    fn of(args: &Args) -> Result<Self, Failure> {
        // Levers are moved in one arm each, so none of `--set` is in the history.
        let (prepared, fate, playhead) = match &args.from {
            Some(file) => session(file, args.what.days)?,
            None => {
                let fate = Fate { seed: args.what.seed, future: 0, prior: false };
                (Prepared::new(&args.what, &[])?, fate, 0)
            }
        };
        let day = match &args.from_day {
            Some(text) => setting::day(text, prepared.rules.frame.start, prepared.days)
                .map_err(|why| Failure::refused(format!("--from-day {text}: {why}")))?,
            None if playhead < prepared.days as i32 => playhead,
            None => {
                return Err(Failure::refused(format!(
                    "the session stands on day {playhead}, and futures would run to day {}: give more --days, or an earlier \
                     --from-day",
                    prepared.days
                )));
            }
        };
        // The same for every camp: what has happened is not contested.
        let from = (day > 0).then(|| {
            let mut history: Course = Course::new(&prepared.rules, fate, prepared.log.clone());
            history.run(day as u32);
            history.snapshot().into()
        });
        Ok(Self { prepared: prepared.with(args.many.params)?, seed: fate.seed, day, from })
    }

    /// What a result of it is of.
    fn provenance(&self, args: &Args) -> Provenance {
        let day = (self.day > 0).then_some(self.day);
        self.prepared.provenance(self.seed, args.many.params.name()).from_day(day)
    }

    /// Futures in which no lever is moved but those of the history.
    fn plan(&self, args: &Args) -> Plan {
        Plan {
            seed: self.seed,
            days: self.prepared.days - self.day as u32,
            prior: args.many.params.draws(),
            log: self.prepared.log.clone(),
            from: self.from.clone(),
        }
    }
}

/// The scenario of a session with the levers of the branch that it shows, which future that is, and its playhead.
fn session(file: &Path, days: Option<u32>) -> Result<(Prepared, Fate, i32), Failure> {
    let saved = replay::read(file)?;
    let (loaded, script) = saved.parts().map_err(Failure::refused)?;
    if saved.start.is_some() {
        return Err(Failure::refused(format!(
            "{} starts from a nowcast, whose particles have their numbers from what was observed, and no camp's; take a session that \
             starts as its scenario does",
            file.display()
        )));
    }
    let rules = Rules::new(&loaded);
    let shown = script.courses.get(script.current).zip(saved.branches.get(script.current));
    let log = shown.map_or_else(Vec::new, |(course, _)| course.changes.clone());
    if let Some((course, kept)) = shown {
        let Some(run) = record(&rules, Fates::from(script.fate), &log, course.days.max(0) as u32, |_| true) else {
            return Err(Failure::Interrupted("interrupted".to_owned()));
        };
        if run.digest.whole != kept.digest {
            return Err(Failure::refused(saved.another_history(kept, &run.digest.whole)));
        }
    }
    let days = days.unwrap_or(rules.frame.days);
    Ok((Prepared { loaded, rules, days, log, from: None }, script.fate, script.today))
}

/// The scenario as each camp sees it.
fn seen(args: &Args, ground: &Ground, camps: &[Camp]) -> Result<Vec<Rules>, Failure> {
    let by_hand = by_hand(args);
    let mut rules = Vec::new();
    let mut wrong = Vec::new();
    for camp in camps {
        match camp.over_loaded(&ground.prepared.loaded, &by_hand) {
            Ok(loaded) if args.many.params.name() == "posterior" => {
                rules.push(posterior::learn(Rules::new(&loaded)).map_err(Failure::refused)?);
            }
            Ok(loaded) => rules.push(Rules::new(&loaded)),
            Err(errors) => wrong.extend(errors.0.iter().map(|error| {
                format!(
                    "the camp {} cannot be laid over {}: {}; write the scenario as an overlay of november-2024, or leave what the camp \
                     sets in it",
                    camp.name, ground.prepared.loaded.name, error.message
                )
            })),
        }
    }
    if wrong.is_empty() { Ok(rules) } else { Err(Failure::Refused(wrong)) }
}

/// The parameters that `--param` sets, which win over camps.
fn by_hand(args: &Args) -> Vec<(String, f64)> {
    args.what.param.iter().filter_map(|param| setting::param(param).ok()).collect()
}

/// Levers and measures asked for.
struct Asked {
    levers: Vec<(Lever, Vec<LeverChange>)>,
    measures: Vec<(String, Metric)>,
}

impl Asked {
    /// Reads them, or says everything that is wrong with them.
    fn read(args: &Args, ground: &Ground) -> Result<Self, Failure> {
        let rules = &ground.prepared.rules;
        let mut wrong = Vec::new();
        let (start, days) = (rules.frame.start, ground.prepared.days);
        let log = setting::read_from(ground.day, &args.set, start, days).unwrap_or_else(|mistakes| {
            wrong.extend(mistakes);
            Vec::new()
        });
        // A lever moved on several days is one policy; in the order of the command line.
        let mut levers: Vec<(Lever, Vec<LeverChange>)> = Vec::new();
        for text in &args.set {
            let id = text.split_once('=').map_or("", |(id, _)| id);
            if levers.iter().any(|(lever, _)| lever.id() == id) {
                continue;
            }
            let changes: Vec<LeverChange> = log.iter().copied().filter(|change| change.lever.id() == id).collect();
            levers.extend(changes.first().map(|change| change.lever).map(|lever| (lever, changes)));
        }
        let asked: Vec<String> =
            if args.outcome.is_empty() { MEASURES.map(str::to_owned).to_vec() } else { args.outcome.clone() };
        let mut measures: Vec<(String, Metric)> = Vec::new();
        for text in asked {
            match metric(&text, rules) {
                Ok(_) if measures.iter().any(|(other, _)| *other == text) => {
                    wrong.push(format!("--outcome {text}: it is asked for twice; keep one"));
                }
                Ok(metric) => measures.push((text, metric)),
                Err(why) => wrong.push(why),
            }
        }
        if wrong.is_empty() { Ok(Self { levers, measures }) } else { Err(Failure::Refused(wrong)) }
    }
}

#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    of: Provenance,
    /// Pairs of futures in each cell.
    runs: u64,
    /// Level of the intervals in cells: so wide that what is called robust holds again in 95 % of uses.
    interval: f64,
    levers: Vec<Moved>,
    camps: Vec<Side<'a>>,
    cells: Vec<Cell<'a>>,
    robust: Vec<Robust>,
    flips: Vec<Flip<'a>>,
    /// Conclusions on which camps of different questions disagree, while no question flips them.
    mixed: Vec<Mixed<'a>>,
    /// Conclusions that some camps come to and no camp denies.
    open: Vec<Open<'a>>,
}

#[derive(Clone, Serialize)]
struct Moved {
    lever: &'static str,
    moves: Vec<Move>,
}

impl Moved {
    /// What is done, in words: "unifil.troops=0 from day 10, then 15000 from day 60". A conclusion is the sign of a difference to
    /// the lever left alone, so it can only be said with the value.
    fn label(&self) -> String {
        let mut label = self.lever.to_owned();
        for (i, Move { day, value }) in self.moves.iter().enumerate() {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            // A whole number is said as one.
            let value = value.strip_suffix(".0").unwrap_or(&value);
            let _ = write!(label, "{}{value}", if i == 0 { "=" } else { ", then " });
            if *day > 0 {
                let _ = write!(label, " from day {day}");
            }
        }
        label
    }
}

#[derive(Clone, Serialize)]
struct Move {
    day: i32,
    value: Value,
}

#[derive(Serialize)]
struct Side<'a> {
    camp: &'a str,
    /// The question that it is a side of; null of a camp of one's own.
    question: Option<&'a str>,
    title: &'a str,
    description: &'a str,
    sets: Vec<Number<'a>>,
}

#[derive(Serialize)]
struct Number<'a> {
    id: &'a str,
    /// What its futures run with.
    value: f64,
    source: Cow<'a, str>,
    /// Whether that is what `--param` says, and not what the camp does.
    set_by_hand: bool,
}

#[derive(Serialize)]
struct Cell<'a> {
    lever: &'a str,
    camp: &'a str,
    measure: String,
    /// The measure with no lever moved.
    baseline: f64,
    difference: f64,
    low: f64,
    high: f64,
    /// Pairs that differ.
    pairs_that_differ: u64,
}

#[derive(Serialize)]
struct Robust {
    /// The lever, and what is done with it.
    #[serde(flatten)]
    moved: Moved,
    measure: String,
    /// `rises` or `falls`: what the measure does when the lever is moved so, against the lever left alone.
    sign: &'static str,
}

#[derive(Serialize)]
struct Flip<'a> {
    #[serde(flatten)]
    moved: Moved,
    measure: String,
    /// The question whose sides disagree.
    assumption: &'a str,
    /// The camp in which it rises.
    rises: &'a str,
    /// The camp in which it falls.
    falls: &'a str,
}

#[derive(Serialize)]
struct Mixed<'a> {
    #[serde(flatten)]
    moved: Moved,
    measure: String,
    /// Camps in which it rises.
    rises: Vec<&'a str>,
    /// Camps in which it falls.
    falls: Vec<&'a str>,
}

#[derive(Serialize)]
struct Open<'a> {
    #[serde(flatten)]
    moved: Moved,
    measure: String,
    sign: &'a str,
    /// Camps in which it shows.
    camps: Vec<&'a str>,
    /// Questions of which one side sees it and the other cannot tell.
    assumptions: Vec<&'a str>,
}

fn sign(rises: bool) -> &'static str {
    if rises { "rises" } else { "falls" }
}

impl<'a> Side<'a> {
    /// A camp, with the parameters that `--param` sets, which win over it.
    fn of(camp: &'a Camp, by_hand: &[(String, f64)]) -> Self {
        let number = |set: &'a Setting| match by_hand.iter().find(|(id, _)| *id == set.id) {
            Some((_, value)) => Number {
                id: &set.id,
                value: *value,
                source: format!("set with --param; the camp says {}", set.value).into(),
                set_by_hand: true,
            },
            None => Number { id: &set.id, value: set.value, source: set.source.as_str().into(), set_by_hand: false },
        };
        let sets = camp.sets.iter().map(number).collect();
        Self {
            camp: &camp.name,
            question: camp.question.map(Question::name),
            title: &camp.title,
            description: &camp.description,
            sets,
        }
    }
}

impl<'a> Report<'a> {
    fn of(args: &Args, ground: &Ground, camps: &'a [Camp], asked: &Asked, table: &Table) -> Self {
        let by_hand = by_hand(args);
        let start = ground.prepared.rules.frame.start;
        let lever = |l: usize| asked.levers[l].0.id();
        let moved = |l: usize| {
            let (lever, changes) = &asked.levers[l];
            let of = |change: &LeverChange| Move { day: change.day, value: stated(*lever, change.value.raw(), start) };
            Moved { lever: lever.id(), moves: changes.iter().map(of).collect() }
        };
        let measure = |m: usize| asked.measures[m].0.clone();
        let mut cells = Vec::new();
        for (l, m) in table.conclusions() {
            for (c, camp) in camps.iter().enumerate() {
                let (paired, d) = (table.cell(l, c, m), table.difference(l, c, m));
                cells.push(Cell {
                    lever: lever(l),
                    camp: &camp.name,
                    measure: measure(m),
                    baseline: paired.baseline_mean(),
                    difference: d.difference,
                    low: d.low,
                    high: d.high,
                    pairs_that_differ: paired.differ,
                });
            }
        }
        let verdict = table.verdict(camps);
        let names = |of: &[usize]| -> Vec<&'a str> { of.iter().map(|c| camps[*c].name.as_str()).collect() };
        let flips = verdict.flips.iter().map(|flip| Flip {
            moved: moved(flip.lever),
            measure: measure(flip.measure),
            assumption: flip.question.name(),
            rises: &camps[flip.rises].name,
            falls: &camps[flip.falls].name,
        });
        let mixed = verdict.mixed.iter().map(|mixed| Mixed {
            moved: moved(mixed.lever),
            measure: measure(mixed.measure),
            rises: names(&mixed.rises),
            falls: names(&mixed.falls),
        });
        let open = verdict.open.iter().map(|open| Open {
            moved: moved(open.lever),
            measure: measure(open.measure),
            sign: sign(open.rises),
            camps: names(&open.camps),
            assumptions: open.questions.iter().map(|question| question.name()).collect(),
        });
        Self {
            of: ground.provenance(args),
            runs: args.runs,
            interval: 1.0 - 2.0 * tail(camps.len()),
            levers: (0..asked.levers.len()).map(moved).collect(),
            camps: camps.iter().map(|camp| Side::of(camp, &by_hand)).collect(),
            cells,
            robust: verdict
                .robust
                .iter()
                .map(|&Conclusion { lever: l, measure: m, rises }| Robust {
                    moved: moved(l),
                    measure: measure(m),
                    sign: sign(rises),
                })
                .collect(),
            flips: flips.collect(),
            mixed: mixed.collect(),
            open: open.collect(),
        }
    }
}

/// What is said where no conclusion is robust: that is not that every camp sees something else.
const NO_ROBUST: &str = "Nothing: no difference is told apart from zero on the same side in every camp.";

/// What `--param` leaves of the camps.
fn set_by_hand(camps: &[Side<'_>]) -> Option<String> {
    let mut numbers: Vec<(&str, f64, Vec<&str>)> = Vec::new();
    for side in camps {
        for number in side.sets.iter().filter(|number| number.set_by_hand) {
            match numbers.iter_mut().find(|(id, ..)| *id == number.id) {
                Some((.., camps)) => camps.push(side.camp),
                None => numbers.push((number.id, number.value, vec![side.camp])),
            }
        }
    }
    let say = |(id, value, camps): &(&str, f64, Vec<&str>)| format!("{id} is {value} for {}", camps.join(" and "));
    let said: Vec<String> = numbers.iter().map(say).collect();
    let all = |side: &&Side<'_>| side.sets.iter().all(|number| number.set_by_hand);
    let empty: Vec<&str> = camps.iter().filter(all).map(|side| side.camp).collect();
    let empty = if empty.is_empty() {
        String::new()
    } else {
        format!(" Nothing of {} is left: what stands under it is the scenario itself.", empty.join(" and "))
    };
    (!said.is_empty()).then(|| format!("Set by hand, which wins over the camps: {}.{empty}", said.join(", ")))
}

fn text(args: &Args, ground: &Ground, camps: &[Camp], asked: &Asked, table: &Table, report: &Report<'_>) -> String {
    let rules = &ground.prepared.rules;
    let mut text = styled(HEAD, ground.prepared.title());
    let since = match ground.day {
        0 => String::new(),
        day => format!(" · from {} (day {day}) on", output::date(rules.date(day))),
    };
    let _ = writeln!(
        text,
        "\n{} pairs of futures in each cell · seed {}{since} · {}\n",
        thousands(args.runs),
        ground.seed,
        args.many.params.words()
    );
    if let Some(sentence) = set_by_hand(&report.camps) {
        let _ = writeln!(text, "{}\n", output::wrapped(&sentence, 98));
    }
    let what = |measure: &str| {
        let found = asked.measures.iter().find(|(text, _)| text == measure);
        found.map_or_else(|| measure.to_owned(), |(_, metric)| metric.words(rules))
    };
    let mut list = |heading: &str, lines: &[String], none: &str| {
        let _ = writeln!(text, "{}", styled(HEAD, heading));
        if lines.is_empty() {
            let _ = writeln!(text, "{}", output::wrapped(none, 98));
        }
        for line in lines {
            let _ = writeln!(text, "{}", output::wrapped(line, 98));
        }
        text.push('\n');
    };
    let robust: Vec<String> =
        report.robust.iter().map(|r| format!("{} {} when {}.", what(&r.measure), r.sign, r.moved.label())).collect();
    list("What every camp must accept", &robust, NO_ROBUST);
    let flips: Vec<String> = report
        .flips
        .iter()
        .map(|f| {
            let question = Question::ALL.iter().find(|q| q.name() == f.assumption).map_or("", |q| q.words());
            let (what, when) = (what(&f.measure), f.moved.label());
            format!("{what} when {when}: rises for {}, falls for {} ({question})", f.rises, f.falls)
        })
        .collect();
    let none = if report.mixed.is_empty() {
        "Nothing: no two camps come to opposite signs."
    } else {
        "No two sides of one question come to opposite signs; camps of different questions do."
    };
    list("What turns on an assumption", &flips, none);
    let mixed: Vec<String> = report
        .mixed
        .iter()
        .map(|x| {
            let (what, when) = (what(&x.measure), x.moved.label());
            format!("{what} when {when}: rises for {}, falls for {}", x.rises.join(", "), x.falls.join(", "))
        })
        .collect();
    if !mixed.is_empty() {
        list("What camps of different questions see differently", &mixed, "");
    }
    let open: Vec<String> = report
        .open
        .iter()
        .map(|o| {
            let words = |name: &&str| Question::ALL.iter().find(|q| q.name() == *name).map(|q| q.words());
            let turns: Vec<&str> = o.assumptions.iter().filter_map(words).collect();
            let turns = if turns.is_empty() { String::new() } else { format!(" ({})", turns.join(" ")) };
            let (what, camps) = (what(&o.measure), o.camps.join(", "));
            format!("{what} {} when {}: for {camps}; the others cannot tell{turns}.", o.sign, o.moved.label())
        })
        .collect();
    if !open.is_empty() {
        list("What some camps see and none denies", &open, "");
    }

    for (m, (id, metric)) in asked.measures.iter().enumerate() {
        let _ = writeln!(text, "{}", styled(HEAD, format!("{id}: {}", metric.words(rules))));
        let size = if metric.is_share() { ">points" } else { ">difference" };
        let mut grid = Grid::new(&["moved", "camp", "", size, "interval", ">unmoved"]);
        let number = |value: f64| if metric.is_share() { points(value) } else { signed(short(value), value) };
        for (l, moved) in report.levers.iter().enumerate() {
            for (c, camp) in camps.iter().enumerate() {
                let d = table.difference(l, c, m);
                let mark = match table.rises(l, c, m) {
                    Some(true) => "+",
                    Some(false) => "−",
                    None => "·",
                };
                let unmoved = table.cell(l, c, m).baseline_mean();
                grid.row([
                    if c == 0 { moved.label() } else { String::new() },
                    camp.name.clone(),
                    mark.to_owned(),
                    number(d.difference),
                    super::effect::interval(table.cell(l, c, m).differ, d, number),
                    if metric.is_share() { output::percent(unmoved) } else { short(unmoved) },
                ]);
            }
        }
        let _ = writeln!(text, "{}", grid.text());
    }
    let counts = asked.measures.iter().any(|(_, metric)| !metric.is_share());
    let few = if counts && args.runs < FEW {
        format!(" So few pairs say little of counts: take {FEW} or more.")
    } else {
        String::new()
    };
    let how = format!(
        "Each row holds the same futures with and without the lever moved, with the camp's numbers. + and − are differences \
         whose {:.2} % interval leaves out zero: so wide that a conclusion which every camp shares has the same sign in every \
         camp again, on other seeds, in 95 % of uses, if nothing is known of the effect beforehand.{few} \
         `detente scenarios` says what the camps hold.",
        100.0 * report.interval
    );
    let _ = writeln!(text, "{}\n\n{CAVEAT}", styled(FAINT, output::wrapped(&how, 98)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conclusion_is_said_with_the_value_that_its_lever_is_moved_to() {
        let at = |day, value| Move { day, value };
        let of = |lever, moves| Moved { lever, moves }.label();
        assert_eq!(of("israel.blow_rate", vec![at(0, 0.0.into())]), "israel.blow_rate=0");
        assert_eq!(of("iran.response_scale", vec![at(0, 0.5.into())]), "iran.response_scale=0.5");
        assert_eq!(
            of("unifil.troops", vec![at(10, 0.0.into()), at(60, 15_000.0.into())]),
            "unifil.troops=0 from day 10, then 15000 from day 60"
        );
        assert_eq!(of("deal.architecture", vec![at(0, "collective".into())]), "deal.architecture=collective");
    }
}
