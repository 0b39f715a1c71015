//! The readers: what they promise of whatever they are given, and where their corpus lies.

use crate::mutate::Form;
use detente_model::camps::{Camp, camps};
use detente_model::record::recorder::record;
use detente_model::scenario::text::first_unseen;
use detente_model::scenario::{self, Errors, Loaded, lever_log, levers_at_start, load_text, reload};
use detente_model::sim::rules::Rules;
use detente_model::sim::world::Fate;
use detente_model::symbols::levers::{Lever, LeverChange};
use detente_session::Sitting;
use detente_session::chart::Ask;
use detente_session::cover;
use detente_session::file::Saved;
use detente_session::guesses::What;
use detente_session::steps::Step;
use detente_study::futures::blocks::{self, BLOCK, Slice, Stop};
use detente_study::futures::effect::Effect;
use detente_study::futures::ensemble::{Plan, Progress};
use detente_study::futures::pairs;
use detente_study::tables::provenance::{LeverLine, Provenance};
use detente_study::tables::run;
use detente_study::tables::table::Format;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tempfile::TempDir;

/// A reader of what others wrote.
pub struct Reader {
    /// Its name, for the command line.
    pub name: &'static str,
    /// How its inputs are made.
    pub form: Form,
    /// Folders of the repository that hold inputs.
    pub folders: &'static [&'static str],
    /// Words of the format.
    pub words: &'static [&'static str],
    /// Inputs that today's program writes: those of a folder may be of before.
    pub made: fn() -> Vec<Vec<u8>>,
    /// Reads an input, and says which promise the answer breaks.
    pub holds: fn(&[u8]) -> Result<(), String>,
}

/// All readers.
pub const READERS: &[Reader] = &[
    Reader {
        name: "scenario",
        form: Form::Toml,
        folders: &["fuzz/corpus/scenario", "crates/model/tests/broken", "crates/model/tests/fixtures", "scenarios"],
        words: &[
            "ISR",
            "HZB",
            "SHIPS",
            "ISR>HZB",
            "\"ISR>HZB\"",
            "\"ISR|HZB\"",
            "LEB",
            "streams",
            "value",
            "low",
            "high",
            "format",
            "days",
            "extends = \"november-2024\"",
            "extends = \"two-fronts\"",
            "levers",
            "lever_changes",
            "calendar",
            "parties",
            "offspring",
            "mu",
            "date",
            "unifil",
            "troops",
            "us.sanctions_relief",
            "x.y.z",
            "on",
            "without",
            "parameters",
            "beta_unifil",
        ],
        made: Vec::new,
        holds: scenario,
    },
    Reader {
        name: "session",
        form: Form::Json,
        folders: &["fuzz/corpus/session"],
        words: SESSION,
        made: || vec![SAVED.to_text().into_bytes(), slim().to_text().into_bytes()],
        holds: |input| session(Saved::from_bytes(input)),
    },
    Reader {
        name: "link",
        form: Form::Text,
        folders: &["fuzz/corpus/link"],
        words: &["#s=", "s=", "https://example.org/detente/#s=", "%3D", "3D", "=", "<", ">", " ", "\n"],
        made: || vec![SAVED.to_link().into_bytes(), format!("https://example.org/#s={}", SAVED.to_link()).into_bytes()],
        holds: |input| session(Saved::from_link(&String::from_utf8_lossy(input))),
    },
    Reader {
        name: "run",
        form: Form::Json,
        folders: &["fuzz/corpus/run"],
        words: MANIFEST,
        made: run_made,
        holds: run_read,
    },
    Reader {
        name: "batch",
        form: Form::Json,
        folders: &["fuzz/corpus/batch"],
        words: MANIFEST,
        made: || vec![kept(&BATCH.path().join("manifest.json"))],
        holds: batch,
    },
    Reader {
        name: "effect",
        form: Form::Json,
        folders: &["fuzz/corpus/effect"],
        words: MANIFEST,
        made: || vec![to_json(&effect_manifest())],
        holds: effect,
    },
    Reader {
        name: "block",
        form: Form::Text,
        folders: &[],
        words: &[],
        made: || vec![kept(&block_path())],
        holds: block,
    },
    Reader {
        name: "sums",
        form: Form::Text,
        folders: &[],
        words: &[],
        made: || vec![kept(&DONE.path().join("sums.block"))],
        holds: sums,
    },
];

const SESSION: &[&str] = &[
    "session_format",
    "versions",
    "scenario",
    "name",
    "hash",
    "content",
    "seed",
    "future",
    "drawn",
    "guesses",
    "revealed",
    "list",
    "about",
    "policy",
    "what",
    "kind",
    "chance",
    "hands",
    "outcome",
    "percent",
    "counts",
    "came",
    "steps",
    "title",
    "notes",
    "commands",
    "at",
    "camps",
    "description",
    "sets",
    "source",
    "branches",
    "id",
    "fork",
    "days",
    "levers",
    "day",
    "date",
    "lever",
    "value",
    "digest",
    "shown",
    "today",
    "unifil.troops",
    "saudi.sign_roadmap",
    "november-2024",
];
const MANIFEST: &[&str] = &[
    "files",
    "versions",
    "format",
    "model",
    "seed",
    "future",
    "params",
    "default",
    "prior",
    "drawn",
    "days",
    "start",
    "lever_log",
    "lever",
    "outcome",
    "digest",
    "scenario",
    "content",
    "first",
    "runs",
    "pairs",
    "block",
    "tables",
    "csv",
    "parquet",
    "unifil.troops",
];

impl Reader {
    /// The reader of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<&'static Self> {
        READERS.iter().find(|reader| reader.name == name)
    }

    /// What it is given first, and what is changed: files of the repository in the order of their names, then what today's program
    /// writes.
    #[must_use]
    pub fn corpus(&self) -> Vec<Vec<u8>> {
        let mut files: Vec<PathBuf> = Vec::new();
        for folder in self.folders {
            let entries = fs::read_dir(root().join(folder)).into_iter().flatten().flatten().map(|entry| entry.path());
            files.extend(entries.filter(|path| path.is_file() && path.extension().is_none_or(|e| e != "expected")));
        }
        files.sort();
        files.iter().filter_map(|path| fs::read(path).ok()).chain((self.made)()).collect()
    }
}

/// The root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Whether words stand on one line. What else is not seen, the command line writes out where it prints.
fn one_line(why: &str) -> Result<(), String> {
    hold(!why.trim().is_empty(), || "it says nothing".to_owned())?;
    hold(!why.contains(['\n', '\r']), || format!("its sentence has more than one line: {why:?}"))
}

/// Whether words can be shown as they are: nothing in them moves a cursor or turns the line round.
fn shown(why: &str) -> Result<(), String> {
    one_line(why)?;
    hold(first_unseen(why).is_none(), || format!("its sentence holds what is not seen: {why:?}"))
}

fn hold(it: bool, promise: impl FnOnce() -> String) -> Result<(), String> {
    if it { Ok(()) } else { Err(promise()) }
}

/// A scenario, or errors that can be mended: each has words and a place that is there. What is read is written and read again the same.
fn scenario(input: &[u8]) -> Result<(), String> {
    const NAME: &str = "fuzz.toml";
    let toml = String::from_utf8_lossy(input);
    match load_text(NAME, &toml) {
        Ok(loaded) => {
            let scenario = &loaded.scenario;
            hold(levers_at_start(scenario).values().iter().all(|value| value.is_finite()), || {
                "a lever is no number".to_owned()
            })?;
            hold(lever_log(scenario).is_sorted_by_key(|change| change.day), || "levers move out of order".to_owned())?;
            let text = toml::to_string(scenario).map_err(|error| format!("it cannot be written: {error}"))?;
            let again =
                load_text(NAME, &text).map_err(|errors| format!("what it wrote is refused: {errors}\n{text}"))?;
            hold(again == loaded, || format!("what it wrote is read otherwise:\n{text}"))?;
            // What is read can be started.
            let rules = Rules::new(&loaded);
            hold(rules.frame.days > 0, || "a scenario of no day".to_owned())
        }
        Err(Errors(errors)) => {
            hold(!errors.is_empty(), || "it is refused for nothing".to_owned())?;
            for error in &errors {
                one_line(&error.to_string())?;
                hold(!error.message.is_empty(), || format!("no message: {error}"))?;
                if error.file == NAME {
                    let lines = toml.split('\n').count();
                    hold(error.line <= lines, || format!("line {} of {lines}: {error}", error.line))?;
                    hold((error.line == 0) == (error.column == 0), || format!("half a place: {error}"))?;
                }
                // A structure that fits the schema but not the types would be a fault of this program.
                hold(!error.message.starts_with("cannot be understood"), || error.to_string())?;
            }
            Ok(())
        }
    }
}

/// Days on all branches up to which a session is not only read but replayed.
const FEW_DAYS: i64 = 30;

/// A session that opens, or one sentence. What opens and is saved again is the same.
fn session(read: Result<Saved, String>) -> Result<(), String> {
    let answer = read.and_then(|saved| {
        let (_, _) = saved.parts()?;
        let days: i64 = saved.branches.iter().map(|branch| i64::from(branch.days)).sum();
        if days > FEW_DAYS { Ok(None) } else { saved.open().map(Some) }
    });
    match answer {
        Err(why) => {
            shown(&why)?;
            hold(why.ends_with('.') && why.chars().count() < 700, || format!("no sentence: {why}"))?;
            hold(why.chars().next().is_some_and(char::is_uppercase), || format!("no sentence: {why}"))
        }
        Ok(None) => Ok(()),
        Ok(Some(sitting)) => {
            let saved = Saved::of(&sitting);
            let link = Saved::from_link(&saved.to_link()).map_err(|why| format!("its own link is refused: {why}"))?;
            let text = Saved::from_text(&saved.to_text()).map_err(|why| format!("its own file is refused: {why}"))?;
            hold(text == saved, || "its own file is read otherwise".to_owned())?;
            hold(link.branches == saved.branches, || "its own link is read otherwise".to_owned())
        }
    }
}

static SAVED: LazyLock<Saved> = LazyLock::new(|| {
    let mut sitting = Sitting::new(november(), 11);
    sitting.go_to(2);
    sitting.set_lever(Lever::UnifilTroops, 15_000.0).expect("it is admitted");
    let ask = Ask { futures: 64, days: 30, prior: true };
    sitting.guess(|guesses| guesses.on = true);
    let outcome = || "regional_war".to_owned();
    for what in
        [What::Chance { outcome: outcome(), percent: 20.0 }, What::Hands { outcome: outcome(), counts: [1, 2, 3] }]
    {
        cover::guess(&mut sitting, ask, "Somebody", what).expect("a lever is moved");
    }
    cover::reveal(&mut sitting, ask).expect("it is guessed about");
    sitting.go_to(4);
    sitting.fork("Other").expect("there is room");
    sitting.set_lever(Lever::SignRoadmap, 90.0).expect("it is admitted");
    sitting.go_to(6);
    for title in ["One", "Two"] {
        let commands = vec!["show 1 6".to_owned(), "panel why".to_owned()];
        let step = Step { title: title.to_owned(), notes: "Say this.\n\nThen that.".to_owned(), commands };
        sitting.prepare(|steps| steps.add(&step)).expect("there is room");
    }
    let own = camps().iter().map(|camp| Camp { name: "own".to_owned(), ..camp.clone() });
    own.take(1).for_each(|camp| sitting.add_camp(camp).expect("there is room"));
    Saved::of(&sitting)
});

/// Without its scenario, as a link holds it.
fn slim() -> Saved {
    Saved::from_link(&SAVED.to_link()).expect("it is our own")
}

fn november() -> Loaded {
    scenario::load("november-2024").expect("it is built in")
}

static LOADED: LazyLock<Loaded> = LazyLock::new(november);
static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::new(&LOADED));

fn to_json(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec_pretty(value).expect("plain data")
}

fn kept(path: &Path) -> Vec<u8> {
    fs::read(path).expect("it was just written")
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("there is room for temporary files")
}

fn moved() -> Vec<LeverChange> {
    let lever = Lever::UnifilTroops;
    let line = LeverLine { day: 3, date: RULES.date(3), lever: lever.id().to_owned(), value: 15_000.into() };
    vec![line.read(RULES.frame.start).expect("it is admitted")]
}

/// Puts an input under a name into a folder of its own, or one that is given.
fn written(folder: &Path, name: &str, input: &[u8]) -> Result<(), String> {
    fs::write(folder.join(name), input).map_err(|error| error.to_string())
}

fn said(stop: Stop) -> Result<(), String> {
    match stop {
        Stop::Asked => Err("it was stopped by nobody".to_owned()),
        Stop::Refused(sentence) => one_line(&sentence),
        Stop::Trouble(trouble) => one_line(&trouble.to_string()),
    }
}

/// What a manifest is of can be started, or one sentence says why not.
fn of(of: &Provenance) -> Result<(), String> {
    match reload(&of.scenario.content) {
        Err(errors) => one_line(&errors.to_string().replace('\n', " ")),
        Ok(loaded) => {
            let rules = Rules::new(&loaded);
            of.lever_log
                .iter()
                .try_for_each(|line| line.read(rules.frame.start).map_or_else(|why| one_line(&why), |_| Ok(())))
        }
    }
}

fn run_made() -> Vec<Vec<u8>> {
    let folder = folder();
    let path = folder.path().join("run");
    let fate = Fate { seed: 3, future: 2, prior: true };
    let log = moved();
    let run = record(&RULES, fate, &log, 5, |_| true).expect("nobody stops it");
    run::write_run(
        &path,
        Format::Csv,
        &LOADED,
        &RULES,
        run::Written { fates: fate.into(), log: &log, from: None },
        &run,
    )
    .expect("there is room");
    vec![kept(&path.join("manifest.json"))]
}

/// A manifest of a run, or one sentence.
fn run_read(input: &[u8]) -> Result<(), String> {
    let folder = folder();
    written(folder.path(), run::Manifest::NAME, input)?;
    match run::Manifest::read(folder.path()) {
        Err(why) => one_line(&why),
        Ok(manifest) => {
            let again: Result<run::Manifest, _> = serde_json::from_slice(&to_json(&manifest));
            hold(again.is_ok_and(|again| again == manifest), || "what it wrote is read otherwise".to_owned())?;
            of(&manifest.provenance())
        }
    }
}

fn batch_manifest() -> blocks::Manifest {
    let log = moved();
    let of = Provenance::of(&LOADED, &RULES, 4, 5, "default", &log);
    blocks::Manifest { of, first: 0, runs: 3, block: BLOCK, tables: "csv".to_owned() }
}

fn plan() -> Plan {
    Plan { seed: 5, days: 4, prior: false, log: moved(), from: None }
}

/// A batch whose block is there, and that has not ended.
static BATCH: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = folder();
    let store = blocks::Store::open(folder.path(), batch_manifest(), true).expect("it is empty");
    store.run(&RULES, &plan(), &store.pending(), 1, &Progress::default()).expect("nobody stops it");
    folder
});

/// The same, ended.
static DONE: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = folder();
    let store = blocks::Store::open(folder.path(), batch_manifest(), true).expect("it is empty");
    store.run(&RULES, &plan(), &store.pending(), 1, &Progress::default()).expect("nobody stops it");
    store.finish(&RULES, None, |sums| sums.runs).expect("all is there");
    folder
});

fn block_path() -> PathBuf {
    BATCH.path().join("blocks").join("0-3.block")
}

/// A manifest of a batch, or one sentence; a folder is only gone on with where it is of the same batch.
fn batch(input: &[u8]) -> Result<(), String> {
    let folder = folder();
    written(folder.path(), blocks::Store::MANIFEST, input)?;
    let _ = blocks::Manifest::is_of_a_batch(folder.path());
    match blocks::Manifest::read(folder.path()) {
        Err(stop) => said(stop)?,
        Ok(manifest) => {
            hold(manifest.futures().start <= manifest.futures().end, || "it ends before it begins".to_owned())?;
            of(&manifest.of)?;
        }
    }
    let there = blocks::Manifest::read(folder.path()).ok();
    match blocks::Store::open(folder.path(), batch_manifest(), true) {
        Err(stop) => said(stop),
        Ok(store) => {
            let there = there.ok_or("it goes on with what it cannot read")?;
            hold(batch_manifest().differences(&there).is_empty(), || "it goes on with another batch".to_owned())?;
            hold(blocks::Store::count(&store.pending()) == 3, || "futures are there that nobody ran".to_owned())
        }
    }
}

/// A block that was changed counts as missing.
fn block(input: &[u8]) -> Result<(), String> {
    let folder = folder();
    let blocks = folder.path().join("blocks");
    fs::create_dir(&blocks).map_err(|error| error.to_string())?;
    written(folder.path(), blocks::Store::MANIFEST, &kept(&BATCH.path().join(blocks::Store::MANIFEST)))?;
    written(&blocks, "0-3.block", input)?;
    match blocks::Store::open(folder.path(), batch_manifest(), true) {
        Err(stop) => Err(format!("for one block the whole batch is refused: {stop:?}")),
        Ok(store) => {
            let missing = blocks::Store::count(&store.pending()) == 3;
            hold(missing != (input == kept(&block_path())), || format!("changed and counted as missing: {missing}"))
        }
    }
}

/// Sums that were changed are refused, where the batch is joined with others and where its result is asked for.
fn sums(input: &[u8]) -> Result<(), String> {
    let folder = folder();
    for entry in fs::read_dir(DONE.path()).into_iter().flatten().flatten().filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), folder.path().join(entry.file_name())).map_err(|error| error.to_string())?;
    }
    written(folder.path(), "sums.block", input)?;
    // Lines' ends at the end of the file are nobody's numbers.
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map(|text| text.trim_end().to_owned()).ok();
    let same = text(input) == text(&kept(&DONE.path().join("sums.block")));
    match Slice::open(folder.path()) {
        Err(stop) => said(stop)?,
        Ok(_) => hold(same, || "it merges sums that were changed".to_owned())?,
    }
    let store = blocks::Store::open(folder.path(), batch_manifest(), true).map_err(|stop| format!("{stop:?}"))?;
    match store.result(&RULES, None) {
        Err(stop) => said(stop),
        Ok(_) => hold(same, || "it shows a result whose sums were changed".to_owned()),
    }
}

fn effect_manifest() -> pairs::Manifest {
    let of = Provenance::of(&LOADED, &RULES, 4, 5, "default", &moved());
    pairs::Manifest { of, what: pairs::What::Effect, pairs: 7 }
}

/// A manifest of an effect, or one sentence; a folder is only gone on with where it is of the same effect.
fn effect(input: &[u8]) -> Result<(), String> {
    let folder = folder();
    written(folder.path(), "manifest.json", input)?;
    let there = match pairs::Manifest::read(folder.path()) {
        Err(stop) => {
            said(stop)?;
            None
        }
        Ok(manifest) => {
            of(&manifest.of)?;
            Some(manifest)
        }
    };
    match pairs::Store::<Effect>::open(folder.path(), effect_manifest().of, 7, true) {
        Err(stop) => said(stop),
        Ok(store) => {
            let there = there.ok_or("it goes on with what it cannot read")?;
            hold(effect_manifest().of.differences(&there.of).is_empty(), || {
                "it goes on with another effect".to_owned()
            })?;
            let (sums, pending) = store.there(Effect::new(&RULES));
            hold(sums == Effect::new(&RULES) && pending.len() == 1 && pending[0] == (0..7), || {
                "pairs are there that nobody ran".to_owned()
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::symbols::levers::LEVERS;

    #[test]
    fn words_of_the_formats_are_words_of_the_formats() {
        for word in ["unifil.troops", "saudi.sign_roadmap"] {
            assert!(LEVERS.iter().any(|row| row.id == word), "{word}");
        }
        let text = String::from_utf8(to_json(&*SAVED)).unwrap();
        // How a guess came out is there only once its futures have come.
        for word in SESSION.iter().filter(|word| **word != "came") {
            assert!(text.contains(word), "{word}");
        }
    }

    #[test]
    fn every_reader_has_a_corpus_and_a_name_of_its_own() {
        for (i, reader) in READERS.iter().enumerate() {
            assert!(!reader.corpus().is_empty(), "{}", reader.name);
            assert!(READERS[..i].iter().all(|other| other.name != reader.name));
            for folder in reader.folders {
                assert!(root().join(folder).is_dir(), "{folder}");
            }
        }
    }
}
