//! Windows over the rest: save, open, share, report; help and keys; a word when something was done or could not be.

use super::act::{Act, Dialog};
use super::draw::{Icon, body, icon_button, named, narrow, quiet, strong};
use super::futures::CAVEAT;
use super::look::Look;
use crate::session::Sitting;
use crate::session::file::EXTENSION;
use crate::session::names::file_stem;
use bevy_egui::egui::{self, Rect, RichText, ScrollArea, Stroke, StrokeKind, Ui, pos2, vec2};

/// What is typed in the windows.
#[derive(Default)]
pub struct DialogView {
    /// Name of a file to save.
    name: String,
    /// Name of a file to open.
    open: String,
    /// A link to open.
    link: String,
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

/// Keys, as the help and the documents list them.
pub const KEYS: &[(&str, &str)] = &[
    ("Space", "play or pause"),
    ("← →", "a day back or on; with Shift a week"),
    ("Home, End", "to the first day; to the last day played"),
    ("L", "levers: search"),
    ("F  W  I  C", "Futures, Why, Inspect, Compare"),
    ("B", "start a branch at the playhead"),
    ("Ctrl+Z, Ctrl+Shift+Z", "take the last lever move back; do it again"),
    ("K", "key of the map"),
    ("+  −  Shift+arrows  0", "zoom, move and reset the map that the Tab key came to"),
    ("Ctrl+S, Ctrl+O", "save, open, share, report"),
    ("T", "light or dark"),
    ("Ctrl and +  −  0", "text size"),
    ("Tab, Enter, arrows", "reach and move everything; Delete puts a lever back"),
    ("?", "this help"),
    ("Esc", "close what is open"),
];

/// The window that is open, if any. `typed` says whether files are named by the user (a window) or by the browser (a page).
pub fn dialog_ui(
    ui: &mut Ui,
    dialog: Dialog,
    sitting: &Sitting,
    view: &mut DialogView,
    typed: bool,
    look: &Look,
    acts: &mut Vec<Act>,
) {
    let screen = ui.ctx().content_rect();
    let size = vec2((screen.width() - 32.0).min(560.0), (screen.height() - 32.0).min(760.0));
    let title = match dialog {
        Dialog::Share => "Save, open, share",
        Dialog::Help => "Help and keys",
    };
    let frame = egui::Frame::window(ui.style()).inner_margin(16);
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
        ScrollArea::vertical().max_height(size.y - 80.0).min_scrolled_height(size.y - 80.0).show(
            ui,
            |ui| match dialog {
                Dialog::Share => share(ui, sitting, view, typed, look, acts),
                Dialog::Help => help(ui, sitting, look),
            },
        );
    });
    if response.should_close() {
        acts.push(Act::Dialog(None));
    }
}

fn share(ui: &mut Ui, sitting: &Sitting, view: &mut DialogView, typed: bool, look: &Look, acts: &mut Vec<Act>) {
    let wrap = |ui: &mut Ui, text: &str| ui.add(egui::Label::new(quiet(text, look)).wrap());
    ui.label(strong("Session"));
    wrap(ui, "Scenario, seed, branches and lever log in one small file. Opened anywhere, it gives every number again.");
    let default = format!("{}-seed-{}.{EXTENSION}", file_stem(&sitting.loaded.name), sitting.seed());
    if typed {
        ui.horizontal(|ui| {
            let width = ui.available_width() - 90.0;
            let field = egui::TextEdit::singleline(&mut view.name).hint_text(default.as_str());
            named(ui, field.desired_width(width), "Name of the file to save");
            if ui.button("Save").clicked() {
                let name = if view.name.trim().is_empty() { default.clone() } else { view.name.trim().to_owned() };
                acts.push(Act::Save(name));
            }
        });
        ui.horizontal(|ui| {
            let width = ui.available_width() - 90.0;
            let field = egui::TextEdit::singleline(&mut view.open).hint_text("a session file to open");
            named(ui, field.desired_width(width), "Session file to open");
            if ui.add_enabled(!view.open.trim().is_empty(), egui::Button::new("Open")).clicked() {
                acts.push(Act::Open(view.open.trim().to_owned()));
            }
        });
    } else {
        ui.horizontal(|ui| {
            if ui.button("Save as a file").clicked() {
                acts.push(Act::Save(default.clone()));
            }
            if ui.button("Open a file").clicked() {
                acts.push(Act::Open(String::new()));
            }
        });
    }
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
    wrap(
        ui,
        "One page with map, charts, lever log, key events with causes and every assumption moved; the data beside it as CSV and Parquet.",
    );
    if ui.button("Write the report").clicked() {
        acts.push(Act::Report(report_name(sitting)));
    }
    ui.add_space(6.0);
    let digest = sitting.branch().history.digest().whole;
    let words = format!("Seed {} · scenario {} · digest {digest}", sitting.seed(), sitting.loaded.hash);
    ui.add(egui::Label::new(RichText::new(words).font(narrow()).color(look.ink2)).wrap());
}

/// What a report's folder is called.
#[must_use]
pub fn report_name(sitting: &Sitting) -> String {
    format!("{}-seed-{}-report", file_stem(&sitting.loaded.name), sitting.seed())
}

fn help(ui: &mut Ui, sitting: &Sitting, look: &Look) {
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
    egui::Grid::new("keys").num_columns(2).spacing(vec2(16.0, 3.0)).show(ui, |ui| {
        for (key, does) in KEYS {
            ui.label(strong(*key));
            ui.add(egui::Label::new(quiet(*does, look)).wrap());
            ui.end_row();
        }
    });
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

/// The offer to go on with a session that waits: of an earlier start, or the one before this.
pub fn kept_ui(ui: &mut Ui, area: Rect, is_aside: bool, look: &Look, acts: &mut Vec<Act>) {
    // Between the map's buttons and the inset; on a small map in two lines, on the part that the insets leave.
    let wide = area.width() >= 700.0;
    let width = if wide { 430.0 } else { (area.width() * 0.58 - 20.0).clamp(230.0, 320.0) };
    let left = area.left() + if wide { 56.0 } else { 10.0 };
    let rect = Rect::from_min_size(pos2(left, area.top() + 12.0), vec2(width, if wide { 44.0 } else { 64.0 }));
    ui.painter().rect(rect, 6.0, look.panel, Stroke::new(1.0, look.strong), StrokeKind::Inside);
    let mut inner = ui.new_child(egui::UiBuilder::new().max_rect(rect.shrink2(vec2(12.0, 7.0))));
    let (what, no, yes) = if is_aside {
        ("The session before this one is kept.", "Let it go", "Go back to it")
    } else {
        ("A session was kept from last time.", "Begin anew", "Go on with it")
    };
    let mut buttons = |ui: &mut Ui| {
        if ui.button(no).clicked() {
            acts.push(Act::DropKept);
        }
        if ui.button(yes).clicked() {
            acts.push(Act::TakeKept);
        }
    };
    if wide {
        inner.horizontal(|ui| {
            ui.label(what);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| buttons(ui));
        });
    } else {
        inner.label(what);
        inner.horizontal(|ui| buttons(ui));
    }
}
