//! The lessons that ship, each a session with steps. What is kept is what a lecturer prepares (a scenario, a seed, branches with
//! their levers, steps) and not what follows from it, so that a lesson stays true where scenarios and the model change.
//!
//! A step is called by the heading of its section in `docs/lessons`; what stands behind " · " tells the steps of one section apart. Levers
//! stand on branches, so that steps show and move nothing, and can be walked back.

use super::file::Saved;
use super::sitting::Sitting;
use super::steps::Step;
use detente_model::scenario::{self, nearest};
use detente_model::symbols::levers::Lever;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A lesson.
#[derive(Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Its name in files and on the command line.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    text: &'static str,
}

/// All of them, in the order in which they are listed.
pub static LESSONS: [Lesson; 3] = [
    Lesson {
        name: "deterrence-or-spiral",
        title: "Deterrence or spiral",
        text: include_str!("../../../assets/lessons/deterrence-or-spiral.json"),
    },
    Lesson {
        name: "one-deal-or-many",
        title: "One deal or many",
        text: include_str!("../../../assets/lessons/one-deal-or-many.json"),
    },
    Lesson {
        name: "what-peacekeepers-do",
        title: "What peacekeepers do",
        text: include_str!("../../../assets/lessons/what-peacekeepers-do.json"),
    },
];

/// A lesson as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prepared {
    scenario: String,
    seed: u64,
    branches: Vec<Branch>,
    steps: Vec<Section>,
}

/// A branch that leaves the first one on day 0: numbers go from 1, in the order in which they are written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Branch {
    name: String,
    /// Levers by id, with values as they are typed.
    levers: BTreeMap<String, String>,
}

/// A step, its notes line by line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    title: String,
    notes: Vec<String>,
    commands: Vec<String>,
}

impl Lesson {
    /// The lesson of this name.
    ///
    /// # Errors
    /// One sentence that names those there are.
    pub fn of(name: &str) -> Result<&'static Self, String> {
        LESSONS.iter().find(|lesson| lesson.name == name).ok_or_else(|| {
            let names = LESSONS.each_ref().map(|lesson| lesson.name);
            match nearest(name, names) {
                Some(near) => format!("There is no lesson `{name}`; did you mean `{near}`?"),
                None => format!("There is no lesson `{name}`; there are {}.", names.join(", ")),
            }
        })
    }

    /// The session: day 0 of its scenario, its branches, its steps, none of them shown.
    ///
    /// # Errors
    /// One sentence, if what is prepared does not fit the program: a scenario, a lever or a value that there is not.
    pub fn saved(&self) -> Result<Saved, String> {
        let why = |error: String| format!("The lesson {} cannot be opened ({error}).", self.name);
        let prepared: Prepared = serde_json::from_str(self.text).map_err(|error| why(error.to_string()))?;
        let loaded = scenario::load(&prepared.scenario).map_err(|errors| why(errors.to_string()))?;
        let mut sitting = Sitting::new(loaded, prepared.seed);
        for Branch { name, levers } in prepared.branches {
            sitting.show(0);
            sitting.fork(&name).map_err(why)?;
            let start = sitting.rules.frame.start;
            let moves = levers.iter().map(|(id, value)| {
                let lever = Lever::from_id(id).ok_or_else(|| format!("there is no lever {id}"))?;
                Ok((lever, lever.parse(value, start)?))
            });
            let moves = moves.collect::<Result<Vec<_>, String>>().map_err(why)?;
            sitting.set_levers(&moves).map_err(why)?;
        }
        sitting.show(0);
        for Section { title, notes, commands } in prepared.steps {
            let step = Step { title, notes: notes.join("\n"), commands };
            sitting.prepare(|steps| steps.add(&step)).map_err(why)?;
        }
        sitting.prepare(|steps| steps.begin());
        Ok(Saved::of(&sitting))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_opens_with_its_branches_and_steps_and_nothing_to_undo() {
        for lesson in &LESSONS {
            let saved = lesson.saved().unwrap();
            assert!(saved.remarks().is_empty(), "{}: {:?}", lesson.name, saved.remarks());
            let sitting = saved.open().unwrap();
            assert!(!sitting.can_undo(), "{}: what was prepared is no move of a person", lesson.name);
            assert_eq!((sitting.seed(), sitting.today(), sitting.current()), (80, 0, 0), "{}", lesson.name);
            assert!(sitting.branch().changes.is_empty());
            let branches = &sitting.branches()[1..];
            assert!(branches.len() >= 4, "{}", lesson.name);
            for (i, branch) in branches.iter().enumerate() {
                assert_eq!((branch.id, branch.fork), (i as u32 + 1, Some((0, 0))), "{}", branch.name);
                assert!(branch.policy().count() > 0, "{}: “{}” is the first branch again", lesson.name, branch.name);
            }
            let steps = sitting.steps();
            assert!(steps.list().len() > branches.len() && steps.shown().is_none(), "{}", lesson.name);
            for step in steps.list() {
                assert!(!step.notes.is_empty() && !step.commands.is_empty(), "{}: {}", lesson.name, step.title);
                assert_eq!(*step, step.cleaned(), "{}: cut or changed", step.title);
            }
        }
    }

    #[test]
    fn a_lesson_that_there_is_not_is_a_sentence_with_those_that_there_are() {
        assert_eq!(Lesson::of("one-deal-or-many").unwrap().title, "One deal or many");
        assert!(Lesson::of("one-deal-or-few").unwrap_err().ends_with("did you mean `one-deal-or-many`?"));
        assert!(Lesson::of("x").unwrap_err().contains("what-peacekeepers-do."));
    }
}
