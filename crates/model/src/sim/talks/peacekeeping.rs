//! Phase 4a: UNIFIL, the national army, the withdrawal (6.10).

use crate::sim::force::ladder::quiet_since;
use crate::sim::mechanism::{Mechanism, Node, held};
use crate::sim::rules::Rules;
use crate::sim::state::{Agreement, Front, Mission};
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

/// What a mission brings to a truce.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Presence {
    /// Peacekeepers: strength × rules × freedom of movement (u).
    pub peacekeepers: f64,
    /// National army in the area, as a share of the ceiling (l).
    pub army: f64,
    /// Completed withdrawal (w).
    pub withdrawal: f64,
    /// Whether a monitoring mechanism works.
    pub monitored: bool,
}

impl Presence {
    /// A front without a mission: nobody watches, and there is no withdrawal to complete.
    pub const NONE: Self = Self { peacekeepers: 0.0, army: 0.0, withdrawal: 1.0, monitored: false };
}

/// `u = troops/15,000 · rules · freedom of movement`, `l = army/15,000`,
/// `w = (1 − d) · withdrawn + d · disputed areas returned`, with d the share the disputed areas stand for.
#[inline]
#[must_use]
pub fn presence(mission: &Mission, levers: &LeverSet, p: &Parameters) -> Presence {
    let returned = match levers[Lever::IsraelDisputedAreas] {
        x if x > 1.5 => 1.0,
        x if x > 0.5 => p.ghajar_part,
        _ => 0.0,
    };
    let main = mission.withdrawn * levers[Lever::IsraelWithdrawalShare];
    Presence {
        peacekeepers: levers[Lever::UnifilTroops] / p.unifil_ceiling * levers[Lever::UnifilMandate] * mission.movement,
        army: mission.national_troops / p.unifil_ceiling,
        withdrawal: (1.0 - p.disputed_share) * main + p.disputed_share * returned * mission.withdrawn,
        monitored: levers.on(Lever::MonitoringMechanism),
    }
}

/// Factor on a truce's residual fire:
/// `exp(−violation_unifil u beta_unifil/(its default) − violation_laf l + violation_withdrawal (1 − w))`.
#[inline]
#[must_use]
pub fn violation_factor(at: &Presence, p: &Parameters) -> f64 {
    let unifil_weight = p.violation_unifil * p.beta_unifil / Parameters::DEFAULT.beta_unifil;
    libm::exp(
        -unifil_weight * at.peacekeepers - p.violation_laf * at.army + p.violation_withdrawal * (1.0 - at.withdrawal),
    )
}

/// Logistic deployment of an army toward its target, nearly complete after `days`: `n += 4/days · n (1 − n/target)`; what
/// is above the target leaves at the same rate. Where nobody is yet it begins with a `vanguard` of the target, since growth
/// in proportion to nothing is nothing.
#[inline]
#[must_use]
pub fn deployed(now: f64, target: f64, days: f64, vanguard: f64) -> f64 {
    let rate = 4.0 / days;
    if now >= target {
        return target + (now - target) * (1.0 - rate).max(0.0);
    }
    let now = now.max(vanguard * target);
    now + rate * now * (1.0 - now / target)
}

/// Moves deployments on by a day.
pub fn move_in(
    rules: &Rules,
    levers: &LeverSet,
    today: i32,
    agreements: &[Agreement],
    fronts: &[Front],
    missions: &mut [Mission],
) {
    let p = &rules.p;
    for (rule, mission) in rules.missions.iter().zip(missions) {
        let truce = rule.table.and_then(|t| rules.truce(t, levers, agreements));
        let free = if truce.is_some() { p.movement_truce } else { p.movement_war };
        mission.movement += p.movement_rate * (free - mission.movement);
        if let Some(truce) = truce {
            let front = rule.table.and_then(|t| rules.tables[t].front).map(|front| &fronts[front]);
            let age = f64::from(today - quiet_since(front, truce));
            mission.withdrawn = mission.withdrawn.max((age / levers[Lever::IsraelWithdrawalDays]).min(1.0));
            mission.national_troops =
                deployed(mission.national_troops, levers[Lever::LafTroopsSouth], p.laf_days, p.laf_vanguard);
        }
    }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "peacekeeping",
    phase: 4,
    title: "UNIFIL, the Lebanese army, the Israeli withdrawal; what they leave of violations",
    section: "6.10",
    reads: &["Agreement", "Front"],
    writes: &["Mission"],
    levers: &[
        Lever::UnifilTroops,
        Lever::UnifilMandate,
        Lever::LafTroopsSouth,
        Lever::IsraelWithdrawalShare,
        Lever::IsraelWithdrawalDays,
        Lever::IsraelDisputedAreas,
        Lever::MonitoringMechanism,
    ],
    events: &[],
    source: include_str!("peacekeeping.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, m) in rules.missions.iter().enumerate() {
        if m.table.is_some() {
            held(rules, m.table, Node::Mission(i), link);
        }
        for lever in [
            Lever::UnifilTroops,
            Lever::UnifilMandate,
            Lever::LafTroopsSouth,
            Lever::IsraelWithdrawalShare,
            Lever::IsraelWithdrawalDays,
            Lever::IsraelDisputedAreas,
            Lever::MonitoringMechanism,
        ] {
            link(Node::Lever(lever), Node::Mission(i));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(lever: Lever, value: f64) -> LeverSet {
        let mut levers = LeverSet::default();
        levers.set(lever, value);
        levers
    }

    const MISSION: Mission = Mission { movement: 0.9, national_troops: 6000.0, withdrawn: 0.5 };

    #[test]
    fn more_peacekeepers_army_and_withdrawal_mean_fewer_violations() {
        let p = Parameters::at_start();
        let base = violation_factor(&presence(&MISSION, &LeverSet::default(), &p), &p);
        for levers in [
            with(Lever::UnifilTroops, 15000.0),
            with(Lever::UnifilMandate, 2.0),
            with(Lever::IsraelDisputedAreas, 1.0),
            with(Lever::IsraelDisputedAreas, 2.0),
        ] {
            assert!(violation_factor(&presence(&MISSION, &levers, &p), &p) < base);
        }
        let more_army = Mission { national_troops: 9000.0, ..MISSION };
        assert!(violation_factor(&presence(&more_army, &LeverSet::default(), &p), &p) < base);
        let stays = with(Lever::IsraelWithdrawalShare, 0.0);
        assert!(violation_factor(&presence(&MISSION, &stays, &p), &p) > base);
    }

    #[test]
    fn claim_h3_can_be_switched_off() {
        let p = Parameters { beta_unifil: 0.0, ..Parameters::at_start() };
        let (few, many) = (with(Lever::UnifilTroops, 0.0), with(Lever::UnifilTroops, 15000.0));
        let factor = |levers| violation_factor(&presence(&MISSION, levers, &p), &p);
        assert!((factor(&few) - factor(&many)).abs() < 1e-12);
    }

    #[test]
    fn the_army_reaches_its_target_in_about_the_days_given() {
        let mut n = 6000.0;
        for _ in 0..60 {
            n = deployed(n, 10000.0, 60.0, 0.05);
        }
        assert!((9700.0..10000.0).contains(&n), "{n}");
        for _ in 0..400 {
            n = deployed(n, 0.0, 60.0, 0.05);
        }
        assert!(n < 1.0);
        for _ in 0..120 {
            n = deployed(n, 10000.0, 60.0, 0.05);
        }
        assert!(n > 9700.0, "an army that left can come back: {n}");
    }

    #[test]
    fn a_larger_target_never_means_fewer_troops_tomorrow() {
        for now in [0.0, 1.0, 500.0, 6000.0, 15000.0] {
            let tomorrow: Vec<f64> = (0..=60).map(|i| deployed(now, 250.0 * f64::from(i), 60.0, 0.05)).collect();
            assert!(tomorrow.is_sorted(), "{now}: {tomorrow:?}");
            assert!(tomorrow.iter().zip(0..=60).all(|(&n, i)| n >= 0.0 && n <= now.max(250.0 * f64::from(i))));
        }
    }
}
