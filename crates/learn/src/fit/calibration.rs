//! Simulation-based calibration (Talts et al. 2018): a future takes the record's place, and what the other futures say about its
//! numbers must hold the truth at each of its quantiles as often as the quantile says.

use super::{Block, CLEAR, Fit, LEAST};
use crate::density::normal_share;

/// Ranks are counted in so many bins of equal chance.
pub const BINS: usize = 10;

/// Where the truth of one number lay.
#[derive(Clone, Debug, PartialEq)]
pub struct Rank {
    /// Number.
    pub id: String,
    /// Share of the posterior below the truth.
    pub below: f64,
    /// Contraction.
    pub contraction: f64,
    /// Whether a fit says that it identified the number.
    pub identified: bool,
}

/// Lets each of the first `truths` futures take the record's place, and hands over the ranks of all of its numbers.
pub fn ranks(fit: &Fit, blocks: &[Block], truths: usize, mut each: impl FnMut(Vec<Rank>)) {
    let cloud = fit.cloud(blocks);
    let (widths, ids) = (cloud.widths(), fit.nowcast().ids().map(str::to_owned).collect::<Vec<String>>());
    let blind = fit.reach_nothing();
    let futures = blocks.iter().map(|block| block.figures.len()).sum();
    for truth in 0..truths.min(futures) {
        let law = cloud.with(&widths, cloud.figures(truth), Some(truth));
        let chance = blind.iter().map(|&k| 1.0 - law.variance[k]).fold(0.0, f64::max);
        let rank = |(k, id): (usize, &String)| {
            let contraction = 1.0 - law.variance[k];
            let clear =
                contraction > CLEAR * law.error * law.variance[k] && contraction > chance && !blind.contains(&k);
            let below = normal_share((cloud.score(truth, k) - law.mean[k]) / libm::sqrt(law.variance[k]));
            Rank { id: id.clone(), below, contraction, identified: contraction >= LEAST && clear }
        };
        each(ids.iter().enumerate().map(rank).collect());
    }
}

/// How often ranks fell into each bin, and how often the middle 50 and 90 % of the posterior held the truth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    /// By bin.
    pub bins: [u32; BINS],
    /// In the middle half.
    pub half: u32,
    /// In the middle 90 %.
    pub most: u32,
    /// Ranks.
    pub n: u32,
}

impl Histogram {
    /// Adds one.
    pub fn add(&mut self, below: f64) {
        let bin = ((below * BINS as f64) as usize).min(BINS - 1);
        self.bins[bin] += 1;
        self.half += u32::from((0.25..=0.75).contains(&below));
        self.most += u32::from((0.05..=0.95).contains(&below));
        self.n += 1;
    }

    /// Share of the ranks in the middle half and in the middle 90 %.
    #[must_use]
    pub fn coverage(&self) -> [f64; 2] {
        [self.half, self.most].map(|held| f64::from(held) / f64::from(self.n.max(1)))
    }

    /// Σ (counted − expected)² / expected: about 9 where ranks are uniform and independent, and above 17 in one of 20 such cases.
    #[must_use]
    pub fn chi_square(&self) -> f64 {
        let expected = f64::from(self.n) / BINS as f64;
        let off = |count: u32| (f64::from(count) - expected) * (f64::from(count) - expected) / expected;
        if self.n == 0 { 0.0 } else { self.bins.iter().map(|count| off(*count)).sum() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_counts_bins_and_coverage() {
        let mut histogram = Histogram::default();
        (0..20).for_each(|i| histogram.add((f64::from(i) + 0.5) / 20.0));
        assert_eq!((histogram.bins, histogram.n), ([2; BINS], 20));
        assert_eq!((histogram.half, histogram.most), (10, 18));
        assert!(histogram.chi_square().abs() < 1e-12);
        histogram.add(1.0);
        assert_eq!(histogram.bins[BINS - 1], 3);
        assert!(histogram.chi_square() > 0.0);
    }
}
