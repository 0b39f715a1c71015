//! One future over plain vectors: the driver of ensembles.
//!
//! The same day as that of a [`Simulation`](super::world::Simulation), without the ECS around it: nothing is looked up, so a
//! future takes about two thirds of the time. Bit for bit the same, which `tests/course.rs` holds over scenarios, levers, drawn
//! parameters and futures that go on from a snapshot.

use super::calendar::LeverLog;
use super::columns::Columns;
use super::day::{self, Memo};
use super::event::Event;
use super::given::Given;
use super::luck::Luck;
use super::probe::{Probe, Silent};
use super::rules::{Point, Rules};
use super::start;
use super::state::Strike;
use super::tally::Tally;
use super::world::{Fate, Snapshot};
use crate::symbols::levers::LeverChange;

/// A running future.
#[derive(Clone, Debug)]
pub struct Course<P: Probe = Silent> {
    given: Given,
    log: LeverLog,
    columns: Columns,
    /// Strikes of the last day with strikes.
    strikes: Vec<Strike>,
    decided: Vec<Strike>,
    journal: Vec<Event>,
    tally: Tally,
    memo: Memo,
    /// Whether a point other than the scenario's own is in force.
    placed: bool,
    /// What listens to the day.
    pub probe: P,
}

impl<P: Probe> Course<P> {
    /// A future of these rules, at day 0. `log` holds the user's lever changes; the scenario's own are added.
    #[must_use]
    pub fn new(rules: &Rules, fate: Fate, log: Vec<LeverChange>) -> Self {
        let mut course = Self {
            given: Given {
                rules: rules.clone(),
                luck: Luck::new(rules, fate.seed, fate.future),
                clock: start::clock(rules),
                levers: rules.frame.levers.clone(),
            },
            log: LeverLog::default(),
            columns: Columns::default(),
            strikes: Vec::new(),
            decided: Vec::new(),
            journal: Vec::new(),
            tally: Tally::new(rules),
            memo: Memo::default(),
            placed: false,
            probe: P::default(),
        };
        course.begin(fate, log);
        course
    }

    /// Goes to day 0 of another future of the same scenario.
    pub fn begin(&mut self, fate: Fate, log: Vec<LeverChange>) {
        self.begin_at(fate.seed, fate.future, &fate.point(), log);
    }

    /// Goes to day 0 of the future with this luck and these numbers.
    pub fn begin_at(&mut self, seed: u64, future: u64, point: &Point, log: Vec<LeverChange>) {
        self.take(seed, future, point);
        let Given { rules, clock, levers, .. } = &mut self.given;
        levers.clone_from(&rules.frame.levers);
        rules.put_in_force(levers);
        *clock = start::clock(rules);
        self.log = LeverLog::new(&rules.frame, log, 0);
        self.columns.restart(rules);
        self.tally.clear(rules);
        self.strikes.clear();
        self.journal.clear();
    }

    /// Takes the state of a snapshot, with the random numbers and parameters of `fate` from there on.
    ///
    /// A snapshot's stocks, ledgers and levels are taken as they are; only what is drawn or read from parameters after it
    /// differs between futures. That is how futures fan out from today.
    pub fn restore(&mut self, snapshot: &Snapshot, fate: Fate, log: Vec<LeverChange>) {
        self.restore_at(snapshot, fate.seed, fate.future, &fate.point(), log);
    }

    /// The same with this luck and these numbers.
    pub fn restore_at(&mut self, snapshot: &Snapshot, seed: u64, future: u64, point: &Point, log: Vec<LeverChange>) {
        self.take(seed, future, point);
        let Given { rules, clock, levers, .. } = &mut self.given;
        *clock = snapshot.clock;
        levers.clone_from(&snapshot.levers);
        rules.put_in_force(levers);
        self.log = LeverLog::new(&rules.frame, log, snapshot.clock.day);
        self.columns.clone_from(&snapshot.columns);
        self.tally.clone_from(&snapshot.tally);
        self.strikes.clone_from(&snapshot.strikes);
        self.journal.clear();
    }

    /// Runs one day.
    #[inline]
    pub fn step(&mut self) {
        let Self { given, log, columns, strikes, decided, journal, tally, memo, probe, .. } = self;
        decided.clear();
        let mut slices = columns.slices();
        day::decide(given, log, &mut slices, decided, journal, probe);
        if !decided.is_empty() {
            probe.phase("salvo");
            day::fly(given, slices.arsenals, decided);
            strikes.clone_from(decided);
        }
        day::count(given, memo, &mut slices, decided, journal, tally, probe);
    }

    /// Runs `days` days.
    pub fn run(&mut self, days: u32) {
        for _ in 0..days {
            self.step();
        }
    }

    /// The state on the evening of the last day run.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            clock: self.given.clock,
            levers: self.given.levers.clone(),
            columns: self.columns.clone(),
            strikes: self.strikes.clone(),
            tally: self.tally.clone(),
        }
    }

    /// The day about to run.
    #[must_use]
    pub fn day(&self) -> i32 {
        self.given.clock.day
    }

    /// The rules of this future.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.given.rules
    }

    /// What the next day starts from.
    #[must_use]
    pub fn given(&self) -> &Given {
        &self.given
    }

    /// The state of every entity.
    #[must_use]
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The events of the last day run.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.journal
    }

    /// The totals so far.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    fn take(&mut self, seed: u64, future: u64, point: &Point) {
        let Given { rules, luck, .. } = &mut self.given;
        let placed = *point != Point::Default;
        if placed || self.placed {
            rules.place(point);
        }
        self.placed = placed;
        luck.reseed(rules, seed, future);
    }
}
