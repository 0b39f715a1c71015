//! What the record says about the claims: the evidence of the filter with each claim as it is, off and at its strong end.
//!
//! An arm gives the numbers of one claim a single value and leaves every other number, its place and its draws as they are. So arms
//! run on common random numbers, and a claim that reaches nothing in these days has the same evidence in all of them, bit for bit.

use crate::filter::{Filtered, Halt, work};
use crate::fit::Ended;
use crate::nowcast::{Nowcast, Particle};
use crate::observed::Observed;
use detente_model::scenario::Errors;
use detente_model::sim::rules::Rules;
use detente_model::symbols::claims::{CLAIMS, Claim};
use detente_study::futures::ensemble::Progress;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::Ordering;

/// What is weighed, and how hard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Last day of the record.
    pub until: Date,
    /// Particles of each filter.
    pub particles: usize,
    /// Seed of the first filter.
    pub seed: u64,
    /// Filters of each arm.
    pub seeds: u64,
}

/// How a claim stands in an arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arm {
    /// Every number as the prior has it.
    On,
    /// A claim's numbers at the values at which they do nothing.
    Off(usize),
    /// At the ends of their ranges at which they do most, on the side of the default.
    Strong(usize),
}

/// Every arm: first that in which all stands as it is.
pub fn arms() -> impl Iterator<Item = Arm> {
    let of = |claim| [Arm::Off(claim), Arm::Strong(claim)];
    std::iter::once(Arm::On).chain((0..CLAIMS.len()).flat_map(of))
}

/// The values of a claim's numbers at its strong end: of each the end of its range that lies farther on the side of the default.
#[must_use]
pub fn strong(claim: &Claim) -> Vec<(&'static str, f64)> {
    let end = |row: &detente_model::symbols::parameters::Row, null: f64| {
        if row.default > null {
            row.high
        } else if row.default < null {
            row.low
        } else if row.high - null >= null - row.low {
            row.high
        } else {
            row.low
        }
    };
    claim.rows().map(|(row, null)| (row.id, end(row, null))).collect()
}

/// What is to be weighed.
pub struct Weighing<'a> {
    rules: &'a Rules,
    observed: &'a Observed,
    plan: Plan,
    steps: usize,
}

impl<'a> Weighing<'a> {
    /// The claims in a scenario, against what was known on the evening of the plan's last day.
    ///
    /// # Errors
    /// Documented events that name what the scenario does not have.
    pub fn new(rules: &'a Rules, observed: &'a Observed, plan: Plan) -> Result<Self, Errors> {
        let steps = Nowcast::new(rules, observed, plan.until, plan.seed, Vec::new())?.steps_in_all();
        Ok(Self { rules, observed, plan, steps })
    }

    /// Numbers of the claims that the scenario fixes, so that no arm can move them, each with its claim.
    #[must_use]
    pub fn fixed(rules: &Rules) -> Vec<(&'static str, &'static str)> {
        let free = detente_model::sim::rules::FreeNumbers::of(rules);
        let of = |claim: &'static Claim| claim.switches.iter().map(|(id, _)| (claim.id, *id));
        CLAIMS.iter().flat_map(of).filter(|(_, id)| free.position(id).is_none()).collect()
    }

    /// Days that are run, the first among them.
    #[must_use]
    pub fn days(&self) -> u32 {
        crate::observed::days_between(self.rules.frame.start, self.plan.until) as u32 + 1
    }

    /// What [`Progress`] counts up to.
    #[must_use]
    pub fn work(&self) -> u64 {
        arms().count() as u64 * self.plan.seeds * work(self.plan.particles, self.steps)
    }

    /// Evidence of an arm.
    ///
    /// # Errors
    /// If stopped, or nothing can have given what was observed.
    pub fn evidence(&self, arm: Arm, seed: u64, jobs: usize, progress: &Progress) -> Result<f64, Ended> {
        let mut nowcast = Nowcast::new(self.rules, self.observed, self.plan.until, seed, Vec::new())
            .map_err(|errors| Ended::Refused(errors.to_string()))?;
        let held: Vec<(&str, f64)> = match arm {
            Arm::On => Vec::new(),
            Arm::Off(claim) => CLAIMS[claim].switches.to_vec(),
            Arm::Strong(claim) => strong(&CLAIMS[claim]),
        };
        for (id, value) in held {
            // A range of one value: wherever the number's score goes, it stands there.
            if let Some(i) = nowcast.free.position(id) {
                let number = &mut nowcast.free.0[i];
                (number.low, number.high, number.log) = (value, value, false);
            }
        }
        let start = nowcast.begin(self.plan.particles, jobs, progress).ok_or(Ended::Stopped)?;
        let going = |_: &Filtered<Particle>| !progress.stop.load(Ordering::Relaxed);
        match nowcast.run(start, jobs, progress, going) {
            Ok(filter) if filter.step == nowcast.steps_in_all() => Ok(filter.log_evidence),
            Ok(_) | Err((Halt::Stopped, _)) => Err(Ended::Stopped),
            Err((Halt::Impossible, step)) => Err(Ended::Refused(format!(
                "nothing that was counted in the days to {} is possible under any of {} particles; look at the observations with \
                 `detente observe`, or take more particles",
                nowcast.date(step),
                self.plan.particles
            ))),
        }
    }

    /// Runs every arm with every seed; of a claim that moved no bit of the evidence with the first seeds no others.
    ///
    /// # Errors
    /// As [`Weighing::evidence`].
    pub fn run(&self, jobs: usize, progress: &Progress) -> Result<BTreeMap<String, Weighed>, Ended> {
        let of = |arm, seeds: Range<u64>| -> Result<Vec<f64>, Ended> {
            let seed = self.plan.seed;
            seeds.map(|k| self.evidence(arm, seed + k, jobs, progress)).collect()
        };
        let (all, few) = (self.plan.seeds, self.plan.seeds.min(ENOUGH));
        let on = of(Arm::On, 0..all)?;
        let mut claims = BTreeMap::new();
        for (i, claim) in CLAIMS.iter().enumerate() {
            let (mut off, mut strong) = (of(Arm::Off(i), 0..few)?, of(Arm::Strong(i), 0..few)?);
            if same(&on, &off) && same(&on, &strong) {
                let spared = 2 * (all - few) * work(self.plan.particles, self.steps);
                progress.spared.fetch_add(spared, Ordering::Relaxed);
            } else {
                off.extend(of(Arm::Off(i), few..all)?);
                strong.extend(of(Arm::Strong(i), few..all)?);
            }
            claims.insert(claim.id.to_owned(), Weighed::of(&on, &off, &strong));
        }
        Ok(claims)
    }
}

/// Seeds with which a claim must have moved nothing to be passed by.
const ENOUGH: u64 = 2;

/// Whether an arm gave the same evidence to the last bit, as far as it was run.
fn same(on: &[f64], other: &[f64]) -> bool {
    on.iter().zip(other).all(|(a, b)| a.to_bits() == b.to_bits())
}

/// The logarithm of a Bayes factor with its 90 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Factor {
    /// Mean over the seeds.
    pub value: f64,
    /// Lower end; nothing where one seed was run.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

impl Factor {
    /// From the evidence of two arms, seed by seed: Student's interval of the mean of the differences.
    #[must_use]
    pub fn of(with: &[f64], without: &[f64]) -> Self {
        let differences: Vec<f64> = with.iter().zip(without).map(|(a, b)| a - b).collect();
        let n = differences.len() as f64;
        let value = differences.iter().sum::<f64>() / n;
        if differences.len() < 2 {
            return Self { value, low: None, high: None };
        }
        let variance = differences.iter().map(|d| (d - value) * (d - value)).sum::<f64>() / (n - 1.0);
        let reach = student(differences.len() - 1) * libm::sqrt(variance / n);
        Self { value, low: Some(value - reach), high: Some(value + reach) }
    }
}

/// What the record says about one claim.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Weighed {
    /// As the prior has it against off.
    pub log_bayes_factor: Factor,
    /// At its strong end against off.
    pub strong: Factor,
    /// Whether off, on and strong gave the same evidence to the last bit.
    pub cannot_show: bool,
    /// In words, on the scale of Kass and Raftery (1995).
    pub words: &'static str,
}

impl Weighed {
    /// From the evidence of its arms by seed.
    #[must_use]
    pub fn of(on: &[f64], off: &[f64], strong: &[f64]) -> Self {
        let cannot_show = same(on, off) && same(on, strong);
        let log_bayes_factor = Factor::of(on, off);
        let words = if cannot_show { "cannot show in these days" } else { words(&log_bayes_factor) };
        Self { log_bayes_factor, strong: Factor::of(strong, off), cannot_show, words }
    }
}

/// A Bayes factor in words: 2 ln B up to 2 is "a little", to 6 plain, to 10 strong, beyond very strong (Kass & Raftery 1995).
/// Nothing where the interval holds 0, or there is none.
#[must_use]
pub fn words(factor: &Factor) -> &'static str {
    let apart = factor.low.is_some_and(|low| low > 0.0) || factor.high.is_some_and(|high| high < 0.0);
    let twice = 2.0 * factor.value;
    match twice.abs() {
        _ if !apart => "the record says nothing",
        size if size < 2.0 => ["speaks a little for it", "speaks a little against it"][usize::from(twice < 0.0)],
        size if size < 6.0 => ["speaks for it", "speaks against it"][usize::from(twice < 0.0)],
        size if size < 10.0 => ["speaks strongly for it", "speaks strongly against it"][usize::from(twice < 0.0)],
        _ => ["speaks very strongly for it", "speaks very strongly against it"][usize::from(twice < 0.0)],
    }
}

/// The 95 % quantile of Student's t, by degrees of freedom.
fn student(freedom: usize) -> f64 {
    const TABLE: [f64; 20] = [
        6.313_8, 2.920_0, 2.353_4, 2.131_8, 2.015_0, 1.943_2, 1.894_6, 1.859_5, 1.833_1, 1.812_5, 1.795_9, 1.782_3,
        1.770_9, 1.761_3, 1.753_1, 1.745_9, 1.739_6, 1.734_1, 1.729_1, 1.724_7,
    ];
    // Beyond the table by its expansion in 1/freedom.
    let z = 1.644_853_627;
    let n = freedom as f64;
    TABLE.get(freedom.wrapping_sub(1)).copied().unwrap_or(z + (z * z * z + z) / (4.0 * n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_is_the_mean_of_paired_differences_with_students_interval() {
        let factor = Factor::of(&[-10.0, -12.0, -11.0], &[-12.0, -13.0, -14.0]);
        assert!((factor.value - 2.0).abs() < 1e-12);
        // Differences 2, 1, 3: standard error 1/√3, and 2.92 of them.
        assert!((factor.high.unwrap() - 2.0 - 2.92 / 3.0_f64.sqrt()).abs() < 1e-9);
        assert_eq!(Factor::of(&[1.0], &[0.0]).low, None);
        assert!((student(20) - 1.7247).abs() < 1e-9 && (student(40) - 1.6839).abs() < 1e-3);
    }

    #[test]
    fn words_follow_the_published_scale_and_say_nothing_where_the_interval_holds_nought() {
        let said =
            |value: f64, reach: f64| words(&Factor { value, low: Some(value - reach), high: Some(value + reach) });
        assert_eq!(said(0.5, 0.6), "the record says nothing");
        assert_eq!(said(0.5, 0.1), "speaks a little for it");
        assert_eq!(said(-0.5, 0.1), "speaks a little against it");
        assert_eq!(said(2.0, 0.1), "speaks for it");
        assert_eq!(said(-4.0, 0.1), "speaks strongly against it");
        assert_eq!(said(6.0, 0.1), "speaks very strongly for it");
        assert_eq!(words(&Factor { value: 9.0, low: None, high: None }), "the record says nothing");
        let same = Weighed::of(&[-1.0, -2.0], &[-1.0, -2.0], &[-1.0, -2.0]);
        assert_eq!((same.words, same.log_bayes_factor.value), ("cannot show in these days", 0.0));
        assert_eq!(same.log_bayes_factor.high, Some(0.0));
    }

    #[test]
    fn the_strong_end_lies_on_the_side_of_the_default_and_within_the_range() {
        for claim in CLAIMS {
            let ends = strong(claim);
            assert_eq!(ends.len(), claim.switches.len(), "{}: every switch is a number", claim.id);
            for ((row, null), (id, end)) in claim.rows().zip(&ends) {
                assert_eq!(row.id, *id);
                assert!(*end == row.low || *end == row.high, "{id}");
                assert!((row.default - null) * (end - null) >= 0.0, "{}: {id} = {end}", claim.id);
            }
        }
    }
}
