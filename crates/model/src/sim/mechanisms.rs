//! What each mechanism reads, writes and obeys: one descriptor per file, which stands in that file with its links.
//!
//! The tables of the model document are made from these descriptors, tests hold them against the source, and
//! [`reach`] follows their links to say which series a lever can move at all.

pub use super::mechanism::{Links, Mechanism, Node};
use super::rules::Rules;
use super::{calendar, force, home, strategy, talks};
use crate::symbols::levers::Lever;
use std::collections::BTreeSet;

/// Every mechanism, in the order of the day.
pub const MECHANISMS: &[Mechanism] = &[
    calendar::MECHANISM,
    home::economy::MECHANISM,
    force::supply::MECHANISM,
    force::threat::MECHANISM,
    home::factions::MECHANISM,
    talks::peacekeeping::MECHANISM,
    talks::negotiation::MECHANISM,
    talks::packages::MECHANISM,
    talks::council::MECHANISM,
    talks::texts::MECHANISM,
    talks::roadmap::MECHANISM,
    talks::integration::MECHANISM,
    talks::path::MECHANISM,
    talks::ballot::MECHANISM,
    talks::incorporation::MECHANISM,
    strategy::initiative::MECHANISM,
    strategy::answer::MECHANISM,
    strategy::restraint::MECHANISM,
    strategy::caution::MECHANISM,
    strategy::fear::MECHANISM,
    strategy::bases::MECHANISM,
    force::target::MECHANISM,
    force::salvo::MECHANISM,
    force::fire::MECHANISM,
    talks::spread::MECHANISM,
    force::harm::MECHANISM,
    talks::forum::MECHANISM,
    force::ladder::MECHANISM,
    talks::truce::MECHANISM,
    home::nuclear::MECHANISM,
];

/// Everything a lever can move in these rules, directly or through other mechanisms, on any later day.
#[must_use]
pub fn reach(rules: &Rules, lever: Lever) -> BTreeSet<Node> {
    let mut links: Vec<(Node, Node)> = Vec::new();
    for mechanism in MECHANISMS {
        (mechanism.links)(rules, &mut |from, to| links.push((from, to)));
    }
    let mut reached = BTreeSet::from([Node::Lever(lever)]);
    loop {
        let before = reached.len();
        for (from, to) in &links {
            if reached.contains(from) {
                reached.insert(*to);
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}

/// The state that a series shows; a lever that reaches none of it cannot move the series.
#[must_use]
pub fn nodes_of_series(rules: &Rules, name: &str) -> Vec<Node> {
    let (kind, id) = name.split_once('.').unwrap_or((name, ""));
    let find = |list: Vec<&str>| list.iter().position(|text| *text == id);
    let actor = || rules.actor(id);
    let node = |position: Option<usize>, make: fn(usize) -> Node| position.map(make).into_iter().collect::<Vec<_>>();
    match kind {
        "events" | "mean" | "excitation" => node(rules.stream(id), Node::Stream),
        "deaths" => node(rules.stream(id), Node::Deaths),
        "level" => node(rules.front(id), Node::Front),
        "ledger" | "ledger_other_count" | "owed" | "forgone" => node(rules.ledger(id), Node::Ledger),
        "war" => node(find(rules.pairs.iter().map(|p| p.id.text.as_str()).collect()), Node::Pair),
        "exchange_gain" => {
            let pair = find(rules.pairs.iter().map(|p| p.id.text.as_str()).collect());
            let members = pair.map(|p| rules.pairs[p].ledgers.clone()).unwrap_or_default();
            let mut nodes = Vec::new();
            for l in members.into_iter().map(|l| &rules.ledgers[l]) {
                nodes.push(Node::Arsenal(l.against));
                nodes.extend(l.proportionality.map(Node::Lever));
                if l.scale_veto {
                    nodes.extend([Lever::ScaleVeto, Lever::FearOfWar].map(Node::Lever));
                    nodes.extend((0..rules.hosts.len()).map(Node::Host));
                    nodes.extend((0..rules.channels.len()).map(Node::Channel));
                }
            }
            nodes
        }
        "resolve" => node(actor(), Node::Resolve),
        "opinion" => node(actor(), Node::Opinion),
        "munitions" | "launchers" | "interceptors" | "air_defence" | "shield" | "decapitation" => {
            node(actor(), Node::Arsenal)
        }
        "threat" => {
            let pair = id.split_once('/').and_then(|(a, b)| rules.actor(a).zip(rules.actor(b)));
            let found = pair.and_then(|(a, b)| rules.threats.iter().position(|t| t.holder == a && t.from == b));
            node(found, Node::Threat)
        }
        "status" | "age" | "collapse_chance" => node(rules.table(id), Node::Table),
        "channel" => node(find(rules.channels.iter().map(|c| c.id.text.as_str()).collect()), Node::Channel),
        "peacekeepers" | "national_troops" | "withdrawal" => {
            node(find(rules.missions.iter().map(|m| m.id.text.as_str()).collect()), Node::Mission)
        }
        "permission" | "threatened" | "exposure" | "fear" | "host_harm" => {
            let host = find(rules.hosts.iter().map(|h| h.id.text.as_str()).collect());
            let mut nodes = node(host, Node::Host);
            if kind == "exposure" {
                // It also shows today's chance of an answer.
                for &l in host.iter().flat_map(|&h| &rules.hosts[h].foe_ledgers) {
                    nodes.push(Node::Answer(l));
                }
                nodes.push(Node::Lever(Lever::BaseSorties));
            }
            nodes
        }
        "sanctions" | "oil" | "revenue" | "stress" | "funding" => {
            node(find(rules.economies.iter().map(|e| e.id.text.as_str()).collect()), Node::Economy)
        }
        "corridor_open" => node(find(rules.corridors.iter().map(|c| c.id.text.as_str()).collect()), Node::Corridor),
        "reformists" | "patience" | "unrest" => {
            node(find(rules.factions.iter().map(|f| f.id.text.as_str()).collect()), Node::Factions)
        }
        "enriched" | "breakout" | "access" | "pace" | "weaponising" | "zone" | "forum" => {
            node(find(rules.programmes.iter().map(|n| n.id.text.as_str()).collect()), Node::Programme)
        }
        "phases" | "roadmap_stage" | "suspended" => {
            node(find(rules.roadmaps.iter().map(|r| r.id.text.as_str()).collect()), Node::Roadmap)
        }
        "integrated" | "coalition_exit" => {
            node(find(rules.integrations.iter().map(|n| n.id.text.as_str()).collect()), Node::Integration)
        }
        "isolation" | "veto_cost" => {
            node(find(rules.councils.iter().map(|c| c.id.text.as_str()).collect()), Node::Council)
        }
        "legitimacy" => {
            let factions = find(rules.factions.iter().map(|f| f.id.text.as_str()).collect());
            let economy = factions.and_then(|f| rules.factions[f].economy);
            node(factions, Node::Factions).into_iter().chain(economy.map(Node::Economy)).collect()
        }
        "standing" => {
            let mut nodes = node(find(rules.paths.iter().map(|path| path.id.text.as_str()).collect()), Node::Path);
            nodes.extend((0..rules.councils.len()).map(Node::Council));
            nodes.push(Node::Lever(Lever::IsraelSettlements));
            nodes
        }
        "seat" => {
            let mut nodes =
                node(find(rules.incorporations.iter().map(|n| n.id.text.as_str()).collect()), Node::Incorporation);
            nodes.extend((0..rules.roadmaps.len()).map(Node::Roadmap));
            nodes.extend((0..rules.paths.len()).map(Node::Path));
            nodes
        }
        "deal_parts" => {
            let mut nodes: Vec<Node> = (0..rules.tables.len()).map(Node::Table).collect();
            nodes.push(Node::Lever(Lever::DealLeftOut));
            nodes
        }
        "shaken" => {
            let links = rules.table(id).map(|table| rules.tables[table].links.as_slice()).unwrap_or_default();
            let fronts = links.iter().filter_map(|&table| rules.tables[table].front);
            let mut nodes: Vec<Node> = links.iter().copied().map(Node::Table).chain(fronts.map(Node::Front)).collect();
            nodes.extend(rules.collective.map(Node::Table));
            nodes.push(Node::Lever(Lever::DealLeftOut));
            nodes
        }
        "incorporated" => {
            node(find(rules.incorporations.iter().map(|n| n.id.text.as_str()).collect()), Node::Incorporation)
        }
        "trade" => {
            let path = find(rules.paths.iter().map(|path| path.id.text.as_str()).collect());
            let mut nodes = node(path, Node::Path);
            nodes.extend(path.map(|path| Node::Table(rules.paths[path].table)));
            nodes.extend(rules.collective.map(Node::Table));
            nodes.push(Node::Lever(Lever::PalestineTrade));
            nodes.push(Node::Lever(Lever::DealLeftOut));
            nodes
        }
        "aid" | "stages" | "activity" | "governs" => {
            node(find(rules.paths.iter().map(|path| path.id.text.as_str()).collect()), Node::Path)
        }
        "us_consent" => vec![Node::Consent],
        "displaced" | "killed" => {
            node(find(rules.territories.iter().map(|t| t.id.text.as_str()).collect()), Node::Territory)
        }
        _ => Vec::new(),
    }
}

/// The scalar parameters that a mechanism's file uses: every `p.id` in its source, tests left out.
#[must_use]
pub fn parameters_of(mechanism: &Mechanism) -> Vec<&'static str> {
    let code = mechanism.source.split("#[cfg(test)]").next().unwrap_or_default();
    crate::symbols::parameters::ROWS.iter().map(|row| row.id).filter(|id| uses(code, id)).collect()
}

/// Whether code reads the field `id` of the parameters.
fn uses(code: &str, id: &str) -> bool {
    code.match_indices(&format!("p.{id}")).any(|(at, found)| {
        let before = code[..at].chars().next_back();
        let after = code[at + found.len()..].chars().next();
        let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        !word(before) && !word(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symbols::parameters::ROWS;

    /// A row without a use is a promise without a mechanism.
    #[test]
    fn every_parameter_is_used_by_a_mechanism_or_by_what_is_derived_from_it() {
        let derived = [
            include_str!("rules/mod.rs"),
            include_str!("rules/compile.rs"),
            include_str!("rules/derive.rs"),
            include_str!("state.rs"),
            include_str!("start.rs"),
            include_str!("../record/summary.rs"),
        ];
        for row in ROWS {
            let used = MECHANISMS.iter().any(|m| parameters_of(m).contains(&row.id))
                || derived.iter().any(|code| uses(code, row.id) || code.contains(&format!("parameters.{}", row.id)));
            assert!(used, "parameter {} has a row and no use", row.id);
        }
    }

    /// The fields of `Parameters` are the rows, so a use without a row does not compile; a lever's use is checked here.
    #[test]
    fn every_lever_is_named_by_a_mechanism_and_reaches_something_in_the_default_scenario() {
        let rules = Rules::new(&crate::scenario::load("november-2024").unwrap());
        for lever in Lever::ALL {
            assert!(MECHANISMS.iter().any(|m| m.levers.contains(lever)), "{}", lever.id());
            assert!(reach(&rules, *lever).len() > 1, "{}", lever.id());
        }
    }

    /// A lever is said to test a claim only where it reaches a mechanism with a parameter that switches the claim off.
    #[test]
    fn a_lever_reaches_the_claims_that_it_is_said_to_test() {
        let rules = Rules::new(&crate::scenario::load("november-2024").unwrap());
        for &lever in Lever::ALL {
            let reached = reach(&rules, lever);
            for claim in lever.row().tested() {
                let at_stake = |m: &&Mechanism| claim.switches.iter().any(|(id, _)| parameters_of(m).contains(id));
                let found = MECHANISMS.iter().filter(at_stake).any(|m| {
                    let mut touched = m.levers.contains(&lever);
                    (m.links)(&rules, &mut |cause, _| touched |= reached.contains(&cause));
                    touched
                });
                assert!(found, "{} does not reach {}", lever.id(), claim.id);
            }
        }
    }

    /// What a passage of the essay is said to show in the causes of is there, and something of the passage comes into it: a mechanism of
    /// its row makes the event, moves state that the one that makes it reads, or a lever of its row bears on it.
    #[test]
    fn passages_of_the_essay_come_into_the_causes_of_the_events_they_name() {
        for passage in crate::symbols::essay::PASSAGES {
            for id in passage.causes {
                let at = format!("passage {}, `{id}`", passage.number);
                let makers: Vec<&Mechanism> =
                    MECHANISMS.iter().filter(|m| m.events.iter().any(|event| event.name() == *id)).collect();
                assert!(!makers.is_empty(), "{at}: no mechanism makes such an event");
                let comes_in = |m: &&Mechanism| {
                    let writes = |id: &&str| {
                        let of = MECHANISMS.iter().find(|other| other.id == *id);
                        of.is_some_and(|other| other.writes.iter().any(|state| m.reads.contains(state)))
                    };
                    let lever = |id: &&str| Lever::from_id(id).is_some_and(|lever| m.levers.contains(&lever));
                    passage.mechanisms.contains(&m.id)
                        || passage.mechanisms.iter().any(writes)
                        || passage.levers.iter().any(lever)
                };
                assert!(makers.iter().any(comes_in), "{at}: nothing of the passage comes into its causes");
            }
        }
    }

    #[test]
    fn every_series_has_state_behind_it() {
        let rules = Rules::new(&crate::scenario::load("november-2024").unwrap());
        for column in crate::record::series::columns(&rules) {
            assert!(!nodes_of_series(&rules, &column.name).is_empty(), "{}", column.name);
        }
    }

    #[test]
    fn the_phases_are_in_the_order_of_the_day() {
        assert!(MECHANISMS.windows(2).all(|pair| pair[0].phase <= pair[1].phase));
        let page = [
            include_str!("mod.rs"),
            include_str!("force/mod.rs"),
            include_str!("home/mod.rs"),
            include_str!("strategy/mod.rs"),
            include_str!("talks/mod.rs"),
        ]
        .concat();
        for m in MECHANISMS {
            assert!(page.contains(&format!("pub mod {};", m.id)), "{}", m.id);
        }
    }
}
