//! Steps of a session: the strip above the map with the title and notes of the one shown, and the window in which they are made,
//! named, put in order and removed. And the lessons that ship, each of which is a session with steps.

use super::act::{Act, Dialog, Walk};
use super::commands::Command;
use super::draw::{BODY, Icon, body, bold, icon_button, named, narrow, quiet, rule, strong};
use super::look::Look;
use bevy_egui::egui::{
    self, Frame, Label, Layout, Margin, Panel, RichText, ScrollArea, Stroke, TextEdit, Ui, WidgetInfo, WidgetType,
};
use detente_session::Sitting;
use detente_session::lessons::LESSONS;
use detente_session::steps::{LONGEST_NOTES, Step};

/// Name of the window.
pub const TITLE: &str = "Steps";
/// What stands over the lessons in a menu.
pub const LESSONS_OF: &str = "Lessons of 45 minutes";
/// Height of the strip without notes.
const ROW: f32 = 40.0;
/// The same for fingers.
const ROW_FOR_FINGERS: f32 = 48.0;
/// The largest part of the screen that notes take.
const MOST: f32 = 0.2;
/// Height that everything else has before notes have any.
const REST: f32 = 420.0;
/// Height below which the strip has no place: keys and the window of the steps walk them there.
const LOWEST: f32 = 320.0;
/// The way to the window.
const PREPARE: &str = "Prepare";

/// What of the steps is shown.
pub struct StepsView {
    /// Whether the strip is.
    pub shown: bool,
    /// Whether the notes are: they are the speaker's, and a projector shows them to all.
    pub notes: bool,
}

impl StepsView {
    /// As a sitting begins: a session with steps shows that it has them.
    #[must_use]
    pub fn of(sitting: &Sitting) -> Self {
        Self { shown: !sitting.steps().is_empty(), notes: true }
    }
}

/// What is being typed.
#[derive(Default)]
pub struct StepForm {
    /// The step whose words they are; a new one's without.
    of: Option<usize>,
    title: String,
    notes: String,
}

/// Words on a control, with the key of the table of commands that does the same.
fn with_key_of(words: &str, act: &Act) -> String {
    let keys = Command::of("steps").map_or(&[][..], |command| command.keys);
    let key = keys.iter().find(|shortcut| shortcut.act == *act);
    key.map_or_else(|| words.to_owned(), |key| format!("{words} ({})", key.name()))
}

/// The strip above the map: way back and on, which step of how many, its title, its notes.
pub fn strip(ui: &mut Ui, sitting: &Sitting, view: &StepsView, fingers: bool, look: &Look, acts: &mut Vec<Act>) {
    let row = if fingers { ROW_FOR_FINGERS } else { ROW };
    let screen = ui.ctx().content_rect().size();
    if !view.shown || screen.y < LOWEST + row {
        return;
    }
    let steps = sitting.steps();
    let notes = steps.shown().map_or("", |step| step.notes.as_str());
    let notes = if view.notes { notes } else { "" };
    let room = (screen.y - REST).min(MOST * screen.y);
    let height = if notes.is_empty() || room < 3.0 * BODY {
        0.0
    } else {
        let galley = ui.painter().layout(notes.to_owned(), body(), look.ink, ui.available_width() - 44.0);
        (galley.size().y + 14.0).min(room)
    };
    let panel = Panel::top("steps").exact_size(row + height).resizable(false).frame(Frame::NONE.fill(look.raised));
    panel.show(ui, |ui| {
        let whole = ui.max_rect();
        ui.painter().hline(whole.x_range(), whole.bottom() - 0.5, Stroke::new(1.0, look.hairline));
        ui.spacing_mut().interact_size.y = row - 12.0;
        ui.allocate_ui_with_layout(egui::vec2(whole.width(), row), Layout::left_to_right(egui::Align::Center), |ui| {
            head(ui, sitting, view, fingers, look, acts);
        });
        if height > 0.0 {
            let rows = ScrollArea::vertical().id_salt("notes").max_height(height - 8.0).auto_shrink([false, true]);
            rows.show(ui, |ui| {
                Frame::NONE.inner_margin(Margin::symmetric(14, 0)).show(ui, |ui| {
                    ui.add(Label::new(RichText::new(notes).font(body())).wrap());
                });
            });
        }
    });
}

/// The first line of the strip.
fn head(ui: &mut Ui, sitting: &Sitting, view: &StepsView, fingers: bool, look: &Look, acts: &mut Vec<Act>) {
    let steps = sitting.steps();
    let count = steps.list().len();
    ui.spacing_mut().item_spacing.x = 6.0;
    ui.add_space(10.0);
    let ways =
        [(Walk::Back, "Back", "The step before", steps.before()), (Walk::Next, "Next", "The next step", steps.after())];
    for (walk, words, name, to) in ways {
        let act = Act::Walk(walk);
        let name = with_key_of(name, &act);
        let words = if walk == Walk::Next { strong(words) } else { RichText::new(words) };
        let button = ui.add_enabled(to.is_some(), egui::Button::new(words));
        button.widget_info(|| WidgetInfo::labeled(WidgetType::Button, to.is_some(), &name));
        if button.on_hover_text(&name).clicked() {
            acts.push(act);
        }
    }
    let place = match (steps.at(), count) {
        (Some(at), _) => format!("{} of {count}", at + 1),
        (None, 0) => "no steps yet".to_owned(),
        (None, 1) => "1 step".to_owned(),
        (None, _) => format!("{count} steps"),
    };
    ui.label(quiet(place, look));
    ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
        ui.add_space(6.0);
        if icon_button(ui, Icon::Cross, "Put the steps away", look).clicked() {
            acts.push(Act::ShowSteps(false));
        }
        let tip = "Make, name, order and remove steps (S)";
        let prepare =
            if fingers { icon_button(ui, Icon::More, PREPARE, look) } else { ui.button(PREPARE).on_hover_text(tip) };
        if prepare.clicked() {
            acts.push(Act::Dialog(Some(Dialog::Steps)));
        }
        if steps.shown().is_some_and(|step| !step.notes.is_empty()) {
            let notes = ui.selectable_label(view.notes, "Notes");
            if notes.on_hover_text("Notes are the speaker's: a projector shows them to all").clicked() {
                acts.push(Act::ShowNotes(!view.notes));
            }
        }
        ui.with_layout(Layout::left_to_right(egui::Align::Center), |ui| {
            let title = steps.shown().map_or("", |step| step.title.as_str());
            ui.add(Label::new(RichText::new(title).font(bold())).truncate());
        });
    });
}

/// The window in which steps are prepared.
pub fn steps_ui(ui: &mut Ui, sitting: &Sitting, form: &mut StepForm, look: &Look, acts: &mut Vec<Act>) {
    // A bar lies over what is scrolled.
    ui.set_max_width(ui.available_width() - 10.0);
    let steps = sitting.steps();
    let words = "A step brings back what is shown as it is made: branch, day, panel and what it is about. PageDown and PageUp walk \
                 through them. Steps are in the session file, with their notes, and in no link.";
    ui.add(Label::new(quiet(words, look)).wrap());
    ui.add_space(6.0);
    // A step that is no longer there has no words to be changed.
    if form.of.is_some_and(|step| step >= steps.list().len()) {
        *form = StepForm::default();
    }
    words_of(ui, form, look, acts);
    for (i, step) in steps.list().iter().enumerate() {
        rule(ui, look);
        row(ui, i, steps.list().len(), step, steps.at() == Some(i), form, look, acts);
    }
    rule(ui, look);
    ui.label(strong(LESSONS_OF));
    ui.add(Label::new(quiet("Each is a session with steps. The present one is kept.", look)).wrap());
    ui.horizontal_wrapped(|ui| lessons(ui, acts));
}

/// Title and notes of a new step, or of one that is there.
fn words_of(ui: &mut Ui, form: &mut StepForm, look: &Look, acts: &mut Vec<Act>) {
    match form.of {
        Some(step) => ui.label(strong(format!("Words of step {}", step + 1))),
        None => ui.label(strong("What is shown now, as a step")),
    };
    let field =
        TextEdit::singleline(&mut form.title).desired_width(f32::INFINITY).hint_text("title; else day and panel");
    named(ui, field, "Title of the step");
    let field = TextEdit::multiline(&mut form.notes).desired_width(f32::INFINITY).desired_rows(3);
    let field = field.char_limit(LONGEST_NOTES).hint_text("notes for the speaker");
    named(ui, field, "Notes for the speaker");
    ui.horizontal_wrapped(|ui| match form.of {
        Some(step) => {
            let done = ui.button(strong("Keep these words")).clicked();
            if done {
                acts.push(Act::Reword(step, form.title.clone(), form.notes.clone()));
            }
            if done || ui.button("Leave them as they were").clicked() {
                *form = StepForm::default();
            }
        }
        None => {
            if ui.button(strong("Remember this")).clicked() {
                let StepForm { title, notes, .. } = std::mem::take(form);
                acts.push(Act::Remember(title, notes));
            }
            ui.label(quiet("behind the step that is shown", look));
        }
    });
}

/// A step in the list.
#[allow(clippy::too_many_arguments, reason = "a part of the window, with what the window has")]
fn row(
    ui: &mut Ui,
    i: usize,
    count: usize,
    step: &Step,
    shown: bool,
    form: &mut StepForm,
    look: &Look,
    acts: &mut Vec<Act>,
) {
    let n = i + 1;
    // While words are typed every step keeps its number.
    let free = form.of.is_none();
    let title = RichText::new(format!("{n}. {}", step.title)).font(bold());
    ui.add(Label::new(title).truncate()).on_hover_text(&step.notes);
    ui.add(Label::new(RichText::new(step.commands.join(" · ")).font(narrow()).color(look.ink2)).wrap());
    ui.horizontal_wrapped(|ui| {
        let mut press = |words: &str, may: bool, name: String| {
            let button = ui.add_enabled(may, egui::Button::new(words));
            button.widget_info(|| WidgetInfo::labeled(WidgetType::Button, may, &name));
            button.on_hover_text(name).clicked()
        };
        if press(if shown { "Show again" } else { "Show" }, true, format!("Show step {n}")) {
            acts.push(Act::Walk(Walk::To(i)));
        }
        if press("Words", true, format!("Change the words of step {n}")) {
            *form = StepForm { of: Some(i), title: step.title.clone(), notes: step.notes.clone() };
        }
        if press("Take this view", true, format!("Let step {n} bring back what is shown now")) {
            acts.push(Act::Retake(i));
        }
        if press("Up", free && i > 0, format!("Move step {n} up")) {
            acts.push(Act::ShiftStep(i, true));
        }
        if press("Down", free && n < count, format!("Move step {n} down")) {
            acts.push(Act::ShiftStep(i, false));
        }
        if press("Remove", free, format!("Remove step {n}")) {
            acts.push(Act::RemoveStep(i));
        }
    });
}

/// A button for each lesson. Returns whether one was pressed.
pub fn lessons(ui: &mut Ui, acts: &mut Vec<Act>) -> bool {
    let mut pressed = false;
    for lesson in &LESSONS {
        if ui.button(lesson.title).clicked() {
            acts.push(Act::Lesson(lesson.name.to_owned()));
            pressed = true;
        }
    }
    pressed
}
