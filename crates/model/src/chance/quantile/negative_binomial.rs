//! The negative-binomial quantile: a plain form to read and to test against, and a fast one for the model.

use super::power::power;

/// Largest count [`negative_binomial`] returns, and largest mean it takes (larger ones count as this).
///
/// For means up to 150 and sizes from 0.3 on, the tail beyond it weighs less than 1e-15. In the far corner of the
/// ranges (mean 2,000, size 0.05) it cuts off 3 %: a day with more than 20,000 events is not of this model.
pub const COUNT_LIMIT: u32 = 20_000;

/// Range of sizes; others are drawn to its ends. Within it no zero class underflows.
const SIZES: (f64, f64) = (0.01, 100.0);

/// A sum of rounded terms does not come closer to 1 than this in the worst case: uniforms beyond it count as it.
const HIGHEST_UNIFORM: f64 = 1.0 - 1e-12;

/// A term below this share is beyond the resolution of a uniform: where the sum stops, should rounding keep it below.
const NEGLIGIBLE: f64 = 1e-17;

/// The smallest `n` with `u < P(N ≤ n)` for `N` negative binomial with this mean and size (variance = mean + mean²/size).
///
/// `u` in (0, 1); `mean` ≤ 0 gives 0; `size` within \[0.01, 100\]. This is the definition, term by term; the model uses
/// [`NegativeBinomial`], which gives the same counts faster.
#[must_use]
pub fn negative_binomial(u: f64, mean: f64, size: f64) -> u32 {
    if mean <= 0.0 {
        return 0;
    }
    let (mean, size) = (mean.min(f64::from(COUNT_LIMIT)), size.clamp(SIZES.0, SIZES.1));
    let u = u.min(HIGHEST_UNIFORM);
    let zero_class = libm::exp(-size * libm::log1p(mean / size));
    if u < zero_class {
        return 0;
    }
    walk(u, mean, size, Start { n: 0, term: zero_class, below: zero_class })
}

/// Where a walk along the terms starts: `term = P(N = n)`, `below = P(N ≤ n)`, not above the target; all three in the
/// same unit.
struct Start {
    n: u32,
    term: f64,
    below: f64,
}

/// Adds terms by their recursion until they pass the target.
fn walk(target: f64, mean: f64, size: f64, start: Start) -> u32 {
    let Start { mut n, mut term, below: mut cumulative } = start;
    let ratio = mean / (mean + size);
    while n < COUNT_LIMIT {
        let next = f64::from(n);
        term *= ratio * (next + size) / (next + 1.0);
        cumulative += term;
        n += 1;
        if target < cumulative || (term < NEGLIGIBLE * target && next > mean) {
            return n;
        }
    }
    n
}

/// Terms that are summed at once.
const OCTET: usize = 8;
/// Octets in a table: counts below 320 come from it, larger ones from the plain recursion.
const OCTETS: usize = 40;

/// Eight neighbouring coefficients `Γ(n + size)/(Γ(size)·n!)` of the power series in `q = mean/(mean + size)`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Octet {
    /// Each coefficient over the first of its octet (1 at the start), so that no size overflows.
    relative: [f64; OCTET],
    /// First coefficient of the next octet over the first of this one.
    step: f64,
}

/// The negative binomial of one size, tabulated for quantiles at any mean.
///
/// The law is `P(N = n) = (1 + mean/size)^(−size) · cₙ · qⁿ` with `q = mean/(mean + size)`: the coefficients depend on the
/// size alone. With them in a table the sum runs eight terms at a time and without a division. Making one costs about
/// 0.5 µs; it takes 2.9 kB.
#[derive(Clone, Debug, PartialEq)]
pub struct NegativeBinomial {
    size: f64,
    reciprocal: f64,
    octets: Box<[Octet; OCTETS]>,
}

impl NegativeBinomial {
    /// Tabulates the law of this size (within \[0.01, 100\], else the nearer end).
    #[must_use]
    pub fn new(size: f64) -> Self {
        let size = size.clamp(SIZES.0, SIZES.1);
        let mut octets = Box::new([Octet { relative: [1.0; OCTET], step: 1.0 }; OCTETS]);
        let mut n = 0.0;
        for octet in octets.iter_mut() {
            let mut coefficient = 1.0;
            for relative in &mut octet.relative {
                *relative = coefficient;
                coefficient *= (n + size) / (n + 1.0);
                n += 1.0;
            }
            octet.step = coefficient;
        }
        Self { size, reciprocal: 1.0 / size, octets }
    }

    /// The size that this table is for.
    #[must_use]
    pub const fn size(&self) -> f64 {
        self.size
    }

    /// The smallest `n` with `u < P(N ≤ n)`: [`negative_binomial`] at this size, up to rounding in the last digits of the
    /// cumulative probability.
    ///
    /// `u` in (0, 1); `mean` ≤ 0 gives 0. Neither is NaN. Most zeros cost 2 ns, other small counts 15 to 18 ns, then 0.4 ns per
    /// unit up to 320.
    #[inline]
    #[must_use]
    pub fn quantile(&self, u: f64, mean: f64) -> u32 {
        // The zero class is at least e^(−mean), whatever the size: two bounds below that need no exponential.
        if mean <= 0.0 || u < 1.0 - mean || u < 1.0 - mean + mean * mean * (0.5 - mean * (1.0 / 6.0)) {
            return 0;
        }
        self.search(u.min(HIGHEST_UNIFORM), mean.min(f64::from(COUNT_LIMIT)))
    }

    /// Compares `u` over the zero class with the sum of `cₙ · qⁿ`: so no term needs scaling.
    fn search(&self, u: f64, mean: f64) -> u32 {
        let target = u * power(1.0 + mean * self.reciprocal, self.size);
        if target < 1.0 {
            return 0;
        }
        let q = mean / (mean + self.size);
        let powers = powers(q);
        let per_octet = powers[OCTET - 1] * q;
        let (mut first_term, mut below) = (1.0, 0.0);
        for (octet, n) in self.octets.iter().zip((0_u32..).step_by(OCTET)) {
            let mut terms = octet.relative;
            for (term, power) in terms.iter_mut().zip(powers) {
                *term *= power;
            }
            let [a, b, c, d, e, f, g, h] = terms;
            let end = below + first_term * (((a + e) + (c + g)) + ((b + f) + (d + h)));
            if target < end {
                return n + place((target - below) / first_term, &terms);
            }
            if first_term < NEGLIGIBLE * target && f64::from(n) > mean {
                return n;
            }
            first_term *= octet.step * per_octet;
            below = end;
        }
        let n = (OCTETS * OCTET) as u32;
        let below = below + first_term;
        if target < below { n } else { walk(target, mean, self.size, Start { n, term: first_term, below }) }
    }
}

/// `q⁰ … q⁷`, without a chain of seven multiplications.
#[inline(always)]
fn powers(q: f64) -> [f64; OCTET] {
    let q2 = q * q;
    let q3 = q2 * q;
    let q4 = q2 * q2;
    [1.0, q, q2, q3, q4, q4 * q, q4 * q2, q4 * q3]
}

/// Which of eight terms takes their sum past the rest of the target: the last, if none before it does.
#[inline(always)]
fn place(rest: f64, terms: &[f64; OCTET]) -> u32 {
    let mut sum = 0.0;
    let mut passed = 0;
    for term in &terms[..OCTET - 1] {
        sum += term;
        // Counted without a branch: which term it is cannot be foreseen, and a wrong guess costs more than all eight.
        passed += u32::from(rest >= sum);
    }
    passed
}

#[cfg(test)]
mod tests {
    use super::super::grid;
    use super::*;
    use crate::chance::Key;

    const SIZES_TRIED: [f64; 8] = [0.05, 0.3, 0.8, 1.0, 3.0, 8.0, 20.0, 50.0];

    /// Cumulative probabilities summed in a different way (logarithms of gamma functions), up to a tail of 1e-13.
    fn cumulative(mean: f64, size: f64) -> Vec<f64> {
        let log_pmf = |n: f64| {
            libm::lgamma(n + size) - libm::lgamma(size) - libm::lgamma(n + 1.0) - size * libm::log1p(mean / size)
                + n * libm::log(mean / (size + mean))
        };
        let mut sum = 0.0;
        (0..=COUNT_LIMIT)
            .map(|n| {
                sum += libm::exp(log_pmf(f64::from(n)));
                sum
            })
            .take_while(|&c| c < 1.0 - 1e-13)
            .collect()
    }

    fn assert_is_quantile(n: u32, u: f64, cdf: &[f64], label: &str) {
        let n = n as usize;
        let at = |i: usize| cdf.get(i).copied().unwrap_or(1.0);
        assert!(u < at(n) + 1e-9, "{label} u {u}: {n} is too small");
        assert!(n == 0 || u >= at(n - 1) - 1e-9, "{label} u {u}: {n} is too large");
    }

    #[test]
    fn both_forms_are_the_quantile_of_the_law() {
        for size in SIZES_TRIED {
            let table = NegativeBinomial::new(size);
            for mean in [1e-9, 0.02, 0.05, 0.4, 0.5, 3.0, 30.0, 75.0, 150.0, 300.0, 2000.0] {
                let cdf = cumulative(mean, size);
                let ends = [1e-16, 1e-12, 1e-6, 1.0 - 1e-6, 1.0 - 1e-9, 1.0 - 1e-12, 1.0 - f64::EPSILON / 2.0];
                for u in grid(if mean < 1000.0 { 2000 } else { 200 }).chain(ends) {
                    let label = format!("mean {mean} size {size}");
                    let (plain, fast) = (negative_binomial(u, mean, size), table.quantile(u, mean));
                    // Beyond the limit both stop there.
                    if plain < COUNT_LIMIT || fast < COUNT_LIMIT {
                        assert_is_quantile(plain, u, &cdf, &label);
                        assert_is_quantile(fast, u, &cdf, &label);
                    }
                }
            }
        }
    }

    /// Not a proof for every pair of floats: two means so close that the cumulative probability differs by less than its
    /// rounding (1e-15 to 1e-13) can change places on a uniform that falls right between. None of these pairs does.
    #[test]
    fn counts_grow_with_the_mean_and_with_the_uniform() {
        for size in [0.05, 0.3, 1.2, 8.0, 50.0] {
            let table = NegativeBinomial::new(size);
            for u in grid(500) {
                let (mut last, mut mean) = (0, 1e-4);
                while mean < 400.0 {
                    let n = table.quantile(u, mean);
                    assert!(n >= last, "u {u} mean {mean} size {size}");
                    last = n;
                    mean *= 1.01;
                }
            }
            for mean in [0.05, 0.5, 3.0, 30.0, 150.0, 600.0] {
                let mut last = 0;
                for u in grid(20_000) {
                    let n = table.quantile(u, mean);
                    assert!(n >= last, "u {u} mean {mean} size {size}");
                    last = n;
                }
            }
        }
    }

    /// The hardest pairs: uniforms right at a step, and means that differ by a ten-millionth.
    #[test]
    fn counts_grow_with_the_mean_right_at_the_steps() {
        for size in [0.3, 1.0, 6.0] {
            let table = NegativeBinomial::new(size);
            for mean in [0.07, 0.7, 7.0, 70.0, 350.0] {
                for (n, c) in cumulative(mean, size).into_iter().enumerate().take(600) {
                    for factor in [1.0 - 1e-7, 1.0 + 1e-7] {
                        let (u, other) = (c.min(1.0 - 1e-6), mean * factor);
                        assert!(table.quantile(u, mean.min(other)) <= table.quantile(u, mean.max(other)), "{n}");
                    }
                }
            }
        }
    }

    #[test]
    fn no_mean_or_size_breaks_it() {
        let table = NegativeBinomial::new(f64::INFINITY);
        assert_eq!(table.size(), 100.0_f64.max(SIZES.1));
        assert_eq!(NegativeBinomial::new(0.0).quantile(0.5, 1.0), negative_binomial(0.5, 1.0, 0.0));
        for (mean, size) in [(0.0, 1.0), (-1.0, 1.0), (1e-300, 1.0), (1e-300, 100.0)] {
            assert_eq!(NegativeBinomial::new(size).quantile(0.999, mean), 0);
            assert_eq!(negative_binomial(0.999, mean, size), 0);
        }
        for mean in [f64::INFINITY, 1e300, 20_000.0] {
            for size in [0.01, 1.0, 100.0] {
                let fast = NegativeBinomial::new(size).quantile(0.5, mean);
                assert!(fast.abs_diff(negative_binomial(0.5, mean, size)) <= 1);
                assert!(size < 1.0 || fast > 10_000);
            }
        }
    }

    #[test]
    fn draws_have_the_stated_mean_and_variance() {
        let key = Key::new(7, 0).of("test");
        let (mean, size, days) = (9.0, 3.0, 200_000);
        let table = NegativeBinomial::new(size);
        let draws: Vec<f64> = (0..days).map(|d| f64::from(table.quantile(key.day(d).uniform(0), mean))).collect();
        let m = draws.iter().sum::<f64>() / f64::from(days);
        let v = draws.iter().map(|x| (x - m) * (x - m)).sum::<f64>() / f64::from(days);
        assert!((m - mean).abs() < 0.06, "mean {m}");
        assert!((v - (mean + mean * mean / size)).abs() < 0.9, "variance {v}");
    }
}
