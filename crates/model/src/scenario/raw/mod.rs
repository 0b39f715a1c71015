//! The scenario file as written: plain types from which the reader, the JSON Schema and the docs are made.
//!
//! Everything a scenario holds is a table keyed by id, so that an overlay (`extends`) names just what it changes. Field
//! names carry their unit; every number that is an estimate may be written as a [`Quantity`] with its own range and source.
//!
//! The reader checks files against the JSON Schema made from these types. A field marked `x-needed` must be present once
//! all overlays are merged (a single file may leave it to the scenario it extends); any other field may be left out.

mod region;

pub(in crate::scenario) use region::leave_out;
pub use region::{
    Corridor, Council, Draft, Economy, Factions, Forced, ForcedKind, GazaPath, Host, Incorporation, Integration, Part,
    Process, Profile, Programme, Roadmap, StageParty,
};

use crate::symbols::Evidence;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the scenario format this program reads and writes.
pub const FORMAT: u32 = 1;

/// A whole scenario, after all overlays are merged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// Version of the file format; this program reads 1.
    pub format: u32,
    /// Built-in scenario name, or path of a file relative to this one, that this file overlays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// Short name.
    pub name: String,
    /// One line for a list.
    pub title: String,
    /// A paragraph for a teacher: the question, what to try, what to watch.
    pub description: String,
    /// What its outcomes are set beside, where that is not the scenario it extends; nothing if left out.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub beside: String,
    /// First day of the simulation.
    #[schemars(with = "String", extend("format" = "date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-needed" = true))]
    pub start: Option<Date>,
    /// Days to run unless told otherwise (1 to 3,650).
    #[schemars(range(min = 1, max = 3650))]
    #[schemars(extend("x-needed" = true))]
    pub days: u32,
    /// States, armed groups and other parties, by id (three capital letters; `SHIPS` stands for merchant shipping).
    pub actors: BTreeMap<String, Actor>,
    /// Places on the map, by id.
    pub sites: BTreeMap<String, Site>,
    /// Fronts, by id.
    pub fronts: BTreeMap<String, Front>,
    /// Directed fire streams, by id `ATTACKER>TARGET`.
    pub streams: BTreeMap<String, Stream>,
    /// Ledgers of unanswered harm, by id `HOLDER|AGAINST`.
    pub ledgers: BTreeMap<String, Ledger>,
    /// Who may start blows and preventive strikes against whom, by id `ACTOR>OPPONENT`.
    pub initiatives: BTreeMap<String, Initiative>,
    /// Negotiation tables and the agreements they can sign, by id.
    pub tables: BTreeMap<String, Table>,
    /// Mediation channels, by id.
    pub channels: BTreeMap<String, Channel>,
    /// Peacekeeping missions, by id.
    pub missions: BTreeMap<String, Mission>,
    /// Institutions (councils, agencies), by id.
    pub institutions: BTreeMap<String, Institution>,
    /// Territories whose dead and displaced are counted, by id.
    pub territories: BTreeMap<String, Territory>,
    /// Courses of the US administration, by option of `us.administration`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub profiles: BTreeMap<String, Profile>,
    /// States that host bases, by actor.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub hosts: BTreeMap<String, Host>,
    /// Economies under sanctions, by actor.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub economies: BTreeMap<String, Economy>,
    /// Supply corridors, by id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub corridors: BTreeMap<String, Corridor>,
    /// Factions at home, by actor.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub factions: BTreeMap<String, Factions>,
    /// Nuclear programmes, by actor.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub programmes: BTreeMap<String, Programme>,
    /// Roadmaps, by table.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub roadmaps: BTreeMap<String, Roadmap>,
    /// Integration of armed groups, by state.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub integrations: BTreeMap<String, Integration>,
    /// Councils that vote on drafts, by institution.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub councils: BTreeMap<String, Council>,
    /// Paths that a truce opens, by table.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub paths: BTreeMap<String, GazaPath>,
    /// Armed groups that can come under the political authority of a state, by group.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub incorporations: BTreeMap<String, Incorporation>,
    /// Mechanisms left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<Part>,
    /// Documented events, fed into the run for comparison.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forced: Vec<Forced>,
    /// Dated events from outside the model.
    pub calendar: Vec<CalendarEntry>,
    /// Scalar parameters that differ from their defaults, by id (`detente parameters` lists them).
    pub parameters: BTreeMap<String, f64>,
    /// Levers that differ from their defaults at the start, by id, dots nesting: `unifil.troops = 12000`.
    pub levers: BTreeMap<String, LeverNode>,
    /// Levers that change later.
    pub lever_changes: Vec<LeverEntry>,
}

/// An estimate: a bare number, or a number with the range, evidence tag and source that belong to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Quantity {
    /// The value alone; range and tag follow from its family.
    Number(f64),
    /// The value with what is known about it.
    Sourced(Sourced),
}

/// A number with its range, evidence tag and source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sourced {
    /// The default value.
    pub value: f64,
    /// Low end of the range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// High end of the range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// Evidence: S sourced, L literature from memory, C calibrated, A assumption, H assumption with hindsight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<Tag>,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Evidence tag as written in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Tag {
    /// Stored public source.
    S,
    /// Literature, from memory.
    L,
    /// Calibrated on the training window.
    C,
    /// Assumption.
    A,
    /// Assumption with hindsight.
    H,
}

impl From<Tag> for Evidence {
    fn from(tag: Tag) -> Self {
        match tag {
            Tag::S => Self::S,
            Tag::L => Self::L,
            Tag::C => Self::C,
            Tag::A => Self::A,
            Tag::H => Self::H,
        }
    }
}

impl Quantity {
    /// The value.
    #[must_use]
    pub fn value(&self) -> f64 {
        match self {
            Self::Number(value) => *value,
            Self::Sourced(sourced) => sourced.value,
        }
    }
}

impl Default for Quantity {
    fn default() -> Self {
        Self::Number(0.0)
    }
}

/// What an actor is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A state.
    #[default]
    State,
    /// An armed group.
    Group,
    /// An authority short of statehood.
    Authority,
    /// Merchant shipping: a target, never an attacker.
    Shipping,
}

/// How the map colours an actor; it has no effect on the model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Israel.
    Israel,
    /// United States.
    UnitedStates,
    /// Iran.
    Iran,
    /// Armed groups aligned with Iran.
    Aligned,
    /// UN bodies.
    Un,
    /// Everyone else.
    #[default]
    Other,
}

/// A state, group or other party.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Actor {
    /// Name in neutral words.
    #[schemars(extend("x-needed" = true))]
    pub name: String,
    /// What it is.
    pub kind: ActorKind,
    /// Colour on the map.
    pub side: Side,
    /// Where its marker stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Relative military capability, 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    pub capability: f64,
    /// Reputation for resolve at the start, 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolve: Option<f64>,
    /// How threatening its posture looks, 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posture: Option<f64>,
    /// Influence of the reformist bloc, 0 to 1; .5 is neutral.
    #[schemars(range(min = 0, max = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reformist_weight: Option<f64>,
    /// Air defence, as a share of intact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub air_defence: Option<Quantity>,
    /// Partner shield, as a share of August 2024.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shield: Option<Quantity>,
    /// Partner whose strength the shield follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shield_partner: Option<String>,
    /// Patron, whose economy pays for the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patron: Option<String>,
    /// Share of the group's means that the patron pays for, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patron_funding: Option<Quantity>,
    /// Patron's control over the group (c_g), 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patron_control: Option<Quantity>,
    /// Lever by which the patron holds the group back as a spoiler.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directive: Option<String>,
    /// Loss of leadership at the start, 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decapitation: Option<f64>,
    /// Munitions; without this entry supply is not a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stock: Option<Stock>,
    /// Interceptors against ballistic missiles; without this entry nothing is intercepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interceptors: Option<Interceptors>,
}

/// Munitions of an actor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Stock {
    /// Rounds in store at the start.
    #[schemars(extend("x-needed" = true))]
    pub rounds: Quantity,
    /// Rounds produced a day.
    pub production_per_day: Quantity,
    /// Rounds that one event of routine fire uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rounds_per_event: Option<Quantity>,
    /// Launchers for strategic salvos.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub launchers: Option<Quantity>,
}

/// Interceptors of an actor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Interceptors {
    /// Rounds in store at the start.
    #[schemars(extend("x-needed" = true))]
    pub rounds: Quantity,
    /// Rounds received a day at usual resupply.
    pub resupply_per_day: Quantity,
    /// Lever that scales the resupply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resupply_lever: Option<String>,
}

/// Kinds of places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SiteKind {
    /// A city or town.
    #[default]
    City,
    /// A military base.
    Base,
    /// A base with US forces.
    UsBase,
    /// An area from which rounds are launched.
    LaunchArea,
    /// A nuclear site.
    Nuclear,
    /// Oil, gas or power.
    Energy,
    /// A port.
    Port,
    /// A strait or canal.
    Strait,
    /// A border crossing.
    Crossing,
    /// A supply corridor.
    Corridor,
    /// A disputed place.
    Disputed,
    /// A UN position.
    Unifil,
    /// The seat of a mediation channel.
    Channel,
    /// A named area.
    Area,
}

/// A place, at city level.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Site {
    /// Name; disputed places say so.
    #[schemars(extend("x-needed" = true))]
    pub name: String,
    /// Kind.
    pub kind: SiteKind,
    /// Actor that holds it, or `UN`, `DISPUTED`, `INTERNATIONAL`.
    #[schemars(extend("x-needed" = true))]
    pub owner: String,
    /// Longitude, degrees east; the map spans 30 to 66.
    #[schemars(extend("x-needed" = true))]
    pub lon: f64,
    /// Latitude, degrees north; the map spans 10 to 42.
    #[schemars(extend("x-needed" = true))]
    pub lat: f64,
    /// Residents of a city; cities are hit in proportion to them. 20,000 if left out.
    pub population: Option<u32>,
    /// Whether strikes are aimed at it; yes if left out. No for a base that no party to the region's exchanges threatens.
    pub aimed_at: Option<bool>,
}

/// How a front's escalation level moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LadderRule {
    /// By daily hazards of a step up or down.
    #[default]
    Hazard,
    /// By what the two sides fire at each other directly.
    Exchange,
}

/// A front.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Front {
    /// Name.
    #[schemars(extend("x-needed" = true))]
    pub name: String,
    /// The two sides that fire at each other; each may have several members.
    #[schemars(extend("x-needed" = true))]
    pub parties: Vec<String>,
    /// Escalation level at the start, 0 truce to 6 unrestricted.
    #[schemars(range(min = 0, max = 6))]
    #[schemars(extend("x-needed" = true))]
    pub level: u32,
    /// Level at which streams fire at their baseline rate.
    #[schemars(range(min = 0, max = 6))]
    #[schemars(extend("x-needed" = true))]
    pub reference_level: u32,
    /// How the level moves.
    pub ladder: LadderRule,
    /// Days already spent at level 4 or more at the start.
    pub days_high: u32,
    /// Table that can bring a truce to this front.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
}

/// A directed fire stream: events as reported, in the unit of the data named.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Stream {
    /// What one event is.
    #[schemars(extend("x-needed" = true))]
    pub unit: String,
    /// Front it belongs to.
    #[schemars(extend("x-needed" = true))]
    pub front: String,
    /// Territory in which its dead are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// Baseline events a day at the front's reference level.
    #[schemars(extend("x-needed" = true))]
    pub mu: Quantity,
    /// Negative-binomial size.
    #[schemars(extend("x-needed" = true))]
    pub size: Quantity,
    /// Daily persistence of excitation.
    #[schemars(extend("x-needed" = true))]
    pub memory: Quantity,
    /// Factor per level above the reference level.
    #[schemars(extend("x-needed" = true))]
    pub growth: Quantity,
    /// Events of this stream set off by one event of another stream, by its id.
    pub offspring: BTreeMap<String, Quantity>,
    /// Share by which a truce of a table (by id) quiets this stream.
    pub solidarity: BTreeMap<String, Quantity>,
    /// Lever by which the attacker's patron holds this stream back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directive: Option<String>,
    /// Whether that directive is a halt, obeyed in full and for excitation too, and not weighed by `patron_control`.
    pub directive_is_absolute: bool,
    /// Whether the settlements lever scales its baseline.
    pub settlements: bool,
    /// Deaths per event at levels up to 3.
    #[schemars(extend("x-needed" = true))]
    pub deaths_per_event: Quantity,
    /// Deaths per event at levels 4 and above; the same as below if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deaths_per_event_high: Option<Quantity>,
    /// Civilian-restraint lever that scales deaths.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restraint: Option<String>,
    /// Share of the pre-truce baseline that continues under a truce.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truce_residual: Option<Quantity>,
    /// Weight of excitation under a truce.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truce_coupling: Option<Quantity>,
    /// Harm that each event writes into the ledger of target against attacker, blows.
    #[schemars(range(min = 0))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ledger_harm_per_event: Option<f64>,
    /// Harm that each event with deaths writes into that ledger, blows.
    #[schemars(range(min = 0))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ledger_harm_per_lethal_event: Option<f64>,
    /// Observed magnitude the rate was chosen to meet, with its source.
    pub anchor: String,
}

/// What an answer is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// A salvo of missiles, which can be intercepted.
    #[default]
    Salvo,
    /// A strike from the air.
    AirStrike,
}

/// One side's ledger of unanswered harm by another, and how it answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Ledger {
    /// Front whose level this pair's direct fire moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub front: Option<String>,
    /// Unanswered harm at the start, blows (1 = the killing of a general officer abroad).
    #[schemars(range(min = 0))]
    pub blows: f64,
    /// Threshold, blows.
    #[schemars(extend("x-needed" = true))]
    pub theta: Quantity,
    /// Half-life of unanswered harm, days.
    #[schemars(extend("x-needed" = true))]
    pub half_life_days: Quantity,
    /// Largest daily chance of an answer.
    #[schemars(extend("x-needed" = true))]
    pub h_max: Quantity,
    /// Constant of the answer equation.
    #[schemars(extend("x-needed" = true))]
    pub a0: Quantity,
    /// Weight of ln(ledger / threshold).
    #[schemars(extend("x-needed" = true))]
    pub a1: Quantity,
    /// Weight of lost air defence.
    pub a2: Quantity,
    /// Weight of a lost partner shield.
    pub a3: Quantity,
    /// Weight of hard-line influence.
    pub a4: Quantity,
    /// Log factor by which harm received is felt larger, and harm done smaller.
    pub bias: Quantity,
    /// Size of an answer per unit of ledger.
    #[schemars(extend("x-needed" = true))]
    pub kappa: Quantity,
    /// Log standard deviation of an answer's size.
    pub magnitude_spread: Quantity,
    /// Fewest days between harm and answer.
    pub min_lag_days: Quantity,
    /// Share of the remaining ledger kept after an answer.
    #[schemars(extend("x-needed" = true))]
    pub closure: Quantity,
    /// Daily chance of fire in war mode.
    #[schemars(extend("x-needed" = true))]
    pub war_answer: Quantity,
    /// What an answer is made of.
    pub means: Means,
    /// Missiles per blow answered, for salvos.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rounds_per_blow: Option<Quantity>,
    /// Chance that a salvo is announced beforehand.
    #[schemars(range(min = 0, max = 1))]
    pub telegraph: f64,
    /// Whether channels, presence and talks make this holder cautious.
    pub caution: Caution,
    /// Lever that scales the size of answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proportionality: Option<String>,
    /// Lever that scales the chance of an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_scale: Option<String>,
    /// Whether the US veto on scale reduces the size of answers.
    pub scale_veto: bool,
    /// Civilian-restraint lever for the choice of targets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restraint: Option<String>,
    /// Lever that says which classes of targets are open; without one, or where it says "any", the level of the front decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_set: Option<String>,
    /// How far harm to an actor counts as the holder's own, by actor.
    pub shares: BTreeMap<String, Quantity>,
}

/// Which caution term B a holder has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Caution {
    /// At rest only.
    #[default]
    Rest,
    /// Raised by open channels, US presence and open talks.
    ChannelsAndPresence,
    /// Raised by US pressure after a suspension of the Muscat channel.
    UsPressure,
}

/// An actor's initiative against an opponent: blows and preventive strikes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Initiative {
    /// Blows a day at rest.
    #[schemars(extend("x-needed" = true))]
    pub blow_rate: Quantity,
    /// Lever that scales the blow rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blow_lever: Option<String>,
    /// Preventive strikes a day at rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preventive_rate: Option<Quantity>,
    /// Relative chance that a blow falls on each of these actors.
    pub victims: BTreeMap<String, Quantity>,
    /// Tables whose agreements, all in force together, hold blows back.
    pub held_back_by: Vec<String>,
    /// Whether US consent bears on a preventive strike.
    pub needs_consent: bool,
    /// Who may join a preventive strike.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joined_by: Option<String>,
}

/// When a table can meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Opens {
    /// From the start.
    #[default]
    Always,
    /// Only while the Muscat channel is not suspended.
    WithMuscat,
}

/// A negotiation table and the agreement it can sign.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Table {
    /// Name of the agreement.
    #[schemars(extend("x-needed" = true))]
    pub name: String,
    /// Front it would quiet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub front: Option<String>,
    /// Level at which the cost of going on is at its reference.
    #[schemars(range(min = 0, max = 6))]
    pub stalemate_level: u32,
    /// Base rate of signing a day.
    #[schemars(extend("x-needed" = true))]
    pub eta: Quantity,
    /// When the table can meet.
    pub opens: Opens,
    /// Parties whose acceptance is needed, by actor.
    #[schemars(extend("x-needed" = true))]
    pub parties: BTreeMap<String, Party>,
    /// Weights of channels in the table's mediation, by channel.
    pub channels: BTreeMap<String, Quantity>,
    /// Streams that a truce quiets.
    pub silences: Vec<String>,
    /// Whether the agreement restrains blows and answers of its parties instead of routine fire.
    pub restrains_exchange: bool,
    /// Whether part of its front's fire goes on under the agreement, which does not cover it: the front falls to what that part comes to.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub front_goes_on: bool,
    /// Whether this is the collective table: it quiets every stream, weighs what its parties have at the other tables, and
    /// meets only where `deal.architecture` says so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub collective: bool,
    /// Whether the administration's appetite for direct talks bears.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub direct_talks: bool,
    /// Whether US talks with groups speed the table up.
    pub needs_group_talks: bool,
    /// Base hazard of collapse a day.
    #[schemars(extend("x-needed" = true))]
    pub h0: Quantity,
    /// Weibull shape of the collapse hazard.
    #[schemars(extend("x-needed" = true))]
    pub shape: Quantity,
    /// Mission that keeps the truce, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mission: Option<String>,
    /// Tables whose agreements hold this one up and whose collapse shakes it.
    pub links: Vec<String>,
    /// Armed groups left out, which may act as spoilers.
    pub spoilers: Vec<String>,
}

/// A party at a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Party {
    /// Value of the agreement itself.
    #[schemars(extend("x-needed" = true))]
    pub benefit: Quantity,
    /// Cost of going on at the reference level.
    #[schemars(extend("x-needed" = true))]
    pub war_cost: Quantity,
    /// Audience cost of signing.
    #[schemars(extend("x-needed" = true))]
    pub audience_cost: Quantity,
    /// Cost of relying on the other's promise.
    #[schemars(extend("x-needed" = true))]
    pub commitment_cost: Quantity,
    /// How the sequencing lever bears on this party.
    pub sequencing: Sequencing,
    /// Sign of the disputed-areas package for this party.
    pub disputed: Disputed,
    /// How a nuclear package (cap and relief) bears on this party.
    #[serde(skip_serializing_if = "Nuclear::is_none")]
    pub nuclear: Nuclear,
    /// How an accepted regional role bears on this party.
    #[serde(skip_serializing_if = "RegionalRole::is_none")]
    pub regional_role: RegionalRole,
    /// How arms for Israel, as an item of a collective deal, bear on this party.
    #[serde(skip_serializing_if = "Trade::is_none")]
    pub arms: Trade,
    /// How a dated exit of the coalition from Iraq, as an item of a collective deal, bears on this party.
    #[serde(skip_serializing_if = "Trade::is_none")]
    pub exit: Trade,
    /// Whether it merely acquiesces: moved by its lever, and by attacks on ships.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub acquiesces: bool,
    /// Actor that signs in its place, itself without a veto: a government, for an armed group that is the party behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signatory: Option<String>,
}

/// How the order of cease-fire and terms bears on a party.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sequencing {
    /// Not at all.
    #[default]
    None,
    /// A group under fire: reluctant to settle terms before a cease-fire.
    UnderFire,
    /// A party that trusts a cease-fire before terms less.
    TermsFirst,
}

/// How a return of the disputed areas bears on a party.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Disputed {
    /// Not at all.
    #[default]
    None,
    /// It gains.
    Gains,
    /// It pays an audience cost.
    Pays,
}

/// How a nuclear package bears on a party.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Nuclear {
    /// Not at all.
    #[default]
    None,
    /// It accepts the cap and receives the relief.
    Capped,
    /// It receives the cap.
    Reassured,
}

impl Nuclear {
    fn is_none(&self) -> bool {
        *self == Self::None
    }
}

/// How an accepted regional role of Iran bears on a party.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RegionalRole {
    /// Not at all.
    #[default]
    None,
    /// It gains.
    Gains,
    /// It pays an audience cost.
    Pays,
    /// It pays a smaller one.
    PaysLess,
}

impl RegionalRole {
    fn is_none(&self) -> bool {
        *self == Self::None
    }
}

/// How an item of a package bears on a party.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trade {
    /// Not at all.
    #[default]
    None,
    /// It gains.
    Gains,
    /// It pays an audience cost.
    Pays,
}

impl Trade {
    fn is_none(&self) -> bool {
        *self == Self::None
    }
}

/// A mediation channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Channel {
    /// Name.
    #[schemars(extend("x-needed" = true))]
    pub name: String,
    /// Lever that holds its intensity.
    #[schemars(extend("x-needed" = true))]
    pub lever: String,
    /// Where it sits on the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Whether it makes Iran cautious before it answers.
    pub restrains_iran: bool,
    /// Switch lever that suspends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspended_by: Option<String>,
    /// Day of the suspension that holds at the start, counted from the start (zero or negative).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspended_since_day: Option<i32>,
}

/// A peacekeeping mission.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Mission {
    /// Name.
    #[schemars(extend("x-needed" = true))]
    pub name: String,
    /// Positions on the map.
    pub sites: Vec<String>,
    /// Front it keeps.
    #[schemars(extend("x-needed" = true))]
    pub front: String,
    /// Freedom of movement at the start, 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    pub freedom_of_movement: f64,
    /// Troops of the national army in the area at the start.
    #[schemars(range(min = 0))]
    pub national_troops: f64,
    /// Share of the withdrawal already completed at the start.
    #[schemars(range(min = 0, max = 1))]
    pub withdrawn: f64,
}

/// An institution.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Institution {
    /// Name.
    #[schemars(extend("x-needed" = true))]
    pub name: String,
    /// What it decides, in a line.
    pub role: String,
}

/// A territory whose dead and displaced are counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Territory {
    /// Name.
    #[schemars(extend("x-needed" = true))]
    pub name: String,
    /// Front that drives people out.
    #[schemars(extend("x-needed" = true))]
    pub front: String,
    /// Actor whose dead these are.
    #[schemars(extend("x-needed" = true))]
    pub actor: String,
    /// People who would leave under a full campaign.
    #[schemars(extend("x-needed" = true))]
    pub exposed: Quantity,
    /// People who would leave under fire below a campaign, at levels 1 to 3; nobody if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exposed_low: Option<Quantity>,
    /// Share of the exposed whose homes are lost: they do not return under a truce, before reconstruction; none if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub homes_lost: Option<Quantity>,
    /// Displaced at the start.
    pub displaced: Quantity,
    /// Daily share who return once a truce is over three days old.
    #[schemars(extend("x-needed" = true))]
    pub return_rate: Quantity,
    /// Whether return is fast in the first days of a truce.
    pub fast_return: bool,
}

/// What a calendar entry does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalendarKind {
    /// A new US administration takes office: consent moves from `consent_before` to `consent_after`.
    UsAdministration,
    /// A date that presses the tables named.
    Deadline,
}

/// A dated event from outside the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarEntry {
    /// When.
    #[schemars(with = "String", extend("format" = "date"))]
    pub date: Date,
    /// What it does.
    pub kind: CalendarKind,
    /// Tables it bears on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<String>,
    /// One line for people, with its source.
    pub text: String,
}

/// A lever value, or a group of levers whose ids share a prefix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum LeverNode {
    /// A number.
    Number(f64),
    /// An option, a date or `off`.
    Text(String),
    /// A prefix.
    Group(BTreeMap<String, LeverNode>),
}

/// A lever that changes later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeverEntry {
    /// When it takes effect.
    #[schemars(with = "String", extend("format" = "date"))]
    pub date: Date,
    /// Which lever.
    pub lever: String,
    /// Its new value.
    pub value: LeverValue,
}

/// A lever value as written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum LeverValue {
    /// A number.
    Number(f64),
    /// An option, a date or `off`.
    Text(String),
}
