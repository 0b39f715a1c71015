//! The day: the one place where mechanisms meet the ECS.
//!
//! A mechanism is a file of plain functions over slices. Three systems look the slices up (in order of ids, see
//! [`super::roster`]) and call the mechanisms in turn: the morning decides, strikes fly, the evening counts. One system per
//! mechanism would read the same, and spent half of the day on looking things up (docs/performance.md).

use super::calendar::{self, LeverLog};
use super::force::fire::Morning as Heat;
use super::force::{fire, harm, ladder, salvo, supply, threat};
use super::given::Given;
use super::home::{economy, factions, nuclear};
use super::roster::{All, AllMut};
use super::state::{
    Agreement, Arsenal, Channel, Corridor, Council, Economy, Factions, Fire, Front, Host, Incorporation, Integration,
    Launches, Ledger, Mission, Pair, Path, Programme, Roadmap, SiteState, Standing, Strike, Territory, Threat,
};
use super::strategy::{answer, bases, initiative, restraint};
use super::talks::truce::Standings;
use super::talks::{council, forum, incorporation, integration, negotiation, path, peacekeeping, roadmap, truce};
use super::tally::Tally;
use crate::record::event::Journal;
use crate::record::probe::Probe;
use bevy::ecs::prelude::*;
use bevy::ecs::schedule::{IntoScheduleConfigs, LogLevel, Schedule, ScheduleBuildSettings, SingleThreadedExecutor};
use bevy::ecs::system::SystemParam;

/// The day, in order. Each phase reads what earlier phases left; inside a phase, decisions are taken from a frozen view.
///
/// A truce signed in phase 4 silences phase 7 of the same day; a violation in phase 7 can bring a truce down in phase 10.
#[must_use]
pub fn day<P: Probe>() -> Schedule {
    let mut schedule = Schedule::default();
    schedule.set_executor(SingleThreadedExecutor::new());
    // No system defers anything: strikes are spawned on the spot.
    schedule.set_apply_final_deferred(false);
    schedule.set_build_settings(total_order());
    let order = (
        decide::<P>,            // phases 1 to 5
        salvo::resolve_strikes, // phase 6: launch, interception, hits
        count::<P>,             // phases 7 to 11
    );
    schedule.add_systems(order.chain());
    schedule
}

/// Two systems that meet in some data and have no order are an error.
fn total_order() -> ScheduleBuildSettings {
    ScheduleBuildSettings { ambiguity_detection: LogLevel::Error, ..Default::default() }
}

/// What the morning works on.
#[derive(SystemParam)]
struct Morning<'w, 's> {
    channels: AllMut<'w, 's, Channel>,
    fronts: AllMut<'w, 's, Front>,
    agreements: AllMut<'w, 's, Agreement>,
    missions: AllMut<'w, 's, Mission>,
    economies: AllMut<'w, 's, Economy>,
    corridors: AllMut<'w, 's, Corridor>,
    arsenals: AllMut<'w, 's, Arsenal>,
    threats: AllMut<'w, 's, Threat>,
    factions: AllMut<'w, 's, Factions>,
    standings: AllMut<'w, 's, Standing>,
    ledgers: AllMut<'w, 's, Ledger>,
    pairs: AllMut<'w, 's, Pair>,
    hosts: AllMut<'w, 's, Host>,
    councils: AllMut<'w, 's, Council>,
    roadmaps: AllMut<'w, 's, Roadmap>,
    integrations: AllMut<'w, 's, Integration>,
    paths: AllMut<'w, 's, Path>,
    incorporations: AllMut<'w, 's, Incorporation>,
    programmes: All<'w, 's, Programme>,
    fires: All<'w, 's, Fire>,
    territories: All<'w, 's, Territory>,
}

/// Phases 1 to 5: from the calendar to the strikes decided.
fn decide<P: Probe>(
    mut given: ResMut<Given>,
    mut log: ResMut<LeverLog>,
    mut probe: ResMut<P>,
    mut journal: ResMut<Journal>,
    mut launches: ResMut<Launches>,
    mut world: Morning<'_, '_>,
) {
    let (journal, probe) = (&mut journal.0, &mut *probe);
    let decided = &mut launches.bypass_change_detection().decided;
    let (mut channels, mut fronts, mut agreements) =
        (world.channels.view(), world.fronts.view(), world.agreements.view());
    let (mut economies, mut corridors) = (world.economies.view(), world.corridors.view());
    let (mut arsenals, mut threats, mut factions) =
        (world.arsenals.view(), world.threats.view(), world.factions.view());
    let (mut standings, mut ledgers, mut pairs) = (world.standings.view(), world.ledgers.view(), world.pairs.view());
    let (mut hosts, mut councils) = (world.hosts.view(), world.councils.view());
    let (programmes, fires) = (world.programmes.view(), world.fires.view());

    // 1 Levers, dated events, administration, channels.
    let Given { rules, levers: in_force, luck, clock } = given.bypass_change_detection();
    calendar::turn(rules, in_force, clock, &mut log, &mut channels, journal);
    let (rules, levers, luck, today) = (&*rules, &*in_force, &*luck, clock.day);

    // 2 Sanctions, oil, funding, corridor; production, resupply, air defence, shield.
    economy::turn_over(rules, levers, &fronts, &agreements, &mut economies);
    economy::watch_corridors(rules, luck, today, &mut corridors, journal, probe);
    supply::restock(rules, levers, today, &threats, &pairs, &economies, &corridors, &councils, &mut arsenals);

    // 3 Perceived threat; factions, patience, unrest.
    threat::perceive(rules, &programmes, &mut threats);
    factions::balance(rules, levers, today, &agreements, &economies, &ledgers, &pairs, &mut factions, journal);

    // 4 UNIFIL, army, withdrawal; tables and signings; Council and Assembly; the roadmap; Iraq; Gaza.
    let (paths, groups) = (&mut world.paths.view(), &mut world.incorporations.view());
    negotiation::redraw(rules, levers, luck, today, &agreements, &mut fronts, journal);
    peacekeeping::move_in(rules, levers, today, &agreements, &fronts, &mut world.missions.view());
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
        councils: &councils,
        programmes: &programmes,
        paths,
        incorporations: groups,
    };
    let mut signed = Vec::new();
    negotiation::hold_talks(&scene, luck, &mut agreements, &mut signed, probe);
    for signing in &signed {
        negotiation::sign(signing.table, rules, levers, &mut agreements, &fires, &mut fronts, today, journal);
    }
    for package in signed.iter().filter_map(|signing| signing.package) {
        package.settle(in_force, today, journal);
    }
    let levers = &*in_force;
    let territories = &world.territories.view();
    council::sit(rules, levers, luck, today, territories, &mut councils, &mut standings, journal, probe);
    let (roadmaps, mut integrations) = (&mut world.roadmaps.view(), world.integrations.view());
    roadmap::follow(rules, levers, luck, today, &agreements, &channels, &fires, roadmaps, journal, probe);
    integration::integrate(rules, levers, today, &threats, &mut integrations, journal);
    path::walk(rules, levers, luck, today, &agreements, &fires, &fronts, &councils, territories, paths, journal, probe);
    incorporation::incorporate(rules, levers, &agreements, roadmaps, &integrations, paths, &threats, groups);

    // 5 Blows and preventive strikes; answers to unanswered harm; bases and their hosts.
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
        threats: &threats,
        programmes: &programmes,
        ledgers: &ledgers,
    };
    initiative::initiate(&scene, decided, probe);
    // Nothing is owed and nobody is at war on most days.
    if answer::keep_accounts(rules, luck, today, &agreements, &mut ledgers, &mut pairs, journal, probe) {
        let scene = answer::Scene {
            rules,
            levers,
            luck,
            today,
            agreements: &agreements,
            channels: &channels,
            hosts: &hosts,
            fronts: &fronts,
            arsenals: &arsenals,
            factions: &factions,
        };
        restraint::settle_debts(&scene, &pairs, &mut ledgers, &mut standings, journal, probe);
        answer::settle(&scene, &mut ledgers, &mut pairs, &mut standings, decided, journal, probe);
    }
    restraint::fade(rules, decided, &mut ledgers);
    let (hosts, integrations) = (&mut hosts, &integrations);
    bases::watch_hosts(
        rules,
        levers,
        luck,
        today,
        &ledgers,
        &pairs,
        &fronts,
        integrations,
        hosts,
        decided,
        journal,
        probe,
    );
}

/// What the evening works on.
#[derive(SystemParam)]
struct Evening<'w, 's> {
    fires: AllMut<'w, 's, Fire>,
    fronts: AllMut<'w, 's, Front>,
    agreements: AllMut<'w, 's, Agreement>,
    missions: AllMut<'w, 's, Mission>,
    arsenals: AllMut<'w, 's, Arsenal>,
    threats: AllMut<'w, 's, Threat>,
    standings: AllMut<'w, 's, Standing>,
    ledgers: AllMut<'w, 's, Ledger>,
    pairs: AllMut<'w, 's, Pair>,
    sites: AllMut<'w, 's, SiteState>,
    territories: AllMut<'w, 's, Territory>,
    programmes: AllMut<'w, 's, Programme>,
    strikes: All<'w, 's, Strike>,
    channels: All<'w, 's, Channel>,
    hosts: AllMut<'w, 's, Host>,
    economies: All<'w, 's, Economy>,
    factions: All<'w, 's, Factions>,
    roadmaps: All<'w, 's, Roadmap>,
    integrations: All<'w, 's, Integration>,
    paths: All<'w, 's, Path>,
    incorporations: All<'w, 's, Incorporation>,
}

/// Phases 7 to 11: from the day's fire to its totals.
fn count<P: Probe>(
    mut given: ResMut<Given>,
    mut probe: ResMut<P>,
    mut journal: ResMut<Journal>,
    mut tally: ResMut<Tally>,
    launches: Res<Launches>,
    mut memo: (ResMut<Heat>, ResMut<Standings>),
    mut world: Evening<'_, '_>,
) {
    let Given { rules, levers, luck, clock } = given.bypass_change_detection();
    let (rules, levers, luck, today) = (&*rules, &*levers, &*luck, clock.day);
    let (journal, probe) = (&mut journal.0, &mut *probe);
    let (mut fires, mut fronts, mut agreements) = (world.fires.view(), world.fronts.view(), world.agreements.view());
    let (mut missions, mut arsenals, mut threats) =
        (world.missions.view(), world.arsenals.view(), world.threats.view());
    let (mut standings, mut ledgers, mut pairs) = (world.standings.view(), world.ledgers.view(), world.pairs.view());
    let (mut sites, economies) = (world.sites.view(), world.economies.view());
    let (mut hosts, mut programmes) = (world.hosts.view(), world.programmes.view());
    let (integrations, paths) = (world.integrations.view(), world.paths.view());
    let incorporations = world.incorporations.view();

    // 7 Routine fire and violations; 8 its dead.
    let scene = fire::Scene {
        rules,
        levers,
        luck,
        today,
        fronts: &fronts,
        agreements: &agreements,
        missions: &missions,
        economies: &economies,
        roadmaps: &world.roadmaps.view(),
        integrations: &integrations,
        incorporations: &incorporations,
        paths: &paths,
    };
    fire::fire_day(&scene, &mut arsenals, &mut fires, &mut memo.0, probe);
    harm::toll(rules, levers, luck, today, &fronts, &integrations, &paths, &mut fires);

    // 8 Ledgers, displacement, opinion, reputation. Strikes stay entities until the next day that has some: only today's are
    // felt.
    let strikes = world.strikes.view();
    let flown: &[_] = if launches.flown == today { &strikes } else { &[] };
    bases::hold_against(rules, flown, &mut hosts);
    harm::feel(
        rules,
        levers,
        luck,
        today,
        flown,
        &fires,
        &agreements,
        &paths,
        &mut fronts,
        &mut ledgers,
        &mut threats,
        (&mut arsenals, &mut pairs, &mut sites),
        &mut world.territories.view(),
        &mut standings,
        journal,
    );
    forum::meet(rules, levers, &hosts, flown, &mut programmes, &mut threats);

    // 9 Escalation levels.
    let scene = ladder::Scene {
        rules,
        levers,
        luck,
        today,
        agreements: &agreements,
        channels: &world.channels.view(),
        hosts: &hosts,
        arsenals: &arsenals,
        standings: &standings,
        ledgers: &ledgers,
        pairs: &pairs,
        fires: &fires,
    };
    ladder::move_levels(&scene, &mut fronts, journal, probe);

    // 10 Spoilers and collapse; the nuclear file.
    let scene = truce::Scene {
        rules,
        levers,
        luck,
        today,
        fires: &fires,
        arsenals: &arsenals,
        paths: &paths,
        economies: &economies,
        incorporations: &incorporations,
    };
    truce::test(&scene, &mut memo.1.0, &mut missions, &mut fronts, &mut agreements, journal, probe);
    let seen = nuclear::World {
        agreements: &agreements,
        economies: &economies,
        factions: &world.factions.view(),
        threats: &threats,
        arsenals: &arsenals,
        ledgers: &ledgers,
        sites: &sites,
    };
    nuclear::enrich(rules, levers, luck, today, seen, &mut programmes, journal, probe);

    // 11 Totals; the next day.
    tally.take(rules, today, journal, &fires, &fronts, &pairs);
    clock.day += 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Resource, Default)]
    struct Shared(u32);

    fn add(mut shared: ResMut<Shared>) {
        shared.0 += 1;
    }

    fn double(mut shared: ResMut<Shared>) {
        shared.0 *= 2;
    }

    /// The settings of the day refuse what has no order, so the day, which is built under them, has a total one.
    #[test]
    fn two_systems_that_meet_without_an_order_are_refused() {
        let build = |ordered: bool| {
            let mut world = World::new();
            world.init_resource::<Shared>();
            let mut schedule = Schedule::default();
            schedule.set_build_settings(total_order());
            if ordered {
                schedule.add_systems((add, double).chain())
            } else {
                schedule.add_systems((add, double))
            };
            schedule.initialize(&mut world).map(|_| ())
        };
        assert!(build(true).is_ok());
        assert!(build(false).is_err());
    }
}
