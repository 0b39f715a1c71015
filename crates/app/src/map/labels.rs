//! Words on the map: halo, order of importance, and no two of them on one spot. What finds no room is left out, never
//! made smaller.

use super::hits::{Hit, Region, Target};
use super::local::{Line, Local};
use super::plates::{self, Favoured, Frame, SIZE};
use crate::look::{Look, condensed, condensed_italic, condensed_medium, condensed_semibold};
use bevy_egui::egui::text::{LayoutJob, TextFormat};
use bevy_egui::egui::{Align, Color32, FontFamily, FontId, Galley, Painter, Pos2, Rect, Vec2, vec2};
use std::sync::Arc;

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
    /// What frames them.
    pub frame: Frame,
    /// Whether they may stand farther off, tied by a line, and where rather than elsewhere.
    pub far: Option<Favoured>,
    /// On which sides it never stands: to the west, to the south.
    pub never: [bool; 2],
    /// The same name in the script of the place.
    pub local: &'static [Local],
    /// Colour other than the style's.
    pub color: Option<Color32>,
    /// What a click on it means.
    pub target: Option<Target>,
}

impl Label {
    /// Words beside a mark.
    pub fn beside(text: impl Into<String>, style: Style, anchor: Pos2, clear: f32, priority: f32) -> Self {
        Self {
            text: text.into(),
            style,
            anchor,
            clear,
            priority,
            frame: Frame::None,
            far: None,
            never: [false; 2],
            local: &[],
            color: None,
            target: None,
        }
    }

    /// The same, clickable.
    pub fn to(self, target: Target) -> Self {
        Self { target: Some(target), ..self }
    }

    /// The words laid out, in their own colour or in that of a halo; `whole` with the words after the name.
    fn galley(&self, painter: &Painter, look: &Look, halo: Option<Color32>, whole: bool) -> Arc<Galley> {
        let (family, color, spacing) = match self.style {
            Style::Place => (condensed(), look.ink2, 0.0),
            Style::Strong => (condensed(), look.ink, 0.0),
            Style::Bold => (condensed_semibold(), look.ink, 0.0),
            // At sea there is less room than on land.
            Style::Country if self.far.is_some() => (condensed_medium(), look.ink3, 0.6),
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
        let mut job = LayoutJob { halign: Align::LEFT, ..LayoutJob::default() };
        if self.style == Style::Country {
            job.append(&self.text.to_uppercase(), 0.0, format(family, color, spacing));
        } else {
            job.append(&self.text, 0.0, format(family, color, spacing));
        }
        if let Frame::Plate { words, .. } = &self.frame
            && whole
            && !words.is_empty()
        {
            job.append(words, 5.0, format(condensed(), look.ink2, 0.0));
        }
        painter.layout_job(job)
    }

    /// How far the middle of words of a size stands from the anchor, for a direction.
    fn reach(&self, by: Vec2, size: Vec2) -> Vec2 {
        if self.clear < 0.0 {
            return vec2(by.x * size.x, by.y * size.y);
        }
        vec2(by.x * (self.clear + 4.0 + size.x / 2.0), by.y * (self.clear + 1.0 + size.y / 2.0))
    }
}

/// Directions from a mark in which its name may stand, in order.
const AROUND: [Vec2; 4] = [vec2(1.0, 0.0), vec2(-1.0, 0.0), vec2(0.0, 1.0), vec2(0.0, -1.0)];
/// Shifts of a name that stands on its place, in its own size.
const ON: [Vec2; 3] = [Vec2::ZERO, vec2(0.0, 0.7), vec2(0.0, -0.7)];

/// Words that were placed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Placed {
    /// Where.
    pub rect: Rect,
    /// Whether they are a front's plate.
    pub plate: bool,
    /// Whether they are in the script of the place.
    pub local: bool,
}

/// Words placed, and what else must stay free.
#[derive(Default)]
pub(super) struct Labels {
    waiting: Vec<Label>,
    taken: Vec<Rect>,
    /// Numbers of events, over which no line to a name leads.
    numbers: Vec<Rect>,
    /// What lies over the map for a while: what would stand under it is not painted, and moves nowhere else.
    cover: Option<Rect>,
    /// What was placed.
    pub placed: Vec<Placed>,
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

    /// Leaves out what would stand under this.
    pub fn cover(&mut self, cover: Option<Rect>) {
        self.cover = cover;
    }

    fn covered(&self, rect: Rect) -> bool {
        self.cover.is_some_and(|cover| cover.intersects(rect))
    }

    /// Keeps words and their lines off the number of an event.
    pub fn keep_clear(&mut self, number: Rect) {
        self.taken.push(number);
        self.numbers.push(number);
    }

    /// Places and paints, most important first; adds what can be clicked to `hits`. Names in the script of the place come
    /// after everything else: they are the first to be left out.
    pub fn paint(&mut self, painter: &Painter, room: Rect, look: &Look, ground: Color32, hits: &mut Vec<Hit>) {
        self.waiting.sort_by(|a, b| b.priority.total_cmp(&a.priority));
        let mut second = Vec::new();
        for label in std::mem::take(&mut self.waiting) {
            if !room.expand(12.0).contains(label.anchor) {
                continue;
            }
            let Some((galley, rect)) = self.settle(&label, painter, look, room) else { continue };
            let plate = matches!(label.frame, Frame::Plate { .. });
            let covered = self.covered(rect);
            self.take(Placed { rect, plate, local: false }, label.target.filter(|_| !covered), hits);
            if label.far.is_some()
                && let Some([from, to]) = plates::leader(rect, label.anchor, label.clear)
            {
                if !covered {
                    plates::paint_leader(painter, from, to, look);
                }
                self.taken.extend(plates::along(from, to));
            }
            match &label.frame {
                _ if covered => {}
                Frame::Plate { level, fill, .. } => {
                    plates::plate(painter, rect, *level, *fill, &galley, look);
                }
                Frame::Pill(color) => plates::pill(painter, rect, *color, &galley, look),
                Frame::None => {
                    let at = rect.min - vec2(0.0, 1.5);
                    halo(painter, at, &label.galley(painter, look, Some(ground), true), ground);
                    painter.galley(at, galley, look.ink);
                }
            }
            if !label.local.is_empty() {
                second.push((label, rect));
            }
        }
        for (label, rect) in second {
            let line = Line::new(painter, label.local, look.ink3);
            let Some(local) = self.beside(&label, rect, line.size, room) else { continue };
            let covered = self.covered(local);
            self.take(Placed { rect: local, plate: false, local: true }, label.target.filter(|_| !covered), hits);
            if covered {
                continue;
            }
            let shade = Line::new(painter, label.local, ground);
            shade.words(local.min).for_each(|(at, galley)| halo(painter, at, galley, ground));
            line.words(local.min).for_each(|(at, galley)| {
                painter.galley(at, Arc::clone(galley), look.ink3);
            });
        }
        if let Some(cover) = self.cover {
            self.placed.retain(|placed| !cover.intersects(placed.rect));
        }
    }

    fn take(&mut self, placed: Placed, target: Option<Target>, hits: &mut Vec<Hit>) {
        self.taken.push(placed.rect.expand2(vec2(2.0, 0.0)));
        self.placed.push(placed);
        if let Some(target) = target {
            hits.push(Hit { region: Region::Box(placed.rect), target });
        }
    }

    fn free(&self, rect: Rect, room: Rect) -> bool {
        room.shrink(3.0).contains_rect(rect) && !self.taken.iter().any(|t| t.intersects(rect))
    }

    /// Whether the line from words to their mark runs over no other words and no number, which would seem to have the name.
    fn clear_way(&self, rect: Rect, label: &Label) -> bool {
        let words = |spot| self.placed.iter().any(|p| p.rect.intersects(spot));
        let number = |spot| self.numbers.iter().any(|n| n.intersects(spot));
        plates::leader(rect, label.anchor, label.clear)
            .is_none_or(|[from, to]| plates::along(from, to).all(|spot| !words(spot) && !number(spot)))
    }

    /// The words as they fit, and where: beside what they belong to, with fewer words, or for a plate farther off.
    fn settle(&self, label: &Label, painter: &Painter, look: &Look, room: Rect) -> Option<(Arc<Galley>, Rect)> {
        let whole = label.galley(painter, look, None, true);
        let size = label.frame.around(whole.size());
        let off = label.style == Style::Country && label.far.is_some();
        let tied = label.style == Style::Place && label.far.is_some();
        let near = label.style == Style::Strong;
        let free = |rect: &Rect| {
            self.free(*rect, room)
                && (!tied || at_hand(*rect, label.anchor))
                && (!near || of_capital(*rect, label))
                && (label.far.is_none() || self.clear_way(*rect, label))
                && (!off || abreast(*rect, label.anchor))
        };
        let around: &[Vec2] = match &label.frame {
            Frame::None if label.clear < 0.0 => &ON,
            // A country named from outside stands on its favoured side: beside it would be on its neighbour's land.
            Frame::None if off => &[],
            Frame::None => &AROUND,
            Frame::Pill(_) => &plates::OVER,
            Frame::Plate { .. } => &[],
        };
        let at = |by: &Vec2| Rect::from_center_size(label.anchor + label.reach(*by, size), size);
        if let Some(rect) = around.iter().map(at).find(free) {
            return Some((whole, rect));
        }
        let favoured = label.far?;
        if matches!(label.frame, Frame::Pill(_)) {
            // One in eight will do: there may be hundreds of them.
            let spots = || plates::spots(label.anchor, label.clear, size, favoured).step_by(8);
            let rect = spots().find(free).or_else(|| spots().find(|rect| self.free(*rect, room)))?;
            return Some((whole, rect));
        }
        if off {
            let rect = plates::west_of(label.anchor, label.clear, size).find(free)?;
            return Some((whole, rect));
        }
        if let Some(rect) = plates::near(label.anchor, label.clear, size, favoured).find(free) {
            return Some((whole, rect));
        }
        let bare = label.galley(painter, look, None, false);
        let size = label.frame.around(bare.size());
        let mut spots = plates::spots(label.anchor, label.clear, size, favoured);
        if let Some(rect) = spots.find(free) {
            return Some((bare, rect));
        }
        // No front is without its plate: rather than that its line runs over a word.
        let plate = matches!(label.frame, Frame::Plate { .. });
        let rect =
            plates::spots(label.anchor, label.clear, size, favoured).find(|rect| plate && self.free(*rect, room))?;
        Some((bare, rect))
    }

    /// Where a local name has room: under the Latin one, after it, or over it.
    fn beside(&self, label: &Label, latin: Rect, size: Vec2, room: Rect) -> Option<Rect> {
        let (middle, left) = (latin.center(), latin.max.x < label.anchor.x);
        let x = if label.clear < 0.0 || latin.x_range().contains(label.anchor.x) {
            middle.x - size.x / 2.0
        } else if left {
            latin.max.x - size.x
        } else {
            latin.min.x
        };
        let after = if left { latin.min.x - 7.0 - size.x } else { latin.max.x + 7.0 };
        let under = Pos2::new(x, latin.max.y + 2.0);
        let over = Pos2::new(x, latin.min.y - 2.0 - size.y);
        let after = Pos2::new(after, middle.y - size.y / 2.0);
        let spots = if latin.max.y < label.anchor.y { [over, after, under] } else { [under, after, over] };
        spots.map(|corner| Rect::from_min_size(corner, size)).into_iter().find(|rect| self.free(*rect, room))
    }
}

/// Whether words stand west of a spot on the coast of the Levant and abreast of it: at sea, on nobody's land.
fn abreast(rect: Rect, coast: Pos2) -> bool {
    rect.max.x < coast.x - 4.0 && (rect.center().y - coast.y).abs() <= plates::ABREAST
}

/// Whether words stand by the capital that they name, on a side where they may.
fn of_capital(rect: Rect, label: &Label) -> bool {
    const BESIDE: f32 = 28.0;
    let off = rect.center() - label.anchor;
    let [west, south] = label.never;
    rect.distance_to_pos(label.anchor) <= BESIDE && !(west && off.x < -2.0) && !(south && off.y > 2.0)
}

/// Whether words stand so that nobody takes another town for the one that they name: beside it, out at sea to its west, or south of it,
/// where no other town is. Inland and north of Gaza are other towns.
fn at_hand(rect: Rect, town: Pos2) -> bool {
    const BESIDE: f32 = 44.0;
    const TIED: f32 = 90.0;
    let away = rect.distance_to_pos(town);
    away <= BESIDE || (rect.max.x < town.x || rect.min.y > town.y) && away <= TIED
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_town_is_named_beside_it_or_from_the_sea() {
        let town = Pos2::new(200.0, 100.0);
        let words = |x: f32, y: f32| Rect::from_center_size(Pos2::new(x, y), vec2(60.0, 16.0));
        for (x, y) in [(240.0, 100.0), (200.0, 118.0), (150.0, 60.0), (120.0, 100.0), (230.0, 160.0)] {
            assert!(at_hand(words(x, y), town), "{x}, {y}");
        }
        for (x, y) in [(290.0, 100.0), (200.0, 210.0), (70.0, 100.0), (240.0, 30.0)] {
            assert!(!at_hand(words(x, y), town), "{x}, {y}");
        }
    }

    /// West of a coast at its own latitude is sea; north or south of it is somebody's land.
    #[test]
    fn a_country_named_from_the_sea_is_named_abreast_of_its_coast() {
        let coast = Pos2::new(200.0, 100.0);
        let words = |x: f32, y: f32| Rect::from_center_size(Pos2::new(x, y), vec2(60.0, 16.0));
        assert!(abreast(words(150.0, 105.0), coast));
        for (x, y) in [(150.0, 70.0), (150.0, 130.0), (190.0, 100.0), (260.0, 100.0)] {
            assert!(!abreast(words(x, y), coast), "{x}, {y}");
        }
    }
}
