//! The sessions that are kept: the offer on the map, and the list from which any of them is gone on with or deleted.

use super::act::{Act, Dialog};
use super::draw::{quiet, strong};
use super::keep::{Keeper, Record};
use super::look::Look;
use super::platform::wall_clock;
use super::top::scenario_words;
use bevy_egui::egui::{self, Label, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

/// Sessions that the list shows before it is asked for all.
const FEW: usize = 4;

/// What the list remembers.
#[derive(Default)]
pub struct ShelfView {
    /// The session that is about to be deleted, while the user is asked.
    deleting: Option<String>,
    /// Whether all are shown.
    all: bool,
}

/// What a person knows a session by.
fn words(record: &Record) -> String {
    // The name came with a file or a link, maybe.
    let name: String = record.scenario.chars().filter(|c| !c.is_control()).take(40).collect();
    format!("{}, seed {}, day {}", scenario_words(&name), record.seed, record.day)
}

/// The offer to go on with a session: of an earlier start, or the one before this.
pub fn kept_ui(ui: &mut Ui, area: Rect, keeper: &Keeper, look: &Look, acts: &mut Vec<Act>) {
    let Some(record) = keeper.offer() else { return };
    // Between the map's buttons and the inset; on a small map on the part that the insets leave.
    let wide = area.width() >= 700.0;
    let width = if wide { 430.0 } else { (area.width() * 0.58 - 20.0).clamp(230.0, 320.0) };
    let left = area.left() + if wide { 56.0 } else { 10.0 };
    let rect =
        Rect::from_min_size(pos2(left, area.top() + 12.0), vec2(width, if width > 300.0 { 70.0 } else { 118.0 }));
    ui.painter().rect(rect, 6.0, look.panel, Stroke::new(1.0, look.strong), StrokeKind::Inside);
    let mut inner = ui.new_child(egui::UiBuilder::new().max_rect(rect.shrink2(vec2(12.0, 8.0))));
    let (whence, no, yes) = match (keeper.is_aside(), wide) {
        (true, true) => ("The session before this one", "Not now", "Go back to it"),
        (true, false) => ("Before", "Not now", "Go back to it"),
        (false, true) => ("Kept from last time", "Begin anew", "Go on with it"),
        (false, false) => ("Kept", "Begin anew", "Go on with it"),
    };
    let text = format!("{whence}: {}", words(record));
    inner.add(Label::new(&text).truncate()).on_hover_text(text);
    inner.horizontal_wrapped(|ui| {
        if ui.button(yes).clicked() {
            acts.push(Act::TakeKept);
        }
        if ui.button(no).on_hover_text("It stays in the list of kept sessions").clicked() {
            acts.push(Act::DropKept);
        }
        let n = keeper.records().count();
        let all = if wide { format!("All {n} kept sessions") } else { format!("All {n} kept") };
        if n > 1 && ui.button(all).clicked() {
            acts.push(Act::Dialog(Some(Dialog::Share)));
        }
    });
}

/// The list.
pub fn shelf_ui(ui: &mut Ui, keeper: &Keeper, view: &mut ShelfView, look: &Look, acts: &mut Vec<Act>) {
    ui.label(strong("Kept sessions"));
    let text = "The last twenty are kept, a moment after each change. Going on with one keeps the present one first.";
    ui.add(Label::new(quiet(text, look)).wrap());
    let now = wall_clock();
    let n = keeper.records().count();
    let shown = if view.all { n } else { FEW };
    for record in keeper.records().take(shown) {
        row(ui, record, now, view, acts);
    }
    if n > FEW && ui.button(if view.all { "Show fewer".to_owned() } else { format!("Show all {n}") }).clicked() {
        view.all = !view.all;
    }
}

fn row(ui: &mut Ui, record: &Record, now: u64, view: &mut ShelfView, acts: &mut Vec<Act>) {
    let asked = view.deleting.as_ref() == Some(&record.id);
    ui.horizontal(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let name = words(record);
            if asked {
                if ui.button("Keep it").clicked() {
                    view.deleting = None;
                }
                if ui.button("Delete it").on_hover_text(name).clicked() {
                    acts.push(Act::Forget(record.id.clone()));
                    view.deleting = None;
                }
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    ui.add(Label::new(format!("Delete {} for good?", words(record))).truncate());
                });
                return;
            }
            // What another window goes on with is its own.
            if !record.elsewhere && ui.button("Delete").on_hover_text(&name).clicked() {
                view.deleting = Some(record.id.clone());
            }
            let (go, tip) = if record.elsewhere {
                ("Open a copy", format!("{name}; another window has it open"))
            } else {
                ("Go on", name)
            };
            if ui.button(go).on_hover_text(tip).clicked() {
                acts.push(Act::Restore(record.id.clone()));
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                let branches =
                    if record.branches == 1 { String::new() } else { format!(", {} branches", record.branches) };
                let label = Label::new(format!("{}{branches} · {}", words(record), record.ago(now))).truncate();
                ui.add(label).on_hover_text(&record.title);
            });
        });
    });
}
