//! What is under the pointer.

use super::scene::Pick;
use bevy_egui::egui::{Pos2, Rect};

/// What a spot of the map stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Something that Inspect can show.
    Pick(Pick),
    /// Traffic through the strait.
    Ships,
    /// Displaced persons of a territory.
    Displaced(usize),
}

/// A spot.
#[derive(Clone, Debug)]
pub(super) enum Region {
    /// A disc.
    Disc(Pos2, f32),
    /// A box.
    Box(Rect),
    /// A band along a line.
    Band(Vec<Pos2>, f32),
}

/// A spot and what it stands for.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    /// Where.
    pub region: Region,
    /// What.
    pub target: Target,
}

#[cfg(test)]
impl Hit {
    /// The actor whose mark it is.
    pub fn marked(&self) -> Option<usize> {
        match (&self.region, self.target) {
            (Region::Disc(..), Target::Pick(Pick::Actor(actor))) => Some(actor),
            _ => None,
        }
    }
}

impl Region {
    /// How far a point is from it; 0 inside.
    pub fn distance(&self, p: Pos2) -> f32 {
        match self {
            Self::Disc(centre, r) => (p.distance(*centre) - r).max(0.0),
            Self::Box(rect) => rect.distance_to_pos(p),
            Self::Band(points, half) => (distance_to_line(points, p) - half).max(0.0),
        }
    }
}

/// Distance of a point from a line.
pub(super) fn distance_to_line(points: &[Pos2], p: Pos2) -> f32 {
    points
        .windows(2)
        .map(|pair| {
            let (d, v) = (pair[1] - pair[0], p - pair[0]);
            let t = (v.dot(d) / d.length_sq().max(1e-6)).clamp(0.0, 1.0);
            (v - d * t).length()
        })
        .fold(f32::MAX, f32::min)
}

/// The spot under a point: words before marks, marks before lines, small before large.
pub(super) fn under(hits: &[Hit], p: Pos2) -> Option<Target> {
    let rank = |hit: &Hit| match &hit.region {
        Region::Box(_) => 0.0,
        Region::Disc(centre, r) => 1.0 + centre.distance(p) + r * 0.1,
        Region::Band(points, _) => 100.0 + distance_to_line(points, p),
    };
    hits.iter()
        .filter(|hit| hit.region.distance(p) <= 3.0)
        .min_by(|a, b| rank(a).total_cmp(&rank(b)))
        .map(|hit| hit.target)
}
