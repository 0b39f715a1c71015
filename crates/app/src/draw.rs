//! Small drawings and words that every panel shares: icons by shape, tags, switches, numbers.

use super::look::{Look, condensed, faint, semibold};
use bevy_egui::egui::accesskit::{Action, ActionData};
use bevy_egui::egui::{
    self, Align2, Color32, CornerRadius, CursorIcon, FontFamily, FontId, Painter, Pos2, Rect, Response, RichText,
    Sense, Shape, Stroke, StrokeKind, Ui, Vec2, pos2, vec2,
};
use detente_model::symbols::Evidence;

/// Size of most text.
pub const BODY: f32 = 14.0;

/// Body type.
#[must_use]
pub fn body() -> FontId {
    FontId::new(BODY, FontFamily::Proportional)
}

/// Bold body type.
#[must_use]
pub fn bold() -> FontId {
    FontId::new(BODY, semibold())
}

/// Type of tables and axes.
#[must_use]
pub fn narrow() -> FontId {
    FontId::new(BODY, condensed())
}

/// Type of figures.
#[must_use]
pub fn figure() -> FontId {
    FontId::new(17.0, semibold())
}

/// Bold words.
#[must_use]
pub fn strong(text: impl Into<String>) -> RichText {
    RichText::new(text).font(bold())
}

/// Secondary words.
#[must_use]
pub fn quiet(text: impl Into<String>, look: &Look) -> RichText {
    RichText::new(text).color(look.ink2)
}

/// A whole number with thin groups: 12 600.
#[must_use]
pub fn count(value: f64) -> String {
    let whole = value.round().abs() as u64;
    let digits = whole.to_string();
    let mut text = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(c);
    }
    if value.round() < 0.0 { format!("−{text}") } else { text }
}

/// A number in few characters: three figures at most, millions as `m`.
#[must_use]
pub fn short(value: f64) -> String {
    let size = value.abs();
    let text = if size >= 1.0e6 {
        format!("{:.2} m", size / 1.0e6)
    } else if size >= 100.0 {
        count(size)
    } else if size >= 10.0 || (size - size.round()).abs() < 1e-9 {
        format!("{size:.0}")
    } else if size >= 1.0 {
        format!("{size:.1}")
    } else {
        format!("{size:.2}")
    };
    if value < 0.0 && text.chars().any(|c| c.is_ascii_digit() && c != '0') { format!("−{text}") } else { text }
}

/// Decimals at most of a number that would be written as zero with fewer.
const FINEST: usize = 6;

/// Decimals that tell a small number from zero: two, or as many as it takes.
fn decimals_from_zero(size: f64) -> usize {
    let told = |decimals: &usize| size * libm::pow(10.0, *decimals as f64) >= 0.5;
    (2..=FINEST).find(told).unwrap_or(2)
}

/// A number in few characters, as [`short`] has it, but what is not zero is not written as zero: ends of intervals are read
/// against it.
#[must_use]
pub fn fine(value: f64) -> String {
    let (size, decimals) = (value.abs(), decimals_from_zero(value.abs()));
    // Whatever rounds to a hundredth is as short says it.
    if size < 1e-9 || decimals == 2 {
        return short(value);
    }
    format!("{}{size:.decimals$}", if value < 0.0 { "−" } else { "" })
}

/// Two numbers that are read against each other: both of one digit before the point, or less, have as many decimals as the finer.
#[must_use]
pub fn short_pair(values: [f64; 2]) -> [String; 2] {
    let decimals = |value: f64| match value.abs() {
        size if size >= 10.0 || (size - size.round()).abs() < 1e-9 => 0,
        size if size >= 1.0 => 1,
        size => decimals_from_zero(size),
    };
    let most = decimals(values[0]).max(decimals(values[1]));
    values.map(|value| {
        let small = value.abs() < 10.0 && most > decimals(value);
        if small { format!("{value:.most$}").replace('-', "−") } else { fine(value) }
    })
}

/// A number with its sign.
#[must_use]
pub fn signed(value: f64) -> String {
    let text = fine(value);
    if value > 0.0 && text.chars().any(|c| c.is_ascii_digit() && c != '0') { format!("+{text}") } else { text }
}

/// A difference in percentage points, without the word.
#[must_use]
pub fn points(difference: f64, futures: u64) -> String {
    let value = difference * 100.0;
    let text = if futures >= 1000 { format!("{:.1}", value.abs()) } else { format!("{:.0}", value.abs()) };
    if text.chars().all(|c| c == '0' || c == '.') {
        text
    } else if value < 0.0 {
        format!("−{text}")
    } else {
        format!("+{text}")
    }
}

/// Words with a capital.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Icons, drawn and not typed: the fonts have none of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// To the start, or a day back.
    Back,
    /// Play.
    Play,
    /// Pause.
    Pause,
    /// A day on.
    Forward,
    /// As fast as it goes.
    Fast,
    /// Two dice.
    Dice,
    /// A branch.
    Branch,
    /// Share.
    Share,
    /// A page.
    Page,
    /// Text size.
    Letters,
    /// Light and dark.
    Half,
    /// Help.
    Question,
    /// Take back.
    Reset,
    /// A lock.
    Lock,
    /// A magnifying glass.
    Search,
    /// Closed group.
    Right,
    /// Open group.
    Down,
    /// To the left.
    Left,
    /// Away with it.
    Cross,
    /// Bars of a ranking.
    Bars,
    /// Map.
    Map,
    /// Levers.
    Sliders,
    /// What else there is.
    More,
}

/// Draws an icon in a square of 16 around a point.
pub fn icon(painter: &Painter, icon: Icon, at: Pos2, color: Color32) {
    let line = Stroke::new(1.5, color);
    let p = |x: f32, y: f32| pos2(at.x + x, at.y + y);
    let path = |points: Vec<Pos2>| painter.add(Shape::line(points, line));
    let solid = |points: Vec<Pos2>| painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
    match icon {
        Icon::Back => {
            solid(vec![p(5.0, -5.0), p(5.0, 5.0), p(-2.0, 0.0)]);
            path(vec![p(-5.0, -5.0), p(-5.0, 5.0)]);
        }
        Icon::Forward => {
            solid(vec![p(-5.0, -5.0), p(2.0, 0.0), p(-5.0, 5.0)]);
            path(vec![p(5.0, -5.0), p(5.0, 5.0)]);
        }
        Icon::Play => {
            solid(vec![p(-4.0, -6.0), p(6.0, 0.0), p(-4.0, 6.0)]);
        }
        Icon::Pause => {
            for x in [-5.0, 1.5] {
                painter.rect_filled(Rect::from_min_size(p(x, -5.5), vec2(3.5, 11.0)), 0.0, color);
            }
        }
        Icon::Fast => {
            for x in [-6.0, 0.0] {
                solid(vec![p(x, -4.5), p(x + 6.0, 0.0), p(x, 4.5)]);
            }
        }
        Icon::Dice => {
            painter.rect_stroke(Rect::from_center_size(at, Vec2::splat(12.0)), 2.0, line, StrokeKind::Middle);
            for (x, y) in [(-2.7, -2.7), (2.7, -2.7), (0.0, 0.0), (-2.7, 2.7), (2.7, 2.7)] {
                painter.circle_filled(p(x, y), 1.1, color);
            }
        }
        Icon::Branch => {
            for (x, y) in [(-4.0, -5.0), (-4.0, 5.0), (4.5, -5.0)] {
                painter.circle_stroke(p(x, y), 1.9, line);
            }
            path(vec![p(-4.0, -3.0), p(-4.0, 3.0)]);
            path(vec![p(4.5, -3.0), p(4.5, 0.0), p(3.0, 1.2), p(-4.0, 1.2)]);
        }
        Icon::Share => {
            path(vec![p(-3.0, -1.0), p(-5.5, -1.0), p(-5.5, 6.5), p(5.5, 6.5), p(5.5, -1.0), p(3.0, -1.0)]);
            path(vec![p(0.0, 3.0), p(0.0, -6.5)]);
            path(vec![p(-3.0, -3.7), p(0.0, -6.7), p(3.0, -3.7)]);
        }
        Icon::Page => {
            path(vec![p(-4.5, -6.5), p(1.5, -6.5), p(4.5, -3.5), p(4.5, 6.5), p(-4.5, 6.5), p(-4.5, -6.5)]);
            for y in [-0.5, 2.5] {
                path(vec![p(-2.0, y), p(2.0, y)]);
            }
        }
        Icon::Letters => {
            painter.text(p(0.0, 0.0), Align2::CENTER_CENTER, "Aa", FontId::new(15.0, semibold()), color);
        }
        Icon::Half => {
            painter.circle_stroke(at, 6.0, line);
            let half = (0..=12).map(|i| {
                let angle = -std::f32::consts::FRAC_PI_2 + std::f32::consts::PI * i as f32 / 12.0;
                at + 6.0 * Vec2::angled(angle)
            });
            solid(half.collect());
        }
        Icon::Question => {
            painter.circle_stroke(at, 7.0, line);
            painter.text(at, Align2::CENTER_CENTER, "?", bold(), color);
        }
        Icon::Reset => {
            let arc = (0..=14).map(|i| {
                let angle = -2.5 + 4.6 * i as f32 / 14.0;
                at + 5.0 * Vec2::angled(angle)
            });
            path(arc.collect());
            let tip = at + 5.0 * Vec2::angled(-2.5);
            path(vec![tip + vec2(0.0, -4.0), tip, tip + vec2(4.0, 0.3)]);
        }
        Icon::Lock => {
            painter.rect_stroke(Rect::from_min_size(p(-4.5, -1.0), vec2(9.0, 7.0)), 1.0, line, StrokeKind::Middle);
            path(vec![p(-2.7, -1.0), p(-2.7, -4.0), p(-1.2, -5.8), p(1.2, -5.8), p(2.7, -4.0), p(2.7, -1.0)]);
        }
        Icon::Search => {
            painter.circle_stroke(p(-1.2, -1.2), 4.3, line);
            path(vec![p(2.0, 2.0), p(6.0, 6.0)]);
        }
        Icon::Right => {
            path(vec![p(-2.0, -4.0), p(2.0, 0.0), p(-2.0, 4.0)]);
        }
        Icon::Left => {
            path(vec![p(2.0, -4.0), p(-2.0, 0.0), p(2.0, 4.0)]);
        }
        Icon::Down => {
            path(vec![p(-4.0, -2.0), p(0.0, 2.0), p(4.0, -2.0)]);
        }
        Icon::Cross => {
            path(vec![p(-4.0, -4.0), p(4.0, 4.0)]);
            path(vec![p(4.0, -4.0), p(-4.0, 4.0)]);
        }
        Icon::Bars => {
            for (y, w) in [(-4.0, 12.0), (0.0, 8.0), (4.0, 4.0)] {
                path(vec![p(-6.0, y), p(-6.0 + w, y)]);
            }
        }
        Icon::Map => {
            path(vec![
                p(-6.0, -4.0),
                p(-2.0, -6.0),
                p(2.0, -4.0),
                p(6.0, -6.0),
                p(6.0, 4.0),
                p(2.0, 6.0),
                p(-2.0, 4.0),
            ]);
            path(vec![p(-2.0, 4.0), p(-6.0, 6.0), p(-6.0, -4.0)]);
            path(vec![p(-2.0, -6.0), p(-2.0, 4.0)]);
            path(vec![p(2.0, -4.0), p(2.0, 6.0)]);
        }
        Icon::More => {
            for x in [-5.0, 0.0, 5.0] {
                painter.circle_filled(p(x, 0.0), 1.7, color);
            }
        }
        Icon::Sliders => {
            for (y, x) in [(-4.5, 2.0), (0.0, -3.0), (4.5, 1.0)] {
                path(vec![p(-6.0, y), p(6.0, y)]);
                painter.circle_filled(p(x, y), 2.4, color);
            }
        }
    }
}

/// A visible ring around what has the keyboard.
pub fn focus_ring(ui: &Ui, response: &Response, look: &Look) {
    if response.has_focus() {
        let rect = response.rect.expand(2.0);
        ui.painter().rect_stroke(rect, 6.0, Stroke::new(2.0, look.ink), StrokeKind::Outside);
    }
}

/// A field to type into, with the name by which a screen reader calls it.
pub fn named(ui: &mut Ui, field: egui::TextEdit<'_>, name: &str) -> Response {
    let response = ui.add(field);
    response.widget_info(|| egui::WidgetInfo {
        label: Some(name.to_owned()),
        ..egui::WidgetInfo::new(egui::WidgetType::TextEdit)
    });
    response
}

/// A button that is an icon; `name` is what it is called, for tooltips and screen readers.
pub fn icon_button(ui: &mut Ui, kind: Icon, name: &str, look: &Look) -> Response {
    icon_button_of(ui, 28.0, kind, name, look)
}

/// Such a button with a side of its own: fingers need larger ones.
pub fn icon_button_of(ui: &mut Ui, side: f32, kind: Icon, name: &str, look: &Look) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, enabled, name));
    if response.hovered() && enabled {
        ui.painter().rect_filled(rect, 5.0, look.raised);
    }
    icon(ui.painter(), kind, rect.center(), if enabled { look.ink } else { look.strong });
    focus_ring(ui, &response, look);
    response.on_hover_text(name).on_hover_cursor(CursorIcon::PointingHand)
}

/// A button with an icon and a word, on a raised ground.
pub fn worded_button(ui: &mut Ui, kind: Icon, name: &str, look: &Look) -> Response {
    let galley = ui.painter().layout_no_wrap(name.to_owned(), body(), look.ink);
    let size = vec2(galley.size().x + 40.0, 28.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, enabled, name));
    let fill = if response.hovered() { look.panel } else { look.raised };
    ui.painter().rect(rect, 5.0, fill, Stroke::new(1.0, look.strong), StrokeKind::Inside);
    let ink = if enabled { look.ink } else { look.ink3 };
    icon(ui.painter(), kind, rect.left_center() + vec2(16.0, 0.0), ink);
    let at = pos2(rect.left() + 30.0, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley_with_override_text_color(at, galley, ink);
    focus_ring(ui, &response, look);
    response.on_hover_cursor(CursorIcon::PointingHand)
}

/// A box to tick, with an outline that is seen on every ground: menus take outlines away from what they hold.
pub fn check(ui: &mut Ui, on: &mut bool, words: &str, look: &Look) -> Response {
    ui.scope(|ui| {
        let widgets = &mut ui.visuals_mut().widgets;
        for state in [&mut widgets.inactive, &mut widgets.hovered, &mut widgets.active] {
            state.bg_stroke = Stroke::new(1.4, look.ink3);
        }
        ui.checkbox(on, words)
    })
    .inner
}

/// A row of options of which one is chosen.
pub fn segments(ui: &mut Ui, names: &[&str], chosen: Option<usize>, look: &Look) -> Option<usize> {
    let widths: Vec<f32> =
        names.iter().map(|n| ui.painter().layout_no_wrap((*n).to_owned(), body(), look.ink).size().x + 16.0).collect();
    let (whole, _) = ui.allocate_exact_size(vec2(widths.iter().sum(), 28.0), Sense::hover());
    let mut picked = None;
    let mut x = whole.left();
    ui.painter().rect(whole, 5.0, look.panel, Stroke::new(1.0, look.strong), StrokeKind::Inside);
    for (i, (name, width)) in names.iter().zip(&widths).enumerate() {
        let rect = Rect::from_min_size(pos2(x, whole.top()), vec2(*width, whole.height()));
        x += width;
        let response = ui.interact(rect, ui.id().with(("segment", *name, i)), Sense::click());
        let on = chosen == Some(i);
        response.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::RadioButton, true, on, *name));
        let corners = |left: bool, right: bool| {
            let (l, r) = (if left { 5 } else { 0 }, if right { 5 } else { 0 });
            CornerRadius { nw: l, sw: l, ne: r, se: r }
        };
        let round = corners(i == 0, i + 1 == names.len());
        if on {
            ui.painter().rect_filled(rect, round, look.ink);
        } else if response.hovered() {
            ui.painter().rect_filled(rect.shrink(1.0), round, look.raised);
        }
        let color = if on { look.on_ink() } else { look.ink };
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, name, if on { bold() } else { body() }, color);
        focus_ring(ui, &response, look);
        if response.on_hover_cursor(CursorIcon::PointingHand).clicked() {
            picked = Some(i);
        }
    }
    picked
}

/// An evidence tag: a letter in a square, in words when hovered.
pub fn tag(ui: &mut Ui, tag: Evidence, look: &Look) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(18.0), Sense::hover());
    ui.painter().rect_stroke(rect, 4.0, Stroke::new(1.0, look.strong), StrokeKind::Inside);
    let letter = format!("{tag:?}");
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, &letter, narrow(), look.ink2);
    response.on_hover_text(format!("Default: {}", tag.words()))
}

/// Text that ends in an ellipsis where it is wider than there is room, in whatever script.
pub fn clipped(ui: &Ui, text: &str, font: FontId, color: Color32, width: f32) -> std::sync::Arc<egui::Galley> {
    super::script::clipped(ui.painter(), text, font, color, width.max(8.0))
}

/// The first of several ways to say one thing, longest first, that fits into a width; the last where none does.
pub fn longest_in(ui: &Ui, ways: Vec<String>, font: FontId, width: f32) -> String {
    let fits =
        |text: &String| ui.painter().layout_no_wrap(text.clone(), font.clone(), Color32::BLACK).size().x <= width;
    let place = ways.iter().position(fits).unwrap_or(ways.len().saturating_sub(1));
    ways.into_iter().nth(place).unwrap_or_default()
}

/// A line of words with one on the left and one on the right.
pub fn line(ui: &mut Ui, left: (&str, FontId, Color32), right: (&str, FontId, Color32)) -> Rect {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
    let said = if right.0.is_empty() { left.0.to_owned() } else { format!("{}: {}", left.0, right.0) };
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, &said));
    let end = ui.painter().layout_no_wrap(right.0.to_owned(), right.1, right.2);
    let start = clipped(ui, left.0, left.1, left.2, rect.width() - end.size().x - 8.0);
    ui.painter().galley(pos2(rect.left(), rect.center().y - start.size().y / 2.0), start, left.2);
    let at = pos2(rect.right() - end.size().x, rect.center().y - end.size().y / 2.0);
    ui.painter().galley(at, end, right.2);
    rect
}

/// A heading with words at its right, of both the first pair of ways to say them that has room side by side: a heading is read
/// whole. `lefts` and `rights` stand from the longest to the shortest; the words at the right give way before the heading does.
pub fn heading(ui: &mut Ui, lefts: &[&str], rights: &[String], look: &Look) -> Rect {
    let wide = |text: &str, font: FontId| ui.painter().layout_no_wrap(text.to_owned(), font, look.ink).size().x;
    let room = ui.available_width();
    let mut pairs = lefts.iter().flat_map(|left| rights.iter().map(move |right| (*left, right.as_str())));
    let fits = |(left, right): &(&str, &str)| wide(left, bold()) + wide(right, narrow()) + 10.0 <= room;
    let last = || (lefts.last().copied().unwrap_or_default(), rights.last().map_or("", String::as_str));
    let (left, right) = pairs.find(fits).unwrap_or_else(last);
    line(ui, (left, bold(), look.ink), (right, narrow(), look.ink2))
}

/// A hairline across.
pub fn rule(ui: &mut Ui, look: &Look) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(1.0, look.hairline));
}

/// A dashed line.
pub fn dashed(painter: &Painter, points: &[Pos2], stroke: Stroke, dash: f32, gap: f32) {
    painter.extend(Shape::dashed_line(points, stroke, dash, gap));
}

/// The mark of a headline class: a shape of its own for each, so that colour is never the only sign.
pub fn headline_mark(painter: &Painter, at: Pos2, headline: detente_model::record::outcome::Headline, look: &Look) {
    use detente_model::record::outcome::Headline as H;
    let p = |x: f32, y: f32| pos2(at.x + x, at.y + y);
    match headline {
        H::RegionalWar => {
            let points = vec![p(0.0, -5.5), p(6.0, 5.0), p(-6.0, 5.0)];
            painter.add(Shape::convex_polygon(points, look.iran, Stroke::NONE));
        }
        H::ContainedExchange => {
            let points = vec![p(0.0, -6.0), p(6.0, 0.0), p(0.0, 6.0), p(-6.0, 0.0)];
            painter.add(Shape::convex_polygon(points, look.aligned, Stroke::NONE));
        }
        H::Unsettled => {
            painter.rect_filled(Rect::from_center_size(at, Vec2::splat(9.0)), 0.0, look.other);
        }
        H::PiecemealTruce => {
            for i in 0..4 {
                let from = i as f32 * std::f32::consts::FRAC_PI_2 + 0.3;
                let arc = (0..=4).map(|k| at + 5.0 * Vec2::angled(from + 0.25 * k as f32));
                painter.add(Shape::line(arc.collect(), Stroke::new(2.4, look.un)));
            }
        }
        H::CollectiveDeal => {
            painter.circle_filled(at, 5.5, look.un);
        }
    }
}

/// A band between two lines, filled.
pub fn band(painter: &Painter, low: &[Pos2], high: &[Pos2], color: Color32) {
    let mut mesh = egui::Mesh::default();
    for (a, b) in low.iter().zip(high) {
        mesh.colored_vertex(*a, color);
        mesh.colored_vertex(*b, color);
    }
    for i in 0..low.len().saturating_sub(1) as u32 {
        mesh.add_triangle(2 * i, 2 * i + 1, 2 * i + 2);
        mesh.add_triangle(2 * i + 1, 2 * i + 2, 2 * i + 3);
    }
    painter.add(Shape::mesh(mesh));
}

/// A check box that only shows.
pub fn met(ui: &mut Ui, yes: bool, words: &str, look: &Look) {
    let font = narrow();
    let galley = ui.painter().layout_no_wrap(words.to_owned(), font, look.ink);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 20.0, 22.0), Sense::hover());
    let square = Rect::from_center_size(rect.left_center() + vec2(7.0, 0.0), Vec2::splat(12.0));
    ui.painter().rect_stroke(square, 2.0, Stroke::new(1.2, look.ink2), StrokeKind::Inside);
    let c = square.center();
    if yes {
        let tick = vec![c + vec2(-3.5, 0.0), c + vec2(-1.0, 2.8), c + vec2(3.5, -3.0)];
        ui.painter().add(Shape::line(tick, Stroke::new(1.8, look.un)));
    } else {
        let line = Stroke::new(1.3, look.ink2);
        ui.painter().line_segment([c + vec2(-3.0, -3.0), c + vec2(3.0, 3.0)], line);
        ui.painter().line_segment([c + vec2(3.0, -3.0), c + vec2(-3.0, 3.0)], line);
    }
    ui.painter().galley(pos2(rect.left() + 20.0, rect.center().y - galley.size().y / 2.0), galley, look.ink);
    response.on_hover_text(if yes { "met" } else { "not met" });
}

/// The ground of something that is yours.
#[must_use]
pub fn ghost(color: Color32) -> Color32 {
    faint(color, 0.4)
}

/// What a screen reader, or whoever speaks for a person through it, wishes of a slider in this frame.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wished {
    /// Steps up; below 0 down.
    pub steps: f64,
    /// A value.
    pub value: Option<f64>,
}

/// What is wished of a slider by who does not use keys or pointer.
pub fn wished(ui: &Ui, response: &Response) -> Wished {
    ui.input(|input| {
        let count = |action| input.num_accesskit_action_requests(response.id, action) as f64;
        let steps = count(Action::Increment) - count(Action::Decrement);
        let set = input.accesskit_action_requests(response.id, Action::SetValue);
        let value = set.filter_map(|request| match &request.data {
            Some(ActionData::NumericValue(value)) if value.is_finite() => Some(*value),
            Some(ActionData::Value(text)) => text.trim().parse().ok().filter(|value: &f64| value.is_finite()),
            _ => None,
        });
        Wished { steps, value: value.last() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_they_are_meant() {
        assert_eq!(count(12600.4), "12,600");
        assert_eq!(count(-1440.0), "−1,440");
        assert_eq!(short(1_314_000.0), "1.31 m");
        assert_eq!(short(-5.84), "−5.8");
        assert_eq!(short(0.0), "0");
        assert_eq!(short_pair([3.3, 3.0]), ["3.3", "3.0"]);
        assert_eq!(short_pair([0.97, -1.2]), ["0.97", "−1.20"]);
        assert_eq!(short_pair([140.0, 0.5]), ["140", "0.50"]);
        assert_eq!(short_pair([67.0, 3.3]), ["67", "3.3"]);
        assert_eq!(short_pair([2.0, 2.0]), ["2", "2"]);
        assert_eq!(short(-0.001), "0.00");
        assert_eq!(signed(0.31), "+0.31");
        assert_eq!(signed(0.0), "0");
        assert_eq!(signed(-12600.4), "−12,600");
        assert_eq!(short_pair([0.97, 0.003]), ["0.970", "0.003"]);
        assert_eq!(points(-0.081, 256), "−8");
        assert_eq!(points(0.001, 256), "0");
    }

    /// An interval that is clear of zero has no end that is written as zero.
    #[test]
    fn what_is_not_zero_is_not_written_as_zero() {
        for (value, words) in
            [(0.004, "+0.004"), (-0.0049, "−0.005"), (0.000_3, "+0.0003"), (-0.000_002, "−0.000002"), (0.005, "+0.01")]
        {
            assert_eq!(signed(value), words);
        }
        for value in [1e-6, 3e-5, 0.0004, 0.0049, 0.0051, 0.4, 3.0, 99.4, 12_000.0] {
            for value in [value, -value] {
                let text = signed(value);
                assert!(text.chars().any(|c| ('1'..='9').contains(&c)), "{value} is written {text}");
            }
        }
    }
}
