//! `detente contested`: what moving levers does under contested assumptions, camp by camp.

use super::args::Contested as Args;
use super::effect::{points, signed};
use super::failure::Failure;
use super::output::{self, CAVEAT, FAINT, Grid, HEAD, short, styled, thousands};
use super::prepared::{Prepared, loaded};
use super::progress::watched;
use super::rank::metric;
use super::setting;
use super::threads::jobs;
use crate::camps::{Camp, Question, Setting, camps};
use crate::futures::contested::{Conclusion, FEW, Table, contested as compare, futures_needed, tail};
use crate::futures::posterior;
use crate::futures::rank::Metric;
use crate::sim::rules::Rules;
use crate::symbols::levers::{Lever, LeverChange};
use crate::tables::provenance::{Provenance, stated};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;
use std::fmt::Write as _;

/// What is measured where nothing is asked for.
const MEASURES: [&str; 2] = ["regional_war", "deaths"];

pub(super) fn contested(args: &Args) -> Result<(), Failure> {
    // The levers are moved in one arm each, so none of them in the plan.
    let prepared = Prepared::new(&args.what, &[])?.with(args.many.params)?;
    let asked = Asked::read(args, &prepared)?;
    let rules = seen(args)?;
    let plan = prepared.plan(&args.what, &args.many, Vec::new());
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
    let report = Report::of(args, &prepared, &asked, &table);
    if args.many.json {
        return output::json(&report);
    }
    output::text(&text(args, &prepared, &asked, &table, &report))
}

/// The scenario as each camp sees it.
fn seen(args: &Args) -> Result<Vec<Rules>, Failure> {
    let mut rules = Vec::new();
    let mut wrong = Vec::new();
    for camp in camps() {
        let read = |params: &[(String, f64)]| camp.over(&args.what.scenario, params);
        match loaded(&args.what.param, read) {
            Ok(loaded) if args.many.params.name() == "posterior" => {
                rules.push(posterior::learn(Rules::new(&loaded)).map_err(Failure::refused)?);
            }
            Ok(loaded) => rules.push(Rules::new(&loaded)),
            Err(Failure::Scenario(errors)) => {
                wrong.extend(errors.0.iter().map(|error| {
                    format!(
                        "the camp {} cannot be laid over {}: {}; write the scenario as an overlay of november-2024, or leave \
                         what the camp sets in it",
                        camp.name, args.what.scenario, error.message
                    )
                }));
            }
            Err(other) => return Err(other),
        }
    }
    if wrong.is_empty() { Ok(rules) } else { Err(Failure::Refused(wrong)) }
}

/// Levers and measures asked for.
struct Asked {
    levers: Vec<(Lever, Vec<LeverChange>)>,
    measures: Vec<(String, Metric)>,
}

impl Asked {
    /// Reads them, or says everything that is wrong with them.
    fn read(args: &Args, prepared: &Prepared) -> Result<Self, Failure> {
        let rules = &prepared.rules;
        let mut wrong = Vec::new();
        let log = setting::read(&args.set, rules.frame.start, prepared.days).unwrap_or_else(|mistakes| {
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
struct Report {
    #[serde(flatten)]
    of: Provenance,
    /// Pairs of futures in each cell.
    runs: u64,
    /// Level of the intervals in cells: so wide that what is called robust holds again in 95 % of uses.
    interval: f64,
    levers: Vec<Moved>,
    camps: Vec<Side>,
    cells: Vec<Cell>,
    robust: Vec<Robust>,
    flips: Vec<Flip>,
    /// Conclusions on which camps of different questions disagree, while no question flips them.
    mixed: Vec<Mixed>,
    /// Conclusions that some camps come to and no camp denies.
    open: Vec<Open>,
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
struct Side {
    camp: &'static str,
    question: &'static str,
    title: &'static str,
    description: &'static str,
    sets: Vec<Number>,
}

#[derive(Serialize)]
struct Number {
    id: &'static str,
    /// What its futures run with.
    value: f64,
    source: Cow<'static, str>,
    /// Whether that is what `--param` says, and not what the camp does.
    set_by_hand: bool,
}

#[derive(Serialize)]
struct Cell {
    lever: &'static str,
    camp: &'static str,
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
struct Flip {
    #[serde(flatten)]
    moved: Moved,
    measure: String,
    /// The question whose sides disagree.
    assumption: &'static str,
    /// The camp in which it rises.
    rises: &'static str,
    /// The camp in which it falls.
    falls: &'static str,
}

#[derive(Serialize)]
struct Mixed {
    #[serde(flatten)]
    moved: Moved,
    measure: String,
    /// Camps in which it rises.
    rises: Vec<&'static str>,
    /// Camps in which it falls.
    falls: Vec<&'static str>,
}

#[derive(Serialize)]
struct Open {
    #[serde(flatten)]
    moved: Moved,
    measure: String,
    sign: &'static str,
    /// Camps in which it shows.
    camps: Vec<&'static str>,
    /// Questions of which one side sees it and the other cannot tell.
    assumptions: Vec<&'static str>,
}

fn sign(rises: bool) -> &'static str {
    if rises { "rises" } else { "falls" }
}

impl Side {
    /// A camp, with the parameters that `--param` sets, which win over it.
    fn of(camp: &'static Camp, by_hand: &[(String, f64)]) -> Self {
        let number = |set: &'static Setting| match by_hand.iter().find(|(id, _)| *id == set.id) {
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
            question: camp.question.name(),
            title: &camp.title,
            description: &camp.description,
            sets,
        }
    }
}

impl Report {
    fn of(args: &Args, prepared: &Prepared, asked: &Asked, table: &Table) -> Self {
        let camps = camps();
        let by_hand: Vec<(String, f64)> = args.what.param.iter().filter_map(|p| setting::param(p).ok()).collect();
        let start = prepared.rules.frame.start;
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
        let names = |of: &[usize]| of.iter().map(|c| camps[*c].name.as_str()).collect();
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
            of: prepared.provenance(args.what.seed, args.many.params.name()),
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
fn by_hand(camps: &[Side]) -> Option<String> {
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
    let all = |side: &&Side| side.sets.iter().all(|number| number.set_by_hand);
    let empty: Vec<&str> = camps.iter().filter(all).map(|side| side.camp).collect();
    let empty = if empty.is_empty() {
        String::new()
    } else {
        format!(" Nothing of {} is left: what stands under it is the scenario itself.", empty.join(" and "))
    };
    (!said.is_empty()).then(|| format!("Set by hand, which wins over the camps: {}.{empty}", said.join(", ")))
}

fn text(args: &Args, prepared: &Prepared, asked: &Asked, table: &Table, report: &Report) -> String {
    let camps = camps();
    let rules = &prepared.rules;
    let mut text = styled(HEAD, prepared.title());
    let _ = writeln!(
        text,
        "\n{} pairs of futures in each cell · seed {} · {}\n",
        thousands(args.runs),
        args.what.seed,
        args.many.params.words()
    );
    if let Some(sentence) = by_hand(&report.camps) {
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
