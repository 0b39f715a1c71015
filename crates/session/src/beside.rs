//! A question to many futures that is worked out beside a sitting: on a thread, which has others under it, or in pieces between
//! frames where there is none. Either way the same steps are taken, and the answer is the same. It is known when all of them
//! are: of what is stopped nothing is left.

use super::ahead::{Pieces, in_spare_time};
use detente_study::futures::ensemble::Progress;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// What is worked out in steps that know nothing of who takes them.
pub(crate) trait Question: Send + 'static {
    /// What is found.
    type Answer: Clone + Send + 'static;

    /// Takes a step of about a future. Returns whether there was one.
    fn step(&mut self) -> bool;
    /// Takes those on so many threads that know nothing of each other. Returns whether more is to do; `None` if stopped.
    fn round(&mut self, threads: usize, progress: &Progress) -> Option<bool>;
    /// Futures run.
    fn done(&self) -> u64;
    /// Futures to run, as far as that is known.
    fn expected(&self) -> u64;
    /// What was found, once all is known.
    fn answer(&self) -> Option<Self::Answer>;
}

/// A question under way, or its answer.
pub(crate) struct Beside<Q: Question> {
    crew: Option<Crew<Q>>,
    share: f64,
    answer: Option<Q::Answer>,
}

/// Who works on it.
enum Crew<Q: Question> {
    /// A thread with others under it.
    Thread { work: Option<JoinHandle<Option<Q::Answer>>>, shared: Shared },
    /// Whoever polls, and whoever has time to spare.
    Pieces(Arc<Mutex<Piecework<Q>>>),
}

/// What a thread and whoever waits for it share: how far it is, and how much there is to do. Nobody waits any more when this goes.
struct Shared(Arc<(Progress, AtomicU64)>);

impl Drop for Shared {
    fn drop(&mut self) {
        self.0.0.stop.store(true, Ordering::Relaxed);
    }
}

struct Piecework<Q>(Q);

impl<Q: Question> Pieces for Piecework<Q> {
    fn go_on(&mut self) -> bool {
        self.0.step()
    }
}

impl<Q: Question> Crew<Q> {
    fn start(question: impl Fn() -> Q, threads: usize) -> Self {
        if threads > 0 {
            let mut asked = question();
            let shared = Shared(Arc::new((Progress::default(), AtomicU64::new(asked.expected()))));
            let theirs = Arc::clone(&shared.0);
            let work = move || {
                while asked.round(threads, &theirs.0)? {
                    theirs.1.store(asked.expected(), Ordering::Relaxed);
                }
                asked.answer()
            };
            if let Ok(work) = std::thread::Builder::new().name("question".to_owned()).spawn(work) {
                return Self::Thread { work: Some(work), shared };
            }
        }
        let work = Arc::new(Mutex::new(Piecework(question())));
        in_spare_time(&work);
        Self::Pieces(work)
    }
}

impl<Q: Question> Beside<Q> {
    /// Begins; on no threads, [`Beside::poll`] does the work.
    pub(crate) fn start(question: impl Fn() -> Q, threads: usize) -> Self {
        Self { crew: Some(Crew::start(question, threads)), share: 0.0, answer: None }
    }

    /// Takes what has come; without threads, takes steps for as long as `go_on` says so.
    pub(crate) fn poll(&mut self, mut go_on: impl FnMut() -> bool) {
        let (done, of) = match &mut self.crew {
            None => return,
            Some(Crew::Thread { work, shared }) => {
                let (progress, of) = &*shared.0;
                let far = (progress.done.load(Ordering::Relaxed), of.load(Ordering::Relaxed));
                if work.as_ref().is_some_and(JoinHandle::is_finished) {
                    self.answer = work.take().and_then(|work| work.join().ok()).flatten();
                    self.crew = None;
                }
                far
            }
            Some(Crew::Pieces(work)) => {
                let Ok(mut piece) = work.lock() else { return };
                while piece.go_on() && go_on() {}
                let far = (piece.0.done(), piece.0.expected());
                self.answer = piece.0.answer();
                drop(piece);
                if self.answer.is_some() {
                    self.crew = None;
                }
                far
            }
        };
        // How much there is to do is known better as it goes on: the bar waits, and does not go back.
        let share = if self.answer.is_some() { 1.0 } else { (done as f64 / of.max(1) as f64).min(0.99) };
        self.share = self.share.max(share);
    }

    /// Stops.
    pub(crate) fn cancel(&mut self) {
        self.crew = None;
    }

    /// Whether it is still being worked out.
    pub(crate) fn is_running(&self) -> bool {
        self.crew.is_some()
    }

    /// The part that is done, 0 to 1.
    pub(crate) fn share(&self) -> f64 {
        self.share
    }

    /// What was found, once all is known.
    pub(crate) fn answer(&self) -> Option<&Q::Answer> {
        self.answer.as_ref()
    }
}
