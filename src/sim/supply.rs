//! Phase 2: production, resupply, launchers, air defence, leadership.

use super::given::Given;
use super::roster::{All, AllMut};
use super::state::{Arsenal, Pair, Threat};
use bevy::ecs::prelude::*;

/// Rounds produced today: `P⁰ (1 + k_R (Θ̄ − .5))`, a Richardson reaction to perceived threat (6.1). The base rate holds at
/// the neutral threat of the start, so that the listed production is what a reader sees on day 0.
#[inline]
#[must_use]
pub fn production(base: f64, mean_threat: f64, reaction: f64) -> f64 {
    base * (1.0 + reaction * (mean_threat - 0.5)).max(0.0)
}

/// Launchers tomorrow: worn down daily in war mode, else rebuilt up to the number of the start (6.7).
#[inline]
#[must_use]
pub fn launchers(now: f64, at_start: f64, at_war: bool, survival: f64, rebuilt: f64) -> f64 {
    if at_war { now * survival } else { (now + rebuilt).min(at_start.max(now)) }
}

/// Share of its capability that a group fires with (Ψ, 6.2): its stock against 30 days of use, less the loss of leadership.
#[inline]
#[must_use]
pub fn firing_capability(munitions: f64, full_rate_rounds: f64, decapitation: f64, effect: f64) -> f64 {
    let stocked = if munitions >= full_rate_rounds { 1.0 } else { munitions / full_rate_rounds };
    stocked * (1.0 - effect * decapitation)
}

/// Moves every arsenal on by a day.
pub fn supply(given: Res<Given>, threats: All<Threat>, pairs: All<Pair>, mut arsenals: AllMut<Arsenal>) {
    let Given { rules, levers, .. } = &*given;
    let p = &rules.p;
    let (threats, pairs, mut arsenals) = (threats.view(), pairs.view(), arsenals.view());
    for (actor, arsenal) in rules.actors.iter().zip(arsenals.iter_mut()) {
        if arsenal.decapitation > 0.0 {
            arsenal.decapitation *= rules.decapitation_retention;
        }
        if let Some(stock) = &actor.stock {
            let felt: f64 = actor.threats.iter().map(|&t| threats[t].level).sum();
            let mean_threat = if actor.threats.is_empty() { 0.5 } else { felt / actor.threats.len() as f64 };
            arsenal.munitions += production(stock.production, mean_threat, p.richardson_reaction);
            let war = actor.ledgers.iter().any(|&l| pairs[rules.ledgers[l].pair].war);
            arsenal.launchers =
                launchers(arsenal.launchers, stock.launchers, war, p.launcher_war_survival, p.launcher_rebuild);
        }
        if let Some(interceptors) = &actor.interceptors {
            arsenal.interceptors += interceptors.resupply * interceptors.lever.map_or(1.0, |lever| levers[lever]);
        }
        if actor.air_defence.is_some() && arsenal.air_defence < p.air_defence_ceiling {
            arsenal.air_defence = (arsenal.air_defence + p.air_defence_recovery).min(p.air_defence_ceiling);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_is_the_listed_rate_at_neutral_threat_and_rises_with_it() {
        assert!((production(0.8, 0.5, 0.5) - 0.8).abs() < 1e-12);
        assert!(production(0.8, 0.9, 0.5) > production(0.8, 0.6, 0.5));
        assert!((production(0.8, 0.9, 0.0) - 0.8).abs() < 1e-12);
        assert!(production(0.0, 1.0, 1.0).abs() < 1e-12);
    }

    #[test]
    fn launchers_wear_down_in_war_and_never_exceed_the_start() {
        assert!(launchers(300.0, 350.0, true, 0.78, 0.7) < 240.0);
        assert!((launchers(349.9, 350.0, false, 0.78, 0.7) - 350.0).abs() < 1e-9);
    }

    #[test]
    fn firing_capability_falls_with_stock_and_leadership_only() {
        assert!((firing_capability(f64::INFINITY, 0.0, 0.0, 0.4) - 1.0).abs() < 1e-12);
        assert!((firing_capability(50.0, 100.0, 0.0, 0.4) - 0.5).abs() < 1e-12);
        assert!((firing_capability(500.0, 100.0, 1.0, 0.4) - 0.6).abs() < 1e-12);
        assert!(firing_capability(0.0, 100.0, 0.0, 0.4).abs() < 1e-12);
    }
}
