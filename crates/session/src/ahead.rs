//! Running many futures while something else goes on: threads beside a window, or slices between the frames of a page, shared with
//! hands elsewhere where there are any ([`away`](super::away)). Same code, same numbers: a future is a pure function of its arm and its
//! number, and results are kept by number.

use super::away::Away;
use super::job::Hand;
pub use super::job::{Done, Job};
use detente_study::futures::ensemble::Worker;
use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, Weak};

/// Futures of each arm after which a first band is worth showing.
pub const FIRST_BAND: usize = 16;

/// How a job is worked through.
enum Crew {
    /// Threads that send what they finish. Only whoever polls reads; the lock lets a job be shared, as resources are.
    Threads { results: Mutex<Receiver<Done>> },
    /// Whoever polls, and whoever has time to spare ([`spare_time`]).
    Slices(Arc<Mutex<Slices>>),
}

/// Futures with which a first band stands: both arms of its pairs, and as many as are begun by others before those are done.
const FIRST_LOOK: usize = 2 * FIRST_BAND + 8;

/// A job that is worked through bit by bit on one thread.
struct Slices {
    job: Arc<Job>,
    hand: Hand,
    worker: Option<Box<Worker>>,
    next: usize,
    /// What was finished between two polls.
    finished: Vec<Done>,
    /// Which tasks are done.
    have: Vec<bool>,
    /// How many.
    done: usize,
    /// How many whoever polls has seen.
    seen: usize,
    /// What is done elsewhere.
    away: Option<Away>,
    /// Tasks that others had and did not do.
    back: Vec<u32>,
}

impl Slices {
    /// Runs the next future, if there is one that nobody else has.
    fn run_next(&mut self) -> Option<Done> {
        let others = || self.away.as_ref().into_iter().flat_map(Away::out).find(|&task| !self.have[task]);
        let task = match self.back.pop() {
            Some(task) => task as usize,
            None if self.next < self.job.tasks.len() => self.next,
            // What others have is done here as well, rather than waited for: a hand may be gone without a word.
            None => others()?,
        };
        let worker = self.worker.get_or_insert_with(|| Box::new(Worker::new(&self.job.rules, &self.job.arms[0])));
        let done = self.hand.run(&self.job, worker, task);
        if task == self.next {
            self.next += 1;
        }
        self.have[task] = true;
        self.done += 1;
        Some(done)
    }

    /// Takes what was done elsewhere, and gives out more.
    fn exchange(&mut self) {
        let Some(away) = &mut self.away else { return };
        let back = away.take_in(|task, done| {
            if !std::mem::replace(&mut self.have[task], true) {
                self.finished.push(done);
                self.done += 1;
            }
        });
        self.back.extend(back.into_iter().filter(|&task| !self.have[task as usize]));
        let (next, most) = (&mut self.next, self.job.tasks.len());
        away.give_out(&self.job.loaded, |tasks| {
            let from = *next;
            *next = (from + tasks).min(most);
            (from as u32..*next as u32).collect()
        });
    }
}

/// Work that is done piece by piece on one thread, each piece no longer than a future.
pub(crate) trait Pieces {
    /// Does the next piece. Returns whether there was one.
    fn go_on(&mut self) -> bool;
    /// Takes what was done elsewhere. Returns whether that is worth a look: a first band stands, or all of it is done.
    fn exchange(&mut self) -> bool {
        false
    }
}

impl Pieces for Slices {
    fn go_on(&mut self) -> bool {
        let done = self.run_next();
        let any = done.is_some();
        self.finished.extend(done);
        any
    }

    fn exchange(&mut self) -> bool {
        Self::exchange(self);
        [FIRST_LOOK, self.job.tasks.len()].iter().any(|&most| self.seen < most && most <= self.done)
    }
}

thread_local! {
    /// Work of this thread that is done in pieces; what was dropped is gone.
    static SLICED: RefCell<Vec<Weak<Mutex<dyn Pieces>>>> = const { RefCell::new(Vec::new()) };
}

/// Has work done in time between frames, for as long as it is there.
pub(crate) fn in_spare_time<P: Pieces + 'static>(work: &Arc<Mutex<P>>) {
    let weak: Weak<Mutex<P>> = Arc::downgrade(work);
    SLICED.with_borrow_mut(|all| all.push(weak));
}

/// Takes what was done elsewhere of this thread's jobs, and gives out more. Returns whether that is worth a look.
pub fn exchange() -> bool {
    let jobs: Vec<_> = SLICED.with_borrow(|jobs| jobs.iter().filter_map(Weak::upgrade).collect());
    let worth = |job: &Arc<Mutex<dyn Pieces>>| job.lock().is_ok_and(|mut job| job.exchange());
    jobs.iter().filter(|job| worth(job)).count() > 0
}

/// Gives time between frames to the jobs of this thread that run in slices, for as long as `go_on` says so. Whoever polls
/// them finds what was finished. Returns whether anything is left to run.
pub fn spare_time(mut go_on: impl FnMut() -> bool) -> bool {
    let jobs: Vec<_> = SLICED.with_borrow_mut(|jobs| {
        jobs.retain(|job| job.strong_count() > 0);
        jobs.iter().filter_map(Weak::upgrade).collect()
    });
    for job in jobs {
        let Ok(mut job) = job.lock() else { continue };
        while job.go_on() {
            if !go_on() {
                return true;
            }
        }
    }
    false
}

/// A job under way.
pub struct Running {
    job: Arc<Job>,
    stop: Arc<AtomicBool>,
    crew: Crew,
    received: usize,
    /// Nobody is left who could finish what is missing.
    deserted: bool,
}

impl Running {
    /// Starts a job on so many threads; on none, [`Running::poll`] does the work.
    #[must_use]
    pub fn start(job: Job, threads: usize) -> Self {
        let job = Arc::new(job);
        let next = Arc::new(AtomicUsize::new(0));
        let stop = Arc::new(AtomicBool::new(false));
        let slices = || {
            let (job, hand, away) = (job.clone(), Hand::default(), Away::begin(&job));
            let (finished, back) = (Vec::new(), Vec::new());
            let have = vec![false; job.tasks.len()];
            let slices = Slices { job, hand, worker: None, next: 0, finished, have, done: 0, seen: 0, away, back };
            let slices = Arc::new(Mutex::new(slices));
            in_spare_time(&slices);
            Crew::Slices(slices)
        };
        let crew = if threads == 0 {
            slices()
        } else {
            let (send, results) = channel();
            let mut hired = 0;
            for _ in 0..threads {
                let (job, next, stop, send) = (job.clone(), next.clone(), stop.clone(), send.clone());
                let name = "futures".to_owned();
                let thread = std::thread::Builder::new().name(name).spawn(move || work(&job, &next, &stop, &send));
                hired += usize::from(thread.is_ok());
            }
            if hired == 0 { slices() } else { Crew::Threads { results: Mutex::new(results) } }
        };
        Self { job, stop, crew, received: 0, deserted: false }
    }

    /// The job.
    #[must_use]
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// Futures received.
    #[must_use]
    pub fn received(&self) -> usize {
        self.received
    }

    /// Whether every future has been received, or no more can come.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.deserted || self.received == self.job.tasks.len()
    }

    /// Hands every future that has finished to `take`. Without threads, runs futures for as long as `go_on` says so.
    pub fn poll(&mut self, mut take: impl FnMut(Done), mut go_on: impl FnMut() -> bool) {
        match &mut self.crew {
            Crew::Threads { results } => {
                let Ok(results) = results.get_mut() else { return };
                loop {
                    match results.try_recv() {
                        Ok(done) => {
                            self.received += 1;
                            take(done);
                        }
                        Err(TryRecvError::Empty) => return,
                        Err(TryRecvError::Disconnected) => {
                            self.deserted = true;
                            return;
                        }
                    }
                }
            }
            Crew::Slices(slices) => {
                let Ok(mut slices) = slices.lock() else { return };
                slices.exchange();
                slices.seen = slices.done;
                for done in std::mem::take(&mut slices.finished) {
                    self.received += 1;
                    take(done);
                }
                while let Some(done) = slices.run_next() {
                    self.received += 1;
                    take(done);
                    if !go_on() {
                        return;
                    }
                }
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn work(job: &Job, next: &AtomicUsize, stop: &AtomicBool, send: &Sender<Done>) {
    let mut hand = Hand::default();
    let mut worker: Option<Worker> = None;
    while !stop.load(Ordering::Relaxed) {
        let task = next.fetch_add(1, Ordering::Relaxed);
        if task >= job.tasks.len() {
            return;
        }
        let worker = worker.get_or_insert_with(|| Worker::new(&job.rules, &job.arms[0]));
        // Nobody listens any more: the job was dropped.
        if send.send(hand.run(job, worker, task)).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::scenario::load;
    use detente_model::sim::rules::Rules;
    use detente_study::futures::ensemble::Plan;

    fn job(tasks: Vec<(usize, u64)>) -> Job {
        let loaded = Arc::new(load("null").unwrap());
        let plan = Plan { seed: 3, days: 5, prior: false, log: Vec::new(), from: None };
        Job { rules: Rules::new(&loaded), loaded, arms: vec![plan], tasks, tracks: Vec::new(), every: 0 }
    }

    fn run(mut running: Running) -> (Vec<u64>, Running) {
        let (mut come, begun) = (Vec::new(), std::time::Instant::now());
        while !running.is_done() {
            assert!(begun.elapsed().as_secs() < 60, "nobody works, and it waits");
            running.poll(|done| come.push(done.future), || true);
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        come.sort_unstable();
        (come, running)
    }

    /// Threads that end in the middle of a future hand over what they had finished, and whoever waits for the rest is told that nobody
    /// works any more.
    #[test]
    fn a_job_whose_threads_are_gone_is_over_with_what_came() {
        let there: Vec<(usize, u64)> = (0..6).map(|future| (0, future)).collect();
        for threads in [1, 2] {
            let (come, whole) = run(Running::start(job(there.clone()), threads));
            assert_eq!((come, whole.received()), (vec![0, 1, 2, 3, 4, 5], 6));
            // An arm that there is not, for each thread one.
            let mut tasks = there.clone();
            tasks.extend([(9, 6), (9, 7), (0, 8)]);
            let (come, broken) = run(Running::start(job(tasks), threads));
            assert_eq!((come, broken.received(), broken.deserted), (vec![0, 1, 2, 3, 4, 5], 6, true));
        }
    }
}
