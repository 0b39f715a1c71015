//! Logarithms of densities, and the normal distribution function.

/// ln of the chance of `y` under a negative binomial with this mean and size: variance = mean + mean²/size.
#[must_use]
pub fn negative_binomial(y: f64, mean: f64, size: f64) -> f64 {
    if mean <= 0.0 {
        return if y > 0.0 { f64::NEG_INFINITY } else { 0.0 };
    }
    libm::lgamma(y + size) - libm::lgamma(size) - libm::lgamma(y + 1.0)
        + size * (libm::log(size) - libm::log(size + mean))
        + y * (libm::log(mean) - libm::log(size + mean))
}

/// ln of the density of `y` under a log-normal with this median and standard deviation of its logarithm.
#[must_use]
pub fn log_normal(y: f64, median: f64, sd: f64) -> f64 {
    if y <= 0.0 || median <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let z = (libm::log(y) - libm::log(median)) / sd;
    -0.5 * z * z - libm::log(y * sd) - 0.5 * libm::log(std::f64::consts::TAU)
}

/// ln of the density of `y` under a normal distribution.
#[must_use]
pub fn normal(y: f64, mean: f64, sd: f64) -> f64 {
    let z = (y - mean) / sd;
    -0.5 * z * z - libm::log(sd) - 0.5 * libm::log(std::f64::consts::TAU)
}

/// Share of a standard normal below `z`.
#[must_use]
pub fn normal_share(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// ln Σ exp(x), without overflow; −∞ for nothing.
#[must_use]
pub fn log_sum(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let top = values.clone().fold(f64::NEG_INFINITY, f64::max);
    if top == f64::NEG_INFINITY {
        return top;
    }
    top + libm::log(values.map(|x| libm::exp(x - top)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_the_negative_binomial_sum_to_one_with_its_mean_and_variance() {
        for (mean, size) in [(0.3, 0.2), (4.0, 1.5), (90.0, 12.0)] {
            let share = |y: u32| libm::exp(negative_binomial(f64::from(y), mean, size));
            let moment = |of: &dyn Fn(f64) -> f64| (0..4000).map(|y| of(f64::from(y)) * share(y)).sum::<f64>();
            assert!((moment(&|_| 1.0) - 1.0).abs() < 1e-9);
            assert!((moment(&|y| y) - mean).abs() < 1e-6);
            assert!((moment(&|y| (y - mean) * (y - mean)) - mean - mean * mean / size).abs() < 1e-4);
        }
        // NB(size 1) is geometric: P(2) = p (1 − p)², p = 1/(1 + mean).
        assert!((libm::exp(negative_binomial(2.0, 3.0, 1.0)) - 0.25 * 0.75 * 0.75).abs() < 1e-12);
        assert!(negative_binomial(0.0, 0.0, 1.0).abs() < 1e-12);
    }

    #[test]
    fn normal_shares_undo_normal_quantiles() {
        for u in [1e-9, 0.01, 0.3, 0.5, 0.9, 0.999_999] {
            let z = detente_model::chance::quantile::normal(u);
            assert!((normal_share(z) - u).abs() < 1e-12 * (1.0 + 1.0 / u), "{u}");
        }
        assert!(
            (log_normal(2.0, 2.0, 0.5) + libm::log(2.0 * 0.5) + 0.5 * libm::log(std::f64::consts::TAU)).abs() < 1e-12
        );
    }

    #[test]
    fn sums_of_logarithms_do_not_overflow() {
        assert!((log_sum([1000.0, 1000.0].into_iter()) - 1000.0 - libm::log(2.0)).abs() < 1e-9);
        assert_eq!(log_sum(std::iter::empty()), f64::NEG_INFINITY);
    }
}
