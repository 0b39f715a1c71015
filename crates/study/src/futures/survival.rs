//! How long agreements last: Kaplan-Meier estimates with intervals that allow for several spells in one future.
//!
//! Spells of one future are not independent: under drawn parameters they share those, and where one ends, another is signed
//! into the same war. So futures fall into [`GROUPS`] groups by their number, and the variance of an estimate is that of
//! leaving out one group after the other (the delete-a-group jackknife; with no more futures than groups it leaves out one
//! future after the other), or Greenwood's where that is larger. The interval is symmetric for log(−log S), as is usual, so it
//! stays within 0 and 1. Two arms of the same futures are compared by the same groups, so what moves both cancels.
//!
//! All that is kept are whole numbers, so the order in which futures come does not matter.

use super::interval::{Difference, TAIL, mid_p, squared_and_added};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Groups of futures.
pub const GROUPS: u64 = 64;

/// 95 % quantile of Student's t with `GROUPS` − 1 degrees of freedom: what a variance from so many groups takes.
const T90: f64 = 1.669_402_221_706_8;

/// Ages, in days, at which survival is shown.
pub const AGES: [i32; 3] = [30, 90, 180];

/// Spells of one group of futures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spells {
    /// Futures of the group, with and without spells.
    pub futures: u64,
    /// Of these, futures with a spell.
    pub with: u64,
    /// Spells that ended in collapse, by age in days.
    pub collapsed: BTreeMap<i32, u64>,
    /// Spells that were still in force, by the last age at which they could have collapsed.
    pub censored: BTreeMap<i32, u64>,
}

impl Spells {
    fn merge(&mut self, other: &Self) {
        self.futures += other.futures;
        self.with += other.with;
        for (into, from) in [(&mut self.collapsed, &other.collapsed), (&mut self.censored, &other.censored)] {
            for (&age, &count) in from {
                *into.entry(age).or_default() += count;
            }
        }
    }

    fn count(&self) -> u64 {
        self.collapsed.values().chain(self.censored.values()).sum()
    }
}

/// Spells of one agreement over futures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// Spells by group of futures.
    pub groups: BTreeMap<u64, Spells>,
}

/// A survival with its 90 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Survival {
    /// Share of spells that last longer than the age.
    pub p: f64,
    /// Low end.
    pub low: f64,
    /// High end.
    pub high: f64,
    /// Spells watched up to the age.
    pub at_risk: u64,
}

/// Collapses and spells at risk by age: [`Watched`] laid out for estimates.
#[derive(Clone, Default)]
struct Ages {
    /// (collapsed, left: collapsed or censored).
    by_age: Vec<(u64, u64)>,
    spells: u64,
}

/// An estimate and what its variance is made of.
struct Estimate {
    survival: f64,
    /// Greenwood's variance.
    greenwood: f64,
    /// Spells watched up to the age.
    at_risk: u64,
}

impl Ages {
    fn of(spells: &Spells) -> Self {
        let longest = spells.collapsed.keys().chain(spells.censored.keys()).max().copied().unwrap_or(-1);
        let mut by_age = vec![(0, 0); (longest + 1).max(0) as usize];
        for (&age, &count) in &spells.collapsed {
            by_age[age.max(0) as usize].0 += count;
            by_age[age.max(0) as usize].1 += count;
        }
        for (&age, &count) in &spells.censored {
            by_age[age.max(0) as usize].1 += count;
        }
        Self { by_age, spells: spells.count() }
    }

    /// All but those of one group.
    fn without(&self, group: &Spells) -> Self {
        let mut rest = self.clone();
        for (&age, &count) in &group.collapsed {
            rest.by_age[age.max(0) as usize].0 -= count;
            rest.by_age[age.max(0) as usize].1 -= count;
        }
        for (&age, &count) in &group.censored {
            rest.by_age[age.max(0) as usize].1 -= count;
        }
        rest.spells -= group.count();
        while rest.by_age.last().is_some_and(|&(_, left)| left == 0) {
            rest.by_age.pop();
        }
        rest
    }

    /// Kaplan-Meier: `S(a) = Π (1 − collapsed / at risk)` over ages up to `a`. `None` if no spell was watched that long.
    fn estimate(&self, age: i32) -> Option<Estimate> {
        let age = usize::try_from(age).ok()?;
        if self.by_age.len() <= age {
            return None;
        }
        let (mut at_risk, mut survival, mut sum, mut reached) = (self.spells, 1.0, 0.0, self.spells);
        for &(collapsed, left) in &self.by_age[..=age] {
            reached = at_risk;
            if collapsed > 0 {
                let (d, y) = (collapsed as f64, at_risk as f64);
                survival *= 1.0 - d / y;
                sum += if collapsed < at_risk { d / (y * (y - d)) } else { 0.0 };
            }
            at_risk -= left;
        }
        Some(Estimate { survival, greenwood: survival * survival * sum, at_risk: reached })
    }
}

impl Watched {
    /// Adds the spells of a future: the age of each, and whether it ended in collapse at that age. An age that is censored is the
    /// last one at which a collapse could have come.
    pub fn add(&mut self, future: u64, spells: impl IntoIterator<Item = (i32, bool)>) {
        let group = self.groups.entry(future % GROUPS).or_default();
        group.futures += 1;
        let mut any = false;
        for (age, collapsed) in spells {
            any = true;
            *if collapsed { &mut group.collapsed } else { &mut group.censored }.entry(age).or_default() += 1;
        }
        group.with += u64::from(any);
    }

    /// Adds everything of another.
    pub fn merge(&mut self, other: &Self) {
        for (group, spells) in &other.groups {
            self.groups.entry(*group).or_default().merge(spells);
        }
    }

    /// Everything in one group.
    #[must_use]
    pub fn whole(&self) -> Spells {
        let mut whole = Spells::default();
        self.groups.values().for_each(|spells| whole.merge(spells));
        whole
    }

    /// Spells.
    #[must_use]
    pub fn spells(&self) -> u64 {
        self.groups.values().map(Spells::count).sum()
    }

    /// Kaplan-Meier survival of a spell past this age, in days, with its 90 % interval; `None` if no spell was watched that
    /// long.
    #[must_use]
    pub fn survival(&self, age: i32) -> Option<Survival> {
        self.estimates(age).map(|estimates| estimates.interval)
    }

    fn estimates(&self, age: i32) -> Option<Estimates> {
        let whole = self.whole();
        let ages = Ages::of(&whole);
        let all = ages.estimate(age)?;
        // A group without which nothing is left to estimate from says nothing about the variance.
        let without = |spells: &Spells| ages.without(spells).estimate(age).map_or(all.survival, |e| e.survival);
        let left_out: BTreeMap<u64, f64> = self.groups.iter().map(|(&g, spells)| (g, without(spells))).collect();
        let variance = spread(&left_out, &left_out).max(all.greenwood);
        let p = all.survival;
        let (low, high) = if p >= 1.0 {
            // No collapse: as for a share of which nothing was seen, among futures, not spells.
            (1.0 - mid_p(0, all.at_risk.min(whole.with), TAIL).1, 1.0)
        } else if p <= 0.0 {
            (0.0, mid_p(0, all.at_risk.min(whole.with).max(1), TAIL).1)
        } else {
            let log = libm::log(p);
            let half = T90 * libm::sqrt(variance) / (p * -log);
            (libm::exp(log * libm::exp(half)), libm::exp(log * libm::exp(-half)))
        };
        let interval = Survival { p, low: low.min(p), high: high.max(p), at_risk: all.at_risk };
        Some(Estimates { interval, left_out })
    }
}

struct Estimates {
    interval: Survival,
    left_out: BTreeMap<u64, f64>,
}

/// Covariance of two estimates by leaving out one group after the other: `(G − 1)/G Σ (a₋ᵍ − ā)(b₋ᵍ − b̄)`.
fn spread(a: &BTreeMap<u64, f64>, b: &BTreeMap<u64, f64>) -> f64 {
    let both: Vec<(f64, f64)> = a.iter().filter_map(|(group, a)| Some((*a, *b.get(group)?))).collect();
    let groups = both.len() as f64;
    if both.len() < 2 {
        return 0.0;
    }
    let mean = |of: fn(&(f64, f64)) -> f64| both.iter().map(of).sum::<f64>() / groups;
    let (a, b) = (mean(|pair| pair.0), mean(|pair| pair.1));
    (groups - 1.0) / groups * both.iter().map(|pair| (pair.0 - a) * (pair.1 - b)).sum::<f64>()
}

/// Spells of one agreement in the same futures with and without a change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairedSpells {
    /// Without the change.
    pub baseline: Watched,
    /// With it.
    pub changed: Watched,
    /// Futures whose spells differ.
    pub differ: u64,
}

impl PairedSpells {
    /// Adds a pair of futures.
    pub fn add(&mut self, future: u64, baseline: &[(i32, bool)], changed: &[(i32, bool)]) {
        self.baseline.add(future, baseline.iter().copied());
        self.changed.add(future, changed.iter().copied());
        self.differ += u64::from(baseline != changed);
    }

    /// Adds everything of another.
    pub fn merge(&mut self, other: &Self) {
        self.baseline.merge(&other.baseline);
        self.changed.merge(&other.changed);
        self.differ += other.differ;
    }

    /// Survival without and with the change, and the difference with its 90 % interval; `None` if in one arm no spell was
    /// watched that long.
    ///
    /// The spells of the two arms need not be the same ones: a change that brings more signings brings other agreements.
    #[must_use]
    pub fn survival(&self, age: i32) -> Option<(Survival, Survival, Difference)> {
        let (baseline, changed) = (self.baseline.estimates(age)?, self.changed.estimates(age)?);
        let (b, c) = (baseline.interval, changed.interval);
        if self.differ == 0 {
            let unseen = mid_p(0, self.baseline.whole().with, TAIL).1;
            return Some((b, c, Difference { difference: 0.0, low: -unseen, high: unseen }));
        }
        let spreads =
            libm::sqrt(spread(&baseline.left_out, &baseline.left_out) * spread(&changed.left_out, &changed.left_out));
        let together = spread(&baseline.left_out, &changed.left_out);
        let correlation = if spreads > 0.0 { (together / spreads).clamp(-1.0, 1.0) } else { 0.0 };
        let difference = squared_and_added((c.p, c.low, c.high), (b.p, b.low, b.high), correlation);
        Some((b, c, difference))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::chance::Key;

    #[test]
    fn survival_counts_those_still_watched() {
        let mut w = Watched::default();
        for (future, spell) in [(10, true), (20, false), (30, true), (40, false)].into_iter().enumerate() {
            w.add(future as u64, [spell]);
        }
        let at = |age| w.survival(age).map(|s| (s.p, s.at_risk));
        assert_eq!(at(5), Some((1.0, 4)));
        assert_eq!(at(10), Some((0.75, 4)));
        assert_eq!(at(30), Some((0.375, 2)), "one of the two left at risk");
        assert_eq!(at(40), Some((0.375, 1)));
        assert_eq!(at(41), None);
        assert_eq!(Watched::default().survival(0), None);
    }

    #[test]
    fn intervals_stay_within_a_share_and_are_never_certain() {
        let of = |spells: &[(i32, bool)]| {
            let mut w = Watched::default();
            spells.iter().enumerate().for_each(|(future, spell)| w.add(future as u64, [*spell]));
            w.survival(30).unwrap()
        };
        for spells in [&[(40, false)][..], &[(40, false); 20], &[(10, true), (40, false)], &[(30, true); 5]] {
            let s = of(spells);
            assert!(0.0 <= s.low && s.low <= s.p && s.p <= s.high && s.high <= 1.0, "{s:?}");
            assert!(s.high - s.low > 0.05, "{s:?}");
        }
        let (few, many) = (of(&[(40, false)]), of(&[(40, false); 200]));
        assert!(few.low < 0.15 && many.low > 0.98, "{few:?} {many:?}");
    }

    #[test]
    fn one_future_after_another_or_all_at_once_is_the_same() {
        let spells = |future: u64| (0..future % 3).map(move |k| ((future * 7 + k) as i32 % 50, k == 0));
        let (mut whole, mut a, mut b) = (Watched::default(), Watched::default(), Watched::default());
        for future in 0..300 {
            whole.add(future, spells(future));
            if future % 2 == 0 { &mut a } else { &mut b }.add(future, spells(future));
        }
        b.merge(&a);
        assert_eq!(whole, b);
        assert_eq!(whole.spells(), 300);
        assert_eq!(whole.whole().futures, 300);
        assert_eq!(whole.whole().with, 200);
    }

    /// Spells of futures that each have their own hazard, so that those of one future go together; of the change, that it
    /// lowers the hazard. Nominal 90 % intervals of survival and of its paired difference cover the truth.
    #[test]
    fn intervals_of_survival_cover() {
        const TRIALS: u64 = 4000;
        const AGE: i32 = 90;
        // Daily hazard of a future: one of two, with even chances.
        let hazards = [[0.0015, 0.012], [0.001, 0.008]];
        let survival = |arm: usize| hazards[arm].iter().map(|h| libm::pow(1.0 - h, f64::from(AGE))).sum::<f64>() / 2.0;
        let truth = [survival(0), survival(1)];
        // Age at collapse, or none before the end of watching.
        let spell = |u: f64, hazard: f64, end: i32| {
            let age = (libm::log(u) / libm::log1p(-hazard)).ceil().max(1.0);
            if age <= f64::from(end) { (age as i32, true) } else { (end, false) }
        };
        for (futures, trials) in [(60_u64, TRIALS), (400, TRIALS / 2), (2_000, TRIALS / 4)] {
            let mut covered = [0_u64; 3];
            for trial in 0..trials {
                let mut paired = PairedSpells::default();
                for future in 0..futures {
                    let draws = Key::new(11, trial * 10_000 + future).of("survival").timeless();
                    let which = usize::from(draws.uniform(0) < 0.5);
                    let both = [0, 1].map(|arm: usize| {
                        let one =
                            |k: u32| spell(draws.uniform(2 * k + 1), hazards[arm][which], 60 + (k as i32) * 40 + 30);
                        [one(0), one(1)]
                    });
                    paired.add(future, &both[0], &both[1]);
                }
                let (b, c, d) = paired.survival(AGE).unwrap();
                let inside = [
                    b.low <= truth[0] && truth[0] <= b.high,
                    c.low <= truth[1] && truth[1] <= c.high,
                    d.low <= truth[1] - truth[0] && truth[1] - truth[0] <= d.high,
                ];
                covered.iter_mut().zip(inside).for_each(|(sum, inside)| *sum += u64::from(inside));
            }
            // Four standard errors over so many trials.
            let slack = 4.0 * libm::sqrt(0.09 / trials as f64);
            for count in covered {
                let coverage = count as f64 / trials as f64;
                assert!((0.88 - slack..=0.93 + slack).contains(&coverage), "{futures} futures: {coverage}");
            }
        }
    }
}
