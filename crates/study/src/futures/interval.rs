//! Intervals for shares of futures and for differences of paired shares, fit for few futures and rare outcomes.
//!
//! A share has its Wilson interval ([`super::accumulate::share`]). A **difference of paired shares** rests on two counts only: the
//! pairs that gain the outcome by the change and those that lose it. Its interval squares and adds the mid-P limits of these
//! two shares (Newcombe 1998, Zou and Donner 2008: "MOVER"), with the correlation of −√(g l / (1 − g)(1 − l)) that two classes
//! of one multinomial have. It stays within ±1, has a width where no pair differs, and is not symmetric where the outcome is
//! rare.
//!
//! Measured by enumeration for 60, 400 and 2,000 pairs (`tests` below repeat it by simulation): a nominal 90 % interval covers
//! 89 to 94 % where ten or more pairs are expected to differ, 89 to 93 % from 40 on (from 400 pairs on 89 to 91 %), and never
//! less than 88.9 %. Where fewer differ no interval can be exact, as counts are few and whole; this one then covers more, not
//! less. The score interval
//! (Tango 1998) was tried and falls to 86.8 % where three to five pairs are expected to differ.

use detente_model::chance::quantile;
use serde::Serialize;

/// A mean paired difference with its 90 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Mean with the change minus mean without.
    pub difference: f64,
    /// Low end.
    pub low: f64,
    /// High end.
    pub high: f64,
}

/// Chance beyond either end of a 90 % interval.
pub const TAIL: f64 = 0.05;

/// Continued fraction of the incomplete beta function (Lentz's method; Numerical Recipes 6.4), without the factor before it.
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    /// About √max(a, b) steps are needed; so many serve a hundred million futures.
    const STEPS: u32 = 100_000;
    let off_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut c, mut d) = (1.0, 1.0 / off_zero(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for m in 1..=STEPS {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a - 1.0 + 2.0 * m) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 1.0 + 2.0 * m));
        let mut step = 1.0;
        for term in [even, odd] {
            d = 1.0 / off_zero(1.0 + term * d);
            c = off_zero(1.0 + term / c);
            step = c * d;
            fraction *= step;
        }
        if (step - 1.0).abs() < 1e-14 {
            break;
        }
    }
    fraction
}

/// P(X > x) + P(X = x) / 2 for X binomial with `n` trials of chance `p`; `x` ≥ 1 and 0 < `p` < 1.
fn mid_tail(x: f64, n: f64, p: f64) -> f64 {
    let (a, b) = (x, n - x + 1.0);
    // P(X ≥ x) is the incomplete beta function I_p(x, n − x + 1); x times P(X = x) (1 − p) is the factor before its fraction.
    let log_choose = libm::lgamma(n + 1.0) - libm::lgamma(x + 1.0) - libm::lgamma(n - x + 1.0);
    let point = libm::exp(log_choose + x * libm::log(p) + (n - x) * libm::log1p(-p));
    let factor = point * x * (1.0 - p);
    let at_least = if p < (a + 1.0) / (a + b + 2.0) {
        factor * beta_fraction(a, b, p) / a
    } else {
        1.0 - factor * beta_fraction(b, a, 1.0 - p) / b
    };
    at_least - point / 2.0
}

/// Lower mid-P limit: the share at which so many or more, counting exactly so many half, have a chance of `tail`.
fn lower(count: u64, of: u64, tail: f64) -> f64 {
    if count == 0 || of == 0 {
        return 0.0;
    }
    let (x, n) = (count as f64, of as f64);
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if mid_tail(x, n, middle) > tail {
            high = middle;
        } else {
            low = middle;
        }
    }
    f64::midpoint(low, high)
}

/// Mid-P limits of the share of `count` in `of`, with a chance of `tail` beyond either (Lancaster 1961).
#[must_use]
pub fn mid_p(count: u64, of: u64, tail: f64) -> (f64, f64) {
    let p = if of == 0 { 0.0 } else { count as f64 / of as f64 };
    let high = if of == 0 { 1.0 } else { 1.0 - lower(of - count, of, tail) };
    (lower(count, of, tail).min(p), high.max(p))
}

/// The interval of a difference, from those of what is taken and of what it is taken from, squared and added.
/// `correlation` is that of the two estimates.
#[must_use]
pub fn squared_and_added(
    (more, more_low, more_high): (f64, f64, f64),
    (less, less_low, less_high): (f64, f64, f64),
    correlation: f64,
) -> Difference {
    let arm = |a: f64, b: f64| libm::sqrt((a * a + b * b - 2.0 * correlation * a * b).max(0.0));
    let difference = more - less;
    Difference {
        difference,
        low: (difference - arm(more - more_low, less_high - less)).max(-1.0),
        high: (difference + arm(more_high - more, less - less_low)).min(1.0),
    }
}

/// Difference of two paired shares, of which `gained` pairs have the outcome only with the change and `lost` only without,
/// with a chance of `tail` beyond either end.
#[must_use]
pub fn paired_shares(gained: u64, lost: u64, pairs: u64, tail: f64) -> Difference {
    if pairs == 0 {
        return Difference { difference: 0.0, low: -1.0, high: 1.0 };
    }
    let with_limits = |count: u64| {
        let (low, high) = mid_p(count, pairs, tail);
        (count as f64 / pairs as f64, low, high)
    };
    let (g, l) = (with_limits(gained), with_limits(lost));
    let rest = (1.0 - g.0) * (1.0 - l.0);
    let correlation = if rest > 0.0 { -libm::sqrt(g.0 * l.0 / rest) } else { 0.0 };
    let moved = gained as f64 - lost as f64;
    // Of whole numbers: what is equal is equal to the bit.
    Difference { difference: moved / pairs as f64, ..squared_and_added(g, l, correlation) }
}

/// Sums over paired differences of counts: of themselves and of their powers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Powers {
    /// Pairs.
    pub pairs: f64,
    /// Pairs that differ.
    pub differ: f64,
    /// Sums of the first to the fourth power of the differences.
    pub sums: [f64; 4],
}

/// Mean of paired differences of counts with an interval that leaves a chance of `tail` beyond either end. Such differences are
/// skewed and heavy in the tails (a war in one of a hundred pairs), and the normal interval is then too narrow. This is Hall's (1992)
/// interval, which transforms Student's t by the skewness, with as many degrees of freedom as pairs carry the sum of squares,
/// `(Σd²)²/Σd⁴ − 1`. Exactly zero, with no width, where no pair differs: how far counts could differ in pairs not seen, nobody knows.
#[must_use]
pub fn mean_of_differences(of: &Powers, tail: f64) -> Difference {
    let Powers { pairs: n, differ, sums: [sum, squares, cubes, fourths] } = *of;
    if n <= 0.0 || differ <= 0.0 {
        return Difference { difference: 0.0, low: 0.0, high: 0.0 };
    }
    let mean = sum / n;
    let variance = (squares / n - mean * mean).max(0.0) * n / (n - 1.0).max(1.0);
    // A handful of differing pairs says little: the variance is never taken below that of one more such pair.
    let error = libm::sqrt(variance.max(squares / differ / n));
    let third = cubes / n - 3.0 * mean * squares / n + 2.0 * mean * mean * mean;
    let skewness = third / (error * error * error);
    let carried = squares * squares / fourths;
    let t = student_quantile(tail, (carried - 1.0).max(1.0));
    let root = libm::sqrt(n);
    let quantile = |t: f64| {
        if skewness.abs() < 1e-9 {
            return t;
        }
        let inner = 1.0 + skewness / root * (t - skewness / (6.0 * root));
        3.0 * root / skewness * (libm::cbrt(inner) - 1.0)
    };
    let at = |t: f64| mean - error / root * quantile(t);
    Difference { difference: mean, low: at(t), high: at(-t) }
}

/// The standard normal quantile that leaves `tail` beyond it.
#[must_use]
pub fn normal_beyond(tail: f64) -> f64 {
    quantile::normal(1.0 - tail)
}

/// The chance that Student's t of `freedom` degrees exceeds `t` ≥ 0: half of the incomplete beta function
/// `I_{ν/(ν + t²)}(ν/2, ½)`.
fn student_tail(t: f64, freedom: f64) -> f64 {
    let (a, b, x) = (freedom / 2.0, 0.5, freedom / (freedom + t * t));
    let log_beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    let factor = libm::exp(a * libm::log(x) + b * libm::log(1.0 - x) - log_beta);
    let whole = if x < (a + 1.0) / (a + b + 2.0) {
        factor * beta_fraction(a, b, x) / a
    } else {
        1.0 - factor * beta_fraction(b, a, 1.0 - x) / b
    };
    whole / 2.0
}

/// The quantile of Student's t that leaves `tail` (below one half) beyond it, for the mean of so many values; of one value, which
/// has no spread, that of two.
#[must_use]
pub fn student_beyond(tail: f64, values: u64) -> f64 {
    student_quantile(tail, values.saturating_sub(1).max(1) as f64)
}

/// Degrees of freedom from which Student's t is nearly normal.
const NEARLY_NORMAL: f64 = 50.0;

/// The quantile of Student's t of `freedom` degrees that leaves `tail` (below one half) beyond it.
fn student_quantile(tail: f64, freedom: f64) -> f64 {
    if freedom >= NEARLY_NORMAL {
        // Fisher and Cornish's series: here exact to five digits, and a chart asks for sixty of them in a frame.
        let z = normal_beyond(tail);
        let [z2, v] = [z * z, 4.0 * freedom];
        let first = (z2 + 1.0) / v;
        let second = ((5.0 * z2 + 16.0) * z2 + 3.0) / (6.0 * v * v);
        let third = (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / (6.0 * v * v * v);
        return z * (1.0 + first + second + third);
    }
    let (mut low, mut high) = (0.0, 1.0);
    while student_tail(high, freedom) > tail && high < 1e12 {
        high *= 2.0;
    }
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if student_tail(middle, freedom) > tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::chance::Key;
    use std::collections::BTreeMap;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} is not {b}");
    }

    #[test]
    fn mid_p_limits_are_those_of_the_binomial() {
        // By hand: for 0 of n half of (1 − p)ⁿ is the tail; for n of n likewise.
        let (low, high) = mid_p(0, 60, TAIL);
        near(low, 0.0);
        near(high, 1.0 - libm::pow(0.1, 1.0 / 60.0));
        let (low, high) = mid_p(60, 60, TAIL);
        near(low, libm::pow(0.1, 1.0 / 60.0));
        near(high, 1.0);
        // Against sums of the binomial's terms.
        for (count, of) in [(1_u64, 5_u64), (3, 10), (17, 60), (59, 60), (200, 400)] {
            let (low, high) = mid_p(count, of, TAIL);
            let tail = |p: f64, up: bool| {
                let mut term = libm::pow(1.0 - p, of as f64);
                let mut sum = 0.0;
                for x in 0..=of {
                    let here = if x == count { 0.5 } else { f64::from(u8::from((x > count) == up)) };
                    sum += here * term;
                    term *= (of - x) as f64 / (x + 1) as f64 * p / (1.0 - p);
                }
                sum
            };
            near(tail(low, true), TAIL);
            near(tail(high, false), TAIL);
        }
        let (low, high) = mid_p(30_000_000, 100_000_000, TAIL);
        assert!((0.3 - low - 7.54e-5).abs() < 1e-6 && (high - 0.3 - 7.54e-5).abs() < 1e-6, "{low} {high}");
    }

    /// Against the printed tables, and the normal law where values are many.
    #[test]
    fn quantiles_of_student_are_those_of_the_tables() {
        for (tail, values, table) in [
            (0.05, 2, 6.313_75),
            (0.05, 10, 1.833_11),
            (0.05, 21, 1.724_72),
            (0.025, 5, 2.776_45),
            (0.005, 31, 2.750_00),
            (0.0005, 2, 636.619),
            (0.0005, 41, 3.550_97),
        ] {
            let t = student_beyond(tail, values);
            assert!((t / table - 1.0).abs() < 1e-5, "{tail} {values}: {t} and not {table}");
        }
        assert!((student_beyond(2e-4, 10_000_000) - normal_beyond(2e-4)).abs() < 1e-4);
        near(student_beyond(0.05, 1), student_beyond(0.05, 2));
    }

    #[test]
    fn a_difference_of_shares_stays_within_one_and_is_never_certain() {
        for (gained, lost, pairs) in [(0, 0, 60), (2, 0, 2), (0, 2, 2), (1, 1, 2), (60, 0, 60), (3, 1, 400), (0, 0, 1)]
        {
            let d = paired_shares(gained, lost, pairs, TAIL);
            assert!(-1.0 <= d.low && d.low <= d.difference && d.difference <= d.high && d.high <= 1.0, "{d:?}");
            assert!(d.high - d.low > 0.001, "{d:?}");
            let other = paired_shares(lost, gained, pairs, TAIL);
            near(d.low, -other.high);
        }
        // No pair differs: the share that does is below 1 − .1^(1/60) = 3.8 %.
        near(paired_shares(0, 0, 60, TAIL).high, 1.0 - libm::pow(0.1, 1.0 / 60.0));
        // Where pairs are many, the usual interval: p₁ − p₂ ± z √((p₁ + p₂ − (p₁ − p₂)²)/n).
        let d = paired_shares(90_000, 60_000, 1_000_000, TAIL);
        let half = normal_beyond(TAIL) * libm::sqrt((0.15 - 0.0009) / 1e6);
        assert!((d.high - 0.03 - half).abs() < 2e-5 && (0.03 - d.low - half).abs() < 2e-5, "{d:?} {half}");
    }

    /// Coverage of nominal 90 % intervals by simulation, from outcomes that all pairs have to such that hardly any has.
    /// Pairs are drawn from (gained, lost, same) with the project's own draws.
    #[test]
    fn intervals_of_paired_shares_cover() {
        const TRIALS: u64 = 4000;
        // Four standard errors of a coverage of .9 over so many trials: .019.
        let slack = 4.0 * libm::sqrt(0.09 / TRIALS as f64);
        // Pairs that are expected to gain and to lose the outcome.
        let cells: [(f64, f64); 13] = [
            (0.1, 0.0),
            (0.5, 0.1),
            (1.0, 0.0),
            (3.0, 0.0),
            (4.0, 1.0),
            (5.0, 5.0),
            (7.0, 0.05),
            (10.0, 0.0),
            (20.0, 4.0),
            (25.0, 15.0),
            (40.0, 80.0),
            (200.0, 2.0),
            (400.0, 700.0),
        ];
        let mut measured = Vec::new();
        for pairs in [60_u32, 400, 2000] {
            let mut known: BTreeMap<(u32, u32), Difference> = BTreeMap::new();
            for (cell, (g, l)) in cells.into_iter().enumerate() {
                let n = f64::from(pairs);
                if g + l > 0.98 * n {
                    continue;
                }
                let key = Key::new(u64::from(pairs), cell as u64).of("coverage");
                let mut covered = 0_u64;
                for trial in 0..TRIALS {
                    let draws = key.day(trial as i32);
                    let gained = quantile::binomial(draws.uniform(0), pairs, g / n);
                    let lost = quantile::binomial(draws.uniform(1), pairs - gained, l / n / (1.0 - g / n));
                    let d = known
                        .entry((gained, lost))
                        .or_insert_with(|| paired_shares(gained.into(), lost.into(), pairs.into(), TAIL));
                    let truth = (g - l) / n;
                    covered += u64::from(d.low - 1e-12 <= truth && truth <= d.high + 1e-12);
                }
                measured.push((pairs, g, l, covered as f64 / TRIALS as f64));
            }
        }
        for &(pairs, g, l, coverage) in &measured {
            assert!(coverage >= 0.889 - slack, "{pairs} pairs, {g} gain and {l} lose: {coverage}\n{measured:?}");
            let most = if g + l >= 40.0 {
                0.92
            } else if g + l >= 10.0 {
                0.94
            } else {
                1.0
            };
            assert!(coverage <= most + slack, "{pairs} pairs, {g} gain and {l} lose: {coverage}\n{measured:?}");
        }
        let mean = measured.iter().filter(|m| m.1 + m.2 >= 40.0).map(|m| m.3).collect::<Vec<_>>();
        let mean = mean.iter().sum::<f64>() / mean.len() as f64;
        assert!((0.88..=0.92).contains(&mean), "where many differ: {mean}");
    }

    /// Student's t on either side of where a series takes the place of the search.
    #[test]
    fn student_quantiles_are_the_same_by_series_and_by_search() {
        for tail in [0.05, 0.01, 2e-4] {
            let below = student_quantile(tail, NEARLY_NORMAL - 1e-9);
            let above = student_quantile(tail, NEARLY_NORMAL);
            assert!((below - above).abs() < 3e-5, "{tail}: {below} {above}");
        }
    }

    fn powers(differences: &[f64]) -> Powers {
        let mut of = Powers { pairs: differences.len() as f64, ..Powers::default() };
        for &d in differences {
            of.differ += f64::from(u8::from(d != 0.0));
            for (sum, power) in of.sums.iter_mut().zip([d, d * d, d * d * d, d * d * d * d]) {
                *sum += power;
            }
        }
        of
    }

    #[test]
    fn the_interval_of_a_mean_leans_to_where_the_rare_ones_are_and_turns_with_the_sign() {
        let rare: Vec<f64> = (0..100).map(|k| if k < 5 { 40.0 } else { f64::from(k % 3) - 1.0 }).collect();
        let d = mean_of_differences(&powers(&rare), TAIL);
        assert!(d.low < d.difference && d.difference < d.high, "{d:?}");
        assert!(d.high - d.difference > 1.3 * (d.difference - d.low), "more may be beyond the rare ones: {d:?}");
        let turned = mean_of_differences(&powers(&rare.iter().map(|d| -d).collect::<Vec<_>>()), TAIL);
        near(turned.low, -d.high);
        near(turned.high, -d.low);
        // Where nothing is rare it is Student's.
        let even: Vec<f64> = (0..1001).map(|k| f64::from(k % 11) - 5.0).collect();
        let d = mean_of_differences(&powers(&even), TAIL);
        let error = 0.1;
        assert!((d.high - 1.645 * error).abs() < 0.01 * error && (d.low + d.high).abs() < 1e-9, "{d:?}");
        // Wider where less may lie beyond it, and nothing where nothing differs.
        let wide = mean_of_differences(&powers(&rare), 0.01);
        assert!(wide.low < d.low && wide.high > d.high);
        assert_eq!(mean_of_differences(&powers(&[0.0; 9]), TAIL), Difference { difference: 0.0, low: 0.0, high: 0.0 });
    }

    /// Differences as a change of a policy makes them: none in most pairs, some small ones, and once in a hundred a war more or a war
    /// less. The normal interval holds the mean in two thirds of samples of 60 such pairs; this one is as good as said, or wider.
    #[test]
    fn intervals_of_means_of_rare_and_heavy_differences_cover() {
        type Law = fn(&[f64; 3]) -> f64;
        let laws: [(&str, Law, [f64; 3]); 3] = [
            // Share of pairs that differ, and how heavy they are.
            ("all differ a little, skewed", |u| -libm::log(1.0 - u[0]), [0.84, 0.88, 0.88]),
            (
                "one in ten, skewed",
                |u| if u[0] < 0.1 { -30.0 * libm::log(1.0 - u[1]) } else { 0.0 },
                [0.80, 0.88, 0.88],
            ),
            (
                "small ones, and a war in a hundred",
                |u| quantile::normal(u[2]) + if u[0] < 0.01 { -200.0 * libm::log(1.0 - u[1]) } else { 0.0 },
                [0.40, 0.86, 0.88],
            ),
        ];
        let trials = 1500;
        for (of, (name, law, least)) in (0_u64..).zip(laws) {
            let many = 400_000;
            let drawn = |key: u64, k: u64| {
                let day = Key::new(of + 70, key).day(k as i32);
                law(&[day.uniform(0), day.uniform(1), day.uniform(2)].map(|u: f64| u.clamp(1e-12, 1.0 - 1e-12)))
            };
            let truth = (0..many).map(|k| drawn(999_999, k)).sum::<f64>() / many as f64;
            for (pairs, least) in [60, 400, 2_000].into_iter().zip(least) {
                let trials = if pairs > 400 { trials / 3 } else { trials };
                let (mut held, mut counted) = (0, 0);
                for trial in 0..trials {
                    let sample: Vec<f64> = (0..pairs).map(|k| drawn(trial, k)).collect();
                    let d = mean_of_differences(&powers(&sample), TAIL);
                    counted += 1;
                    held += u32::from(d.low <= truth && truth <= d.high);
                }
                let share = f64::from(held) / f64::from(counted);
                println!("{name}: {pairs} pairs, {:.1} % held", 100.0 * share);
                assert!(share >= least && share <= 0.985, "{name}: {pairs} pairs: {share}");
            }
        }
    }
}
