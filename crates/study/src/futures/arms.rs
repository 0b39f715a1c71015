//! Several arms against one baseline: the baseline's futures run once and serve every arm.

use super::accumulate::Summary;
use super::ensemble::{Plan, Progress, Worker, run_all};
use detente_model::sim::rules::Rules;
use std::ops::Range;

/// One arm: what is run, and under which of the rules at hand.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Position in the list of rules.
    pub rules: usize,
    /// What is run.
    pub plan: Plan,
}

/// Runs futures of arms, each given as (arm, future), on `jobs` threads, and folds their summaries with the position in
/// `tasks` into one state per thread. The states come back in no particular order. `None` if stopped.
///
/// A thread keeps one world for each of the `rules` that it meets.
pub fn run_arms<S: Send>(
    rules: &[Rules],
    arms: &[Arm],
    tasks: &[(usize, u64)],
    jobs: usize,
    progress: &Progress,
    state: impl Fn() -> S + Sync,
    fold: impl Fn(&mut S, usize, Summary) + Sync,
) -> Option<Vec<S>> {
    let worlds = || (0..rules.len()).map(|_| None::<Worker>).collect::<Vec<_>>();
    run_all(0..tasks.len() as u64, jobs, progress, worlds, state, |worlds, state, task| {
        let (arm, future) = tasks[task as usize];
        let Arm { rules: r, plan } = &arms[arm];
        let world = worlds[*r].get_or_insert_with(|| Worker::new(&rules[*r], plan));
        fold(state, task as usize, world.run_as(plan, future));
    })
}

/// The summaries of an arm's futures, in order; `None` if stopped.
pub fn summaries(
    rules: &[Rules],
    arm: &Arm,
    futures: Range<u64>,
    jobs: usize,
    progress: &Progress,
) -> Option<Vec<Summary>> {
    let tasks: Vec<(usize, u64)> = futures.map(|future| (0, future)).collect();
    let arms = std::slice::from_ref(arm);
    let parts = run_arms(rules, arms, &tasks, jobs, progress, Vec::new, |all: &mut Vec<_>, _, s| all.push(s))?;
    let mut all: Vec<Summary> = parts.into_iter().flatten().collect();
    all.sort_by_key(|summary| summary.future);
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::symbols::levers::{Lever, LeverChange};
    use noisy_float::prelude::R64;
    use std::sync::atomic::Ordering;

    /// Whichever world, thread or order: a future of an arm is the future that an ensemble of that plan would run.
    #[test]
    fn worlds_that_serve_many_arms_leave_no_trace() {
        let rules = [Rules::new(&detente_model::scenario::load("november-2024").unwrap())];
        let log = vec![LeverChange { day: 3, lever: Lever::UnifilTroops, value: R64::new(0.0) }];
        let plan = |prior, log| Plan { seed: 4, days: 60, prior, log, from: None };
        let arms: Vec<Arm> = [plan(false, Vec::new()), plan(true, log.clone()), plan(false, log)]
            .into_iter()
            .map(|plan| Arm { rules: 0, plan })
            .collect();
        let alone: Vec<Vec<Summary>> =
            arms.iter().map(|arm| summaries(&rules, arm, 0..8, 1, &Progress::default()).unwrap()).collect();
        let tasks: Vec<(usize, u64)> = (0..8).flat_map(|future| (0..3).map(move |arm| (arm, future))).collect();
        let progress = Progress::default();
        let parts = run_arms(&rules, &arms, &tasks, 2, &progress, Vec::new, |all: &mut Vec<_>, task, summary| {
            all.push((task, summary));
        });
        let mut mixed: Vec<(usize, Summary)> = parts.unwrap().into_iter().flatten().collect();
        mixed.sort_by_key(|(task, _)| *task);
        assert_eq!((mixed.len(), progress.done.load(Ordering::Relaxed)), (24, 24));
        for (task, summary) in mixed {
            let (arm, future) = tasks[task];
            assert_eq!(summary, alone[arm][future as usize], "arm {arm}, future {future}");
        }
        assert_ne!(alone[0], alone[1]);
    }
}
