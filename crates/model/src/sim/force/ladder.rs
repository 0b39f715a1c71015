//! Phase 9: escalation levels (6.3, 12.2, 12.3).

use crate::scenario::raw::LadderRule;
use crate::sim::event::{Event, EventKind, LevelMover};
use crate::sim::luck::Luck;
use crate::sim::mechanism::{Mechanism, Node};
use crate::sim::probe::{Decision, Probe, Source, Subject, terms};
use crate::sim::rules::Rules;
use crate::sim::state::{Agreement, Arsenal, Channel, Fire, Front, Host, Ledger, NEVER, Pair, Standing};
use crate::sim::strategy::caution::{caution, caution_links, mediation};
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

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
/// per 30 quiet days, to 1 at the least. While an agreement restrains the exchange, since the day given, it stands at 1 but
/// for fire that has come since.
#[must_use]
pub fn exchange_level(front: &Front, pair: &Pair, restrained: Option<i32>, today: i32, p: &Parameters) -> u8 {
    let [a, b] = pair.last_fire;
    let since = restrained.unwrap_or(NEVER);
    let both = f64::from(today - a.min(b)) < p.two_way_days && a.min(b) >= since;
    let floor = if pair.war && a.max(b) >= since {
        5
    } else if both {
        4
    } else if a.max(b) == today {
        3
    } else {
        0
    };
    if restrained.is_some_and(|since| a.max(b) < since) {
        return front.level.min(1);
    }
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
    silenced_by_its_own(front, rules, agreements)
        || rules.collective_in_force(agreements).is_some()
            && silenced_by_all(front, rules, rules.left_out(levers), agreements)
}

/// Whether the agreement of its own table has silenced a front.
#[inline]
fn silenced_by_its_own(front: usize, rules: &Rules, agreements: &[Agreement]) -> bool {
    rules.fronts[front].table.is_some_and(|t| rules.tables[t].quiets == Some(front) && agreements[t].in_force())
}

/// Whether the collective agreement, where it is in force, has.
#[inline]
fn silenced_by_all(front: usize, rules: &Rules, left_out: Option<usize>, agreements: &[Agreement]) -> bool {
    rules.covers(front, left_out) && !rules.front_fallen(front, agreements)
}

/// Fire of a front that no agreement in force silences: mean events a day with a memory of days, as the excitation of its
/// streams.
#[must_use]
pub fn heat(front: usize, rules: &Rules, agreements: &[Agreement], fires: &[Fire]) -> f64 {
    let open = |s: &&usize| rules.streams[**s].silenced_by.is_none_or(|table| !agreements[table].in_force());
    rules.fronts[front].streams.iter().filter(open).map(|&s| fires[s].excitation).sum()
}

/// The level that the fire of a front comes to: the highest, up to that of its means, whose edge the fire reaches; 1 at least.
#[must_use]
pub fn worth(edges: &[f64; 7], means: u8, heat: f64) -> u8 {
    (1..=means).rev().find(|&level| heat >= edges[usize::from(level)]).unwrap_or(1).min(means.max(1))
}

/// A front's level tomorrow by its fire alone: a step up toward the level of its means once fire reaches that step's edge
/// again; a step down, to 1 at the least, once fire has stayed under the edge of its level for 30 days.
#[must_use]
pub fn by_fire(front: &mut Front, edges: &[f64; 7], heat: f64, today: i32, p: &Parameters) -> u8 {
    let Front { level, war_level, .. } = *front;
    if level < war_level && heat >= edges[usize::from(level) + 1] {
        front.last_loud = today;
        return level + 1;
    }
    if heat >= edges[usize::from(level)] {
        front.last_loud = today;
    }
    let quiet = f64::from(today - front.last_loud.max(front.last_step)) >= p.quiet_days;
    if level > 1 && quiet { level - 1 } else { level }
}

/// Since which day a front has been quiet under an agreement: since its signing, or since the front came under it later.
#[inline]
#[must_use]
pub fn quiet_since(front: Option<&Front>, truce: &Agreement) -> i32 {
    front.map_or(truce.since, |front| truce.since.max(front.last_step))
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
    /// Fire.
    pub fires: &'a [Fire],
}

/// Moves every front's level.
pub fn move_levels<P: Probe>(scene: &Scene<'_>, fronts: &mut [Front], journal: &mut Vec<Event>, probe: &mut P) {
    let Scene { rules, levers, luck, today, agreements, channels, hosts, arsenals, standings, ledgers, pairs, fires } =
        *scene;
    let p = &rules.p;
    let collective = rules.collective_in_force(agreements).is_some();
    let left_out = rules.left_out(levers);
    for (position, (rule, front)) in rules.fronts.iter().zip(fronts.iter_mut()).enumerate() {
        if silenced_by_its_own(position, rules, agreements)
            || collective && silenced_by_all(position, rules, left_out, agreements)
        {
            front.days_high = 0;
            continue;
        }
        let before = front.level;
        let mut by = LevelMover::Decision;
        if rule.ladder == LadderRule::Exchange {
            if let Some(&l) = rule.ledgers.first() {
                let l = &rules.ledgers[l];
                let held = l.restrained_by.iter().map(|&t| &agreements[t]).filter(|a| a.in_force());
                let restrained = held.map(|a| a.since).max();
                let open = exchange_level(front, &pairs[l.pair], None, today, p);
                front.level = exchange_level(front, &pairs[l.pair], restrained, today, p);
                by = if front.level < open.min(before) { LevelMover::Agreement } else { LevelMover::Fire };
            }
            front.war_level = front.level;
        } else {
            let owed = rule.ledgers.iter().any(|&l| ledgers[l].owed);
            // A dormant front wakes only when an answer is owed on it.
            if front.war_level == 0 && !owed {
                continue;
            }
            // A level that an agreement or its fire moved today is not moved again by a decision.
            if front.last_step == today {
                front.days_high = if before >= HIGH { front.days_high + 1 } else { 0 };
                continue;
            }
            let by_fire = by_fire(front, &rule.edges, heat(position, rules, agreements, fires), today, p);
            if by_fire != before {
                front.level = by_fire;
                front.last_step = today;
                front.days_high = if by_fire >= HIGH { front.days_high + 1 } else { 0 };
                journal.push(Event::LevelMoved {
                    front: position as u16,
                    from: before,
                    to: by_fire,
                    by: LevelMover::Fire,
                });
                continue;
            }
            let table = rule.table;
            let ledger = rule.ledgers.iter().map(|&l| ledgers[l].blows).fold(0.0, f64::max);
            let day = luck.step[position].day(today);
            let draws = [day.uniform(0), day.uniform(1)];
            let up_bound = rules.step_up_bound * (1.0 + ledger) * (1.0 + ledger);
            if draws[0] >= up_bound && draws[1] >= rules.step_down_bound && !probe.asks() {
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
            let means = step(position as u16, &inputs, front.war_level, p, draws, probe);
            // A front whose fire lags behind its means shows no step of theirs before its fire does.
            front.level = if before == front.war_level { means } else { before.min(means) };
            front.war_level = means;
        }
        front.days_high = if front.level >= HIGH { front.days_high + 1 } else { 0 };
        if front.level != before {
            front.last_step = today;
            journal.push(Event::LevelMoved { front: position as u16, from: before, to: front.level, by });
        }
    }
}

/// Draws whether a front steps up or down, and gives its level after that.
pub fn step<P: Probe>(ix: u16, inputs: &Inputs, level: u8, p: &Parameters, draws: [f64; 2], probe: &mut P) -> u8 {
    let [up_draw, down_draw] = draws;
    let (up, down) = (up_hazard(inputs, p), down_hazard(inputs, p));
    let (up_chance, down_chance) = (-libm::expm1(-up), -libm::expm1(-down));
    if P::ON {
        let rise = terms(|i: &Inputs| -libm::expm1(-up_hazard(i, p)));
        let fall = terms(|i: &Inputs| -libm::expm1(-down_hazard(i, p)));
        probe.decided(|| Decision {
            subject: Subject::StepUp(ix),
            chance: up_chance,
            draw: up_draw,
            terms: vec![
                rise(
                    "a fresh blow",
                    f64::from(u8::from(inputs.trigger)),
                    "yes",
                    0.0,
                    Inputs { trigger: false, ..*inputs },
                    Source::Trigger(ix),
                ),
                rise(
                    "unanswered harm on this front",
                    inputs.ledger,
                    "blows",
                    0.0,
                    Inputs { ledger: 0.0, ..*inputs },
                    Source::Given,
                ),
                rise(
                    "resolve as seen",
                    inputs.resolve,
                    "share",
                    1.0,
                    Inputs { resolve: 1.0, ..*inputs },
                    Source::Given,
                ),
                rise("caution", inputs.caution, "logit", 0.0, Inputs { caution: 0.0, ..*inputs }, Source::Given),
            ],
        });
        probe.decided(|| Decision {
            subject: Subject::StepDown(ix),
            chance: down_chance,
            draw: down_draw,
            terms: vec![
                fall(
                    "exhaustion",
                    inputs.exhaustion,
                    "share",
                    0.0,
                    Inputs { exhaustion: 0.0, ..*inputs },
                    Source::Level(ix),
                ),
                fall(
                    "mediation",
                    inputs.mediation,
                    "intensity",
                    0.0,
                    Inputs { mediation: 0.0, ..*inputs },
                    Source::Given,
                ),
            ],
        });
    }
    if level < TOP && probe.draw(Subject::StepUp(ix), up_chance, up_draw) < up_chance {
        level + 1
    } else if level > 1 && probe.draw(Subject::StepDown(ix), down_chance, down_draw) < down_chance {
        level - 1
    } else {
        level
    }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "ladder",
    phase: 9,
    title: "Escalation levels",
    section: "6.3, 12.2, 12.3",
    reads: &["Agreement", "Channel", "Host", "Arsenal", "Standing", "Ledger", "Pair", "Fire"],
    writes: &["Front"],
    levers: &[Lever::DealLeftOut],
    events: &[EventKind::StepUp, EventKind::StepDown],
    source: include_str!("ladder.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, f) in rules.fronts.iter().enumerate() {
        let me = Node::Front(i);
        if let Some(t) = rules.collective {
            link(Node::Table(t), me);
            link(Node::Lever(Lever::DealLeftOut), me);
        }
        if let Some(table) = f.table {
            link(Node::Table(table), me);
            rules.tables[table].channels.iter().for_each(|&(c, _)| link(Node::Channel(c), me));
        }
        for &l in &f.ledgers {
            link(Node::Ledger(l), me);
            if f.ladder == LadderRule::Exchange {
                link(Node::Pair(rules.ledgers[l].pair), me);
            } else {
                caution_links(rules.ledgers[l].caution, rules, me, link);
            }
        }
        if f.ladder == LadderRule::Hazard {
            // A level falls and rises with the front's fire.
            f.streams.iter().for_each(|&s| link(Node::Stream(s), me));
            for &a in &f.parties {
                link(Node::Resolve(a), me);
                if rules.actors[a].stock.is_some() {
                    link(Node::Arsenal(a), me);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRONT: Front = Front {
        level: 2,
        war_level: 2,
        days_high: 0,
        last_blow: NEVER,
        last_fire: 100,
        last_step: NEVER,
        last_loud: NEVER,
    };

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
        let p = Parameters::at_start();
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
        let p = Parameters::at_start();
        let fired = |a, b, war| Pair { war, war_since: NEVER, last_fire: [a, b] };
        assert_eq!(exchange_level(&FRONT, &fired(100, NEVER, false), None, 100, &p), 3);
        assert_eq!(exchange_level(&FRONT, &fired(100, 94, false), None, 100, &p), 4);
        assert_eq!(exchange_level(&FRONT, &fired(100, 100, true), None, 100, &p), 5);
        let high = Front { level: 4, last_step: 100, ..FRONT };
        assert_eq!(exchange_level(&high, &fired(100, 94, false), None, 129, &p), 4);
        assert_eq!(exchange_level(&high, &fired(100, 94, false), None, 130, &p), 3);
    }

    #[test]
    fn an_agreement_of_restraint_ends_the_level_of_an_exchange_front() {
        let p = Parameters::at_start();
        let fired = |a, b, war| Pair { war, war_since: NEVER, last_fire: [a, b] };
        let high = Front { level: 5, last_step: 100, ..FRONT };
        assert_eq!(
            exchange_level(&high, &fired(100, 99, true), Some(101), 101, &p),
            1,
            "at once, the war's end or not"
        );
        assert_eq!(exchange_level(&FRONT, &fired(110, 99, false), Some(101), 110, &p), 3, "a strike in spite of it");
        assert_eq!(exchange_level(&FRONT, &fired(110, 109, false), Some(101), 110, &p), 4);
    }

    #[test]
    fn a_front_falls_with_its_fire_and_rises_with_it() {
        let p = Parameters::at_start();
        let edges = [0.0, 0.0, 0.3, 0.9, 1.2, 1.7, 2.4];
        let mut front = Front { level: 3, war_level: 3, last_step: 0, last_loud: 0, ..FRONT };
        assert_eq!(by_fire(&mut front, &edges, 1.0, 40, &p), 3);
        assert_eq!(front.last_loud, 40);
        assert_eq!(by_fire(&mut front, &edges, 0.5, 69, &p), 3);
        assert_eq!(by_fire(&mut front, &edges, 0.5, 70, &p), 2, "30 days of less than its level stands for");
        let mut fallen = Front { level: 1, last_step: 70, ..front };
        assert_eq!(by_fire(&mut fallen, &edges, 0.0, 200, &p), 1, "no lower without an agreement");
        assert_eq!(by_fire(&mut fallen, &edges, 5.0, 201, &p), 2, "a step a day");
        let mut full = Front { level: 3, ..fallen };
        assert_eq!(by_fire(&mut full, &edges, 5.0, 202, &p), 3, "no higher than its means");
        assert_eq!([0.0, 0.3, 0.89, 5.0].map(|heat| worth(&edges, 3, heat)), [1, 2, 2, 3]);
    }
}
