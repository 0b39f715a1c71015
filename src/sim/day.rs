//! The day: the one place where mechanisms meet the ECS.
//!
//! A mechanism is a file of plain functions over slices. Nine systems, one for each stretch of the day that works on the
//! same entities, look the slices up (in order of ids, see [`super::roster`]) and call the mechanisms in turn. One system
//! per mechanism would read the same, and spends a third of the day on looking things up (docs/performance.md).

use super::calendar::{self, LeverLog};
use super::force::fire::Morning;
use super::force::{fire, harm, ladder, salvo, supply, threat};
use super::given::Given;
use super::home::{economy, factions, nuclear};
use super::roster::{All, AllMut};
use super::state::{
    Agreement, Arsenal, Channel, Corridor, Council, Economy, Factions, Fire, Front, Host, Integration, Launches,
    Ledger, Mission, Pair, Path, Programme, Roadmap, SiteState, Standing, Strike, Territory, Threat,
};
use super::strategy::{answer, bases, initiative};
use super::talks::truce::Standings;
use super::talks::{council, integration, negotiation, path, peacekeeping, roadmap, truce};
use super::tally::Tally;
use crate::record::event::Journal;
use crate::record::probe::Probe;
use bevy::ecs::prelude::*;
use bevy::ecs::schedule::{IntoScheduleConfigs, LogLevel, Schedule, ScheduleBuildSettings, SingleThreadedExecutor};

/// The day, in order. Each phase reads what earlier phases left; inside a phase, decisions are taken from a frozen view.
///
/// A truce signed in phase 4 silences phase 7 of the same day; a violation in phase 7 can bring a truce down in phase 10.
#[must_use]
pub fn day<P: Probe>() -> Schedule {
    let mut schedule = Schedule::default();
    schedule.set_executor(SingleThreadedExecutor::new());
    // No system defers anything: strikes are spawned on the spot.
    schedule.set_apply_final_deferred(false);
    schedule.set_build_settings(ScheduleBuildSettings { ambiguity_detection: LogLevel::Error, ..Default::default() });
    let order = (
        turn_the_calendar, //  1 levers, dated events, administration, channels
        rise::<P>,         //  2 sanctions, oil, funding, corridor; production, resupply, air defence, shield
        //                          3 perceived threat; factions, patience, unrest
        hold_talks::<P>, //  4 UNIFIL, army, withdrawal; tables and signings; Council and Assembly; the roadmap;
        //                            exit and integration in Iraq; Gaza from truce to reconstruction
        decide::<P>, //  5 blows and preventive strikes; answers to unanswered harm; bases and their hosts
        salvo::resolve_strikes, //  6 launch, interception, hits
        exchange_fire::<P>, //  7 routine fire and violations; 8 its dead
        feel_harm,   //  8 ledgers, displacement, opinion, reputation
        settle::<P>, //  9 escalation levels; 10 spoilers and collapse; the nuclear file
        observe,     // 11 totals; the next day
    );
    schedule.add_systems(order.chain());
    schedule
}

fn turn_the_calendar(
    mut given: ResMut<Given>,
    mut log: ResMut<LeverLog>,
    mut journal: ResMut<Journal>,
    mut channels: AllMut<Channel>,
) {
    let Given { rules, levers, clock, .. } = &mut *given;
    calendar::turn(rules, levers, clock, &mut log, &mut channels.view(), &mut journal.0);
}

fn rise<P: Probe>(
    given: Res<Given>,
    mut probe: ResMut<P>,
    mut journal: ResMut<Journal>,
    world: (All<Front>, All<Agreement>, All<Ledger>, All<Pair>, All<Programme>),
    mut economies: AllMut<Economy>,
    mut corridors: AllMut<Corridor>,
    mut arsenals: AllMut<Arsenal>,
    mut threats: AllMut<Threat>,
    mut factions: AllMut<Factions>,
) {
    let Given { rules, levers, luck, clock } = &*given;
    let (journal, today) = (&mut journal.0, clock.day);
    let (fronts, agreements, ledgers) = (world.0.view(), world.1.view(), world.2.view());
    let (pairs, programmes) = (world.3.view(), world.4.view());
    let (mut economies, mut corridors, mut threats) = (economies.view(), corridors.view(), threats.view());
    economy::turn_over(rules, levers, &fronts, &agreements, &mut economies);
    economy::watch_corridors(rules, luck, today, &mut corridors, journal, &mut *probe);
    supply::restock(rules, levers, today, &threats, &pairs, &economies, &corridors, &mut arsenals.view());
    threat::perceive(rules, &programmes, &mut threats);
    let factions = &mut factions.view();
    factions::balance(rules, levers, today, &agreements, &economies, &ledgers, &pairs, factions, journal);
}

fn hold_talks<P: Probe>(
    given: Res<Given>,
    mut probe: ResMut<P>,
    mut journal: ResMut<Journal>,
    world: (All<Channel>, All<Standing>, All<Threat>, All<Fire>, All<Ledger>, All<Territory>),
    mut fronts: AllMut<Front>,
    mut agreements: AllMut<Agreement>,
    mut missions: AllMut<Mission>,
    mut processes: (AllMut<Council>, AllMut<Roadmap>, AllMut<Integration>, AllMut<Path>),
) {
    let Given { rules, levers, luck, clock } = &*given;
    let (journal, probe, today) = (&mut journal.0, &mut *probe, clock.day);
    let (channels, standings, threats) = (world.0.view(), world.1.view(), world.2.view());
    let (fires, ledgers, territories) = (world.3.view(), world.4.view(), world.5.view());
    let (mut fronts, mut agreements) = (fronts.view(), agreements.view());
    peacekeeping::move_in(rules, levers, today, &agreements, &mut missions.view());
    let scene = negotiation::Scene {
        rules,
        levers,
        today,
        channels: &channels,
        standings: &standings,
        threats: &threats,
        fires: &fires,
        ledgers: &ledgers,
        fronts: &fronts,
    };
    let mut signed = Vec::new();
    negotiation::hold_talks(&scene, luck, &mut agreements, &mut signed, probe);
    for table in signed {
        negotiation::sign(table, rules, levers, &mut agreements[table], &mut fronts, today, journal);
    }
    let mut councils = processes.0.view();
    council::sit(rules, levers, luck, today, &territories, &mut councils, journal, probe);
    roadmap::follow(rules, levers, luck, today, &agreements, &fires, &mut processes.1.view(), journal, probe);
    integration::integrate(rules, levers, today, &mut processes.2.view(), journal);
    let paths = &mut processes.3.view();
    path::walk(rules, levers, luck, today, &agreements, &fires, &councils, paths, journal, probe);
}

fn decide<P: Probe>(
    given: Res<Given>,
    mut probe: ResMut<P>,
    mut journal: ResMut<Journal>,
    mut launches: ResMut<Launches>,
    world: (All<Agreement>, All<Channel>, All<Front>, All<Arsenal>, All<Factions>, All<Threat>, All<Programme>),
    mut standings: AllMut<Standing>,
    mut ledgers: AllMut<Ledger>,
    mut pairs: AllMut<Pair>,
    mut hosts: AllMut<Host>,
) {
    let Given { rules, levers, luck, clock } = &*given;
    let (journal, probe, today) = (&mut journal.0, &mut *probe, clock.day);
    let decided = &mut launches.bypass_change_detection().decided;
    let (agreements, channels, arsenals) = (world.0.view(), world.1.view(), world.3.view());
    let (mut standings, mut ledgers) = (standings.view(), ledgers.view());
    let (mut pairs, mut hosts) = (pairs.view(), hosts.view());
    let scene = initiative::Scene {
        rules,
        levers,
        luck,
        clock: *clock,
        agreements: &agreements,
        channels: &channels,
        hosts: &hosts,
        arsenals: &arsenals,
        standings: &standings,
        threats: &world.5.view(),
        programmes: &world.6.view(),
    };
    initiative::initiate(&scene, decided, probe);
    // Nothing is owed and nobody is at war on most days.
    if answer::keep_accounts(rules, luck, today, &mut ledgers, &mut pairs, journal, probe) {
        let scene = answer::Scene {
            rules,
            levers,
            luck,
            today,
            agreements: &agreements,
            channels: &channels,
            hosts: &hosts,
            fronts: &world.2.view(),
            arsenals: &arsenals,
            factions: &world.4.view(),
        };
        answer::settle(&scene, &mut ledgers, &pairs, &mut standings, decided, probe);
    }
    bases::watch_hosts(rules, levers, luck, today, &ledgers, &pairs, &mut hosts, decided, journal, probe);
}

fn exchange_fire<P: Probe>(
    given: Res<Given>,
    mut probe: ResMut<P>,
    world: (All<Front>, All<Agreement>, All<Mission>, All<Economy>, All<Roadmap>, All<Integration>, All<Path>),
    mut arsenals: AllMut<Arsenal>,
    mut fires: AllMut<Fire>,
    mut memo: ResMut<Morning>,
) {
    let Given { rules, levers, luck, clock } = &*given;
    let (fronts, integrations, mut fires) = (world.0.view(), world.5.view(), fires.view());
    let scene = fire::Scene {
        rules,
        levers,
        luck,
        today: clock.day,
        fronts: &fronts,
        agreements: &world.1.view(),
        missions: &world.2.view(),
        economies: &world.3.view(),
        roadmaps: &world.4.view(),
        integrations: &integrations,
    };
    fire::fire_day(&scene, &mut arsenals.view(), &mut fires, &mut memo, &mut *probe);
    harm::toll(rules, levers, luck, clock.day, &fronts, &integrations, &world.6.view(), &mut fires);
}

fn feel_harm(
    given: Res<Given>,
    mut journal: ResMut<Journal>,
    read: (All<Strike>, All<Fire>, All<Agreement>),
    mut fronts: AllMut<Front>,
    mut ledgers: AllMut<Ledger>,
    mut threats: AllMut<Threat>,
    mut hit: (AllMut<Arsenal>, AllMut<Pair>, AllMut<SiteState>),
    mut territories: AllMut<Territory>,
    mut standings: AllMut<Standing>,
    launches: Res<Launches>,
) {
    let Given { rules, clock, luck, .. } = &*given;
    // Strikes stay entities until the next day that has some: only today's are felt.
    let strikes = read.0.view();
    let strikes: &[Strike] = if launches.flown == clock.day { &strikes } else { &[] };
    harm::feel(
        rules,
        luck,
        clock.day,
        strikes,
        &read.1.view(),
        &read.2.view(),
        &mut fronts.view(),
        &mut ledgers.view(),
        &mut threats.view(),
        (&mut hit.0.view(), &mut hit.1.view(), &mut hit.2.view()),
        &mut territories.view(),
        &mut standings.view(),
        &mut journal.0,
    );
}

fn settle<P: Probe>(
    given: Res<Given>,
    mut probe: ResMut<P>,
    mut journal: ResMut<Journal>,
    world: (All<Channel>, All<Arsenal>, All<Standing>, All<Ledger>, All<Pair>, All<Host>),
    seen: (All<Fire>, All<Path>, All<Economy>, All<Factions>, All<Threat>, All<SiteState>),
    mut missions: AllMut<Mission>,
    mut fronts: AllMut<Front>,
    mut agreements: AllMut<Agreement>,
    mut programmes: AllMut<Programme>,
    mut morning: ResMut<Standings>,
) {
    let Given { rules, levers, luck, clock } = &*given;
    let (journal, probe, today) = (&mut journal.0, &mut *probe, clock.day);
    let (arsenals, ledgers) = (world.1.view(), world.3.view());
    let (mut fronts, mut agreements) = (fronts.view(), agreements.view());
    let scene = ladder::Scene {
        rules,
        levers,
        luck,
        today,
        agreements: &agreements,
        channels: &world.0.view(),
        hosts: &world.5.view(),
        arsenals: &arsenals,
        standings: &world.2.view(),
        ledgers: &ledgers,
        pairs: &world.4.view(),
    };
    ladder::move_levels(&scene, &mut fronts, journal, probe);
    let (fires, paths) = (seen.0.view(), seen.1.view());
    let scene = truce::Scene { rules, levers, luck, today, fires: &fires, arsenals: &arsenals, paths: &paths };
    truce::test(&scene, &mut morning.0, &mut missions.view(), &mut fronts, &mut agreements, journal, probe);
    let world = nuclear::World {
        agreements: &agreements,
        economies: &seen.2.view(),
        factions: &seen.3.view(),
        threats: &seen.4.view(),
        arsenals: &arsenals,
        ledgers: &ledgers,
        sites: &seen.5.view(),
    };
    nuclear::enrich(rules, levers, luck, today, world, &mut programmes.view(), journal, probe);
}

fn observe(
    mut given: ResMut<Given>,
    journal: Res<Journal>,
    mut tally: ResMut<Tally>,
    fires: All<Fire>,
    fronts: All<Front>,
    pairs: All<Pair>,
) {
    let Given { rules, clock, .. } = &mut *given;
    tally.take(rules, clock.day, &journal.0, &fires.view(), &fronts.view(), &pairs.view());
    clock.day += 1;
}
