//! What it means to take a cause away: the morning as it would stand without it, and the rest of the day as it would go.
//!
//! A cause is taken away as it stands that day: what is left of a strike in a ledger, an agreement in force, the day noted
//! for the last attack. What a cause has led to since, by other events, stays: each of those is a cause of its own.

use super::parts::Part;
use crate::scenario::raw::{CalendarKind, Process};
use crate::sim::event::PathStep;
use crate::sim::force::ladder::silenced;
use crate::sim::home::economy;
use crate::sim::rules::{Frame, Rules};
use crate::sim::state::{Economy, Mission, NEVER, Status, Strike, StrikeKind};
use crate::sim::world::Snapshot;
use crate::symbols::levers::{Lever, LeverChange, LeverSet, OFF};
use std::sync::Arc;

/// A day as it would be without a cause.
pub(super) struct Edited {
    /// The state before the day runs.
    pub morning: Snapshot,
    /// Levers as the day has them, those moved that day among them.
    pub levers: LeverSet,
    /// The user's lever log.
    pub log: Vec<LeverChange>,
    /// Rules of that day, where they differ from those of the future.
    pub rules: Option<Rules>,
}

/// A day of which the state is kept, because a rule asks how long ago something was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stamp {
    /// The last spoiler's attack on a table's agreement.
    Spoiler(u16),
    /// The last collapse of a table's agreement.
    Collapse(u16),
    /// The last blow on a front.
    Blow(u16),
    /// The last direct fire of one side of a pair.
    Fire(u16, usize),
    /// The last warning to a host.
    Warned(u16),
    /// The last censure of a programme.
    Censured(u16),
    /// The last cease-fire text of a council.
    CeaseFireText(u16),
    /// The last admission by a council.
    Admission(u16),
}

/// A cause, as it is taken away.
#[derive(Clone, Debug)]
pub(super) enum Removal {
    /// What is left of a strike in a ledger. Whether an answer would be owed without it is a matter of the past
    /// ([`super::replay`]).
    Harm { ledger: u16, part: Part },
    /// What the holder of a ledger has let go.
    Forgone(u16),
    /// A strike of the very day: it is not decided.
    Strike(Strike),
    /// An attack by spoilers on the very day.
    SpoilersToday,
    /// An agreement in force, or about to be signed that day.
    Agreement(u16),
    /// A collapse: the agreement would still be in force, since that day.
    Collapsed { table: u16, since: i32 },
    /// An event of which only the day is kept, with the day of the one before it.
    Stamp { of: Stamp, day: i32, before: i32 },
    /// War mode.
    War(u16),
    /// A move of a lever: the value that it would have, the user's log without it, the scenario without it if it made the
    /// move itself, and where sanctions would stand.
    Lever {
        lever: Lever,
        value: f64,
        log: Vec<LeverChange>,
        scenario: Option<LeverChange>,
        steered_today: bool,
        sanctions: Option<(Vec<Economy>, i32)>,
    },
    /// The change of administration.
    Administration,
    /// Reputation gained (above 0) or lost (below) by an actor.
    Reputation { actor: u16, amount: f64 },
    /// Air defence lost by an actor.
    AirDefence { actor: u16, amount: f64 },
    /// Leadership lost by an actor.
    Leadership { actor: u16, amount: f64 },
    /// The switch of a channel.
    Channel { channel: u16, since: i32 },
    /// A move of a front's level: the level before it.
    Level { front: u16, level: u8 },
    /// A front's days at high levels.
    HighDays(u16),
    /// What an army has deployed since a truce.
    Deployment { mission: u16, before: Mission },
    /// What warnings have cost in basing permission.
    Permission(u16),
    /// A decision to weaponise.
    Decided(u16),
    /// Weaponisation, as detected.
    Detected(u16),
    /// The loss of a corridor.
    Corridor(u16),
    /// A stage of a path.
    Stage { path: u16, step: PathStep },
    /// What has come under political authority since the start.
    Incorporated(u16),
    /// Economic activity above that of the start.
    Activity(u16),
    /// Votes counted along a path.
    Votes(u16),
    /// Elections of the very day: they are not held.
    Held,
    /// Unrest and its repression.
    Unrest(u16),
    /// What is implemented of a roadmap.
    Roadmap(u16),
    /// An announced exit that has not come.
    Stays(u16),
    /// A draw-down under way.
    DrawDown(u16),
    /// A text of the Assembly: its yes share gives way to that of the one before.
    Assembly { council: u16, before: f64 },
    /// What a security forum stands for.
    Forum(u16),
    /// What is left of the cost of one veto.
    VetoCost { council: u16, member: usize, amount: f64 },
    /// Several at once.
    All(Vec<Removal>),
}

impl Edited {
    fn rules<'r>(&'r mut self, own: &Rules) -> &'r mut Rules {
        self.rules.get_or_insert_with(|| own.clone())
    }

    fn frame<'r>(&'r mut self, own: &Rules) -> &'r mut Frame {
        Arc::make_mut(&mut self.rules(own).frame)
    }
}

impl Removal {
    /// Parts of ledgers that go.
    pub fn harm(&self) -> Vec<(u16, &Part)> {
        match self {
            Self::Harm { ledger, part } => vec![(*ledger, part)],
            Self::All(removals) => removals.iter().flat_map(Self::harm).collect(),
            _ => Vec::new(),
        }
    }

    /// Takes the cause out of a day; `false` where there is nothing to take.
    pub fn apply(&self, day: &mut Edited, own: &Rules) -> bool {
        let c = &mut day.morning.columns;
        match self {
            Self::Harm { ledger, part } => {
                let blows = &mut c.ledgers[usize::from(*ledger)].blows;
                *blows = (*blows - part.left()).max(0.0);
            }
            Self::Forgone(ledger) => c.ledgers[usize::from(*ledger)].forgone = 0.0,
            Self::Strike(s) => {
                let today = day.morning.clock.day;
                unflown(s, today, day.rules(own));
            }
            Self::SpoilersToday => day.rules(own).p.spoiler_rate = 0.0,
            Self::Agreement(t) => return disagreed(usize::from(*t), day, own),
            Self::Collapsed { table, since } => {
                let (position, own) = (usize::from(*table), own.under(&day.levers));
                let t = &own.tables[position];
                if own.fallen(position, &c.agreements) {
                    // A part of a deal that holds for the others: the deal would still hold it.
                    c.agreements[position].last_collapse = NEVER;
                } else {
                    let agreement = &mut c.agreements[position];
                    (agreement.status, agreement.since) = (Status::InForce, *since);
                }
                for (i, front) in c.fronts.iter_mut().enumerate() {
                    let held = t.quiets == Some(i) || own.fronts[i].table == Some(position) || t.collective;
                    if held && silenced(i, &own, &day.levers, &c.agreements) {
                        front.level = 0;
                    }
                }
            }
            Self::Stamp { of, day: noted, before } => {
                let stamp = match *of {
                    Stamp::Spoiler(t) => &mut c.agreements[usize::from(t)].last_spoiler,
                    Stamp::Collapse(t) => &mut c.agreements[usize::from(t)].last_collapse,
                    Stamp::Blow(f) => &mut c.fronts[usize::from(f)].last_blow,
                    Stamp::Fire(pair, side) => &mut c.pairs[usize::from(pair)].last_fire[side],
                    Stamp::Warned(h) => &mut c.hosts[usize::from(h)].warned_on,
                    Stamp::Censured(n) => &mut c.programmes[usize::from(n)].censured_on,
                    Stamp::CeaseFireText(n) => &mut c.councils[usize::from(n)].cease_fire_on,
                    Stamp::Admission(n) => &mut c.councils[usize::from(n)].membership_on,
                };
                // A later one stands there: taking an earlier one away alone changes nothing.
                if *stamp == *noted {
                    *stamp = *before;
                }
            }
            Self::War(pair) => {
                c.pairs[usize::from(*pair)].war = false;
                // Or it would begin again on the spot, while what began it still stands.
                day.rules(own).p.theta_war = f64::INFINITY;
            }
            Self::Lever { lever, value, log, scenario, steered_today, sanctions } => {
                day.morning.levers.set(*lever, *value);
                day.levers.set(*lever, *value);
                day.log.clone_from(log);
                if let Some((before, days)) = sanctions {
                    // Oil, revenue and funding follow over months; fronts and agreements are taken as they are today.
                    c.economies.clone_from(before);
                    for _ in 0..*days {
                        let levers = &day.morning.levers;
                        economy::turn_over(own, levers, &c.fronts, &c.agreements, &mut c.economies);
                    }
                }
                if let Some(change) = scenario {
                    day.frame(own).lever_log.retain(|c| c != change);
                }
                if *steered_today {
                    day.frame(own).holds_sanctions = true;
                }
            }
            Self::Administration => {
                day.morning.clock.consent = own.p.consent_before;
                let frame = day.frame(own);
                frame.administration = None;
                // Entries keep their places: events name them by these.
                let took_office = frame.calendar.iter_mut().filter(|e| e.kind == CalendarKind::UsAdministration);
                took_office.for_each(|entry| entry.day = NEVER);
            }
            Self::Reputation { actor, amount } => {
                let resolve = &mut c.standings[usize::from(*actor)].resolve;
                *resolve = (*resolve - amount).clamp(0.0, 1.0);
            }
            Self::AirDefence { actor, amount } => {
                let defence = &mut c.arsenals[usize::from(*actor)].air_defence;
                *defence = (*defence + amount).min(1.0);
            }
            Self::Leadership { actor, amount } => {
                let lost = &mut c.arsenals[usize::from(*actor)].decapitation;
                *lost = (*lost - amount).max(0.0);
            }
            Self::Channel { channel, since } => {
                let state = &mut c.channels[usize::from(*channel)];
                let Some(switch) = own.channels[usize::from(*channel)].suspended_by else { return false };
                let suspended = state.suspended_since != NEVER;
                state.suspended_since = if suspended { NEVER } else { *since };
                day.morning.levers.set(switch, if suspended { 0.0 } else { 1.0 });
                let today = day.morning.clock.day;
                day.log.retain(|change| change.lever != switch || change.day != today);
            }
            Self::Level { front, level } => {
                let front = &mut c.fronts[usize::from(*front)];
                if front.level == front.war_level {
                    front.level = *level;
                }
                front.war_level = *level;
            }
            Self::HighDays(front) => c.fronts[usize::from(*front)].days_high = 0,
            Self::Deployment { mission, before } => c.missions[usize::from(*mission)] = *before,
            Self::Permission(h) => {
                let host = &mut c.hosts[usize::from(*h)];
                (host.permission, host.warned_on) = (own.hosts[usize::from(*h)].permission, NEVER);
            }
            Self::Decided(n) => {
                let programme = &mut c.programmes[usize::from(*n)];
                (programme.decided_on, programme.device_on) = (NEVER, NEVER);
            }
            Self::Detected(n) => c.programmes[usize::from(*n)].detected_on = NEVER,
            Self::Corridor(i) => c.corridors[usize::from(*i)].lost_on = NEVER,
            Self::Stage { path, step } => {
                let path = &mut c.paths[usize::from(*path)];
                match step {
                    PathStep::Withdrawn => path.withdrawn_on = NEVER,
                    PathStep::Unified => path.unified_on = NEVER,
                    PathStep::Elected => path.elected_on = NEVER,
                    PathStep::Rebuilt => path.rebuilt_on = NEVER,
                    PathStep::NotElected | PathStep::Undone | PathStep::Votes { .. } => return false,
                }
            }
            Self::Incorporated(g) => {
                let rule = &own.incorporations[usize::from(*g)];
                c.incorporations[usize::from(*g)].share = rule.share;
                if rule.process == Process::Integration {
                    c.integrations.iter_mut().for_each(|n| n.share = rule.share);
                }
            }
            Self::Activity(i) => c.paths[usize::from(*i)].activity = own.activity_at_start(),
            Self::Votes(i) => c.paths[usize::from(*i)].votes = [0.0; 2],
            Self::Held => day.rules(own).p.election_base = f64::NEG_INFINITY,
            Self::Unrest(f) => {
                let factions = &mut c.factions[usize::from(*f)];
                (factions.unrest, factions.repression) = (0.0, false);
                day.rules(own).p.unrest_threshold = f64::INFINITY;
            }
            Self::Roadmap(r) => c.roadmaps[usize::from(*r)].phases = 0.0,
            Self::Stays(n) => {
                c.integrations[usize::from(*n)].extended = false;
                day.rules(own).integrations[usize::from(*n)].announced_exit = None;
            }
            Self::DrawDown(n) => {
                c.integrations[usize::from(*n)].exit = 0.0;
                day.morning.levers.set(Lever::CoalitionExitDate, OFF);
            }
            Self::Forum(n) => c.programmes[usize::from(*n)].forum = 0.0,
            Self::VetoCost { council, member, amount } => {
                let cost = &mut c.councils[usize::from(*council)].veto_cost[*member];
                *cost = (*cost - amount).max(0.0);
            }
            Self::Assembly { council, before } => c.councils[usize::from(*council)].isolation = *before,
            Self::All(removals) => {
                // What cannot be taken away stays; something must.
                let mut any = false;
                for removal in removals {
                    any |= removal.apply(day, own);
                }
                return any;
            }
        }
        true
    }
}

/// Takes an agreement out of force, or keeps it from being signed that day.
fn disagreed(table: usize, day: &mut Edited, own: &Rules) -> bool {
    let (t, today) = (&own.tables[table], day.morning.clock.day);
    if t.forced.contains(&(today, true)) {
        day.rules(own).tables[table].forced.retain(|entry| *entry != (today, true));
    }
    let c = &mut day.morning.columns;
    let agreement = &mut c.agreements[table];
    let was_in_force = agreement.in_force();
    // Collapsed today: out of force, and not about to meet again.
    (agreement.status, agreement.since) = (Status::Collapsed, today);
    if t.roadmap {
        // The date that its lever set is spent, or it would be signed again on the spot.
        let date = day.levers[Lever::SignRoadmap].max(f64::from(today));
        agreement.last_collapse = agreement.last_collapse.max(date as i32);
    }
    if was_in_force {
        let levers = &day.levers;
        let own = &*own.under(levers);
        let left_out = own.left_out(levers);
        for (i, front) in c.fronts.iter_mut().enumerate() {
            let held = t.quiets == Some(i) || t.collective && own.covers(i, left_out);
            // Another agreement may still hold the front.
            if held && front.level == 0 && !silenced(i, own, levers, &c.agreements) {
                front.level = front.war_level;
            }
        }
    }
    true
}

/// Rules of a day on which a strike is not decided.
fn unflown(s: &Strike, today: i32, rules: &mut Rules) {
    match s.kind {
        StrikeKind::Salvo | StrikeKind::AirStrike => {
            let l = &mut rules.ledgers[usize::from(s.ledger)];
            (l.h_max, l.war_answer) = (0.0, 0.0);
        }
        StrikeKind::BaseSalvo => rules.hosts[usize::from(s.initiative)].personnel = 0.0,
        StrikeKind::Blow | StrikeKind::Preventive => {
            let i = &mut rules.initiatives[usize::from(s.initiative)];
            let preventive = s.kind == StrikeKind::Preventive;
            if i.actor != usize::from(s.actor) {
                i.joined_by = None;
            } else if preventive {
                i.preventive_rate = 0.0;
            } else {
                i.blow_rate = 0.0;
            }
            i.forced.retain(|forced| (forced.0, forced.1) != (today, preventive));
        }
    }
}
