//! Phase 5a: blows (killings of senior figures, plots abroad) and preventive strikes (6.5). One form for every actor.

use super::answer::{scale_veto, step};
use super::caution::{caution, exchange_factor};
use super::given::Given;
use super::luck::Luck;
use super::roster::All;
use super::rules::{InitiativeRules, Rules};
use super::state::{Agreement, Arsenal, Channel, Launches, Standing, Strike, StrikeKind, TargetClass, Threat};
use super::target::{Doctrine, choose_class, choose_site};
use crate::chance::quantile::normal;
use crate::record::probe::{Decision, Probe, Source, Subject, Term};
use crate::symbols::parameters::Parameters;
use bevy::ecs::prelude::*;

/// What an initiative rests on today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inputs {
    /// Blows a day at rest (μ_b), after the lever.
    pub blow_rate: f64,
    /// Preventive strikes a day at rest (μ_p).
    pub preventive_rate: f64,
    /// The opponent's resolve as seen (ρ).
    pub opponent_resolve: f64,
    /// Own caution B.
    pub caution: f64,
    /// The opponent's partner shield; `shield_reference` where it has none.
    pub opponent_shield: f64,
    /// Whether all truces that hold blows back are in force.
    pub truces_hold: bool,
    /// Factor of mutual restraint.
    pub restraint: f64,
    /// The opponent's air defence.
    pub opponent_air_defence: f64,
    /// US consent; .5 where it does not bear.
    pub consent: f64,
    /// Perceived threat.
    pub threat: f64,
}

/// Loss of reputation against rest, `β_ρ (ρ⁰ − ρ)`: how far an unanswered blow invites the next (claim H2).
#[inline]
#[must_use]
pub fn invitation(resolve: f64, p: &Parameters) -> f64 {
    p.beta_rho * (p.rho_reference - resolve)
}

/// Hazard of a blow: `μ_b · exp(2 β_ρ (.8 − ρ) − .4 (B − .5) − .6 (SH − .35)) · (.4 while both truces hold) · restraint`.
#[inline]
#[must_use]
pub fn blow_hazard(i: &Inputs, p: &Parameters) -> f64 {
    let drive = 2.0 * invitation(i.opponent_resolve, p)
        - p.blow_caution * (i.caution - p.caution_reference)
        - p.blow_shield * (i.opponent_shield - p.shield_reference);
    i.blow_rate * libm::exp(drive) * if i.truces_hold { p.blow_truces } else { 1.0 } * i.restraint
}

/// Hazard of a preventive strike: `μ_p · exp((.7 − AD) + 2 (consent − .5) − (B − .5) + ½ (Θ − .5))`. The terms for breakout,
/// weaponisation and a nuclear agreement come with those mechanisms.
#[inline]
#[must_use]
pub fn preventive_hazard(i: &Inputs, p: &Parameters) -> f64 {
    let drive = (p.preventive_defence - i.opponent_air_defence) + p.preventive_consent * (i.consent - 0.5)
        - p.preventive_caution * (i.caution - p.caution_reference)
        + p.preventive_threat * (i.threat - 0.5);
    i.preventive_rate * libm::exp(drive) * i.restraint
}

/// Chance within a day of a hazard.
#[inline]
#[must_use]
pub fn chance_of(hazard: f64) -> f64 {
    -libm::expm1(-hazard)
}

/// Severity of a blow, blows: log-normal with mean `.35 + β_ρ (.8 − ρ)` and standard deviation .55 of its logarithm.
#[must_use]
pub fn severity(opponent_resolve: f64, z: f64, p: &Parameters) -> f64 {
    libm::exp(p.severity_log_mean + invitation(opponent_resolve, p) + p.severity_log_sd * z)
}

/// Decides, for every initiative, whether a blow falls or a preventive strike comes today.
pub fn take_initiative<P: Probe>(
    given: Res<Given>,
    mut probe: ResMut<P>,
    mut launches: ResMut<Launches>,
    agreements: All<Agreement>,
    channels: All<Channel>,
    arsenals: All<Arsenal>,
    standings: All<Standing>,
    threats: All<Threat>,
) {
    let Given { rules, levers, clock, luck } = &*given;
    let p = &rules.p;
    let today = clock.day;
    let (agreements, channels, arsenals) = (agreements.view(), channels.view(), arsenals.view());
    let (standings, threats) = (standings.view(), threats.view());
    for (position, rule) in rules.initiatives.iter().enumerate() {
        let day = luck.blow[position].day(today);
        let (draw, preventive_draw) = (day.uniform(0), luck.preventive[position].day(today).uniform(0));
        let lever = rule.blow_lever.map_or(1.0, |lever| levers[lever]);
        // Neither can happen today whatever the inputs: the rest of the arithmetic is spared.
        let ruled_out = draw >= rule.blow_bound * lever && preventive_draw >= rule.preventive_bound;
        if arsenals[rule.actor].munitions < 1.0 || (ruled_out && !P::ON) {
            continue;
        }
        let opponent = &rules.actors[rule.opponent];
        let own_caution = match rule.own_ledger {
            Some(l) => caution(rules.ledgers[l].caution, rules, levers, &channels, &agreements, today),
            None => p.caution_reference,
        };
        let inputs = Inputs {
            blow_rate: rule.blow_rate * lever,
            preventive_rate: rule.preventive_rate,
            opponent_resolve: standings[rule.opponent].resolve,
            caution: own_caution,
            opponent_shield: if opponent.shield.is_some() {
                arsenals[rule.opponent].shield
            } else {
                p.shield_reference
            },
            truces_hold: !rule.held_back_by.is_empty() && rule.held_back_by.iter().all(|&t| agreements[t].in_force()),
            restraint: exchange_factor(&rule.restrained_by, &agreements, p.exchange_restraint),
            opponent_air_defence: arsenals[rule.opponent].air_defence,
            consent: if rule.needs_consent { clock.consent * scale_veto(levers, p.scale_veto_effect) } else { 0.5 },
            threat: rule.threat.map_or(0.5, |t| threats[t].level),
        };
        let blow = chance_of(blow_hazard(&inputs, p));
        probe.decided(|| explain(Subject::Blow(position as u16), rule, &inputs, blow, draw, p));
        if draw < blow {
            let magnitude = severity(inputs.opponent_resolve, normal(day.uniform(1)), p);
            let victim = choose_victim(day.uniform(2), rule);
            launches.decided.push(strike(rule, position, StrikeKind::Blow, victim, magnitude, rules, luck, today));
        }
        if rule.preventive_rate > 0.0 {
            let chance = chance_of(preventive_hazard(&inputs, p));
            let draw = preventive_draw;
            probe.decided(|| explain(Subject::Preventive(position as u16), rule, &inputs, chance, draw, p));
            if draw < chance {
                let size = p.preventive_severity;
                launches.decided.push(strike(
                    rule,
                    position,
                    StrikeKind::Preventive,
                    rule.opponent,
                    size,
                    rules,
                    luck,
                    today,
                ));
            }
        }
    }
}

/// Draws who is hit, by weight.
#[must_use]
pub fn choose_victim(u: f64, rule: &InitiativeRules) -> usize {
    let total: f64 = rule.victims.iter().map(|(_, w)| w).sum();
    let mut left = u * total;
    for &(victim, w) in &rule.victims {
        if left < w {
            return victim;
        }
        left -= w;
    }
    rule.opponent
}

/// A strike just decided, with its class of target and site drawn.
#[must_use]
pub fn strike(
    rule: &InitiativeRules,
    position: usize,
    kind: StrikeKind,
    victim: usize,
    magnitude: f64,
    rules: &Rules,
    luck: &Luck,
    today: i32,
) -> Strike {
    let day = luck.initiative_strike[position].day(today);
    let target = &rules.actors[victim];
    let class = if kind == StrikeKind::Blow {
        TargetClass::Leadership
    } else {
        choose_class(day.uniform(step::CLASS), target, 1.0, Doctrine::TargetSet(2), &rules.p)
    };
    let site = choose_site(day.uniform(step::SITE), rules, victim, class);
    Strike {
        kind,
        actor: rule.actor as u16,
        opponent: rule.opponent as u16,
        victim: victim as u16,
        ledger: u16::MAX,
        initiative: position as u16,
        magnitude,
        class,
        site: site.map_or(u16::MAX, |s| s as u16),
        telegraphed: false,
        rounds: [0; 3],
        arrivals: 0,
        intercepted: 0,
        hits: 0,
        deaths: 0,
    }
}

/// The terms of the decision, each with the chance in its absence.
fn explain(subject: Subject, rule: &InitiativeRules, i: &Inputs, chance: f64, draw: f64, p: &Parameters) -> Decision {
    let of = |inputs: &Inputs| {
        chance_of(match subject {
            Subject::Preventive(_) => preventive_hazard(inputs, p),
            _ => blow_hazard(inputs, p),
        })
    };
    let term = |name: &'static str, value, unit, neutral, without: Inputs, source| Term {
        name: name.into(),
        value,
        unit,
        neutral,
        without: of(&without),
        source,
    };
    let opponent = rule.opponent as u16;
    let mut terms = vec![term(
        "own caution",
        i.caution,
        "logit",
        p.caution_reference,
        Inputs { caution: p.caution_reference, ..*i },
        Source::Given,
    )];
    if i.restraint < 1.0
        && let Some(&table) = rule.restrained_by.first()
    {
        terms.push(term(
            "mutual restraint in force",
            i.restraint,
            "factor",
            1.0,
            Inputs { restraint: 1.0, ..*i },
            Source::Agreement(table as u16),
        ));
    }
    if matches!(subject, Subject::Preventive(_)) {
        terms.push(term(
            "the opponent's air defence",
            i.opponent_air_defence,
            "share",
            p.preventive_defence,
            Inputs { opponent_air_defence: p.preventive_defence, ..*i },
            Source::AirDefence(opponent),
        ));
        terms.push(term("US consent", i.consent, "share", 0.5, Inputs { consent: 0.5, ..*i }, Source::Calendar));
        if let Some(t) = rule.threat {
            terms.push(term(
                "perceived threat",
                i.threat,
                "share",
                0.5,
                Inputs { threat: 0.5, ..*i },
                Source::Threat(t as u16),
            ));
        }
        return Decision { subject, chance, draw, terms };
    }
    terms.push(term(
        "the opponent's reputation",
        i.opponent_resolve,
        "share",
        p.rho_reference,
        Inputs { opponent_resolve: p.rho_reference, ..*i },
        Source::Resolve(opponent),
    ));
    terms.push(term(
        "the opponent's partner shield",
        i.opponent_shield,
        "share",
        p.shield_reference,
        Inputs { opponent_shield: p.shield_reference, ..*i },
        Source::Shield(opponent),
    ));
    if let Some(lever) = rule.blow_lever {
        terms.push(term(
            "leadership-strike rate",
            i.blow_rate,
            "1/day",
            rule.blow_rate,
            Inputs { blow_rate: rule.blow_rate, ..*i },
            Source::Lever(lever),
        ));
    }
    for &table in rule.held_back_by.iter().filter(|_| i.truces_hold) {
        terms.push(term(
            "truce in force",
            1.0,
            "yes",
            0.0,
            Inputs { truces_hold: false, ..*i },
            Source::Agreement(table as u16),
        ));
    }
    Decision { subject, chance, draw, terms }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_REST: Inputs = Inputs {
        blow_rate: 0.015,
        preventive_rate: 0.0005,
        opponent_resolve: 0.8,
        caution: 0.5,
        opponent_shield: 0.35,
        truces_hold: false,
        restraint: 1.0,
        opponent_air_defence: 0.7,
        consent: 0.5,
        threat: 0.5,
    };

    #[test]
    fn at_rest_the_hazards_are_the_listed_rates() {
        let p = Parameters::default();
        assert!((blow_hazard(&AT_REST, &p) - 0.015).abs() < 1e-12);
        assert!((preventive_hazard(&AT_REST, &p) - 0.0005).abs() < 1e-12);
    }

    #[test]
    fn a_lost_reputation_invites_more_and_harder_blows_unless_claim_h2_is_off() {
        let p = Parameters::default();
        let weak = Inputs { opponent_resolve: 0.3, ..AT_REST };
        assert!(blow_hazard(&weak, &p) > 1.5 * blow_hazard(&AT_REST, &p));
        assert!(severity(0.3, 0.0, &p) > severity(0.8, 0.0, &p));
        let off = Parameters { beta_rho: 0.0, ..p };
        assert!((blow_hazard(&weak, &off) - blow_hazard(&AT_REST, &off)).abs() < 1e-15);
        assert!((severity(0.3, 1.0, &off) - severity(0.8, 1.0, &off)).abs() < 1e-15);
    }

    #[test]
    fn truces_caution_and_restraint_hold_blows_back() {
        let p = Parameters::default();
        let base = blow_hazard(&AT_REST, &p);
        for less in [
            Inputs { truces_hold: true, ..AT_REST },
            Inputs { caution: 0.9, ..AT_REST },
            Inputs { opponent_shield: 0.9, ..AT_REST },
            Inputs { restraint: 0.2, ..AT_REST },
            Inputs { blow_rate: 0.0, ..AT_REST },
        ] {
            assert!(blow_hazard(&less, &p) < base);
        }
    }

    #[test]
    fn preventive_strikes_follow_weakness_and_consent() {
        let p = Parameters::default();
        let base = preventive_hazard(&AT_REST, &p);
        assert!(preventive_hazard(&Inputs { opponent_air_defence: 0.3, ..AT_REST }, &p) > base);
        assert!(preventive_hazard(&Inputs { consent: 0.9, ..AT_REST }, &p) > base);
        assert!(preventive_hazard(&Inputs { caution: 1.0, ..AT_REST }, &p) < base);
    }
}
