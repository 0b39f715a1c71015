//! Simple rules that a forecast has to beat: all from the same past weeks, all with the same number of draws.
//!
//! A draw is a pure function of (seed, rule, series, origin, horizon, member).

use super::ingarch::Ingarch;
use super::law::{Counts, log_probability};
use detente_model::chance::{DayKey, Key};
use serde::Serialize;

/// Fewest weeks counted before an origin from which the rules can be fitted.
pub const FEWEST_WEEKS: usize = 8;

/// Weeks of the recent window.
const RECENT: usize = 8;
/// Weeks of a year.
const YEAR: usize = 52;
/// Fewest pairs of weeks from which a spread is fitted.
const FEWEST_PAIRS: usize = 4;
/// The last value counts as no less than this: a law with the mean 0 would say that nothing can happen.
const LEAST_MEAN: f64 = 0.5;

/// A rule that forecasts a series from its own past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Negative binomial around the last week counted, its size fitted to how past weeks followed on those as far before them.
    LastValue,
    /// Any of all past weeks, each as likely.
    Climatology,
    /// Any of the last 52 weeks, each as likely (Hegre, Vesco and Colaresi 2022; the benchmark of VIEWS).
    Conflictology,
    /// Negative binomial with the mean and the variance of the last 8 weeks.
    NbRecent,
    /// Self-exciting counts: [`Ingarch`].
    NbIngarch,
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::LastValue, Self::Climatology, Self::Conflictology, Self::NbRecent, Self::NbIngarch];

    /// Name in results and key of its draws.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LastValue => "last_value",
            Self::Climatology => "climatology",
            Self::Conflictology => "conflictology",
            Self::NbRecent => "nb_recent",
            Self::NbIngarch => "nb_ingarch",
        }
    }

    /// The rule in words, as in "better than …".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::LastValue => "last week's value",
            Self::Climatology => "all past weeks",
            Self::Conflictology => "the last 52 weeks",
            Self::NbRecent => "the last 8 weeks",
            Self::NbIngarch => "self-exciting counts (INGARCH)",
        }
    }
}

/// Where draws come from.
#[derive(Clone, Copy, Debug)]
pub struct Luck<'a> {
    /// Seed of the score.
    pub seed: u64,
    /// Id of the series.
    pub series: &'a str,
    /// Day of the origin, in days since 1 January 1970.
    pub origin: i32,
    /// Weeks ahead.
    pub horizon: u32,
}

impl Luck<'_> {
    /// The draws of one member of what has this name.
    #[must_use]
    pub fn draws(&self, name: &str, member: u64) -> DayKey {
        let key = Key::new(self.seed, member).of("score").of(name).of(self.series);
        key.of_hash(u64::from(self.horizon)).day(self.origin)
    }
}

/// Rules fitted to the weeks before an origin, oldest first; `None` stands for a week that was not counted.
#[derive(Clone, Debug)]
pub struct Fitted {
    weeks: Vec<Option<f64>>,
    counted: Vec<f64>,
    ingarch: Ingarch,
    /// Mean of the next week by it.
    start: f64,
}

impl Fitted {
    /// Fits what does not depend on the horizon. `None` where fewer than [`FEWEST_WEEKS`] weeks were counted.
    #[must_use]
    pub fn new(weeks: &[Option<f64>]) -> Option<Self> {
        let counted: Vec<f64> = weeks.iter().flatten().copied().collect();
        (counted.len() >= FEWEST_WEEKS).then(|| {
            // What was before the first week counted was not watched.
            let first = weeks.iter().position(Option::is_some).unwrap_or(0);
            let weeks = weeks[first..].to_vec();
            let ingarch = Ingarch::fit(&weeks);
            Self { start: ingarch.start(&weeks), weeks, counted, ingarch }
        })
    }

    /// `members` draws of the week `luck.horizon` weeks after the last one.
    #[must_use]
    pub fn members(&self, rule: Rule, luck: &Luck<'_>, members: u64) -> Vec<f64> {
        let draws = (0..members).map(|member| luck.draws(rule.name(), member));
        let of_law = |law: Counts| draws.clone().map(|key| law.quantile(key.uniform(0))).collect();
        let any_of = |past: &[f64]| {
            let at = |key: DayKey| (key.uniform(0) * past.len() as f64) as usize;
            draws.clone().map(|key| past[at(key).min(past.len() - 1)]).collect()
        };
        match rule {
            Rule::LastValue => of_law(self.last_value(luck.horizon)),
            Rule::Climatology => any_of(&self.counted),
            Rule::Conflictology => any_of(self.window(YEAR)),
            Rule::NbRecent => of_law(self.recent()),
            Rule::NbIngarch => draws.map(|key| self.ingarch.path(self.start, luck.horizon, key)).collect(),
        }
    }

    /// Counts of the last `weeks` weeks; where fewer than half of these were counted, the last counted ones, so many as a half.
    fn window(&self, weeks: usize) -> &[f64] {
        let from = self.weeks.len().saturating_sub(weeks);
        let there = self.weeks[from..].iter().flatten().count();
        let take = there.max(weeks / 2).min(self.counted.len());
        &self.counted[self.counted.len() - take..]
    }

    /// The law of [`Rule::NbRecent`].
    fn recent(&self) -> Counts {
        let recent = self.window(RECENT);
        let n = recent.len() as f64;
        let mean = recent.iter().sum::<f64>() / n;
        let variance = recent.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0).max(1.0);
        Counts::of_moments(mean, variance)
    }

    /// The law of [`Rule::LastValue`]. Where no four pairs lie so far apart, those of the largest distance that has four.
    fn last_value(&self, horizon: u32) -> Counts {
        let pairs = |lag: usize| -> Vec<(f64, f64)> {
            self.weeks.iter().zip(self.weeks.iter().skip(lag)).filter_map(|(a, b)| Some(((*a)?, (*b)?))).collect()
        };
        let lags = (1..=horizon as usize).rev();
        let pairs = lags.map(pairs).find(|pairs| pairs.len() >= FEWEST_PAIRS).unwrap_or_default();
        let last = self.counted.last().copied().unwrap_or(0.0);
        Counts::negative_binomial(last.max(LEAST_MEAN), spread(&pairs))
    }
}

/// The size r of the largest likelihood for what followed on what, each with the mean of what was before.
fn spread(pairs: &[(f64, f64)]) -> f64 {
    /// Sizes tried first, by their logarithm: from 0.05 to 10,000.
    const GRID: (f64, f64, u32) = (-3.0, 9.2, 24);
    let loss = |log_size: f64| {
        let size = libm::exp(log_size);
        -pairs.iter().map(|&(before, after)| log_probability(before.max(LEAST_MEAN), size, after)).sum::<f64>()
    };
    let (low, high, steps) = GRID;
    let width = (high - low) / f64::from(steps);
    let mut best = (loss(0.0), 0.0);
    for i in 0..=steps {
        let at = low + width * f64::from(i);
        let here = loss(at);
        if here < best.0 {
            best = (here, at);
        }
    }
    let (mut a, mut b) = ((best.1 - width).max(low), (best.1 + width).min(high));
    for _ in 0..40 {
        let third = (b - a) / 3.0;
        if loss(a + third) <= loss(b - third) { b -= third } else { a += third }
    }
    libm::exp(f64::midpoint(a, b))
}

#[cfg(test)]
mod tests {
    use super::super::rules::{Ensemble, crps_fair};
    use super::*;

    const LUCK: Luck<'static> = Luck { seed: 1, series: "made.up", origin: 19_700, horizon: 1 };

    fn weeks(of: impl Fn(usize) -> f64, n: usize) -> Vec<Option<f64>> {
        (0..n).map(|i| Some(of(i))).collect()
    }

    fn mean(members: &[f64]) -> f64 {
        members.iter().sum::<f64>() / members.len() as f64
    }

    #[test]
    fn every_rule_makes_the_same_number_of_draws_and_each_its_own() {
        let fitted = Fitted::new(&weeks(|i| (i * i % 17) as f64, 30)).unwrap();
        let all: Vec<Vec<f64>> = Rule::ALL.iter().map(|&rule| fitted.members(rule, &LUCK, 500)).collect();
        for (i, members) in all.iter().enumerate() {
            assert_eq!(members.len(), 500);
            assert!(members.iter().all(|x| x.is_finite() && *x >= 0.0));
            assert!(all[..i].iter().all(|other| other != members), "{:?}", Rule::ALL[i]);
            assert_eq!(*members, fitted.members(Rule::ALL[i], &LUCK, 500), "the same again");
            let few = fitted.members(Rule::ALL[i], &LUCK, 100);
            assert_eq!(members[..100], few, "a member does not depend on how many there are");
        }
        for other in [
            Luck { seed: 2, ..LUCK },
            Luck { series: "another", ..LUCK },
            Luck { origin: 19_714, ..LUCK },
            Luck { horizon: 4, ..LUCK },
        ] {
            for rule in Rule::ALL {
                assert_ne!(fitted.members(rule, &LUCK, 500), fitted.members(rule, &other, 500), "{rule:?} {other:?}");
            }
        }
    }

    #[test]
    fn windows_are_as_long_as_they_say() {
        // 60 weeks of 1, then 44 of 5, then 8 of 20.
        let level = |i: usize| {
            if i < 60 {
                1.0
            } else if i < 104 {
                5.0
            } else {
                20.0
            }
        };
        let fitted = Fitted::new(&weeks(level, 112)).unwrap();
        let of = |rule| fitted.members(rule, &LUCK, 4000);
        assert!((mean(&of(Rule::NbRecent)) - 20.0).abs() < 0.4);
        assert!(of(Rule::Conflictology).iter().all(|&x| x > 4.0), "nothing of before 52 weeks");
        let old = of(Rule::Climatology).iter().filter(|&&x| x < 2.0).count() as f64 / 4000.0;
        assert!((old - 60.0 / 112.0).abs() < 0.04, "{old}");
    }

    #[test]
    fn the_last_value_is_followed_with_the_spread_of_the_past() {
        let calm = Fitted::new(&weeks(|i| 100.0 + (i % 3) as f64, 40)).unwrap();
        let wild = Fitted::new(&weeks(|i| if i % 2 == 0 { 100.0 } else { 20.0 }, 41)).unwrap();
        let width = |fitted: &Fitted, horizon| {
            let members = fitted.members(Rule::LastValue, &Luck { horizon, ..LUCK }, 2000);
            let (low, high) = Ensemble::new(members).unwrap().central(0.9);
            high - low
        };
        assert!(width(&wild, 1) > 3.0 * width(&calm, 1));
        assert!(width(&wild, 1) > 3.0 * width(&wild, 2), "two weeks on it is where it was");
        let zero = Fitted::new(&weeks(|_| 0.0, 20)).unwrap();
        assert!(mean(&zero.members(Rule::LastValue, &LUCK, 2000)) < 0.8);
    }

    #[test]
    fn self_excitation_beats_all_past_weeks_where_it_made_the_counts() {
        let truth = Ingarch { omega: 4.0, alpha: 0.75, beta: 0.1, size: 8.0 };
        let mut series: Vec<Option<f64>> = Vec::new();
        let mut at = 4.0;
        for i in 0..200_u64 {
            let count = truth.path(at, 1, LUCK.draws("truth", i));
            at = truth.start(&[series.clone(), vec![Some(count)]].concat());
            series.push(Some(count));
        }
        let mut scores = [0.0; 2];
        for origin in (60..199).step_by(3) {
            let fitted = Fitted::new(&series[..origin]).unwrap();
            let luck = Luck { origin: origin as i32, ..LUCK };
            for (score, rule) in scores.iter_mut().zip([Rule::NbIngarch, Rule::Climatology]) {
                let members = Ensemble::new(fitted.members(rule, &luck, 400)).unwrap();
                *score += crps_fair(&members, series[origin].unwrap());
            }
        }
        assert!(scores[0] < 0.85 * scores[1], "{scores:?}");
    }

    #[test]
    fn gaps_are_no_zeros_and_too_few_weeks_are_no_past() {
        let mut gappy = weeks(|_| 50.0, 40);
        for week in gappy.iter_mut().skip(1).step_by(3) {
            *week = None;
        }
        let fitted = Fitted::new(&gappy).unwrap();
        for rule in Rule::ALL {
            let members = fitted.members(rule, &LUCK, 1000);
            assert!((mean(&members) - 50.0).abs() < 5.0, "{rule:?}: {}", mean(&members));
        }
        assert!(Fitted::new(&weeks(|_| 5.0, 7)).is_none());
        let mut late = vec![None; 30];
        late.extend(weeks(|_| 5.0, 8));
        assert!(Fitted::new(&late).is_some());
    }
}
