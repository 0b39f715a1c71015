//! A session that is kept, and where such lie: what every store does.

use detente_session::Sitting;
use detente_session::file::Saved;
use serde::{Deserialize, Serialize};

/// A session that is kept, with what a person knows it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The id of its sitting.
    pub id: String,
    /// Name of its scenario.
    pub scenario: String,
    /// Title of its scenario.
    #[serde(default)]
    pub title: String,
    /// Seed.
    pub seed: u64,
    /// Number of branches.
    pub branches: usize,
    /// The playhead.
    pub day: i32,
    /// When it was last changed, milliseconds since 1970.
    pub changed: u64,
    /// The file that it was opened from or saved to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Whether it was offered and waved away: it stays in the list, and is offered no more.
    #[serde(default)]
    pub waved: bool,
    /// The session, packed like the tail of a link.
    pub tail: String,
    /// Whether another window or tab goes on with it at this moment.
    #[serde(skip)]
    pub elsewhere: bool,
}

impl Record {
    /// The record of a sitting.
    #[must_use]
    pub fn of(sitting: &Sitting, id: &str, changed: u64, file: Option<String>) -> Self {
        Self {
            id: id.to_owned(),
            scenario: sitting.loaded.name.clone(),
            title: sitting.loaded.scenario.title.clone(),
            seed: sitting.seed(),
            branches: sitting.branches().len(),
            day: sitting.today(),
            changed,
            file,
            waved: false,
            tail: Saved::of(sitting).to_kept(),
            elsewhere: false,
        }
    }

    /// The record of what an earlier version of the program kept, which was a tail alone.
    ///
    /// # Errors
    /// One sentence, if it cannot be read.
    pub fn of_tail(tail: &str, id: &str, changed: u64) -> Result<Self, String> {
        let saved = Saved::from_link(tail)?;
        Ok(Self {
            id: id.to_owned(),
            title: saved.scenario.content.as_ref().map(|content| content.title.clone()).unwrap_or_default(),
            scenario: saved.scenario.name,
            seed: saved.seed,
            branches: saved.branches.len(),
            day: saved.today,
            changed,
            file: None,
            waved: false,
            tail: tail.trim().to_owned(),
            elsewhere: false,
        })
    }

    /// How long ago it was changed, in words.
    #[must_use]
    pub fn ago(&self, now: u64) -> String {
        let minutes = now.saturating_sub(self.changed) / 60_000;
        let some = |n: u64, one: &str| format!("{n} {one}{} ago", if n == 1 { "" } else { "s" });
        match minutes {
            0 => "just now".to_owned(),
            1..60 => some(minutes, "minute"),
            60..1_440 => some(minutes / 60, "hour"),
            _ => some(minutes / 1_440, "day"),
        }
    }
}

/// Where sessions are kept.
pub trait Store: Send + Sync {
    /// All that are there.
    fn list(&mut self) -> Vec<Record>;

    /// Writes a record, whole or not at all, in place of the one with its id.
    ///
    /// # Errors
    /// One sentence with a way out.
    fn write(&mut self, record: &Record) -> Result<(), String>;

    /// Notes that a session was waved away, whatever else its record says by now. One that another window goes on with is
    /// left as it is.
    ///
    /// # Errors
    /// One sentence with a way out.
    fn wave(&mut self, id: &str) -> Result<(), String>;

    /// Deletes a record, unless another window goes on with it.
    fn remove(&mut self, id: &str);

    /// From now on this window, and no other, writes under this id, and under none that it claimed before. Whether it may:
    /// another may have claimed it.
    fn claim(&mut self, id: Option<&str>) -> bool;

    /// Takes note of what would be written now, where there is a last moment to write it in: a page that is closed.
    fn note_last(&mut self, record: &dyn Fn() -> Record) {
        let _ = record;
    }
}
