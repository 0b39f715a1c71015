//! The first moments: three experiments that set levers and start.

use super::act::Act;
use super::draw::{Icon, bold, focus_ring, icon_button};
use super::look::Look;
use crate::session::Sitting;
use crate::symbols::levers::Lever;
use bevy_egui::egui::{self, CursorIcon, Rect, RichText, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

/// A suggested experiment.
pub struct Experiment {
    /// What it is called.
    pub name: &'static str,
    /// What to watch.
    pub watch: &'static str,
    /// Which levers it moves: a number, or days from today for a date.
    moves: &'static [(Lever, f64)],
}

/// The suggestions, as the first screen offers them.
pub const EXPERIMENTS: [Experiment; 3] = [
    Experiment {
        name: "Send 5,000 more UNIFIL troops",
        watch: "Watch the Lebanon front and how long its truce lasts.",
        moves: &[(Lever::UnifilTroops, 15_000.0)],
    },
    Experiment {
        name: "Offer one collective deal",
        watch: "Watch which tables open, and regional war against collective deal.",
        moves: &[(Lever::DealArchitecture, 2.0), (Lever::DealLinkage, 0.7)],
    },
    Experiment {
        name: "Sign the Saudi–Houthi roadmap",
        watch: "Watch Yemen and the Red Sea, and the ships.",
        moves: &[(Lever::SignRoadmap, 30.0)],
    },
];

impl Experiment {
    /// The moves as wishes.
    #[must_use]
    pub fn acts(&self, sitting: &Sitting) -> Vec<Act> {
        let value = |lever: Lever, value: f64| match lever.row().kind {
            crate::symbols::levers::Kind::Date => f64::from(sitting.today()) + value,
            _ => value,
        };
        self.moves.iter().map(|&(lever, v)| Act::SetLever(lever, value(lever, v))).collect()
    }
}

/// The cards at the foot of the map.
pub fn cards(ui: &mut Ui, area: Rect, look: &Look, acts: &mut Vec<Act>) {
    // Beside the inset in the corner, where the map has one there.
    let beside = if (700.0..1000.0).contains(&area.width()) { 340.0 } else { 24.0 };
    let width = (area.width() - beside).min(560.0);
    let height = 176.0;
    let rect = Rect::from_min_size(pos2(area.left() + 12.0, area.bottom() - height - 12.0), vec2(width, height));
    ui.painter().rect(rect, 6.0, look.panel, Stroke::new(1.0, look.strong), StrokeKind::Outside);
    let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(rect.shrink2(vec2(14.0, 10.0))));
    ui.spacing_mut().item_spacing.y = 4.0;
    ui.horizontal(|ui| {
        ui.label(RichText::new("Try one of these, or move any lever").font(bold()));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if icon_button(ui, Icon::Cross, "Put the suggestions away", look).clicked() {
                acts.push(Act::Dismiss);
            }
        });
    });
    for (i, experiment) in EXPERIMENTS.iter().enumerate() {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::click());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, experiment.name));
        let fill = if response.hovered() { look.you_ground } else { look.raised };
        ui.painter().rect_filled(rect, 5.0, fill);
        let play = rect.left_center() + vec2(18.0, 0.0);
        super::draw::icon(ui.painter(), Icon::Play, play, look.you);
        let name = ui.painter().layout_no_wrap(experiment.name.to_owned(), bold(), look.ink);
        let after = name.size().x + 46.0;
        ui.painter().galley(pos2(rect.left() + 34.0, rect.center().y - name.size().y / 2.0), name, look.ink);
        let room = rect.width() - after - 12.0;
        if room > 120.0 {
            let watch = super::draw::clipped(&ui, experiment.watch, super::draw::narrow(), look.ink2, room);
            ui.painter().galley(pos2(rect.left() + after, rect.center().y - watch.size().y / 2.0), watch, look.ink2);
        }
        focus_ring(&ui, &response, look);
        if response.on_hover_text(experiment.watch).on_hover_cursor(CursorIcon::PointingHand).clicked() {
            acts.push(Act::Experiment(i));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn experiments_move_levers_to_what_they_take() {
        let sitting = Sitting::new(crate::scenario::load("november-2024").unwrap(), 1);
        for experiment in &EXPERIMENTS {
            let acts = experiment.acts(&sitting);
            assert!(!acts.is_empty());
            for act in acts {
                let Act::SetLever(lever, value) = act else { panic!("{act:?}") };
                lever.admit(value).unwrap();
                assert!((value - sitting.lever(lever)).abs() > 0.0, "{} already there", lever.id());
            }
        }
    }
}
