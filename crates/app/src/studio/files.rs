//! Files of a sitting: where it is saved, what is asked before anything is replaced, what is opened, and reports.

use super::acts::OPENED;
use super::bench::Origin;
use super::room::Studio;
use super::settle::shown;
use crate::act::Dialog;
use crate::file_names::stem;
use crate::keep::Keeper;
use crate::platform::{self, Arrival, Chooser, Opened, Purpose, There};
use crate::settings::{Asked, Place, Settler};
use detente_model::record::digest::of_text;
use detente_session::Sitting;
use detente_session::file::{EXTENSION, Saved};

/// Seconds after which an answer of the system's dialog is looked for again.
const LOOK: f64 = 0.1;

/// What became of a wish to save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Saving {
    /// Done, and what to say of it.
    Done(String),
    /// A session of this path is there already: may it be replaced?
    Asks(String),
    /// Not done, and why.
    No(String),
}

impl Studio {
    /// Begins to keep sessions for the next start; says whether to offer what earlier starts left.
    pub fn start_keeping(&mut self, offers: bool) {
        self.keeper = if offers { Keeper::at_start() } else { Keeper::without_offer() };
        self.keeper.begin(&self.sitting);
    }

    /// Takes the settings of earlier starts, and keeps what is chosen from now on.
    pub fn start_settings(&mut self, asked: Asked) {
        let settler = Settler::start(self, Place::OWN, platform::wish(), asked);
        self.files.settler = Some(settler);
    }

    /// The sitting is that of a file, whose text this is: it is saved there again.
    pub fn belongs_to(&mut self, path: &str, text: &str) {
        self.keeper.belongs_to(path.to_owned());
        self.files.print = Some(of_text(text));
    }

    /// Another sitting has come.
    pub(super) fn leave_files(&mut self) {
        (self.files.print, self.files.question) = (None, None);
    }

    /// Looks after what waits. Returns the seconds until it should be done again.
    pub(super) fn tend(&mut self, now: f64) -> Option<f64> {
        let holds = shown(self);
        let settle_in = self.files.settler.as_mut().and_then(|settler| settler.pass(holds, now));
        // Once more after it has closed: its answer may have come since the last look.
        let asking = platform::is_asking();
        let look_in = (std::mem::replace(&mut self.files.asking, asking) || asking).then_some(LOOK);
        settle_in.into_iter().chain(look_in).reduce(f64::min)
    }

    /// The name under which the session is saved, unless the user says another.
    #[must_use]
    pub fn session_name(&self) -> String {
        self.keeper.file().map(str::to_owned).unwrap_or_else(|| {
            let stem = stem(&self.sitting);
            match self.chooser {
                Chooser::Browser => format!("{stem}.{EXTENSION}"),
                _ => platform::free_name(&stem, &format!(".{EXTENSION}"), |_| false),
            }
        })
    }

    /// Saves the session under a name. What is there already is replaced only if it is this session's own file, or if the
    /// user was asked; a file that is no session is never replaced.
    pub(crate) fn save(&mut self, name: &str, asked: bool) -> Saving {
        let (path, there) = match platform::session_place(name) {
            Ok(place) => place,
            Err(why) => return Saving::No(why),
        };
        let own = self.keeper.file() == Some(path.as_str());
        match there {
            There::Other => {
                let way_out = "It is left as it is; give another name.";
                return Saving::No(format!("{path} is there already, and is no session. {way_out}"));
            }
            // Somebody else may have saved there since.
            There::Session(print) if !(asked || own && self.files.print.as_ref() == Some(&print)) => {
                return Saving::Asks(path);
            }
            There::Session(_) | There::Nothing => {}
        }
        let text = Saved::of(&self.sitting).to_text();
        match platform::save_file(&path, text.as_bytes()) {
            Ok(said) => {
                self.belongs_to(&path, &text);
                self.files.question = None;
                Saving::Done(said)
            }
            Err(why) => Saving::No(why),
        }
    }

    /// Saves, and says what became of it; where something is there already, asks in the dialog.
    pub(super) fn save_or_ask(&mut self, name: &str, asked: bool) {
        match self.save(name, asked) {
            Saving::Done(said) => self.say(said, false),
            Saving::No(why) => self.say(why, true),
            Saving::Asks(path) => {
                // Whatever was said before stands in the way of the question.
                self.note = None;
                self.files.question = Some(path);
                self.dialog = Some(Dialog::Share);
            }
        }
    }

    /// Asks for a place to save in.
    pub(super) fn save_elsewhere(&mut self) {
        match self.chooser {
            Chooser::System => platform::ask_place(Purpose::Save, &self.session_name()),
            // Where names are typed, the dialog has a field for them.
            Chooser::Typed => self.dialog = Some(Dialog::Share),
            Chooser::Browser => self.save_or_ask(&self.session_name(), true),
        }
    }

    /// Opens the file of this name; without one, asks which.
    pub(super) fn open_or_ask(&mut self, name: &str) {
        match self.chooser {
            Chooser::System if name.is_empty() => platform::ask_place(Purpose::Open, ""),
            Chooser::Typed if name.is_empty() => self.dialog = Some(Dialog::Share),
            _ => platform::open_file(name),
        }
    }

    /// A name for a report that no other has yet.
    fn report_place(&self, name: &str) -> String {
        let ending = if self.chooser == Chooser::Browser { ".zip" } else { "" };
        platform::free_name(name, ending, |name| self.files.reports.contains(name))
    }

    /// Writes a report under this name, or with a number behind it where one is there; where the system has a dialog for
    /// it, the user says where.
    pub(super) fn report(&mut self, name: &str) {
        let name = self.report_place(name);
        if self.chooser == Chooser::System {
            platform::ask_place(Purpose::Report, &name);
        } else {
            self.report_to(name);
        }
    }

    /// Writes a report under exactly this name, as soon as there is a picture of the map.
    pub(super) fn report_to(&mut self, name: String) {
        self.files.reports.insert(name.clone());
        self.report_waits = Some(name);
        // The picture is of the map, not of what lies over it.
        self.dialog = None;
    }

    /// Takes what has come from outside: files that were chosen, links that were pasted. Returns whether anything has.
    pub fn attend(&mut self) -> bool {
        let mut any = false;
        while let Some(arrival) = platform::arrived() {
            match arrival {
                Ok(arrival) => self.take(arrival),
                Err(why) => self.say(why, true),
            }
            any = true;
        }
        any
    }

    /// Takes what has come from outside.
    pub(crate) fn take(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Link(tail) => self.follow(&tail),
            Arrival::File(file) => self.open(&file),
            Arrival::Place(Purpose::Report, path) => {
                // A dialog names a place; that something lies there already it may have asked about, but a report never
                // replaces anything.
                let path = self.report_place(&path);
                self.report_to(path);
            }
            Arrival::Place(_, path) => {
                // The dialog has asked about the file that it named. With the ending it may be another one.
                let asked = platform::session_place(&path).is_ok_and(|(place, _)| place == path);
                self.save_or_ask(&path, asked);
            }
            Arrival::NoChooser => {
                self.chooser = Chooser::Typed;
                self.dialog = Some(Dialog::Share);
                self.say("No file dialog of the system answers; type a name here.".to_owned(), false);
            }
            Arrival::Kept => self.keeper.refresh(),
            Arrival::NotKept(why) => self.keeper.complain(why),
            Arrival::Said(text) => self.say(text, false),
        }
    }

    /// Opens a session or a scenario; in front of the camps, a camp to stand beside them.
    fn open(&mut self, file: &Opened) {
        if file.name.to_lowercase().ends_with(".toml") {
            if self.dialog == Some(Dialog::Contested) {
                let added = platform::camp_in(file).and_then(|camp| {
                    let said = format!("“{}” stands beside the others now; ask every camp anew.", camp.name);
                    self.sitting.add_camp(camp).map(|()| said)
                });
                return self.told(added);
            }
            let seed = self.sitting.seed();
            let opened = platform::scenario_in(file).map(|loaded| Sitting::new(loaded, seed));
            self.enter(opened, "Opened: a scenario of your own, on its first day.");
            return;
        }
        let text = String::from_utf8_lossy(&file.bytes).into_owned();
        self.open_saved(Saved::from_bytes(&file.bytes), OPENED, Origin::File(file.name.clone(), text));
    }
}

#[cfg(test)]
mod tests;
