//! The bar over the map while something takes a while, with a way to stop it.

use super::act::Act;
use super::draw::{body, quiet};
use super::look::Look;
use super::studio::bench::Work;
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

#[cfg(test)]
mod tests {
    use crate::act::{Act, Tab};
    use crate::look::fonts;
    use crate::studio::Studio;
    use bevy_egui::egui::Key;
    use detente_model::scenario::load;
    use detente_session::Sitting;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    /// A studio that plays a session of 900 days under another seed, a slice a frame.
    fn busy() -> Harness<'static, Studio> {
        let mut sitting = Sitting::new(load("november-2024").unwrap(), 7);
        sitting.go_to(900);
        let mut studio = Studio::new(sitting);
        (studio.is_tour, studio.reduced_motion, studio.bench.at_once) = (true, true, 0.0);
        (studio.desk.ask.futures, studio.desk.ask.days, studio.desk.threads) = (16, 30, 0);
        let mut dressed = false;
        let app = move |ui: &mut bevy_egui::egui::Ui, studio: &mut Studio| {
            if !std::mem::replace(&mut dressed, true) {
                ui.ctx().set_fonts(fonts());
                return;
            }
            studio.bench.slice = 0.0;
            // The first futures come; then there is time for no more than a step of what is tested here.
            let futures = !studio.is_working();
            studio.pass(0.05, || futures);
            studio.ui(ui);
        };
        let mut harness = Harness::builder().with_size([1280.0, 720.0]).build_ui_state(app, studio);
        harness.run_steps(3);
        // The futures have a button of that name, too.
        harness.state_mut().act(Act::Tab(Tab::Why));
        harness.state_mut().act(Act::Reseed(8));
        std::thread::sleep(std::time::Duration::from_millis(150));
        harness.run_steps(3);
        harness
    }

    #[test]
    fn what_takes_a_while_has_a_bar_and_a_way_to_stop_it() {
        let mut h = busy();
        assert!(h.state().is_working());
        assert!(h.query_by_label_contains("under seed 8").is_some());
        h.get_by_label("Cancel").click();
        h.run_steps(3);
        assert!(!h.state().is_working() && h.query_by_label("Cancel").is_none());
        assert_eq!((h.state().sitting.seed(), h.state().sitting.today()), (7, 900));
        let mut h = busy();
        h.key_press(Key::Escape);
        h.run_steps(3);
        assert!(!h.state().is_working());
        assert_eq!(h.state().sitting.seed(), 7);
    }
}
