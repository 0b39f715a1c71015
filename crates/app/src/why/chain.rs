//! The chain of causes: what happened, what decided it, what bore on it, back in time.

use super::told::{Step, Told};
use crate::act::Act;
use crate::draw::{Icon, bold, capital, figure, icon_button, narrow, quiet, strong};
use crate::glossary::{Shown, name, prose};
use crate::look::{Look, faint};
use bevy_egui::egui::{self, Align2, RichText, Sense, Stroke, Ui, pos2, vec2};
use detente_model::record::explain::Explanation;
use detente_model::record::recorder::EventId;
use detente_model::sim::event::{Event, EventKind};
use detente_session::Sitting;

/// The event, its decision, its chain, and the verdict on your policy.
pub(super) fn chain_ui(
    ui: &mut Ui,
    sitting: &Sitting,
    said: &Explanation,
    told: &Told,
    shown: &mut Shown,
    look: &Look,
    acts: &mut Vec<Act>,
) {
    head(ui, sitting, said, look, acts);
    prose(ui, &said.decided, shown, look);
    terms(ui, sitting, said, shown, look);
    if let Some(uncaused) = &said.uncaused {
        ui.add_space(4.0);
        ui.add(egui::Label::new(strong(uncaused)).wrap());
    }
    ui.add_space(6.0);
    let mut last: Option<egui::Pos2> = None;
    for step in told.steps.iter().filter(|step| step.event != Some(said.event)) {
        last = Some(link(ui, step, told, last, shown, look, acts));
        ui.add_space(7.0);
    }
    if let Some(verdict) = &told.verdict {
        policy(ui, &verdict.text, look);
    }
}

/// What happened, in whole sentences; when; and the way to other events.
fn head(ui: &mut Ui, sitting: &Sitting, said: &Explanation, look: &Look, acts: &mut Vec<Act>) {
    let (title, rest) = parts(&said.sentence);
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        let width = ui.available_width() - 64.0;
        ui.allocate_ui(vec2(width, 24.0), |ui| {
            ui.add(egui::Label::new(RichText::new(title).font(figure())).wrap());
        });
        ui.with_layout(egui::Layout::right_to_left(egui::Align::TOP), |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            let (before, after) = neighbours(sitting, said.event);
            for (id, icon, name) in [(after, Icon::Right, "Next event"), (before, Icon::Left, "Event before")] {
                let button = ui.add_enabled_ui(id.is_some(), |ui| icon_button(ui, icon, name, look)).inner;
                if let Some(id) = id.filter(|_| button.clicked()) {
                    acts.push(Act::Explain(id));
                }
            }
        });
    });
    if !rest.is_empty() {
        ui.add(egui::Label::new(rest).wrap());
    }
    let date = sitting.rules.date(said.event.day).strftime("%a %-d %b %Y");
    ui.horizontal_wrapped(|ui| {
        number_disc(ui, 1, look);
        ui.label(quiet(format!("day {} · {date} · event {}", said.event.day, said.event), look));
    });
    requests(ui, said.event, look, acts);
    ui.add_space(4.0);
}

/// The values that decided, each with what would have been without it.
fn terms(ui: &mut Ui, sitting: &Sitting, said: &Explanation, shown: &mut Shown, look: &Look) {
    if said.terms.is_empty() {
        return;
    }
    let channels: Vec<String> = sitting.rules.channels.iter().map(|channel| channel.name.clone()).collect();
    for term in said.telling() {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 1.0);
            name(ui, &term.name, &channels, shown, look);
            let value = term.value_said().map_or(String::new(), |value| format!(": {value}"));
            let text = format!("{}{value} ({})", term.apart(), said.without_term(term));
            ui.add(egui::Label::new(RichText::new(text).font(narrow()).color(look.ink2)).wrap());
        });
    }
    if let Some(numbers) = said.rests_on() {
        prose(ui, &numbers, shown, look);
    }
    if let Some(idle) = said.idle() {
        prose(ui, &idle, shown, look);
    }
}

/// One link; returns where its number stands.
fn link(
    ui: &mut Ui,
    step: &Step,
    told: &Told,
    last: Option<egui::Pos2>,
    shown: &mut Shown,
    look: &Look,
    acts: &mut Vec<Act>,
) -> egui::Pos2 {
    let (left, start, width) = (ui.cursor().left(), ui.cursor().top(), ui.available_width());
    ui.horizontal_top(|ui| {
        ui.add_space(36.0);
        ui.vertical(|ui| {
            ui.set_width(width - 40.0);
            ui.spacing_mut().item_spacing.y = 1.0;
            // The sentence is what is clicked; the words below have meanings of their own.
            let sentence = egui::Label::new(strong(&step.sentence)).wrap();
            match step.event {
                Some(id) => {
                    let response = ui.add(sentence.sense(Sense::click()));
                    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &step.sentence));
                    crate::draw::focus_ring(ui, &response, look);
                    if response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked() {
                        acts.push(Act::Explain(id));
                    }
                }
                None => {
                    ui.add(sentence);
                }
            }
            for (effect, words) in &step.bears {
                let number = told.steps.iter().find(|other| other.event == Some(*effect)).map_or(1, |s| s.number);
                // Without a word, it bears on the event that is explained.
                let of = if number == 1 { String::new() } else { format!("Behind {number}: ") };
                prose(ui, &format!("{of}{words}"), shown, look);
            }
            if let Some(decided) = &step.decided {
                prose(ui, decided, shown, look);
            }
            if let Some(id) = step.event {
                ui.label(RichText::new(format!("day {} · event {id}", id.day)).font(narrow()).color(look.ink2));
                requests(ui, id, look, acts);
            }
        });
    });
    let at = pos2(left + 13.0, start + 11.0);
    if let Some(last) = last {
        ui.painter().line_segment([last + vec2(0.0, 12.0), at - vec2(0.0, 12.0)], Stroke::new(1.2, look.strong));
    }
    if step.event.is_some() {
        ui.painter().circle_filled(at, 11.5, look.ink);
        ui.painter().text(at, Align2::CENTER_CENTER, step.number.to_string(), bold(), look.on_ink());
    } else {
        ui.painter().circle(at, 5.0, look.panel, Stroke::new(1.5, look.ink2));
    }
    at
}

/// Two requests: to the day of an event, and a branch from there.
fn requests(ui: &mut Ui, id: EventId, look: &Look, acts: &mut Vec<Act>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let words = |text: String| RichText::new(text).font(narrow()).color(look.ink);
        let go = ui.button(words(format!("Go to day {}", id.day)));
        let go = go.on_hover_text("To the morning of that day: it has not happened yet. One day on, it has.");
        if go.clicked() {
            acts.push(Act::GoTo(id.day));
        }
        let fork = ui.button(words(format!("Fork on day {}", id.day)));
        let fork =
            fork.on_hover_text("A branch from the morning of that day: a lever moved there acts before it happens.");
        if fork.clicked() {
            acts.push(Act::GoTo(id.day));
            acts.push(Act::Fork);
        }
    });
}

fn number_disc(ui: &mut Ui, number: usize, look: &Look) {
    let (rect, _) = ui.allocate_exact_size(vec2(23.0, 23.0), Sense::hover());
    ui.painter().circle_filled(rect.center(), 11.5, look.ink);
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, number.to_string(), bold(), look.on_ink());
}

/// What your policy did to the event.
fn policy(ui: &mut Ui, verdict: &str, look: &Look) {
    egui::Frame::NONE
        .fill(look.you_ground)
        .stroke(Stroke::new(1.0, faint(look.you, 0.35)))
        .corner_radius(6)
        .inner_margin(10)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let mut job = egui::text::LayoutJob::default();
            job.append("Without your policy ", 0.0, egui::TextFormat::simple(bold(), look.you));
            job.append(verdict, 0.0, egui::TextFormat::simple(narrow(), look.ink));
            job.wrap.max_width = ui.available_width();
            ui.label(job);
        });
}

/// A sentence in a title and the rest: who does what, and with what result. Nothing is cut inside brackets.
pub(super) fn parts(sentence: &str) -> (String, String) {
    let mut depth = 0;
    for (i, c) in sentence.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ':' | ';' if depth == 0 && i > 18 && sentence[i..].len() > 1 && sentence[i + 1..].starts_with(' ') => {
                return (format!("{}.", &sentence[..i]), capital(sentence[i + 1..].trim_start()));
            }
            _ => {}
        }
    }
    (sentence.to_owned(), String::new())
}

/// The telling events before and after one.
fn neighbours(sitting: &Sitting, event: EventId) -> (Option<EventId>, Option<EventId>) {
    let telling = |e: &&(EventId, Event)| e.1.kind() != EventKind::Fire;
    let events = &sitting.branch().history.events;
    let before = events.iter().rev().filter(telling).find(|(id, _)| *id < event).map(|(id, _)| *id);
    let after = events.iter().filter(telling).find(|(id, _)| *id > event).map(|(id, _)| *id);
    (before, after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_a_sentence_and_is_never_cut_inside_brackets() {
        let salvo = "Iran answers Israel with 52 ballistic missiles at military sites (Ramon air base (shown at Mitzpe Ramon)), announced beforehand: 50 arrive, 45 intercepted, 2 hit, nobody is reported killed.";
        let (title, rest) = parts(salvo);
        assert!(title.ends_with("announced beforehand."), "{title}");
        assert_eq!(rest, "50 arrive, 45 intercepted, 2 hit, nobody is reported killed.");
        assert_eq!(parts("Truce in Lebanon is signed by Hezbollah and Israel.").1, "");
        let (title, rest) =
            parts("A long name of a place (a: b) collapses after 3 days; the front returns to level 4.");
        assert_eq!(
            (title.as_str(), rest.as_str()),
            ("A long name of a place (a: b) collapses after 3 days.", "The front returns to level 4.")
        );
    }
}
