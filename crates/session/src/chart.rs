//! The fans: what is sampled along many futures, bands over futures, and paired differences, all by number of the future,
//! so that who finished first never shows.

use super::ahead::{Done, Job, Running};
use super::sitting::Sitting;
pub use super::tracks::Track;
use detente_model::record::outcome::{Escalation, Headline, Settlement};
use detente_model::sim::world::{Fate, Snapshot};
use detente_model::symbols::levers::LeverChange;
use detente_study::futures::accumulate::{Share, share};
use detente_study::futures::effect::{Difference, Paired};
use detente_study::futures::ensemble::{Origin, Plan};
use detente_study::futures::hazard::{Hazard, hazards};
use detente_study::futures::interval::{Powers, TAIL, mean_of_differences};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What futures are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Futures.
    pub futures: u64,
    /// Days ahead.
    pub days: u32,
    /// Whether parameters are drawn from their ranges.
    pub prior: bool,
}

impl Default for Ask {
    fn default() -> Self {
        Self { futures: 256, days: 180, prior: true }
    }
}

/// Samples along a fan, at most.
const SAMPLES: u32 = 60;

/// What the two arms of a set of futures are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arms {
    /// One branch, by number: its levers as they stood at its fork ("no change"), and as they stand ("your policy").
    Policy(u32),
    /// Two branches, by number: A and B.
    Branches([u32; 2]),
}

/// What a set of futures is of, whatever the day it starts from: scenario, seed, arms, and the levers of both. A state on a
/// day follows from these, so two sets of one subject from one day are one set.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// What the arms are.
    pub arms: Arms,
    /// Hash of the scenario.
    pub scenario: String,
    /// Seed.
    pub seed: u64,
    /// Digest of the nowcast from which they start, where they do.
    pub start: Option<String>,
    /// Every lever moved, arm by arm.
    pub logs: [Vec<LeverChange>; 2],
}

impl Subject {
    /// The branch shown, without its policy and with it.
    #[must_use]
    pub fn policy(sitting: &Sitting) -> Self {
        let branch = sitting.branch();
        Self {
            arms: Arms::Policy(branch.id),
            scenario: sitting.loaded.hash.clone(),
            seed: sitting.seed(),
            start: sitting.start().map(|start| start.digest.clone()),
            logs: [branch.unchanged(), branch.changes.clone()],
        }
    }

    /// Two branches, by position.
    #[must_use]
    pub fn branches(sitting: &Sitting, pair: [usize; 2]) -> Self {
        let of = |branch: usize| &sitting.branches()[branch];
        Self {
            arms: Arms::Branches(pair.map(|branch| of(branch).id)),
            scenario: sitting.loaded.hash.clone(),
            seed: sitting.seed(),
            start: sitting.start().map(|start| start.digest.clone()),
            logs: pair.map(|branch| of(branch).changes.clone()),
        }
    }
}

/// Why no more of a set is coming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// More is coming.
    Running,
    /// All that was asked for has come.
    Complete,
    /// It was stopped.
    Cancelled,
    /// Whoever ran it is gone.
    Deserted,
}

/// Two arms from one day: without the policy and with it (or branch A and branch B).
pub struct Fans {
    /// What they are of.
    pub subject: Subject,
    /// The day they start from.
    pub from: i32,
    /// What was asked.
    pub ask: Ask,
    /// A number of its own in this program, for whoever caches.
    pub serial: u64,
    /// Days between samples.
    pub every: u32,
    /// What is sampled.
    pub tracks: Vec<Track>,
    /// The two plans; the same plan twice where the arms cannot differ.
    plans: [Plan; 2],
    /// Whether they are one plan.
    null: bool,
    /// Finished futures of each arm, by number; shared with the sets that keep them.
    arms: [Vec<Option<Arc<Done>>>; 2],
    /// How many of each have come.
    come: [usize; 2],
    running: Option<Running>,
    cancelled: bool,
    /// Counts arrivals, for whoever caches.
    pub revision: u64,
}

impl Fans {
    /// Starts the futures of a sitting from its playhead: baseline and policy. Arms that a set of `before` has already run
    /// from the same state are kept and not run again.
    #[must_use]
    pub fn start(sitting: &Sitting, ask: Ask, before: &[&Self], threads: usize) -> Self {
        let (from, log) = sitting.now_unchanged();
        let policy = plan(sitting, ask, sitting.now().clone(), sitting.branch().changes.clone());
        let plans = [plan(sitting, ask, from, log), policy];
        Self::of(sitting, Subject::policy(sitting), ask, plans, before, threads)
    }

    /// Starts the futures of two branches from the same day.
    #[must_use]
    pub fn compare(sitting: &mut Sitting, pair: [usize; 2], ask: Ask, before: &[&Self], threads: usize) -> Self {
        let today = sitting.today();
        for branch in pair {
            sitting.bring(branch);
        }
        let plans = pair.map(|branch| {
            let from = sitting.state(branch, today);
            let log = sitting.branches()[branch].changes.clone();
            plan(sitting, ask, from, log)
        });
        Self::of(sitting, Subject::branches(sitting, pair), ask, plans, before, threads)
    }

    fn of(sitting: &Sitting, subject: Subject, ask: Ask, plans: [Plan; 2], before: &[&Self], threads: usize) -> Self {
        static SERIAL: AtomicU64 = AtomicU64::new(0);
        let every = ask.days.div_ceil(SAMPLES).max(1);
        let mut fans = Self {
            subject,
            from: sitting.today(),
            ask,
            serial: SERIAL.fetch_add(1, Ordering::Relaxed),
            every,
            tracks: Track::all(&sitting.rules),
            null: same_plan(&plans[0], &plans[1]),
            plans,
            arms: Default::default(),
            come: [0, 0],
            running: None,
            cancelled: false,
            revision: 0,
        };
        for arm in 0..2 {
            let of = |before: &Self| (0..2).find(|&old| same_plan(&before.plans[old], &fans.plans[arm]));
            let same = before.iter().filter(|before| before.subject.scenario == fans.subject.scenario);
            // Of several, the one of which most has come.
            let known = same.filter_map(|before| Some((before, of(before)?))).max_by_key(|(b, old)| b.come(*old));
            if let Some((before, old)) = known {
                fans.arms[arm] = before.arm(old).to_vec();
            }
            fans.arms[arm].resize(ask.futures as usize, None);
        }
        if fans.is_null() {
            fans.arms[1] = Vec::new();
        }
        for arm in 0..2 {
            fans.come[arm] = fans.arms[arm].iter().flatten().count();
        }
        fans.run(sitting, threads);
        fans
    }

    /// Runs what has not come yet.
    fn run(&mut self, sitting: &Sitting, threads: usize) {
        let missing = |arm: usize, future: u64| matches!(self.arms[arm].get(future as usize), Some(None));
        let tasks: Vec<(usize, u64)> = (0..self.ask.futures)
            .flat_map(|future| (0..2).map(move |arm| (arm, future)))
            .filter(|&(arm, future)| missing(arm, future))
            .collect();
        self.cancelled = false;
        if !tasks.is_empty() {
            let (arms, tracks) = (self.plans.to_vec(), self.tracks.clone());
            let (rules, loaded) = (sitting.base(), Arc::new(sitting.loaded.clone()));
            let job = Job { rules, loaded, arms, tasks, tracks, every: self.every };
            self.running = Some(Running::start(job, threads));
        }
    }

    /// Goes on with a set that was cancelled.
    pub fn go_on(&mut self, sitting: &Sitting, threads: usize) {
        if self.running.is_none() {
            self.run(sitting, threads);
        }
    }

    /// How far it is, and why it goes no further.
    #[must_use]
    pub fn progress(&self) -> Progress {
        if self.running.is_some() {
            Progress::Running
        } else if self.pairs() as u64 >= self.ask.futures {
            Progress::Complete
        } else if self.cancelled {
            Progress::Cancelled
        } else {
            Progress::Deserted
        }
    }

    /// Whether the two arms are one: there is no policy.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.null
    }

    /// What is run: without the policy and with it.
    #[must_use]
    pub fn plans(&self) -> &[Plan; 2] {
        &self.plans
    }

    /// Takes what has finished. Returns whether anything came.
    pub fn poll(&mut self, go_on: impl FnMut() -> bool) -> bool {
        let Some(running) = &mut self.running else { return false };
        let (arms, come) = (&mut self.arms, &mut self.come);
        let before = *come;
        running.poll(
            |done| {
                let (arm, future) = (done.arm, done.future as usize);
                arms[arm][future] = Some(Arc::new(done));
                come[arm] += 1;
            },
            go_on,
        );
        if running.is_done() {
            self.running = None;
        }
        let came = *come != before;
        self.revision += u64::from(came);
        came
    }

    /// Stops running; what has come is kept.
    pub fn cancel(&mut self) {
        self.cancelled |= self.running.take().is_some();
    }

    /// Whether futures are still running.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// What of it may be seen while the policy is covered: the futures without it, as a set without a policy. Nothing of the
    /// policy's is in it, so that nothing made from it can tell.
    #[must_use]
    pub fn without_policy(&self) -> Self {
        let subject = Subject { logs: [0, 0].map(|arm: usize| self.subject.logs[arm].clone()), ..self.subject.clone() };
        Self {
            subject,
            from: self.from,
            ask: self.ask,
            // A number of its own, and of its own kind: whoever caches must not take it for the whole set.
            serial: u64::MAX - self.serial,
            every: self.every,
            tracks: self.tracks.clone(),
            plans: [self.plans[0].clone(), self.plans[0].clone()],
            null: true,
            arms: [self.arms[0].clone(), Vec::new()],
            come: [self.come[0], 0],
            running: None,
            cancelled: self.cancelled,
            revision: self.revision,
        }
    }

    /// The mean of a track on the last day of an arm; of a share of futures the share, in percent. None where none has come.
    #[must_use]
    pub fn mean_at_end(&self, arm: usize, track: usize) -> Option<f64> {
        let last = (track + 1) * self.samples() - 1;
        let (mut sum, mut n) = (0.0, 0_u32);
        for done in self.arm(arm).iter().flatten() {
            let value = f64::from(*done.samples.get(last)?);
            sum += if self.tracks[track].is_share() { 100.0 * f64::from(u8::from(value > 0.0)) } else { value };
            n += 1;
        }
        (n > 0).then(|| sum / f64::from(n))
    }

    /// Pairs of futures that have come.
    #[must_use]
    pub fn pairs(&self) -> usize {
        if self.is_null() { self.come[0] } else { self.come[0].min(self.come[1]) }
    }

    pub(crate) fn arm(&self, arm: usize) -> &[Option<Arc<Done>>] {
        if self.is_null() { &self.arms[0] } else { &self.arms[arm] }
    }

    fn both(&self) -> impl Iterator<Item = (&Done, &Done)> {
        self.arm(0).iter().zip(self.arm(1)).filter_map(|(a, b)| Some((a.as_deref()?, b.as_deref()?)))
    }

    /// Samples along the fan.
    #[must_use]
    pub fn samples(&self) -> usize {
        (self.ask.days / self.every) as usize
    }

    /// The day of a sample: the evening it was read.
    #[must_use]
    pub fn day(&self, sample: usize) -> i32 {
        self.from + (sample as i32 + 1) * self.every as i32
    }

    /// Quantiles .05, .25, .5, .75 and .95 of a track in one arm, sample by sample. Of a share of futures: the share, and the
    /// ends of its 90 % interval, twice each.
    #[must_use]
    pub fn bands(&self, arm: usize, track: usize) -> Vec<[f64; 5]> {
        let (samples, at) = (self.samples(), track * self.samples());
        let done: Vec<&Done> = self.arm(arm).iter().flatten().map(Arc::as_ref).collect();
        if done.is_empty() {
            return Vec::new();
        }
        let mut values: Vec<f32> = Vec::with_capacity(done.len());
        let quantile = |sorted: &[f32], q: f64| {
            // Linear between order statistics.
            let place = q * (sorted.len() - 1) as f64;
            let (low, part) = (place as usize, place.fract());
            let high = (low + 1).min(sorted.len() - 1);
            f64::from(sorted[low]) * (1.0 - part) + f64::from(sorted[high]) * part
        };
        if self.tracks[track].is_share() {
            let so = |sample: usize| done.iter().filter(|d| d.samples[at + sample] > 0.0).count() as u64;
            let whole = done.len() as u64;
            let ends = |s: Share| [s.low, s.low, s.p, s.high, s.high].map(|x| 100.0 * x);
            return (0..samples).map(|sample| ends(share(so(sample), whole))).collect();
        }
        (0..samples)
            .map(|sample| {
                values.clear();
                values.extend(done.iter().map(|d| d.samples[at + sample]));
                values.sort_unstable_by(f32::total_cmp);
                [0.05, 0.25, 0.5, 0.75, 0.95].map(|q| quantile(&values, q))
            })
            .collect()
    }

    /// The day until which both arms are one, whatever is drawn: that of the first lever that only one of them moves.
    fn one_until(&self) -> i32 {
        let [a, b] = &self.plans;
        if a.from != b.from {
            return self.from;
        }
        let alone = |one: &Plan, other: &Plan| {
            let mine = one.log.iter().filter(|change| !other.log.contains(change));
            mine.map(|change| change.day).min()
        };
        [alone(a, b), alone(b, a)].into_iter().flatten().min().map_or(i32::MAX, |day| day.max(self.from))
    }

    /// Pairs of a track in which the arms differ, sample by sample.
    #[must_use]
    pub fn differing(&self, track: usize) -> Vec<u64> {
        let at = track * self.samples();
        let differ = |i: usize| self.both().filter(|(a, b)| (a.samples[i] - b.samples[i]).abs() > 0.0).count() as u64;
        (at..at + self.samples()).map(differ).collect()
    }

    /// Mean paired difference of a track with its 90 % interval, sample by sample. Exactly zero, with no width, where no pair could
    /// differ; so are counts where none does, for how far they could in pairs not seen nobody knows.
    #[must_use]
    pub fn differences(&self, track: usize) -> Vec<Difference> {
        let (samples, at) = (self.samples(), track * self.samples());
        let pairs: Vec<(&Done, &Done)> = self.both().collect();
        let n = pairs.len() as f64;
        if self.tracks[track].is_share() && !self.is_null() {
            let one_until = self.one_until();
            let of = |sample: usize| {
                let mut paired = Paired::default();
                let so = |done: &Done| u64::from(done.samples[at + sample] > 0.0);
                pairs.iter().for_each(|(a, b)| paired.add(so(a), so(b)));
                // The arms are one up to the day of the first lever in which they differ: no pair could.
                if self.day(sample) <= one_until {
                    return Difference { difference: 0.0, low: 0.0, high: 0.0 };
                }
                let d = paired.difference_of_shares();
                Difference { difference: 100.0 * d.difference, low: 100.0 * d.low, high: 100.0 * d.high }
            };
            return (0..samples).map(of).collect();
        }
        (0..samples)
            .map(|sample| {
                let mut of = Powers { pairs: n, ..Powers::default() };
                for (a, b) in &pairs {
                    let d = f64::from(b.samples[at + sample]) - f64::from(a.samples[at + sample]);
                    of.differ += f64::from(u8::from(d.abs() > 0.0));
                    for (sum, power) in of.sums.iter_mut().zip([d, d * d, d * d * d, d * d * d * d]) {
                        *sum += power;
                    }
                }
                mean_of_differences(&of, TAIL)
            })
            .collect()
    }

    /// Futures by escalation × settlement in one arm.
    #[must_use]
    pub fn table(&self, arm: usize) -> [[u64; 3]; 3] {
        let mut table = [[0; 3]; 3];
        for done in self.arm(arm).iter().flatten() {
            table[done.summary.outcome.escalation as usize][done.summary.outcome.settlement as usize] += 1;
        }
        table
    }

    /// Month by month from the day they start from: of the futures of an arm without a regional war so far, those in which one
    /// begins; then the same by either road. Futures in which it began before that day are at risk in no month.
    #[must_use]
    pub fn hazards(&self, arm: usize) -> [Vec<Hazard>; 3] {
        let mut first: [BTreeMap<i32, u64>; 3] = Default::default();
        for done in self.arm(arm).iter().flatten() {
            let days = done.summary.first;
            for (into, day) in
                first.iter_mut().zip([days.regional_war, days.regional_after_preventive, days.regional_by_answers])
            {
                if let Some(day) = day {
                    *into.entry(day - self.from).or_default() += 1;
                }
            }
        }
        let [war, ..] = &first;
        [0, 1, 2].map(|road| {
            let mut months = hazards(&first[road], war, self.come(arm), self.ask.days as i32);
            for month in &mut months {
                (month.from, month.to) = (month.from + self.from, month.to + self.from);
            }
            months
        })
    }

    /// Numbers of the futures of an arm that end so.
    #[must_use]
    pub fn ending(&self, arm: usize, escalation: Escalation, settlement: Settlement) -> Vec<u64> {
        let all = self.arm(arm).iter().flatten();
        let so =
            all.filter(|d| (d.summary.outcome.escalation, d.summary.outcome.settlement) == (escalation, settlement));
        so.map(|done| done.future).collect()
    }

    /// Numbers of the 5 % of the futures of an arm in which most are killed (one at least), those with most first.
    #[must_use]
    pub fn deadliest(&self, arm: usize) -> Vec<u64> {
        let mut all: Vec<(u64, u64)> =
            self.arm(arm).iter().flatten().map(|done| (done.summary.killed_in_all(), done.future)).collect();
        all.sort_by_key(|&(killed, future)| (std::cmp::Reverse(killed), future));
        let few = all.len().div_ceil(20);
        all.into_iter().take(few).map(|(_, future)| future).collect()
    }

    /// The future of this number as a history of its own: the one that is shown, from its first day to its last. Futures of a
    /// later day share their past with the history that they go on from, and are none.
    #[must_use]
    pub fn fate(&self, future: u64) -> Option<Fate> {
        (self.from == 0).then_some(Fate { seed: self.subject.seed, future, prior: self.plans[0].prior })
    }

    /// Futures of an arm with a regional war: in all, after a preventive strike of the fortnight before, and without.
    #[must_use]
    pub fn roads(&self, arm: usize) -> [u64; 3] {
        let count = |day: fn(&Done) -> Option<i32>| {
            self.arm(arm).iter().flatten().filter(|done| day(done).is_some()).count() as u64
        };
        [
            count(|done| done.summary.first.regional_war),
            count(|done| done.summary.first.regional_after_preventive),
            count(|done| done.summary.first.regional_by_answers),
        ]
    }

    /// Futures of an arm that have come.
    #[must_use]
    pub fn come(&self, arm: usize) -> u64 {
        if self.is_null() { self.come[0] as u64 } else { self.come[arm] as u64 }
    }

    /// Share of futures in a headline class, with its 90 % interval; the paired difference, and in how many pairs there is one.
    #[must_use]
    pub fn headline(&self, headline: Headline) -> (Share, Share, Difference, u64) {
        let count = |arm: usize| {
            let table = self.table(arm);
            let mut count = 0;
            for e in Escalation::ALL {
                for s in Settlement::ALL {
                    if Headline::of(e, s) == headline {
                        count += table[e as usize][s as usize];
                    }
                }
            }
            share(count, self.come(arm))
        };
        let mut paired = Paired::default();
        for (a, b) in self.both() {
            let is = |d: &Done| u64::from(d.summary.outcome.headline == headline);
            paired.add(is(a), is(b));
        }
        // Where no lever was moved there is one arm, and nothing to estimate.
        let difference = if self.is_null() { paired.difference() } else { paired.difference_of_shares() };
        (count(0), count(1), difference, paired.differ)
    }
}

/// Futures of a day. On day 0 nothing has happened yet: there the start itself is drawn, too, as in any ensemble. Of a history that
/// starts from a nowcast each future has the numbers of a particle of its own, and on day 0 its state.
pub(super) fn plan(sitting: &Sitting, ask: Ask, from: Snapshot, log: Vec<LeverChange>) -> Plan {
    let from = match (sitting.start(), from.clock.day > 0) {
        (None, false) => None,
        (None, true) => Some(from.into()),
        (Some(start), false) => Some(start.origin()),
        (Some(start), true) => Some(Origin::Numbers(Box::new(from), start.beginnings.clone())),
    };
    Plan { seed: sitting.seed(), days: ask.days, prior: ask.prior && sitting.start().is_none(), log, from }
}

fn same_plan(a: &Plan, b: &Plan) -> bool {
    a.seed == b.seed && a.days == b.days && a.prior == b.prior && a.log == b.log && a.from == b.from
}

/// The largest value that a chart has to show, of the highest of the past and the highest of the futures, in the unit of both.
///
/// The futures are what the chart is about: a past that was far above them is cut off, and said, rather than pressing them
/// to the foot.
#[must_use]
pub fn top(past: f64, future: f64) -> f64 {
    if future > 0.0 { past.min(2.0 * future).max(future) } else { past }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::sim::course::Course;
    use detente_model::symbols::levers::Lever;

    fn finish(mut fans: Fans) -> Fans {
        while fans.is_running() {
            fans.poll(|| true);
            std::thread::yield_now();
        }
        fans
    }

    fn sitting() -> Sitting {
        let mut s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 3);
        s.go_to(25);
        s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
        s.go_to(40);
        s
    }

    const ASK: Ask = Ask { futures: 24, days: 60, prior: true };

    #[test]
    fn a_past_far_above_the_futures_does_not_press_them_to_the_foot() {
        assert_eq!(top(5.0, 20.0), 20.0);
        assert_eq!(top(30.0, 20.0), 30.0);
        assert_eq!(top(200.0, 20.0), 40.0);
        assert_eq!(top(7.0, 0.0), 7.0, "futures of nothing leave the past its own scale");
    }

    #[test]
    fn threads_and_slices_give_the_same_futures() {
        let s = sitting();
        let beside = finish(Fans::start(&s, ASK, &[], 3));
        let mut between = Fans::start(&s, ASK, &[], 0);
        let mut rounds = 0;
        while between.is_running() {
            between.poll(|| false);
            rounds += 1;
        }
        assert_eq!(rounds, 48, "one future a slice");
        assert_eq!(beside.arms, between.arms);
        assert_eq!(beside.pairs(), 24);
    }

    #[test]
    fn fans_from_day_0_are_the_ensembles_of_the_command_line() {
        let s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 5);
        let fans = finish(Fans::start(&s, ASK, &[], 2));
        assert!(fans.is_null());
        let plan = Plan { seed: 5, days: 60, prior: true, log: Vec::new(), from: None };
        let whole = detente_study::futures::ensemble::ensemble(&s.rules, &plan, 0..24, 1, &Default::default()).unwrap();
        assert_eq!(fans.table(1), whole.outcomes);
    }

    #[test]
    fn without_a_policy_every_difference_is_exactly_zero() {
        let mut s = sitting();
        s.fork("nothing new").unwrap();
        let fans = finish(Fans::start(&s, ASK, &[], 2));
        assert!(fans.is_null());
        for track in 0..fans.tracks.len() {
            assert!(
                fans.differences(track).iter().all(|d| [d.difference, d.low, d.high].iter().all(|x| x.abs() == 0.0))
            );
        }
    }

    /// The share of futures with a regional war by then rises to the share so classed, within its interval; that of an agreement
    /// in force ends at how many hold.
    #[test]
    fn shares_by_date_end_at_the_shares_of_the_outcomes() {
        let s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 5);
        let fans = finish(Fans::start(&s, Ask { futures: 64, days: 120, prior: true }, &[], 2));
        let of = |track: Track| fans.bands(1, fans.tracks.iter().position(|t| *t == track).unwrap());
        let war = of(Track::RegionalWar);
        let (_, mine, ..) = fans.headline(Headline::RegionalWar);
        assert!(mine.p > 0.0 && (war.last().unwrap()[2] - 100.0 * mine.p).abs() < 1e-9, "{mine:?}");
        assert!(war.is_sorted_by(|a, b| a[2] <= b[2]), "what has begun has begun");
        assert!(war.iter().all(|b| b[0] <= b[2] && b[2] <= b[4] && b[0] < b[4]));
        let [all, opened, answered] = fans.roads(1);
        assert_eq!((all, opened + answered), ((64.0 * mine.p) as u64, all));
        let lebanon = s.rules.table("LEB").unwrap();
        let held = fans.arms[0].iter().flatten().filter(|done| done.summary.in_force_at_end(lebanon)).count();
        let share = of(Track::InForce(lebanon)).last().unwrap()[2];
        assert!(held > 0 && (share - 100.0 * held as f64 / 64.0).abs() < 1e-9, "{held}: {share}");
    }

    #[test]
    fn a_baseline_is_kept_when_only_the_policy_moves() {
        let mut s = sitting();
        let first = finish(Fans::start(&s, ASK, &[], 2));
        let baseline = first.arms[0].clone();
        s.set_lever(Lever::UnifilTroops, 0.0).unwrap();
        let second = Fans::start(&s, ASK, &[&first], 0);
        assert_eq!(second.come, [24, 0]);
        assert_eq!(second.arms[0], baseline);
        let second = finish(second);
        assert_eq!(second.pairs(), 24);
    }

    #[test]
    fn samples_lie_where_they_belong() {
        let s = sitting();
        let fans = finish(Fans::start(&s, ASK, &[], 1));
        let killed = fans.tracks.iter().position(|t| *t == Track::Killed).unwrap();
        let done = fans.arms[1][0].as_ref().unwrap();
        let sum: f64 = done.samples[killed * 60..(killed + 1) * 60].iter().map(|&v| f64::from(v)).sum();
        let mut again: Course = Course::new(&s.rules, s.fate(), Vec::new());
        let fate = detente_model::sim::world::Fate { seed: 3, future: 0, prior: true };
        again.restore(s.now(), fate, s.branch().changes.clone());
        again.run(60);
        let count =
            |list: &[detente_model::sim::state::Territory]| list.iter().map(|t| f64::from(t.killed)).sum::<f64>();
        let (before, after) = (count(&s.now().columns.territories), count(&again.snapshot().columns.territories));
        assert_eq!(sum as i64, (after - before) as i64);
    }
}
