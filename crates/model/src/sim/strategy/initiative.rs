//! Phase 5a: blows (killings of senior figures, plots abroad) and preventive strikes (6.5). One form for every actor.

use crate::chance::quantile::normal;
use crate::scenario::raw::Means;
use crate::sim::event::EventKind;
use crate::sim::force::harm::strike_links;
use crate::sim::force::target::{Doctrine, choose_class, choose_place, choose_site};
use crate::sim::home::nuclear::{alarm, growth, known_to_weaponise};
use crate::sim::luck::Luck;
use crate::sim::mechanism::{Mechanism, Node, held};
use crate::sim::probe::{Decision, Probe, Source, Subject, Term, terms};
use crate::sim::rules::{InitiativeRules, Rules};
use crate::sim::state::{
    Agreement, Arsenal, Channel, Clock, Host, Ledger, Programme, Standing, Strike, StrikeKind, TargetClass, Threat,
};
use crate::sim::strategy::answer::{package, scale_veto};
use crate::sim::strategy::caution::{caution, caution_links, exchange_factor};
use crate::sim::strategy::step;
use crate::sim::strategy::{hosts, restraint};
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

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
    /// Restraint that the opponent has shown, 0 to 1.
    pub shown: f64,
    /// How far restraint is returned (the lever).
    pub returning: f64,
    /// The opponent's air defence.
    pub opponent_air_defence: f64,
    /// US consent; .5 where it does not bear.
    pub consent: f64,
    /// Perceived threat.
    pub threat: f64,
    /// How far a short breakout time seen through little access alarms, 0 to 1.
    pub breakout: f64,
    /// Growth of the 60 % stock against the start, as a logarithm.
    pub stock_growth: f64,
    /// Whether weaponisation has been detected.
    pub weaponising: bool,
    /// Whether a nuclear agreement is in force.
    pub deal: bool,
}

/// Loss of reputation against rest, `β_ρ (ρ⁰ − ρ)`: how far an unanswered blow invites the next (claim H2).
#[inline]
#[must_use]
pub fn invitation(resolve: f64, p: &Parameters) -> f64 {
    p.beta_rho * (p.rho_reference - resolve)
}

/// Hazard of a blow: `μ_b · exp(2 β_ρ (.8 − ρ) − .4 (B − .5) − .6 (SH − .35)) · (.4 while both truces hold) · restraint ·
/// e^(−returning · β · R)`.
#[inline]
#[must_use]
pub fn blow_hazard(i: &Inputs, p: &Parameters) -> f64 {
    let drive = 2.0 * invitation(i.opponent_resolve, p)
        - p.blow_caution * (i.caution - p.caution_reference)
        - p.blow_shield * (i.opponent_shield - p.shield_reference);
    i.blow_rate
        * libm::exp(drive)
        * if i.truces_hold { p.blow_truces } else { 1.0 }
        * i.restraint
        * restraint::returned(i.returning, i.shown, p)
}

/// Hazard of a preventive strike: `μ_p · exp((.7 − AD) + 2 (consent − .5) − (B − .5) + ½ (Θ − .5) + alarm +
/// ¼ ln(stock / that of the start) + 1.5 [weaponising] − 1.5 [nuclear agreement])`.
#[inline]
#[must_use]
pub fn preventive_hazard(i: &Inputs, p: &Parameters) -> f64 {
    let drive = (p.preventive_defence - i.opponent_air_defence) + p.preventive_consent * (i.consent - 0.5)
        - p.preventive_caution * (i.caution - p.caution_reference)
        + p.preventive_threat * (i.threat - 0.5)
        + p.preventive_breakout * i.breakout
        + p.preventive_stock * i.stock_growth
        + if i.weaponising { p.preventive_weaponising } else { 0.0 }
        - if i.deal { p.preventive_deal } else { 0.0 };
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

/// What initiatives see of the world this morning.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// Rules.
    pub rules: &'a Rules,
    /// Levers.
    pub levers: &'a LeverSet,
    /// Draws.
    pub luck: &'a Luck,
    /// Date and consent.
    pub clock: Clock,
    /// Agreements.
    pub agreements: &'a [Agreement],
    /// Channels.
    pub channels: &'a [Channel],
    /// Hosts of bases.
    pub hosts: &'a [Host],
    /// Arsenals.
    pub arsenals: &'a [Arsenal],
    /// Standings.
    pub standings: &'a [Standing],
    /// Threats.
    pub threats: &'a [Threat],
    /// Nuclear programmes.
    pub programmes: &'a [Programme],
    /// Ledgers.
    pub ledgers: &'a [Ledger],
}

impl Scene<'_> {
    /// Restraint that the opponent has shown, where the two hold ledgers against each other; not asked for where it counts for
    /// nothing.
    fn shown(&self, rule: &InitiativeRules) -> f64 {
        if self.levers[Lever::ExchangeRestraint] <= 0.0 {
            return 0.0;
        }
        let theirs = rule.own_ledger.and_then(|l| self.rules.ledgers[l].reverse);
        theirs.map_or(0.0, |theirs| restraint::shown_by(theirs, self.rules, self.levers, self.ledgers))
    }

    /// What an initiative rests on today.
    #[must_use]
    pub fn inputs(&self, rule: &InitiativeRules) -> Inputs {
        let Scene { rules, levers, agreements, .. } = *self;
        let p = &rules.p;
        let own_caution = match rule.own_ledger {
            Some(l) => {
                let kind = rules.ledgers[l].caution;
                caution(kind, rules, levers, self.channels, agreements, self.hosts, self.clock.day)
            }
            None => p.caution_reference,
        };
        let programme = rule.programme.map(|n| (&rules.programmes[n], self.programmes[n]));
        let held = |table: &usize| rules.truce(*table, levers, agreements).is_some();
        Inputs {
            blow_rate: rule.blow_rate * rule.blow_lever.map_or(1.0, |lever| levers[lever]),
            preventive_rate: rule.preventive_rate,
            opponent_resolve: self.standings[rule.opponent].resolve,
            caution: own_caution,
            opponent_shield: if rules.actors[rule.opponent].shield.is_some() {
                self.arsenals[rule.opponent].shield
            } else {
                p.shield_reference
            },
            truces_hold: !rule.held_back_by.is_empty() && rule.held_back_by.iter().all(held),
            restraint: exchange_factor(&rule.restrained_by, agreements, p.exchange_restraint),
            shown: self.shown(rule),
            returning: levers[Lever::ExchangeRestraint],
            opponent_air_defence: self.arsenals[rule.opponent].air_defence,
            consent: if rule.needs_consent {
                let warned = hosts::warned_share(rules, self.hosts, self.clock.day);
                consent(self.clock.consent, scale_veto(levers, 0.0, p.scale_veto_effect), warned, p)
            } else {
                0.5
            },
            threat: rule.threat.map_or(0.5, |t| self.threats[t].level),
            breakout: programme.map_or(0.0, |(_, n)| alarm(&n, p)),
            stock_growth: programme.map_or(0.0, |(rule, n)| growth(n.stock, rule.stock)),
            weaponising: programme.is_some_and(|(_, n)| known_to_weaponise(&n, self.clock.day, p)),
            deal: programme.is_some_and(|(n, _)| n.table.is_some_and(|table| held(&table))),
        }
    }
}

/// Decides, for every initiative, whether a blow falls or a preventive strike comes today, and whether a friend joins it.
pub fn initiate<P: Probe>(scene: &Scene<'_>, decided: &mut Vec<Strike>, probe: &mut P) {
    let Scene { rules, levers, luck, clock, .. } = *scene;
    let p = &rules.p;
    let today = clock.day;
    for (position, rule) in rules.initiatives.iter().enumerate() {
        let day = luck.blow[position].day(today);
        let (mut draw, mut preventive_draw) = (day.uniform(0), luck.preventive[position].day(today).uniform(0));
        let lever = rule.blow_lever.map_or(1.0, |lever| levers[lever]);
        let documented = rule.forced.last().is_some_and(|&(last, ..)| today <= last);
        // Neither can happen today whatever the inputs: the rest of the arithmetic is spared.
        let known = rule.programme.is_some_and(|n| known_to_weaponise(&scene.programmes[n], today, p));
        let bound = rule.preventive_bound * if known { rules.alarm_factor } else { 1.0 };
        let ruled_out = draw >= rule.blow_bound * lever && preventive_draw >= bound && !documented;
        // What is documented happens whatever the stores say.
        if scene.arsenals[rule.actor].munitions < 1.0 && !documented || (ruled_out && !probe.asks()) {
            continue;
        }
        let inputs = scene.inputs(rule);
        let blow = chance_of(blow_hazard(&inputs, p));
        if !documented {
            let subject = Subject::Blow(position as u16);
            probe.decided(|| explain(subject, rule, &inputs, scene, blow, draw));
            draw = probe.draw(subject, blow, draw);
        }
        let told = |preventive: bool, probe: &P| {
            let on_day = |f: &&(i32, bool, Option<f64>)| f.0 == today && f.1 == preventive;
            let subject = if preventive { Subject::Preventive } else { Subject::Blow }(position as u16);
            rule.forced.iter().find(on_day).filter(|_| probe.allows(subject)).map(|f| f.2)
        };
        if let Some(size) = if documented { told(false, probe) } else { (draw < blow).then_some(None) } {
            let magnitude = size.unwrap_or_else(|| severity(inputs.opponent_resolve, normal(day.uniform(1)), p));
            let victim = probe.victim(position as u16, &rule.victims, choose_victim(day.uniform(2), rule));
            decided.push(strike(rule, position, StrikeKind::Blow, victim, magnitude, scene));
        }
        if rule.preventive_rate <= 0.0 && !documented {
            continue;
        }
        let chance = chance_of(preventive_hazard(&inputs, p));
        if !documented {
            let subject = Subject::Preventive(position as u16);
            probe.decided(|| explain(subject, rule, &inputs, scene, chance, preventive_draw));
            preventive_draw = probe.draw(subject, chance, preventive_draw);
        }
        let Some(size) = (if documented { told(true, probe) } else { (preventive_draw < chance).then_some(None) })
        else {
            continue;
        };
        let size = size.unwrap_or(p.preventive_severity);
        let kind = StrikeKind::Preventive;
        let opening = strike(rule, position, kind, rule.opponent, size, scene);
        // A force without a missile to fire opens nothing.
        if opening.magnitude <= 0.0 {
            continue;
        }
        decided.push(opening);
        let Some((friend, _)) = rule.joined_by else { continue };
        let (chance, draw) = (joining_chance(inputs.consent, p), luck.joining[position].day(today).uniform(step::BASE));
        probe.decided(|| Decision {
            subject: Subject::Joining(position as u16),
            chance,
            draw,
            terms: vec![Term {
                name: "US consent".into(),
                value: inputs.consent,
                unit: "share",
                neutral: 0.0,
                without: 0.0,
                source: Source::Lever(Lever::Administration),
            }],
        });
        if probe.draw(Subject::Joining(position as u16), chance, draw) < chance {
            let joined = strike(rule, position, kind, rule.opponent, p.join_share * size, scene);
            decided.push(Strike { actor: friend as u16, ..joined });
        }
    }
}

/// Consent of Washington, a share: `min(1, course · veto) · (1 − host_voice · warned)`. A veto far below its usual strength
/// does not make it more than whole; hosts under a warning (by weight, a share) speak against it.
#[inline]
#[must_use]
pub fn consent(course: f64, veto: f64, warned: f64, p: &Parameters) -> f64 {
    (course * veto).min(1.0) * (1.0 - p.host_voice * warned)
}

/// Chance that a friend joins a preventive strike: `join · consent`.
#[inline]
#[must_use]
pub fn joining_chance(consent: f64, p: &Parameters) -> f64 {
    (p.us_join * consent).min(1.0)
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

/// A strike just decided, with its class of target and site drawn. A preventive strike is made of what its author answers with: by
/// air, or a salvo as large as its stores allow.
#[must_use]
pub fn strike(
    rule: &InitiativeRules,
    position: usize,
    kind: StrikeKind,
    victim: usize,
    magnitude: f64,
    scene: &Scene<'_>,
) -> Strike {
    let Scene { rules, luck, arsenals, .. } = *scene;
    let p = &rules.p;
    let day = luck.initiative_strike[position].day(scene.clock.day);
    let missiles = rule.own_ledger.map(|l| &rules.ledgers[l]);
    let missiles = missiles.filter(|l| kind == StrikeKind::Preventive && l.means == Means::Salvo);
    let (rounds, magnitude) = missiles.map_or(([0; 3], magnitude), |l| {
        let arsenal = arsenals[rule.actor];
        let force = rules.actors[rule.actor].stock.as_ref().is_some_and(|s| s.launchers > 0.0);
        let mixed = force && day.uniform(step::MIXED) < p.mixed_salvo;
        let launchers = if force { p.salvo_launcher_share * arsenal.launchers } else { f64::INFINITY };
        let stored = p.salvo_stock_share * arsenal.munitions;
        let fired = package(l.rounds_per_blow * magnitude, stored, launchers, mixed, p);
        if fired.rounds[0] > 0 { (fired.rounds, fired.missiles(p) / l.rounds_per_blow) } else { ([0; 3], 0.0) }
    });
    let target = &rules.actors[victim];
    let class = if kind == StrikeKind::Blow {
        TargetClass::Leadership
    } else {
        choose_class(day.uniform(step::CLASS), target, 1.0, Doctrine::TargetSet(2), &rules.p)
    };
    let u = day.uniform(step::SITE);
    let site =
        if kind == StrikeKind::Blow { choose_place(u, rules, victim) } else { choose_site(u, rules, victim, class) };
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
        rounds,
        arrivals: 0,
        intercepted: 0,
        hits: 0,
        deaths: 0,
    }
}

/// The terms of the decision, each with the chance in its absence.
fn explain(
    subject: Subject,
    rule: &InitiativeRules,
    i: &Inputs,
    scene: &Scene<'_>,
    chance: f64,
    draw: f64,
) -> Decision {
    let Scene { rules, agreements, .. } = *scene;
    let p = &rules.p;
    let of = |inputs: &Inputs| {
        chance_of(match subject {
            Subject::Preventive(_) => preventive_hazard(inputs, p),
            _ => blow_hazard(inputs, p),
        })
    };
    let term = terms(of);
    let opponent = rule.opponent as u16;
    let mut terms = vec![term(
        "own caution",
        i.caution,
        "logit",
        p.caution_reference,
        Inputs { caution: p.caution_reference, ..*i },
        Source::Given,
    )];
    // Of two in force one is enough.
    let restraining = rule.restrained_by.iter().filter(|&&table| agreements[table].in_force());
    let alone = restraining.clone().count() == 1;
    for &table in restraining {
        terms.push(term(
            "mutual restraint in force",
            i.restraint,
            "factor",
            1.0,
            Inputs { restraint: if alone { 1.0 } else { i.restraint }, ..*i },
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
        let without = Inputs { consent: 0.5, ..*i };
        terms.push(term("US consent", i.consent, "share", 0.5, without, Source::Lever(Lever::Administration)));
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
        if let Some(n) = rule.programme {
            let without = Inputs { breakout: 0.0, ..*i };
            terms.push(term(
                "a short breakout time, little access",
                i.breakout,
                "share",
                0.0,
                without,
                Source::Censure(n as u16),
            ));
            let without = Inputs { stock_growth: 0.0, ..*i };
            let stock = libm::exp(i.stock_growth);
            terms.push(term("the stock of 60 % uranium", stock, "times the start", 1.0, without, Source::Given));
            let weaponising = f64::from(u8::from(i.weaponising));
            let without = Inputs { weaponising: false, ..*i };
            terms.push(term("weaponisation detected", weaponising, "yes", 0.0, without, Source::Detected(n as u16)));
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
    if let Some(theirs) = rule.own_ledger.filter(|_| i.returning > 0.0).and_then(|l| rules.ledgers[l].reverse) {
        let without = Inputs { shown: 0.0, ..*i };
        terms.push(term(
            "restraint shown by the other",
            i.shown,
            "share",
            0.0,
            without,
            Source::Forgone(theirs as u16),
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

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "initiative",
    phase: 5,
    title: "Blows and preventive strikes",
    section: "6.5, 6.9",
    reads: &["Agreement", "Channel", "Host", "Arsenal", "Standing", "Threat", "Programme", "Ledger"],
    writes: &["Launches"],
    levers: &[Lever::IsraelBlowRate, Lever::IranBlowRate, Lever::ScaleVeto, Lever::ExchangeRestraint, Lever::FearOfWar],
    events: &[EventKind::Blow, EventKind::Preventive],
    source: include_str!("initiative.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, rule) in rules.initiatives.iter().enumerate() {
        let me = Node::Initiative(i);
        rule.held_back_by.iter().chain(&rule.restrained_by).for_each(|&t| link(Node::Table(t), me));
        link(Node::Resolve(rule.opponent), me);
        link(Node::Arsenal(rule.actor), me);
        link(Node::Arsenal(rule.opponent), me);
        if let Some(threat) = rule.threat {
            link(Node::Threat(threat), me);
        }
        if let Some(lever) = rule.blow_lever {
            link(Node::Lever(lever), me);
        }
        if rule.needs_consent {
            link(Node::Lever(Lever::ScaleVeto), me);
            link(Node::Consent, me);
        }
        rules.collective.iter().for_each(|&t| link(Node::Table(t), me));
        if let Some(n) = rule.programme {
            link(Node::Programme(n), me);
            held(rules, rules.programmes[n].table, me, link);
        }
        if let Some((friend, _)) = rule.joined_by {
            strike_links(rules, friend, rule.opponent, rule.opponent, me, link);
        }
        if let Some(l) = rule.own_ledger {
            if rules.ledgers[l].means == Means::Salvo {
                link(me, Node::Arsenal(rule.actor));
            }
            caution_links(rules.ledgers[l].caution, rules, me, link);
        }
        for &(victim, _) in &rule.victims {
            strike_links(rules, rule.actor, rule.opponent, victim, me, link);
        }
        strike_links(rules, rule.actor, rule.opponent, rule.opponent, me, link);
    }
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
        shown: 0.0,
        returning: 0.0,
        opponent_air_defence: 0.7,
        consent: 0.5,
        threat: 0.5,
        breakout: 0.0,
        stock_growth: 0.0,
        weaponising: false,
        deal: false,
    };

    #[test]
    fn at_rest_the_hazards_are_the_listed_rates() {
        let p = Parameters::at_start();
        assert!((blow_hazard(&AT_REST, &p) - 0.015).abs() < 1e-12);
        assert!((preventive_hazard(&AT_REST, &p) - 0.0005).abs() < 1e-12);
    }

    #[test]
    fn a_lost_reputation_invites_more_and_harder_blows_unless_claim_h2_is_off() {
        let p = Parameters::at_start();
        let weak = Inputs { opponent_resolve: 0.3, ..AT_REST };
        assert!(blow_hazard(&weak, &p) > 1.5 * blow_hazard(&AT_REST, &p));
        assert!(severity(0.3, 0.0, &p) > severity(0.8, 0.0, &p));
        let off = Parameters { beta_rho: 0.0, ..p };
        assert!((blow_hazard(&weak, &off) - blow_hazard(&AT_REST, &off)).abs() < 1e-15);
        assert!((severity(0.3, 1.0, &off) - severity(0.8, 1.0, &off)).abs() < 1e-15);
    }

    #[test]
    fn truces_caution_and_restraint_hold_blows_back() {
        let p = Parameters::at_start();
        let base = blow_hazard(&AT_REST, &p);
        for less in [
            Inputs { truces_hold: true, ..AT_REST },
            Inputs { caution: 0.9, ..AT_REST },
            Inputs { opponent_shield: 0.9, ..AT_REST },
            Inputs { restraint: 0.2, ..AT_REST },
            Inputs { blow_rate: 0.0, ..AT_REST },
            Inputs { shown: 0.8, returning: 1.0, ..AT_REST },
        ] {
            assert!(blow_hazard(&less, &p) < base);
        }
    }

    #[test]
    fn consent_is_a_share_that_warned_hosts_lower() {
        let p = Parameters::at_start();
        assert!((consent(0.6, 1.5, 0.0, &p) - 0.9).abs() < 1e-12);
        assert!((consent(0.9, 1.6, 0.0, &p) - 1.0).abs() < 1e-12, "not more than whole");
        let heard = Parameters { host_voice: 0.5, ..p };
        assert!((consent(0.6, 1.0, 1.0, &heard) - 0.3).abs() < 1e-12);
        assert!((consent(0.9, 1.6, 0.4, &heard) - 0.8).abs() < 1e-12, "what hosts say takes from what is left");
        let deaf = Parameters { host_voice: 0.0, ..p };
        assert!((consent(0.6, 1.0, 1.0, &deaf) - 0.6).abs() < 1e-12);
    }

    #[test]
    fn a_larger_stock_presses_unless_its_weight_is_nil() {
        let p = Parameters::at_start();
        let grown = Inputs { stock_growth: libm::log(2.0), ..AT_REST };
        let factor = preventive_hazard(&grown, &p) / preventive_hazard(&AT_REST, &p);
        assert!((factor - libm::pow(2.0, p.preventive_stock)).abs() < 1e-9, "times 2^w: {factor}");
        let off = Parameters { preventive_stock: 0.0, ..p };
        assert!((preventive_hazard(&grown, &off) - preventive_hazard(&AT_REST, &off)).abs() < 1e-15);
        assert!((growth(800.0, 400.0) - libm::log(2.0)).abs() < 1e-9 && growth(1.0, 400.0) < 0.0);
        assert!((growth(1e9, 400.0) - libm::log(4.0)).abs() < 1e-9, "four times the start at most");
    }

    #[test]
    fn preventive_strikes_follow_weakness_and_consent() {
        let p = Parameters::at_start();
        let base = preventive_hazard(&AT_REST, &p);
        assert!(preventive_hazard(&Inputs { opponent_air_defence: 0.3, ..AT_REST }, &p) > base);
        assert!(preventive_hazard(&Inputs { consent: 0.9, ..AT_REST }, &p) > base);
        assert!(preventive_hazard(&Inputs { caution: 1.0, ..AT_REST }, &p) < base);
    }
}
