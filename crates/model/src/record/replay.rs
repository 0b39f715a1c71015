//! A run looked at again: its past without anybody listening, one day of it with a probe that listens, and that day once
//! more from another morning.

use super::fates::Fates;
use super::recorder::{EventId, day_events, with_fire};
use super::without::Edited;
use crate::sim::columns::Columns;
use crate::sim::event::Event;
use crate::sim::luck::Luck;
use crate::sim::probe::{Attentive, Decision, Subject};
use crate::sim::rules::Rules;
use crate::sim::world::{Accounted, Fate, Simulation, Snapshot};
use crate::symbols::levers::{LeverChange, LeverSet};
use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};

/// Days between the mornings that are kept while a run is replayed for an explanation.
const STRIDE: i32 = 8;

/// What is known of a run already, so that it need not be replayed from its first day.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Its events, in order, those of the day to be explained at least.
    pub events: &'a [(EventId, Event)],
    /// A state of it before a day runs, or a few days earlier.
    pub mark_before: &'a dyn Fn(i32) -> &'a Snapshot,
}

/// Everything known of a run up to a day.
pub(super) struct Past<'a> {
    fates: Fates<'a>,
    /// The user's log.
    pub log: &'a [LeverChange],
    // Draws, from a day on: one future's, or one's and then another's.
    luck: Vec<(i32, Luck)>,
    // As its fates draw them, from a day on; what a day had in force is asked for with the day.
    own: Vec<(i32, Rules)>,
    in_force: OnceCell<Vec<(i32, Rules)>>,
    /// The state before the first day.
    pub start: Columns,
    /// Events, in order.
    pub events: Cow<'a, [(EventId, Event)]>,
    until: i32,
    known: Option<Known<'a>>,
    marks: Vec<Snapshot>,
    pages: OnceCell<Vec<Accounted>>,
    // One world for what runs unheard and one for what is listened to: building one costs as much as running a month.
    silent: RefCell<Simulation>,
    attentive: RefCell<Simulation<Attentive>>,
}

/// One day seen closely.
pub(super) struct Day {
    pub morning: Snapshot,
    /// Levers as the day had them, those moved that day among them.
    pub levers: LeverSet,
    pub decisions: Vec<Decision>,
}

impl<'a> Past<'a> {
    /// The past of a run up to the evening of a day.
    pub fn new(rules: &'a Rules, fates: Fates<'a>, log: &'a [LeverChange], until: i32) -> Self {
        let mut past = Self::empty(rules, fates, log, until);
        let (mut events, mut marks) = (Vec::new(), Vec::new());
        let pages = past.replay(Some((&mut events, &mut marks)));
        (past.events, past.marks) = (Cow::Owned(events), marks);
        past.pages = OnceCell::from(pages);
        past
    }

    /// The same of a run that is known.
    pub fn known(rules: &'a Rules, fates: Fates<'a>, log: &'a [LeverChange], known: Known<'a>, until: i32) -> Self {
        Self { events: Cow::Borrowed(known.events), known: Some(known), ..Self::empty(rules, fates, log, until) }
    }

    fn empty(rules: &'a Rules, fates: Fates<'a>, log: &'a [LeverChange], until: i32) -> Self {
        let mut silent: Simulation = Simulation::new(rules, fates.last(), log.to_vec());
        let mut own = vec![(i32::MIN, silent.rules().clone())];
        if let Some((day, _)) = fates.then {
            own[0].0 = day;
            silent.begin(fates.first, log.to_vec());
            own.insert(0, (i32::MIN, silent.rules().clone()));
        }
        let luck = own.iter().map(|(from, own)| {
            let fate = fates.on(*from);
            (*from, Luck::new(own, fate.seed, fate.future))
        });
        Self {
            fates,
            log,
            luck: luck.collect(),
            start: fates.columns(&own[0].1),
            in_force: OnceCell::new(),
            own,
            events: Cow::Borrowed(&[]),
            until,
            known: None,
            marks: Vec::new(),
            pages: OnceCell::new(),
            attentive: RefCell::new(Simulation::new(rules, fates.first, log.to_vec())),
            silent: RefCell::new(silent),
        }
    }

    /// Runs from the first day and gives the evenings, from that before it; where asked for, also the events and, every few
    /// days, a morning.
    fn replay(&self, mut seen: Option<(&mut Vec<(EventId, Event)>, &mut Vec<Snapshot>)>) -> Vec<Accounted> {
        let mut simulation = self.silent.borrow_mut();
        self.fates.begin(&mut simulation, self.log);
        let mut pages = Vec::with_capacity(self.until as usize + 2);
        pages.push(simulation.accounted());
        for day in 0..=self.until {
            if let Some((_, marks)) = &mut seen
                && day % STRIDE == 0
            {
                marks.push(simulation.snapshot());
            }
            self.take_over(&mut simulation, day);
            simulation.step();
            let page = simulation.accounted();
            if let Some((events, _)) = &mut seen {
                let of_day = with_fire(simulation.rules(), simulation.events(), &page.fires);
                events.extend((1_u32..).zip(of_day).map(|(place, event)| (EventId { day, place }, event)));
            }
            pages.push(page);
        }
        pages
    }

    /// Lets another fate take over on the day on which one does.
    fn take_over(&self, simulation: &mut Simulation, day: i32) {
        if let Some(fate) = self.fates.begins(day) {
            let morning = simulation.snapshot();
            simulation.restore(&morning, fate, self.log.to_vec());
        }
    }

    /// Rules as a day had them: parameters as drawn, and what the levers of that day left in force of those that they scale.
    pub fn rules(&self, day: i32) -> &Rules {
        let in_force = self.in_force.get_or_init(|| {
            let mut levers = self.own[0].1.frame.levers.clone();
            // Days on which something changes: another fate, or the move of a lever that scales.
            let moves = self.events.iter().filter_map(|(id, event)| match event {
                Event::LeverMoved(change) if change.lever.scales() => Some((id.day, Some(*change))),
                _ => None,
            });
            let mut changes: Vec<(i32, Option<LeverChange>)> =
                self.own.iter().map(|(from, _)| (*from, None)).chain(moves).collect();
            changes.sort_by_key(|(day, _)| *day);
            let mut list: Vec<(i32, Rules)> = Vec::new();
            for (day, change) in changes {
                if let Some(change) = change {
                    levers.set(change.lever, change.value.raw());
                }
                let own = &self.own[self.own.partition_point(|(from, _)| *from <= day) - 1].1;
                let rules = own.under(&levers).into_owned();
                match list.last_mut().filter(|(last, _)| *last == day) {
                    Some((_, of_day)) => *of_day = rules,
                    None => list.push((day, rules)),
                }
            }
            list
        });
        &in_force[in_force.partition_point(|(from, _)| *from <= day).saturating_sub(1)].1
    }

    /// The draws of a day.
    pub fn luck(&self, day: i32) -> &Luck {
        &self.luck[self.luck.partition_point(|(from, _)| *from <= day).saturating_sub(1)].1
    }

    /// The states of an evening; −1 is that before the first day.
    pub fn page(&self, evening: i32) -> &Accounted {
        let pages = self.pages.get_or_init(|| self.replay(None));
        &pages[((evening + 1).max(0) as usize).min(pages.len() - 1)]
    }

    /// The events of a day.
    pub fn on(&self, day: i32) -> &[(EventId, Event)] {
        let from = self.events.partition_point(|(id, _)| id.day < day);
        let to = self.events.partition_point(|(id, _)| id.day <= day);
        &self.events[from..to]
    }

    /// Events before one, newest first.
    pub fn before(&self, id: EventId) -> impl Iterator<Item = &(EventId, Event)> {
        let to = self.events.partition_point(|(other, _)| *other < id);
        self.events[..to].iter().rev()
    }

    /// A state before the day runs, or a few days earlier.
    fn mark_before(&self, day: i32) -> Option<&Snapshot> {
        match self.known {
            Some(known) => Some((known.mark_before)(day)),
            None => self.marks.get((day.max(0) / STRIDE) as usize).or(self.marks.last()),
        }
        .filter(|mark| mark.clock.day <= day)
    }

    /// The state before a day runs.
    pub fn morning(&self, day: i32) -> Snapshot {
        let mut simulation = self.silent.borrow_mut();
        match self.mark_before(day) {
            Some(mark) if mark.clock.day == day => return mark.clone(),
            Some(mark) => simulation.restore(mark, self.fates.on(mark.clock.day), self.log.to_vec()),
            None => self.fates.begin(&mut simulation, self.log),
        }
        while simulation.day() < day {
            let today = simulation.day();
            self.take_over(&mut simulation, today);
            simulation.step();
        }
        simulation.snapshot()
    }

    /// The day with its morning and its decisions.
    pub fn day(&self, day: i32) -> Day {
        let morning = self.morning(day);
        let levers = morning.levers.clone();
        let (_, decisions) = self.run(Edited { morning: morning.clone(), levers, log: self.log.to_vec(), rules: None });
        let levers = self.attentive.borrow().given().levers.clone();
        Day { morning, levers, decisions }
    }

    /// The events and the decisions of a day.
    pub(super) fn run(&self, day: Edited) -> (Vec<Event>, Vec<Decision>) {
        let mut simulation = self.attentive.borrow_mut();
        let (is_edited, today) = (day.rules.is_some(), day.morning.clock.day);
        if let Some(rules) = &day.rules {
            // The log is laid over that of these rules.
            simulation.take_rules(rules.clone());
        }
        simulation.restore(&day.morning, self.fates.on(day.morning.clock.day), day.log);
        if let Some(rules) = day.rules {
            // Parameters of this future are drawn anew with its fate: the change is laid over them.
            simulation.take_rules(rules);
        }
        simulation.probe_mut().0.clear();
        simulation.step();
        let seen = (simulation.events().to_vec(), std::mem::take(&mut simulation.probe_mut().0));
        if is_edited {
            let own = self.own.iter().rev().find(|(from, _)| *from <= today).map(|(_, own)| own.clone());
            own.into_iter().for_each(|own| simulation.take_rules(own));
        }
        seen
    }
}

/// The events and the decisions of the day after `morning`.
#[must_use]
pub fn day_in(rules: &Rules, fate: Fate, log: &[LeverChange], morning: &Snapshot) -> (Vec<Event>, Vec<Decision>) {
    let mut simulation: Simulation<Attentive> = Simulation::new(rules, fate, log.to_vec());
    simulation.restore(morning, fate, log.to_vec());
    simulation.probe_mut().0.clear();
    simulation.step();
    let mut state = Columns::default();
    simulation.read_columns(&mut state);
    let events = day_events(simulation.rules(), simulation.events(), &state);
    let decisions = std::mem::take(&mut simulation.probe_mut().0);
    (events, decisions)
}

/// A decision of the day after `morning`, if it is taken that day.
#[must_use]
pub fn decision_in(
    rules: &Rules,
    fate: Fate,
    log: &[LeverChange],
    morning: &Snapshot,
    subject: Subject,
) -> Option<Decision> {
    let (_, decisions) = day_in(rules, fate, log, morning);
    decisions.into_iter().find(|d| d.subject == subject)
}

/// The chance of a decision on the day after `morning`; 0 if nothing of the kind is decided that day.
#[must_use]
pub fn chance_in(rules: &Rules, fate: Fate, log: &[LeverChange], morning: &Snapshot, subject: Subject) -> f64 {
    // A decision that is not even taken (nothing owed, nobody at war) has no chance to come out.
    decision_in(rules, fate, log, morning, subject).map_or(0.0, |d| d.chance)
}
