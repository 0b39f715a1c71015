//! Compare: two branches, their fans over each other, where they part, and a table of differences.

use super::act::Act;
use super::draw::{quiet, strong};
use super::look::Look;
use crate::session::Sitting;
use crate::session::chart::{Fans, Track};
use bevy_egui::egui::{self, Ui};

/// What the panel keeps.
#[derive(Default)]
pub struct CompareView {
    fans_of: Option<[usize; 2]>,
}

impl CompareView {
    /// The branches whose futures are shown, if they are.
    #[must_use]
    pub fn pair_of_fans(&self) -> Option<[usize; 2]> {
        self.fans_of
    }

    /// Notes whose futures were started.
    pub fn set_pair_of_fans(&mut self, pair: Option<[usize; 2]>) {
        self.fans_of = pair;
    }
}

/// The whole panel.
#[expect(clippy::too_many_arguments, reason = "a panel is what it shows")]
pub fn compare_ui(
    ui: &mut Ui,
    sitting: &mut Sitting,
    _view: &mut CompareView,
    pair: Option<[usize; 2]>,
    _fans: Option<&Fans>,
    _track: Option<Track>,
    look: &Look,
    _acts: &mut Vec<Act>,
) {
    if pair.is_none() || sitting.branches().len() < 2 {
        ui.label(strong("Fork at the playhead to compare."));
        ui.add(egui::Label::new(quiet("A branch goes its own way from there, on the same random numbers.", look)).wrap());
    }
}
