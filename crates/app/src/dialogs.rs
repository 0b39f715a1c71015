//! Windows over the rest: save, open, share, report; help and keys; a word when something was done or could not be.

use super::act::{Act, Dialog};
use super::causes::{CausesView, causes_ui};
use super::commands::keys;
use super::contested::{ContestedView, contested_ui};
use super::draw::{Icon, body, capital, icon_button, named, narrow, quiet, strong};
use super::file_names::report_name;
use super::futures::CAVEAT;
use super::keep::Keeper;
use super::look::Look;
use super::platform::Chooser;
use super::shelf::{ShelfView, shelf_ui};
use super::steps::{StepForm, steps_ui};
use bevy_egui::egui::{self, Rect, RichText, ScrollArea, Stroke, StrokeKind, Ui, pos2, vec2};
use detente_session::Sitting;
use detente_session::desk::Desk;
use detente_study::tables::provenance::MODEL;

/// What is typed in the windows.
#[derive(Default)]
pub struct DialogView {
    /// Name of a file to save.
    name: String,
    /// Name of a file to open.
    open: String,
    /// A link to open.
    link: String,
    /// Name of a report's folder.
    report: String,
    /// The list of kept sessions.
    shelf: ShelfView,
    /// What is asked of all futures.
    pub(super) causes: CausesView,
    /// What is asked of every camp.
    contested: ContestedView,
    /// A step's words.
    step: StepForm,
}

/// A word to the user, for a while.
#[derive(Clone, Debug)]
pub struct Note {
    /// The sentence.
    pub text: String,
    /// Whether something could not be done.
    pub trouble: bool,
    /// When it goes away, seconds of the clock; troubles stay until put away.
    pub until: f64,
}

impl Note {
    /// Whether it has been there long enough.
    #[must_use]
    pub fn is_over(&self, now: f64) -> bool {
        !self.trouble && self.until <= now
    }
}

/// What the window over the rest shows of the studio.
pub struct Share<'a> {
    /// The sitting.
    pub sitting: &'a Sitting,
    /// What is kept.
    pub keeper: &'a Keeper,
    /// What is worked out beside the sitting.
    pub desk: &'a Desk,
    /// How files are chosen.
    pub chooser: Chooser,
    /// The name under which the session is saved, unless the user says another.
    pub name: &'a str,
    /// The file that is there already, while the user is asked whether to replace it.
    pub question: Option<&'a str>,
    /// The last word to the user.
    pub note: Option<&'a Note>,
}

/// The window that is open. Returns whether the last word was put away.
pub fn dialog_ui(
    ui: &mut Ui,
    dialog: Dialog,
    share: &Share<'_>,
    view: &mut DialogView,
    look: &Look,
    acts: &mut Vec<Act>,
) -> bool {
    let screen = ui.ctx().content_rect();
    // A table of seven columns has more to show than sentences.
    let widest = if matches!(dialog, Dialog::Causes | Dialog::Contested) { 920.0 } else { 560.0 };
    let size = vec2((screen.width() - 32.0).min(widest), (screen.height() - 32.0).min(760.0));
    let title = match dialog {
        Dialog::Share => "Save, open, share",
        Dialog::Help => "Help and keys",
        Dialog::Scores => super::scores::TITLE,
        Dialog::Causes => super::causes::TITLE,
        Dialog::Contested => super::contested::TITLE,
        Dialog::Steps => super::steps::TITLE,
    };
    let frame = egui::Frame::window(ui.style()).inner_margin(16);
    let mut put_away = false;
    let response = egui::Modal::new(egui::Id::new("dialog")).frame(frame).show(ui.ctx(), |ui| {
        ui.set_width(size.x - 32.0);
        ui.horizontal(|ui| {
            ui.label(RichText::new(title).font(super::draw::figure()));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if icon_button(ui, Icon::Cross, "Close (Esc)", look).clicked() {
                    acts.push(Act::Dialog(None));
                }
            });
        });
        ui.add_space(4.0);
        // Answers stand in front of what was asked, and are seen however far down that is.
        let top = ui.cursor().top();
        put_away = share.note.is_some_and(|note| said(ui, note, look));
        if let Some(path) = share.question {
            question(ui, path, look, acts);
        }
        let left = (size.y - 80.0 - (ui.cursor().top() - top)).max(120.0);
        ScrollArea::vertical().max_height(left).min_scrolled_height(left).show(ui, |ui| match dialog {
            Dialog::Share => share_ui(ui, share, view, look, acts),
            Dialog::Help => help(ui, share.sitting, look, acts),
            Dialog::Scores => super::scores::page(ui, look),
            Dialog::Causes => causes_ui(ui, share.sitting, share.desk, &mut view.causes, look, acts),
            Dialog::Contested => {
                contested_ui(ui, share.sitting, share.desk, share.chooser, &mut view.contested, look, acts)
            }
            Dialog::Steps => steps_ui(ui, share.sitting, &mut view.step, look, acts),
        });
    });
    if response.should_close() {
        acts.push(Act::Dialog(None));
    }
    put_away
}

/// A frame for what is said or asked.
fn raised(ui: &mut Ui, heavy: bool, look: &Look, inside: impl FnOnce(&mut Ui)) {
    let line = Stroke::new(if heavy { 2.0 } else { 1.0 }, if heavy { look.ink } else { look.strong });
    let frame = egui::Frame::new().fill(look.raised).stroke(line).corner_radius(6).inner_margin(10);
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        inside(ui);
    });
    ui.add_space(6.0);
}

/// The last word. Returns whether it was put away.
fn said(ui: &mut Ui, note: &Note, look: &Look) -> bool {
    let mut put_away = false;
    raised(ui, note.trouble, look, |ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Min), |ui| {
            put_away = icon_button(ui, Icon::Cross, "Put this away", look).clicked();
            ui.with_layout(egui::Layout::top_down(egui::Align::Min), |ui| {
                // What is wrong with a scenario can be long.
                ScrollArea::vertical().id_salt("said").max_height(160.0).show(ui, |ui| {
                    ui.add(egui::Label::new(RichText::new(&note.text).font(body())).wrap());
                });
            });
        });
    });
    put_away
}

/// Whether to replace a session that is there already.
fn question(ui: &mut Ui, path: &str, look: &Look, acts: &mut Vec<Act>) {
    raised(ui, true, look, |ui| {
        let text = format!("{path} is there already. Replace it with this session?");
        ui.add(egui::Label::new(RichText::new(text).font(body())).wrap());
        ui.horizontal(|ui| {
            if ui.button("Keep it, take another name").clicked() {
                acts.push(Act::Replace(None));
            }
            if ui.button("Replace it").clicked() {
                acts.push(Act::Replace(Some(path.to_owned())));
            }
        });
    });
}

fn share_ui(ui: &mut Ui, share: &Share<'_>, view: &mut DialogView, look: &Look, acts: &mut Vec<Act>) {
    let sitting = share.sitting;
    let wrap = |ui: &mut Ui, text: &str| ui.add(egui::Label::new(quiet(text, look)).wrap());
    ui.label(strong("Session"));
    wrap(ui, "Scenario, seed, branches and lever log in one small file. Opened anywhere, it gives every number again.");
    files(ui, share, view, acts);
    ui.add_space(8.0);
    ui.label(strong("Link"));
    wrap(ui, "The same as the tail of a link to the web page; paste one here to open it.");
    ui.horizontal(|ui| {
        if ui.button("Copy link").clicked() {
            acts.push(Act::CopyLink);
        }
        let width = ui.available_width() - 90.0;
        let field = egui::TextEdit::singleline(&mut view.link).hint_text("a link to open");
        named(ui, field.desired_width(width), "Link to open");
        if ui.add_enabled(!view.link.trim().is_empty(), egui::Button::new("Open")).clicked() {
            acts.push(Act::OpenLink(view.link.trim().to_owned()));
        }
    });
    ui.add_space(8.0);
    ui.label(strong("Report"));
    let form = if share.chooser == Chooser::Browser { "All in one archive." } else { "All in a new folder." };
    wrap(
        ui,
        &format!(
            "One page with map, charts, lever log, key events with causes and every assumption moved; the data beside it as CSV \
             and Parquet. {form}"
        ),
    );
    ui.horizontal(|ui| {
        let name = report_name(sitting);
        if share.chooser == Chooser::Typed {
            let width = ui.available_width() - 150.0;
            let field = egui::TextEdit::singleline(&mut view.report).hint_text(name.as_str());
            named(ui, field.desired_width(width), "Name of the report's folder");
        }
        if ui.button("Write the report").clicked() {
            let typed = view.report.trim();
            acts.push(if typed.is_empty() { Act::Report(name) } else { Act::ReportTo(typed.to_owned()) });
        }
    });
    ui.add_space(8.0);
    // Last, since it grows by itself while the pointer rests on something else.
    shelf_ui(ui, share.keeper, &mut view.shelf, look, acts);
    ui.add_space(6.0);
    let digest = sitting.branch().history.digest().whole;
    let words = format!("{} · scenario {} · digest {digest}", capital(&sitting.fate_words()), sitting.loaded.hash);
    ui.add(egui::Label::new(RichText::new(words).font(narrow()).color(look.ink2)).wrap());
}

/// Saving and opening: by the dialogs of the system, by typed names, or as the browser does it.
fn files(ui: &mut Ui, share: &Share<'_>, view: &mut DialogView, acts: &mut Vec<Act>) {
    let own = share.keeper.file();
    let short = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or(path).chars().take(40).collect::<String>();
    match share.chooser {
        Chooser::Browser => {
            ui.horizontal(|ui| {
                if ui.button("Save as a file").clicked() {
                    acts.push(Act::Save(share.name.to_owned()));
                }
                if ui.button("Open a file").on_hover_text("A session, or a scenario of your own").clicked() {
                    acts.push(Act::Open(String::new()));
                }
            });
        }
        Chooser::System => {
            ui.horizontal_wrapped(|ui| {
                if let Some(own) = own
                    && ui.button(format!("Save in {}", short(own))).on_hover_text(own).clicked()
                {
                    acts.push(Act::Save(own.to_owned()));
                }
                if ui.button("Save as a file …").clicked() {
                    acts.push(Act::SaveElsewhere);
                }
                if ui.button("Open a file …").on_hover_text("A session, or a scenario of your own").clicked() {
                    acts.push(Act::Open(String::new()));
                }
            });
        }
        Chooser::Typed => {
            ui.horizontal(|ui| {
                let width = ui.available_width() - 90.0;
                let hint = if own.is_some() { share.name.to_owned() } else { short(share.name) };
                let field = egui::TextEdit::singleline(&mut view.name).hint_text(hint);
                named(ui, field.desired_width(width), "Name of the file to save");
                if ui.button("Save").clicked() {
                    let typed = view.name.trim();
                    acts.push(Act::Save(if typed.is_empty() { share.name } else { typed }.to_owned()));
                }
            });
            ui.horizontal(|ui| {
                let width = ui.available_width() - 90.0;
                let field = egui::TextEdit::singleline(&mut view.open).hint_text("a session or scenario file to open");
                named(ui, field.desired_width(width), "File to open");
                if ui.add_enabled(!view.open.trim().is_empty(), egui::Button::new("Open")).clicked() {
                    acts.push(Act::Open(view.open.trim().to_owned()));
                }
            });
        }
    }
}

fn help(ui: &mut Ui, sitting: &Sitting, look: &Look, acts: &mut Vec<Act>) {
    let wrap = |ui: &mut Ui, text: &str| ui.add(egui::Label::new(RichText::new(text).font(body())).wrap());
    wrap(
        ui,
        "Play, and move a lever: it acts from the next simulated day. Futures redraws hundreds of futures from today, with your policy and without it, on the same random numbers: what differs, differs because of the policy.",
    );
    wrap(
        ui,
        "Click anything on the map or the timeline. Why names the causes of an event, each with its number. Drag the playhead back to see any day again; a lever moved in the past begins a branch, and nothing is overwritten.",
    );
    ui.add_space(6.0);
    if ui.button(super::scores::TITLE).on_hover_text("What a back-test says of the model").clicked() {
        acts.push(Act::Dialog(Some(Dialog::Scores)));
    }
    ui.add_space(6.0);
    egui::Grid::new("keys").num_columns(2).spacing(vec2(16.0, 3.0)).show(ui, |ui| {
        for (key, does) in keys() {
            ui.label(strong(key));
            ui.add(egui::Label::new(quiet(does, look)).wrap());
            ui.end_row();
        }
    });
    ui.add_space(6.0);
    super::glossary::page(ui, look);
    ui.add_space(6.0);
    ui.label(strong("Evidence tags"));
    wrap(
        ui,
        "S sourced · L literature, from memory · C calibrated to the training window · A assumption · H assumption with hindsight.",
    );
    ui.add_space(6.0);
    ui.label(strong("This scenario"));
    wrap(ui, &sitting.loaded.scenario.title);
    wrap(ui, sitting.loaded.scenario.description.trim());
    ui.add_space(6.0);
    wrap(ui, CAVEAT);
    wrap(ui, &format!("Model version {MODEL}: the digest behind + names what its numbers come from."));
    ui.add(egui::Label::new(RichText::new(CREDITS).font(narrow()).color(look.ink2)).wrap());
}

/// Where the map and the letters come from.
const CREDITS: &str = "Map: Natural Earth (public domain); place coordinates: GeoNames (CC BY 4.0). Type: IBM Plex (SIL OFL 1.1). Disputed lines are drawn dashed and named as disputed. Sites are placed at city level.";

/// The last word, at the foot of the map.
pub fn note_ui(ui: &mut Ui, area: Rect, note: &Note, look: &Look) -> bool {
    let room = (area.width() - 40.0).min(560.0);
    let galley = ui.painter().layout(note.text.clone(), body(), look.ink, room - 60.0);
    let size = vec2(galley.size().x + 56.0, galley.size().y + 18.0);
    let rect = Rect::from_center_size(pos2(area.center().x, area.bottom() - 20.0 - size.y / 2.0), size);
    let line = Stroke::new(if note.trouble { 2.0 } else { 1.0 }, if note.trouble { look.ink } else { look.strong });
    ui.painter().rect(rect, 6.0, look.panel, line, StrokeKind::Inside);
    ui.painter().galley(rect.min + vec2(14.0, 9.0), galley, look.ink);
    let mut inner = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(Rect::from_min_size(pos2(rect.right() - 34.0, rect.top() + 4.0), vec2(28.0, 28.0))),
    );
    icon_button(&mut inner, Icon::Cross, "Put this away", look).clicked()
}
