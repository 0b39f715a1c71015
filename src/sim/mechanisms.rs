//! What each mechanism reads, writes and obeys: one descriptor per file of this folder.
//!
//! The tables of the model document are made from these descriptors, tests hold them against the source, and
//! [`reach`] follows their links to say which series a lever can move at all.

use super::rules::Rules;
use crate::record::event::EventKind;
use crate::scenario::raw::{ActorKind, Caution, Disputed, LadderRule, Opens, Sequencing};
use crate::symbols::levers::Lever;
use std::collections::BTreeSet;

/// A piece of state of one entity, or a lever, or a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    /// A lever.
    Lever(Lever),
    /// Events and excitation of a stream.
    Stream(usize),
    /// Deaths of a stream.
    Deaths(usize),
    /// Level of a front.
    Front(usize),
    /// A ledger.
    Ledger(usize),
    /// War mode and last fire of a pair.
    Pair(usize),
    /// An agreement.
    Table(usize),
    /// A channel being open.
    Channel(usize),
    /// A mission's deployment.
    Mission(usize),
    /// A territory's dead and displaced.
    Territory(usize),
    /// An actor's reputation.
    Resolve(usize),
    /// An actor's opinion at home.
    Opinion(usize),
    /// An actor's means.
    Arsenal(usize),
    /// A perceived threat.
    Threat(usize),
    /// An initiative's strikes.
    Initiative(usize),
    /// A ledger holder's answers.
    Answer(usize),
}

/// Hands over the links of a mechanism: cause first.
pub type Links = fn(&Rules, &mut dyn FnMut(Node, Node));

/// A mechanism.
#[derive(Clone, Copy, Debug)]
pub struct Mechanism {
    /// Id: the name of its file.
    pub id: &'static str,
    /// Phase of the day.
    pub phase: u8,
    /// What it does.
    pub title: &'static str,
    /// Section of the specification.
    pub section: &'static str,
    /// State it reads, by component.
    pub reads: &'static [&'static str],
    /// State it writes, by component.
    pub writes: &'static [&'static str],
    /// Levers its file names or, through the scenario, obeys.
    pub levers: &'static [Lever],
    /// Events it makes.
    pub events: &'static [EventKind],
    /// Source text of its file: what parameters it uses is read off it.
    pub source: &'static str,
    /// Links.
    pub links: Links,
}

use EventKind as E;
use Lever as L;

/// Every mechanism, in the order of the day.
pub const MECHANISMS: &[Mechanism] = &[
    Mechanism {
        id: "calendar",
        phase: 1,
        title: "Levers take effect, dated events happen, channels are suspended or opened",
        section: "3, 12.9",
        reads: &["LeverLog"],
        writes: &["Clock", "LeverSet", "Channel"],
        levers: &[L::IranSuspendMuscat],
        events: &[E::Lever, E::Calendar, E::Channel],
        source: include_str!("calendar.rs"),
        links: calendar,
    },
    Mechanism {
        id: "supply",
        phase: 2,
        title: "Production, resupply, launchers, air defence, leadership",
        section: "6.1, 6.2, 6.4, 6.7",
        reads: &["Threat", "Pair"],
        writes: &["Arsenal"],
        levers: &[L::ArmsResupply],
        events: &[],
        source: include_str!("supply.rs"),
        links: supply,
    },
    Mechanism {
        id: "threat",
        phase: 3,
        title: "How threatening actors look to each other",
        section: "6.1",
        reads: &["Threat"],
        writes: &["Threat"],
        levers: &[],
        events: &[],
        source: include_str!("threat.rs"),
        links: nothing,
    },
    Mechanism {
        id: "peacekeeping",
        phase: 4,
        title: "UNIFIL, the Lebanese army, the Israeli withdrawal; what they leave of violations",
        section: "6.10",
        reads: &["Agreement"],
        writes: &["Mission"],
        levers: &[
            L::UnifilTroops,
            L::UnifilMandate,
            L::LafTroopsSouth,
            L::IsraelWithdrawalShare,
            L::IsraelWithdrawalDays,
            L::IsraelDisputedAreas,
            L::MonitoringMechanism,
        ],
        events: &[],
        source: include_str!("peacekeeping.rs"),
        links: peacekeeping,
    },
    Mechanism {
        id: "negotiation",
        phase: 4,
        title: "Negotiation tables: acceptance and signing",
        section: "6.11, 12.6",
        reads: &["Channel", "Standing", "Threat", "Front"],
        writes: &["Agreement", "Front"],
        levers: &[
            L::GroupTalks,
            L::DealSequencing,
            L::DealGuarantee,
            L::IsraelDisputedAreas,
            L::IranSuspendMuscat,
            L::ChannelOman,
            L::ChannelQatar,
            L::ChannelSwiss,
            L::ChannelBerriHochstein,
            L::ChannelCairo,
        ],
        events: &[E::Signed],
        source: include_str!("negotiation.rs"),
        links: negotiation,
    },
    Mechanism {
        id: "initiative",
        phase: 5,
        title: "Blows and preventive strikes",
        section: "6.5",
        reads: &["Agreement", "Channel", "Arsenal", "Standing", "Threat"],
        writes: &["Launches"],
        levers: &[L::IsraelBlowRate, L::ScaleVeto],
        events: &[E::Blow, E::Preventive],
        source: include_str!("initiative.rs"),
        links: initiative,
    },
    Mechanism {
        id: "answer",
        phase: 5,
        title: "Answers to unanswered harm, war mode",
        section: "6.4, 12.4",
        reads: &["Agreement", "Channel", "Front", "Arsenal"],
        writes: &["Ledger", "Pair", "Standing", "Launches"],
        levers: &[
            L::DeterrentPresence,
            L::ScaleVeto,
            L::IranProportionality,
            L::IsraelProportionality,
            L::IranResponseScale,
            L::IsraelResponseScale,
            L::RestraintIrn,
            L::RestraintIsrIrn,
            L::IsraelTargetSet,
        ],
        events: &[E::AnswerLapsed, E::WarBegan, E::WarEnded],
        source: include_str!("answer.rs"),
        links: answer,
    },
    Mechanism {
        id: "caution",
        phase: 5,
        title: "What holds a decision maker back, and what mediators bring to a table",
        section: "6.4, 12.4, 12.9",
        reads: &["Channel", "Agreement"],
        writes: &[],
        levers: &[L::ChannelOman, L::ChannelQatar, L::ChannelSwiss, L::DeterrentPresence, L::IranSuspendMuscat],
        events: &[],
        source: include_str!("caution.rs"),
        links: nothing,
    },
    Mechanism {
        id: "target",
        phase: 5,
        title: "Target classes and civilian restraint",
        section: "6.6",
        reads: &[],
        writes: &[],
        levers: &[],
        events: &[],
        source: include_str!("target.rs"),
        links: nothing,
    },
    Mechanism {
        id: "salvo",
        phase: 6,
        title: "Launch, interception, hits",
        section: "6.7",
        reads: &["Launches"],
        writes: &["Arsenal", "Strike"],
        levers: &[],
        events: &[E::Salvo, E::AirStrike],
        source: include_str!("salvo.rs"),
        links: nothing,
    },
    Mechanism {
        id: "fire",
        phase: 7,
        title: "Routine fire with excitation, solidarity and patron restraint; truce violations",
        section: "6.2, 6.10",
        reads: &["Front", "Agreement", "Mission", "Arsenal", "Fire"],
        writes: &["Fire", "Arsenal"],
        levers: &[
            L::IranDirectiveHzb,
            L::IranDirectiveIri,
            L::IranDirectiveHou,
            L::IranDirectiveHam,
            L::IranDirectiveWbg,
            L::IsraelSettlements,
        ],
        events: &[E::Fire],
        source: include_str!("fire.rs"),
        links: fire,
    },
    Mechanism {
        id: "harm",
        phase: 8,
        title: "Deaths, displacement, opinion; harm into ledgers, reputation, arsenals",
        section: "6.4, 6.8",
        reads: &["Fire", "Strike", "Agreement", "Front"],
        writes: &["Fire", "Ledger", "Threat", "Arsenal", "Pair", "Front", "SiteState", "Territory", "Standing"],
        levers: &[
            L::RestraintIsrLeb,
            L::RestraintIsrGaz,
            L::RestraintHzb,
            L::RestraintHou,
            L::RestraintIri,
            L::RestraintHam,
        ],
        events: &[E::AnswerOwed],
        source: include_str!("harm.rs"),
        links: harm,
    },
    Mechanism {
        id: "ladder",
        phase: 9,
        title: "Escalation levels",
        section: "6.3, 12.2, 12.3",
        reads: &["Agreement", "Channel", "Arsenal", "Standing", "Ledger", "Pair"],
        writes: &["Front"],
        levers: &[],
        events: &[E::StepUp, E::StepDown],
        source: include_str!("ladder.rs"),
        links: ladder,
    },
    Mechanism {
        id: "truce",
        phase: 10,
        title: "Spoilers and the collapse of agreements",
        section: "6.10, 6.11",
        reads: &["Fire", "Arsenal", "Mission"],
        writes: &["Agreement", "Front", "Mission"],
        levers: &[L::DealLinkage, L::DealGuarantee, L::MonitoringMechanism, L::IranDirectivePij],
        events: &[E::Spoiler, E::Collapsed],
        source: include_str!("truce.rs"),
        links: truce,
    },
];

fn nothing(_: &Rules, _: &mut dyn FnMut(Node, Node)) {}

fn calendar(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, c) in rules.channels.iter().enumerate() {
        if let Some(lever) = c.suspended_by {
            link(Node::Lever(lever), Node::Channel(i));
        }
        link(Node::Lever(c.lever), Node::Channel(i));
    }
}

fn supply(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, a) in rules.actors.iter().enumerate() {
        if a.stock.is_some() {
            a.threats.iter().for_each(|&t| link(Node::Threat(t), Node::Arsenal(i)));
            a.ledgers.iter().for_each(|&l| link(Node::Pair(rules.ledgers[l].pair), Node::Arsenal(i)));
        }
        if let Some(lever) = a.interceptors.as_ref().and_then(|s| s.lever) {
            link(Node::Lever(lever), Node::Arsenal(i));
        }
    }
}

fn peacekeeping(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, m) in rules.missions.iter().enumerate() {
        if let Some(table) = m.table {
            link(Node::Table(table), Node::Mission(i));
        }
        for lever in [
            L::UnifilTroops,
            L::UnifilMandate,
            L::LafTroopsSouth,
            L::IsraelWithdrawalShare,
            L::IsraelWithdrawalDays,
            L::IsraelDisputedAreas,
            L::MonitoringMechanism,
        ] {
            link(Node::Lever(lever), Node::Mission(i));
        }
    }
}

fn negotiation(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, t) in rules.tables.iter().enumerate() {
        let table = Node::Table(i);
        t.channels.iter().for_each(|&(c, _)| link(Node::Channel(c), table));
        for party in &t.parties {
            link(Node::Opinion(party.actor), table);
            party.threats.iter().for_each(|&threat| link(Node::Threat(threat), table));
            if party.disputed != Disputed::None {
                link(Node::Lever(L::IsraelDisputedAreas), table);
            }
            if party.sequencing != Sequencing::None {
                link(Node::Lever(L::DealSequencing), table);
            }
        }
        link(Node::Lever(L::DealGuarantee), table);
        if t.needs_group_talks {
            link(Node::Lever(L::GroupTalks), table);
        }
        if t.opens == Opens::WithMuscat {
            link(Node::Lever(L::IranSuspendMuscat), table);
        }
        if let Some(front) = t.front {
            link(Node::Front(front), table);
            if !t.restrains_exchange {
                link(table, Node::Front(front));
            }
        }
    }
}

/// What a caution term rests on.
fn caution(kind: Caution, rules: &Rules, to: Node, link: &mut dyn FnMut(Node, Node)) {
    match kind {
        Caution::Rest => {}
        Caution::ChannelsAndPresence => {
            link(Node::Lever(L::DeterrentPresence), to);
            for (i, c) in rules.channels.iter().enumerate().filter(|(_, c)| c.restrains_iran) {
                link(Node::Channel(i), to);
                link(Node::Lever(c.lever), to);
            }
            for (i, _) in rules.tables.iter().enumerate().filter(|(_, t)| t.opens == Opens::WithMuscat) {
                link(Node::Table(i), to);
            }
        }
        Caution::UsPressure => {
            for (i, _) in rules.channels.iter().enumerate().filter(|(_, c)| c.suspended_by.is_some()) {
                link(Node::Channel(i), to);
            }
        }
    }
}

/// What a strike of one actor against an opponent, hitting a victim, touches.
fn strike(rules: &Rules, actor: usize, opponent: usize, victim: usize, from: Node, link: &mut dyn FnMut(Node, Node)) {
    for (i, l) in rules.ledgers.iter().enumerate() {
        if l.against == actor && (l.holder == opponent || l.share(victim) > 0.0) {
            link(from, Node::Ledger(i));
        }
    }
    for (i, t) in rules.threats.iter().enumerate() {
        if t.from == actor && (t.holder == victim || t.holder == opponent) {
            link(from, Node::Threat(i));
        }
    }
    link(from, Node::Arsenal(victim));
    link(from, Node::Opinion(victim));
    for (i, f) in rules.fronts.iter().enumerate() {
        if f.parties.contains(&actor) && f.parties.contains(&victim) {
            link(from, Node::Front(i));
        }
    }
    for (i, t) in rules.territories.iter().enumerate() {
        if t.first_of_actor && t.actor == rules.actors[victim].home {
            link(from, Node::Territory(i));
            link(from, Node::Opinion(t.actor));
        }
    }
    for (i, pair) in rules.pairs.iter().enumerate() {
        if pair.ledgers.iter().any(|&l| rules.ledgers[l].holder == actor && rules.ledgers[l].against == opponent) {
            link(from, Node::Pair(i));
        }
    }
}

fn initiative(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, rule) in rules.initiatives.iter().enumerate() {
        let me = Node::Initiative(i);
        rule.held_back_by.iter().chain(&rule.restrained_by).for_each(|&t| link(Node::Table(t), me));
        link(Node::Resolve(rule.opponent), me);
        link(Node::Arsenal(rule.actor), me);
        link(Node::Arsenal(rule.opponent), me);
        if let Some(threat) = rule.threat {
            link(Node::Threat(threat), me);
        }
        if let Some(lever) = rule.blow_lever {
            link(Node::Lever(lever), me);
        }
        if rule.needs_consent {
            link(Node::Lever(L::ScaleVeto), me);
        }
        if let Some(l) = rule.own_ledger {
            caution(rules.ledgers[l].caution, rules, me, link);
        }
        for &(victim, _) in &rule.victims {
            strike(rules, rule.actor, rule.opponent, victim, me, link);
        }
        strike(rules, rule.actor, rule.opponent, rule.opponent, me, link);
    }
}

fn answer(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, l) in rules.ledgers.iter().enumerate() {
        let me = Node::Answer(i);
        link(Node::Ledger(i), me);
        link(Node::Ledger(i), Node::Pair(l.pair));
        link(Node::Pair(l.pair), Node::Ledger(i));
        link(Node::Pair(l.pair), me);
        link(Node::Arsenal(l.holder), me);
        l.restrained_by.iter().for_each(|&t| link(Node::Table(t), me));
        caution(l.caution, rules, me, link);
        for lever in [l.proportionality, l.response_scale, l.restraint, l.target_set].into_iter().flatten() {
            link(Node::Lever(lever), me);
        }
        if l.scale_veto {
            link(Node::Lever(L::ScaleVeto), me);
        }
        if let Some(front) = l.front {
            link(Node::Front(front), me);
        }
        link(me, Node::Ledger(i));
        link(me, Node::Resolve(l.holder));
        link(me, Node::Arsenal(l.holder));
        link(Node::Arsenal(l.against), me);
        strike(rules, l.holder, l.against, l.against, me, link);
    }
}

fn fire(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, s) in rules.streams.iter().enumerate() {
        let me = Node::Stream(i);
        s.offspring.iter().for_each(|&(source, _)| link(Node::Stream(source), me));
        s.solidarity.iter().for_each(|&(table, _)| link(Node::Table(table), me));
        link(Node::Front(s.front), me);
        if let Some(table) = s.silenced_by {
            link(Node::Table(table), me);
            if let Some(mission) = rules.tables[table].mission {
                link(Node::Mission(mission), me);
            }
        }
        if let Some(lever) = s.directive {
            link(Node::Lever(lever), me);
        }
        if s.settlements {
            link(Node::Lever(L::IsraelSettlements), me);
        }
        let attacker = &rules.actors[s.attacker];
        if attacker.stock.is_some() || attacker.kind == ActorKind::Group {
            link(Node::Arsenal(s.attacker), me);
        }
        if attacker.stock.as_ref().is_some_and(|stock| stock.per_event > 0.0) {
            link(me, Node::Arsenal(s.attacker));
        }
    }
}

fn harm(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, s) in rules.streams.iter().enumerate() {
        let deaths = Node::Deaths(i);
        link(Node::Stream(i), deaths);
        link(Node::Front(s.front), deaths);
        if let Some(lever) = s.restraint {
            link(Node::Lever(lever), deaths);
        }
        if let Some(ledger) = s.ledger {
            if s.harm_per_event > 0.0 {
                link(Node::Stream(i), Node::Ledger(ledger));
            }
            if s.harm_per_lethal_event > 0.0 {
                link(deaths, Node::Ledger(ledger));
            }
        }
    }
    for (i, t) in rules.threats.iter().enumerate() {
        t.streams.iter().for_each(|&s| link(Node::Deaths(s), Node::Threat(i)));
    }
    for (i, t) in rules.territories.iter().enumerate() {
        for &s in &t.streams {
            link(Node::Deaths(s), Node::Territory(i));
            link(Node::Deaths(s), Node::Opinion(t.actor));
            link(Node::Stream(s), Node::Territory(i));
        }
        link(Node::Front(t.front), Node::Territory(i));
        if let Some(table) = rules.fronts[t.front].table.filter(|_| t.exposed > 0.0) {
            link(Node::Table(table), Node::Territory(i));
        }
    }
    for (i, l) in rules.ledgers.iter().enumerate() {
        link(Node::Ledger(i), Node::Resolve(l.holder));
    }
}

fn ladder(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, f) in rules.fronts.iter().enumerate() {
        let me = Node::Front(i);
        if let Some(table) = f.table {
            link(Node::Table(table), me);
            rules.tables[table].channels.iter().for_each(|&(c, _)| link(Node::Channel(c), me));
        }
        for &l in &f.ledgers {
            link(Node::Ledger(l), me);
            if f.ladder == LadderRule::Exchange {
                link(Node::Pair(rules.ledgers[l].pair), me);
            } else {
                caution(rules.ledgers[l].caution, rules, me, link);
            }
        }
        if f.ladder == LadderRule::Hazard {
            for &a in &f.parties {
                link(Node::Resolve(a), me);
                if rules.actors[a].stock.is_some() {
                    link(Node::Arsenal(a), me);
                }
            }
        }
    }
}

fn truce(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, t) in rules.tables.iter().enumerate() {
        let me = Node::Table(i);
        t.silences.iter().for_each(|&s| link(Node::Stream(s), me));
        t.links.iter().for_each(|&other| link(Node::Table(other), me));
        if !t.links.is_empty() {
            link(Node::Lever(L::DealLinkage), me);
        }
        link(Node::Lever(L::DealGuarantee), me);
        if let Some(mission) = t.mission {
            link(Node::Mission(mission), me);
            link(me, Node::Mission(mission));
        }
        for &(actor, _) in &t.spoilers {
            link(Node::Arsenal(actor), me);
            if let Some(lever) = rules.actors[actor].directive {
                link(Node::Lever(lever), me);
            }
        }
    }
}

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
        "ledger" | "ledger_other_count" | "owed" => node(rules.ledger(id), Node::Ledger),
        "war" => node(find(rules.pairs.iter().map(|p| p.id.text.as_str()).collect()), Node::Pair),
        "exchange_gain" => {
            let pair = find(rules.pairs.iter().map(|p| p.id.text.as_str()).collect());
            let members = pair.map(|p| rules.pairs[p].ledgers.clone()).unwrap_or_default();
            let mut nodes = Vec::new();
            for l in members.into_iter().map(|l| &rules.ledgers[l]) {
                nodes.push(Node::Arsenal(l.against));
                nodes.extend(l.proportionality.map(Node::Lever));
                nodes.extend(l.scale_veto.then_some(Node::Lever(L::ScaleVeto)));
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
    use crate::symbols::levers::LEVERS;
    use crate::symbols::parameters::ROWS;

    /// A row without a use is a promise without a mechanism.
    #[test]
    fn every_parameter_is_used_by_a_mechanism_or_by_what_is_derived_from_it() {
        let derived = [
            include_str!("rules/mod.rs"),
            include_str!("rules/compile.rs"),
            include_str!("rules/derive.rs"),
            include_str!("state.rs"),
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
    fn connected_levers_are_exactly_those_that_mechanisms_name() {
        for (lever, row) in Lever::ALL.iter().zip(LEVERS) {
            let named = MECHANISMS.iter().any(|m| m.levers.contains(lever));
            assert_eq!(row.connected, named, "{}", row.id);
        }
    }

    #[test]
    fn every_connected_lever_reaches_something_in_the_default_scenario() {
        let rules = Rules::new(&crate::scenario::load("november-2024").unwrap());
        for (lever, row) in Lever::ALL.iter().zip(LEVERS) {
            assert_eq!(reach(&rules, *lever).len() > 1, row.connected, "{}", row.id);
        }
    }

    #[test]
    fn every_series_has_state_behind_it() {
        let rules = Rules::new(&crate::scenario::load("november-2024").unwrap());
        for column in crate::record::series::columns(&rules) {
            assert!(
                column.name == "us_consent" || !nodes_of_series(&rules, &column.name).is_empty(),
                "{}",
                column.name
            );
        }
    }

    #[test]
    fn the_phases_are_in_the_order_of_the_day() {
        assert!(MECHANISMS.windows(2).all(|pair| pair[0].phase <= pair[1].phase));
        let page = include_str!("mod.rs");
        for m in MECHANISMS {
            assert!(page.contains(&format!("pub mod {};", m.id)), "{}", m.id);
        }
    }
}
