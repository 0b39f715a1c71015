//! The day: one text, whoever runs it.
//!
//! A mechanism is a file of plain functions over slices. The morning decides, strikes fly, the evening counts; each of the three
//! calls the mechanisms in turn, over [`Slices`] that a world of the ECS ([`super::world`]) or plain vectors
//! ([`super::course`]) hand it. Each phase reads what earlier phases left; inside a phase, decisions are taken from a frozen
//! view.
//!
//! A truce signed in phase 4 silences phase 7 of the same day; a violation in phase 7 can bring a truce down in phase 10.

use super::calendar::{self, LeverLog};
use super::columns::Slices;
use super::event::Event;
use super::force::{fire, harm, ladder, salvo, supply, threat};
use super::given::Given;
use super::home::{economy, factions, nuclear};
use super::probe::Probe;
use super::state::{Arsenal, Strike};
use super::strategy::{answer, bases, initiative, restraint};
use super::talks::{council, forum, incorporation, integration, negotiation, path, peacekeeping, roadmap, truce};
use super::tally::Tally;

/// Phases 1 to 5: from the calendar to the strikes decided.
#[inline]
pub fn decide<P: Probe>(
    given: &mut Given,
    log: &mut LeverLog,
    c: &mut Slices<'_>,
    decided: &mut Vec<Strike>,
    journal: &mut Vec<Event>,
    probe: &mut P,
) {
    // 1 Levers, dated events, administration, channels.
    probe.phase("calendar");
    let Given { rules, levers: in_force, luck, clock } = given;
    calendar::turn(rules, in_force, clock, log, c.channels, journal);
    let (rules, levers, luck, today) = (&*rules, &*in_force, &*luck, clock.day);

    // 2 Sanctions, oil, funding, corridor; production, resupply, air defence, shield.
    probe.phase("economy");
    economy::turn_over(rules, levers, c.fronts, c.agreements, c.economies);
    economy::watch_corridors(rules, luck, today, c.corridors, journal, probe);
    probe.phase("supply");
    supply::restock(rules, levers, today, c.threats, c.pairs, c.economies, c.corridors, c.councils, c.arsenals);

    // 3 Perceived threat; factions, patience, unrest.
    probe.phase("threat");
    threat::perceive(rules, c.programmes, c.threats);
    probe.phase("factions");
    factions::balance(rules, levers, today, c.agreements, c.economies, c.ledgers, c.pairs, c.factions, journal);

    // 4 UNIFIL, army, withdrawal; tables and signings; Council and Assembly; the roadmap; Iraq; Gaza.
    probe.phase("peacekeeping");
    negotiation::redraw(rules, levers, luck, today, c.agreements, c.fronts, journal);
    peacekeeping::move_in(rules, levers, today, c.agreements, c.fronts, c.missions);
    probe.phase("negotiation");
    let scene = negotiation::Scene {
        rules,
        levers,
        today,
        channels: c.channels,
        standings: c.standings,
        threats: c.threats,
        fires: c.fires,
        ledgers: c.ledgers,
        fronts: c.fronts,
        councils: c.councils,
        programmes: c.programmes,
        paths: c.paths,
        incorporations: c.incorporations,
    };
    let mut signed = Vec::new();
    negotiation::hold_talks(&scene, luck, c.agreements, &mut signed, probe);
    for signing in &signed {
        negotiation::sign(signing.table, rules, levers, c.agreements, c.fires, c.fronts, today, journal);
    }
    for package in signed.iter().filter_map(|signing| signing.package) {
        package.settle(in_force, today, journal);
    }
    let levers = &*in_force;
    probe.phase("council");
    council::sit(rules, levers, luck, today, c.territories, c.councils, c.standings, journal, probe);
    probe.phase("roadmap");
    roadmap::follow(rules, levers, luck, today, c.agreements, c.channels, c.fires, c.roadmaps, journal, probe);
    probe.phase("integration");
    integration::integrate(rules, levers, today, c.threats, c.integrations, journal);
    probe.phase("path");
    path::walk(
        rules,
        levers,
        luck,
        today,
        c.agreements,
        c.fires,
        c.fronts,
        c.councils,
        c.territories,
        c.paths,
        journal,
        probe,
    );
    probe.phase("incorporation");
    incorporation::incorporate(
        rules,
        levers,
        c.agreements,
        c.roadmaps,
        c.integrations,
        c.paths,
        c.threats,
        c.incorporations,
    );

    // 5 Blows and preventive strikes; answers to unanswered harm; bases and their hosts.
    probe.phase("initiative");
    let scene = initiative::Scene {
        rules,
        levers,
        luck,
        clock: *clock,
        agreements: c.agreements,
        channels: c.channels,
        hosts: c.hosts,
        arsenals: c.arsenals,
        standings: c.standings,
        threats: c.threats,
        programmes: c.programmes,
        ledgers: c.ledgers,
    };
    initiative::initiate(&scene, decided, probe);
    probe.phase("answer");
    // Nothing is owed and nobody is at war on most days.
    if answer::keep_accounts(rules, luck, today, c.agreements, c.ledgers, c.pairs, journal, probe) {
        let scene = answer::Scene {
            rules,
            levers,
            luck,
            today,
            agreements: c.agreements,
            channels: c.channels,
            hosts: c.hosts,
            fronts: c.fronts,
            arsenals: c.arsenals,
            factions: c.factions,
        };
        restraint::settle_debts(&scene, c.pairs, c.ledgers, c.standings, journal, probe);
        answer::settle(&scene, c.ledgers, c.pairs, c.standings, decided, journal, probe);
    }
    restraint::fade(rules, decided, c.ledgers);
    probe.phase("bases");
    bases::watch_hosts(
        rules,
        levers,
        luck,
        today,
        c.ledgers,
        c.pairs,
        c.fronts,
        c.integrations,
        c.hosts,
        decided,
        journal,
        probe,
    );
}

/// Phase 6: today's strikes, in the order of decision: launch, interception, hits.
#[inline]
pub fn fly(given: &Given, arsenals: &mut [Arsenal], decided: &mut [Strike]) {
    let Given { rules, luck, clock, .. } = given;
    for strike in decided {
        salvo::resolve(strike, rules, luck, clock.day, arsenals);
    }
}

/// What phases freeze before they write. Nothing outlives the day here.
#[derive(Clone, Debug, Default)]
pub struct Memo {
    fire: fire::Morning,
    agreements: truce::Standings,
}

/// Phases 7 to 11: from the day's fire to its totals. `flown` are today's strikes.
#[inline]
pub fn count<P: Probe>(
    given: &mut Given,
    memo: &mut Memo,
    c: &mut Slices<'_>,
    flown: &[Strike],
    journal: &mut Vec<Event>,
    tally: &mut Tally,
    probe: &mut P,
) {
    let Given { rules, levers, luck, clock } = given;
    let (rules, levers, luck, today) = (&*rules, &*levers, &*luck, clock.day);

    // 7 Routine fire and violations; 8 its dead.
    probe.phase("fire");
    let scene = fire::Scene {
        rules,
        levers,
        luck,
        today,
        fronts: c.fronts,
        agreements: c.agreements,
        missions: c.missions,
        economies: c.economies,
        roadmaps: c.roadmaps,
        integrations: c.integrations,
        incorporations: c.incorporations,
        paths: c.paths,
    };
    fire::fire_day(&scene, c.arsenals, c.fires, &mut memo.fire, probe);
    probe.phase("harm: deaths");
    harm::toll(rules, levers, luck, today, c.fronts, c.integrations, c.paths, c.fires);

    // 8 Ledgers, displacement, opinion, reputation; a forum of those who fear.
    probe.phase("harm: felt");
    bases::hold_against(rules, flown, c.hosts);
    harm::feel(
        rules,
        levers,
        luck,
        today,
        flown,
        c.fires,
        c.agreements,
        c.paths,
        c.fronts,
        c.ledgers,
        c.threats,
        (c.arsenals, c.pairs, c.sites),
        c.territories,
        c.standings,
        journal,
    );
    forum::meet(rules, levers, c.hosts, flown, c.programmes, c.threats);

    // 9 Escalation levels.
    probe.phase("ladder");
    let scene = ladder::Scene {
        rules,
        levers,
        luck,
        today,
        agreements: c.agreements,
        channels: c.channels,
        hosts: c.hosts,
        arsenals: c.arsenals,
        standings: c.standings,
        ledgers: c.ledgers,
        pairs: c.pairs,
        fires: c.fires,
    };
    ladder::move_levels(&scene, c.fronts, journal, probe);

    // 10 Spoilers and collapse; the nuclear file.
    probe.phase("truce");
    let scene = truce::Scene {
        rules,
        levers,
        luck,
        today,
        fires: c.fires,
        arsenals: c.arsenals,
        paths: c.paths,
        economies: c.economies,
        incorporations: c.incorporations,
    };
    truce::test(&scene, &mut memo.agreements.0, c.missions, c.fronts, c.agreements, journal, probe);
    probe.phase("nuclear");
    let seen = nuclear::World {
        agreements: c.agreements,
        economies: c.economies,
        factions: c.factions,
        threats: c.threats,
        arsenals: c.arsenals,
        ledgers: c.ledgers,
        sites: c.sites,
    };
    nuclear::enrich(rules, levers, luck, today, seen, c.programmes, journal, probe);

    // 11 Totals; the next day.
    probe.phase("tally");
    tally.take(rules, today, journal, c.fires, c.fronts, c.pairs);
    clock.day += 1;
}
