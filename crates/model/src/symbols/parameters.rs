//! Scalar parameters: one row each, with unit, default, range, evidence tag and source.
//!
//! [`Parameters`] holds the values a run uses; its fields carry the ids of the rows, so a rule reads like its equation.
//! Under `--params prior` each future draws them from their ranges: log-uniform for positive rates and scales, uniform
//! otherwise ([`Row::log`]).

use super::Evidence;
use serde::{Deserialize, Serialize};

/// One row of the table.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Row {
    /// Id in scenario files (`[parameters]`) and in equations.
    pub id: &'static str,
    /// Unit of the value.
    pub unit: &'static str,
    /// Default.
    pub default: f64,
    /// Low end of the range.
    pub low: f64,
    /// High end of the range.
    pub high: f64,
    /// Evidence tag.
    pub tag: Evidence,
    /// What it is.
    pub meaning: &'static str,
    /// Section of the specification, and the source where one is named.
    pub source: &'static str,
}

impl Row {
    /// Rates and scales with a range that spans a factor of three or more are drawn log-uniformly.
    #[must_use]
    pub fn log(&self) -> bool {
        self.low > 0.0 && self.high / self.low >= 3.0
    }
}

/// Free numbers that drawing from the ranges leaves where the scenario has them: how far the model departs from itself. Who follows
/// a record gives them values.
pub const NOT_DRAWN: [&str; 2] = ["tempo_sd", "tempo_half_life"];

macro_rules! parameters {
    ($( $id:ident : $unit:literal, $default:expr, $low:expr, $high:expr, $tag:ident, $meaning:literal, $source:literal; )*) => {
        /// The scalar parameters of one run.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub struct Parameters { $( #[doc = $meaning] pub $id: f64, )* }

        impl Default for Parameters {
            fn default() -> Self { Self::DEFAULT }
        }

        /// Every row, in reading order.
        pub const ROWS: &[Row] = &[ $( Row {
            id: stringify!($id), unit: $unit, default: $default, low: $low, high: $high,
            tag: Evidence::$tag, meaning: $meaning, source: $source,
        }, )* ];

        impl Parameters {
            /// The defaults of the table, for equations that are relative to one.
            pub const DEFAULT: Self = Self { $( $id: $default, )* };

            /// The value with this id.
            #[must_use]
            pub fn get(&self, id: &str) -> Option<f64> {
                match id { $( stringify!($id) => Some(self.$id), )* _ => None }
            }

            /// Sets the value with this id; `false` if there is none.
            pub fn set(&mut self, id: &str, value: f64) -> bool {
                match id { $( stringify!($id) => self.$id = value, )* _ => return false }
                true
            }

            /// Replaces every value by `change(row, value)`, in table order.
            pub fn map(&mut self, mut change: impl FnMut(&Row, f64) -> f64) {
                let mut rows = ROWS.iter();
                $( if let Some(row) = rows.next() { self.$id = change(row, self.$id); } )*
            }
        }
    };
}

parameters! {
    // 6.1 Threat
    delta_theta: "1/day", 0.05, 0.01, 0.15, A, "Daily weight of news in perceived threat.", "MODEL 6.1";
    threat_capability: "1", 0.3, 0.1, 0.5, A, "Weight w_c of relative capability in threat.", "MODEL 6.1";
    threat_violence: "1", 0.5, 0.3, 0.7, A, "Weight w_v of recent harm in threat.", "MODEL 6.1";
    threat_posture: "1", 0.2, 0.05, 0.4, A, "Weight w_p of the other's posture in threat.", "MODEL 6.1";
    v0_blows: "blows", 5.0, 2.0, 15.0, A, "Harm in 30 days at which violence counts 63 % in threat.", "MODEL 6.1";
    richardson_reaction: "1", 0.5, 0.0, 1.0, A, "Reaction k_R of arms production to threat (threat .5 is neutral).", "Richardson form, MODEL 6.1";
    richardson_fatigue: "1", 0.4, 0.0, 1.0, A, "Fatigue a_R: how far economic stress slows arms production.", "Richardson form, MODEL 6.1";
    threat_memory: "days", 30.0, 15.0, 60.0, A, "Mean memory of perceived harm.", "MODEL 6.1";
    // 6.2 Fire
    fire_floor: "1", 0.1, 0.0, 0.3, A, "Least share of its baseline that a deterred stream keeps.", "MODEL 6.2";
    solidarity_floor: "1", 0.02, 0.0, 0.1, A, "Least share of its baseline that a quieted stream keeps.", "MODEL 6.2";
    decapitation_effect: "1", 0.4, 0.1, 0.7, A, "Share of a group's fire lost while its leadership is gone.", "MODEL 6.2";
    decapitation_half_life: "days", 60.0, 20.0, 180.0, A, "Half-life of the loss of leadership.", "MODEL 6.2";
    decapitation_per_blow: "1/blow", 0.2, 0.05, 0.5, A, "Loss of leadership per unit of a blow's severity.", "this project: 6.2 names the effect, not its cause";
    tempo_sd: "1", 0.0, 0.0, 0.6, A, "Standard deviation of the logarithm of a stream's tempo, around what its level stands for; 0 is a tempo that never changes. Not drawn; a filter gives it a value.", "this project; counted fire drifts within a level, and no source gives the size";
    tempo_half_life: "days", 60.0, 20.0, 180.0, A, "Half-life of a departure of tempo.", "this project";
    stock_days_full_rate: "days", 30.0, 10.0, 60.0, A, "Days of start-level use below which a stock slows fire.", "MODEL 12.10";
    // 6.3 Ladder
    h_up: "1/day", 0.0029, 0.0007, 0.012, C, "Base hazard of a step up; one step in 344 days of attrition on LEB.", "MODEL 6.3 [S2]";
    h_down: "1/day", 0.0014, 0.0004, 0.006, C, "Base hazard of a step down; none in 329 days of attrition on LEB.", "MODEL 6.3, refitted (docs/patterns.md)";
    beta_ladder_ledger: "1", 0.5, 0.0, 1.5, A, "Weight of the unanswered ledger on stepping up.", "MODEL 6.3";
    beta_ladder_trigger: "1", 1.0, 0.0, 1.5, A, "Weight of a fresh blow on stepping up.", "MODEL 6.3";
    beta_ladder_reputation: "1", 0.5, 0.0, 1.5, A, "Weight of the adversary's lost reputation on stepping up.", "MODEL 6.3";
    beta_exhaustion: "1", 0.8, 0.0, 2.0, A, "Weight of exhaustion on stepping down (ripeness).", "MODEL 6.3; Zartman";
    beta_ladder_mediation: "1", 0.8, 0.0, 2.0, A, "Weight of mediation on stepping down.", "MODEL 6.3";
    low_stock_push: "1", 0.5, 0.0, 1.0, A, "Weight of a stock under 20 % on stepping down.", "MODEL 6.3";
    trigger_days: "days", 7.0, 3.0, 14.0, A, "Days for which a blow acts as a trigger.", "MODEL 12.3";
    exhaustion_days: "days", 180.0, 90.0, 360.0, A, "Days at level 4 or more until exhaustion is full.", "MODEL 12.3";
    friction_share: "share", 0.1, 0.02, 0.6, A, "Fire at level 1 against that at level 2, on fronts whose reference is a higher level.", "this project: the Blue Line from 2007 to September 2023, a few incidents a year; at .6 level 1 is the next step of the series of 6.3";
    quiet_days: "days", 30.0, 15.0, 60.0, A, "Days without direct fire on an exchange front, or with less fire than its level stands for on another, for one step down.", "MODEL 12.3";
    two_way_days: "days", 14.0, 7.0, 28.0, A, "Window in which fire both ways lifts an exchange front to level 4.", "MODEL 12.3";
    // 6.4 Ledger
    perception_noise: "1", 0.25, 0.1, 0.5, A, "Log standard deviation ξ of perceived harm.", "MODEL 6.4";
    harm_killed: "blows", 0.25, 0.1, 0.5, A, "Harm added per ln(1 + killed).", "MODEL 6.4";
    harm_salvo: "blows", 0.5, 0.2, 1.0, A, "Harm of being fired on with strategic rounds at all.", "MODEL 6.4";
    harm_hit: "blows/hit", 0.045, 0.02, 0.09, C, "Harm per strategic round that arrives.", "MODEL 6.4";
    credit_share: "1", 0.95, 0.7, 1.0, A, "Share of an answer's size struck off the ledger.", "MODEL 6.4";
    credit_fixed: "blows", 0.6, 0.2, 1.0, A, "Credit for answering at all.", "MODEL 6.4";
    vow_lapse: "1", 0.5, 0.2, 0.8, A, "An owed answer lapses below this share of the threshold.", "MODEL 12.4";
    theta_war: "blows", 8.0, 5.0, 15.0, H, "Ledger above which a pair is in war mode.", "MODEL 6.4";
    war_end: "1/day", 0.08, 0.03, 0.2, H, "Daily chance that war mode ends.", "MODEL 6.4";
    war_reset: "1", 0.8, 0.5, 1.0, A, "What an open war that ends leaves of the ledgers at most, as a share of the threshold.", "MODEL 6.4";
    war_quiet_days: "days", 7.0, 3.0, 14.0, A, "Days without a shot of either side after which an open war has fallen silent.", "this project: 6.4 ends it by a hazard alone";
    air_defence_loss: "1/blow", 0.06, 0.02, 0.12, A, "Air defence lost per unit of an air strike.", "MODEL 6.4";
    air_defence_recovery: "1/day", 0.0008, 0.0002, 0.003, A, "Daily recovery of air defence.", "MODEL 6.4";
    air_defence_ceiling: "1", 0.6, 0.4, 1.0, A, "Level toward which air defence recovers.", "MODEL 6.4";
    rounds_lost_per_strike: "rounds/blow", 12.0, 4.0, 30.0, A, "Missiles destroyed per unit of an air strike.", "MODEL 6.4";
    rho_reference: "1", 0.8, 0.6, 0.9, A, "Reputation for resolve at rest.", "MODEL 12.7";
    rho_gain: "1", 0.25, 0.1, 0.4, A, "Reputation gained by an answer.", "MODEL 6.4";
    rho_loss: "1/day", 0.002, 0.0005, 0.006, A, "Daily loss of reputation per ln(1 + ledger/threshold) while an answer is owed.", "MODEL 6.4";
    rho_reversion: "1/day", 0.0005, 0.0001, 0.002, A, "Daily return of reputation to rest.", "MODEL 6.4";
    beta_rho: "1", 0.5, -0.3, 1.0, A, "How far lost reputation invites blows, in number and severity (claim H2; contested).", "MODEL 6.4 [S12]";
    // Restraint bought and returned (acts with `exchange.restraint` above 0)
    settle_rate: "1/day", 0.05, 0.0, 0.2, A, "Daily hazard that a debt is settled through mediators, at full mediation and with everything in its favour.", "this project: no count of debts settled that way is known; at .05 half of them within a fortnight";
    settle_share: "share", 0.6, 0.2, 0.9, A, "Share of the harm that a settlement takes out of the ledger.", "this project";
    settle_resolve: "1", 0.02, 0.0, 0.1, A, "Reputation that a settlement costs its holder at once.", "this project: less than a fortnight of owing an answer";
    settle_reciprocity: "logit", 1.0, 0.0, 3.0, A, "Weight of restraint that the other side has shown on settling.", "this project";
    forgone_half_life: "days", 60.0, 20.0, 180.0, A, "Half-life of the memory that the other side let an answer go.", "this project: as long as a suspension of talks is felt";
    reciprocity_blows: "1", 1.0, 0.0, 3.0, H, "How far blows fall at a side that has shown restraint in full (ln).", "the essay claims the sign; no size is known";
    reciprocity_pledges: "share", 0.5, 0.0, 1.0, A, "Restraint that a full pledge of limits shows, against an answer let go.", "this project";
    war_patience: "1/logit", 1.5, 0.0, 4.0, H, "How far the caution of both sides holds past the threshold of war.", "this project: 6.4 has a step there";
    war_patience_debt: "1", 2.0, 1.0, 4.0, A, "How fast that wears off as the larger ledger grows (power of threshold over ledger).", "this project";
    // 6.4 Caution (B)
    caution_base_irn: "logit", 0.14, 0.0, 0.4, A, "Caution of the side facing US presence and channels, at rest.", "MODEL 12.4";
    caution_base_isr: "logit", 0.5, 0.0, 1.0, A, "Caution of the other side at rest.", "MODEL 6.4";
    beta_channel: "logit", 0.2, 0.0, 1.0, A, "Caution per unit of an open channel.", "MODEL 6.4";
    beta_presence: "logit", 0.3, 0.0, 1.0, A, "Caution per unit of US deterrent presence.", "MODEL 6.4";
    beta_talks: "logit", 0.3, 0.0, 1.0, A, "Caution while talks are open.", "MODEL 6.4";
    beta_suspension: "logit", 0.2, 0.0, 0.5, A, "Caution of Israel from US pressure after Iran suspends the Muscat channel (claim H9).", "MODEL 12.9";
    audience_unrest: "logit", 0.5, 0.0, 2.0, A, "Weight a5 of an audience at home under repression on answering.", "MODEL 6.4";
    suspension_days: "days", 60.0, 20.0, 120.0, A, "Days for which a suspension presses.", "MODEL 12.9";
    // 6.5 Initiative
    caution_reference: "logit", 0.5, 0.5, 0.5, A, "Caution at which the weights on blows are neutral (fixed by definition).", "MODEL 6.5";
    shield_reference: "1", 0.35, 0.35, 0.35, A, "Partner shield at which its weight on blows is neutral (fixed by definition).", "MODEL 6.5";
    blow_caution: "1", 0.4, 0.0, 1.0, A, "Weight of caution on blows.", "MODEL 6.5";
    blow_shield: "1", 0.6, 0.0, 1.5, A, "Weight of the victim's partner shield on blows.", "MODEL 6.5";
    blow_truces: "1", 0.4, 0.2, 1.0, A, "Factor on blows while the truces named in the scenario all hold.", "MODEL 6.5";
    severity_log_mean: "ln blows", 0.35, 0.1, 0.6, C, "Mean of the log severity of a blow.", "MODEL 6.5";
    severity_log_sd: "ln blows", 0.55, 0.3, 0.8, A, "Standard deviation of the log severity of a blow.", "MODEL 6.5";
    preventive_severity: "blows", 15.0, 8.0, 20.0, H, "Severity of a preventive strike.", "MODEL 6.5";
    preventive_defence: "1", 0.7, 0.4, 1.0, A, "Air defence at which a preventive strike becomes unlikely.", "MODEL 6.5";
    preventive_consent: "1", 2.0, 0.0, 4.0, A, "Weight of US consent on a preventive strike.", "MODEL 6.5";
    preventive_threat: "1", 0.5, 0.0, 1.5, A, "Weight of perceived threat (.5 is neutral) on a preventive strike.", "this project: 6.1 says threat enters here, 6.5 gives no weight";
    preventive_caution: "1", 1.0, 0.0, 2.0, A, "Weight of caution on a preventive strike.", "MODEL 6.5";
    preventive_breakout: "1", 1.0, 0.0, 2.0, A, "Weight of a short breakout time seen through little access on a preventive strike.", "MODEL 6.5";
    preventive_stock: "1", 0.25, 0.0, 1.0, A, "Weight of the growth of the 60 % stock (ln against the start) on a preventive strike.", "this project: 6.5 reads the time to one device only, which a larger stock no longer shortens";
    preventive_weaponising: "1", 1.5, 0.0, 3.0, A, "Weight of detected weaponisation on a preventive strike.", "MODEL 6.5";
    preventive_deal: "1", 1.5, 0.0, 3.0, A, "Weight of a nuclear agreement in force against a preventive strike.", "MODEL 6.5";
    us_join: "1", 0.3, 0.0, 0.8, H, "Chance, at full consent, that US forces join a preventive strike.", "this project: 6.9 conditions on US joining, without a rate";
    join_share: "1", 0.25, 0.1, 0.5, A, "Size of a US strike that joins, against the strike it joins.", "this project";
    consent_before: "1", 0.35, 0.0, 1.0, A, "US consent to a preventive strike before 20 January 2025.", "MODEL 6.5";
    consent_after: "1", 0.55, 0.0, 1.0, H, "US consent to a preventive strike after 20 January 2025.", "MODEL 6.5";
    // 6.6 Targets
    target_temperature: "1", 0.25, 0.1, 0.5, A, "Noise in the choice of a target class.", "MODEL 6.6";
    target_military: "1", 1.0, 0.8, 1.2, A, "Value of military targets.", "this project";
    target_leadership: "1", 0.6, 0.3, 0.9, A, "Value of leadership targets.", "this project";
    target_state_assets: "1", 0.4, 0.1, 0.7, A, "Value of ports and state assets.", "this project";
    target_energy: "1", 0.4, 0.1, 0.7, A, "Value of energy targets.", "this project";
    target_nuclear: "1", 0.5, 0.2, 0.9, A, "Value of nuclear targets.", "this project";
    target_population: "1", 0.3, 0.0, 0.6, A, "Value of population centres.", "this project";
    restraint_rest: "share", 0.5, 0.2, 0.8, A, "Civilian restraint of holders without a lever of their own.", "MODEL 12.9: .5 for every actor";
    restraint_lethality: "1", 1.0, 0.0, 1.5, A, "How far a civilian-restraint pledge above its default lowers deaths per event.", "this project: 6.6 gives no effect on routine fire";
    telegraph_accuracy: "1", 0.05, 0.0, 0.1, A, "Gain in interception when a salvo was announced.", "MODEL 6.6";
    telegraph_lethality: "1", 0.5, 0.2, 0.8, A, "Factor on deaths when a salvo was announced.", "MODEL 6.6";
    // 6.7 Salvos
    rel_bm: "1", 0.85, 0.5, 0.95, A, "Share of ballistic missiles that fly as meant.", "MODEL 6.7";
    rel_slow: "1", 1.0, 0.8, 1.0, A, "Share of drones and cruise missiles that fly as meant.", "this project";
    pk_bm: "1", 0.84, 0.6, 0.95, C, "Chance that an engaged ballistic missile is intercepted.", "MODEL 6.7 [S28]";
    pk_slow: "1", 0.97, 0.9, 0.99, C, "Chance that an engaged drone or cruise missile is intercepted.", "MODEL 6.7";
    capacity_bm: "rounds/salvo", 150.0, 80.0, 300.0, A, "Ballistic missiles that can be engaged in one salvo.", "MODEL 6.7";
    shots_per_bm: "rounds", 1.3, 1.0, 2.0, A, "Interceptors fired per ballistic missile engaged.", "MODEL 6.7";
    q_open: "1", 0.0, 0.0, 0.4, A, "Share of rounds let fall on open ground.", "MODEL 6.7 [S29]";
    accuracy: "1", 1.0, 0.5, 1.0, A, "Share of leaked rounds that hit.", "MODEL 12.10";
    salvo_stock_share: "1", 0.18, 0.08, 0.3, H, "Largest share of the stock fired in one salvo.", "MODEL 6.7";
    salvo_launcher_share: "1", 0.55, 0.3, 0.8, H, "Largest share of launchers used in one salvo.", "MODEL 6.7";
    launcher_war_survival: "1/day", 0.78, 0.6, 0.95, H, "Share of launchers that survive a day of war mode.", "MODEL 6.7";
    launcher_rebuild: "launchers/day", 0.7, 0.2, 2.0, A, "Launchers rebuilt a day outside war mode.", "MODEL 6.7";
    mixed_salvo: "1", 0.5, 0.2, 0.8, A, "Chance that a salvo carries drones and cruise missiles as well.", "MODEL 12.10";
    mixed_missiles: "rounds", 120.0, 120.0, 120.0, S, "Ballistic missiles beside which drones and cruise missiles were counted; a smaller or larger salvo carries as many to a missile.", "MODEL 12.10 [S26]";
    mixed_uav: "rounds", 170.0, 100.0, 250.0, S, "Drones in a mixed salvo of that many missiles.", "MODEL 12.10 [S26]";
    mixed_cruise: "rounds", 30.0, 15.0, 50.0, S, "Cruise missiles in a mixed salvo of that many missiles.", "MODEL 12.10 [S26]";
    slow_weight: "1", 0.2, 0.05, 0.5, A, "What a drone or cruise missile counts against a ballistic missile, in the size of a salvo and in the store.", "this project: of as many fired, about a fifth as many arrive";
    answer_least: "blows", 0.25, 0.0, 0.5, A, "Smallest answer, by missile or by air: one that would be smaller is not given, and stays owed.", "this project: the smallest answers coded for 2024 count .3";
    // 6.8 Harm
    death_exponent: "1", 2.5, 2.2, 2.8, L, "Exponent of the power law of deaths per lethal event.", "MODEL 6.8 [S32]";
    deaths_per_hit_city: "persons/hit", 0.4, 0.1, 2.0, C, "Mean deaths per strategic hit among houses (leadership, population).", "MODEL 6.8; 4 or 5 by about ten missiles at Erbil, 15 January 2024 (E026, unverified)";
    deaths_per_hit_plant: "persons/hit", 0.1, 0.03, 0.5, A, "Mean deaths per strategic hit where people work (ports, energy, nuclear sites).", "this project: between a base and a city; nothing was counted to November 2024";
    deaths_per_hit_base: "persons/hit", 0.05, 0.02, 0.2, C, "Mean deaths per strategic hit on a base.", "MODEL 6.8; 1 by some thirty hits on 1 October 2024, 0 at Ain al-Asad on 20 January 2024 (E079, E029, unverified)";
    deaths_per_strike: "persons/blow", 5.5, 1.5, 20.0, C, "Mean deaths per unit of an air strike on military sites: nine killed on the mean by six strikes counted from October 2023 to August 2024, at the mean size of a blow.", "this project, from events E007, E012, E025, E033, E048, E061 (unverified); 5 killed on 26 October 2024 (E090)";
    deaths_per_strike_plant: "persons/blow", 6.0, 2.0, 15.0, C, "Mean deaths per unit of an air strike where people work (ports, energy, nuclear sites): 6 to 14 and 4 to 6 killed at Hodeidah.", "this project, from events E058, E077 (unverified)";
    deaths_per_strike_city: "persons/blow", 12.0, 4.0, 40.0, C, "Mean deaths per unit of an air strike among houses: 22 killed in central Beirut on 10 October 2024.", "this project, from event E083 (unverified)";
    deaths_per_blow: "persons/blow", 4.0, 2.0, 8.0, C, "Mean deaths per unit of a blow's severity.", "this project, from events E016-E076 (unverified)";
    displacement_rate: "1/day", 0.12, 0.05, 0.25, C, "Daily share of the exposed who leave under a full campaign.", "MODEL 6.8";
    displacement_scale: "events/day", 40.0, 20.0, 80.0, A, "Fire at which displacement runs at 63 % of its rate.", "MODEL 6.8";
    return_fast: "1/day", 0.35, 0.15, 0.6, S, "Daily share of the displaced who return in a truce's first days.", "MODEL 6.8 [S14]";
    rebuild_half_life: "days", 1800.0, 700.0, 5000.0, A, "Days in which half of those without a home find one again once reconstruction is under way.", "this project: five years, the order that public estimates of the rebuilding of Gaza give";
    return_fast_days: "days", 3.0, 2.0, 7.0, S, "Days of fast return.", "MODEL 6.8 [S14]";
    damage_per_blow: "1/blow", 0.1, 0.03, 0.3, A, "Damage to a site per unit of a strike.", "this project";
    damage_per_hit: "1/hit", 0.02, 0.005, 0.06, A, "Damage to a site per strategic hit.", "this project";
    repair_half_life: "days", 180.0, 60.0, 540.0, A, "Half-life of damage to a site.", "this project";
    opinion_casualties: "1/day", 0.01, 0.0, 0.03, A, "Loss of support for continuing per ln(1 + own deaths).", "MODEL 6.8";
    opinion_rally: "1/day", 0.05, 0.0, 0.15, A, "Gain in support for continuing on a day of strategic attack.", "MODEL 6.8";
    opinion_reversion: "1/day", 0.01, 0.003, 0.03, A, "Daily return of opinion to rest.", "MODEL 6.8";
    reporting_sd: "1", 0.15, 0.0, 0.4, A, "Log standard deviation of published death counts.", "MODEL 6.8";
    // 6.10 Peacekeeping, withdrawal, violations, collapse
    unifil_ceiling: "persons", 15000.0, 15000.0, 15000.0, S, "Ceiling of UNIFIL under resolution 1701; also the scale of the Lebanese army's deployment.", "MODEL 6.10 [S35]";
    movement_war: "1", 0.5, 0.2, 0.9, A, "UNIFIL freedom of movement in war, toward which it drifts.", "this project: 6.10 names it, without a value";
    movement_truce: "1", 1.0, 0.7, 1.0, A, "UNIFIL freedom of movement under a truce, toward which it drifts.", "this project";
    movement_rate: "1/day", 0.1, 0.03, 0.3, A, "Daily drift of UNIFIL freedom of movement.", "this project";
    laf_days: "days", 60.0, 30.0, 120.0, A, "Days of the Lebanese army's logistic deployment.", "MODEL 6.10";
    laf_vanguard: "1", 0.05, 0.02, 0.1, A, "Share of its target with which the army begins where nobody is yet.", "this project";
    disputed_share: "1", 0.25, 0.1, 0.4, A, "Share of the withdrawal that Shebaa Farms, Kfarchouba and Ghajar stand for.", "MODEL 6.10";
    ghajar_part: "1", 0.333, 0.1, 0.5, A, "Part of the disputed share that Ghajar alone stands for.", "this project";
    violation_unifil: "1", 0.28, 0.0, 0.8, A, "Weight of UNIFIL against violations (scaled with beta_unifil).", "MODEL 6.10";
    violation_laf: "1", 0.30, 0.0, 0.8, A, "Weight of the Lebanese army against violations.", "MODEL 6.10";
    violation_withdrawal: "1", 0.60, 0.0, 1.2, A, "Weight of incomplete withdrawal on violations.", "MODEL 6.10";
    beta_unifil: "1", 0.7, 0.0, 1.9, L, "Weight of UNIFIL against collapse (hazard ratio .50 at full strength; claim H3).", "Fortna; Caplan & Hoeffler [S36, S48]";
    beta_laf: "1", 0.5, 0.0, 1.0, A, "Weight of the Lebanese army against collapse (claim H3).", "MODEL 6.10 [S37]";
    beta_mechanism: "1", 0.4, 0.0, 1.0, A, "Weight of a monitoring mechanism against collapse.", "MODEL 6.10 [S37]";
    beta_withdrawal: "1", 0.5, 0.0, 1.0, A, "Weight of incomplete withdrawal on collapse.", "MODEL 6.10";
    beta_violations: "1", 0.25, 0.0, 1.0, A, "Weight of current violations on collapse.", "MODEL 6.10";
    violations_scale: "events/day", 3.0, 1.0, 10.0, A, "Violations at which their weight begins to tell.", "MODEL 6.10";
    mediation_gain: "1", 0.5, 0.0, 1.5, A, "Early gain of a mediated agreement against collapse.", "MODEL 6.10 [S38]";
    mediation_half_life: "days", 120.0, 30.0, 3650.0, A, "Half-life of the mediated gain (claim H7: mediated gains fade).", "MODEL 6.10 [S38]";
    beta_link: "1", 0.4, 0.0, 1.0, A, "Weight of linked agreements in force against collapse (claim H1).", "MODEL 6.10";
    beta_spoiler: "1", 0.6, 0.0, 1.5, A, "Weight of a spoiler's attack on collapse.", "MODEL 6.10; Stedman";
    beta_linked_collapse: "1", 0.8, 0.0, 1.5, A, "Weight of a linked agreement's collapse on collapse.", "MODEL 6.10";
    path_stage: "1", 0.15, 0.0, 0.4, A, "Weight of each completed stage of the Gaza path against collapse.", "MODEL 6.18";
    beta_guarantee: "1", 0.3, 0.0, 1.0, A, "Weight of the outside guarantee (.3 is neutral) against collapse.", "this project: 9.4 asks for it, 6.10 gives no term";
    spoiler_days: "days", 7.0, 3.0, 14.0, A, "Days for which a spoiler's attack tells.", "MODEL 6.11";
    linked_collapse_days: "days", 14.0, 7.0, 30.0, A, "Days for which a linked collapse tells.", "MODEL 6.10";
    collapse_to_war: "1", 0.35, 0.1, 0.7, A, "Chance that a front returns to its level before a collapsed truce, and not to at most 2.", "MODEL 6.10";
    // 6.11 Negotiation
    tau_q: "utility", 0.18, 0.1, 0.4, A, "Noise of acceptance (quantal response).", "MODEL 6.11";
    acceptance_offset: "logit", 0.6, 0.3, 0.9, A, "Bias against signing.", "MODEL 6.11";
    table_shock: "utility", 0.05, 0.02, 0.1, A, "Standard deviation of the common shock ν of a table.", "MODEL 6.11";
    audience_mediation: "1", 0.4, 0.1, 0.7, A, "Share of audience cost that full mediation removes.", "MODEL 6.11";
    commitment_threat: "1", 0.25, 0.0, 1.0, A, "How far perceived threat (.5 is neutral) raises the cost of relying on a promise.", "this project: 6.1 says threat enters here, 6.11 gives no weight";
    opinion_audience: "1", 0.1, 0.0, 0.5, A, "How far support for continuing raises audience cost.", "this project: 6.8 defines opinion, 6.11 gives no weight";
    deadline_factor: "1", 3.0, 1.0, 6.0, A, "Factor on signing in the days before a deadline.", "MODEL 6.11";
    deadline_days: "days", 14.0, 7.0, 30.0, A, "Days before a deadline in which it presses.", "MODEL 6.11";
    sequencing_penalty: "utility", 0.12, 0.0, 0.3, A, "Reluctance of a group under fire to settle terms before a cease-fire.", "MODEL 6.11";
    sequencing_commitment: "utility", 0.05, 0.0, 0.2, A, "Cost to Israel of a cease-fire before terms.", "MODEL 6.11";
    spoiler_rate: "1/day", 0.02, 0.002, 0.1, A, "Daily chance that a left-out armed group attacks.", "MODEL 6.11; Stedman";
    spoiler_inducement: "1", 0.0, 0.0, 0.8, A, "Inducement offered to left-out groups.", "MODEL 6.11";
    reopen_days: "days", 14.0, 3.0, 60.0, A, "Days after a collapse until a table meets again.", "this project";
    disputed_benefit_all: "utility", 0.10, 0.0, 0.2, A, "Gain of the Lebanese side if all disputed areas are returned.", "MODEL 12.6";
    disputed_benefit_ghajar: "utility", 0.03, 0.0, 0.1, A, "Gain of the Lebanese side if Ghajar is returned.", "MODEL 12.6";
    disputed_cost_all: "utility", 0.08, 0.0, 0.2, A, "Audience cost to Israel if all disputed areas are returned.", "MODEL 12.6";
    disputed_cost_ghajar: "utility", 0.02, 0.0, 0.1, A, "Audience cost to Israel if Ghajar is returned.", "MODEL 12.6";
    violation_spread: "1", 0.5, 0.0, 1.0, A, "How far fire under an agreement rises while all the tables linked with it have just been shaken, at the default linkage (ln; claim H11): by a collapse, a blow, or being left out; 0 is not at all.", "this project: the essay's groups that hang together; no size is known";
    spread_days: "days", 14.0, 7.0, 28.0, A, "Days for which a collapse or a blow shakes the agreements linked with it.", "this project: as two_way_days";
    link_separate: "utility", 0.1, 0.0, 0.3, A, "Cost to every party of signing at its own table while the tables linked with it have no agreement, at the default linkage (claim H11); 0 is none.", "this project: the essay's united groups; against it, Hezbollah's officials dropped the truce in Gaza as a condition on 8 October 2024 [S21]";
    package_choice: "share", 0.5, 0.0, 1.0, A, "Share of proposals at the collective table that are free to be the package which its parties most likely all accept, instead of what the levers offer; 0 is none.", "this project: the essay's trade between issues; no size is known";
    deal_fray: "share", 0.7, 0.0, 1.0, A, "Share of the collapses of a collective deal that take one part of it and leave the others; 0 is none.", "this project: the essay's parts that need each other; no size is known";
    fray_least: "share", 0.5, 0.25, 0.75, A, "Share of the parts that signed a collective deal below which what is left of it ends.", "this project: half of those who signed";
    restraint_trust: "1", 0.5, 0.0, 1.0, A, "How far a pledge of restraint by the others at a table lowers the cost of relying on their promise, with `exchange.restraint` at 1; 0 is not at all.", "this project: the essay's restraint that others see; no size is known";
    link_logroll: "utility", 0.10, 0.0, 0.3, A, "Gain of every party from trading issues in a collective agreement (claim H1).", "MODEL 6.11; Tollison & Willett, Poast [S40]";
    collective_residual: "1", 0.1, 0.02, 0.3, A, "Share of a stream's baseline that continues under a collective agreement where no table of its own says so.", "MODEL 12.5";
    veto_player_cost: "utility", 0.05, 0.0, 0.1, A, "Cost of every further front that a party brings to a collective agreement.", "MODEL 6.11";
    ship_attacks: "utility", 0.02, 0.0, 0.1, A, "Reluctance of the United States per ln(1 + attacks on ships a day).", "MODEL 6.12 [S20]";
    acquiescence_gain: "utility", 0.4, 0.0, 0.8, A, "What full US acquiescence adds to its value of the roadmap (.3 is neutral).", "this project: 7 names the lever, without a weight";
    relief_gain: "utility", 0.4, 0.0, 0.8, A, "What full sanctions relief adds to Iran's value of a nuclear agreement.", "MODEL 12.6";
    cap_gain_low: "utility", 0.25, 0.0, 0.5, A, "What a cap at 3.67 % adds for the other side.", "MODEL 12.6";
    cap_gain_mid: "utility", 0.15, 0.0, 0.3, A, "What a cap at 20 % adds for the other side.", "MODEL 12.6";
    cap_cost_low: "utility", 0.15, 0.0, 0.3, A, "Audience cost to Iran of a cap at 3.67 %.", "MODEL 12.6";
    cap_cost_mid: "utility", 0.05, 0.0, 0.15, A, "Audience cost to Iran of a cap at 20 %.", "MODEL 12.6";
    role_gain: "utility", 0.15, 0.0, 0.3, A, "What an accepted regional role adds for Iran.", "MODEL 12.6";
    role_cost: "utility", 0.10, 0.0, 0.25, A, "Audience cost of that role to the United States and Israel.", "MODEL 12.6";
    role_cost_far: "utility", 0.08, 0.0, 0.2, A, "Audience cost of that role to Saudi Arabia.", "MODEL 12.6";
    relief_cost: "utility", 0.2, 0.0, 0.5, A, "Audience cost of full sanctions relief to the side that a cap reassures, with `deal.interdependence` at 1.", "this project: without it relief would be given away; no size is known";
    arms_gain: "utility", 0.2, 0.0, 0.5, A, "What one usual measure of resupply more, as an item of a collective deal, adds to Israel's value of it, with `deal.interdependence` at 1.", "this project: the essay's trade between issues; no size is known";
    arms_cost: "utility", 0.1, 0.0, 0.3, A, "Audience cost of that to the United States, and to Iran.", "this project; no size is known";
    exit_gain: "utility", 0.15, 0.0, 0.4, A, "What a dated exit of the coalition from Iraq, as an item of a collective deal, adds to the value of it for Iran and the Iraqi groups, with `deal.interdependence` at 1.", "this project: the essay's complete withdrawal; no size is known";
    exit_cost: "utility", 0.1, 0.0, 0.3, A, "Audience cost of that to the United States.", "this project; no size is known";
    course_distrust: "utility", 0.10, 0.0, 0.25, A, "Cost to Iran of relying on a US administration that broke with continuity.", "MODEL 12.6";
    war_spectre: "1", 0.3, 0.0, 0.6, A, "Share of audience cost that a looming war takes from hard-liners.", "MODEL 6.19";
    exchange_restraint: "1", 0.2, 0.05, 0.6, A, "Factor on blows and answers while mutual restraint (EXC) is in force.", "MODEL 12.5";
    // 6.9 Bases and hosts
    lambda_base: "1", 3.0, 1.0, 8.0, A, "Rate at which a complicit host is struck when an answer comes.", "MODEL 6.9";
    us_influence: "1", 0.5, 0.0, 1.0, A, "Share of hosts' fears that reaches Israel through the United States.", "MODEL 12.8";
    host_scale: "persons", 40000.0, 40000.0, 40000.0, S, "US personnel in the region, the scale of exposure.", "MODEL 12.8; some 40,000 in 2024";
    host_threat_days: "days", 30.0, 15.0, 60.0, A, "Days for which a warning to a host stands.", "MODEL 12.8";
    host_flight_floor: "1", 0.05, 0.0, 0.2, A, "Sorties times permission from which a host draws warnings.", "this project";
    host_voice: "share", 0.25, 0.0, 0.5, A, "Share of US consent to a preventive strike that warned hosts talk away, all of them together; 0 is none.", "this project: the essay's Arab neighbours that warn Washington; no size is known";
    host_permission_loss: "1/day", 0.02, 0.005, 0.05, A, "Daily loss of basing permission under a warning without assurances.", "MODEL 6.9";
    host_permission_return: "1/day", 0.01, 0.003, 0.03, A, "Daily return of basing permission to rest.", "MODEL 12.8";
    base_rounds: "rounds", 12.0, 4.0, 40.0, A, "Missiles fired at a base in a host state.", "this project; about 14 at Al Udeid is known later";
    fear_front: "1/level", 0.7, 0.0, 2.0, A, "Weight of the level of the front of Iran and Israel on hosts' fear of war.", "this project: the essay's Arab governments; no size is known";
    fear_exposure: "1", 1.0, 0.0, 4.0, A, "Weight of a host's exposure on its fear of war.", "this project";
    fear_threat: "1", 1.0, 0.0, 3.0, A, "Weight of a warning that stands on a host's fear of war.", "this project";
    fear_permission: "share", 0.5, 0.0, 1.0, A, "How far permission at rest moves with a host's fear of war, by the host's own sign; 0 is not at all.", "this project";
    scale_fear: "1", 0.5, 0.0, 1.0, A, "What hosts' fear of war adds to the US veto on the scale of Israeli strikes, were it whole (claim H6); 0 is nothing.", "this project: the essay's Arab governments that warn Washington; no size is known";
    scale_suspension: "1", 0.5, 0.0, 1.0, A, "What halted talks add to that veto (claim H9); 0 is nothing.", "this project: the essay's scale of the answer of 26 October 2024; no size is known";
    forum_gain: "1/day", 0.01, 0.0, 0.02, A, "Daily growth of a security forum at whole fear and whole participation in zone talks; 0 is no forum.", "this project: the essay's indivisible security; no size is known";
    forum_loss: "1", 0.2, 0.0, 0.5, A, "What a day with strikes in or by its owner takes from the forum.", "this project";
    forum_relief: "1", 0.1, 0.0, 0.3, A, "How far a full forum lowers what its members take for a threat.", "this project: twice zone_relief";
    forum_benefit: "utility", 0.1, 0.0, 0.2, A, "What a full forum adds to the value of an agreement for every party at its owner's tables.", "this project: as link_logroll";
    host_sites: "share", 0.2, 0.0, 0.5, A, "Share of the salvos at bases that go to sites of the host's own instead, where its dead are counted; 0 is none.", "this project: the essay's threat to Arab targets; none was struck by August 2024";
    host_memory: "days", 180.0, 60.0, 540.0, A, "Half-life of what a host holds against the foe for strikes on its own sites.", "this project: as Iran's ledgers";
    leverage_effect: "1", 0.3, 0.0, 0.6, A, "Share of Israel's audience cost of signing that US leverage takes away at full lever (claim H15); 0 is none.", "this project: the essay's Washington that convinces Israel";
    beta_host: "logit", 0.3, 0.0, 1.0, A, "Caution of Israel per unit of threat to hosts of US bases, before US influence (claim H6).", "MODEL 6.9";
    // 6.12 Roadmap
    road_halt: "1", 0.3, 0.0, 0.9, A, "Share of Houthi attacks on Israel and ships that a fully implemented roadmap ends (claim H4).", "MODEL 6.12";
    road_outside: "1", 0.3, 0.0, 0.6, A, "Share of outside strikes on Yemen that a fully implemented roadmap ends.", "MODEL 6.12";
    roadmap_talks_after: "phases", 6.0, 3.0, 12.0, A, "Phases of the roadmap after which inclusive talks can begin; 12 is after all.", "this project: the parties' commitments of December 2023 put talks after a first stage of some six months (general knowledge, unverified)";
    roadmap_phase_days: "days", 30.0, 15.0, 90.0, A, "Days of one of the roadmap's twelve phases.", "MODEL 6.12";
    roadmap_suspension: "1/day", 0.02, 0.005, 0.06, A, "Hazard that ship attacks suspend the roadmap, per ln(1 + attacks a day), without US acquiescence.", "MODEL 6.12: what suspends it, without a rate [S20]";
    roadmap_resumption: "1/day", 0.02, 0.005, 0.06, A, "Hazard that a suspended roadmap resumes.", "this project";
    roadmap_talks: "1/day", 0.01, 0.003, 0.03, A, "Hazard of inclusive Yemeni talks after the twelve phases.", "this project";
    roadmap_constitution: "1/day", 0.005, 0.001, 0.02, A, "Hazard of a constitution and elections after inclusive talks.", "this project";
    roadmap_consent: "1", 0.5, 0.0, 1.0, A, "How far the later stages of the roadmap wait for the consent of the parties that a scenario names, by the acceptance rule of the tables; 0 is not at all.", "this project: the essay's talks with the Yemeni opposition, an inclusive government and a constitution; no size is known";
    roadmap_seat: "1", 0.5, 0.0, 1.0, A, "Legitimacy that a seat in inclusive talks gives, against that of a constitution and elections.", "this project: no size is known";
    // Incorporation, after 6.12, 6.13 and 6.18
    incorporation_process: "1/day", 0.03, 0.0, 0.05, A, "Rate at which a group comes under political authority as its process runs in full (roadmap, one administration; in Iraq that is k_integration); 0 is not at all.", "this project: the essay's groups that a settlement takes in; no size is known";
    incorporation_legitimacy: "1/day", 0.03, 0.0, 0.05, A, "Rate that legitimacy gained in full adds: a seat, votes won; 0 is none.", "this project: the essay's coveted legitimacy; no size is known";
    incorporation_exit: "1/day", 0.01, 0.0, 0.02, A, "Rate that a complete exit of outside forces adds (in Iraq that is k_pmf_exit); 0 is none.", "this project: as k_pmf_exit";
    incorporation_struck: "1/day", 0.01, 0.0, 0.05, A, "Rate that fresh harm by outsiders takes away; 0 is none.", "this project: the essay's strikes on strongholds that a settlement would end; no size is known";
    incorporation_breach: "1/day", 0.02, 0.0, 0.1, A, "Daily share of what is incorporated that fresh harm by the state's own partner undoes; 0 is none.", "this project: a promise broken; no size is known";
    incorporation_floor: "share", 0.02, 0.005, 0.1, A, "Share from which incorporation starts where nothing is incorporated yet.", "this project: a logistic equation does not leave 0 of itself";
    incorporation_fire: "1", 0.8, 0.0, 1.0, A, "Share of a group's whole fire that its full incorporation ends (claim H14); 0 is none.", "this project: the essay's groups that cease to attack once they are taken in; integration_fire is its counterpart on baselines in Iraq";
    incorporation_control: "1", 0.5, 0.0, 1.0, A, "Share of the patron's control that full incorporation ends; 0 is none.", "this project: a group under a state's authority obeys it and not its patron";
    incorporation_spoiler: "1", 0.8, 0.0, 1.0, A, "Share of a left-out group's attacks that its full incorporation ends; 0 is none.", "this project; Stedman: spoilers are made and unmade by what a settlement offers them";
    incorporation_trust: "1", 0.5, 0.0, 1.0, A, "How far full incorporation of the groups at a table lowers what it costs the others to rely on their promise: a state answers for them; 0 is not at all.", "this project; Walter 2002, Fearon 1995: agreements fail where nobody can answer for a promise; no size is known";
    spoiler_funding: "1", 0.5, 0.0, 1.0, A, "How far a left-out group's attacks follow its means; 0 is not at all.", "this project: routine fire follows them, attacks on agreements did not";
    // 6.13 Iraq
    k_integration: "1/day", 0.002, 0.0005, 0.006, A, "Rate of integration of Iraqi groups at the lever's default.", "MODEL 6.13";
    extension_pull: "1", 0.5, 0.0, 1.0, A, "Rise in attacks on US forces once a promised exit has not come.", "MODEL 6.13";
    exit_days: "days", 180.0, 90.0, 365.0, A, "Days over which the coalition draws down before its exit.", "this project: 6.13 names the progress, not its pace";
    integration_fire: "1", 0.7, 0.0, 1.0, A, "Share of freelance fire that full integration ends.", "MODEL 6.13";
    state_attribution: "1", 1.0, 0.0, 1.5, A, "How far integration draws retaliation onto sites of the Iraqi state.", "MODEL 6.13";
    unami_loss: "1", 0.05, 0.0, 0.15, A, "Capacity of the Iraqi state lost when UNAMI ends.", "MODEL 6.13 [S41]";
    unami_support: "share", 0.5, 0.0, 1.0, A, "Share of the support for integration that goes when UNAMI ends; 0 is none.", "this project: the mission's good offices stand behind the process; 6.13 has its capacity only";
    k_pmf_exit: "1/day", 0.006, 0.0, 0.02, A, "Rate of integration of Iraqi groups that a coalition exit adds (claim H5).", "MODEL 6.13";
    // 6.14 Nuclear file
    pace_low: "kg/month", 6.5, 6.5, 6.5, S, "60 % uranium made a month at low pace.", "MODEL 6.14 [S18]";
    pace_high: "kg/month", 33.0, 28.0, 42.0, S, "60 % uranium made a month at high pace.", "MODEL 6.14 [S18]";
    pace_up: "1/day", 0.01, 0.003, 0.03, A, "Hazard of a faster pace after a censure or under pressure above its threshold.", "MODEL 6.14";
    pace_factions: "1", 0.8, 0.0, 1.6, A, "Weight of hard-line influence on a faster pace.", "this project: as on the decision to weaponise; 6.14 gives none";
    pace_down: "1/day", 0.05, 0.01, 0.2, A, "Hazard of a slower pace under an agreement.", "MODEL 6.14";
    pressure_threshold: "share", 0.7, 0.5, 0.9, A, "Sanctions pressure from which the pace rises.", "MODEL 6.14";
    censure_days: "days", 90.0, 45.0, 180.0, A, "Days for which a censure tells.", "this project";
    censure_chance: "1", 0.4, 0.1, 0.8, A, "Chance of a censure at a quarterly Board meeting while access is under half.", "this project: censures of 2020, 2022, 2024 in sixteen meetings or so, unverified";
    access_deal: "share", 0.9, 0.7, 1.0, A, "Inspectors' access under an agreement.", "MODEL 6.14";
    access_rest: "share", 0.45, 0.3, 0.6, A, "Inspectors' access at rest.", "MODEL 12.7";
    access_censured: "share", 0.35, 0.2, 0.45, A, "Inspectors' access while a censure is fresh.", "this project: 6.14 moves access by agreements only";
    access_struck: "share", 0.25, 0.1, 0.4, A, "Inspectors' access while nuclear sites are badly damaged.", "this project: as above";
    access_rate: "1/day", 0.01, 0.003, 0.03, A, "Daily drift of inspectors' access.", "this project";
    access_blind: "share", 0.4, 0.2, 0.6, A, "Access below which a short breakout time alarms.", "MODEL 6.5";
    access_width: "share", 0.05, 0.02, 0.15, A, "Width of the access below which a short breakout time alarms: how gradually the alarm sets in.", "this project: 6.5 has a step";
    breakout_alarm: "days", 7.0, 5.0, 21.0, A, "Breakout time that alarms by half.", "MODEL 6.5";
    breakout_width: "days", 2.0, 1.0, 5.0, A, "Width of that time: how gradually the alarm sets in.", "this project: 6.5 has a step; estimates of breakout differ by days";
    breakout_setup: "days", 1.0, 0.0, 14.0, A, "Days to rearrange cascades.", "MODEL 6.14";
    enrichment_capacity: "SWU/day", 10.5, 7.0, 14.0, S, "Enrichment that four cascades give.", "MODEL 6.14 [S18]";
    dilution_half_life: "days", 60.0, 20.0, 180.0, A, "Half-life of the 60 % stock under a cap below 60 %.", "this project: 6.14 caps the pace, not the stock";
    detection_base: "1/day", 0.02, 0.005, 0.05, A, "Daily chance that weaponisation is detected without inspectors.", "MODEL 6.14";
    detection_access: "1/day", 0.25, 0.1, 0.5, A, "Daily chance that full access adds.", "MODEL 6.14";
    weapon_rate: "1/day", 0.0001, 0.00003, 0.001, A, "Base hazard of a decision to weaponise.", "MODEL 6.14: one in ten in the first year; its .0002 gives one in four once shield, patience and pressure move";
    detection_days: "days", 180.0, 90.0, 720.0, A, "Days for which detected weaponisation presses for a preventive strike.", "this project: 6.5 sets no end";
    weapon_threat: "1", 1.5, 0.0, 3.0, A, "Weight of perceived threat (.5 is neutral) on that decision.", "MODEL 6.14";
    weapon_shield: "1", 1.0, 0.0, 2.0, A, "Weight of a lost partner shield on that decision.", "MODEL 6.14";
    weapon_ledger: "1", 0.5, 0.0, 1.0, A, "Weight of unanswered harm on that decision.", "MODEL 6.14";
    weapon_factions: "1", 0.8, 0.0, 1.6, A, "Weight of hard-line influence on that decision.", "MODEL 6.14";
    weapon_pressure: "1", 0.8, 0.0, 1.6, A, "Weight of sanctions pressure (.5 is neutral) on that decision.", "MODEL 6.14";
    weapon_deal: "1", 2.0, 0.5, 4.0, A, "Weight of an agreement against that decision.", "MODEL 6.14";
    weapon_patience: "1", 1.0, 0.0, 2.0, A, "Weight of the leader's patience against that decision.", "MODEL 6.14";
    device_days: "days", 300.0, 150.0, 600.0, A, "Median days from decision to a device.", "MODEL 6.14";
    device_spread: "1", 0.4, 0.2, 0.6, A, "Log standard deviation of those days.", "MODEL 6.14";
    zone_rate: "1/day", 0.005, 0.001, 0.02, A, "Daily drift of zone talks toward the participation of the lever.", "MODEL 6.14: they drift, without a rate";
    zone_relief: "1", 0.05, 0.0, 0.15, A, "Perceived threat that zone talks past the halfway mark take away.", "MODEL 6.14";
    // 6.15 Sanctions, oil, supply
    sanctions_ramp: "days", 90.0, 30.0, 180.0, A, "Days in which sanctions pressure moves by .4.", "MODEL 6.16";
    oil_ceiling: "mb/d", 2.5, 2.3, 2.7, S, "Iranian oil exports without sanctions.", "MODEL 6.15 [S42]";
    oil_sanctions: "1", 0.82, 0.7, 0.95, C, "Share of exports that full pressure ends.", "MODEL 6.15 [S42]";
    oil_days: "days", 90.0, 45.0, 180.0, A, "Days in which exports follow pressure.", "MODEL 6.15";
    oil_price: "USD/barrel", 75.0, 65.0, 85.0, S, "Oil price of late 2024.", "MODEL 6.15";
    beta_oil: "USD/barrel", 10.0, 0.0, 30.0, A, "Rise of the price at full risk.", "MODEL 6.15 names it, without a value";
    funding_exponent: "1", 0.5, 0.0, 1.0, A, "How far funding of aligned groups follows revenue.", "MODEL 6.15";
    funding_upkeep: "1", 0.5, 0.0, 1.0, A, "Part of a patron's money that is pay and upkeep, for a group with a stock of its own; the rest is rounds.", "this project: 6.15 lets funding reach resupply only, and the stock outlasts a year";
    funding_half_life: "days", 90.0, 30.0, 180.0, A, "Half-life with which means follow funding.", "MODEL 12.10";
    corridor_loss: "1/day", 0.001, 0.0003, 0.003, A, "Hazard that a supply corridor is lost.", "MODEL 6.15";
    corridor_rest: "1", 0.25, 0.05, 0.5, A, "Share of resupply that comes without the corridor.", "MODEL 6.15";
    shield_leadership: "1", 0.4, 0.0, 0.8, A, "Share of the partner shield lost while the partner's leadership is gone.", "this project: as decapitation_effect on fire";
    // 6.17 Council
    vote_base: "logit", -0.4, -1.0, 0.2, C, "Constant of the US vote.", "MODEL 6.17, nine votes";
    vote_cosponsor: "logit", 3.0, 1.5, 4.5, C, "Weight of a US draft.", "MODEL 6.17";
    vote_hostages: "logit", 0.9, 0.3, 1.5, C, "Weight of a call to release hostages.", "MODEL 6.17";
    vote_aid: "logit", 0.6, 0.2, 1.0, C, "Weight of aid provisions.", "MODEL 6.17";
    vote_unconditional: "logit", 2.0, 1.0, 3.0, C, "Weight against an unconditional cease-fire.", "MODEL 6.17";
    vote_statehood: "logit", 2.6, 1.3, 3.9, C, "Weight against statehood, membership or Chapter VII.", "MODEL 6.17";
    vote_deaths: "logit per 10,000", 0.30, 0.1, 0.5, C, "Weight of deaths in Gaza.", "MODEL 6.17";
    vote_isolation_reference: "share", 0.8, 0.8, 0.8, A, "Assembly yes share at which isolation is neutral (fixed by definition).", "MODEL 6.17";
    vote_course: "logit", 0.9, 0.3, 1.5, A, "Weight of the administration's term against drafts.", "MODEL 6.17";
    vote_noise: "logit", 0.5, 0.25, 1.0, A, "Scale of the logistic noise of the US vote.", "MODEL 6.17";
    vote_yes: "logit", 2.0, 1.5, 2.5, C, "Edge between abstention and yes.", "MODEL 6.17";
    draft_rate: "1/day", 0.03, 0.015, 0.05, C, "Drafts a day: twelve on Gaza or Palestine in the thirteen months to November 2024.", "MODEL 6.17 has 1/60; counted anew from its own list of votes";
    assembly_rate: "1/day", 0.0133, 0.006, 0.03, A, "Assembly texts a day.", "this project: four in thirteen months, seven with the winter of 2024";
    assembly_drive: "share", 0.1, 0.0, 0.2, A, "Rise of the Assembly's yes share at a full drive.", "this project: 6.17 names the lever, without a weight";
    assembly_spread: "share", 0.03, 0.0, 0.08, A, "Standard deviation of the yes share from text to text.", "this project: .68 and .82 six weeks apart in late 2023";
    assembly_churn: "share", 0.1, 0.0, 0.3, A, "Share of the states abstaining on one text that vote in favour of another, as many going the other way.", "this project: no two texts are alike";
    assembly_debate: "share", 0.02, 0.0, 0.05, A, "Rise of the yes share while membership is debated; twice that after credentials are rejected.", "this project: effect on isolation only, MODEL 6.17";
    adopted_aid: "1", 0.4, 0.0, 1.0, A, "Rise of aid that an adopted text brings, as a share of what the parties let in and of what is left to double it.", "MODEL 6.17 has .1; trucks into Gaza went from some 100 a day in December 2023 to some 150 in January 2024, after resolution 2720 (OCHA, unverified)";
    adopted_half_life: "days", 60.0, 30.0, 120.0, A, "Half-life of that rise.", "MODEL 6.17";
    un_cost: "logit", 0.5, 0.0, 1.5, A, "How far isolation in the Assembly moves the US vote (claim H8).", "MODEL 6.17";
    // What vetoes cost and texts do: every weight is at "no effect"
    veto_cost: "1", 0.5, 0.0, 1.0, A, "How far the isolation met by vetoes cast alone adds up and weighs on the next vote, as a share of un_cost (claim H8); 0 is not at all.", "this project: the essay's cost of vetoes; no size is known";
    veto_cost_half_life: "days", 180.0, 60.0, 540.0, A, "Half-life of the cost of a veto.", "this project";
    veto_cost_least: "votes", 12.0, 9.0, 14.0, A, "Fewest votes in favour against which a veto cast alone has a cost.", "this project";
    veto_cost_other: "1", 0.3, 0.0, 1.0, A, "Weight of that cost on a draft that provides for no aid; 1 on one that does.", "this project: the essay speaks of aid";
    adopted_aid_other: "1", 0.0, 0.0, 1.0, A, "What an adopted text without provisions for aid brings of the rise in aid; 1 is as one with them.", "MODEL 6.17 has no kinds of texts";
    text_days: "days", 60.0, 30.0, 120.0, A, "Days for which an adopted cease-fire text bears on the table of its front.", "this project";
    text_concession: "utility", 0.08, 0.0, 0.15, A, "What a cease-fire text takes off the audience cost of every party at that table; 0 is nothing.", "this project: resolutions 2728 and 2735 of 2024 brought no truce in 60 days (P13)";
    text_deadline: "1", 2.0, 1.0, 3.0, A, "Factor on signing there while a cease-fire text is fresh; 1 is none, 3 that of a deadline.", "this project: as above";
    text_legitimacy: "share", 0.15, 0.0, 0.3, A, "Legitimacy that admission to the United Nations adds to the authority; 0 is none.", "this project: never admitted";
    text_recognition: "utility", 0.08, 0.0, 0.15, A, "What that admission adds to the audience cost, at that table, of the party recorded against it; 0 is nothing.", "this project: as above";
    credentials_lobby: "share", 0.45, 0.0, 0.6, A, "How far the United States, at the default posture, lowers the yes share of a text on credentials; 0 is not at all.", "this project: such texts were set aside by votes to take no action in 1982 to 1989, unverified";
    credentials_rally: "share", 0.15, 0.0, 0.3, A, "Rise in support for continuing on the side whose credentials are rejected; 0 is none.", "this project";
    credentials_arms: "share", 0.15, 0.0, 0.3, A, "Share of interceptors received that third states withhold from whoever stands rejected; 0 is none.", "this project";
    // 6.18 Gaza path
    aid_rate: "1/day", 0.2, 0.05, 0.5, A, "Daily drift of aid toward its level.", "MODEL 6.18";
    aid_truce: "trucks/day", 600.0, 500.0, 900.0, S, "Aid under a truce; 630 to 915 in January 2025.", "MODEL 6.18 [S45]";
    aid_deaths: "1", 0.15, 0.0, 0.3, A, "Share of deaths per event that full aid averts.", "MODEL 12.11";
    path_withdrawal_days: "days", 42.0, 30.0, 60.0, S, "Days of truce before a withdrawal.", "MODEL 6.18";
    path_withdrawal: "1/day", 0.01, 0.003, 0.03, A, "Hazard of the withdrawal at full compliance.", "MODEL 6.18";
    path_unified: "1/day", 0.004, 0.001, 0.02, A, "Hazard of a unified administration at full support.", "MODEL 6.18";
    path_rebuilt: "1/day", 0.004, 0.001, 0.02, A, "Hazard of reconstruction under way at full funds.", "MODEL 12.12: a hazard of its own; value as for the administration";
    election_base: "logit", -1.0, -2.0, 0.0, A, "Constant of elections being held on their date.", "MODEL 6.18";
    election_legitimacy: "logit", 2.0, 0.0, 4.0, A, "Weight of the authority's legitimacy.", "MODEL 6.18";
    election_access: "logit", 0.3, 0.0, 1.0, A, "Access of East Jerusalem to the vote.", "MODEL 6.18 names it, without a value";
    election_scale: "days", 180.0, 90.0, 360.0, A, "Days of truce that weigh 1.", "MODEL 6.18";
    election_war: "logit", 2.0, 0.5, 4.0, A, "Weight of war against elections.", "this project: the lever's date may come before any truce";
    election_retry: "days", 90.0, 30.0, 180.0, A, "Days until elections that were not held are tried again.", "this project";
    settlement_legitimacy: "share", 0.15, 0.0, 0.3, A, "Legitimacy that a withdrawal from settlements adds; a third of it for a freeze.", "MODEL 12.9";
    activity_rate: "1/day", 0.02, 0.005, 0.05, A, "Daily drift of economic activity in Gaza toward what aid and trade allow.", "this project: weeks to months, as markets refilled in the truce of January 2025 (OCHA, unverified)";
    activity_fire: "1", 0.5, 0.0, 1.5, A, "How far economic activity above that of the start lowers the fire of the groups there: what a fighter gives up; 0 is not at all.", "opportunity cost of fighting, Collier & Hoeffler, Dube & Vargas; Berman and others 2011 find no such effect of unemployment in Iraq and Afghanistan";
    activity_return: "1", 0.5, 0.0, 1.0, A, "How far economic activity above that of the start quickens the return of the displaced; 0 is not at all.", "this project: no size is known";
    ballot_authority: "logit", -0.2, -0.7, 0.3, A, "Pull of the Authority's list against all others, at the start.", "this project: polls of 2023 and 2024 give its party some quarter of those who would vote (PCPSR, unverified)";
    ballot_group: "logit", 0.4, -0.1, 0.9, A, "Pull of the group's list against all others, at the start.", "this project: the same polls give it some two fifths, unverified";
    ballot_services: "logit", 0.5, 0.0, 1.5, A, "What economic activity above that of the start adds to the pull of the Authority.", "this project: services are rewarded at the polls; no size is known";
    ballot_settlements: "logit", 0.5, 0.0, 1.5, A, "What a withdrawal from settlements adds to the pull of the Authority; a third of it for a freeze.", "this project: as settlement_legitimacy";
    ballot_unity: "logit", 0.3, 0.0, 1.0, A, "What one administration adds to the pull of the Authority.", "this project: no size is known";
    ballot_deaths: "logit", 0.2, -0.5, 0.5, A, "What ln(1 + thousands killed in Gaza since the start) adds to the pull of the group; the range includes the opposite sign.", "this project: polls show support both rising and falling with the war, unverified";
    ballot_noise: "logit", 0.3, 0.1, 0.6, A, "Standard deviation of the pull on the day of the vote.", "this project: errors of polls";
    ballot_benefit: "utility", 0.15, 0.0, 0.3, A, "What a group that wins every vote gains from a truce at its own table, and loses where its rival does; 0 is nothing.", "this project: the essay's elections after a truce; no size is known";
    // 6.19 Factions, patience, unrest
    faction_rate: "1/day", 0.01, 0.003, 0.03, A, "Daily drift of the reformists' weight.", "MODEL 6.19";
    faction_relief: "share", 0.3, 0.0, 0.6, A, "Rise of their weight with sanctions relief delivered.", "MODEL 6.19";
    faction_talks: "share", 0.2, 0.0, 0.4, A, "Rise of their weight while talks are open.", "MODEL 6.19";
    faction_shock: "share", 0.25, 0.0, 0.5, A, "Fall of their weight after a strike on home soil.", "MODEL 6.19";
    faction_pressure: "share", 0.2, 0.0, 0.4, A, "Fall of their weight with sanctions pressure above that of the start.", "MODEL 6.19";
    shock_days: "days", 30.0, 15.0, 60.0, A, "Days for which a strike on home soil is a shock.", "this project";
    patience_gain: "1/day", 0.004, 0.001, 0.01, A, "Daily return of the leader's patience.", "MODEL 6.19";
    patience_loss: "1/day", 0.005, 0.001, 0.02, A, "Daily loss of patience while an answer is owed.", "this project: the .05 of 6.19 empties it in two weeks";
    unrest_hardship: "1", 0.75, 0.5, 1.0, A, "Hardship H in the unrest equation.", "MODEL 6.19; Epstein 2002";
    unrest_police: "1", 0.04, 0.02, 0.08, A, "Security forces against the population.", "MODEL 6.19; Epstein 2002";
    unrest_threshold: "1", 0.1, 0.05, 0.2, A, "Net grievance from which a person joins.", "MODEL 6.19";
    repression_share: "share", 0.04, 0.01, 0.1, A, "Share of the population in unrest that draws repression.", "this project: 6.19 has .1, a tenth of the population, which its own equation does not reach within its ranges of stress";
    legitimacy_base: "share", 0.75, 0.6, 0.9, A, "Legitimacy at rest.", "MODEL 6.19";
    legitimacy_reformists: "share", 0.1, 0.0, 0.3, A, "Legitimacy that full reformist weight adds.", "MODEL 6.19";
    legitimacy_stress: "share", 0.15, 0.0, 0.4, A, "Legitimacy that full economic stress takes.", "MODEL 6.19";
    // Levers whose weight on a mechanism is itself uncertain
    scale_veto_effect: "1", 0.8, 0.0, 1.6, A, "Effect of the US veto on Israeli scale on proportionality and consent.", "MODEL 12.9";
    settlement_freeze_effect: "1", 0.8, 0.6, 1.0, A, "Factor on West Bank baselines under a settlement freeze.", "MODEL 12.9";
    settlement_withdrawal_effect: "1", 0.6, 0.3, 1.0, A, "Factor on West Bank baselines under settlement withdrawal.", "MODEL 12.9";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_lies_in_its_range_and_ids_are_unique() {
        for (i, row) in ROWS.iter().enumerate() {
            assert!(row.low <= row.default && row.default <= row.high, "{}", row.id);
            assert!(!row.meaning.is_empty() && !row.source.is_empty() && !row.unit.is_empty(), "{}", row.id);
            assert!(ROWS[..i].iter().all(|other| other.id != row.id), "{} twice", row.id);
        }
    }

    #[test]
    fn get_set_and_map_agree_with_the_rows() {
        let mut p = Parameters::default();
        p.map(|row, value| {
            assert_eq!(value.to_bits(), row.default.to_bits());
            value + 1.0
        });
        for row in ROWS {
            assert_eq!(p.get(row.id), Some(row.default + 1.0));
            assert!(p.set(row.id, 0.0));
        }
        assert!(!p.set("nonsense", 0.0));
    }
}
