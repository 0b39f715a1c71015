//! Sections of the wider region: administrations, hosts of bases, economies, corridors, factions, nuclear programmes, the
//! roadmap, integration, councils, the Gaza path, and documented events.

use super::Quantity;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A mechanism that a scenario can leave out; everything that hangs on it then is as if it were not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Courses of the US administration.
    Administration,
    /// Hosts of bases, the air defence of their guest, and friends who join a strike from them.
    Bases,
    /// Sanctions, oil, funding.
    Economy,
    /// Supply corridors.
    Corridors,
    /// Factions, patience, unrest.
    Factions,
    /// Nuclear programmes.
    Nuclear,
    /// The Saudi-Houthi roadmap and its table.
    Roadmap,
    /// Coalition exit and integration of groups in Iraq.
    Iraq,
    /// Council and Assembly.
    Council,
    /// The Gaza path after a truce.
    GazaPath,
    /// The tables RED, IRQ, NUC and ALL.
    WiderTables,
    /// The partner shield that follows the partner's strength.
    PartnerShield,
    /// Incorporation of armed groups under political authority.
    Incorporation,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 13] = [
        Self::Administration,
        Self::Bases,
        Self::Economy,
        Self::Corridors,
        Self::Factions,
        Self::Nuclear,
        Self::Roadmap,
        Self::Iraq,
        Self::Council,
        Self::GazaPath,
        Self::WiderTables,
        Self::PartnerShield,
        Self::Incorporation,
    ];
}

/// Takes the parts that a scenario leaves out from it.
pub(in crate::scenario) fn leave_out(scenario: &mut super::Scenario) {
    let mut gone: Vec<&str> = Vec::new();
    for part in &scenario.without {
        match part {
            Part::Administration => scenario.profiles.clear(),
            Part::Bases => {
                for host in scenario.hosts.values() {
                    if let Some(guest) = scenario.actors.get_mut(&host.guest) {
                        guest.interceptors = None;
                    }
                }
                scenario.hosts.clear();
                scenario.initiatives.values_mut().for_each(|initiative| initiative.joined_by = None);
            }
            Part::Economy => scenario.economies.clear(),
            Part::Corridors => scenario.corridors.clear(),
            Part::Factions => scenario.factions.clear(),
            Part::Nuclear => scenario.programmes.clear(),
            Part::Roadmap => {
                scenario.roadmaps.clear();
                gone.push("YEM");
            }
            Part::Iraq => scenario.integrations.clear(),
            Part::Council => scenario.councils.clear(),
            Part::GazaPath => scenario.paths.clear(),
            Part::WiderTables => gone.extend(["RED", "IRQ", "NUC", "ALL"]),
            Part::Incorporation => scenario.incorporations.clear(),
            Part::PartnerShield => scenario.actors.values_mut().for_each(|actor| actor.shield_partner = None),
        }
    }
    let stays = |table: &String| !gone.contains(&table.as_str());
    scenario.tables.retain(|id, _| stays(id));
    for front in scenario.fronts.values_mut() {
        front.table = front.table.take().filter(stays);
    }
    for table in scenario.tables.values_mut() {
        table.links.retain(stays);
    }
    for entry in &mut scenario.calendar {
        entry.tables.retain(stays);
    }
}

/// What a US administration aims at from the change of administration on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// Sanctions pressure; moves `us.sanctions_pressure` unless the scenario or the user holds that lever.
    #[schemars(extend("x-needed" = true))]
    pub sanctions: Quantity,
    /// Consent to a preventive strike.
    #[schemars(extend("x-needed" = true))]
    pub consent: Quantity,
    /// Term against drafts in the Security Council.
    pub council_term: Quantity,
    /// Arms and interceptors sent, times usual.
    #[schemars(extend("x-needed" = true))]
    pub arms: Quantity,
    /// Appetite for direct talks with Iran; .5 is neutral.
    #[schemars(extend("x-needed" = true))]
    pub talks: Quantity,
    /// Whether it breaks with the course before it, so that its promises count for less.
    pub breaks_course: bool,
}

/// A state that hosts bases of another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Host {
    /// Whose forces it hosts.
    #[schemars(extend("x-needed" = true))]
    pub guest: String,
    /// Who warns it, and may answer at its bases.
    #[schemars(extend("x-needed" = true))]
    pub foe: String,
    /// Bases, by site.
    #[schemars(extend("x-needed" = true))]
    pub bases: Vec<String>,
    /// Personnel of the guest.
    #[schemars(extend("x-needed" = true))]
    pub personnel: Quantity,
    /// Basing permission at rest, 0 to 1.
    #[schemars(extend("x-needed" = true))]
    pub permission: Quantity,
    /// Immunity of a mediator, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub immunity: Option<Quantity>,
    /// How its permission answers its fear of war: above 0 it withdraws, below 0 it leans on its guest; 0 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fear_response: Option<Quantity>,
    /// Days in which its fear of war follows what it fears; at once if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fear_lag_days: Option<Quantity>,
}

/// An economy under sanctions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Economy {
    /// Oil exports at the start, million barrels a day.
    #[schemars(extend("x-needed" = true))]
    pub oil: Quantity,
    /// Sanctions pressure at the start, 0 to 1.
    #[schemars(extend("x-needed" = true))]
    pub sanctions: Quantity,
    /// Front whose level raises the oil price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk_front: Option<String>,
    /// Nuclear table whose agreement brings the relief offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relief_table: Option<String>,
}

/// A supply corridor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Corridor {
    /// Name.
    #[schemars(extend("x-needed" = true))]
    pub name: String,
    /// Groups supplied through it.
    #[schemars(extend("x-needed" = true))]
    pub supplies: Vec<String>,
    /// Positions on the map.
    pub sites: Vec<String>,
}

/// Factions at home.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Factions {
    /// Weight of the reformists at rest and at the start.
    #[schemars(extend("x-needed" = true))]
    pub reformists: Quantity,
    /// The leader's patience at the start.
    #[schemars(extend("x-needed" = true))]
    pub patience: Quantity,
}

/// A nuclear programme.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Programme {
    /// 60 % uranium at the start, kg.
    #[schemars(extend("x-needed" = true))]
    pub stock: Quantity,
    /// Inspectors' access at the start, 0 to 1.
    #[schemars(extend("x-needed" = true))]
    pub access: Quantity,
    /// Chance that a hidden weaponisation programme exists at the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latent: Option<Quantity>,
    /// Table whose agreement caps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Sites that enrich and convert, by id: damage there slows it.
    pub sites: Vec<String>,
    /// Who watches it: whose perceived threat and preventive strikes it moves.
    pub watched_by: Vec<String>,
}

/// A roadmap that its table's agreement sets going.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Roadmap {
    /// Name.
    #[schemars(extend("x-needed" = true))]
    pub name: String,
    /// Streams whose baselines it ends step by step.
    pub halts: Vec<String>,
    /// Outside strikes that it draws down.
    pub shields_from: Vec<String>,
    /// Stream that suspends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disturbed_by: Option<String>,
    /// Whose consent its later stages wait for (`roadmap_consent`), by short id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parties: BTreeMap<String, StageParty>,
}

/// A party to the later stages of a roadmap. It need not be an actor: nothing else is asked of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StageParty {
    /// Name.
    #[schemars(extend("x-needed" = true))]
    pub name: String,
    /// Value of these stages.
    #[schemars(extend("x-needed" = true))]
    pub benefit: Quantity,
    /// Cost of going on without them.
    #[schemars(extend("x-needed" = true))]
    pub war_cost: Quantity,
    /// Audience cost of them.
    #[schemars(extend("x-needed" = true))]
    pub audience_cost: Quantity,
    /// Cost of relying on the others' promise.
    #[schemars(extend("x-needed" = true))]
    pub commitment_cost: Quantity,
}

/// The process that brings an armed group under political authority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Process {
    /// The roadmap.
    #[default]
    Roadmap,
    /// Integration into a state's forces.
    Integration,
    /// The path after a truce in Gaza.
    Path,
}

/// An armed group that can come under the political authority of a state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Incorporation {
    /// The state or authority.
    #[schemars(extend("x-needed" = true))]
    pub state: String,
    /// The process that brings it about.
    pub process: Process,
    /// The state's partner: fresh harm by it is a breach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
    /// Others whose strikes on the group set incorporation back.
    pub outsiders: Vec<String>,
}

/// Armed groups becoming part of a state's forces while foreign forces leave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Integration {
    /// Share integrated at the start.
    #[schemars(extend("x-needed" = true))]
    pub share: Quantity,
    /// Capacity of the state at the start.
    #[schemars(extend("x-needed" = true))]
    pub capacity: Quantity,
    /// Group that integrates.
    #[schemars(extend("x-needed" = true))]
    pub group: String,
    /// Streams at the foreign forces, which leave.
    pub leaving: Vec<String>,
    /// Streams of freelance fire that integration ends.
    pub freelance: Vec<String>,
    /// Streams whose deaths fall on the state as integration grows.
    pub attributed: Vec<String>,
    /// Date announced for the exit.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub announced_exit: Option<Date>,
    /// Date on which the UN mission ends unless extended.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mission_ends: Option<Date>,
}

/// A council that votes on drafts, with an assembly beside it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Council {
    /// Yes share on the Assembly's last text at the start.
    #[schemars(extend("x-needed" = true))]
    pub isolation: Quantity,
    /// Territory whose deaths weigh on the votes.
    #[schemars(extend("x-needed" = true))]
    pub territory: String,
    /// Deaths there before the start.
    #[schemars(range(min = 0))]
    pub deaths_before: f64,
    /// States in favour of the Assembly's text of the start.
    #[schemars(range(min = 0, max = 193))]
    pub assembly_for: u32,
    /// States recorded against it, by name.
    pub assembly_against: Vec<String>,
    /// States recorded as abstaining, by name.
    pub assembly_abstaining: Vec<String>,
    /// Kinds of drafts, by id.
    pub drafts: BTreeMap<String, Draft>,
}

/// A kind of draft.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// Name, in neutral words.
    #[schemars(extend("x-needed" = true))]
    pub name: String,
    /// How often drafts of this kind come, relative to the others.
    #[schemars(extend("x-needed" = true))]
    pub frequency: Quantity,
    /// Put forward by the United States.
    pub us_draft: bool,
    /// Calls for the release of hostages.
    pub hostages: bool,
    /// Provides for aid.
    pub aid: bool,
    /// Demands an unconditional cease-fire.
    pub unconditional: bool,
    /// Statehood, membership or Chapter VII.
    pub statehood: bool,
    /// Calls for a cease-fire, or endorses an agreement on one.
    pub cease_fire: bool,
    /// Other members recorded against; a permanent one among them is a veto.
    pub against: Vec<String>,
    /// Other members recorded as abstaining.
    pub abstaining: Vec<String>,
}

/// The path that a truce opens: withdrawal, then administration, elections and reconstruction side by side.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GazaPath {
    /// Legitimacy of the authority at the start.
    #[schemars(extend("x-needed" = true))]
    pub legitimacy: Quantity,
    /// Streams whose deaths aid lowers.
    pub relieves: Vec<String>,
    /// The authority, whose list stands in elections.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// The armed group whose list stands against it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// What a documented event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ForcedKind {
    /// An agreement is signed (`id`: table). Until the last date given for a table, it neither signs nor collapses of itself.
    Signed,
    /// An agreement collapses (`id`: table).
    Collapsed,
    /// A blow falls (`id`: initiative). Until the last date given, none falls of itself.
    Blow,
    /// A preventive strike comes (`id`: initiative). Until the last date given, none comes of itself.
    Preventive,
    /// A corridor is lost (`id`: corridor). Until that date it is not lost of itself.
    CorridorLost,
}

/// A documented event, fed into a run for comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Forced {
    /// When.
    #[schemars(with = "String", extend("format" = "date"))]
    pub date: Date,
    /// What.
    pub kind: ForcedKind,
    /// To which table, initiative or corridor.
    pub id: String,
    /// Size of a strike, blows; the model's usual one if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blows: Option<f64>,
    /// Where it is documented.
    pub source: String,
}
