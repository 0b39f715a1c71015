//! Why: the chain of causes behind an event, what it stands on (ledgers, exchange gain, table), and the log of events.

mod chain;
mod ledgers;
mod log;
pub(crate) mod side;
mod told;

pub use self::told::WhyView;

use self::chain::chain_ui;
use super::act::Act;
use super::draw::{quiet, strong};
use super::glossary::Shown;
use super::look::Look;
use bevy_egui::egui::{self, ScrollArea, Ui};
use detente_session::Sitting;

/// Height of the panel from which the closing sentence has room beside chain and log.
const ROOM: f32 = 400.0;

/// The whole panel.
pub fn why_ui(ui: &mut Ui, sitting: &mut Sitting, view: &mut WhyView, look: &Look, acts: &mut Vec<Act>) {
    view.refresh(sitting);
    // On a low page the chain has the room that the sentence would take; the panel of futures has it there.
    if ui.available_height() >= ROOM {
        super::futures::caveat_of_history(ui, sitting, look);
    }
    let log_height = (ui.available_height() * 0.22).clamp(112.0, 300.0);
    egui::Panel::bottom(ui.id().with("log"))
        .exact_size(log_height)
        .show_separator_line(false)
        .frame(egui::Frame::NONE)
        .show(ui, |ui| {
            log::log(ui, sitting, view, look, acts);
        });
    ScrollArea::vertical().auto_shrink([false, false]).id_salt("why").show(ui, |ui| {
        super::futures::keep_clear_of_the_bar(ui);
        let mut shown = Shown::default();
        match &view.told {
            None => {
                ui.add_space(10.0);
                ui.label(strong("Click a strike, vote or truce."));
                ui.add(egui::Label::new(quiet("On the map, on the timeline, or in the list below. Every event names its causes, each with its number.", look)).wrap());
            }
            Some(told) => match &told.said {
                Ok(said) => {
                    chain_ui(ui, sitting, said, told, &mut shown, look, acts);
                    ui.add_space(8.0);
                    let events = sitting.branch().history.on(said.event.day);
                    if let Some((_, event)) = events.iter().find(|(id, _)| *id == said.event) {
                        ledgers::belonging(ui, sitting, event, &mut shown, look);
                    }
                }
                Err(why) => {
                    ui.label(quiet(why.as_str(), look));
                    if let Some(other) = view.of_another(sitting) {
                        ui.add_space(6.0);
                        if ui.button(format!("Show “{}”", sitting.branches()[other].name)).clicked() {
                            acts.push(Act::Show(other));
                        }
                    }
                }
            },
        }
        ui.add_space(6.0);
    });
}
