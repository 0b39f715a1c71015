//! Simulation-based calibration (Talts et al. 2018): numbers are drawn from the prior, a future with them is counted as the record
//! would be, and a fit to that must hold the truth at each of its quantiles as often as the quantile says.

use super::{Ended, Fit, Plan, Run};
use crate::filter::from_grid;
use crate::twin::{Twin, twin};
use detente_model::sim::rules::Rules;
use detente_study::futures::ensemble::Progress;

/// Ranks are counted in so many bins of equal chance.
pub const BINS: usize = 10;

/// Where the truth of one number lay in a fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Rank {
    /// Number.
    pub id: String,
    /// Share of the posterior below the truth.
    pub below: f64,
    /// Contraction.
    pub contraction: f64,
    /// Whether the fit says that it identified the number.
    pub identified: bool,
    /// The truth's distance from the posterior's mean, in the prior's standard deviations.
    pub off: f64,
}

/// Fits a made-up record whose truth is known: the truth's rank in every number that the fit identified, and in all others. `plan`
/// says the last day, the particles and the seeds of the fit.
///
/// # Errors
/// If stopped, or nothing can have given what was counted.
pub fn ranks(rules: &Rules, truth: u64, plan: &Plan, jobs: usize, progress: &Progress) -> Result<Vec<Rank>, Ended> {
    let Twin { observed, numbers, .. } = twin(rules, truth, plan.until);
    let fit = Fit::new(rules, &observed, plan.clone()).map_err(|errors| Ended::Refused(errors.to_string()))?;
    let runs = fit.run(Vec::new(), jobs, progress, |_| Ok(()))?;
    let fitted = fit.of(&runs);
    let mut ranks = Vec::new();
    for (k, id) in fit.nowcast().ids().enumerate() {
        let (Some(truth), Some(number)) = (numbers.get(id), fitted.numbers.get(id)) else { continue };
        let under = |run: &Run| {
            let below = run.sample[k].iter().filter(|z| f64::from(from_grid(**z)) < *truth).count();
            below as f64 / run.sample[k].len() as f64
        };
        ranks.push(Rank {
            id: id.to_owned(),
            below: runs.iter().map(under).sum::<f64>() / runs.len() as f64,
            contraction: number.contraction,
            identified: number.identified,
            off: truth - number.mean,
        });
    }
    Ok(ranks)
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
