//! Camps: what the sides of a contested question hold to be so, as parameters that are laid over a scenario.
//!
//! A camp is a scenario file like any other, so that it is checked and run like one: those of `scenarios/camps` ship, and anybody
//! may write one. Laid over another scenario only its parameters count: they are set there, also where that scenario sets them, and
//! then not drawn.

mod read;

pub use read::{LONGEST_REASON, MOST_SETTINGS, is_camp_shaped};

use crate::scenario::{Error, Errors, Loaded, load_file, load_text, load_with, read_whole, reload_with};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::OnceLock;

/// Every camp: the question, and the text of a side. The only list of them; sides of a question stand together.
const BUILT_IN: &[(Question, &str)] = &[
    (Question::Answers, include_str!("../../../../scenarios/camps/deterrence.toml")),
    (Question::Answers, include_str!("../../../../scenarios/camps/spiral.toml")),
    (Question::Peacekeeping, include_str!("../../../../scenarios/camps/peacekeeping-works.toml")),
    (Question::Peacekeeping, include_str!("../../../../scenarios/camps/peacekeeping-does-not.toml")),
    (Question::Axis, include_str!("../../../../scenarios/camps/axis-one-body.toml")),
    (Question::Axis, include_str!("../../../../scenarios/camps/axis-local-actors.toml")),
    (Question::Mediation, include_str!("../../../../scenarios/camps/mediation-lasts.toml")),
    (Question::Mediation, include_str!("../../../../scenarios/camps/mediation-fades.toml")),
];

/// What is contested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// Whether answers deter or feed a spiral.
    Answers,
    /// Whether peacekeepers make truces last.
    Peacekeeping,
    /// Whether the Axis of Resistance acts as one.
    Axis,
    /// Whether mediated gains last.
    Mediation,
}

impl Question {
    /// Every question.
    pub const ALL: [Self; 4] = [Self::Answers, Self::Peacekeeping, Self::Axis, Self::Mediation];

    /// Name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["answers", "peacekeeping", "axis", "mediation"][self as usize]
    }

    /// The question in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        [
            "do answers deter, or feed a spiral?",
            "does peacekeeping make truces last?",
            "is the Axis of Resistance one body, or local actors?",
            "does what mediators win last?",
        ][self as usize]
    }
}

/// One side of a contested question, or a camp of somebody's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Camp {
    /// What it is a side of; none where somebody wrote it, as of every camp that is kept.
    #[serde(skip)]
    pub question: Option<Question>,
    /// Its name: that of its file, or what that says.
    pub name: String,
    /// What it holds, in a line.
    pub title: String,
    /// The same as its own side would put it.
    pub description: String,
    /// What it sets, each with where the value comes from.
    pub sets: Vec<Setting>,
}

/// One number of a camp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// Parameter, as `detente parameters` lists it.
    pub id: String,
    /// Value.
    pub value: f64,
    /// Where it comes from, or why somebody holds it.
    pub source: String,
}

/// The camps that ship, in order of their questions.
///
/// # Panics
/// If one of them is no camp, which a test rules out.
#[must_use]
pub fn camps() -> &'static [Camp] {
    static CAMPS: OnceLock<Vec<Camp>> = OnceLock::new();
    CAMPS.get_or_init(|| {
        let read = |&(question, text): &(Question, &str)| Camp::built_in(question, text);
        BUILT_IN.iter().map(read).collect::<Result<_, _>>().unwrap_or_else(|errors| panic!("{errors}"))
    })
}

/// A camp that ships, by its name.
#[must_use]
pub fn camp(name: &str) -> Option<&'static Camp> {
    camps().iter().find(|camp| camp.name == name)
}

/// Largest file of a camp, bytes.
const LARGEST_FILE: u64 = 1 << 16;

/// What is said of a file that is not even looked into.
fn unread(file: &str, why: &str) -> Errors {
    Errors(vec![Error {
        file: file.to_owned(),
        line: 0,
        column: 0,
        key: String::new(),
        message: format!("cannot be read as a camp: {why}"),
        help: Some("name a file in the form of scenarios/camps/spiral.toml".to_owned()),
    }])
}

impl Camp {
    /// A camp that ships: a side of a question. A test holds that it is fit to run as well, which takes milliseconds to know and is
    /// not asked in a frame of the window.
    fn built_in(question: Question, text: &str) -> Result<Self, Errors> {
        match read::read("camp", text) {
            (own, wrong) if wrong.is_empty() => Ok(Self::holding(Some(question), own)),
            (_, wrong) => Err(Errors(wrong)),
        }
    }

    /// What a file says.
    fn holding(question: Option<Question>, own: read::Own) -> Self {
        let read::Own { name, title, description, sets } = own;
        Self { question, name, title, description, sets }
    }

    /// A camp of somebody's own, from a file in the form of `scenarios/camps`: a scenario file that says what it holds (`title`,
    /// `description`) and sets parameters, each with a comment on where the number comes from, or why it is held.
    ///
    /// # Errors
    /// Everything that is wrong with it, as a scenario and as a camp, with file, line and key.
    pub fn from_file(path: &str) -> Result<Self, Errors> {
        let bytes = read_whole(Path::new(path), LARGEST_FILE).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => unread(path, "there is no such file"),
            _ => unread(path, &error.to_string()),
        })?;
        let text = String::from_utf8(bytes).map_err(|_| unread(path, "it is no UTF-8 text"))?;
        Self::of(path, &text, load_file(Path::new(path)))
    }

    /// The same from text, which may extend built-in scenarios but no files; `file` stands for it in messages.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn from_text(file: &str, text: &str) -> Result<Self, Errors> {
        if text.len() as u64 > LARGEST_FILE {
            return Err(unread(file, &format!("it is larger than {LARGEST_FILE} bytes")));
        }
        Self::of(file, text, load_text(file, text))
    }

    /// A camp from its text, and from what that is as a scenario.
    fn of(file: &str, text: &str, loaded: Result<Loaded, Errors>) -> Result<Self, Errors> {
        let (own, mut wrong) = read::read(file, text);
        match loaded {
            Ok(loaded) if wrong.is_empty() => {
                return Ok(Self::holding(None, read::Own { name: loaded.name, ..own }));
            }
            Ok(_) => {}
            Err(errors) => wrong.extend(errors.0.into_iter().filter(read::concerns)),
        }
        wrong.sort();
        wrong.dedup();
        Err(Errors(wrong))
    }

    /// What it is about, in words.
    #[must_use]
    pub fn question_words(&self) -> &'static str {
        self.question.map_or("a camp of your own", Question::words)
    }

    /// A scenario as this camp sees it: its parameters laid over it, but for those that `parameters` set.
    ///
    /// # Errors
    /// What is wrong with the scenario, and a parameter that it does not have.
    pub fn over(&self, scenario: &str, parameters: &[(String, f64)]) -> Result<Loaded, Errors> {
        load_with(scenario, &self.beside(parameters))
    }

    /// The same of a scenario that is loaded already, whatever file it came from.
    ///
    /// # Errors
    /// A parameter that the scenario does not have.
    pub fn over_loaded(&self, loaded: &Loaded, parameters: &[(String, f64)]) -> Result<Loaded, Errors> {
        reload_with(&loaded.scenario, &self.beside(parameters))
    }

    /// Parameters that are set by hand, and what this camp sets beside them.
    fn beside(&self, parameters: &[(String, f64)]) -> Vec<(String, f64)> {
        let own = |set: &&Setting| !parameters.iter().any(|(id, _)| *id == set.id);
        let mut all = parameters.to_vec();
        all.extend(self.sets.iter().filter(own).map(|set| (set.id.clone(), set.value)));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::builtin;
    use crate::sim::course::Course;
    use crate::sim::rules::Rules;
    use crate::sim::world::Fate;
    use crate::symbols::levers::{Lever, LeverChange};
    use crate::symbols::parameters::{Parameters, ROWS};
    use noisy_float::prelude::R64;
    use std::collections::BTreeSet;

    fn files() -> Vec<std::path::PathBuf> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/camps");
        let list = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{e}"));
        let mut files: Vec<_> = list.map(|entry| entry.unwrap_or_else(|e| panic!("{e}")).path()).collect();
        files.sort();
        files
    }

    #[test]
    fn every_file_is_a_camp_and_every_question_has_two_sides_that_set_the_same_numbers() {
        let mut names: Vec<String> = camps().iter().map(|camp| format!("{}.toml", camp.name)).collect();
        names.sort();
        let there: Vec<String> =
            files().iter().map(|f| f.file_name().unwrap_or_default().to_string_lossy().into_owned()).collect();
        assert_eq!(names, there);
        for question in Question::ALL {
            let sides: Vec<&Camp> = camps().iter().filter(|camp| camp.question == Some(question)).collect();
            assert_eq!(sides.len(), 2, "{}", question.name());
            let ids = |camp: &Camp| camp.sets.iter().map(|set| set.id.clone()).collect::<BTreeSet<_>>();
            assert_eq!(ids(sides[0]), ids(sides[1]), "{}: what one side says nothing of", question.name());
            assert!(sides[0].description.len() < 2 * sides[1].description.len(), "{}", question.name());
            assert!(sides[1].description.len() < 2 * sides[0].description.len(), "{}", question.name());
        }
    }

    /// Each number has a source or says that none was read, differs from that of the other side and lies within the range that the
    /// tables give it; and nothing else of a camp's file changes the start it extends.
    #[test]
    fn every_number_has_a_source_and_lies_in_its_range() {
        let start = crate::scenario::load("november-2024").unwrap_or_else(|e| panic!("{e}"));
        let rules = Rules::new(&start);
        for (camp, (_, text)) in camps().iter().zip(BUILT_IN) {
            assert!(!camp.sets.is_empty() && !camp.title.is_empty() && camp.description.len() > 150, "{}", camp.name);
            let lines = text.split_once("\n[parameters]\n").map_or("", |(_, rest)| rest).lines();
            let values = lines.filter(|line| line.contains(" = ") && !line.starts_with('#')).count();
            assert_eq!(values, camp.sets.len(), "{}: a number that is not read", camp.name);
            for Setting { id, value, source } in &camp.sets {
                // A section of the model says where a number acts, and not where its value comes from.
                let known = ["[S", "[L]", "the essay", "no source read"].iter().any(|words| source.contains(words));
                assert!(source.len() > 20 && known, "{}: {id}: {source}", camp.name);
                let range = ROWS.iter().find(|row| row.id == id).map(|row| (row.low, row.high));
                let estimate = || rules.frame.estimates.iter().find(|estimate| estimate.id == *id);
                let range = range.or_else(|| estimate().map(|estimate| (estimate.low, estimate.high)));
                let (low, high) = range.unwrap_or_else(|| panic!("{}: no parameter {id}", camp.name));
                assert!((low - 1e-9..=high + 1e-9).contains(value), "{}: {id} = {value}: {low} to {high}", camp.name);
                let other = camps().iter().find(|c| c.question == camp.question && c.name != camp.name);
                let other = other.and_then(|other| other.sets.iter().find(|set| set.id == *id)).map(|set| set.value);
                assert_ne!(other.map(f64::to_bits), Some(value.to_bits()), "{id}: both sides say the same");
            }
            let file = load_text("camp", text).unwrap_or_else(|e| panic!("{e}"));
            let over = camp.over("november-2024", &[]).unwrap_or_else(|e| panic!("{e}"));
            let bare = |mut loaded: Loaded| {
                loaded.scenario.name.clear();
                loaded.scenario.title.clear();
                loaded.scenario.description.clear();
                loaded.scenario
            };
            assert_eq!(bare(file), bare(over), "{}: something besides parameters", camp.name);
            assert!(builtin(&camp.name).is_none() && super::camp(&camp.name).is_some(), "no scenario of that name");
        }
    }

    /// UNIFIL's weight on violations acts times its weight on collapse over that one's default: what a camp holds is the product, and
    /// that stays in the range of the first.
    #[test]
    fn a_product_of_two_numbers_stays_in_the_range_of_what_acts() {
        let row = ROWS.iter().find(|row| row.id == "violation_unifil").unwrap_or_else(|| panic!("no such row"));
        let default = Parameters::DEFAULT.beta_unifil;
        let acts = |camp: &Camp| {
            let of = |id: &str| camp.sets.iter().find(|set| set.id == id).map(|set| set.value);
            Some(of("violation_unifil")? * of("beta_unifil")? / default)
        };
        let products: Vec<f64> = camps().iter().filter_map(acts).collect();
        assert_eq!(products.len(), 2);
        assert!(products.iter().all(|product| (row.low..=row.high).contains(product)), "{products:?}");
        // Works above the default, does not below.
        assert!(products[0] > row.default && products[1] < row.default, "{products:?}");
        // Of forces at hand the two camps of answers are as far from the default, to either side.
        let presence = |name: &str| {
            let set = camp(name).and_then(|camp| camp.sets.iter().find(|set| set.id == "beta_presence"));
            set.map_or(f64::NAN, |set| set.value - Parameters::DEFAULT.beta_presence)
        };
        assert!((presence("deterrence") + presence("spiral")).abs() < 1e-12 && presence("deterrence") > 0.0);
    }

    /// Every number of a camp does something: with that of the other side in its place a future of the default scenario is another. Or it
    /// says which lever it acts with, and then it does once that lever is moved, and not before.
    #[test]
    fn every_number_of_a_camp_changes_a_future_or_names_the_lever_that_it_acts_with() {
        let end = |rules: &Rules, future: u64, log: &[LeverChange]| {
            let mut course: Course = Course::new(rules, Fate { seed: 1, future, prior: false }, log.to_vec());
            course.run(365);
            course.tally().clone()
        };
        let mut wrong = Vec::new();
        for camp in camps() {
            let rules = |given: &[(String, f64)]| {
                Rules::new(&camp.over("november-2024", given).unwrap_or_else(|e| panic!("{e}")))
            };
            let whole = rules(&[]);
            let other = camps().iter().find(|other| other.question == camp.question && other.name != camp.name);
            for Setting { id, source, .. } in &camp.sets {
                let theirs = other.and_then(|other| other.sets.iter().find(|set| set.id == *id));
                let theirs = theirs.unwrap_or_else(|| panic!("{}: {id}: only one side sets it", camp.name)).value;
                let changed = rules(&[(id.clone(), theirs)]);
                let acts = |log: &[LeverChange]| (0..60).any(|k| end(&whole, k, log) != end(&changed, k, log));
                let here = acts(&[]);
                let Some((_, lever)) = source.split_once("acts only with ") else {
                    if !here {
                        wrong.push(format!(
                            "{}: {id} changes nothing, and names no lever with which it does",
                            camp.name
                        ));
                    }
                    continue;
                };
                let lever = Lever::from_id(lever.trim_end_matches('.'));
                let lever = lever.unwrap_or_else(|| panic!("{}: {id}: no such lever: {source}", camp.name));
                let moved = LeverChange { day: 0, lever, value: R64::new(lever.row().high) };
                if here || !acts(&[moved]) {
                    wrong.push(format!("{}: {id} does not act as it says, with {} only", camp.name, lever.id()));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// A scenario that a sitting has in its hands is the same to a camp as one that is read by its name.
    #[test]
    fn a_scenario_that_is_loaded_is_as_one_that_is_named() {
        for name in ["november-2024", "null"] {
            let loaded = crate::scenario::load(name).unwrap_or_else(|e| panic!("{e}"));
            for camp in camps() {
                let [named, held] =
                    [camp.over(name, &[]), camp.over_loaded(&loaded, &[])].map(|l| l.unwrap_or_else(|e| panic!("{e}")));
                assert_eq!(named.scenario.parameters, held.scenario.parameters, "{name}: {}", camp.name);
                assert_eq!(named.hash, held.hash, "{name}: {}", camp.name);
            }
        }
    }

    #[test]
    fn what_is_set_by_hand_is_not_set_by_a_camp() {
        let spiral = camp("spiral").unwrap_or_else(|| panic!("no such camp"));
        let set = spiral.over("null", &[("beta_rho".to_owned(), 0.3)]).unwrap_or_else(|e| panic!("{e}"));
        let rules = Rules::new(&set);
        assert_eq!(rules.frame.parameters.get("beta_rho").map(f64::to_bits), Some(0.3_f64.to_bits()));
        assert_eq!(rules.frame.parameters.get("perception_noise").map(f64::to_bits), Some(0.45_f64.to_bits()));
    }
}
