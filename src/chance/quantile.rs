//! Quantile functions: one uniform in, one value out, monotone in the uniform and in the mean.
//!
//! Counts are never drawn by rejection: with the same uniform a larger mean can only give a larger or equal count, so
//! paired futures differ by what policy changed and not by the luck of a resampling.
//!
//! All transcendental functions come from `libm`, so that every platform gives the same bits.

/// Largest count [`negative_binomial`] returns; with the means of this model (below 2,000) the tail beyond it weighs
/// less than 1e-12.
pub const COUNT_LIMIT: u32 = 20_000;

/// `e^x − 1 ≥ x` and friends bound a probability from below, so most zeros need no exponential at all: the zero class of
/// the negative binomial is `(1 + mean/size)^(−size) ≥ 1 − mean`.
///
/// The smallest `n` with `u < P(N ≤ n)` for `N` negative binomial with this mean and size (variance = mean + mean²/size).
/// `mean` ≤ 0 gives 0. Cost: a few ns when the answer is plainly zero, else about 30 ns plus 1.5 ns per unit of the mean.
#[inline]
#[must_use]
pub fn negative_binomial(u: f64, mean: f64, size: f64) -> u32 {
    if mean <= 0.0 || u < 1.0 - mean {
        return 0;
    }
    // The zero class is at least 1/(1+mean) for size ≤ 1 and at least e^(-mean) ≥ 1 - mean + mean²/2 - mean³/6 for any size.
    if u < 1.0 - mean + mean * mean * (0.5 - mean * (1.0 / 6.0)) {
        return 0;
    }
    let zero_class = libm::exp(-size * libm::log1p(mean / size));
    if u < zero_class {
        return 0;
    }
    let ratio = mean / (mean + size);
    let mut term = zero_class;
    let mut cumulative = zero_class;
    let mut n = 0_u32;
    while n < COUNT_LIMIT {
        let next = f64::from(n);
        term *= ratio * (next + size) / (next + 1.0);
        cumulative += term;
        n += 1;
        if u < cumulative {
            return n;
        }
        // Beyond the mode a term below the resolution of the uniform can no longer change the answer.
        if term < 1e-17 && next > mean {
            return n;
        }
    }
    n
}

/// The smallest `k` with `u < P(K ≤ k)` for `K` binomial with `trials` and success chance `p`; monotone in all three.
#[must_use]
pub fn binomial(u: f64, trials: u32, p: f64) -> u32 {
    if trials == 0 || p <= 0.0 {
        return 0;
    }
    if p >= 1.0 {
        return trials;
    }
    if p > 0.5 {
        // Count the failures from the other end, where the first term does not underflow.
        return trials - binomial(1.0 - u, trials, 1.0 - p);
    }
    let odds = p / (1.0 - p);
    let mut term = libm::exp(f64::from(trials) * libm::log1p(-p));
    let mut cumulative = term;
    let mut k = 0;
    while u >= cumulative && k < trials {
        term *= odds * f64::from(trials - k) / f64::from(k + 1);
        cumulative += term;
        k += 1;
    }
    k
}

/// Standard normal quantile (Wichura 1988, algorithm AS 241, PPND16; relative error about 1e-16).
#[must_use]
pub fn normal(u: f64) -> f64 {
    let q = u - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        let num = ((((((r * 2509.080_928_730_122_7 + 33_430.575_583_588_13) * r + 67_265.770_927_008_7) * r
            + 45_921.953_931_549_87)
            * r
            + 13_731.693_765_509_46)
            * r
            + 1971.590_950_306_551_3)
            * r
            + 133.141_667_891_784_38)
            * r
            + 3.387_132_872_796_366_5;
        let den = ((((((r * 5226.495_278_852_545 + 28_729.085_735_721_943) * r + 39_307.895_800_092_71) * r
            + 21_213.794_301_586_597)
            * r
            + 5394.196_021_424_751)
            * r
            + 687.187_007_492_057_9)
            * r
            + 42.313_330_701_600_91)
            * r
            + 1.0;
        return q * num / den;
    }
    let tail = if q < 0.0 { u } else { 1.0 - u };
    let r = libm::sqrt(-libm::log(tail));
    let z = if r <= 5.0 {
        let r = r - 1.6;
        let num = ((((((r * 7.745_450_142_783_414e-4 + 0.022_723_844_989_269_184) * r + 0.241_780_725_177_450_6)
            * r
            + 1.270_458_252_452_368_4)
            * r
            + 3.647_848_324_763_204_5)
            * r
            + 5.769_497_221_460_691)
            * r
            + 4.630_337_846_156_545)
            * r
            + 1.423_437_110_749_683_5;
        let den = ((((((r * 1.050_750_071_644_416_9e-9 + 5.475_938_084_995_345e-4) * r + 0.015_198_666_563_616_457)
            * r
            + 0.148_103_976_427_480_08)
            * r
            + 0.689_767_334_985_1)
            * r
            + 1.676_384_830_183_803_8)
            * r
            + 2.053_191_626_637_759)
            * r
            + 1.0;
        num / den
    } else {
        let r = r - 5.0;
        let num = ((((((r * 2.010_334_399_292_288_1e-7 + 2.711_555_568_743_487_6e-5) * r
            + 0.001_242_660_947_388_078_4)
            * r
            + 0.026_532_189_526_576_124)
            * r
            + 0.296_560_571_828_504_87)
            * r
            + 1.784_826_539_917_291_3)
            * r
            + 5.463_784_911_164_114)
            * r
            + 6.657_904_643_501_103;
        let den =
            ((((((r * 2.044_263_103_389_939_7e-15 + 1.421_511_758_316_446e-7) * r + 1.846_318_317_510_054_8e-5) * r
                + 7.868_691_311_456_133e-4)
                * r
                + 0.014_875_361_290_850_615)
                * r
                + 0.136_929_880_922_735_8)
                * r
                + 0.599_832_206_555_888)
                * r
                + 1.0;
        num / den
    };
    if q < 0.0 { -z } else { z }
}

/// Deaths per lethal event: a discrete power law `P(K = k) ∝ k^(−exponent)` for `1 ≤ k ≤ limit`, as a table.
///
/// [`DeathLaw::deaths`] mixes it with a share of events without deaths, chosen so that the mean comes out right.
#[derive(Clone, Debug, PartialEq)]
pub struct DeathLaw {
    /// `cumulative[k − 1] = P(K ≤ k)`.
    cumulative: Vec<f64>,
    /// For each 1/256 of the unit interval the first `k − 1` that can be the answer.
    guide: Vec<u16>,
    /// Mean deaths of a lethal event.
    pub mean: f64,
}

const GUIDE: usize = 256;

impl DeathLaw {
    /// Tabulates the law. `exponent` > 1; `limit` between 1 and 65,535.
    #[must_use]
    pub fn new(exponent: f64, limit: u32) -> Self {
        let weights: Vec<f64> = (1..=limit.max(1)).map(|k| libm::exp(-exponent * libm::log(f64::from(k)))).collect();
        let total: f64 = weights.iter().sum();
        let mean = weights.iter().zip(1_u32..).map(|(w, k)| w * f64::from(k)).sum::<f64>() / total;
        let mut running = 0.0;
        let mut cumulative: Vec<f64> = weights
            .iter()
            .map(|w| {
                running += w / total;
                running
            })
            .collect();
        if let Some(last) = cumulative.last_mut() {
            *last = 1.0;
        }
        let guide = (0..GUIDE)
            .map(|cell| {
                let low = cell as f64 / GUIDE as f64;
                cumulative.partition_point(|&c| c <= low) as u16
            })
            .collect();
        Self { cumulative, guide, mean }
    }

    /// Share of events with at least one death that gives `mean_deaths` per event (capped at all of them).
    #[must_use]
    pub fn lethal_share(&self, mean_deaths: f64) -> f64 {
        (mean_deaths / self.mean).clamp(0.0, 1.0)
    }

    /// Deaths of one event from one uniform; `lethal_share` from [`DeathLaw::lethal_share`]. Monotone in both.
    #[inline]
    #[must_use]
    pub fn deaths(&self, u: f64, lethal_share: f64) -> u32 {
        let safe = 1.0 - lethal_share;
        if u < safe || lethal_share <= 0.0 {
            return 0;
        }
        self.lethal((u - safe) / lethal_share)
    }

    /// Deaths of a lethal event: at least 1.
    #[inline]
    #[must_use]
    pub fn lethal(&self, u: f64) -> u32 {
        let cell = ((u * GUIDE as f64) as usize).min(GUIDE - 1);
        let mut i = usize::from(self.guide[cell]);
        while i + 1 < self.cumulative.len() && u >= self.cumulative[i] {
            i += 1;
        }
        i as u32 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Key;

    fn grid() -> impl Iterator<Item = f64> {
        (0..2000).map(|i| (f64::from(i) + 0.5) / 2000.0)
    }

    /// The quantile is checked against the distribution summed in a different way (logarithms of gamma functions).
    #[test]
    fn negative_binomial_is_the_quantile_of_its_own_law() {
        for (mean, size) in [(0.02_f64, 0.3_f64), (0.4, 0.8), (3.0, 5.0), (74.0, 6.0), (300.0, 8.0)] {
            let log_pmf = |n: f64| {
                libm::lgamma(n + size) - libm::lgamma(size) - libm::lgamma(n + 1.0)
                    + size * libm::log(size / (size + mean))
                    + n * libm::log(mean / (size + mean))
            };
            let mut cdf = Vec::new();
            let mut sum = 0.0;
            for n in 0..6000 {
                sum += libm::exp(log_pmf(f64::from(n)));
                cdf.push(sum);
            }
            for u in grid() {
                let n = negative_binomial(u, mean, size) as usize;
                assert!(u < cdf[n] + 1e-9, "u {u} mean {mean}: {n} too small");
                assert!(n == 0 || u >= cdf[n - 1] - 1e-9, "u {u} mean {mean}: {n} too large");
            }
        }
    }

    #[test]
    fn counts_grow_with_the_mean_on_the_same_uniform() {
        for u in grid() {
            let mut last = 0;
            for step in 0..60 {
                let n = negative_binomial(u, 0.01 * libm::exp(0.18 * f64::from(step)), 1.2);
                assert!(n >= last);
                last = n;
            }
        }
    }

    #[test]
    fn negative_binomial_has_the_stated_mean_and_variance() {
        let key = Key::new(7, 0).of("test");
        let (mean, size, days) = (9.0, 3.0, 200_000);
        let draws: Vec<f64> =
            (0..days).map(|d| f64::from(negative_binomial(key.day(d).uniform(0), mean, size))).collect();
        let m = draws.iter().sum::<f64>() / f64::from(days);
        let v = draws.iter().map(|x| (x - m) * (x - m)).sum::<f64>() / f64::from(days);
        assert!((m - mean).abs() < 0.06, "mean {m}");
        assert!((v - (mean + mean * mean / size)).abs() < 0.9, "variance {v}");
    }

    #[test]
    fn binomial_is_the_quantile_of_its_own_law_and_monotone() {
        for (n, p) in [(1, 0.5), (20, 0.07), (180, 0.84), (180, 0.99)] {
            let log_choose = |k: f64| {
                let n = f64::from(n);
                libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0)
            };
            let mut cdf = vec![];
            let mut sum = 0.0;
            for k in 0..=n {
                let k = f64::from(k);
                sum += libm::exp(log_choose(k) + k * libm::log(p) + (f64::from(n) - k) * libm::log1p(-p));
                cdf.push(sum);
            }
            for u in grid() {
                let k = binomial(u, n, p) as usize;
                assert!(u <= cdf[k] + 1e-9);
                assert!(k == 0 || u >= cdf[k - 1] - 1e-9);
                assert!(binomial(u, n + 1, p) >= k as u32);
                assert!(binomial(u, n, (p + 0.02).min(1.0)) >= k as u32);
            }
        }
        assert_eq!(binomial(0.999, 50, 1.0), 50);
        assert_eq!(binomial(0.999, 50, 0.0), 0);
    }

    #[test]
    fn normal_quantile_matches_published_values() {
        for (u, z) in [(0.5, 0.0), (0.975, 1.959_963_984_540_054), (0.05, -1.644_853_626_951_472_7)] {
            assert!((normal(u) - z).abs() < 1e-12);
        }
        assert!((normal(1e-12) + 7.034_483_825_301_131).abs() < 1e-9);
    }

    #[test]
    fn deaths_are_heavy_tailed_with_the_stated_mean() {
        let law = DeathLaw::new(2.5, 500);
        assert!((law.mean - 1.88).abs() < 0.02, "{}", law.mean);
        let share = law.lethal_share(0.6);
        let key = Key::new(3, 0).of("deaths");
        let n = 2_000_000;
        let (mut sum, mut large) = (0.0, 0);
        for k in 0..n {
            let d = law.deaths(key.day(0).uniform(k), share);
            sum += f64::from(d);
            large += u32::from(d >= 100);
        }
        assert!((sum / f64::from(n) - 0.6).abs() < 0.02);
        assert!(large > 50, "a lognormal or Poisson tail would give none: {large}");
    }

    #[test]
    fn deaths_agree_with_a_plain_search() {
        let law = DeathLaw::new(2.5, 500);
        for u in grid() {
            let plain = law.cumulative.iter().position(|&c| u < c).unwrap() as u32 + 1;
            assert_eq!(law.lethal(u), plain);
        }
    }
}
