//! The map: ground, actors, fronts, strikes, bases, peacekeepers, and the two insets.

use super::look::Look;
use crate::record::recorder::EventId;
use crate::scenario::raw::Scenario;
use crate::session::{History, Stage};
use crate::sim::rules::Rules;
use crate::sim::world::Snapshot;
use bevy_egui::egui;

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

/// Where the map looks, what it hides, and what is in flight.
#[derive(Default)]
pub struct MapView {
    /// Whether the legend is open.
    pub key_open: bool,
    /// Whether something on the map still moves.
    pub moving: bool,
}

impl MapView {
    /// The view as it is for another sitting: where it looks stays, what flies does not.
    #[must_use]
    pub fn elsewhere(self) -> Self {
        Self { moving: false, ..self }
    }

    /// Looks where another map looks, so that two maps move in step.
    pub fn follow(&mut self, other: &Self) {
        self.key_open = other.key_open;
    }
}

/// Shows the map in the space that is left.
pub fn map_ui(ui: &mut egui::Ui, _view: &mut MapView, _scene: &Scene<'_>, look: &Look) -> Option<Pick> {
    let rect = ui.available_rect_before_wrap();
    ui.painter().rect_filled(rect, 0.0, look.sea);
    None
}
