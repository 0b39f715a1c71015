//! Phase 3: how threatening actors look to each other (6.1).

use crate::sim::home::nuclear::zone_relief;
use crate::sim::mechanism::{Mechanism, Node};
use crate::sim::rules::Rules;
use crate::sim::state::{Programme, Threat};

/// Share of two actors' capability that is the other's: `C_j/(C_i+C_j)`.
#[inline]
#[must_use]
pub fn balance(own_capability: f64, capability: f64) -> f64 {
    let total = own_capability + capability;
    if total > 0.0 { capability / total } else { 0.5 }
}

/// What today's signs say of an opponent: `w_c C_j/(C_i+C_j) + w_v (1 − e^(−V/v₀)) + w_p posture_j`.
#[inline]
#[must_use]
pub fn signs(weights: [f64; 3], balance: f64, recent_harm: f64, v0: f64, posture: f64) -> f64 {
    // Most pairs have no recent harm: no exponential for them.
    let violence = if recent_harm > 1e-9 { 1.0 - libm::exp(-recent_harm / v0) } else { 0.0 };
    weights[0] * balance + weights[1] * violence + weights[2] * posture
}

/// Moves every perceived threat on by a day: `Θ ← (1 − δ) Θ + δ · signs`.
///
/// V is a decaying sum with a mean memory of 30 days and not a window: the same weight, and one number of state.
pub fn perceive(rules: &Rules, programmes: &[Programme], threats: &mut [Threat]) {
    let p = &rules.p;
    let weights = [p.threat_capability, p.threat_violence, p.threat_posture];
    for (relation, threat) in rules.threats.iter().zip(threats.iter_mut()) {
        let seen = signs(weights, relation.balance, threat.recent_harm, p.v0_blows, relation.posture);
        threat.level = (threat.level + p.delta_theta * (seen - threat.level)).min(1.0);
        threat.recent_harm *= 1.0 - 1.0 / p.threat_memory;
    }
    // Zone talks past the halfway mark take a little off what the watchers of a programme, and its owner, see.
    for (rule, programme) in rules.programmes.iter().zip(programmes) {
        let relief = p.delta_theta * zone_relief(programme.zone, p);
        if relief > 0.0 {
            for &t in rule.watchers.iter().chain(&rule.threats) {
                threats[t].level = (threats[t].level - relief).max(0.0);
            }
        }
    }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "threat",
    phase: 3,
    title: "How threatening actors look to each other",
    section: "6.1, 6.14",
    reads: &["Threat", "Programme"],
    writes: &["Threat"],
    levers: &[],
    events: &[],
    source: include_str!("threat.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, n) in rules.programmes.iter().enumerate() {
        n.watchers.iter().chain(&n.threats).for_each(|&t| link(Node::Programme(i), Node::Threat(t)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threat_grows_with_capability_violence_and_posture() {
        let w = [0.3, 0.5, 0.2];
        let base = signs(w, balance(0.9, 0.55), 1.0, 5.0, 0.5);
        assert!(signs(w, balance(0.9, 0.8), 1.0, 5.0, 0.5) > base);
        assert!(signs(w, balance(0.9, 0.55), 4.0, 5.0, 0.5) > base);
        assert!(signs(w, balance(0.9, 0.55), 1.0, 5.0, 0.9) > base);
        assert!(signs(w, balance(0.0, 1.0), 1e9, 5.0, 1.0) <= 1.0 + 1e-12);
        assert!(signs(w, balance(0.0, 0.0), 0.0, 5.0, 0.0) >= 0.0);
    }
}
