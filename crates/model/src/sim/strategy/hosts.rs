//! What hosts of bases are exposed to, allow and warn of (6.9): rule functions.

use crate::sim::rules::{HostRules, Rules};
use crate::sim::state::{Host, NEVER, Pair};
use crate::symbols::parameters::Parameters;

/// Complicity of a host: `c = permission · share of sorties · [its guest joined in lately]`.
#[inline]
#[must_use]
pub fn complicity(permission: f64, sorties: f64, joined: bool) -> f64 {
    if joined { permission * sorties } else { 0.0 }
}

/// Chance that a host is struck when an answer comes: `1 − exp(−λ · personnel share · c · (1 − immunity))`, with personnel
/// against the 40,000 in the region.
#[inline]
#[must_use]
pub fn exposure(personnel: f64, complicity: f64, immunity: f64, p: &Parameters) -> f64 {
    -libm::expm1(-p.lambda_base * (personnel / p.host_scale) * complicity * (1.0 - immunity))
}

/// Permission tomorrow: `p − .02 threat (1 − assurances) + .01 (p⁰ − p)`.
#[inline]
#[must_use]
pub fn permission(now: f64, rest: f64, threatened: bool, assurances: f64, p: &Parameters) -> f64 {
    let loss = if threatened { p.host_permission_loss * (1.0 - assurances) } else { 0.0 };
    (now - loss + p.host_permission_return * (rest - now)).clamp(0.0, 1.0)
}

/// Whether a warning to a host still stands.
#[inline]
#[must_use]
pub fn threatened(host: &Host, today: i32, p: &Parameters) -> bool {
    host.warned_on != NEVER && f64::from(today - host.warned_on) < p.host_threat_days
}

/// Caution that threats to hosts lend to whom the guest can restrain: `β · influence · Σ weight · [threatened]`.
///
/// Hosts weigh by their share of the personnel: summed one by one, as 6.9 has it, eight hosts would outweigh every other
/// term of the equation.
#[inline]
#[must_use]
pub fn restraint(rules: &Rules, hosts: &[Host], today: i32) -> f64 {
    rules.p.beta_host * rules.p.us_influence * warned_share(rules, hosts, today)
}

/// Share of the hosts, by their guest's personnel, that stand under a warning.
#[inline]
#[must_use]
pub fn warned_share(rules: &Rules, hosts: &[Host], today: i32) -> f64 {
    let warned = rules.hosts.iter().zip(hosts).filter(|(_, host)| threatened(host, today, &rules.p));
    warned.map(|(rule, _)| rule.weight).sum()
}

/// Whether the guest has taken part in strikes on the foe lately.
#[inline]
#[must_use]
pub fn joined(rule: &HostRules, pairs: &[Pair], today: i32, p: &Parameters) -> bool {
    rule.pair.is_some_and(|(pair, side)| f64::from(today - pairs[pair].last_fire[side]) < p.host_threat_days)
}
