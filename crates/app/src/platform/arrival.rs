//! What comes from outside and waits for the next frame.

use std::collections::VecDeque;
use std::sync::Mutex;

/// What a file or folder is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Saving the session.
    Save,
    /// Opening a session or a scenario.
    Open,
    /// Writing a report.
    Report,
}

/// A file that has been opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Its name; on a machine its whole path.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
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
    /// The place that the user chose.
    Place(Purpose, String),
    /// No dialog of the system opened: names have to be typed.
    NoChooser,
    /// The list of sessions that are kept has been read, or has changed.
    Kept,
    /// The session cannot be kept for the next start, and why.
    NotKept(String),
    /// What became of something that was asked of the system before.
    Said(String),
}

/// Has something wait for the next frame.
pub(super) fn deliver(arrival: Result<Arrival, String>) {
    if let Ok(mut queue) = ARRIVED.lock() {
        queue.push_back(arrival);
    }
}

/// What has come since the last call, one at a time.
#[must_use]
pub fn arrived() -> Option<Result<Arrival, String>> {
    ARRIVED.lock().ok()?.pop_front()
}
