//! Phase 8: what the day did: deaths, displacement, opinion, ledgers, reputation, sites (6.4, 6.8).

use super::luck::Luck;
use super::rules::{LedgerRules, Rules};
use super::state::{
    Arsenal, Board, Clock, Fire, Front, Ix, Ledger, Pair, SiteState, Standing, Strike, StrikeKind,
    TargetClass, Territory, Threat,
};
use crate::chance::quantile::normal;
use crate::record::event::{Event, Journal};
use crate::symbols::levers::LeverSet;
use crate::symbols::parameters::Parameters;
use bevy::ecs::prelude::*;

/// Harm of a strike, blows, before shares and perception: a salvo `.5 + .045 hits`, a strike its magnitude; both
/// `+ .25 ln(1 + killed)`. A blow's severity already counts who was killed.
#[inline]
#[must_use]
pub fn harm(s: &Strike, p: &Parameters) -> f64 {
    let killed = p.harm_killed * libm::log1p(f64::from(s.deaths));
    match s.kind {
        StrikeKind::Salvo => p.harm_salvo + p.harm_hit * f64::from(s.hits) + killed,
        StrikeKind::AirStrike | StrikeKind::Preventive => s.magnitude + killed,
        StrikeKind::Blow => s.magnitude,
    }
}

/// Harm as a ledger holder feels it: `σ H e^(b + ξ)`; −b gives the other side's count of the same harm.
#[inline]
#[must_use]
pub fn perceived(share: f64, harm: f64, bias: f64, noise: f64) -> f64 {
    share * harm * libm::exp(bias + noise)
}

/// A holder's share in harm to a victim. A blow's severity is already in the opponent's own blows, so for the ledger of
/// the opponent it counts in full whoever is hit; other holders see it in proportion to their own share.
fn share(l: &LedgerRules, s: &Strike, opponent_share: f64) -> f64 {
    match s.kind {
        StrikeKind::Blow if l.holder == usize::from(s.opponent) => 1.0,
        StrikeKind::Blow if opponent_share > 0.0 => l.share(usize::from(s.victim)) / opponent_share,
        _ => l.share(usize::from(s.victim)),
    }
}

/// Displaced persons tomorrow: `D + .12 (P − D)(1 − e^(−λ/40)) [level ≥ 4] − k D [truce]`.
#[inline]
#[must_use]
pub fn displaced(now: f64, exposed: f64, fire: f64, high: bool, returning: f64, p: &Parameters) -> f64 {
    let leaving = if high && fire > 0.0 {
        p.displacement_rate * (exposed - now).max(0.0) * -libm::expm1(-fire / p.displacement_scale)
    } else {
        0.0
    };
    (now + leaving - returning * now).max(0.0)
}

/// Support for continuing tomorrow: `O − k_c ln(1 + own deaths) + k_r [attacked] − .01 O`, within −1 … 1.
#[inline]
#[must_use]
pub fn opinion(now: f64, own_deaths: u32, attacked: bool, p: &Parameters) -> f64 {
    let losses = if own_deaths > 0 { p.opinion_casualties * libm::log1p(f64::from(own_deaths)) } else { 0.0 };
    let rally = if attacked { p.opinion_rally } else { 0.0 };
    (now - losses + rally - p.opinion_reversion * now).clamp(-1.0, 1.0)
}

/// Reputation tomorrow: falls by `.002 ln(1 + L/θ)` while an answer is owed, returns to rest at .0005 a day.
#[inline]
#[must_use]
pub fn resolve(now: f64, owed_ratio: f64, p: &Parameters) -> f64 {
    let loss = if owed_ratio >= 1.0 { p.rho_loss * libm::log1p(owed_ratio) } else { 0.0 };
    (now - loss + p.rho_reversion * (p.rho_reference - now)).clamp(0.0, 1.0)
}

/// Factor of a restraint pledge on deaths per event: `1 + k (g⁰ − g)`, with g⁰ the lever's default.
#[inline]
#[must_use]
pub fn restraint_on_deaths(pledge: f64, default: f64, effect: f64) -> f64 {
    (1.0 + effect * (default - pledge)).max(0.0)
}

/// Damage of a site on a later day: what is there halves in `half_life` days.
#[inline]
#[must_use]
pub fn damage_on(state: SiteState, today: i32, half_life: f64) -> f64 {
    let age = f64::from(today - state.noted);
    if state.damage > 0.0 && age > 0.0 { state.damage * libm::exp2(-age / half_life) } else { state.damage }
}

/// Deaths of the day's routine fire, one uniform per event.
pub fn count_the_dead(
    rules: Res<Rules>,
    levers: Res<LeverSet>,
    clock: Res<Clock>,
    luck: Res<Luck>,
    fronts: Query<(&Ix, &Front)>,
    mut fires: Query<(&Ix, &mut Fire)>,
) {
    let p = &rules.p;
    let levels = Board::gather(fronts.iter().map(|(ix, f)| (*ix, f.level)));
    for (ix, mut fire) in &mut fires {
        (fire.deaths, fire.lethal) = (0, 0);
        if fire.events == 0 {
            continue;
        }
        let s = &rules.streams[usize::from(ix.0)];
        let pledge = s.restraint.map_or(1.0, |lever| {
            restraint_on_deaths(levers[lever], lever.row().default, p.restraint_lethality)
        });
        let per_event = s.deaths[usize::from(levels[s.front] >= 4)] * pledge;
        let lethal_share = rules.death_law.lethal_share(per_event);
        if lethal_share <= 0.0 {
            continue;
        }
        let day = luck.fire_deaths[usize::from(ix.0)].day(clock.day);
        for event in 0..fire.events {
            let killed = rules.death_law.deaths(day.uniform(event), lethal_share);
            fire.deaths += killed;
            fire.lethal += u32::from(killed > 0);
        }
    }
}

/// Writes the day's harm into ledgers, threats, arsenals, fronts, sites, territories and opinion.
pub fn feel_harm(
    rules: Res<Rules>,
    clock: Res<Clock>,
    luck: Res<Luck>,
    strikes: Query<(&Ix, &Strike)>,
    mut journal: ResMut<Journal>,
    fires: Query<(&Ix, &Fire)>,
    mut fronts: Query<(&Ix, &mut Front)>,
    agreements: Query<(&Ix, &super::state::Agreement)>,
    mut written: (
        Query<(&Ix, &mut Ledger)>,
        Query<(&Ix, &mut Threat)>,
        Query<(&Ix, &mut Arsenal)>,
        Query<(&Ix, &mut Pair)>,
        Query<(&Ix, &mut SiteState)>,
        Query<(&Ix, &mut Territory)>,
        Query<(&Ix, &mut Standing)>,
    ),
) {
    let p = &rules.p;
    let today = clock.day;
    let (ledgers, threats, arsenals, pairs, sites, territories, standings) = (
        &mut written.0,
        &mut written.1,
        &mut written.2,
        &mut written.3,
        &mut written.4,
        &mut written.5,
        &mut written.6,
    );
    let fire = Board::gather(fires.iter().map(|(ix, f)| (*ix, *f)));

    let strikes = Board::gather(strikes.iter().map(|(ix, s)| (*ix, *s)));
    for (k, s) in (0_u32..).zip(strikes.iter()) {
        journal.0.push(Event::Struck(*s));
        strike_ledgers(s, k, &rules, &luck, today, ledgers);
        strike_state(s, &rules, today, threats, arsenals, pairs, sites, &mut fronts);
    }

    // Routine fire writes ledgers only where the scenario says so.
    for (f, s) in fire.iter().zip(&rules.streams) {
        let Some(target) = s.ledger else { continue };
        let added = s.harm_per_event * f64::from(f.events) + s.harm_per_lethal_event * f64::from(f.lethal);
        if added > 0.0 {
            for (ix, mut ledger) in ledgers.iter_mut() {
                if usize::from(ix.0) == target {
                    ledger.blows += added;
                    ledger.other_count += added;
                }
            }
        }
    }
    for (ix, mut ledger) in ledgers.iter_mut() {
        if !ledger.owed && ledger.blows >= rules.ledgers[usize::from(ix.0)].theta {
            ledger.owed = true;
            ledger.owed_since = today;
            journal.0.push(Event::AnswerOwed { ledger: ix.0 });
        }
    }
    for (ix, mut threat) in threats.iter_mut() {
        let relation = &rules.threats[usize::from(ix.0)];
        let killed: u32 = relation.streams.iter().map(|&s| fire[s].deaths).sum();
        if killed > 0 {
            threat.recent_harm += p.harm_killed * libm::log1p(f64::from(killed));
        }
    }

    let levels = Board::gather(fronts.iter().map(|(ix, f)| (*ix, f.level)));
    let truces = Board::gather(agreements.iter().map(|(ix, a)| (*ix, a.in_force().then_some(a.since))));
    let mut own_deaths = [0_u32; super::rules::MANY];
    for (ix, mut territory) in territories.iter_mut() {
        let rule = &rules.territories[usize::from(ix.0)];
        let (mut events, mut killed) = (0, 0);
        for &s in &rule.streams {
            events += fire[s].events;
            killed += fire[s].deaths;
        }
        for s in strikes.iter() {
            if rule.first_of_actor && usize::from(s.victim_home(&rules)) == rule.actor {
                killed += s.deaths;
            }
        }
        territory.killed_today = killed;
        territory.killed += killed;
        own_deaths[rule.actor] += killed;
        if rule.exposed > 0.0 || territory.displaced > 0.0 {
            let truce = rules.fronts[rule.front].table.and_then(|t| truces[t]);
            let returning = truce.map_or(0.0, |since| {
                if rule.fast_return && f64::from(today - since) < p.return_fast_days { p.return_fast } else { rule.return_rate }
            });
            let high = levels[rule.front] >= 4;
            territory.displaced = displaced(territory.displaced, rule.exposed, f64::from(events), high, returning, p);
        }
    }
    for (ix, mut standing) in standings.iter_mut() {
        let me = usize::from(ix.0);
        let attacked = strikes.iter().any(|s| usize::from(s.victim) == me);
        if own_deaths[me] > 0 || attacked || standing.opinion != 0.0 {
            standing.opinion = opinion(standing.opinion, own_deaths[me], attacked, p);
        }
        if rules.actors[me].keeps_ledger {
            let mut owed = 0.0_f64;
            for (lix, ledger) in ledgers.iter() {
                let l = &rules.ledgers[usize::from(lix.0)];
                if l.holder == me && ledger.owed {
                    owed = owed.max(ledger.blows / l.theta);
                }
            }
            standing.resolve = resolve(standing.resolve, owed, p);
        }
    }
}

impl Strike {
    /// The actor in whose territory a strike's dead are counted: groups live in a state or authority.
    fn victim_home(&self, rules: &Rules) -> u16 {
        rules.actors[usize::from(self.victim)].home as u16
    }
}

/// Harm of one strike in every ledger that counts its victim.
fn strike_ledgers(
    s: &Strike,
    k: u32,
    rules: &Rules,
    luck: &Luck,
    today: i32,
    ledgers: &mut Query<(&Ix, &mut Ledger)>,
) {
    let p = &rules.p;
    let harm = harm(s, p);
    let opponent_share = rules
        .ledgers
        .iter()
        .find(|l| l.holder == usize::from(s.opponent) && l.against == usize::from(s.actor))
        .map_or(0.0, |l| l.share(usize::from(s.victim)));
    for (ix, mut ledger) in ledgers.iter_mut() {
        let position = usize::from(ix.0);
        let l = &rules.ledgers[position];
        if l.against != usize::from(s.actor) {
            continue;
        }
        let share = share(l, s, opponent_share);
        if share > 0.0 {
            let noise = p.perception_noise * normal(luck.perceive[position].day(today).uniform(k));
            ledger.blows += perceived(share, harm, l.bias, noise);
            ledger.other_count += perceived(share, harm, -l.bias, noise);
        }
    }
}

/// What one strike does to threats, arsenals, pairs, sites and fronts.
#[expect(clippy::too_many_arguments, reason = "a strike touches all of these, each in one line")]
fn strike_state(
    s: &Strike,
    rules: &Rules,
    today: i32,
    threats: &mut Query<(&Ix, &mut Threat)>,
    arsenals: &mut Query<(&Ix, &mut Arsenal)>,
    pairs: &mut Query<(&Ix, &mut Pair)>,
    sites: &mut Query<(&Ix, &mut SiteState)>,
    fronts: &mut Query<(&Ix, &mut Front)>,
) {
    let p = &rules.p;
    let harm = harm(s, p);
    for (ix, mut threat) in threats.iter_mut() {
        let relation = &rules.threats[usize::from(ix.0)];
        if relation.from == usize::from(s.actor)
            && (relation.holder == usize::from(s.victim) || relation.holder == usize::from(s.opponent))
        {
            threat.recent_harm += harm;
        }
    }
    for (ix, mut arsenal) in arsenals.iter_mut().filter(|(ix, _)| ix.0 == s.victim) {
        match s.kind {
            StrikeKind::Blow if rules.actors[usize::from(ix.0)].kind == crate::scenario::raw::ActorKind::Group => {
                arsenal.decapitation = (arsenal.decapitation + p.decapitation_per_blow * s.magnitude).min(1.0);
            }
            StrikeKind::AirStrike | StrikeKind::Preventive => {
                if rules.actors[usize::from(ix.0)].air_defence.is_some() {
                    arsenal.air_defence = (arsenal.air_defence - p.air_defence_loss * s.magnitude).max(0.0);
                }
                if arsenal.munitions.is_finite() && s.class == TargetClass::Military {
                    arsenal.munitions = (arsenal.munitions - p.rounds_lost_per_strike * s.magnitude).max(0.0);
                }
            }
            _ => {}
        }
    }
    for (_, mut site) in sites.iter_mut().filter(|(ix, _)| ix.0 == s.site) {
        let added = match s.kind {
            StrikeKind::Salvo => p.damage_per_hit * f64::from(s.hits),
            _ => p.damage_per_blow * s.magnitude,
        };
        *site = SiteState { damage: (damage_on(*site, today, p.repair_half_life) + added).min(1.0), noted: today };
    }
    let direct = s.kind != StrikeKind::Blow;
    if direct {
        for (ix, mut pair) in pairs.iter_mut() {
            for (side, &l) in rules.pairs[usize::from(ix.0)].ledgers.iter().enumerate().take(2) {
                let l = &rules.ledgers[l];
                if l.holder == usize::from(s.actor) && l.against == usize::from(s.opponent) {
                    pair.last_fire[side] = today;
                }
            }
        }
    }
    for (ix, mut front) in fronts.iter_mut() {
        let rule = &rules.fronts[usize::from(ix.0)];
        let (victim, actor) = (usize::from(s.victim), usize::from(s.actor));
        if rule.parties.contains(&victim) && rule.parties.contains(&actor) {
            if direct {
                front.last_fire = today;
            } else {
                front.last_blow = today;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displacement_rises_in_a_campaign_and_falls_in_a_truce() {
        let p = Parameters::default();
        assert!(displaced(1e5, 1e6, 60.0, true, 0.0, &p) > 1e5);
        assert!((displaced(1e5, 1e6, 60.0, false, 0.0, &p) - 1e5).abs() < 1e-9);
        assert!(displaced(1e5, 1e6, 0.0, false, 0.35, &p) < 1e5);
        assert!(displaced(1e6, 1e6, 500.0, true, 0.0, &p) <= 1e6, "no more leave than live there");
    }

    #[test]
    fn about_two_thirds_move_home_within_two_days_of_a_truce() {
        let p = Parameters::default();
        let mut d = 899_725.0;
        for _ in 0..2 {
            d = displaced(d, 1.3e6, 0.0, false, p.return_fast, &p);
        }
        let moved = 899_725.0 - d;
        assert!((450_000.0..650_000.0).contains(&moved), "{moved}: 578,641 were moving by 28 November 2024");
    }

    #[test]
    fn opinion_and_reputation_stay_in_bounds_and_move_as_stated() {
        let p = Parameters::default();
        assert!(opinion(0.0, 50, false, &p) < 0.0);
        assert!(opinion(0.0, 0, true, &p) > 0.0);
        assert!(opinion(-1.0, 10_000, false, &p) >= -1.0);
        assert!(resolve(0.8, 2.0, &p) < 0.8);
        assert!((resolve(0.8, 0.0, &p) - 0.8).abs() < 1e-12);
        assert!(resolve(0.0, 50.0, &p) >= 0.0);
    }

    #[test]
    fn a_pledge_at_its_default_changes_nothing_and_a_stronger_one_lowers_deaths() {
        assert!((restraint_on_deaths(0.5, 0.5, 1.0) - 1.0).abs() < 1e-12);
        assert!(restraint_on_deaths(1.0, 0.5, 1.0) < 1.0);
        assert!((restraint_on_deaths(1.0, 0.5, 0.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn damage_halves_in_half_a_year() {
        let s = SiteState { damage: 0.8, noted: 10 };
        assert!((damage_on(s, 190, 180.0) - 0.4).abs() < 1e-9);
        assert!((damage_on(s, 10, 180.0) - 0.8).abs() < 1e-12);
    }
}
