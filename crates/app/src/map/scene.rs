//! What the map shows, and what on it can be clicked.

use detente_model::record::recorder::EventId;
use detente_model::scenario::raw::Scenario;
use detente_model::sim::rules::Rules;
use detente_model::sim::world::Snapshot;
use detente_session::{History, Stage};

/// What the map shows: one evening of one branch. It reads, and writes nothing but its own view.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// Rules.
    pub rules: &'a Rules,
    /// The scenario: where sites are, and on which side actors stand.
    pub scenario: &'a Scenario,
    /// What happened on the branch.
    pub history: &'a History,
    /// Names of the series in `row`.
    pub stage: &'a Stage,
    /// State on the evening before `today`.
    pub now: &'a Snapshot,
    /// The day about to run.
    pub today: i32,
    /// Values of every series on the evening of `now`.
    pub row: &'a [f64],
    /// The same without the user's policy, for ticks (equal to `row` where there is none).
    pub unchanged: &'a [f64],
    /// State of the same evening without the user's policy, where there is one.
    pub unchanged_now: Option<&'a Snapshot>,
    /// Days a second while playing; 0 when paused.
    pub speed: f32,
    /// Seconds since the program started, for motion.
    pub time: f64,
    /// Whether nothing should travel.
    pub reduced_motion: bool,
    /// Numbered places of the chain shown in Why: (number, event).
    pub chain: &'a [(usize, EventId)],
}

/// Something on the map that was clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// An actor, by position.
    Actor(usize),
    /// A front, by position.
    Front(usize),
    /// A site, by position.
    Site(usize),
    /// A peacekeeping mission, by position.
    Mission(usize),
    /// An event.
    Event(EventId),
}
