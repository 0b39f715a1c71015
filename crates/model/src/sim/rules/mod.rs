//! The rules of one future: a scenario's numbers with every id resolved to a position.
//!
//! Built once from a validated scenario ([`Rules::new`]); a future under `--params prior` then takes fresh values for
//! every estimate ([`Rules::redraw`]) without building anything again. Positions follow the order of ids; they never
//! enter a draw, which is keyed by the hash of the id's text.

mod compile;
mod derive;
mod estimates;
mod learnt;
mod point;
mod region;

pub use learnt::{Known, Learnt, Score};
pub use point::{Draws, Finder, FreeNumber, FreeNumbers, Misplaced, Point, Values};
pub use region::{
    Bonds, CorridorRules, CouncilRules, DraftRules, EconomyRules, FactionsRules, HostRules, IncorporationRules,
    IntegrationRules, PathRules, ProfileRules, ProgrammeRules, RoadmapRules, StageParty,
};

use super::state::Agreement;
use crate::chance::hash_id;
use crate::chance::quantile::{DeathLaw, NegativeBinomial};
use crate::scenario::raw::{
    ActorKind, CalendarKind, Caution, Disputed, LadderRule, Means, Nuclear, Opens, RegionalRole, Sequencing, SiteKind,
    Trade,
};
use crate::sim::event::{Event, EventKind};
use crate::symbols::families::Family;
use crate::symbols::levers::{Lever, LeverChange, LeverSet};
use crate::symbols::parameters::Parameters;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An id with the hash under which it enters draws.
#[derive(Clone, Debug)]
pub struct Id {
    /// The text.
    pub text: String,
    /// [`hash_id`] of the text.
    pub hash: u64,
}

impl Id {
    /// The id of this text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self { text: text.to_owned(), hash: hash_id(text) }
    }
}

/// An actor.
#[derive(Clone, Debug)]
pub struct ActorRules {
    /// Id.
    pub id: Id,
    /// Name for people.
    pub name: String,
    /// What it is.
    pub kind: ActorKind,
    /// Relative capability.
    pub capability: f64,
    /// How threatening its posture looks.
    pub posture: f64,
    /// Influence of reformists.
    pub reformist_weight: f64,
    /// Resolve at the start.
    pub resolve: f64,
    /// Air defence at the start; `None` for actors without one.
    pub air_defence: Option<f64>,
    /// Partner shield at the start.
    pub shield: Option<f64>,
    /// Partner whose strength the shield follows.
    pub shield_partner: Option<usize>,
    /// Economy of the patron that pays for it.
    pub patron: Option<usize>,
    /// Share of its means that the patron pays for.
    pub patron_funding: f64,
    /// Corridor through which it is supplied.
    pub corridor: Option<usize>,
    /// Factions at home.
    pub factions: Option<usize>,
    /// Patron's control.
    pub patron_control: f64,
    /// Its way under political authority, for a group with a state to join.
    pub incorporation: Option<usize>,
    /// Patron's lever.
    pub directive: Option<Lever>,
    /// Loss of leadership at the start.
    pub decapitation: f64,
    /// Munitions, if supply is a limit.
    pub stock: Option<StockRules>,
    /// Interceptors, if any.
    pub interceptors: Option<InterceptorRules>,
    /// The state or authority it lives in: the owner of its site; itself for states.
    pub home: usize,
    /// Ledgers it holds.
    pub ledgers: Vec<usize>,
    /// Whether the United States can veto the scale of its answers, and so lean on it.
    pub leaned_on: bool,
    /// Threats it feels.
    pub threats: Vec<usize>,
    /// Streams it fires.
    pub streams: Vec<usize>,
    /// Territories whose dead are its own.
    pub territories: Vec<usize>,
    /// Its seat, where that is a city of its own or of its home: where its leadership is struck.
    pub seat: Option<usize>,
    /// Sites it can be hit at, by kind: its own, or those of its home for a group.
    pub sites: BTreeMap<SiteKind, Vec<usize>>,
}

/// Munitions of an actor.
#[derive(Clone, Debug)]
pub struct StockRules {
    /// Rounds at the start.
    pub rounds: f64,
    /// Production a day.
    pub production: f64,
    /// Rounds per event of routine fire.
    pub per_event: f64,
    /// Launchers at the start.
    pub launchers: f64,
    /// Rounds that 30 days of fire at the start's rate use (derived).
    pub full_rate_rounds: f64,
}

/// Interceptors of an actor.
#[derive(Clone, Debug)]
pub struct InterceptorRules {
    /// Rounds at the start.
    pub rounds: f64,
    /// Resupply a day.
    pub resupply: f64,
    /// Lever that scales it.
    pub lever: Option<Lever>,
}

/// A place.
#[derive(Clone, Debug)]
pub struct SiteRules {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: SiteKind,
    /// Weight among the sites of its owner of the kinds that a strike may choose: residents of a city, 1 elsewhere, 0 where none
    /// is aimed.
    pub weight: f64,
}

/// A front.
#[derive(Clone, Debug)]
pub struct FrontRules {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Actors on the front.
    pub parties: Vec<usize>,
    /// Level at the start.
    pub level: u8,
    /// Level at which streams fire at their baseline.
    pub reference_level: u8,
    /// Fire, in events a day, from which on a level is what the front's fire comes to (derived).
    pub edges: [f64; 7],
    /// How the level moves.
    pub ladder: LadderRule,
    /// Days at level 4 or more before the start.
    pub days_high: u32,
    /// Table that can quiet it.
    pub table: Option<usize>,
    /// Its streams.
    pub streams: Vec<usize>,
    /// Ledgers fought out on it.
    pub ledgers: Vec<usize>,
}

/// A fire stream.
#[derive(Clone, Debug)]
pub struct StreamRules {
    /// Id `ATTACKER>TARGET`.
    pub id: Id,
    /// What one event is.
    pub unit: String,
    /// Who fires.
    pub attacker: usize,
    /// Who is fired on.
    pub target: usize,
    /// Front.
    pub front: usize,
    /// Where its dead are counted.
    pub territory: Option<usize>,
    /// Baseline rate.
    pub mu: f64,
    /// Negative-binomial size.
    pub size: f64,
    /// Law of its counts (derived from the size).
    pub law: NegativeBinomial,
    /// Persistence of excitation.
    pub memory: f64,
    /// Factor per level.
    pub growth: f64,
    /// `growth^(level − reference)` by level (derived).
    pub level_factor: [f64; 7],
    /// (source stream, events per event).
    pub offspring: Vec<(usize, f64)>,
    /// (table, share quieted).
    pub solidarity: Vec<(usize, f64)>,
    /// Patron's lever on this stream.
    pub directive: Option<Lever>,
    /// Whether the directive is a halt.
    pub directive_is_absolute: bool,
    /// Whether the settlements lever scales its baseline.
    pub settlements: bool,
    /// Deaths per event, low and high levels.
    pub deaths: [f64; 2],
    /// Separate incidents that one reported event stands for, so that the law of deaths can have its mean (derived).
    pub incidents: u32,
    /// Restraint lever.
    pub restraint: Option<Lever>,
    /// Residual under truce.
    pub truce_residual: f64,
    /// Coupling under truce.
    pub truce_coupling: f64,
    /// Ledger of the target against the attacker, if there is one.
    pub ledger: Option<usize>,
    /// Harm per event written there.
    pub harm_per_event: f64,
    /// Harm per lethal event written there.
    pub harm_per_lethal_event: f64,
    /// How the processes of the wider region bear on it.
    pub bonds: Bonds,
    /// Table whose truce silences it.
    pub silenced_by: Option<usize>,
    /// Excitation at the start: the stationary mean (derived).
    pub start_excitation: f64,
}

/// A ledger.
#[derive(Clone, Debug)]
pub struct LedgerRules {
    /// Id `HOLDER|AGAINST`.
    pub id: Id,
    /// Who holds it.
    pub holder: usize,
    /// Against whom.
    pub against: usize,
    /// The ledger of the other side.
    pub reverse: Option<usize>,
    /// The pair, by position in [`Rules::pairs`].
    pub pair: usize,
    /// Front moved by this pair's fire.
    pub front: Option<usize>,
    /// Blows at the start.
    pub blows: f64,
    /// Threshold.
    pub theta: f64,
    /// Half-life, days.
    pub half_life: f64,
    /// `2^(−1/half_life)` (derived).
    pub daily_retention: f64,
    /// Largest daily chance.
    pub h_max: f64,
    /// Constant and weights of the answer equation.
    pub a: [f64; 5],
    /// Bias of perception.
    pub bias: f64,
    /// Proportionality.
    pub kappa: f64,
    /// Spread of sizes.
    pub spread: f64,
    /// Fewest days between harm and answer.
    pub min_lag: f64,
    /// Share kept after an answer.
    pub closure: f64,
    /// Daily chance in war mode.
    pub war_answer: f64,
    /// What an answer is made of.
    pub means: Means,
    /// Missiles per blow.
    pub rounds_per_blow: f64,
    /// Chance of announcement.
    pub telegraph: f64,
    /// Which caution.
    pub caution: Caution,
    /// Levers.
    pub proportionality: Option<Lever>,
    /// Lever on readiness.
    pub response_scale: Option<Lever>,
    /// Whether the US veto on scale bears.
    pub scale_veto: bool,
    /// Restraint lever.
    pub restraint: Option<Lever>,
    /// Target-set lever.
    pub target_set: Option<Lever>,
    /// (actor, share of harm to it that counts as the holder's own).
    pub shares: Vec<(usize, f64)>,
    /// Tables that restrain this pair's exchange.
    pub restrained_by: Vec<usize>,
}

impl LedgerRules {
    /// How far harm to `victim` counts as the holder's own (σ).
    #[must_use]
    pub fn share(&self, victim: usize) -> f64 {
        self.shares.iter().find(|(actor, _)| *actor == victim).map_or(0.0, |(_, share)| *share)
    }
}

/// Two actors with ledgers against each other.
#[derive(Clone, Debug)]
pub struct PairRules {
    /// Id `A-B`, ids in order.
    pub id: Id,
    /// Their ledgers.
    pub ledgers: Vec<usize>,
    /// Front.
    pub front: Option<usize>,
}

/// An initiative.
#[derive(Clone, Debug)]
pub struct InitiativeRules {
    /// Id `ACTOR>OPPONENT`.
    pub id: Id,
    /// Who acts.
    pub actor: usize,
    /// Against whom.
    pub opponent: usize,
    /// Blows a day.
    pub blow_rate: f64,
    /// Lever.
    pub blow_lever: Option<Lever>,
    /// Preventive strikes a day.
    pub preventive_rate: f64,
    /// (victim, weight).
    pub victims: Vec<(usize, f64)>,
    /// Tables that hold blows back when all are in force.
    pub held_back_by: Vec<usize>,
    /// Whether US consent bears.
    pub needs_consent: bool,
    /// No hazard of a blow exceeds this times the lever (derived).
    pub blow_bound: f64,
    /// No hazard of a preventive strike exceeds this (derived).
    pub preventive_bound: f64,
    /// Documented strikes: (day, preventive, blows), in order of days.
    pub forced: Vec<(i32, bool, Option<f64>)>,
    /// Nuclear programme that a preventive strike is about.
    pub programme: Option<usize>,
    /// Who may join a preventive strike, with its ledger against the opponent.
    pub joined_by: Option<(usize, Option<usize>)>,
    /// Ledger of the opponent against the actor.
    pub their_ledger: Option<usize>,
    /// Ledger of the actor against the opponent.
    pub own_ledger: Option<usize>,
    /// Threat relation of the actor toward the opponent.
    pub threat: Option<usize>,
    /// Tables that restrain this exchange.
    pub restrained_by: Vec<usize>,
}

/// A party at a table.
#[derive(Clone, Debug)]
pub struct PartyRules {
    /// Actor.
    pub actor: usize,
    /// Draws of this party at this table, should it be left out.
    pub hash: u64,
    /// B.
    pub benefit: f64,
    /// c⁰.
    pub war_cost: f64,
    /// AC.
    pub audience_cost: f64,
    /// CP.
    pub commitment_cost: f64,
    /// Sequencing.
    pub sequencing: Sequencing,
    /// Disputed areas.
    pub disputed: Disputed,
    /// How a nuclear package bears on it.
    pub nuclear: Nuclear,
    /// How an accepted regional role bears on it.
    pub regional_role: RegionalRole,
    /// How arms for Israel bear on it, as an item of a collective deal.
    pub arms: Trade,
    /// How a dated exit from Iraq bears on it, as an item of a collective deal.
    pub exit: Trade,
    /// Whether it merely acquiesces.
    pub acquiesces: bool,
    /// Levers by which the others at the table pledge restraint toward it.
    pub pledges: Vec<Lever>,
    /// Who signs in its place; for words only.
    pub signatory: Option<usize>,
    /// Option of `deal.left_out` that leaves it out, if any; 0 for none.
    pub left_out_option: u8,
    /// At a collective table: (table, party there, weight), what it has at stake elsewhere (weights derived).
    pub stakes: Vec<(usize, usize, f64)>,
    /// Threat relations of this party toward the others at the table.
    pub threats: Vec<usize>,
}

impl PartyRules {
    /// Whether the lever leaves this party out of the collective deal.
    #[inline]
    #[must_use]
    pub fn left_out(&self, levers: &LeverSet) -> bool {
        self.left_out_option > 0 && levers[Lever::DealLeftOut] as u8 == self.left_out_option
    }
}

/// A table.
#[derive(Clone, Debug)]
pub struct TableRules {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Front.
    pub front: Option<usize>,
    /// Level of reference cost.
    pub stalemate_level: u8,
    /// Stream whose growth measures the cost of going on.
    pub cost_stream: Option<usize>,
    /// η.
    pub eta: f64,
    /// When it meets.
    pub opens: Opens,
    /// Parties.
    pub parties: Vec<PartyRules>,
    /// (channel, weight).
    pub channels: Vec<(usize, f64)>,
    /// Streams silenced.
    pub silences: Vec<usize>,
    /// Whether it restrains exchanges.
    pub restrains_exchange: bool,
    /// Front that falls silent with it: its own, unless it restrains an exchange or fire goes on there.
    pub quiets: Option<usize>,
    /// Whether it is the collective table.
    pub collective: bool,
    /// Whether the administration's appetite for talks bears.
    pub direct_talks: bool,
    /// Whether the roadmap is its agreement.
    pub roadmap: bool,
    /// Documented signings and collapses: (day, signed), in order of days.
    pub forced: Vec<(i32, bool)>,
    /// Stream of attacks on ships, for a party that acquiesces.
    pub disturbed_by: Option<usize>,
    /// Path whose stages steady the truce.
    pub path: Option<usize>,
    /// Whether US talks with groups speed it.
    pub needs_group_talks: bool,
    /// h₀.
    pub h0: f64,
    /// s.
    pub shape: f64,
    /// Mission.
    pub mission: Option<usize>,
    /// Linked tables.
    pub links: Vec<usize>,
    /// Spoilers: (actor, hash for draws).
    pub spoilers: Vec<(usize, u64)>,
    /// Deadlines, days since the start.
    pub deadlines: Vec<i32>,
    /// No chance of collapse exceeds this times 1 + Ē/3 (derived).
    pub collapse_bound: f64,
}

/// A channel.
#[derive(Clone, Debug)]
pub struct ChannelRules {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Lever.
    pub lever: Lever,
    /// Whether it makes Iran cautious.
    pub restrains_iran: bool,
    /// Switch that suspends it.
    pub suspended_by: Option<Lever>,
    /// Suspension at the start.
    pub suspended_since: Option<i32>,
}

/// A mission.
#[derive(Clone, Debug)]
pub struct MissionRules {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Freedom of movement at the start.
    pub movement: f64,
    /// National troops at the start.
    pub national_troops: f64,
    /// Withdrawal at the start.
    pub withdrawn: f64,
    /// Table that brings the truce it keeps.
    pub table: Option<usize>,
}

/// A territory.
#[derive(Clone, Debug)]
pub struct TerritoryRules {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Front.
    pub front: usize,
    /// The table that its front is talked about at.
    pub table: Option<usize>,
    /// The path that an agreement of that table opens.
    pub path: Option<usize>,
    /// Whose dead.
    pub actor: usize,
    /// Exposed persons.
    pub exposed: f64,
    /// Exposed persons below a campaign.
    pub exposed_low: f64,
    /// Share of the exposed with no home to return to.
    pub homes_lost: f64,
    /// Displaced at the start.
    pub displaced: f64,
    /// Return a day.
    pub return_rate: f64,
    /// Fast return.
    pub fast_return: bool,
    /// Whether strategic strikes on its actor are counted here (the first territory of each actor).
    pub first_of_actor: bool,
    /// Streams that fire on it.
    pub streams: Vec<usize>,
}

/// A perceived threat: holder of whom.
#[derive(Clone, Debug)]
pub struct ThreatRules {
    /// Who feels it.
    pub holder: usize,
    /// From whom.
    pub from: usize,
    /// Streams of that source at that holder.
    pub streams: Vec<usize>,
    /// Share of the two's capability that is the source's (derived).
    pub balance: f64,
    /// How threatening the source's posture looks (derived).
    pub posture: f64,
}

/// A dated event.
#[derive(Clone, Debug)]
pub struct CalendarRules {
    /// Day since the start.
    pub day: i32,
    /// Kind.
    pub kind: CalendarKind,
    /// Line for people.
    pub text: String,
}

/// Where an estimate's range comes from; in the order in which `Rules::estimates` visits the values.
#[derive(Clone, Debug)]
pub struct Estimate {
    /// `family[instance]`, for tables and draws.
    pub id: String,
    /// Hash of the id.
    pub hash: u64,
    /// Default.
    pub value: f64,
    /// Range.
    pub low: f64,
    /// Range.
    pub high: f64,
    /// Drawn log-uniformly.
    pub log: bool,
    /// Evidence tag.
    pub tag: crate::symbols::Evidence,
    /// Source.
    pub source: String,
    /// Family it belongs to.
    pub family: &'static Family,
}

/// What never changes between futures of one scenario.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Name of the scenario.
    pub name: String,
    /// Hash of the scenario.
    pub hash: String,
    /// First day.
    pub start: jiff::civil::Date,
    /// Days to run by default.
    pub days: u32,
    /// Ranges of the estimates.
    pub estimates: Vec<Estimate>,
    /// Levers at the start.
    pub levers: LeverSet,
    /// Scenario values of the scalar parameters.
    pub parameters: Parameters,
    /// Ids of the parameters that the scenario sets, be it at their default: these are not drawn. In order.
    pub fixed: Vec<String>,
    /// What the record says about free numbers: draws follow it where it names one. `None`: all are drawn from their ranges.
    pub learnt: Option<Learnt>,
    /// Sites.
    pub sites: Vec<SiteRules>,
    /// Institutions: (id, name, role).
    pub institutions: Vec<(String, String, String)>,
    /// Calendar, in order of days.
    pub calendar: Vec<CalendarRules>,
    /// Lever changes that the scenario itself makes, in order of days.
    pub lever_log: Vec<LeverChange>,
    /// Day on which a new administration takes office.
    pub administration: Option<i32>,
    /// Whether the scenario itself holds the sanctions lever, so that no administration moves it.
    pub holds_sanctions: bool,
}

/// Positions of those that have what a mechanism looks at, in order, so that a day passes the others by.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// Actors whose munitions supply limits, each with its own economy if it has one.
    pub stocked: Vec<(usize, Option<usize>)>,
    /// Actors with interceptors.
    pub intercepting: Vec<usize>,
    /// Actors with an air defence of their own.
    pub defended: Vec<usize>,
    /// Actors under a partner's shield, each with that partner.
    pub shielded: Vec<(usize, usize)>,
    /// Actors that hold ledgers.
    pub holders: Vec<usize>,
    /// Whether an actor has territories whose dead are its own; by position.
    pub mourns: Vec<bool>,
    /// Streams whose fire is written into a ledger.
    pub accounted: Vec<usize>,
    /// Threats that rest on streams.
    pub under_fire: Vec<usize>,
}

impl Lists {
    /// Gathers them.
    #[must_use]
    pub fn new(rules: &Rules) -> Self {
        let Rules { actors, economies, streams, threats, .. } = rules;
        fn which<T>(all: &[T], has: impl Fn(&T) -> bool) -> Vec<usize> {
            (0..all.len()).filter(|&i| has(&all[i])).collect()
        }
        let own = |actor| economies.iter().position(|economy| economy.actor == actor);
        let stocked = which(actors, |actor| actor.stock.is_some());
        let partner = |(i, actor): (usize, &ActorRules)| Some((i, actor.shield.and(actor.shield_partner)?));
        Self {
            stocked: stocked.into_iter().map(|i| (i, own(i))).collect(),
            intercepting: which(actors, |actor| actor.interceptors.is_some()),
            defended: which(actors, |actor| actor.air_defence.is_some()),
            shielded: actors.iter().enumerate().filter_map(partner).collect(),
            holders: which(actors, |actor| !actor.ledgers.is_empty()),
            mourns: actors.iter().map(|actor| !actor.territories.is_empty()).collect(),
            accounted: which(streams, |stream| stream.ledger.is_some()),
            under_fire: which(threats, |threat| !threat.streams.is_empty()),
        }
    }
}

impl Frame {
    /// The scenario's lever changes with a user's laid over them: once a user moves a lever, the scenario's own later
    /// changes of that lever no longer come.
    #[must_use]
    pub fn log_with(&self, user: &[LeverChange]) -> Vec<LeverChange> {
        let overridden = |c: &LeverChange| user.iter().any(|u| u.lever == c.lever && u.day <= c.day);
        let mut log: Vec<LeverChange> = self.lever_log.iter().filter(|c| !overridden(c)).copied().collect();
        log.extend_from_slice(user);
        log.sort_by_key(|c| c.day);
        log
    }
}

/// Who is meant by the outcome definitions (8): Iran, Israel and the United States, where a scenario has them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Roles {
    /// Iran and Israel.
    pub direct: Option<(usize, usize)>,
    /// Iran and the United States.
    pub with_us: Option<(usize, usize)>,
    /// The pair of Iran and the United States.
    pub us_pair: Option<usize>,
    /// The front of Iran and Israel.
    pub direct_front: Option<usize>,
}

/// The rules of one future.
#[derive(Clone, Debug)]
pub struct Rules {
    /// What all futures share.
    pub frame: Arc<Frame>,
    /// Who has what a mechanism looks at.
    pub lists: Arc<Lists>,
    /// Scalar parameters in force: those that a lever switches on ([`crate::symbols::strengths`]) are what it leaves of them.
    pub p: Parameters,
    /// The same at full strength.
    pub full: Parameters,
    /// Law of deaths (derived from `p`).
    pub death_law: DeathLaw,
    /// `2^(−1/decapitation_half_life)` (derived).
    pub decapitation_retention: f64,
    /// Share of the exposed whom 0, 1, 2 … events of a day make leave (derived; a table of `harm::leaving`).
    pub leaving: Vec<f64>,
    /// No hazard of a step up exceeds this times (1 + L)² (derived).
    pub step_up_bound: f64,
    /// No hazard of a step down exceeds this (derived).
    pub step_down_bound: f64,
    /// Share of the way that groups' means go toward their funding a day (derived).
    pub funding_rate: f64,
    /// `2^(−1/adopted_half_life)` (derived).
    pub adopted_retention: f64,
    /// `2^(−1/veto_cost_half_life)` (derived).
    pub veto_retention: f64,
    /// How far weaponisation, once detected, raises a preventive hazard (derived).
    pub alarm_factor: f64,
    /// No hazard of a decision to weaponise exceeds this times 1 + L/θ (derived).
    pub weapon_bound: f64,
    /// Actors.
    pub actors: Vec<ActorRules>,
    /// Fronts.
    pub fronts: Vec<FrontRules>,
    /// Streams.
    pub streams: Vec<StreamRules>,
    /// Ledgers.
    pub ledgers: Vec<LedgerRules>,
    /// Pairs of ledgers.
    pub pairs: Vec<PairRules>,
    /// Initiatives.
    pub initiatives: Vec<InitiativeRules>,
    /// Tables.
    pub tables: Vec<TableRules>,
    /// Channels.
    pub channels: Vec<ChannelRules>,
    /// Missions.
    pub missions: Vec<MissionRules>,
    /// Territories.
    pub territories: Vec<TerritoryRules>,
    /// Threats.
    pub threats: Vec<ThreatRules>,
    /// Courses of the US administration, by option of the lever; none if the scenario has none.
    pub profiles: Vec<ProfileRules>,
    /// Hosts of bases.
    pub hosts: Vec<HostRules>,
    /// Economies.
    pub economies: Vec<EconomyRules>,
    /// Corridors.
    pub corridors: Vec<CorridorRules>,
    /// Factions at home.
    pub factions: Vec<FactionsRules>,
    /// Nuclear programmes.
    pub programmes: Vec<ProgrammeRules>,
    /// Roadmaps.
    pub roadmaps: Vec<RoadmapRules>,
    /// Integration of groups.
    pub integrations: Vec<IntegrationRules>,
    /// Councils.
    pub councils: Vec<CouncilRules>,
    /// Paths that a truce opens.
    pub paths: Vec<PathRules>,
    /// Armed groups with a state to join.
    pub incorporations: Vec<IncorporationRules>,
    /// The collective table.
    pub collective: Option<usize>,
    /// Roles in the outcome definitions.
    pub roles: Roles,
}

impl Rules {
    /// Puts in force what the levers leave of the parameters that they scale.
    #[inline]
    pub fn put_in_force(&mut self, levers: &LeverSet) {
        self.p.scale(&self.full, levers);
    }

    /// The rules as they are in force under these levers.
    #[must_use]
    pub fn under(&self, levers: &LeverSet) -> Cow<'_, Self> {
        let mut p = self.p.clone();
        p.scale(&self.full, levers);
        if p == self.p { Cow::Borrowed(self) } else { Cow::Owned(Self { p, ..self.clone() }) }
    }

    /// Patron restraint on a stream: (R on the baseline, halt on everything).
    ///
    /// A directive weighs on the baseline through the patron's control, `R = 1 − c_g d` (6.2); a halt, `1 − d`, holds
    /// excitation back as well: groups that were ordered to stop did not answer events elsewhere either.
    ///
    /// `kept` is the share of the patron's control that incorporation leaves, 1 at the start.
    #[inline]
    #[must_use]
    pub fn directive_factors(&self, stream: usize, levers: &LeverSet, kept: f64) -> (f64, f64) {
        let s = &self.streams[stream];
        match s.directive.map(|lever| levers[lever]) {
            None => (1.0, 1.0),
            Some(d) if s.directive_is_absolute => (1.0, 1.0 - d * kept.min(1.0)),
            Some(d) => (1.0 - (self.actors[s.attacker].patron_control * kept).min(1.0) * d, 1.0),
        }
    }

    /// Economic activity at the start, which is that of the aid lever's default.
    #[inline]
    #[must_use]
    pub fn activity_at_start(&self) -> f64 {
        Lever::AidAccess.row().default / self.p.aid_truce
    }

    /// What the administration in office aims at; `None` before it takes office, or where the scenario has no courses.
    #[inline]
    #[must_use]
    pub fn course(&self, levers: &LeverSet, today: i32) -> Option<&ProfileRules> {
        if self.frame.administration.is_some_and(|day| today >= day) {
            self.profiles.get(levers[Lever::Administration] as usize)
        } else {
            None
        }
    }

    /// The agreement that holds at a table: its own, or the collective one where nobody at the table is left out of it.
    #[inline]
    #[must_use]
    pub fn truce<'a>(&self, table: usize, levers: &LeverSet, agreements: &'a [Agreement]) -> Option<&'a Agreement> {
        self.holder(table, levers, agreements).map(|holder| &agreements[holder])
    }

    /// The table whose agreement holds at a table: itself, or the collective one.
    #[inline]
    #[must_use]
    pub fn holder(&self, table: usize, levers: &LeverSet, agreements: &[Agreement]) -> Option<usize> {
        if agreements[table].in_force() {
            return Some(table);
        }
        let collective = self.collective_in_force(agreements)?;
        (self.settles(table, self.left_out(levers)) && !self.fallen(table, agreements)).then_some(collective)
    }

    /// Whether the part of a table in the collective deal has fallen since it was signed, so that the deal holds without it.
    #[inline]
    #[must_use]
    pub fn fallen(&self, table: usize, agreements: &[Agreement]) -> bool {
        self.p.deal_fray > 0.0
            && self
                .collective_in_force(agreements)
                .is_some_and(|all| all != table && agreements[table].last_collapse >= agreements[all].since)
    }

    /// The same of the part of the table that a front belongs to.
    #[inline]
    #[must_use]
    pub fn front_fallen(&self, front: usize, agreements: &[Agreement]) -> bool {
        self.fronts[front].table.is_some_and(|table| self.fallen(table, agreements))
    }

    /// The collective table, while its agreement is in force.
    #[inline]
    #[must_use]
    pub fn collective_in_force(&self, agreements: &[Agreement]) -> Option<usize> {
        self.collective.filter(|&table| agreements[table].in_force())
    }

    /// The actor that the lever leaves out of the collective deal, if any.
    #[inline]
    #[must_use]
    pub fn left_out(&self, levers: &LeverSet) -> Option<usize> {
        let option = levers[Lever::DealLeftOut] as u8;
        if option == 0 {
            return None;
        }
        let parties = &self.tables[self.collective?].parties;
        parties.iter().find(|party| party.left_out_option == option).map(|party| party.actor)
    }

    /// Whether a collective deal settles what a table is about: nobody at that table is left out of the deal.
    #[inline]
    #[must_use]
    pub fn settles(&self, table: usize, left_out: Option<usize>) -> bool {
        left_out.is_none_or(|actor| self.tables[table].parties.iter().all(|party| party.actor != actor))
    }

    /// Whether a collective deal covers a front: one moved by daily hazards, with no party left out of the deal.
    #[inline]
    #[must_use]
    pub fn covers(&self, front: usize, left_out: Option<usize>) -> bool {
        let rule = &self.fronts[front];
        rule.ladder == LadderRule::Hazard && left_out.is_none_or(|actor| !rule.parties.contains(&actor))
    }

    /// Whether an event is one that the scenario documents, and not one that the model decided.
    #[must_use]
    pub fn documented(&self, event: &Event, day: i32) -> bool {
        match event {
            Event::Signed { table, .. } => self.tables[usize::from(*table)].forced.contains(&(day, true)),
            Event::Collapsed { table, .. } => self.tables[usize::from(*table)].forced.contains(&(day, false)),
            Event::CorridorLost { corridor } => self.corridors[usize::from(*corridor)].lost_on == Some(day),
            Event::Struck(s) => {
                let kind = event.kind();
                matches!(kind, EventKind::Blow | EventKind::Preventive)
                    && self.initiatives.get(usize::from(s.initiative)).is_some_and(|i| {
                        i.actor == usize::from(s.actor)
                            && i.forced.iter().any(|f| f.0 == day && f.1 == (kind == EventKind::Preventive))
                    })
            }
            _ => false,
        }
    }

    /// The actor with this id.
    #[must_use]
    pub fn actor(&self, id: &str) -> Option<usize> {
        self.actors.iter().position(|a| a.id.text == id)
    }

    /// The stream with this id.
    #[must_use]
    pub fn stream(&self, id: &str) -> Option<usize> {
        self.streams.iter().position(|s| s.id.text == id)
    }

    /// The ledger with this id.
    #[must_use]
    pub fn ledger(&self, id: &str) -> Option<usize> {
        self.ledgers.iter().position(|l| l.id.text == id)
    }

    /// The table with this id.
    #[must_use]
    pub fn table(&self, id: &str) -> Option<usize> {
        self.tables.iter().position(|t| t.id.text == id)
    }

    /// The front with this id.
    #[must_use]
    pub fn front(&self, id: &str) -> Option<usize> {
        self.fronts.iter().position(|f| f.id.text == id)
    }

    /// The calendar date of a day.
    #[must_use]
    pub fn date(&self, day: i32) -> jiff::civil::Date {
        self.frame.start.saturating_add(jiff::Span::new().days(day))
    }
}
