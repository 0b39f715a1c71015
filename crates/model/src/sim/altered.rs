//! Futures with a kind of event taken away, or with events of another future added, on the same luck.
//!
//! Draws are indexed and not consumed, so a decision that is held back leaves every other draw where it was: what differs
//! afterwards differs because the event is missing. That is what makes "without these, none of it" a number.

use super::event::{Event, LevelMover, NuclearStep};
use super::probe::{Decision, Probe, Subject};
use super::rules::Rules;
use super::state::StrikeKind;
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

    /// A future's own events, added to it, change nothing of when they come; a blow added to a future comes on its day, at the
    /// victim it is said to hit.
    #[test]
    fn what_is_added_happens_on_its_day() {
        let rules = rules("november-2024");
        let donor = run(&rules, Fate { seed: 5, future: 0, prior: false }, Causes::default(), &[]);
        let blows: Vec<(usize, Subject, Option<u16>)> = donor
            .iter()
            .enumerate()
            .flat_map(|(day, events)| events.iter().map(move |event| (day, event)))
            .filter_map(|(day, event)| Cause::decision(event, &rules).map(|(subject, victim)| (day, subject, victim)))
            .filter(|(_, subject, _)| matches!(subject, Subject::Blow(_)))
            .collect();
        assert!(blows.len() > 3, "{blows:?}");
        for future in 1..5 {
            let fate = Fate { seed: 5, future, prior: false };
            let with = run(&rules, fate, Causes::default(), &blows);
            for &(day, subject, victim) in &blows {
                let there = with[day].iter().any(|event| Cause::decision(event, &rules) == Some((subject, victim)));
                assert!(there, "{subject:?} on day {day} of future {future}");
            }
        }
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
