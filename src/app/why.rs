//! Why: the chain of causes behind an event, the two ledgers, the exchange gain, and the log of events.

use super::act::Act;
use super::chart::Axes;
use super::draw::{
    Icon, bold, capital, clipped, dashed, figure, focus_ring, icon_button, line, narrow, quiet, rule, short, strong,
};
use super::look::{Look, faint};
use crate::record::event::{Event, EventKind};
use crate::record::explain::{Explanation, chance_in, subject};
use crate::record::recorder::EventId;
use crate::record::say::sentence;
use crate::scenario::raw::Side;
use crate::session::Sitting;
use crate::sim::rules::Rules;
use bevy_egui::egui::{
    self, Align2, Color32, CursorIcon, Rect, RichText, ScrollArea, Sense, Shape, Stroke, Ui, pos2, vec2,
};

/// Kinds of events for the filter.
const KINDS: [(&str, &[EventKind]); 6] = [
    (
        "strikes",
        &[
            EventKind::Blow,
            EventKind::Preventive,
            EventKind::AirStrike,
            EventKind::Salvo,
            EventKind::BaseSalvo,
            EventKind::Spoiler,
        ],
    ),
    ("truces", &[EventKind::Signed, EventKind::Collapsed, EventKind::Channel, EventKind::Roadmap, EventKind::Path]),
    (
        "levels and war mode",
        &[
            EventKind::StepUp,
            EventKind::StepDown,
            EventKind::WarBegan,
            EventKind::WarEnded,
            EventKind::AnswerOwed,
            EventKind::AnswerLapsed,
        ],
    ),
    (
        "votes and files",
        &[
            EventKind::CouncilVote,
            EventKind::AssemblyVote,
            EventKind::Nuclear,
            EventKind::Iraq,
            EventKind::Unrest,
            EventKind::HostsWarned,
            EventKind::CorridorLost,
        ],
    ),
    ("levers and calendar", &[EventKind::Lever, EventKind::Calendar]),
    ("daily fire", &[EventKind::Fire]),
];

/// What the panel shows.
#[derive(Default)]
pub struct WhyView {
    /// The event explained.
    pub event: Option<EventId>,
    told: Option<Told>,
    actor: Option<usize>,
    front: Option<usize>,
    kind: Option<usize>,
}

/// An explanation, kept until the history changes.
struct Told {
    key: (EventId, u32, usize, u64),
    said: Result<Explanation, String>,
    steps: Vec<Step>,
    without: Option<f64>,
}

/// One link of the chain.
struct Step {
    event: Option<EventId>,
    sentence: String,
    detail: String,
}

impl WhyView {
    /// Numbered events of the chain, for the map.
    #[must_use]
    pub fn chain(&self) -> Vec<(usize, EventId)> {
        let steps = self.told.iter().flat_map(|t| &t.steps).filter_map(|s| s.event);
        (1..).zip(steps).collect()
    }

    /// Explains the event, unless that is done already.
    fn refresh(&mut self, sitting: &mut Sitting) {
        let Some(event) = self.event else {
            self.told = None;
            return;
        };
        let branch = sitting.branch();
        let changes = branch.changes.iter().filter(|c| c.day <= event.day).count();
        let key = (event, branch.id, changes, sitting.seed());
        if self.told.as_ref().is_some_and(|t| t.key == key) {
            return;
        }
        let said = sitting.explain(event);
        let mut steps = Vec::new();
        if let Ok(said) = &said {
            flatten(said, &mut steps);
        }
        let without = without_policy(sitting, event);
        self.told = Some(Told { key, said, steps, without });
    }
}

/// The chance of the same decision on the same day, with the levers as they would be without your policy.
fn without_policy(sitting: &mut Sitting, event: EventId) -> Option<f64> {
    let since = sitting.branch().since();
    let moved: Vec<_> = sitting.branch().policy().filter(|c| c.day <= event.day).copied().collect();
    if moved.is_empty() {
        return None;
    }
    let (_, what) = sitting.branch().history.on(event.day).iter().find(|(id, _)| *id == event)?;
    let subject = subject(&sitting.rules, what)?;
    let mut morning = sitting.state(sitting.current(), event.day);
    let log: Vec<_> = sitting.branch().changes.iter().filter(|c| c.day < since).copied().collect();
    let unchanged = crate::record::outcome::levers_on(&sitting.rules.frame, &log, event.day);
    for change in moved {
        morning.levers.set(change.lever, unchanged[change.lever]);
    }
    Some(chance_in(&sitting.rules, sitting.fate(), &log, &morning, subject))
}

fn flatten(said: &Explanation, into: &mut Vec<Step>) {
    let mut detail = said.decided.clone();
    if let (Some(chance), Some(draw)) = (said.chance, said.draw)
        && !detail.contains('%')
    {
        detail = format!("{detail} Chance {}, drawn {}.", share(chance), share(draw));
    }
    if into.is_empty() && !said.terms.is_empty() {
        // The event itself shows the terms that decided it; links further back only their numbers.
        let terms = said
            .terms
            .iter()
            .take(4)
            .map(|t| format!("{} {} (without it {})", t.name, short(t.value), share(t.without)));
        detail = format!("{detail} {}.", capital(&terms.collect::<Vec<_>>().join("; ")));
    }
    into.push(Step { event: Some(said.event), sentence: said.sentence.clone(), detail });
    for cause in &said.causes {
        let known = said.chain.iter().any(|earlier| Some(earlier.event) == cause.event);
        if !known && into.len() < 8 {
            let without = cause.chance_without.map(|c| format!(" Without it: {}.", share(c))).unwrap_or_default();
            into.push(Step {
                event: cause.event,
                sentence: cause.sentence.clone(),
                detail: format!("{}{without}", cause.contribution),
            });
        }
    }
    for earlier in &said.chain {
        if into.len() < 8 {
            flatten(earlier, into);
        }
    }
}

/// A chance in percent, with as many digits as it needs.
fn share(chance: f64) -> String {
    let percent = chance * 100.0;
    if percent >= 10.0 {
        format!("{percent:.0} %")
    } else if percent >= 0.095 {
        format!("{percent:.1} %")
    } else {
        format!("{percent:.2} %")
    }
}

/// The whole panel.
pub fn why_ui(ui: &mut Ui, sitting: &mut Sitting, view: &mut WhyView, look: &Look, acts: &mut Vec<Act>) {
    view.refresh(sitting);
    let log_height = (ui.available_height() * 0.22).clamp(112.0, 300.0);
    egui::Panel::bottom(ui.id().with("log"))
        .exact_size(log_height)
        .show_separator_line(false)
        .frame(egui::Frame::NONE)
        .show(ui, |ui| {
            log(ui, sitting, view, look, acts);
        });
    ScrollArea::vertical().auto_shrink([false, false]).id_salt("why").show(ui, |ui| {
        super::futures::keep_clear_of_the_bar(ui);
        match &view.told {
            None => {
                ui.add_space(10.0);
                ui.label(strong("Click a strike, vote or truce."));
                ui.add(egui::Label::new(quiet("On the map, on the timeline, or in the list below. Every event names its causes, each with its number.", look)).wrap());
            }
            Some(told) => match &told.said {
                Ok(said) => chain(ui, sitting, said, told, look, acts),
                Err(why) => {
                    ui.label(quiet(why.as_str(), look));
                }
            },
        }
        ui.add_space(8.0);
        ledgers(ui, sitting, look);
        gain(ui, sitting, look);
        ui.add_space(6.0);
    });
}

fn chain(ui: &mut Ui, sitting: &Sitting, said: &Explanation, told: &Told, look: &Look, acts: &mut Vec<Act>) {
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        let width = ui.available_width() - 64.0;
        ui.allocate_ui(vec2(width, 24.0), |ui| {
            ui.add(egui::Label::new(RichText::new(title(said)).font(figure())).wrap());
        });
        ui.with_layout(egui::Layout::right_to_left(egui::Align::TOP), |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            let (before, after) = neighbours(sitting, said.event);
            if ui.add_enabled_ui(after.is_some(), |ui| icon_button(ui, Icon::Right, "Next event", look)).inner.clicked()
                && let Some(id) = after
            {
                acts.push(Act::Explain(id));
            }
            if ui
                .add_enabled_ui(before.is_some(), |ui| icon_button(ui, Icon::Left, "Event before", look))
                .inner
                .clicked()
                && let Some(id) = before
            {
                acts.push(Act::Explain(id));
            }
        });
    });
    let date = sitting.rules.date(said.event.day).strftime("%a %-d %b %Y");
    ui.label(quiet(format!("day {} · {date} · event {}", said.event.day, said.event), look));
    ui.add_space(6.0);
    let mut last: Option<egui::Pos2> = None;
    // The numbers are those on the map: of events, not of what merely bears on them.
    let mut number = 0;
    for (i, step) in told.steps.iter().enumerate() {
        number += usize::from(step.event.is_some());
        let left = ui.cursor().left();
        let width = ui.available_width();
        let start = ui.cursor().top();
        let response = ui
            .horizontal_top(|ui| {
                ui.add_space(36.0);
                ui.vertical(|ui| {
                    ui.set_width(width - 40.0);
                    ui.spacing_mut().item_spacing.y = 1.0;
                    if let Some(id) = step.event {
                        let day = format!("Day {}", id.day);
                        let galley = ui.painter().layout_no_wrap(day, narrow(), look.ink2);
                        ui.painter().galley(pos2(left + width - galley.size().x - 4.0, start + 1.0), galley, look.ink2);
                    }
                    ui.scope(|ui| {
                        ui.set_max_width(width - 100.0);
                        let sentence = if i == 0 { rest(said) } else { step.sentence.clone() };
                        ui.add(egui::Label::new(strong(sentence)).wrap());
                    });
                    ui.add(egui::Label::new(RichText::new(&step.detail).font(narrow()).color(look.ink2)).wrap());
                });
            })
            .response;
        let at = pos2(left + 13.0, start + 11.0);
        if let Some(last) = last {
            ui.painter().line_segment([last + vec2(0.0, 12.0), at - vec2(0.0, 12.0)], Stroke::new(1.2, look.strong));
        }
        if step.event.is_some() {
            ui.painter().circle_filled(at, 11.5, look.ink);
            ui.painter().text(at, Align2::CENTER_CENTER, number.to_string(), bold(), look.on_ink());
        } else {
            ui.painter().circle(at, 5.0, look.panel, Stroke::new(1.5, look.ink2));
        }
        last = Some(at);
        let click = response.interact(Sense::click());
        if let Some(id) = step.event.filter(|id| *id != said.event)
            && click.on_hover_cursor(CursorIcon::PointingHand).clicked()
        {
            acts.push(Act::Explain(id));
        }
        ui.add_space(7.0);
    }
    if let (Some(without), Some(chance)) = (told.without, said.chance) {
        let verdict = match said.draw {
            Some(draw) if draw < without => "it comes either way",
            Some(_) => "it would not have come",
            None => "no single draw decides",
        };
        let draw = said.draw.map(|d| format!(" on the same draw of {}", share(d))).unwrap_or_default();
        egui::Frame::NONE
            .fill(look.you_ground)
            .stroke(Stroke::new(1.0, faint(look.you, 0.35)))
            .corner_radius(6)
            .inner_margin(10)
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                let mut job = egui::text::LayoutJob::default();
                job.append("Without your policy ", 0.0, egui::TextFormat::simple(bold(), look.you));
                let [without, chance] = [without, chance].map(share);
                let would = if without == chance {
                    format!("have been as good as the same, {chance}")
                } else {
                    format!("have been {without} and not {chance}")
                };
                let text = format!("the chance that day, from the same morning, would {would}{draw}: {verdict}.");
                job.append(&text, 0.0, egui::TextFormat::simple(narrow(), look.ink));
                job.wrap.max_width = ui.available_width();
                ui.label(job);
            });
    }
}

/// Where the first words of an event end: who does what.
fn cut(sentence: &str) -> usize {
    let text = sentence.trim_end_matches('.');
    let ends = [": ", " at "].map(|mark| text.find(mark).filter(|i| *i > 18));
    ends.into_iter().flatten().min().unwrap_or(text.len())
}

/// The first words of an event.
fn title(said: &Explanation) -> String {
    said.sentence[..cut(&said.sentence)].to_owned()
}

/// What the title leaves out of an event's sentence; that it was decided, where that is nothing.
fn rest(said: &Explanation) -> String {
    let rest = said.sentence[cut(&said.sentence)..].trim_start_matches([':', ' ']).trim_end_matches('.');
    if rest.is_empty() { "What decided it".to_owned() } else { capital(rest) }
}

/// The telling events before and after one.
fn neighbours(sitting: &Sitting, event: EventId) -> (Option<EventId>, Option<EventId>) {
    let telling = |e: &&(EventId, Event)| e.1.kind() != EventKind::Fire;
    let events = &sitting.branch().history.events;
    let before = events.iter().rev().filter(telling).find(|(id, _)| *id < event).map(|(id, _)| *id);
    let after = events.iter().filter(telling).find(|(id, _)| *id > event).map(|(id, _)| *id);
    (before, after)
}

/// The ledgers of the pair of Israel and Iran, side by side, on one scale.
fn ledgers(ui: &mut Ui, sitting: &Sitting, look: &Look) {
    let rules = &sitting.rules;
    let Some((a, b)) = rules.roles.direct else { return };
    let find = |holder, against| rules.ledgers.iter().find(|l| l.holder == holder && l.against == against);
    let (Some(first), Some(second)) = (find(a, b), find(b, a)) else { return };
    line(ui, ("Two ledgers, in unanswered blows", bold(), look.ink), ("solid: own count", narrow(), look.ink2));
    let history = &sitting.branch().history;
    let to = sitting.today().max(0) as usize;
    let from = to.saturating_sub(90);
    let series = |name: String| -> Vec<f64> {
        let column = sitting.stage().column(&name);
        column.map_or_else(Vec::new, |c| {
            history.rows[from..to.min(history.rows.len())].iter().map(|row| row[c]).collect()
        })
    };
    let own = [first, second].map(|l| series(format!("ledger.{}", l.id.text)));
    let others = [first, second].map(|l| series(format!("ledger_other_count.{}", l.id.text)));
    let top = own.iter().chain(&others).flatten().copied().fold(first.theta.max(second.theta), f64::max) * 1.15;
    let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), 122.0), Sense::hover());
    let half = area.width() / 2.0 - 6.0;
    for (i, ledger) in [first, second].into_iter().enumerate() {
        let rect = Rect::from_min_size(area.min + vec2(i as f32 * (half + 12.0), 0.0), vec2(half, area.height()));
        let color = |actor: usize| look.of(side_of(sitting, actor));
        let (mine, theirs) = (color(ledger.holder), color(ledger.against));
        let name = |actor: usize| rules.actors[actor].name.as_str();
        let painter = ui.painter();
        let head = clipped(ui, &format!("Harm to {}", name(ledger.holder)), bold(), look.ink, half);
        painter.rect_filled(Rect::from_min_size(rect.min + vec2(0.0, 6.0), vec2(8.0, 8.0)), 2.0, mine);
        painter.galley(rect.min + vec2(13.0, 0.0), head, look.ink);
        let plot = Rect::from_min_max(rect.min + vec2(14.0, 26.0), rect.max - vec2(34.0, 8.0));
        let axes = Axes::new(plot, (0.0, 90.0), (0.0, top.max(0.5)));
        painter.hline(plot.x_range(), plot.bottom(), Stroke::new(1.0, look.strong));
        painter.text(pos2(plot.left() - 4.0, plot.bottom()), Align2::RIGHT_CENTER, "0", narrow(), look.ink2);
        let y = axes.y(ledger.theta);
        dashed(painter, &[pos2(plot.left(), y), pos2(plot.right(), y)], Stroke::new(1.2, look.ink2), 1.5, 3.0);
        let shift = 90 - own[i].len();
        let points = |values: &[f64]| -> Vec<egui::Pos2> {
            values.iter().enumerate().map(|(d, v)| pos2(axes.x((d + shift) as f64), axes.y(*v))).collect()
        };
        dashed(painter, &points(&others[i]), Stroke::new(1.5, theirs), 4.0, 3.0);
        painter.add(Shape::line(points(&own[i]), Stroke::new(2.0, mine)));
        let ends: [(Option<&f64>, Color32); 2] = [(own[i].last(), mine), (others[i].last(), theirs)];
        let labels = ends
            .into_iter()
            .filter_map(|(v, c)| Some((axes.y(*v?), format!("{:.1}", v?), bold(), ink_of(c, look))))
            .collect();
        super::chart::end_labels(painter, plot.right() + 5.0, plot.top(), plot.bottom(), labels);
        // Over the lines, on a piece of ground: they may run just there.
        let words = painter.layout_no_wrap(format!("answers above {:.1}", ledger.theta), narrow(), look.ink2);
        let at = pos2(plot.left() + 2.0, (y - 1.0 - words.size().y).max(plot.top() - 6.0));
        painter.rect_filled(
            Rect::from_min_size(at, words.size()).expand2(vec2(2.0, -1.0)),
            2.0,
            faint(look.panel, 0.85),
        );
        painter.galley(at, words, look.ink2);
    }
    ui.label(quiet("dashed: the other side's count of the same harm", look));
}

/// Text in an actor's colour where that can be read, else ink.
fn ink_of(color: Color32, look: &Look) -> Color32 {
    if [look.israel, look.iran, look.un].contains(&color) { color } else { look.ink }
}

/// On which side an actor stands.
pub(super) fn side_of(sitting: &Sitting, actor: usize) -> Side {
    let id = &sitting.rules.actors[actor].id.text;
    sitting.loaded.scenario.actors.get(id).map_or(Side::Other, |a| a.side)
}

/// The exchange gain, one bar, both ways named.
fn gain(ui: &mut Ui, sitting: &Sitting, look: &Look) {
    let rules = &sitting.rules;
    let Some((a, b)) = rules.roles.direct else { return };
    let pair = rules
        .pairs
        .iter()
        .find(|p| p.ledgers.iter().any(|&l| rules.ledgers[l].holder == a && rules.ledgers[l].against == b));
    let Some(column) = pair.and_then(|p| sitting.stage().column(&format!("exchange_gain.{}", p.id.text))) else {
        return;
    };
    let row = sitting.stage().row(rules, sitting.now());
    let g = row[column];
    line(ui, ("Exchange gain G", bold(), look.ink), ("harm of a round over the last", narrow(), look.ink2));
    let (area, response) = ui.allocate_exact_size(vec2(ui.available_width(), 52.0), Sense::hover());
    let painter = ui.painter();
    let track = Rect::from_min_max(pos2(area.left(), area.top() + 22.0), pos2(area.right(), area.top() + 27.0));
    let x = |v: f64| track.left() + track.width() * ((v / 1.5).clamp(0.0, 1.0)) as f32;
    painter.rect_filled(Rect::from_min_max(track.min, pos2(x(1.0), track.bottom())), 2.0, faint(look.un, 0.75));
    painter.rect_filled(Rect::from_min_max(pos2(x(1.0), track.top()), track.max), 2.0, faint(look.iran, 0.75));
    painter.vline(x(1.0), track.top() - 4.0..=track.bottom() + 4.0, Stroke::new(1.5, look.ink));
    painter.text(pos2(x(1.0), track.top() - 5.0), Align2::CENTER_BOTTOM, "1", narrow(), look.ink2);
    painter.circle(pos2(x(g), track.center().y), 6.0, look.panel, Stroke::new(2.0, look.ink));
    let near = (x(g) - x(1.0)).abs() < 26.0;
    let at = pos2(x(g) + if near { -16.0 } else { 0.0 }, track.top() - 5.0);
    painter.text(at, Align2::CENTER_BOTTOM, format!("{g:.2}"), bold(), look.ink);
    painter.text(
        pos2(area.left(), area.bottom() - 10.0),
        Align2::LEFT_CENTER,
        "below 1: exchanges die down",
        narrow(),
        look.ink2,
    );
    painter.text(
        pos2(area.right(), area.bottom() - 10.0),
        Align2::RIGHT_CENTER,
        "above: they grow",
        narrow(),
        look.ink2,
    );
    response.on_hover_text("Expected unanswered harm after a full round of answers, for each blow before it; from both sides' proportionality, perception and the leakage of salvos");
}

/// Whom an event is about.
fn involves(rules: &Rules, event: &Event, actor: usize) -> bool {
    let is = |a: u16| usize::from(a) == actor;
    match event {
        Event::Struck(s) => is(s.actor) || is(s.opponent) || is(s.victim),
        Event::Signed { table } | Event::Collapsed { table, .. } => {
            rules.tables[usize::from(*table)].parties.iter().any(|p| p.actor == actor)
        }
        Event::Spoiler { actor: a, .. } => is(*a),
        Event::AnswerOwed { ledger } | Event::AnswerLapsed { ledger } => {
            let l = &rules.ledgers[usize::from(*ledger)];
            l.holder == actor || l.against == actor
        }
        Event::War { pair, .. } => {
            rules.pairs[usize::from(*pair)].ledgers.iter().any(|&l| rules.ledgers[l].holder == actor)
        }
        Event::LevelMoved { front, .. } | Event::FireDay { front, .. } => {
            rules.fronts[usize::from(*front)].parties.contains(&actor)
        }
        Event::HostsWarned { foe, .. } => is(*foe),
        Event::Nuclear { programme, .. } => rules.programmes[usize::from(*programme)].actor == actor,
        Event::Iraq { integration, .. } => rules.integrations[usize::from(*integration)].actor == actor,
        Event::Unrest { factions, .. } => rules.factions[usize::from(*factions)].actor == actor,
        _ => false,
    }
}

/// The front that an event belongs to, if to one.
fn front_of(rules: &Rules, event: &Event) -> Option<usize> {
    match event {
        Event::LevelMoved { front, .. } | Event::FireDay { front, .. } => Some(usize::from(*front)),
        Event::Signed { table } | Event::Collapsed { table, .. } | Event::Spoiler { table, .. } => {
            rules.tables[usize::from(*table)].front
        }
        Event::Struck(s) => {
            let (a, b) = (usize::from(s.actor), usize::from(s.opponent));
            let ledger =
                rules.ledgers.iter().find(|l| (l.holder, l.against) == (a, b) || (l.holder, l.against) == (b, a));
            ledger.and_then(|l| l.front)
        }
        _ => None,
    }
}

fn log(ui: &mut Ui, sitting: &Sitting, view: &mut WhyView, look: &Look, acts: &mut Vec<Act>) {
    rule(ui, look);
    ui.add_space(4.0);
    let rules = &sitting.rules;
    ui.horizontal(|ui| {
        let each = ((ui.available_width() - 76.0) / 3.0 - 26.0).clamp(34.0, 96.0);
        ui.label(strong("Events"));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let kinds = KINDS.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
            filter(ui, "kind", "all but fire", &kinds, &mut view.kind, each);
            let fronts = rules.fronts.iter().map(|f| f.id.text.clone()).collect::<Vec<_>>();
            filter(ui, "front", "all fronts", &fronts, &mut view.front, each);
            let actors = rules.actors.iter().map(|a| a.name.clone()).collect::<Vec<_>>();
            filter(ui, "actor", "everyone", &actors, &mut view.actor, each);
        });
    });
    let wanted = |event: &Event| {
        let kind = view.kind.map_or(event.kind() != EventKind::Fire, |k| KINDS[k].1.contains(&event.kind()));
        kind && view.actor.is_none_or(|a| involves(rules, event, a))
            && view.front.is_none_or(|f| front_of(rules, event) == Some(f))
    };
    let rows: Vec<&(EventId, Event)> = sitting.past().iter().rev().filter(|(_, e)| wanted(e)).collect();
    if rows.is_empty() {
        ui.label(quiet("Nothing of the kind so far.", look));
        return;
    }
    let chosen = view.event;
    ScrollArea::vertical().auto_shrink([false, false]).id_salt("log").show_rows(ui, 24.0, rows.len(), |ui, range| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (id, event) in &rows[range] {
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::click());
            let on = chosen == Some(*id);
            if on || response.hovered() {
                ui.painter().rect_filled(rect, 3.0, look.raised);
            }
            let text = sentence(rules, event);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &text));
            let y = rect.center().y;
            ui.painter().text(
                pos2(rect.left() + 30.0, y),
                Align2::RIGHT_CENTER,
                id.day.to_string(),
                narrow(),
                look.ink2,
            );
            let front = front_of(rules, event).map(|f| rules.fronts[f].id.text.clone()).unwrap_or_default();
            let front = ui.painter().layout_no_wrap(front, narrow(), look.ink2);
            let room = rect.width() - 44.0 - front.size().x - 12.0;
            let words = clipped(ui, text.trim_end_matches('.'), if on { bold() } else { narrow() }, look.ink, room);
            ui.painter().galley(pos2(rect.left() + 38.0, y - words.size().y / 2.0), words, look.ink);
            ui.painter().galley(pos2(rect.right() - front.size().x - 10.0, y - front.size().y / 2.0), front, look.ink2);
            focus_ring(ui, &response, look);
            if response.on_hover_text(text).on_hover_cursor(CursorIcon::PointingHand).clicked() {
                acts.push(Act::GoTo(id.day + 1));
                acts.push(Act::Explain(*id));
            }
        }
    });
}

fn filter(ui: &mut Ui, id: &str, all: &str, names: &[String], chosen: &mut Option<usize>, width: f32) {
    let text = chosen.and_then(|i| names.get(i)).map_or(all, |name| name.as_str());
    egui::ComboBox::from_id_salt(id).width(width).truncate().selected_text(RichText::new(text).font(narrow())).show_ui(
        ui,
        |ui| {
            if ui.selectable_label(chosen.is_none(), all).clicked() {
                *chosen = None;
            }
            for (i, name) in names.iter().enumerate() {
                if ui.selectable_label(*chosen == Some(i), name).clicked() {
                    *chosen = Some(i);
                }
            }
        },
    );
}
