//! Phase 2: production, resupply, launchers, air defence, leadership.

use crate::sim::home::economy::{passage, resupply};
use crate::sim::mechanism::{Mechanism, Node};
use crate::sim::rules::Rules;
use crate::sim::state::{Arsenal, Corridor, Council, Economy, Pair, Threat};
use crate::sim::talks::texts::still_sent;
use crate::symbols::levers::{Lever, LeverSet};

/// Rounds produced today: `P⁰ (1 + k_R (Θ̄ − .5) − a_R E)`, Richardson's reaction to perceived threat and fatigue under
/// economic stress (6.1). The base rate holds at the neutral threat of the start and without stress, so that the listed
/// production is what a reader sees on day 0.
#[inline]
#[must_use]
pub fn production(base: f64, mean_threat: f64, reaction: f64, fatigue: f64) -> f64 {
    base * (1.0 + reaction * (mean_threat - 0.5) - fatigue).max(0.0)
}

/// Partner shield: that of the start, times the partner's stock against its start and what is left of its leadership.
#[inline]
#[must_use]
pub fn shield(at_start: f64, stock: f64, decapitation: f64, leadership: f64) -> f64 {
    (at_start * stock * (1.0 - leadership * decapitation)).clamp(0.0, 1.0)
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
pub fn restock(
    rules: &Rules,
    levers: &LeverSet,
    today: i32,
    threats: &[Threat],
    pairs: &[Pair],
    economies: &[Economy],
    corridors: &[Corridor],
    councils: &[Council],
    arsenals: &mut [Arsenal],
) {
    let (p, lists) = (&rules.p, &rules.lists);
    for arsenal in arsenals.iter_mut().filter(|arsenal| arsenal.decapitation > 0.0) {
        arsenal.decapitation *= rules.decapitation_retention;
    }
    let at_war = pairs.iter().any(|pair| pair.war);
    for &(me, own) in &lists.stocked {
        let (actor, arsenal) = (&rules.actors[me], &mut arsenals[me]);
        let Some(stock) = &actor.stock else { continue };
        let felt: f64 = actor.threats.iter().map(|&t| threats[t].level).sum();
        let mean_threat = if actor.threats.is_empty() { 0.5 } else { felt / actor.threats.len() as f64 };
        let fatigue = own.map_or(0.0, |e| p.richardson_fatigue * economies[e].stress());
        let supplied = actor.patron.map_or(1.0, |patron| {
            let corridor = actor.corridor.map_or(1.0, |c| passage(corridors[c], p.corridor_rest));
            resupply(actor.patron_funding, economies[patron].funding, corridor)
        });
        arsenal.munitions += supplied * production(stock.production, mean_threat, p.richardson_reaction, fatigue);
        let war = at_war && actor.ledgers.iter().any(|&l| pairs[rules.ledgers[l].pair].war);
        arsenal.launchers =
            launchers(arsenal.launchers, stock.launchers, war, p.launcher_war_survival, p.launcher_rebuild);
    }
    let arms = rules.course(levers, today).map_or(1.0, |course| course.arms);
    for &me in &lists.intercepting {
        let Some(interceptors) = &rules.actors[me].interceptors else { continue };
        arsenals[me].interceptors += interceptors.resupply
            * interceptors.lever.map_or(1.0, |lever| levers[lever])
            * arms
            * still_sent(me, rules, councils);
    }
    for &me in &lists.defended {
        let now = &mut arsenals[me].air_defence;
        if *now < p.air_defence_ceiling {
            *now = (*now + p.air_defence_recovery).min(p.air_defence_ceiling);
        }
    }
    for &(me, partner) in &lists.shielded {
        let Arsenal { munitions, decapitation, .. } = arsenals[partner];
        let stock = rules.actors[partner].stock.as_ref().map_or(1.0, |stock| munitions / stock.rounds);
        let at_start = rules.actors[me].shield.unwrap_or(0.0);
        arsenals[me].shield = shield(at_start, stock, decapitation, p.shield_leadership);
    }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "supply",
    phase: 2,
    title: "Production, resupply, launchers, air defence, leadership, the partner shield",
    section: "6.1, 6.2, 6.4, 6.7, 12.10",
    reads: &["Threat", "Pair", "Economy", "Corridor", "Council"],
    writes: &["Arsenal"],
    levers: &[Lever::ArmsResupply],
    events: &[],
    source: include_str!("supply.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, a) in rules.actors.iter().enumerate() {
        if a.stock.is_some() {
            a.threats.iter().for_each(|&t| link(Node::Threat(t), Node::Arsenal(i)));
            a.ledgers.iter().for_each(|&l| link(Node::Pair(rules.ledgers[l].pair), Node::Arsenal(i)));
            a.patron.iter().for_each(|&e| link(Node::Economy(e), Node::Arsenal(i)));
            a.corridor.iter().for_each(|&c| link(Node::Corridor(c), Node::Arsenal(i)));
            for (e, _) in rules.economies.iter().enumerate().filter(|(_, e)| e.actor == i) {
                link(Node::Economy(e), Node::Arsenal(i));
            }
        }
        a.shield_partner.iter().for_each(|&partner| link(Node::Arsenal(partner), Node::Arsenal(i)));
        if a.interceptors.is_some() && !rules.profiles.is_empty() {
            link(Node::Lever(Lever::Administration), Node::Arsenal(i));
        }
        if let Some(lever) = a.interceptors.as_ref().and_then(|s| s.lever) {
            link(Node::Lever(lever), Node::Arsenal(i));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_is_the_listed_rate_at_neutral_threat_and_rises_with_it() {
        assert!((production(0.8, 0.5, 0.5, 0.0) - 0.8).abs() < 1e-12);
        assert!(production(0.8, 0.9, 0.5, 0.0) > production(0.8, 0.6, 0.5, 0.0));
        assert!((production(0.8, 0.9, 0.0, 0.0) - 0.8).abs() < 1e-12);
        assert!(production(0.0, 1.0, 1.0, 0.0).abs() < 1e-12);
        assert!(production(0.8, 0.5, 0.5, 0.2) < 0.8 && production(0.8, 0.5, 0.5, 3.0).abs() < 1e-12);
    }

    #[test]
    fn the_shield_follows_the_partner() {
        assert!((shield(0.35, 1.0, 0.0, 0.4) - 0.35).abs() < 1e-12);
        assert!((shield(0.35, 0.5, 0.0, 0.4) - 0.175).abs() < 1e-12);
        assert!(shield(0.35, 1.0, 0.8, 0.4) < 0.35 && shield(0.8, 9.0, 0.0, 0.4) <= 1.0);
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
