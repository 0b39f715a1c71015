//! Phase 8: a security forum of a programme's owner and the states that host its opponent's forces: "the region's security is
//! indivisible" (ours, beside the zone talks of 6.14).
//!
//! The lever `hosts.fear_of_war`, 0 by default, puts its growth in force: at 0 its standing is 0, and nobody reads it.

use crate::sim::mechanism::{Mechanism, Node};
use crate::sim::rules::Rules;
use crate::sim::state::{Host, Programme, Strike, StrikeKind, Threat};
use crate::sim::strategy::fear;
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

/// Standing of the forum tomorrow: `S + forum_gain · W̄ · participation − forum_loss [a strike]`, kept within 0 and 1: the states'
/// mean fear builds it while they talk, and a strike in or by the owner takes from it.
#[inline]
#[must_use]
pub fn standing(now: f64, mean_fear: f64, participation: f64, struck: bool, p: &Parameters) -> f64 {
    let loss = if struck { p.forum_loss } else { 0.0 };
    (now + p.forum_gain * mean_fear * participation - loss).clamp(0.0, 1.0)
}

/// What it adds to the value of an agreement for every party at a table at which the owner sits: `forum_benefit · S`.
#[inline]
#[must_use]
pub fn benefit(standing: f64, p: &Parameters) -> f64 {
    p.forum_benefit * standing
}

/// The programme whose owner sits among these actors and whose forum stands for something.
#[must_use]
pub fn of(parties: impl Iterator<Item = usize> + Clone, rules: &Rules, programmes: &[Programme]) -> Option<usize> {
    let sits = |actor: usize| parties.clone().any(|party| party == actor);
    rules.programmes.iter().zip(programmes).position(|(rule, n)| n.forum > 0.0 && sits(rule.actor))
}

/// Moves every forum on by a day, after the day's strikes, and lets it calm what its members see in others: the owner, and the
/// states that host forces.
pub fn meet(
    rules: &Rules,
    levers: &LeverSet,
    hosts: &[Host],
    strikes: &[Strike],
    programmes: &mut [Programme],
    threats: &mut [Threat],
) {
    let p = &rules.p;
    if p.forum_gain <= 0.0 {
        return;
    }
    let mean_fear = fear::mean(rules, hosts);
    for (rule, n) in rules.programmes.iter().zip(programmes) {
        let own = |s: &Strike| [s.actor, s.victim].contains(&(rule.actor as u16)) && s.kind != StrikeKind::Blow;
        n.forum = standing(n.forum, mean_fear, levers[Lever::ZoneTalks], strikes.iter().any(own), p);
        let relief = p.delta_theta * p.forum_relief * n.forum;
        for (relation, threat) in rules.threats.iter().zip(threats.iter_mut()).filter(|_| relief > 0.0) {
            if relation.holder == rule.actor || rules.hosts.iter().any(|host| host.actor == relation.holder) {
                threat.level = (threat.level - relief).max(0.0);
            }
        }
    }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "forum",
    phase: 8,
    title: "A security forum of a programme's owner and its neighbours",
    section: "6.14",
    reads: &["Host", "Strike"],
    writes: &["Programme", "Threat"],
    levers: &[Lever::ZoneTalks, Lever::FearOfWar],
    events: &[],
    source: include_str!("forum.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, n) in rules.programmes.iter().enumerate() {
        let me = Node::Programme(i);
        link(Node::Lever(Lever::FearOfWar), me);
        (0..rules.hosts.len()).for_each(|host| link(Node::Host(host), me));
        for (k, initiative) in rules.initiatives.iter().enumerate() {
            if [initiative.actor, initiative.opponent].contains(&n.actor) {
                link(Node::Initiative(k), me);
            }
        }
        for (k, _) in rules.ledgers.iter().enumerate().filter(|(_, l)| [l.holder, l.against].contains(&n.actor)) {
            link(Node::Answer(k), me);
        }
        for (t, relation) in rules.threats.iter().enumerate() {
            if relation.holder == n.actor || rules.hosts.iter().any(|host| host.actor == relation.holder) {
                link(me, Node::Threat(t));
            }
        }
        for (t, table) in rules.tables.iter().enumerate() {
            if table.collective || table.parties.iter().any(|party| party.actor == n.actor) {
                link(me, Node::Table(t));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forum_grows_by_fear_and_talks_together_and_a_strike_sets_it_back() {
        let p = Parameters { forum_gain: 0.02, ..Parameters::at_start() };
        let base = standing(0.4, 0.6, 1.0, false, &p);
        assert!(base > 0.4 && standing(0.4, 0.9, 1.0, false, &p) > base);
        assert!((standing(0.4, 0.9, 0.0, false, &p) - 0.4).abs() < 1e-12, "nobody talks");
        assert!((standing(0.4, 0.0, 1.0, false, &p) - 0.4).abs() < 1e-12, "nobody fears");
        assert!(standing(0.4, 0.6, 1.0, true, &p) < 0.4);
        for now in [0.0, 1.0] {
            for struck in [false, true] {
                assert!((0.0..=1.0).contains(&standing(now, 1.0, 1.0, struck, &p)));
            }
        }
        let off = Parameters::at_start();
        assert!(standing(0.0, 1.0, 1.0, false, &off).abs() < 1e-15);
        assert!(benefit(0.6, &p) > benefit(0.2, &p) && benefit(0.0, &p).abs() < 1e-15);
    }
}
