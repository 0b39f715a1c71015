//! One branch's history, day by day: events, series, digest, and snapshots close enough together that any evening can be
//! had again in no time.

use detente_learn::now::Start;
use detente_model::record::digest::{Digest, Digester};
use detente_model::record::recorder::{EventId, day_events};
use detente_model::record::series::{Column, Evening, columns};
use detente_model::sim::columns::Columns;
use detente_model::sim::event::Event;
use detente_model::sim::rules::Rules;
use detente_model::sim::world::{Fate, Simulation, Snapshot};
use detente_model::symbols::levers::LeverChange;
use std::sync::Arc;

/// Days between kept snapshots: a rewind replays fewer than this.
const STRIDE: usize = 8;

/// The one world in which every branch is played, with what reading it needs.
pub struct Stage {
    simulation: Simulation,
    /// Where histories begin, where that is not day 0 of the scenario.
    start: Option<Start>,
    columns: Vec<Column>,
    state: Columns,
}

impl Stage {
    /// A stage for these rules, those of a future's own numbers where it starts from a nowcast ([`Start::own`]).
    #[must_use]
    pub fn new(rules: &Rules, seed: u64, start: Option<Start>) -> Self {
        let fate = Fate { seed, future: 0, prior: false };
        Self {
            simulation: Simulation::new(rules, fate, Vec::new()),
            start,
            columns: columns(rules),
            state: Columns::default(),
        }
    }

    /// Goes on under the rules of another future.
    pub(super) fn take_rules(&mut self, rules: &Rules) {
        self.simulation.take_rules(rules.clone());
    }

    fn begin(&mut self, fate: Fate) {
        match &self.start {
            Some(start) => self.simulation.restore(&start.of(fate.future).state, fate, Vec::new()),
            None => self.simulation.begin(fate, Vec::new()),
        }
    }

    /// Names and units of the daily series.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Position of a series by name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Values of every series on the evening of a snapshot.
    #[must_use]
    pub fn row(&self, rules: &Rules, at: &Snapshot) -> Vec<f64> {
        let in_force = rules.under(&at.levers);
        let evening = Evening { rules: &in_force, columns: &at.columns, levers: &at.levers, clock: at.clock };
        self.columns.iter().map(|column| column.value(&evening)).collect()
    }
}

/// A kept evening, with what had been recorded by then.
#[derive(Clone)]
struct Mark {
    snapshot: Snapshot,
    digester: Digester,
    events: usize,
}

/// What happened on a branch so far. A copy shares the days with what it was copied from: they are never changed, only
/// added to or left out.
#[derive(Clone)]
pub struct History {
    /// Events with their ids, in order.
    pub events: Vec<(EventId, Event)>,
    /// Daily series, one row per day.
    pub rows: Vec<Arc<Vec<f64>>>,
    marks: Vec<Arc<Mark>>,
    end: Arc<Mark>,
}

impl History {
    /// Day 0, before anything has happened.
    #[must_use]
    pub fn new(stage: &mut Stage, fate: Fate) -> Self {
        stage.begin(fate);
        let end = Arc::new(Mark { snapshot: stage.simulation.snapshot(), digester: Digester::default(), events: 0 });
        Self { events: Vec::new(), rows: Vec::new(), marks: vec![end.clone()], end }
    }

    /// Days played.
    #[must_use]
    pub fn days(&self) -> i32 {
        self.rows.len() as i32
    }

    /// Plays on to `until` days under a lever log.
    pub fn play(&mut self, stage: &mut Stage, fate: Fate, log: &[LeverChange], until: i32) {
        self.play_while(stage, fate, log, until, || true);
    }

    /// Plays on to `until` days as [`History::play`] does, a day at least, as long as `go_on` says so; asked again, it
    /// goes on where it stopped, and ends as if it had never stopped.
    pub fn play_while(
        &mut self,
        stage: &mut Stage,
        fate: Fate,
        log: &[LeverChange],
        until: i32,
        mut go_on: impl FnMut() -> bool,
    ) {
        if until <= self.days() {
            return;
        }
        stage.simulation.restore(&self.end.snapshot, fate, log.to_vec());
        let mut digester = self.end.digester.clone();
        let mut more = true;
        while more {
            let day = self.days();
            stage.simulation.step();
            stage.simulation.read_columns(&mut stage.state);
            let given = stage.simulation.given();
            let evening =
                Evening { rules: &given.rules, columns: &stage.state, levers: &given.levers, clock: given.clock };
            for (place, event) in (1..).zip(day_events(&given.rules, stage.simulation.events(), &stage.state)) {
                digester.event(day, &event);
                self.events.push((EventId { day, place }, event));
            }
            let row: Vec<f64> = stage.columns.iter().map(|column| column.value(&evening)).collect();
            digester.row(&stage.columns, &row);
            self.rows.push(Arc::new(row));
            more = self.days() < until && go_on();
            let marked = self.rows.len().is_multiple_of(STRIDE);
            if marked || !more {
                let (snapshot, digester) = (stage.simulation.snapshot(), digester.clone());
                self.end = Arc::new(Mark { snapshot, digester, events: self.events.len() });
            }
            if marked {
                self.marks.push(Arc::clone(&self.end));
            }
        }
    }

    /// Forgets everything after `days` days.
    pub fn truncate(&mut self, stage: &mut Stage, fate: Fate, log: &[LeverChange], days: i32) {
        if days >= self.days() {
            return;
        }
        let mark = days.max(0) as usize / STRIDE;
        self.marks.truncate(mark + 1);
        self.end = Arc::clone(&self.marks[mark]);
        self.rows.truncate(mark * STRIDE);
        self.events.truncate(self.end.events);
        self.play(stage, fate, log, days);
    }

    /// The first `days` days of it, or a few more: a copy that shares them, to be played on or cut to the day.
    #[must_use]
    fn start(&self, days: i32) -> Self {
        let mark = (days.max(0) as usize).div_ceil(STRIDE);
        let Some(end) = self.marks.get(mark) else { return self.clone() };
        Self {
            events: self.events[..end.events].to_vec(),
            rows: self.rows[..mark * STRIDE].to_vec(),
            marks: self.marks[..=mark].to_vec(),
            end: Arc::clone(end),
        }
    }

    /// Its first `days` days, under a log that agrees with its own on those: what a branch starts with. The days are shared.
    #[must_use]
    pub fn branch(&self, stage: &mut Stage, fate: Fate, log: &[LeverChange], days: i32) -> Self {
        let mut start = self.start(days);
        start.truncate(stage, fate, log, days);
        start
    }

    /// The last kept evening before day `day` runs: from there it is a few days' replay to that day.
    #[must_use]
    pub fn mark_before(&self, day: i32) -> &Snapshot {
        let mark = (day.max(0) as usize / STRIDE).min(self.marks.len() - 1);
        &self.marks[mark].snapshot
    }

    /// The state before day `day` runs.
    #[must_use]
    pub fn at(&self, stage: &mut Stage, fate: Fate, log: &[LeverChange], day: i32) -> Snapshot {
        if day >= self.days() {
            return self.end.snapshot.clone();
        }
        let mark = &self.marks[day.max(0) as usize / STRIDE].snapshot;
        if mark.clock.day == day {
            return mark.clone();
        }
        stage.simulation.restore(mark, fate, log.to_vec());
        stage.simulation.run((day - mark.clock.day) as u32);
        stage.simulation.snapshot()
    }

    /// The state at its end.
    #[must_use]
    pub fn end(&self) -> &Snapshot {
        &self.end.snapshot
    }

    /// The digest of the history so far: that of a recorded run of as many days.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.end.digester.clone().finish(&self.end.snapshot)
    }

    /// Events of the days before `day`.
    #[must_use]
    pub fn before(&self, day: i32) -> &[(EventId, Event)] {
        &self.events[..self.events.partition_point(|(id, _)| id.day < day)]
    }

    /// Events of one day.
    #[must_use]
    pub fn on(&self, day: i32) -> &[(EventId, Event)] {
        let from = self.events.partition_point(|(id, _)| id.day < day);
        let to = self.events.partition_point(|(id, _)| id.day <= day);
        &self.events[from..to]
    }
}
