//! Phase 4: Iraq: the coalition's exit or re-branding, the UN mission, groups becoming part of the state's forces (6.13).

use crate::sim::event::{Event, EventKind, IraqStep};
use crate::sim::mechanism::{Mechanism, Node};
use crate::sim::rules::{IntegrationRules, Rules};
use crate::sim::state::{Integration, Threat};
use crate::sim::talks::incorporation::{Pull, beside, incorporated, pull as pull_of};
use crate::symbols::levers::{Lever, LeverSet, OFF};
use crate::symbols::parameters::Parameters;

/// Progress of an exit dated `exit`: a draw-down over the half year before it, 0 to 1.
#[inline]
#[must_use]
pub fn exit_progress(today: i32, exit: f64, draw_down_days: f64) -> f64 {
    if exit <= OFF { 0.0 } else { ((f64::from(today) - exit) / draw_down_days + 1.0).clamp(0.0, 1.0) }
}

/// Integrated share tomorrow: `I + [k₀ lever/.3 + k_exit w] I (1 − I) capacity` (claim H5 with `k_pmf_exit`): incorporation with
/// rates of its own for process and exit.
#[inline]
#[must_use]
pub fn integrated(now: f64, support: f64, exit: f64, capacity: f64, pull: &Pull, p: &Parameters) -> f64 {
    let drive = p.k_integration * support + p.k_pmf_exit * exit + beside(pull, p);
    incorporated(now, drive, 0.0, capacity, pull.breach, p)
}

/// Support for integration, relative to the lever's default: less once the UN mission has ended.
#[inline]
#[must_use]
pub fn support(lever: f64, mission_ended: bool, p: &Parameters) -> f64 {
    if mission_ended { lever * (1.0 - p.unami_support) } else { lever }
}

/// Share of the foreign forces left to be fired at: `1 − w (1 − re-branded)`. It bears on all fire at them and not on its
/// baseline only: nobody attacks, in answer to anything, who is not there.
#[inline]
#[must_use]
pub fn targets_left(exit: f64, rebranded: f64) -> f64 {
    1.0 - exit * (1.0 - rebranded)
}

/// Factor on the baseline of fire at them: `1 + .5 [an announced exit has not come]`.
#[inline]
#[must_use]
pub fn pull(extended: bool, p: &Parameters) -> f64 {
    if extended { 1.0 + p.extension_pull } else { 1.0 }
}

/// Factor on freelance fire: `(1 − .7 I) / (1 − .7 I⁰)`, 1 at the share of the start, for which the rates were chosen.
#[inline]
#[must_use]
pub fn freelance(share: f64, share_at_start: f64, p: &Parameters) -> f64 {
    (1.0 - p.integration_fire * share) / (1.0 - p.integration_fire * share_at_start)
}

/// Factor on deaths that fall on the state: `(1 + I) / (1 + I⁰)`.
#[inline]
#[must_use]
pub fn attributed(share: f64, share_at_start: f64, p: &Parameters) -> f64 {
    (1.0 + p.state_attribution * share) / (1.0 + p.state_attribution * share_at_start)
}

/// Capacity of the state: less once the UN mission has ended.
#[inline]
#[must_use]
pub fn capacity(rule: &IntegrationRules, mission_ended: bool, p: &Parameters) -> f64 {
    if mission_ended { (rule.capacity - p.unami_loss).max(0.0) } else { rule.capacity }
}

/// Moves integration on by a day.
pub fn integrate(
    rules: &Rules,
    levers: &LeverSet,
    today: i32,
    threats: &[Threat],
    integrations: &mut [Integration],
    journal: &mut Vec<Event>,
) {
    let p = &rules.p;
    for (i, (rule, n)) in rules.integrations.iter().zip(integrations).enumerate() {
        let mut step = |step: IraqStep| journal.push(Event::Iraq { integration: i as u16, step });
        let (before, exit_day) = (n.exit, levers[Lever::CoalitionExitDate]);
        n.exit = exit_progress(today, exit_day, p.exit_days);
        if n.exit > 0.0 && before <= 0.0 {
            step(IraqStep::DrawDown);
        }
        if n.exit >= 1.0 && before < 1.0 {
            step(IraqStep::Left);
        }
        // An exit announced for a day that has passed, and neither done nor dated no later.
        let extended = rule.announced_exit.is_some_and(|day| today > day) && n.exit < 1.0;
        if extended && !n.extended {
            step(IraqStep::Stays);
        }
        n.extended = extended;
        let ends = rule.mission_ends.map(|day| f64::from(day) + 30.44 * levers[Lever::UnamiExtension]);
        let ended = ends.is_some_and(|day| f64::from(today) > day);
        if ended && !n.mission_ended {
            step(IraqStep::MissionEnded);
        }
        n.mission_ended = ended;
        let support = support(levers.relative(Lever::MilitiaIntegration), ended, p);
        let moved = p.incorporation_struck > 0.0 || p.incorporation_breach > 0.0;
        let pull = rules.actors[rule.group]
            .incorporation
            .filter(|_| moved)
            .map_or(Pull::default(), |g| pull_of(&rules.incorporations[g], levers, false, &[], &[], threats, p));
        n.share = integrated(n.share, support, n.exit, capacity(rule, ended, p), &pull, p);
    }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "integration",
    phase: 4,
    title: "The coalition's exit or re-branding, the UN mission, integration of groups in Iraq",
    section: "6.13",
    reads: &["Threat"],
    writes: &["Integration"],
    levers: &[Lever::CoalitionExitDate, Lever::UnamiExtension, Lever::MilitiaIntegration, Lever::StatesIncorporation],
    events: &[EventKind::Iraq],
    source: include_str!("integration.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, n) in rules.integrations.iter().enumerate() {
        if let Some(g) = rules.actors[n.group].incorporation {
            let rule = &rules.incorporations[g];
            rule.partner.iter().chain(&rule.outsiders).for_each(|&t| link(Node::Threat(t), Node::Integration(i)));
        }
        for lever in
            [Lever::CoalitionExitDate, Lever::UnamiExtension, Lever::MilitiaIntegration, Lever::StatesIncorporation]
        {
            link(Node::Lever(lever), Node::Integration(i));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exit_draws_down_over_half_a_year_and_is_done_on_its_day() {
        assert!(exit_progress(100, OFF, 180.0).abs() < 1e-12);
        assert!(exit_progress(100, 300.0, 180.0).abs() < 1e-12);
        assert!((exit_progress(210, 300.0, 180.0) - 0.5).abs() < 1e-12);
        assert!((exit_progress(300, 300.0, 180.0) - 1.0).abs() < 1e-12);
        assert!((exit_progress(900, 300.0, 180.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn exit_and_support_speed_integration_and_capacity_carries_it() {
        let p = Parameters::at_start();
        let base = integrated(0.3, 1.0, 0.0, 0.6, &Pull::default(), &p);
        assert!(base > 0.3);
        assert!(
            integrated(0.3, 1.0, 1.0, 0.6, &Pull::default(), &p) > base
                && integrated(0.3, 3.0, 0.0, 0.6, &Pull::default(), &p) > base
        );
        assert!(integrated(0.3, 1.0, 0.0, 0.3, &Pull::default(), &p) < base);
        let off = Parameters { k_pmf_exit: 0.0, ..p.clone() };
        assert!(
            (integrated(0.3, 1.0, 1.0, 0.6, &Pull::default(), &off)
                - integrated(0.3, 1.0, 0.0, 0.6, &Pull::default(), &off))
            .abs()
                < 1e-15,
            "H5 off"
        );
        assert!(integrated(1.0, 3.0, 1.0, 1.0, &Pull::default(), &p) <= 1.0);
    }

    /// The UN mission's good offices stand behind the process, and its end is felt as far as the number says.
    #[test]
    fn support_goes_with_the_mission_only_where_the_number_says_so() {
        let p = Parameters { unami_support: 0.5, ..Parameters::at_start() };
        assert!((support(2.0, false, &p) - 2.0).abs() < 1e-15 && (support(2.0, true, &p) - 1.0).abs() < 1e-15);
        assert!((support(2.0, true, &Parameters::at_start()) - 2.0).abs() < 1e-15);
    }

    #[test]
    fn a_rebranded_coalition_leaves_its_targets() {
        let p = Parameters::at_start();
        assert!(targets_left(1.0, 0.0).abs() < 1e-12);
        assert!((targets_left(1.0, 1.0) - 1.0).abs() < 1e-12 && (targets_left(0.0, 0.0) - 1.0).abs() < 1e-12);
        assert!(pull(true, &p) > 1.0 && (pull(false, &p) - 1.0).abs() < 1e-12);
        assert!((freelance(0.3, 0.3, &p) - 1.0).abs() < 1e-12 && freelance(0.8, 0.3, &p) < 1.0);
        assert!((attributed(0.3, 0.3, &p) - 1.0).abs() < 1e-12 && attributed(0.8, 0.3, &p) > 1.0);
    }
}
