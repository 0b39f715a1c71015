//! Phase 9: escalation levels (6.3, 12.2, 12.3).

use crate::record::event::{Event, Journal};
use crate::record::probe::{Decision, Probe, Source, Subject, Term};
use crate::scenario::raw::LadderRule;
use crate::sim::given::Given;
use crate::sim::luck::Luck;
use crate::sim::roster::{All, AllMut};
use crate::sim::rules::Rules;
use crate::sim::state::{Agreement, Arsenal, Channel, Front, Host, Ledger, NEVER, Pair, Standing};
use crate::sim::strategy::caution::{caution, mediation};
use crate::symbols::levers::LeverSet;
use crate::symbols::parameters::Parameters;
use bevy::ecs::prelude::*;

/// Highest level.
pub const TOP: u8 = 6;
/// Level from which a front wears its parties out and drives people from their homes.
pub const HIGH: u8 = 4;

/// What a step rests on today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inputs {
    /// The pair's largest unanswered ledger, blows; 0 where there is none.
    pub ledger: f64,
    /// Whether a blow fell on the front's parties within the trigger's days.
    pub trigger: bool,
    /// Mean resolve of the front's parties, as their adversaries see it.
    pub resolve: f64,
    /// Caution of the pair; 0 where there is none.
    pub caution: f64,
    /// Exhaustion, 0 to 1.
    pub exhaustion: f64,
    /// Mediation at the front's table.
    pub mediation: f64,
    /// Whether a party's stock is under a fifth of its start.
    pub low_stock: bool,
}

/// Hazard of a step up: `h_u exp(β_L ln(1 + L) + β_T trigger + β_n (1 − ρ) − B)`.
#[inline]
#[must_use]
pub fn up_hazard(i: &Inputs, p: &Parameters) -> f64 {
    let trigger = if i.trigger { p.beta_ladder_trigger } else { 0.0 };
    p.h_up
        * libm::exp(
            p.beta_ladder_ledger * libm::log1p(i.ledger) + trigger + p.beta_ladder_reputation * (1.0 - i.resolve)
                - i.caution,
        )
}

/// Hazard of a step down: `h_d exp(β_x exhaustion + β_m m̄ + .5 [stock < 20 %])`.
#[inline]
#[must_use]
pub fn down_hazard(i: &Inputs, p: &Parameters) -> f64 {
    let stock = if i.low_stock { p.low_stock_push } else { 0.0 };
    p.h_down * libm::exp(p.beta_exhaustion * i.exhaustion + p.beta_ladder_mediation * i.mediation + stock)
}

/// Level of an exchange front: direct fire lifts it to 3, fire both ways within 14 days to 4, war mode to 5; one step down
/// per 30 quiet days, to 1 at the least.
#[must_use]
pub fn exchange_level(front: &Front, pair: &Pair, today: i32, p: &Parameters) -> u8 {
    let [a, b] = pair.last_fire;
    let both = f64::from(today - a.min(b)) < p.two_way_days;
    let floor = if pair.war {
        5
    } else if both {
        4
    } else if a.max(b) == today {
        3
    } else {
        0
    };
    let quiet_since = front.last_fire.max(front.last_step).max(a.max(b));
    let stepped = if quiet_since == NEVER {
        // Quiet since before the start: the days count from the start.
        today > 0 && today % p.quiet_days as i32 == 0
    } else {
        f64::from(today - quiet_since) >= p.quiet_days
    };
    let rested = if stepped && front.level > 1 { front.level - 1 } else { front.level };
    rested.max(floor)
}

/// Whether an agreement has silenced a front: its own, or the collective one.
#[inline]
#[must_use]
pub fn silenced(front: usize, rules: &Rules, levers: &LeverSet, agreements: &[Agreement]) -> bool {
    let rule = &rules.fronts[front];
    rule.table.is_some_and(|t| rules.tables[t].quiets == Some(front) && agreements[t].in_force())
        || rules.collective_in_force(agreements).is_some() && rules.covers(front, rules.left_out(levers))
}

/// What the levels rest on.
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
    /// Arsenals.
    pub arsenals: &'a [Arsenal],
    /// Standings.
    pub standings: &'a [Standing],
    /// Ledgers.
    pub ledgers: &'a [Ledger],
    /// Pairs.
    pub pairs: &'a [Pair],
}

/// Moves every front's level.
pub fn move_levels<P: Probe>(scene: &Scene<'_>, fronts: &mut [Front], journal: &mut Vec<Event>, probe: &mut P) {
    let Scene { rules, levers, luck, today, agreements, channels, hosts, arsenals, standings, ledgers, pairs } = *scene;
    let p = &rules.p;
    for (position, (rule, front)) in rules.fronts.iter().zip(fronts.iter_mut()).enumerate() {
        if silenced(position, rules, levers, agreements) {
            front.days_high = 0;
            continue;
        }
        let before = front.level;
        if rule.ladder == LadderRule::Exchange {
            if let Some(&l) = rule.ledgers.first() {
                front.level = exchange_level(front, &pairs[rules.ledgers[l].pair], today, p);
            }
        } else {
            let owed = rule.ledgers.iter().any(|&l| ledgers[l].owed);
            // A dormant front wakes only when an answer is owed on it.
            if before == 0 && !owed {
                continue;
            }
            let table = rule.table;
            let ledger = rule.ledgers.iter().map(|&l| ledgers[l].blows).fold(0.0, f64::max);
            let day = luck.step[position].day(today);
            let draws = [day.uniform(0), day.uniform(1)];
            let up_bound = rules.step_up_bound * (1.0 + ledger) * (1.0 + ledger);
            if draws[0] >= up_bound && draws[1] >= rules.step_down_bound && !P::ON {
                front.days_high = if before >= HIGH { front.days_high + 1 } else { 0 };
                continue;
            }
            let cautions: f64 = rule
                .ledgers
                .iter()
                .map(|&l| caution(rules.ledgers[l].caution, rules, levers, channels, agreements, hosts, today))
                .sum();
            let inputs = Inputs {
                ledger,
                trigger: f64::from(today - front.last_blow) < p.trigger_days,
                resolve: rule.parties.iter().map(|&a| standings[a].resolve).sum::<f64>()
                    / rule.parties.len().max(1) as f64,
                caution: if rule.ledgers.is_empty() { 0.0 } else { cautions / rule.ledgers.len() as f64 },
                exhaustion: (f64::from(front.days_high) / p.exhaustion_days).min(1.0),
                mediation: table.map_or(0.0, |t| mediation(rules, levers, channels, t)),
                low_stock: rule
                    .parties
                    .iter()
                    .any(|&a| rules.actors[a].stock.as_ref().is_some_and(|s| arsenals[a].munitions < 0.2 * s.rounds)),
            };
            front.level = step(position as u16, &inputs, before, p, draws, probe);
        }
        front.days_high = if front.level >= HIGH { front.days_high + 1 } else { 0 };
        if front.level != before {
            front.last_step = today;
            journal.push(Event::LevelMoved { front: position as u16, from: before, to: front.level });
        }
        front.war_level = front.level;
    }
}

/// The ladders of the day.
pub fn climb<P: Probe>(
    given: Res<Given>,
    mut probe: ResMut<P>,
    mut journal: ResMut<Journal>,
    world: (All<Agreement>, All<Channel>, All<Arsenal>, All<Standing>, All<Ledger>, All<Pair>, All<Host>),
    mut fronts: AllMut<Front>,
) {
    let Given { rules, levers, clock, luck } = &*given;
    let (agreements, channels, arsenals) = (world.0.view(), world.1.view(), world.2.view());
    let (standings, ledgers, pairs, hosts) = (world.3.view(), world.4.view(), world.5.view(), world.6.view());
    let scene = Scene {
        rules,
        levers,
        luck,
        today: clock.day,
        agreements: &agreements,
        channels: &channels,
        hosts: &hosts,
        arsenals: &arsenals,
        standings: &standings,
        ledgers: &ledgers,
        pairs: &pairs,
    };
    move_levels(&scene, &mut fronts.view(), &mut journal.0, &mut *probe);
}

/// Draws whether a front steps up or down, and gives its level after that.
pub fn step<P: Probe>(ix: u16, inputs: &Inputs, level: u8, p: &Parameters, draws: [f64; 2], probe: &mut P) -> u8 {
    let [up_draw, down_draw] = draws;
    let (up, down) = (up_hazard(inputs, p), down_hazard(inputs, p));
    let (up_chance, down_chance) = (-libm::expm1(-up), -libm::expm1(-down));
    if P::ON {
        let term = |name: &'static str, value, unit, neutral, without: Inputs, source, up: bool| Term {
            name: name.into(),
            value,
            unit,
            neutral,
            without: -libm::expm1(-if up { up_hazard(&without, p) } else { down_hazard(&without, p) }),
            source,
        };
        probe.decided(|| Decision {
            subject: Subject::StepUp(ix),
            chance: up_chance,
            draw: up_draw,
            terms: vec![
                term(
                    "a fresh blow",
                    f64::from(u8::from(inputs.trigger)),
                    "yes",
                    0.0,
                    Inputs { trigger: false, ..*inputs },
                    Source::Trigger(ix),
                    true,
                ),
                term(
                    "unanswered harm on this front",
                    inputs.ledger,
                    "blows",
                    0.0,
                    Inputs { ledger: 0.0, ..*inputs },
                    Source::Given,
                    true,
                ),
                term(
                    "resolve as seen",
                    inputs.resolve,
                    "share",
                    1.0,
                    Inputs { resolve: 1.0, ..*inputs },
                    Source::Given,
                    true,
                ),
                term("caution", inputs.caution, "logit", 0.0, Inputs { caution: 0.0, ..*inputs }, Source::Given, true),
            ],
        });
        probe.decided(|| Decision {
            subject: Subject::StepDown(ix),
            chance: down_chance,
            draw: down_draw,
            terms: vec![
                term(
                    "exhaustion",
                    inputs.exhaustion,
                    "share",
                    0.0,
                    Inputs { exhaustion: 0.0, ..*inputs },
                    Source::Level(ix),
                    false,
                ),
                term(
                    "mediation",
                    inputs.mediation,
                    "intensity",
                    0.0,
                    Inputs { mediation: 0.0, ..*inputs },
                    Source::Given,
                    false,
                ),
            ],
        });
    }
    if up_draw < up_chance && level < TOP {
        level + 1
    } else if down_draw < down_chance && level > 1 {
        level - 1
    } else {
        level
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: Inputs = Inputs {
        ledger: 0.0,
        trigger: false,
        resolve: 0.8,
        caution: 0.0,
        exhaustion: 0.0,
        mediation: 0.0,
        low_stock: false,
    };

    #[test]
    fn hazards_move_in_their_stated_directions() {
        let p = Parameters::default();
        let up = up_hazard(&QUIET, &p);
        assert!(up_hazard(&Inputs { trigger: true, ..QUIET }, &p) > up);
        assert!(up_hazard(&Inputs { ledger: 3.0, ..QUIET }, &p) > up);
        assert!(up_hazard(&Inputs { resolve: 0.3, ..QUIET }, &p) > up);
        assert!(up_hazard(&Inputs { caution: 0.5, ..QUIET }, &p) < up);
        let down = down_hazard(&QUIET, &p);
        assert!(down_hazard(&Inputs { exhaustion: 1.0, ..QUIET }, &p) > down);
        assert!(down_hazard(&Inputs { mediation: 0.7, ..QUIET }, &p) > down);
        assert!(down_hazard(&Inputs { low_stock: true, ..QUIET }, &p) > down);
    }

    #[test]
    fn an_exchange_front_follows_direct_fire() {
        let p = Parameters::default();
        let front = Front { level: 2, war_level: 2, days_high: 0, last_blow: NEVER, last_fire: 100, last_step: NEVER };
        let fired = |a, b, war| Pair { war, last_fire: [a, b] };
        assert_eq!(exchange_level(&front, &fired(100, NEVER, false), 100, &p), 3);
        assert_eq!(exchange_level(&front, &fired(100, 94, false), 100, &p), 4);
        assert_eq!(exchange_level(&front, &fired(100, 100, true), 100, &p), 5);
        let high = Front { level: 4, last_step: 100, ..front };
        assert_eq!(exchange_level(&high, &fired(100, 94, false), 129, &p), 4);
        assert_eq!(exchange_level(&high, &fired(100, 94, false), 130, &p), 3);
    }
}
