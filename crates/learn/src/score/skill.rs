//! Skill against a rule, and how sure it is.
//!
//! Skill is 1 − (mean score of the forecast) / (mean score of the rule). Its interval comes from the moving-block bootstrap
//! (Künsch 1989): runs of consecutive origins are drawn with both scores of each, so that what neighbouring forecasts
//! share, and what the two share at an origin, is kept. The spread of the logarithm of the ratio over such samples gives a
//! standard error; with so few blocks as there are, quantiles of Student's t for their number and not those of the samples.

use detente_model::chance::Key;
use detente_study::futures::interval::{TAIL, normal_beyond};
use serde::{Deserialize, Serialize};

/// Fewer forecasts than this are shown as dots, not as curves or histograms.
pub const FEWEST: usize = 30;

/// Samples of the bootstrap.
const SAMPLES: u64 = 2000;

/// A skill with its 90 % interval; `low` and `high` are absent where there are too few forecasts to say.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Skill {
    /// 1 − ratio of mean scores: above 0 the forecast did better, below 0 worse.
    pub value: f64,
    /// Low end.
    pub low: Option<f64>,
    /// High end.
    pub high: Option<f64>,
}

/// Origins that a block holds: as many as share days with one another, and no fewer than the cube root of their number.
#[must_use]
pub fn block(n: usize, horizon_weeks: u32, every_days: u32) -> usize {
    let sharing = (7 * horizon_weeks).div_ceil(every_days.max(1)) as usize;
    let root = libm::cbrt(n as f64).ceil() as usize;
    sharing.max(root).clamp(1, n.max(1))
}

/// Skill of `scores` (forecast, rule), one pair per origin in order of time, with blocks of `block` origins. `key` is that of
/// the draws. `None` without forecasts, or where the rule's scores sum to nothing.
#[must_use]
pub fn skill(scores: &[(f64, f64)], block: usize, key: Key) -> Option<Skill> {
    let n = scores.len();
    let sums = |of: &mut dyn Iterator<Item = (f64, f64)>| of.fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
    let (forecast, rule) = sums(&mut scores.iter().copied());
    if n == 0 || rule <= 0.0 {
        return None;
    }
    let value = 1.0 - forecast / rule;
    let block = block.clamp(1, n);
    let degrees = n as f64 / block as f64 - 1.0;
    let unknown = Some(Skill { value, low: None, high: None });
    if degrees < 1.0 || forecast <= 0.0 {
        return unknown;
    }
    let starts = (n - block + 1) as f64;
    let mut ratios = Vec::with_capacity(SAMPLES as usize);
    for sample in 0..SAMPLES {
        let draws = key.of_hash(sample).timeless();
        let mut picked = (0..n).map(|i| {
            let first = (draws.uniform((i / block) as u32) * starts) as usize;
            scores[(first + i % block).min(n - 1)]
        });
        let (a, b) = sums(&mut picked);
        if a > 0.0 && b > 0.0 {
            ratios.push(libm::log(a / b));
        }
    }
    if (ratios.len() as u64) < SAMPLES * 9 / 10 {
        return unknown;
    }
    let m = ratios.len() as f64;
    let mean = ratios.iter().sum::<f64>() / m;
    let variance = ratios.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (m - 1.0);
    // Deviations from a mean that was itself estimated are too small by this, as in a sample's variance.
    let error = libm::sqrt(variance * (degrees + 1.0) / degrees);
    let half = student_beyond(degrees) * error;
    let at = libm::log(forecast / rule);
    Some(Skill { value, low: Some(1.0 - libm::exp(at + half)), high: Some(1.0 - libm::exp(at - half)) })
}

/// The quantile of Student's t that leaves [`TAIL`] beyond it (Abramowitz and Stegun 26.7.5, to four terms: within 1 % from
/// three degrees of freedom on, 2 % at two, and 12 % too small at one).
fn student_beyond(degrees: f64) -> f64 {
    let z = normal_beyond(TAIL);
    let [z3, z5, z7] = [3.0, 5.0, 7.0].map(|power| libm::pow(z, power));
    z + (z3 + z) / (4.0 * degrees)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * degrees * degrees)
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * degrees * degrees * degrees)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u64) -> Key {
        Key::new(9, number).of("skill")
    }

    /// Scores as forecasts of counts have them: positive, skewed, alike at one origin, and alike at neighbours by `memory`.
    fn made_up(n: usize, memory: f64, number: u64) -> Vec<(f64, f64)> {
        let draws = key(number).of("made up").timeless();
        let mut level = draws.normal(0);
        (0..n)
            .map(|i| {
                let k = 3 * i as u32 + 1;
                level = memory * level + libm::sqrt(1.0 - memory * memory) * draws.normal(k);
                let score = |z: f64| libm::exp(0.6 * level + 0.5 * z);
                (0.9 * score(draws.normal(k + 1)), score(draws.normal(k + 2)))
            })
            .collect()
    }

    #[test]
    fn student_quantiles_are_those_of_tables() {
        for (degrees, value) in [(2.0, 2.920), (3.0, 2.353), (7.0, 1.895), (23.0, 1.714), (1e9, 1.6449)] {
            assert!((student_beyond(degrees) / value - 1.0).abs() < 0.013, "{degrees}: {}", student_beyond(degrees));
        }
    }

    #[test]
    fn skill_is_one_less_the_ratio_and_within_its_interval() {
        let scores: Vec<(f64, f64)> = (0..24).map(|i| (3.0 + f64::from(i % 5), 5.0 + f64::from(i % 3))).collect();
        let of = skill(&scores, 3, key(0)).unwrap();
        let (a, b) = scores.iter().fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
        assert!((of.value - (1.0 - a / b)).abs() < 1e-12);
        assert!(of.low.unwrap() < of.value && of.value < of.high.unwrap());
        assert_eq!(Some(of), skill(&scores, 3, key(0)), "the same draws, the same interval");
        assert_ne!(Some(of), skill(&scores, 3, key(1)));
        let same: Vec<(f64, f64)> = scores.iter().map(|(a, _)| (*a, *a)).collect();
        let none = skill(&same, 3, key(0)).unwrap();
        assert_eq!((none.value, none.low, none.high), (0.0, Some(0.0), Some(0.0)));
    }

    #[test]
    fn too_few_forecasts_have_no_interval_and_none_no_skill() {
        assert_eq!(skill(&[], 1, key(0)), None);
        assert_eq!(skill(&[(1.0, 0.0)], 1, key(0)), None);
        let few = skill(&[(1.0, 2.0), (2.0, 2.0), (1.5, 2.5)], 2, key(0)).unwrap();
        assert_eq!((few.low, few.high), (None, None));
    }

    #[test]
    fn a_block_holds_the_origins_that_share_days() {
        assert_eq!(block(24, 1, 14), 3, "cube root of 24");
        assert_eq!(block(23, 4, 14), 3);
        assert_eq!(block(18, 13, 14), 7, "91 days, one origin every 14");
        assert_eq!(block(4, 13, 7), 4, "no more than there are");
        assert_eq!(block(0, 1, 14), 1);
    }

    /// Nominal 90 % intervals on made-up scores, of as many origins as a back-test has.
    #[test]
    fn intervals_cover() {
        const TRIALS: u64 = 600;
        // The ratio of the means, not of any one sample: both scores have the same law but for the factor.
        let truth = 1.0 - 0.9;
        let mut measured = Vec::new();
        for (n, memory, block) in [(24, 0.0, 3), (24, 0.4, 3), (60, 0.4, 4), (18, 0.6, 4)] {
            let mut covered = 0;
            for trial in 0..TRIALS {
                let of = skill(&made_up(n, memory, trial), block, key(trial)).unwrap();
                covered += u64::from(of.low.unwrap() <= truth && truth <= of.high.unwrap());
            }
            measured.push((n, memory, covered as f64 / TRIALS as f64));
        }
        for (n, memory, coverage) in &measured {
            assert!((0.83..=0.96).contains(coverage), "{n} origins, memory {memory}: {coverage}\n{measured:?}");
        }
    }
}
