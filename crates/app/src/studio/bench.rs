//! The bench: work that takes longer than a frame, in slices, and what it is about.

use detente_session::replay::{Opening, Progress, Replay, Wish};
use detente_session::report::Bundle;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;

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
    /// A report: where it goes, its page, and its tables.
    Report(String, String, Tables),
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

/// The tables of a report as they are written.
pub(super) enum Tables {
    /// Between frames.
    Slices(Box<Bundle>),
    /// Not at all.
    Failed(io::Error),
    /// On a thread.
    Thread { writer: JoinHandle<io::Result<Bundle>>, done: Arc<AtomicU64>, of: u64, stop: Stop },
}

/// Stops a thread when it is let go of.
pub(super) struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Tables {
    pub(super) fn begin(mut bundle: Bundle, threads: usize) -> Self {
        if threads == 0 {
            return Self::Slices(Box::new(bundle));
        }
        let (done, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let (told, asked) = (Arc::clone(&done), Arc::clone(&stop));
        let of = bundle.progress().of;
        let writer = std::thread::spawn(move || -> io::Result<Bundle> {
            while !bundle.progress().is_done() && !asked.load(Ordering::Relaxed) {
                told.store(bundle.step(|| false)?.done, Ordering::Relaxed);
            }
            Ok(bundle)
        });
        Self::Thread { writer, done, of, stop: Stop(stop) }
    }

    fn step(&mut self, go_on: impl FnMut() -> bool) -> Progress {
        match self {
            Self::Slices(bundle) => match bundle.step(go_on) {
                Ok(progress) => progress,
                Err(error) => {
                    *self = Self::Failed(error);
                    Progress::default()
                }
            },
            // There is nothing to wait for.
            Self::Failed(_) => Progress::default(),
            // A thread that has ended is done, with tables or without.
            Self::Thread { writer, of, .. } if writer.is_finished() => Progress { done: *of, of: *of },
            Self::Thread { done, of, .. } => {
                Progress { done: done.load(Ordering::Relaxed).min(of.saturating_sub(1)), of: *of }
            }
        }
    }

    pub(super) fn finish(self) -> io::Result<Vec<(String, Vec<u8>)>> {
        match self {
            Self::Slices(mut bundle) => {
                bundle.step(|| true)?;
                Ok(bundle.files())
            }
            Self::Failed(error) => Err(error),
            Self::Thread { writer, stop, .. } => {
                let bundle = writer.join().map_err(|_| io::Error::other("its writer ended early"))?;
                drop(stop);
                Ok(bundle?.files())
            }
        }
    }
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
        matches!(self.job, Job::Grant(..))
    }

    pub(super) fn step(&mut self, go_on: impl FnMut() -> bool) {
        self.progress = match &mut self.job {
            Job::Open(opening, ..) => opening.step(go_on),
            Job::Grant(_, replay) => replay.step(go_on),
            Job::Report(_, _, tables) => tables.step(go_on),
        };
    }
}
