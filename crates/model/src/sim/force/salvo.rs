//! Phase 6: what becomes of a salvo: launch, interception, hits (6.7, a stochastic Hughes-Armstrong exchange).

use crate::chance::quantile::{binomial, negative_binomial};
use crate::chance::{DayKey, Key};
use crate::sim::event::EventKind;
use crate::sim::luck::Luck;
use crate::sim::mechanism::Mechanism;
use crate::sim::rules::Rules;
use crate::sim::state::{Arsenal, Strike, StrikeKind, TargetClass};
use crate::sim::strategy::step;
use crate::symbols::parameters::Parameters;

/// What one class of rounds comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// Rounds that flew as meant.
    pub arrivals: u32,
    /// Rounds engaged.
    pub engaged: u32,
    /// Rounds intercepted.
    pub intercepted: u32,
    /// Rounds that hit.
    pub hits: u32,
}

/// The defender's side of a passage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Defence {
    /// Chance to intercept an engaged round.
    pub kill_chance: f64,
    /// Rounds that can be engaged.
    pub capacity: f64,
    /// Interceptors in store.
    pub interceptors: f64,
    /// Interceptors fired per round engaged.
    pub shots: f64,
    /// Share of rounds let fall on open ground.
    pub open_ground: f64,
    /// Share of leaked rounds that hit.
    pub accuracy: f64,
}

/// Launch, open ground, engagement, interception, hit, each by inverting its law with one uniform:
/// `arrivals ~ Bin(n, reliability)`, `engaged = min(threatening, capacity, I/s)`, `intercepted ~ Bin(engaged, pk)`,
/// `hits ~ Bin(threatening − intercepted, accuracy)`.
///
/// Rounds bound for open ground are neither engaged nor counted as hits.
#[must_use]
pub fn passage(fired: u32, reliability: f64, d: &Defence, u: [f64; 3]) -> Passage {
    let arrivals = binomial(u[0], fired, reliability);
    let threatening = (f64::from(arrivals) * (1.0 - d.open_ground)) as u32;
    let by_store = if d.shots > 0.0 { d.interceptors / d.shots } else { f64::INFINITY };
    let engaged = f64::from(threatening).min(d.capacity).min(by_store).max(0.0) as u32;
    let intercepted = binomial(u[1], engaged, d.kill_chance);
    let hits = binomial(u[2], threatening - intercepted, d.accuracy);
    Passage { arrivals, engaged, intercepted, hits }
}

/// Leakage ℓ expected of `rounds` ballistic missiles: hits per missile fired, with every number at its mean.
#[must_use]
pub fn expected_leakage(rounds: f64, interceptors: Option<f64>, telegraph: f64, p: &Parameters) -> f64 {
    let arrivals = rounds * p.rel_bm;
    let threatening = arrivals * (1.0 - p.q_open);
    let kill_chance = (p.pk_bm + telegraph * p.telegraph_accuracy).min(1.0);
    let engaged = interceptors.map_or(0.0, |store| threatening.min(p.capacity_bm).min(store / p.shots_per_bm));
    if rounds > 0.0 { (threatening - engaged * kill_chance) * p.accuracy / rounds } else { 0.0 }
}

/// Mean deaths of a resolved strike: per hit of a salvo, per unit of size of a strike by air, by where it lands: on a military
/// site, where people work (ports, energy, nuclear sites), or among houses (leadership and population).
#[must_use]
pub fn mean_deaths(s: &Strike, p: &Parameters) -> f64 {
    let (per_hit, per_strike) = match s.class {
        TargetClass::Military => (p.deaths_per_hit_base, p.deaths_per_strike),
        TargetClass::StateAssets | TargetClass::Energy | TargetClass::Nuclear => {
            (p.deaths_per_hit_plant, p.deaths_per_strike_plant)
        }
        TargetClass::Leadership | TargetClass::Population => (p.deaths_per_hit_city, p.deaths_per_strike_city),
    };
    match s.kind {
        StrikeKind::Blow => p.deaths_per_blow * s.magnitude,
        _ if s.is_salvo() => per_hit * f64::from(s.hits) * if s.telegraphed { p.telegraph_lethality } else { 1.0 },
        _ => per_strike * s.magnitude,
    }
}

/// Size of the negative-binomial law of a strike's deaths: 1, a geometric law, the widest without a mode of its own.
pub const DEATHS_SIZE: f64 = 1.0;

/// Flies a salvo against its victim's store of interceptors (`None` for a victim without any), class by class.
pub fn fly(s: &mut Strike, p: &Parameters, interceptors: Option<&mut f64>, day: DayKey) {
    let announced = if s.telegraphed { p.telegraph_accuracy } else { 0.0 };
    let store = interceptors.as_ref().map_or(0.0, |store| **store);
    let defended = interceptors.is_some();
    let ballistic = Defence {
        kill_chance: (p.pk_bm + announced).min(1.0),
        capacity: p.capacity_bm,
        interceptors: store,
        shots: p.shots_per_bm,
        open_ground: p.q_open,
        accuracy: p.accuracy,
    };
    // Drones and cruise missiles fly for hours and are met by aircraft and guns: no store or capacity limits that here.
    let slow = Defence {
        kill_chance: if defended { (p.pk_slow + announced).min(1.0) } else { 0.0 },
        capacity: f64::INFINITY,
        interceptors: f64::INFINITY,
        shots: 0.0,
        ..ballistic
    };
    let mut fired_interceptors = 0.0;
    for (class, rounds) in (0_u32..).zip(s.rounds) {
        if rounds == 0 {
            continue;
        }
        let (reliability, defence) = if class == 0 { (p.rel_bm, &ballistic) } else { (p.rel_slow, &slow) };
        let u = [day.uniform(step::FLY + class), day.uniform(step::ENGAGE + class), day.uniform(step::HIT + class)];
        let through = passage(rounds, reliability, defence, u);
        s.arrivals += through.arrivals;
        s.intercepted += through.intercepted;
        s.hits += through.hits;
        if class == 0 {
            fired_interceptors = p.shots_per_bm * f64::from(through.engaged);
        }
    }
    if let Some(store) = interceptors {
        *store = (*store - fired_interceptors).max(0.0);
    }
}

/// The draws of a strike: those of the host, ledger or initiative that it comes from.
#[must_use]
pub fn key_of(s: &Strike, rules: &Rules, luck: &Luck) -> Key {
    let initiative = usize::from(s.initiative);
    match s.kind {
        StrikeKind::BaseSalvo => luck.base[initiative],
        StrikeKind::Salvo | StrikeKind::AirStrike => luck.strike[usize::from(s.ledger)],
        _ if rules.initiatives[initiative].actor != usize::from(s.actor) => luck.joining[initiative],
        StrikeKind::Blow | StrikeKind::Preventive => luck.initiative_strike[initiative],
    }
}

/// Rounds counted in missiles: `n + slow_weight · (drones + cruise missiles)`.
#[inline]
#[must_use]
pub fn missile_equivalents(rounds: [u32; 3], p: &Parameters) -> f64 {
    f64::from(rounds[0]) + p.slow_weight * f64::from(rounds[1] + rounds[2])
}

/// What becomes of a strike, and what it takes from the stores of both sides.
pub fn resolve(s: &mut Strike, rules: &Rules, luck: &Luck, today: i32, arsenals: &mut [Arsenal]) {
    let p = &rules.p;
    let day = key_of(s, rules, luck).day(today);
    if s.is_salvo() {
        let (actor, victim) = (usize::from(s.actor), usize::from(s.victim));
        let defended = rules.actors[victim].interceptors.is_some();
        fly(s, p, defended.then_some(&mut arsenals[victim].interceptors), day);
        arsenals[actor].munitions = (arsenals[actor].munitions - missile_equivalents(s.rounds, p)).max(0.0);
    }
    s.deaths = negative_binomial(day.uniform(step::DEATHS), mean_deaths(s, p), DEATHS_SIZE);
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "salvo",
    phase: 6,
    title: "Launch, interception, hits",
    section: "6.7",
    reads: &["Launches"],
    writes: &["Arsenal", "Strike"],
    levers: &[],
    events: &[EventKind::Salvo, EventKind::AirStrike],
    source: include_str!("salvo.rs"),
    links: |_, _| {},
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Key;

    const DEFENCE: Defence = Defence {
        kill_chance: 0.84,
        capacity: 150.0,
        interceptors: 500.0,
        shots: 1.3,
        open_ground: 0.0,
        accuracy: 1.0,
    };

    fn uniforms(n: i32) -> impl Iterator<Item = [f64; 3]> {
        let key = Key::new(11, 0).of("salvo test");
        (0..n).map(move |d| [key.day(d).uniform(0), key.day(d).uniform(1), key.day(d).uniform(2)])
    }

    #[test]
    fn rounds_are_conserved() {
        for u in uniforms(2000) {
            let r = passage(180, 0.85, &DEFENCE, u);
            assert!(r.arrivals <= 180 && r.engaged <= r.arrivals && r.intercepted <= r.engaged);
            assert_eq!(r.hits, r.arrivals - r.intercepted);
        }
    }

    fn struck(kind: StrikeKind, class: TargetClass, size: f64, hits: u32) -> Strike {
        Strike {
            kind,
            actor: 0,
            opponent: 1,
            victim: 1,
            ledger: 0,
            initiative: u16::MAX,
            magnitude: size,
            class,
            site: u16::MAX,
            telegraphed: false,
            rounds: [if matches!(kind, StrikeKind::Salvo | StrikeKind::BaseSalvo) { 2 * hits } else { 0 }, 0, 0],
            arrivals: hits,
            intercepted: 0,
            hits,
            deaths: 0,
        }
    }

    /// Where a strike lands decides whom it kills, by air as by missile.
    #[test]
    fn the_class_of_target_matters_to_the_dead_of_every_kind_of_strike() {
        let p = Parameters::at_start();
        use TargetClass::{Energy, Leadership, Military, Nuclear, Population, StateAssets};
        for kind in [StrikeKind::Salvo, StrikeKind::BaseSalvo, StrikeKind::AirStrike, StrikeKind::Preventive] {
            let dead = |class| mean_deaths(&struck(kind, class, 3.0, 30), &p);
            assert!(dead(Military) < dead(Energy) && dead(Energy) < dead(Population), "{kind:?}");
            assert!((dead(Energy) - dead(Nuclear)).abs() + (dead(Energy) - dead(StateAssets)).abs() < 1e-12);
            assert!((dead(Leadership) - dead(Population)).abs() < 1e-12);
        }
    }

    /// The magnitudes counted before November 2024: one killed by some thirty hits on 1 October 2024, four or five by about ten
    /// missiles at Erbil on 15 January 2024, five by the strike of 26 October 2024.
    #[test]
    fn deaths_have_the_magnitude_of_what_was_counted() {
        let p = Parameters::at_start();
        let base = mean_deaths(&struck(StrikeKind::Salvo, TargetClass::Military, 0.0, 30), &p);
        let city = mean_deaths(&struck(StrikeKind::Salvo, TargetClass::Leadership, 0.0, 10), &p);
        let air = mean_deaths(&struck(StrikeKind::AirStrike, TargetClass::Military, 1.5, 0), &p);
        assert!(
            (0.5..3.0).contains(&base) && (2.0..8.0).contains(&city) && (2.5..10.0).contains(&air),
            "{base} {city} {air}"
        );
    }

    /// The order of magnitude of 1 October 2024: about 180 fired, about 30 impacts at one base.
    #[test]
    fn a_salvo_of_180_leaves_tens_of_hits() {
        let mean = uniforms(4000).map(|u| f64::from(passage(180, 0.85, &DEFENCE, u).hits)).sum::<f64>() / 4000.0;
        assert!((20.0..40.0).contains(&mean), "{mean}");
    }

    #[test]
    fn perfect_defence_without_limits_lets_nothing_through() {
        let perfect = Defence {
            kill_chance: 1.0,
            capacity: f64::INFINITY,
            interceptors: f64::INFINITY,
            open_ground: 0.0,
            ..DEFENCE
        };
        assert!(uniforms(500).all(|u| passage(400, 0.95, &perfect, u).hits == 0));
    }

    #[test]
    fn more_interceptors_or_a_better_chance_never_mean_more_hits() {
        for u in uniforms(2000) {
            let hits = |d: Defence| passage(180, 0.85, &d, u).hits;
            let base = hits(DEFENCE);
            assert!(hits(Defence { interceptors: 50.0, ..DEFENCE }) >= base);
            assert!(hits(Defence { kill_chance: 0.95, ..DEFENCE }) <= base);
            assert!(hits(Defence { capacity: 40.0, ..DEFENCE }) >= base);
            assert!(hits(Defence { accuracy: 0.5, ..DEFENCE }) <= base);
        }
    }
}
