//! Plates of fronts and pills with counts: framed words, which may stand farther from what they name than others.

use super::labels::SIZE;
use crate::app::look::{Look, condensed_semibold, faint};
use bevy_egui::egui::{Color32, FontId, Galley, Painter, Pos2, Rect, Stroke, StrokeKind, Vec2, pos2, vec2};
use std::sync::Arc;

/// Height of a plate.
const PLATE: f32 = 22.0;
/// Words farther than this from the edge of what they name are tied to it by a line, pixels.
const LOOSE: f32 = 8.0;

/// What frames words.
pub(super) enum Frame {
    /// Nothing.
    None,
    /// A front's plate: level, its fill, words after the name.
    Plate {
        /// Level, 0 to 6.
        level: u8,
        /// Fill of the square.
        fill: Color32,
        /// Words after the name, left out where there is little room.
        words: String,
    },
    /// A pill in a colour.
    Pill(Color32),
}

impl Frame {
    /// The room that framed words take.
    pub fn around(&self, words: Vec2) -> Vec2 {
        match self {
            Self::None => words - vec2(0.0, 3.0),
            Self::Plate { .. } => vec2(words.x + PLATE + 13.0, PLATE),
            Self::Pill(_) => words + vec2(18.0, 3.0),
        }
    }
}

/// Directions in which a plate touches what it names, in order.
pub(super) const BESIDE: [Vec2; 11] = [
    vec2(1.0, 0.0),
    vec2(-1.0, 0.0),
    vec2(0.0, 1.0),
    vec2(0.0, -1.0),
    vec2(1.0, 1.0),
    vec2(1.0, -1.0),
    vec2(-1.0, 1.0),
    vec2(-1.0, -1.0),
    vec2(1.0, 2.0),
    vec2(-1.0, 2.0),
    vec2(1.0, -2.0),
];

/// Directions from its path in which a pill may stand, in order.
pub(super) const OVER: [Vec2; 8] = [
    vec2(0.0, -1.0),
    vec2(0.0, 1.0),
    vec2(0.0, -2.0),
    vec2(0.5, -1.0),
    vec2(-0.5, -1.0),
    vec2(1.0, 0.0),
    vec2(-1.0, 0.0),
    vec2(0.0, 2.0),
];

/// Where plates look for room: to the west, where the sea is.
pub(super) const SEAWARDS: Vec2 = vec2(-1.0, 0.0);

/// Spots for words that have no room beside their mark: near ones first, and of two as near the one in a favoured direction.
pub(super) fn farther(anchor: Pos2, size: Vec2, favoured: Vec2) -> Vec<Rect> {
    let mut spots: Vec<(f32, Rect)> = Vec::new();
    for ring in 0..=18_u8 {
        let away = 14.0 + 6.0 * f32::from(ring);
        for k in 0..24_u8 {
            let way = Vec2::angled(f32::from(k) / 24.0 * std::f32::consts::TAU);
            // Where a box of this size touches a circle around the anchor.
            let middle = anchor + way * away + vec2(way.x * size.x, way.y * size.y) / 2.0;
            spots.push((away + 26.0 * (1.0 - way.dot(favoured)), Rect::from_center_size(middle, size)));
        }
    }
    spots.sort_by(|a, b| a.0.total_cmp(&b.0));
    spots.into_iter().map(|(_, rect)| rect).collect()
}

/// The line from words to what they name, unless they stand beside it.
pub(super) fn leader(words: Rect, anchor: Pos2, clear: f32) -> Option<[Pos2; 2]> {
    let from = pos2(anchor.x.clamp(words.min.x, words.max.x), anchor.y.clamp(words.min.y, words.max.y));
    (from.distance(anchor) > clear + LOOSE).then_some([from, anchor])
}

/// Spots along a line, which words keep off.
pub(super) fn along(from: Pos2, to: Pos2) -> impl Iterator<Item = Rect> {
    let steps = (from.distance(to) / 6.0).ceil().max(1.0);
    (1..=steps as u16).map(move |i| Rect::from_center_size(from.lerp(to, f32::from(i) / steps), Vec2::splat(3.0)))
}

/// Paints the line from words to what they name.
pub(super) fn paint_leader(p: &Painter, from: Pos2, to: Pos2, look: &Look) {
    p.line_segment([from, to], Stroke::new(3.0, faint(look.party_land, 0.7)));
    p.line_segment([from, to], Stroke::new(1.0, look.ink2));
    p.circle_filled(to, 2.0, look.ink2);
}

/// Paints a plate.
pub(super) fn plate(p: &Painter, rect: Rect, level: u8, fill: Color32, galley: &Arc<Galley>, look: &Look) {
    p.rect(rect, 4.0, look.panel, Stroke::new(1.0, look.strong), StrokeKind::Inside);
    let square = Rect::from_min_size(rect.min + vec2(3.0, 3.0), vec2(16.0, 16.0));
    p.rect_filled(square, 4.0, fill);
    let digit = p.layout_no_wrap(level.to_string(), FontId::new(SIZE, condensed_semibold()), look.on_ink());
    p.galley(square.center() - digit.size() / 2.0 - vec2(0.0, 0.5), digit, look.on_ink());
    let at = pos2(square.max.x + 6.0, rect.center().y - galley.size().y / 2.0 - 0.5);
    p.galley(at, Arc::clone(galley), look.ink);
}

/// Paints a pill. In light, some colours are too pale for words: the outline has the colour, the words are ink.
pub(super) fn pill(p: &Painter, rect: Rect, color: Color32, galley: &Arc<Galley>, look: &Look) {
    p.rect(rect, 10.0, look.panel, Stroke::new(1.4, color), StrokeKind::Inside);
    p.galley(rect.center() - galley.size() / 2.0, Arc::clone(galley), look.ink);
}
