//! What a machine and a page do differently: clock, threads, files, links, settings, and the sessions that are kept.
//!
//! One interface, two rooms behind it: `native` and `page`. Everybody else calls these functions and does not ask
//! where they run, except for the [`Chooser`]: how a user says which file is meant.

use super::keep::store::Store;
use detente_model::camps::Camp;
use detente_model::scenario::{self, Loaded};

mod answer;
mod arrival;
#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod page;

pub use self::answer::{Chooser, LINK_MARK, Shared, There, Wish};
pub use self::arrival::{Arrival, Opened, Purpose, arrived};

use self::answer::id_of;
#[cfg(not(target_arch = "wasm32"))]
use native as here;
#[cfg(target_arch = "wasm32")]
use page as here;

/// Whether [`share_link`] copies the link itself (a page), or whoever asked for it does.
pub const COPIES_LINKS: bool = cfg!(target_arch = "wasm32");

/// Seconds since some moment; never goes back.
#[must_use]
pub fn now_seconds() -> f64 {
    here::now_seconds()
}

/// Threads that futures may use beside the frame loop; none in a page, where they run in slices between frames.
#[must_use]
pub fn threads() -> usize {
    here::threads()
}

/// Milliseconds since 1970.
#[must_use]
pub fn wall_clock() -> u64 {
    here::wall_clock()
}

/// An id that nothing else has: from the clock, so that ids are in order, and from what the process draws at random. Nothing
/// of the model hangs on it.
#[must_use]
pub fn new_id() -> String {
    id_of(wall_clock(), here::random())
}

/// How files are chosen here.
#[must_use]
pub fn chooser() -> Chooser {
    here::chooser()
}

/// Asks the user for a file or folder, in a dialog of the system. The answer comes through [`arrived`], if there is one.
pub fn ask_place(purpose: Purpose, suggested: &str) {
    here::ask_place(purpose, suggested);
}

/// Whether such a dialog is open.
#[must_use]
pub fn is_asking() -> bool {
    here::is_asking()
}

/// Where a session of this name is saved, with the ending of session files, and what is there. On a machine the whole path;
/// a home folder may be written `~`.
///
/// # Errors
/// One sentence, if it is no name.
pub fn session_place(name: &str) -> Result<(String, There), String> {
    here::session_place(name)
}

/// A name that nothing has yet: this one, or with a number behind it.
#[must_use]
pub fn free_name(name: &str, ending: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let named = |n: u32| if n == 1 { format!("{name}{ending}") } else { format!("{name}-{n}{ending}") };
    (1..).map(named).find(|name| !is_taken(name) && !here::is_there(name)).unwrap_or_default()
}

/// Writes a file, whatever is there: on a machine at this path, in a page as a download of this name. Returns what to tell
/// the user.
///
/// # Errors
/// One sentence with a way out.
pub fn save_file(name: &str, bytes: &[u8]) -> Result<String, String> {
    here::save_file(name, bytes)
}

/// Writes several files that belong together: on a machine a new folder, which appears whole or not at all; in a page one
/// archive. Returns what to tell the user.
///
/// # Errors
/// One sentence with a way out.
pub fn save_folder(name: &str, files: &[(String, Vec<u8>)]) -> Result<String, String> {
    here::save_folder(name, files)
}

/// Opens a file: on a machine the one at this path, in a page whichever the user chooses in the browser's dialog. It comes
/// through [`arrived`].
pub fn open_file(path: &str) {
    here::open_file(path);
}

/// Makes a link of the tail of one ([`detente_session::file::Saved::to_link`]): in a page it becomes the page's address and
/// is copied; on a machine the end of an address is returned.
#[must_use]
pub fn share_link(tail: &str) -> Shared {
    here::share_link(tail)
}

/// The tail of the link with which the page was opened.
#[must_use]
pub fn opened_link() -> Option<String> {
    here::opened_link()
}

/// The scenario in a file that was opened; on a machine it may extend others that lie beside it.
///
/// # Errors
/// What is wrong with it.
pub fn scenario_in(file: &Opened) -> Result<Loaded, String> {
    let name = file.name.rsplit(['/', '\\']).next().unwrap_or(&file.name);
    let loaded = if cfg!(target_arch = "wasm32") {
        scenario::load_text(name.trim_end_matches(".toml"), &String::from_utf8_lossy(&file.bytes))
    } else {
        scenario::load(&file.name)
    };
    loaded.map_err(|errors| format!("{name} cannot be opened: {errors}"))
}

/// The camp in a file that was opened; on a machine it may extend scenarios that lie beside it.
///
/// # Errors
/// What is wrong with it.
pub fn camp_in(file: &Opened) -> Result<Camp, String> {
    let name = file.name.rsplit(['/', '\\']).next().unwrap_or(&file.name);
    let camp = if cfg!(target_arch = "wasm32") {
        Camp::from_text(name, &String::from_utf8_lossy(&file.bytes))
    } else {
        Camp::from_file(&file.name)
    };
    camp.map_err(|errors| format!("{name} is no camp: {errors}"))
}

/// Where the sessions of this user are kept.
#[must_use]
pub fn store() -> Box<dyn Store> {
    here::store()
}

/// The settings as they were written the last time, if they were.
#[must_use]
pub fn read_settings() -> Option<String> {
    here::read_settings()
}

/// Writes settings for the next start.
///
/// # Errors
/// One sentence with a way out.
pub fn write_settings(text: &str) -> Result<(), String> {
    here::write_settings(text)
}

/// What the system wants of its windows.
#[must_use]
pub fn wish() -> Wish {
    here::wish()
}

/// Tells through [`arrived`] of links that are pasted into the address of an open page.
#[cfg(target_arch = "wasm32")]
pub fn watch_address() {
    here::watch_address();
}

/// Does to the page's list of controls, which screen readers meet, what was done to the list on the screen; `focus` is the
/// control that has the keyboard.
#[cfg(target_arch = "wasm32")]
pub fn tell(changes: &[super::mirror::Change], focus: Option<u64>) {
    here::tell(changes, focus);
}

/// What screen readers have done since the last call.
#[cfg(target_arch = "wasm32")]
#[must_use]
pub fn heard() -> Vec<(u64, super::mirror::Deed)> {
    here::heard()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_and_are_in_order() {
        let ids: Vec<String> = (0..1_000).map(|_| new_id()).collect();
        let distinct: std::collections::BTreeSet<&String> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len());
        assert!(ids.windows(2).all(|pair| pair[0][..12] <= pair[1][..12]));
    }

    #[test]
    fn a_name_counts_up_past_those_that_are_taken() {
        let taken = ["a-report", "a-report-2"];
        assert_eq!(free_name("a-report", "", |name| taken.contains(&name)), "a-report-3");
        assert_eq!(free_name("a", ".zip", |_| false), "a.zip");
    }
}
