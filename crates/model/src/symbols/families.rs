//! Parameters that exist once per stream, ledger, table or actor.
//!
//! Their values stand in the scenario (one number per instance, with its tag and source); what they mean, their unit and
//! the range a prior draw uses when the scenario states none stand here.

use super::Evidence;
use serde::Serialize;

/// How the range of an instance follows from its value where the scenario states no range of its own.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub enum Spread {
    /// `[low, high]` times the value (log-uniform when drawn, sign kept).
    Times(f64, f64),
    /// The value plus or minus this, clipped to the family's bounds (uniform when drawn).
    PlusMinus(f64),
    /// Not drawn: a measured or definitional quantity.
    Fixed,
}

/// One family of parameters.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Family {
    /// Name as printed: `stream.mu` belongs to every entry of `[streams]`.
    pub id: &'static str,
    /// Unit of the value.
    pub unit: &'static str,
    /// Smallest admissible value.
    pub low: f64,
    /// Largest admissible value.
    pub high: f64,
    /// Range for prior draws.
    pub spread: Spread,
    /// Evidence tag of instances that carry none of their own.
    pub tag: Evidence,
    /// What it is.
    pub meaning: &'static str,
    /// Where the range comes from.
    pub source: &'static str,
}

macro_rules! families {
    ($( $name:ident : $id:literal, $unit:literal, $low:expr, $high:expr, $spread:expr, $tag:ident, $meaning:literal, $source:literal; )*) => {
        $( #[doc = $meaning] pub const $name: Family = Family {
            id: $id, unit: $unit, low: $low, high: $high, spread: $spread, tag: Evidence::$tag, meaning: $meaning, source: $source,
        }; )*
        /// Every family, in reading order.
        pub const FAMILIES: &[Family] = &[$($name),*];
    };
}

use Spread::{Fixed, PlusMinus, Times};
families! {
    STREAM_MU: "stream.mu", "events/day", 0.0, 200.0, Times(0.5, 1.5), A, "Baseline rate of a fire stream at its front's reference level.", "MODEL 6.2";
    STREAM_SIZE: "stream.size", "1", 0.05, 50.0, Times(0.6, 1.6), A, "Negative-binomial size r: variance = mean + mean²/r.", "MODEL 6.2";
    STREAM_MEMORY: "stream.memory", "1", 0.0, 0.99, PlusMinus(0.05), A, "Daily persistence φ of a stream's excitation.", "MODEL 6.2";
    STREAM_GROWTH: "stream.growth", "1/level", 1.0, 10.0, Times(0.9, 1.1), C, "Factor on the baseline per escalation level above the reference.", "MODEL 6.3, 12.2";
    STREAM_SOLIDARITY_GAZ: "stream.solidarity_gaz", "1", 0.0, 1.0, PlusMinus(0.3), A, "Share by which a Gaza truce quiets this stream.", "MODEL 6.2; pauses of Nov 2023 [S19]";
    STREAM_SOLIDARITY_LEB: "stream.solidarity_leb", "1", 0.0, 1.0, PlusMinus(0.3), A, "Share by which a Lebanon truce quiets this stream.", "MODEL 6.2";
    STREAM_OFFSPRING: "stream.offspring", "events/event", -10.0, 10.0, Times(0.5, 1.5), A, "Events of this stream set off directly by one event of another (branching matrix A); negative entries deter.", "MODEL 6.2 [S22, S23, S24]";
    STREAM_TRUCE_RESIDUAL: "stream.truce_residual", "1", 0.0, 1.0, Times(0.5, 2.0), A, "Share of the pre-truce baseline that continues as violations.", "MODEL 6.10, 12.5";
    STREAM_TRUCE_COUPLING: "stream.truce_coupling", "1", 0.0, 1.0, PlusMinus(0.05), A, "Weight ζ of excitation while the front is under a truce.", "MODEL 6.2";
    STREAM_DEATHS: "stream.deaths_per_event", "persons/event", 0.0, 50.0, Times(0.5, 2.0), C, "Mean deaths per event at levels up to 3.", "MODEL 6.8";
    STREAM_DEATHS_HIGH: "stream.deaths_per_event_high", "persons/event", 0.0, 50.0, Times(0.5, 2.0), C, "Mean deaths per event at levels 4 and above.", "MODEL 6.8";
    LEDGER_THETA: "ledger.theta", "blows", 0.05, 20.0, Times(0.6, 1.6), A, "Unanswered harm from which an answer is owed.", "MODEL 6.4";
    LEDGER_HALF_LIFE: "ledger.half_life", "days", 5.0, 2000.0, Times(0.5, 2.0), A, "Half-life of unanswered harm.", "MODEL 6.4";
    LEDGER_H_MAX: "ledger.h_max", "1/day", 0.0, 1.0, Times(0.35, 2.7), A, "Largest daily chance of an answer outside open war.", "MODEL 6.4";
    LEDGER_A0: "ledger.a0", "logit", -10.0, 10.0, PlusMinus(0.4), A, "Constant of the answer equation.", "MODEL 6.4";
    LEDGER_A1: "ledger.a1", "logit", 0.0, 10.0, PlusMinus(1.5), A, "Weight of ln(ledger/threshold) on answering.", "MODEL 6.4";
    LEDGER_A2: "ledger.a2", "logit", 0.0, 10.0, PlusMinus(1.5), A, "Weight of lost air defence against answering.", "MODEL 6.4";
    LEDGER_A3: "ledger.a3", "logit", 0.0, 10.0, PlusMinus(1.5), A, "Weight of a lost partner shield against answering.", "MODEL 6.4";
    LEDGER_A4: "ledger.a4", "logit", 0.0, 4.0, PlusMinus(0.8), A, "Weight of hard-line influence on answering.", "MODEL 6.4";
    LEDGER_BIAS: "ledger.bias", "1", 0.0, 0.8, PlusMinus(0.12), A, "Own harm felt larger than harm done: log factor per turn; laboratory value .32.", "Shergill et al. 2003 [S25]";
    LEDGER_KAPPA: "ledger.kappa", "1", 0.0, 3.0, Times(0.5, 2.0), C, "Proportionality: size of an answer per unit of ledger.", "MODEL 6.4";
    LEDGER_MAGNITUDE_SPREAD: "ledger.magnitude_spread", "1", 0.0, 1.5, Times(0.7, 1.4), A, "Log standard deviation of an answer's size.", "MODEL 6.4";
    LEDGER_MIN_LAG: "ledger.min_lag", "days", 0.0, 60.0, Fixed, A, "Fewest days between harm and answer.", "MODEL 6.4, 12.4";
    LEDGER_CLOSURE: "ledger.closure", "1", 0.0, 1.0, PlusMinus(0.15), A, "Share of the remaining ledger kept after an answer.", "MODEL 6.4";
    LEDGER_WAR_ANSWER: "ledger.war_answer", "1/day", 0.0, 1.0, PlusMinus(0.1), H, "Daily chance of fire in war mode.", "MODEL 6.4";
    LEDGER_ROUNDS: "ledger.rounds_per_blow", "rounds/blow", 0.0, 200.0, Times(0.5, 1.9), C, "Ballistic missiles fired per blow answered (m0).", "MODEL 6.4 [S26, S27]";
    LEDGER_SHARE: "ledger.share", "1", 0.0, 3.0, PlusMinus(0.15), A, "How far harm to this victim counts as the holder's own (σ).", "MODEL 6.4";
    INITIATIVE_BLOW: "initiative.blow_rate", "1/day", 0.0, 0.2, Times(0.33, 2.0), C, "Base rate of blows (killings of senior figures, plots abroad).", "MODEL 6.5";
    INITIATIVE_PREVENTIVE: "initiative.preventive_rate", "1/day", 0.0, 0.05, Times(0.2, 4.0), H, "Base rate of a preventive strike on the opponent's soil.", "MODEL 6.5";
    INITIATIVE_VICTIM: "initiative.victim_weight", "1", 0.0, 1.0, PlusMinus(0.1), A, "Relative chance that a blow falls on this actor.", "this project, from events of 2023-24";
    TABLE_ETA: "table.eta", "1/day", 0.0, 1.0, Times(0.5, 2.0), A, "Base rate at which a table can come to a signing.", "MODEL 6.11";
    TABLE_BENEFIT: "table.benefit", "utility", -2.0, 2.0, PlusMinus(0.15), H, "Party's value of the agreement itself (B).", "MODEL 6.11";
    TABLE_WAR_COST: "table.war_cost", "utility", 0.0, 2.0, PlusMinus(0.15), H, "Party's cost of going on at the reference level (c⁰).", "MODEL 6.11";
    TABLE_AUDIENCE_COST: "table.audience_cost", "utility", 0.0, 2.0, PlusMinus(0.15), H, "Party's audience cost of signing (AC).", "MODEL 6.11";
    TABLE_COMMITMENT_COST: "table.commitment_cost", "utility", 0.0, 2.0, PlusMinus(0.15), H, "Party's cost of relying on the other's promise (CP).", "MODEL 6.11";
    TABLE_H0: "table.h0", "1/day", 0.0, 0.2, Times(0.25, 3.5), C, "Base hazard of collapse of the agreement.", "MODEL 6.10, 12.5";
    TABLE_SHAPE: "table.shape", "1", 0.3, 1.5, PlusMinus(0.25), L, "Weibull shape of the collapse hazard; below 1 it falls with age.", "MODEL 6.10";
    TABLE_CHANNEL: "table.channel_weight", "1", 0.0, 1.0, PlusMinus(0.2), A, "Weight of a channel in the table's mediation intensity.", "this project: weights give the default intensity .5 of MODEL 6.11";
    ROADMAP_BENEFIT: "roadmap.benefit", "utility", -2.0, 2.0, PlusMinus(0.15), H, "Party's value of the later stages of a roadmap (B).", "this project: as at the tables";
    ROADMAP_WAR_COST: "roadmap.war_cost", "utility", 0.0, 2.0, PlusMinus(0.15), H, "Party's cost of going on without them (c⁰).", "this project: as at the tables";
    ROADMAP_AUDIENCE_COST: "roadmap.audience_cost", "utility", 0.0, 2.0, PlusMinus(0.15), H, "Party's audience cost of them (AC).", "this project: as at the tables";
    ROADMAP_COMMITMENT_COST: "roadmap.commitment_cost", "utility", 0.0, 2.0, PlusMinus(0.15), H, "Party's cost of relying on the others' promise in them (CP).", "this project: as at the tables";
    STOCK_ROUNDS: "stock.rounds", "rounds", 0.0, 1e6, Times(0.6, 1.6), A, "Rounds in store at the start.", "MODEL 6.7, 12.10";
    STOCK_PRODUCTION: "stock.production", "rounds/day", 0.0, 1e4, Times(0.25, 3.5), A, "Rounds produced or received a day.", "MODEL 6.7";
    STOCK_USE: "stock.rounds_per_event", "rounds/event", 0.0, 500.0, Times(0.5, 2.0), A, "Rounds that one event of routine fire uses.", "this project";
    LAUNCHERS: "stock.launchers", "launchers", 0.0, 2000.0, Times(0.5, 1.5), A, "Launchers at the start; the sourced-low estimate is 150, the assumed one 350.", "MODEL 6.7, 12.13";
    INTERCEPTORS: "interceptors.rounds", "rounds", 0.0, 1e5, Times(0.5, 1.8), A, "Interceptors in store at the start.", "MODEL 6.7 [S30]";
    INTERCEPTORS_RESUPPLY: "interceptors.resupply", "rounds/day", 0.0, 1e3, Times(0.25, 3.5), A, "Interceptors received a day.", "MODEL 6.7";
    ACTOR_AIR_DEFENCE: "actor.air_defence", "share of intact", 0.0, 1.0, PlusMinus(0.2), A, "Air defence left at the start.", "MODEL 5";
    ACTOR_SHIELD: "actor.shield", "share of Aug 2024", 0.0, 1.0, PlusMinus(0.15), A, "Partner shield: strength of the partner that deters on the actor's behalf.", "MODEL 5 [S16]";
    ACTOR_CONTROL: "actor.patron_control", "1", 0.0, 1.0, PlusMinus(0.2), A, "How far the patron's directive holds the group back (c_g).", "MODEL 2.1";
    ACTOR_FUNDING: "actor.patron_funding", "1", 0.0, 1.0, PlusMinus(0.2), A, "Share of a group's means that its patron pays for.", "this project: MODEL 12.10 lets means decay without funding; a group has others";
    HOST_PERSONNEL: "host.personnel", "persons", 0.0, 1e5, Times(0.7, 1.3), A, "US personnel in a host state.", "MODEL 6.9 [S7, S34]";
    HOST_PERMISSION: "host.permission", "share", 0.0, 1.0, PlusMinus(0.2), A, "Basing permission at rest.", "MODEL 12.7";
    HOST_IMMUNITY: "host.immunity", "share", 0.0, 1.0, PlusMinus(0.2), A, "Immunity of a mediator against strikes on its soil.", "MODEL 6.9";
    HOST_FEAR: "host.fear_response", "1", -2.0, 2.0, PlusMinus(0.5), A, "How a host's permission answers its fear of war: above 0 it withdraws, below 0 it leans on its guest; without fear_permission it does nothing.", "this project";
    HOST_LAG: "host.fear_lag", "days", 0.0, 180.0, Times(0.5, 2.0), A, "Days in which a host's fear of war follows what it fears.", "this project";
    PROFILE_SANCTIONS: "profile.sanctions", "share", 0.0, 1.0, PlusMinus(0.1), H, "Sanctions pressure that an administration aims at.", "MODEL 6.16";
    PROFILE_CONSENT: "profile.consent", "share", 0.0, 1.0, PlusMinus(0.2), H, "Consent of an administration to a preventive strike.", "MODEL 6.5, 6.16";
    PROFILE_COUNCIL: "profile.council_term", "1", -1.0, 2.0, PlusMinus(0.3), H, "Term T of an administration against drafts in the Council.", "MODEL 6.16";
    PROFILE_ARMS: "profile.arms", "times usual", 0.0, 3.0, PlusMinus(0.2), H, "Arms and interceptors that an administration sends.", "MODEL 6.16";
    PROFILE_TALKS: "profile.talks", "share", 0.0, 1.0, PlusMinus(0.2), H, "Appetite of an administration for direct talks with Iran.", "MODEL 6.16";
    ECONOMY_OIL: "economy.oil", "mb/d", 0.0, 5.0, Times(0.85, 1.1), S, "Oil exports at the start.", "MODEL 5, 12.13";
    ECONOMY_SANCTIONS: "economy.sanctions", "share", 0.0, 1.0, PlusMinus(0.05), C, "Sanctions pressure at the start.", "MODEL 6.15 [S42]";
    PROGRAMME_STOCK: "programme.stock", "kg", 0.0, 2000.0, Fixed, S, "60 % uranium at the start.", "MODEL 5 [S18]";
    PROGRAMME_ACCESS: "programme.access", "share", 0.0, 1.0, PlusMinus(0.1), A, "Inspectors' access at the start.", "MODEL 12.7";
    PROGRAMME_LATENT: "programme.latent", "1", 0.0, 1.0, PlusMinus(0.05), A, "Chance that a hidden weaponisation programme exists at the start.", "MODEL 12.7";
    FACTIONS_REFORMISTS: "factions.reformists", "share", 0.0, 1.0, PlusMinus(0.15), A, "Reformists' weight at rest.", "MODEL 6.19";
    FACTIONS_PATIENCE: "factions.patience", "share", 0.0, 1.0, PlusMinus(0.2), A, "Leader's patience at the start.", "MODEL 12.7";
    INTEGRATION_SHARE: "integration.share", "share", 0.0, 1.0, PlusMinus(0.15), A, "Iraqi groups already integrated at the start.", "MODEL 12.7";
    INTEGRATION_CAPACITY: "integration.capacity", "share", 0.0, 1.0, PlusMinus(0.2), A, "Capacity of the state at the start.", "MODEL 12.7";
    COUNCIL_ISOLATION: "council.isolation", "share", 0.0, 1.0, PlusMinus(0.05), S, "Yes share on the Assembly's last text at the start.", "MODEL 12.7; votes of the Assembly on 27 October and 12 December 2023";
    DRAFT_FREQUENCY: "draft.frequency", "1", 0.0, 100.0, Times(0.5, 2.0), S, "How often drafts of this kind came in 2023-24, relative to the others.", "MODEL 12.11";
    PATH_LEGITIMACY: "path.legitimacy", "share", 0.0, 1.0, PlusMinus(0.15), A, "Legitimacy of the Palestinian Authority at the start.", "this project: 6.18 uses it, without a value";
    TERRITORY_EXPOSED: "territory.exposed", "persons", 0.0, 1e8, Times(0.8, 1.25), A, "People who would leave under a full campaign.", "MODEL 6.8";
    TERRITORY_EXPOSED_LOW: "territory.exposed_low", "persons", 0.0, 1e8, Times(0.8, 1.25), A, "People who would leave under fire below a campaign, at levels 1 to 3.", "this project: 6.8 lets nobody leave below level 4, which the counts of 2023-24 contradict";
    TERRITORY_HOMES: "territory.homes_lost", "share", 0.0, 1.0, PlusMinus(0.05), A, "Share of the exposed who have no home to return to under a truce.", "this project: 6.8 brings all back";
    TERRITORY_DISPLACED: "territory.displaced", "persons", 0.0, 1e8, Fixed, S, "Displaced persons at the start.", "MODEL 5 [S15]";
    TERRITORY_RETURN: "territory.return_rate", "1/day", 0.0, 1.0, Times(0.5, 1.6), S, "Daily share of the displaced who return once the truce is over three days old.", "MODEL 6.8 [S14]";
}
