//! A particle filter, whatever moves: weights, effective size, numbers that drift, systematic resampling, evidence with its
//! error.
//!
//! Everything is keyed by (seed, step, particle) and summed in the order of particles, so that neither the number of threads nor
//! an interruption shows in any bit. References: Gordon, Salmond & Smith 1993; Chopin & Papaspiliopoulos 2020.

use crate::density::log_sum;
use detente_model::chance::Key;
use detente_study::futures::ensemble::Progress;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// What is filtered.
pub trait Process: Sync {
    /// One particle.
    type State: Clone + Send + Sync;
    /// What a thread works with.
    type Worker;
    /// A thread's memory.
    fn worker(&self) -> Self::Worker;
    /// A particle before the first step; its numbers are standard normal under the prior.
    fn start(&self, worker: &mut Self::Worker, particle: u64) -> Self::State;
    /// Moves a particle through a step and weighs it: the logarithm of the density of what was observed in it.
    fn step(&self, worker: &mut Self::Worker, step: usize, particle: u64, state: &mut Self::State) -> f64;
    /// Steps there are.
    fn steps(&self) -> usize;
    /// The numbers of a particle, of standard normal prior.
    fn numbers<'a>(&self, state: &'a mut Self::State) -> &'a mut [f32];
    /// Correlation of a number with itself over a step: how much of it is kept as it drifts.
    fn kept(&self, step: usize, number: usize) -> f64;
    /// Quantities whose filtered distribution is kept, in an order of their own.
    fn watch(&self, state: &Self::State, into: &mut Vec<f64>);
}

/// Particles in the first step for each one afterwards. The prior is wide, so that few of them go with what is seen first; of those
/// few all later ones would descend. The first step is a week at most, so this costs little, and the evidence stays what it is.
pub const FIRST: usize = 8;

/// Effective size under which particles are resampled, as a share of their number.
pub const RESAMPLE_BELOW: f64 = 0.5;

/// What a filter is after a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Filtered<S> {
    /// Steps done.
    pub step: usize,
    /// Particles wanted: as many as there are after the first step.
    pub wanted: usize,
    /// Particles.
    pub states: Vec<S>,
    /// Logarithms of their weights, of which the exponentials sum to 1.
    pub log_weights: Vec<f64>,
    /// ln of the density of everything observed so far.
    pub log_evidence: f64,
    /// Variance of that by the particles being finite, summed over the resamplings so far.
    pub variance: f64,
    /// Effective size after each step, before any resampling; at most as many as are wanted.
    pub effective: Vec<f64>,
    /// By step, the 5, 25, 50, 75 and 95 % quantiles of every quantity watched.
    pub bands: Vec<Vec<[f64; 5]>>,
    /// Resamplings so far.
    pub resampled: u32,
}

impl<S> Filtered<S> {
    /// Weights, of sum 1.
    pub fn weights(&self) -> impl Iterator<Item = f64> + '_ {
        self.log_weights.iter().map(|w| libm::exp(*w))
    }

    /// Monte Carlo standard error of the log evidence: each stretch between resamplings adds 1/ESS − 1/N, as if stretches
    /// were independent.
    #[must_use]
    pub fn log_evidence_se(&self) -> f64 {
        libm::sqrt(self.variance + stretch(effective(&self.log_weights), self.states.len()))
    }
}

/// Variance of one stretch between resamplings.
fn stretch(effective: f64, n: usize) -> f64 {
    (1.0 / effective - 1.0 / n as f64).max(0.0)
}

/// 1 / Σ w².
#[must_use]
pub fn effective(log_weights: &[f64]) -> f64 {
    libm::exp(-log_sum(log_weights.iter().map(|w| 2.0 * w)))
}

/// What [`Progress`] counts up to in a filter of `n` particles: its start and its first step with [`FIRST`] times as many, and the
/// other steps.
#[must_use]
pub const fn work(n: usize, steps: usize) -> u64 {
    (n * FIRST) as u64 + if steps == 0 { 0 } else { (n * (FIRST + steps - 1)) as u64 }
}

/// A filter of `n` particles at its start, [`FIRST`] times as many; `None` if stopped.
pub fn begin<P: Process>(process: &P, n: usize, jobs: usize, progress: &Progress) -> Option<Filtered<P::State>> {
    let wanted = n;
    let n = n * FIRST;
    let mut states: Vec<Option<P::State>> = (0..n).map(|_| None).collect();
    in_parallel(
        &mut states,
        jobs,
        progress,
        || process.worker(),
        |worker, i, slot| {
            *slot = Some(process.start(worker, i as u64));
        },
    )?;
    Some(Filtered {
        step: 0,
        wanted,
        states: states.into_iter().flatten().collect(),
        log_weights: vec![-libm::log(n as f64); n],
        log_evidence: 0.0,
        variance: 0.0,
        effective: Vec::new(),
        bands: Vec::new(),
        resampled: 0,
    })
}

/// Why a filter cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// Told to stop: the step under way is lost, and the filter as it was before must be used again.
    Stopped,
    /// Nothing that was observed in this step has any density under any particle.
    Impossible,
}

/// One step: every particle moves and is weighed; they are resampled before it where few of them counted.
///
/// # Errors
/// If stopped, or nothing can have given what was observed.
pub fn advance<P: Process>(
    process: &P,
    key: Key,
    filter: &mut Filtered<P::State>,
    jobs: usize,
    progress: &Progress,
) -> Result<(), Halt> {
    let wanted = filter.wanted;
    // Before the step and not after it, so that the last weights are those of what was seen last.
    let few = |size: &f64| *size < RESAMPLE_BELOW * wanted as f64 || filter.states.len() != wanted;
    if filter.effective.last().is_some_and(few) {
        resample(key, filter);
    }
    let step = filter.step;
    let drift = key.of("drift").of_hash(step as u64);
    let numbers = filter.states.first_mut().map_or(0, |state| process.numbers(state).len());
    let kept = |number| {
        let kept = process.kept(step, number);
        (kept, libm::sqrt((1.0 - kept * kept).max(0.0)))
    };
    // Before the first step they are where the prior has them.
    let kept: Vec<(f64, f64)> = if step == 0 { Vec::new() } else { (0..numbers).map(kept).collect() };
    let mut moved: Vec<(&mut P::State, f64)> = filter.states.iter_mut().map(|state| (state, 0.0)).collect();
    in_parallel(
        &mut moved,
        jobs,
        progress,
        || process.worker(),
        |worker, i, (state, gain)| {
            let draws = drift.day(i as i32);
            for (k, (number, (kept, moves))) in process.numbers(state).iter_mut().zip(&kept).enumerate() {
                if *moves > 0.0 {
                    *number = on_grid(kept * f64::from(*number) + moves * draws.normal(k as u32));
                }
            }
            *gain = process.step(worker, step, i as u64, state);
        },
    )
    .ok_or(Halt::Stopped)?;
    let gains: Vec<f64> = moved.into_iter().map(|(_, gain)| gain).collect();
    for (weight, gain) in filter.log_weights.iter_mut().zip(gains) {
        // A density that is not a number says nothing for the particle.
        *weight = if gain.is_nan() { f64::NEG_INFINITY } else { *weight + gain };
    }
    let sum = log_sum(filter.log_weights.iter().copied());
    if sum == f64::NEG_INFINITY {
        return Err(Halt::Impossible);
    }
    filter.log_evidence += sum;
    filter.log_weights.iter_mut().for_each(|weight| *weight -= sum);
    filter.effective.push(effective(&filter.log_weights).min(wanted as f64));
    filter.bands.push(bands(process, filter));
    filter.step += 1;
    Ok(())
}

/// Draws particles by their weights, systematically: one uniform, equal steps.
fn resample<S: Clone>(key: Key, filter: &mut Filtered<S>) {
    let n = filter.wanted;
    filter.variance += stretch(effective(&filter.log_weights), filter.states.len());
    let day = key.of("resample").day(filter.step as i32);
    let ancestors = systematic(&filter.weights().collect::<Vec<_>>(), n, day.uniform(0));
    filter.states = ancestors.iter().map(|&from| filter.states[from].clone()).collect();
    filter.log_weights = vec![-libm::log(n as f64); n];
    filter.resampled += 1;
}

/// Steps of a normal score: numbers stand on a grid of 1/4096, so that a file holds each in two bytes and nothing is lost by it.
const GRID: f64 = 4096.0;

/// The nearest score on the grid, at most 7.999 from 0.
#[must_use]
pub fn on_grid(score: f64) -> f32 {
    (libm::round(score * GRID).clamp(f64::from(-i16::MAX), f64::from(i16::MAX)) / GRID) as f32
}

/// A score of the grid as the whole number that a file holds.
#[must_use]
pub fn to_grid(score: f32) -> i16 {
    libm::round(f64::from(score) * GRID) as i16
}

/// The score that a file's whole number stands for.
#[must_use]
pub fn from_grid(step: i16) -> f32 {
    (f64::from(step) / GRID) as f32
}

/// Positions of `n` particles drawn with these weights (of sum 1): `u` in (0, 1) places a comb of `n` equal steps.
#[must_use]
pub fn systematic(weights: &[f64], n: usize, u: f64) -> Vec<usize> {
    let (mut drawn, mut at, mut reached) = (Vec::with_capacity(n), 0, 0.0);
    let total: f64 = weights.iter().sum();
    for i in 0..n {
        let wanted = total * (i as f64 + u) / n as f64;
        while at + 1 < weights.len() && reached + weights[at] <= wanted {
            reached += weights[at];
            at += 1;
        }
        drawn.push(at);
    }
    drawn
}

/// Quantiles of what is watched.
fn bands<P: Process>(process: &P, filter: &Filtered<P::State>) -> Vec<[f64; 5]> {
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(filter.states.len());
    for state in &filter.states {
        let mut row = Vec::new();
        process.watch(state, &mut row);
        rows.push(row);
    }
    let weights: Vec<f64> = filter.weights().collect();
    let columns = rows.first().map_or(0, Vec::len);
    let mut sorted: Vec<(f64, f64)> = Vec::with_capacity(rows.len());
    (0..columns)
        .map(|column| {
            sorted.clear();
            sorted.extend(rows.iter().zip(&weights).map(|(row, w)| (row[column], *w)));
            quantiles(&mut sorted, [0.05, 0.25, 0.5, 0.75, 0.95])
        })
        .collect()
}

/// Quantiles of values with weights of sum 1: the least value at which the weights so far reach the share asked for.
pub fn quantiles<const N: usize>(values: &mut [(f64, f64)], shares: [f64; N]) -> [f64; N] {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut at, mut reached) = (0, values.first().map_or(0.0, |(_, w)| *w));
    shares.map(|share| {
        // The last value stands for a sum of weights that rounding left just under 1.
        while at + 1 < values.len() && reached < share {
            at += 1;
            reached += values[at].1;
        }
        values.get(at).map_or(f64::NAN, |(value, _)| *value)
    })
}

/// Particles handed to a thread at a time.
const BITE: usize = 16;

/// Does `task` for every slot on `jobs` threads; `None` if stopped before all are done.
pub(crate) fn in_parallel<T: Send, W>(
    slots: &mut [T],
    jobs: usize,
    progress: &Progress,
    worker: impl Fn() -> W + Sync,
    task: impl Fn(&mut W, usize, &mut T) + Sync,
) -> Option<()> {
    let most = slots.len().div_ceil(BITE).max(1);
    let bites: Vec<Mutex<&mut [T]>> = slots.chunks_mut(BITE).map(Mutex::new).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut mine = None;
        loop {
            let bite = next.fetch_add(1, Ordering::Relaxed);
            if bite >= bites.len() || progress.stop.load(Ordering::Relaxed) {
                return;
            }
            let mine = mine.get_or_insert_with(&worker);
            // Each bite is taken by one thread alone.
            let mut slots = bites[bite].lock().unwrap_or_else(PoisonError::into_inner);
            for (i, slot) in slots.iter_mut().enumerate() {
                task(mine, BITE * bite + i, slot);
                progress.done.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    if jobs.clamp(1, most) == 1 {
        work();
    } else {
        std::thread::scope(|scope| {
            for _ in 0..jobs.min(most) {
                scope.spawn(work);
            }
        });
    }
    (!progress.stop.load(Ordering::Relaxed)).then_some(())
}
