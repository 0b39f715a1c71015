//! The bench: work that takes longer than a frame, in slices, and what it is about.

use super::paper::Paper;
use detente_session::Sitting;
use detente_session::replay::{Opening, Progress, Replay, Wish};

/// Work that takes no longer than this is done before the next frame, seconds.
const AT_ONCE: f64 = 0.05;
/// Time that a frame gives to it, seconds.
const SLICE: f64 = 0.025;

/// The place where long work is done, one at a time.
pub struct Bench {
    pub(super) work: Option<Work>,
    /// Seconds that work may take at once, when it begins.
    pub at_once: f64,
    /// Seconds that a frame gives to it.
    pub slice: f64,
}

impl Default for Bench {
    fn default() -> Self {
        Self { work: None, at_once: AT_ONCE, slice: SLICE }
    }
}

/// Work under way.
pub struct Work {
    /// What it is, for the user.
    pub(super) words: String,
    pub(super) begun: f64,
    pub(super) progress: Progress,
    pub(super) job: Job,
}

/// What is done.
pub(super) enum Job {
    /// A session that takes the place of the one shown, what to say then, and where it comes from.
    Open(Box<Opening>, String, Origin),
    /// What changes the whole sitting.
    Grant(Wish, Box<Replay>),
    /// A report, and where it goes.
    Report(String, Box<Paper>),
}

/// Where a session comes from.
pub(super) enum Origin {
    /// A link, or a text that belongs to no file here.
    Elsewhere,
    /// A file: its path and its text.
    File(String, String),
    /// What is kept, under this id.
    Kept(String),
    /// A lesson, which this program made itself.
    Lesson,
}

impl Work {
    /// What it is, for the user.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }

    /// What to say to whoever asks for something else meanwhile.
    pub(super) fn waits(&self) -> String {
        format!("{}: wait until that is done, or cancel it.", self.words)
    }

    /// How far it is, 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.progress.share()
    }

    /// Whether the sitting must stay as it is until this is done.
    pub(super) fn holds_the_sitting(&self) -> bool {
        match &self.job {
            Job::Grant(..) => true,
            Job::Report(_, paper) => paper.needs_the_sitting(),
            Job::Open(..) => false,
        }
    }

    pub(super) fn step(&mut self, sitting: &Sitting, go_on: impl FnMut() -> bool) {
        self.progress = match &mut self.job {
            Job::Open(opening, ..) => opening.step(go_on),
            Job::Grant(_, replay) => replay.step(go_on),
            Job::Report(_, paper) => paper.step(sitting, go_on),
        };
    }
}
