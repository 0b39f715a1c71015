//! The state of the world: one entity per actor, front, stream, ledger, table …, each with the components below.
//!
//! Everything a day reads from the day before stands here, as plain `Copy` data; that is what makes a snapshot a copy and
//! a fork a write-back. What never changes stands in [`super::rules`]. Each component says which system file owns it;
//! nothing else writes it.

use bevy_ecs::{component::Component, resource::Resource};
use serde::{Deserialize, Serialize};

/// A day long before any run.
pub const NEVER: i32 = -100_000;

/// Position of an entity among its kind, in order of ids.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ix(pub u16);

/// Name of an entity, for inspectors.
#[derive(Component, Clone, Debug, PartialEq, Eq)]
pub struct Label(pub String);

/// Today's date and what a calendar has changed. Owner: `calendar`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// Day since the start; the day that the schedule is about to run or has just run.
    pub day: i32,
    /// US consent to a preventive strike.
    pub consent: f64,
}

/// An actor's standing. Owners: `answer`, `harm`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Resolve as opponents see it, 0 to 1 (ρ).
    pub resolve: f64,
    /// Support at home for continuing, −1 to 1 (O).
    pub opinion: f64,
}

/// An actor's means. Owners: `supply`, `salvo`, `harm`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arsenal {
    /// Rounds in store (infinite where supply is not a limit).
    pub munitions: f64,
    /// Launchers.
    pub launchers: f64,
    /// Interceptors.
    pub interceptors: f64,
    /// Air defence, share of intact.
    pub air_defence: f64,
    /// Partner shield, share of August 2024.
    pub shield: f64,
    /// Leadership lost, 0 to 1.
    pub decapitation: f64,
}

/// Threat that one actor perceives from another. Owner: `threat`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Threat {
    /// Θ, 0 to 1.
    pub level: f64,
    /// Perceived harm with a memory of 30 days, blows (V).
    pub recent_harm: f64,
}

/// A ledger of unanswered harm. Owners: `answer`, `harm`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    /// Unanswered harm, blows (L).
    pub blows: f64,
    /// The other side's count of the same harm.
    pub other_count: f64,
    /// Whether an answer is owed.
    pub owed: bool,
    /// Since which day an answer is owed.
    pub owed_since: i32,
    /// Day of the last answer.
    pub last_answer: i32,
    /// What the holder has let go lately, 0 to 1: 1 on the day it was settled, fading since.
    #[serde(default, skip_serializing_if = "nil")]
    pub forgone: f64,
}

/// Whether nothing is there, so that nothing is written.
fn nil(value: &f64) -> bool {
    *value <= 0.0
}

/// Direct fire between two ledger holders. Owners: `answer` (open war), `harm` (days of fire).
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// In open war, which began with a shot and goes on by fire.
    pub war: bool,
    /// Day on which the open war began, or [`NEVER`] where none has.
    pub war_since: i32,
    /// Last day of direct fire by the holder of each ledger, in order.
    pub last_fire: [i32; 2],
}

impl Pair {
    /// Whether both have fired at each other since the war began.
    #[inline]
    #[must_use]
    pub fn fought(&self) -> bool {
        self.last_fire.iter().all(|&day| day >= self.war_since)
    }

    /// Days since either last fired at the other.
    #[inline]
    #[must_use]
    pub fn quiet_days(&self, today: i32) -> i32 {
        today - self.last_fire[0].max(self.last_fire[1])
    }
}

/// A front. Owners: `ladder`, `truce`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Front {
    /// Escalation level, 0 truce to 6: what its fire comes to.
    pub level: u8,
    /// Level of its means: that at which its streams fire where nothing quiets them; kept through a truce.
    pub war_level: u8,
    /// Days at level 4 or more.
    pub days_high: u32,
    /// Last day of a blow on one of the front's parties.
    pub last_blow: i32,
    /// Last day of direct fire (exchange fronts).
    pub last_fire: i32,
    /// Last day the level moved.
    pub last_step: i32,
    /// Last day on which its fire reached what its level stands for.
    pub last_loud: i32,
}

/// A fire stream. Owner: `fire`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fire {
    /// Excitation E_s, events a day.
    pub excitation: f64,
    /// Tempo: how far its baseline departs from what its level stands for, in standard deviations of its logarithm; 0 until
    /// it is first drawn, and without a line in what is written of a state.
    #[serde(default, skip_serializing_if = "is_undrawn")]
    pub tempo: f64,
    /// Mean of today's count (λ).
    pub mean: f64,
    /// Today's events.
    pub events: u32,
    /// Today's deaths.
    pub deaths: u32,
    /// Today's incidents with deaths.
    pub lethal: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
fn is_undrawn(tempo: &f64) -> bool {
    *tempo == 0.0
}

/// Where an agreement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The table does not meet.
    Closed,
    /// Talks.
    Talks,
    /// Signed and in force.
    InForce,
    /// Collapsed; the table will meet again.
    Collapsed,
}

/// A table and its agreement. Owners: `negotiation`, `truce`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Where it stands.
    pub status: Status,
    /// Since which day.
    pub since: i32,
    /// Last day on which a spoiler attacked.
    pub last_spoiler: i32,
    /// Last day on which it collapsed.
    pub last_collapse: i32,
}

impl Agreement {
    /// Whether it is in force.
    #[inline]
    #[must_use]
    pub fn in_force(&self) -> bool {
        self.status == Status::InForce
    }
}

/// A mediation channel. Owner: `calendar`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Suspended since this day; [`NEVER`] while open.
    pub suspended_since: i32,
}

/// A mission and the deployment it watches. Owner: `peacekeeping`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mission {
    /// Freedom of movement, 0 to 1.
    pub movement: f64,
    /// National troops in the area.
    pub national_troops: f64,
    /// Progress of the scheduled withdrawal, 0 to 1.
    pub withdrawn: f64,
}

/// A territory. Owner: `harm`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Territory {
    /// Displaced persons.
    pub displaced: f64,
    /// Killed since the start.
    pub killed: u32,
    /// Killed today.
    pub killed_today: u32,
}

/// A site. Owner: `harm`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SiteState {
    /// Damage at the day noted, 0 to 1; it halves every half year.
    pub damage: f64,
    /// Day of the note.
    pub noted: i32,
}

/// A body that a scenario names; a council's votes are its [`Council`].
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Institution;

/// A state that hosts bases. Owner: `bases`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Host {
    /// Basing permission, 0 to 1.
    pub permission: f64,
    /// Last day it was warned; [`NEVER`] before that.
    pub warned_on: i32,
    /// Last day on which a base on its soil was struck.
    pub struck_on: i32,
    /// Fear of war (W), 0 to 1; 0 where nothing rests on it.
    pub fear: f64,
    /// Harm that its own sites have taken from the foe, blows, fading.
    pub harm: f64,
}

/// An economy under sanctions. Owner: `economy`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Economy {
    /// Sanctions pressure in force (S), which follows its lever.
    pub sanctions: f64,
    /// Oil exports, mb/d (Q).
    pub oil: f64,
    /// Revenue against that of the start (R / R⁰).
    pub revenue: f64,
    /// Funding of aligned groups against that of the start (F).
    pub funding: f64,
    /// The same as the groups feel it, months later.
    pub funding_felt: f64,
}

impl Economy {
    /// Economic stress E: the share of revenue lost.
    #[inline]
    #[must_use]
    pub fn stress(&self) -> f64 {
        (1.0 - self.revenue).clamp(0.0, 1.0)
    }
}

/// A supply corridor. Owner: `economy`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corridor {
    /// Day of its loss; [`NEVER`] while open.
    pub lost_on: i32,
}

/// Factions at home. Owner: `factions`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Factions {
    /// Reformists' weight (x).
    pub reformists: f64,
    /// The leader's patience (π).
    pub patience: f64,
    /// Share of the population in unrest (A).
    pub unrest: f64,
    /// Whether unrest is repressed.
    pub repression: bool,
}

/// A nuclear programme. Owner: `nuclear`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Programme {
    /// 60 % uranium, kg.
    pub stock: f64,
    /// Pace: 0 suspended, 1 low, 2 high.
    pub pace: u8,
    /// Inspectors' access (a).
    pub access: f64,
    /// Breakout time, days.
    pub breakout_days: f64,
    /// Day of the decision to weaponise; [`NEVER`] without one.
    pub decided_on: i32,
    /// Day on which a device would be ready; [`NEVER`] without a decision.
    pub device_on: i32,
    /// Day on which weaponisation was detected; [`NEVER`] before that.
    pub detected_on: i32,
    /// Last day of a censure.
    pub censured_on: i32,
    /// Progress of zone talks (Z).
    pub zone: f64,
    /// Standing of the security forum, 0 to 1.
    pub forum: f64,
}

/// A roadmap on its way. Owner: `roadmap`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Roadmap {
    /// Phases implemented, 0 to 12.
    pub phases: f64,
    /// 0 not signed, 1 phases, 2 inclusive talks, 3 constitution and elections.
    pub stage: u8,
    /// Whether it is suspended.
    pub suspended: bool,
}

/// Integration of armed groups, and the exit of foreign forces. Owner: `integration`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Integration {
    /// Share of the groups integrated (I).
    pub share: f64,
    /// Progress of the exit (w_q), 0 to 1.
    pub exit: f64,
    /// Whether an announced exit has not come.
    pub extended: bool,
    /// Whether the UN mission has ended.
    pub mission_ended: bool,
}

/// A council and its assembly. Owner: `council`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Council {
    /// Yes share on the Assembly's last text.
    pub isolation: f64,
    /// Whether credentials have been rejected.
    pub credentials_rejected: bool,
    /// Rise of aid from adopted texts, fading.
    pub aid: f64,
    /// Cost of vetoes cast alone (K), by permanent member ([`crate::sim::talks::texts::PERMANENT`]), fading.
    pub veto_cost: [f64; 5],
    /// Day of the last cease-fire text adopted; [`NEVER`] before that.
    pub cease_fire_on: i32,
    /// Day of the last text on statehood or membership adopted.
    pub membership_on: i32,
}

/// The path after a truce. Owner: `path`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Path {
    /// Aid, trucks a day.
    pub aid: f64,
    /// Day of the withdrawal; [`NEVER`] before that.
    pub withdrawn_on: i32,
    /// Day of a unified administration.
    pub unified_on: i32,
    /// Day of elections.
    pub elected_on: i32,
    /// Day on which reconstruction got under way.
    pub rebuilt_on: i32,
    /// Last day on which elections were tried.
    pub tried_on: i32,
    /// Economic activity (y); 1 is that of aid under a truce.
    #[serde(default)]
    pub activity: f64,
    /// Shares of the votes for the authority's list and for the group's; 0 before a count.
    #[serde(default)]
    pub votes: [f64; 2],
}

impl Path {
    /// Stages completed: the truce's withdrawal, administration, elections, reconstruction.
    #[inline]
    #[must_use]
    pub fn stages(&self) -> u8 {
        [self.withdrawn_on, self.unified_on, self.elected_on, self.rebuilt_on]
            .iter()
            .map(|&day| u8::from(day != NEVER))
            .sum()
    }
}

/// An armed group's way under political authority. Owner: `incorporation`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incorporation {
    /// Share of the group under the authority of the state (s).
    pub share: f64,
}

/// What a strategic strike is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StrikeKind {
    /// A killing of senior figures.
    Blow,
    /// A preventive strike.
    Preventive,
    /// An answer by air.
    AirStrike,
    /// An answer by missiles.
    Salvo,
    /// Missiles at a base in a host state, beside an answer; `initiative` then holds the host's position.
    BaseSalvo,
}

/// Classes of targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetClass {
    /// Bases, launch areas.
    Military,
    /// Leadership.
    Leadership,
    /// Ports and state assets.
    StateAssets,
    /// Oil, gas, power.
    Energy,
    /// Nuclear sites.
    Nuclear,
    /// Population centres.
    Population,
}

/// A strategic strike or salvo of today: decided in one phase, resolved in the next, felt in the one after.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Strike {
    /// What it is.
    pub kind: StrikeKind,
    /// Who strikes.
    pub actor: u16,
    /// Against whom it is directed.
    pub opponent: u16,
    /// Who is hit.
    pub victim: u16,
    /// Ledger answered; `u16::MAX` for an initiative.
    pub ledger: u16,
    /// Position of the initiative, for one.
    pub initiative: u16,
    /// Size, blows.
    pub magnitude: f64,
    /// Class of target.
    pub class: TargetClass,
    /// Site, by position; `u16::MAX` where the target has none.
    pub site: u16,
    /// Announced beforehand.
    pub telegraphed: bool,
    /// Ballistic missiles, drones, cruise missiles fired.
    pub rounds: [u32; 3],
    /// Rounds that flew as meant.
    pub arrivals: u32,
    /// Rounds intercepted.
    pub intercepted: u32,
    /// Rounds that hit.
    pub hits: u32,
    /// Killed.
    pub deaths: u32,
}

impl Strike {
    /// Whether it comes as missiles that fly through a defence, and not by air.
    #[inline]
    #[must_use]
    pub fn is_salvo(&self) -> bool {
        self.rounds[0] > 0
    }
}

/// Strikes decided today and not yet flown, in the order of decision. Owners: `initiative`, `answer`; `salvo` turns each
/// into an entity.
#[derive(Resource, Clone, Debug, PartialEq)]
pub struct Launches {
    /// Decided today.
    pub decided: Vec<Strike>,
    /// Entities of the last day with strikes.
    pub shown: usize,
    /// That day.
    pub flown: i32,
}

impl Default for Launches {
    fn default() -> Self {
        Self { decided: Vec::new(), shown: 0, flown: NEVER }
    }
}
