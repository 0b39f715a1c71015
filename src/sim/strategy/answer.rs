//! Phase 5b: who answers unanswered harm, and how large (6.4). The same equation for every holder.

use crate::chance::quantile::normal;
use crate::record::event::Event;
use crate::record::probe::{Decision, Probe, Source, Subject, Term};
use crate::scenario::raw::{LadderRule, Means};
use crate::sim::force::target::{Doctrine, choose_class, choose_site};
use crate::sim::luck::Luck;
use crate::sim::rules::{LedgerRules, Rules};
use crate::sim::state::{
    Agreement, Arsenal, Channel, Factions, Front, Host, Ledger, Pair, Standing, Strike, StrikeKind,
};
use crate::sim::strategy::bases;
use crate::sim::strategy::caution::{caution, exchange_factor, intensity};
use crate::symbols::levers::{Lever, LeverSet};

/// What one holder's decision rests on today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inputs {
    /// Unanswered harm L, blows.
    pub blows: f64,
    /// Threshold θ, blows.
    pub theta: f64,
    /// Largest daily chance.
    pub h_max: f64,
    /// a₀ … a₄.
    pub a: [f64; 5],
    /// Air defence AD; 1 where there is none to lose.
    pub air_defence: f64,
    /// Partner shield SH; 1 where there is none to lose.
    pub shield: f64,
    /// Caution B.
    pub caution: f64,
    /// Reformist weight x.
    pub reformist: f64,
    /// Weight of an audience at home under repression (a₅); 0 without one.
    pub audience: f64,
    /// Readiness lever.
    pub readiness: f64,
    /// Factor of mutual restraint.
    pub restraint: f64,
    /// In war mode, with this daily chance.
    pub war: Option<f64>,
}

/// Chance of an answer today:
/// `h_max · Λ(a₀ + a₁ ln(L/θ) − a₂ (1 − AD) − a₃ (1 − SH) − B + a₄ (.5 − x) + a₅ [repression])`, times readiness and restraint; in war mode
/// a fixed daily chance.
#[inline]
#[must_use]
pub fn chance(i: &Inputs) -> f64 {
    let base = match i.war {
        Some(daily) => daily,
        None => {
            let debt = libm::log(i.blows.max(1e-9) / i.theta);
            let logit = i.a[0] + i.a[1] * debt - i.a[2] * (1.0 - i.air_defence) - i.a[3] * (1.0 - i.shield) - i.caution
                + i.a[4] * (0.5 - i.reformist)
                + i.audience;
            i.h_max / (1.0 + libm::exp(-logit))
        }
    };
    (base * i.readiness * i.restraint).min(1.0)
}

/// Size of an answer, blows: `m = κ L e^(spread z)`.
#[inline]
#[must_use]
pub fn magnitude(kappa: f64, blows: f64, spread: f64, z: f64) -> f64 {
    kappa * blows * libm::exp(spread * z)
}

/// Ledger after an answer of size `m`: `closure · max(0, L − share e^(−b) (fixed + m))`: what one does is felt as smaller
/// than what one receives.
#[inline]
#[must_use]
pub fn credited(blows: f64, m: f64, bias: f64, share: f64, fixed: f64, closure: f64) -> f64 {
    closure * (blows - share * libm::exp(-bias) * (fixed + m)).max(0.0)
}

/// Proportionality of a holder today: its lever relative to the default, and the US veto on scale (12.9).
#[must_use]
pub fn proportionality(l: &LedgerRules, levers: &LeverSet, veto_effect: f64) -> f64 {
    let lever = l.proportionality.map_or(1.0, |lever| levers.relative(lever));
    let veto = if l.scale_veto { scale_veto(levers, veto_effect) } else { 1.0 };
    l.kappa * lever * veto
}

/// Factor of the US veto on scale: `e^(−effect (lever − .4))`.
#[must_use]
pub fn scale_veto(levers: &LeverSet, effect: f64) -> f64 {
    libm::exp(-effect * (levers[Lever::ScaleVeto] - Lever::ScaleVeto.row().default))
}

/// Which classes of targets a holder may choose today.
#[must_use]
pub fn doctrine(l: &LedgerRules, rules: &Rules, levers: &LeverSet, fronts: &[Front]) -> Doctrine {
    match (l.target_set, l.front) {
        (Some(lever), _) => Doctrine::TargetSet(levers[lever] as u8),
        (None, Some(front)) if rules.fronts[front].ladder == LadderRule::Hazard => Doctrine::Level(fronts[front].level),
        _ => Doctrine::Open,
    }
}

/// Steps of the draws of one answer.
pub mod step {
    /// Class of target.
    pub const CLASS: u32 = 0;
    /// Site.
    pub const SITE: u32 = 1;
    /// Whether it is announced.
    pub const TELEGRAPH: u32 = 2;
    /// Whether drones and cruise missiles go along.
    pub const MIXED: u32 = 3;
    /// Rounds that fly as meant, one draw per class of rounds from here on.
    pub const FLY: u32 = 4;
    /// Rounds intercepted, likewise.
    pub const ENGAGE: u32 = 7;
    /// Deaths.
    pub const DEATHS: u32 = 10;
    /// Rounds that hit, one draw per class of rounds from here on.
    pub const HIT: u32 = 11;
    /// Whether a base is struck at all, or a friend joins.
    pub const BASE: u32 = 14;
}

/// What answers see of the world.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// Rules.
    pub rules: &'a Rules,
    /// Levers.
    pub levers: &'a LeverSet,
    /// Draws.
    pub luck: &'a Luck,
    /// Today.
    pub today: i32,
    /// Agreements.
    pub agreements: &'a [Agreement],
    /// Channels.
    pub channels: &'a [Channel],
    /// Hosts of bases.
    pub hosts: &'a [Host],
    /// Fronts.
    pub fronts: &'a [Front],
    /// Arsenals.
    pub arsenals: &'a [Arsenal],
    /// Factions at home.
    pub factions: &'a [Factions],
}

impl Scene<'_> {
    /// What one holder's decision rests on today.
    #[must_use]
    pub fn inputs(&self, me: usize, ledger: &Ledger, war: bool) -> Inputs {
        let Scene { rules, levers, .. } = *self;
        let (l, p) = (&rules.ledgers[me], &rules.p);
        let (holder, arsenal) = (&rules.actors[l.holder], self.arsenals[l.holder]);
        let factions = holder.factions.map(|f| self.factions[f]);
        Inputs {
            blows: ledger.blows,
            theta: l.theta,
            h_max: l.h_max,
            a: l.a,
            air_defence: arsenal.air_defence,
            shield: arsenal.shield,
            caution: caution(l.caution, rules, levers, self.channels, self.agreements, self.hosts, self.today),
            reformist: factions.map_or(holder.reformist_weight, |f| f.reformists),
            audience: if factions.is_some_and(|f| f.repression) { p.audience_unrest } else { 0.0 },
            readiness: l.response_scale.map_or(1.0, |lever| levers[lever]),
            restraint: exchange_factor(&l.restrained_by, self.agreements, p.exchange_restraint),
            war: war.then_some(l.war_answer),
        }
    }
}

/// Lets ledgers fade and open wars begin and end; whether anybody owes an answer or is at war.
pub fn keep_accounts<P: Probe>(
    rules: &Rules,
    luck: &Luck,
    today: i32,
    ledgers: &mut [Ledger],
    pairs: &mut [Pair],
    journal: &mut Vec<Event>,
    probe: &mut P,
) -> bool {
    let p = &rules.p;
    let mut busy = false;
    for (i, ledger) in ledgers.iter_mut().enumerate() {
        let l = &rules.ledgers[i];
        if ledger.blows > 0.0 {
            ledger.blows *= l.daily_retention;
            ledger.other_count *= l.daily_retention;
        }
        if ledger.owed && ledger.blows < p.vow_lapse * l.theta {
            ledger.owed = false;
            journal.push(Event::AnswerLapsed { ledger: i as u16 });
        }
        busy |= ledger.owed || ledger.blows > p.theta_war;
    }
    for (i, pair) in pairs.iter_mut().enumerate() {
        let members = &rules.pairs[i].ledgers;
        if pair.war {
            busy = true;
            let draw = luck.war_end[i].day(today).uniform(0);
            let chance = -libm::expm1(-p.war_end);
            probe.decided(|| Decision { subject: Subject::WarEnd(i as u16), chance, draw, terms: Vec::new() });
            if draw < chance {
                pair.war = false;
                journal.push(Event::War { pair: i as u16, began: false });
                for &l in members {
                    let reset = p.war_reset * rules.ledgers[l].theta;
                    ledgers[l] = Ledger { blows: reset, other_count: reset, owed: false, ..ledgers[l] };
                }
            }
        } else if busy && members.iter().any(|&l| ledgers[l].blows > p.theta_war) {
            pair.war = true;
            journal.push(Event::War { pair: i as u16, began: true });
        }
    }
    busy
}

/// Decides, for every ledger, whether its holder answers today; frozen on the morning's values.
pub fn settle<P: Probe>(
    scene: &Scene<'_>,
    ledgers: &mut [Ledger],
    pairs: &[Pair],
    standings: &mut [Standing],
    decided: &mut Vec<Strike>,
    probe: &mut P,
) {
    let Scene { rules, levers, luck, today, .. } = *scene;
    let p = &rules.p;
    for (me, ledger) in ledgers.iter_mut().enumerate() {
        let l = &rules.ledgers[me];
        let war = pairs[l.pair].war;
        let waited = f64::from(today - ledger.owed_since) >= l.min_lag;
        if !(war || ledger.owed && waited) {
            continue;
        }
        let holder = &rules.actors[l.holder];
        let arsenal = scene.arsenals[l.holder];
        if arsenal.munitions < 1.0 {
            continue;
        }
        let inputs = scene.inputs(me, ledger, war);
        let chance = chance(&inputs);
        let draw = luck.answer[me].day(today).uniform(0);
        probe.decided(|| explain(me as u16, &inputs, chance, draw, scene));
        if draw >= chance {
            continue;
        }
        let z = normal(luck.answer_size[me].day(today).uniform(0));
        let mut m = magnitude(proportionality(l, levers, p.scale_veto_effect), ledger.blows, l.spread, z);
        // In war mode a holder may have nothing to answer, and a lever may set proportionality to 0: an answer of no size
        // is none, by whatever means.
        if m <= 0.0 {
            continue;
        }
        let day = luck.strike[me].day(today);
        let rounds = match l.means {
            Means::AirStrike => 0,
            Means::Salvo => {
                let wanted = l.rounds_per_blow * m;
                let launchers = if holder.stock.as_ref().is_some_and(|s| s.launchers > 0.0) {
                    p.salvo_launcher_share * arsenal.launchers
                } else {
                    f64::INFINITY
                };
                let fired = wanted.min(p.salvo_stock_share * arsenal.munitions).min(launchers);
                if fired < 1.0 {
                    continue;
                }
                let fired = fired as u32;
                m = f64::from(fired) / l.rounds_per_blow;
                fired
            }
        };
        let restraint = l.restraint.map_or(p.restraint_rest, |lever| levers[lever]);
        let target = &rules.actors[l.against];
        let doctrine = doctrine(l, rules, levers, scene.fronts);
        let class = choose_class(day.uniform(step::CLASS), target, restraint, doctrine, p);
        let site = choose_site(day.uniform(step::SITE), rules, l.against, class);
        // A missile force (launchers) may send drones and cruise missiles along.
        let mixed = l.means == Means::Salvo
            && holder.stock.as_ref().is_some_and(|s| s.launchers > 0.0)
            && day.uniform(step::MIXED) < p.mixed_salvo;
        decided.push(Strike {
            kind: if l.means == Means::Salvo { StrikeKind::Salvo } else { StrikeKind::AirStrike },
            actor: l.holder as u16,
            opponent: l.against as u16,
            victim: l.against as u16,
            ledger: me as u16,
            initiative: u16::MAX,
            magnitude: m,
            class,
            site: site.map_or(u16::MAX, |s| s as u16),
            telegraphed: day.uniform(step::TELEGRAPH) < l.telegraph,
            rounds: [rounds, if mixed { p.mixed_uav as u32 } else { 0 }, if mixed { p.mixed_cruise as u32 } else { 0 }],
            arrivals: 0,
            intercepted: 0,
            hits: 0,
            deaths: 0,
        });
        ledger.blows = credited(ledger.blows, m, l.bias, p.credit_share, p.credit_fixed, l.closure);
        ledger.other_count = credited(ledger.other_count, m, -l.bias, p.credit_share, p.credit_fixed, l.closure);
        ledger.owed = ledger.blows >= l.theta;
        ledger.owed_since = today;
        standings[l.holder].resolve = (standings[l.holder].resolve + p.rho_gain).min(1.0);
    }
}

/// The terms of the decision, each with the chance in its absence.
fn explain(ledger: u16, i: &Inputs, chance_today: f64, draw: f64, scene: &Scene<'_>) -> Decision {
    let Scene { rules, levers, channels, .. } = *scene;
    let l = &rules.ledgers[usize::from(ledger)];
    let holder = l.holder as u16;
    let term = |name: &'static str, value, unit, neutral, without: Inputs, source| Term {
        name: name.into(),
        value,
        unit,
        neutral,
        without: chance(&without),
        source,
    };
    let mut terms = vec![
        term("unanswered harm", i.blows, "blows", i.theta, Inputs { blows: i.theta, ..*i }, Source::Ledger(ledger)),
        term("air defence", i.air_defence, "share", 1.0, Inputs { air_defence: 1.0, ..*i }, Source::AirDefence(holder)),
        term("partner shield", i.shield, "share", 1.0, Inputs { shield: 1.0, ..*i }, Source::Shield(holder)),
        term("reformist weight", i.reformist, "share", 0.5, Inputs { reformist: 0.5, ..*i }, Source::Given),
        term("threshold", i.theta, "blows", i.theta, *i, Source::Given),
    ];
    if let Some(lever) = l.response_scale {
        terms.push(term(
            "readiness to answer",
            i.readiness,
            "times usual",
            1.0,
            Inputs { readiness: 1.0, ..*i },
            Source::Lever(lever),
        ));
    }
    // Of two in force one is enough.
    let restraining = l.restrained_by.iter().filter(|&&table| scene.agreements[table].in_force());
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
    if i.audience > 0.0
        && let Some(factions) = rules.actors[l.holder].factions
    {
        let without = Inputs { audience: 0.0, ..*i };
        let source = Source::Unrest(factions as u16);
        terms.push(term("an audience at home under repression", i.audience, "logit", 0.0, without, source));
    }
    if i.war.is_some() {
        terms.push(term("war mode", 1.0, "yes", 0.0, Inputs { war: None, ..*i }, Source::War(l.pair as u16)));
    }
    if i.caution > 0.0 {
        terms.push(term("caution", i.caution, "logit", 0.0, Inputs { caution: 0.0, ..*i }, Source::Given));
        if l.caution == crate::scenario::raw::Caution::UsPressure && !scene.hosts.is_empty() {
            let restraint = bases::restraint(rules, scene.hosts, scene.today);
            let warned = scene.hosts.iter().position(|host| bases::threatened(host, scene.today, &rules.p));
            if let Some(host) = warned {
                let without = Inputs { caution: i.caution - restraint, ..*i };
                terms.push(term(
                    "threats to hosts of US bases",
                    restraint,
                    "logit",
                    0.0,
                    without,
                    Source::Warning(host as u16),
                ));
            }
        }
        if l.caution == crate::scenario::raw::Caution::ChannelsAndPresence {
            let presence = rules.p.beta_presence * levers[Lever::DeterrentPresence];
            terms.push(term(
                "US deterrent presence",
                levers[Lever::DeterrentPresence],
                "share",
                0.0,
                Inputs { caution: i.caution - presence, ..*i },
                Source::Lever(Lever::DeterrentPresence),
            ));
            for (c, channel) in rules.channels.iter().enumerate().filter(|(_, c)| c.restrains_iran) {
                let open = intensity(rules, levers, channels, c);
                let without = Inputs { caution: i.caution - rules.p.beta_channel * open, ..*i };
                terms.push(Term {
                    name: channel.name.clone().into(),
                    value: open,
                    unit: "intensity",
                    neutral: 0.0,
                    without: chance(&without),
                    source: Source::Channel(c as u16),
                });
            }
        }
    }
    Decision { subject: Subject::Answer(ledger), chance: chance_today, draw, terms }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IRAN: Inputs = Inputs {
        blows: 2.6,
        theta: 2.5,
        h_max: 0.15,
        a: [-0.4, 3.2, 3.0, 2.5, 0.8],
        air_defence: 0.3,
        shield: 0.35,
        caution: 0.5,
        reformist: 0.45,
        audience: 0.0,
        readiness: 1.0,
        restraint: 1.0,
        war: None,
    };
    const ISRAEL: Inputs = Inputs { theta: 0.5, h_max: 0.085, a: [0.5, 0.0, 0.0, 0.0, 0.0], ..IRAN };

    /// Worked example of the specification: silence after 26 October 2024, and Israel's .042 a day.
    #[test]
    fn worked_examples_of_the_specification() {
        assert!((chance(&IRAN) - 0.0017).abs() < 2e-4, "{}", chance(&IRAN));
        assert!((chance(&ISRAEL) - 0.0425).abs() < 5e-4, "{}", chance(&ISRAEL));
    }

    #[test]
    fn an_answer_is_likelier_with_debt_defence_and_shield_and_rarer_with_caution_and_restraint() {
        let base = chance(&IRAN);
        for more in [
            Inputs { blows: 4.0, ..IRAN },
            Inputs { air_defence: 0.6, ..IRAN },
            Inputs { shield: 0.8, ..IRAN },
            Inputs { reformist: 0.2, ..IRAN },
            Inputs { war: Some(0.85), ..IRAN },
        ] {
            assert!(chance(&more) > base);
        }
        for less in [
            Inputs { caution: 1.0, ..IRAN },
            Inputs { restraint: 0.2, ..IRAN },
            Inputs { readiness: 0.5, ..IRAN },
            Inputs { theta: 4.0, ..IRAN },
        ] {
            assert!(chance(&less) < base);
        }
    }

    #[test]
    fn chances_stay_chances_at_the_extremes() {
        for blows in [0.0, 1e-12, 1e9] {
            for readiness in [0.0, 1.5] {
                let c = chance(&Inputs { blows, readiness, h_max: 1.0, ..IRAN });
                assert!((0.0..=1.0).contains(&c));
            }
        }
    }

    #[test]
    fn own_blows_are_felt_as_smaller_than_received_ones() {
        let fair = credited(5.0, 3.0, 0.0, 0.95, 0.6, 1.0);
        let biased = credited(5.0, 3.0, 0.3, 0.95, 0.6, 1.0);
        assert!(biased > fair);
        assert!(credited(1.0, 30.0, 0.2, 0.95, 0.6, 1.0).abs() < 1e-12, "a ledger never goes below zero");
        assert!(
            (credited(5.0, 1.0, 0.2, 0.95, 0.6, 0.2) / credited(5.0, 1.0, 0.2, 0.95, 0.6, 1.0) - 0.2).abs() < 1e-12
        );
    }
}
