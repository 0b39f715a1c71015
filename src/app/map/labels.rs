//! Words on the map: halo, order of importance, and no two of them on one spot. What finds no room is left out, never
//! made smaller.

use super::hits::{Hit, Region, Target};
use crate::app::look::{Look, condensed, condensed_italic, condensed_medium, condensed_semibold};
use bevy_egui::egui::text::{LayoutJob, TextFormat};
use bevy_egui::egui::{Color32, FontFamily, FontId, Galley, Painter, Pos2, Rect, Stroke, StrokeKind, Vec2, vec2};
use std::sync::Arc;

/// Size of all words on the map at 100 %.
pub(super) const SIZE: f32 = 14.0;
/// Height of a plate.
const PLATE: f32 = 22.0;

/// How words are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// A place.
    Place,
    /// A capital, an exposed base: ink.
    Strong,
    /// Semibold ink.
    Bold,
    /// A country: capitals, spaced.
    Country,
    /// Water: italic.
    Water,
    /// A disputed area, a province.
    Quiet,
}

/// Words that ask for room.
pub(super) struct Label {
    /// What they say.
    pub text: String,
    /// How they are set.
    pub style: Style,
    /// What they belong to.
    pub anchor: Pos2,
    /// Room around the anchor, pixels; below 0 the words stand on the anchor.
    pub clear: f32,
    /// The larger, the earlier it is placed.
    pub priority: f32,
    /// A plate with a level: level, its fill, words after the name.
    pub plate: Option<(u8, Color32, String)>,
    /// Colour other than the style's.
    pub color: Option<Color32>,
    /// What a click on it means.
    pub target: Option<Target>,
}

impl Label {
    /// Words beside a mark.
    pub fn beside(text: impl Into<String>, style: Style, anchor: Pos2, clear: f32, priority: f32) -> Self {
        Self { text: text.into(), style, anchor, clear, priority, plate: None, color: None, target: None }
    }

    /// The same, clickable.
    pub fn to(self, target: Target) -> Self {
        Self { target: Some(target), ..self }
    }

    /// The words laid out, in their own colour or in that of a halo.
    fn galley(&self, painter: &Painter, look: &Look, halo: Option<Color32>) -> Arc<Galley> {
        let (family, color, spacing) = match self.style {
            Style::Place => (condensed(), look.ink2, 0.0),
            Style::Strong => (condensed(), look.ink, 0.0),
            Style::Bold => (condensed_semibold(), look.ink, 0.0),
            Style::Country => (condensed_medium(), look.ink3, 1.6),
            Style::Water => (condensed_italic(), look.ink3, 0.0),
            Style::Quiet => (condensed(), look.ink3, 0.0),
        };
        let color = halo.or(self.color).unwrap_or(color);
        let format = |family: FontFamily, color, extra_letter_spacing| TextFormat {
            font_id: FontId::new(SIZE, family),
            color,
            extra_letter_spacing,
            ..TextFormat::default()
        };
        let mut job = LayoutJob { halign: bevy_egui::egui::Align::LEFT, ..LayoutJob::default() };
        if self.style == Style::Country {
            job.append(&self.text.to_uppercase(), 0.0, format(family, color, spacing));
        } else {
            job.append(&self.text, 0.0, format(family, color, spacing));
        }
        if let Some((_, _, words)) = &self.plate
            && !words.is_empty()
        {
            job.append(words, 5.0, format(condensed(), look.ink2, 0.0));
        }
        painter.layout_job(job)
    }
}

/// Words placed, and what else must stay free.
#[derive(Default)]
pub(super) struct Labels {
    waiting: Vec<Label>,
    taken: Vec<Rect>,
    /// Where words were placed.
    pub placed: Vec<Rect>,
}

impl Labels {
    /// Asks for room.
    pub fn ask(&mut self, label: Label) {
        self.waiting.push(label);
    }

    /// Keeps words off a spot.
    pub fn keep_free(&mut self, rect: Rect) {
        self.taken.push(rect);
    }

    /// Places and paints, most important first; adds what can be clicked to `hits`.
    pub fn paint(&mut self, painter: &Painter, room: Rect, look: &Look, ground: Color32, hits: &mut Vec<Hit>) {
        self.waiting.sort_by(|a, b| b.priority.total_cmp(&a.priority));
        for label in std::mem::take(&mut self.waiting) {
            if !room.expand(12.0).contains(label.anchor) {
                continue;
            }
            let galley = label.galley(painter, look, None);
            let plain = if label.plate.is_some() {
                vec2(galley.size().x + PLATE + 13.0, PLATE)
            } else {
                galley.size() - vec2(0.0, 3.0)
            };
            let Some(rect) = self.spot(&label, plain, room) else {
                continue;
            };
            self.taken.push(rect.expand2(vec2(2.0, 0.0)));
            self.placed.push(rect);
            if let Some(target) = label.target {
                hits.push(Hit { region: Region::Box(rect), target });
            }
            match &label.plate {
                Some((level, fill, _)) => plate(painter, rect, *level, *fill, &galley, look),
                None => {
                    let at = rect.min - vec2(0.0, 1.5);
                    halo(painter, at, &label.galley(painter, look, Some(ground)), ground);
                    painter.galley(at, galley, look.ink);
                }
            }
        }
    }

    fn spot(&self, label: &Label, size: Vec2, room: Rect) -> Option<Rect> {
        let half = size / 2.0;
        let reach = vec2(label.clear + 4.0 + half.x, label.clear + 1.0 + half.y);
        let around: &[Vec2] = if label.clear < 0.0 {
            &[vec2(0.0, 0.0), vec2(0.0, 0.35), vec2(0.0, -0.35)]
        } else if label.plate.is_some() {
            &[
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
            ]
        } else {
            &[vec2(1.0, 0.0), vec2(-1.0, 0.0), vec2(0.0, 1.0), vec2(0.0, -1.0)]
        };
        let inner = room.shrink(3.0);
        around
            .iter()
            .map(|side| {
                let reach = if label.clear < 0.0 { vec2(0.0, size.y * 2.0) } else { reach };
                Rect::from_center_size(label.anchor + vec2(side.x * reach.x, side.y * reach.y), size)
            })
            .find(|rect| inner.contains_rect(*rect) && !self.taken.iter().any(|t| t.intersects(*rect)))
    }
}

/// Words laid out in the ground's colour, eight times around. (egui's own override of a colour misses the last glyphs of
/// some words.)
fn halo(painter: &Painter, at: Pos2, galley: &Arc<Galley>, ground: Color32) {
    let (one, part) = (1.5, 1.06);
    for by in [
        vec2(one, 0.0),
        vec2(-one, 0.0),
        vec2(0.0, one),
        vec2(0.0, -one),
        vec2(part, part),
        vec2(-part, part),
        vec2(part, -part),
        vec2(-part, -part),
    ] {
        painter.galley(at + by, Arc::clone(galley), ground);
    }
}

fn plate(painter: &Painter, rect: Rect, level: u8, fill: Color32, galley: &Arc<Galley>, look: &Look) {
    painter.rect(rect, 4.0, look.panel, Stroke::new(1.0, look.strong), StrokeKind::Inside);
    let square = Rect::from_min_size(rect.min + vec2(3.0, 3.0), vec2(16.0, 16.0));
    painter.rect_filled(square, 4.0, fill);
    let digit = painter.layout_no_wrap(level.to_string(), FontId::new(SIZE, condensed_semibold()), look.on_ink());
    painter.galley(square.center() - digit.size() / 2.0 - vec2(0.0, 0.5), digit, look.on_ink());
    let at = Pos2::new(square.max.x + 6.0, rect.center().y - galley.size().y / 2.0 - 0.5);
    painter.galley(at, Arc::clone(galley), look.ink);
}
