//! Words that every part of a report needs.

use crate::compare::Digits;
use detente_study::futures::effect::Difference;

/// Text as HTML shows it.
pub(super) fn esc(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A figure with so many decimals as tell steps of this size apart, two at most where they are no finer than that.
pub(super) fn in_steps(value: f64, step: f64) -> String {
    let digits = match step {
        whole if whole >= 1.0 => Digits::Whole,
        tenths if tenths >= 0.1 => Digits::Tenths,
        _ => Digits::Hundredths,
    };
    // So many that a step has no more: one of 2.5 has one more than one of 5.
    let whole = |x: f64| x > 0.5 && (x - x.round()).abs() < 1e-6;
    let decimals = (3..=9_usize).find(|&n| whole(step * libm::pow(10.0, n as f64))).unwrap_or(9);
    let fine = step < 0.009_99 && value.abs() > 0.0;
    if fine { format!("{value:.decimals$}").replace('-', "\u{2212}") } else { digits.say(value) }
}

/// Figures that are read against zero: two decimals, or as many as tell the smallest that is not zero from it; none from a hundred on.
pub(super) fn against_zero<const N: usize>(values: [f64; N]) -> [String; N] {
    let (low, high) = values
        .iter()
        .map(|value| value.abs())
        .filter(|size| *size > 0.0)
        .fold((f64::INFINITY, 0.0_f64), |(low, high), size| (low.min(size), high.max(size)));
    let step = match (low, high) {
        (low, high) if high >= 100.0 && low >= 0.5 => 1.0,
        (low, _) if low < 0.005 => libm::pow(10.0, libm::floor(libm::log10(low))),
        _ => 0.01,
    };
    values.map(|value| in_steps(value, step))
}

/// Whether an interval leaves zero out.
#[must_use]
pub fn is_detectable(d: &Difference) -> bool {
    d.low > 0.0 || d.high < 0.0
}

pub(super) fn long_date(date: jiff::civil::Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_zero_is_not_written_as_zero() {
        assert_eq!(against_zero([0.31, -0.2, 0.82]), ["0.31", "\u{2212}0.20", "0.82"]);
        assert_eq!(against_zero([12_600.4, 900.0, 24_000.0]), ["12,600", "900", "24,000"]);
        assert_eq!(against_zero([0.003, 0.000_4, 0.006]), ["0.0030", "0.0004", "0.0060"]);
        assert_eq!(against_zero([0.0, 0.0, 0.0]), ["0.00", "0.00", "0.00"]);
        assert_eq!(against_zero([60.0, 0.3, 120.0]), ["60.00", "0.30", "120.00"]);
        assert_eq!(in_steps(0.0025, 0.0025), "0.0025");
        for step in [0.000_25, 0.0005, 0.001, 0.002, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 1_000.0] {
            let words: Vec<String> = (0..5).map(|n| in_steps(f64::from(n) * step, step)).collect();
            let nothing = |text: &&String| !text.chars().any(|c| ('1'..='9').contains(&c));
            assert!(step >= 0.01 || words.windows(2).all(|pair| pair[0] != pair[1]), "{step}: {words:?}");
            assert!(step >= 0.01 || words.iter().filter(nothing).count() == 1, "{step}: {words:?}");
        }
    }
}
