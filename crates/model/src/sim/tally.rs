//! Phase 11: what a run is remembered by: totals, first days, spells of agreements. Outcomes are read from it.

use super::rules::Rules;
use super::state::{Fire, Front, NEVER, Pair, StrikeKind};
use crate::sim::event::Event;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// One spell of an agreement in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spell {
    /// Table.
    pub table: u16,
    /// Day of signing.
    pub signed: i32,
    /// Day of collapse; `None` while in force.
    pub ended: Option<i32>,
}

/// Strategic strikes of one ledger's holder against the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchanges {
    /// Salvos.
    pub salvos: u32,
    /// Missiles, drones and cruise missiles in them.
    pub rounds: u32,
    /// Rounds that hit.
    pub hits: u32,
    /// Strikes by air, preventive ones among them.
    pub air_strikes: u32,
    /// Size of all of these, hundredths of a blow.
    pub size: u64,
}

/// Totals and marks of a run so far.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// Days run.
    pub days: u32,
    /// Events by stream.
    pub events: Vec<u64>,
    /// Deaths by stream.
    pub deaths: Vec<u64>,
    /// Last day of each front at level 5 or more.
    pub last_very_high: Vec<i32>,
    /// The last 14 days, one bit each: direct fire between Iran and Israel.
    pub direct_fire: u16,
    /// First day on which the war was regional.
    pub regional_since: Option<i32>,
    /// Whether a preventive strike between the parties of the definition lay within [`WINDOW_DAYS`] before that day.
    pub regional_by_preventive: bool,
    /// Last preventive strike between those parties.
    pub last_preventive: Option<i32>,
    /// First day of a direct exchange of Iran with Israel or the United States.
    pub contained_since: Option<i32>,
    /// Strategic fire by ledger.
    pub exchanges: Vec<Exchanges>,
    /// Blows.
    pub blows: u32,
    /// Votes of the United States in councils: against, abstaining, in favour.
    pub us_votes: [u32; 3],
    /// Days on which any pair was in war mode.
    pub war_days: u32,
    /// Spells of agreements, in order of signing.
    pub spells: Vec<Spell>,
    /// Answers owed that were settled through mediators, by ledger; empty before the first. In a state on disk, and so in a digest, only
    /// where there is something to count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settled: Vec<u32>,
    /// Parts that fell from a collective deal in force; likewise.
    #[serde(default, skip_serializing_if = "is_none")]
    pub parts_fallen: u32,
    /// The party that the collective deal signed last leaves out; likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<u16>,
    /// Tables whose parts have fallen from it; likewise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fallen: Vec<u16>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_none(count: &u32) -> bool {
    *count == 0
}

/// Days over which the definition of a regional war looks back.
pub const WINDOW_DAYS: i32 = 14;

impl Tally {
    /// An empty tally for these rules.
    #[must_use]
    pub fn new(rules: &Rules) -> Self {
        let mut tally = Self::default();
        tally.clear(rules);
        tally
    }

    /// Empties it, keeping the memory.
    pub fn clear(&mut self, rules: &Rules) {
        self.days = 0;
        self.events.clear();
        self.events.resize(rules.streams.len(), 0);
        self.deaths.clear();
        self.deaths.resize(rules.streams.len(), 0);
        self.last_very_high.clear();
        self.last_very_high.resize(rules.fronts.len(), NEVER);
        self.direct_fire = 0;
        self.regional_since = None;
        self.regional_by_preventive = false;
        self.last_preventive = None;
        self.contained_since = None;
        self.exchanges.clear();
        self.exchanges.resize(rules.ledgers.len(), Exchanges::default());
        self.blows = 0;
        self.us_votes = [0; 3];
        self.war_days = 0;
        self.spells.clear();
        self.settled.clear();
        self.parts_fallen = 0;
        self.left_out = None;
        self.fallen.clear();
    }

    /// Whether a table is a part, not fallen so far, of a collective deal that is in force and can lose parts.
    fn is_part(&self, rules: &Rules, table: u16) -> bool {
        let Some(all) = rules.collective.filter(|&all| all != usize::from(table) && rules.p.deal_fray > 0.0) else {
            return false;
        };
        let in_force = self.spells.iter().any(|s| usize::from(s.table) == all && s.ended.is_none());
        in_force && !self.fallen.contains(&table) && rules.settles(usize::from(table), self.left_out.map(usize::from))
    }

    /// Adds a day.
    pub fn take(
        &mut self,
        rules: &Rules,
        today: i32,
        journal: &[Event],
        fires: &[Fire],
        fronts: &[Front],
        pairs: &[Pair],
    ) {
        self.days += 1;
        for ((events, deaths), fire) in self.events.iter_mut().zip(&mut self.deaths).zip(fires) {
            *events += u64::from(fire.events);
            *deaths += u64::from(fire.deaths);
        }
        let roles = rules.roles;
        let (mut direct, mut with_us) = (false, false);
        for event in journal {
            match *event {
                Event::Struck(s) => {
                    let pair = (usize::from(s.actor), usize::from(s.opponent));
                    match s.kind {
                        StrikeKind::Blow => self.blows += 1,
                        StrikeKind::Salvo | StrikeKind::AirStrike | StrikeKind::Preventive | StrikeKind::BaseSalvo => {
                            direct |= roles.direct.is_some_and(|(a, b)| pair == (a, b) || pair == (b, a));
                            with_us |= roles.with_us.is_some_and(|(a, b)| pair == (a, b) || pair == (b, a));
                            if s.kind == StrikeKind::Preventive && (direct || with_us) {
                                self.last_preventive = Some(today);
                            }
                        }
                    }
                    let ledger = match s.kind {
                        StrikeKind::Blow => None,
                        StrikeKind::Preventive => {
                            let rule = &rules.initiatives[usize::from(s.initiative)];
                            let joined = rule.joined_by.filter(|&(friend, _)| friend == usize::from(s.actor));
                            joined.map_or(rule.own_ledger, |(_, ledger)| ledger)
                        }
                        _ => Some(usize::from(s.ledger)),
                    };
                    if let Some(ledger) = ledger {
                        let x = &mut self.exchanges[ledger];
                        // An exchange that runs away must not take a count along.
                        x.size = x.size.saturating_add((100.0 * s.magnitude.clamp(0.0, 1e9)) as u64);
                        if s.is_salvo() {
                            x.salvos += 1;
                            x.rounds += s.rounds.iter().sum::<u32>();
                            x.hits += s.hits;
                        } else {
                            x.air_strikes += 1;
                        }
                    }
                }
                Event::CouncilVote { us, .. } => self.us_votes[us as usize] += 1,
                Event::Signed { table, left_out } => {
                    if rules.collective == Some(usize::from(table)) {
                        self.left_out = left_out;
                        self.fallen.clear();
                    }
                    self.spells.push(Spell { table, signed: today, ended: None });
                }
                Event::AnswerSettled { ledger } => {
                    self.settled.resize(rules.ledgers.len(), 0);
                    self.settled[usize::from(ledger)] += 1;
                }
                Event::Collapsed { table, .. } => {
                    if self.is_part(rules, table) {
                        self.parts_fallen += 1;
                        self.fallen.push(table);
                    }
                    if let Some(spell) = self.spells.iter_mut().rev().find(|s| s.table == table && s.ended.is_none()) {
                        spell.ended = Some(today);
                    }
                }
                _ => {}
            }
        }
        self.direct_fire = ((self.direct_fire << 1) | u16::from(direct)) & ((1 << WINDOW_DAYS) - 1);
        for (last, front) in self.last_very_high.iter_mut().zip(fronts.iter()) {
            if front.level >= 5 {
                *last = today;
            }
        }
        let mut us_both_ways = false;
        for (i, pair) in pairs.iter().enumerate() {
            self.war_days += u32::from(pair.war);
            if roles.us_pair == Some(i) {
                us_both_ways = pair.last_fire.iter().all(|&day| today - day < WINDOW_DAYS);
            }
        }
        if (direct || with_us) && self.contained_since.is_none() {
            self.contained_since = Some(today);
        }
        if self.regional_since.is_none() {
            let very_high = |front: usize| today - self.last_very_high[front] < WINDOW_DAYS;
            let many_fronts =
                roles.direct_front.is_some_and(very_high) && (0..fronts.len()).filter(|&f| very_high(f)).count() >= 3;
            let many_days = self.direct_fire.count_ones() >= 5;
            let with_us = us_both_ways && fronts.iter().any(|front| front.level >= 4);
            if many_fronts || many_days || with_us {
                self.regional_since = Some(today);
                self.regional_by_preventive = self.last_preventive.is_some_and(|day| today - day < WINDOW_DAYS);
            }
        }
    }
}
