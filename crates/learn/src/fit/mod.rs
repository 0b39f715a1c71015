//! What the record says about the numbers: futures with numbers drawn from their ranges are counted as the record was, and
//! the numbers of those nearest to it are moved to where it lies by a regression (Beaumont, Zhang & Balding 2002).
//!
//! Documented decisions are made to happen and are no evidence here. The counts of each series are summed up by a few figures: the
//! logarithm of the sums over four parts of the days, and how unsteady the periods are. Of the futures, those nearest count, and the
//! normal score of every number is regressed on the figures: what the regression gives at the record is the posterior's mean, and
//! what it leaves unexplained the posterior's variance.

pub mod calibration;
pub mod kept;
mod regression;

use crate::decisions::Decisions;
use crate::density::normal_share;
use crate::filter::in_parallel;
use crate::link::Bound;
use crate::nowcast::Nowcast;
use crate::observed::{Observed, SERIES, later};
use crate::windows::{Window, steps, windows};
use detente_model::chance::Key;
use detente_model::chance::quantile::normal;
use detente_model::scenario::Errors;
use detente_model::sim::course::Course;
use detente_model::sim::probe::Conditioned;
use detente_model::sim::rules::{FreeNumber, Rules};
use detente_model::sim::world::Fate;
use detente_study::futures::ensemble::Progress;
use detente_study::futures::posterior::{Row, Table};
use jiff::civil::Date;
use regression::{Cloud, Law};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The last day that numbers may be fitted to: whatever came later is there to be foreseen.
pub const LAST: Date = detente_study::patterns::facts::TRAIN_ENDS;

/// Contraction under which a number is not identified.
pub const LEAST: f64 = 0.1;

/// How many of its errors a contraction must lie above 0: of a thousand numbers about which nothing is known one would pass.
const CLEAR: f64 = 3.1;

/// Futures that are kept together.
pub const BLOCK: u64 = 500;

/// Parts of the days over which a series is summed.
const PARTS: usize = 4;

/// Periods from which on a series has a figure of its unsteadiness.
const UNSTEADY: usize = 8;

/// What is fitted, and how hard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Last day of the record.
    pub until: Date,
    /// Futures.
    pub futures: u64,
    /// Seed.
    pub seed: u64,
}

/// Some futures, each by its figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// Number of the first.
    pub first: u64,
    /// By future.
    pub figures: Vec<Vec<f64>>,
}

/// Why futures came to no end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Told to stop.
    Stopped,
    /// It cannot be done, in a sentence.
    Refused(String),
}

/// Three quantiles.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantiles {
    /// 5 %.
    pub q05: f64,
    /// Median.
    pub q50: f64,
    /// 95 %.
    pub q95: f64,
}

/// What the record says about one number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Number {
    /// Before.
    pub prior: Quantiles,
    /// After.
    pub posterior: Quantiles,
    /// One less the variance of its normal score.
    pub contraction: f64,
    /// Monte Carlo error of that.
    pub error: f64,
    /// Whether it narrowed by 10 %, clearly more than the error, and by more than numbers that reach nothing.
    pub identified: bool,
    /// Mean of its normal score; 0 before.
    pub mean: f64,
    /// Standard deviation of that; 1 before.
    pub sd: f64,
}

/// What a fit gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fitted {
    /// By id.
    pub numbers: BTreeMap<String, Number>,
    /// Figures of the record.
    pub figures: usize,
    /// Of them, those that lie outside what 99 % of the futures have.
    pub outside: Vec<String>,
    /// Futures near the record, by their weights as so many that count the same.
    pub near: f64,
    /// Numbers of the observations that reach nothing in these days.
    pub reach_nothing: usize,
    /// Largest contraction among those.
    pub narrowed_by_chance: f64,
}

/// A fit that is to be made.
pub struct Fit {
    plan: Plan,
    scenario: String,
    digest: String,
    nowcast: Nowcast,
    series: Vec<(Bound, Vec<Window>)>,
    decisions: Decisions,
}

impl Fit {
    /// The fit of a scenario's numbers to what was known on the evening of the plan's last day.
    ///
    /// # Errors
    /// Documented events that name what the scenario does not have.
    pub fn new(rules: &Rules, observed: &Observed, plan: Plan) -> Result<Self, Errors> {
        let nowcast = Nowcast::along(rules, observed, &[plan.until], plan.seed)?;
        let known = observed.as_of(plan.until);
        let start = rules.frame.start;
        let steps = steps(start, plan.until);
        let mut nuisances = Vec::new();
        let of = |id: &str, bound: &Bound| -> Vec<Window> {
            let told = |w: &Window| !bound.pauses(later(start, w.from), later(start, w.to));
            windows(known.of(id), start, &steps, bound.is_stock()).into_iter().filter(told).collect()
        };
        let bound = SERIES.iter().filter_map(|series| Some((series, Bound::new(series, rules, &mut nuisances)?)));
        let series =
            bound.map(|(series, bound)| (of(series.id, &bound), bound)).map(|(list, bound)| (bound, list)).collect();
        let decisions = Decisions::new(&known, rules)?;
        let (scenario, digest) = (rules.frame.name.clone(), known.digest().to_owned());
        Ok(Self { plan, scenario, digest, nowcast, series, decisions })
    }

    /// What the numbers are.
    #[must_use]
    pub fn nowcast(&self) -> &Nowcast {
        &self.nowcast
    }

    /// What [`Progress`] counts up to, with these blocks there already.
    #[must_use]
    pub fn work(&self, done: &[Block]) -> u64 {
        self.plan.futures.saturating_sub(done.iter().map(|block| block.figures.len() as u64).sum())
    }

    /// Numbers of the first futures of all blocks.
    pub fn firsts(plan: &Plan) -> impl Iterator<Item = u64> + use<> {
        (0..plan.futures).step_by(BLOCK as usize)
    }

    /// Runs the blocks that are not there yet, and hands each to `keep` when it is done. All of them, in order.
    ///
    /// # Errors
    /// If stopped, or if one cannot be kept.
    pub fn run(
        &self,
        done: Vec<Block>,
        jobs: usize,
        progress: &Progress,
        keep: impl Fn(&Block) -> Result<(), String>,
    ) -> Result<Vec<Block>, Ended> {
        let mut there: BTreeMap<u64, Block> = done.into_iter().map(|block| (block.first, block)).collect();
        for first in Self::firsts(&self.plan) {
            if there.contains_key(&first) {
                continue;
            }
            let mut figures = vec![Vec::new(); (self.plan.futures - first).min(BLOCK) as usize];
            in_parallel(
                &mut figures,
                jobs,
                progress,
                || {
                    Course::new(
                        self.nowcast.rules(),
                        Fate { seed: self.plan.seed, future: 0, prior: false },
                        Vec::new(),
                    )
                },
                |course, i, slot| *slot = self.future(course, first + i as u64),
            )
            .ok_or(Ended::Stopped)?;
            let block = Block { first, figures };
            keep(&block).map_err(Ended::Refused)?;
            there.insert(first, block);
        }
        Ok(there.into_values().collect())
    }

    /// The figures of a future, counted as the record was.
    fn future(&self, course: &mut Course<Conditioned>, future: u64) -> Vec<f64> {
        let numbers = self.nowcast.prior(future);
        let nuisances = self.nowcast.values(&numbers).1;
        let log = self.nowcast.moves_to(i32::MAX);
        course.begin_at(self.plan.seed, future, &self.nowcast.point(&numbers), log);
        let known: Vec<_> = self.series.iter().map(|(bound, _)| bound.nuisances(&nuisances)).collect();
        let mut counts: Vec<Vec<f64>> = vec![Vec::new(); self.series.len()];
        let mut open = vec![0.0; self.series.len()];
        let key = Key::new(self.plan.seed, future).of("counted");
        for day in 0..self.nowcast.days() as i32 {
            self.decisions.today(day, &mut course.probe);
            course.step();
            for (k, ((bound, list), n)) in self.series.iter().zip(&known).enumerate() {
                let Some(window) = list.get(counts[k].len()).filter(|w| w.from <= day) else { continue };
                open[k] += bound.signal(course, n);
                if window.to == day {
                    let days = window.to - window.from + 1;
                    counts[k].push(bound.counted(key.day(day).uniform(k as u32), open[k], days, n));
                    open[k] = 0.0;
                }
            }
        }
        self.series.iter().zip(&counts).flat_map(|((bound, _), counts)| figures(bound.is_stock(), counts)).collect()
    }

    /// The figures of the record, with their names.
    #[must_use]
    pub fn record(&self) -> Vec<(String, f64)> {
        let mut all = Vec::new();
        for (bound, list) in &self.series {
            let values: Vec<f64> = list.iter().map(|window| window.value).collect();
            let of = figures(bound.is_stock(), &values);
            all.extend(of.into_iter().enumerate().map(|(i, x)| (format!("{} {}", bound.link.series, i + 1), x)));
        }
        all
    }

    /// What the futures say at the record.
    #[must_use]
    pub fn of(&self, blocks: &[Block]) -> Fitted {
        let record = self.record();
        let cloud = self.cloud(blocks);
        let at: Vec<f64> = record.iter().map(|(_, x)| *x).collect();
        let law = cloud.at(&at, None);
        let outside = cloud.outside(&at).into_iter().map(|i| record[i].0.clone()).collect();
        self.fitted(&law, outside)
    }

    /// The futures as points, with the scores of their numbers.
    fn cloud(&self, blocks: &[Block]) -> Cloud {
        let mut cloud = Cloud::default();
        for block in blocks {
            for (future, figures) in (block.first..).zip(&block.figures) {
                cloud.push(figures.clone(), self.nowcast.prior(future));
            }
        }
        cloud
    }

    fn fitted(&self, law: &Law, outside: Vec<String>) -> Fitted {
        let blind = self.reach_nothing();
        let by_chance = blind.iter().map(|&k| 1.0 - law.variance[k]).fold(0.0, f64::max);
        let mut numbers = BTreeMap::new();
        for (k, id) in self.nowcast.ids().enumerate() {
            let (mean, sd) = (law.mean[k], libm::sqrt(law.variance[k]));
            let three = |mean: f64, sd: f64| {
                let [q05, q50, q95] = [0.05, 0.5, 0.95].map(|share| self.value(k, mean + sd * normal(share)));
                Quantiles { q05, q50, q95 }
            };
            let (contraction, error) = (1.0 - law.variance[k], law.error * law.variance[k]);
            let clear = contraction > CLEAR * error && contraction > by_chance && !blind.contains(&k);
            let number = Number {
                prior: three(0.0, 1.0),
                posterior: three(mean, sd),
                contraction,
                error,
                identified: contraction >= LEAST && clear,
                mean,
                sd,
            };
            numbers.insert(id.to_owned(), number);
        }
        Fitted {
            numbers,
            figures: law.figures,
            outside,
            near: law.near,
            reach_nothing: blind.len(),
            narrowed_by_chance: by_chance,
        }
    }

    /// Positions of the numbers of series without a value in these days.
    fn reach_nothing(&self) -> Vec<usize> {
        let without = |id: &str| self.series.iter().any(|(bound, list)| bound.link.series == id && list.is_empty());
        let blind = |id: &str| {
            let series = id.strip_prefix("observed.").and_then(|rest| rest.split_once('['));
            series.and_then(|(_, rest)| rest.strip_suffix(']')).is_some_and(without)
        };
        self.nowcast.ids().enumerate().filter(|(_, id)| blind(id)).map(|(k, _)| k).collect()
    }

    /// The value of a number at a normal score.
    fn value(&self, number: usize, z: f64) -> f64 {
        match self.nowcast.free.0.get(number) {
            Some(free) => free.at(normal_share(z)),
            None => self.nowcast.nuisances[number - self.nowcast.free.0.len()].at(z),
        }
    }

    /// The table of the model's numbers that were identified.
    #[must_use]
    pub fn table(&self, fitted: &Fitted) -> Table {
        let row = |number: &FreeNumber| {
            let known = fitted.numbers.get(&number.id).filter(|known| known.identified)?;
            let round = |x: f64| libm::round(x * 1e4) / 1e4;
            let (mean, sd) = (round(known.mean), round(known.sd).max(1e-4));
            Some(Row { id: number.id.clone(), mean, sd, low: number.low, high: number.high })
        };
        Table {
            scenario: self.scenario.clone(),
            until: self.plan.until,
            futures: self.plan.futures,
            seed: self.plan.seed,
            observed: self.digest.clone(),
            numbers: self.nowcast.free.0.iter().filter_map(row).collect(),
        }
    }
}

/// What a series is summed up by; nothing of one without values. All futures have as many, for periods are the record's.
fn figures(stock: bool, values: &[f64]) -> Vec<f64> {
    let logs: Vec<f64> = values.iter().map(|value| libm::log(1.0 + value)).collect();
    if stock {
        return logs;
    }
    let parts = PARTS.min(values.len());
    let part = |i: usize| {
        let (from, to) = (values.len() * i / parts, values.len() * (i + 1) / parts);
        libm::log(1.0 + values[from..to].iter().sum::<f64>())
    };
    let mut all: Vec<f64> = (0..parts).map(part).collect();
    if values.len() >= UNSTEADY {
        let steps: f64 = logs.windows(2).map(|pair| (pair[1] - pair[0]) * (pair[1] - pair[0])).sum();
        all.push(libm::log(0.01 + steps / (logs.len() - 1) as f64));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_summed_up_by_its_parts_and_its_unsteadiness() {
        assert!(figures(false, &[]).is_empty());
        let two = figures(false, &[3.0, 7.0]);
        assert!(two.len() == 2 && (two[0] - libm::log(4.0)).abs() < 1e-12 && (two[1] - libm::log(8.0)).abs() < 1e-12);
        let steady = figures(false, &[5.0; 8]);
        let unsteady = figures(false, &[0.0, 10.0, 0.0, 10.0, 0.0, 10.0, 0.0, 10.0]);
        assert_eq!(steady.len(), PARTS + 1);
        assert!((steady[0] - unsteady[0]).abs() < 1e-12 && steady[PARTS] < unsteady[PARTS]);
        assert_eq!(figures(true, &[1.0, 1.0, 1.0]).len(), 3);
    }
}
