//! The bar over the map while something takes a while, with a way to stop it.

use super::act::Act;
use super::draw::{body, quiet};
use super::look::Look;
use super::studio::Work;
use bevy_egui::egui::{self, Label, ProgressBar, Rect, RichText, Stroke, StrokeKind, Ui, pos2, vec2};

/// Shows what is under way, how far it is, and Cancel.
pub fn work_ui(ui: &mut Ui, area: Rect, work: &Work, look: &Look, acts: &mut Vec<Act>) {
    let size = vec2((area.width() - 24.0).clamp(200.0, 380.0), 84.0);
    let rect = Rect::from_center_size(pos2(area.center().x, area.top() + area.height() * 0.4), size);
    // Over whatever else is there, and nothing below it is clicked through it.
    egui::Area::new(egui::Id::new("work")).order(egui::Order::Foreground).fixed_pos(rect.min).show(ui.ctx(), |ui| {
        ui.set_min_size(size);
        if ui.input(|i| i.key_pressed(egui::Key::Escape)) {
            acts.push(Act::StopWork);
        }
        ui.painter().rect(rect, 6.0, look.panel, Stroke::new(1.0, look.strong), StrokeKind::Inside);
        let mut inner = ui.new_child(egui::UiBuilder::new().max_rect(rect.shrink2(vec2(14.0, 10.0))));
        inner.add(Label::new(RichText::new(work.words()).font(body()).color(look.ink)).truncate());
        inner.add_space(4.0);
        inner.horizontal(|ui| {
            let percent = format!("{:.0} %", 100.0 * work.share());
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if ui.button("Cancel").on_hover_text("Everything stays as it is").clicked() {
                    acts.push(Act::StopWork);
                }
                ui.add_space(6.0);
                ui.label(quiet(percent, look));
                let bar = ProgressBar::new(work.share() as f32).desired_height(6.0).fill(look.ink);
                ui.add(bar.desired_width(ui.available_width()));
            });
        });
    });
}
