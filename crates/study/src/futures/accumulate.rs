//! Order-free statistics: whole-number sums and histograms.

use super::interval::{Difference, Powers, TAIL, mean_of_differences};
use super::survival::Watched;
use detente_model::record::outcome::{Escalation, Headline, Outcome, Settlement};
use detente_model::sim::rules::Rules;
use detente_model::sim::tally::{Spell, Tally};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// 95 % quantile of the normal law: two-sided 90 % intervals.
pub const Z90: f64 = 1.644_853_626_951_472_7;

/// A histogram of whole numbers: exact below 1,024, within 0.1 % of the value above; small at any number of values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    counts: BTreeMap<u32, u64>,
    total: u64,
}

const EXACT: u64 = 1024;
const PER_DOUBLING: u64 = 512;

fn bin(value: u64) -> u32 {
    if value < EXACT {
        return value as u32;
    }
    let doubling = u64::from(value.ilog2());
    let shift = doubling - PER_DOUBLING.ilog2() as u64;
    let offset = (value >> shift) - PER_DOUBLING;
    (EXACT + (doubling - EXACT.ilog2() as u64) * PER_DOUBLING + offset) as u32
}

/// The smallest value of a bin.
fn floor_of(bin: u32) -> u64 {
    let bin = u64::from(bin);
    if bin < EXACT {
        return bin;
    }
    let doubling = (bin - EXACT) / PER_DOUBLING + u64::from(EXACT.ilog2());
    let offset = (bin - EXACT) % PER_DOUBLING;
    (PER_DOUBLING + offset) << (doubling - u64::from(PER_DOUBLING.ilog2()))
}

/// The value that stands for a bin: its middle, rounded down.
fn middle_of(bin: u32) -> u64 {
    let floor = floor_of(bin);
    floor + (floor_of(bin + 1) - 1 - floor) / 2
}

impl Histogram {
    /// Adds a value.
    pub fn add(&mut self, value: u64) {
        *self.counts.entry(bin(value)).or_default() += 1;
        self.total += 1;
    }

    /// Adds everything of another.
    pub fn merge(&mut self, other: &Self) {
        for (&bin, &count) in &other.counts {
            *self.counts.entry(bin).or_default() += count;
        }
        self.total += other.total;
    }

    /// The smallest value that at least a share `q` of all values do not exceed, within 0.1 % above 1,023; 0 when empty.
    #[must_use]
    pub fn quantile(&self, q: f64) -> u64 {
        let wanted = ((q * self.total as f64).ceil() as u64).max(1);
        let mut seen = 0;
        for (&bin, &count) in &self.counts {
            seen += count;
            if seen >= wanted {
                return middle_of(bin);
            }
        }
        0
    }

    /// Sums of the powers of what values are away from `centre`; within 0.1 % of a value above 1,023.
    fn powers_about(&self, centre: u64) -> Powers {
        let mut of = Powers { pairs: self.total as f64, ..Powers::default() };
        for (&bin, &count) in &self.counts {
            let (away, count) = (middle_of(bin) as f64 - centre as f64, count as f64);
            of.differ += if away == 0.0 { 0.0 } else { count };
            let mut power = count;
            for sum in &mut of.sums {
                power *= away;
                *sum += power;
            }
        }
        of
    }

    /// How many values were added.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }
}

/// How some of what claims are about stands at the end of a future, in whole numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtEnd {
    /// Harm to sites of their own that hosts hold against somebody, hundredths of a blow, of all hosts.
    pub own_sites: u32,
    /// Standing of the first programme's security forum, thousandths.
    pub forum: u32,
    /// Aid on the first path, tenths of a truck a day.
    pub aid: u32,
}

impl AtEnd {
    /// In the order of the fields.
    #[must_use]
    pub fn all(&self) -> [u32; 3] {
        let Self { own_sites, forum, aid } = *self;
        [own_sites, forum, aid]
    }
}

/// What one future leaves behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Number of the future.
    pub future: u64,
    /// Days run, from the scenario's start.
    pub days: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// First days of what a reader looks for first.
    pub first: FirstDays,
    /// Killed by territory, by routine fire and by blows and strikes: all since the start.
    pub killed: Vec<u32>,
    /// Events and deaths of routine fire, by stream.
    pub streams: Vec<(u64, u64)>,
    /// Salvos, rounds and hits by ledger.
    pub salvos: Vec<(u32, u32, u32)>,
    /// Air strikes by ledger.
    pub air_strikes: Vec<u32>,
    /// Size of strikes and salvos, hundredths of a blow, by ledger.
    pub sizes: Vec<u64>,
    /// Answers owed that were settled through mediators, by ledger.
    pub settled: Vec<u32>,
    /// Parts that fell from a collective deal in force.
    pub parts_fallen: u32,
    /// Votes of the United States in councils: against, abstaining, in favour.
    pub us_votes: [u32; 3],
    /// Armed groups taken into armies at the end, thousandths, by integration.
    pub integrated: Vec<u32>,
    /// Leave that hosts of bases gave, thousandths, in the mean over hosts and over the days on which Iran and Israel struck deep or
    /// worse; `None` where there was no such day.
    pub permission: Option<u32>,
    /// How hosts' sites, a forum and aid stand at the end.
    pub at_end: AtEnd,
    /// Blows.
    pub blows: u32,
    /// Days in war mode.
    pub war_days: u32,
    /// Spells of agreements.
    pub spells: Vec<Spell>,
}

/// How many things have a first day.
const FIRST: usize = 5;

/// Days on which something came about first; `None` where it never did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstDays {
    /// The war was regional.
    pub regional_war: Option<i32>,
    /// The same, where a preventive strike lay within the fortnight before.
    pub regional_after_preventive: Option<i32>,
    /// The same, where none did: answers to one another led there.
    pub regional_by_answers: Option<i32>,
    /// Iran and Israel, or Iran and the United States, fired at each other.
    pub direct_fire: Option<i32>,
    /// An agreement collapsed.
    pub collapse: Option<i32>,
}

impl FirstDays {
    /// What they are of, in files.
    pub const NAMES: [&'static str; FIRST] =
        ["regional_war", "regional_after_preventive", "regional_by_answers", "direct_fire", "collapse"];
    /// Place of direct fire among them.
    pub const DIRECT_FIRE: usize = 3;
    /// The same in words.
    pub const WORDS: [&'static str; FIRST] = [
        "regional war",
        "– after a preventive strike",
        "– by answers to one another",
        "direct fire (Iran with Israel or the United States)",
        "collapse of an agreement",
    ];

    /// The days in the order of [`Self::NAMES`].
    #[must_use]
    pub fn all(&self) -> [Option<i32>; FIRST] {
        let Self { regional_war, regional_after_preventive, regional_by_answers, direct_fire, collapse } = *self;
        [regional_war, regional_after_preventive, regional_by_answers, direct_fire, collapse]
    }
}

impl Summary {
    /// Reads a run's totals; `killed` by territory.
    #[must_use]
    pub fn of(future: u64, outcome: Outcome, tally: &Tally, killed: impl IntoIterator<Item = u32>) -> Self {
        Self {
            future,
            days: tally.days,
            outcome,
            first: FirstDays {
                regional_war: tally.regional_since,
                regional_after_preventive: tally.regional_since.filter(|_| tally.regional_by_preventive),
                regional_by_answers: tally.regional_since.filter(|_| !tally.regional_by_preventive),
                direct_fire: tally.contained_since,
                collapse: tally.spells.iter().filter_map(|spell| spell.ended).min(),
            },
            killed: killed.into_iter().collect(),
            streams: tally.events.iter().copied().zip(tally.deaths.iter().copied()).collect(),
            salvos: tally.exchanges.iter().map(|x| (x.salvos, x.rounds, x.hits)).collect(),
            air_strikes: tally.exchanges.iter().map(|x| x.air_strikes).collect(),
            sizes: tally.exchanges.iter().map(|x| x.size).collect(),
            // Empty where none was.
            settled: (0..tally.exchanges.len()).map(|l| tally.settled.get(l).copied().unwrap_or(0)).collect(),
            parts_fallen: tally.parts_fallen,
            us_votes: tally.us_votes,
            integrated: Vec::new(),
            permission: None,
            at_end: AtEnd::default(),
            blows: tally.blows,
            war_days: tally.war_days,
            spells: tally.spells.clone(),
        }
    }

    /// Whether a table's agreement was in force at the end.
    #[must_use]
    pub fn in_force_at_end(&self, table: usize) -> bool {
        self.spells.iter().any(|s| usize::from(s.table) == table && s.ended.is_none())
    }

    /// Day of the first signing of a table.
    #[must_use]
    pub fn first_signed(&self, table: usize) -> Option<i32> {
        self.spells.iter().find(|s| usize::from(s.table) == table).map(|s| s.signed)
    }

    /// How many days a spell lasted, and whether it ended in collapse. One that was still in force was last tried on the
    /// last day run, `days − 1`, at the age of `days − 1 − signed`.
    #[must_use]
    pub fn lasted(&self, spell: &Spell) -> (i32, bool) {
        match spell.ended {
            Some(day) => (day - spell.signed, true),
            None => ((self.days as i32 - 1 - spell.signed).max(0), false),
        }
    }

    /// [`Self::lasted`] of every spell of a table, in order.
    #[must_use]
    pub fn spells_of(&self, table: usize) -> Vec<(i32, bool)> {
        let spells = self.spells.iter().filter(|spell| usize::from(spell.table) == table);
        spells.map(|spell| self.lasted(spell)).collect()
    }

    /// Killed in all territories.
    #[must_use]
    pub fn killed_in_all(&self) -> u64 {
        self.killed.iter().map(|&killed| u64::from(killed)).sum()
    }
}

/// A sum and a histogram of one quantity over futures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Sum.
    pub sum: u64,
    /// Histogram.
    pub histogram: Histogram,
}

impl Counted {
    fn add(&mut self, value: u64) {
        self.sum += value;
        self.histogram.add(value);
    }
    fn merge(&mut self, other: &Self) {
        self.sum += other.sum;
        self.histogram.merge(&other.histogram);
    }
    /// Mean over futures.
    #[must_use]
    pub fn mean(&self) -> f64 {
        if self.histogram.total == 0 { 0.0 } else { self.sum as f64 / self.histogram.total as f64 }
    }

    /// The 90 % interval of the mean, by [`mean_of_differences`] as everywhere: of what each future is away from the median, which
    /// is none for what hardly any future has. It does not go below nothing, and always holds the mean. `None` where futures show no
    /// spread (one future, or all with the same count): how far others would be from them, nobody knows.
    #[must_use]
    pub fn interval(&self) -> Option<(f64, f64)> {
        let centre = self.histogram.quantile(0.5);
        let powers = self.histogram.powers_about(centre);
        if powers.differ <= 0.0 {
            return None;
        }
        let Difference { difference, low, high } = mean_of_differences(&powers, TAIL);
        // About the mean as it is: the histogram's is within 0.1 % of it.
        let mean = self.mean();
        Some(((mean + low - difference).max(0.0).min(mean), (mean + high - difference).max(mean)))
    }
}

/// One agreement over futures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementStatistics {
    /// First signing: futures by day.
    pub first_signed: BTreeMap<i32, u64>,
    /// Futures in which it was in force at the end.
    pub in_force_at_end: u64,
    /// How long its spells lasted.
    pub spells: Watched,
}

impl AgreementStatistics {
    fn add(&mut self, summary: &Summary, table: usize) {
        if let Some(day) = summary.first_signed(table) {
            *self.first_signed.entry(day).or_default() += 1;
        }
        self.in_force_at_end += u64::from(summary.in_force_at_end(table));
        self.spells.add(summary.future, summary.spells_of(table));
    }

    fn merge(&mut self, other: &Self) {
        for (&day, &count) in &other.first_signed {
            *self.first_signed.entry(day).or_default() += count;
        }
        self.in_force_at_end += other.in_force_at_end;
        self.spells.merge(&other.spells);
    }

    /// Futures in which it was signed within so many days of the start.
    #[must_use]
    pub fn signed_within(&self, days: i32) -> u64 {
        self.first_signed.range(..days).map(|(_, count)| count).sum()
    }

    /// Futures in which it was signed at all.
    #[must_use]
    pub fn ever_signed(&self) -> u64 {
        self.first_signed.values().sum()
    }
}

/// Statistics of an ensemble.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accumulator {
    /// Futures added.
    pub runs: u64,
    /// Days of each.
    pub days: u32,
    /// Futures by escalation × settlement.
    pub outcomes: [[u64; 3]; 3],
    /// Events by stream.
    pub events: Vec<Counted>,
    /// Deaths by stream.
    pub deaths: Vec<Counted>,
    /// Killed by territory.
    pub killed: Vec<Counted>,
    /// Killed in all territories.
    pub killed_in_all: Counted,
    /// Futures by the first day of each of [`FirstDays::NAMES`].
    pub first: [BTreeMap<i32, u64>; FIRST],
    /// Salvos, rounds, hits by ledger.
    pub salvos: Vec<[Counted; 3]>,
    /// Air strikes by ledger.
    pub air_strikes: Vec<Counted>,
    /// Blows.
    pub blows: Counted,
    /// Futures with at least a day in war mode.
    pub with_war: u64,
    /// Agreements by table.
    pub agreements: Vec<AgreementStatistics>,
}

impl Accumulator {
    /// Empty statistics for these rules.
    #[must_use]
    pub fn new(rules: &Rules, days: u32) -> Self {
        Self {
            days,
            events: vec![Counted::default(); rules.streams.len()],
            deaths: vec![Counted::default(); rules.streams.len()],
            killed: vec![Counted::default(); rules.territories.len()],
            salvos: vec![Default::default(); rules.ledgers.len()],
            air_strikes: vec![Counted::default(); rules.ledgers.len()],
            agreements: vec![AgreementStatistics::default(); rules.tables.len()],
            ..Self::default()
        }
    }

    /// Adds a future.
    pub fn add(&mut self, s: &Summary) {
        self.runs += 1;
        self.outcomes[s.outcome.escalation as usize][s.outcome.settlement as usize] += 1;
        for ((events, deaths), (e, d)) in self.events.iter_mut().zip(&mut self.deaths).zip(&s.streams) {
            events.add(*e);
            deaths.add(*d);
        }
        for (into, killed) in self.killed.iter_mut().zip(&s.killed) {
            into.add(u64::from(*killed));
        }
        self.killed_in_all.add(s.killed_in_all());
        for (into, day) in self.first.iter_mut().zip(s.first.all()) {
            if let Some(day) = day {
                *into.entry(day).or_default() += 1;
            }
        }
        for (into, (salvos, rounds, hits)) in self.salvos.iter_mut().zip(&s.salvos) {
            into[0].add(u64::from(*salvos));
            into[1].add(u64::from(*rounds));
            into[2].add(u64::from(*hits));
        }
        for (into, strikes) in self.air_strikes.iter_mut().zip(&s.air_strikes) {
            into.add(u64::from(*strikes));
        }
        self.blows.add(u64::from(s.blows));
        self.with_war += u64::from(s.war_days > 0);
        for (table, agreement) in self.agreements.iter_mut().enumerate() {
            agreement.add(s, table);
        }
    }

    /// Adds everything of another.
    pub fn merge(&mut self, other: &Self) {
        self.runs += other.runs;
        for (row, theirs) in self.outcomes.iter_mut().zip(&other.outcomes) {
            for (cell, count) in row.iter_mut().zip(theirs) {
                *cell += count;
            }
        }
        let pairs = [
            (&mut self.events, &other.events),
            (&mut self.deaths, &other.deaths),
            (&mut self.killed, &other.killed),
            (&mut self.air_strikes, &other.air_strikes),
        ];
        for (mine, theirs) in pairs {
            for (into, from) in mine.iter_mut().zip(theirs) {
                into.merge(from);
            }
        }
        self.killed_in_all.merge(&other.killed_in_all);
        for (into, from) in self.first.iter_mut().zip(&other.first) {
            for (&day, &count) in from {
                *into.entry(day).or_default() += count;
            }
        }
        for (into, from) in self.salvos.iter_mut().zip(&other.salvos) {
            for (a, b) in into.iter_mut().zip(from) {
                a.merge(b);
            }
        }
        self.blows.merge(&other.blows);
        self.with_war += other.with_war;
        for (into, from) in self.agreements.iter_mut().zip(&other.agreements) {
            into.merge(from);
        }
    }

    /// Futures with this headline.
    #[must_use]
    pub fn headline(&self, headline: Headline) -> u64 {
        let mut count = 0;
        for e in Escalation::ALL {
            for s in Settlement::ALL {
                if Headline::of(e, s) == headline {
                    count += self.outcomes[e as usize][s as usize];
                }
            }
        }
        count
    }

    /// Futures with this escalation.
    #[must_use]
    pub fn escalation(&self, escalation: Escalation) -> u64 {
        self.outcomes[escalation as usize].iter().sum()
    }

    /// Futures with this settlement.
    #[must_use]
    pub fn settlement(&self, settlement: Settlement) -> u64 {
        self.outcomes.iter().map(|row| row[settlement as usize]).sum()
    }
}

/// A share with its 90 % Wilson interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Share {
    /// Share.
    pub p: f64,
    /// Low end.
    pub low: f64,
    /// High end.
    pub high: f64,
}

/// The share of `count` in `total` with its 90 % Wilson interval, which stays inside 0 … 1 and is honest at 0.
#[must_use]
pub fn share(count: u64, total: u64) -> Share {
    share_within(Z90, count, total)
}

/// [`share`] with an interval of `z` standard errors.
#[must_use]
pub fn share_within(z: f64, count: u64, total: u64) -> Share {
    if total == 0 {
        return Share { p: 0.0, low: 0.0, high: 1.0 };
    }
    let (n, p) = (total as f64, count as f64 / total as f64);
    let z2 = z * z;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = z * libm::sqrt(p * (1.0 - p) / n + z2 / (4.0 * n * n)) / (1.0 + z2 / n);
    Share { p, low: (centre - half).max(0.0).min(p), high: (centre + half).min(1.0).max(p) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bins_hold_their_values(value in 0_u64..1 << 40) {
            let floor = floor_of(bin(value));
            prop_assert!(floor <= value);
            prop_assert!((value - floor) as f64 <= value as f64 / 512.0);
            prop_assert!(middle_of(bin(value)).abs_diff(value) as f64 <= value as f64 / 1000.0);
            prop_assert!(bin(value + 1) >= bin(value));
        }

        #[test]
        fn merging_is_adding_in_any_order(values in prop::collection::vec(0_u64..5000, 0..60), cut in 0_usize..60) {
            let mut whole = Histogram::default();
            values.iter().for_each(|&v| whole.add(v));
            let (a, b) = values.split_at(cut.min(values.len()));
            let (mut left, mut right) = (Histogram::default(), Histogram::default());
            a.iter().for_each(|&v| left.add(v));
            b.iter().for_each(|&v| right.add(v));
            right.merge(&left);
            prop_assert_eq!(whole, right);
        }

        #[test]
        fn quantiles_agree_with_sorting(mut values in prop::collection::vec(0_u64..1024, 1..80), q in 0.01_f64..1.0) {
            let mut h = Histogram::default();
            values.iter().for_each(|&v| h.add(v));
            values.sort_unstable();
            let rank = ((q * values.len() as f64).ceil() as usize).max(1) - 1;
            prop_assert_eq!(h.quantile(q), values[rank]);
        }
    }

    fn counted(values: impl IntoIterator<Item = u64>) -> Counted {
        let mut counted = Counted::default();
        values.into_iter().for_each(|value| counted.add(value));
        counted
    }

    /// By hand: where nothing is skewed, mean ± t · s / √n, whatever number all values stand beside.
    #[test]
    fn the_interval_of_a_mean_is_that_of_a_calculation_by_hand() {
        for beside in [0, 40, 500] {
            // 101 values from 0 to 100, the same number of each: mean 50, s² = 101 · 102 / 12 = 858.5.
            let (low, high) = counted((0..=100).map(|value| value + beside)).interval().unwrap();
            // Values about the median carry (Σd²)² / Σd⁴ − 1 = 55.1 degrees of freedom, where t is 1.673.
            let half = 1.673 * libm::sqrt(858.5 / 101.0);
            let mean = 50.0 + beside as f64;
            assert!((high - mean - half).abs() < 0.01 && (mean - low - half).abs() < 0.01, "{low} {high}: {half}");
        }
    }

    #[test]
    fn more_futures_narrow_the_interval_of_a_mean_and_no_spread_gives_none() {
        let draw = |runs: u64| counted((0..runs).map(|k| 9000 + (k * 7919) % 1000 + 5000 * u64::from(k % 50 == 7)));
        let wide = |runs| draw(runs).interval().map(|(low, high)| high - low).unwrap();
        assert!(wide(100) > 1.8 * wide(400) && wide(400) > 1.8 * wide(1600), "{} {}", wide(100), wide(400));
        for none in [counted([]), counted([7]), counted([0; 50]), counted([3; 50])] {
            assert_eq!(none.interval(), None);
        }
        // One future in sixty has a count at all: the interval leans to more of them, and not below nothing.
        let rare = counted((0..60).map(|k| if k == 3 { 30 } else { 0 }));
        let (low, high) = rare.interval().unwrap();
        assert!(low >= 0.0 && low < rare.mean() && high - rare.mean() > rare.mean() - low, "{low} {high}");
    }

    /// Counts as futures have them: some thousands killed, and a war in a hundred that kills as many again.
    #[test]
    fn intervals_of_means_cover() {
        use detente_model::chance::{Key, quantile};
        let drawn = |key: u64, k: i32, war: f64| {
            let day = Key::new(90, key).of("means").day(k);
            let uniform = |n| day.uniform(n).clamp(1e-12, 1.0 - 1e-12);
            let heavy = if uniform(0) < war { -3000.0 * libm::log(uniform(1)) } else { 0.0 };
            (3000.0 + 400.0 * quantile::normal(uniform(2)) + heavy).max(0.0) as u64
        };
        for (war, least) in [(0.0, 0.86), (0.01, 0.80), (0.2, 0.86)] {
            // Rounded down, every value loses a half in the mean.
            let truth = 3000.0 + 3000.0 * war - 0.5;
            let (mut held, trials) = (0_u32, 500_u32);
            for trial in 0..trials {
                let sample = counted((0..200).map(|k| drawn(u64::from(trial), k, war)));
                let (low, high) = sample.interval().unwrap();
                held += u32::from(low <= truth && truth <= high);
            }
            let share = f64::from(held) / f64::from(trials);
            assert!(share >= least && share <= 0.95, "a war in {war}: {share}");
        }
    }

    #[test]
    fn shares_are_inside_their_intervals() {
        for (count, total) in [(0, 10), (10, 10), (3, 1000), (500, 1000), (0, 0)] {
            let s = share(count, total);
            assert!(s.low <= s.p && s.p <= s.high && s.low >= 0.0 && s.high <= 1.0, "{s:?}");
        }
        assert!(share(0, 1000).high < 0.004);
    }
}
