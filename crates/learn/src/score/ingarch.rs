//! Self-exciting counts without decisions: a negative-binomial INGARCH(1,1) (Fokianos, Rahbek and Tjøstheim 2009; Christou and
//! Fokianos 2014), fitted by its likelihood.
//!
//! λₜ = ω + α Yₜ₋₁ + β λₜ₋₁, and Yₜ given the past is negative binomial with mean λₜ and size r. The first λ is the mean of
//! the weeks counted. Where a week was not counted, λ stands for it, and the likelihood has no term for it.

use super::law::log_probability;
use super::minimise::nelder_mead;
use detente_model::chance::DayKey;

/// Fewest and largest ω, in events a week.
const OMEGA: (f64, f64) = (1e-3, 1e9);
/// Smallest and largest size.
const SIZE: (f64, f64) = (0.05, 1e4);
/// Largest α + β: stationary with something to spare.
const PERSISTENCE: f64 = 0.995;

/// Parameters of the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ingarch {
    /// ω, events a week.
    pub omega: f64,
    /// α, weight of last week's count.
    pub alpha: f64,
    /// β, weight of last week's mean.
    pub beta: f64,
    /// Size r: variance λ + λ²/r.
    pub size: f64,
}

impl Ingarch {
    /// Free numbers without bounds as parameters: ω and r by their logarithms, (α, β) by a softmax with what is left of 1.
    fn of(free: &[f64]) -> Self {
        let [omega, alpha, beta, size] = [0, 1, 2, 3].map(|i| libm::exp(free[i].clamp(-30.0, 30.0)));
        let share = PERSISTENCE / (1.0 + alpha + beta);
        Self {
            omega: omega.clamp(OMEGA.0, OMEGA.1),
            alpha: alpha * share,
            beta: beta * share,
            size: size.clamp(SIZE.0, SIZE.1),
        }
    }

    /// The mean of the next week, after what `see` is told of every week.
    fn pass(&self, weeks: &[Option<f64>], mut see: impl FnMut(f64, f64)) -> f64 {
        let mut mean = mean_of(weeks);
        for week in weeks {
            if let Some(count) = *week {
                see(mean, count);
            }
            mean = self.next(mean, week.unwrap_or(mean));
        }
        mean
    }

    fn next(&self, mean: f64, count: f64) -> f64 {
        self.omega + self.alpha * count + self.beta * mean
    }

    /// Log likelihood of the weeks counted, oldest first.
    #[must_use]
    pub fn log_likelihood(&self, weeks: &[Option<f64>]) -> f64 {
        let mut sum = 0.0;
        self.pass(weeks, |mean, count| sum += log_probability(mean, self.size, count));
        sum
    }

    /// The parameters of the largest likelihood, the best of three searches.
    #[must_use]
    pub fn fit(weeks: &[Option<f64>]) -> Self {
        let mean = mean_of(weeks).max(0.05);
        let loss = |free: &[f64]| -Self::of(free).log_likelihood(weeks);
        // Free numbers of (α, β, r) to start from; ω gives the mean.
        let from = |alpha: f64, beta: f64, size: f64| {
            let left = PERSISTENCE - alpha - beta;
            [mean * (1.0 - alpha - beta), alpha / left, beta / left, size].map(libm::log)
        };
        let starts = [from(0.3, 0.4, 2.0), from(0.7, 0.1, 5.0), from(0.05, 0.1, 0.7)];
        let found = starts.iter().map(|start| nelder_mead(loss, start, 0.5, 1e-7, 800));
        // The first of equals.
        let best = found.reduce(|best, next| if next.value < best.value { next } else { best });
        best.map_or(Self::of(&starts[0]), |best| Self::of(&best.at))
    }

    /// One path: the count `horizon` weeks after the last of `weeks`, with the draws of `key`.
    #[must_use]
    pub fn path(&self, start: f64, horizon: u32, key: DayKey) -> f64 {
        let (mut mean, mut count) = (start, 0.0);
        for week in 0..horizon {
            count = draw(key, week * WORDS, mean, self.size);
            mean = self.next(mean, count);
        }
        count
    }

    /// The mean of the week after the last of `weeks`, where paths start.
    #[must_use]
    pub fn start(&self, weeks: &[Option<f64>]) -> f64 {
        self.pass(weeks, |_, _| ())
    }
}

fn mean_of(weeks: &[Option<f64>]) -> f64 {
    let counted = weeks.iter().flatten();
    let n = counted.clone().count();
    counted.sum::<f64>() / n.max(1) as f64
}

/// Words of a key that one draw may use.
const WORDS: u32 = 64;

/// A negative-binomial count by its mixture: a gamma draw (Marsaglia and Tsang 2000) is the mean of a Poisson draw. Has no
/// largest count.
fn draw(key: DayKey, first: u32, mean: f64, size: f64) -> f64 {
    if mean <= 0.0 {
        return 0.0;
    }
    // A gamma variate of a shape below 1 is one of shape + 1 times a power of a uniform.
    let (shape, boost) = if size < 1.0 { (size + 1.0, libm::pow(key.uniform(first), 1.0 / size)) } else { (size, 1.0) };
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / libm::sqrt(9.0 * d);
    let mut gamma = d;
    // One in twenty is refused at most, so that thirty refusals in a row do not happen.
    for attempt in 0..30 {
        let z = key.normal(first + 1 + 2 * attempt);
        let v = 1.0 + c * z;
        if v > 0.0 {
            let v = v * v * v;
            if libm::log(key.uniform(first + 2 + 2 * attempt)) < 0.5 * z * z + d - d * v + d * libm::log(v) {
                gamma = d * v;
                break;
            }
        }
    }
    poisson(key.uniform(first + WORDS - 1), (mean / size * gamma * boost).min(1e12))
}

/// Poisson quantile: term by term for small means, for others by the normal quantile and its first correction (Cornish and
/// Fisher), which is within a count or two of it.
fn poisson(u: f64, mean: f64) -> f64 {
    if mean > 400.0 {
        let z = detente_model::chance::quantile::normal(u);
        return (mean + libm::sqrt(mean) * z + (z * z - 1.0) / 6.0).round().max(0.0);
    }
    let mut term = libm::exp(-mean);
    let (mut count, mut sum) = (0.0, term);
    while u >= sum && count < 1000.0 {
        count += 1.0;
        term *= mean / count;
        sum += term;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::chance::Key;

    fn simulated(truth: Ingarch, weeks: u32, number: u64) -> Vec<Option<f64>> {
        let key = Key::new(17, number).of("ingarch").day(0);
        let mut mean = truth.omega / (1.0 - truth.alpha - truth.beta);
        (0..weeks)
            .map(|week| {
                let count = draw(key, week * WORDS, mean, truth.size);
                mean = truth.next(mean, count);
                Some(count)
            })
            .collect()
    }

    #[test]
    fn draws_have_the_moments_of_the_law_and_its_zeros() {
        for (mean, size) in [(0.7, 0.3), (12.0, 2.0), (900.0, 1.5), (40_000.0, 6.0)] {
            const DRAWS: u32 = 40_000;
            let key = Key::new(5, 0).of("draws");
            let counts: Vec<f64> = (0..DRAWS).map(|i| draw(key.day(i as i32), 0, mean, size)).collect();
            let n = f64::from(DRAWS);
            let m = counts.iter().sum::<f64>() / n;
            let variance = counts.iter().map(|x| (x - m) * (x - m)).sum::<f64>() / n;
            let (true_variance, zeros) = (mean + mean * mean / size, libm::exp(log_probability(mean, size, 0.0)));
            assert!((m - mean).abs() < 5.0 * libm::sqrt(true_variance / n), "{mean} {size}: {m}");
            assert!((variance / true_variance - 1.0).abs() < 0.12, "{mean} {size}: {variance} {true_variance}");
            let seen = counts.iter().filter(|x| **x < 0.5).count() as f64 / n;
            assert!((seen - zeros).abs() < 5.0 * libm::sqrt(zeros.max(1e-4) / n), "{mean} {size}: {seen} {zeros}");
        }
    }

    #[test]
    fn poisson_quantiles_agree_where_the_two_forms_meet() {
        let law = super::super::law::Counts::poisson(450.0);
        for i in 1..200 {
            let u = f64::from(i) / 200.0 - 0.001;
            assert!((poisson(u, 450.0) - law.quantile(u)).abs() <= 1.0, "{u}");
        }
    }

    /// The mean of the estimates over simulated series lies near the parameters that made them.
    #[test]
    fn the_fit_recovers_the_parameters_of_simulated_counts() {
        let truth = Ingarch { omega: 6.0, alpha: 0.45, beta: 0.3, size: 4.0 };
        const SERIES: u64 = 16;
        let fits: Vec<Ingarch> = (0..SERIES).map(|i| Ingarch::fit(&simulated(truth, 1000, i))).collect();
        let mean = |of: fn(&Ingarch) -> f64| fits.iter().map(of).sum::<f64>() / SERIES as f64;
        assert!((mean(|f| f.alpha) - truth.alpha).abs() < 0.05, "α {}", mean(|f| f.alpha));
        assert!((mean(|f| f.beta) - truth.beta).abs() < 0.08, "β {}", mean(|f| f.beta));
        assert!((mean(|f| f.omega) / truth.omega - 1.0).abs() < 0.25, "ω {}", mean(|f| f.omega));
        assert!((mean(|f| f.size) / truth.size - 1.0).abs() < 0.15, "r {}", mean(|f| f.size));
        for (i, fit) in fits.iter().enumerate() {
            let weeks = simulated(truth, 1000, i as u64);
            assert!(fit.log_likelihood(&weeks) >= truth.log_likelihood(&weeks) - 1e-6, "no likelihood is larger: {i}");
        }
    }

    #[test]
    fn weeks_not_counted_have_no_term_and_do_not_stop_the_fit() {
        let truth = Ingarch { omega: 6.0, alpha: 0.45, beta: 0.3, size: 4.0 };
        let mut weeks = simulated(truth, 400, 3);
        for week in weeks.iter_mut().skip(5).step_by(4) {
            *week = None;
        }
        let fit = Ingarch::fit(&weeks);
        assert!((fit.alpha + fit.beta - 0.75).abs() < 0.2, "{fit:?}");
        assert_eq!(truth.log_likelihood(&[None, None]).to_bits(), 0.0_f64.to_bits());
        let quiet = Ingarch::fit(&[Some(0.0); 20]);
        assert!(quiet.start(&[Some(0.0); 20]) < 0.05, "{quiet:?}");
    }
}
