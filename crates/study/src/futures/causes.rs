//! What drives an outcome, over all futures: what came before it, and what it needed.
//!
//! **Before.** Of the futures with the outcome, the share in which a kind of event came before its first day; of those without
//! it, the share in which it came before a day *of the same distribution*: every future without is held against every first day
//! with, so that a kind of event which is merely frequent late in a year gains nothing by that. The lift is the ratio of both.
//! It says what goes with what, and no more.
//!
//! **Needed.** A run is a pure function of its luck, and draws are indexed, so the same future can be run again with every
//! event of a kind taken away ([`Altered`]): drawn or documented, none of them comes, and nothing else is touched. A kind is
//! *necessary* in a future if the outcome is gone then. Shares add up to more than one where futures need two kinds at once,
//! and to less where either of two would have done; both are counted for every pair.
//!
//! **Enough.** To futures without the outcome the events of a kind are added that a future with it had: the same decisions, on
//! the same days, up to its first day, wherever the model gives them any chance at all (an answer needs something to answer).
//! A kind is *sufficient* in the share of futures that then come to the outcome, on their own luck in all else. From whom a
//! future gets them is drawn, keyed by its number.
//!
//! All of it is a [`Search`]: four rounds of futures that know nothing of each other (as they are, with one kind taken away, with
//! two, with one added), each put together in order of its tasks. So neither the number of threads nor their speed shows, and a
//! window that gives it a few milliseconds now and then comes to the same numbers as a command that waits.

use super::accumulate::{Share, Z90, share, share_within};
use super::ensemble::{Plan, Progress, begin, run_all};
use super::interval::{TAIL, normal_beyond};
use detente_model::chance::Key;
use detente_model::record::outcome::Headline;
use detente_model::record::recorder::outcome_of_course;
use detente_model::sim::altered::{Altered, Cause, Causes};
use detente_model::sim::course::Course;
use detente_model::sim::probe::{Probe, Subject};
use detente_model::sim::rules::Rules;
use detente_model::sim::tally::Tally;
use detente_model::sim::world::Fate;
use serde::Serialize;

/// Kinds of event.
const KINDS: usize = Cause::ALL.len();

/// Futures without the outcome to which events are added, at most, for each kind.
pub const ADDED_TO: usize = 400;

/// What is asked about: something that a future comes to or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// It ends in this class.
    Headline(Headline),
    /// Iran and Israel, or Iran and the United States, fired at each other.
    DirectFire,
    /// A table's agreement is in force at the end.
    InForce(usize),
    /// A table's agreement collapsed.
    Collapsed(usize),
}

impl Came {
    /// Its first day in a future that has ended, if that came to it: the day of a war or an exchange, the signing of what holds
    /// at the end, a collapse. An unsettled war has no day of its own: everything comes before its end.
    #[must_use]
    pub fn first_day<P: Probe>(self, course: &Course<P>) -> Option<i32> {
        let tally = course.tally();
        let held = |of: &dyn Fn(usize) -> bool| {
            tally.spells.iter().filter(|s| s.ended.is_none() && of(usize::from(s.table))).map(|s| s.signed).min()
        };
        match self {
            Self::DirectFire | Self::Collapsed(_) => self.so_far(tally),
            Self::InForce(table) => held(&|t| t == table),
            Self::Headline(headline) => {
                let rules = course.rules();
                let end = course.day();
                (outcome_of_course(course).headline == headline).then_some(())?;
                let day = match headline {
                    Headline::RegionalWar => tally.regional_since,
                    Headline::ContainedExchange => tally.contained_since,
                    Headline::CollectiveDeal => held(&|t| rules.tables[t].collective),
                    Headline::PiecemealTruce => {
                        let truces = [rules.table("LEB"), rules.table("GAZ")];
                        held(&|t| rules.tables[t].collective || truces.contains(&Some(t)))
                    }
                    Headline::Unsettled => None,
                };
                Some(day.unwrap_or(end))
            }
        }
    }

    /// Its first day, where it has come for good: nothing later undoes it.
    fn so_far(self, tally: &Tally) -> Option<i32> {
        match self {
            Self::Headline(Headline::RegionalWar) => tally.regional_since,
            Self::DirectFire => tally.contained_since,
            Self::Collapsed(table) => {
                tally.spells.iter().filter(|s| usize::from(s.table) == table).filter_map(|s| s.ended).min()
            }
            _ => None,
        }
    }

    /// Whether it had come for good before a day on which futures begin: then none of them needs anything for it.
    #[must_use]
    pub fn had_come(self, tally: &Tally) -> bool {
        self.so_far(tally).is_some()
    }

    /// Whether it comes for good.
    #[must_use]
    pub fn for_good(self) -> bool {
        matches!(self, Self::Headline(Headline::RegionalWar) | Self::DirectFire | Self::Collapsed(_))
    }
}

/// A decision that can be added to a future: its day, what it is about, and the victim of a blow.
type Decided = (i32, Subject, Option<u16>);

/// What one future shows.
#[derive(Clone, Debug)]
struct Seen {
    future: u64,
    /// First day of the outcome.
    came: Option<i32>,
    /// First day of each kind of event.
    first: [Option<i32>; KINDS],
    /// Decisions that can be added to another future, by day: of futures with the outcome only.
    decisions: Vec<Decided>,
}

/// How often a kind of event came before the outcome, beside how often without it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Before {
    /// Share of the futures with the outcome.
    pub with: f64,
    /// Share of those without it, before days of the same distribution; null where every future has the outcome.
    pub without: Option<f64>,
    /// Ratio; null where it never came without.
    pub lift: Option<f64>,
    /// Low end of its 90 % interval; null where it never came.
    pub low: Option<f64>,
    /// High end; null where there is none.
    pub high: Option<f64>,
}

/// One kind of event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Kind of event.
    #[serde(skip)]
    pub cause: Cause,
    /// Its name.
    pub id: &'static str,
    /// How often it came before.
    pub before: Before,
    /// Share of the futures with the outcome that have none without these events.
    pub necessary: Share,
    /// Share of the futures without the outcome that come to it if these events are added; null where there is none to add to, or
    /// nothing to add. The interval takes in that few futures may have given to many.
    pub sufficient: Option<Share>,
    /// Median days from the first of these events to the outcome, of the futures in which one came before; null where none did.
    pub days_before: Option<i32>,
}

/// Two kinds of event together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pair {
    /// Their names.
    pub ids: [&'static str; 2],
    /// Kinds.
    #[serde(skip)]
    pub causes: [Cause; 2],
    /// Share of the futures with the outcome that need each of the two.
    pub both: Share,
    /// Share of them that need neither alone, but one of the two: with both taken away the outcome is gone.
    pub either: Share,
}

/// The most common road: the kinds of event that a future needed, in order of the last of each before the outcome.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Road {
    /// Their names, first to last.
    pub ids: Vec<&'static str>,
    /// Kinds.
    #[serde(skip)]
    pub causes: Vec<Cause>,
    /// Futures that went it.
    pub futures: u64,
    /// Share of the futures with the outcome.
    pub share: Share,
}

/// Least ratio by which a sign comes before the outcome more often than without it.
pub const TELLS: f64 = 1.25;

/// The kind of event that tells first: of those that come before at least [`TELLS`] times as often as without it, at a level at which
/// in 95 % of uses none of all kinds would seem to by chance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Sign {
    /// Its name.
    pub id: &'static str,
    /// Kind.
    #[serde(skip)]
    pub cause: Cause,
    /// Median days before the outcome.
    pub days_before: i32,
    /// Share of the futures with the outcome in which it came before.
    pub with: f64,
    /// Share of those without it, before days of the same distribution.
    pub without: f64,
}

/// What drives an outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Drivers {
    /// Futures.
    pub futures: u64,
    /// Those with the outcome.
    pub with_outcome: u64,
    /// Those without it to which events were added.
    pub added_to: u64,
    /// Kinds of event that came about, the most needed first; none where nobody comes to the outcome.
    pub causes: Vec<Row>,
    /// Pairs that are needed together or for each other: by the larger of both shares, most first.
    pub jointly: Vec<Pair>,
    /// Futures with the outcome that need at least one kind by itself; none where there are no such futures.
    pub needed_one: Option<Share>,
    /// Futures with the outcome that need no kind by itself, but one of two: with both taken away it is gone.
    pub one_of_two: Option<Share>,
    /// The most common road.
    pub road: Option<Road>,
    /// The earliest sign; `None` where no kind is one.
    pub sign: Option<Sign>,
    /// The first future that went the most common road.
    pub example: Option<u64>,
    /// The first day of the outcome in it.
    pub example_day: Option<i32>,
}

/// A future run to its end, or to the outcome where that has come for good, with kinds of event taken away or decisions added:
/// the kinds that came to there, or `None` if the outcome does not come.
fn comes_altered(
    course: &mut Course<Altered>,
    plan: &Plan,
    came: Came,
    future: u64,
    taken: Causes,
    added: &[Decided],
) -> Option<Causes> {
    begin(course, plan, future);
    course.probe.taken = taken;
    course.probe.added.clear();
    let mut next = added.partition_point(|(day, ..)| *day < course.day());
    let mut there = Causes::default();
    for _ in 0..plan.days {
        let today = course.day();
        if !added.is_empty() {
            course.probe.added.clear();
            while next < added.len() && added[next].0 == today {
                course.probe.added.push((added[next].1, added[next].2));
                next += 1;
            }
        }
        course.step();
        for event in course.events() {
            let subject = Cause::decision(event, course.rules()).map(|(subject, _)| subject);
            if let Some(cause) = subject.and_then(Cause::of_subject) {
                there = there.with(cause);
            }
        }
        if came.for_good() && came.so_far(course.tally()).is_some() {
            return Some(there);
        }
    }
    came.first_day(course).map(|_| there)
}

/// Runs a future and notes what came when.
fn look(course: &mut Course, plan: &Plan, came: Came, future: u64) -> Seen {
    begin(course, plan, future);
    let start = course.day();
    let mut first = [None; KINDS];
    let mut decisions = Vec::new();
    for _ in 0..plan.days {
        let today = course.day();
        course.step();
        for event in course.events() {
            let decision = Cause::decision(event, course.rules());
            let Some((subject, victim)) = decision else { continue };
            let Some(cause) = Cause::of_subject(subject) else { continue };
            first[cause as usize].get_or_insert(today);
            decisions.push((today, subject, victim));
        }
        // What comes later led nowhere: the outcome was there.
        if came.for_good() && came.so_far(course.tally()).is_some() {
            break;
        }
    }
    // What was there before the start (an agreement taken over from a nowcast) has no first day here: that it still holds is decided
    // at the end, and everything comes before that.
    let came = came.first_day(course).map(|day| if day < start { course.day() } else { day });
    // Decisions that led there, if it came.
    decisions.retain(|(day, ..)| came.is_some_and(|first| *day <= first));
    // In order, each once, as whoever adds them needs them.
    decisions.sort_unstable();
    decisions.dedup_by_key(|(day, subject, _)| (*day, *subject));
    Seen { future, came, first, decisions }
}

/// Days on which the futures with the outcome first had it, in order.
struct Days(Vec<i32>);

impl Days {
    /// How many of them come after a day.
    fn after(&self, day: i32) -> u64 {
        (self.0.len() - self.0.partition_point(|d| *d <= day)) as u64
    }
}

/// The ratio of two shares and how often a kind of event came before, with intervals of `z` standard errors.
fn before(z: f64, cause: Cause, with: &[Seen], without: &[Seen], days: &Days) -> Before {
    let (n, m) = (with.len() as u64, without.len() as u64);
    let first = |seen: &Seen| seen.first[cause as usize];
    let came = with.iter().filter(|seen| first(seen).is_some_and(|f| seen.came.is_some_and(|day| f < day))).count();
    let here = share_within(z, came as u64, n);
    // Of each future without, on how many of the days with it the event had come; and of each day, in how many futures.
    let counts: Vec<u64> = without.iter().map(|seen| first(seen).map_or(0, |f| days.after(f))).collect();
    let total: u64 = counts.iter().sum();
    let p = if n == 0 || m == 0 { 0.0 } else { total as f64 / (n * m) as f64 };
    let mut firsts: Vec<i32> = without.iter().filter_map(first).collect();
    firsts.sort_unstable();
    let spread = |values: &mut dyn Iterator<Item = f64>, of: u64| {
        let squares: f64 = values.map(|v| (v - p) * (v - p)).sum();
        squares / (of.max(2) - 1) as f64 / of.max(1) as f64
    };
    let by_future = spread(&mut counts.iter().map(|&c| c as f64 / n.max(1) as f64), m);
    let by_day = days.0.iter().map(|d| firsts.partition_point(|f| f < d) as f64 / m.max(1) as f64);
    let by_day = spread(&mut by_day.into_iter(), n);
    // As many futures, each yes or no, as would leave the share so uncertain (Wilson); never more than there are.
    let variance = by_future + by_day;
    let most = m as f64;
    let effective = if variance > 0.0 { (p * (1.0 - p) / variance).clamp(1.0, most.max(1.0)) } else { most };
    let there = share_within(z, (p * effective).round() as u64, effective.round() as u64);
    let (low, high) = (there.low.min(p), there.high.max(p));
    let ln = libm::log;
    let (lift, low, high) = if n == 0 || m == 0 {
        (None, None, None)
    } else if p <= 0.0 {
        // It never came without: there is a least lift, and no largest one.
        (None, (came > 0 && high > 0.0).then(|| here.low / high), None)
    } else if came == 0 {
        (Some(0.0), Some(0.0), (low > 0.0).then(|| here.high / low))
    } else {
        // The limits of both on a scale of logarithms, squared and added (Zou and Donner 2008).
        let arm = |a: f64, b: f64| libm::sqrt(a * a + b * b);
        let lift = here.p / p;
        let down = arm(ln(here.p / here.low), ln(high / p));
        let up = (low > 0.0).then(|| arm(ln(here.high / here.p), ln(p / low)));
        (Some(lift), Some(lift * libm::exp(-down)), up.map(|up| lift * libm::exp(up)))
    };
    Before { with: here.p, without: (m > 0).then_some(p), lift, low, high }
}

/// The share that come to the outcome of futures that were given the events of others: of each who gave, how many came and to how
/// many it gave. What one gave to many is one thing tried many times, so the interval is that of as many futures as would leave the
/// share so uncertain as the spread between givers does (a ratio of sums over clusters), never more than there are. Where all
/// came or none, there is no spread to see, and it is that of as many futures as gave; of one giver nothing is known.
fn share_given(by_giver: &[(u64, u64)]) -> Option<Share> {
    let by_giver = || by_giver.iter().filter(|(_, tried)| *tried > 0);
    let (came, tried) = by_giver().fold((0, 0), |(came, tried), giver| (came + giver.0, tried + giver.1));
    let (givers, all) = (by_giver().count() as f64, tried as f64);
    if tried == 0 {
        return None;
    }
    let p = came as f64 / all;
    if givers < 2.0 {
        return Some(Share { p, low: 0.0, high: 1.0 });
    }
    let squares: f64 = by_giver().map(|&(came, tried)| came as f64 - p * tried as f64).map(|off| off * off).sum();
    let variance = givers / (givers - 1.0) * squares / (all * all);
    let effective = if came == 0 || came == tried {
        givers
    } else if variance > 0.0 {
        (p * (1.0 - p) / variance).clamp(1.0, all)
    } else {
        all
    };
    let around = share((p * effective).round() as u64, effective.round() as u64);
    Some(Share { p, low: around.low.min(p), high: around.high.max(p) })
}

/// What a future of a search tells.
enum Told {
    /// As it is.
    Seen(Seen),
    /// Altered: whether the outcome comes, and after which kinds of event.
    Comes(Option<Causes>),
}

/// Where the futures of a search run, one after another in the same memory. Each thread has its own.
#[derive(Default)]
pub struct Hand {
    plain: Option<Course>,
    altered: Option<Course<Altered>>,
}

/// A kind of event that is added to a future: that of a position in the list, as the donor at a position had it.
#[derive(Clone, Copy)]
struct Gift {
    kind: usize,
    future: u64,
    donor: usize,
}

/// What is run at the moment. Futures with the outcome are meant by their position among those.
enum Round {
    /// Every future as it is.
    Look,
    /// Those with the outcome, without one kind of event.
    Alone(Vec<(usize, Cause)>),
    /// Those with the outcome, without two kinds that are not needed by themselves.
    Both(Vec<(usize, [Cause; 2])>),
    /// Those without the outcome, with a kind of event that others had.
    Added(Vec<Gift>),
    /// Nothing: all is known.
    Over,
}

/// What the futures of the first round are to the others.
#[derive(Default)]
struct Known {
    /// Futures with the outcome, in order.
    with: Vec<Seen>,
    /// Futures without.
    without: Vec<Seen>,
    /// Kinds of event that came about.
    kinds: Vec<Cause>,
    /// What each future with the outcome needs by itself.
    needs: Vec<Causes>,
    /// What comes about in it without a kind of event.
    left: Vec<[Causes; KINDS]>,
    /// How many need neither of two kinds alone, but one of the two.
    either: Vec<([Cause; 2], u64)>,
    /// Whether a future with the outcome needs no kind by itself, but one of two.
    alternatives: Vec<bool>,
    /// By kind, what each future that had any of it had up to the outcome.
    gifts: Vec<Vec<Vec<Decided>>>,
}

/// A search for what drives an outcome, under way. It goes on task by task, by whoever has time for it: [`Search::step`] does one, and
/// [`Search::round`] the rest of a round on several threads. What is found is the same.
pub struct Search {
    rules: Rules,
    plan: Plan,
    came: Came,
    runs: u64,
    round: Round,
    known: Known,
    /// Answers of the round under way, in order of its tasks.
    answers: Vec<Told>,
    /// Tasks of the rounds before.
    before: u64,
    found: Option<Drivers>,
}

impl Search {
    /// A search in `runs` futures, one at the least, of what a plan runs.
    #[must_use]
    pub fn new(rules: Rules, plan: Plan, came: Came, runs: u64) -> Self {
        Self {
            rules,
            plan,
            came,
            runs: runs.max(1),
            round: Round::Look,
            known: Known::default(),
            answers: Vec::new(),
            before: 0,
            found: None,
        }
    }

    /// What was found, once all is known.
    #[must_use]
    pub fn found(&self) -> Option<&Drivers> {
        self.found.as_ref()
    }

    /// Futures run so far.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.before + self.answers.len() as u64
    }

    /// Futures to run in all, as far as that can be told: what the first round shows decides how many others there are.
    #[must_use]
    pub fn expected(&self) -> u64 {
        match &self.round {
            Round::Look => AGAIN * self.runs,
            // Of two at once about half as many as of one.
            Round::Alone(tasks) => self.before + 3 * tasks.len() as u64 / 2 + self.gifts(),
            Round::Both(tasks) => self.before + tasks.len() as u64 + self.gifts(),
            Round::Added(tasks) => self.before + tasks.len() as u64,
            Round::Over => self.before,
        }
    }

    /// Futures to which something is added, all kinds together.
    fn gifts(&self) -> u64 {
        let kinds = self.known.gifts.iter().filter(|of| !of.is_empty()).count();
        (kinds * self.recipients().len()) as u64
    }

    /// Futures to which events are added.
    fn recipients(&self) -> &[Seen] {
        &self.known.without[..self.known.without.len().min(ADDED_TO)]
    }

    /// Tasks of the round under way.
    fn tasks(&self) -> u64 {
        match &self.round {
            Round::Look => self.runs,
            Round::Alone(tasks) => tasks.len() as u64,
            Round::Both(tasks) => tasks.len() as u64,
            Round::Added(tasks) => tasks.len() as u64,
            Round::Over => 0,
        }
    }

    /// Does a task of the round under way.
    fn run(&self, hand: &mut Hand, task: u64) -> Told {
        let fate = Fate { seed: self.plan.seed, future: 0, prior: false };
        let at = task as usize;
        let (future, taken, added) = match &self.round {
            Round::Look | Round::Over => {
                let course = hand.plain.get_or_insert_with(|| Course::new(&self.rules, fate, self.plan.log.clone()));
                return Told::Seen(look(course, &self.plan, self.came, task));
            }
            Round::Alone(tasks) => {
                let (i, cause) = tasks[at];
                (self.known.with[i].future, Causes::default().with(cause), &[][..])
            }
            Round::Both(tasks) => {
                let (i, [a, b]) = tasks[at];
                (self.known.with[i].future, Causes::default().with(a).with(b), &[][..])
            }
            Round::Added(tasks) => {
                let Gift { kind, future, donor } = tasks[at];
                (future, Causes::default(), &self.known.gifts[kind][donor][..])
            }
        };
        let course = hand.altered.get_or_insert_with(|| Course::new(&self.rules, fate, self.plan.log.clone()));
        Told::Comes(comes_altered(course, &self.plan, self.came, future, taken, added))
    }

    /// Does the next task. Returns whether there was one.
    pub fn step(&mut self, hand: &mut Hand) -> bool {
        if self.found.is_some() {
            return false;
        }
        let told = self.run(hand, self.answers.len() as u64);
        self.answers.push(told);
        self.turn();
        true
    }

    /// Does what is left of the round under way on so many threads. Returns whether more is to do; `None` if stopped, with the round
    /// as it was.
    pub fn round(&mut self, jobs: usize, progress: &Progress) -> Option<bool> {
        let rest = self.answers.len() as u64..self.tasks();
        // How often futures run again is known when it is known what came about in them.
        if !matches!(self.round, Round::Look) {
            progress.more.fetch_add(rest.end - rest.start, std::sync::atomic::Ordering::Relaxed);
        }
        let parts = run_all(rest, jobs, progress, Hand::default, Vec::new, |hand, done, task| {
            done.push((task, self.run(hand, task)));
        })?;
        let mut all: Vec<(u64, Told)> = parts.into_iter().flatten().collect();
        all.sort_unstable_by_key(|(task, _)| *task);
        self.answers.extend(all.into_iter().map(|(_, told)| told));
        self.turn();
        Some(self.found.is_none())
    }

    /// Goes from a round that is done to the next with anything to do.
    fn turn(&mut self) {
        while self.found.is_none() && self.answers.len() as u64 >= self.tasks() {
            let answers = std::mem::take(&mut self.answers);
            self.before += answers.len() as u64;
            self.round = match std::mem::replace(&mut self.round, Round::Over) {
                Round::Look => {
                    let seen = answers.into_iter().filter_map(|told| match told {
                        Told::Seen(seen) => Some(seen),
                        Told::Comes(_) => None,
                    });
                    self.known = Known::of(seen.collect());
                    Round::Alone(self.known.alone())
                }
                Round::Alone(tasks) => {
                    self.known.without_one(&tasks, &comes(answers));
                    Round::Both(self.known.both())
                }
                Round::Both(tasks) => {
                    self.known.without_two(&tasks, &comes(answers));
                    Round::Added(self.added())
                }
                Round::Added(tasks) => {
                    self.found = Some(self.sum_up(&tasks, &comes(answers)));
                    Round::Over
                }
                Round::Over => Round::Over,
            };
        }
    }

    /// What is added to whom: from a future with the outcome, drawn by the number of the one that gets it.
    fn added(&self) -> Vec<Gift> {
        let mut tasks = Vec::new();
        for (kind, gifts) in self.known.gifts.iter().enumerate().filter(|(_, gifts)| !gifts.is_empty()) {
            for seen in self.recipients() {
                let key = Key::new(self.plan.seed, seen.future).of("donor").day(self.known.kinds[kind] as i32);
                let donor = ((key.uniform(0) * gifts.len() as f64) as usize).min(gifts.len() - 1);
                tasks.push(Gift { kind, future: seen.future, donor });
            }
        }
        tasks
    }

    /// All of it together.
    fn sum_up(&self, added: &[Gift], comes: &[Option<Causes>]) -> Drivers {
        let Known { with, without, kinds, needs, either, alternatives, gifts, .. } = &self.known;
        let n = with.len() as u64;
        let mut days = Days(with.iter().filter_map(|seen| seen.came).collect());
        days.0.sort_unstable();
        let mut jointly: Vec<Pair> = pairs_of(kinds)
            .into_iter()
            .map(|[a, b]| {
                let both = needs.iter().filter(|needs| needs.has(a) && needs.has(b)).count() as u64;
                let either = either.iter().find(|(pair, _)| *pair == [a, b]).map_or(0, |(_, either)| *either);
                let (both, either) = (share(both, n), share(either, n));
                Pair { ids: [a.name(), b.name()], causes: [a, b], both, either }
            })
            .filter(|pair| pair.both.p > 0.0 || pair.either.p > 0.0)
            .collect();
        // Those that are most of either: two kinds of which one will do are as much of an answer as two that are both needed.
        let weight = |pair: &Pair| pair.both.p.max(pair.either.p);
        jointly.sort_by(|x, y| weight(y).total_cmp(&weight(x)).then(y.both.p.total_cmp(&x.both.p)));

        // By kind and giver, how many came to the outcome of how many that were given it.
        let mut enough: Vec<Vec<(u64, u64)>> = gifts.iter().map(|gifts| vec![(0, 0); gifts.len()]).collect();
        for (gift, comes) in added.iter().zip(comes) {
            let given = &mut enough[gift.kind][gift.donor];
            given.0 += u64::from(comes.is_some());
            given.1 += 1;
        }
        let mut causes: Vec<Row> = kinds
            .iter()
            .zip(&enough)
            .map(|(&cause, given)| {
                let needed = needs.iter().filter(|needs| needs.has(cause)).count() as u64;
                let lead = |seen: &Seen| Some(seen.came? - seen.first[cause as usize]?).filter(|lead| *lead > 0);
                let mut leads: Vec<i32> = with.iter().filter_map(lead).collect();
                leads.sort_unstable();
                Row {
                    cause,
                    id: cause.name(),
                    before: before(Z90, cause, with, without, &days),
                    necessary: share(needed, n),
                    sufficient: share_given(given),
                    days_before: leads.get(leads.len() / 2).copied(),
                }
            })
            .collect();
        // The order of the day where two are needed alike.
        causes.sort_by(|a, b| b.necessary.p.total_cmp(&a.necessary.p).then(b.before.with.total_cmp(&a.before.with)));

        let roads: Vec<Vec<Cause>> =
            (0..with.len()).map(|i| self.known.road(i)).filter(|road| !road.is_empty()).collect();
        let of_those = |count: usize| (n > 0).then(|| share(count as u64, n));
        let needed_one = of_those(needs.iter().filter(|needs| !needs.is_empty()).count());
        let one_of_two = of_those(alternatives.iter().filter(|either| **either).count());
        let typical = most_common(&roads);
        let example = match &typical {
            Some((typical, _)) => (0..with.len()).find(|&i| self.known.road(i) == *typical).map(|i| &with[i]),
            None => with.first(),
        };
        // Every kind is tried as a sign, so each at a level of its part of what may go wrong in all.
        let z = normal_beyond(TAIL / kinds.len().max(1) as f64);
        let tells = |row: &&Row| before(z, row.cause, with, without, &days).low.is_some_and(|low| low > TELLS);
        let sign = causes.iter().filter(tells).filter_map(|row| {
            let Before { with, without, .. } = row.before;
            Some(Sign { id: row.id, cause: row.cause, days_before: row.days_before?, with, without: without? })
        });
        // The first in the list of those that tell as early.
        let sign = sign.reduce(|best, other| if other.days_before > best.days_before { other } else { best });
        Drivers {
            futures: self.runs,
            with_outcome: n,
            added_to: if added.is_empty() { 0 } else { self.recipients().len() as u64 },
            jointly,
            needed_one,
            one_of_two,
            road: typical.map(|(causes, futures)| Road {
                ids: causes.iter().map(|c| c.name()).collect(),
                causes,
                futures,
                share: share(futures, n),
            }),
            sign,
            example: example.map(|seen| seen.future),
            example_day: example.and_then(|seen| seen.came),
            causes,
        }
    }
}

/// Whether the outcome came, task by task.
fn comes(answers: Vec<Told>) -> Vec<Option<Causes>> {
    let came = |told| match told {
        Told::Comes(comes) => comes,
        Told::Seen(_) => None,
    };
    answers.into_iter().map(came).collect()
}

/// Every two of a list, in order.
fn pairs_of(list: &[Cause]) -> Vec<[Cause; 2]> {
    list.iter().enumerate().flat_map(|(k, &a)| list[k + 1..].iter().map(move |&b| [a, b])).collect()
}

impl Known {
    /// What futures show as they are, in order of their numbers.
    fn of(all: Vec<Seen>) -> Self {
        let came = |c: Cause| all.iter().any(|seen| seen.first[c as usize].is_some());
        // Of an outcome that nobody comes to, no kind of event has a share in it.
        let any = all.iter().any(|seen| seen.came.is_some());
        let kinds: Vec<Cause> = Cause::ALL.into_iter().filter(|&c| any && came(c)).collect();
        let (with, without): (Vec<Seen>, Vec<Seen>) = all.into_iter().partition(|seen| seen.came.is_some());
        // What comes about in a future without a kind of event: what came in it as it is, where none of the kind did.
        let left = |seen: &Seen| {
            let all = Cause::ALL.into_iter().filter(|&c| seen.first[c as usize].is_some());
            [all.fold(Causes::default(), Causes::with); KINDS]
        };
        let of = |cause: Cause, seen: &Seen| -> Vec<Decided> {
            seen.decisions.iter().filter(|d| Cause::of_subject(d.1) == Some(cause)).copied().collect()
        };
        let mut gifts = Vec::new();
        for &cause in &kinds {
            gifts.push(with.iter().map(|seen| of(cause, seen)).filter(|list| !list.is_empty()).collect());
        }
        Self {
            needs: vec![Causes::default(); with.len()],
            left: with.iter().map(left).collect(),
            either: Vec::new(),
            alternatives: vec![false; with.len()],
            gifts,
            with,
            without,
            kinds,
        }
    }

    /// Each kind alone. Where none of it came, taking it away changes nothing, but for kinds that can come unseen.
    fn alone(&self) -> Vec<(usize, Cause)> {
        let there = |seen: &Seen, cause: Cause| cause.is_quiet() || seen.first[cause as usize].is_some();
        let mut tasks = Vec::new();
        for (i, seen) in self.with.iter().enumerate() {
            tasks.extend(self.kinds.iter().filter(|&&c| there(seen, c)).map(|&c| (i, c)));
        }
        tasks
    }

    fn without_one(&mut self, tasks: &[(usize, Cause)], comes: &[Option<Causes>]) {
        for (&(i, cause), comes) in tasks.iter().zip(comes) {
            match comes {
                None => self.needs[i] = self.needs[i].with(cause),
                Some(there) => self.left[i][cause as usize] = *there,
            }
        }
    }

    /// Two at once, where neither is needed by itself: each must come about without the other, or taking it away as well would
    /// change nothing.
    fn both(&self) -> Vec<(usize, [Cause; 2])> {
        let mut tasks = Vec::new();
        for i in 0..self.with.len() {
            let spare: Vec<Cause> = self.kinds.iter().copied().filter(|&c| !self.needs[i].has(c)).collect();
            let without = |a: Cause, b: Cause| b.is_quiet() || self.left[i][a as usize].has(b);
            let both = pairs_of(&spare).into_iter().filter(|&[a, b]| without(a, b) && without(b, a));
            tasks.extend(both.map(|pair| (i, pair)));
        }
        tasks
    }

    fn without_two(&mut self, tasks: &[(usize, [Cause; 2])], comes: &[Option<Causes>]) {
        self.either = pairs_of(&self.kinds).into_iter().map(|pair| (pair, 0)).collect();
        for (&(i, ref pair), _) in tasks.iter().zip(comes).filter(|(_, comes)| comes.is_none()) {
            self.alternatives[i] |= self.needs[i].is_empty();
            if let Some((_, either)) = self.either.iter_mut().find(|(of, _)| of == pair) {
                *either += 1;
            }
        }
    }

    /// What a future needed, in order of the last event of each that led there: an answer in winter is not the one that a war in
    /// summer began with. What was needed and never seen is no part of it.
    fn road(&self, i: usize) -> Vec<Cause> {
        let decisions = &self.with[i].decisions;
        let last = |c: Cause| decisions.iter().rev().find(|d| Cause::of_subject(d.1) == Some(c)).map(|d| d.0);
        let needed = |&c: &Cause| self.needs[i].has(c) && last(c).is_some();
        let mut road: Vec<Cause> = self.kinds.iter().copied().filter(needed).collect();
        road.sort_by_key(|&c| last(c));
        road
    }
}

/// Runs of a future on the average, before more is known.
pub const AGAIN: u64 = 8;

/// What drives an outcome in `runs` futures; `None` if stopped.
pub fn drivers(rules: &Rules, plan: &Plan, came: Came, runs: u64, jobs: usize, progress: &Progress) -> Option<Drivers> {
    let mut search = Search::new(rules.clone(), plan.clone(), came, runs);
    while search.round(jobs, progress)? {}
    search.found
}

/// The most common of several roads and how many are it; the first in order where several are.
fn most_common(roads: &[Vec<Cause>]) -> Option<(Vec<Cause>, u64)> {
    let mut sorted = roads.to_vec();
    sorted.sort_unstable();
    let mut best: Option<(Vec<Cause>, u64)> = None;
    for group in sorted.chunk_by(|a, b| a == b) {
        if best.as_ref().is_none_or(|(_, most)| group.len() as u64 > *most) {
            best = Some((group[0].clone(), group.len() as u64));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten futures that gave to forty each are ten things tried, not four hundred.
    #[test]
    fn what_few_gave_to_many_is_known_as_few_are() {
        // What six of ten gave was enough for all forty, what four gave for none.
        let few: Vec<(u64, u64)> = (0..10).map(|giver| (if giver < 6 { 40 } else { 0 }, 40)).collect();
        let (found, of_givers, of_tries) = (share_given(&few).unwrap(), share(6, 10), share(240, 400));
        assert!((found.p - 0.6).abs() < 1e-12);
        // 10/9 of the variance of 6 in 10: nine futures.
        assert!(found.high - found.low > 0.95 * (of_givers.high - of_givers.low), "{found:?} {of_givers:?}");
        assert!(found.high - found.low > 4.0 * (of_tries.high - of_tries.low), "{found:?} {of_tries:?}");
        // Where it does not matter who gave, they are as many as were tried.
        let each: Vec<(u64, u64)> = (0..400).map(|giver| (u64::from(giver % 5 < 3), 1)).collect();
        let found = share_given(&each).unwrap();
        assert!((found.high - of_tries.high).abs() < 0.01 && (found.low - of_tries.low).abs() < 0.01, "{found:?}");
        // All or none of few givers; one giver; none.
        assert_eq!(share_given(&[(40, 40); 5]), Some(Share { p: 1.0, ..share(5, 5) }));
        assert_eq!(share_given(&[(0, 40); 5]), Some(share(0, 5)));
        assert_eq!(share_given(&[(3, 40)]), Some(Share { p: 0.075, low: 0.0, high: 1.0 }));
        assert_eq!((share_given(&[]), share_given(&[(0, 0)])), (None, None));
    }

    /// What comes before nearly every future, with the outcome or without it, is a sign of nothing, however sure the small
    /// difference is.
    #[test]
    fn a_kind_that_hardly_comes_more_often_is_no_sign() {
        let rules = Rules::new(&detente_model::scenario::load("november-2024").unwrap());
        let plan = Plan { seed: 1, days: 365, ..Plan::default() };
        let came = Came::Headline(Headline::RegionalWar);
        let found = drivers(&rules, &plan, came, 400, 2, &Progress::default()).unwrap();
        let blow = found.causes.iter().find(|row| row.cause == Cause::Blow).unwrap();
        assert!(blow.before.with > 0.8 && blow.before.without.unwrap() > 0.7, "{blow:?}");
        let sign = found.sign.unwrap();
        assert!(sign.cause != Cause::Blow && sign.with > TELLS * sign.without, "{sign:?}");
    }

    /// An agreement that is older than the start holds because nothing ended it: what came since came before that.
    #[test]
    fn what_holds_from_before_the_start_has_its_day_at_the_end() {
        let rules = Rules::new(&detente_model::scenario::load("november-2024").unwrap());
        let fate = detente_model::sim::world::Fate { seed: 1, future: 0, prior: false };
        let leb = rules.table("LEB").unwrap();
        let mut past: Course = Course::new(&rules, fate, Vec::new());
        let old = |past: &Course| past.tally().spells.iter().any(|s| usize::from(s.table) == leb && s.ended.is_none());
        for _ in 0..300 {
            if !old(&past) {
                past.step();
            }
        }
        past.step();
        let plan = Plan { seed: 1, days: 60, from: Some(past.snapshot().into()), ..Plan::default() };
        let mut course: Course = Course::new(&rules, fate, Vec::new());
        let seen: Vec<Seen> = (0..20).map(|future| look(&mut course, &plan, Came::InForce(leb), future)).collect();
        let end = past.day() + 60;
        assert!(seen.iter().any(|seen| seen.came == Some(end)), "it lasts in some future");
        assert!(seen.iter().filter_map(|seen| seen.came).all(|day| day > past.day() - 1), "{seen:?}");
        assert!(seen.iter().any(|seen| seen.came == Some(end) && !seen.decisions.is_empty()), "what came since counts");
    }

    /// Whoever shows how far it is learns of every future that runs again, and at the end all are done.
    #[test]
    fn all_that_is_announced_is_run() {
        let rules = Rules::new(&detente_model::scenario::load("november-2024").unwrap());
        let (plan, progress) = (Plan { seed: 1, days: 90, ..Plan::default() }, Progress::default());
        let found = drivers(&rules, &plan, Came::DirectFire, 40, 2, &progress).unwrap();
        let [done, more] = [&progress.done, &progress.more].map(|n| n.load(std::sync::atomic::Ordering::Relaxed));
        assert_eq!(done, 40 + more);
        assert!(more >= found.with_outcome + found.added_to, "{more}");
    }
}
