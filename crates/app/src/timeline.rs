//! The timeline: a strip of intensity per front, strategic events, lever changes, branches, and a playhead that can be
//! dragged both ways.

use super::act::Act;
use super::branches::{BranchList, branch_button};
use super::chart::months;
use super::draw::{bold, clipped, dashed, focus_ring, narrow};
use super::futures::peg;
use super::look::{Look, faint};
use bevy_egui::egui::accesskit::Action;
use bevy_egui::egui::{
    self, Align2, Color32, CursorIcon, Key, Painter, Pos2, Rect, Sense, Shape, Stroke, Ui, Vec2, pos2, vec2,
};
use detente_model::record::recorder::EventId;
use detente_model::scenario::raw::LadderRule;
use detente_model::sim::event::{Event, EventKind};
use detente_model::sim::rules::Rules;
use detente_model::sim::state::{Status, StrikeKind};
use detente_session::sitting::LAST_DAY;
use detente_session::{History, Sitting};

/// Intensities of every front on every day, from 0 to 1, kept as the history grows.
#[derive(Default)]
pub struct Strips {
    key: (u32, u64),
    days: Vec<Vec<f32>>,
    truce: Vec<Vec<bool>>,
}

/// Fire at which a strip is at its height, events a day.
const FULL: f64 = 80.0;

impl Strips {
    /// Reads a history that has changed.
    fn refresh(&mut self, sitting: &Sitting, branch: usize) {
        let b = &sitting.branches()[branch];
        let key = (b.id, sitting.revision());
        if self.key == key && self.days.len() == b.history.rows.len() {
            return;
        }
        let rules = &sitting.rules;
        let stage = sitting.stage();
        let events: Vec<Vec<usize>> = rules
            .fronts
            .iter()
            .map(|f| {
                f.streams
                    .iter()
                    .filter_map(|&s| stage.column(&format!("events.{}", rules.streams[s].id.text)))
                    .collect()
            })
            .collect();
        let status: Vec<Option<usize>> = rules
            .fronts
            .iter()
            .map(|f| f.table.and_then(|t| stage.column(&format!("status.{}", rules.tables[t].id.text))))
            .collect();
        let scale = |fire: f64| (libm::log1p(fire) / libm::log1p(FULL)).min(1.0) as f32;
        self.days.clear();
        self.truce.clear();
        for row in &b.history.rows {
            self.days.push(events.iter().map(|list| scale(list.iter().map(|&c| row[c]).sum())).collect());
            let held = Status::InForce as u8;
            self.truce.push(status.iter().map(|c| c.is_some_and(|c| row[c] as u8 == held)).collect());
        }
        for (id, event) in &b.history.events {
            let Event::Struck(s) = event else { continue };
            // Where it fell, as the log and the tables have it: a blow at an ally is none between the two states.
            let of = event.about(rules).front;
            let size = match s.kind {
                StrikeKind::Salvo | StrikeKind::BaseSalvo => f64::from(s.rounds.iter().sum::<u32>()),
                _ => 20.0 * s.magnitude.max(0.2),
            };
            if let (Some(f), Some(day)) = (of, self.days.get_mut(id.day as usize)) {
                day[f] = day[f].max(scale(size));
            }
        }
        self.key = key;
    }
}

/// What is kept between frames.
#[derive(Default)]
pub struct TimelineView {
    strips: Strips,
    other: Strips,
    /// What the pointer holds, from press to release, and the last day that was shown at the press: while it is held the
    /// same place means the same day.
    held: Option<(Grip, i32)>,
    /// A day that is being typed.
    typed: Option<String>,
    /// Events of one spot, to be chosen from.
    list: Option<(Pos2, Vec<EventId>)>,
    /// The list of branches, while it is open.
    branches: Option<BranchList>,
}

/// What the pointer came down on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grip {
    /// The days.
    Day,
    /// The pill with the day: a click without a drag lets it be typed.
    Pill,
    /// Marks of events: a click without a drag tells of them.
    Marks,
    /// The line of a branch: a click shows it, and no day moves.
    Branch(usize),
}

/// The last day shown: as at the press for as long as the pointer is down, else with room beyond what was played.
fn last_shown(held: Option<(Grip, i32)>, played: i32) -> i32 {
    held.map_or_else(|| reach(played), |(_, end)| end)
}

/// The day under a pointer while it drags.
fn dragged_to(span: &Span, x: f32) -> i32 {
    span.day(x).round().clamp(0.0, span.end.min(f64::from(LAST_DAY))) as i32
}

/// A day as it is typed: a number, or a date like 2025-02-15.
fn day_typed(text: &str, start: jiff::civil::Date) -> Option<i32> {
    let text = text.trim().trim_start_matches("day").trim();
    let date = || text.parse::<jiff::civil::Date>().ok().map(|date| (date - start).get_days());
    text.parse().ok().or_else(date).filter(|day| (0..=LAST_DAY).contains(day))
}

/// How an event is marked, the small signs first: large ones are drawn over them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    /// Anything else: a dot.
    Other,
    /// An answer is owed, or lapses: a ring.
    Owed,
    /// A level moved.
    Step {
        up: bool,
    },
    Vote,
    Spoiler,
    Blow,
    Salvo,
    War,
    Signed,
    Collapsed,
}

/// What the signs mean, in words.
const SIGNS: &str = "Circle: an agreement is signed. Cross: one ends. Triangle: a strike or a salvo. Diamond: a strike on a \
                     leadership. Hollow triangle: a group left out attacks. Square: a vote at the UN. Two bars: daily \
                     exchanges begin or end. Below them, small: a level rises or falls (arrowheads), an answer is owed or \
                     lapses (rings), anything else (dots).";

/// Whether events of a kind have a sign.
#[must_use]
pub fn is_signed(kind: EventKind) -> bool {
    sign_of(kind).is_some()
}

fn sign(event: &Event) -> Option<Sign> {
    sign_of(event.kind())
}

const fn sign_of(kind: EventKind) -> Option<Sign> {
    Some(match kind {
        EventKind::Signed => Sign::Signed,
        EventKind::Collapsed => Sign::Collapsed,
        EventKind::Salvo | EventKind::Preventive | EventKind::AirStrike | EventKind::BaseSalvo => Sign::Salvo,
        EventKind::Blow => Sign::Blow,
        EventKind::Spoiler => Sign::Spoiler,
        EventKind::WarBegan | EventKind::WarEnded => Sign::War,
        EventKind::CouncilVote | EventKind::AssemblyVote => Sign::Vote,
        EventKind::AnswerOwed | EventKind::AnswerLapsed | EventKind::AnswerSettled => Sign::Owed,
        EventKind::StepUp => Sign::Step { up: true },
        EventKind::StepDown => Sign::Step { up: false },
        // Levers have their pegs on the branch, fire its strips.
        EventKind::Lever | EventKind::Fire => return None,
        _ => Sign::Other,
    })
}

impl Sign {
    /// Whether it stands in the lower, small row.
    fn is_small(self) -> bool {
        self < Self::Vote
    }
}

/// Marks nearer than this to the pointer are meant by it, pixels.
const NEAR: f32 = 5.0;

/// Which of the marks a pointer at `x` means, in order of days.
fn meant(marks: &[(Sign, EventId, Color32)], span: &Span, x: f32) -> Vec<EventId> {
    let near = |id: &EventId| (span.x(f64::from(id.day) + 0.5) - x).abs() <= NEAR;
    marks.iter().map(|(_, id, _)| *id).filter(near).collect()
}

fn draw_sign(painter: &Painter, sign: Sign, at: Pos2, side: Color32, look: &Look) {
    match sign {
        Sign::Signed => {
            painter.circle_filled(at, 4.2, look.un);
        }
        Sign::Collapsed => cross(painter, at, 4.0, look.ink),
        Sign::Salvo => {
            let points = vec![at + vec2(0.0, -4.6), at + vec2(4.8, 4.0), at + vec2(-4.8, 4.0)];
            painter.add(Shape::convex_polygon(points, side, Stroke::NONE));
        }
        Sign::Vote => {
            painter.rect_filled(Rect::from_center_size(at, Vec2::splat(7.0)), 0.0, look.ink2);
        }
        Sign::Blow => {
            let points = [vec2(0.0, -5.2), vec2(4.4, 0.0), vec2(0.0, 5.2), vec2(-4.4, 0.0)].map(|d| at + d);
            painter.add(Shape::convex_polygon(points.to_vec(), side, Stroke::new(1.0, look.panel)));
        }
        Sign::Spoiler => {
            let points = [vec2(0.0, -4.4), vec2(4.4, 3.6), vec2(-4.4, 3.6)].map(|d| at + d);
            painter.add(Shape::convex_polygon(points.to_vec(), look.panel, Stroke::new(1.5, side)));
        }
        Sign::War => {
            for x in [-2.2, 2.2] {
                painter.vline(at.x + x, at.y - 5.5..=at.y + 5.5, Stroke::new(2.2, look.iran));
            }
        }
        Sign::Step { up } => {
            let (tip, foot) = if up { (-2.0, 2.0) } else { (2.0, -2.0) };
            let points = [vec2(-2.6, foot), vec2(0.0, tip), vec2(2.6, foot)].map(|d| at + d);
            painter.add(Shape::line(points.to_vec(), Stroke::new(1.3, look.ink2)));
        }
        Sign::Owed => {
            painter.circle_stroke(at, 2.0, Stroke::new(1.1, look.ink2));
        }
        Sign::Other => {
            painter.circle_filled(at, 1.5, look.ink2);
        }
    }
}

fn cross(painter: &Painter, at: Pos2, r: f32, color: Color32) {
    let line = Stroke::new(1.8, color);
    painter.line_segment([at + vec2(-r, -r), at + vec2(r, r)], line);
    painter.line_segment([at + vec2(r, -r), at + vec2(-r, r)], line);
}

/// Short name of a front for a label: its id.
fn label(rules: &Rules, front: usize) -> &str {
    &rules.fronts[front].id.text
}

/// Fronts in the order in which they are shown where there is no room for all. It is the scenario's and not the history's, so that a
/// row stays where it is while days are played and branches change: first those whose level follows direct fire between states, whose
/// marks stand in the row of events and are asked about; then by the level at the start, and among equals by the fire at the start.
fn foremost(rules: &Rules) -> Vec<usize> {
    let direct = |f: usize| rules.fronts[f].ladder == LadderRule::Exchange;
    let fire = |f: usize| rules.fronts[f].streams.iter().map(|&s| rules.streams[s].mu).sum::<f64>();
    let mut order: Vec<usize> = (0..rules.fronts.len()).collect();
    order.sort_by(|&a, &b| {
        let levels = || rules.fronts[b].level.cmp(&rules.fronts[a].level);
        direct(b).cmp(&direct(a)).then_with(levels).then_with(|| fire(b).total_cmp(&fire(a))).then(a.cmp(&b))
    });
    order
}

/// The last day that the timeline shows: what was played and some room to drag to, in whole quarters, so that it seldom
/// jumps.
fn reach(played: i32) -> i32 {
    const QUARTER: i32 = 91;
    let quarters = ((played + QUARTER / 2 + QUARTER - 1) / QUARTER).max(2);
    (quarters * QUARTER).min(LAST_DAY.max(played)) + 1
}

/// The whole timeline. `other` is a branch to show in the lower half of every strip.
pub fn timeline_ui(
    ui: &mut Ui,
    sitting: &Sitting,
    view: &mut TimelineView,
    other: Option<usize>,
    note: Option<&str>,
    look: &Look,
    acts: &mut Vec<Act>,
) {
    let rules = &sitting.rules;
    view.strips.refresh(sitting, sitting.current());
    if let Some(other) = other {
        view.other.refresh(sitting, other);
    }
    let whole = ui.available_rect_before_wrap();
    let (left, right) = (whole.left() + 84.0, whole.right() - 14.0);
    let played = sitting.branches().iter().map(|b| b.history.days()).max().unwrap_or(0);
    let end = last_shown(view.held, played.max(sitting.today()));
    let span = Span { left, right, end: f64::from(end) };

    // Everything is one draggable surface; marks on it answer to the pointer first.
    let surface = Rect::from_min_max(pos2(left - 8.0, whole.top()), pos2(right + 8.0, whole.bottom()));
    let response = ui.interact(surface, ui.id().with("timeline"), Sense::click_and_drag());
    response.widget_info(|| egui::WidgetInfo::slider(true, f64::from(sitting.today()), "Day"));
    if response.has_focus() {
        keys(ui, &response, sitting, acts);
    }
    let date = rules.date(sitting.today()).strftime("%-d %B %Y").to_string();
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_min_numeric_value(0.0);
        node.set_max_numeric_value(f64::from(end));
        node.set_description(format!("day {}, {date}", sitting.today()));
        for action in [Action::Increment, Action::Decrement, Action::SetValue] {
            node.add_action(action);
        }
    });
    let wished = super::draw::wished(ui, &response);
    if wished.steps.abs() > 0.0 {
        acts.push(Act::Step(wished.steps as i32));
    }
    acts.extend(wished.value.map(|day| Act::GoTo(day.round().clamp(0.0, f64::from(LAST_DAY)) as i32)));
    let painter = ui.painter_at(whole);

    // The playhead's day, where no month is written.
    let day = painter.layout_no_wrap(format!("day {}", sitting.today()), bold(), look.on_ink());
    let x = span.x(f64::from(sitting.today()));
    let center = x.clamp(left - 8.0 + day.size().x / 2.0, right + 4.0 - day.size().x / 2.0);
    let pill = Rect::from_center_size(pos2(center, whole.top() + 11.0), day.size() + vec2(16.0, 3.0));

    // Months.
    let mut free = f32::MIN;
    let first = format!("{}", rules.frame.start.strftime("%-d %b"));
    let ticks = std::iter::once((0.0, first)).chain(months(rules.frame.start, 1.0, f64::from(end), right - left));
    for (day, text) in ticks {
        let x = span.x(day);
        painter.vline(x, whole.top() + 22.0..=whole.bottom(), Stroke::new(1.0, look.hairline));
        let galley = painter.layout_no_wrap(text, narrow(), look.ink2);
        let words = Rect::from_min_size(pos2(x, whole.top() + 3.0), galley.size());
        if x > free && words.right() < right + 10.0 && !words.expand(3.0).intersects(pill) {
            free = words.right() + 12.0;
            painter.galley(words.min, galley, look.ink2);
        }
    }

    // Strips, as many as there is room for.
    // A branch alone takes one lane.
    let lanes = if sitting.branches().len() > 1 { 40.0 } else { 26.0 };
    let (events_height, branches_height) = (23.0, if whole.height() > 120.0 { lanes } else { 0.0 });
    let room = whole.height() - 24.0 - events_height - branches_height - 6.0;
    let fit = ((room / 13.0) as usize).clamp(1, rules.fronts.len());
    let mut shown: Vec<usize> = if fit >= rules.fronts.len() {
        (0..rules.fronts.len()).collect()
    } else {
        let mut some = foremost(rules);
        some.truncate(fit);
        some
    };
    shown.sort_by_key(|&f| order_of(&rules.fronts[f].id.text));
    let left_out: Vec<&str> = (0..rules.fronts.len()).filter(|f| !shown.contains(f)).map(|f| label(rules, f)).collect();
    let beyond = if left_out.is_empty() {
        String::new()
    } else {
        format!("\nA higher window shows, too: {}", left_out.join(", "))
    };
    let row = (room / fit as f32).min(18.0);
    let mut y = whole.top() + 25.0;
    for &front in &shown {
        let strip = Rect::from_min_max(pos2(left, y), pos2(right, y + row - 2.0));
        painter.rect_filled(strip, 0.0, faint(look.raised, 0.8));
        let code = painter.text(
            pos2(left - 10.0, strip.center().y),
            Align2::RIGHT_CENTER,
            label(rules, front),
            narrow(),
            look.ink,
        );
        let named = ui.interact(code, ui.id().with(("front", front)), Sense::hover());
        named.on_hover_text(format!("{}: {}{beyond}", rules.fronts[front].id.text, rules.fronts[front].name));
        if other.is_some() {
            let half = strip.height() / 2.0;
            let (upper, lower) = strip.split_top_bottom_at_y(strip.top() + half);
            bars(&painter, &view.strips, front, upper, &span, look);
            bars(&painter, &view.other, front, lower, &span, look);
        } else {
            bars(&painter, &view.strips, front, strip, &span, look);
        }
        y += row;
    }

    // Events: the weighty ones large, the others small below them.
    let (events_y, small_y) = (y + 8.0, y + 18.0);
    let words = painter.text(pos2(left - 10.0, events_y), Align2::RIGHT_CENTER, "Events", narrow(), look.ink2);
    ui.interact(words, ui.id().with("signs"), Sense::hover()).on_hover_text(SIGNS);
    let side = |event: &Event| match event {
        Event::Struck(strike) => look.of(super::why::side::side_of(sitting, usize::from(strike.actor))),
        Event::Spoiler { actor, .. } => look.of(super::why::side::side_of(sitting, usize::from(*actor))),
        _ => look.ink,
    };
    let marks = marks(&sitting.branch().history, side);
    let row_of_events = Rect::from_min_max(pos2(left - 8.0, y), pos2(right + 8.0, y + events_height));
    let pointer = response.hover_pos().filter(|p| row_of_events.contains(*p) && !pill.contains(*p));
    let pointed = pointer.map(|p| meant(&marks, &span, p.x)).unwrap_or_default();
    let mut last_x = f32::MIN;
    let mut signs: Vec<_> = marks.iter().collect();
    signs.sort_by_key(|(sign, id, _)| (*sign, *id));
    let mut drawn: Option<(Sign, f32)> = None;
    for (kind, id, color) in signs {
        let at = pos2(span.x(f64::from(id.day) + 0.5), if kind.is_small() { small_y } else { events_y });
        last_x = last_x.max(at.x);
        // Of equal signs side by side one is seen as well as three.
        if drawn.is_none_or(|(sign, x)| sign != *kind || at.x - x >= 3.0 || *kind > Sign::Salvo) {
            draw_sign(&painter, *kind, at, *color, look);
            drawn = Some((*kind, at.x));
        }
    }

    // What is still to come.
    let shown_until = other.map_or(0, |b| sitting.branches()[b].history.days()).max(sitting.branch().history.days());
    let until = span.x(f64::from(shown_until));
    let (long, brief) = ("not yet played: see the fans in Futures", "not yet played");
    if right - until > 110.0 {
        let middle = pos2((until + right) / 2.0, whole.top() + 25.0 + row * shown.len() as f32 / 2.0);
        painter.text(
            middle,
            Align2::CENTER_CENTER,
            if right - until > 280.0 { long } else { brief },
            narrow(),
            look.ink2,
        );
    }
    if let Some(note) = note.filter(|note| !note.is_empty()) {
        // In the row of events, behind the last one; where that has no room, the menu of the bar says it.
        let galley = painter.layout_no_wrap(note.to_owned(), narrow(), look.ink2);
        let place = Rect::from_min_size(
            pos2(whole.right() - galley.size().x - 10.0, events_y - galley.size().y / 2.0),
            galley.size(),
        );
        if place.left() > until.max(last_x).max(x) + 8.0 {
            let quiet = ui.interact(place, ui.id().with("note"), Sense::hover());
            quiet.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, note));
            painter.galley(place.min, galley, look.ink2);
        }
    }

    // The playhead; names of branches lie over it.
    painter.vline(x, whole.top() + 18.0..=whole.bottom(), Stroke::new(2.0, look.ink));
    let mut lines = Vec::new();
    if branches_height > 0.0 {
        lines = branches(ui, &painter, sitting, other, y + events_height, &span, whole, look, acts);
        let button = Rect::from_min_max(
            pos2(whole.left() + 2.0, y + events_height + 1.0),
            pos2(left - 6.0, y + events_height + 24.0),
        );
        branch_button(ui, sitting, &mut view.branches, button, look, acts);
    }
    painter.rect_filled(pill, 4.0, look.ink);
    painter.galley(pill.center() - day.size() / 2.0, day, look.on_ink());
    focus_ring(ui, &response, look);

    let under = Under { span: &span, pill, pointed: &pointed, lines: &lines };
    let dragging = response.dragged() && ui.input(|i| i.pointer.is_decidedly_dragging());
    hold(view, &response, &under, dragging, acts);
    tell(&response, sitting, &pointed);
    if view.typed.is_some() {
        type_day(ui, sitting, view, pill, acts);
    }
    if view.list.is_some() {
        list_events(ui, sitting, view, look, acts);
    }
    response.on_hover_cursor(if pointed.is_empty() { CursorIcon::ResizeHorizontal } else { CursorIcon::PointingHand });
}

/// What lies under the pointer on the timeline.
struct Under<'a> {
    span: &'a Span,
    pill: Rect,
    pointed: &'a [EventId],
    /// Lines of branches, by position.
    lines: &'a [(Rect, usize)],
}

impl Under<'_> {
    fn grip(&self, p: Pos2) -> Grip {
        let line = self.lines.iter().find(|(rect, _)| rect.contains(p));
        match line {
            _ if self.pill.contains(p) => Grip::Pill,
            Some((_, branch)) => Grip::Branch(*branch),
            None if !self.pointed.is_empty() => Grip::Marks,
            None => Grip::Day,
        }
    }
}

/// What a press on the days does until it is released.
fn hold(view: &mut TimelineView, response: &egui::Response, under: &Under<'_>, dragging: bool, acts: &mut Vec<Act>) {
    // Without a place it is a click by key, and those have their own meaning.
    let Some(p) = response.interact_pointer_pos() else {
        view.held = None;
        return;
    };
    let (mut grip, end) = view.held.unwrap_or_else(|| (under.grip(p), under.span.end as i32));
    if dragging && !matches!(grip, Grip::Branch(_)) {
        grip = Grip::Day;
    }
    if response.clicked() {
        match (grip, under.pointed) {
            (Grip::Marks, [id]) => go_and_explain(*id, acts),
            (Grip::Marks, [_, _, ..]) => view.list = Some((p, under.pointed.to_vec())),
            (Grip::Pill, _) => view.typed = Some(String::new()),
            (Grip::Branch(branch), _) => acts.push(Act::Show(branch)),
            _ => {}
        }
    }
    let down = response.is_pointer_button_down_on();
    if grip == Grip::Day && (down || response.clicked()) {
        acts.push(Act::GoTo(dragged_to(under.span, p.x)));
    }
    view.held = down.then_some((grip, end));
}

fn go_and_explain(id: EventId, acts: &mut Vec<Act>) {
    acts.push(Act::GoTo(id.day + 1));
    acts.push(Act::Explain(id));
}

/// Says what the pointer is on, and what a click would do.
fn tell(response: &egui::Response, sitting: &Sitting, pointed: &[EventId]) {
    if pointed.is_empty() || response.is_pointer_button_down_on() {
        return;
    }
    let mut lines: Vec<String> = pointed.iter().take(3).map(|id| said(sitting, *id)).collect();
    match pointed.len() {
        1 => lines.push("Click: go to that evening, and see why.".to_owned()),
        n => {
            lines.extend((n > 3).then(|| format!("and {} more", n - 3)));
            lines.push("Click: choose one of them.".to_owned());
        }
    }
    response.clone().on_hover_text_at_pointer(lines.join("\n"));
}

/// An event in words, with its day.
fn said(sitting: &Sitting, id: EventId) -> String {
    let event = sitting.branch().history.events.iter().find(|(e, _)| *e == id);
    let sentence =
        event.map(|(_, event)| detente_model::record::say::sentence(&sitting.rules, event)).unwrap_or_default();
    format!("day {}: {sentence}", id.day)
}

/// Keys of the slider when it has the keyboard: days, months, start and end; the space bar plays as everywhere.
fn keys(ui: &Ui, response: &egui::Response, sitting: &Sitting, acts: &mut Vec<Act>) {
    let filter = egui::EventFilter { horizontal_arrows: true, ..egui::EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let pressed = |modifiers, key| ui.input_mut(|i| i.count_and_consume_key(modifiers, key)) as i32;
    let (plain, shift) = (egui::Modifiers::NONE, egui::Modifiers::SHIFT);
    let days = 7 * (pressed(shift, Key::ArrowRight) - pressed(shift, Key::ArrowLeft)) + pressed(plain, Key::ArrowRight)
        - pressed(plain, Key::ArrowLeft)
        + 30 * (pressed(plain, Key::PageDown) - pressed(plain, Key::PageUp));
    if days != 0 {
        acts.push(Act::Step(days));
    }
    if pressed(plain, Key::Home) > 0 {
        acts.push(Act::GoTo(0));
    }
    if pressed(plain, Key::End) > 0 {
        acts.push(Act::GoTo(sitting.branch().history.days()));
    }
    if pressed(plain, Key::Space) > 0 {
        acts.push(Act::PlayPause);
    }
}

/// The field for a day, over the pill.
fn type_day(ui: &mut Ui, sitting: &Sitting, view: &mut TimelineView, pill: Rect, acts: &mut Vec<Act>) {
    let Some(text) = &mut view.typed else { return };
    let room = Rect::from_center_size(pill.center(), vec2(150.0, 24.0));
    let bounds = ui.max_rect();
    let room =
        room.translate(vec2((bounds.left() - room.left()).max(0.0) - (room.right() - bounds.right()).max(0.0), 0.0));
    let mut inner = ui.new_child(egui::UiBuilder::new().max_rect(room));
    let hint = format!("{} or 2025-02-15", sitting.today());
    let edit = egui::TextEdit::singleline(text).hint_text(hint).desired_width(room.width() - 8.0);
    let edit = super::draw::named(&mut inner, edit, "Go to day");
    if edit.lost_focus() {
        let enter = ui.input(|i| i.key_pressed(Key::Enter));
        acts.extend(day_typed(text, sitting.rules.frame.start).filter(|_| enter).map(Act::GoTo));
        view.typed = None;
    } else if !edit.has_focus() {
        edit.request_focus();
    }
}

/// The events of one spot, to be chosen from.
fn list_events(ui: &Ui, sitting: &Sitting, view: &mut TimelineView, look: &Look, acts: &mut Vec<Act>) {
    let Some((at, ids)) = &view.list else { return };
    let mut chosen = false;
    let area = egui::Area::new(ui.id().with("events here")).order(egui::Order::Foreground).pivot(Align2::CENTER_BOTTOM);
    let shown = area.fixed_pos(*at - vec2(0.0, 10.0)).constrain_to(ui.ctx().content_rect()).show(ui.ctx(), |ui| {
        egui::Frame::popup(ui.style()).show(ui, |ui| {
            ui.set_width(420.0);
            ui.label(super::draw::quiet("Go to the evening of, and see why:", look));
            egui::ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
                for id in ids {
                    let text = said(sitting, *id);
                    if ui.add(egui::Button::new(text).wrap().frame_when_inactive(false)).clicked() {
                        go_and_explain(*id, acts);
                        chosen = true;
                    }
                }
            });
        });
    });
    if chosen || closes(ui, shown.response.rect, *at) {
        view.list = None;
    }
}

/// Whether a press beside a list, or the Escape key, puts it away. `from` is what opened it.
fn closes(ui: &Ui, list: Rect, from: Pos2) -> bool {
    let beside = |p: Pos2| !list.contains(p) && p.distance(from) > 3.0;
    ui.input(|i| i.key_pressed(Key::Escape) || i.pointer.any_pressed() && i.pointer.interact_pos().is_some_and(beside))
}

fn order_of(front: &str) -> usize {
    ["IRN-ISR", "LEB", "GAZ", "WBK", "SYR", "IRQ", "YEM-RED", "KSA-HOU"].iter().position(|f| *f == front).unwrap_or(99)
}

struct Span {
    left: f32,
    right: f32,
    end: f64,
}

impl Span {
    fn x(&self, day: f64) -> f32 {
        self.left + (self.right - self.left) * (day / self.end) as f32
    }
    fn day(&self, x: f32) -> f64 {
        f64::from((x - self.left) / (self.right - self.left)) * self.end
    }
}

/// Bars of one strip, as one mesh.
fn bars(painter: &Painter, strips: &Strips, front: usize, area: Rect, span: &Span, look: &Look) {
    let mut mesh = egui::Mesh::default();
    for (day, values) in strips.days.iter().enumerate() {
        let value = values[front];
        if value > 0.0 {
            let (a, b) = (span.x(day as f64), span.x(day as f64 + 1.0));
            let gap = if b - a > 3.0 { 0.6 } else { 0.0 };
            let top = area.bottom() - area.height() * (0.15 + 0.85 * value);
            mesh.add_colored_rect(
                Rect::from_min_max(pos2(a, top), pos2(b - gap, area.bottom())),
                look.intensity(0.25 + 0.75 * value),
            );
        }
    }
    painter.add(Shape::mesh(mesh));
    // Truces over it.
    let mut since: Option<usize> = None;
    let y = area.center().y;
    for day in 0..=strips.truce.len() {
        let held = strips.truce.get(day).is_some_and(|t| t[front]);
        match (since, held) {
            (None, true) => since = Some(day),
            (Some(from), false) => {
                let (a, b) = (span.x(from as f64), span.x(day as f64));
                painter.circle_filled(pos2(a, y), 3.2, look.un);
                dashed(painter, &[pos2(a, y), pos2(b, y)], Stroke::new(2.2, look.un), 6.0, 3.5);
                if day < strips.truce.len() {
                    cross(painter, pos2(b, y), 3.6, look.ink);
                }
                since = None;
            }
            _ => {}
        }
    }
}

/// Marks of a history: what, when, and in whose colour.
fn marks(history: &History, side: impl Fn(&Event) -> Color32) -> Vec<(Sign, EventId, Color32)> {
    history.events.iter().filter_map(|(id, event)| Some((sign(event)?, *id, side(event)))).collect()
}

/// Width that the name of a branch has at most where it stands behind those of others.
const NAME: f32 = 160.0;
/// How near, above and below its middle, no other line may run through a name.
const THROUGH: f32 = 7.0;

/// The place of a name of this size at the height of its line: behind the line's end, or behind the names that stand there. None
/// where it would leave the timeline, or a line (its height, and how far it reaches) would run through it.
fn free_place(
    size: Vec2,
    end: Pos2,
    right: f32,
    names: &[Rect],
    mut lines: impl Iterator<Item = (f32, f32)>,
) -> Option<Rect> {
    let at = |left: f32| Rect::from_min_size(pos2(left, end.y - size.y / 2.0), size);
    let mut place = at(end.x);
    while let Some(name) = names.iter().find(|name| name.expand2(vec2(6.0, 0.0)).intersects(place)) {
        // The line that leads past a name may run above or below its letters, and not through them.
        if name.shrink(1.0).y_range().contains(end.y) {
            return None;
        }
        place = at(name.right() + 14.0);
    }
    let crossed = |(y, reach): (f32, f32)| (y - end.y).abs() < THROUGH && reach > place.left() - 4.0;
    (place.right() <= right && !lines.any(crossed)).then_some(place)
}

/// Branches drawn at most: the one shown and these beside it.
const OTHERS: usize = 5;

/// The tree of branches: the one shown on top, every other leaving the line it shares its past with longest. Returns where
/// their lines lie.
fn branches(
    ui: &Ui,
    painter: &Painter,
    sitting: &Sitting,
    other: Option<usize>,
    top: f32,
    span: &Span,
    whole: Rect,
    look: &Look,
    acts: &mut Vec<Act>,
) -> Vec<(Rect, usize)> {
    let mut lines = Vec::new();
    let current = sitting.current();
    let here = sitting.branch();
    // The branch shown, then the one it is held against: the branch compared with, or its sibling; then the rest.
    let parent = here.fork.and_then(|(id, _)| sitting.position(id));
    let second = other.or(parent).filter(|&b| b != current);
    let rest = (0..sitting.branches().len()).filter(|b| *b != current && Some(*b) != second);
    let lanes: Vec<usize> = std::iter::once(current).chain(second).chain(rest).take(1 + OTHERS).collect();
    let upper = top + 12.0;
    let lane = |k: usize| match k {
        0 => upper,
        // The one it is held against has room for its name; the others lie between the two.
        1 => upper + 18.0,
        _ => upper + 18.0 * (k - 1) as f32 / (lanes.len() - 1) as f32,
    };
    let x = |day: i32| span.x(f64::from(day));
    let fork = here.fork.map(|(_, day)| day);
    let end = |b: usize| {
        let branch = &sitting.branches()[b];
        branch.history.days().max(if b == current { sitting.today() } else { branch.since() })
    };
    painter.hline(x(0)..=x(fork.unwrap_or(0)), upper, Stroke::new(2.0, look.ink2));
    painter.hline(x(fork.unwrap_or(0))..=x(end(current)), upper, Stroke::new(2.6, look.you));
    for change in here.policy() {
        peg(painter, pos2(x(change.day), upper - 9.0), look);
    }
    let mut knots: Vec<Pos2> = fork.map(|day| pos2(x(day), upper)).into_iter().collect();
    for (k, &b) in lanes.iter().enumerate().skip(1) {
        let leaves = |j: usize| sitting.shared_days(b, lanes[j]).min(end(lanes[j]));
        // The line it leaves last; of several, the upper one.
        let from = (0..k).max_by_key(|&j| (leaves(j), std::cmp::Reverse(j))).unwrap_or(0);
        let (a, z) = (x(leaves(from)), x(end(b)));
        let bend = vec![pos2(a, lane(from)), pos2(a + 8.0, lane(k)), pos2(z.max(a + 8.0), lane(k))];
        dashed(painter, &bend, Stroke::new(1.8, look.baseline), 5.0, 4.0);
        knots.push(pos2(a, lane(from)));
    }
    for knot in knots {
        painter.circle(knot, 4.0, look.panel, Stroke::new(2.0, look.ink));
    }
    let mut names: Vec<Rect> = Vec::new();
    for (k, &branch) in lanes.iter().enumerate() {
        let b = &sitting.branches()[branch];
        let (mine, y, line_end) = (k == 0, lane(k), x(end(branch)) + 10.0);
        let id = ui.id().with(("branch", b.id));
        let (color, font) = if mine { (look.you, bold()) } else { (look.ink2, narrow()) };
        let rect = if k <= 1 {
            let text = &b.name;
            let mut galley = clipped(ui, text, font.clone(), color, whole.right() - line_end - 8.0);
            let mut at = pos2(line_end, y - galley.size().y / 2.0);
            if whole.right() - line_end < 90.0 {
                // No room behind the line: the name stands on it, with the ground behind.
                galley = clipped(ui, text, font, color, 220.0);
                at = pos2(whole.right() - 14.0 - galley.size().x, y - galley.size().y / 2.0);
            }
            let rect = Rect::from_min_size(at, galley.size());
            painter.rect_filled(rect.expand(2.0), 2.0, look.panel);
            painter.galley(at, galley, color);
            names.push(rect);
            rect
        } else {
            // Its end, to be pointed at. Where names and lines leave room, the name stands behind it, led to by a line; else
            // it is in the tip, in the list of branches, and in Compare.
            let at = pos2(line_end - 10.0, y);
            let dot = Rect::from_center_size(at, vec2(14.0, 8.0));
            let galley = clipped(ui, &b.name, font, color, NAME);
            let others = lanes.iter().enumerate().filter(|(j, _)| *j != k);
            let lines = others.map(|(j, &other)| (lane(j), x(end(other))));
            let free = free_place(galley.size(), pos2(line_end, y), whole.right() - 8.0, &names, lines);
            if let Some(place) = free {
                painter.hline(at.x..=place.left() - 4.0, y, Stroke::new(1.0, look.hairline));
                painter.galley(place.min, galley, color);
                names.push(place);
            }
            painter.circle(at, 3.4, look.panel, Stroke::new(1.8, look.ink2));
            free.map_or(dot, |place| dot.union(place))
        };
        // Its own line as well, from where it leaves.
        let begins = x(if k == 0 { fork.unwrap_or(0) } else { sitting.shared_days(branch, current).min(end(current)) });
        lines.push((Rect::from_x_y_ranges(begins + 6.0..=x(end(branch)).max(begins + 6.0), y - 4.0..=y + 4.0), branch));
        // It takes drags as well: the days below would move the playhead.
        let click = ui.interact(rect.expand(2.0), id, Sense::click_and_drag());
        let label = format!("Branch {}", b.name);
        click.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::RadioButton, true, mine, &label));
        focus_ring(ui, &click, look);
        let tip = if mine { format!("{label}, shown") } else { format!("{label}. Click: show it") };
        let click = click.on_hover_text(&tip).on_hover_cursor(CursorIcon::PointingHand);
        if click.clicked() && !mine {
            acts.push(Act::Show(branch));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: (f32, f32) = (84.0, 1_000.0);

    fn span(end: i32) -> Span {
        Span { left: ROOM.0, right: ROOM.1, end: f64::from(end) }
    }

    /// A strip, the log, the tables and the map file a strike in one place. A blow by one state at an ally of another is none between
    /// the two.
    #[test]
    fn a_blow_at_an_ally_stands_in_the_strip_of_the_front_on_which_it_fell() {
        let mut sitting = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 1);
        sitting.go_to(365);
        let rules = &sitting.rules;
        let front_of = |event: &Event| event.about(rules).front;
        let of_pair = |s: &detente_model::sim::state::Strike| {
            let (a, b) = (usize::from(s.actor), usize::from(s.opponent));
            let between = |l: &&detente_model::sim::rules::LedgerRules| {
                (l.holder, l.against) == (a, b) || (l.holder, l.against) == (b, a)
            };
            rules.ledgers.iter().find(between).and_then(|l| l.front)
        };
        // Days on which nothing else fell on the front of the two states.
        let at_an_ally = |(id, event): &(EventId, Event)| match event {
            Event::Struck(s) if s.victim != s.opponent => {
                let (fell, pair) = (front_of(event)?, of_pair(s)?);
                let same_day = sitting.branch().history.on(id.day);
                let alone = !same_day.iter().any(|(_, e)| matches!(e, Event::Struck(_)) && front_of(e) == Some(pair));
                (fell != pair && alone && rules.fronts[pair].streams.is_empty()).then_some((id.day, fell, pair))
            }
            _ => None,
        };
        let found: Vec<(i32, usize, usize)> = sitting.past().iter().filter_map(at_an_ally).collect();
        assert!(!found.is_empty(), "no blow at an ally in a year of seed 1");
        let mut strips = Strips::default();
        strips.refresh(&sitting, 0);
        for (day, fell, pair) in found {
            let values = &strips.days[day as usize];
            assert!(values[fell] > 0.0 && values[pair] <= 0.0, "day {day}: {values:?}");
        }
    }

    /// Where three branches end on one day the third has its name behind those of the other two; where a line or the edge is in the
    /// way it has none.
    #[test]
    fn a_name_stands_where_neither_names_nor_lines_are() {
        let size = vec2(60.0, 17.0);
        let names = [10.0, 28.0].map(|y| Rect::from_min_size(pos2(110.0, y - 8.5), vec2(80.0, 17.0)));
        let place = |right: f32, lines: &[(f32, f32)]| {
            free_place(size, pos2(110.0, 19.0), right, &names, lines.iter().copied())
        };
        let free = place(400.0, &[(10.0, 100.0), (28.0, 100.0)]).unwrap();
        assert!(free.left() > 190.0 && !names.iter().any(|name| name.intersects(free)));
        assert_eq!(place(250.0, &[]), None, "the edge");
        assert_eq!(place(400.0, &[(22.0, 300.0)]), None, "a line through it");
        assert!(place(400.0, &[(22.0, 150.0), (10.0, 300.0)]).is_some(), "one that ends before, and one above");
        // A branch that ends later has room at once.
        let later = free_place(size, pos2(220.0, 19.0), 400.0, &names, std::iter::empty()).unwrap();
        assert!((later.left() - 220.0).abs() < 1e-6);
        // The way past a name is not through it.
        assert_eq!(free_place(size, pos2(110.0, 14.0), 400.0, &names, std::iter::empty()), None);
    }

    /// What was played while the pointer is down does not move the days under it.
    #[test]
    fn a_pointer_that_holds_still_stays_on_its_day() {
        for part in [0.3_f32, 0.82, 0.9, 0.95, 1.0] {
            let x = ROOM.0 + (ROOM.1 - ROOM.0) * part;
            let (mut played, mut held) = (0, None);
            let first = dragged_to(&span(last_shown(held, played)), x);
            for _ in 0..50 {
                let end = last_shown(held, played);
                held = Some((Grip::Day, end));
                let day = dragged_to(&span(end), x);
                played = played.max(day);
                assert_eq!(day, first, "at {part}");
            }
            assert!(played <= reach(0) && last_shown(None, played) >= reach(0));
        }
    }

    #[test]
    fn a_pointer_beyond_the_end_goes_to_the_end_that_was_shown() {
        assert_eq!(dragged_to(&span(183), 5_000.0), 183);
        assert_eq!(dragged_to(&span(183), -50.0), 0);
        assert_eq!(dragged_to(&span(1_001), 5_000.0), LAST_DAY);
    }

    #[test]
    fn a_day_is_typed_as_a_number_or_a_date() {
        let start = jiff::civil::date(2024, 11, 8);
        for (text, day) in [
            ("240", Some(240)),
            (" day 7 ", Some(7)),
            ("2024-11-18", Some(10)),
            ("2024-11-01", None),
            ("soon", None),
            ("2000", None),
        ] {
            assert_eq!(day_typed(text, start), day, "{text}");
        }
    }

    /// Everything that has a cause can be reached: one a spot at once, several by a list.
    #[test]
    fn every_event_that_is_told_has_a_mark() {
        let mut sitting = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 7);
        sitting.go_to(200);
        let history = &sitting.branch().history;
        let marks = marks(history, |_| Color32::WHITE);
        assert!(marks.iter().any(|(sign, ..)| *sign == Sign::Blow), "no killing in 200 days");
        let span = span(365);
        for (id, event) in &history.events {
            let told = !matches!(event.kind(), EventKind::Lever | EventKind::Fire);
            let found = meant(&marks, &span, span.x(f64::from(id.day) + 0.5)).contains(id);
            assert_eq!(found, told, "{:?}", event.kind());
        }
    }
}
