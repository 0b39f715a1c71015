//! The model against what was observed: stylised facts P1–P15 of the model document (9.1), one line each.
//!
//! Reading order: [`facts`] (what was observed, and what in a simulated future answers to it), [`history`] (a future, day
//! by day), [`measure`] (the number a future gives for a fact), [`judge`] (interval, rank, verdict). Facts stand in
//! `assets/observed/facts.toml`, numbers refitted with them in `refits.toml` beside it.
//!
//! Every future gives whole numbers, each future's go to its own place, and all are sorted before anything is read from
//! them: the report does not depend on the number of threads.

pub mod facts;
pub mod history;
pub mod judge;
pub mod measure;
pub mod refits;
mod text;

use crate::tables::provenance::{ScenarioPart, Versions};
use detente_model::scenario::load;
use detente_model::sim::course::Course;
use detente_model::sim::rules::Rules;
use detente_model::sim::world::Fate;
use detente_model::symbols::levers::LeverChange;
use facts::{Fact, Label, Mark, NotCovered, Unusable};
use history::History;
use jiff::civil::Date;
use judge::{Band, Standing, THOUSANDTHS};
use measure::Bound;
use refits::Refit;
use serde::Serialize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;

/// The model against the facts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Of program, model and formats.
    pub versions: Versions,
    /// Futures from each start.
    pub runs: u64,
    /// Seed.
    pub seed: u64,
    /// `default`, or `prior` where every future drew its own parameters.
    pub params: &'static str,
    /// Levers moved on the first day of every start: ids and values as they were set.
    pub levers: Vec<(&'static str, f64)>,
    /// Starts used, each with its scenario whole.
    pub starts: Vec<Start>,
    /// Facts, in order of the document.
    pub facts: Vec<Line>,
    /// Facts whose mechanism is missing, or that the model takes as given.
    pub not_covered: Vec<NotCovered>,
    /// Observed values inside the intervals, by label.
    pub score: Vec<Score>,
    /// Numbers refitted on the training window.
    pub refits: Vec<Refit>,
}

/// A start of simulated futures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Start {
    /// The scenario: name, hash and content.
    pub scenario: ScenarioPart,
    /// Its first day.
    pub start: Date,
    /// Days run.
    pub days: u32,
}

/// How many observed values of a label lie inside the 90 % intervals.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// Label.
    pub label: Label,
    /// Observed values.
    pub values: u32,
    /// Of these inside.
    pub inside: u32,
    /// Of these inside an interval no wider than its scale: the ones that say something.
    pub inside_and_telling: u32,
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// Id in the model document.
    pub id: String,
    /// Key of this number, unique.
    pub key: String,
    /// What is counted.
    pub what: String,
    /// Unit.
    pub unit: String,
    /// Scenario from whose start the futures run.
    pub start: String,
    /// First and last day observed.
    pub window: [jiff::civil::Date; 2],
    /// First and last day simulated.
    pub simulated: [jiff::civil::Date; 2],
    /// Train, validate or known later.
    pub label: Label,
    /// What a future must show to be compared.
    pub condition: Option<String>,
    /// What to bear in mind.
    pub note: Option<String>,
    /// Difference that a reader would care about, in the fact's unit.
    pub scale: f64,
    /// Futures that met the condition.
    pub futures: u64,
    /// 90 % interval and median; absent when too few futures met the condition.
    pub model: Option<Band>,
    /// What was observed, and how it stands to the model.
    pub observed: Vec<Seen>,
}

/// An observed value and how it stands to the model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Seen {
    /// The value.
    pub value: f64,
    /// Source.
    pub source: String,
    /// How well it is known.
    pub mark: Mark,
    /// Rank among the futures, 0 to 1 (probability integral transform, ties at their middle).
    pub rank: Option<f64>,
    /// Whether the 90 % interval holds it.
    pub inside: Option<bool>,
    /// In words.
    pub verdict: String,
}

/// Fewest futures from which an interval is read.
const FEWEST: usize = 40;

/// Runs `runs` futures from every start on `jobs` threads and holds them against the facts. `levers` are numbers or choices that stand
/// from the first day on, in both starts. `progress` is told the share done, from 0 to 1, on the calling thread.
///
/// # Errors
/// If a fact names what the built-in scenarios do not have; never with the facts of this package.
pub fn evaluate(
    runs: u64,
    seed: u64,
    jobs: usize,
    prior: bool,
    levers: &[LeverChange],
    progress: &dyn Fn(f64),
) -> Result<Report, Unusable> {
    let book = facts::book()?;
    let refits = refits::list()?;
    let mut names: Vec<&str> = book.facts.iter().map(|fact| fact.start.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let mut starts = Vec::new();
    let mut values: Vec<Vec<i64>> = vec![Vec::new(); book.facts.len()];
    let plans: Vec<Plan> = names.iter().map(|name| Plan::new(name, &book.facts)).collect::<Result<_, _>>()?;
    let all_days: u64 = plans.iter().map(|plan| u64::from(plan.days)).sum();
    let mut days_done = 0;
    for plan in &plans {
        let tell = |done: u64| {
            let day_runs = days_done * runs + u64::from(plan.days) * done;
            progress(day_runs as f64 / (all_days * runs).max(1) as f64);
        };
        for row in plan.run(runs, seed, jobs, prior, levers, &tell) {
            for (&(fact, _), value) in plan.bound.iter().zip(row) {
                values[fact].extend(value);
            }
        }
        days_done += u64::from(plan.days);
        starts.push(Start { scenario: plan.scenario.clone(), start: plan.rules.frame.start, days: plan.days });
    }
    let lines: Vec<Line> = book.facts.iter().zip(values).map(|(fact, values)| line(fact, values)).collect();
    Ok(Report {
        versions: Versions::here(),
        runs,
        seed,
        params: if prior { "prior" } else { "default" },
        levers: levers.iter().map(|change| (change.lever.id(), change.value.raw())).collect(),
        starts,
        score: score(&lines),
        facts: lines,
        not_covered: book.not_covered,
        refits,
    })
}

/// All facts with one start, and the world they are read from.
struct Plan {
    scenario: ScenarioPart,
    rules: Rules,
    days: u32,
    /// Position among all facts, and the measure with its ids resolved.
    bound: Vec<(usize, Bound)>,
}

impl Plan {
    fn new(name: &str, facts: &[Fact]) -> Result<Self, Unusable> {
        let loaded = load(name).map_err(|errors| Unusable(format!("The start {name} does not load: {errors}")))?;
        let rules = Rules::new(&loaded);
        let of_start = facts.iter().enumerate().filter(|(_, fact)| fact.start == name);
        let bound: Vec<(usize, Bound)> =
            of_start.map(|(i, fact)| Ok((i, Bound::new(fact, &rules)?))).collect::<Result<_, Unusable>>()?;
        let days = bound.iter().map(|(_, b)| b.days_needed()).max().unwrap_or(0) as u32;
        Ok(Self { scenario: ScenarioPart::of(&loaded), rules, days, bound })
    }

    /// One row per future, in order of futures: a value for every fact whose condition the future met.
    fn run(
        &self,
        runs: u64,
        seed: u64,
        jobs: usize,
        prior: bool,
        levers: &[LeverChange],
        tell: &dyn Fn(u64),
    ) -> Vec<Vec<Option<i64>>> {
        let next = AtomicU64::new(0);
        let work = |send: &mut dyn FnMut(u64, Vec<Option<i64>>)| {
            let mut course: Course = Course::new(&self.rules, Fate { seed, future: 0, prior: false }, Vec::new());
            let mut history = History::new(&self.rules);
            loop {
                let future = next.fetch_add(1, Ordering::Relaxed);
                if future >= runs {
                    break;
                }
                course.begin(Fate { seed, future, prior }, levers.to_vec());
                history.record(&mut course, self.days);
                send(future, self.bound.iter().map(|(_, measure)| measure.of(&history)).collect());
            }
        };
        let mut rows = vec![Vec::new(); runs as usize];
        let mut done = 0;
        let mut keep = |future: u64, row| {
            rows[future as usize] = row;
            done += 1;
            tell(done);
        };
        if jobs <= 1 {
            work(&mut keep);
        } else {
            let (sender, receiver) = mpsc::channel();
            std::thread::scope(|scope| {
                for _ in 0..jobs {
                    let (sender, work) = (sender.clone(), &work);
                    // The receiver outlives the workers: a failed send cannot happen before the scope ends.
                    scope.spawn(move || work(&mut |future, row| drop(sender.send((future, row)))));
                }
                drop(sender);
                for (future, row) in receiver {
                    keep(future, row);
                }
            });
        }
        rows
    }
}

fn line(fact: &Fact, mut values: Vec<i64>) -> Line {
    values.sort_unstable();
    let futures = values.len() as u64;
    let model = (values.len() >= FEWEST).then(|| Band::of(&values));
    let observed = fact.observed.iter().map(|o| {
        let standing =
            model.map(|band| Standing::of((o.value * THOUSANDTHS).round() as i64, &values, band, fact.scale));
        Seen {
            value: o.value,
            source: o.source.clone(),
            mark: o.mark,
            rank: standing.map(|s| s.rank),
            inside: standing.map(|s| s.inside),
            verdict: standing.map_or_else(
                || format!("not judged: only {futures} futures met the condition"),
                |s| judge::verdict(&s, &fact.unit),
            ),
        }
    });
    Line {
        id: fact.id.clone(),
        key: fact.key.clone(),
        what: fact.what.clone(),
        unit: fact.unit.clone(),
        start: fact.start.clone(),
        window: fact.window,
        simulated: fact.simulated.unwrap_or(fact.window),
        label: fact.label,
        condition: fact.condition.clone(),
        note: fact.note.clone(),
        scale: fact.scale,
        futures,
        observed: observed.collect(),
        model,
    }
}

fn score(lines: &[Line]) -> Vec<Score> {
    let of = |label: Label| {
        let mut score = Score { label, values: 0, inside: 0, inside_and_telling: 0 };
        for line in lines.iter().filter(|line| line.label == label) {
            let telling = line.model.is_some_and(|band| band.width() <= line.scale);
            for seen in &line.observed {
                score.values += u32::from(seen.inside.is_some());
                score.inside += u32::from(seen.inside == Some(true));
                score.inside_and_telling += u32::from(seen.inside == Some(true) && telling);
            }
        }
        score
    };
    [Label::Train, Label::Validate, Label::KnownLater].map(of).into()
}

impl Report {
    /// The report as plain text for a terminal, lines at most `width` characters where words allow.
    #[must_use]
    pub fn text(&self, width: usize) -> String {
        text::render(self, width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::symbols::levers::Lever;
    use noisy_float::prelude::R64;

    #[test]
    fn a_small_evaluation_is_the_same_on_one_thread_and_on_two() {
        let heard = std::cell::Cell::new(0.0);
        let one = evaluate(64, 7, 1, false, &[], &|share| heard.set(share)).unwrap();
        let two = evaluate(64, 7, 2, false, &[], &|_| ()).unwrap();
        assert_eq!(one, two);
        assert!((heard.get() - 1.0).abs() < 1e-12);
        assert_eq!(one.facts.len(), facts::book().unwrap().facts.len());
        for line in &one.facts {
            assert!(line.futures <= 64, "{}", line.key);
            if let Some(band) = line.model {
                assert!(band.low <= band.median && band.median <= band.high, "{}", line.key);
            }
        }
        let text = one.text(100);
        for line in &one.facts {
            assert!(text.contains(&line.id));
        }
        assert!(text.contains("P14 "), "listed as not covered");
        assert!(serde_json::to_string(&one).unwrap().contains("\"inside\""));
    }

    /// A lever that is moved stands in the report, and changes what is measured.
    #[test]
    fn levers_that_are_moved_are_said_and_show() {
        let change = LeverChange { day: 0, lever: Lever::IsraelBlowRate, value: R64::new(0.0) };
        let moved = evaluate(48, 7, 2, false, &[change], &|_| ()).unwrap();
        assert_eq!(moved.levers, [("israel.blow_rate", 0.0)]);
        assert!(moved.text(100).contains("israel.blow_rate = 0"));
        assert_ne!(moved.facts, evaluate(48, 7, 2, false, &[], &|_| ()).unwrap().facts);
    }

    #[test]
    fn futures_with_drawn_parameters_differ_from_futures_at_their_defaults() {
        let default = evaluate(48, 7, 2, false, &[], &|_| ()).unwrap();
        let prior = evaluate(48, 7, 2, true, &[], &|_| ()).unwrap();
        assert_eq!(prior.params, "prior");
        assert_ne!(default.facts, prior.facts);
    }
}
