//! The state of every kind as a scenario starts it, in order of ids.

use super::rules::{CouncilRules, Rules, TableRules};
use super::state::{
    Agreement, Arsenal, Channel, Clock, Corridor, Council, Economy, Factions, Fire, Front, Host, Incorporation,
    Integration, Ledger, Mission, NEVER, Pair, Path, Programme, Roadmap, SiteState, Standing, Status, Territory,
    Threat,
};
use crate::sim::strategy::fear;
use crate::symbols::levers::Lever;

/// Day 0, before it has run.
#[must_use]
pub fn clock(rules: &Rules) -> Clock {
    Clock { day: 0, consent: rules.p.consent_before }
}

/// Standings.
pub fn standings(rules: &Rules) -> impl Iterator<Item = Standing> {
    rules.actors.iter().map(|a| Standing { resolve: a.resolve, opinion: 0.0 })
}

/// Arsenals.
pub fn arsenals(rules: &Rules) -> impl Iterator<Item = Arsenal> {
    rules.actors.iter().map(|a| Arsenal {
        munitions: a.stock.as_ref().map_or(f64::INFINITY, |s| s.rounds),
        launchers: a.stock.as_ref().map_or(0.0, |s| s.launchers),
        interceptors: a.interceptors.as_ref().map_or(0.0, |i| i.rounds),
        air_defence: a.air_defence.unwrap_or(1.0),
        shield: a.shield.unwrap_or(1.0),
        decapitation: a.decapitation,
    })
}

/// Threats: .5 everywhere.
pub fn threats(rules: &Rules) -> impl Iterator<Item = Threat> {
    rules.threats.iter().map(|_| Threat { level: 0.5, recent_harm: 0.0 })
}

/// Ledgers.
pub fn ledgers(rules: &Rules) -> impl Iterator<Item = Ledger> {
    rules.ledgers.iter().map(|l| Ledger {
        blows: l.blows,
        other_count: l.blows * libm::exp(-2.0 * l.bias),
        owed: l.blows >= l.theta,
        owed_since: NEVER,
        last_answer: NEVER,
        forgone: 0.0,
    })
}

/// Pairs: at peace.
pub fn pairs(rules: &Rules) -> impl Iterator<Item = Pair> {
    rules.pairs.iter().map(|_| Pair { war: false, war_since: NEVER, last_fire: [NEVER; 2] })
}

/// Fronts.
pub fn fronts(rules: &Rules) -> impl Iterator<Item = Front> {
    rules.fronts.iter().map(|f| Front {
        level: f.level,
        war_level: f.level,
        days_high: f.days_high,
        last_blow: NEVER,
        last_fire: NEVER,
        last_step: NEVER,
        // Fire starts at what the level stands for.
        last_loud: 0,
    })
}

/// Streams, at their stationary excitation.
pub fn fire(rules: &Rules) -> impl Iterator<Item = Fire> {
    rules.streams.iter().map(|s| Fire {
        excitation: s.start_excitation,
        tempo: 0.0,
        mean: s.start_excitation,
        events: 0,
        deaths: 0,
        lethal: 0,
    })
}

/// Agreements: tables that can meet are in talks.
pub fn agreements(rules: &Rules) -> impl Iterator<Item = Agreement> {
    let open = |t: &TableRules| crate::sim::talks::negotiation::can_meet(t, &rules.frame.levers, false);
    rules.tables.iter().map(move |t| Agreement {
        status: if open(t) { Status::Talks } else { Status::Closed },
        since: 0,
        last_spoiler: NEVER,
        last_collapse: NEVER,
    })
}

/// Channels.
pub fn channels(rules: &Rules) -> impl Iterator<Item = Channel> {
    rules.channels.iter().map(|c| {
        let suspended = c.suspended_by.is_some_and(|lever| rules.frame.levers.on(lever));
        Channel { suspended_since: if suspended { c.suspended_since.unwrap_or(0) } else { NEVER } }
    })
}

/// Missions.
pub fn missions(rules: &Rules) -> impl Iterator<Item = Mission> {
    rules.missions.iter().map(|m| Mission {
        movement: m.movement,
        national_troops: m.national_troops,
        withdrawn: m.withdrawn,
    })
}

/// Territories.
pub fn territories(rules: &Rules) -> impl Iterator<Item = Territory> {
    rules.territories.iter().map(|t| Territory { displaced: t.displaced, killed: 0, killed_today: 0 })
}

/// Sites: undamaged.
pub fn sites(rules: &Rules) -> impl Iterator<Item = SiteState> {
    rules.frame.sites.iter().map(|_| SiteState { damage: 0.0, noted: 0 })
}

/// Hosts, unwarned.
pub fn hosts(rules: &Rules) -> impl Iterator<Item = Host> {
    let levers = &rules.frame.levers;
    rules.hosts.iter().map(|h| {
        let mut host = Host { permission: h.permission, warned_on: NEVER, struck_on: NEVER, fear: 0.0, harm: 0.0 };
        if fear::counts(&rules.p) {
            // As if it had always been what it is on the first morning.
            let level = h.front.map_or(0, |front| rules.fronts[front].level);
            host.fear = fear::comes_to(h, &host, level, h.personnel, levers[Lever::BaseSorties], 0, &rules.p);
        }
        host
    })
}

/// Economies, with everything against its start.
pub fn economies(rules: &Rules) -> impl Iterator<Item = Economy> {
    rules.economies.iter().map(|e| Economy {
        sanctions: e.sanctions,
        oil: e.oil,
        revenue: 1.0,
        funding: 1.0,
        funding_felt: 1.0,
    })
}

/// Corridors, open.
pub fn corridors(rules: &Rules) -> impl Iterator<Item = Corridor> {
    rules.corridors.iter().map(|_| Corridor { lost_on: NEVER })
}

/// Factions, quiet.
pub fn factions(rules: &Rules) -> impl Iterator<Item = Factions> {
    rules.factions.iter().map(|f| Factions {
        reformists: f.reformists,
        patience: f.patience,
        unrest: 0.0,
        repression: false,
    })
}

/// Nuclear programmes, at low pace; whether a hidden one exists is drawn on day 0.
pub fn programmes(rules: &Rules) -> impl Iterator<Item = Programme> {
    rules.programmes.iter().map(|n| Programme {
        stock: n.stock,
        pace: 1,
        access: n.access,
        breakout_days: crate::sim::home::nuclear::breakout_days(n.stock, 0.6, 1.0, &rules.p),
        decided_on: NEVER,
        device_on: NEVER,
        detected_on: NEVER,
        censured_on: NEVER,
        zone: 0.0,
        forum: 0.0,
    })
}

/// Roadmaps, unsigned.
pub fn roadmaps(rules: &Rules) -> impl Iterator<Item = Roadmap> {
    rules.roadmaps.iter().map(|_| Roadmap { phases: 0.0, stage: 0, suspended: false })
}

/// Integration, with the coalition in place.
pub fn integrations(rules: &Rules) -> impl Iterator<Item = Integration> {
    rules.integrations.iter().map(|i| Integration { share: i.share, exit: 0.0, extended: false, mission_ended: false })
}

/// Councils.
pub fn councils(rules: &Rules) -> impl Iterator<Item = Council> {
    rules.councils.iter().map(council)
}

/// Paths, at war.
pub fn paths(rules: &Rules) -> impl Iterator<Item = Path> {
    let aid = rules.frame.levers[Lever::AidAccess];
    rules.paths.iter().map(move |_| Path {
        aid,
        withdrawn_on: NEVER,
        unified_on: NEVER,
        elected_on: NEVER,
        rebuilt_on: NEVER,
        tried_on: NEVER,
        activity: aid / rules.p.aid_truce,
        votes: [0.0; 2],
    })
}

/// Incorporation: as integrated in Iraq, none elsewhere.
pub fn incorporations(rules: &Rules) -> impl Iterator<Item = Incorporation> {
    rules.incorporations.iter().map(|n| Incorporation { share: n.share })
}

/// A council as it stands at the start.
#[must_use]
pub fn council(rule: &CouncilRules) -> Council {
    Council {
        isolation: rule.isolation,
        credentials_rejected: false,
        aid: 0.0,
        veto_cost: [0.0; 5],
        cease_fire_on: NEVER,
        membership_on: NEVER,
    }
}
