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
    /// When it was last left, seconds on the wall.
    pub(super) left: f64,
}

/// How many slices a frame gives where drawing takes longer than one.
const SLICES: f64 = 4.0;

impl Bench {
    /// Seconds for work in the frame that begins at `now`: as long as everything else took since it was left, so that half of the
    /// time goes to what is waited for also where a picture takes long; [`SLICES`] at most, or *Cancel* would answer late.
    pub(super) fn share(&self, now: f64) -> f64 {
        self.slice.max((now - self.left).min(SLICES * self.slice))
    }
}

impl Default for Bench {
    fn default() -> Self {
        Self { work: None, at_once: AT_ONCE, slice: SLICE, left: f64::NEG_INFINITY }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_gets_half_of_the_time_where_pictures_take_long_and_cancel_still_answers() {
        let bench = Bench { left: 10.0, ..Bench::default() };
        let shares = [10.001, 10.016, 10.06, 10.15, 70.0].map(|now| bench.share(now));
        assert_eq!(shares.map(|share| (share * 1000.0).round()), [25.0, 25.0, 60.0, 100.0, 100.0]);
        let none = Bench { slice: 0.0, ..Bench::default() };
        assert_eq!(none.share(5.0).to_bits(), 0.0_f64.to_bits(), "whoever wants it in pieces gets pieces");
    }
}
