//! Names the model by what it is made of, so that builds that may give different numbers never share a name: a digest of the
//! sources that numbers come from, of the scenarios built in, and of the versions of libraries. It needs no repository and no
//! clock, and does not depend on where the sources lie or how their lines end.

use sha2::{Digest as _, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What numbers come from: the model and the statistics of many runs, and nothing that only shows them.
pub const MADE_OF: [&str; 7] = [
    "crates/model/src",
    "crates/study/src/futures",
    "crates/study/src/patterns",
    "crates/learn/src",
    "assets/observed/posterior.toml",
    "scenarios",
    "Cargo.lock",
];

/// Files under a path of `root`, as paths from there with `/` between names.
fn files(root: &Path, under: &str, into: &mut Vec<String>) -> io::Result<()> {
    let path = root.join(under);
    if !path.is_dir() {
        into.push(under.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        // What editors and interrupted writes leave behind is compiled by nobody.
        let counts = root.join(under).join(&*name).is_dir() || name.ends_with(".rs") || name.ends_with(".toml");
        if counts && !name.starts_with('.') {
            files(root, &format!("{under}/{name}"), into)?;
        }
    }
    Ok(())
}

/// The digest of the model whose sources lie under `root`: 12 hexadecimal digits.
///
/// # Errors
/// If a source cannot be read.
pub fn digest(root: &Path) -> io::Result<String> {
    let mut all = Vec::new();
    for part in MADE_OF {
        files(root, part, &mut all)?;
    }
    all.sort_unstable();
    let mut sha = Sha256::new();
    for file in all {
        let text = fs::read(root.join(&file))?;
        // Line ends are those of the machine, not of the model.
        let text: Vec<u8> = text.into_iter().filter(|&byte| byte != b'\r').collect();
        sha.update(format!("{file} {}\n", text.len()));
        sha.update(text);
    }
    Ok(sha.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect())
}

fn main() -> io::Result<()> {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../..");
    println!("cargo::rerun-if-changed=build.rs");
    for part in MADE_OF {
        println!("cargo::rerun-if-changed=../../{part}");
    }
    println!("cargo::rustc-env=DETENTE_SOURCES={}", digest(&root)?);
    Ok(())
}
