//! Distributions of counts as tables: probabilities, quantiles and CRPS, without a limit on the count.

/// Terms below this share of the largest are left out.
const NEGLIGIBLE: f64 = 1e-18;

/// Most terms of a table; what lies beyond has a chance below 1e-6 for all means and sizes that are fitted here.
const MOST_TERMS: usize = 4_000_000;

/// Largest size that differs from a Poisson distribution.
const LARGEST_SIZE: f64 = 1e8;

/// A negative binomial or Poisson distribution, tabulated where its probabilities are not negligible.
#[derive(Clone, Debug, PartialEq)]
pub struct Counts {
    mean: f64,
    /// Infinite for a Poisson distribution.
    size: f64,
    /// Count of the first entry.
    first: f64,
    /// P(N ≤ first + i), ending at 1.
    cumulative: Vec<f64>,
}

impl Counts {
    /// Mean μ ≥ 0 and size r > 0: variance μ + μ²/r. Others count as the nearest that is.
    #[must_use]
    pub fn negative_binomial(mean: f64, size: f64) -> Self {
        let mean = if mean > 0.0 { mean.min(1e9) } else { 0.0 };
        let size = if size < LARGEST_SIZE { size.max(1e-3) } else { f64::INFINITY };
        // The largest term stands at (r − 1) μ / r, rounded down, or at 0.
        let mode = if size.is_finite() { (mean * (size - 1.0) / size).max(0.0).floor() } else { mean.floor() };
        // P(N = k + 1) / P(N = k).
        let q = if size.is_finite() { mean / (mean + size) } else { 0.0 };
        let ratio = |k: f64| if size.is_finite() { q * (k + size) / (k + 1.0) } else { mean / (k + 1.0) };
        let mut below = Vec::new();
        let (mut k, mut term) = (mode, 1.0);
        while k > 0.0 && term > NEGLIGIBLE && below.len() < MOST_TERMS {
            k -= 1.0;
            term /= ratio(k);
            below.push(term);
        }
        let first = k;
        let mut cumulative: Vec<f64> = below.into_iter().rev().collect();
        let (mut k, mut term) = (mode, 1.0);
        loop {
            cumulative.push(term);
            term *= ratio(k);
            k += 1.0;
            if term < NEGLIGIBLE || cumulative.len() >= MOST_TERMS {
                break;
            }
        }
        let mut sum = 0.0;
        for term in &mut cumulative {
            sum += *term;
            *term = sum;
        }
        cumulative.iter_mut().for_each(|share| *share /= sum);
        Self { mean, size, first, cumulative }
    }

    /// A Poisson distribution of this mean.
    #[must_use]
    pub fn poisson(mean: f64) -> Self {
        Self::negative_binomial(mean, f64::INFINITY)
    }

    /// Of the first two moments: negative binomial where the variance is above the mean, else Poisson.
    #[must_use]
    pub fn of_moments(mean: f64, variance: f64) -> Self {
        let size = if variance > mean && mean > 0.0 { mean * mean / (variance - mean) } else { f64::INFINITY };
        Self::negative_binomial(mean, size)
    }

    /// ln P(N = k), by logarithms of gamma functions.
    #[must_use]
    pub fn log_probability(&self, k: f64) -> f64 {
        log_probability(self.mean, self.size, k)
    }

    /// P(N = k).
    #[must_use]
    pub fn probability(&self, k: f64) -> f64 {
        libm::exp(self.log_probability(k))
    }

    /// The smallest count that is not exceeded with a chance of `u` or more; `u` within (0, 1).
    #[must_use]
    pub fn quantile(&self, u: f64) -> f64 {
        let at = self.cumulative.partition_point(|&share| share <= u).min(self.cumulative.len() - 1);
        self.first + at as f64
    }

    /// CRPS at `y`, in events: ∫ (P(N ≤ x) − \[x ≥ y\])² dx. `y` need not be whole.
    #[must_use]
    pub fn crps(&self, y: f64) -> f64 {
        let last = self.first + self.cumulative.len() as f64 - 1.0;
        // Beyond the table the distribution function is 0 or 1.
        let mut score = (self.first - y).max(0.0) + (y - last - 1.0).max(0.0);
        for (i, share) in self.cumulative.iter().enumerate() {
            let k = self.first + i as f64;
            // Of the unit from k to k + 1, the part before y.
            let before = (y - k).clamp(0.0, 1.0);
            score += before * share * share + (1.0 - before) * (1.0 - share) * (1.0 - share);
        }
        score
    }
}

/// ln P(N = k) of a negative binomial with this mean and size, Poisson where the size is infinite; −∞ where it cannot be.
#[must_use]
pub fn log_probability(mean: f64, size: f64, k: f64) -> f64 {
    if mean <= 0.0 {
        return if k.abs() < 0.5 { 0.0 } else { f64::NEG_INFINITY };
    }
    if size >= LARGEST_SIZE {
        return k * libm::log(mean) - mean - libm::lgamma(k + 1.0);
    }
    let choose = libm::lgamma(k + size) - libm::lgamma(size) - libm::lgamma(k + 1.0);
    choose - size * libm::log1p(mean / size) - k * libm::log1p(size / mean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::chance::quantile::negative_binomial;

    #[test]
    fn a_table_is_the_law_that_the_gamma_functions_give() {
        for (mean, size) in [(0.3, 0.2), (4.0, 1.0), (30.0, 0.4), (250.0, 3.0), (2500.0, 40.0), (3000.0, f64::INFINITY)]
        {
            let law = Counts::negative_binomial(mean, size);
            let mut sum = 0.0;
            for k in 0..20_000 {
                sum += law.probability(f64::from(k));
                let i = f64::from(k) - law.first;
                if i >= 0.0 {
                    let table = law.cumulative.get(i as usize).copied().unwrap_or(1.0);
                    assert!((table - sum).abs() < 1e-9, "mean {mean}, size {size}, count {k}: {table} {sum}");
                }
            }
        }
    }

    #[test]
    fn quantiles_are_those_of_the_model() {
        for (mean, size) in [(0.3, 0.2), (4.0, 1.0), (30.0, 0.4), (250.0, 3.0)] {
            let law = Counts::negative_binomial(mean, size);
            for i in 1..500 {
                let u = f64::from(i) / 500.0 - 1e-4;
                assert_eq!(law.quantile(u), f64::from(negative_binomial(u, mean, size)), "{mean} {size} {u}");
            }
        }
    }

    #[test]
    fn counts_have_no_limit_and_none_is_certain_without_a_mean() {
        let law = Counts::negative_binomial(60_000.0, 0.5);
        assert!(law.quantile(0.99) > 300_000.0, "{}", law.quantile(0.99));
        let none = Counts::poisson(0.0);
        assert_eq!(none.quantile(0.999_999), 0.0);
        assert!((none.crps(7.0) - 7.0).abs() < 1e-12);
        assert!((none.log_probability(0.0)).abs() < 1e-12);
        assert_eq!(none.log_probability(1.0), f64::NEG_INFINITY);
    }

    #[test]
    fn moments_give_the_law_back() {
        let law = Counts::of_moments(10.0, 60.0);
        assert!((law.size - 2.0).abs() < 1e-12);
        assert_eq!(Counts::of_moments(10.0, 8.0), Counts::poisson(10.0), "less spread than Poisson is Poisson");
    }

    #[test]
    fn crps_between_whole_numbers_is_the_integral() {
        let law = Counts::negative_binomial(3.0, 1.5);
        for y in [0.0, 0.4, 2.5, 6.0, 11.75] {
            let steps = 400_000;
            let width = 200.0 / f64::from(steps);
            let mut sum = 0.0;
            for i in 0..steps {
                let x = (f64::from(i) + 0.5) * width;
                let share = law.cumulative.get((x - law.first) as usize).copied().unwrap_or(1.0);
                let off = share - if x >= y { 1.0 } else { 0.0 };
                sum += off * off * width;
            }
            assert!((law.crps(y) - sum).abs() < 1e-3, "{y}");
        }
    }
}
