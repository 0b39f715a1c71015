//! What a mechanism is: what it reads, writes and obeys, and its links. Its descriptor stands in its own file.

use super::event::EventKind;
use super::rules::Rules;
use crate::symbols::levers::Lever;

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

/// What hangs on an agreement at a table hangs on the collective one as well.
pub(super) fn held(rules: &Rules, table: Option<usize>, to: Node, link: &mut dyn FnMut(Node, Node)) {
    for table in table.into_iter().chain(rules.collective) {
        link(Node::Table(table), to);
    }
    if rules.collective.is_some() {
        // Whose party is left out is not settled by it.
        link(Node::Lever(Lever::DealLeftOut), to);
    }
}
