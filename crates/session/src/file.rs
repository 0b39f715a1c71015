//! A sitting as one small file, and as the tail of a link: scenario, seed, branches, lever log, and the digests that
//! replaying them must give.

use super::camps;
use super::guesses::Guesses;
use super::limits::{MOST_ENTITIES, MOST_WORK, entities};
use super::link;
use super::names::{clean_name, quoted};
use super::sitting::{Course, LAST_DAY, MOST_BRANCHES, Script, Sitting};
use super::steps::Steps;
use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, URL_SAFE_NO_PAD};
use detente_learn::now::{Start, shipped_start};
use detente_model::camps::Camp;
use detente_model::scenario::{self, Loaded};
use detente_model::sim::rules::Rules;
use detente_model::sim::world::Fate;
use detente_study::tables::provenance::{LeverLine, ScenarioPart, Versions};
use detente_study::tables::run::StartPart;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Version of this layout.
const FORMAT: u32 = 1;
/// Most lever changes of a branch.
const MOST_CHANGES: usize = 10_000;
/// Largest text of a file, and of what a link may unpack to, bytes.
pub const MOST_BYTES: usize = 4 << 20;
/// Largest number of a branch: each fork takes the next one, also where it is taken back.
const LARGEST_ID: u32 = 1_000_000;
/// Largest number of a future.
const LARGEST_FUTURE: u64 = 1_000_000_000;
/// Longest piece of someone else's text in a sentence, characters.
const LONGEST_QUOTE: usize = 200;
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
    /// Number of the future under that seed; 0 in files of before, which had no other.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub future: u64,
    /// Whether its parameters are drawn from their ranges.
    #[serde(default, skip_serializing_if = "is_no")]
    pub drawn: bool,
    /// The nowcast from which its history starts, where that is not day 0 of the scenario: one that ships.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<StartPart>,
    /// Branches, oldest first.
    pub branches: Vec<SavedBranch>,
    /// Number of the branch shown.
    pub shown: u32,
    /// Playhead.
    pub today: i32,
    /// Guesses, and whether a policy's futures wait for one; of a link whether they do.
    #[serde(default, skip_serializing_if = "Guesses::is_plain")]
    pub guesses: Guesses,
    /// What is shown one after another, with notes for the speaker; none in files of before, and none in a link.
    #[serde(default, skip_serializing_if = "Steps::is_empty")]
    pub steps: Steps,
    /// Camps of somebody's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub camps: Vec<Camp>,
    /// Whether names had to be cleaned or cut when it was read.
    #[serde(skip)]
    cleaned: bool,
}

fn is_nothing(number: &u64) -> bool {
    *number == 0
}

fn is_no(yes: &bool) -> bool {
    !yes
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

/// Whether a scenario bears the name of a built-in one and is not the same: whoever sees the name alone would take its
/// numbers for those of the built-in one.
#[must_use]
pub fn is_changed_builtin(name: &str, hash: &str) -> bool {
    let same = scenario::builtin_names().iter().find(|known| as_read(known) == as_read(name));
    same.and_then(|known| built_in_hash(known)).is_some_and(|known| known != hash)
}

/// A name as a reader takes it: `November 2024` and `NOVEMBER_2024` are `november-2024` to whoever sees them on a screen.
fn as_read(name: &str) -> String {
    let words: Vec<String> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    words.join("-")
}

/// A scenario's name as it is shown (`words`), marked where it is that of a built-in one with other content.
#[must_use]
pub fn marked(loaded: &Loaded, words: &str) -> String {
    if is_changed_builtin(&loaded.name, &loaded.hash) {
        // Before the name: what is cut for lack of room is cut at the end.
        format!("Changed: {words}")
    } else {
        words.to_owned()
    }
}

/// Something of a built-in scenario, which is read once: links are made every few seconds.
fn of_built_in<R>(name: &str, what: impl Fn(&Loaded) -> R) -> Option<R> {
    static KNOWN: Mutex<BTreeMap<String, Loaded>> = Mutex::new(BTreeMap::new());
    scenario::builtin(name)?;
    let mut known = KNOWN.lock().ok()?;
    if let Some(loaded) = known.get(name) {
        return Some(what(loaded));
    }
    let loaded = scenario::load(name).ok()?;
    Some(what(known.entry(name.to_owned()).or_insert(loaded)))
}

/// The hash of a built-in scenario.
fn built_in_hash(name: &str) -> Option<String> {
    of_built_in(name, |loaded| loaded.hash.clone())
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
            future: sitting.fate().future,
            drawn: sitting.fate().prior,
            start: sitting.start().map(Start::part),
            branches: sitting.branches().iter().map(branch).collect(),
            shown: sitting.branch().id,
            today: sitting.today(),
            guesses: sitting.guesses().clone(),
            steps: sitting.steps().clone(),
            camps: sitting.camps().to_vec(),
            cleaned: false,
        }
    }

    /// The text of a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Plain data: it can be written.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The tail of a link: the same, without what every copy of the program knows, packed. It hands the question on and neither
    /// the answers nor the speaker's notes.
    #[must_use]
    pub fn to_link(&self) -> String {
        self.packed(self.guesses.unanswered(), Steps::default())
    }

    /// What is kept for the next start: like the tail of a link, with guesses and steps.
    #[must_use]
    pub fn to_kept(&self) -> String {
        self.packed(self.guesses.clone(), self.steps.clone())
    }

    fn packed(&self, guesses: Guesses, steps: Steps) -> String {
        let SavedScenario { name, hash, content } = &self.scenario;
        let content = if built_in_hash(name).as_ref() == Some(hash) { &None } else { content };
        let scenario = SavedScenario { name: name.clone(), hash: hash.clone(), content: content.clone() };
        let Self {
            session_format,
            versions,
            scenario: _,
            seed,
            future,
            drawn,
            start,
            branches,
            shown,
            today,
            guesses: _,
            steps: _,
            camps,
            cleaned,
        } = self;
        let small = Self {
            session_format: *session_format,
            versions: versions.clone(),
            scenario,
            seed: *seed,
            future: *future,
            drawn: *drawn,
            start: start.clone(),
            branches: branches.clone(),
            shown: *shown,
            today: *today,
            guesses,
            steps,
            camps: camps.clone(),
            cleaned: *cleaned,
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
            let error = quoted(&error.to_string(), LONGEST_QUOTE);
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
        let mut saved: Self = serde_json::from_str(text).map_err(damaged)?;
        saved.clean();
        Ok(saved)
    }

    /// Reads a file from its bytes.
    ///
    /// # Errors
    /// One sentence with a way out.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::from_text(text),
            Err(_) => Err(
                "This is not a session file: it is no text, and session files are; open one that was saved by this program."
                    .to_owned(),
            ),
        }
    }

    /// Reads a link: a whole address, `#s=…`, `s=…` or the tail alone, also folded, in brackets or percent-encoded.
    ///
    /// # Errors
    /// One sentence with a way out.
    pub fn from_link(link: &str) -> Result<Self, String> {
        if link.len() > 2 * MOST_BYTES {
            return Err("This link is too long to hold a session; ask for the session file.".to_owned());
        }
        let tail = link::tail(link).ok_or_else(|| {
            "There is no session in this link; paste all of it, with what stands behind #s=, or ask for the session file."
                .to_owned()
        })?;
        let text = unpack(&tail).or_else(|| unpack(tail.strip_prefix("3D")?)).ok_or_else(|| {
            "The link is incomplete or was changed on its way; ask for it again, or for the session file.".to_owned()
        })?;
        Self::from_text(&text)
    }

    /// Makes every word in it fit to be shown: names, and what stands for numbers and ids in sentences about it.
    fn clean(&mut self) {
        let mut names: Vec<&mut String> = vec![&mut self.scenario.name];
        names.extend(self.branches.iter_mut().map(|branch| &mut branch.name));
        for name in names {
            let clean = clean_name(name);
            self.cleaned |= clean != *name;
            *name = clean;
        }
        // Of these no other form than the clean one means anything.
        let mut codes: Vec<&mut String> = vec![&mut self.scenario.hash, &mut self.versions.model];
        for branch in &mut self.branches {
            codes.push(&mut branch.digest);
            for line in &mut branch.levers {
                codes.push(&mut line.lever);
                match &mut line.value {
                    serde_json::Value::String(text) => codes.push(text),
                    serde_json::Value::Number(_) => {}
                    other => *other = serde_json::Value::Null,
                }
            }
        }
        for code in codes {
            *code = clean_name(code);
        }
        self.cleaned |= self.guesses.clean();
        self.cleaned |= self.steps.clean();
        for camp in &mut self.camps {
            let clean = camps::cleaned(camp.clone());
            self.cleaned |= clean != *camp;
            *camp = clean;
        }
    }

    /// Whether its scenario bears the name of a built-in one and is not the same.
    #[must_use]
    pub fn is_changed_builtin(&self) -> bool {
        is_changed_builtin(&self.scenario.name, &self.scenario.hash)
    }

    /// What whoever opens it should know beside its numbers, in sentences.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.is_changed_builtin() {
            remarks.push(format!(
                "Its scenario is called {}, but its content is not that of the built-in one.",
                self.scenario.name
            ));
        }
        let (here, there) = (Versions::here(), &self.versions);
        if *there != here {
            remarks.push(format!(
                "It was saved by model version {}, and this is {}; the histories are the same here, but what futures and \
                 explanations show may differ.",
                there.model, here.model
            ));
        }
        if self.cleaned {
            remarks
                .push("Names in it were too long or held characters that cannot be seen; they were shortened.".into());
        }
        remarks
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
    /// One sentence, if the scenario is gone or was changed, the file is damaged, or replaying it would be too much work.
    pub fn parts(&self) -> Result<(Loaded, Script), String> {
        let loaded = self.scenario()?;
        let script = self.script(&loaded)?;
        self.bounded(&loaded)?;
        Ok((loaded, script))
    }

    /// Where its history starts, where that is not day 0 of its scenario.
    ///
    /// # Errors
    /// One sentence, if this program ships no such nowcast, or another under that date.
    pub fn start(&self, rules: &Rules) -> Result<Option<Start>, String> {
        let Some(StartPart { nowcast, digest }) = &self.start else { return Ok(None) };
        let (nowcast, digest) = (quoted(nowcast, LONGEST_QUOTE), quoted(digest, LONGEST_QUOTE));
        let start = shipped_start(&nowcast, rules)
            .map_err(|why| format!("This session starts from what was observed to {nowcast}: {why}."))?;
        if start.digest != digest {
            return Err(format!(
                "This session starts from another nowcast to {nowcast} ({digest}) than this program has ({}); open it with the \
                 version that saved it.",
                start.digest
            ));
        }
        Ok(Some(start))
    }

    /// Refuses what would take minutes, before it starts.
    fn bounded(&self, loaded: &Loaded) -> Result<(), String> {
        let things = entities(&loaded.scenario) as u64;
        let days: u64 = self.branches.iter().map(|branch| branch.days.max(0) as u64).sum();
        if things * days <= MOST_WORK {
            return Ok(());
        }
        Err(format!(
            "This session is too large to be replayed: {things} things in its scenario for {days} days on all branches, where {} days would do; ask for one with fewer branches or days, or with a smaller scenario.",
            MOST_WORK / things.max(1)
        ))
    }

    fn scenario(&self) -> Result<Loaded, String> {
        let SavedScenario { name, hash, content } = &self.scenario;
        let mut loaded = match content {
            Some(content) if entities(content) > MOST_ENTITIES => {
                return Err(format!(
                    "The scenario kept in this session holds {} things, and this program replays at most {MOST_ENTITIES}; \
                     ask for a session with a smaller one.",
                    entities(content)
                ));
            }
            Some(content) => scenario::reload(content).map_err(|errors| damaged_scenario(&errors))?,
            None => of_built_in(name, Loaded::clone).ok_or_else(|| {
                format!(
                    "This session starts from scenario “{name}”, which this program does not have; ask for the session as a \
                     file, which brings it along."
                )
            })?,
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
        if let Some(fault) = self.guesses.fault().or(self.steps.fault()).or_else(|| camps::fault(&self.camps)) {
            return wrong(fault);
        }
        if self.branches.is_empty() || self.branches.len() > MOST_BRANCHES {
            return wrong("it has no branch, or too many");
        }
        let mut courses: Vec<Course> = Vec::new();
        for b in &self.branches {
            if courses.iter().any(|known| known.id == b.id) || b.id > LARGEST_ID {
                return wrong("two branches have one number, or one is numbered too high");
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
                let change = line.read(rules.frame.start).map_err(|why| {
                    let why = quoted(why.trim_end_matches('.'), LONGEST_QUOTE);
                    format!("This session file is damaged: {why}.")
                })?;
                changes.push(change);
            }
            changes.sort_by_key(|change| change.day);
            courses.push(Course { id: b.id, name: b.name.clone(), fork: b.fork, changes, days: b.days });
        }
        let Some(current) = courses.iter().position(|course| course.id == self.shown) else {
            return wrong("the branch to show is not there");
        };
        // The branch shown is played to the playhead at least.
        let today = self.today.clamp(0, courses[current].days);
        if self.future > LARGEST_FUTURE {
            return wrong("its future has a number that no batch counts to");
        }
        let fate = Fate { seed: self.seed, future: self.future, prior: self.drawn };
        Ok(Script { fate, courses, current, today })
    }
}

/// The text that the tail of a link holds.
fn unpack(tail: &str) -> Option<String> {
    // A whole tail never has one letter over; what followed it on its way is cut off, and does no harm where it is not.
    let whole = if tail.len() % 4 == 1 { &tail[..tail.len() - 1] } else { tail };
    let packed = LENIENT.decode(whole).ok()?;
    let text = miniz_oxide::inflate::decompress_to_vec_with_limit(&packed, MOST_BYTES).ok()?;
    String::from_utf8(text).ok()
}

/// Reads tails whose last letter has bits over, as those have behind which other words followed.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// What to say of a kept scenario that is not fit to run: the first mistake, and how many there are.
fn damaged_scenario(errors: &scenario::Errors) -> String {
    let first = errors.0.first().map(|error| format!("{}: {}", error.key, error.message)).unwrap_or_default();
    let first = quoted(first.trim_start_matches(": ").trim_end_matches('.'), LONGEST_QUOTE);
    let more = match errors.0.len() {
        0 | 1 => String::new(),
        n => format!(", and {} more", n - 1),
    };
    format!("The scenario kept in this session is damaged ({first}{more}); ask for the session again.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::symbols::levers::Lever;

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

    /// A session holds its future, in the file and in the link; a file without one is of future 0, as all were.
    #[test]
    fn a_session_of_another_future_opens_as_that_future_and_one_of_before_as_future_0() {
        let mut s = played();
        assert!(!Saved::of(&s).to_text().contains("\"future\""));
        let old: Saved = Saved::from_text(&Saved::of(&s).to_text()).unwrap();
        assert_eq!(old.open().unwrap().fate(), Fate { seed: 11, future: 0, prior: false });
        for prior in [false, true] {
            s.turn_to(Fate { seed: 11, future: 17, prior });
            let saved = Saved::of(&s);
            for again in [Saved::from_text(&saved.to_text()).unwrap(), Saved::from_link(&saved.to_link()).unwrap()] {
                let t = again.open().unwrap();
                assert_eq!((t.fate(), t.script()), (s.fate(), s.script()));
                assert_eq!(t.branch().history.digest(), s.branch().history.digest());
            }
            let mut other = saved.clone();
            other.future = 16;
            assert!(other.open().err().unwrap().contains("another history"));
            other.future = u64::MAX;
            assert!(other.open().err().unwrap().contains("no batch counts to"));
        }
    }

    /// A session of another build says so, also where its histories are the same.
    #[test]
    fn a_session_of_another_model_says_so_when_it_is_opened() {
        let mut saved = Saved::of(&played());
        assert!(saved.remarks().is_empty());
        let model = saved.versions.model.clone();
        assert!(model.contains('+'), "{model}");
        saved.versions.model = "0.1.0".to_owned();
        let remarks = Saved::from_link(&saved.to_link()).unwrap().remarks();
        assert!(remarks.len() == 1 && remarks[0].contains("0.1.0") && remarks[0].contains(&model), "{remarks:?}");
        // The digest alone tells them apart.
        saved.versions.model = format!("{}+000000000000", env!("CARGO_PKG_VERSION"));
        assert_eq!(saved.remarks().len(), 1);
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
