//! Long work in steps: opening a session, another seed, undo across seeds, a playhead that goes far. What is being built
//! stands beside the sitting, which stays as it is until everything is there; whoever asks for it may stop at any step.
//! Every step is a pure continuation, so that it makes no difference to any number how often it was stopped.

use super::file::Saved;
use super::history::{History, Stage};
use super::sitting::{Branch, Course, Script, Sitting, first_difference};
pub use super::wish::{Ready, Wish};
use detente_learn::now::Start;
use detente_model::scenario::Loaded;
use detente_model::sim::rules::Rules;
use detente_model::sim::world::Fate;

/// How far something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Steps done.
    pub done: u64,
    /// Steps in all.
    pub of: u64,
}

impl Progress {
    /// Whether everything is done.
    #[must_use]
    pub fn is_done(self) -> bool {
        self.done >= self.of
    }

    /// The part that is done, 0 to 1.
    #[must_use]
    pub fn share(self) -> f64 {
        if self.of == 0 { 1.0 } else { (self.done as f64 / self.of as f64).min(1.0) }
    }
}

/// One branch under way.
struct Part {
    course: Course,
    history: Option<History>,
}

/// Branches being played, in steps.
pub struct Replay {
    stage: Stage,
    fate: Fate,
    parts: Vec<Part>,
    /// The part under way.
    at: usize,
    of: u64,
}

impl Replay {
    /// The branches of a script, from their first day.
    #[must_use]
    pub fn new(rules: &Rules, start: Option<&Start>, script: &Script) -> Self {
        let parts = script.courses.iter().map(|course| Part { course: course.clone(), history: None });
        Self::of(rules, start, script.fate, parts.collect())
    }

    /// What a wish makes it necessary to play.
    #[must_use]
    pub fn towards(sitting: &Sitting, wish: Wish) -> Self {
        let script = sitting.script_after(wish);
        let same_fate = script.fate == sitting.fate();
        let mut replay = Self::of(&sitting.base(), sitting.start(), script.fate, Vec::new());
        let mut parts = Vec::new();
        for course in script.courses {
            let known = sitting.branches().iter().find(|b| same_fate && b.id == course.id);
            let shared = known.map_or(0, |b| {
                let parts = first_difference(&b.changes, &course.changes).unwrap_or(i32::MAX);
                parts.min(b.history.days())
            });
            // What is known to its end is at hand when it is asked for.
            if known.is_none() || shared < course.days {
                // The days on which its levers stood as they will have stood, and no others.
                let kept = |b: &Branch| b.history.branch(&mut replay.stage, replay.fate, &course.changes, shared);
                let history = known.map(kept);
                parts.push(Part { course, history });
            }
        }
        replay.of = parts.iter().map(|part| days(part.course.days)).sum();
        replay.parts = parts;
        replay
    }

    fn of(rules: &Rules, start: Option<&Start>, fate: Fate, parts: Vec<Part>) -> Self {
        let of = parts.iter().map(|part| days(part.course.days)).sum();
        let own = start.map(|start| start.own(rules, fate.future));
        Self { stage: Stage::new(own.as_ref().unwrap_or(rules), fate.seed, start.cloned()), fate, parts, at: 0, of }
    }

    /// Plays on, a day at least, as long as `go_on` says so.
    pub fn step(&mut self, mut go_on: impl FnMut() -> bool) -> Progress {
        while let Some((part, others)) = self.parts[..].get_mut(..=self.at).and_then(<[Part]>::split_last_mut) {
            let Part { course, history } = part;
            let history = history.get_or_insert_with(|| begin(&mut self.stage, self.fate, course, others));
            history.play_while(&mut self.stage, self.fate, &course.changes, course.days, &mut go_on);
            if history.days() < course.days {
                break;
            }
            self.at += 1;
            if !go_on() {
                break;
            }
        }
        self.progress()
    }

    /// How many days are there, and how many there will be.
    #[must_use]
    pub fn progress(&self) -> Progress {
        if self.at >= self.parts.len() {
            return Progress { done: self.of, of: self.of };
        }
        let done = |part: &Part| part.history.as_ref().map_or(0, |h| days(h.days().min(part.course.days)));
        let done: u64 = self.parts.iter().take(self.at + 1).map(done).sum();
        // The last branch is not over before it has been looked at.
        Progress { done: done.min(self.of.saturating_sub(1)), of: self.of.max(1) }
    }

    /// Everything played so far.
    #[must_use]
    pub fn ready(self) -> Vec<Ready> {
        let fate = self.fate;
        let ready = |part: Part| {
            let Course { id, changes, .. } = part.course;
            Some(Ready { fate, id, changes, history: part.history? })
        };
        self.parts.into_iter().filter_map(ready).collect()
    }

    /// The histories played so far, in order.
    fn histories(&self) -> impl Iterator<Item = &History> {
        self.parts.iter().filter_map(|part| part.history.as_ref())
    }
}

fn days(days: i32) -> u64 {
    days.max(0) as u64
}

/// How a branch begins: with the days that it shares with the one it left, where that is played already.
fn begin(stage: &mut Stage, fate: Fate, course: &Course, played: &[Part]) -> History {
    let parent = course.fork.and_then(|(id, _)| played.iter().find(|part| part.course.id == id));
    if let Some((parent, history)) = parent.and_then(|part| Some((&part.course, part.history.as_ref()?))) {
        let parts = first_difference(&parent.changes, &course.changes).unwrap_or(i32::MAX);
        let shared = parts.min(course.days).min(history.days());
        return history.branch(stage, fate, &course.changes, shared);
    }
    History::new(stage, fate)
}

impl Saved {
    /// The sitting again, every number of it, or a sentence that says why not.
    ///
    /// # Errors
    /// If the scenario is gone or was changed, if it is too much work, or if replaying gives another history than was saved.
    pub fn open(&self) -> Result<Sitting, String> {
        Opening::begin(self.clone())?.finish()
    }
}

/// A session file or link being opened, in steps.
pub struct Opening {
    saved: Saved,
    loaded: Loaded,
    start: Option<Start>,
    script: Script,
    replay: Replay,
}

impl Opening {
    /// Begins to open a session: everything is checked but the history.
    ///
    /// # Errors
    /// One sentence, if the scenario is gone or was changed, the file is damaged, or it is too much work.
    pub fn begin(saved: Saved) -> Result<Self, String> {
        let (loaded, script) = saved.parts()?;
        let rules = Rules::new(&loaded);
        let start = saved.start(&rules)?;
        let replay = Replay::new(&rules, start.as_ref(), &script);
        Ok(Self { saved, loaded, start, script, replay })
    }

    /// Plays on, a day at least, as long as `go_on` says so.
    pub fn step(&mut self, go_on: impl FnMut() -> bool) -> Progress {
        self.replay.step(go_on)
    }

    /// How many days are there, and how many there will be.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.replay.progress()
    }

    /// What to tell of the file beside that it is open.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        self.saved.remarks()
    }

    /// The sitting, every number as it was saved.
    ///
    /// # Errors
    /// One sentence, if replaying gives another history than was saved.
    pub fn finish(mut self) -> Result<Sitting, String> {
        self.replay.step(|| true);
        for (branch, history) in self.saved.branches.iter().zip(self.replay.histories()) {
            let digest = history.digest().whole;
            if digest != branch.digest {
                return Err(self.saved.another_history(branch, &digest));
            }
        }
        let mut sitting = Sitting::starting(self.loaded, self.script.fate, self.start);
        sitting.take_ready(&self.script, self.replay.ready());
        sitting.guess(|guesses| *guesses = self.saved.guesses);
        sitting.prepare(|steps| *steps = self.saved.steps);
        for camp in self.saved.camps {
            sitting.add_camp(camp)?;
        }
        Ok(sitting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::symbols::levers::Lever;

    fn granted(sitting: &mut Sitting, wish: Wish) {
        let mut replay = Replay::towards(sitting, wish);
        while !replay.progress().is_done() {
            replay.step(|| false);
        }
        sitting.grant(wish, replay.ready());
    }

    /// Taken back or done again day by day, a history is that of its levers, and opens again as it was saved.
    #[test]
    fn a_move_that_is_taken_back_leaves_the_history_that_it_never_made() {
        for (day, further) in [(0, 3), (1, 9), (4, 20), (9, 1)] {
            let mut s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 1);
            s.go_to(day);
            s.set_lever(Lever::IsraelBlowRate, 0.0).unwrap();
            s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
            s.go_to(day + further);
            let moved = s.branch().history.digest();
            let opens = |s: &Sitting| crate::file::Saved::of(s).open().map(drop);
            for _ in 0..2 {
                granted(&mut s, Wish::Undo);
            }
            assert!(s.branch().changes.is_empty());
            let mut never = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 1);
            never.go_to(day + further);
            assert_eq!(s.branch().history.digest(), never.branch().history.digest(), "day {day}");
            assert_eq!(s.now(), never.now());
            assert_eq!(opens(&s), Ok(()));
            for _ in 0..2 {
                granted(&mut s, Wish::Redo);
            }
            assert_eq!(s.branch().history.digest(), moved, "day {day}");
            assert_eq!(opens(&s), Ok(()));
        }
    }
}
