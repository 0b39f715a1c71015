//! Plates of fronts and pills with counts: framed words, which may stand farther from what they name than others.

use crate::look::{Look, condensed_semibold, faint};
use bevy_egui::egui::{Color32, FontId, Galley, Painter, Pos2, Rect, Stroke, StrokeKind, Vec2, pos2, vec2};
use std::f32::consts::TAU;
use std::sync::{Arc, OnceLock};

/// Size of all words on the map at 100 %.
pub(super) const SIZE: f32 = 14.0;

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

/// Directions from its path in which a pill may stand, in order.
pub(super) const OVER: [Vec2; 20] = [
    vec2(0.0, -1.0),
    vec2(0.0, 1.0),
    vec2(0.0, -2.0),
    vec2(0.5, -1.0),
    vec2(-0.5, -1.0),
    vec2(1.0, 0.0),
    vec2(-1.0, 0.0),
    vec2(0.0, 2.0),
    vec2(0.5, 1.0),
    vec2(-0.5, 1.0),
    vec2(1.0, -1.0),
    vec2(-1.0, -1.0),
    vec2(1.0, 1.0),
    vec2(-1.0, 1.0),
    vec2(0.5, -2.0),
    vec2(-0.5, -2.0),
    vec2(0.0, -3.0),
    vec2(0.5, 2.0),
    vec2(-0.5, 2.0),
    vec2(0.0, 3.0),
];

/// Where words that may stand farther off look for room first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Favoured {
    /// West.
    West,
    /// East.
    East,
    /// North-east.
    NorthEast,
}

impl Favoured {
    /// For the plate of a front: on the coast of the Levant at sea, elsewhere inland; on an inset always at sea.
    pub fn of(front: &str, inset: bool) -> Self {
        match front {
            "LEB" | "GAZ" => Self::West,
            _ if inset => Self::West,
            "SYR" => Self::NorthEast,
            _ => Self::East,
        }
    }

    fn way(self) -> Vec2 {
        match self {
            Self::West => vec2(-1.0, 0.0),
            Self::East => vec2(1.0, 0.0),
            Self::NorthEast => vec2(0.707, -0.707),
        }
    }
}

/// A step away from a mark: pixels, and a direction of length 1.
type Step = (f32, Vec2);

/// Steps in order: near ones first; 50 pixels farther in the favoured direction are as good as the opposite side.
fn steps(favoured: Favoured) -> &'static [Step] {
    static STEPS: OnceLock<[Vec<Step>; 3]> = OnceLock::new();
    let all = [Favoured::West, Favoured::East, Favoured::NorthEast];
    &STEPS.get_or_init(|| {
        all.map(|favoured| {
            let ring = |n: u8| (0..24_u8).map(move |k| (6.0 * f32::from(n), Vec2::angled(f32::from(k) / 24.0 * TAU)));
            let mut steps: Vec<Step> = (0..=30).flat_map(ring).collect();
            let cost = |(away, way): &Step| away - 25.0 * way.dot(favoured.way());
            steps.sort_by(|a, b| cost(a).total_cmp(&cost(b)));
            steps
        })
    })[favoured as usize]
}

/// Spots for words of a size around an anchor, in order.
pub(super) fn spots(anchor: Pos2, clear: f32, size: Vec2, favoured: Favoured) -> impl Iterator<Item = Rect> {
    steps(favoured).iter().map(move |(away, way)| {
        // Where a box of this size touches a circle around the anchor.
        let middle = anchor + *way * (away + clear + 4.0) + vec2(way.x * size.x, way.y * size.y) / 2.0;
        Rect::from_center_size(middle, size)
    })
}

/// Farthest from the height of its coast to a name at sea, pixels: farther north or south is somebody else's coast.
pub(super) const ABREAST: f32 = 12.0;

/// Spots for words at sea, west of a coast and abreast of it: near ones first.
pub(super) fn west_of(coast: Pos2, clear: f32, size: Vec2) -> impl Iterator<Item = Rect> {
    (0..=20_u8).flat_map(move |step| {
        let x = coast.x - clear - 4.0 - 2.0 * f32::from(step) - size.x / 2.0;
        let heights = (0..=2 * ABREAST as u8).map(|k| f32::from(k.div_ceil(2)) * if k % 2 == 0 { -1.0 } else { 1.0 });
        heights.map(move |by| Rect::from_center_size(pos2(x, coast.y + by), size))
    })
}

/// Spots for words with more to say: touching what they name, on the favoured side.
pub(super) fn near(anchor: Pos2, clear: f32, size: Vec2, favoured: Favoured) -> impl Iterator<Item = Rect> {
    let spots = spots(anchor, clear, size, favoured).zip(steps(favoured));
    spots.filter(move |(_, (away, way))| *away == 0.0 && way.dot(favoured.way()) > -0.1).map(|(rect, _)| rect)
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
