//! The essay's claims, each against the same futures without it.

use super::arms::{Arm, run_arms, summaries};
use super::effect::Effect;
use super::ensemble::{Plan, Progress};
use detente_model::scenario::Loaded;
use detente_model::sim::rules::Rules;
use detente_model::symbols::claims::{CLAIMS, Claim};

/// The rules of a scenario with these claims switched off.
///
/// A parameter that a scenario sets is fixed under prior draws, so a claim that is off stays off there, while every other
/// parameter takes the draw that it takes with the claim on.
#[must_use]
pub fn without(loaded: &Loaded, claims: &[Claim]) -> Rules {
    let mut loaded = loaded.clone();
    for (id, null) in claims.iter().flat_map(|claim| claim.switches) {
        loaded.scenario.parameters.insert((*id).to_owned(), *null);
    }
    Rules::new(&loaded)
}

/// What one set of claims changes: the futures with it (`changed`) minus those without it (`baseline`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimEffect {
    /// At the scenario's parameters.
    pub default: Effect,
    /// With parameters drawn from their ranges.
    pub prior: Effect,
}

/// Effects of every claim, in the order of [`CLAIMS`], and of all of them together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimEffects {
    /// One per claim.
    pub claims: Vec<ClaimEffect>,
    /// All claims on against all of them off.
    pub all: ClaimEffect,
}

/// Futures after which intermediate results count: every claim has then met the same futures.
const BLOCK: u64 = 64;

/// Futures to run in all, for so many pairs of each claim.
#[must_use]
pub fn futures_needed(pairs: u64) -> u64 {
    2 * pairs * (CLAIMS.len() as u64 + 2)
}

/// Runs `pairs` pairs of futures for every claim, at the scenario's parameters and under prior draws. The futures with every
/// claim on are the same for all claims, and run once.
///
/// Whenever stopped, what has been run in whole blocks comes back; pairs are counted in each [`Effect::runs`].
#[must_use]
pub fn claim_effects(
    loaded: &Loaded,
    rules: &Rules,
    plan: &Plan,
    pairs: u64,
    jobs: usize,
    progress: &Progress,
) -> ClaimEffects {
    let mut worlds: Vec<Rules> = CLAIMS.iter().map(|claim| without(loaded, std::slice::from_ref(claim))).collect();
    worlds.push(without(loaded, CLAIMS));
    let off = worlds.len();
    worlds.push(rules.clone());

    let mut sums = [false, true].map(|prior| (prior, vec![Effect::new(rules); off]));
    let mut start = 0;
    'run: while start < pairs {
        let end = (start + BLOCK).min(pairs);
        for (prior, sums) in &mut sums {
            let arm = |rules| Arm { rules, plan: Plan { prior: *prior, ..plan.clone() } };
            let Some(with) = summaries(&worlds, &arm(off), start..end, jobs, progress) else { break 'run };
            let arms: Vec<Arm> = (0..off).map(arm).collect();
            let tasks: Vec<(usize, u64)> =
                (0..off).flat_map(|arm| (start..end).map(move |future| (arm, future))).collect();
            let new = || vec![Effect::new(rules); off];
            let parts = run_arms(&worlds, &arms, &tasks, jobs, progress, new, |effects, task, without| {
                let (arm, future) = tasks[task];
                effects[arm].add(&without, &with[(future - start) as usize]);
            });
            for part in parts.unwrap_or_default() {
                sums.iter_mut().zip(&part).for_each(|(sum, part)| sum.merge(part));
            }
            if progress.stop.load(std::sync::atomic::Ordering::Relaxed) {
                break 'run;
            }
        }
        start = end;
    }
    let [(_, default), (_, prior)] = sums;
    let mut claims: Vec<ClaimEffect> =
        default.into_iter().zip(prior).map(|(default, prior)| ClaimEffect { default, prior }).collect();
    // There is one for each world without something, so at least that for all claims.
    let all = claims.pop().unwrap_or_else(|| ClaimEffect { default: Effect::new(rules), prior: Effect::new(rules) });
    ClaimEffects { claims, all }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::chance::Key;
    use std::sync::atomic::Ordering;

    /// The off arm differs from the on arm in the switches and in nothing else, under prior draws too.
    #[test]
    fn the_other_arm_has_the_same_draws_but_for_its_switches() {
        let loaded = detente_model::scenario::load("november-2024").unwrap();
        for claim in CLAIMS {
            let (mut on, mut off) = (Rules::new(&loaded), without(&loaded, std::slice::from_ref(claim)));
            for future in 0..20 {
                on.redraw(Key::new(3, future));
                off.redraw(Key::new(3, future));
                for row in detente_model::symbols::parameters::ROWS {
                    let (with, without) = (on.full.get(row.id).unwrap(), off.full.get(row.id).unwrap());
                    match claim.switches.iter().find(|(id, _)| *id == row.id) {
                        Some((_, null)) => assert_eq!(without.to_bits(), null.to_bits(), "{}: {}", claim.id, row.id),
                        None => assert_eq!(with.to_bits(), without.to_bits(), "{}: {}", claim.id, row.id),
                    }
                }
                let estimates = |rules: &Rules| {
                    let streams = rules.streams.iter().flat_map(|s| [s.mu, s.size, s.memory, s.growth, s.deaths[0]]);
                    let ledgers = rules.ledgers.iter().flat_map(|l| [l.theta, l.half_life, l.h_max, l.kappa, l.bias]);
                    streams.chain(ledgers).map(f64::to_bits).collect::<Vec<u64>>()
                };
                assert_eq!(estimates(&on), estimates(&off), "{}", claim.id);
            }
        }
    }

    #[test]
    fn the_shared_baseline_gives_what_separate_pairs_would() {
        let loaded = detente_model::scenario::load("november-2024").unwrap();
        let rules = Rules::new(&loaded);
        let plan = Plan { seed: 2, days: 150, prior: false, log: Vec::new(), from: None };
        let progress = Progress::default();
        let effects = claim_effects(&loaded, &rules, &plan, 70, 2, &progress);
        assert_eq!(progress.done.load(Ordering::Relaxed), futures_needed(70));
        assert_eq!(effects, claim_effects(&loaded, &rules, &plan, 70, 1, &Progress::default()));

        let third = CLAIMS.iter().position(|claim| claim.id == "H3").unwrap();
        let off = without(&loaded, &CLAIMS[third..=third]);
        let mut alone = Effect::new(&rules);
        let (on, off) = (
            summaries(
                std::slice::from_ref(&rules),
                &Arm { rules: 0, plan: plan.clone() },
                0..70,
                1,
                &Progress::default(),
            ),
            summaries(
                std::slice::from_ref(&off),
                &Arm { rules: 0, plan: plan.clone() },
                0..70,
                1,
                &Progress::default(),
            ),
        );
        for (on, off) in on.unwrap().iter().zip(&off.unwrap()) {
            alone.add(off, on);
        }
        assert_eq!(effects.claims[third].default, alone);
        let lebanon = rules.table("LEB").unwrap();
        assert!(alone.in_force[lebanon].differ > 0, "peacekeepers bear on the truce in Lebanon");
        assert_ne!(effects.claims[third].default, effects.claims[third].prior);
    }

    #[test]
    fn a_stop_keeps_whole_blocks() {
        let loaded = detente_model::scenario::load("november-2024").unwrap();
        let rules = Rules::new(&loaded);
        let plan = Plan { seed: 2, days: 5, prior: false, log: Vec::new(), from: None };
        let progress = Progress::default();
        progress.stop.store(true, Ordering::Relaxed);
        let effects = claim_effects(&loaded, &rules, &plan, 70, 2, &progress);
        assert!(effects.claims.iter().all(|claim| claim.default.runs == 0 && claim.prior.runs == 0));
    }
}
