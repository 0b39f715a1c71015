//! The levers, grouped by who holds them, with what is changed on top.

use super::act::Act;
use super::draw::{
    Icon, body, bold, capital, clipped, count, focus_ring, icon, icon_button, named, narrow, quiet, rule, strong, tag,
};
use super::look::{Look, mix};
use bevy_egui::egui::accesskit::Action;
use bevy_egui::egui::{
    self, Align2, CursorIcon, Frame, Key, Margin, Pos2, Rect, Response, ScrollArea, Sense, Stroke, Ui, Vec2, pos2, vec2,
};
use detente_model::sim::mechanisms::{Node, reach};
use detente_model::sim::rules::Rules;
use detente_model::symbols::levers::{Kind, Lever, LeverSet, OFF};
use detente_session::Sitting;
use std::collections::{BTreeMap, BTreeSet};

/// Who holds levers, in the order in which the groups stand.
pub const OWNERS: [&str; 10] = [
    "United States",
    "Israel",
    "Iran",
    "Lebanon & UN",
    "Gulf & Yemen",
    "Iraq",
    "Palestinians",
    "Mediators",
    "UN bodies",
    "The deal",
];

/// What of the levers is open, and what is searched for.
#[derive(Default)]
pub struct LeversView {
    search: String,
    open: BTreeSet<&'static str>,
    idle: BTreeMap<Lever, bool>,
    /// Height of what stands over the list: where it grows, the list moves under it and not under the pointer.
    over: f32,
    /// How far the list is scrolled.
    offset: f32,
    /// Whether the search box is to take the keyboard.
    pub focus: bool,
}

impl LeversView {
    /// The view of a scenario: which of its levers anything reads.
    #[must_use]
    pub fn new(rules: &Rules) -> Self {
        let idle = |&lever: &Lever| (lever, reach(rules, lever).iter().all(|node| *node == Node::Lever(lever)));
        // One group is open from the start, so that a lever is in sight.
        let open = BTreeSet::from(["Lebanon & UN"]);
        Self { idle: Lever::ALL.iter().map(idle).collect(), open, ..Self::default() }
    }

    /// Opens the group of a lever.
    pub fn reveal(&mut self, lever: Lever) {
        self.open.insert(lever.row().owner);
        self.search.clear();
    }

    /// Whether the roadmap that a lever dates is in force already.
    fn is_signed(sitting: &Sitting) -> bool {
        let mut tables = sitting.rules.tables.iter().zip(&sitting.now().columns.agreements);
        tables.any(|(table, agreement)| table.roadmap && agreement.in_force())
    }

    /// Why a lever cannot act from today on; `None` while it can.
    #[must_use]
    pub fn idle_because(&self, sitting: &Sitting, lever: Lever) -> Option<String> {
        if self.idle.get(&lever).copied().unwrap_or(false) {
            return Some("nothing in this scenario reads it".to_owned());
        }
        let state = &sitting.now().columns;
        let (value, today) = (sitting.now().levers[lever], sitting.today());
        if lever.row().kind == Kind::Date && value > OFF && value < f64::from(today) {
            return Some(format!("date has passed (day {value:.0})"));
        }
        match lever {
            Lever::SignRoadmap if Self::is_signed(sitting) => Some("it is signed, and in force".to_owned()),
            Lever::UnamiExtension if state.integrations.iter().all(|i| i.mission_ended) => {
                Some("the mission has ended".to_owned())
            }
            _ => None,
        }
    }
}

/// A lever's value in words.
#[must_use]
pub fn value_words(lever: Lever, value: f64, sitting: &Sitting) -> String {
    match lever.row().kind {
        Kind::Number if value.abs() >= 1000.0 => count(value),
        Kind::Number => {
            let text = format!("{:.2}", value);
            let text = text.trim_end_matches('0').trim_end_matches('.');
            text.to_owned()
        }
        Kind::Choice(_) => option_words(lever, &lever.say(value, sitting.rules.frame.start)),
        Kind::Date if value <= OFF => "off".to_owned(),
        Kind::Date => sitting.rules.date(value as i32).strftime("%-d %b %Y").to_string(),
    }
}

/// The narrow strip that stands for the levers where there is no room. Returns whether it was clicked.
pub fn rail(ui: &mut Ui, sitting: &Sitting, look: &Look) -> bool {
    let rect = ui.available_rect_before_wrap();
    let response = ui.interact(rect, ui.id().with("rail"), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, "Levers"));
    let x = rect.center().x;
    icon(ui.painter(), Icon::Right, pos2(x, rect.top() + 20.0), look.ink);
    let changed = sitting.branch().policy().count();
    if changed > 0 {
        let square = Rect::from_center_size(pos2(x, rect.top() + 54.0), Vec2::splat(30.0));
        ui.painter().rect_filled(square, 6.0, look.you_ground);
        ui.painter().text(square.center(), Align2::CENTER_CENTER, changed.to_string(), bold(), look.you);
    }
    let galley = ui.painter().layout_no_wrap("Levers · your policy".to_owned(), body(), look.ink2);
    if rect.height() > galley.size().x + 96.0 {
        let at = pos2(x - galley.size().y / 2.0, rect.top() + 88.0 + galley.size().x);
        let shape = egui::epaint::TextShape::new(at, galley, look.ink2).with_angle(-std::f32::consts::FRAC_PI_2);
        ui.painter().add(shape);
    }
    focus_ring(ui, &response, look);
    response.on_hover_cursor(CursorIcon::PointingHand).clicked()
}

/// The whole panel.
pub fn levers_ui(
    ui: &mut Ui,
    sitting: &Sitting,
    view: &mut LeversView,
    collapsible: bool,
    look: &Look,
    acts: &mut Vec<Act>,
) -> bool {
    let mut close = false;
    Frame::NONE.inner_margin(Margin { left: 12, right: 12, top: 8, bottom: 8 }).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label(strong("Levers"));
            if collapsible && icon_button(ui, Icon::Left, "Put the levers away", look).clicked() {
                close = true;
            }
            let hint = format!("Search {} levers", Lever::ALL.len());
            let edit = egui::TextEdit::singleline(&mut view.search)
                .hint_text(quiet(hint, look))
                .desired_width(f32::INFINITY)
                .margin(Margin { left: 8, right: 8, top: 5, bottom: 5 });
            let response = named(ui, edit, "Search levers");
            if std::mem::take(&mut view.focus) {
                response.request_focus();
            }
        });
    });
    let top = ui.cursor().top();
    policy(ui, sitting, view, look, acts);
    rule(ui, look);
    let over = ui.cursor().top() - top;
    let before = std::mem::replace(&mut view.over, over);
    let mut list = ScrollArea::vertical().auto_shrink([false, false]);
    if before > 0.0 && (over - before).abs() > 0.5 {
        // A row that comes or goes in "Your policy" leaves every lever where it is on the screen: whoever holds one goes on
        // holding it.
        list = list.vertical_scroll_offset((view.offset + over - before).max(0.0));
    }
    let stand = Stand { now: sitting.levers(), unchanged: sitting.levers_unchanged() };
    let shown = list.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let sought = view.search.trim().to_lowercase();
        if !sought.is_empty() {
            let found: Vec<Lever> = Lever::ALL.iter().copied().filter(|lever| matches(*lever, &sought)).collect();
            if found.is_empty() {
                ui.add_space(12.0);
                ui.horizontal(|ui| {
                    ui.add_space(12.0);
                    ui.label(quiet("No lever of that name.", look));
                });
            }
            for lever in found {
                lever_ui(ui, sitting, &stand, view, lever, look, acts);
            }
            return;
        }
        for owner in OWNERS {
            group(ui, sitting, &stand, view, owner, look, acts);
        }
        // Room to scroll away what stands over the list.
        ui.add_space(12.0 + over);
    });
    view.offset = shown.state.offset.y;
    close
}

fn matches(lever: Lever, sought: &str) -> bool {
    let row = lever.row();
    let texts = [row.name, row.id, row.owner, row.touches, row.essay];
    texts.iter().chain(row.claims).any(|text| text.to_lowercase().contains(sought))
}

/// What is changed, each with the day from which it acts.
fn policy(ui: &mut Ui, sitting: &Sitting, view: &mut LeversView, look: &Look, acts: &mut Vec<Act>) {
    let changes: Vec<_> = sitting.branch().policy().collect();
    if changes.is_empty() && !sitting.can_undo() && !sitting.can_redo() {
        return;
    }
    let margin = Margin { left: 12, right: 12, top: 8, bottom: 8 };
    Frame::NONE.fill(look.you_ground).inner_margin(margin).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.horizontal(|ui| {
            ui.label(strong("Your policy").color(look.you));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let mut word = |ui: &mut Ui, text: &str, on: bool, act: Act| {
                    let link = egui::Button::new(quiet(text, look)).frame(false);
                    if ui.add_enabled(on, link).on_hover_cursor(CursorIcon::PointingHand).clicked() {
                        acts.push(act);
                    }
                };
                ui.spacing_mut().item_spacing.x = 10.0;
                word(ui, "reset all", !changes.is_empty(), Act::ResetAll);
                word(ui, "redo", sitting.can_redo(), Act::Redo);
                word(ui, "undo", sitting.can_undo(), Act::Undo);
            });
        });
        let mut rows = |ui: &mut Ui| {
            for change in &changes {
                let lever = change.lever;
                let day =
                    if change.day == sitting.today() { "next day".to_owned() } else { format!("day {}", change.day) };
                let day = ui.painter().layout_no_wrap(day, narrow(), look.ink2);
                let value = clipped(ui, &value_words(lever, change.value.raw(), sitting), bold(), look.ink, 96.0);
                // A name that is too long for one line takes a second: cut off, two levers read alike.
                let room = ui.available_width() - 62.0 - value.size().x - 8.0;
                let name = in_two_lines(ui, lever.row().name, room, look);
                let tall = 21.0_f32.max(name.size().y + 3.0);
                let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), tall), Sense::click());
                response.widget_info(|| {
                    let name = format!("Show {}", lever.row().name);
                    egui::WidgetInfo::labeled(egui::WidgetType::Link, true, name)
                });
                let painter = ui.painter();
                let (right, middle) = (rect.right() - day.size().x, rect.right() - 62.0);
                let y = |h: f32| rect.center().y - h / 2.0;
                painter.galley(pos2(rect.left(), y(name.size().y)), name, look.ink);
                painter.galley(pos2(middle - value.size().x, y(value.size().y)), value, look.ink);
                painter.galley(pos2(right, y(day.size().y)), day, look.ink2);
                focus_ring(ui, &response, look);
                if response.on_hover_text(lever.row().name).on_hover_cursor(CursorIcon::PointingHand).clicked() {
                    view.reveal(lever);
                }
            }
        };
        if changes.len() > 6 {
            ScrollArea::vertical().max_height(130.0).id_salt("policy").show(ui, rows);
        } else {
            rows(ui);
        }
    });
}

/// Words in a line, or in two where one has no room for them.
fn in_two_lines(ui: &Ui, words: &str, room: f32, look: &Look) -> std::sync::Arc<egui::Galley> {
    let mut job = egui::text::LayoutJob::simple(words.to_owned(), narrow(), look.ink, room.max(8.0));
    job.wrap.max_rows = 2;
    ui.painter().layout_job(job)
}

/// Where every lever stands from today on, as moved and had the user not moved it: read once for a picture.
struct Stand {
    now: LeverSet,
    unchanged: LeverSet,
}

fn group(
    ui: &mut Ui,
    sitting: &Sitting,
    stand: &Stand,
    view: &mut LeversView,
    owner: &'static str,
    look: &Look,
    acts: &mut Vec<Act>,
) {
    let own: Vec<Lever> = Lever::ALL.iter().copied().filter(|lever| lever.row().owner == owner).collect();
    if own.is_empty() {
        return;
    }
    let open = view.open.contains(owner);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::click());
    let label =
        format!("{owner}, {}", if own.len() == 1 { "1 lever".to_owned() } else { format!("{} levers", own.len()) });
    response.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::CollapsingHeader, true, open, &label));
    if response.hovered() {
        ui.painter().rect_filled(rect, 0.0, look.raised);
    }
    let painter = ui.painter();
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, look.hairline));
    let y = rect.center().y;
    icon(painter, if open { Icon::Down } else { Icon::Right }, pos2(rect.left() + 18.0, y), look.ink2);
    let font = if open { bold() } else { body() };
    painter.text(pos2(rect.left() + 33.0, y), Align2::LEFT_CENTER, owner, font, look.ink);
    painter.text(pos2(rect.right() - 14.0, y), Align2::RIGHT_CENTER, own.len().to_string(), narrow(), look.ink2);
    let changed = own.iter().filter(|&&lever| sitting.branch().policy().any(|c| c.lever == lever)).count();
    if changed > 0 {
        let text = format!("{changed} changed");
        painter.text(pos2(rect.right() - 34.0, y), Align2::RIGHT_CENTER, text, bold(), look.you);
    }
    focus_ring(ui, &response, look);
    if response.on_hover_cursor(CursorIcon::PointingHand).clicked() {
        if open {
            view.open.remove(owner)
        } else {
            view.open.insert(owner)
        };
    }
    if open {
        for lever in own {
            lever_ui(ui, sitting, stand, view, lever, look, acts);
        }
        rule(ui, look);
    }
}

/// Where a lever's values lie on its slider, from 0 to 1, and back.
struct Scale {
    kind: Kind,
    low: f64,
    high: f64,
    today: i32,
    /// The value it snaps to.
    rest: f64,
}

/// Days ahead that a date can be set.
const DATES_AHEAD: f64 = 365.0;
/// Share of the slider of a date that stands for "off".
const OFF_SHARE: f64 = 0.08;

impl Scale {
    fn place(&self, value: f64) -> f32 {
        let t = match self.kind {
            Kind::Date if value <= OFF => 0.0,
            Kind::Date => OFF_SHARE + (1.0 - OFF_SHARE) * (value - f64::from(self.today)) / DATES_AHEAD,
            _ if self.high > self.low => (value - self.low) / (self.high - self.low),
            _ => 0.0,
        };
        t.clamp(0.0, 1.0) as f32
    }

    fn value(&self, t: f32) -> f64 {
        let t = f64::from(t.clamp(0.0, 1.0));
        match self.kind {
            Kind::Choice(_) => (self.low + t * (self.high - self.low)).round(),
            // Today itself lies on the border, and sliders reckon in fewer digits.
            Kind::Date if t < OFF_SHARE - 1e-5 => OFF,
            Kind::Date => f64::from(self.today) + ((t - OFF_SHARE) / (1.0 - OFF_SHARE) * DATES_AHEAD).round(),
            Kind::Number => {
                if (t - f64::from(self.place(self.rest))).abs() < 0.012 {
                    return self.rest;
                }
                let step = self.step();
                let value = self.low + ((t * (self.high - self.low)) / step).round() * step;
                // Steps in tenths and twentieths do not add up exactly; a value is the decimal that is shown.
                ((value * 1000.0).round() / 1000.0).clamp(self.low, self.high)
            }
        }
    }

    /// The least that the slider can be set to; for a date that is not to come.
    fn least(&self) -> f64 {
        if matches!(self.kind, Kind::Date) { OFF } else { self.low }
    }

    /// The most.
    fn most(&self) -> f64 {
        if matches!(self.kind, Kind::Date) { f64::from(self.today) + DATES_AHEAD } else { self.high }
    }

    fn step(&self) -> f64 {
        match self.kind {
            Kind::Choice(_) => 1.0,
            Kind::Date => 7.0,
            Kind::Number => match self.high - self.low {
                range if range <= 1.0 => 0.05,
                range if range <= 3.0 => 0.1,
                range if range <= 40.0 => 1.0,
                range if range <= 2_000.0 => 10.0,
                _ => 500.0,
            },
        }
    }

    fn moved(&self, value: f64, steps: f64) -> f64 {
        match self.kind {
            Kind::Date if value <= OFF && steps > 0.0 => f64::from(self.today),
            Kind::Date if value <= OFF => OFF,
            Kind::Date => {
                let moved = value + steps * self.step();
                if moved < f64::from(self.today) { OFF } else { moved.min(f64::from(self.today) + DATES_AHEAD) }
            }
            _ => {
                let moved = value + steps * self.step();
                ((moved * 1000.0).round() / 1000.0).clamp(self.low, self.high)
            }
        }
    }
}

fn lever_ui(
    ui: &mut Ui,
    sitting: &Sitting,
    stand: &Stand,
    view: &LeversView,
    lever: Lever,
    look: &Look,
    acts: &mut Vec<Act>,
) {
    let row = lever.row();
    let (value, rest) = (stand.now[lever], stand.unchanged[lever]);
    let mine = sitting.branch().policy().any(|change| change.lever == lever);
    let idle = view.idle_because(sitting, lever);
    let choice = matches!(row.kind, Kind::Choice(_));
    let height = height_of(ui, lever, value, sitting, idle.as_deref());
    let (rect, hover) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    if mine {
        ui.painter().rect_filled(rect, 0.0, look.raised);
        ui.painter().rect_filled(Rect::from_min_size(rect.min, vec2(3.0, height)), 0.0, look.you);
    }
    let inner = Rect::from_min_max(rect.min + vec2(12.0, 5.0), rect.max - vec2(14.0, 3.0));
    let top = inner.top() + 9.0;
    // The tag, the value, and what room is left for the name.
    let square = Rect::from_center_size(pos2(inner.right() - 9.0, top), Vec2::splat(18.0));
    // A child that leaves the cursor where it is: the next lever stands below this one, whatever the tag's height.
    tag(&mut ui.new_child(egui::UiBuilder::new().max_rect(square)), row.tag, look);
    if let Some(why) = idle {
        icon(ui.painter(), Icon::Lock, pos2(inner.left() + 7.0, top), look.ink3);
        let room = square.left() - inner.left() - 28.0;
        let name = name_galley(ui, row.name, room, look.ink3);
        let below = top - 9.0 + name.size().y + 2.0;
        ui.painter().galley(pos2(inner.left() + 20.0, top - 9.0), name, look.ink3);
        let why = ui.painter().layout(why, narrow(), look.ink3, inner.width() - 20.0);
        ui.painter().galley(pos2(inner.left() + 20.0, below), why, look.ink3);
        explain(ui, &hover, sitting, lever, look);
        return;
    }
    // The name never ends in dots: two levers could look alike. Where it needs the line, the value stands below it.
    let name = name_galley(ui, row.name, square.left() - 8.0 - inner.left(), look.ink);
    let words = clipped(ui, &value_words(lever, value, sitting), bold(), look.ink, inner.width() - 40.0);
    let unit = if matches!(row.kind, Kind::Number) { row.unit } else { "" };
    let unit = ui.painter().layout_no_wrap(unit.to_owned(), narrow(), look.ink2);
    let below = !choice && stands_below(ui, lever, value, sitting, &name, inner.width());
    let value_y = if below { top + LINE * name.rows.len() as f32 } else { top };
    let unit_room = unit.size().x + 4.0;
    let fits = unit.size().x > 0.0 && (below || name.size().x + words.size().x + unit_room + 36.0 < inner.width());
    let at = square.left() - 8.0 - if fits { unit_room } else { 0.0 } - words.size().x;
    if fits {
        ui.painter().galley(pos2(at + words.size().x + 4.0, value_y - unit.size().y / 2.0), unit, look.ink2);
    }
    let color = if mine { look.you } else { look.ink };
    ui.painter().galley(pos2(inner.left(), top - 9.0), name, look.ink);
    if !choice {
        ui.painter().galley_with_override_text_color(pos2(at, value_y - words.size().y / 2.0), words, color);
    }

    let scale = Scale { kind: row.kind, low: row.low, high: row.high, today: sitting.today(), rest };
    let reset_room = 24.0;
    let track =
        Rect::from_min_max(pos2(inner.left(), inner.bottom() - 20.0), pos2(inner.right() - reset_room, inner.bottom()));
    let response = match row.kind {
        Kind::Choice(options) => menu(ui, lever, options, value, mine, track, look, acts),
        _ => {
            let said =
                format!("{} {}", value_words(lever, value, sitting), if row.unit == "day" { "" } else { row.unit });
            slider(ui, lever, &scale, (value, said.trim().to_owned()), mine, track, look, acts)
        }
    };
    if mine {
        let at = pos2(inner.right() - 9.0, track.center().y);
        let rect = Rect::from_center_size(at, Vec2::splat(20.0));
        let back = ui.interact(rect, ui.id().with(("reset", lever)), Sense::click());
        back.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, format!("Reset {}", row.name)));
        icon(ui.painter(), Icon::Reset, at, look.you);
        focus_ring(ui, &back, look);
        if back.on_hover_text("Back to what it was").on_hover_cursor(CursorIcon::PointingHand).clicked() {
            acts.push(Act::ResetLever(lever));
        }
    }
    let focused = response.has_focus() && ui.memory(|m| m.focused() == Some(response.id));
    if focused && !response.dragged() && !response.hovered() {
        let mut card = beside(&response, ui);
        card.popup = card.popup.open(true);
        card.show(|ui| about(ui, sitting, lever, look));
    } else {
        explain(ui, &hover, sitting, lever, look);
    }
}

/// Height of a line of a name.
const LINE: f32 = 19.0;

/// A name in as many lines as it needs.
fn name_galley(ui: &Ui, name: &str, width: f32, color: egui::Color32) -> std::sync::Arc<egui::Galley> {
    ui.painter().layout(name.to_owned(), body(), color, width.max(40.0))
}

/// Whether a value has no room beside a name. That of the widest value counts: a lever that is moved keeps its height.
fn stands_below(ui: &Ui, lever: Lever, value: f64, sitting: &Sitting, name: &egui::Galley, width: f32) -> bool {
    let row = lever.row();
    let ends = match row.kind {
        Kind::Number => vec![value_words(lever, row.low, sitting), value_words(lever, row.high, sitting)],
        _ => vec!["28 Sep 2025".to_owned()],
    };
    let wide = |text: String| ui.painter().layout_no_wrap(text, bold(), egui::Color32::WHITE).size().x;
    let widest = ends.into_iter().chain([value_words(lever, value, sitting)]).map(wide).fold(0.0, f32::max);
    name.rows.len() > 1 || name.size().x + widest + 36.0 > width
}

/// The height of a lever: one line more where name and value do not stand side by side.
fn height_of(ui: &Ui, lever: Lever, value: f64, sitting: &Sitting, idle: Option<&str>) -> f32 {
    let row = lever.row();
    let width = ui.available_width() - 26.0;
    let choice = matches!(row.kind, Kind::Choice(_));
    if let Some(why) = idle {
        let name = name_galley(ui, row.name, width - 46.0, egui::Color32::WHITE).rows.len();
        let why = ui.painter().layout(why.to_owned(), narrow(), egui::Color32::WHITE, width - 20.0).rows.len();
        return 46.0 + LINE * (name + why).saturating_sub(2) as f32;
    }
    let name = name_galley(ui, row.name, width - 26.0, egui::Color32::WHITE);
    let below = !choice && stands_below(ui, lever, value, sitting, &name, width);
    let lines = name.rows.len() - usize::from(!below);
    50.0 + LINE * lines as f32 + if choice { 6.0 } else { 0.0 }
}

/// A choice as a menu: every stop by its name.
fn menu(
    ui: &mut Ui,
    lever: Lever,
    options: &[&str],
    value: f64,
    mine: bool,
    room: Rect,
    look: &Look,
    acts: &mut Vec<Act>,
) -> Response {
    let name = lever.row().name;
    let said = |i: usize| options.get(i).map_or_else(String::new, |option| option_words(lever, option));
    let now = value.round().max(0.0) as usize;
    let room = room.expand2(vec2(0.0, 3.0));
    let mut inner = ui.new_child(egui::UiBuilder::new().max_rect(room).id_salt(("choice", lever)));
    let color = if mine { look.you } else { look.ink };
    let shown = egui::ComboBox::from_id_salt(("choice", lever))
        .width(room.width() - 4.0)
        .truncate()
        .selected_text(egui::RichText::new(said(now)).color(color))
        .show_ui(&mut inner, |ui| {
            for i in 0..options.len() {
                if ui.selectable_label(i == now, said(i)).clicked() && i != now {
                    acts.push(Act::SetLever(lever, i as f64));
                    acts.push(Act::EndStep);
                }
            }
        });
    let response = shown.response;
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::WidgetType::ComboBox, true, name);
        info.current_text_value = Some(said(now));
        info
    });
    if response.has_focus() && ui.input(|i| i.key_pressed(Key::Delete)) {
        acts.push(Act::ResetLever(lever));
    }
    focus_ring(ui, &response, look);
    response
}

/// An option in words, with its unit where it is a number.
fn option_words(lever: Lever, option: &str) -> String {
    let words = option.replace('_', " ").replace('+', " + ");
    let numbered = option.parse::<f64>().is_ok();
    if numbered { format!("{words} {}", lever.row().unit) } else { words }
}

fn slider(
    ui: &Ui,
    lever: Lever,
    scale: &Scale,
    (value, words): (f64, String),
    mine: bool,
    track: Rect,
    look: &Look,
    acts: &mut Vec<Act>,
) -> Response {
    let response = ui.interact(track, ui.id().with(("lever", lever)), Sense::click_and_drag());
    let name = lever.row().name;
    response.widget_info(|| egui::WidgetInfo::slider(true, value, name));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_min_numeric_value(scale.least());
        node.set_max_numeric_value(scale.most());
        node.set_description(words);
        for action in [Action::Increment, Action::Decrement, Action::SetValue] {
            node.add_action(action);
        }
    });
    let (left, right, y) = (track.left() + 7.0, track.right() - 7.0, track.center().y);
    let at = |t: f32| left + t * (right - left);
    let mut set = |new: f64| {
        if new.to_bits() != value.to_bits() {
            acts.push(Act::SetLever(lever, new));
        }
    };
    // Where a picture takes long, a press and its release come in one frame: a click, and never seen as a press.
    let touched = response.is_pointer_button_down_on() || response.clicked();
    if let Some(pointer) = response.interact_pointer_pos().filter(|_| touched) {
        set(scale.value((pointer.x - left) / (right - left)));
    }
    let wished = super::draw::wished(ui, &response);
    if wished.steps.abs() > 0.0 {
        set(scale.moved(value, wished.steps));
    }
    if let Some(number) = wished.value {
        set(scale.value(scale.place(number)));
    }
    if response.has_focus() {
        let filter = egui::EventFilter { horizontal_arrows: true, ..egui::EventFilter::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
        let pressed = |key| ui.input(|i| i.num_presses(key)) as f64;
        let steps = pressed(Key::ArrowRight) - pressed(Key::ArrowLeft);
        if steps.abs() > 0.0 {
            set(scale.moved(value, steps));
        }
        if ui.input(|i| i.key_pressed(Key::Delete)) {
            acts.push(Act::ResetLever(lever));
        }
    }
    if response.drag_stopped() || response.clicked() || wished.value.is_some() {
        acts.push(Act::EndStep);
    }
    let painter = ui.painter();
    // The tick stands at the default of the table; the coloured part begins where the lever would be without the policy.
    let (here, home, default) =
        (at(scale.place(value)), at(scale.place(scale.rest)), at(scale.place(lever.row().default)));
    let thick = |a: f32, b: f32, color| {
        let rect = Rect::from_min_max(pos2(a.min(b), y - 1.5), pos2(a.max(b), y + 1.5));
        painter.rect_filled(rect, 1.5, color);
    };
    thick(left, right, look.strong);
    if mine {
        thick(home, here, look.you);
    } else {
        thick(left, here, look.ink2);
    }
    painter.vline(default, y - 6.0..=y + 6.0, Stroke::new(1.5, look.ink));
    let knob: Pos2 = pos2(here, y);
    let ring = if response.hovered() || response.dragged() { 7.0 } else { 6.0 };
    if mine {
        painter.circle_filled(knob, ring, look.you);
    } else {
        painter.circle(knob, ring, look.panel, Stroke::new(1.8, mix(look.ink, look.panel, 0.15)));
    }
    focus_ring(ui, &response, look);
    response.on_hover_cursor(CursorIcon::PointingHand)
}

/// A card to the right of the panel: never over the lever that is moved next.
fn beside<'a>(response: &'a Response, ui: &Ui) -> egui::Tooltip<'a> {
    let mut card = egui::Tooltip::for_enabled(response);
    let panel = ui.clip_rect();
    let row = Rect::from_x_y_ranges(response.rect.left()..=panel.right(), response.rect.y_range());
    card.popup =
        card.popup.anchor(row).align(egui::RectAlign::RIGHT_START).align_alternatives(&[egui::RectAlign::RIGHT_END]);
    card.gap(10.0)
}

fn explain(ui: &Ui, hover: &Response, sitting: &Sitting, lever: Lever, look: &Look) {
    // While a lever is moved, its card would lie over what it moves.
    if !ui.input(|i| i.pointer.any_down()) {
        beside(hover, ui).show(|ui| about(ui, sitting, lever, look));
    }
}

/// What a lever touches, which claim it tests, its range and where its default comes from.
fn about(ui: &mut Ui, sitting: &Sitting, lever: Lever, look: &Look) {
    let row = lever.row();
    ui.set_max_width(330.0);
    ui.horizontal(|ui| {
        ui.label(strong(row.name));
        ui.label(quiet(row.owner, look));
    });
    egui::Grid::new("about").num_columns(2).spacing(vec2(10.0, 3.0)).show(ui, |ui| {
        let mut line = |name: &str, text: String| {
            ui.label(quiet(name, look));
            ui.add(egui::Label::new(egui::RichText::new(text).font(narrow())).wrap());
            ui.end_row();
        };
        line("Touches", capital(row.touches));
        if let Some(when) = lever.acts_only() {
            line("Acts only", when.to_owned());
        }
        for claim in row.tested() {
            line("Tests", format!("{}, {}", claim.id, claim.name));
        }
        line("Essay", capital(row.essay));
        line(
            "Range",
            match row.kind {
                Kind::Number => format!("{} to {} {}", short_number(row.low), short_number(row.high), row.unit),
                Kind::Choice(options) => options.join(", "),
                Kind::Date => "any day from today, or off".to_owned(),
            },
        );
        let default = value_words(lever, row.default, sitting);
        line("Default", format!("{default} · {:?}, {}", row.tag, row.tag.words()));
        line("Source", capital(row.origin()));
        for (who, value) in departures(sitting, lever) {
            line(who, value_words(lever, value, sitting));
        }
    });
}

/// Who has made something else of a lever than its default, and what: the scenario, moves before the fork.
fn departures(sitting: &Sitting, lever: Lever) -> Vec<(&'static str, f64)> {
    let scenario = detente_model::record::outcome::levers_on(&sitting.rules.frame, &[], sitting.today())[lever];
    let unchanged = sitting.lever_unchanged(lever);
    let earlier = sitting.branch().unchanged().iter().any(|change| change.lever == lever);
    let differs = |a: f64, b: f64| a.to_bits() != b.to_bits();
    let mut list = Vec::new();
    if differs(scenario, lever.row().default) {
        list.push(("Scenario", scenario));
    }
    if earlier {
        list.push(("Your earlier move", unchanged));
    } else if differs(unchanged, scenario) {
        list.push(("Administration", unchanged));
    }
    list
}

fn short_number(value: f64) -> String {
    if value.abs() >= 1000.0 { count(value) } else { format!("{value}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::symbols::levers::LEVERS;

    #[test]
    fn every_lever_stands_in_a_group() {
        for row in LEVERS {
            assert!(OWNERS.contains(&row.owner), "{} of {}", row.id, row.owner);
        }
    }

    #[test]
    fn sliders_give_admissible_values_all_along_and_reach_both_ends() {
        for &lever in Lever::ALL {
            let row = lever.row();
            let scale = Scale { kind: row.kind, low: row.low, high: row.high, today: 40, rest: row.default };
            for i in 0..=1000 {
                lever.admit(scale.value(i as f32 / 1000.0)).unwrap();
            }
            if row.kind != Kind::Date {
                assert!(
                    (scale.value(0.0) - row.low).abs() < 1e-9 && (scale.value(1.0) - row.high).abs() < 1e-9,
                    "{}",
                    row.id
                );
            }
            let mut value = row.default;
            for _ in 0..200 {
                value = scale.moved(value, 1.0);
                lever.admit(value).unwrap();
                assert!((scale.value(scale.place(value)) - value).abs() <= scale.step(), "{} at {value}", row.id);
            }
        }
    }

    /// The default is the table's, with the table's tag; what else stands there is said as what it is.
    #[test]
    fn what_a_lever_was_before_is_not_called_its_default() {
        let mut s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 7);
        assert_eq!(departures(&s, Lever::UnifilTroops), []);
        s.go_to(10);
        s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
        assert_eq!(departures(&s, Lever::UnifilTroops), []);
        s.go_to(20);
        s.fork("B").unwrap();
        assert_eq!(departures(&s, Lever::UnifilTroops), [("Your earlier move", 15_000.0)]);
        s.show(0);
        s.go_to(s.rules.frame.administration.unwrap() + 5);
        let steered = departures(&s, Lever::SanctionsPressure);
        assert!(steered.iter().any(|(who, _)| *who == "Administration"), "{steered:?}");
        let other = Sitting::new(detente_model::scenario::load("full-1701").unwrap(), 7);
        assert_eq!(departures(&other, Lever::UnifilTroops).first().map(|(who, _)| *who), Some("Scenario"));
    }

    #[test]
    fn options_have_words_and_units() {
        assert_eq!(option_words(Lever::IranEnrichmentCap, "3.67"), "3.67 % U-235");
        assert_eq!(option_words(Lever::IranEnrichmentCap, "none"), "none");
        assert_eq!(option_words(Lever::IsraelTargetSet, "military+energy"), "military + energy");
        assert_eq!(option_words(Lever::Administration, "max_pressure"), "max pressure");
    }

    #[test]
    fn a_roadmap_that_is_signed_is_not_signed_again() {
        let mut s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 7);
        let view = LeversView::new(&s.rules);
        s.go_to(2);
        assert_eq!(view.idle_because(&s, Lever::SignRoadmap), None);
        s.set_lever(Lever::SignRoadmap, 4.0).unwrap();
        s.go_to(6);
        let signed = LeversView::is_signed(&s);
        assert!(signed && view.idle_because(&s, Lever::SignRoadmap).is_some());
    }
}
