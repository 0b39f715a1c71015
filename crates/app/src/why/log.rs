//! The log of events, newest first, with what narrows it down.

use super::told::WhyView;
use crate::act::Act;
use crate::draw::{bold, clipped, focus_ring, narrow, quiet, rule, strong};
use crate::inspect::involves;
use crate::look::Look;
use bevy_egui::egui::{self, Align2, CursorIcon, RichText, ScrollArea, Sense, Ui, pos2, vec2};
use detente_model::record::recorder::EventId;
use detente_model::record::say::sentence;
use detente_model::sim::event::{Event, EventKind};
use detente_session::Sitting;

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
            EventKind::AnswerSettled,
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

pub(super) fn log(ui: &mut Ui, sitting: &Sitting, view: &mut WhyView, look: &Look, acts: &mut Vec<Act>) {
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
        if !kind || view.actor.is_none() && view.front.is_none() {
            return kind;
        }
        let about = event.about(rules);
        view.actor.is_none_or(|a| involves(rules, event, &about, a))
            && view.front.is_none_or(|f| about.front == Some(f))
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
            ui.painter().text(pos2(rect.left() + 50.0, y), Align2::RIGHT_CENTER, id.to_string(), narrow(), look.ink2);
            let front = event.about(rules).front.map(|f| rules.fronts[f].id.text.clone()).unwrap_or_default();
            let front = ui.painter().layout_no_wrap(front, narrow(), look.ink2);
            let room = rect.width() - 64.0 - front.size().x - 12.0;
            let words = clipped(ui, text.trim_end_matches('.'), if on { bold() } else { narrow() }, look.ink, room);
            ui.painter().galley(pos2(rect.left() + 58.0, y - words.size().y / 2.0), words, look.ink);
            ui.painter().galley(pos2(rect.right() - front.size().x - 10.0, y - front.size().y / 2.0), front, look.ink2);
            focus_ring(ui, &response, look);
            // To the left of the panel: never over the row that is read next.
            let mut tip = egui::Tooltip::for_enabled(&response);
            tip.popup = tip
                .popup
                .align(egui::RectAlign::LEFT_START)
                .align_alternatives(&[egui::RectAlign::LEFT_END, egui::RectAlign::TOP_END]);
            tip.gap(10.0).show(|ui| ui.add(egui::Label::new(text).wrap()));
            if response.on_hover_cursor(CursorIcon::PointingHand).clicked() {
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
