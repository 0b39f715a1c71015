//! What a machine and a page do differently: clock, threads, files, links, and the session kept for the next start.
//!
//! One interface, two rooms behind it: [`native`] and [`page`]. Everybody else calls these functions and does not ask
//! where they run, except for [`TYPED_PATHS`]: a window has a field for the path of a file, a page has the browser's own
//! dialog.

use std::collections::VecDeque;
use std::sync::Mutex;

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod page;

#[cfg(not(target_arch = "wasm32"))]
use native as here;
#[cfg(target_arch = "wasm32")]
use page as here;

/// Whether files are named by a path that the user types (a window), or chosen in a dialog of the browser (a page).
pub const TYPED_PATHS: bool = cfg!(not(target_arch = "wasm32"));

/// What begins the part of an address that holds a session.
pub const LINK_MARK: &str = "#s=";

/// A file that has been opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A link that has been made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The address; on a machine only its end, since nobody knows where the page is hosted.
    pub link: String,
    /// What was done with it, for the user.
    pub said: String,
}

/// What waits for the next frame: files, links that were pasted into the address, and why one could not be read.
static ARRIVED: Mutex<VecDeque<Result<Arrival, String>>> = Mutex::new(VecDeque::new());

/// Something that came from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// A file that the user chose.
    File(Opened),
    /// The tail of a link.
    Link(String),
}

fn deliver(arrival: Result<Arrival, String>) {
    if let Ok(mut queue) = ARRIVED.lock() {
        queue.push_back(arrival);
    }
}

/// What has come since the last call, one at a time.
#[must_use]
pub fn arrived() -> Option<Result<Arrival, String>> {
    ARRIVED.lock().ok()?.pop_front()
}

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

/// Writes a file: on a machine at this path, in a page as a download of this name. Returns what to tell the user.
///
/// # Errors
/// One sentence with a way out.
pub fn save_file(name: &str, bytes: &[u8]) -> Result<String, String> {
    here::save_file(name, bytes)
}

/// Writes several files that belong together: on a machine a new folder, which appears whole or not at all; in a page the
/// first file alone is downloaded. Returns what to tell the user.
///
/// # Errors
/// One sentence with a way out.
pub fn save_folder(name: &str, first: (&str, &[u8]), rest: &[(String, Vec<u8>)]) -> Result<String, String> {
    here::save_folder(name, first, rest)
}

/// Opens a file: on a machine the one at this path, in a page whichever the user chooses in the browser's dialog. It comes
/// through [`arrived`].
pub fn open_file(path: &str) {
    here::open_file(path);
}

/// Makes a link of the tail of one ([`crate::session::file::Saved::to_link`]): in a page it becomes the page's address and
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

/// Keeps a text for the next start: in a file of the user's, or in the browser's storage for this page.
///
/// # Errors
/// One sentence with a way out.
pub fn autosave(text: &str) -> Result<(), String> {
    here::keep("autosave", text)
}

/// The text kept by an earlier start, if it ended with one. It stays there until [`forget_autosave`], whatever
/// [`autosave`] writes meanwhile.
#[must_use]
pub fn take_autosave() -> Option<String> {
    if let Some(text) = here::kept("autosave") {
        // If it cannot be moved, it stays where it is and is offered all the same.
        if here::keep("before", &text).is_ok() {
            here::forget("autosave");
        }
        return Some(text);
    }
    here::kept("before")
}

/// Throws away what an earlier start kept.
pub fn forget_autosave() {
    here::forget("before");
}

/// Tells through [`arrived`] of links that are pasted into the address of an open page.
#[cfg(target_arch = "wasm32")]
pub fn watch_address() {
    here::watch_address();
}
