//! Reach: a lever leaves every series that it cannot reach bit for bit as it was. What it can reach is read off the
//! mechanisms' descriptors.

use detente_model::record::recorder::record;
use detente_model::record::series::columns;
use detente_model::scenario::raw::ActorKind;
use detente_model::sim::columns::Columns;
use detente_model::sim::mechanisms::{MECHANISMS, Node, nodes_of_series, reach};
use detente_model::sim::rules::Rules;
use detente_model::sim::world::{Fate, Simulation, Snapshot};
use detente_model::symbols::levers::{Kind, Lever, LeverChange};
use noisy_float::prelude::R64;
use std::collections::BTreeSet;

fn rules(overlay: &str) -> Rules {
    let text = format!("format = 1\nextends = \"november-2024\"\n{overlay}");
    Rules::new(&detente_model::scenario::load_text("test.toml", &text).unwrap_or_else(|e| panic!("{e}")))
}

fn far_value(lever: Lever) -> f64 {
    let row = lever.row();
    match row.kind {
        Kind::Choice(options) => {
            if row.default > 0.5 {
                0.0
            } else {
                options.len() as f64 - 1.0
            }
        }
        _ if row.default - row.low > row.high - row.default => row.low,
        _ => row.high,
    }
}

/// Series that differ between the run with a lever at another value from day 0 and the run without, over some seeds.
fn moved(rules: &Rules, lever: Lever, seeds: u64) -> BTreeSet<String> {
    let log = [LeverChange { day: 0, lever, value: R64::new(far_value(lever)) }];
    let mut moved = BTreeSet::new();
    for seed in 0..seeds {
        let fate = Fate { seed, future: 0, prior: false };
        let base = record(rules, fate, &[], 200, |_| true).expect("nobody stops it");
        let other = record(rules, fate, &log, 200, |_| true).expect("nobody stops it");
        for (a, b) in base.rows.iter().zip(&other.rows) {
            for ((x, y), column) in a.iter().zip(b).zip(&base.columns) {
                if x.to_bits() != y.to_bits() {
                    moved.insert(column.name.clone());
                }
            }
        }
    }
    moved
}

fn unreachable(rules: &Rules, lever: Lever) -> BTreeSet<String> {
    let reached: BTreeSet<Node> = reach(rules, lever);
    columns(rules)
        .into_iter()
        .map(|column| column.name)
        .filter(|name| nodes_of_series(rules, name).iter().all(|node| !reached.contains(node)))
        .collect()
}

#[test]
fn no_lever_moves_a_series_that_its_descriptors_do_not_reach() {
    let rules = rules("");
    for &lever in Lever::ALL {
        let (moved, unreachable) = (moved(&rules, lever, 3), unreachable(&rules, lever));
        let wrong: Vec<_> = moved.intersection(&unreachable).collect();
        assert!(wrong.is_empty(), "{} moves {wrong:?}", lever.id());
    }
}

/// The hand-written counterpart: with Gaza unlinked from Lebanon and no fire elsewhere quieted or stirred by Lebanon, the
/// Lebanese truce is an island, but for blows held back by truces and what follows from those.
#[test]
fn a_lever_on_the_lebanese_truce_stays_in_lebanon_when_lebanon_is_cut_off() {
    let rules = rules(
        "[tables.LEB]\nlinks = []\n[tables.GAZ]\nlinks = []\n\
         [streams.\"IRI>ISR\"]\noffspring.\"ISR>HZB\" = 0\nsolidarity.LEB = 0\n\
         [streams.\"ISR>SYR\"]\noffspring.\"HZB>ISR\" = 0\nsolidarity.LEB = 0\n\
         [initiatives.\"ISR>IRN\"]\nheld_back_by = []\n[initiatives.\"IRN>ISR\"]\nheld_back_by = []\n\
         [initiatives.\"HZB>ISR\"]\nheld_back_by = []\n",
    );
    let moved = moved(&rules, Lever::UnifilTroops, 12);
    for far in [
        "events.HOU>KSA",
        "events.KSA>HOU",
        "events.USA>HOU",
        "events.HOU>SHIPS",
        "events.HOU>ISR",
        "events.ISR>WBG",
        "events.WBG>ISR",
        "events.ISR>SYR",
        "events.IRI>ISR",
        "events.IRI>USA",
        "events.USA>IRI",
        "deaths.ISR>WBG",
        "level.YEM-RED",
        "level.WBK",
        "level.SYR",
        "level.KSA-HOU",
        "ledger.IRN|ISR",
        "ledger.ISR|IRN",
        "ledger.USA|IRI",
        "resolve.IRN",
        "interceptors.ISR",
        "displaced.GAZA",
        "killed.WBK",
    ] {
        assert!(!moved.contains(far), "{far} moved");
    }
    for near in ["events.ISR>HZB", "events.HZB>ISR", "peacekeepers.UNIFIL", "collapse_chance.LEB", "displaced.LBN"] {
        assert!(moved.contains(near), "{near} did not move");
    }
}

/// In the default scenario two streams hear of nothing: the dormant Saudi border.
#[test]
fn something_is_out_of_reach_by_default() {
    let rules = rules("");
    let unreachable = unreachable(&rules, Lever::UnifilTroops);
    assert!(unreachable.contains("events.KSA>HOU") || unreachable.contains("us_consent"), "{unreachable:?}");
}

/// One input, one day: what can have moved by the evening if mechanisms do what their descriptors say, each in its phase.
/// Far sparser than [`reach`], which follows links through all the days to come: a link that is missing has no way round.
fn in_a_day(rules: &Rules, from: Node, but: Option<&str>) -> BTreeSet<Node> {
    let mut by_phase: Vec<_> = MECHANISMS.iter().filter(|m| Some(m.id) != but).collect();
    by_phase.sort_by_key(|m| m.phase);
    let mut moved = BTreeSet::from([from]);
    for phase in by_phase.chunk_by(|a, b| a.phase == b.phase) {
        let mut links = Vec::new();
        for mechanism in phase {
            (mechanism.links)(rules, &mut |from, to| links.push((from, to)));
        }
        // Inside a phase they go in turn.
        while links.iter().any(|(from, to)| moved.contains(from) && moved.insert(*to)) {}
    }
    moved
}

/// Nudges one input in a morning's state; `false` where there is nothing to nudge.
fn nudge(morning: &mut Snapshot, rules: &Rules, node: Node) -> bool {
    let c = &mut morning.columns;
    match node {
        Node::Stream(i) => c.fires[i].excitation = c.fires[i].excitation * 1.5 + 1.0,
        Node::Front(i) if c.fronts[i].level > 1 => {
            c.fronts[i].level -= 1;
            c.fronts[i].war_level = c.fronts[i].level;
        }
        Node::Ledger(i) => {
            c.ledgers[i].blows = c.ledgers[i].blows * 1.5 + 0.3;
            c.ledgers[i].owed = true;
        }
        Node::Table(i) => {
            c.agreements[i].last_spoiler = morning.clock.day - 1;
            c.agreements[i].last_collapse = morning.clock.day - 1;
        }
        Node::Mission(i) => c.missions[i].national_troops *= 0.6,
        Node::Territory(i) => c.territories[i].killed += 500,
        Node::Resolve(i) => c.standings[i].resolve *= 0.8,
        Node::Opinion(i) => c.standings[i].opinion -= 0.2,
        Node::Arsenal(i) => {
            let a = &mut c.arsenals[i];
            (a.air_defence, a.munitions) = (a.air_defence * 0.8, a.munitions * 0.8);
            // Leadership is lost by groups whom somebody strikes.
            let is_group = rules.actors[i].kind == ActorKind::Group;
            if is_group
                && rules.initiatives.iter().any(|initiative| initiative.victims.iter().any(|(victim, _)| *victim == i))
            {
                a.decapitation += 0.1;
            }
        }
        Node::Threat(i) => c.threats[i].recent_harm += 1.0,
        Node::Host(i) => c.hosts[i].warned_on = morning.clock.day - 1,
        Node::Economy(i) => {
            c.economies[i].oil *= 0.8;
            c.economies[i].sanctions += 0.2;
        }
        Node::Corridor(i) => c.corridors[i].lost_on = morning.clock.day - 1,
        Node::Factions(i) => c.factions[i].reformists *= 0.7,
        Node::Programme(i) => {
            c.programmes[i].access *= 0.5;
            c.programmes[i].stock *= 0.2;
        }
        Node::Roadmap(i) => c.roadmaps[i].phases += 2.0,
        Node::Integration(i) => c.integrations[i].share += 0.1,
        Node::Incorporation(i) => c.incorporations[i].share += 0.2,
        Node::Council(i) => c.councils[i].isolation -= 0.2,
        Node::Path(i) => c.paths[i].aid += 100.0,
        Node::Pair(i) => c.pairs[i].war = !c.pairs[i].war,
        _ => return false,
    }
    true
}

/// What differs between two evenings.
fn differing(a: &Columns, b: &Columns) -> BTreeSet<Node> {
    let mut nodes = BTreeSet::new();
    fn compare<T: PartialEq>(a: &[T], b: &[T], node: fn(usize) -> Node, nodes: &mut BTreeSet<Node>) {
        nodes.extend(a.iter().zip(b).enumerate().filter(|(_, (x, y))| x != y).map(|(i, _)| node(i)));
    }
    let fire = |c: &Columns| -> Vec<_> { c.fires.iter().map(|f| (f.excitation, f.mean, f.events)).collect() };
    let dead = |c: &Columns| -> Vec<_> { c.fires.iter().map(|f| f.deaths).collect() };
    let resolve = |c: &Columns| -> Vec<_> { c.standings.iter().map(|s| s.resolve).collect() };
    let opinion = |c: &Columns| -> Vec<_> { c.standings.iter().map(|s| s.opinion).collect() };
    compare(&fire(a), &fire(b), Node::Stream, &mut nodes);
    compare(&dead(a), &dead(b), Node::Deaths, &mut nodes);
    compare(&resolve(a), &resolve(b), Node::Resolve, &mut nodes);
    compare(&opinion(a), &opinion(b), Node::Opinion, &mut nodes);
    compare(&a.fronts, &b.fronts, Node::Front, &mut nodes);
    compare(&a.ledgers, &b.ledgers, Node::Ledger, &mut nodes);
    compare(&a.pairs, &b.pairs, Node::Pair, &mut nodes);
    compare(&a.agreements, &b.agreements, Node::Table, &mut nodes);
    compare(&a.channels, &b.channels, Node::Channel, &mut nodes);
    compare(&a.missions, &b.missions, Node::Mission, &mut nodes);
    compare(&a.territories, &b.territories, Node::Territory, &mut nodes);
    compare(&a.arsenals, &b.arsenals, Node::Arsenal, &mut nodes);
    compare(&a.threats, &b.threats, Node::Threat, &mut nodes);
    compare(&a.hosts, &b.hosts, Node::Host, &mut nodes);
    compare(&a.economies, &b.economies, Node::Economy, &mut nodes);
    compare(&a.corridors, &b.corridors, Node::Corridor, &mut nodes);
    compare(&a.factions, &b.factions, Node::Factions, &mut nodes);
    compare(&a.programmes, &b.programmes, Node::Programme, &mut nodes);
    compare(&a.roadmaps, &b.roadmaps, Node::Roadmap, &mut nodes);
    compare(&a.integrations, &b.integrations, Node::Integration, &mut nodes);
    compare(&a.councils, &b.councils, Node::Council, &mut nodes);
    compare(&a.paths, &b.paths, Node::Path, &mut nodes);
    compare(&a.incorporations, &b.incorporations, Node::Incorporation, &mut nodes);
    nodes
}

/// Every input there is.
fn inputs(rules: &Rules, c: &Columns) -> Vec<Node> {
    let of = |n: usize, node: fn(usize) -> Node| (0..n).map(node);
    of(c.fires.len(), Node::Stream)
        .chain(of(c.fronts.len(), Node::Front))
        .chain(of(c.ledgers.len(), Node::Ledger))
        .chain(of(c.pairs.len(), Node::Pair))
        .chain(of(c.agreements.len(), Node::Table))
        .chain(of(c.missions.len(), Node::Mission))
        .chain(of(c.territories.len(), Node::Territory))
        .chain(of(rules.actors.len(), Node::Resolve))
        .chain(of(rules.actors.len(), Node::Opinion))
        .chain(of(rules.actors.len(), Node::Arsenal))
        .chain(of(c.threats.len(), Node::Threat))
        .chain(of(c.hosts.len(), Node::Host))
        .chain(of(c.economies.len(), Node::Economy))
        .chain(of(c.corridors.len(), Node::Corridor))
        .chain(of(c.factions.len(), Node::Factions))
        .chain(of(c.programmes.len(), Node::Programme))
        .chain(of(c.roadmaps.len(), Node::Roadmap))
        .chain(of(c.integrations.len(), Node::Integration))
        .chain(of(c.councils.len(), Node::Council))
        .chain(of(c.paths.len(), Node::Path))
        .chain(of(c.incorporations.len(), Node::Incorporation))
        .collect()
}

/// One input nudged in the morning: by the evening nothing has moved that no mechanism's links lead to in a day. The test can
/// fail: with the links of any of eight mechanisms left out, it does.
#[test]
fn one_input_moves_in_a_day_only_what_is_linked_to_it() {
    let rules = rules(
        "[parameters]\nincorporation_process = 0.05\nincorporation_legitimacy = 0.05\nincorporation_exit = 0.02\n\
         incorporation_struck = 0.01\nincorporation_breach = 0.01\nincorporation_fire = 1\nincorporation_control = 1\n\
         incorporation_spoiler = 1\nincorporation_trust = 1\nspoiler_funding = 1\nroadmap_consent = 1\nactivity_fire = 1\n\
         activity_return = 1\nballot_benefit = 0.3\n\
         [tables.GAZ]\neta = 0.5\nh0 = { value = 0.02, high = 0.1 }\n[tables.LEB]\neta = 0.5\nh0 = { value = 0.02, high = 0.1 }\n\
         [tables.EXC]\neta = 0.5\n[levers]\niran.suspend_muscat = \"off\"\nsaudi.sign_roadmap = 2024-11-20\nstates.incorporation = 1\n\
         [initiatives.\"ISR>IRN\"]\nblow_rate = { value = 0.06, high = 0.1 }\npreventive_rate = { value = 0.02, high = 0.02 }\n",
    );
    let mut simulation: Simulation = Simulation::new(&rules, Fate { seed: 0, future: 0, prior: false }, Vec::new());
    let mut met: BTreeSet<(Node, Node)> = BTreeSet::new();
    for seed in 0..8 {
        let fate = Fate { seed, future: 0, prior: false };
        for day in [3, 19, 40, 61, 90, 125, 160, 200] {
            simulation.begin(fate, Vec::new());
            simulation.run(day);
            let morning = simulation.snapshot();
            simulation.step();
            let plain = simulation.snapshot().columns;
            for node in inputs(&rules, &morning.columns) {
                let mut other = morning.clone();
                if !nudge(&mut other, &rules, node) {
                    continue;
                }
                simulation.restore(&other, fate, Vec::new());
                simulation.step();
                met.extend(differing(&plain, &simulation.snapshot().columns).into_iter().map(|to| (node, to)));
            }
        }
    }
    let amiss = |but: Option<&str>| -> Vec<(Node, Node)> {
        let froms: BTreeSet<Node> = met.iter().map(|(from, _)| *from).collect();
        let linked = froms.into_iter().map(|from| (from, in_a_day(&rules, from, but)));
        let linked: std::collections::BTreeMap<Node, BTreeSet<Node>> = linked.collect();
        met.iter().filter(|(from, to)| !linked[from].contains(to)).copied().collect()
    };
    let wrong = amiss(None);
    assert!(wrong.is_empty(), "moved without a link: {wrong:?}");
    let missed: Vec<&str> = MECHANISMS.iter().map(|m| m.id).filter(|id| amiss(Some(id)).is_empty()).collect();
    println!("{} pairs of input and output; not needed: {missed:?}", met.len());
    assert!(met.len() > 300 && MECHANISMS.len() - missed.len() >= 8, "{} pairs, {missed:?}", met.len());
}
