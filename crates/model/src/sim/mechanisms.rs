//! What each mechanism reads, writes and obeys: one descriptor per file of this folder.
//!
//! The tables of the model document are made from these descriptors, tests hold them against the source, and
//! [`reach`] follows their links to say which series a lever can move at all.

use super::rules::{Rules, TableRules};
use super::strategy::restraint::table as settling;
use crate::scenario::raw::{
    ActorKind, Caution, Disputed, LadderRule, Means, Nuclear, Opens, Process, RegionalRole, Sequencing,
};
use crate::sim::event::EventKind;
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
    /// A host's permission and warnings.
    Host(usize),
    /// An economy.
    Economy(usize),
    /// A corridor.
    Corridor(usize),
    /// Factions at home.
    Factions(usize),
    /// A nuclear programme.
    Programme(usize),
    /// A roadmap.
    Roadmap(usize),
    /// Integration and exit.
    Integration(usize),
    /// A council and its assembly.
    Council(usize),
    /// A path after a truce.
    Path(usize),
    /// A group's way under political authority.
    Incorporation(usize),
    /// What the administration in office consents to.
    Consent,
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
        title: "Levers take effect, dated events happen, an administration sets its course, channels are suspended or opened",
        section: "3, 6.16, 12.9",
        reads: &["LeverLog"],
        writes: &["Clock", "LeverSet", "Channel"],
        levers: &[L::IranSuspendMuscat, L::Administration, L::SanctionsPressure],
        events: &[E::Lever, E::Calendar, E::Channel],
        source: include_str!("calendar.rs"),
        links: calendar,
    },
    Mechanism {
        id: "economy",
        phase: 2,
        title: "Sanctions, oil, revenue, funding of aligned groups, the supply corridor",
        section: "6.15, 6.16",
        reads: &["Front", "Agreement"],
        writes: &["Economy", "Corridor"],
        levers: &[L::SanctionsPressure, L::SanctionsRelief, L::IranAxisFunding],
        events: &[E::CorridorLost],
        source: include_str!("home/economy.rs"),
        links: economy,
    },
    Mechanism {
        id: "supply",
        phase: 2,
        title: "Production, resupply, launchers, air defence, leadership, the partner shield",
        section: "6.1, 6.2, 6.4, 6.7, 12.10",
        reads: &["Threat", "Pair", "Economy", "Corridor", "Council"],
        writes: &["Arsenal"],
        levers: &[L::ArmsResupply],
        events: &[],
        source: include_str!("force/supply.rs"),
        links: supply,
    },
    Mechanism {
        id: "threat",
        phase: 3,
        title: "How threatening actors look to each other",
        section: "6.1, 6.14",
        reads: &["Threat", "Programme"],
        writes: &["Threat"],
        levers: &[],
        events: &[],
        source: include_str!("force/threat.rs"),
        links: threat,
    },
    Mechanism {
        id: "factions",
        phase: 3,
        title: "Reformists and hard-liners, the leader's patience, unrest",
        section: "6.19",
        reads: &["Agreement", "Economy", "Ledger", "Pair"],
        writes: &["Factions"],
        levers: &[L::SanctionsRelief, L::IranReformists],
        events: &[E::Unrest],
        source: include_str!("home/factions.rs"),
        links: factions,
    },
    Mechanism {
        id: "peacekeeping",
        phase: 4,
        title: "UNIFIL, the Lebanese army, the Israeli withdrawal; what they leave of violations",
        section: "6.10",
        reads: &["Agreement", "Front"],
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
        source: include_str!("talks/peacekeeping.rs"),
        links: peacekeeping,
    },
    Mechanism {
        id: "negotiation",
        phase: 4,
        title: "Negotiation tables: acceptance and signing",
        section: "6.11, 6.19, 12.5, 12.6",
        reads: &[
            "Channel",
            "Standing",
            "Threat",
            "Fire",
            "Ledger",
            "Front",
            "Council",
            "Programme",
            "Path",
            "Incorporation",
        ],
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
            L::DealArchitecture,
            L::DealLeftOut,
            L::DealLinkage,
            L::RestraintIrn,
            L::RestraintIsrIrn,
            L::RestraintIsrLeb,
            L::RestraintIsrGaz,
            L::RestraintHzb,
            L::RestraintHou,
            L::RestraintIri,
            L::RestraintHam,
            L::SanctionsRelief,
            L::IranEnrichmentCap,
            L::RegionalRole,
            L::RoadmapAcquiescence,
            L::SignRoadmap,
            L::Administration,
            L::Leverage,
        ],
        events: &[E::Signed, E::StepUp, E::StepDown],
        source: include_str!("talks/negotiation.rs"),
        links: negotiation,
    },
    Mechanism {
        id: "council",
        phase: 4,
        title: "The Security Council member by member, and the General Assembly",
        section: "6.17, 12.11",
        reads: &["Territory"],
        writes: &["Council", "Standing"],
        levers: &[L::UnscPosture, L::IranUnCostDrive, L::SuspensionDrive, L::Administration],
        events: &[E::CouncilVote, E::AssemblyVote],
        source: include_str!("talks/council.rs"),
        links: council,
    },
    Mechanism {
        id: "texts",
        phase: 4,
        title: "What a veto costs, what adopted texts do by their kind, lobbying against texts on credentials",
        section: "6.17",
        reads: &["Council"],
        writes: &[],
        levers: &[L::UnscPosture],
        events: &[],
        source: include_str!("talks/texts.rs"),
        links: texts,
    },
    Mechanism {
        id: "roadmap",
        phase: 4,
        title: "The Saudi-Houthi roadmap: phases, suspension, inclusive talks, a constitution",
        section: "6.12",
        reads: &["Agreement", "Channel", "Fire"],
        writes: &["Roadmap"],
        levers: &[L::RoadmapAcquiescence, L::DealGuarantee],
        events: &[E::Roadmap],
        source: include_str!("talks/roadmap.rs"),
        links: roadmap,
    },
    Mechanism {
        id: "integration",
        phase: 4,
        title: "The coalition's exit or re-branding, the UN mission, integration of groups in Iraq",
        section: "6.13",
        reads: &["Threat"],
        writes: &["Integration"],
        levers: &[L::CoalitionExitDate, L::UnamiExtension, L::MilitiaIntegration],
        events: &[E::Iraq],
        source: include_str!("talks/integration.rs"),
        links: integration,
    },
    Mechanism {
        id: "path",
        phase: 4,
        title: "Gaza from truce over aid and withdrawal to one administration, elections and reconstruction",
        section: "6.18, 12.11, 12.12",
        reads: &["Agreement", "Fire", "Front", "Council", "Territory"],
        writes: &["Path"],
        levers: &[
            L::AidAccess,
            L::ElectionDate,
            L::UnifiedAdministration,
            L::ReconstructionFunds,
            L::IsraelSettlements,
            L::PalestineTrade,
        ],
        events: &[E::Path],
        source: include_str!("talks/path.rs"),
        links: path,
    },
    Mechanism {
        id: "ballot",
        phase: 4,
        title: "Votes in Palestinian elections, and what they are worth at the table of Gaza",
        section: "after 6.18",
        reads: &[],
        writes: &[],
        levers: &[L::IsraelSettlements],
        events: &[],
        source: include_str!("talks/ballot.rs"),
        links: nothing,
    },
    Mechanism {
        id: "incorporation",
        phase: 4,
        title: "Armed groups coming under the political authority of a state, in Yemen, Iraq and Palestine",
        section: "after 6.12, 6.13, 6.18",
        reads: &["Agreement", "Roadmap", "Integration", "Path", "Threat"],
        writes: &["Incorporation"],
        levers: &[L::UnifiedAdministration],
        events: &[],
        source: include_str!("talks/incorporation.rs"),
        links: incorporation,
    },
    Mechanism {
        id: "initiative",
        phase: 5,
        title: "Blows and preventive strikes",
        section: "6.5, 6.9",
        reads: &["Agreement", "Channel", "Host", "Arsenal", "Standing", "Threat", "Programme", "Ledger"],
        writes: &["Launches"],
        levers: &[L::IsraelBlowRate, L::IranBlowRate, L::ScaleVeto, L::ExchangeRestraint],
        events: &[E::Blow, E::Preventive],
        source: include_str!("strategy/initiative.rs"),
        links: initiative,
    },
    Mechanism {
        id: "answer",
        phase: 5,
        title: "Answers to unanswered harm, war mode",
        section: "6.4, 12.4",
        reads: &["Agreement", "Channel", "Host", "Front", "Arsenal", "Factions"],
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
            L::ExchangeRestraint,
        ],
        events: &[E::AnswerLapsed, E::WarBegan, E::WarEnded],
        source: include_str!("strategy/answer.rs"),
        links: answer,
    },
    Mechanism {
        id: "restraint",
        phase: 5,
        title: "Restraint bought and returned: debts settled through mediators, what was let go, patience past the threshold of war",
        section: "12.15",
        reads: &["Agreement", "Channel", "Host", "Pair"],
        writes: &["Ledger", "Standing"],
        levers: &[L::ExchangeRestraint, L::RestraintIrn, L::RestraintIsrIrn],
        events: &[E::AnswerSettled],
        source: include_str!("strategy/restraint.rs"),
        links: restraint,
    },
    Mechanism {
        id: "caution",
        phase: 5,
        title: "What holds a decision maker back, and what mediators bring to a table",
        section: "6.4, 6.9, 12.4, 12.9",
        reads: &["Channel", "Agreement", "Host", "Ledger"],
        writes: &[],
        levers: &[L::ChannelOman, L::ChannelQatar, L::ChannelSwiss, L::DeterrentPresence, L::IranSuspendMuscat],
        events: &[],
        source: include_str!("strategy/caution.rs"),
        links: nothing,
    },
    Mechanism {
        id: "fear",
        phase: 5,
        title: "What host states fear of a war, and how that and halted talks press on the scale of an answer",
        section: "6.9, 12.9",
        reads: &["Front", "Integration", "Host", "Channel"],
        writes: &[],
        levers: &[L::RebrandShare, L::Leverage],
        events: &[],
        source: include_str!("strategy/fear.rs"),
        links: fear,
    },
    Mechanism {
        id: "bases",
        phase: 5,
        title: "US bases and the states that host them: warnings, permission, exposure",
        section: "6.9, 12.8",
        reads: &["Ledger", "Pair", "Front", "Integration"],
        writes: &["Host", "Launches"],
        levers: &[L::BaseSorties, L::HostAssurances],
        events: &[E::HostsWarned, E::BaseSalvo],
        source: include_str!("strategy/bases.rs"),
        links: bases,
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
        source: include_str!("force/target.rs"),
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
        source: include_str!("force/salvo.rs"),
        links: nothing,
    },
    Mechanism {
        id: "fire",
        phase: 7,
        title: "Routine fire with excitation, solidarity and patron restraint; truce violations",
        section: "6.2, 6.10, 6.12, 6.13, 12.5",
        reads: &[
            "Front",
            "Agreement",
            "Mission",
            "Arsenal",
            "Fire",
            "Economy",
            "Roadmap",
            "Integration",
            "Incorporation",
            "Path",
        ],
        writes: &["Fire", "Arsenal"],
        levers: &[
            L::IranDirectiveHzb,
            L::IranDirectiveIri,
            L::IranDirectiveHou,
            L::IranDirectiveHam,
            L::IranDirectiveWbg,
            L::IsraelSettlements,
            L::RebrandShare,
            L::DealLeftOut,
        ],
        events: &[E::Fire],
        source: include_str!("force/fire.rs"),
        links: fire,
    },
    Mechanism {
        id: "spread",
        phase: 7,
        title: "Violations that spread from one linked agreement to another",
        section: "6.2",
        reads: &[],
        writes: &[],
        levers: &[L::DealLinkage, L::DealLeftOut],
        events: &[],
        source: include_str!("talks/spread.rs"),
        links: nothing,
    },
    Mechanism {
        id: "harm",
        phase: 8,
        title: "Deaths, displacement, opinion; harm into ledgers, reputation, arsenals",
        section: "6.4, 6.8, 6.13, 12.11",
        reads: &["Fire", "Strike", "Agreement", "Front", "Integration", "Path"],
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
        source: include_str!("force/harm.rs"),
        links: harm,
    },
    Mechanism {
        id: "forum",
        phase: 8,
        title: "A security forum of a programme's owner and its neighbours",
        section: "6.14",
        reads: &["Host", "Strike"],
        writes: &["Programme", "Threat"],
        levers: &[L::ZoneTalks],
        events: &[],
        source: include_str!("talks/forum.rs"),
        links: forum,
    },
    Mechanism {
        id: "ladder",
        phase: 9,
        title: "Escalation levels",
        section: "6.3, 12.2, 12.3",
        reads: &["Agreement", "Channel", "Host", "Arsenal", "Standing", "Ledger", "Pair", "Fire"],
        writes: &["Front"],
        levers: &[L::DealLeftOut],
        events: &[E::StepUp, E::StepDown],
        source: include_str!("force/ladder.rs"),
        links: ladder,
    },
    Mechanism {
        id: "truce",
        phase: 10,
        title: "Spoilers and the collapse of agreements",
        section: "6.10, 6.11, 6.18",
        reads: &["Fire", "Arsenal", "Mission", "Path", "Economy", "Incorporation"],
        writes: &["Agreement", "Front", "Mission"],
        levers: &[
            L::DealLinkage,
            L::DealGuarantee,
            L::MonitoringMechanism,
            L::IranDirectivePij,
            L::IranAxisFunding,
            L::DealLeftOut,
        ],
        events: &[E::Spoiler, E::Collapsed],
        source: include_str!("talks/truce.rs"),
        links: truce,
    },
    Mechanism {
        id: "nuclear",
        phase: 10,
        title: "The nuclear file: enrichment, breakout, access, weaponisation, zone talks",
        section: "6.14",
        reads: &["Agreement", "Economy", "Factions", "Threat", "Arsenal", "Ledger", "SiteState"],
        writes: &["Programme"],
        levers: &[L::IranEnrichmentCap, L::ZoneTalks, L::SanctionsPressure],
        events: &[E::Nuclear],
        source: include_str!("home/nuclear.rs"),
        links: nuclear,
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
    if !rules.profiles.is_empty() {
        link(Node::Lever(L::Administration), Node::Consent);
        link(Node::Lever(L::Administration), Node::Lever(L::SanctionsPressure));
    }
}

fn economy(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, e) in rules.economies.iter().enumerate() {
        let me = Node::Economy(i);
        for lever in [L::SanctionsPressure, L::SanctionsRelief, L::IranAxisFunding] {
            link(Node::Lever(lever), me);
        }
        held(rules, e.relief_table, me, link);
        if let Some(front) = e.risk_front {
            link(Node::Front(front), me);
        }
    }
}

/// What hangs on an agreement at a table hangs on the collective one as well.
fn held(rules: &Rules, table: Option<usize>, to: Node, link: &mut dyn FnMut(Node, Node)) {
    for table in table.into_iter().chain(rules.collective) {
        link(Node::Table(table), to);
    }
    if rules.collective.is_some() {
        // Whose party is left out is not settled by it.
        link(Node::Lever(L::DealLeftOut), to);
    }
}

fn threat(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, n) in rules.programmes.iter().enumerate() {
        n.watchers.iter().chain(&n.threats).for_each(|&t| link(Node::Programme(i), Node::Threat(t)));
    }
}

fn factions(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, f) in rules.factions.iter().enumerate() {
        let me = Node::Factions(i);
        f.economy.iter().for_each(|&e| link(Node::Economy(e), me));
        f.struck_by.iter().for_each(|&(pair, _)| link(Node::Pair(pair), me));
        rules.actors[f.actor].ledgers.iter().for_each(|&l| link(Node::Ledger(l), me));
        held(rules, f.relief_table, me, link);
        link(Node::Lever(L::SanctionsRelief), me);
        link(Node::Lever(L::IranReformists), me);
        for (t, _) in rules.tables.iter().enumerate().filter(|(_, t)| with_iran(t)) {
            link(Node::Table(t), me);
        }
    }
}

fn council(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, c) in rules.councils.iter().enumerate() {
        link(Node::Territory(c.territory), Node::Council(i));
        for lever in [L::UnscPosture, L::IranUnCostDrive, L::SuspensionDrive, L::Administration] {
            link(Node::Lever(lever), Node::Council(i));
        }
    }
}

/// What adopted texts bear on: the table of the front they are about, the standing and the arms of whom they concern. The links
/// of [`path`] hold what they do there.
fn texts(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, c) in rules.councils.iter().enumerate() {
        for table in c.table.into_iter().chain(rules.collective) {
            link(Node::Council(i), Node::Table(table));
        }
        if let Some(subject) = c.subject {
            link(Node::Council(i), Node::Opinion(subject));
            link(Node::Council(i), Node::Arsenal(subject));
        }
    }
}

fn roadmap(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, r) in rules.roadmaps.iter().enumerate() {
        held(rules, Some(r.table), Node::Roadmap(i), link);
        r.disturbed_by.iter().for_each(|&s| link(Node::Stream(s), Node::Roadmap(i)));
        link(Node::Lever(L::RoadmapAcquiescence), Node::Roadmap(i));
        if !r.parties.is_empty() {
            link(Node::Lever(L::DealGuarantee), Node::Roadmap(i));
            rules.tables[r.table].channels.iter().for_each(|&(c, _)| link(Node::Channel(c), Node::Roadmap(i)));
        }
    }
}

fn incorporation(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, n) in rules.incorporations.iter().enumerate() {
        let me = Node::Incorporation(i);
        match n.process {
            Process::Roadmap => (0..rules.roadmaps.len()).for_each(|r| link(Node::Roadmap(r), me)),
            Process::Integration => (0..rules.integrations.len()).for_each(|n| link(Node::Integration(n), me)),
            Process::Path => {
                for (p, path) in rules.paths.iter().enumerate() {
                    link(Node::Path(p), me);
                    held(rules, Some(path.table), me, link);
                }
                link(Node::Lever(L::UnifiedAdministration), me);
            }
        }
        n.partner.iter().chain(&n.outsiders).for_each(|&t| link(Node::Threat(t), me));
    }
}

fn integration(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, n) in rules.integrations.iter().enumerate() {
        if let Some(g) = rules.actors[n.group].incorporation {
            let rule = &rules.incorporations[g];
            rule.partner.iter().chain(&rule.outsiders).for_each(|&t| link(Node::Threat(t), Node::Integration(i)));
        }
        for lever in [L::CoalitionExitDate, L::UnamiExtension, L::MilitiaIntegration] {
            link(Node::Lever(lever), Node::Integration(i));
        }
    }
}

fn path(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, path) in rules.paths.iter().enumerate() {
        let me = Node::Path(i);
        held(rules, Some(path.table), me, link);
        rules.tables[path.table].silences.iter().for_each(|&s| link(Node::Stream(s), me));
        (0..rules.councils.len()).for_each(|c| link(Node::Council(c), me));
        for lever in [
            L::AidAccess,
            L::ElectionDate,
            L::UnifiedAdministration,
            L::ReconstructionFunds,
            L::IsraelSettlements,
            L::PalestineTrade,
        ] {
            link(Node::Lever(lever), me);
        }
        path.territory.iter().for_each(|&t| link(Node::Territory(t), me));
    }
}

fn forum(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, n) in rules.programmes.iter().enumerate() {
        let me = Node::Programme(i);
        (0..rules.hosts.len()).for_each(|host| link(Node::Host(host), me));
        for (k, initiative) in rules.initiatives.iter().enumerate() {
            if [initiative.actor, initiative.opponent].contains(&n.actor) {
                link(Node::Initiative(k), me);
            }
        }
        for (k, _) in rules.ledgers.iter().enumerate().filter(|(_, l)| [l.holder, l.against].contains(&n.actor)) {
            link(Node::Answer(k), me);
        }
        for (t, relation) in rules.threats.iter().enumerate() {
            if relation.holder == n.actor || rules.hosts.iter().any(|host| host.actor == relation.holder) {
                link(me, Node::Threat(t));
            }
        }
        for (t, table) in rules.tables.iter().enumerate() {
            if table.collective || table.parties.iter().any(|party| party.actor == n.actor) {
                link(me, Node::Table(t));
            }
        }
    }
}

fn fear(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, h) in rules.hosts.iter().enumerate() {
        h.front.iter().for_each(|&front| link(Node::Front(front), Node::Host(i)));
        if let Some(n) = h.integration {
            link(Node::Integration(n), Node::Host(i));
            link(Node::Lever(L::RebrandShare), Node::Host(i));
        }
    }
    for (i, t) in rules.tables.iter().enumerate() {
        let stakes =
            t.parties.iter().flat_map(|party| &party.stakes).map(|&(other, at, _)| &rules.tables[other].parties[at]);
        if t.parties.iter().chain(stakes).any(|party| rules.actors[party.actor].leaned_on) {
            link(Node::Lever(L::Leverage), Node::Table(i));
            link(Node::Lever(L::Administration), Node::Table(i));
        }
    }
}

fn bases(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, h) in rules.hosts.iter().enumerate() {
        let me = Node::Host(i);
        link(Node::Lever(L::BaseSorties), me);
        link(Node::Lever(L::HostAssurances), me);
        for &l in &h.foe_ledgers {
            link(Node::Ledger(l), me);
            link(Node::Answer(l), me);
        }
        h.pair.iter().for_each(|&(pair, _)| link(Node::Pair(pair), me));
        // A struck base writes what any strike on the guest writes.
        strike(rules, h.foe, h.guest, h.guest, me, link);
        // So does one on sites of the host's own.
        strike(rules, h.foe, h.guest, h.actor, me, link);
        link(me, Node::Arsenal(h.foe));
    }
}

fn nuclear(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, n) in rules.programmes.iter().enumerate() {
        let me = Node::Programme(i);
        for lever in [L::IranEnrichmentCap, L::ZoneTalks] {
            link(Node::Lever(lever), me);
        }
        held(rules, n.table, me, link);
        n.economy.iter().for_each(|&e| link(Node::Economy(e), me));
        n.factions.iter().for_each(|&f| link(Node::Factions(f), me));
        n.threats.iter().for_each(|&t| link(Node::Threat(t), me));
        n.ledgers.iter().for_each(|&l| link(Node::Ledger(l), me));
        link(Node::Arsenal(n.actor), me);
        // Strikes that damage its sites.
        for (k, _) in rules.initiatives.iter().enumerate().filter(|(_, rule)| rule.opponent == n.actor) {
            link(Node::Initiative(k), me);
        }
        for (k, _) in rules.ledgers.iter().enumerate().filter(|(_, l)| l.against == n.actor) {
            link(Node::Answer(k), me);
        }
    }
}

fn supply(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, a) in rules.actors.iter().enumerate() {
        if a.stock.is_some() {
            a.threats.iter().for_each(|&t| link(Node::Threat(t), Node::Arsenal(i)));
            a.ledgers.iter().for_each(|&l| link(Node::Pair(rules.ledgers[l].pair), Node::Arsenal(i)));
            a.patron.iter().for_each(|&e| link(Node::Economy(e), Node::Arsenal(i)));
            a.corridor.iter().for_each(|&c| link(Node::Corridor(c), Node::Arsenal(i)));
            for (e, _) in rules.economies.iter().enumerate().filter(|(_, e)| e.actor == i) {
                link(Node::Economy(e), Node::Arsenal(i));
            }
        }
        a.shield_partner.iter().for_each(|&partner| link(Node::Arsenal(partner), Node::Arsenal(i)));
        if a.interceptors.is_some() && !rules.profiles.is_empty() {
            link(Node::Lever(L::Administration), Node::Arsenal(i));
        }
        if let Some(lever) = a.interceptors.as_ref().and_then(|s| s.lever) {
            link(Node::Lever(lever), Node::Arsenal(i));
        }
    }
}

fn peacekeeping(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, m) in rules.missions.iter().enumerate() {
        if m.table.is_some() {
            held(rules, m.table, Node::Mission(i), link);
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
        }
        t.quiets.iter().for_each(|&front| link(table, Node::Front(front)));
        link(Node::Lever(L::DealArchitecture), table);
        if t.roadmap {
            link(Node::Lever(L::SignRoadmap), table);
        }
        if t.direct_talks && !rules.profiles.is_empty() {
            link(Node::Lever(L::Administration), table);
        }
        t.disturbed_by.iter().for_each(|&s| link(Node::Stream(s), table));
        t.path.iter().for_each(|&path| link(Node::Path(path), table));
        let groups = t.parties.iter().filter_map(|party| rules.actors[party.actor].incorporation);
        groups.for_each(|g| link(Node::Incorporation(g), table));
        for party in &t.parties {
            if party.nuclear != Nuclear::None {
                link(Node::Lever(L::SanctionsRelief), table);
                link(Node::Lever(L::IranEnrichmentCap), table);
                link(Node::Lever(L::Administration), table);
            }
            if party.regional_role != RegionalRole::None {
                link(Node::Lever(L::RegionalRole), table);
            }
            if party.acquiesces {
                link(Node::Lever(L::RoadmapAcquiescence), table);
            }
            if party.left_out_option > 0 {
                link(Node::Lever(L::DealLeftOut), table);
            }
            party.pledges.iter().for_each(|&lever| link(Node::Lever(lever), table));
            if rules.actors[party.actor].factions.is_some() {
                for &l in &rules.actors[party.actor].ledgers {
                    link(Node::Ledger(l), table);
                    rules.ledgers[l].reverse.iter().for_each(|&theirs| link(Node::Ledger(theirs), table));
                }
            }
        }
        if t.collective {
            collective(rules, i, link);
        }
    }
}

/// The collective table sees what its parties see at their own tables, and quiets every front.
fn collective(rules: &Rules, table: usize, link: &mut dyn FnMut(Node, Node)) {
    let me = Node::Table(table);
    let stakes = rules.tables[table].parties.iter().flat_map(|party| &party.stakes);
    for &(other, at, _) in stakes {
        let (t, party) = (&rules.tables[other], &rules.tables[other].parties[at]);
        link(Node::Opinion(party.actor), me);
        party.threats.iter().for_each(|&threat| link(Node::Threat(threat), me));
        party.pledges.iter().for_each(|&lever| link(Node::Lever(lever), me));
        t.front.iter().for_each(|&front| link(Node::Front(front), me));
        t.path.iter().for_each(|&path| link(Node::Path(path), me));
        let groups = t.parties.iter().filter_map(|party| rules.actors[party.actor].incorporation);
        groups.for_each(|g| link(Node::Incorporation(g), me));
        t.disturbed_by.iter().for_each(|&s| link(Node::Stream(s), me));
        if party.disputed != Disputed::None {
            link(Node::Lever(L::IsraelDisputedAreas), me);
        }
        if party.sequencing != Sequencing::None {
            link(Node::Lever(L::DealSequencing), me);
        }
        if party.nuclear != Nuclear::None {
            for lever in [L::SanctionsRelief, L::IranEnrichmentCap, L::Administration] {
                link(Node::Lever(lever), me);
            }
        }
        if party.regional_role != RegionalRole::None {
            link(Node::Lever(L::RegionalRole), me);
        }
        if party.acquiesces {
            link(Node::Lever(L::RoadmapAcquiescence), me);
        }
        if rules.actors[party.actor].factions.is_some() {
            for &l in &rules.actors[party.actor].ledgers {
                link(Node::Ledger(l), me);
                rules.ledgers[l].reverse.iter().for_each(|&theirs| link(Node::Ledger(theirs), me));
            }
        }
    }
    for front in 0..rules.fronts.len() {
        link(me, Node::Front(front));
    }
}

/// Whether a table in talks counts as talks with Iran.
fn with_iran(t: &TableRules) -> bool {
    t.opens == Opens::WithMuscat || t.collective
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
            for (i, _) in rules.tables.iter().enumerate().filter(|(_, t)| with_iran(t)) {
                link(Node::Table(i), to);
            }
        }
        Caution::UsPressure => {
            for (i, _) in rules.channels.iter().enumerate().filter(|(_, c)| c.suspended_by.is_some()) {
                link(Node::Channel(i), to);
            }
            (0..rules.hosts.len()).for_each(|h| link(Node::Host(h), to));
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
            link(Node::Consent, me);
        }
        rules.collective.iter().for_each(|&t| link(Node::Table(t), me));
        if let Some(n) = rule.programme {
            link(Node::Programme(n), me);
            held(rules, rules.programmes[n].table, me, link);
        }
        if let Some((friend, _)) = rule.joined_by {
            strike(rules, friend, rule.opponent, rule.opponent, me, link);
        }
        if let Some(l) = rule.own_ledger {
            if rules.ledgers[l].means == Means::Salvo {
                link(me, Node::Arsenal(rule.actor));
            }
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
        rules.actors[l.holder].factions.iter().for_each(|&f| link(Node::Factions(f), me));
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

fn restraint(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    let switch = Node::Lever(L::ExchangeRestraint);
    for (i, l) in rules.ledgers.iter().enumerate() {
        // Past the threshold of war the caution of both has a say in an answer.
        let me = Node::Answer(i);
        link(switch, me);
        if let Some(theirs) = l.reverse {
            link(Node::Ledger(theirs), me);
            caution(rules.ledgers[theirs].caution, rules, me, link);
        }
        let Some(table) = settling(l, rules) else { continue };
        let me = Node::Ledger(i);
        link(switch, me);
        link(Node::Pair(l.pair), me);
        caution(l.caution, rules, me, link);
        for &(c, _) in &rules.tables[table].channels {
            link(Node::Channel(c), me);
            link(Node::Lever(rules.channels[c].lever), me);
        }
        if let Some(theirs) = l.reverse {
            link(Node::Ledger(theirs), me);
            rules.ledgers[theirs].restraint.iter().for_each(|&pledge| link(Node::Lever(pledge), me));
        }
        link(me, Node::Resolve(l.holder));
    }
    for (i, rule) in rules.initiatives.iter().enumerate() {
        let me = Node::Initiative(i);
        let Some(own) = rule.own_ledger else { continue };
        // A blow at the other is the end of what was let go.
        link(me, Node::Ledger(own));
        if let Some(theirs) = rules.ledgers[own].reverse {
            link(switch, me);
            link(Node::Ledger(theirs), me);
            rules.ledgers[theirs].restraint.iter().for_each(|&pledge| link(Node::Lever(pledge), me));
        }
    }
}

fn fire(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, s) in rules.streams.iter().enumerate() {
        let me = Node::Stream(i);
        s.offspring.iter().for_each(|&(source, _)| link(Node::Stream(source), me));
        s.solidarity.iter().for_each(|&(table, _)| link(Node::Table(table), me));
        if let Some(table) = s.silenced_by {
            link(Node::Lever(L::DealLinkage), me);
            for &linked in &rules.tables[table].links {
                link(Node::Table(linked), me);
                rules.tables[linked].front.iter().for_each(|&front| link(Node::Front(front), me));
            }
        }
        link(Node::Front(s.front), me);
        if let Some(t) = rules.collective {
            link(Node::Table(t), me);
            link(Node::Lever(L::DealLeftOut), me);
        }
        if s.bonds.halted || s.bonds.outside {
            (0..rules.roadmaps.len()).for_each(|r| link(Node::Roadmap(r), me));
        }
        if s.bonds.leaving || s.bonds.freelance {
            (0..rules.integrations.len()).for_each(|n| link(Node::Integration(n), me));
        }
        if s.bonds.leaving && !rules.integrations.is_empty() {
            link(Node::Lever(L::RebrandShare), me);
        }
        if let Some(patron) = rules.actors[s.attacker].patron {
            link(Node::Economy(patron), me);
        }
        if let Some(g) = rules.actors[s.attacker].incorporation {
            link(Node::Incorporation(g), me);
            if rules.incorporations[g].process == Process::Path {
                (0..rules.paths.len()).for_each(|path| link(Node::Path(path), me));
            }
        }
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
        if s.bonds.relieved {
            (0..rules.paths.len()).for_each(|path| link(Node::Path(path), deaths));
        }
        if s.bonds.attributed {
            (0..rules.integrations.len()).for_each(|n| link(Node::Integration(n), deaths));
        }
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
        if t.exposed > 0.0
            && let Some(path) = rules.fronts[t.front].table.and_then(|table| rules.tables[table].path)
        {
            link(Node::Path(path), Node::Territory(i));
        }
        if t.exposed > 0.0 && rules.fronts[t.front].table.is_some() {
            held(rules, rules.fronts[t.front].table, Node::Territory(i), link);
        }
    }
    for (i, l) in rules.ledgers.iter().enumerate() {
        link(Node::Ledger(i), Node::Resolve(l.holder));
    }
}

fn ladder(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, f) in rules.fronts.iter().enumerate() {
        let me = Node::Front(i);
        if let Some(t) = rules.collective {
            link(Node::Table(t), me);
            link(Node::Lever(L::DealLeftOut), me);
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
                caution(rules.ledgers[l].caution, rules, me, link);
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

fn truce(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, t) in rules.tables.iter().enumerate() {
        let me = Node::Table(i);
        t.silences.iter().for_each(|&s| link(Node::Stream(s), me));
        t.links.iter().for_each(|&other| link(Node::Table(other), me));
        if !t.links.is_empty() || t.collective {
            link(Node::Lever(L::DealLinkage), me);
        }
        // A linked agreement may be the collective one.
        if !t.links.is_empty() {
            rules.collective.iter().for_each(|&all| link(Node::Table(all), me));
        }
        link(Node::Lever(L::DealGuarantee), me);
        t.path.iter().for_each(|&path| link(Node::Path(path), me));
        for party in t.parties.iter().filter(|party| party.left_out_option > 0) {
            link(Node::Lever(L::DealLeftOut), me);
            if let Some(lever) = rules.actors[party.actor].directive {
                link(Node::Lever(lever), me);
            }
            link(Node::Arsenal(party.actor), me);
            spoiler(rules, party.actor, me, link);
        }
        if let Some(mission) = t.mission {
            link(Node::Mission(mission), me);
            link(me, Node::Mission(mission));
        }
        for &(actor, _) in &t.spoilers {
            link(Node::Arsenal(actor), me);
            spoiler(rules, actor, me, link);
            if let Some(lever) = rules.actors[actor].directive {
                link(Node::Lever(lever), me);
            }
        }
    }
}

/// What a left-out group's attacks rest on beside its directive: its means, and what has come under political authority.
fn spoiler(rules: &Rules, actor: usize, to: Node, link: &mut dyn FnMut(Node, Node)) {
    rules.actors[actor].patron.iter().for_each(|&e| link(Node::Economy(e), to));
    rules.actors[actor].incorporation.iter().for_each(|&g| link(Node::Incorporation(g), to));
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
                    nodes.push(Node::Lever(L::ScaleVeto));
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
                nodes.push(Node::Lever(L::BaseSorties));
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
        "phases" | "suspended" => {
            node(find(rules.roadmaps.iter().map(|r| r.id.text.as_str()).collect()), Node::Roadmap)
        }
        "integrated" | "coalition_exit" => {
            node(find(rules.integrations.iter().map(|n| n.id.text.as_str()).collect()), Node::Integration)
        }
        "isolation" | "veto_cost" => {
            node(find(rules.councils.iter().map(|c| c.id.text.as_str()).collect()), Node::Council)
        }
        "incorporated" => {
            node(find(rules.incorporations.iter().map(|n| n.id.text.as_str()).collect()), Node::Incorporation)
        }
        "trade" => {
            let path = find(rules.paths.iter().map(|path| path.id.text.as_str()).collect());
            let mut nodes = node(path, Node::Path);
            nodes.extend(path.map(|path| Node::Table(rules.paths[path].table)));
            nodes.extend(rules.collective.map(Node::Table));
            nodes.push(Node::Lever(L::PalestineTrade));
            nodes.push(Node::Lever(L::DealLeftOut));
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
