//! The version of the model names one set of numbers: what numbers come from is in the name.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

#[allow(dead_code, reason = "Cargo calls its main function")]
#[path = "../crates/study/build.rs"]
mod build;

use build::{MADE_OF, digest};
use detente::tables::provenance::MODEL;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
        return;
    }
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

#[test]
fn the_version_is_that_of_the_package_with_the_digest_of_what_it_was_built_from() {
    assert_eq!(MODEL, format!("{}+{}", env!("CARGO_PKG_VERSION"), digest(&root()).unwrap()));
}

/// A room that is new is either in the name or known to show numbers only.
#[test]
fn every_room_that_numbers_come_from_is_in_the_name() {
    let shows = [
        "crates/app",
        "crates/class",
        "crates/engine",
        "crates/session",
        "crates/study/src/tables",
        "crates/study/src/docs.rs",
        "crates/study/src/lib.rs",
    ];
    let rooms = |folder: &str| {
        let folder = folder.to_owned();
        let entries = fs::read_dir(root().join(&folder)).unwrap();
        entries.map(move |entry| format!("{folder}/{}", entry.unwrap().file_name().to_str().unwrap()))
    };
    for room in rooms("crates").filter(|room| room != "crates/study").chain(rooms("crates/study/src")) {
        let in_the_name = MADE_OF.iter().any(|part| part.starts_with(&room));
        assert!(in_the_name != shows.contains(&room.as_str()), "{room}");
    }
}

#[test]
fn a_number_changed_anywhere_gives_another_name_and_a_folder_moved_does_not() {
    let elsewhere = tempfile::tempdir().unwrap();
    for part in MADE_OF {
        copy(&root().join(part), &elsewhere.path().join(part));
    }
    let here = digest(&root()).unwrap();
    assert_eq!(digest(elsewhere.path()).unwrap(), here);
    // Line ends as another machine writes them, and what an editor leaves behind.
    let table = elsewhere.path().join("crates/model/src/symbols/parameters.rs");
    let text = fs::read_to_string(&table).unwrap();
    fs::write(&table, text.replace('\n', "\r\n")).unwrap();
    fs::write(elsewhere.path().join("crates/model/src/symbols/parameters.rs.orig"), "old").unwrap();
    assert_eq!(digest(elsewhere.path()).unwrap(), here);
    let edits = [
        ("crates/model/src/symbols/parameters.rs", "0.5", "0.6"),
        ("scenarios/october-2023.toml", "=", " ="),
        ("crates/model/src/sim/force/fire.rs", "+", "-"),
        ("crates/study/src/futures/accumulate.rs", "+", "-"),
        ("Cargo.lock", "0", "1"),
    ];
    for (file, old, new) in edits {
        let path = elsewhere.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{file}");
        fs::write(&path, text.replacen(old, new, 1)).unwrap();
        assert_ne!(digest(elsewhere.path()).unwrap(), here, "{file}");
        fs::write(&path, text).unwrap();
    }
    fs::remove_file(elsewhere.path().join("scenarios/null.toml")).unwrap();
    assert_ne!(digest(elsewhere.path()).unwrap(), here);
}

/// Where a document gives numbers of a version, it is this one: whoever changes the version looks at them again.
#[test]
fn documents_name_the_version_that_their_numbers_are_of() {
    let mut named = 0;
    let mut texts = vec![root().join("README.md")];
    texts.extend(fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path()));
    for path in texts.iter().filter(|path| path.extension().is_some_and(|e| e == "md")) {
        let text = fs::read_to_string(path).unwrap();
        for (at, words) in text.match_indices("odel version ") {
            let rest = &text[at + words.len()..];
            let version: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
            if version.is_empty() {
                continue;
            }
            let version = version.trim_end_matches('.');
            assert_eq!(version, env!("CARGO_PKG_VERSION"), "{}", path.display());
            named += 1;
        }
    }
    assert!(named > 0, "no document says of which version its numbers are");
    let log = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    let head = format!("\n## {}", env!("CARGO_PKG_VERSION"));
    assert!(log.contains(&head), "the change log has no heading for this version");
}
