//! Why: the chain of causes behind an event, what it stands on (ledgers, exchange gain, table), and the log of events.

mod chain;
mod ledgers;
mod log;

use self::chain::{Step, chain_ui, steps};
use super::act::Act;
use super::draw::{quiet, strong};
use super::glossary::Shown;
use super::look::Look;
use bevy_egui::egui::{self, ScrollArea, Ui};
use detente_model::record::explain::Explanation;
use detente_model::record::recorder::EventId;
use detente_model::scenario::raw::Side;
use detente_session::Sitting;
use detente_session::policy::Verdict;

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
    verdict: Option<Verdict>,
}

impl WhyView {
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
        let steps = said.as_ref().map(steps).unwrap_or_default();
        let verdict = sitting.without_policy(event);
        self.told = Some(Told { key, said, steps, verdict });
    }
}

/// The whole panel.
pub fn why_ui(ui: &mut Ui, sitting: &mut Sitting, view: &mut WhyView, look: &Look, acts: &mut Vec<Act>) {
    view.refresh(sitting);
    super::futures::caveat(ui, look);
    // On a low page the chain has the room: of the log stands one line, and the rest is scrolled to.
    let height = ui.available_height();
    let log_height = if height < 400.0 { 76.0 } else { (height * 0.22).clamp(112.0, 300.0) };
    egui::Panel::bottom(ui.id().with("log"))
        .exact_size(log_height)
        .show_separator_line(false)
        .frame(egui::Frame::NONE)
        .show(ui, |ui| {
            log::log(ui, sitting, view, look, acts);
        });
    ScrollArea::vertical().auto_shrink([false, false]).min_scrolled_height(0.0).id_salt("why").show(ui, |ui| {
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
                }
            },
        }
        ui.add_space(6.0);
    });
}

/// On which side an actor stands.
pub(super) fn side_of(sitting: &Sitting, actor: usize) -> Side {
    let id = &sitting.rules.actors[actor].id.text;
    sitting.loaded.scenario.actors.get(id).map_or(Side::Other, |a| a.side)
}
