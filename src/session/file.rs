//! A sitting as one small file, and as the tail of a link: scenario, seed, branches, lever log, and the digests that
//! replaying them must give.

use super::sitting::{Course, LAST_DAY, MOST_BRANCHES, Script, Sitting};
use crate::record::write::{LeverLine, ScenarioPart, Versions};
use crate::scenario::{self, Loaded};
use crate::sim::rules::Rules;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Version of this layout.
const FORMAT: u32 = 1;
/// Most lever changes of a branch.
const MOST_CHANGES: usize = 10_000;
/// Largest text of a file, and of what a link may unpack to, bytes.
pub const MOST_BYTES: usize = 4 << 20;
/// Extension of session files.
pub const EXTENSION: &str = "detente";

/// A session file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// Version of this layout.
    pub session_format: u32,
    /// Versions of the scenario format and of the model that made it.
    pub versions: Versions,
    /// The scenario.
    pub scenario: SavedScenario,
    /// Seed.
    pub seed: u64,
    /// Branches, oldest first.
    pub branches: Vec<SavedBranch>,
    /// Number of the branch shown.
    pub shown: u32,
    /// Playhead.
    pub today: i32,
}

/// Which scenario: by name and hash, whole where it is not built in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedScenario {
    /// Name.
    pub name: String,
    /// Hash of the content.
    pub hash: String,
    /// Everything it says; left out of links for built-in scenarios.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<scenario::raw::Scenario>,
}

/// A branch as saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedBranch {
    /// Number.
    pub id: u32,
    /// Name.
    pub name: String,
    /// Number of the branch it left, and the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fork: Option<(u32, i32)>,
    /// Days played.
    pub days: i32,
    /// What the user changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levers: Vec<LeverLine>,
    /// Digest of the history.
    pub digest: String,
}

/// The hash of a built-in scenario; read once, since links are made every few seconds.
fn built_in_hash(name: &str) -> Option<String> {
    static KNOWN: Mutex<BTreeMap<String, Option<String>>> = Mutex::new(BTreeMap::new());
    let read = || scenario::builtin(name).and_then(|_| scenario::load(name).ok()).map(|loaded| loaded.hash);
    match KNOWN.lock() {
        Ok(mut known) => known.entry(name.to_owned()).or_insert_with(read).clone(),
        Err(_) => read(),
    }
}

impl Saved {
    /// What a sitting is, to be kept.
    #[must_use]
    pub fn of(sitting: &Sitting) -> Self {
        let ScenarioPart { name, hash, content } = ScenarioPart {
            name: sitting.loaded.name.clone(),
            hash: sitting.loaded.hash.clone(),
            content: sitting.loaded.scenario.clone(),
        };
        let branch = |b: &super::Branch| SavedBranch {
            id: b.id,
            name: b.name.clone(),
            fork: b.fork,
            days: b.history.days(),
            levers: b.changes.iter().map(|change| LeverLine::of(change, &sitting.rules)).collect(),
            digest: b.history.digest().whole,
        };
        Self {
            session_format: FORMAT,
            versions: Versions::here(),
            scenario: SavedScenario { name, hash, content: Some(content) },
            seed: sitting.seed(),
            branches: sitting.branches().iter().map(branch).collect(),
            shown: sitting.branch().id,
            today: sitting.today(),
        }
    }

    /// The text of a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Plain data: it can be written.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The tail of a link: the same, without what every copy of the program knows, packed.
    #[must_use]
    pub fn to_link(&self) -> String {
        let SavedScenario { name, hash, content } = &self.scenario;
        let content = if built_in_hash(name).as_ref() == Some(hash) { &None } else { content };
        let scenario = SavedScenario { name: name.clone(), hash: hash.clone(), content: content.clone() };
        let Self { session_format, versions, scenario: _, seed, branches, shown, today } = self;
        let small = Self {
            session_format: *session_format,
            versions: versions.clone(),
            scenario,
            seed: *seed,
            branches: branches.clone(),
            shown: *shown,
            today: *today,
        };
        let text = serde_json::to_vec(&small).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(miniz_oxide::deflate::compress_to_vec(&text, 9))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// One sentence with a way out.
    pub fn from_text(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Head {
            session_format: u32,
        }
        let damaged = |error: serde_json::Error| {
            format!("This is not a session file that can be read ({error}); open one that was saved by this program.")
        };
        if text.len() > MOST_BYTES {
            return Err("This file is too large to be a session; open one that was saved by this program.".to_owned());
        }
        let head: Head = serde_json::from_str(text).map_err(damaged)?;
        if head.session_format != FORMAT {
            return Err(format!(
                "This session has format {}, and this program reads format {FORMAT}; open it with the version that saved it.",
                head.session_format
            ));
        }
        serde_json::from_str(text).map_err(damaged)
    }

    /// Reads the tail of a link.
    ///
    /// # Errors
    /// One sentence with a way out.
    pub fn from_link(tail: &str) -> Result<Self, String> {
        let broken = || {
            "The link is incomplete or was changed on its way; ask for it again, or for the session file.".to_owned()
        };
        let packed = URL_SAFE_NO_PAD.decode(tail.trim()).map_err(|_| broken())?;
        let text = miniz_oxide::inflate::decompress_to_vec_with_limit(&packed, MOST_BYTES).map_err(|_| broken())?;
        Self::from_text(&String::from_utf8(text).map_err(|_| broken())?)
    }

    /// The sitting again, every number of it, or a sentence that says why not.
    ///
    /// # Errors
    /// If the scenario is gone or was changed, or if replaying gives another history than was saved.
    pub fn open(&self) -> Result<Sitting, String> {
        let (loaded, script) = self.parts()?;
        let mut sitting = Sitting::new(loaded, self.seed);
        sitting.take(&script);
        for (saved, branch) in self.branches.iter().zip(sitting.branches()) {
            let digest = branch.history.digest().whole;
            if digest != saved.digest {
                return Err(self.another_history(saved, &digest));
            }
        }
        Ok(sitting)
    }

    /// What to say of a branch whose replay has another digest than was saved.
    #[must_use]
    pub fn another_history(&self, branch: &SavedBranch, digest: &str) -> String {
        let (here, there) = (Versions::here(), &self.versions);
        let why = if *there == here {
            "it was changed after it was saved".to_owned()
        } else {
            format!("it was saved by model version {}, and this is {}", there.model, here.model)
        };
        format!(
            "This session cannot be shown as it was: replaying branch “{}” gives another history (digest {digest}, not {}), \
             because {why}. Open it with the version that saved it, or start anew from its scenario, {}.",
            branch.name, branch.digest, self.scenario.name
        )
    }

    /// The scenario, and what the user did; nothing is replayed yet.
    ///
    /// # Errors
    /// One sentence, if the scenario is gone or was changed, or the file is damaged.
    pub fn parts(&self) -> Result<(Loaded, Script), String> {
        let loaded = self.scenario()?;
        let script = self.script(&loaded)?;
        Ok((loaded, script))
    }

    fn scenario(&self) -> Result<Loaded, String> {
        let SavedScenario { name, hash, content } = &self.scenario;
        let mut loaded = match content {
            Some(content) => scenario::reload(content)
                .map_err(|errors| format!("The scenario kept in this session is damaged: {errors}"))?,
            None if scenario::builtin(name).is_some() => scenario::load(name).map_err(|errors| errors.to_string())?,
            None => {
                return Err(format!("This session starts from scenario “{name}”, which this program does not have."));
            }
        };
        if loaded.hash != *hash {
            return Err(format!(
                "This session starts from another state of scenario “{name}” ({hash}) than this program has ({}); \
                 open it with the version that saved it.",
                loaded.hash
            ));
        }
        loaded.name.clone_from(name);
        Ok(loaded)
    }

    fn script(&self, loaded: &Loaded) -> Result<Script, String> {
        let rules = Rules::new(loaded);
        let wrong = |what: &str| Err(format!("This session file is damaged: {what}."));
        if self.branches.is_empty() || self.branches.len() > MOST_BRANCHES {
            return wrong("it has no branch, or too many");
        }
        let mut courses: Vec<Course> = Vec::new();
        for b in &self.branches {
            if courses.iter().any(|known| known.id == b.id) || b.id == u32::MAX {
                return wrong("two branches have one number");
            }
            if b.fork.is_some_and(|(parent, _)| courses.iter().all(|known| known.id != parent)) {
                return wrong("a branch leaves one that is not there");
            }
            if !(0..=LAST_DAY).contains(&b.days) {
                return wrong("a branch is longer than a session can be");
            }
            if b.fork.is_some_and(|(_, day)| !(0..=b.days).contains(&day)) {
                return wrong("a branch begins outside its history");
            }
            if b.levers.len() > MOST_CHANGES || b.levers.iter().any(|line| !(0..=LAST_DAY).contains(&line.day)) {
                return wrong("a lever is moved outside the history, or too often");
            }
            let mut changes = Vec::new();
            for line in &b.levers {
                changes
                    .push(line.read(rules.frame.start).map_err(|why| format!("This session file is damaged: {why}."))?);
            }
            changes.sort_by_key(|change| change.day);
            courses.push(Course { id: b.id, name: b.name.clone(), fork: b.fork, changes, days: b.days });
        }
        let Some(current) = courses.iter().position(|course| course.id == self.shown) else {
            return wrong("the branch to show is not there");
        };
        Ok(Script { seed: self.seed, courses, current, today: self.today.clamp(0, LAST_DAY) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symbols::levers::Lever;

    fn played() -> Sitting {
        let mut s = Sitting::new(scenario::load("november-2024").unwrap(), 11);
        s.go_to(30);
        s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
        s.go_to(70);
        s.fork("One collective deal").unwrap();
        s.set_lever(Lever::DealArchitecture, 2.0).unwrap();
        s.set_lever(Lever::SignRoadmap, 90.0).unwrap();
        s.go_to(100);
        s.go_to(85);
        s
    }

    #[test]
    fn a_file_and_a_link_give_every_number_again() {
        let s = played();
        let saved = Saved::of(&s);
        for again in [Saved::from_text(&saved.to_text()).unwrap(), Saved::from_link(&saved.to_link()).unwrap()] {
            let t = again.open().unwrap();
            assert_eq!(t.script(), s.script());
            assert_eq!(t.now(), s.now());
            for (a, b) in s.branches().iter().zip(t.branches()) {
                assert_eq!(a.history.digest(), b.history.digest());
                assert_eq!(a.history.events, b.history.events);
            }
        }
        assert!(saved.to_link().len() < 2_000, "{}", saved.to_link().len());
    }

    #[test]
    fn what_would_show_other_numbers_is_refused_in_words() {
        let saved = Saved::of(&played());
        let refused = |saved: &Saved| saved.open().err().unwrap_or_else(|| panic!("it opened"));
        let mut other = saved.clone();
        other.seed += 1;
        assert!(refused(&other).contains("it was changed after it was saved"), "{}", refused(&other));
        let mut other = saved.clone();
        other.versions.model = "0.0".to_owned();
        other.branches[0].digest = "0".repeat(16);
        assert!(refused(&other).contains("saved by model version 0.0"), "{}", refused(&other));
        let mut other = saved.clone();
        other.scenario.hash = "0".repeat(16);
        assert!(refused(&other).contains("another state of scenario"), "{}", refused(&other));
        let mut other = saved.clone();
        other.branches[0].days = 2_000_000;
        assert!(refused(&other).contains("longer than a session"), "{}", refused(&other));
        let newer = saved.to_text().replacen("\"session_format\": 1", "\"session_format\": 2", 1);
        assert!(Saved::from_text(&newer).unwrap_err().contains("has format 2"));
        for text in ["", "{}", "[1,2]", "not json"] {
            assert!(Saved::from_text(text).is_err(), "{text}");
        }
        let link = saved.to_link();
        for tail in ["", "%%%", &link[..link.len() / 2], "AAAA"] {
            assert!(Saved::from_link(tail).unwrap_err().contains("link"), "{tail}");
        }
    }
}
