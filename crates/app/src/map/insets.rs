//! The two insets: where they stand, their frames, titles and feet.

use super::facts::{Facts, count, percent};
use super::fronts::{Calm, front, level_words};
use super::peace;
use super::plates::SIZE;
use super::project::{Lens, View};
use super::sheet::Pane;
use crate::look::{Look, condensed, condensed_semibold, faint, semibold};
use bevy_egui::egui::{
    Color32, FontId, Painter, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, WidgetType, pos2, vec2,
};
use detente_model::symbols::levers::Lever;

/// Height of a title.
const TITLE: f32 = 28.0;
/// Height of a foot.
const FOOT: f32 = 46.0;
/// Distance between things that float.
pub(super) const MARGIN: f32 = 12.0;

/// Height of an inset under which it shows next to nothing under the other.
const LOW: f32 = 150.0;
/// Width of two insets side by side, with their titles.
const SIDE_BY_SIDE: f32 = 350.0;

/// Where the panes stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Layout {
    /// The region.
    pub region: Rect,
    /// South Lebanon, and Gaza with the West Bank, frames included.
    pub insets: [Rect; 2],
    /// Whether the insets have a column of their own.
    pub docked: bool,
}

/// Divides the space. On a small screen the insets have their own column, so that they do not cover the map; on a wide one
/// as well, since there is room.
pub(super) fn layout(rect: Rect) -> Layout {
    let docked = rect.width() < 700.0 || rect.width() >= 1_000.0 || rect.height() < 540.0;
    if docked {
        let column = (rect.width() * 0.42).clamp(190.0, 400.0).min(rect.width() * 0.6);
        let x = rect.max.x - column;
        let region = Rect::from_min_max(rect.min, pos2(x, rect.max.y));
        let inner = Rect::from_min_max(pos2(x, rect.min.y), rect.max).shrink2(vec2(7.0, 7.0));
        let half = (inner.height() - 8.0) / 2.0;
        if half < LOW && rect.width() >= 2.0 * SIDE_BY_SIDE {
            // Under each other they would be slits.
            let wide = (rect.width() / 2.0).clamp(SIDE_BY_SIDE, 480.0);
            let (region, column) = rect.split_left_right_at_x(rect.max.x - wide);
            let (gaza, south) = column.shrink2(vec2(7.0, 7.0)).split_left_right_at_fraction(0.5);
            let south = Rect::from_min_max(pos2(south.min.x + 7.0, south.min.y), south.max);
            return Layout { region, insets: [south, gaza], docked };
        }
        let gaza = Rect::from_min_size(inner.min, vec2(inner.width(), half));
        let south = Rect::from_min_size(pos2(inner.min.x, gaza.max.y + 8.0), vec2(inner.width(), half));
        return Layout { region, insets: [south, gaza], docked };
    }
    let gaza = Rect::from_min_size(pos2(rect.max.x - MARGIN - 214.0, rect.min.y + MARGIN), vec2(214.0, 304.0));
    let high = 242.0_f32.min(rect.height() - gaza.height() - 3.0 * MARGIN);
    let south = Rect::from_min_size(pos2(rect.max.x - MARGIN - 304.0, rect.max.y - MARGIN - high), vec2(304.0, high));
    Layout { region: rect, insets: [south, gaza], docked }
}

impl Layout {
    /// The same with insets closed: what is left of a column or a row goes to the one that stays, or to the region.
    pub fn without(self, [south, gaza]: [bool; 2], whole: Rect) -> Self {
        let both = self.insets[0].union(self.insets[1]);
        match (south, gaza) {
            (true, true) => Self { region: whole, docked: true, ..self },
            (true, false) if self.docked => Self { insets: [self.insets[0], both], ..self },
            (false, true) if self.docked => Self { insets: [both, self.insets[1]], ..self },
            _ => self,
        }
    }
}

/// Height of a row of insets below the region.
const BELOW: f32 = 206.0;

/// Whether a row of insets has room below the region, and the region is still seen whole from north to south: the atlas is not wide
/// enough for a low and broad map of all of it.
pub(super) fn fit_below(rect: Rect) -> bool {
    rect.width() >= 350.0 && rect.height() >= BELOW + 260.0 && is_whole(below(rect).region.size())
}

fn is_whole(size: Vec2) -> bool {
    /// What may be cut off above and below, as a share of the height: sea, sand, and no front.
    const SLACK: f64 = 1.15;
    let [_, _, south, north] = home(Pane::Region);
    home_view(Pane::Region, size).scale * span(south, north) <= SLACK * f64::from(size.y)
}

/// Divides the space between the region and a row of insets below it.
pub(super) fn below(rect: Rect) -> Layout {
    let (region, row) = rect.split_top_bottom_at_y(rect.max.y - BELOW);
    let row = row.shrink2(vec2(7.0, 7.0));
    let (south, gaza) = row.split_left_right_at_x(row.min.x + (row.width() * 0.54).floor());
    let gaza = Rect::from_min_max(pos2(gaza.min.x + 7.0, gaza.min.y), gaza.max);
    Layout { region, insets: [south, gaza], docked: true }
}

/// The part of an inset that shows the map.
pub(super) fn window(frame: Rect) -> Rect {
    Rect::from_min_max(frame.min + vec2(1.0, TITLE), frame.max - vec2(1.0, FOOT))
}

/// The box that an inset shows at first: west, east, south, north.
pub(super) fn home(pane: Pane) -> [f64; 4] {
    match pane {
        Pane::Region => [30.0, 58.0, 10.9, 38.6],
        Pane::South => [35.04, 35.88, 33.02, 33.60],
        Pane::Gaza => [34.16, 35.62, 31.16, 32.62],
    }
}

/// Where a pane looks at first.
pub(super) fn home_view(pane: Pane, size: Vec2) -> View {
    let view = View::fit(home(pane), size);
    if pane != Pane::Region {
        return view.held(size);
    }
    // The whole height from Turkey to Bab al-Mandab, with the west at the left edge.
    let [_, _, south, north] = home(pane);
    let tall = View::fit([40.0, 40.001, south, north], vec2(f32::MAX, size.y));
    let tall = View { scale: f64::from(size.y) / span(south, north), ..tall }.held(size);
    let west = if size.x < 560.0 { 30.9 } else { 30.0 };
    View { centre: [west + f64::from(size.x) / tall.scale / 2.0, tall.centre[1]], ..tall }.held(size)
}

fn span(south: f64, north: f64) -> f64 {
    super::project::mercator(0.0, south)[1] - super::project::mercator(0.0, north)[1]
}

/// Number of an inset: letters are the branches'.
pub(super) fn number(pane: Pane) -> &'static str {
    if pane == Pane::South { "1" } else { "2" }
}

/// A number in a box.
pub(super) fn number_box(p: &Painter, centre: Pos2, number: &str, look: &Look) {
    p.rect_filled(Rect::from_center_size(centre, Vec2::splat(17.0)), 4.0, look.ink);
    let galley = p.layout_no_wrap(number.to_owned(), FontId::new(SIZE, semibold()), look.on_ink());
    p.galley(centre - galley.size() / 2.0, galley, look.on_ink());
}

/// Outline of an inset's view on the region, with its number to the left; returns both.
pub(super) fn outline(p: &Painter, region: &Lens, inset: &Lens, pane: Pane, look: &Look) -> Option<[Rect; 2]> {
    let [x0, y0, x1, y1] = inset.window();
    let rect = Rect::from_min_max(region.at([x0, y0]), region.at([x1, y1]));
    if rect.width() > region.rect.width() * 0.6 || !region.rect.intersects(rect) {
        return None;
    }
    p.rect_stroke(rect, 0.0, Stroke::new(1.2, look.ink), StrokeKind::Outside);
    // On its lower corner to the left, where it leaves the sea abreast to the names of the coast; never over the edge of the map.
    let at = pos2((rect.min.x - 5.0).max(region.rect.min.x + 11.0), rect.max.y + 5.0);
    let at = pos2(at.x, at.y.min(region.rect.max.y - 11.0));
    number_box(p, at, number(pane), look);
    Some([rect, Rect::from_center_size(at, Vec2::splat(18.0))])
}

/// Frame and title; the window stays open for the map.
pub(super) fn frame(p: &Painter, rect: Rect, pane: Pane, facts: &Facts<'_>, look: &Look) {
    let shadow = bevy_egui::egui::Shadow {
        offset: [0, 3],
        blur: 10,
        spread: 0,
        color: Color32::from_black_alpha(if look.dark { 115 } else { 46 }),
    };
    p.add(shadow.as_shape(rect, 6.0));
    p.rect_filled(rect, 6.0, look.panel);
    number_box(p, rect.min + vec2(16.0, TITLE / 2.0), number(pane), look);
    let name = if pane == Pane::South { "South Lebanon" } else { "Gaza & West Bank" };
    // Never under the cross that closes it.
    let room = rect.width() - 32.0 - CROSS;
    let title = crate::script::clipped(p, name, FontId::new(15.0, semibold()), look.ink, room.max(8.0));
    let at = pos2(rect.min.x + 32.0, rect.min.y + (TITLE - title.size().y) / 2.0);
    let end = at.x + title.size().x;
    p.galley(at, title, look.ink);
    let front_id = if pane == Pane::South { "LEB" } else { "GAZ" };
    if let Some(words) = state_of(facts, front_id) {
        let words = p.layout_no_wrap(words, FontId::new(SIZE, condensed()), look.ink2);
        let x = rect.max.x - CROSS - 6.0 - words.size().x;
        if x > end + 8.0 {
            p.galley(pos2(x, rect.min.y + (TITLE - words.size().y) / 2.0), words, look.ink2);
        }
    }
}

/// Room of the cross in a title.
const CROSS: f32 = 26.0;

/// Where the cross is that closes an inset.
pub(super) fn cross(frame: Rect) -> Rect {
    Rect::from_min_size(pos2(frame.max.x - CROSS, frame.min.y + 1.0), vec2(CROSS, TITLE - 2.0))
}

/// The cross that closes an inset; returns whether it was clicked.
pub(super) fn close(ui: &Ui, frame: Rect, pane: Pane, look: &Look) -> bool {
    let rect = cross(frame);
    let response = ui.interact(rect, ui.id().with(("close", pane as usize)), Sense::click());
    let name = if pane == Pane::South { "Close the map of South Lebanon" } else { "Close the map of Gaza & West Bank" };
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, name));
    let c = rect.center();
    if response.hovered() {
        ui.painter().rect_filled(rect.shrink(3.0), 4.0, look.raised);
    }
    for y in [-1.0, 1.0] {
        ui.painter().line_segment([c + vec2(-4.0, 4.0 * y), c + vec2(4.0, -4.0 * y)], Stroke::new(1.4, look.ink2));
    }
    if response.has_focus() {
        ui.painter().rect_stroke(rect.shrink(1.0), 4.0, Stroke::new(2.0, look.ink), StrokeKind::Inside);
    }
    response.on_hover_text("Close it; “Choose what is shown” opens it again").clicked()
}

/// Outline over everything an inset shows, thicker with keyboard focus.
pub(super) fn edge(p: &Painter, rect: Rect, focus: bool, look: &Look) {
    p.rect_stroke(rect, 6.0, Stroke::new(1.0, look.strong), StrokeKind::Inside);
    if focus {
        p.rect_stroke(rect, 6.0, Stroke::new(2.0, look.ink), StrokeKind::Outside);
    }
}

fn state_of(facts: &Facts<'_>, id: &str) -> Option<String> {
    let index = facts.scene.rules.front(id)?;
    Some(match front(facts, index)?.calm {
        Calm::Truce(Some(days)) => format!("truce, day {days}"),
        Calm::Truce(None) => "calm".to_owned(),
        calm @ (Calm::Broken(_) | Calm::DealOver(_)) => calm.ended()?,
        Calm::No => {
            let level = facts.scene.now.columns.fronts[index].level;
            format!("level {level}: {}", level_words(facts.scene.rules.fronts[index].ladder, level))
        }
    })
}

/// A number of a foot.
struct Figure {
    name: &'static str,
    words: String,
    /// Value, value without the user's policy, and full length.
    bar: Option<[f64; 3]>,
    color: Color32,
}

/// Three numbers with bars; the tick is the value without the user's policy.
pub(super) fn foot(p: &Painter, rect: Rect, pane: Pane, facts: &Facts<'_>, look: &Look) {
    let figures = match pane {
        Pane::South => south_figures(facts, look),
        _ => gaza_figures(facts, look),
    };
    let top = rect.max.y - FOOT;
    let n = figures.len().max(1) as f32;
    let wide = (rect.width() - 16.0) / n;
    let font = FontId::new(SIZE, condensed());
    let width = |name: &str| p.layout_no_wrap(name.to_owned(), font.clone(), look.ink2).size().x;
    // Where one name has no room, all are short.
    let short = figures.iter().any(|figure| width(figure.name) > wide - 6.0);
    for (k, figure) in (0_u8..).zip(figures) {
        let x = rect.min.x + 9.0 + wide * f32::from(k);
        let name = if short { short_name(figure.name) } else { figure.name };
        let name = p.layout_no_wrap(name.to_owned(), font.clone(), look.ink2);
        p.galley(pos2(x, top + 4.0), name, look.ink2);
        let words = p.layout_no_wrap(figure.words, FontId::new(SIZE, condensed_semibold()), look.ink);
        let end = x + words.size().x;
        p.galley(pos2(x, top + 22.0), words, look.ink);
        let room = x + wide - 8.0 - (end + 6.0);
        if let (Some([value, unchanged, full]), true) = (figure.bar, room > 14.0) {
            let track = Rect::from_min_size(pos2(end + 6.0, top + 29.0), vec2(room, 5.0));
            let at = |v: f64| track.min.x + room * (v / full).clamp(0.0, 1.0) as f32;
            p.rect_filled(track, 2.5, look.hairline);
            p.rect_filled(Rect::from_min_max(track.min, pos2(at(value), track.max.y)), 2.5, figure.color);
            let tick = at(unchanged);
            p.line_segment([pos2(tick, track.min.y - 3.0), pos2(tick, track.max.y + 3.0)], Stroke::new(1.6, look.ink));
        }
    }
}

fn short_name(name: &'static str) -> &'static str {
    match name {
        "Lebanese army" => "Army",
        "Withdrawal to do" => "To leave",
        "Aid, trucks/day" => "Aid/day",
        "Displaced" => "Displ.",
        other => other,
    }
}

fn south_figures(facts: &Facts<'_>, look: &Look) -> Vec<Figure> {
    let Some(s) = peace::south(facts) else { return Vec::new() };
    vec![
        Figure {
            name: "UNIFIL",
            words: count(s.troops),
            bar: Some([s.troops, s.unchanged[0], 15_000.0]),
            color: look.un,
        },
        Figure {
            name: "Lebanese army",
            words: count(s.army),
            bar: Some([s.army, s.unchanged[1], 15_000.0]),
            color: look.other,
        },
        Figure {
            // What is left of a withdrawal; not a share of ground.
            name: "Withdrawal to do",
            words: percent(s.held),
            bar: Some([s.held, s.unchanged[2], 1.0]),
            color: look.israel,
        },
    ]
}

fn gaza_figures(facts: &Facts<'_>, look: &Look) -> Vec<Figure> {
    let mut figures = Vec::new();
    let aid = facts.value("aid.GAZ").unwrap_or(facts.scene.now.levers[Lever::AidAccess]);
    let was = facts.unchanged("aid.GAZ").unwrap_or(aid);
    figures.push(Figure { name: "Aid, trucks/day", words: count(aid), bar: Some([aid, was, 1000.0]), color: look.un });
    if let Some(displaced) = facts.value("displaced.GAZA") {
        let exposed = facts.scene.rules.territories.iter().find(|t| t.id.text == "GAZA").map_or(1.0, |t| t.exposed);
        let was = facts.unchanged("displaced.GAZA").unwrap_or(displaced);
        let words = if displaced >= 1e6 { format!("{:.2} m", displaced / 1e6) } else { count(displaced) };
        let color = faint(look.other, 1.0);
        figures.push(Figure { name: "Displaced", words, bar: Some([displaced, was, exposed]), color });
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_do_not_overlap_where_they_are_docked_and_stay_inside() {
        for (w, h) in [
            (732.0, 656.0),
            (572.0, 476.0),
            (1212.0, 836.0),
            (780.0, 526.0),
            (400.0, 400.0),
            (720.0, 296.0),
            (844.0, 298.0),
            (640.0, 268.0),
        ] {
            let rect = Rect::from_min_size(pos2(100.0, 48.0), vec2(w, h));
            let l = layout(rect);
            for inset in l.insets {
                assert!(rect.contains_rect(inset), "{w}x{h}: {inset:?}");
                assert!(window(inset).is_positive(), "{w}x{h}");
                assert!(!l.docked || !l.region.intersects(inset), "{w}x{h}");
            }
            assert!(!l.insets[0].intersects(l.insets[1]));
        }
        // Lower and the region would lose its north, where most of the fronts are.
        assert!(!fit_below(Rect::from_min_size(pos2(46.0, 84.0), vec2(405.0, 478.0))));
        for (w, h) in [(484.0, 612.0), (420.0, 536.0), (360.0, 486.0)] {
            let rect = Rect::from_min_size(pos2(46.0, 84.0), vec2(w, h));
            assert!(fit_below(rect));
            let l = below(rect);
            for inset in l.insets {
                assert!(rect.contains_rect(inset) && window(inset).height() > 100.0 && !l.region.intersects(inset));
            }
            assert!(!l.insets[0].intersects(l.insets[1]));
        }
    }
}
