//! How many digits a chance is printed with: as many as it takes to tell it from those beside it, and from 0 and 1.
//!
//! The window, the command line and the report all print with this, so that they say the same.

/// Decimals beyond which two numbers are no longer told apart.
const MOST: usize = 12;

/// A share in percent; decimals only from 1,000 futures on. What is not nothing is not written as nothing, nor what is not
/// all as all.
#[must_use]
pub fn percent(share: f64, futures: u64) -> String {
    let (digits, least) = if futures >= 1000 { (1, 0.001) } else { (0, 0.01) };
    if share > 0.0 && share < least / 2.0 {
        format!("<{:.digits$} %", least * 100.0)
    } else if share < 1.0 && share > 1.0 - least / 2.0 {
        format!(">{:.digits$} %", (1.0 - least) * 100.0)
    } else {
        format!("{:.digits$} %", share * 100.0)
    }
}

/// What the number that decides counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// A chance, printed in percent.
    #[default]
    Chance,
    /// An expected number of events.
    Count,
}

impl Measure {
    /// One number in words.
    #[must_use]
    pub fn say(self, value: f64) -> String {
        let [text] = self.apart([value]);
        text
    }

    /// Numbers in words, each with as many digits as it needs, and as many more as tell it from the others. Numbers that are
    /// [`alike`] read alike.
    #[must_use]
    pub fn apart<const N: usize>(self, values: [f64; N]) -> [String; N] {
        let mut decimals = values.map(|value| self.needed(value));
        while let Some((a, b)) = self.confused(&values, &decimals) {
            decimals[a] += 1;
            decimals[b] += 1;
        }
        let mut texts = values.map(|_| String::new());
        for ((text, value), decimals) in texts.iter_mut().zip(values).zip(decimals) {
            *text = format!("{:.decimals$}{}", self.scaled(value), self.unit());
        }
        texts
    }

    fn scaled(self, value: f64) -> f64 {
        match self {
            Self::Chance => value * 100.0,
            Self::Count => value,
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Chance => " %",
            Self::Count => " events",
        }
    }

    /// Decimals for a number that stands alone: neither what is possible nor what is uncertain is rounded away.
    fn needed(self, value: f64) -> usize {
        let scaled = self.scaled(value);
        let mut decimals = match self {
            Self::Count => 1,
            Self::Chance if scaled >= 10.0 || scaled <= 0.0 => 0,
            Self::Chance if scaled >= 1.0 => 1,
            Self::Chance => 2,
        };
        let hides = |decimals: usize| {
            let read = rounded(scaled, decimals);
            scaled > 0.0 && read <= 0.0 || self == Self::Chance && scaled < 100.0 && read >= 100.0
        };
        while hides(decimals) && decimals < MOST {
            decimals += 1;
        }
        decimals
    }

    /// The first two numbers that differ and would read the same.
    fn confused(self, values: &[f64], decimals: &[usize]) -> Option<(usize, usize)> {
        let read = |i: usize| rounded(self.scaled(values[i]), decimals[i]);
        let pairs = (0..values.len()).flat_map(|a| (a + 1..values.len()).map(move |b| (a, b)));
        pairs
            .filter(|&(a, b)| decimals[a].max(decimals[b]) < MOST && !alike(values[a], values[b]))
            .find(|&(a, b)| (read(a) - read(b)).abs() < 1e-12)
    }
}

/// Whether two numbers are the same but for how a computer rounds.
#[must_use]
pub fn alike(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

/// A number as it reads when printed with so many decimals.
fn rounded(value: f64, decimals: usize) -> f64 {
    format!("{value:.decimals$}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One future of 256 is not none, and all but one are not all.
    #[test]
    fn a_share_of_futures_is_never_rounded_to_none_or_all() {
        assert_eq!(percent(0.184, 256), "18 %");
        assert_eq!(percent(0.184, 2000), "18.4 %");
        assert_eq!(percent(1.0 / 256.0, 256), "<1 %");
        assert_eq!(percent(255.0 / 256.0, 256), ">99 %");
        assert_eq!(percent(1.0 / 4096.0, 4096), "<0.1 %");
        assert_eq!((percent(0.0, 256).as_str(), percent(1.0, 4096).as_str()), ("0 %", "100.0 %"));
    }

    #[test]
    fn a_chance_has_the_digits_that_it_needs() {
        let says = [
            (0.0, "0 %"),
            (0.002, "0.20 %"),
            (0.000_026, "0.003 %"),
            (0.000_000_4, "0.00004 %"),
            (0.034, "3.4 %"),
            (0.456, "46 %"),
            (0.997, "99.7 %"),
            (1.0, "100 %"),
        ];
        for (value, text) in says {
            assert_eq!(Measure::Chance.say(value), text);
        }
        assert_eq!(Measure::Count.say(0.02), "0.02 events");
        assert_eq!(Measure::Count.say(7.26), "7.3 events");
    }

    /// 0.3 % beside 0.3 % would say that a cause makes no difference.
    #[test]
    fn numbers_that_differ_read_differently() {
        assert_eq!(Measure::Chance.apart([0.002_96, 0.002_61]), ["0.30 %", "0.26 %"]);
        assert_eq!(Measure::Chance.apart([0.002_02, 0.002_04]), ["0.202 %", "0.204 %"]);
        assert_eq!(Measure::Chance.apart([0.0997, 0.102]), ["9.97 %", "10.2 %"]);
        assert_eq!(Measure::Chance.apart([0.5, 0.5]), ["50 %", "50 %"]);
        let mut dice = 1_u64;
        for _ in 0..2_000 {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let a = (dice >> 40) as f64 / f64::from(1 << 24);
            let b = a * (1.0 + ((dice >> 20 & 1023) as f64 + 1.0) * 1e-6);
            for measure in [Measure::Chance, Measure::Count] {
                let [x, y] = measure.apart([a, b]);
                assert!(alike(a, b) || x != y, "{a} and {b} both read {x}");
                let [x, y] = [x, y].map(|text| text.split(' ').next().unwrap().parse::<f64>().unwrap());
                assert!(x <= y, "{a} and {b} read {x} and {y}");
            }
        }
    }
}
