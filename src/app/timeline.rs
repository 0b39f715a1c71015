//! The timeline: a strip of intensity per front, strategic events, lever changes, branches, and a playhead that can be
//! dragged both ways.

use super::act::Act;
use super::chart::months;
use super::draw::{bold, clipped, dashed, focus_ring, narrow};
use super::futures::peg;
use super::look::{Look, faint};
use crate::record::event::{Event, EventKind};
use crate::record::recorder::EventId;
use crate::session::sitting::LAST_DAY;
use crate::session::{History, Sitting};
use crate::sim::rules::Rules;
use crate::sim::state::{Status, StrikeKind};
use bevy_egui::egui::{
    self, Align2, Color32, CursorIcon, Painter, Pos2, Rect, Sense, Shape, Stroke, Ui, Vec2, pos2, vec2,
};

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
            let of = rules.fronts.iter().position(|f| {
                f.ledgers
                    .iter()
                    .any(|&l| rules.ledgers[l].pair == pair_of(rules, s.actor, s.opponent).unwrap_or(usize::MAX))
            });
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

fn pair_of(rules: &Rules, a: u16, b: u16) -> Option<usize> {
    let (a, b) = (usize::from(a), usize::from(b));
    rules.ledgers.iter().find(|l| (l.holder, l.against) == (a, b) || (l.holder, l.against) == (b, a)).map(|l| l.pair)
}

/// What is kept between frames.
#[derive(Default)]
pub struct TimelineView {
    strips: Strips,
    other: Strips,
}

/// How an event is marked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    Vote,
    Salvo,
    Signed,
    Collapsed,
}

fn sign(event: &Event) -> Option<Sign> {
    Some(match event.kind() {
        EventKind::Signed => Sign::Signed,
        EventKind::Collapsed => Sign::Collapsed,
        EventKind::Salvo | EventKind::Preventive | EventKind::AirStrike | EventKind::BaseSalvo => Sign::Salvo,
        EventKind::CouncilVote | EventKind::AssemblyVote => Sign::Vote,
        _ => return None,
    })
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

/// Fronts in the order of their fire over the last 30 days, loudest first.
fn loudest(strips: &Strips, today: i32, fronts: usize) -> Vec<usize> {
    let to = (today.max(0) as usize).min(strips.days.len());
    let of = |f: usize| strips.days[to.saturating_sub(30)..to].iter().map(|d| d[f]).sum::<f32>();
    let mut order: Vec<usize> = (0..fronts).collect();
    order.sort_by(|&a, &b| of(b).total_cmp(&of(a)).then(a.cmp(&b)));
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
    let end = reach(played.max(sitting.today()));
    let span = Span { left, right, end: f64::from(end) };

    // Everything is one draggable surface; marks on it answer to the pointer first.
    let surface = Rect::from_min_max(pos2(left - 8.0, whole.top()), pos2(right + 8.0, whole.bottom()));
    let response = ui.interact(surface, ui.id().with("timeline"), Sense::click_and_drag());
    response.widget_info(|| egui::WidgetInfo::slider(true, f64::from(sitting.today()), "Day"));
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
    let (events_height, branches_height) = (19.0, if whole.height() > 120.0 { 40.0 } else { 0.0 });
    let room = whole.height() - 24.0 - events_height - branches_height - 6.0;
    let fit = ((room / 13.0) as usize).clamp(1, rules.fronts.len());
    let mut shown: Vec<usize> = if fit >= rules.fronts.len() {
        (0..rules.fronts.len()).collect()
    } else {
        let mut some = loudest(&view.strips, sitting.today(), rules.fronts.len());
        some.truncate(fit);
        some
    };
    shown.sort_by_key(|&f| order_of(&rules.fronts[f].id.text));
    let row = (room / fit as f32).min(18.0);
    let mut y = whole.top() + 25.0;
    for &front in &shown {
        let strip = Rect::from_min_max(pos2(left, y), pos2(right, y + row - 2.0));
        painter.rect_filled(strip, 0.0, faint(look.raised, 0.8));
        painter.text(
            pos2(left - 10.0, strip.center().y),
            Align2::RIGHT_CENTER,
            label(rules, front),
            narrow(),
            look.ink,
        );
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

    // Events: one mark a day and kind.
    let events_y = y + events_height / 2.0;
    painter.text(pos2(left - 10.0, events_y), Align2::RIGHT_CENTER, "Events", narrow(), look.ink2);
    let side = |event: &Event| match event {
        Event::Struck(strike) => look.of(super::why::side_of(sitting, usize::from(strike.actor))),
        _ => look.ink,
    };
    let marks = marks(&sitting.branch().history, side);
    let pointer = response.hover_pos();
    let mut hovered: Option<EventId> = None;
    let mut last_x = f32::MIN;
    for (kind, id, color) in &marks {
        let at = pos2(span.x(f64::from(id.day) + 0.5), events_y);
        // Of what falls together, a vote gives way; it never hides what came out of it.
        if at.x - last_x < 3.0 && *kind == Sign::Vote {
            continue;
        }
        last_x = at.x;
        draw_sign(&painter, *kind, at, *color, look);
        if pointer.is_some_and(|p| p.distance(at) < 7.0) {
            hovered = Some(*id);
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
        // In the row of events, behind the last one.
        let galley = painter.layout_no_wrap(note.to_owned(), narrow(), look.ink2);
        let at = pos2(whole.right() - galley.size().x - 10.0, events_y - galley.size().y / 2.0);
        if at.x > until.max(last_x) + 8.0 {
            painter.galley(at, galley, look.ink2);
        }
    }

    // The playhead; names of branches lie over it.
    painter.vline(x, whole.top() + 18.0..=whole.bottom(), Stroke::new(2.0, look.ink));
    if branches_height > 0.0 {
        branches(ui, &painter, sitting, other, y + events_height, &span, whole, look, acts);
    }
    painter.rect_filled(pill, 4.0, look.ink);
    painter.galley(pill.center() - day.size() / 2.0, day, look.on_ink());
    focus_ring(ui, &response, look);

    if let Some(id) = hovered {
        let sentence = sitting.branch().history.events.iter().find(|(e, _)| *e == id);
        let sentence = sentence.map(|(_, event)| crate::record::say::sentence(rules, event)).unwrap_or_default();
        response.clone().on_hover_text_at_pointer(format!("day {}: {sentence}", id.day));
        if response.clicked() {
            acts.push(Act::GoTo(id.day + 1));
            acts.push(Act::Explain(id));
        }
    } else if let Some(p) = response.interact_pointer_pos().filter(|_| response.is_pointer_button_down_on()) {
        let day = span.day(p.x).round().clamp(0.0, f64::from(end.min(LAST_DAY)));
        acts.push(Act::GoTo(day as i32));
    }
    response.on_hover_cursor(CursorIcon::ResizeHorizontal);
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

/// Branches drawn at most: the one shown and these beside it.
const OTHERS: usize = 5;

/// The tree of branches: the one shown on top, every other leaving the line it shares its past with longest.
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
) {
    painter.text(pos2(span.left - 10.0, top + 12.0), Align2::RIGHT_CENTER, "Branches", narrow(), look.ink2);
    let current = sitting.current();
    let here = sitting.branch();
    // The branch shown, then the one it is held against: the branch compared with, or its sibling; then the rest.
    let parent = here.fork.and_then(|(id, _)| sitting.position(id));
    let second = other.or(parent).filter(|&b| b != current);
    let rest = (0..sitting.branches().len()).filter(|b| *b != current && Some(*b) != second);
    let lanes: Vec<usize> = std::iter::once(current).chain(second).chain(rest).take(1 + OTHERS).collect();
    let more = sitting.branches().len() - lanes.len();
    let upper = top + 12.0;
    let lane = |k: usize| match k {
        0 => upper,
        // One or two beside it have room for their names.
        _ if lanes.len() <= 2 => upper + 18.0,
        _ => upper + 16.0 * k as f32 / (lanes.len() - 1) as f32 * 1.25,
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
    for (k, &branch) in lanes.iter().enumerate() {
        let named = k == 0 || lanes.len() == 2;
        let b = &sitting.branches()[branch];
        let (mine, y, line_end) = (k == 0, lane(k), x(end(branch)) + 10.0);
        let id = ui.id().with(("branch", b.id));
        let rect = if named {
            let (color, font) = if mine { (look.you, bold()) } else { (look.ink2, narrow()) };
            let beside = lanes.len() + more - 1;
            let text = match beside {
                0 | 1 => b.name.clone(),
                _ => format!("{} · {beside} beside it", b.name),
            };
            let mut galley = clipped(ui, &text, font.clone(), color, whole.right() - line_end - 8.0);
            let mut at = pos2(line_end, y - galley.size().y / 2.0);
            if whole.right() - line_end < 90.0 {
                // No room behind the line: the name stands on it, with the ground behind.
                galley = clipped(ui, &text, font, color, 220.0);
                at = pos2(whole.right() - 14.0 - galley.size().x, y - galley.size().y / 2.0);
            }
            let rect = Rect::from_min_size(at, galley.size());
            painter.rect_filled(rect.expand(2.0), 2.0, look.panel);
            painter.galley(at, galley, color);
            rect
        } else {
            // Its end, to be pointed at: the name is in the tip, and in Compare.
            let at = pos2(line_end - 10.0, y);
            painter.circle(at, 3.4, look.panel, Stroke::new(1.8, look.ink2));
            Rect::from_center_size(at, vec2(14.0, 8.0))
        };
        let click = ui.interact(rect.expand(2.0), id, Sense::click());
        let label = format!("Branch {}", b.name);
        click.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::RadioButton, true, mine, &label));
        focus_ring(ui, &click, look);
        let click = click.on_hover_text(&label).on_hover_cursor(CursorIcon::PointingHand);
        if click.clicked() && !mine {
            acts.push(Act::Show(branch));
        }
    }
}
