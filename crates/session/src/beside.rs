//! A question to many futures that is worked out beside a sitting: on a thread, which has others under it, or in pieces between
//! frames where there is none. Either way the same steps are taken, and the answer is the same. It is known when all of them
//! are: of what is stopped nothing is left. What is asked, and of which days, is its own affair (`inquiry`, `contest`).

use super::ahead::{Pieces, in_spare_time};
use super::chart::{Ask, Subject};
use super::sitting::Sitting;
use detente_study::futures::ensemble::Progress;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// What is worked out in steps that know nothing of who takes them.
pub trait Question: Send + 'static {
    /// What is asked about.
    type What;
    /// What is found.
    type Answer: Clone + Send + 'static;

    /// The day from which its futures run in a sitting, and how many days, where the fan's are asked for so.
    fn span(sitting: &Sitting, ask: Ask) -> (i32, u32);
    /// Whether a sitting still has what is asked about, beside scenario, seed, branch, levers and days.
    fn holds(_what: &Self::What, _sitting: &Sitting) -> bool {
        true
    }
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

/// A question as it was asked of a sitting: under way, stopped, or answered.
pub struct Asked<Q: Question> {
    /// What is asked about.
    pub what: Q::What,
    /// How many futures, or pairs of them in each cell.
    pub runs: u64,
    /// The day from which they run.
    pub from: i32,
    /// How many days.
    pub days: u32,
    /// Whether they draw parameters from their ranges.
    pub draws: bool,
    /// As the sitting's futures were asked for.
    ask: Ask,
    /// The branch and levers that they run under.
    subject: Subject,
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

impl<Q: Question> Asked<Q> {
    /// Begins; on no threads, [`Asked::poll`] does the work.
    pub(crate) fn begin(
        sitting: &Sitting,
        what: Q::What,
        runs: u64,
        ask: Ask,
        threads: usize,
        question: impl Fn() -> Q,
    ) -> Self {
        let (from, days) = Q::span(sitting, ask);
        Self {
            what,
            runs,
            from,
            days,
            // What starts from a nowcast has the numbers of its particles.
            draws: ask.prior && sitting.start().is_none(),
            ask,
            subject: Subject::policy(sitting),
            crew: Some(Crew::start(question, threads)),
            share: 0.0,
            answer: None,
        }
    }

    /// Whether it is of a sitting as it stands, asked in this way. It has a number of futures of its own.
    #[must_use]
    pub fn is_of(&self, sitting: &Sitting, ask: Ask) -> bool {
        let asked_so = (self.from, self.days) == Q::span(sitting, ask) && self.ask.prior == ask.prior;
        asked_so && self.is_of_levers(sitting) && Q::holds(&self.what, sitting)
    }

    /// Whether scenario, seed, branch and levers are those of a sitting, whatever its day.
    #[must_use]
    pub fn is_of_levers(&self, sitting: &Sitting) -> bool {
        self.subject == Subject::policy(sitting)
    }

    /// The seed of its futures.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.subject.seed
    }

    /// Takes what has come; without threads, takes steps for as long as `go_on` says so.
    pub fn poll(&mut self, mut go_on: impl FnMut() -> bool) {
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

    /// Stops, as a person wishes: nothing is left of it.
    pub fn cancel(&mut self) {
        self.crew = None;
    }

    /// Whether it is still being worked out.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.crew.is_some()
    }

    /// The part that is done, 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.share
    }

    /// What was found, once all is known.
    #[must_use]
    pub fn answer(&self) -> Option<&Q::Answer> {
        self.answer.as_ref()
    }
}
