//! One pane while it is drawn.

use super::facts::Facts;
use super::hits::{Hit, Region, Target};
use super::labels::{Label, Labels};
use super::layers::{Layer, Layers};
use super::local;
use super::project::{Lens, Plane};
use crate::look::Look;
use bevy_egui::egui::{Painter, Pos2, Rect, Vec2};

/// Pixels a degree at which the region fills a pane of usual size.
pub(super) const REGION_SCALE: f64 = 22.0;

/// Zoom from which places other than countries and capitals carry their local names.
pub(super) const LOCAL_FROM: f64 = 1.6;

/// Which pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pane {
    /// The region.
    Region,
    /// South Lebanon.
    South,
    /// Gaza and the West Bank.
    Gaza,
}

/// A pane, and what has been put on it.
pub(super) struct Sheet<'a> {
    /// Paints within the pane.
    pub painter: Painter,
    /// Where it looks.
    pub lens: Lens,
    /// Colours.
    pub look: &'a Look,
    /// What there is to show.
    pub facts: &'a Facts<'a>,
    /// Which pane.
    pub pane: Pane,
    /// What is shown.
    pub layers: Layers,
    /// Whether another map stands beside this one: plates have no words then, so that both have them in the same places.
    pub paired: bool,
    /// Words.
    pub labels: Labels,
    /// What can be clicked.
    pub hits: Vec<Hit>,
}

impl Sheet<'_> {
    /// How close it looks; 1 shows the region.
    pub fn zoom(&self) -> f64 {
        self.lens.view.scale / REGION_SCALE
    }

    /// Where a place is.
    pub fn at(&self, place: Plane) -> Pos2 {
        self.lens.at(place)
    }

    /// Where a place is, if it is shown.
    pub fn shown(&self, place: Plane) -> Option<Pos2> {
        let p = self.lens.at(place);
        self.lens.shows(p, 10.0).then_some(p)
    }

    /// A line on the screen.
    pub fn line(&self, line: &[Plane]) -> Vec<Pos2> {
        line.iter().map(|p| self.lens.at(*p)).collect()
    }

    /// Notes a spot.
    pub fn hit(&mut self, region: Region, target: Target) {
        self.hits.push(Hit { region, target });
    }

    /// Asks for words.
    pub fn say(&mut self, label: Label) {
        self.labels.ask(label);
    }

    /// Asks for the name of a place; from a zoom on, with its name in the script of the place.
    pub fn name(&mut self, label: Label, place: &str, from: f64) {
        let shown = self.zoom() >= from && self.layers.has(Layer::LocalNames);
        self.say(Label { local: if shown { local::of(place) } else { &[] }, ..label });
    }

    /// Keeps words off a mark.
    pub fn keep_free(&mut self, at: Pos2, r: f32) {
        self.labels.keep_free(Rect::from_center_size(at, Vec2::splat(2.0 * r)));
    }

    /// Keeps words and the lines to them off the number of an event.
    pub fn keep_clear(&mut self, at: Pos2, r: f32) {
        self.labels.keep_clear(Rect::from_center_size(at, Vec2::splat(2.0 * r)));
    }

    /// Places the words.
    pub fn finish(&mut self) {
        let ground = self.look.party_land;
        self.labels.paint(&self.painter, self.lens.rect, self.look, ground, &mut self.hits);
    }
}
