//! Rules of the wider region: administrations, hosts, economies, corridors, factions, nuclear programmes, the roadmap,
//! integration, councils, the Gaza path.

use super::Id;
use crate::scenario::raw::Process;

/// What a US administration aims at.
#[derive(Clone, Debug)]
pub struct ProfileRules {
    /// Option of `us.administration`.
    pub id: Id,
    /// Sanctions pressure.
    pub sanctions: f64,
    /// Consent to a preventive strike.
    pub consent: f64,
    /// Term against drafts (T).
    pub council_term: f64,
    /// Arms sent, times usual.
    pub arms: f64,
    /// Appetite for direct talks.
    pub talks: f64,
    /// Whether it breaks with the course before.
    pub breaks_course: bool,
}

/// A state that hosts bases.
#[derive(Clone, Debug)]
pub struct HostRules {
    /// Id: the host's.
    pub id: Id,
    /// The host.
    pub actor: usize,
    /// Whose forces.
    pub guest: usize,
    /// Who warns and answers.
    pub foe: usize,
    /// Bases, by site.
    pub bases: Vec<usize>,
    /// Personnel.
    pub personnel: f64,
    /// Permission at rest.
    pub permission: f64,
    /// Immunity of a mediator.
    pub immunity: f64,
    /// How permission answers fear of war: above 0 it falls.
    pub fear_response: f64,
    /// Days in which fear follows.
    pub fear_lag: f64,
    /// The front of the foe and its opponent whose level it fears: that of the foe's first ledger with one.
    pub front: Option<usize>,
    /// Integration whose exit takes the guest's forces from its soil.
    pub integration: Option<usize>,
    /// Share of all personnel at hosts (derived).
    pub weight: f64,
    /// Ledgers of the foe: an answer owed on one of them brings warnings.
    pub foe_ledgers: Vec<usize>,
    /// Ledger of the foe against the guest.
    pub ledger: Option<usize>,
    /// Pair of foe and guest, and the guest's side in it.
    pub pair: Option<(usize, usize)>,
}

/// An economy under sanctions.
#[derive(Clone, Debug)]
pub struct EconomyRules {
    /// Id: the actor's.
    pub id: Id,
    /// The actor.
    pub actor: usize,
    /// Oil exports at the start, mb/d.
    pub oil: f64,
    /// Sanctions pressure at the start.
    pub sanctions: f64,
    /// Front whose level raises the price.
    pub risk_front: Option<usize>,
    /// Table whose agreement brings relief.
    pub relief_table: Option<usize>,
}

/// A supply corridor.
#[derive(Clone, Debug)]
pub struct CorridorRules {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Documented day of its loss; until then it is not lost of itself.
    pub lost_on: Option<i32>,
}

/// Factions at home.
#[derive(Clone, Debug)]
pub struct FactionsRules {
    /// Id: the actor's.
    pub id: Id,
    /// The actor.
    pub actor: usize,
    /// Reformists' weight at rest.
    pub reformists: f64,
    /// Patience at the start.
    pub patience: f64,
    /// Economy that feeds grievance.
    pub economy: Option<usize>,
    /// Table whose agreement delivers relief.
    pub relief_table: Option<usize>,
    /// (pair, side of the other) by which strikes on home soil are known.
    pub struck_by: Vec<(usize, usize)>,
}

/// A nuclear programme.
#[derive(Clone, Debug)]
pub struct ProgrammeRules {
    /// Id: the actor's.
    pub id: Id,
    /// The actor.
    pub actor: usize,
    /// 60 % uranium at the start, kg.
    pub stock: f64,
    /// Access at the start.
    pub access: f64,
    /// Chance of a hidden programme at the start.
    pub latent: f64,
    /// Table that caps it.
    pub table: Option<usize>,
    /// Threat relations of the watchers toward the actor, for zone talks and preventive strikes.
    pub watchers: Vec<usize>,
    /// Nuclear sites of the actor.
    pub sites: Vec<usize>,
    /// The actor's own threat relations.
    pub threats: Vec<usize>,
    /// The actor's ledgers.
    pub ledgers: Vec<usize>,
    /// Factions of the actor.
    pub factions: Option<usize>,
    /// Economy of the actor.
    pub economy: Option<usize>,
}

/// A roadmap.
#[derive(Clone, Debug)]
pub struct RoadmapRules {
    /// Id: the table's.
    pub id: Id,
    /// Name.
    pub name: String,
    /// The table.
    pub table: usize,
    /// Stream that suspends it.
    pub disturbed_by: Option<usize>,
    /// Whose consent its later stages wait for.
    pub parties: Vec<StageParty>,
}

/// A party to the later stages of a roadmap.
#[derive(Clone, Debug)]
pub struct StageParty {
    /// Its consent, as an explanation names it.
    pub consent: String,
    /// B.
    pub benefit: f64,
    /// c⁰.
    pub war_cost: f64,
    /// AC.
    pub audience_cost: f64,
    /// CP.
    pub commitment_cost: f64,
}

/// An armed group that can come under the political authority of a state.
#[derive(Clone, Debug)]
pub struct IncorporationRules {
    /// Id: the group's.
    pub id: Id,
    /// The group.
    pub group: usize,
    /// The state or authority.
    pub state: usize,
    /// The process that brings it about.
    pub process: Process,
    /// Share at the start: that of the integration whose group it is, else 0.
    pub share: f64,
    /// Its threat relation toward the state's partner.
    pub partner: Option<usize>,
    /// Its threat relations toward outsiders who strike it.
    pub outsiders: Vec<usize>,
    /// Whether its list stands in elections.
    pub stands: bool,
}

/// Integration of armed groups into a state's forces.
#[derive(Clone, Debug)]
pub struct IntegrationRules {
    /// Id: the state's.
    pub id: Id,
    /// The state.
    pub actor: usize,
    /// The group.
    pub group: usize,
    /// Share integrated at the start.
    pub share: f64,
    /// Capacity of the state at the start.
    pub capacity: f64,
    /// Announced exit of the coalition, day.
    pub announced_exit: Option<i32>,
    /// End of the UN mission, day.
    pub mission_ends: Option<i32>,
}

/// A kind of draft.
#[derive(Clone, Debug)]
pub struct DraftRules {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Relative frequency.
    pub frequency: f64,
    /// A US draft.
    pub us_draft: bool,
    /// Calls for the release of hostages.
    pub hostages: bool,
    /// Provides for aid.
    pub aid: bool,
    /// Unconditional cease-fire.
    pub unconditional: bool,
    /// Statehood, membership, Chapter VII.
    pub statehood: bool,
    /// Calls for a cease-fire or endorses one.
    pub cease_fire: bool,
    /// Other members against.
    pub against: Vec<String>,
    /// Other members abstaining.
    pub abstaining: Vec<String>,
    /// Whether another permanent member vetoes.
    pub vetoed_by_others: bool,
    /// Permanent members recorded against, one bit each by their place in [`crate::sim::talks::texts::PERMANENT`].
    pub vetoing: u8,
}

/// A council with its assembly.
#[derive(Clone, Debug)]
pub struct CouncilRules {
    /// Id.
    pub id: Id,
    /// Yes share at the start.
    pub isolation: f64,
    /// Territory whose deaths weigh.
    pub territory: usize,
    /// The table of that territory's front: a cease-fire text bears on it.
    pub table: Option<usize>,
    /// The party at that table that is recorded against the Assembly's text: texts on credentials concern it.
    pub subject: Option<usize>,
    /// Deaths before the start.
    pub deaths_before: f64,
    /// States in favour of the Assembly's text of the start, unnamed.
    pub assembly_for: u32,
    /// States recorded against it, then those recorded as abstaining.
    pub assembly_named: Vec<String>,
    /// How many of these are recorded against.
    pub assembly_against: usize,
    /// States among them that are actors here, one bit each: parties to the conflict and its powers vote as recorded.
    pub assembly_fixed: u64,
    /// Kinds of drafts.
    pub drafts: Vec<DraftRules>,
}

/// The path that a truce opens.
#[derive(Clone, Debug)]
pub struct PathRules {
    /// Id: the table's.
    pub id: Id,
    /// The table.
    pub table: usize,
    /// Legitimacy at the start.
    pub legitimacy: f64,
    /// The authority whose list stands in elections.
    pub authority: Option<usize>,
    /// The group whose list stands against it.
    pub group: Option<usize>,
    /// Territory in which the dead weigh on the vote: the first of the table's front.
    pub territory: Option<usize>,
}

/// How a stream is bound to the processes of the wider region.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bonds {
    /// The roadmap ends it step by step.
    pub halted: bool,
    /// The roadmap draws these outside strikes down.
    pub outside: bool,
    /// It is fired at foreign forces, which may leave.
    pub leaving: bool,
    /// Integration ends it.
    pub freelance: bool,
    /// Integration turns its deaths on the state.
    pub attributed: bool,
    /// Aid lowers its deaths.
    pub relieved: bool,
}

impl Bonds {
    /// Whether any factor bears on its baseline.
    #[inline]
    #[must_use]
    pub fn on_baseline(self) -> bool {
        self.halted || self.outside || self.leaving || self.freelance
    }
}
