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
    /// What to watch, and what happens beside it that nobody would look for.
    pub watch: &'static str,
    /// What to watch alone, where a card has no room for more.
    pub brief: &'static str,
    /// What it brings along, in a whole sentence for the tip; empty where nothing.
    pub along: &'static str,
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
        brief: "Watch Lebanon's fire and truce.",
        along: "",
        front: "LEB",
        moves: &[(Lever::UnifilTroops, 15_000.0)],
    },
    Experiment {
        name: "Offer one collective deal",
        watch: "Watch war against settlement; other tables wait.",
        brief: "Watch war against settlement.",
        along: "While one deal with all is sought, the other tables do not meet.",
        // By 256 pairs of futures over 180 days (seed 1): 93 events of fire a day more there, 9 in Gaza.
        front: "LEB",
        moves: &[(Lever::DealArchitecture, 2.0), (Lever::DealLinkage, 0.7)],
    },
    Experiment {
        name: "Sign the Saudi–Houthi roadmap",
        watch: "Watch the Red Sea and its ships.",
        brief: "Watch the Red Sea and its ships.",
        along: "",
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

    /// What its tip says.
    #[must_use]
    pub fn tip(&self) -> String {
        format!("{} {}", self.brief, self.along).trim_end().to_owned()
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
    // On the part of the map that insets and buttons leave; an upright phone has no such part.
    let free = if wide < 480.0 { area.shrink(12.0) } else { super::map::free_foot(area) };
    let width = free.width().min(560.0);
    // What to watch stands beside the name or, on a narrow card, under it; where even that has no room, in the tip.
    let (beside, roomy) = (width > 500.0, width > 300.0 && high > 420.0);
    let row = if beside || !roomy { 36.0 } else { 50.0 };
    // What the program is, where there is room to say it; the menu of scenarios always does.
    let purpose = if roomy { if beside { 22.0 } else { 40.0 } } else { 0.0 };
    let height = 56.0 + purpose + EXPERIMENTS.len() as f32 * (row + 4.0);
    let rect = Rect::from_min_size(pos2(free.left(), free.bottom() - height), vec2(width, height));
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
        let room = rect.width() - after - 8.0;
        let ways = [experiment.watch, experiment.brief].map(str::to_owned).to_vec();
        let watch = super::draw::longest_in(&ui, ways, super::draw::narrow(), room);
        let watch = super::draw::clipped(&ui, &watch, super::draw::narrow(), look.ink2, room);
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
        if response.on_hover_text(experiment.tip()).on_hover_cursor(CursorIcon::PointingHand).clicked() {
            acts.push(Act::Experiment(i));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::sim::state::Status;

    /// What a card says happens beside what it is about does happen: only the collective table meets.
    #[test]
    fn while_one_deal_is_sought_no_other_table_meets() {
        let mut sitting = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 1);
        sitting.go_to(1);
        let meeting = |sitting: &Sitting| {
            let tables = sitting.rules.tables.iter().zip(&sitting.now().columns.agreements);
            let meets = tables.filter(|(_, state)| state.status == Status::Talks);
            meets.map(|(table, _)| table.id.text.clone()).collect::<Vec<_>>()
        };
        assert!(meeting(&sitting).len() > 1, "{:?}", meeting(&sitting));
        let experiment = EXPERIMENTS.iter().find(|experiment| !experiment.along.is_empty()).unwrap();
        sitting.set_levers(&experiment.moves(&sitting)).unwrap();
        sitting.go_to(3);
        let collective = sitting.rules.collective.map(|table| sitting.rules.tables[table].id.text.clone());
        assert_eq!(meeting(&sitting), collective.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn experiments_move_levers_to_what_they_take() {
        let sitting = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 1);
        for experiment in &EXPERIMENTS {
            let moves = experiment.moves(&sitting);
            assert!(!moves.is_empty());
            assert!(experiment.track(&sitting).is_some(), "{} has no chart", experiment.name);
            assert!(experiment.tip().starts_with(experiment.brief) && experiment.tip().ends_with(experiment.along));
            for (lever, value) in moves {
                lever.admit(value).unwrap();
                assert!((value - sitting.lever(lever)).abs() > 0.0, "{} already there", lever.id());
            }
        }
    }
}
