//! Futures that are run elsewhere: by hands that share nothing with this program but its code, as the workers of a page do. Each is told
//! of a scenario and a job once, then of a few tasks at a time; what comes back is bytes. A future is a pure function of its arm and
//! its number, so the numbers are those that would have been found here.

use super::job::{Done, Hand, Job};
use super::tracks::Track;
use detente_model::scenario::{Loaded, raw::Scenario};
use detente_model::sim::rules::Rules;
use detente_model::sim::world::Snapshot;
use detente_model::symbols::levers::LeverChange;
use detente_study::futures::accumulate::Summary;
use detente_study::futures::ensemble::{Origin, Plan, Worker};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

/// Tasks that a hand is given at a time: some milliseconds of work, so that what is no longer wanted costs no more.
const HANDFUL: usize = 8;
/// Handfuls that a hand has at most: one under way, and one that waits for it.
const AHEAD: usize = 2;

/// The way to hands elsewhere.
pub trait Post {
    /// How many there are, those that are lost among them.
    fn hands(&self) -> usize;
    /// Sends an order to one of them.
    fn send(&self, hand: usize, order: Order<'_>);
}

/// What a hand is told.
#[derive(Clone, Copy, Debug)]
pub enum Order<'a> {
    /// The scenario of the jobs that follow, in [`Bench::scenario`]'s terms.
    Scenario(&'a [u8]),
    /// A job, by number, in [`Bench::job`]'s.
    Job(u64, &'a [u8]),
    /// Tasks of it, by place.
    Tasks(u64, &'a [u32]),
    /// That a job is no longer wanted.
    Forget(u64),
}

/// What this thread knows of the hands elsewhere.
#[derive(Default)]
struct Office {
    post: Option<Rc<dyn Post>>,
    /// The scenario that each of them was told of last.
    told: Vec<Option<String>>,
    lost: Vec<bool>,
    /// Jobs under way, and what has come of each, with the hand that sent it.
    came: BTreeMap<u64, Vec<(usize, Vec<u8>)>>,
    last: u64,
    /// Futures that have come.
    futures: u64,
}

thread_local! {
    static OFFICE: RefCell<Office> = RefCell::default();
}

/// From now on jobs of this thread are shared with these hands.
pub fn open(post: Rc<dyn Post>) {
    OFFICE.with_borrow_mut(|office| {
        office.told = vec![None; post.hands()];
        office.lost = vec![false; post.hands()];
        office.post = Some(post);
    });
}

/// Notes what a hand has sent of a job.
pub fn came(hand: usize, job: u64, bytes: Vec<u8>) {
    OFFICE.with_borrow_mut(|office| {
        if let Some(of_job) = office.came.get_mut(&job) {
            of_job.push((hand, bytes));
        }
    });
}

/// Notes that a hand does no more work; what it had is done by others.
pub fn lost(hand: usize) {
    OFFICE.with_borrow_mut(|office| {
        if let Some(lost) = office.lost.get_mut(hand) {
            *lost = true;
        }
    });
}

/// How many hands this thread's jobs are shared with, and how many futures have come from them.
#[must_use]
pub fn at_work() -> (usize, u64) {
    OFFICE.with_borrow(|office| (office.lost.iter().filter(|lost| !**lost).count(), office.futures))
}

/// A scenario on its way: as sessions hold it, in JSON.
#[derive(Serialize, Deserialize)]
struct SentScenario<'a> {
    scenario: Cow<'a, Scenario>,
    name: Cow<'a, str>,
    hash: Cow<'a, str>,
}

/// A job on its way: in CBOR, which has numbers for what is unlimited.
#[derive(Serialize, Deserialize)]
struct SentJob<'a> {
    arms: Vec<SentPlan<'a>>,
    tasks: Cow<'a, [(usize, u64)]>,
    tracks: Cow<'a, [Track]>,
    every: u32,
}

#[derive(Serialize, Deserialize)]
struct SentPlan<'a> {
    seed: u64,
    days: u32,
    prior: bool,
    log: Cow<'a, [LeverChange]>,
    from: Option<Cow<'a, Snapshot>>,
}

fn sent<T: Serialize>(what: &T) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    ciborium::into_writer(what, &mut bytes).ok()?;
    Some(bytes)
}

/// A job as it is sent; none where its futures start from states of their own each, which are too many to send.
fn packed(job: &Job) -> Option<Vec<u8>> {
    let mut arms = Vec::new();
    for plan in &job.arms {
        let from = match &plan.from {
            None => None,
            Some(Origin::One(state)) => Some(Cow::Borrowed(&**state)),
            Some(Origin::Many(_) | Origin::Numbers(..)) => return None,
        };
        let Plan { seed, days, prior, ref log, .. } = *plan;
        arms.push(SentPlan { seed, days, prior, log: log.into(), from });
    }
    sent(&SentJob { arms, tasks: (&job.tasks[..]).into(), tracks: (&job.tracks[..]).into(), every: job.every })
}

/// The part of a job that is done elsewhere.
pub(crate) struct Away {
    number: u64,
    scenario: String,
    packed: Vec<u8>,
    /// Whether each hand knows of the job.
    told: Vec<bool>,
    /// What each hand has to do.
    out: Vec<VecDeque<Vec<u32>>>,
}

impl Away {
    /// Shares a job, where there are hands and it can be sent.
    pub(crate) fn begin(job: &Job) -> Option<Self> {
        let there = |office: &Office| office.post.is_some() && office.lost.contains(&false);
        if !OFFICE.with_borrow(there) {
            return None;
        }
        let packed = packed(job)?;
        OFFICE.with_borrow_mut(|office| {
            office.last += 1;
            office.came.insert(office.last, Vec::new());
            let hands = office.lost.len();
            let (told, out) = (vec![false; hands], vec![VecDeque::new(); hands]);
            Some(Self { number: office.last, scenario: job.loaded.hash.clone(), packed, told, out })
        })
    }

    /// Gives tasks to whoever has few. `next` hands them out, as many as asked for or fewer.
    pub(crate) fn give_out(&mut self, loaded: &Loaded, mut next: impl FnMut(usize) -> Vec<u32>) {
        OFFICE.with_borrow_mut(|office| {
            let Some(post) = office.post.clone() else { return };
            // Round after round, so that the first tasks are spread over all.
            for _ in 0..AHEAD {
                for hand in 0..self.out.len() {
                    if office.lost[hand] || self.out[hand].len() >= AHEAD {
                        continue;
                    }
                    let tasks = next(HANDFUL);
                    if tasks.is_empty() {
                        return;
                    }
                    if office.told[hand].as_ref() != Some(&self.scenario) {
                        let (name, hash) = (loaded.name.as_str().into(), loaded.hash.as_str().into());
                        let scenario = Cow::Borrowed(&loaded.scenario);
                        // What cannot be sent is done here, once the hand answers with nothing.
                        let bytes = serde_json::to_vec(&SentScenario { scenario, name, hash }).unwrap_or_default();
                        post.send(hand, Order::Scenario(&bytes));
                        office.told[hand] = Some(self.scenario.clone());
                        self.told[hand] = false;
                    }
                    if !std::mem::replace(&mut self.told[hand], true) {
                        post.send(hand, Order::Job(self.number, &self.packed));
                    }
                    post.send(hand, Order::Tasks(self.number, &tasks));
                    self.out[hand].push_back(tasks);
                }
            }
        });
    }

    /// Tasks that hands have, those that come last first.
    pub(crate) fn out(&self) -> impl Iterator<Item = usize> {
        self.out.iter().flatten().rev().flatten().map(|&task| task as usize)
    }

    /// Takes what has come. Returns the tasks that somebody else must do: those of hands that are lost, or of which nothing can be read.
    pub(crate) fn take_in(&mut self, mut take: impl FnMut(usize, Done)) -> Vec<u32> {
        let (came, lost) = OFFICE.with_borrow_mut(|office| {
            (office.came.get_mut(&self.number).map(std::mem::take).unwrap_or_default(), office.lost.clone())
        });
        let mut back = Vec::new();
        for (hand, bytes) in came {
            let tasks = self.out[hand].pop_front().unwrap_or_default();
            match unpack(&bytes) {
                Some(done) if done.len() == tasks.len() => {
                    OFFICE.with_borrow_mut(|office| office.futures += done.len() as u64);
                    tasks.into_iter().zip(done).for_each(|(task, done)| take(task as usize, done));
                }
                _ => back.extend(tasks),
            }
        }
        for (hand, _) in lost.iter().enumerate().filter(|(_, lost)| **lost) {
            back.extend(self.out[hand].drain(..).flatten());
        }
        back
    }
}

impl Drop for Away {
    fn drop(&mut self) {
        // A thread that ends takes its office along.
        let _ = OFFICE.try_with(|office| {
            let Ok(mut office) = office.try_borrow_mut() else { return };
            office.came.remove(&self.number);
            let Some(post) = office.post.clone() else { return };
            for hand in (0..self.told.len()).filter(|&hand| self.told[hand]) {
                post.send(hand, Order::Forget(self.number));
            }
        });
    }
}

/// What a hand has before it.
#[derive(Default)]
pub struct Bench {
    loaded: Option<(Loaded, Rules)>,
    jobs: BTreeMap<u64, Work>,
}

struct Work {
    job: Job,
    hand: Hand,
    worker: Box<Worker>,
}

impl Bench {
    /// Takes the scenario of the jobs that follow.
    pub fn scenario(&mut self, bytes: &[u8]) {
        self.jobs.clear();
        self.loaded = serde_json::from_slice::<SentScenario<'_>>(bytes).ok().map(|sent| {
            let (name, hash) = (sent.name.into_owned(), sent.hash.into_owned());
            let loaded = Loaded { scenario: sent.scenario.into_owned(), name, hash };
            let rules = Rules::new(&loaded);
            (loaded, rules)
        });
    }

    /// Takes a job.
    pub fn job(&mut self, number: u64, bytes: &[u8]) {
        let (Some((loaded, rules)), Ok(sent)) = (&self.loaded, ciborium::from_reader::<SentJob<'_>, _>(bytes)) else {
            return;
        };
        let arms = sent.arms.into_iter().map(|plan| Plan {
            seed: plan.seed,
            days: plan.days,
            prior: plan.prior,
            log: plan.log.into_owned(),
            from: plan.from.map(|state| state.into_owned().into()),
        });
        let arms: Vec<Plan> = arms.collect();
        let Some(first) = arms.first() else { return };
        let worker = Box::new(Worker::new(rules, first));
        let (tasks, tracks) = (sent.tasks.into_owned(), sent.tracks.into_owned());
        let (rules, loaded) = (rules.clone(), Arc::new(loaded.clone()));
        let job = Job { rules, loaded, arms, tasks, tracks, every: sent.every };
        self.jobs.insert(number, Work { job, hand: Hand::default(), worker });
    }

    /// Does tasks of a job; what it answers is empty where it knows of none.
    pub fn tasks(&mut self, number: u64, tasks: &[u32]) -> Vec<u8> {
        let Some(Work { job, hand, worker }) = self.jobs.get_mut(&number) else { return Vec::new() };
        let known = tasks.iter().map(|&task| task as usize).filter(|&task| task < job.tasks.len());
        pack(known.map(|task| hand.run(job, worker, task)))
    }

    /// Forgets a job.
    pub fn forget(&mut self, number: u64) {
        self.jobs.remove(&number);
    }
}

/// Futures as bytes: of each its length in words of eight bits and what there is to know of it, then its samples, bit for bit.
fn pack(all: impl Iterator<Item = Done>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for Done { arm, future, summary, samples } in all {
        let Some(head) = sent(&(arm, future, summary)) else { return Vec::new() };
        for length in [head.len(), samples.len()] {
            bytes.extend_from_slice(&(length as u32).to_le_bytes());
        }
        bytes.extend_from_slice(&head);
        for sample in samples {
            bytes.extend_from_slice(&sample.to_le_bytes());
        }
    }
    bytes
}

/// The futures again; none where the bytes are no such thing.
fn unpack(mut bytes: &[u8]) -> Option<Vec<Done>> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let mut length = || -> Option<usize> {
            let (number, rest) = bytes.split_first_chunk::<4>()?;
            bytes = rest;
            Some(u32::from_le_bytes(*number) as usize)
        };
        let (head, samples) = (length()?, length()?);
        let (head, rest) = bytes.split_at_checked(head)?;
        let (samples, rest) = rest.split_at_checked(samples.checked_mul(4)?)?;
        bytes = rest;
        let (arm, future, summary): (usize, u64, Summary) = ciborium::from_reader(head).ok()?;
        let (samples, _) = samples.as_chunks::<4>();
        all.push(Done { arm, future, summary, samples: samples.iter().copied().map(f32::from_le_bytes).collect() });
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sitting;
    use crate::chart::{Ask, Fans};
    use crate::{ahead, needle::Needle};
    use detente_study::futures::rank::Metric;

    /// Hands in this thread: what they answer waits until somebody brings it.
    struct Here {
        benches: Vec<RefCell<Bench>>,
        answers: RefCell<Vec<(usize, u64, Vec<u8>)>>,
        scenarios: RefCell<usize>,
    }

    impl Post for Here {
        fn hands(&self) -> usize {
            self.benches.len()
        }

        fn send(&self, hand: usize, order: Order<'_>) {
            let mut bench = self.benches[hand].borrow_mut();
            match order {
                Order::Scenario(bytes) => {
                    *self.scenarios.borrow_mut() += 1;
                    bench.scenario(bytes);
                }
                Order::Job(job, bytes) => bench.job(job, bytes),
                Order::Tasks(job, tasks) => {
                    let answer = bench.tasks(job, tasks);
                    self.answers.borrow_mut().push((hand, job, answer));
                }
                Order::Forget(job) => bench.forget(job),
            }
        }
    }

    impl Here {
        fn open(hands: usize) -> Rc<Self> {
            let benches = (0..hands).map(|_| RefCell::default()).collect();
            let here = Rc::new(Self { benches, answers: RefCell::default(), scenarios: RefCell::default() });
            open(here.clone());
            here
        }

        /// Brings what was answered; returns how many answers.
        fn bring(&self, mut change: impl FnMut(usize, &mut Vec<u8>) -> bool) -> usize {
            let answers = std::mem::take(&mut *self.answers.borrow_mut());
            let all = answers.len();
            for (hand, job, mut bytes) in answers {
                if change(hand, &mut bytes) {
                    came(hand, job, bytes);
                }
            }
            all
        }

        fn jobs(&self) -> usize {
            self.benches.iter().map(|bench| bench.borrow().jobs.len()).sum()
        }
    }

    const ASK: Ask = Ask { futures: 40, days: 60, prior: true };

    fn sitting() -> Sitting {
        let mut s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 3);
        s.go_to(30);
        s.set_lever(detente_model::symbols::levers::Lever::UnifilTroops, 15_000.0).unwrap();
        s
    }

    /// What was found by who has nobody elsewhere.
    fn alone(s: &Sitting) -> Fans {
        let mut fans = Fans::start(s, ASK, &[], 0);
        while fans.is_running() {
            fans.poll(|| true);
        }
        fans
    }

    fn same(a: &Fans, b: &Fans) {
        for arm in 0..2 {
            assert_eq!(a.arm(arm), b.arm(arm));
        }
    }

    #[test]
    fn futures_that_were_run_elsewhere_are_those_that_would_have_been_run_here() {
        let s = sitting();
        let expected = alone(&s);
        let here = Here::open(3);
        let mut fans = Fans::start(&s, ASK, &[], 0);
        let (mut rounds, mut elsewhere) = (0_u64, 0);
        while fans.is_running() {
            // One future is run here between two exchanges.
            fans.poll(|| false);
            elsewhere += here.bring(|_, _| true);
            ahead::exchange();
            rounds += 1;
            assert!(rounds < 1_000, "they never come");
        }
        assert!(elsewhere >= 9 && rounds < 20, "{elsewhere} handfuls in {rounds} rounds");
        let (hands, futures) = at_work();
        assert!(hands == 3 && futures + rounds >= 2 * ASK.futures, "{futures} by {hands} hands");
        same(&fans, &expected);
        assert_eq!(here.jobs(), 0, "what is done is forgotten");
        // Another job of the same scenario is told of no scenario.
        let mut needle = Needle::start(&s, Metric::Deaths, 20, false, 2, 0);
        while needle.is_running() {
            here.bring(|_, _| true);
            needle.poll(|| false);
        }
        assert_eq!((*here.scenarios.borrow(), here.jobs()), (3, 0));
    }

    #[test]
    fn what_a_lost_hand_had_and_what_cannot_be_read_is_done_here() {
        let s = sitting();
        let expected = alone(&s);
        let here = Here::open(3);
        let mut fans = Fans::start(&s, ASK, &[], 0);
        let mut rounds = 0;
        while fans.is_running() {
            fans.poll(|| false);
            here.bring(|hand, bytes| {
                if hand == 1 {
                    bytes.truncate(bytes.len() / 2);
                }
                hand != 0
            });
            if rounds == 3 {
                lost(0);
            }
            rounds += 1;
            assert!(rounds < 1_000, "they never come");
        }
        same(&fans, &expected);
        // With all of them lost, jobs are done as if there were none.
        (1..3).for_each(lost);
        let mut fans = Fans::start(&s, ASK, &[], 0);
        while fans.is_running() {
            fans.poll(|| true);
        }
        assert_eq!(here.bring(|_, _| true), 0);
        same(&fans, &expected);
    }

    /// Nobody says that it is gone: what it had is done here once nothing else is left.
    #[test]
    fn a_hand_that_is_gone_without_a_word_keeps_nobody_waiting() {
        let s = sitting();
        let expected = alone(&s);
        let here = Here::open(2);
        let mut fans = Fans::start(&s, ASK, &[], 0);
        let mut rounds = 0;
        while fans.is_running() {
            fans.poll(|| false);
            here.bring(|hand, _| hand != 0);
            rounds += 1;
            assert!(rounds < 1_000, "they never come");
        }
        same(&fans, &expected);
        assert_eq!(here.jobs(), 0);
    }

    #[test]
    fn a_set_that_is_no_longer_wanted_is_forgotten_and_what_comes_of_it_late_is_nobodys() {
        let s = sitting();
        let expected = alone(&s);
        let here = Here::open(2);
        let mut fans = Fans::start(&s, ASK, &[], 0);
        fans.poll(|| false);
        assert_eq!(here.jobs(), 2);
        fans.cancel();
        assert_eq!(here.jobs(), 0);
        let pairs = fans.pairs();
        here.bring(|_, _| true);
        assert!(!ahead::exchange());
        fans.poll(|| true);
        assert_eq!(fans.pairs(), pairs);
        fans.go_on(&s, 0);
        while fans.is_running() {
            here.bring(|_, _| true);
            fans.poll(|| true);
        }
        same(&fans, &expected);
    }

    /// What starts from what was observed has a state for every future: it stays here.
    #[test]
    fn futures_with_states_of_their_own_are_not_sent() {
        let s = sitting();
        let mut job = Job {
            rules: s.base(),
            loaded: Arc::new(s.loaded.clone()),
            arms: vec![Plan { seed: 1, days: 2, prior: false, log: Vec::new(), from: Some(s.now().clone().into()) }],
            tasks: vec![(0, 0)],
            tracks: Vec::new(),
            every: 0,
        };
        Here::open(1);
        assert!(Away::begin(&job).is_some());
        let many = detente_study::futures::ensemble::Beginning { state: s.now().clone(), point: Default::default() };
        job.arms[0].from = Some(Origin::Many(Arc::new([many])));
        assert!(Away::begin(&job).is_none());
    }

    #[test]
    fn bytes_that_are_no_futures_are_refused() {
        let bytes = pack(alone(&sitting()).arm(0)[..3].iter().flatten().map(|done| Done::clone(done)));
        assert_eq!(unpack(&bytes).unwrap().len(), 3);
        for cut in [1, 7, 9, bytes.len() - 1] {
            assert!(unpack(&bytes[..cut]).is_none(), "{cut}");
        }
        assert!(unpack(&[255; 64]).is_none());
    }
}
