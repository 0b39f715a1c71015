//! What the record says about free numbers, as futures draw them: each normal in the normal score of its prior.
//!
//! Rules that carry it ([`Rules::learn`](super::Rules::learn)) draw a number that it names at the quantile Φ(mean + sd · z) of the
//! prior, with the z that the same future has under the prior. So futures under prior and posterior are pairs, and numbers that it
//! does not name are drawn as ever.

use crate::chance::quantile::normal;
use std::collections::BTreeMap;

/// What is known of one number's normal score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Mean; 0 under the prior.
    pub mean: f64,
    /// Standard deviation; 1 under the prior.
    pub sd: f64,
}

impl Score {
    /// Position in the prior's range of what the prior draws at position `u`.
    #[must_use]
    pub fn moved(self, u: f64) -> f64 {
        let z = self.mean + self.sd * normal(u);
        0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
    }
}

/// One number of a posterior.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Id of the free number.
    pub id: String,
    /// Its score.
    pub score: Score,
    /// Least value of the prior that the score is of.
    pub low: f64,
    /// Largest.
    pub high: f64,
}

/// Scores by place, for the numbers of one scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Learnt {
    /// By id of a scalar parameter.
    pub(super) scalars: BTreeMap<String, Score>,
    /// By position in [`Frame::estimates`](super::Frame::estimates).
    pub(super) estimates: BTreeMap<usize, Score>,
}

impl Learnt {
    /// Numbers that it names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.scalars.len() + self.estimates.len()
    }

    /// Whether it names none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where an estimate stands that the prior draws at `u`.
    pub(super) fn estimate(&self, position: usize, u: f64) -> f64 {
        self.estimates.get(&position).map_or(u, |score| score.moved(u))
    }

    /// The same of a scalar parameter.
    pub(super) fn scalar(&self, id: &str, u: f64) -> f64 {
        self.scalars.get(id).map_or(u, |score| score.moved(u))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_of_the_prior_moves_nothing_and_another_moves_by_its_mean_and_sd() {
        for u in [0.01, 0.3, 0.5, 0.9] {
            assert!((Score { mean: 0.0, sd: 1.0 }.moved(u) - u).abs() < 1e-12);
        }
        // The median goes to Φ(1), and 5 % to Φ(1 − 0.5 · 1.645).
        let score = Score { mean: 1.0, sd: 0.5 };
        assert!((score.moved(0.5) - 0.841_344_746).abs() < 1e-8);
        assert!((score.moved(0.05) - 0.570_558).abs() < 1e-4);
    }
}
