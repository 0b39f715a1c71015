//! Phase 10: the nuclear file: enrichment, breakout, access, weaponisation, zone talks (6.14).

use crate::chance::quantile::normal;
use crate::sim::event::{Event, EventKind, NuclearStep};
use crate::sim::force::harm::damage_on;
use crate::sim::luck::Luck;
use crate::sim::mechanism::{Mechanism, Node, held};
use crate::sim::probe::{Decision, Probe, Source, Subject, Term, terms};
use crate::sim::rules::{ProgrammeRules, Rules};
use crate::sim::state::{Agreement, Arsenal, Economy, Factions, Ledger, NEVER, Programme, SiteState, Threat};
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

/// 90 % uranium for one device, kg.
const WEAPON_KG: f64 = 25.0;
/// Enrichment of that uranium.
const WEAPON: f64 = 0.90;
/// 60 % uranium that it takes, kg: `25 (.9 − .2)/(.6 − .2)`.
const FEED_60_KG: f64 = WEAPON_KG * (WEAPON - 0.2) / (0.6 - 0.2);
/// Separative work from 60 % with tails of 20 %, SWU.
const WORK_FROM_60: f64 = 56.0;
/// The same from 20 % with tails of 5 %.
const WORK_FROM_20: f64 = 235.5;
/// The same from 3.67 % with tails of 1 %.
const WORK_FROM_4: f64 = 1161.0;
/// Days between Board meetings.
const BOARD_DAYS: i32 = 91;

/// Value function of separative work: `V(x) = (2x − 1) ln(x / (1 − x))`.
#[must_use]
pub fn value(x: f64) -> f64 {
    (2.0 * x - 1.0) * libm::log(x / (1.0 - x))
}

/// Separative work for `product` kg at `xp` from feed at `xf` with tails at `xt`: `P V(xp) + T V(xt) − F V(xf)`, SWU.
#[must_use]
pub fn separative_work(product: f64, xp: f64, xf: f64, xt: f64) -> f64 {
    let feed = product * (xp - xt) / (xf - xt);
    product * value(xp) + (feed - product) * value(xt) - feed * value(xf)
}

/// Breakout time, days: `T_setup + SWU / capacity`, with the 60 % stock used first and the rest made from feed enriched to
/// `feed` (uncapped or capped at 60: from 20 %).
#[inline]
#[must_use]
pub fn breakout_days(stock: f64, feed: f64, capacity: f64, p: &Parameters) -> f64 {
    let share = (stock / FEED_60_KG).clamp(0.0, 1.0);
    let rest = if feed < 0.1 { WORK_FROM_4 } else { WORK_FROM_20 };
    let work = share * WORK_FROM_60 + (1.0 - share) * rest;
    p.breakout_setup + work / (p.enrichment_capacity * capacity.max(0.02))
}

/// Enrichment that the cap on offer would leave, as a share.
#[must_use]
pub fn capped_feed(lever: f64) -> f64 {
    match lever {
        x if x > 2.5 => 0.0367,
        x if x > 1.5 => 0.20,
        _ => 0.60,
    }
}

/// 60 % uranium made a day, kg: `pace / 30`.
#[inline]
#[must_use]
pub fn production(pace: u8, p: &Parameters) -> f64 {
    match pace {
        0 => 0.0,
        1 => p.pace_low / 30.0,
        _ => p.pace_high / 30.0,
    }
}

/// Hazard of a faster pace after a censure or under pressure: `h · exp(w (.5 − x))`, the more the weaker reformists are.
#[inline]
#[must_use]
pub fn pace_up(reformists: f64, p: &Parameters) -> f64 {
    p.pace_up * libm::exp(p.pace_factions * (0.5 - reformists))
}

/// Access tomorrow: toward .9 under an agreement, .25 while sites are badly damaged, .35 while a censure is fresh, .45 at
/// rest.
#[inline]
#[must_use]
pub fn access(now: f64, deal: bool, struck: bool, censured: bool, p: &Parameters) -> f64 {
    let target = if deal {
        p.access_deal
    } else if struck {
        p.access_struck
    } else if censured {
        p.access_censured
    } else {
        p.access_rest
    };
    now + p.access_rate * (target - now)
}

/// Chance a day that weaponisation is detected: `.02 + .25 a`.
#[inline]
#[must_use]
pub fn detection(access: f64, p: &Parameters) -> f64 {
    (p.detection_base + p.detection_access * access).min(1.0)
}

/// Progress of zone talks tomorrow: toward the participation of the lever.
#[inline]
#[must_use]
pub fn zone(now: f64, participation: f64, p: &Parameters) -> f64 {
    now + p.zone_rate * (participation - now)
}

/// Relief that zone talks bring to the threat seen in a programme's owner, once past the halfway mark.
#[inline]
#[must_use]
pub fn zone_relief(zone: f64, p: &Parameters) -> f64 {
    if zone > 0.5 { p.zone_relief } else { 0.0 }
}

/// How many devices' worth of 60 % uranium there is against the start, as a logarithm, at most that of four times as much: what a
/// faster pace adds once one device's worth is there, and breakout no longer shortens.
#[inline]
#[must_use]
pub fn growth(stock: f64, at_start: f64) -> f64 {
    if at_start > 0.0 { libm::log((stock / at_start).clamp(0.25, MOST_GROWTH)) } else { 0.0 }
}

/// Largest growth of a stock that still raises an alarm.
pub const MOST_GROWTH: f64 = 4.0;

/// How far a short breakout time seen through little access alarms the watchers, 0 to 1:
/// `Λ((T_alarm − T)/width) · Λ((a_blind − a)/width)`.
///
/// The specification has a step at 7 days and at .4. Breakout stands at 6.3 days from the start, by an estimate that is not known
/// to a day: a step there would let a rounding of one number decide whether the alarm ever sounds.
#[inline]
#[must_use]
pub fn alarm(n: &Programme, p: &Parameters) -> f64 {
    let gate = |x: f64| 1.0 / (1.0 + libm::exp(-x));
    gate((p.breakout_alarm - n.breakout_days) / p.breakout_width) * gate((p.access_blind - n.access) / p.access_width)
}

/// Whether weaponisation was detected lately enough to press for a strike; later it is an old fact, weighed already.
#[inline]
#[must_use]
pub fn known_to_weaponise(n: &Programme, today: i32, p: &Parameters) -> bool {
    n.detected_on != NEVER && f64::from(today - n.detected_on) < p.detection_days
}

/// What a decision to weaponise rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inputs {
    /// Largest threat that the owner perceives (Θ).
    pub threat: f64,
    /// Partner shield (SH).
    pub shield: f64,
    /// Largest of its ledgers against its threshold (L / θ).
    pub debt: f64,
    /// Reformists' weight (x).
    pub reformists: f64,
    /// Sanctions pressure (S).
    pub pressure: f64,
    /// An agreement in force.
    pub deal: bool,
    /// The leader's patience (π).
    pub patience: f64,
}

/// Hazard of a decision to weaponise:
/// `h · exp(1.5 (Θ − .5) + (1 − SH) + .5 ln(1 + L/θ) + .8 (.5 − x) + .8 (S − .5) − 2 [deal] − π)`.
#[inline]
#[must_use]
pub fn weaponisation_hazard(i: &Inputs, p: &Parameters) -> f64 {
    let drive = p.weapon_threat * (i.threat - 0.5)
        + p.weapon_shield * (1.0 - i.shield)
        + p.weapon_ledger * libm::log1p(i.debt)
        + p.weapon_factions * (0.5 - i.reformists)
        + p.weapon_pressure * (i.pressure - 0.5)
        - if i.deal { p.weapon_deal } else { 0.0 }
        - p.weapon_patience * i.patience;
    p.weapon_rate * libm::exp(drive)
}

/// Days from decision to device: log-normal around a median.
#[must_use]
pub fn device_time(z: f64, p: &Parameters) -> f64 {
    p.device_days * libm::exp(p.device_spread * z)
}

/// Steps of the draws of a programme.
mod draw {
    pub const LATENT: u32 = 0;
    pub const PACE: u32 = 1;
    pub const CENSURE: u32 = 2;
    pub const DECISION: u32 = 3;
    pub const DEVICE: u32 = 4;
    pub const DETECTION: u32 = 5;
    pub const DELAY: u32 = 6;
}

/// What the world around a programme shows it today.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// Agreements.
    pub agreements: &'a [Agreement],
    /// Economies.
    pub economies: &'a [Economy],
    /// Factions.
    pub factions: &'a [Factions],
    /// Threats.
    pub threats: &'a [Threat],
    /// Arsenals.
    pub arsenals: &'a [Arsenal],
    /// Ledgers.
    pub ledgers: &'a [Ledger],
    /// Sites.
    pub sites: &'a [SiteState],
}

/// Share of enrichment left after damage to the programme's sites.
#[must_use]
pub fn capacity(rule: &ProgrammeRules, sites: &[SiteState], today: i32, half_life: f64) -> f64 {
    if rule.sites.is_empty() {
        return 1.0;
    }
    let damage: f64 = rule.sites.iter().map(|&s| damage_on(sites[s], today, half_life)).sum();
    1.0 - damage / rule.sites.len() as f64
}

/// Moves every programme on by a day.
pub fn enrich<P: Probe>(
    rules: &Rules,
    levers: &LeverSet,
    luck: &Luck,
    today: i32,
    world: World<'_>,
    programmes: &mut [Programme],
    journal: &mut Vec<Event>,
    probe: &mut P,
) {
    let p = &rules.p;
    for (i, (rule, n)) in rules.programmes.iter().zip(programmes).enumerate() {
        let ix = i as u16;
        let deal = rule.table.is_some_and(|table| rules.truce(table, levers, world.agreements).is_some());
        let economy = rule.economy.map(|e| world.economies[e]);
        let pressure = economy.map_or(0.5, |e| e.sanctions);
        let feed = if deal { capped_feed(levers[Lever::IranEnrichmentCap]) } else { 0.6 };
        let day = luck.programme[i].day(today);
        let mut step = |step: NuclearStep| journal.push(Event::Nuclear { programme: ix, step });

        // Enrichment.
        if deal && feed < 0.6 {
            n.stock *= libm::exp2(-1.0 / p.dilution_half_life);
        } else {
            n.stock += production(n.pace, p);
        }
        let left = capacity(rule, world.sites, today, p.repair_half_life);
        n.breakout_days = breakout_days(n.stock, feed, left, p);

        // The Board, the pace, access.
        if today % BOARD_DAYS == BOARD_DAYS / 7 && n.access < 0.5 && !deal {
            let draw = day.uniform(draw::CENSURE);
            let chance = p.censure_chance;
            probe.decided(|| Decision {
                subject: Subject::Censure(ix),
                chance,
                draw,
                terms: vec![Term {
                    name: "inspectors' access".into(),
                    value: n.access,
                    unit: "share",
                    neutral: 0.5,
                    without: 0.0,
                    source: Source::Given,
                }],
            });
            if draw < chance {
                n.censured_on = today;
                step(NuclearStep::Censured);
            }
        }
        let censured = f64::from(today - n.censured_on) < p.censure_days;
        let pressed = pressure > p.pressure_threshold;
        let reformists = rule.factions.map_or(0.5, |f| world.factions[f].reformists);
        let hazard = if deal && n.pace > 0 {
            p.pace_down
        } else if !deal && n.pace < 2 && (censured || pressed) {
            pace_up(reformists, p)
        } else {
            0.0
        };
        if hazard > 0.0 {
            let (draw, chance) = (day.uniform(draw::PACE), -libm::expm1(-hazard));
            probe.decided(|| pace_decision(ix, chance, draw, deal, censured, pressed, pressure, reformists, rule, p));
            if draw < chance {
                n.pace = if deal { n.pace - 1 } else { n.pace + 1 };
                step(if deal { NuclearStep::PaceDown } else { NuclearStep::PaceUp });
            }
        }
        let struck = rule.sites.iter().any(|&s| damage_on(world.sites[s], today, p.repair_half_life) > 0.2);
        n.access = access(n.access, deal, struck, censured, p);
        n.zone = zone(n.zone, levers[Lever::ZoneTalks], p);

        weaponise(rules, levers, today, rule, ix, deal, pressure, world, n, day, &mut step, probe);
    }
}

/// Decision, detection and device.
fn weaponise<P: Probe>(
    rules: &Rules,
    levers: &LeverSet,
    today: i32,
    rule: &ProgrammeRules,
    ix: u16,
    deal: bool,
    pressure: f64,
    world: World<'_>,
    n: &mut Programme,
    day: crate::chance::DayKey,
    step: &mut impl FnMut(NuclearStep),
    probe: &mut P,
) {
    let p = &rules.p;
    if n.decided_on == NEVER {
        let latent = today == 0
            && rule.latent > 0.0
            && day.uniform(draw::LATENT) < rule.latent
            && probe.allows(Subject::Weaponising(ix));
        let debt = rule.ledgers.iter().map(|&l| world.ledgers[l].blows / rules.ledgers[l].theta).fold(0.0, f64::max);
        let draw = day.uniform(draw::DECISION);
        // The draw alone rules it out on most days.
        let mut decided = latent;
        if draw < rules.weapon_bound * (1.0 + debt) || probe.asks() {
            let inputs = Inputs {
                threat: if rule.threats.is_empty() {
                    0.5
                } else {
                    rule.threats.iter().map(|&t| world.threats[t].level).fold(0.0, f64::max)
                },
                shield: world.arsenals[rule.actor].shield,
                debt,
                reformists: rule.factions.map_or(0.5, |f| world.factions[f].reformists),
                pressure,
                deal,
                patience: rule.factions.map_or(0.0, |f| world.factions[f].patience),
            };
            let chance = -libm::expm1(-weaponisation_hazard(&inputs, p));
            probe.decided(|| explain(ix, &inputs, chance, draw, rules, rule, levers));
            decided |= probe.draw(Subject::Weaponising(ix), chance, draw) < chance;
        }
        if decided {
            n.decided_on = today;
            n.device_on = today + device_time(normal(day.uniform(draw::DEVICE)), p) as i32;
            step(NuclearStep::Decided);
        }
    } else if n.detected_on == NEVER {
        let (draw, chance) = (day.uniform(draw::DETECTION), detection(n.access, p));
        probe.decided(|| Decision {
            subject: Subject::Detection(ix),
            chance,
            draw,
            terms: vec![Term {
                name: "inspectors' access".into(),
                value: n.access,
                unit: "share",
                neutral: 0.0,
                without: detection(0.0, p),
                source: Source::Given,
            }],
        });
        if draw < chance {
            n.detected_on = today;
            step(NuclearStep::Detected);
        }
    }
    // The work goes on at the sites that stand: each day counts with the share of them.
    if n.decided_on != NEVER && n.device_on >= today && !rule.sites.is_empty() {
        let left = capacity(rule, world.sites, today, p.repair_half_life);
        if left < 1.0 && day.uniform(draw::DELAY) >= left {
            n.device_on += 1;
        }
    }
    if n.device_on == today {
        if deal {
            // A programme under inspection does not complete; it waits until the agreement is gone.
            n.device_on = today + 30;
        } else {
            step(NuclearStep::Device);
        }
    }
}

/// The terms of a change of pace.
fn pace_decision(
    ix: u16,
    chance: f64,
    draw: f64,
    deal: bool,
    censured: bool,
    pressed: bool,
    pressure: f64,
    reformists: f64,
    rule: &ProgrammeRules,
    p: &Parameters,
) -> Decision {
    let mut terms = Vec::new();
    if deal {
        terms.push(Term {
            name: "an agreement in force".into(),
            value: 1.0,
            unit: "yes",
            neutral: 0.0,
            without: 0.0,
            source: rule.table.map_or(Source::Given, |table| Source::Agreement(table as u16)),
        });
    } else {
        terms.push(Term {
            name: "sanctions pressure".into(),
            value: pressure,
            unit: "share",
            neutral: 0.5,
            without: if censured { chance } else { 0.0 },
            source: Source::Lever(Lever::SanctionsPressure),
        });
        if censured {
            terms.push(Term {
                name: "a censure by the Board".into(),
                value: 1.0,
                unit: "yes",
                neutral: 0.0,
                without: if pressed { chance } else { 0.0 },
                source: Source::Censure(ix),
            });
        }
        terms.push(Term {
            name: "reformists' weight".into(),
            value: reformists,
            unit: "share",
            neutral: 0.5,
            without: -libm::expm1(-pace_up(0.5, p)),
            source: Source::Given,
        });
    }
    Decision { subject: Subject::Pace(ix), chance, draw, terms }
}

/// The terms of a decision to weaponise, each with the chance in its absence.
fn explain(
    ix: u16,
    i: &Inputs,
    chance: f64,
    draw: f64,
    rules: &Rules,
    rule: &ProgrammeRules,
    levers: &LeverSet,
) -> Decision {
    let p = &rules.p;
    let term = terms(|i: &Inputs| -libm::expm1(-weaponisation_hazard(i, p)));
    let actor = rule.actor as u16;
    let ledger = rule.ledgers.first().map_or(Source::Given, |&l| Source::Ledger(l as u16));
    let mut terms = vec![
        term("perceived threat", i.threat, "share", 0.5, Inputs { threat: 0.5, ..*i }, Source::Given),
        term("partner shield", i.shield, "share", 1.0, Inputs { shield: 1.0, ..*i }, Source::Shield(actor)),
        term("unanswered harm", i.debt, "times threshold", 0.0, Inputs { debt: 0.0, ..*i }, ledger),
        term("reformists' weight", i.reformists, "share", 0.5, Inputs { reformists: 0.5, ..*i }, Source::Given),
        term("the leader's patience", i.patience, "share", 0.0, Inputs { patience: 0.0, ..*i }, Source::Given),
        term(
            "sanctions pressure",
            i.pressure,
            "share",
            0.5,
            Inputs { pressure: 0.5, ..*i },
            Source::Lever(Lever::SanctionsPressure),
        ),
    ];
    if i.deal {
        let source = rule.table.map_or(Source::Given, |table| Source::Agreement(table as u16));
        terms.push(term("an agreement in force", 1.0, "yes", 0.0, Inputs { deal: false, ..*i }, source));
    }
    if levers[Lever::ZoneTalks] > 0.0 {
        terms.push(term("zone talks", levers[Lever::ZoneTalks], "share", 0.0, *i, Source::Lever(Lever::ZoneTalks)));
    }
    Decision { subject: Subject::Weaponising(ix), chance, draw, terms }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "nuclear",
    phase: 10,
    title: "The nuclear file: enrichment, breakout, access, weaponisation, zone talks",
    section: "6.14",
    reads: &["Agreement", "Economy", "Factions", "Threat", "Arsenal", "Ledger", "SiteState"],
    writes: &["Programme"],
    levers: &[Lever::IranEnrichmentCap, Lever::ZoneTalks, Lever::SanctionsPressure],
    events: &[EventKind::Nuclear],
    source: include_str!("nuclear.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, n) in rules.programmes.iter().enumerate() {
        let me = Node::Programme(i);
        for lever in [Lever::IranEnrichmentCap, Lever::ZoneTalks] {
            link(Node::Lever(lever), me);
        }
        held(rules, n.table, me, link);
        n.economy.iter().for_each(|&e| link(Node::Economy(e), me));
        n.factions.iter().for_each(|&f| link(Node::Factions(f), me));
        n.threats.iter().for_each(|&t| link(Node::Threat(t), me));
        n.ledgers.iter().for_each(|&l| link(Node::Ledger(l), me));
        link(Node::Arsenal(n.actor), me);
        // Strikes that damage its sites.
        for (k, _) in rules.initiatives.iter().enumerate().filter(|(_, rule)| rule.opponent == n.actor) {
            link(Node::Initiative(k), me);
        }
        for (k, _) in rules.ledgers.iter().enumerate().filter(|(_, l)| l.against == n.actor) {
            link(Node::Answer(k), me);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The figures of the specification: 56 SWU and 44 kg of feed per device, 5.3 days at 10.5 SWU a day.
    #[test]
    fn worked_example_of_the_separative_formula() {
        assert!((separative_work(25.0, 0.9, 0.6, 0.2) - WORK_FROM_60).abs() < 0.3);
        assert!((separative_work(25.0, 0.9, 0.2, 0.05) - WORK_FROM_20).abs() < 1.0);
        assert!((separative_work(25.0, 0.9, 0.0367, 0.01) - WORK_FROM_4).abs() < 5.0);
        assert!((FEED_60_KG - 43.75).abs() < 1e-9);
        let p = Parameters { breakout_setup: 0.0, ..Parameters::at_start() };
        assert!((breakout_days(182.3, 0.6, 1.0, &p) - 5.33).abs() < 0.01);
    }

    #[test]
    fn hard_liners_speed_the_pace_unless_their_weight_is_nil() {
        let p = Parameters::at_start();
        assert!(pace_up(0.2, &p) > pace_up(0.5, &p) && pace_up(0.5, &p) > pace_up(0.8, &p));
        assert!((pace_up(0.5, &p) - p.pace_up).abs() < 1e-12, "in balance: the listed rate");
        let off = Parameters { pace_factions: 0.0, ..p };
        assert!((pace_up(0.1, &off) - pace_up(0.9, &off)).abs() < 1e-12);
    }

    #[test]
    fn a_lower_cap_a_smaller_stock_and_damage_all_lengthen_breakout() {
        let p = Parameters::at_start();
        let base = breakout_days(20.0, 0.6, 1.0, &p);
        assert!(breakout_days(5.0, 0.6, 1.0, &p) > base);
        assert!(breakout_days(20.0, 0.0367, 1.0, &p) > base);
        assert!(breakout_days(20.0, 0.6, 0.5, &p) > base);
        assert!(breakout_days(0.0, 0.6, 0.0, &p).is_finite());
        assert!(capped_feed(3.0) < capped_feed(2.0) && capped_feed(2.0) < capped_feed(1.0));
        assert!((capped_feed(0.0) - capped_feed(1.0)).abs() < 1e-12);
    }

    const CALM: Inputs =
        Inputs { threat: 0.5, shield: 0.35, debt: 1.0, reformists: 0.45, pressure: 0.5, deal: false, patience: 0.7 };

    /// One in twenty in a year at the values of the start; as shield and patience wear down and pressure rises in a run,
    /// about one in ten, the specification's yardstick.
    #[test]
    fn about_one_in_twenty_would_decide_in_a_year_like_the_start() {
        let p = Parameters::at_start();
        let year = -libm::expm1(-365.0 * weaponisation_hazard(&CALM, &p));
        assert!((0.03..0.07).contains(&year), "{year}");
    }

    #[test]
    fn each_drive_moves_the_decision_in_its_direction() {
        let p = Parameters::at_start();
        let base = weaponisation_hazard(&CALM, &p);
        for more in [
            Inputs { threat: 0.9, ..CALM },
            Inputs { shield: 0.0, ..CALM },
            Inputs { debt: 3.0, ..CALM },
            Inputs { reformists: 0.1, ..CALM },
            Inputs { pressure: 0.9, ..CALM },
            Inputs { patience: 0.0, ..CALM },
        ] {
            assert!(weaponisation_hazard(&more, &p) > base);
        }
        assert!(weaponisation_hazard(&Inputs { deal: true, ..CALM }, &p) < base);
    }

    /// No knife edge: a tenth of a day or a hundredth of access moves the alarm by little, and far from the edges it is what the
    /// specification's step is.
    #[test]
    fn the_alarm_is_smooth_in_breakout_and_access() {
        let p = Parameters::at_start();
        let at = |breakout_days: f64, access: f64| {
            let none = NEVER;
            let n = Programme {
                stock: 182.3,
                pace: 1,
                access,
                breakout_days,
                decided_on: none,
                device_on: none,
                detected_on: none,
                censured_on: none,
                zone: 0.0,
                forum: 0.0,
            };
            alarm(&n, &p)
        };
        for k in 0..300 {
            let (days, access) = (f64::from(k) / 10.0, 0.35);
            assert!(at(days, access) >= at(days + 0.1, access) && at(days, access) - at(days + 0.1, access) < 0.03);
            let access = f64::from(k) / 300.0;
            assert!(at(6.3, access) >= at(6.3, access + 0.01) && at(6.3, access) - at(6.3, access + 0.01) < 0.08);
        }
        assert!(at(1.0, 0.1) > 0.9 && at(30.0, 0.1) < 0.01 && at(1.0, 0.9) < 0.01);
    }

    #[test]
    fn access_and_detection_move_together() {
        let p = Parameters::at_start();
        assert!(access(0.45, true, false, false, &p) > 0.45 && access(0.45, false, true, false, &p) < 0.45);
        assert!(access(0.45, false, false, true, &p) < 0.45 && access(0.45, true, true, true, &p) > 0.45);
        assert!((access(0.45, false, false, false, &p) - 0.45).abs() < 1e-12);
        assert!(detection(0.9, &p) > detection(0.2, &p));
        assert!(zone(0.0, 1.0, &p) > 0.0 && zone_relief(0.4, &p) < zone_relief(0.6, &p));
        assert!(pace_up(0.1, &p) > pace_up(0.9, &p) && (pace_up(0.5, &p) - p.pace_up).abs() < 1e-15);
        assert!(production(2, &p) > production(1, &p) && production(0, &p) < 1e-12);
    }
}
