//! The first moments: three experiments that set levers and start.

use super::act::Act;
use super::draw::{Icon, bold, focus_ring, icon_button};
use super::look::{Look, condensed_semibold};
use bevy_egui::egui::{self, CursorIcon, FontId, Rect, RichText, Sense, Stroke, StrokeKind, Ui, pos2, vec2};
use detente_model::symbols::levers::Lever;
use detente_session::Sitting;
use detente_session::chart::Track;

/// A suggested experiment.
pub struct Experiment {
    /// What it is called.
    pub name: &'static str,
    /// What to watch.
    pub watch: &'static str,
    /// The front whose fire shows what it does.
    pub front: &'static str,
    /// Which levers it moves: a number, or days from today for a date.
    moves: &'static [(Lever, f64)],
}

/// The suggestions, as the first screen offers them.
pub const EXPERIMENTS: [Experiment; 3] = [
    Experiment {
        name: "Send 5,000 more UNIFIL troops",
        watch: "Watch Lebanon's fire and truce.",
        front: "LEB",
        moves: &[(Lever::UnifilTroops, 15_000.0)],
    },
    Experiment {
        name: "Offer one collective deal",
        watch: "Watch war against settlement.",
        // By 256 pairs of futures over 180 days (seed 1): 93 events of fire a day more there, 9 in Gaza.
        front: "LEB",
        moves: &[(Lever::DealArchitecture, 2.0), (Lever::DealLinkage, 0.7)],
    },
    Experiment {
        name: "Sign the Saudi–Houthi roadmap",
        watch: "Watch the Red Sea and its ships.",
        front: "YEM-RED",
        moves: &[(Lever::SignRoadmap, 30.0)],
    },
];

impl Experiment {
    /// The chart to watch, where the scenario has that front.
    #[must_use]
    pub fn track(&self, sitting: &Sitting) -> Option<Track> {
        let front = sitting.rules.front(self.front)?;
        Some(Track::Fire(front)).filter(|track| Track::all(&sitting.rules).contains(track))
    }

    /// Its moves from today on.
    #[must_use]
    pub fn moves(&self, sitting: &Sitting) -> Vec<(Lever, f64)> {
        let value = |lever: Lever, value: f64| match lever.row().kind {
            detente_model::symbols::levers::Kind::Date => f64::from(sitting.today()) + value,
            _ => value,
        };
        self.moves.iter().map(|&(lever, v)| (lever, value(lever, v))).collect()
    }
}

/// The cards at the foot of the map.
pub fn cards(ui: &mut Ui, area: Rect, look: &Look, acts: &mut Vec<Act>) {
    let (wide, high) = (area.width(), area.height());
    // Beside the inset in the corner, or on the part of the map that the insets leave; there, beside the map's buttons.
    let (left, width) = match wide {
        w if w < 480.0 => (12.0, w - 24.0),
        w if w < 700.0 => (56.0, w - (w * 0.42).max(190.0) - 68.0),
        w if w < 1_000.0 => (12.0, w - 340.0),
        w => (12.0, w - 440.0),
    };
    let width = width.min(560.0);
    // What to watch stands beside the name or, on a narrow card, under it; where even that has no room, in the tip.
    let (beside, roomy) = (width > 500.0, width > 300.0 && high > 420.0);
    let row = if beside || !roomy { 36.0 } else { 50.0 };
    // What the program is, where there is room to say it; the menu of scenarios always does.
    let purpose = if roomy { if beside { 22.0 } else { 40.0 } } else { 0.0 };
    let height = 56.0 + purpose + EXPERIMENTS.len() as f32 * (row + 4.0);
    let rect = Rect::from_min_size(pos2(area.left() + left, area.bottom() - height - 12.0), vec2(width, height));
    ui.painter().rect(rect, 6.0, look.panel, Stroke::new(1.0, look.strong), StrokeKind::Outside);
    // A small card has narrow letters and narrow margins.
    let small = width < 300.0;
    let (margin, indent) = if small { (8.0, 28.0) } else { (14.0, 34.0) };
    let font = if small { FontId::new(14.0, condensed_semibold()) } else { bold() };
    let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(rect.shrink2(vec2(margin, 10.0))));
    ui.spacing_mut().item_spacing.y = 4.0;
    if purpose > 0.0 {
        let words = format!("Détente. {}.", super::top::PURPOSE);
        let galley = ui.painter().layout(words, super::draw::narrow(), look.ink2, ui.available_width());
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), purpose - 4.0), Sense::hover());
        ui.painter().galley(rect.min, galley, look.ink2);
    }
    ui.horizontal(|ui| {
        ui.label(
            RichText::new(if small { "Try one of these" } else { "Try one of these, or move any lever" }).font(bold()),
        );
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if icon_button(ui, Icon::Cross, "Put the suggestions away", look).clicked() {
                acts.push(Act::Dismiss);
            }
        });
    });
    for (i, experiment) in EXPERIMENTS.iter().enumerate() {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), row), Sense::click());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, experiment.name));
        let fill = if response.hovered() { look.you_ground } else { look.raised };
        ui.painter().rect_filled(rect, 5.0, fill);
        let play = rect.left_center() + vec2(indent - 16.0, 0.0);
        super::draw::icon(ui.painter(), Icon::Play, play, look.you);
        let name = super::draw::clipped(&ui, experiment.name, font.clone(), look.ink, rect.width() - indent - 4.0);
        let after = if beside { name.size().x + indent + 12.0 } else { indent };
        let watch =
            super::draw::clipped(&ui, experiment.watch, super::draw::narrow(), look.ink2, rect.width() - after - 8.0);
        let (name_y, watch_y) = match (beside, roomy) {
            (true, _) => (rect.center().y, Some(rect.center().y)),
            (false, true) => (rect.center().y - 9.0, Some(rect.center().y + 10.0)),
            (false, false) => (rect.center().y, None),
        };
        ui.painter().galley(pos2(rect.left() + indent, name_y - name.size().y / 2.0), name, look.ink);
        if let Some(y) = watch_y {
            ui.painter().galley(pos2(rect.left() + after, y - watch.size().y / 2.0), watch, look.ink2);
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
        let sitting = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 1);
        for experiment in &EXPERIMENTS {
            let moves = experiment.moves(&sitting);
            assert!(!moves.is_empty());
            assert!(experiment.track(&sitting).is_some(), "{} has no chart", experiment.name);
            for (lever, value) in moves {
                lever.admit(value).unwrap();
                assert!((value - sitting.lever(lever)).abs() > 0.0, "{} already there", lever.id());
            }
        }
    }
}
