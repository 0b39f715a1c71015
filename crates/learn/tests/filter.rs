//! The filter against exact answers: a linear-Gaussian walk, counts over a hidden chain, a number that drifts.

#![allow(clippy::unwrap_used, reason = "tests")]

use detente_learn::density::{log_sum, negative_binomial, normal};
use detente_learn::filter::{self, Filtered, Process, quantiles, systematic};
use detente_model::chance::Key;
use detente_study::futures::ensemble::Progress;
use proptest::prelude::*;

/// A toy: how a particle moves and what its step is worth.
struct Toy<F> {
    seed: u64,
    steps: usize,
    /// By number, how much of it is kept over a step.
    numbers: &'static [f64],
    /// (step, uniform-keyed draws, numbers, state) → (state, log density).
    go: F,
}

#[derive(Clone, Debug, PartialEq)]
struct At {
    x: f64,
    numbers: Vec<f32>,
}

impl<F: Fn(usize, detente_model::chance::DayKey, &[f32], f64) -> (f64, f64) + Sync> Process for Toy<F> {
    type State = At;
    type Worker = ();
    fn worker(&self) {}
    fn start(&self, (): &mut (), particle: u64) -> At {
        let draws = Key::new(self.seed, particle).of("start").timeless();
        At { x: draws.normal(0), numbers: (0..self.numbers.len()).map(|k| draws.normal(1 + k as u32) as f32).collect() }
    }
    fn step(&self, (): &mut (), step: usize, particle: u64, at: &mut At) -> f64 {
        let draws = Key::new(self.seed, particle).of("toy").day(step as i32);
        let (x, gain) = (self.go)(step, draws, &at.numbers, at.x);
        at.x = x;
        gain
    }
    fn steps(&self) -> usize {
        self.steps
    }
    fn numbers<'a>(&self, at: &'a mut At) -> &'a mut [f32] {
        &mut at.numbers
    }
    fn kept(&self, _: usize, number: usize) -> f64 {
        self.numbers[number]
    }
    fn watch(&self, at: &At, into: &mut Vec<f64>) {
        into.push(at.x);
        into.extend(at.numbers.iter().map(|z| f64::from(*z)));
    }
}

fn run<P: Process>(process: &P, seed: u64, n: usize, jobs: usize) -> Filtered<P::State> {
    let progress = Progress::default();
    let mut filter = filter::begin(process, n, jobs, &progress).unwrap();
    while filter.step < process.steps() {
        filter::advance(process, Key::new(seed, u64::MAX), &mut filter, jobs, &progress).unwrap();
    }
    filter
}

/// x moves by N(.9 x, 1), y is N(x, .7²).
const MEMORY: f64 = 0.9;
const NOISE: f64 = 0.7;

fn walk() -> Vec<f64> {
    let (mut x, draws) = (0.0, Key::new(99, 0).of("truth"));
    (0..60)
        .map(|t| {
            let day = draws.day(t);
            x = MEMORY * x + day.normal(0);
            x + NOISE * day.normal(1)
        })
        .collect()
}

/// The Kalman filter's evidence, last mean and last standard deviation.
fn kalman(y: &[f64]) -> (f64, f64, f64) {
    let (mut mean, mut variance, mut evidence) = (0.0, 1.0, 0.0);
    for y in y {
        mean *= MEMORY;
        variance = MEMORY * MEMORY * variance + 1.0;
        let spread = variance + NOISE * NOISE;
        evidence += normal(*y, mean, libm::sqrt(spread));
        let gain = variance / spread;
        mean += gain * (y - mean);
        variance *= 1.0 - gain;
    }
    (evidence, mean, libm::sqrt(variance))
}

fn gaussian(y: &[f64], seed: u64, n: usize, jobs: usize) -> Filtered<At> {
    let go = |step: usize, draws: detente_model::chance::DayKey, _: &[f32], x: f64| {
        let x = MEMORY * x + draws.normal(0);
        (x, normal(y[step], x, NOISE))
    };
    run(&Toy { seed, steps: y.len(), numbers: &[], go }, seed, n, jobs)
}

#[test]
fn evidence_and_state_of_a_linear_gaussian_walk_are_those_of_the_kalman_filter() {
    let y = walk();
    let (evidence, mean, sd) = kalman(&y);
    let filter = gaussian(&y, 1, 4000, 2);
    let se = filter.log_evidence_se();
    assert!((filter.log_evidence - evidence).abs() < 4.0 * se, "{} against {evidence} ± {se}", filter.log_evidence);
    let last = filter.bands.last().unwrap()[0];
    assert!((last[2] - mean).abs() < 0.08, "median {} against {mean}", last[2]);
    assert!(((last[4] - last[0]) / 3.29 - sd).abs() < 0.08, "{last:?} against {sd}");
}

#[test]
fn the_error_stated_is_the_spread_over_seeds() {
    let y = walk();
    let (evidence, ..) = kalman(&y);
    let runs: Vec<Filtered<At>> = (0..60).map(|seed| gaussian(&y, seed, 500, 1)).collect();
    let n = runs.len() as f64;
    let mean = runs.iter().map(|run| run.log_evidence).sum::<f64>() / n;
    let spread =
        libm::sqrt(runs.iter().map(|run| (run.log_evidence - mean) * (run.log_evidence - mean)).sum::<f64>() / n);
    let stated = runs.iter().map(Filtered::log_evidence_se).sum::<f64>() / n;
    assert!((0.6..1.7).contains(&(stated / spread)), "stated {stated}, spread {spread}");
    // The evidence itself is unbiased, so its logarithm lies half a variance low.
    assert!(
        (mean + 0.5 * spread * spread - evidence).abs() < 4.0 * spread / libm::sqrt(n),
        "{mean} against {evidence}"
    );
}

#[test]
fn counts_over_a_hidden_chain_have_the_evidence_of_the_forward_algorithm() {
    // Two levels, left with chance .1 and .2 a step, counted with negative binomial noise.
    const LEAVE: [f64; 2] = [0.1, 0.2];
    const MEANS: [f64; 2] = [4.0, 25.0];
    let counts: [f64; 16] = [3.0, 5.0, 2.0, 30.0, 22.0, 41.0, 9.0, 6.0, 2.0, 0.0, 7.0, 18.0, 35.0, 3.0, 4.0, 1.0];
    let density = |level: usize, y: f64| negative_binomial(y, MEANS[level], 3.0);
    let mut logs = [libm::log(0.5); 2];
    for y in counts {
        let stay = |l: usize| libm::log(1.0 - LEAVE[l]);
        let leave = |l: usize| libm::log(LEAVE[l]);
        logs = [0, 1].map(|l| log_sum([logs[l] + stay(l), logs[1 - l] + leave(1 - l)].into_iter()) + density(l, y));
    }
    let exact = log_sum(logs.into_iter());
    let go = |step: usize, draws: detente_model::chance::DayKey, _: &[f32], x: f64| {
        // The start is a standard normal: its sign is the level.
        let level = usize::from(x > 0.0);
        let level = if draws.uniform(0) < LEAVE[level] { 1 - level } else { level };
        (if level == 1 { 1.0 } else { -1.0 }, density(level, counts[step]))
    };
    let filter = run(&Toy { seed: 3, steps: counts.len(), numbers: &[], go }, 3, 4000, 2);
    let se = filter.log_evidence_se();
    assert!(
        se < 0.1 && (filter.log_evidence - exact).abs() < 4.0 * se,
        "{} against {exact} ± {se}",
        filter.log_evidence
    );
}

/// How much a number keeps of itself over a step, and one of which nothing is counted.
const KEPT: [f64; 2] = [0.95, 0.8];

#[test]
fn a_number_that_drifts_is_learnt_as_it_must_be() {
    // z is N(0, 1) at all times, z′ = k z + √(1 − k²) ε, y is N(z, .5²): a walk for the Kalman filter.
    let (k, noise) = (KEPT[0], 0.5);
    let mut z = 1.5;
    let y: Vec<f64> = (0..60)
        .map(|t| {
            let day = Key::new(7, 7).of("y").day(t);
            z = k * z + libm::sqrt(1.0 - k * k) * day.normal(0);
            z + noise * day.normal(1)
        })
        .collect();
    let (mut mean, mut variance, mut exact) = (0.0, 1.0, 0.0);
    for (t, value) in y.iter().enumerate() {
        if t > 0 {
            mean *= k;
            variance = k * k * variance + 1.0 - k * k;
        }
        let spread = variance + noise * noise;
        exact += normal(*value, mean, libm::sqrt(spread));
        let gain = variance / spread;
        mean += gain * (value - mean);
        variance *= 1.0 - gain;
    }
    let go = |step: usize, _: detente_model::chance::DayKey, numbers: &[f32], x: f64| {
        (x, normal(y[step], f64::from(numbers[0]), noise))
    };
    let filter = run(&Toy { seed: 5, steps: y.len(), numbers: &KEPT, go }, 5, 4000, 2);
    assert!(filter.resampled > 0);
    let [low, _, median, _, high] = filter.bands.last().unwrap()[1];
    assert!((median - mean).abs() < 0.05, "{median} against {mean}");
    assert!(((high - low) / 3.29 - libm::sqrt(variance)).abs() < 0.03, "{} against {variance}", (high - low) / 3.29);
    let se = filter.log_evidence_se();
    assert!((filter.log_evidence - exact).abs() < 4.0 * se, "{} against {exact} ± {se}", filter.log_evidence);
    // A number that nothing is said about stays where its prior has it, however few all descend from.
    let [low, _, median, _, high] = filter.bands.last().unwrap()[2];
    assert!(median.abs() < 0.15 && ((high - low) / 3.29 - 1.0).abs() < 0.15, "{low} {median} {high}");
}

#[test]
fn the_number_of_threads_shows_in_no_bit() {
    let y = walk();
    assert_eq!(gaussian(&y, 2, 300, 1), gaussian(&y, 2, 300, 3));
}

proptest! {
    #[test]
    fn systematic_draws_are_within_one_of_what_is_due(weights in prop::collection::vec(0.0_f64..1.0, 1..50), u in 0.001_f64..0.999, n in 1_usize..200) {
        let total: f64 = weights.iter().sum();
        prop_assume!(total > 1e-6);
        let weights: Vec<f64> = weights.iter().map(|w| w / total).collect();
        let drawn = systematic(&weights, n, u);
        prop_assert_eq!(drawn.len(), n);
        prop_assert!(drawn.is_sorted());
        for (i, w) in weights.iter().enumerate() {
            let times = drawn.iter().filter(|&&at| at == i).count() as f64;
            prop_assert!((times - w * n as f64).abs() < 1.0 + 1e-9);
        }
    }

    #[test]
    fn quantiles_of_equal_weights_are_those_of_the_sorted_list(mut values in prop::collection::vec(-1e3_f64..1e3, 1..60)) {
        let w = 1.0 / values.len() as f64;
        let mut weighted: Vec<(f64, f64)> = values.iter().map(|x| (*x, w)).collect();
        let [least, most] = quantiles(&mut weighted, [0.0, 1.0]);
        values.sort_by(f64::total_cmp);
        prop_assert_eq!(least, values[0]);
        prop_assert_eq!(most, values[values.len() - 1]);
    }
}
