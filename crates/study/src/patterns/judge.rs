//! Interval, rank and verdict of an observed value among simulated ones.

use serde::Serialize;

/// Measures are whole thousandths of a fact's unit.
pub const THOUSANDTHS: f64 = 1000.0;

/// The middle 90 % of the futures.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Band {
    /// 5 % quantile.
    pub low: f64,
    /// Median.
    pub median: f64,
    /// 95 % quantile.
    pub high: f64,
}

impl Band {
    /// Of sorted values, which must not be empty.
    #[must_use]
    pub fn of(sorted: &[i64]) -> Self {
        let at = |permille| quantile(sorted, permille) as f64 / THOUSANDTHS;
        Self { low: at(50), median: at(500), high: at(950) }
    }

    /// Width.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.high - self.low
    }
}

/// The smallest value that at least `permille` thousandths of the sorted values do not exceed; 0 of none.
#[must_use]
pub fn quantile(sorted: &[i64], permille: usize) -> i64 {
    let needed = (sorted.len() * permille).div_ceil(1000).max(1);
    sorted.get(needed - 1).copied().unwrap_or_default()
}

/// Share of the sorted values below `value`, counting half of those equal to it: the rank of an observed value.
#[must_use]
pub fn rank(value: i64, sorted: &[i64]) -> f64 {
    let below = sorted.partition_point(|&v| v < value);
    let up_to = sorted.partition_point(|&v| v <= value);
    if sorted.is_empty() { 0.5 } else { (below + up_to) as f64 / (2 * sorted.len()) as f64 }
}

/// How an observed value stands to the futures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// The value.
    pub value: f64,
    /// Its rank.
    pub rank: f64,
    /// Whether the band holds it.
    pub inside: bool,
    /// Share of futures with exactly this value.
    pub same: f64,
    /// The band.
    pub band: Band,
    /// Difference that a reader would care about.
    pub scale: f64,
}

impl Standing {
    /// Of an observed value, in thousandths, among sorted futures.
    #[must_use]
    pub fn of(value: i64, sorted: &[i64], band: Band, scale: f64) -> Self {
        let same = sorted.partition_point(|&v| v <= value) - sorted.partition_point(|&v| v < value);
        let inside = quantile(sorted, 50) <= value && value <= quantile(sorted, 950);
        Self {
            value: value as f64 / THOUSANDTHS,
            rank: rank(value, sorted),
            inside,
            same: same as f64 / sorted.len().max(1) as f64,
            band,
            scale,
        }
    }
}

/// Widths up to this many scales are called loose, wider ones say little.
const LOOSE: f64 = 3.0;

/// A rank this near to 0 or 1 is called near the edge.
const EDGE: f64 = 0.1;

/// The verdict in words.
#[must_use]
pub fn verdict(s: &Standing, unit: &str) -> String {
    let widths = s.band.width() / s.scale;
    if !s.inside {
        let high = s.band.median > s.value;
        let direction = if high { "too high" } else { "too low" };
        let (more, less) = if high { (s.band.median, s.value) } else { (s.value, s.band.median) };
        // A factor says something only between numbers clearly above zero.
        return if less > 0.0 && more / less < 100.0 {
            format!("outside: {direction} by a factor {:.1}", more / less)
        } else {
            format!("outside: {direction}, typically {} {unit}", number(s.band.median))
        };
    }
    let mut words = if widths <= 1.0 {
        "inside an interval narrow enough to have failed".to_owned()
    } else if widths <= LOOSE {
        "inside, but the interval is loose".to_owned()
    } else {
        "inside, but the interval is so wide that this says little".to_owned()
    };
    if widths > 1.0 {
        words += &format!(" ({widths:.1} times the scale of {} {unit})", number(s.scale));
    }
    // Where a single number holds most of the futures, its chance says more than a rank.
    if s.same >= 0.2 {
        words += &format!("; the model gives exactly this a chance of {:.0} %", 100.0 * s.same);
    } else if s.rank < EDGE {
        words += "; near the edge: the model tends higher";
    } else if s.rank > 1.0 - EDGE {
        words += "; near the edge: the model tends lower";
    }
    words
}

/// A number with three significant digits at most, and no more decimals than the measures have.
#[must_use]
pub fn number(value: f64) -> String {
    let size = value.abs();
    let places = if size >= 100.0 {
        0
    } else if size >= 10.0 {
        1
    } else {
        2
    };
    let text = format!("{value:.places$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quantiles_are_order_statistics() {
        let values: Vec<i64> = (1..=100).collect();
        assert_eq!([50, 500, 950].map(|q| quantile(&values, q)), [5, 50, 95]);
        assert_eq!(quantile(&[7], 50), 7);
        assert_eq!(quantile(&[], 500), 0);
    }

    #[test]
    fn ranks_count_ties_half() {
        assert!((rank(3, &[1, 2, 3, 4, 5]) - 0.5).abs() < 1e-12);
        assert!((rank(0, &[0, 0, 0, 1]) - 0.375).abs() < 1e-12);
        assert!(rank(-1, &[0, 1]).abs() < 1e-12);
        assert!((rank(9, &[0, 1]) - 1.0).abs() < 1e-12);
    }

    fn standing(value: f64, futures: &[f64], scale: f64) -> Standing {
        let mut sorted: Vec<i64> = futures.iter().map(|v| (v * THOUSANDTHS) as i64).collect();
        sorted.sort_unstable();
        Standing::of((value * THOUSANDTHS) as i64, &sorted, Band::of(&sorted), scale)
    }

    #[test]
    fn verdicts_say_wide_outside_and_how_likely() {
        let even: Vec<f64> = (1..=100).map(f64::from).collect();
        let say = |value, scale| verdict(&standing(value, &even, scale), "days");
        assert_eq!(say(50.0, 90.0), "inside an interval narrow enough to have failed");
        assert!(say(50.0, 45.0).starts_with("inside, but the interval is loose (2.0 times the scale of 45 days)"));
        assert!(say(50.0, 9.0).starts_with("inside, but the interval is so wide that this says little"));
        assert!(say(6.0, 90.0).ends_with("the model tends higher"));
        assert!(say(94.0, 90.0).ends_with("the model tends lower"));
        assert_eq!(say(2.0, 90.0), "outside: too high by a factor 25.0");
        assert_eq!(say(100.0, 90.0), "outside: too low by a factor 2.0");
        assert_eq!(say(0.0, 90.0), "outside: too high, typically 50 days");
        let mostly_none = [0.0, 0.0, 0.0, 0.0, 1.0];
        let words = verdict(&standing(0.0, &mostly_none, 1.0), "salvos");
        assert!(words.ends_with("the model gives exactly this a chance of 80 %"), "{words}");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([0.092, 8.6, 37.4, 2295.0, 0.0].map(number), ["0.09", "8.6", "37.4", "2295", "0"]);
    }

    proptest! {
        #[test]
        fn a_rank_is_a_share_and_rises_with_the_value(mut v in prop::collection::vec(-50_i64..50, 1..200), a in -60_i64..60) {
            v.sort_unstable();
            let r = rank(a, &v);
            prop_assert!((0.0..=1.0).contains(&r));
            prop_assert!(rank(a + 1, &v) >= r);
            // The interval holds at least 90 % of its own futures.
            let (low, high) = (quantile(&v, 50), quantile(&v, 950));
            let held = v.iter().filter(|x| (low..=high).contains(x)).count();
            prop_assert!(10 * held >= 9 * v.len());
        }
    }
}
