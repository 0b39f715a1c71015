//! The invariants of ARCHITECTURE.md that a test can keep.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};

fn sources(under: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(under)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let code = fs::read_to_string(&path).unwrap();
                // Tests may look anywhere.
                let code = code.split("#[cfg(test)]").next().unwrap().to_owned();
                files.push((path, code));
            }
        }
    }
    assert!(!files.is_empty(), "{under} has no source");
    files
}

fn never(under: &str, words: &[&str], why: &str) {
    for (path, code) in sources(under) {
        for word in words {
            for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
                assert!(!line.contains(word), "{}: `{word}` in `{}`: {why}", path.display(), line.trim());
            }
        }
    }
}

#[test]
fn the_simulation_knows_neither_files_nor_the_record() {
    never("crates/model/src/sim", &["crate::record", "std::fs", "std::io"], "rooms point one way");
    never(
        "crates/model/src/chance",
        &["crate::sim", "crate::record", "crate::scenario", "crate::symbols"],
        "chance knows nobody",
    );
    never("crates/model/src/symbols", &["crate::sim", "crate::record", "crate::scenario"], "the tables know nobody");
    never("crates/session/src", &["bevy", "egui"], "a sitting is the same with a window, on a page and in a test");
    never("crates/session/src", &["std::fs"], "whoever shows a sitting keeps its files");
}

#[test]
fn no_clock_thread_or_hash_order_shows_in_the_model() {
    for room in
        ["crates/model/src/sim", "crates/model/src/chance", "crates/model/src/symbols", "crates/model/src/scenario"]
    {
        never(room, &["std::time", "Instant::now", "SystemTime", "thread::", "HashMap", "HashSet"], "a run is pure");
    }
    never(
        "crates/model/src/sim",
        &["Local<", "Res<Time", "Changed<", "Added<"],
        "nothing of Bevy's own bookkeeping enters a day",
    );
    never("crates/model/src/sim", &["sort_by_key(|e|", "Entity>>"], "entities have no order");
}

#[test]
fn only_the_command_line_speaks() {
    for room in [
        "crates/model/src/sim",
        "crates/model/src/chance",
        "crates/model/src/symbols",
        "crates/model/src/scenario",
        "crates/model/src/record",
        "crates/study/src/futures",
        "crates/session/src",
    ] {
        never(room, &["println!", "print!(", "eprintln!", "eprint!(", "dbg!("], "text leaves through the command line");
    }
}

#[test]
fn events_become_words_in_one_place() {
    for (path, code) in sources("crates/model/src/sim") {
        let format = code.lines().filter(|l| l.contains("format!(") && !l.trim_start().starts_with("//")).count();
        let allowed = if ["rules/compile.rs", "rules/estimates.rs", "world.rs", "mechanisms.rs"]
            .iter()
            .any(|f| path.ends_with(f))
        {
            20
        } else {
            0
        };
        assert!(format <= allowed, "{} makes text", path.display());
    }
}

/// The day's order is total: the schedule is built with ambiguities as errors, so one run is enough to know.
#[test]
fn the_order_of_the_day_is_total() {
    let loaded = detente::scenario::load("november-2024").unwrap();
    let rules = detente::sim::rules::Rules::new(&loaded);
    let fate = detente::sim::world::Fate { seed: 1, future: 0, prior: false };
    let mut simulation: detente::sim::world::Simulation =
        detente::sim::world::Simulation::new(&rules, fate, Vec::new());
    simulation.run(3);
    assert_eq!(simulation.day(), 3);
}
