//! What moves the needle: every lever moved to the ends of its range from today on, each against the same unmoved futures,
//! in rounds, so that a first picture is there at once and sharpens.

use super::ahead::{Done, Job, Running};
use super::chart::{Ask, Subject, plan};
use super::sitting::Sitting;
use detente_model::symbols::levers::{Lever, LeverChange};
use detente_study::futures::effect::{Difference, Paired};
use detente_study::futures::rank::{Metric, ends};
use noisy_float::prelude::R64;
use std::sync::Arc;

/// Futures of every arm in the first round; each round doubles what has been run.
const FIRST: u64 = 16;

/// One end of one lever.
#[derive(Clone, Debug)]
pub struct End {
    /// The value it was moved to.
    pub value: f64,
    /// Effect on the outcome, with its 90 % interval.
    pub effect: Difference,
    /// Pairs run.
    pub pairs: u64,
}

/// One lever's bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// The lever.
    pub lever: Lever,
    /// Its ends.
    pub ends: Vec<End>,
}

impl Bar {
    /// The largest absolute effect of its ends.
    #[must_use]
    pub fn size(&self) -> f64 {
        self.ends.iter().map(|end| end.effect.difference.abs()).fold(0.0, f64::max)
    }
}

/// The ranking as it fills in.
pub struct Needle {
    /// What is ranked by.
    pub metric: Metric,
    /// The branch and levers that were unmoved.
    subject: Subject,
    prior: bool,
    /// The day from which levers are moved.
    pub from: i32,
    /// Days ahead.
    pub days: u32,
    arms: Vec<(Lever, f64)>,
    values: Vec<Vec<Option<u64>>>,
    running: Option<Running>,
    total: usize,
    come: usize,
    /// Counts arrivals.
    pub revision: u64,
}

impl Needle {
    /// Starts ranking from a sitting's playhead, with at most `most` futures for each end of each lever.
    #[must_use]
    pub fn start(sitting: &Sitting, metric: Metric, days: u32, prior: bool, most: u64, threads: usize) -> Self {
        let today = sitting.today();
        let log = &sitting.branch().changes;
        let ask = Ask { futures: most, days, prior };
        let plan = |log: Vec<LeverChange>| plan(sitting, ask, sitting.now().clone(), log);
        let mut plans = vec![plan(log.clone())];
        let mut arms = Vec::new();
        for &lever in Lever::ALL.iter().filter(|&&lever| metric.reached(&sitting.rules, lever)) {
            for value in ends(lever, today) {
                let Some(exact) = R64::try_new(value) else { continue };
                if value.to_bits() == sitting.lever(lever).to_bits() {
                    continue;
                }
                let mut log = log.clone();
                log.retain(|change| change.lever != lever || change.day < today);
                log.push(LeverChange { day: today, lever, value: exact });
                log.sort_by_key(|change| change.day);
                arms.push((lever, value));
                plans.push(plan(log));
            }
        }
        let mut tasks = Vec::new();
        let mut from = 0;
        while from < most {
            let to = if from == 0 { FIRST.min(most) } else { (2 * from).min(most) };
            tasks.extend((0..plans.len()).flat_map(|arm| (from..to).map(move |future| (arm, future))));
            from = to;
        }
        let total = tasks.len();
        let values = vec![vec![None; most as usize]; plans.len()];
        let (rules, loaded) = (sitting.base(), Arc::new(sitting.loaded.clone()));
        let job = Job { rules, loaded, arms: plans, tasks, tracks: Vec::new(), every: 0 };
        let running = Some(Running::start(job, threads));
        Self {
            metric,
            subject: Subject::policy(sitting),
            prior,
            from: today,
            days,
            arms,
            values,
            running,
            total,
            come: 0,
            revision: 0,
        }
    }

    /// Whether it is of a sitting as it stands, asked in this way.
    #[must_use]
    pub fn is_of(&self, sitting: &Sitting, days: u32, prior: bool) -> bool {
        self.from == sitting.today()
            && (self.days, self.prior) == (days, prior)
            && self.subject == Subject::policy(sitting)
    }

    /// Takes what has finished. Returns whether anything came.
    pub fn poll(&mut self, go_on: impl FnMut() -> bool) -> bool {
        let Some(running) = &mut self.running else { return false };
        let (values, metric, before) = (&mut self.values, self.metric, running.received());
        let take = |done: Done| values[done.arm][done.future as usize] = Some(metric.of(&done.summary));
        running.poll(take, go_on);
        self.come = running.received();
        if running.is_done() {
            self.running = None;
        }
        let came = self.come != before;
        self.revision += u64::from(came);
        came
    }

    /// Stops; what has come is kept.
    pub fn cancel(&mut self) {
        self.running = None;
    }

    /// Whether it is still filling in.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Share of the work done.
    #[must_use]
    pub fn progress(&self) -> f32 {
        if self.total == 0 { 1.0 } else { self.come as f32 / self.total as f32 }
    }

    /// Futures run.
    #[must_use]
    pub fn futures(&self) -> usize {
        self.come
    }

    /// Bars from the largest effect to the smallest; ties keep the order of the table of levers.
    #[must_use]
    pub fn bars(&self) -> Vec<Bar> {
        let mut bars: Vec<Bar> = Vec::new();
        for (arm, &(lever, value)) in self.arms.iter().enumerate() {
            let mut paired = Paired::default();
            for (base, moved) in self.values[0].iter().zip(&self.values[arm + 1]) {
                if let (Some(base), Some(moved)) = (base, moved) {
                    paired.add(*base, *moved);
                }
            }
            let effect = if self.metric.is_share() { paired.difference_of_shares() } else { paired.difference() };
            let end = End { value, effect, pairs: paired.n };
            match bars.last_mut().filter(|bar| bar.lever == lever) {
                Some(bar) => bar.ends.push(end),
                None => bars.push(Bar { lever, ends: vec![end] }),
            }
        }
        bars.sort_by(|a, b| b.size().total_cmp(&a.size()));
        bars
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::record::outcome::Headline;

    #[test]
    fn bars_are_paired_effects_largest_first_however_they_were_run() {
        let mut s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 3);
        s.go_to(20);
        let metric = Metric::Headline(Headline::RegionalWar);
        let of = |threads| {
            let mut needle = Needle::start(&s, metric, 60, false, 24, threads);
            while needle.is_running() {
                needle.poll(|| false);
            }
            needle
        };
        let (beside, between) = (of(2), of(0));
        assert_eq!(beside.values, between.values);
        let bars = beside.bars();
        assert!(bars.len() > 30, "{}", bars.len());
        assert!(bars.windows(2).all(|pair| pair[0].size() >= pair[1].size()));
        assert!(bars.iter().flat_map(|bar| &bar.ends).all(|end| end.pairs == 24));
        assert!(bars[0].size() > 0.0);
    }
}
