//! Scoring rules: how far a forecast was from what came, lower is better.
//!
//! A rule is *proper* if nobody can expect a lower score by saying something else than what they believe (Gneiting and
//! Raftery 2007). All rules here are, but coverage and PIT, which are no scores.

use super::law::Counts;

/// Edges of the bins of the log score; the last bin is open (the bins of the VIEWS prediction challenge).
pub const EDGES: [f64; 11] = [0.0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5];

/// Members of a forecast in ascending order: at least two, all finite.
#[derive(Clone, Debug, PartialEq)]
pub struct Ensemble(Vec<f64>);

impl Ensemble {
    /// The members, in any order. `None` with fewer than two, or with one that is not finite.
    #[must_use]
    pub fn new(mut members: Vec<f64>) -> Option<Self> {
        members.sort_unstable_by(f64::total_cmp);
        (members.len() >= 2 && members.iter().all(|x| x.is_finite())).then_some(Self(members))
    }

    /// The members, ascending.
    #[must_use]
    pub fn members(&self) -> &[f64] {
        &self.0
    }

    fn len(&self) -> f64 {
        self.0.len() as f64
    }

    /// Mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.len()
    }

    /// Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996); `p` within \[0, 1\].
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        let at = p.clamp(0.0, 1.0) * (self.len() - 1.0);
        let low = at.floor();
        let i = (low as usize).min(self.0.len() - 1);
        let (a, b) = (self.0[i], self.0[(i + 1).min(self.0.len() - 1)]);
        a + (at - low) * (b - a)
    }

    /// Ends of the central interval that is to hold a share of `level`.
    #[must_use]
    pub fn central(&self, level: f64) -> (f64, f64) {
        let tail = (1.0 - level) / 2.0;
        (self.quantile(tail), self.quantile(1.0 - tail))
    }

    /// Σᵢ |xᵢ − y| and Σᵢ Σⱼ |xᵢ − xⱼ|, of the members in ascending order so that their order before does not show.
    fn distances(&self, y: f64) -> (f64, f64) {
        let m = self.len();
        let mut from_y = 0.0;
        let mut between = 0.0;
        for (i, x) in self.0.iter().enumerate() {
            from_y += (x - y).abs();
            between += (2.0 * i as f64 - m + 1.0) * x;
        }
        (from_y, 2.0 * between)
    }
}

/// Continuous ranked probability score of the empirical distribution of an ensemble, in units of `y`:
/// Σᵢ |xᵢ − y| / m − Σᵢ Σⱼ |xᵢ − xⱼ| / 2m² (Gneiting and Raftery 2007, eq. 21).
#[must_use]
pub fn crps_empirical(ensemble: &Ensemble, y: f64) -> f64 {
    let m = ensemble.len();
    let (from_y, between) = ensemble.distances(y);
    from_y / m - between / (2.0 * m * m)
}

/// CRPS of the distribution that the members are draws of, without bias for their number (the fair score of Ferro 2014):
/// Σᵢ |xᵢ − y| / m − Σᵢ Σⱼ |xᵢ − xⱼ| / 2m(m − 1). It may be below zero.
#[must_use]
pub fn crps_fair(ensemble: &Ensemble, y: f64) -> f64 {
    let m = ensemble.len();
    let (from_y, between) = ensemble.distances(y);
    from_y / m - between / (2.0 * m * (m - 1.0))
}

/// CRPS of a negative binomial with this size r and this chance p of success, at `y`, in events: P(N = k) =
/// Γ(k + r) / (Γ(r) k!) pʳ (1 − p)ᵏ. NaN where r ≤ 0 or p is not within (0, 1).
#[must_use]
pub fn crps_negative_binomial(size: f64, p: f64, y: f64) -> f64 {
    if !(size > 0.0 && p > 0.0 && p < 1.0) {
        return f64::NAN;
    }
    Counts::negative_binomial(size * (1.0 - p) / p, size).crps(y)
}

/// CRPS of a Poisson distribution with this mean, at `y`, in events. NaN where the mean is below zero.
#[must_use]
pub fn crps_poisson(mean: f64, y: f64) -> f64 {
    if !(mean >= 0.0 && mean.is_finite()) {
        return f64::NAN;
    }
    Counts::poisson(mean).crps(y)
}

/// The bin of [`EDGES`] that holds a value; what is below the first edge counts as in the first bin.
#[must_use]
pub fn bin(value: f64) -> usize {
    EDGES.iter().skip(1).take_while(|&&edge| value >= edge).count()
}

/// Log score on bins, in bits: −log₂((c + 1) / (m + 11)), with c of m members in the bin of `y` and one pseudo-draw in each
/// of the 11 bins, so that nothing is impossible ("ignorance", Roulston and Smith 2002; VIEWS).
#[must_use]
pub fn ignorance(ensemble: &Ensemble, y: f64) -> f64 {
    let here = bin(y);
    let count = ensemble.members().iter().filter(|&&x| bin(x) == here).count();
    -libm::log2((count as f64 + 1.0) / (ensemble.len() + EDGES.len() as f64))
}

/// Interval score of the central interval of `level`, in units of `y`: its width, and 2 / (1 − level) for each unit by
/// which `y` lies beyond it (Gneiting and Raftery 2007, eq. 43).
#[must_use]
pub fn interval_score(ensemble: &Ensemble, level: f64, y: f64) -> f64 {
    let (low, high) = ensemble.central(level);
    let beyond = (low - y).max(0.0) + (y - high).max(0.0);
    high - low + 2.0 / (1.0 - level) * beyond
}

/// Whether the central interval of `level` holds `y`, ends included.
#[must_use]
pub fn covers(ensemble: &Ensemble, level: f64, y: f64) -> bool {
    let (low, high) = ensemble.central(level);
    (low..=high).contains(&y)
}

/// Probability integral transform, not randomised: the shares of members below `y`, and at or below it (Czado, Gneiting and
/// Held 2009). [`pit_histogram`] spreads each forecast evenly between the two.
#[must_use]
pub fn pit(ensemble: &Ensemble, y: f64) -> (f64, f64) {
    let m = ensemble.len();
    let below = ensemble.members().partition_point(|&x| x < y) as f64;
    let up_to = ensemble.members().partition_point(|&x| x <= y) as f64;
    (below / m, up_to / m)
}

/// Mean share of each of `bins` equal parts of \[0, 1\]: all `1 / bins` where forecasts are calibrated. Empty without forecasts.
#[must_use]
pub fn pit_histogram(pits: &[(f64, f64)], bins: usize) -> Vec<f64> {
    if pits.is_empty() {
        return Vec::new();
    }
    // The distribution function of one forecast's transform at u.
    let at = |u: f64, (low, high): (f64, f64)| {
        if high > low { ((u - low) / (high - low)).clamp(0.0, 1.0) } else { f64::from(u8::from(u >= high)) }
    };
    let mean = |u: f64| pits.iter().map(|&pit| at(u, pit)).sum::<f64>() / pits.len() as f64;
    (0..bins)
        .map(|b| {
            let (from, to) = (b as f64 / bins as f64, (b + 1) as f64 / bins as f64);
            // A point mass at 0 belongs to the first part.
            mean(to) - if b == 0 { 0.0 } else { mean(from) }
        })
        .collect()
}

/// Brier score of a chance `p` that something happens: (p − 1)² if it does, else p².
#[must_use]
pub fn brier(p: f64, happened: bool) -> f64 {
    let miss = if happened { 1.0 - p } else { p };
    miss * miss
}

/// Log score of a chance `p` that something happens, in bits: −log₂ of the chance given to what came. Infinite where that
/// was none; [`chance`] never is.
#[must_use]
pub fn log_binary(p: f64, happened: bool) -> f64 {
    -libm::log2(if happened { p } else { 1.0 - p })
}

/// The chance of something that `count` of `members` show, with one pseudo-draw for and one against.
#[must_use]
pub fn chance(count: u64, members: u64) -> f64 {
    (count as f64 + 1.0) / (members as f64 + 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::chance::Key;
    use proptest::prelude::*;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "{a} is not {b}");
    }

    fn ensemble(members: &[f64]) -> Ensemble {
        Ensemble::new(members.to_vec()).unwrap()
    }

    /// The ensemble of the reference values, which were made with scoringrules 0.10 and scipy 1.
    fn reference() -> Ensemble {
        ensemble(&[0.0, 0.0, 1.0, 2.0, 2.0, 3.0, 5.0, 8.0, 13.0, 40.0])
    }

    #[test]
    fn crps_of_the_reference_ensemble() {
        let expected = [
            (0.0, 2.44, 1.888_888_888_888_889),
            (2.0, 1.44, 0.888_888_888_888_889),
            (4.0, 1.64, 1.088_888_888_888_889),
            (60.0, 47.64, 47.088_888_888_888_89),
        ];
        for (y, empirical, fair) in expected {
            near(crps_empirical(&reference(), y), empirical);
            near(crps_fair(&reference(), y), fair);
        }
    }

    #[test]
    fn log_score_of_the_reference_ensemble() {
        for (y, bits) in [(0.0, 2.807_355), (2.0, 2.392_317), (4.0, 2.807_355), (60.0, 4.392_317)] {
            assert!((ignorance(&reference(), y) - bits).abs() < 1e-6, "{y}");
        }
        let bins: Vec<usize> =
            [0.0, 1.0, 2.0, 3.0, 10.0, 11.0, 26.0, 51.0, 101.0, 251.0, 501.0, 1001.0].map(bin).into();
        assert_eq!(bins, [0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "counts on either side of every edge");
        assert_eq!(bin(1e9), 10);
    }

    #[test]
    fn interval_score_of_the_reference_ensemble() {
        near(interval_score(&reference(), 0.9, 2.0), 27.85);
        near(interval_score(&reference(), 0.9, 60.0), 670.85);
        assert!(covers(&reference(), 0.9, 27.84) && !covers(&reference(), 0.9, 27.86));
        assert!(covers(&reference(), 0.5, 1.25) && !covers(&reference(), 0.5, 1.0), "quartiles are 1.25 and 7.25");
    }

    #[test]
    fn crps_of_counts_has_its_reference_values() {
        near(crps_negative_binomial(5.0, 0.3, 0.0), 8.241_202_618_8);
        near(crps_negative_binomial(5.0, 0.3, 7.0), 2.360_222_138_6);
        // The library that made the references is 1e-8 off here; the sum in 40 digits is 7.021881919311778.
        near(crps_negative_binomial(1.2, 0.1, 20.0), 7.021_881_919_311_778);
        assert!((crps_negative_binomial(1.2, 0.1, 20.0) - 7.021_881_909_3).abs() < 1e-7);
        near(crps_poisson(3.0, 0.0), 2.043_873_324_2);
        near(crps_poisson(3.0, 5.0), 1.313_114_436_7);
        near(crps_poisson(0.0, 4.0), 4.0);
        assert!(crps_poisson(-1.0, 4.0).is_nan() && crps_negative_binomial(0.0, 0.5, 1.0).is_nan());
    }

    #[test]
    fn pit_is_the_step_at_what_came() {
        assert_eq!(pit(&reference(), 0.0), (0.0, 0.2));
        let (low, high) = pit(&reference(), 2.0);
        near(low, 0.3);
        near(high, 0.5);
        assert_eq!(pit(&reference(), -1.0), (0.0, 0.0));
        assert_eq!(pit(&reference(), 41.0), (1.0, 1.0));
        let spread = pit_histogram(&[(0.0, 0.2), (0.3, 0.5), (1.0, 1.0), (0.0, 0.0)], 10);
        let expected = [0.375, 0.125, 0.0, 0.125, 0.125, 0.0, 0.0, 0.0, 0.0, 0.25];
        for (share, expected) in spread.iter().zip(expected) {
            near(*share, expected);
        }
        assert!(pit_histogram(&[], 10).is_empty());
    }

    #[test]
    fn chances_of_a_question() {
        near(brier(0.3, true), 0.49);
        near(brier(0.3, false), 0.09);
        near(log_binary(0.3, true), 1.736_965_594_166_206);
        near(log_binary(0.25, false), libm::log2(4.0 / 3.0));
        assert!(log_binary(chance(0, 1000), true).is_finite() && log_binary(chance(1000, 1000), false).is_finite());
        near(chance(499, 998), 0.5);
    }

    #[test]
    fn what_is_no_ensemble_is_none() {
        assert_eq!(Ensemble::new(vec![1.0]), None);
        assert_eq!(Ensemble::new(vec![1.0, f64::NAN]), None);
        assert_eq!(Ensemble::new(vec![1.0, f64::INFINITY]), None);
        near(reference().mean(), 7.4);
    }

    /// The fair score of few draws is that of the whole distribution on average; the empirical one is above it.
    #[test]
    fn the_fair_score_does_not_depend_on_the_number_of_members() {
        let law = Counts::negative_binomial(12.0, 1.5);
        let exact = law.crps(20.0);
        let key = Key::new(3, 0).of("fair");
        let (mut fair, mut empirical) = (0.0, 0.0);
        const TRIALS: i32 = 20_000;
        for trial in 0..TRIALS {
            let few = Ensemble::new((0..5).map(|k| law.quantile(key.day(trial).uniform(k))).collect()).unwrap();
            fair += crps_fair(&few, 20.0) / f64::from(TRIALS);
            empirical += crps_empirical(&few, 20.0) / f64::from(TRIALS);
        }
        assert!((fair - exact).abs() < 0.15, "{fair} {exact}");
        assert!(empirical - exact > 0.7, "{empirical} {exact}");
    }

    /// Expected score of saying `said` where the truth is `truth`.
    fn expected(said: &Counts, truth: &Counts, score: impl Fn(&Counts, f64) -> f64) -> f64 {
        (0..4000)
            .map(f64::from)
            .map(|y| (truth.probability(y), y))
            .map(|(p, y)| if p > 1e-14 { p * score(said, y) } else { 0.0 })
            .sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_order_of_members_does_not_show(members in prop::collection::vec(0_u32..500, 2..60), y in 0_u32..500, turn in 0_usize..60) {
            let mut members: Vec<f64> = members.into_iter().map(f64::from).collect();
            let (a, y) = (ensemble(&members), f64::from(y));
            let turn = turn % members.len();
            members.rotate_left(turn);
            members.reverse();
            let b = ensemble(&members);
            prop_assert_eq!(crps_fair(&a, y).to_bits(), crps_fair(&b, y).to_bits());
            prop_assert_eq!(interval_score(&a, 0.9, y).to_bits(), interval_score(&b, 0.9, y).to_bits());
            prop_assert_eq!(ignorance(&a, y).to_bits(), ignorance(&b, y).to_bits());
        }

        #[test]
        fn the_sums_are_those_of_the_definition(members in prop::collection::vec(0.0_f64..500.0, 2..40), y in 0.0_f64..500.0) {
            let e = ensemble(&members);
            let m = members.len() as f64;
            let from_y: f64 = members.iter().map(|x| (x - y).abs()).sum();
            let between: f64 = members.iter().flat_map(|a| members.iter().map(move |b| (a - b).abs())).sum();
            prop_assert!((crps_empirical(&e, y) - (from_y / m - between / (2.0 * m * m))).abs() < 1e-8);
            prop_assert!((crps_fair(&e, y) - (from_y / m - between / (2.0 * m * (m - 1.0)))).abs() < 1e-8);
            prop_assert!(crps_fair(&e, y) <= crps_empirical(&e, y) + 1e-9);
        }

        #[test]
        fn scores_move_with_the_unit(members in prop::collection::vec(0.0_f64..500.0, 2..40), y in 0.0_f64..500.0, unit in 0.1_f64..10.0) {
            let (one, other) = (ensemble(&members), ensemble(&members.iter().map(|x| unit * x).collect::<Vec<_>>()));
            prop_assert!((unit * crps_fair(&one, y) - crps_fair(&other, unit * y)).abs() < 1e-7);
            prop_assert!((unit * interval_score(&one, 0.5, y) - interval_score(&other, 0.5, unit * y)).abs() < 1e-7);
        }

        /// Proper: nobody expects less by saying something else than the truth.
        #[test]
        fn the_truth_has_the_lowest_crps_and_log_score(
            (mean, size) in (0.5_f64..60.0, 0.3_f64..20.0),
            (other_mean, other_size) in (0.5_f64..60.0, 0.3_f64..20.0),
        ) {
            let (truth, other) = (Counts::negative_binomial(mean, size), Counts::negative_binomial(other_mean, other_size));
            let crps = |said: &Counts, y: f64| said.crps(y);
            prop_assert!(expected(&truth, &truth, crps) <= expected(&other, &truth, crps) + 1e-9);
            let log = |said: &Counts, y: f64| -said.log_probability(y);
            prop_assert!(expected(&truth, &truth, log) <= expected(&other, &truth, log) + 1e-6);
        }

        #[test]
        fn the_true_interval_has_the_lowest_interval_score(mean in 2.0_f64..60.0, size in 0.3_f64..20.0, shift in -30.0_f64..30.0, stretch in 0.3_f64..3.0) {
            let law = Counts::negative_binomial(mean, size);
            // Many evenly spaced quantiles stand for the law itself.
            let truth: Vec<f64> = (0..4000).map(|i| law.quantile((f64::from(i) + 0.5) / 4000.0)).collect();
            let other: Vec<f64> = truth.iter().map(|x| mean + stretch * (x - mean) + shift).collect();
            let mean_score = |said: &[f64]| {
                let said = ensemble(said);
                truth.iter().map(|&y| interval_score(&said, 0.9, y)).sum::<f64>() / 4000.0
            };
            prop_assert!(mean_score(&truth) <= mean_score(&other) * (1.0 + 1e-3));
        }

        #[test]
        fn the_true_chance_has_the_lowest_binary_scores(p in 0.01_f64..0.99, q in 0.01_f64..0.99) {
            let of = |said: f64, score: fn(f64, bool) -> f64| p * score(said, true) + (1.0 - p) * score(said, false);
            prop_assert!(of(p, brier) <= of(q, brier) + 1e-12);
            prop_assert!(of(p, log_binary) <= of(q, log_binary) + 1e-12);
        }
    }
}
