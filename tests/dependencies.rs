//! What the manifests say: nothing is declared that nothing uses, and all name the same compiler.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn manifest(folder: &Path) -> Table {
    fs::read_to_string(folder.join("Cargo.toml")).unwrap().parse().unwrap()
}

/// The folders of all packages, those that are no members of the workspace among them.
fn packages() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(root().join("crates")).unwrap().map(|e| e.unwrap().path()).collect();
    folders.extend(["", "dev", "fuzz", "python", "web"].map(|folder| root().join(folder)));
    folders.retain(|folder| folder.join("Cargo.toml").exists());
    folders.sort();
    folders
}

/// Every name that some manifest depends on, by the kind of its table, tables for one kind of machine among them.
fn declared(manifest: &Table) -> BTreeSet<(&'static str, String)> {
    let of_machines = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    let mut found = BTreeSet::new();
    for table in of_machines.filter_map(Value::as_table).chain([manifest]) {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let names = table.get(kind).and_then(Value::as_table).into_iter().flat_map(Table::keys);
            found.extend(names.map(|name| (kind, name.clone())));
        }
    }
    found
}

/// The lines of code under some paths of a package, without comments.
fn code(package: &Path, paths: &[&str]) -> String {
    let mut text = String::new();
    let mut next: Vec<PathBuf> = paths.iter().map(|path| package.join(path)).collect();
    while let Some(path) = next.pop() {
        if path.is_dir() {
            next.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "rs") && path.exists() {
            let file = fs::read_to_string(&path).unwrap();
            text.extend(file.lines().filter(|l| !l.trim_start().starts_with("//")).flat_map(|line| [line, "\n"]));
        }
    }
    text
}

/// Whether a crate is named: in a path, or in a `use`.
fn names(code: &str, name: &str) -> bool {
    let word = name.replace('-', "_");
    code.match_indices(&word).any(|(at, _)| {
        let before = code[..at].chars().next_back().unwrap_or(' ');
        let after = &code[at + word.len()..];
        let alone = !(before.is_alphanumeric() || "_:.".contains(before));
        alone && (after.starts_with("::") || (code[..at].ends_with("use ") && after.starts_with([';', ' '])))
    })
}

#[test]
fn nothing_is_declared_that_nothing_uses() {
    assert!(
        names("use libm;\nlet x = 1;", "libm")
            && names("rand::random()", "rand")
            && names("a(bevy_ecs::b)", "bevy-ecs")
    );
    assert!(!names("operand::x, x::rand::y, rand, libm_x::y", "rand") && !names("use libmx::y;", "libm"));
    let mut unused = Vec::new();
    let mut seen = 0;
    for package in packages() {
        // A crate that is only begun has its dependencies before its code.
        if code(&package, &["src"]).lines().count() < 20 {
            continue;
        }
        for (kind, name) in declared(&manifest(&package)) {
            let paths: &[&str] = match kind {
                "dependencies" => &["src"],
                // The build script of `study` is a module of a test here.
                "dev-dependencies" => &["src", "tests", "benches", "examples", "crates/study/build.rs"],
                _ => &["build.rs"],
            };
            seen += 1;
            if !names(&code(&package, paths), &name) {
                unused.push(format!("{} of {}/Cargo.toml ({kind})", name, package.display()));
            }
        }
    }
    assert!(seen > 80, "the manifests were read: {seen}");
    assert!(unused.is_empty(), "declared and named by no code: {unused:#?}");
}

/// What several crates use is said once, in the workspace, and nothing is said there that no member takes up.
#[test]
fn the_workspace_says_what_its_members_take() {
    let manifests: Vec<Table> = packages().iter().map(|package| manifest(package)).collect();
    let taken: BTreeSet<String> = manifests.iter().flat_map(declared).map(|(_, name)| name).collect();
    let whole = manifest(&root());
    let offered = whole["workspace"]["dependencies"].as_table().unwrap();
    for name in offered.keys() {
        assert!(taken.contains(name), "no member takes `{name}` of [workspace.dependencies]");
    }
}

#[test]
fn the_pinned_compiler_is_the_one_that_the_manifests_ask_for() {
    let pinned: Table = fs::read_to_string(root().join("rust-toolchain.toml")).unwrap().parse().unwrap();
    let channel = pinned["toolchain"]["channel"].as_str().unwrap();
    let whole = manifest(&root());
    let [web, dev, python] = ["web", "dev", "python"].map(|folder| manifest(&root().join(folder)));
    for asked in [
        &whole["workspace"]["package"]["rust-version"],
        &web["package"]["rust-version"],
        &dev["package"]["rust-version"],
        &python["package"]["rust-version"],
    ] {
        let asked = asked.as_str().unwrap();
        assert!(
            channel == asked || channel.starts_with(&format!("{asked}.")),
            "{channel} is pinned, {asked} asked for"
        );
    }
}

/// The package in Python has a lock of its own, and gives the numbers of the program: so what both are built from is the same.
#[test]
fn the_package_in_python_is_built_from_the_same_versions() {
    let versions = |folder: &str| -> BTreeSet<(String, String)> {
        let lock: Table = fs::read_to_string(root().join(folder).join("Cargo.lock")).unwrap().parse().unwrap();
        let of = |package: &Value| {
            let text = |key: &str| package[key].as_str().unwrap().to_owned();
            (text("name"), text("version"))
        };
        lock["package"].as_array().unwrap().iter().map(of).collect()
    };
    let (whole, python) = (versions("."), versions("python"));
    let names: BTreeSet<&str> = whole.iter().map(|(name, _)| name.as_str()).collect();
    let shared: Vec<_> = python.iter().filter(|(name, _)| names.contains(name.as_str())).collect();
    assert!(shared.len() > 100, "{}", shared.len());
    let other: Vec<_> = shared.into_iter().filter(|package| !whole.contains(package)).collect();
    assert!(other.is_empty(), "copy their versions into python/Cargo.lock: {other:?}");
    // Nothing of what draws or serves comes with it.
    let carried = |name: &str| python.iter().any(|(carried, _)| carried == name);
    for name in ["detente-app", "detente-class", "axum", "hyper", "rusqlite", "bevy_app", "egui", "wgpu", "winit"] {
        assert!(names.contains(name) && !carried(name), "python/Cargo.lock has {name}");
    }
    let [whole, python] = ["", "python"].map(|folder| manifest(&root().join(folder)));
    assert_eq!(whole["workspace"]["package"]["version"], python["package"]["version"]);
}
