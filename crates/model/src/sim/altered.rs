//! Futures with a kind of event taken away, or with events of another future added, on the same luck.
//!
//! Draws are indexed and not consumed, so a decision that is held back leaves every other draw where it was: what differs
//! afterwards differs because the event is missing. That is what makes "without these, none of it" a number.

use super::event::{Event, LevelMover, NuclearStep};
use super::probe::{Decision, Probe, Subject};
use super::rules::Rules;
use super::state::{Agreement, StrikeKind};
use bevy_ecs::resource::Resource;

/// A kind of event that can be taken away from a future and added to one: what a draw decides. Wars, debts and levels moved by
/// fire follow from these, and from the state of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Cause {
    /// Blows: targeted killings and the like.
    Blow,
    /// Preventive strikes.
    Preventive,
    /// A friend joining a preventive strike.
    Joining,
    /// Answers by missile or by air.
    Answer,
    /// Missiles at bases in host states.
    BaseSalvo,
    /// Agreements signed.
    Signed,
    /// Agreements collapsed.
    Collapsed,
    /// Attacks of groups left out of an agreement.
    Spoiler,
    /// Steps up of a front, decided by its parties.
    StepUp,
    /// Steps down, likewise.
    StepDown,
    /// Supply corridors lost.
    CorridorLost,
    /// Hidden decisions to weaponise.
    Weaponised,
}

/// A set of causes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Causes(u16);

impl Causes {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a cause is among them.
    #[inline]
    #[must_use]
    pub fn has(self, cause: Cause) -> bool {
        self.0 >> (cause as u8) & 1 == 1
    }

    /// These and another.
    #[must_use]
    pub fn with(self, cause: Cause) -> Self {
        Self(self.0 | 1 << (cause as u8))
    }
}

impl Cause {
    /// Every cause, in the order of the day.
    pub const ALL: [Self; 12] = [
        Self::Blow,
        Self::Preventive,
        Self::Joining,
        Self::Answer,
        Self::BaseSalvo,
        Self::Signed,
        Self::Collapsed,
        Self::Spoiler,
        Self::StepUp,
        Self::StepDown,
        Self::CorridorLost,
        Self::Weaponised,
    ];

    /// Name in files: that of its events, where one kind of event is meant.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Blow => "blow",
            Self::Preventive => "preventive_strike",
            Self::Joining => "joined_strike",
            Self::Answer => "answer",
            Self::BaseSalvo => "base_salvo",
            Self::Signed => "signed",
            Self::Collapsed => "collapsed",
            Self::Spoiler => "spoiler",
            Self::StepUp => "step_up",
            Self::StepDown => "step_down",
            Self::CorridorLost => "corridor_lost",
            Self::Weaponised => "weaponised",
        }
    }

    /// Its events in words, many of them.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Blow => "strikes on leaders",
            Self::Preventive => "preventive strikes",
            Self::Joining => "partners joining a preventive strike",
            Self::Answer => "answers by missile or by air",
            Self::BaseSalvo => "missiles at bases in host states",
            Self::Signed => "agreements signed",
            Self::Collapsed => "collapses of agreements",
            Self::Spoiler => "attacks of groups left out",
            Self::StepUp => "steps up of a front",
            Self::StepDown => "steps down of a front",
            Self::CorridorLost => "supply corridors lost",
            Self::Weaponised => "hidden decisions to weaponise",
        }
    }

    /// Whether it can be decided without an event that says so: under a truce a front's parties come nearer to the fire that they
    /// have means for, or farther from it, while it keeps silent. Taking the cause away takes that away too.
    #[must_use]
    pub fn is_quiet(self) -> bool {
        matches!(self, Self::StepUp | Self::StepDown)
    }

    /// The cause whose events a decision leads to.
    #[inline]
    #[must_use]
    pub fn of_subject(subject: Subject) -> Option<Self> {
        Some(match subject {
            Subject::Blow(_) => Self::Blow,
            Subject::Preventive(_) => Self::Preventive,
            Subject::Joining(_) => Self::Joining,
            Subject::Answer(_) => Self::Answer,
            Subject::BaseStrike(_) => Self::BaseSalvo,
            Subject::Signing(_) => Self::Signed,
            Subject::Collapse(_) => Self::Collapsed,
            Subject::Spoiler(..) => Self::Spoiler,
            Subject::StepUp(_) => Self::StepUp,
            Subject::StepDown(_) => Self::StepDown,
            Subject::CorridorLoss(_) => Self::CorridorLost,
            Subject::Weaponising(_) => Self::Weaponised,
            _ => return None,
        })
    }

    /// The decision that an event came from, and the victim of a blow; `None` for what no such decision led to.
    #[must_use]
    pub fn decision(event: &Event, rules: &Rules) -> Option<(Subject, Option<u16>)> {
        Some(match *event {
            Event::Struck(s) => match s.kind {
                StrikeKind::Blow => (Subject::Blow(s.initiative), Some(s.victim)),
                StrikeKind::Preventive => {
                    let own = rules.initiatives[usize::from(s.initiative)].actor == usize::from(s.actor);
                    (if own { Subject::Preventive } else { Subject::Joining }(s.initiative), None)
                }
                StrikeKind::AirStrike | StrikeKind::Salvo => (Subject::Answer(s.ledger), None),
                StrikeKind::BaseSalvo => (Subject::BaseStrike(s.initiative), None),
            },
            Event::Signed { table, .. } => (Subject::Signing(table), None),
            Event::Collapsed { table, .. } => (Subject::Collapse(table), None),
            Event::Spoiler { table, actor } => (Subject::Spoiler(table, actor), None),
            Event::LevelMoved { front, from, to, by: LevelMover::Decision } => {
                (if to > from { Subject::StepUp } else { Subject::StepDown }(front), None)
            }
            Event::CorridorLost { corridor } => (Subject::CorridorLoss(corridor), None),
            Event::Nuclear { programme, step: NuclearStep::Decided } => (Subject::Weaponising(programme), None),
            _ => return None,
        })
    }
}

impl Cause {
    /// [`Self::decision`] of an event of `today`, on the morning of which agreements stood so. Where a collapse took only a part of the
    /// collective deal (its age is then that of the deal, not of an agreement of the part's own), the draw was the deal's: that is what
    /// another future can be given. Whether there a part of it falls or all of it is that future's luck.
    #[must_use]
    pub fn decision_of(
        event: &Event,
        today: i32,
        morning: &[Agreement],
        rules: &Rules,
    ) -> Option<(Subject, Option<u16>)> {
        if let Event::Collapsed { table, age, .. } = *event
            && let Some(deal) = rules.collective_in_force(morning)
        {
            let began = |table: usize| morning[table].in_force() && morning[table].since == today - age;
            if !began(usize::from(table)) && began(deal) {
                return Some((Subject::Collapse(deal as u16), None));
            }
        }
        Self::decision(event, rules)
    }
}

/// Takes causes away from a day, and adds decisions to it; all else is drawn as ever.
#[derive(Resource, Clone, Debug, Default)]
pub struct Altered {
    /// What is taken away, drawn or documented.
    pub taken: Causes,
    /// What is made to happen today wherever the model gives it any chance, with the victim of a blow. In order, each once.
    pub added: Vec<(Subject, Option<u16>)>,
}

impl Altered {
    fn added(&self, subject: Subject) -> Option<Option<u16>> {
        let at = self.added.binary_search_by_key(&subject, |(added, _)| *added).ok()?;
        Some(self.added[at].1)
    }

    fn takes(&self, subject: Subject) -> bool {
        Cause::of_subject(subject).is_some_and(|cause| self.taken.has(cause))
    }
}

impl Probe for Altered {
    const ON: bool = false;

    /// What is taken away needs no asking: what its draw rules out does not happen anyway.
    #[inline]
    fn asks(&self) -> bool {
        !self.added.is_empty()
    }

    #[inline(always)]
    fn decided(&mut self, _: impl FnOnce() -> Decision) {}

    fn allows(&self, subject: Subject) -> bool {
        !self.takes(subject)
    }

    fn draw(&mut self, subject: Subject, chance: f64, draw: f64) -> f64 {
        if chance > 0.0 && self.added(subject).is_some() {
            return (draw * chance).min(chance.next_down());
        }
        // A draw that is as large as the chance leads to nothing.
        if self.takes(subject) { draw.max(chance) } else { draw }
    }

    fn victim(&mut self, initiative: u16, _: &[(usize, f64)], drawn: usize) -> usize {
        self.added(Subject::Blow(initiative)).flatten().map_or(drawn, usize::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::course::Course;
    use crate::sim::world::Fate;

    /// Every event of a day with the cause that it belongs to.
    fn causes(rules: &Rules, days: &[Vec<Event>]) -> Vec<(usize, Cause)> {
        let of = |event: &Event| Cause::of_subject(Cause::decision(event, rules)?.0);
        days.iter().enumerate().flat_map(|(day, events)| events.iter().filter_map(of).map(move |c| (day, c))).collect()
    }

    fn run(rules: &Rules, fate: Fate, taken: Causes, added: &[(usize, Subject, Option<u16>)]) -> Vec<Vec<Event>> {
        let mut course: Course<Altered> = Course::new(rules, fate, Vec::new());
        course.probe.taken = taken;
        let day = |day: usize| {
            course.probe.added = added.iter().filter(|a| a.0 == day).map(|&(_, s, v)| (s, v)).collect();
            course.probe.added.sort_unstable();
            course.step();
            course.events().to_vec()
        };
        (0..365).map(day).collect()
    }

    fn rules(name: &str) -> Rules {
        Rules::new(&crate::scenario::load(name).unwrap_or_else(|e| panic!("{e}")))
    }

    /// Of every cause that comes about, its events are gone when it is taken away, drawn or documented; and to the day before
    /// its first event the future is the same to the last bit. (Steps can be decided without an event: see [`Cause::is_quiet`].)
    #[test]
    fn what_is_taken_away_is_gone_and_nothing_changes_before_it() {
        let mut tried = Causes::default();
        for name in ["november-2024", "as-it-happened", "threshold-state", "collective-deal", "deterrence-breaks-down"]
        {
            let rules = rules(name);
            for future in 0..6 {
                let fate = Fate { seed: 3, future, prior: future % 2 == 1 };
                let plain = run(&rules, fate, Causes::default(), &[]);
                let mut silent: Course = Course::new(&rules, fate, Vec::new());
                for (day, events) in plain.iter().enumerate() {
                    silent.step();
                    assert_eq!(silent.events(), &events[..], "nothing altered, day {day}");
                }
                let found = causes(&rules, &plain);
                for cause in Cause::ALL {
                    let Some(&(first, _)) = found.iter().find(|(_, c)| *c == cause) else { continue };
                    tried = tried.with(cause);
                    let without = run(&rules, fate, Causes::default().with(cause), &[]);
                    let same = plain[..first] == without[..first];
                    assert!(same || cause.is_quiet(), "{name}: {cause:?}, future {future}, before day {first}");
                    assert!(causes(&rules, &without).iter().all(|(_, c)| *c != cause), "{name}: {cause:?} is left");
                }
            }
        }
        let missing: Vec<Cause> = Cause::ALL.into_iter().filter(|&c| !tried.has(c)).collect();
        assert!(missing.is_empty(), "never came about, so never tried: {missing:?}");
    }

    /// The decisions of a future, by day, as another can be given them, and the future itself.
    fn decisions(rules: &Rules, fate: Fate) -> (Vec<Vec<Event>>, Vec<(usize, Subject, Option<u16>)>) {
        let mut course: Course = Course::new(rules, fate, Vec::new());
        let mut decisions: Vec<(usize, Subject, Option<u16>)> = Vec::new();
        let days = (0..365).map(|day: usize| {
            let morning = course.columns().agreements.clone();
            course.step();
            let of = |event: &Event| Cause::decision_of(event, day as i32, &morning, rules);
            decisions.extend(course.events().iter().filter_map(of).map(|(subject, victim)| (day, subject, victim)));
            course.events().to_vec()
        });
        let days: Vec<Vec<Event>> = days.collect();
        decisions.sort_unstable();
        decisions.dedup_by_key(|(day, subject, _)| (*day, *subject));
        (days, decisions)
    }

    /// A future's own decisions, added to it, change nothing, of whatever kind; those of another come on their day where there is
    /// any chance of them, and of every kind there is: a blow at the victim it is said to hit.
    #[test]
    fn what_is_added_happens_on_its_day() {
        let (mut given, mut came) = ([0_u32; Cause::ALL.len()], [0_u32; Cause::ALL.len()]);
        for name in ["november-2024", "threshold-state", "parts-need-each-other", "deterrence-breaks-down"] {
            let rules = rules(name);
            for future in 0..6 {
                let (plain, own) = decisions(&rules, Fate { seed: 5, future, prior: false });
                let with = run(&rules, Fate { seed: 5, future, prior: false }, Causes::default(), &own);
                assert!(plain == with, "{name}: future {future} was given its own decisions, and is another");
                // To another future, each kind by itself.
                let fate = Fate { seed: 5, future: future + 1, prior: false };
                let (_, there) = decisions(&rules, fate);
                for cause in Cause::ALL {
                    // Who joins a strike needs one to join.
                    let with = if cause == Cause::Joining { Cause::Preventive } else { cause };
                    let of = |d: &&(usize, Subject, Option<u16>)| {
                        Cause::of_subject(d.1).is_some_and(|of| of == cause || of == with)
                    };
                    let gift: Vec<_> = own.iter().filter(of).copied().collect();
                    if gift.is_empty() {
                        continue;
                    }
                    let mut course: Course<Altered> = Course::new(&rules, fate, Vec::new());
                    for day in 0..365 {
                        let morning = course.columns().agreements.clone();
                        course.probe.added = gift.iter().filter(|d| d.0 == day).map(|d| (d.1, d.2)).collect();
                        course.step();
                        for &(_, subject, victim) in gift.iter().filter(|d| d.0 == day && !there.contains(*d)) {
                            if Cause::of_subject(subject) != Some(cause) {
                                continue;
                            }
                            let decided = |e: &Event| Cause::decision_of(e, day as i32, &morning, &rules);
                            let comes = course.events().iter().any(|e| decided(e) == Some((subject, victim)));
                            given[cause as usize] += 1;
                            came[cause as usize] += u32::from(comes);
                            let always = matches!(subject, Subject::Blow(_)) && name == "november-2024";
                            assert!(comes || !always, "{subject:?} on day {day} of {fate:?}");
                        }
                    }
                }
            }
        }
        for cause in Cause::ALL {
            let (given, came) = (given[cause as usize], came[cause as usize]);
            assert!(came > 0, "{cause:?}: of {given} that were given none came");
        }
    }

    /// A collapse that took only a part of the collective deal was drawn as the deal's, and is given as that: as the part's own it
    /// would ask a table that holds nothing.
    #[test]
    fn a_part_that_falls_from_the_deal_is_given_as_the_deals_collapse() {
        let rules = rules("parts-need-each-other");
        let deal = rules.collective.unwrap_or_else(|| panic!("no collective table"));
        let (mut fell, mut shaken) = (0, 0);
        for future in 0..40 {
            let (plain, own) = decisions(&rules, Fate { seed: 2, future, prior: false });
            let collapses = |events: &[Event]| events.iter().filter(|e| matches!(e, Event::Collapsed { .. })).count();
            for (day, events) in plain.iter().enumerate() {
                let of_deal = (day, Subject::Collapse(deal as u16), None);
                for event in events {
                    let Event::Collapsed { table, .. } = *event else { continue };
                    if usize::from(table) == deal || own.contains(&(day, Subject::Collapse(table), None)) {
                        continue;
                    }
                    // A part, on no draw of its own.
                    assert!(own.contains(&of_deal), "{table} falls on day {day} of future {future}");
                    fell += 1;
                    let other = Fate { seed: 3, future, prior: false };
                    let (before, after) =
                        (decisions(&rules, other).0, run(&rules, other, Causes::default(), &[of_deal]));
                    shaken += u32::from(collapses(&after[day]) > collapses(&before[day]));
                }
            }
        }
        assert!(fell > 3 && shaken > 0, "{fell} parts fell; given to another future {shaken} did");
    }

    #[test]
    fn names_are_those_of_events_where_there_is_one() {
        for cause in Cause::ALL {
            assert!(!cause.words().is_empty() && Causes::default().with(cause).has(cause));
            assert!(Cause::ALL.iter().filter(|other| other.name() == cause.name()).count() == 1);
        }
        assert!(Causes::default().is_empty());
    }
}
