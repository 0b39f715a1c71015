//! The frame of a question to many futures: how much is asked, how far it is, that it was stopped or is of before, and how what came
//! out was found. What is asked and what came out is drawn by whoever asks (`causes`, `contested`).

use super::act::Act;
use super::draw::{body, count, narrow, quiet, segments, strong};
use super::look::Look;
use bevy_egui::egui::{self, Color32, Galley, Label, Pos2, ProgressBar, Rect, Response, RichText, Sense, Ui};
use bevy_egui::egui::{WidgetInfo, WidgetText, WidgetType};
use detente_session::beside::{Asked, Question};
use std::sync::Arc;

/// Width under which what stands in columns stands below each other.
pub const WIDE: f32 = 720.0;

/// A sentence as wide as there is room.
pub fn wrapped(ui: &mut Ui, text: impl Into<String>) {
    ui.add(Label::new(RichText::new(text).font(body())).wrap());
}

/// The same, for what is said beside it.
pub fn aside(ui: &mut Ui, text: impl Into<String>, look: &Look) {
    ui.add(Label::new(quiet(text, look)).wrap());
}

/// The same, for what nobody may miss.
pub fn weighty(ui: &mut Ui, text: impl Into<String>) {
    ui.add(Label::new(strong(text)).wrap());
}

/// What a question is about, above all else in its window.
pub fn about(ui: &mut Ui, text: &str) {
    // A bar lies over what is scrolled.
    ui.set_max_width(ui.available_width() - 10.0);
    wrapped(ui, text);
    ui.add_space(6.0);
}

/// How many to ask, and the button that asks. Returns the number that was chosen, and whether to ask.
pub fn how_many(
    ui: &mut Ui,
    choices: &[u64],
    chosen: u64,
    of: &str,
    ask: &str,
    ready: bool,
    look: &Look,
) -> (Option<u64>, bool) {
    let names: Vec<String> = choices.iter().map(|&n| count(n as f64)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let picked = segments(ui, &names, choices.iter().position(|n| *n == chosen), look);
    ui.label(quiet(of, look));
    let asked = ui.add_enabled(ready, egui::Button::new(strong(ask))).clicked();
    (picked.map(|i| choices[i]), asked)
}

/// What is said of a question that has no answer yet.
pub struct Waiting<'a> {
    /// What runs, where that is not seen from what is asked.
    pub runs: Option<String>,
    /// Why nothing is left of it once it is stopped.
    pub stopped: &'a str,
    /// What stops it.
    pub stop: Act,
    /// What it was asked of and may have changed since.
    pub of: &'a str,
}

/// What there is of an answer; until it is there, how far it is and a way to stop it, and where it is of before, that it is.
pub fn answer<'q, Q: Question>(
    ui: &mut Ui,
    asked: &'q Asked<Q>,
    stands: bool,
    waiting: Waiting<'_>,
    look: &Look,
    acts: &mut Vec<Act>,
) -> Option<&'q Q::Answer> {
    if asked.is_running() {
        running(ui, asked.share(), waiting, look, acts);
        return None;
    }
    let Some(answer) = asked.answer() else {
        ui.add_space(8.0);
        aside(ui, format!("Stopped. {}", waiting.stopped), look);
        return None;
    };
    ui.add_space(6.0);
    if !stands {
        weighty(ui, format!("Of before: {} have changed since. Ask again for what stands now.", waiting.of));
    }
    Some(answer)
}

/// How far it is, and a way to stop it.
fn running(ui: &mut Ui, share: f64, waiting: Waiting<'_>, look: &Look, acts: &mut Vec<Act>) {
    ui.add_space(10.0);
    if let Some(words) = waiting.runs {
        aside(ui, words, look);
    }
    ui.horizontal(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if ui.button("Cancel").on_hover_text("Nothing is left of it; everything else stays as it is").clicked() {
                acts.push(waiting.stop);
            }
            ui.add_space(6.0);
            ui.label(quiet(format!("{:.0} %", 100.0 * share), look));
            let bar = ProgressBar::new(share as f32).desired_height(6.0).fill(look.ink);
            ui.add(bar.desired_width(ui.available_width()));
        });
    });
}

/// What came out, faint where it is of before.
pub fn shown(ui: &mut Ui, stands: bool, inside: impl FnOnce(&mut Ui)) {
    ui.scope(|ui| {
        if !stands {
            ui.set_opacity(0.6);
        }
        inside(ui);
    });
}

/// How it was found, below all else.
pub fn how(ui: &mut Ui, text: impl Into<String>, look: &Look) {
    ui.add_space(6.0);
    ui.add(Label::new(RichText::new(text).font(narrow()).color(look.ink2)).wrap());
}

/// A name at the head of a column, its corner at a place, and what it means under the pointer.
pub fn head(ui: &Ui, id: impl egui::AsIdSalt, corner: Pos2, name: Arc<Galley>, means: impl Into<WidgetText>) {
    let cell = Rect::from_min_size(corner, name.size());
    ui.painter().galley(corner, name, Color32::PLACEHOLDER);
    ui.interact(cell, ui.id().with(id), Sense::hover()).on_hover_text(means);
}

/// What stands in a place, in words: for whoever does not see it, and under the pointer.
pub fn said(response: Response, words: &str) {
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, words));
    response.on_hover_text(words);
}

#[cfg(test)]
pub(crate) mod tests {
    use crate::look::fonts;
    use crate::studio::Studio;
    use bevy_egui::egui::Ui;
    use detente_model::scenario::load;
    use detente_session::Sitting;
    use detente_session::chart::Ask;
    use egui_kittest::Harness;
    use egui_kittest::kittest::NodeT as _;

    /// A studio on day 0 whose futures, of so many days, run between frames, as in a page; `between` says how far.
    pub(crate) fn open(
        size: [f32; 2],
        days: u32,
        mut between: impl FnMut(&mut Studio) + 'static,
    ) -> Harness<'static, Studio> {
        let mut studio = Studio::new(Sitting::new(load("november-2024").unwrap(), 3));
        (studio.is_tour, studio.reduced_motion) = (true, true);
        studio.desk.ask = Ask { futures: 16, days, prior: false };
        studio.desk.threads = 0;
        let mut dressed = false;
        let app = move |ui: &mut Ui, studio: &mut Studio| {
            if !std::mem::replace(&mut dressed, true) {
                ui.ctx().set_fonts(fonts());
                return;
            }
            between(studio);
            studio.ui(ui);
        };
        let mut harness = Harness::builder().with_size(size).build_ui_state(app, studio);
        harness.run_steps(4);
        harness
    }

    /// Runs all that was asked for.
    pub(crate) fn settle(h: &mut Harness<'_, Studio>) {
        let mut rounds = 0;
        while h.state().is_busy() {
            h.state_mut().pass(0.0, || true);
            rounds += 1;
            assert!(rounds < 10_000);
        }
        h.run_steps(3);
    }

    /// What is on the screen, as a screen reader has it.
    pub(crate) fn labels(h: &Harness<'_, Studio>) -> String {
        let nodes = h.root().children_recursive();
        let text = nodes.filter_map(|node| node.accesskit_node().label().or_else(|| node.accesskit_node().value()));
        text.collect::<Vec<_>>().join("\n")
    }
}
