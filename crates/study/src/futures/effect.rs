//! Paired effects: the same futures with and without a change, on the same random numbers.

use super::accumulate::Summary;
use super::ensemble::{Plan, Progress, Worker, run_all};
pub use super::interval::Difference;
use super::interval::{Powers, TAIL, mean_of_differences, paired_shares};
use super::survival::PairedSpells;
use detente_model::record::outcome::Headline;
use detente_model::sim::rules::Rules;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Sums of paired differences: whole numbers, so their order does not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paired {
    /// Pairs.
    pub n: u64,
    /// Sum without the change.
    pub baseline: i128,
    /// Sum with it.
    pub changed: i128,
    /// Sum of squared differences.
    pub squares: i128,
    /// Sum of cubed differences.
    pub cubes: i128,
    /// Sum of the fourth powers of differences.
    pub fourths: i128,
    /// Pairs that differ.
    pub differ: u64,
}

impl Paired {
    /// Adds a pair.
    pub fn add(&mut self, baseline: u64, changed: u64) {
        let (b, c) = (i128::from(baseline), i128::from(changed));
        self.n += 1;
        self.baseline += b;
        self.changed += c;
        let d = c - b;
        self.squares += d * d;
        self.cubes += d * d * d;
        self.fourths += d * d * d * d;
        self.differ += u64::from(b != c);
    }

    /// Adds the pairs of another.
    pub(super) fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.baseline += other.baseline;
        self.changed += other.changed;
        self.squares += other.squares;
        self.cubes += other.cubes;
        self.fourths += other.fourths;
        self.differ += other.differ;
    }

    /// Mean without the change.
    #[must_use]
    pub fn baseline_mean(&self) -> f64 {
        if self.n == 0 { 0.0 } else { self.baseline as f64 / self.n as f64 }
    }

    /// Mean with the change.
    #[must_use]
    pub fn changed_mean(&self) -> f64 {
        if self.n == 0 { 0.0 } else { self.changed as f64 / self.n as f64 }
    }

    /// Mean paired difference of counts with its 90 % interval. Exactly zero, with no width, when no pair differs: how far
    /// counts could differ in pairs not seen, nobody knows.
    #[must_use]
    pub fn difference(&self) -> Difference {
        self.difference_beyond(TAIL)
    }

    /// The difference of two shares, of pairs that were added as 0 or 1, with its 90 % interval (see
    /// [`super::interval`]): within ±1, and with a width where no pair differs, too.
    #[must_use]
    pub fn difference_of_shares(&self) -> Difference {
        self.difference_of_shares_beyond(TAIL)
    }

    /// [`Self::difference_of_shares`] with a chance of `tail` beyond either end.
    #[must_use]
    pub fn difference_of_shares_beyond(&self, tail: f64) -> Difference {
        let more = self.changed - self.baseline;
        let differ = i128::from(self.differ);
        let half = |sum: i128| u64::try_from(sum / 2).unwrap_or(0);
        paired_shares(half(differ + more), half(differ - more), self.n, tail)
    }

    /// [`Self::difference`] with a chance of `tail` beyond either end.
    #[must_use]
    pub fn difference_beyond(&self, tail: f64) -> Difference {
        let sum = self.changed - self.baseline;
        let sums = [sum, self.squares, self.cubes, self.fourths].map(|sum| sum as f64);
        mean_of_differences(&Powers { pairs: self.n as f64, differ: self.differ as f64, sums }, tail)
    }

    /// The mean difference with so many standard errors to either side.
    #[must_use]
    pub fn difference_within(&self, errors: f64) -> Difference {
        if self.n == 0 || self.differ == 0 {
            return Difference { difference: 0.0, low: 0.0, high: 0.0 };
        }
        let n = self.n as f64;
        let mean = (self.changed - self.baseline) as f64 / n;
        let variance = (self.squares as f64 / n - mean * mean).max(0.0) * n / (n - 1.0).max(1.0);
        // A handful of differing pairs says little: the variance is never taken below that of one more such pair.
        let least = self.squares as f64 / self.differ as f64 / n;
        let half = errors * libm::sqrt(variance.max(least) / n);
        Difference { difference: mean, low: mean - half, high: mean + half }
    }
}

/// Paired statistics of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Pairs.
    pub runs: u64,
    /// By headline class.
    pub headlines: [Paired; 5],
    /// Events by stream.
    pub events: Vec<Paired>,
    /// Deaths of routine fire, by stream.
    pub deaths: Vec<Paired>,
    /// Killed by territory.
    pub killed: Vec<Paired>,
    /// Killed in all territories.
    pub killed_in_all: Paired,
    /// Signed at all, by table.
    pub signed: Vec<Paired>,
    /// In force at the end, by table.
    pub in_force: Vec<Paired>,
    /// How long agreements lasted, by table.
    pub spells: Vec<PairedSpells>,
    /// Blows.
    pub blows: Paired,
    /// Strikes and salvos, by ledger.
    pub answers: Vec<Paired>,
    /// Their size, hundredths of a blow, by ledger.
    pub sizes: Vec<Paired>,
    /// Answers owed that were settled through mediators, by ledger.
    pub settled: Vec<Paired>,
    /// Parts that fell from a collective deal in force.
    pub parts_fallen: Paired,
    /// Votes of the United States in councils: against, and not against.
    pub us_votes: [Paired; 2],
    /// Armed groups taken into armies at the end, thousandths, by integration.
    pub integrated: Vec<Paired>,
    /// Day of the first signing, by table; the number of days where there was none.
    pub first_signed: Vec<Paired>,
    /// What stands at the end, in the order of [`super::accumulate::AtEnd::all`].
    pub at_end: [Paired; 3],
    /// Leave that hosts of bases gave while Iran and Israel struck deep or worse, thousandths, of pairs in which they did so both times.
    pub permission: Paired,
}

impl Effect {
    /// Empty statistics for these rules.
    #[must_use]
    pub fn new(rules: &Rules) -> Self {
        Self {
            events: vec![Paired::default(); rules.streams.len()],
            deaths: vec![Paired::default(); rules.streams.len()],
            killed: vec![Paired::default(); rules.territories.len()],
            signed: vec![Paired::default(); rules.tables.len()],
            in_force: vec![Paired::default(); rules.tables.len()],
            spells: vec![PairedSpells::default(); rules.tables.len()],
            answers: vec![Paired::default(); rules.ledgers.len()],
            sizes: vec![Paired::default(); rules.ledgers.len()],
            settled: vec![Paired::default(); rules.ledgers.len()],
            integrated: vec![Paired::default(); rules.integrations.len()],
            first_signed: vec![Paired::default(); rules.tables.len()],
            ..Self::default()
        }
    }

    /// Adds a pair of futures.
    pub fn add(&mut self, baseline: &Summary, changed: &Summary) {
        self.runs += 1;
        for (class, paired) in Headline::ALL.iter().zip(&mut self.headlines) {
            let is = |s: &Summary| u64::from(s.outcome.headline == *class);
            paired.add(is(baseline), is(changed));
        }
        let streams = baseline.streams.iter().zip(&changed.streams);
        for ((events, deaths), (b, c)) in self.events.iter_mut().zip(&mut self.deaths).zip(streams) {
            events.add(b.0, c.0);
            deaths.add(b.1, c.1);
        }
        for ((paired, b), c) in self.killed.iter_mut().zip(&baseline.killed).zip(&changed.killed) {
            paired.add(u64::from(*b), u64::from(*c));
        }
        self.killed_in_all.add(baseline.killed_in_all(), changed.killed_in_all());
        for (table, paired) in self.in_force.iter_mut().enumerate() {
            paired.add(u64::from(baseline.in_force_at_end(table)), u64::from(changed.in_force_at_end(table)));
        }
        for (table, paired) in self.first_signed.iter_mut().enumerate() {
            let day = |s: &Summary| s.first_signed(table).map_or(u64::from(s.days), |day| day.max(0) as u64);
            paired.add(day(baseline), day(changed));
        }
        for ((paired, b), c) in self.at_end.iter_mut().zip(baseline.at_end.all()).zip(changed.at_end.all()) {
            paired.add(u64::from(b), u64::from(c));
        }
        for (table, paired) in self.signed.iter_mut().enumerate() {
            let signed = |s: &Summary| u64::from(s.first_signed(table).is_some());
            paired.add(signed(baseline), signed(changed));
        }
        for (table, paired) in self.spells.iter_mut().enumerate() {
            paired.add(baseline.future, &baseline.spells_of(table), &changed.spells_of(table));
        }
        self.blows.add(u64::from(baseline.blows), u64::from(changed.blows));
        let answers = |s: &Summary, l: usize| u64::from(s.salvos[l].0) + u64::from(s.air_strikes[l]);
        for (l, (answers_of, sizes)) in self.answers.iter_mut().zip(&mut self.sizes).enumerate() {
            answers_of.add(answers(baseline, l), answers(changed, l));
            sizes.add(baseline.sizes[l], changed.sizes[l]);
        }
        for ((paired, b), c) in self.settled.iter_mut().zip(&baseline.settled).zip(&changed.settled) {
            paired.add(u64::from(*b), u64::from(*c));
        }
        self.parts_fallen.add(u64::from(baseline.parts_fallen), u64::from(changed.parts_fallen));
        let votes = |s: &Summary| [s.us_votes[0], s.us_votes[1] + s.us_votes[2]];
        for ((paired, b), c) in self.us_votes.iter_mut().zip(votes(baseline)).zip(votes(changed)) {
            paired.add(u64::from(b), u64::from(c));
        }
        if let (Some(b), Some(c)) = (baseline.permission, changed.permission) {
            self.permission.add(u64::from(b), u64::from(c));
        }
        for ((paired, b), c) in self.integrated.iter_mut().zip(&baseline.integrated).zip(&changed.integrated) {
            paired.add(u64::from(*b), u64::from(*c));
        }
    }

    /// Adds everything of another.
    pub fn merge(&mut self, other: &Self) {
        self.runs += other.runs;
        self.headlines.iter_mut().zip(&other.headlines).for_each(|(a, b)| a.merge(b));
        self.events.iter_mut().zip(&other.events).for_each(|(a, b)| a.merge(b));
        self.deaths.iter_mut().zip(&other.deaths).for_each(|(a, b)| a.merge(b));
        self.killed.iter_mut().zip(&other.killed).for_each(|(a, b)| a.merge(b));
        self.killed_in_all.merge(&other.killed_in_all);
        self.signed.iter_mut().zip(&other.signed).for_each(|(a, b)| a.merge(b));
        self.in_force.iter_mut().zip(&other.in_force).for_each(|(a, b)| a.merge(b));
        self.spells.iter_mut().zip(&other.spells).for_each(|(a, b)| a.merge(b));
        self.blows.merge(&other.blows);
        self.answers.iter_mut().zip(&other.answers).for_each(|(a, b)| a.merge(b));
        self.sizes.iter_mut().zip(&other.sizes).for_each(|(a, b)| a.merge(b));
        self.settled.iter_mut().zip(&other.settled).for_each(|(a, b)| a.merge(b));
        self.parts_fallen.merge(&other.parts_fallen);
        self.us_votes.iter_mut().zip(&other.us_votes).for_each(|(a, b)| a.merge(b));
        self.integrated.iter_mut().zip(&other.integrated).for_each(|(a, b)| a.merge(b));
        self.first_signed.iter_mut().zip(&other.first_signed).for_each(|(a, b)| a.merge(b));
        self.at_end.iter_mut().zip(&other.at_end).for_each(|(a, b)| a.merge(b));
        self.permission.merge(&other.permission);
    }
}

/// Pairs that are run before what they show is added up, so that much is there when a run is stopped.
pub const SLICE: u64 = 1024;

/// Runs futures, each with and without a change; `None` if stopped.
pub fn pairs(
    rules: &Rules,
    baseline: &Plan,
    changed: &Plan,
    futures: Range<u64>,
    jobs: usize,
    progress: &Progress,
) -> Option<Effect> {
    let workers = || (Worker::new(rules, baseline), Worker::new(rules, changed));
    let new = || Effect::new(rules);
    let parts = run_all(futures, jobs, progress, workers, new, |(without, with), effect, future| {
        effect.add(&without.run(future), &with.run(future));
    })?;
    let mut whole = new();
    for part in &parts {
        whole.merge(part);
    }
    Some(whole)
}

/// Runs `runs` futures, each with and without a change: the first so many of them if stopped.
pub fn effect(rules: &Rules, baseline: &Plan, changed: &Plan, runs: u64, jobs: usize, progress: &Progress) -> Effect {
    let mut whole = Effect::new(rules);
    for from in (0..runs).step_by(SLICE as usize) {
        let slice = from..runs.min(from + SLICE);
        let Some(part) = pairs(rules, baseline, changed, slice, jobs, progress) else { break };
        whole.merge(&part);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_that_never_differ_show_exactly_zero() {
        let mut p = Paired::default();
        for value in [3, 9, 0] {
            p.add(value, value);
        }
        assert_eq!(p.difference(), Difference { difference: 0.0, low: 0.0, high: 0.0 });
    }

    #[test]
    fn a_share_that_never_differs_has_an_interval_all_the_same() {
        let mut p = Paired::default();
        (0..60).for_each(|i| p.add(i % 2, i % 2));
        let d = p.difference_of_shares();
        assert!(d.difference.abs() <= 0.0 && d.low < -0.03 && d.high > 0.03, "{d:?}");
        // Two pairs that both change: the interval stays within what shares can do.
        let mut p = Paired::default();
        (0..2).for_each(|_| p.add(1, 0));
        let d = p.difference_of_shares();
        assert!((d.difference + 1.0).abs() <= 0.0 && d.low >= -1.0 && d.high < 0.0, "{d:?}");
    }

    #[test]
    fn an_interval_covers_its_mean_and_narrows_with_more_pairs() {
        let mut few = Paired::default();
        let mut many = Paired::default();
        for i in 0..4000_u64 {
            let (b, c) = (i % 7, i % 7 + i % 3);
            if i < 40 {
                few.add(b, c);
            }
            many.add(b, c);
        }
        let (f, m) = (few.difference(), many.difference());
        assert!(f.low < f.difference && f.difference < f.high);
        assert!(m.high - m.low < f.high - f.low);
        assert!((m.difference - 1.0).abs() < 0.01);
    }
}
