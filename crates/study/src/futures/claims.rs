//! The essay's claims, each against the same futures without it.

use super::arms::{Arm, run_arms, summaries};
use super::effect::{Effect, Paired};
use super::ensemble::{Plan, Progress};
use detente_model::scenario::Loaded;
use detente_model::sim::rules::Rules;
use detente_model::symbols::claims::{CLAIMS, Claim, Shows};
use serde::{Deserialize, Serialize};
use std::ops::Range;

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimEffect {
    /// At the scenario's parameters.
    pub default: Effect,
    /// With parameters drawn from their ranges.
    pub prior: Effect,
}

/// Effects of every claim, in the order of [`CLAIMS`], and of all of them together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimEffects {
    /// One per claim.
    pub claims: Vec<ClaimEffect>,
    /// All claims on against all of them off.
    pub all: ClaimEffect,
}

impl ClaimEffects {
    /// Of no futures.
    #[must_use]
    pub fn new(rules: &Rules) -> Self {
        let none = ClaimEffect { default: Effect::new(rules), prior: Effect::new(rules) };
        Self { claims: vec![none.clone(); CLAIMS.len()], all: none }
    }

    /// Pairs of futures of each claim.
    #[must_use]
    pub fn runs(&self) -> u64 {
        self.all.prior.runs
    }

    /// Adds those of other futures.
    pub fn merge(&mut self, other: &Self) {
        let ours = self.claims.iter_mut().chain([&mut self.all]);
        for (sum, part) in ours.zip(other.claims.iter().chain([&other.all])) {
            sum.default.merge(&part.default);
            sum.prior.merge(&part.prior);
        }
    }
}

/// Futures after which intermediate results count: every claim has then met the same futures.
pub const BLOCK: u64 = 64;

/// Futures to run in all, for so many pairs of each claim.
#[must_use]
pub fn futures_needed(pairs: u64) -> u64 {
    2 * pairs * (CLAIMS.len() as u64 + 2)
}

/// The worlds that claims are tried in: without each, without all, and the scenario as it is.
#[derive(Debug)]
pub struct Worlds(Vec<Rules>);

impl Worlds {
    /// Those of a scenario.
    #[must_use]
    pub fn of(loaded: &Loaded, rules: &Rules) -> Self {
        let mut worlds: Vec<Rules> = CLAIMS.iter().map(|claim| without(loaded, std::slice::from_ref(claim))).collect();
        worlds.push(without(loaded, CLAIMS));
        worlds.push(rules.clone());
        Self(worlds)
    }

    /// Those of a scenario without each of some claims, by position, and as it is.
    fn of_some(loaded: &Loaded, rules: &Rules, claims: &[usize]) -> Self {
        let mut worlds: Vec<Rules> = claims.iter().map(|&claim| without(loaded, &CLAIMS[claim..=claim])).collect();
        worlds.push(rules.clone());
        Self(worlds)
    }

    /// Runs a block of futures for every claim, at the scenario's parameters and under prior draws; `None` if stopped. The
    /// futures with every claim on are the same for all claims, and run once.
    #[must_use]
    pub fn block(&self, plan: &Plan, futures: Range<u64>, jobs: usize, progress: &Progress) -> Option<ClaimEffects> {
        let mut claims = self.each(plan, futures, jobs, progress)?;
        // There is one for each world without something, so at least that for all claims.
        let all = claims.pop()?;
        Some(ClaimEffects { claims, all })
    }

    /// What each world without something changes.
    fn each(&self, plan: &Plan, futures: Range<u64>, jobs: usize, progress: &Progress) -> Option<Vec<ClaimEffect>> {
        let (on, off) = (&self.0[self.0.len() - 1], self.0.len() - 1);
        let both = |prior| {
            let arm = |rules| Arm { rules, plan: Plan { prior, ..plan.clone() } };
            let with = summaries(&self.0, &arm(off), futures.clone(), jobs, progress)?;
            let arms: Vec<Arm> = (0..off).map(arm).collect();
            let tasks: Vec<(usize, u64)> =
                (0..off).flat_map(|arm| futures.clone().map(move |future| (arm, future))).collect();
            let new = || vec![Effect::new(on); off];
            let parts = run_arms(&self.0, &arms, &tasks, jobs, progress, new, |effects, task, without| {
                let (arm, future) = tasks[task];
                effects[arm].add(&without, &with[(future - futures.start) as usize]);
            })?;
            let mut sums = new();
            for part in parts {
                sums.iter_mut().zip(&part).for_each(|(sum, part)| sum.merge(part));
            }
            Some(sums)
        };
        let (default, prior) = (both(false)?, both(true)?);
        Some(default.into_iter().zip(prior).map(|(default, prior)| ClaimEffect { default, prior }).collect())
    }
}

/// The scenarios in which claims should show, each with the positions of the claims that name it, but for one scenario in which they
/// are tried anyway.
#[must_use]
pub fn stages(but: &str) -> Vec<(&'static str, Vec<usize>)> {
    let mut stages: Vec<(&'static str, Vec<usize>)> = Vec::new();
    for (position, claim) in CLAIMS.iter().enumerate().filter(|(_, claim)| claim.stage != but) {
        match stages.iter_mut().find(|(name, _)| *name == claim.stage) {
            Some((_, claims)) => claims.push(position),
            None => stages.push((claim.stage, vec![position])),
        }
    }
    stages
}

/// What some claims change in a scenario, in their order; `None` if stopped.
#[must_use]
pub fn effects_of_some(
    loaded: &Loaded,
    rules: &Rules,
    claims: &[usize],
    plan: &Plan,
    pairs: u64,
    jobs: usize,
    progress: &Progress,
) -> Option<Vec<ClaimEffect>> {
    Worlds::of_some(loaded, rules, claims).each(plan, 0..pairs, jobs, progress)
}

/// The pairs of a quantity in which a claim should show; none where a scenario has it not, or where it is how long agreements last.
#[must_use]
pub fn paired<'a>(rules: &Rules, shows: &Shows, effect: &'a Effect) -> Option<&'a Paired> {
    let [own_sites, forum, aid] = &effect.at_end;
    Some(match shows {
        Shows::Blows => &effect.blows,
        Shows::Events(id) => &effect.events[rules.stream(id)?],
        Shows::Answers(id) => &effect.answers[rules.ledger(id)?],
        Shows::Size(id) => &effect.sizes[rules.ledger(id)?],
        Shows::Integrated(id) => &effect.integrated[rules.integrations.iter().position(|n| n.id.text == *id)?],
        Shows::Against => &effect.us_votes[0],
        Shows::NotAgainst => &effect.us_votes[1],
        Shows::Signing(id) => &effect.first_signed[rules.table(id)?],
        Shows::Permission => &effect.permission,
        Shows::OwnSites => own_sites,
        Shows::Forum => forum,
        Shows::Aid => aid,
        Shows::Lasting(_) => return None,
    })
}

/// Runs `pairs` pairs of futures for every claim, at the scenario's parameters and under prior draws: the first so many whole
/// blocks of them if stopped.
#[must_use]
pub fn claim_effects(
    loaded: &Loaded,
    rules: &Rules,
    plan: &Plan,
    pairs: u64,
    jobs: usize,
    progress: &Progress,
) -> ClaimEffects {
    let worlds = Worlds::of(loaded, rules);
    let mut sums = ClaimEffects::new(rules);
    for start in (0..pairs).step_by(BLOCK as usize) {
        let Some(part) = worlds.block(plan, start..pairs.min(start + BLOCK), jobs, progress) else { break };
        sums.merge(&part);
    }
    sums
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
