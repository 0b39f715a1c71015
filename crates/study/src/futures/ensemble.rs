//! Running many futures on several threads.

use super::accumulate::{Accumulator, AtEnd, Summary};
use detente_model::record::recorder::outcome_of_course;
use detente_model::sim::course::Course;
use detente_model::sim::probe::Probe;
use detente_model::sim::rules::{Point, Rules};
use detente_model::sim::world::{Fate, Snapshot};
use detente_model::symbols::levers::LeverChange;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What an ensemble runs.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Seed.
    pub seed: u64,
    /// Days of every future.
    pub days: u32,
    /// Whether parameters are drawn from their ranges.
    pub prior: bool,
    /// The user's lever changes.
    pub log: Vec<LeverChange>,
    /// Futures start from here and not from day 0.
    pub from: Option<Origin>,
}

/// Where futures start from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// All from one state, with the numbers that the plan says.
    One(Box<Snapshot>),
    /// Each from a state of its own and with its numbers: future K from the one at K modulo their number. Never empty.
    Many(Arc<[Beginning]>),
    /// All from one state, each with the numbers of a beginning: future K with those of the one at K modulo their number.
    Numbers(Box<Snapshot>, Arc<[Beginning]>),
}

/// A state to start from, and where the numbers of the futures that do stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Beginning {
    /// State.
    pub state: Snapshot,
    /// Numbers.
    pub point: Point,
}

/// The beginning of a future, of a list that is never empty.
#[must_use]
pub fn of(list: &[Beginning], future: u64) -> &Beginning {
    &list[(future % list.len() as u64) as usize]
}

impl From<Snapshot> for Origin {
    fn from(snapshot: Snapshot) -> Self {
        Self::One(Box::new(snapshot))
    }
}

impl Origin {
    /// The day from which its futures run on.
    #[must_use]
    pub fn day(&self) -> i32 {
        match self {
            Self::One(snapshot) | Self::Numbers(snapshot, _) => snapshot.clock.day,
            Self::Many(list) => list.first().map_or(0, |first| first.state.clock.day),
        }
    }

    /// The beginning of a future, where each has its own.
    #[must_use]
    pub fn of(&self, future: u64) -> Option<&Beginning> {
        match self {
            Self::One(_) | Self::Numbers(..) => None,
            Self::Many(list) => Some(of(list, future)),
        }
    }
}

/// A worker: one future after another, in the same memory.
pub struct Worker {
    plan: Plan,
    course: Course,
    /// Sum over days on which Iran and Israel struck deep or worse of the leave that hosts gave, and those days.
    leave: (f64, u32),
}

/// Level of a front from which both sides strike deep.
const DEEP: u8 = 3;

impl Worker {
    /// A worker.
    #[must_use]
    pub fn new(rules: &Rules, plan: &Plan) -> Self {
        let fate = Fate { seed: plan.seed, future: 0, prior: false };
        Self { plan: plan.clone(), course: Course::new(rules, fate, plan.log.clone()), leave: (0.0, 0) }
    }

    /// Runs one future to its end.
    pub fn run(&mut self, future: u64) -> Summary {
        let plan = std::mem::take(&mut self.plan);
        let summary = self.run_as(&plan, future);
        self.plan = plan;
        summary
    }

    /// Runs one future of another plan for the same rules.
    pub fn run_as(&mut self, plan: &Plan, future: u64) -> Summary {
        self.run_watched(plan, future, u32::MAX, |_| ())
    }

    /// Runs one future of another plan, and shows it to `watch` on every evening whose number is a multiple of
    /// `every`.
    pub fn run_watched(&mut self, plan: &Plan, future: u64, every: u32, mut watch: impl FnMut(&Course)) -> Summary {
        begin(&mut self.course, plan, future);
        self.leave = (0.0, 0);
        for day in 1..=plan.days {
            self.course.step();
            self.look();
            if day.is_multiple_of(every) {
                watch(&self.course);
            }
        }
        self.summary(future)
    }

    /// Takes in what no total of a run holds.
    fn look(&mut self) {
        let columns = self.course.columns();
        let deep = self.course.rules().roles.direct_front.is_some_and(|front| columns.fronts[front].level >= DEEP);
        if deep && !columns.hosts.is_empty() {
            let given = columns.hosts.iter().map(|h| h.permission).sum::<f64>() / columns.hosts.len() as f64;
            self.leave = (self.leave.0 + given, self.leave.1 + 1);
        }
    }

    fn summary(&self, future: u64) -> Summary {
        let columns = self.course.columns();
        let killed = columns.territories.iter().map(|territory| territory.killed);
        let integrated = columns.integrations.iter().map(|n| (1000.0 * n.share) as u32).collect();
        let hosts = &columns.hosts;
        let at_end = AtEnd {
            own_sites: (100.0 * hosts.iter().map(|h| h.harm).sum::<f64>()) as u32,
            forum: columns.programmes.first().map_or(0, |n| (1000.0 * n.forum) as u32),
            aid: columns.paths.first().map_or(0, |path| (10.0 * path.aid) as u32),
        };
        Summary {
            integrated,
            permission: (self.leave.1 > 0).then(|| (1000.0 * self.leave.0 / f64::from(self.leave.1)) as u32),
            at_end,
            ..Summary::of(future, outcome_of_course(&self.course), self.course.tally(), killed)
        }
    }
}

/// Goes to the beginning of a future of a plan, whatever listens to it.
pub(super) fn begin<P: Probe>(course: &mut Course<P>, plan: &Plan, future: u64) {
    let fate = Fate { seed: plan.seed, future, prior: plan.prior };
    match &plan.from {
        Some(Origin::One(snapshot)) => course.restore(snapshot, fate, plan.log.clone()),
        Some(Origin::Many(list)) => {
            let Beginning { state, point } = of(list, future);
            course.restore_at(state, plan.seed, future, point, plan.log.clone());
        }
        Some(Origin::Numbers(state, list)) => {
            course.restore_at(state, plan.seed, future, &of(list, future).point, plan.log.clone());
        }
        None => course.begin(fate, plan.log.clone()),
    }
}

/// Futures handed to a worker at a time.
const BITE: u64 = 16;

/// Progress of a run of many futures, and the way to stop it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Futures finished.
    pub done: AtomicU64,
    /// Futures of the announced number that turned out not to be needed.
    pub spared: AtomicU64,
    /// Futures beyond the announced number that turned out to be needed.
    pub more: AtomicU64,
    /// Set to end early.
    pub stop: AtomicBool,
}

/// Runs `task` for every number of `futures` on `jobs` threads. Each thread has a worker (its worlds) and a state that it
/// folds into; the states come back in no particular order, so folding must not depend on it. `None` if stopped.
pub fn run_all<W, S: Send>(
    futures: Range<u64>,
    jobs: usize,
    progress: &Progress,
    worker: impl Fn() -> W + Sync,
    state: impl Fn() -> S + Sync,
    task: impl Fn(&mut W, &mut S, u64) + Sync,
) -> Option<Vec<S>> {
    // A thread without a bite of its own would do nothing.
    let most = usize::try_from(futures.end.saturating_sub(futures.start).div_ceil(BITE)).unwrap_or(usize::MAX).max(1);
    let next = AtomicU64::new(futures.start);
    let work = || {
        let mut folded = state();
        let mut mine: Option<W> = None;
        loop {
            let start = next.fetch_add(BITE, Ordering::Relaxed);
            if start >= futures.end || progress.stop.load(Ordering::Relaxed) {
                return folded;
            }
            let mine = mine.get_or_insert_with(&worker);
            for future in start..(start + BITE).min(futures.end) {
                task(mine, &mut folded, future);
                progress.done.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    let states = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs.clamp(1, most)).map(|_| scope.spawn(work)).collect();
        // A panic in a worker is a bug: let it through as it is.
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    if progress.stop.load(Ordering::Relaxed) { None } else { Some(states) }
}

/// Statistics of an ensemble; `None` if stopped.
pub fn ensemble(
    rules: &Rules,
    plan: &Plan,
    futures: Range<u64>,
    jobs: usize,
    progress: &Progress,
) -> Option<Accumulator> {
    let horizon = plan.from.as_ref().map_or(0, |from| from.day() as u32) + plan.days;
    let new = || Accumulator::new(rules, horizon);
    let parts = run_all(
        futures,
        jobs,
        progress,
        || Worker::new(rules, plan),
        new,
        |worker, into, future| {
            into.add(&worker.run(future));
        },
    )?;
    let mut whole = new();
    for part in &parts {
        whole.merge(part);
    }
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A future that fans out from a day, recorded alone, is the one that an ensemble from that day counts by that number.
    #[test]
    fn a_future_of_a_later_day_is_recorded_as_it_is_counted() {
        use detente_model::record::fates::Fates;
        use detente_model::record::recorder::record;
        use detente_model::symbols::levers::{Lever, LeverChange};
        use noisy_float::prelude::R64;

        let rules = Rules::new(&detente_model::scenario::load("november-2024").unwrap());
        let change = |day, lever, value| LeverChange { day, lever, value: R64::new(value) };
        // Moves before the day, on it and after it.
        let log = vec![
            change(10, Lever::UnifilTroops, 14_000.0),
            change(70, Lever::IsraelBlowRate, 0.0),
            change(90, Lever::SanctionsPressure, 1.0),
        ];
        let (seed, from) = (80, 70);
        let mut history: Course = Course::new(&rules, Fate { seed, future: 0, prior: false }, log.clone());
        history.run(from);
        for prior in [false, true] {
            let plan = Plan { seed, days: 110, prior, log: log.clone(), from: Some(history.snapshot().into()) };
            let mut worker = Worker::new(&rules, &plan);
            for future in [0, 3, 41] {
                let summary = worker.run(future);
                let fates = Fates::from_day(from as i32, Fate { seed, future, prior });
                let run = record(&rules, fates, &log, 180, |_| true).unwrap();
                let alone = Summary::of(future, run.outcome, &run.end.tally, []);
                assert_eq!((summary.outcome, &summary.streams), (alone.outcome, &alone.streams), "future {future}");
                assert_eq!(summary.first, alone.first);
                assert_eq!(summary.spells, alone.spells);
            }
        }
        // From day 0 on it is simply that future.
        let fate = Fate { seed, future: 3, prior: true };
        assert_eq!(Fates::from_day(0, fate), fate.into());
    }

    #[test]
    fn the_number_of_workers_does_not_show() {
        let loaded = detente_model::scenario::load("november-2024").unwrap();
        let rules = Rules::new(&loaded);
        for prior in [false, true] {
            let plan = Plan { seed: 5, days: 90, prior, log: Vec::new(), from: None };
            let of = |jobs| ensemble(&rules, &plan, 0..70, jobs, &Progress::default()).unwrap();
            let one = of(1);
            assert_eq!(one.runs, 70);
            assert_eq!(one, of(3));
        }
    }
}
