//! The rules of one future: a scenario's numbers with every id resolved to a position.
//!
//! Built once from a validated scenario ([`Rules::new`]); a future under `--params prior` then takes fresh values for
//! every estimate ([`Rules::redraw`]) without building anything again. Positions follow the order of ids; they never
//! enter a draw, which is keyed by the hash of the id's text.

use crate::chance::quantile::{DeathLaw, NegativeBinomial};
use crate::chance::{Key, hash_id};
use crate::scenario::raw::{
    self, ActorKind, CalendarKind, Caution, Disputed, LadderRule, Means, Opens, Quantity, Sequencing, SiteKind,
};
use crate::symbols::families::{self as family, Family, Spread};
use crate::symbols::levers::{Lever, LeverChange, LeverSet};
use crate::symbols::parameters::Parameters;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Largest number of entities of one kind (fronts, streams, tables …) a scenario may hold.
pub const MANY: usize = 64;

/// Longest run, days.
const MAX_DAYS: f64 = 4000.0;

/// Deaths in one event never exceed this.
const DEATH_LIMIT: u32 = 500;

/// Largest growth factor of the branching process that a prior draw may reach; the whole matrix is scaled down to it.
const RADIUS_LIMIT: f64 = 0.94;

/// An id with the hash under which it enters draws.
#[derive(Clone, Debug)]
pub struct Id {
    /// The text.
    pub text: String,
    /// [`hash_id`] of the text.
    pub hash: u64,
}

impl Id {
    fn new(text: &str) -> Self {
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
    /// Patron's control.
    pub patron_control: f64,
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
    /// Threats it feels.
    pub threats: Vec<usize>,
    /// Streams it fires.
    pub streams: Vec<usize>,
    /// Territories whose dead are its own.
    pub territories: Vec<usize>,
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
    /// Draws of this party at this table.
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
    /// Threat relations of this party toward the others at the table.
    pub threats: Vec<usize>,
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
    /// Whose dead.
    pub actor: usize,
    /// Exposed persons.
    pub exposed: f64,
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

/// Where an estimate's range comes from; in the order in which [`Rules::estimates`] visits the values.
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
#[derive(Debug)]
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
    /// Sites.
    pub sites: Vec<SiteRules>,
    /// Institutions: (id, name, role).
    pub institutions: Vec<(String, String, String)>,
    /// Calendar, in order of days.
    pub calendar: Vec<CalendarRules>,
    /// Lever changes that the scenario itself makes, in order of days.
    pub lever_log: Vec<LeverChange>,
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
    /// Scalar parameters.
    pub p: Parameters,
    /// Law of deaths (derived from `p`).
    pub death_law: DeathLaw,
    /// `2^(−1/decapitation_half_life)` (derived).
    pub decapitation_retention: f64,
    /// No hazard of a step up exceeds this times (1 + L)² (derived).
    pub step_up_bound: f64,
    /// No hazard of a step down exceeds this (derived).
    pub step_down_bound: f64,
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
    /// Roles in the outcome definitions.
    pub roles: Roles,
}

/// Positions of ids of one kind.
struct Positions<'a>(Vec<&'a str>);

impl<'a> Positions<'a> {
    fn of<T>(map: &'a BTreeMap<String, T>) -> Self {
        Self(map.keys().map(String::as_str).collect())
    }
    /// A validated scenario has no dangling id, so absence means "not referred to".
    fn find(&self, id: &str) -> Option<usize> {
        self.0.binary_search(&id).ok()
    }
    fn at(&self, id: &str) -> usize {
        self.find(id).unwrap_or(0)
    }
    fn opt(&self, id: Option<&String>) -> Option<usize> {
        id.and_then(|id| self.find(id))
    }
}

fn lever(id: Option<&String>) -> Option<Lever> {
    id.and_then(|id| Lever::from_id(id))
}

fn value(q: Option<&Quantity>) -> f64 {
    q.map_or(0.0, Quantity::value)
}

impl Rules {
    /// Compiles a validated scenario.
    #[must_use]
    pub fn new(loaded: &crate::scenario::Loaded) -> Self {
        let raw = &loaded.scenario;
        let start = raw.start.unwrap_or_default();
        let (actors, sites) = (Positions::of(&raw.actors), Positions::of(&raw.sites));
        let (fronts, streams) = (Positions::of(&raw.fronts), Positions::of(&raw.streams));
        let (ledgers, tables) = (Positions::of(&raw.ledgers), Positions::of(&raw.tables));
        let (channels, missions) = (Positions::of(&raw.channels), Positions::of(&raw.missions));
        let territories = Positions::of(&raw.territories);

        let home_of = |id: &'_ str, a: &'_ raw::Actor| -> &str {
            let owner = a.site.as_ref().and_then(|site| raw.sites.get(site)).map(|site| site.owner.as_str());
            match owner.and_then(|owner| raw.actors.get_key_value(owner)) {
                Some((owner, _)) if a.kind == ActorKind::Group => owner,
                _ => raw.actors.get_key_value(id).map_or("", |(own, _)| own),
            }
        };
        let stream_rules: Vec<StreamRules> = raw
            .streams
            .iter()
            .map(|(id, s)| {
                let (attacker, target) = id.split_once('>').unwrap_or((id, id));
                StreamRules {
                    id: Id::new(id),
                    unit: s.unit.clone(),
                    attacker: actors.at(attacker),
                    target: actors.at(target),
                    front: fronts.at(&s.front),
                    territory: territories.opt(s.territory.as_ref()),
                    mu: s.mu.value(),
                    size: s.size.value(),
                    law: NegativeBinomial::new(s.size.value()),
                    memory: s.memory.value(),
                    growth: s.growth.value(),
                    level_factor: [1.0; 7],
                    offspring: s.offspring.iter().map(|(id, q)| (streams.at(id), q.value())).collect(),
                    solidarity: s.solidarity.iter().map(|(id, q)| (tables.at(id), q.value())).collect(),
                    directive: lever(s.directive.as_ref()),
                    directive_is_absolute: s.directive_is_absolute,
                    settlements: s.settlements,
                    deaths: [
                        s.deaths_per_event.value(),
                        s.deaths_per_event_high.as_ref().unwrap_or(&s.deaths_per_event).value(),
                    ],
                    incidents: 1,
                    restraint: lever(s.restraint.as_ref()),
                    truce_residual: value(s.truce_residual.as_ref()),
                    truce_coupling: value(s.truce_coupling.as_ref()),
                    ledger: ledgers.find(&format!("{target}|{attacker}")),
                    harm_per_event: s.ledger_harm_per_event.unwrap_or(0.0),
                    harm_per_lethal_event: s.ledger_harm_per_lethal_event.unwrap_or(0.0),
                    silenced_by: raw.tables.iter().position(|(_, t)| t.silences.contains(id)),
                    start_excitation: 0.0,
                }
            })
            .collect();

        let mut pair_ids: Vec<String> = Vec::new();
        let pair_of = |id: &str| {
            let (a, b) = id.split_once('|').unwrap_or((id, id));
            if a < b { format!("{a}-{b}") } else { format!("{b}-{a}") }
        };
        for id in raw.ledgers.keys() {
            let pair = pair_of(id);
            if !pair_ids.contains(&pair) {
                pair_ids.push(pair);
            }
        }
        pair_ids.sort();
        let restrainers = |a: &str, b: &str| -> Vec<usize> {
            raw.tables
                .iter()
                .enumerate()
                .filter(|(_, (_, t))| t.restrains_exchange && t.parties.contains_key(a) && t.parties.contains_key(b))
                .map(|(i, _)| i)
                .collect()
        };
        let ledger_rules: Vec<LedgerRules> = raw
            .ledgers
            .iter()
            .map(|(id, l)| {
                let (holder, against) = id.split_once('|').unwrap_or((id, id));
                LedgerRules {
                    id: Id::new(id),
                    holder: actors.at(holder),
                    against: actors.at(against),
                    reverse: ledgers.find(&format!("{against}|{holder}")),
                    pair: pair_ids.iter().position(|p| *p == pair_of(id)).unwrap_or(0),
                    front: fronts.opt(l.front.as_ref()),
                    blows: l.blows,
                    theta: l.theta.value(),
                    half_life: l.half_life_days.value(),
                    daily_retention: 1.0,
                    h_max: l.h_max.value(),
                    a: [l.a0.value(), l.a1.value(), l.a2.value(), l.a3.value(), l.a4.value()],
                    bias: l.bias.value(),
                    kappa: l.kappa.value(),
                    spread: l.magnitude_spread.value(),
                    min_lag: l.min_lag_days.value(),
                    closure: l.closure.value(),
                    war_answer: l.war_answer.value(),
                    means: l.means,
                    rounds_per_blow: value(l.rounds_per_blow.as_ref()),
                    telegraph: l.telegraph,
                    caution: l.caution,
                    proportionality: lever(l.proportionality.as_ref()),
                    response_scale: lever(l.response_scale.as_ref()),
                    scale_veto: l.scale_veto,
                    restraint: lever(l.restraint.as_ref()),
                    target_set: lever(l.target_set.as_ref()),
                    shares: l.shares.iter().map(|(actor, q)| (actors.at(actor), q.value())).collect(),
                    restrained_by: restrainers(holder, against),
                }
            })
            .collect();
        let pairs = pair_ids
            .iter()
            .enumerate()
            .map(|(i, id)| {
                let members: Vec<usize> = (0..ledger_rules.len()).filter(|&l| ledger_rules[l].pair == i).collect();
                PairRules {
                    id: Id::new(id),
                    front: members.iter().find_map(|&l| ledger_rules[l].front),
                    ledgers: members,
                }
            })
            .collect();

        let mut threats: Vec<ThreatRules> = Vec::new();
        let mut relate = |holder: usize, from: usize| {
            if !threats.iter().any(|t| t.holder == holder && t.from == from) {
                threats.push(ThreatRules { holder, from, streams: Vec::new() });
            }
        };
        for l in &ledger_rules {
            relate(l.holder, l.against);
        }
        for s in &stream_rules {
            relate(s.target, s.attacker);
        }
        threats.sort_by_key(|t| (t.holder, t.from));
        for t in &mut threats {
            t.streams = (0..stream_rules.len())
                .filter(|&s| stream_rules[s].target == t.holder && stream_rules[s].attacker == t.from)
                .collect();
        }
        let threat_between =
            |holder: usize, from: usize| threats.iter().position(|t| t.holder == holder && t.from == from);

        let calendar: Vec<CalendarRules> = raw
            .calendar
            .iter()
            .map(|e| CalendarRules { day: (e.date - start).get_days(), kind: e.kind, text: e.text.clone() })
            .collect();

        let table_rules: Vec<TableRules> = raw
            .tables
            .iter()
            .map(|(id, t)| {
                let party_positions: Vec<usize> = t.parties.keys().map(|a| actors.at(a)).collect();
                let front = fronts.opt(t.front.as_ref());
                TableRules {
                    id: Id::new(id),
                    name: t.name.clone(),
                    front,
                    stalemate_level: t.stalemate_level.min(6) as u8,
                    cost_stream: t.silences.first().and_then(|s| streams.find(s)),
                    eta: t.eta.value(),
                    opens: t.opens,
                    parties: t
                        .parties
                        .iter()
                        .map(|(actor, party)| {
                            let me = actors.at(actor);
                            PartyRules {
                                actor: me,
                                hash: hash_id(&format!("{id}/{actor}")),
                                benefit: party.benefit.value(),
                                war_cost: party.war_cost.value(),
                                audience_cost: party.audience_cost.value(),
                                commitment_cost: party.commitment_cost.value(),
                                sequencing: party.sequencing,
                                disputed: party.disputed,
                                threats: party_positions
                                    .iter()
                                    .filter_map(|&other| threat_between(me, other))
                                    .collect(),
                            }
                        })
                        .collect(),
                    channels: t.channels.iter().map(|(c, w)| (channels.at(c), w.value())).collect(),
                    silences: t.silences.iter().filter_map(|s| streams.find(s)).collect(),
                    restrains_exchange: t.restrains_exchange,
                    needs_group_talks: t.needs_group_talks,
                    h0: t.h0.value(),
                    shape: t.shape.value(),
                    mission: missions.opt(t.mission.as_ref()),
                    links: t.links.iter().filter_map(|l| tables.find(l)).collect(),
                    spoilers: t
                        .spoilers
                        .iter()
                        .map(|actor| (actors.at(actor), hash_id(&format!("{id}/{actor}"))))
                        .collect(),
                    deadlines: raw
                        .calendar
                        .iter()
                        .filter(|e| e.kind == CalendarKind::Deadline && e.tables.contains(id))
                        .map(|e| (e.date - start).get_days())
                        .collect(),
                    collapse_bound: 0.0,
                }
            })
            .collect();

        let initiatives = raw
            .initiatives
            .iter()
            .map(|(id, i)| {
                let (actor, opponent) = id.split_once('>').unwrap_or((id, id));
                InitiativeRules {
                    id: Id::new(id),
                    actor: actors.at(actor),
                    opponent: actors.at(opponent),
                    blow_rate: i.blow_rate.value(),
                    blow_lever: lever(i.blow_lever.as_ref()),
                    preventive_rate: value(i.preventive_rate.as_ref()),
                    victims: i.victims.iter().map(|(a, q)| (actors.at(a), q.value())).collect(),
                    held_back_by: i.held_back_by.iter().filter_map(|t| tables.find(t)).collect(),
                    needs_consent: i.needs_consent,
                    blow_bound: 0.0,
                    preventive_bound: 0.0,
                    their_ledger: ledgers.find(&format!("{opponent}|{actor}")),
                    own_ledger: ledgers.find(&format!("{actor}|{opponent}")),
                    threat: threat_between(actors.at(actor), actors.at(opponent)),
                    restrained_by: restrainers(actor, opponent),
                }
            })
            .collect();

        let site_rules: Vec<SiteRules> =
            raw.sites.iter().map(|(id, s)| SiteRules { id: Id::new(id), name: s.name.clone(), kind: s.kind }).collect();

        let frame = Frame {
            name: loaded.name.clone(),
            hash: loaded.hash.clone(),
            start,
            days: raw.days,
            estimates: estimates_of(raw),
            levers: crate::scenario::levers_at_start(raw),
            parameters: {
                let mut p = Parameters::default();
                for (id, value) in &raw.parameters {
                    p.set(id, *value);
                }
                p
            },
            sites: site_rules,
            institutions: raw.institutions.iter().map(|(id, i)| (id.clone(), i.name.clone(), i.role.clone())).collect(),
            calendar,
            lever_log: crate::scenario::lever_log(raw),
        };

        let mut rules = Self {
            p: frame.parameters.clone(),
            death_law: DeathLaw::new(2.5, 1),
            decapitation_retention: 1.0,
            step_up_bound: 1.0,
            step_down_bound: 1.0,
            actors: raw
                .actors
                .iter()
                .map(|(id, a)| ActorRules {
                    id: Id::new(id),
                    name: a.name.clone(),
                    kind: a.kind,
                    capability: a.capability,
                    posture: a.posture.unwrap_or(0.5),
                    reformist_weight: a.reformist_weight.unwrap_or(0.5),
                    resolve: a.resolve.unwrap_or(frame.parameters.rho_reference),
                    air_defence: a.air_defence.as_ref().map(Quantity::value),
                    shield: a.shield.as_ref().map(Quantity::value),
                    patron_control: value(a.patron_control.as_ref()),
                    directive: lever(a.directive.as_ref()),
                    decapitation: a.decapitation.unwrap_or(0.0),
                    stock: a.stock.as_ref().map(|s| StockRules {
                        rounds: s.rounds.value(),
                        production: s.production_per_day.value(),
                        per_event: value(s.rounds_per_event.as_ref()),
                        launchers: value(s.launchers.as_ref()),
                        full_rate_rounds: 0.0,
                    }),
                    interceptors: a.interceptors.as_ref().map(|i| InterceptorRules {
                        rounds: i.rounds.value(),
                        resupply: i.resupply_per_day.value(),
                        lever: lever(i.resupply_lever.as_ref()),
                    }),
                    home: actors.at(home_of(id, a)),
                    ledgers: (0..ledger_rules.len()).filter(|&l| ledger_rules[l].holder == actors.at(id)).collect(),
                    streams: (0..stream_rules.len()).filter(|&s| stream_rules[s].attacker == actors.at(id)).collect(),
                    territories: raw
                        .territories
                        .values()
                        .enumerate()
                        .filter(|(_, t)| t.actor == *id)
                        .map(|(i, _)| i)
                        .collect(),
                    threats: (0..threats.len()).filter(|&t| threats[t].holder == actors.at(id)).collect(),
                    sites: {
                        let mut by_kind: BTreeMap<SiteKind, Vec<usize>> = BTreeMap::new();
                        let owner = home_of(id, a);
                        for (site, s) in raw.sites.iter().filter(|(_, s)| s.owner == owner) {
                            by_kind.entry(s.kind).or_default().push(sites.at(site));
                        }
                        by_kind
                    },
                })
                .collect(),
            fronts: raw
                .fronts
                .iter()
                .enumerate()
                .map(|(i, (id, f))| FrontRules {
                    id: Id::new(id),
                    name: f.name.clone(),
                    parties: f.parties.iter().map(|a| actors.at(a)).collect(),
                    level: f.level.min(6) as u8,
                    reference_level: f.reference_level.min(6) as u8,
                    ladder: f.ladder,
                    days_high: f.days_high,
                    table: tables.opt(f.table.as_ref()),
                    streams: (0..stream_rules.len()).filter(|&s| stream_rules[s].front == i).collect(),
                    ledgers: (0..ledger_rules.len()).filter(|&l| ledger_rules[l].front == Some(i)).collect(),
                })
                .collect(),
            ledgers: ledger_rules,
            pairs,
            initiatives,
            tables: table_rules,
            channels: raw
                .channels
                .iter()
                .map(|(id, c)| ChannelRules {
                    id: Id::new(id),
                    name: c.name.clone(),
                    lever: Lever::from_id(&c.lever).unwrap_or(Lever::ChannelOman),
                    restrains_iran: c.restrains_iran,
                    suspended_by: lever(c.suspended_by.as_ref()),
                    suspended_since: c.suspended_since_day,
                })
                .collect(),
            missions: raw
                .missions
                .iter()
                .map(|(id, m)| MissionRules {
                    id: Id::new(id),
                    name: m.name.clone(),
                    movement: m.freedom_of_movement,
                    national_troops: m.national_troops,
                    withdrawn: m.withdrawn,
                    table: raw.tables.iter().position(|(_, t)| t.mission.as_ref() == Some(id)),
                })
                .collect(),
            territories: raw
                .territories
                .iter()
                .enumerate()
                .map(|(i, (id, t))| TerritoryRules {
                    id: Id::new(id),
                    name: t.name.clone(),
                    front: fronts.at(&t.front),
                    actor: actors.at(&t.actor),
                    exposed: t.exposed.value(),
                    displaced: t.displaced.value(),
                    return_rate: t.return_rate.value(),
                    fast_return: t.fast_return,
                    first_of_actor: raw.territories.values().position(|other| other.actor == t.actor) == Some(i),
                    streams: (0..stream_rules.len()).filter(|&s| stream_rules[s].territory == Some(i)).collect(),
                })
                .collect(),
            threats,
            roles: Roles {
                direct: actors.find("IRN").zip(actors.find("ISR")),
                with_us: actors.find("IRN").zip(actors.find("USA")),
                us_pair: pair_ids.iter().position(|id| id == "IRN-USA"),
                direct_front: fronts.find("IRN-ISR"),
            },
            streams: stream_rules,
            frame: Arc::new(frame),
        };
        rules.derive();
        rules
    }

    /// Every estimate's slot, in the order of [`Frame::estimates`].
    fn estimates(&mut self) -> impl Iterator<Item = &mut f64> {
        let streams = self.streams.iter_mut().flat_map(|s| {
            let [low, high] = &mut s.deaths;
            [
                &mut s.mu,
                &mut s.size,
                &mut s.memory,
                &mut s.growth,
                low,
                high,
                &mut s.truce_residual,
                &mut s.truce_coupling,
            ]
            .into_iter()
            .chain(s.offspring.iter_mut().map(|(_, v)| v))
            .chain(s.solidarity.iter_mut().map(|(_, v)| v))
        });
        let ledgers = self.ledgers.iter_mut().flat_map(|l| {
            let [a0, a1, a2, a3, a4] = &mut l.a;
            [
                &mut l.theta,
                &mut l.half_life,
                &mut l.h_max,
                a0,
                a1,
                a2,
                a3,
                a4,
                &mut l.bias,
                &mut l.kappa,
                &mut l.spread,
                &mut l.min_lag,
                &mut l.closure,
                &mut l.war_answer,
                &mut l.rounds_per_blow,
            ]
            .into_iter()
            .chain(l.shares.iter_mut().map(|(_, share)| share))
        });
        let initiatives = self.initiatives.iter_mut().flat_map(|i| {
            [&mut i.blow_rate, &mut i.preventive_rate].into_iter().chain(i.victims.iter_mut().map(|(_, w)| w))
        });
        let tables = self.tables.iter_mut().flat_map(|t| {
            [&mut t.eta, &mut t.h0, &mut t.shape]
                .into_iter()
                .chain(
                    t.parties
                        .iter_mut()
                        .flat_map(|p| [&mut p.benefit, &mut p.war_cost, &mut p.audience_cost, &mut p.commitment_cost]),
                )
                .chain(t.channels.iter_mut().map(|(_, w)| w))
        });
        let actors = self.actors.iter_mut().flat_map(|a| {
            let stock =
                a.stock.iter_mut().flat_map(|s| [&mut s.rounds, &mut s.production, &mut s.per_event, &mut s.launchers]);
            let interceptors = a.interceptors.iter_mut().flat_map(|i| [&mut i.rounds, &mut i.resupply]);
            a.air_defence
                .iter_mut()
                .chain(a.shield.iter_mut())
                .chain(std::iter::once(&mut a.patron_control))
                .chain(stock)
                .chain(interceptors)
        });
        let territories =
            self.territories.iter_mut().flat_map(|t| [&mut t.exposed, &mut t.displaced, &mut t.return_rate]);
        streams.chain(ledgers).chain(initiatives).chain(tables).chain(actors).chain(territories)
    }

    /// Gives every estimate and scalar parameter a value drawn from its range, keyed by (seed, parameter, future).
    pub fn redraw(&mut self, key: Key) {
        let frame = Arc::clone(&self.frame);
        let key = key.of("parameter");
        for (slot, e) in self.estimates().zip(&frame.estimates) {
            *slot = draw_between(key.of_hash(e.hash).timeless().uniform(0), e.low, e.high, e.log);
        }
        self.p = frame.parameters.clone();
        self.p.map(|row, scenario_value| {
            // A scenario that sets a parameter fixes it: its author chose a value, not a range.
            if scenario_value.to_bits() == row.default.to_bits() {
                draw_between(key.of(row.id).timeless().uniform(0), row.low, row.high, row.log())
            } else {
                scenario_value
            }
        });
        self.derive();
    }

    /// Back to the scenario's own values.
    pub fn reset(&mut self) {
        let frame = Arc::clone(&self.frame);
        for (slot, e) in self.estimates().zip(&frame.estimates) {
            *slot = e.value;
        }
        self.p = frame.parameters.clone();
        self.derive();
    }

    /// Recomputes what follows from the estimates.
    fn derive(&mut self) {
        self.death_law = DeathLaw::new(self.p.death_exponent, DEATH_LIMIT);
        self.decapitation_retention = libm::exp2(-1.0 / self.p.decapitation_half_life);
        self.bound_hazards();
        for s in &mut self.streams {
            if s.law.size().to_bits() != s.size.to_bits() {
                s.law = NegativeBinomial::new(s.size);
            }
        }
        for l in &mut self.ledgers {
            l.daily_retention = libm::exp2(-1.0 / l.half_life);
        }
        for s in &mut self.streams {
            let reference = f64::from(self.fronts[s.front].reference_level);
            let log_growth = libm::log(s.growth);
            for (level, factor) in s.level_factor.iter_mut().enumerate() {
                *factor = libm::exp(log_growth * (level as f64 - reference));
            }
            // A power law that starts at one death has a mean below 2 even where every event is lethal; deadlier
            // reports (a day of strikes on one town) are several incidents under one name.
            s.incidents = ((s.deaths[0].max(s.deaths[1]) / self.death_law.mean).ceil() as u32).max(1);
        }
        self.limit_radius();
        self.settle_excitation();
    }

    /// Upper bounds of every rare hazard over all states: on most days the draw alone rules an event out, and no
    /// exponential is needed to know it. Each follows from the equation with every term at its most favourable.
    fn bound_hazards(&mut self) {
        let p = &self.p;
        self.step_up_bound = p.h_up * libm::exp(p.beta_ladder_trigger + p.beta_ladder_reputation);
        self.step_down_bound = p.h_down * libm::exp(p.beta_exhaustion + p.beta_ladder_mediation + p.low_stock_push);
        for i in &mut self.initiatives {
            let drive =
                2.0 * p.beta_rho.abs() + p.blow_caution * p.caution_reference + p.blow_shield * p.shield_reference;
            i.blow_bound = i.blow_rate * libm::exp(drive);
            let drive = p.preventive_defence
                + p.preventive_consent * (libm::exp(p.scale_veto_effect) - 0.5).max(0.5)
                + p.preventive_caution * p.caution_reference
                + p.preventive_threat * 0.5;
            i.preventive_bound = i.preventive_rate * libm::exp(drive);
        }
        for t in &mut self.tables {
            let log30 = libm::log(30.0);
            let log_longest = libm::log(MAX_DAYS / 30.0);
            let ageing = ((1.0 - t.shape) * log30).max((t.shape - 1.0) * log_longest).max(0.0);
            let worst = p.beta_withdrawal + p.beta_spoiler + p.beta_linked_collapse + p.beta_guarantee;
            t.collapse_bound = t.h0 * t.shape * libm::exp(ageing + worst);
        }
    }

    /// A branching process at or above radius 1 explodes; draws that come near it are scaled down together.
    fn limit_radius(&mut self) {
        let n = self.streams.len();
        let mut matrix = vec![0.0; n * n];
        for (target, s) in self.streams.iter().enumerate() {
            for &(source, weight) in &s.offspring {
                matrix[target * n + source] = weight.max(0.0);
            }
        }
        let radius = crate::scenario::spectral_radius(&matrix, n);
        if radius > RADIUS_LIMIT {
            let scale = RADIUS_LIMIT / radius;
            self.streams.iter_mut().flat_map(|s| &mut s.offspring).for_each(|(_, weight)| *weight *= scale);
        }
    }

    /// Starts every stream at the stationary mean of the levels, directives and agreements of the first day.
    fn settle_excitation(&mut self) {
        let n = self.streams.len();
        let floor = self.p.fire_floor;
        let baselines: Vec<f64> = (0..n)
            .map(|i| {
                let s = &self.streams[i];
                let level = usize::from(self.fronts[s.front].level);
                s.mu * s.level_factor[level] * self.directive_factors(i, &self.frame.levers).0
            })
            .collect();
        let halts: Vec<f64> = (0..n).map(|i| self.directive_factors(i, &self.frame.levers).1).collect();
        let mut mean = baselines.clone();
        for _ in 0..120 {
            let next: Vec<f64> = (0..n)
                .map(|i| {
                    let lift: f64 = self.streams[i].offspring.iter().map(|&(source, w)| w * mean[source]).sum();
                    halts[i] * (baselines[i] + lift).max(floor * baselines[i])
                })
                .collect();
            mean = next;
        }
        for (s, m) in self.streams.iter_mut().zip(&mean) {
            s.start_excitation = *m;
        }
        for i in 0..self.actors.len() {
            let events: f64 = self.streams.iter().filter(|s| s.attacker == i).map(|s| s.start_excitation).sum();
            let days = self.p.stock_days_full_rate;
            if let Some(stock) = &mut self.actors[i].stock {
                stock.full_rate_rounds = days * events * stock.per_event;
            }
        }
    }

    /// Patron restraint on a stream: (R on the baseline, halt on everything).
    ///
    /// A directive weighs on the baseline through the patron's control, `R = 1 − c_g d` (6.2); a halt, `1 − d`, holds
    /// excitation back as well: groups that were ordered to stop did not answer events elsewhere either.
    #[inline]
    #[must_use]
    pub fn directive_factors(&self, stream: usize, levers: &LeverSet) -> (f64, f64) {
        let s = &self.streams[stream];
        match s.directive.map(|lever| levers[lever]) {
            None => (1.0, 1.0),
            Some(d) if s.directive_is_absolute => (1.0, 1.0 - d),
            Some(d) => (1.0 - self.actors[s.attacker].patron_control * d, 1.0),
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

/// A value between `low` and `high` at position `u` of its range.
fn draw_between(u: f64, low: f64, high: f64, log: bool) -> f64 {
    if log && low > 0.0 { low * libm::exp(u * libm::log(high / low)) } else { low + u * (high - low) }
}

/// The ranges of every estimate of a scenario, in the order in which [`Rules::estimates`] visits them.
fn estimates_of(raw: &raw::Scenario) -> Vec<Estimate> {
    let mut list = Vec::new();
    let zero = Quantity::Number(0.0);
    let mut add = |family: &'static Family, instance: String, q: Option<&Quantity>| {
        let q = q.unwrap_or(&zero);
        let value = q.value();
        let (mut low, mut high) = match family.spread {
            Spread::Fixed => (value, value),
            Spread::Times(a, b) if value >= 0.0 => (value * a, value * b),
            Spread::Times(a, b) => (value * b, value * a),
            Spread::PlusMinus(d) => (value - d, value + d),
        };
        let mut tag = family.tag;
        let mut source = family.source.to_owned();
        if let Quantity::Sourced(s) = q {
            low = s.low.unwrap_or(low);
            high = s.high.unwrap_or(high);
            tag = s.tag.map_or(tag, Into::into);
            source = s.source.clone().unwrap_or(source);
        }
        // What a scenario switches off (a zero) stays off unless it states a range.
        if value == 0.0 && matches!(q, Quantity::Number(_)) {
            (low, high) = (0.0, 0.0);
        }
        let id = format!("{}[{instance}]", family.id);
        list.push(Estimate {
            hash: hash_id(&id),
            id,
            value,
            low: low.clamp(family.low, family.high),
            high: high.clamp(family.low, family.high),
            log: matches!(family.spread, Spread::Times(..)) && low > 0.0,
            tag,
            source,
            family,
        });
    };
    for (id, s) in &raw.streams {
        add(&family::STREAM_MU, id.clone(), Some(&s.mu));
        add(&family::STREAM_SIZE, id.clone(), Some(&s.size));
        add(&family::STREAM_MEMORY, id.clone(), Some(&s.memory));
        add(&family::STREAM_GROWTH, id.clone(), Some(&s.growth));
        add(&family::STREAM_DEATHS, id.clone(), Some(&s.deaths_per_event));
        add(
            &family::STREAM_DEATHS_HIGH,
            id.clone(),
            Some(s.deaths_per_event_high.as_ref().unwrap_or(&s.deaths_per_event)),
        );
        add(&family::STREAM_TRUCE_RESIDUAL, id.clone(), s.truce_residual.as_ref());
        add(&family::STREAM_TRUCE_COUPLING, id.clone(), s.truce_coupling.as_ref());
        for (source, q) in &s.offspring {
            add(&family::STREAM_OFFSPRING, format!("{id} from {source}"), Some(q));
        }
        for (table, q) in &s.solidarity {
            let family = if table == "LEB" { &family::STREAM_SOLIDARITY_LEB } else { &family::STREAM_SOLIDARITY_GAZ };
            add(family, format!("{id} with {table}"), Some(q));
        }
    }
    for (id, l) in &raw.ledgers {
        let rows: [(&'static Family, Option<&Quantity>); 15] = [
            (&family::LEDGER_THETA, Some(&l.theta)),
            (&family::LEDGER_HALF_LIFE, Some(&l.half_life_days)),
            (&family::LEDGER_H_MAX, Some(&l.h_max)),
            (&family::LEDGER_A0, Some(&l.a0)),
            (&family::LEDGER_A1, Some(&l.a1)),
            (&family::LEDGER_A2, Some(&l.a2)),
            (&family::LEDGER_A3, Some(&l.a3)),
            (&family::LEDGER_A4, Some(&l.a4)),
            (&family::LEDGER_BIAS, Some(&l.bias)),
            (&family::LEDGER_KAPPA, Some(&l.kappa)),
            (&family::LEDGER_MAGNITUDE_SPREAD, Some(&l.magnitude_spread)),
            (&family::LEDGER_MIN_LAG, Some(&l.min_lag_days)),
            (&family::LEDGER_CLOSURE, Some(&l.closure)),
            (&family::LEDGER_WAR_ANSWER, Some(&l.war_answer)),
            (&family::LEDGER_ROUNDS, l.rounds_per_blow.as_ref()),
        ];
        for (family, q) in rows {
            add(family, id.clone(), q);
        }
        for (victim, q) in &l.shares {
            add(&family::LEDGER_SHARE, format!("{id} for {victim}"), Some(q));
        }
    }
    for (id, i) in &raw.initiatives {
        add(&family::INITIATIVE_BLOW, id.clone(), Some(&i.blow_rate));
        add(&family::INITIATIVE_PREVENTIVE, id.clone(), i.preventive_rate.as_ref());
        for (victim, q) in &i.victims {
            add(&family::INITIATIVE_VICTIM, format!("{id} on {victim}"), Some(q));
        }
    }
    for (id, t) in &raw.tables {
        add(&family::TABLE_ETA, id.clone(), Some(&t.eta));
        add(&family::TABLE_H0, id.clone(), Some(&t.h0));
        add(&family::TABLE_SHAPE, id.clone(), Some(&t.shape));
        for (actor, p) in &t.parties {
            add(&family::TABLE_BENEFIT, format!("{id}/{actor}"), Some(&p.benefit));
            add(&family::TABLE_WAR_COST, format!("{id}/{actor}"), Some(&p.war_cost));
            add(&family::TABLE_AUDIENCE_COST, format!("{id}/{actor}"), Some(&p.audience_cost));
            add(&family::TABLE_COMMITMENT_COST, format!("{id}/{actor}"), Some(&p.commitment_cost));
        }
        for (channel, q) in &t.channels {
            add(&family::TABLE_CHANNEL, format!("{id}/{channel}"), Some(q));
        }
    }
    for (id, a) in &raw.actors {
        if let Some(q) = &a.air_defence {
            add(&family::ACTOR_AIR_DEFENCE, id.clone(), Some(q));
        }
        if let Some(q) = &a.shield {
            add(&family::ACTOR_SHIELD, id.clone(), Some(q));
        }
        add(&family::ACTOR_CONTROL, id.clone(), a.patron_control.as_ref());
        if let Some(s) = &a.stock {
            add(&family::STOCK_ROUNDS, id.clone(), Some(&s.rounds));
            add(&family::STOCK_PRODUCTION, id.clone(), Some(&s.production_per_day));
            add(&family::STOCK_USE, id.clone(), s.rounds_per_event.as_ref());
            add(&family::LAUNCHERS, id.clone(), s.launchers.as_ref());
        }
        if let Some(i) = &a.interceptors {
            add(&family::INTERCEPTORS, id.clone(), Some(&i.rounds));
            add(&family::INTERCEPTORS_RESUPPLY, id.clone(), Some(&i.resupply_per_day));
        }
    }
    for (id, t) in &raw.territories {
        add(&family::TERRITORY_EXPOSED, id.clone(), Some(&t.exposed));
        add(&family::TERRITORY_DISPLACED, id.clone(), Some(&t.displaced));
        add(&family::TERRITORY_RETURN, id.clone(), Some(&t.return_rate));
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symbols::families::FAMILIES;
    use crate::symbols::parameters::ROWS;

    fn rules(name: &str) -> Rules {
        Rules::new(&crate::scenario::load(name).unwrap_or_else(|errors| panic!("{errors}")))
    }

    /// The list of ranges and the list of slots are walked side by side: they must be the same list.
    #[test]
    fn estimates_and_their_slots_are_in_the_same_order() {
        for name in crate::scenario::builtin_names() {
            let mut rules = rules(name);
            let frame = Arc::clone(&rules.frame);
            let slots: Vec<f64> = rules.estimates().map(|slot| *slot).collect();
            assert_eq!(slots.len(), frame.estimates.len());
            for (slot, e) in slots.iter().zip(&frame.estimates) {
                assert_eq!(slot.to_bits(), e.value.to_bits(), "{}", e.id);
                assert!(e.low <= e.value && e.value <= e.high, "{} outside its range", e.id);
            }
        }
    }

    #[test]
    fn every_family_has_an_instance_and_every_instance_its_own_draw() {
        let rules = rules("november-2024");
        let estimates = &rules.frame.estimates;
        for family in FAMILIES {
            assert!(estimates.iter().any(|e| e.family.id == family.id), "{} is a row without a use", family.id);
        }
        let mut hashes: Vec<u64> = estimates.iter().map(|e| e.hash).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), estimates.len());
    }

    #[test]
    fn a_redraw_stays_in_its_ranges_differs_between_futures_and_can_be_undone() {
        let mut rules = rules("november-2024");
        let frame = Arc::clone(&rules.frame);
        let before = format!("{rules:?}");
        let mut first: Option<Vec<f64>> = None;
        for future in 0..50 {
            rules.redraw(Key::new(9, future));
            // Offspring may be scaled down together to stay below the limit of the branching process.
            let drawn: Vec<f64> = rules.estimates().map(|slot| *slot).collect();
            for (value, e) in drawn.iter().zip(&frame.estimates) {
                let scaled = e.family.id == "stream.offspring";
                assert!(scaled || (e.low <= *value && *value <= e.high), "{}: {value}", e.id);
            }
            for row in ROWS {
                let value = rules.p.get(row.id).unwrap();
                assert!(row.low <= value && value <= row.high, "{}: {value}", row.id);
            }
            match &first {
                None => first = Some(drawn),
                Some(first) => assert_ne!(*first, drawn),
            }
        }
        rules.reset();
        assert_eq!(format!("{rules:?}"), before);
    }

    /// Upper bounds that spare arithmetic must be bounds: no hazard at any state may exceed them.
    #[test]
    fn bounds_of_rare_hazards_hold_at_random_states() {
        use crate::sim::{initiative, ladder, peacekeeping::Presence, truce};
        let mut rules = rules("november-2024");
        let key = Key::new(4, 4).of("bounds");
        for future in 0..200 {
            rules.redraw(Key::new(12, future));
            let u = |k: u32| key.day(future as i32).uniform(k);
            let p = &rules.p;
            let step = ladder::Inputs {
                ledger: 10.0 * u(0),
                trigger: u(1) < 0.5,
                resolve: u(2),
                caution: u(3),
                exhaustion: u(4),
                mediation: u(5),
                low_stock: u(6) < 0.5,
            };
            let grown = (1.0 + step.ledger) * (1.0 + step.ledger);
            assert!(ladder::up_hazard(&step, p) <= rules.step_up_bound * grown);
            assert!(ladder::down_hazard(&step, p) <= rules.step_down_bound);
            for rule in &rules.initiatives {
                let i = initiative::Inputs {
                    blow_rate: rule.blow_rate,
                    preventive_rate: rule.preventive_rate,
                    opponent_resolve: u(7),
                    caution: 2.0 * u(8),
                    opponent_shield: u(9),
                    truces_hold: u(10) < 0.5,
                    restraint: u(11),
                    opponent_air_defence: u(12),
                    consent: u(13) * libm::exp(p.scale_veto_effect * 0.4),
                    threat: u(14),
                };
                assert!(initiative::blow_hazard(&i, p) <= rule.blow_bound * (1.0 + 1e-12));
                assert!(initiative::preventive_hazard(&i, p) <= rule.preventive_bound * (1.0 + 1e-12));
            }
            for t in &rules.tables {
                let i = truce::Inputs {
                    h0: t.h0,
                    shape: t.shape,
                    age: 3000.0 * u(15) * u(16),
                    at: Presence { peacekeepers: u(17), army: u(18), withdrawal: u(19), monitored: u(20) < 0.5 },
                    violations: 20.0 * u(21),
                    cover: u(22),
                    linkage: 3.0 * u(23),
                    spoiler: u(24) < 0.5,
                    linked_collapse: u(25) < 0.5,
                    guarantee: u(26),
                };
                let bound = t.collapse_bound * (1.0 + i.violations / p.violations_scale);
                assert!(truce::collapse_chance(&i, p) <= bound, "{}", t.id.text);
            }
        }
    }
}
