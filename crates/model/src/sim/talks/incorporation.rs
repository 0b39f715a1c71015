//! Phase 4: armed groups coming under the political authority of a state: one equation for Yemen, Iraq and the Palestinians
//! (after 6.12, 6.13, 6.18).
//!
//! In Iraq it is the integration of 6.13 ([`super::integration`]), which moves its share by the same [`incorporated`], with the
//! rates that it had and the capacity of the state beside them: claim H5 and its test of old hang on these. The state here
//! follows it.

use crate::scenario::raw::Process;
use crate::sim::mechanism::{Mechanism, Node, held};
use crate::sim::rules::{IncorporationRules, Rules};
use crate::sim::state::{Agreement, Incorporation, Integration, NEVER, Path, Roadmap, Threat};
use crate::sim::talks::stages::implemented;
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

/// Share under political authority tomorrow:
/// `s + D max(s, s₀) (1 − s) capacity − r_b s b`, kept in 0 to 1, with D the drive a day, s₀ the floor from which it starts
/// (0 in Iraq, where it has begun) and b the freshness of harm by the state's partner.
#[inline]
#[must_use]
pub fn incorporated(now: f64, drive: f64, floor: f64, capacity: f64, breach: f64, p: &Parameters) -> f64 {
    let grown = now + drive * now.max(floor) * (1.0 - now) * capacity;
    (grown - p.incorporation_breach * breach * now).clamp(0.0, 1.0)
}

/// What moves a group under political authority today, each 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pull {
    /// How far its process runs.
    pub process: f64,
    /// Legitimacy gained.
    pub legitimacy: f64,
    /// Exit of outside forces.
    pub exit: f64,
    /// Freshness of harm by outsiders.
    pub struck: f64,
    /// Freshness of harm by the state's partner.
    pub breach: f64,
}

/// The drive a day: `r₁ process + r₂ legitimacy + r₃ exit − r₄ struck`.
#[inline]
#[must_use]
pub fn drive(pull: &Pull, p: &Parameters) -> f64 {
    p.incorporation_process * pull.process + p.incorporation_exit * pull.exit + beside(pull, p)
}

/// The part of the drive that is the same in Iraq, where process and exit have rates of their own: `r₂ legitimacy − r₄ struck`.
#[inline]
#[must_use]
pub fn beside(pull: &Pull, p: &Parameters) -> f64 {
    p.incorporation_legitimacy * pull.legitimacy - p.incorporation_struck * pull.struck
}

/// Freshness of harm perceived over the last 30 days: `1 − e^(−V/V₀)`, as in threat (6.1).
#[inline]
#[must_use]
pub fn freshness(harm: f64, p: &Parameters) -> f64 {
    -libm::expm1(-harm / p.v0_blows)
}

/// Legitimacy of a stage of the roadmap: a seat in inclusive talks, 1 with a constitution and elections.
#[inline]
#[must_use]
pub fn seat(stage: u8, p: &Parameters) -> f64 {
    match stage {
        0 | 1 => 0.0,
        2 => p.roadmap_seat,
        _ => 1.0,
    }
}

/// Factor `(1 − k s)/(1 − k s⁰)` of incorporation on what it ends: 1 at the share of the start, for which the rates were
/// chosen. `k` is the share that full incorporation ends.
#[inline]
#[must_use]
pub fn left(k: f64, share: f64, share_at_start: f64) -> f64 {
    // A group that is wholly incorporated from the start has nothing left to end.
    (1.0 - k * share) / (1.0 - k * share_at_start).max(0.05)
}

/// Factor of what economic activity above that of the start makes a fighter give up: `e^(−k (y − y⁰))`.
#[inline]
#[must_use]
pub fn opportunity(k: f64, activity: f64, activity_at_start: f64) -> f64 {
    libm::exp(-k * (activity - activity_at_start))
}

/// What pulls a group today.
#[must_use]
pub fn pull(
    rule: &IncorporationRules,
    levers: &LeverSet,
    truce: bool,
    roadmaps: &[Roadmap],
    paths: &[Path],
    threats: &[Threat],
    p: &Parameters,
) -> Pull {
    let outsiders: f64 = rule.outsiders.iter().map(|&t| threats[t].recent_harm).sum();
    let harm = Pull {
        struck: freshness(outsiders, p),
        breach: rule.partner.map_or(0.0, |t| freshness(threats[t].recent_harm, p)),
        ..Pull::default()
    };
    match rule.process {
        Process::Roadmap => roadmaps.first().map_or(harm, |r| {
            let done = implemented(r);
            // Foreign forces leave in the later half of the phases.
            let exit = (2.0 * done - 1.0).max(0.0);
            Pull { process: done, legitimacy: seat(r.stage, p), exit, ..harm }
        }),
        // Process and exit have their rates in `integration`; the groups' parties have sat in parliament before the start.
        Process::Integration => harm,
        Process::Path => paths.first().map_or(harm, |path| {
            let support = if truce { levers[Lever::UnifiedAdministration] } else { 0.0 };
            let process = if path.unified_on == NEVER { support } else { 1.0 };
            let legitimacy = if rule.stands { path.votes[1] } else { 0.0 };
            Pull { process, legitimacy, exit: f64::from(u8::from(path.withdrawn_on != NEVER)), ..harm }
        }),
    }
}

/// Moves every group but those of Iraq on by a day; the share of those is that of their integration.
pub fn incorporate(
    rules: &Rules,
    levers: &LeverSet,
    agreements: &[Agreement],
    roadmaps: &[Roadmap],
    integrations: &[Integration],
    paths: &[Path],
    threats: &[Threat],
    incorporations: &mut [Incorporation],
) {
    let p = &rules.p;
    let rates = [p.incorporation_process, p.incorporation_legitimacy, p.incorporation_exit, p.incorporation_breach];
    let off = rates.iter().all(|&rate| rate <= 0.0);
    let truce = !off && rules.paths.first().is_some_and(|path| rules.holder(path.table, levers, agreements).is_some());
    for (rule, group) in rules.incorporations.iter().zip(incorporations) {
        if rule.process == Process::Integration {
            group.share = integrations.first().map_or(group.share, |n| n.share);
        } else if !off {
            let pull = pull(rule, levers, truce, roadmaps, paths, threats, p);
            group.share = incorporated(group.share, drive(&pull, p), p.incorporation_floor, 1.0, pull.breach, p);
        }
    }
}

/// Factor of incorporation on something of which full incorporation ends the share `k`, for an actor; 1 for one that joins
/// nothing.
#[inline]
#[must_use]
pub fn of_actor(k: f64, actor: usize, rules: &Rules, incorporations: &[Incorporation]) -> f64 {
    match rules.actors[actor].incorporation {
        Some(g) if k > 0.0 => left(k, incorporations[g].share, rules.incorporations[g].share),
        _ => 1.0,
    }
}

/// Factor of economic activity on the fire of an actor whose process is a path; 1 for everybody else.
#[inline]
#[must_use]
pub fn of_activity(actor: usize, rules: &Rules, paths: &[Path]) -> f64 {
    let k = rules.p.activity_fire;
    match (rules.actors[actor].incorporation, paths.first()) {
        (Some(g), Some(path)) if k > 0.0 && rules.incorporations[g].process == Process::Path => {
            opportunity(k, path.activity, rules.activity_at_start())
        }
        _ => 1.0,
    }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "incorporation",
    phase: 4,
    title: "Armed groups coming under the political authority of a state, in Yemen, Iraq and Palestine",
    section: "after 6.12, 6.13, 6.18",
    reads: &["Agreement", "Roadmap", "Integration", "Path", "Threat"],
    writes: &["Incorporation"],
    levers: &[Lever::UnifiedAdministration, Lever::StatesIncorporation],
    events: &[],
    source: include_str!("incorporation.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, n) in rules.incorporations.iter().enumerate() {
        let me = Node::Incorporation(i);
        link(Node::Lever(Lever::StatesIncorporation), me);
        match n.process {
            Process::Roadmap => (0..rules.roadmaps.len()).for_each(|r| link(Node::Roadmap(r), me)),
            Process::Integration => (0..rules.integrations.len()).for_each(|n| link(Node::Integration(n), me)),
            Process::Path => {
                for (p, path) in rules.paths.iter().enumerate() {
                    link(Node::Path(p), me);
                    held(rules, Some(path.table), me, link);
                }
                link(Node::Lever(Lever::UnifiedAdministration), me);
            }
        }
        n.partner.iter().chain(&n.outsiders).for_each(|&t| link(Node::Threat(t), me));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strong() -> Parameters {
        Parameters {
            incorporation_process: 0.05,
            incorporation_legitimacy: 0.05,
            incorporation_exit: 0.02,
            incorporation_struck: 0.05,
            incorporation_breach: 0.1,
            ..Parameters::at_start()
        }
    }

    #[test]
    fn each_pull_works_in_its_stated_direction_and_none_moves_nothing() {
        let p = strong();
        let of = |pull: Pull| incorporated(0.4, drive(&pull, &p), 0.02, 1.0, pull.breach, &p);
        let none = Pull::default();
        assert!((of(none) - 0.4).abs() < 1e-15);
        for more in [Pull { process: 0.5, ..none }, Pull { legitimacy: 0.5, ..none }, Pull { exit: 0.5, ..none }] {
            assert!(of(more) > 0.4, "{more:?}");
        }
        for less in [Pull { struck: 0.5, ..none }, Pull { breach: 0.5, ..none }] {
            assert!(of(less) < 0.4, "{less:?}");
        }
        let off = Parameters::at_start();
        let all = Pull { process: 1.0, legitimacy: 1.0, exit: 1.0, struck: 1.0, breach: 1.0 };
        assert!((incorporated(0.4, drive(&all, &off), 0.02, 1.0, 1.0, &off) - 0.4).abs() < 1e-15, "off");
    }

    /// Logistic: slow, fast, slow, and never beyond all of the group.
    #[test]
    fn a_process_in_full_takes_a_group_in_within_its_logistic_time() {
        let p = Parameters { incorporation_process: 0.05, ..Parameters::at_start() };
        let mut s = 0.0;
        let mut course = Vec::new();
        for _ in 0..300 {
            s = incorporated(s, drive(&Pull { process: 1.0, ..Pull::default() }, &p), 0.02, 1.0, 0.0, &p);
            course.push(s);
        }
        assert!(course.is_sorted() && course[299] <= 1.0 && course[299] > 0.99);
        // From the floor, ln(.5/.5 · .98/.02) = 3.9 rates to a half, 78 days, and 20 to the floor.
        let half = course.iter().position(|s| *s > 0.5).unwrap_or(0);
        assert!((85..=115).contains(&half), "{half}");
        assert!(
            incorporated(1.0, 1.0, 0.02, 1.0, 0.0, &p) <= 1.0 && incorporated(0.0, -1.0, 0.02, 1.0, 0.0, &p) >= 0.0
        );
    }

    #[test]
    fn what_is_incorporated_ends_its_share_and_is_neutral_at_the_start() {
        assert!((left(1.0, 0.3, 0.3) - 1.0).abs() < 1e-12 && (left(0.0, 0.9, 0.3) - 1.0).abs() < 1e-12);
        assert!(left(1.0, 1.0, 0.3).abs() < 1e-12 && (left(0.6, 1.0, 0.0) - 0.4).abs() < 1e-12);
        assert!(left(1.0, 0.6, 0.3) < 1.0 && left(1.0, 0.1, 0.3) > 1.0);
        assert!(left(1.0, 1.0, 1.0).is_finite());
        assert!(
            (opportunity(0.0, 2.0, 0.1) - 1.0).abs() < 1e-15 && opportunity(1.0, 2.0, 0.1) < opportunity(1.0, 1.0, 0.1)
        );
    }

    #[test]
    fn legitimacy_grows_with_the_stages_of_the_roadmap() {
        let p = Parameters::at_start();
        let seats = [0, 1, 2, 3].map(|stage| seat(stage, &p));
        assert!(seats.is_sorted() && seats[1] < seats[2] && seats[2] < seats[3]);
        assert!(freshness(0.0, &p).abs() < 1e-15 && freshness(5.0, &p) > freshness(1.0, &p));
    }
}
