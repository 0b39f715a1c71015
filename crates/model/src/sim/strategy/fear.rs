//! Phase 5: what host states fear of a war between others, what it does to the leave that they give, and how it and halted talks
//! press on the scale of an answer (claims H6 and H9; ours, beside 6.9 and 12.9).
//!
//! Every weight here is at "no effect" by default. A state's fear is then not even counted.

use crate::sim::mechanism::{Mechanism, Node};
use crate::sim::rules::{HostRules, Rules};
use crate::sim::state::{Channel, Front, Host, Integration};
use crate::sim::strategy::{caution, hosts};
use crate::sim::talks::integration::targets_left;
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

/// Level of a front at which it makes nobody fear more or less.
const NEUTRAL_LEVEL: f64 = 2.0;
/// Fear at which permission stands at rest: that of the neutral level, without exposure and without a threat.
const NEUTRAL: f64 = 0.5;

/// Fear of war that a state comes to: `W = Λ(fear_front (X − 2) + fear_exposure · exposure + fear_threat · threat)`, with the level
/// X of the front, the exposure of its soil (0 to 1) and the threat to it (0 to 1).
#[inline]
#[must_use]
pub fn wanted(level: u8, exposure: f64, threat: f64, p: &Parameters) -> f64 {
    let logit = p.fear_front * (f64::from(level) - NEUTRAL_LEVEL) + p.fear_exposure * exposure + p.fear_threat * threat;
    1.0 / (1.0 + libm::exp(-logit))
}

/// Fear tomorrow: a share 1/lag of the way to what it comes to; at once with a lag of a day or less.
#[inline]
#[must_use]
pub fn felt(now: f64, wanted: f64, lag_days: f64) -> f64 {
    now + (wanted - now) / lag_days.max(1.0)
}

/// Basing permission at rest under fear: `p⁰ − fear_permission · s (W − ½)`, kept within 0 and 1; `s` is the host's own: above 0
/// it withdraws, below 0 it leans on its guest.
#[inline]
#[must_use]
pub fn rest(permission: f64, response: f64, fear: f64, p: &Parameters) -> f64 {
    if p.fear_permission <= 0.0 {
        return permission;
    }
    (permission - p.fear_permission * response * (fear - NEUTRAL)).clamp(0.0, 1.0)
}

/// Whether anything rests on fear.
#[inline]
#[must_use]
pub fn counts(p: &Parameters) -> bool {
    p.fear_permission > 0.0 || p.scale_fear > 0.0 || p.forum_gain > 0.0
}

/// What presses on the scale of an answer beside the lever of the veto:
/// `scale_fear · Σ weight · W + scale_suspension [talks halted within suspension_days]`.
#[inline]
#[must_use]
pub fn lobbying(rules: &Rules, hosts: &[Host], channels: &[Channel], today: i32) -> f64 {
    let p = &rules.p;
    if p.scale_fear <= 0.0 && p.scale_suspension <= 0.0 {
        return 0.0;
    }
    p.scale_fear * mean(rules, hosts) + p.scale_suspension * f64::from(u8::from(halted(channels, today, p)))
}

/// Mean fear of the hosts, weighed by their guest's personnel.
#[must_use]
pub fn mean(rules: &Rules, hosts: &[Host]) -> f64 {
    rules.hosts.iter().zip(hosts).map(|(rule, host)| rule.weight * host.fear).sum()
}

/// Whether talks were halted lately enough to press.
#[must_use]
pub fn halted(channels: &[Channel], today: i32, p: &Parameters) -> bool {
    caution::days_suspended(channels, today).is_some_and(|days| f64::from(days) <= p.suspension_days)
}

/// US leverage on the acceptance cost of whoever's scale it can veto: `1 − leverage_effect · lever · (1 − T)`, with the term T of
/// the administration in office, kept within 0 and 1.
#[inline]
#[must_use]
pub fn leverage(lever: f64, course: f64, p: &Parameters) -> f64 {
    1.0 - p.leverage_effect * lever * (1.0 - course).clamp(0.0, 1.0)
}

/// Personnel of the guest that a host still has, after what has left of a coalition.
#[inline]
#[must_use]
pub fn present(rule: &HostRules, levers: &LeverSet, integrations: &[Integration]) -> f64 {
    match rule.integration {
        Some(n) => rule.personnel * targets_left(integrations[n].exit, levers[Lever::RebrandShare]),
        None => rule.personnel,
    }
}

/// What a host comes to fear today, by the front of its guest's foe, its soil were its guest to join in, and what threatens it.
#[must_use]
pub fn comes_to(
    rule: &HostRules,
    host: &Host,
    level: u8,
    personnel: f64,
    sorties: f64,
    today: i32,
    p: &Parameters,
) -> f64 {
    let exposure = hosts::exposure(personnel, hosts::complicity(host.permission, sorties, true), rule.immunity, p);
    let warned = f64::from(u8::from(hosts::threatened(host, today, p)));
    // What it has taken on its own sites threatens as a warning does.
    let threat = if host.harm > 0.0 { warned.max(-libm::expm1(-host.harm)) } else { warned };
    wanted(level, exposure, threat, p)
}

/// A host's fear on the first day on which it counts: as if it had always been what it comes to, as in a run that begins with it.
pub fn begin(
    rule: &HostRules,
    host: &mut Host,
    fronts: &[Front],
    personnel: f64,
    sorties: f64,
    today: i32,
    p: &Parameters,
) {
    let level = rule.front.map_or(0, |front| fronts[front].level);
    host.fear = comes_to(rule, host, level, personnel, sorties, today, p);
}

/// Moves a host's fear on by a day.
pub fn feel(
    rule: &HostRules,
    host: &mut Host,
    fronts: &[Front],
    personnel: f64,
    sorties: f64,
    today: i32,
    p: &Parameters,
) {
    let level = rule.front.map_or(0, |front| fronts[front].level);
    host.fear = felt(host.fear, comes_to(rule, host, level, personnel, sorties, today, p), rule.fear_lag);
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "fear",
    phase: 5,
    title: "What host states fear of a war, and how that and halted talks press on the scale of an answer",
    section: "6.9, 12.9",
    reads: &["Front", "Integration", "Host", "Channel"],
    writes: &[],
    levers: &[Lever::RebrandShare, Lever::Leverage, Lever::FearOfWar],
    events: &[],
    source: include_str!("fear.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, h) in rules.hosts.iter().enumerate() {
        link(Node::Lever(Lever::FearOfWar), Node::Host(i));
        h.front.iter().for_each(|&front| link(Node::Front(front), Node::Host(i)));
        if let Some(n) = h.integration {
            link(Node::Integration(n), Node::Host(i));
            link(Node::Lever(Lever::RebrandShare), Node::Host(i));
        }
    }
    for (i, _) in rules.ledgers.iter().enumerate().filter(|(_, l)| l.scale_veto) {
        link(Node::Lever(Lever::FearOfWar), Node::Answer(i));
    }
    for (i, _) in rules.initiatives.iter().enumerate().filter(|(_, rule)| rule.needs_consent) {
        link(Node::Lever(Lever::FearOfWar), Node::Initiative(i));
    }
    for (i, t) in rules.tables.iter().enumerate() {
        let stakes =
            t.parties.iter().flat_map(|party| &party.stakes).map(|&(other, at, _)| &rules.tables[other].parties[at]);
        if t.parties.iter().chain(stakes).any(|party| rules.actors[party.actor].leaned_on) {
            link(Node::Lever(Lever::Leverage), Node::Table(i));
            link(Node::Lever(Lever::Administration), Node::Table(i));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fear_rises_with_the_front_the_exposure_and_the_threat() {
        let p = Parameters::at_start();
        assert!((wanted(2, 0.0, 0.0, &p) - 0.5).abs() < 1e-12);
        assert!(wanted(4, 0.0, 0.0, &p) > wanted(2, 0.0, 0.0, &p) && wanted(1, 0.0, 0.0, &p) < 0.5);
        assert!(wanted(2, 0.4, 0.0, &p) > 0.5 && wanted(2, 0.0, 1.0, &p) > 0.5);
        assert!(wanted(6, 1.0, 1.0, &p) < 1.0 && wanted(0, 0.0, 0.0, &p) > 0.0);
    }

    #[test]
    fn fear_follows_with_its_lag_and_never_passes_what_it_comes_to() {
        assert!((felt(0.2, 0.9, 0.0) - 0.9).abs() < 1e-12);
        let (slow, fast) = (felt(0.2, 0.9, 30.0), felt(0.2, 0.9, 5.0));
        assert!(slow > 0.2 && slow < fast && fast < 0.9);
    }

    #[test]
    fn permission_falls_or_rises_with_fear_by_the_sign_of_the_host_and_not_at_all_by_default() {
        let p = Parameters::at_start();
        assert_eq!(rest(0.5, 1.0, 0.9, &p).to_bits(), 0.5_f64.to_bits());
        let on = Parameters { fear_permission: 0.8, ..p };
        assert!(rest(0.5, 1.0, 0.9, &on) < 0.5 && rest(0.5, -0.5, 0.9, &on) > 0.5);
        assert!((rest(0.5, 1.0, 0.5, &on) - 0.5).abs() < 1e-12, "at rest");
        assert!((0.0..=1.0).contains(&rest(0.1, 1.0, 1.0, &on)));
    }

    #[test]
    fn leverage_lowers_the_cost_of_signing_by_the_lever_and_less_under_a_course_of_pressure() {
        let p = Parameters::at_start();
        assert!((leverage(0.0, 0.0, &p) - 1.0).abs() < 1e-15, "off");
        assert!(leverage(1.0, 0.0, &p) < leverage(0.5, 0.0, &p));
        assert!(leverage(1.0, 0.5, &p) > leverage(1.0, 0.0, &p));
        assert!((leverage(1.0, 1.0, &p) - 1.0).abs() < 1e-15 && (leverage(1.0, 2.0, &p) - 1.0).abs() < 1e-15);
    }
}
