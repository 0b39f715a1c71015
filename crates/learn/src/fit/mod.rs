//! What the record says about the numbers: several filters of the same days, and how far each free number has moved and narrowed
//! under all of them.
//!
//! A number's contraction is one less the variance of its normal score over all runs, which is 1 under the prior; its error comes from
//! the spread over the runs. All runs count the same: their evidence differs by several units of its logarithm for no reason but
//! luck, so that by it one or two of them would be all, and what had drifted there would pass for known (tried; it fails calibration).
//! A filter narrows every number, whatever it has to do with what is counted: particles are drawn anew and drift together. Between runs
//! that shows as a spread of their means. The scales and sizes of series without any value in these days reach nothing: a number
//! that did not narrow more than any of them is not identified.

pub mod calibration;
pub mod kept;

use crate::density::normal_share;
use crate::filter::{Filtered, Halt, from_grid, quantiles, systematic, to_grid, work};
use crate::nowcast::{Nowcast, Particle};
use crate::observed::Observed;
use detente_model::chance::quantile::normal;
use detente_model::scenario::Errors;
use detente_model::sim::rules::Rules;
use detente_study::futures::ensemble::Progress;
use detente_study::futures::posterior::{Row, Table};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

/// The last day that numbers may be fitted to: whatever came later is there to be foreseen.
pub const LAST: Date = detente_study::patterns::facts::TRAIN_ENDS;

/// Contraction under which a number is not identified.
pub const LEAST: f64 = 0.1;

/// Scores that a run keeps of every number.
const SAMPLE: usize = 200;

/// What is fitted, and how hard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Last day of the record.
    pub until: Date,
    /// Particles of each filter.
    pub particles: usize,
    /// Seed of the first filter.
    pub seed: u64,
    /// Filters.
    pub seeds: u64,
}

/// One filter at its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Seed.
    pub seed: u64,
    /// ln of the density of the record.
    pub log_evidence: f64,
    /// Its Monte Carlo error, as the filter states it.
    pub log_evidence_se: f64,
    /// Effective sample at its least.
    pub least_effective: f64,
    /// Mean of every number's normal score.
    pub mean: Vec<f64>,
    /// Variance of that.
    pub variance: Vec<f64>,
    /// Some of the scores by number, drawn by their weights, on the filter's grid.
    pub sample: Vec<Vec<i16>>,
}

/// Why runs came to no end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Told to stop.
    Stopped,
    /// It cannot be done, in a sentence.
    Refused(String),
}

/// Runs a filter to its end.
///
/// # Errors
/// If stopped, or at a step of which nothing observed is possible under any particle.
pub fn filtered(
    nowcast: &Nowcast,
    particles: usize,
    jobs: usize,
    progress: &Progress,
) -> Result<Filtered<Particle>, Ended> {
    let start = nowcast.begin(particles, jobs, progress).ok_or(Ended::Stopped)?;
    let going = |_: &Filtered<Particle>| !progress.stop.load(Ordering::Relaxed);
    match nowcast.run(start, jobs, progress, going) {
        Ok(filter) if filter.step == nowcast.steps_in_all() => Ok(filter),
        Ok(_) | Err((Halt::Stopped, _)) => Err(Ended::Stopped),
        Err((Halt::Impossible, step)) => Err(Ended::Refused(format!(
            "nothing that was counted in the days to {} is possible under any of {particles} particles; look at the \
             observations with `detente observe`, or take more particles",
            nowcast.date(step)
        ))),
    }
}

impl Run {
    /// Of a filter at its end.
    #[must_use]
    pub fn of(nowcast: &Nowcast, seed: u64, filter: &Filtered<Particle>) -> Self {
        let weights: Vec<f64> = filter.weights().collect();
        let count = filter.states.first().map_or(0, |particle| particle.numbers.len());
        let (mut mean, mut variance) = (vec![0.0; count], vec![0.0; count]);
        for (particle, w) in filter.states.iter().zip(&weights) {
            for (k, z) in particle.numbers.iter().enumerate() {
                mean[k] += w * f64::from(*z);
            }
        }
        for (particle, w) in filter.states.iter().zip(&weights) {
            for (k, z) in particle.numbers.iter().enumerate() {
                let off = f64::from(*z) - mean[k];
                variance[k] += w * off * off;
            }
        }
        let drawn = systematic(&weights, SAMPLE, nowcast.key().of("fit").timeless().uniform(0));
        let of = |k: usize| drawn.iter().map(|&i| to_grid(filter.states[i].numbers[k])).collect();
        Self {
            seed,
            log_evidence: filter.log_evidence,
            log_evidence_se: filter.log_evidence_se(),
            least_effective: filter.effective.iter().copied().fold(f64::INFINITY, f64::min),
            mean,
            variance,
            sample: (0..count).map(of).collect(),
        }
    }
}

/// A number's score under all runs: mean, variance, and the error of that from the spread over the runs (nothing with one run).
///
/// The variance is that within runs and that between their means, unbiased: for a number about which nothing is known it is 1 on
/// average, however far the particles of a run have drifted together.
fn pooled(runs: &[Run], number: usize) -> (f64, f64, Option<f64>) {
    let n = runs.len() as f64;
    let mean = runs.iter().map(|run| run.mean[number]).sum::<f64>() / n;
    if runs.len() < 2 {
        return (mean, runs.first().map_or(1.0, |run| run.variance[number]), None);
    }
    let of = |run: &Run| run.variance[number] + n / (n - 1.0) * (run.mean[number] - mean) * (run.mean[number] - mean);
    let all: Vec<f64> = runs.iter().map(of).collect();
    let variance = all.iter().sum::<f64>() / n;
    let squares: f64 = all.iter().map(|x| (x - variance) * (x - variance)).sum();
    (mean, variance, Some(libm::sqrt(squares / (n - 1.0) / n)))
}

/// The 99.9 % quantile of Student's t, by degrees of freedom: there are a thousand numbers, and one of a thousand about which nothing
/// is known would pass.
fn clear(freedom: usize) -> f64 {
    const TABLE: [f64; 20] = [
        318.31, 22.327, 10.215, 7.173, 5.893, 5.208, 4.785, 4.501, 4.297, 4.144, 4.025, 3.930, 3.852, 3.787, 3.733,
        3.686, 3.646, 3.610, 3.579, 3.552,
    ];
    // Beyond the table by its expansion in 1/freedom.
    let z = 3.090_232;
    TABLE.get(freedom.wrapping_sub(1)).copied().unwrap_or(z + (z * z * z + z) / (4.0 * freedom as f64))
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
    /// Monte Carlo error of that, from the spread over seeds; nothing with one seed.
    pub error: Option<f64>,
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
    /// Numbers of the observations that reach nothing in these days, and the largest contraction among them.
    pub reach_nothing: usize,
    /// Largest contraction among those.
    pub narrowed_by_chance: f64,
    /// Mean of the logarithms of the evidence, and their standard deviation over the runs.
    pub log_evidence: f64,
    /// Standard deviation over the runs; nothing with one.
    pub log_evidence_sd: Option<f64>,
}

/// A fit that is to be made.
pub struct Fit<'a> {
    rules: &'a Rules,
    observed: &'a Observed,
    plan: Plan,
    /// The first filter: what the numbers are.
    first: Nowcast,
}

impl<'a> Fit<'a> {
    /// The fit of a scenario's numbers to what was known on the evening of the plan's last day.
    ///
    /// # Errors
    /// Documented events that name what the scenario does not have.
    pub fn new(rules: &'a Rules, observed: &'a Observed, plan: Plan) -> Result<Self, Errors> {
        let first = Nowcast::along(rules, observed, &[plan.until], plan.seed)?;
        Ok(Self { rules, observed, plan, first })
    }

    /// What it is of.
    #[must_use]
    pub fn nowcast(&self) -> &Nowcast {
        &self.first
    }

    /// What [`Progress`] counts up to, with so many runs done already.
    #[must_use]
    pub fn work(&self, done: usize) -> u64 {
        let left = self.plan.seeds.saturating_sub(done as u64);
        left * work(self.plan.particles, self.first.steps_in_all())
    }

    /// Does the runs that are not there yet, and hands each to `keep` when it is done. All of them, in the order of their seeds.
    ///
    /// # Errors
    /// If stopped, if nothing can have given what was observed, or if one cannot be kept.
    pub fn run(
        &self,
        done: Vec<Run>,
        jobs: usize,
        progress: &Progress,
        keep: impl Fn(&Run) -> Result<(), String>,
    ) -> Result<Vec<Run>, Ended> {
        let mut there: BTreeMap<u64, Run> = done.into_iter().map(|run| (run.seed, run)).collect();
        for seed in self.plan.seed..self.plan.seed + self.plan.seeds {
            if there.contains_key(&seed) {
                continue;
            }
            let nowcast = Nowcast::along(self.rules, self.observed, &[self.plan.until], seed)
                .map_err(|errors| Ended::Refused(errors.to_string()))?;
            let filter = filtered(&nowcast, self.plan.particles, jobs, progress)?;
            let run = Run::of(&nowcast, seed, &filter);
            keep(&run).map_err(Ended::Refused)?;
            there.insert(seed, run);
        }
        Ok(there.into_values().collect())
    }

    /// What the runs say together.
    #[must_use]
    pub fn of(&self, runs: &[Run]) -> Fitted {
        fitted(&self.first, runs)
    }

    /// The table of the model's numbers that were identified.
    #[must_use]
    pub fn table(&self, fitted: &Fitted) -> Table {
        let row = |number: &detente_model::sim::rules::FreeNumber| {
            let known = fitted.numbers.get(&number.id).filter(|known| known.identified)?;
            let round = |x: f64| libm::round(x * 1e4) / 1e4;
            Some(Row {
                id: number.id.clone(),
                mean: round(known.mean),
                sd: round(known.sd).max(1e-4),
                low: number.low,
                high: number.high,
            })
        };
        Table {
            scenario: self.rules.frame.name.clone(),
            until: self.plan.until,
            particles: self.plan.particles,
            seed: self.plan.seed,
            seeds: self.plan.seeds,
            observed: self.observed.as_of(self.plan.until).digest().to_owned(),
            numbers: self.first.free.0.iter().filter_map(row).collect(),
        }
    }
}

/// What runs of one filter say together.
#[must_use]
pub fn fitted(nowcast: &Nowcast, runs: &[Run]) -> Fitted {
    let blind = reach_nothing(nowcast);
    let by_chance = blind.iter().map(|&k| 1.0 - pooled(runs, k).1).fold(0.0, f64::max);
    let mut numbers = BTreeMap::new();
    for (k, id) in nowcast.ids().enumerate() {
        let (mean, variance, error) = pooled(runs, k);
        let at = |z: f64| value(nowcast, k, z);
        let each = |run: &Run| 1.0 / (runs.len() * run.sample[k].len()) as f64;
        let of = |run: &'_ Run| -> Vec<(f64, f64)> {
            run.sample[k].iter().map(|z| (f64::from(from_grid(*z)), each(run))).collect()
        };
        let mut scores: Vec<(f64, f64)> = runs.iter().flat_map(of).collect();
        let three = |[q05, q50, q95]: [f64; 3]| Quantiles { q05, q50, q95 };
        let wanted = [0.05, 0.5, 0.95];
        let contraction = 1.0 - variance;
        let clear = error.is_some_and(|error| contraction > clear(runs.len() - 1) * error);
        let number = Number {
            prior: three(wanted.map(|share| at(normal(share)))),
            posterior: three(quantiles(&mut scores, wanted).map(at)),
            contraction,
            error,
            identified: contraction >= LEAST && clear && contraction > by_chance && !blind.contains(&k),
            mean,
            sd: libm::sqrt(variance.max(0.0)),
        };
        numbers.insert(id.to_owned(), number);
    }
    let n = runs.len() as f64;
    let log_evidence = runs.iter().map(|run| run.log_evidence).sum::<f64>() / n;
    let off = |run: &Run| (run.log_evidence - log_evidence) * (run.log_evidence - log_evidence);
    Fitted {
        numbers,
        reach_nothing: blind.len(),
        narrowed_by_chance: by_chance,
        log_evidence,
        log_evidence_sd: (runs.len() > 1).then(|| libm::sqrt(runs.iter().map(off).sum::<f64>() / (n - 1.0))),
    }
}

/// Positions of the numbers of series without a value in these days.
fn reach_nothing(nowcast: &Nowcast) -> Vec<usize> {
    let without: Vec<&str> = nowcast.compared().filter(|(_, periods)| *periods == 0).map(|(id, _)| id).collect();
    let series = |id: &str| {
        let (_, rest) = id.strip_prefix("observed.")?.split_once('[')?;
        rest.strip_suffix(']').map(str::to_owned)
    };
    let blind = |id: &str| series(id).is_some_and(|series| without.contains(&series.as_str()));
    nowcast.ids().enumerate().filter(|(_, id)| blind(id)).map(|(k, _)| k).collect()
}

/// The value of a number at a normal score.
fn value(nowcast: &Nowcast, number: usize, z: f64) -> f64 {
    match nowcast.free.0.get(number) {
        Some(free) => free.at(normal_share(z)),
        None => nowcast.nuisances[number - nowcast.free.0.len()].at(z),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(seed: u64, log_evidence: f64, mean: f64, variance: f64) -> Run {
        Run {
            seed,
            log_evidence,
            log_evidence_se: 0.0,
            least_effective: 1.0,
            mean: vec![mean],
            variance: vec![variance],
            sample: vec![vec![0]],
        }
    }

    /// Numbers of which nothing is known: the particles of each run have drifted together, and yet nothing narrows on average.
    #[test]
    fn what_drifted_in_every_run_is_not_taken_for_known() {
        use detente_model::chance::Key;
        let (mut sum, mut passed) = (0.0, 0);
        for number in 0..400 {
            let draws = Key::new(number, 0).of("test").timeless();
            // A fifth of each run's variance has become a step of its mean.
            let runs: Vec<Run> = (0..8).map(|i| run(u64::from(i), 0.0, 0.2_f64.sqrt() * draws.normal(i), 0.8)).collect();
            let (_, variance, error) = pooled(&runs, 0);
            sum += 1.0 - variance;
            passed += u32::from(1.0 - variance >= LEAST && 1.0 - variance > clear(7) * error.unwrap());
        }
        assert!((sum / 400.0).abs() < 0.02, "{sum}");
        assert!(passed <= 4, "{passed} of 400 pass for known");
    }

    #[test]
    fn what_all_runs_agree_on_is_known() {
        let runs: Vec<Run> = (0..8).map(|i| run(i, 0.0, 1.0 + 0.02 * (i % 3) as f64, 0.3)).collect();
        let (mean, variance, error) = pooled(&runs, 0);
        assert!((mean - 1.0175).abs() < 1e-9 && (0.3..0.302).contains(&variance), "{mean} {variance}");
        assert!(1.0 - variance > clear(7) * error.unwrap());
        // One run knows nothing of its error.
        assert_eq!(pooled(&runs[..1], 0).2, None);
        assert!((clear(20) - 3.552).abs() < 1e-9 && (clear(21) - 3.53).abs() < 0.06);
    }
}
