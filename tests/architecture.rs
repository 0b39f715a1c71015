//! The invariants of ARCHITECTURE.md that a test can keep.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
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
                let code = without_tests(&fs::read_to_string(&path).unwrap());
                files.push((path, code));
            }
        }
    }
    assert!(!files.is_empty(), "{under} has no source");
    files
}

/// Source without comments and without what is built for tests only, which may look anywhere.
fn without_tests(code: &str) -> String {
    let mut kept = String::new();
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        if line.trim_start().starts_with("//") {
            continue;
        }
        if line.trim() != "#[cfg(test)]" {
            kept.push_str(line);
            kept.push('\n');
            continue;
        }
        // One item: to its semicolon, or to the brace that closes it.
        let (mut depth, mut opened) = (0_i32, false);
        for line in lines.by_ref() {
            depth += line.matches('{').count() as i32 - line.matches('}').count() as i32;
            opened |= line.contains('{');
            if (opened && depth <= 0) || (!opened && line.trim_end().ends_with(';')) {
                break;
            }
        }
    }
    kept
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
        "crates/learn/src",
        "crates/session/src",
        "crates/class/src",
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

/// Every path that begins with `crate`, `self` or `super`, those of `use` trees written out.
fn paths(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = ["crate::", "self::", "super::"].iter().filter_map(|start| rest.find(start)).min() {
        let named_by_itself = !rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
        let tail = &rest[at..];
        let end = tail
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':' || c == '{'))
            .filter(|_| !tail[..tail.find([' ', ';', '(', ')', ',', '\n']).unwrap_or(tail.len())].contains('{'))
            .unwrap_or_else(|| tail.find(';').unwrap_or(tail.len()));
        if named_by_itself {
            branch("", tail[..end].trim_end_matches(':'), &mut found);
        }
        rest = &rest[at + end.max(1)..];
    }
    found
}

/// Writes a `use` tree out into its paths.
fn branch(before: &str, tree: &str, into: &mut Vec<String>) {
    let Some(open) = tree.find('{') else {
        let path = tree.split(" as ").next().unwrap_or(tree).split_whitespace().collect::<String>();
        into.push(format!("{before}{path}"));
        return;
    };
    let (stem, inside) = (format!("{before}{}", tree[..open].trim()), &tree[open + 1..]);
    let (mut depth, mut start) = (0, 0);
    for (i, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                branch(&stem, inside[start..i].trim(), into);
                return;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                branch(&stem, inside[start..i].trim(), into);
                start = i + 1;
            }
            _ => {}
        }
    }
}

/// Every file of a crate by the path of its module, with the files that its code names. What a room's own page lists and what
/// a file takes from that page are one file each; a path leads to the deepest file that it goes through.
fn arrows(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(source);
    let files: BTreeMap<Vec<String>, String> = sources(source)
        .into_iter()
        .map(|(path, code)| {
            let inside = path.strip_prefix(&root).unwrap().with_extension("");
            let mut module: Vec<String> = inside.iter().map(|s| s.to_str().unwrap().to_owned()).collect();
            module.pop_if(|last| last == "mod" || last == "lib" || last == "main");
            (module, code)
        })
        .collect();
    let mut arrows = BTreeMap::new();
    for (here, code) in &files {
        let mut to = BTreeSet::new();
        for path in paths(code) {
            let mut full = here.clone();
            for segment in path.split("::") {
                match segment {
                    "crate" => full.clear(),
                    "self" | "" => {}
                    "super" => drop(full.pop()),
                    name => full.push(name.to_owned()),
                }
            }
            while !files.contains_key(&full) && full.pop().is_some() {}
            if !full.is_empty() && full != *here {
                to.insert(full.join("::"));
            }
        }
        arrows.insert(here.join("::"), to);
    }
    arrows
}

/// Files that lead back to themselves.
fn in_circles(arrows: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let reached = |from: &String| {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&String> = arrows[from].iter().collect();
        while let Some(file) = next.pop() {
            if seen.insert(file) {
                next.extend(arrows.get(file).into_iter().flatten());
            }
        }
        seen
    };
    arrows.keys().filter(|file| reached(file).contains(file)).cloned().collect()
}

#[test]
fn arrows_are_seen_and_circles_found() {
    assert_eq!(
        paths("use crate::a::{b, c::{D, e as f}};\nlet x = super::g::H;\npub use self::i;\nxcrate::no"),
        ["crate::a::b", "crate::a::c::D", "crate::a::c::e", "super::g::H", "self::i"]
    );
    assert_eq!(
        without_tests("a\n#[cfg(test)]\nmod t {\n  use crate::x;\n}\nb\n#[cfg(test)]\nuse crate::y;\nc\n"),
        "a\nb\nc\n"
    );
    let drawn = arrows("crates/model/src");
    assert!(drawn["sim::day"].contains("sim::force::fire"), "the day calls the mechanisms: {:?}", drawn["sim::day"]);
    let circle = |arrow: [(&str, &str); 3]| {
        in_circles(&arrow.into_iter().map(|(a, b)| (a.to_owned(), BTreeSet::from([b.to_owned()]))).collect())
    };
    assert_eq!(circle([("a", "b"), ("b", "c"), ("c", "b")]), ["b", "c"]);
    assert!(circle([("a", "b"), ("b", "c"), ("c", "d")]).is_empty());
}

#[test]
fn no_file_leads_back_to_itself() {
    for source in [
        "crates/model/src",
        "crates/study/src",
        "crates/learn/src",
        "crates/engine/src",
        "crates/session/src",
        "crates/class/src",
        "crates/app/src",
        "src",
        "fuzz/src",
    ] {
        let circles = in_circles(&arrows(source));
        assert!(circles.is_empty(), "{source}: a circle runs through {circles:?}");
    }
}

/// What a crate may not have below it, wherever it comes from.
#[test]
fn no_crate_below_the_window_knows_rendering() {
    let tree = |package: &str, features: &[&str]| {
        let out = std::process::Command::new(env!("CARGO"))
            .args(["tree", "--offline", "--locked", "--edges", "normal", "--prefix", "none", "--package", package])
            .args(features)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    };
    let rendering = ["wgpu", "winit", "egui", "bevy_render", "bevy_app", "accesskit"];
    for (package, features) in [
        ("detente-model", &[][..]),
        ("detente-study", &[]),
        ("detente-learn", &[]),
        ("detente-engine", &[]),
        ("detente-session", &[]),
        ("detente-class", &[]),
        ("detente", &["--no-default-features"]),
        ("detente-app", &["--no-default-features"]),
    ] {
        let tree = tree(package, features);
        assert!(tree.contains(package));
        for name in rendering {
            assert!(!tree.lines().any(|line| line.starts_with(&format!("{name} "))), "{package} draws in {name}");
        }
        if package == "detente-model" {
            for name in ["parquet", "csv", "clap", "detente-study", "detente-session"] {
                assert!(!tree.lines().any(|line| line.starts_with(&format!("{name} "))), "{package} draws in {name}");
            }
        }
    }
    assert!(tree("detente", &[]).contains("bevy_render "), "the check sees what is there");
}
