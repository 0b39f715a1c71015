//! Phase 2: sanctions, oil, revenue, funding of aligned groups, the supply corridor (6.15, 6.16).

use crate::sim::event::{Event, EventKind};
use crate::sim::luck::Luck;
use crate::sim::mechanism::{Mechanism, Node, held};
use crate::sim::probe::{Decision, Probe, Subject};
use crate::sim::rules::{ActorRules, EconomyRules, Rules};
use crate::sim::state::{Agreement, Corridor, Economy, Front, NEVER};
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

/// Change of pressure that the parameter `sanctions_ramp` gives the days of.
const RAMP_STEP: f64 = 0.4;

/// Sanctions pressure tomorrow: toward its target, by no more than .4 per `sanctions_ramp` days.
#[inline]
#[must_use]
pub fn pressure(now: f64, target: f64, ramp_days: f64) -> f64 {
    let step = RAMP_STEP / ramp_days;
    now + (target - now).clamp(-step, step)
}

/// Oil exports tomorrow, mb/d: toward `ceiling · (1 − .82 S)` in 90 days.
#[inline]
#[must_use]
pub fn exports(now: f64, pressure: f64, p: &Parameters) -> f64 {
    now + (p.oil_ceiling * (1.0 - p.oil_sanctions * pressure) - now) / p.oil_days
}

/// Revenue against that of the start: exports times a price that risk raises, `Q (75 + β risk) / (Q⁰ · 75)`.
#[inline]
#[must_use]
pub fn revenue(oil: f64, oil_at_start: f64, risk: f64, p: &Parameters) -> f64 {
    oil * (p.oil_price + p.beta_oil * risk) / (oil_at_start * p.oil_price)
}

/// Risk that a front brings to the oil price: 0 up to level 2, full from level 5 on.
#[inline]
#[must_use]
pub fn risk(level: u8) -> f64 {
    ((f64::from(level) - 2.0) / 3.0).clamp(0.0, 1.0)
}

/// Funding of aligned groups against that of the start: `lever · (R / R⁰)^.5`.
#[inline]
#[must_use]
pub fn funding(lever: f64, revenue: f64, exponent: f64) -> f64 {
    if lever <= 0.0 || revenue <= 0.0 { 0.0 } else { lever * libm::exp(exponent * libm::log(revenue)) }
}

/// Share of its means that a group keeps when its patron pays F of what it paid: `1 − share · (1 − min(1, F))`.
#[inline]
#[must_use]
pub fn means(patron_share: f64, funding: f64) -> f64 {
    1.0 - patron_share * (1.0 - funding.min(1.0))
}

/// Share of its means that an attacker keeps when its patron pays less: all of what the patron pays for where it has no stock
/// of its own, else the part that is pay and upkeep and not rounds.
#[inline]
#[must_use]
pub fn funded(actor: &ActorRules, economies: &[Economy], p: &Parameters) -> f64 {
    let Some(patron) = actor.patron else { return 1.0 };
    let part = if actor.stock.is_some() { p.funding_upkeep } else { 1.0 };
    means(part * actor.patron_funding, economies[patron].funding_felt)
}

/// Resupply of a group's stock against that of the start: the patron's share times funding and corridor, the rest its own.
#[inline]
#[must_use]
pub fn resupply(patron_share: f64, funding: f64, corridor: f64) -> f64 {
    (1.0 - patron_share + patron_share * funding * corridor).max(0.0)
}

/// What a corridor lets through: all while open, a rest once lost.
#[inline]
#[must_use]
pub fn passage(corridor: Corridor, rest: f64) -> f64 {
    if corridor.lost_on == NEVER { 1.0 } else { rest }
}

/// Target of the sanctions: the lever, less the relief offered once the agreement that brings it is in force.
#[inline]
#[must_use]
pub fn target(e: &EconomyRules, rules: &Rules, levers: &LeverSet, agreements: &[Agreement]) -> f64 {
    let relieved = e.relief_table.is_some_and(|table| rules.truce(table, levers, agreements).is_some());
    levers[Lever::SanctionsPressure] * if relieved { 1.0 - levers[Lever::SanctionsRelief] } else { 1.0 }
}

/// Moves every economy on by a day.
pub fn turn_over(
    rules: &Rules,
    levers: &LeverSet,
    fronts: &[Front],
    agreements: &[Agreement],
    economies: &mut [Economy],
) {
    let p = &rules.p;
    for (rule, e) in rules.economies.iter().zip(economies) {
        e.sanctions = pressure(e.sanctions, target(rule, rules, levers, agreements), p.sanctions_ramp);
        e.oil = exports(e.oil, e.sanctions, p);
        e.revenue = revenue(e.oil, rule.oil, rule.risk_front.map_or(0.0, |front| risk(fronts[front].level)), p);
        e.funding = funding(levers[Lever::IranAxisFunding], e.revenue, p.funding_exponent);
        e.funding_felt += (e.funding - e.funding_felt) * rules.funding_rate;
    }
}

/// Draws whether a corridor is lost today, or takes the documented day.
pub fn watch_corridors<P: Probe>(
    rules: &Rules,
    luck: &Luck,
    today: i32,
    corridors: &mut [Corridor],
    journal: &mut Vec<Event>,
    probe: &mut P,
) {
    for (i, (rule, corridor)) in rules.corridors.iter().zip(corridors).enumerate() {
        if corridor.lost_on != NEVER {
            continue;
        }
        let lost = if let Some(day) = rule.lost_on {
            today == day && probe.allows(Subject::CorridorLoss(i as u16))
        } else {
            let chance = -libm::expm1(-rules.p.corridor_loss);
            let draw = luck.corridor[i].day(today).uniform(0);
            probe.decided(|| Decision { subject: Subject::CorridorLoss(i as u16), chance, draw, terms: Vec::new() });
            probe.draw(Subject::CorridorLoss(i as u16), chance, draw) < chance
        };
        if lost {
            corridor.lost_on = today;
            journal.push(Event::CorridorLost { corridor: i as u16 });
        }
    }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "economy",
    phase: 2,
    title: "Sanctions, oil, revenue, funding of aligned groups, the supply corridor",
    section: "6.15, 6.16",
    reads: &["Front", "Agreement"],
    writes: &["Economy", "Corridor"],
    levers: &[Lever::SanctionsPressure, Lever::SanctionsRelief, Lever::IranAxisFunding],
    events: &[EventKind::CorridorLost],
    source: include_str!("economy.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, e) in rules.economies.iter().enumerate() {
        let me = Node::Economy(i);
        for lever in [Lever::SanctionsPressure, Lever::SanctionsRelief, Lever::IranAxisFunding] {
            link(Node::Lever(lever), me);
        }
        held(rules, e.relief_table, me, link);
        if let Some(front) = e.risk_front {
            link(Node::Front(front), me);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The two observed points of the specification: 2.5 mb/d without sanctions, about 1.6 at the pressure of 2024.
    #[test]
    fn exports_settle_where_the_specification_puts_them() {
        let p = Parameters::at_start();
        let settled = |s: f64| (0..5000).fold(1.0, |q, _| exports(q, s, &p));
        assert!((settled(0.0) - 2.5).abs() < 1e-9);
        assert!((settled(0.45) - 1.58).abs() < 0.01);
        assert!(settled(1.0) < 0.5);
    }

    #[test]
    fn pressure_takes_its_ramp_and_stops_at_its_target() {
        let mut s = 0.45;
        for day in 0..200 {
            let next = pressure(s, 0.85, 90.0);
            assert!(next >= s && next <= 0.85);
            if day == 88 {
                assert!(next < 0.85);
            }
            s = next;
        }
        assert!((s - 0.85).abs() < 1e-12);
        assert!((pressure(0.5, 0.5, 90.0) - 0.5).abs() < 1e-15);
    }

    #[test]
    fn funding_follows_revenue_and_the_lever() {
        let p = Parameters::at_start();
        assert!((funding(1.0, 1.0, p.funding_exponent) - 1.0).abs() < 1e-12);
        assert!((funding(1.0, 0.49, p.funding_exponent) - 0.7).abs() < 1e-12);
        assert!(funding(0.0, 1.0, 0.5).abs() < 1e-12 && funding(1.0, 0.0, 0.5).abs() < 1e-12);
        assert!(revenue(1.58, 1.58, 0.0, &p) < revenue(1.58, 1.58, 1.0, &p));
    }

    #[test]
    fn a_group_keeps_what_its_patron_does_not_pay_for() {
        assert!((means(0.3, 0.0) - 0.7).abs() < 1e-12);
        assert!((means(0.3, 2.0) - 1.0).abs() < 1e-12);
        assert!((resupply(1.0, 1.0, 0.25) - 0.25).abs() < 1e-12);
        assert!(resupply(0.8, 2.0, 1.0) > 1.0);
        assert!(resupply(1.0, 0.0, 1.0).abs() < 1e-12);
    }
}
