//! The command line as a user meets it: processes, exit statuses, bytes on the streams and in the folders.

#![allow(clippy::unwrap_used, reason = "a failing helper is a failing test")]

mod argue;
mod batch;
mod claims;
mod compare;
mod damaged;
mod design;
mod disk;
mod effect;
mod explain;
mod fit;
mod futures;
mod input;
mod interrupted;
mod learn;
mod lessons;
mod prose;
mod rank;
mod readme;
mod replay;
mod run;
mod score;
mod screen;

use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

/// The program under test.
const PROGRAM: &str = env!("CARGO_BIN_EXE_detente");

/// A command, with none of the variables that change how output looks.
fn detente<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(args);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(name);
    }
    command
}

/// What a command line in one string gives.
fn said(line: &str) -> Output {
    detente(line.split_whitespace()).output().expect("the program starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("output is UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("messages are UTF-8")
}

/// Standard output of a command that must succeed and say nothing on standard error.
fn done(line: &str) -> String {
    // On a busy machine work can take so long that it says how far it is.
    let args = std::iter::once("--quiet").chain(line.split_whitespace());
    let output = detente(args).output().expect("the program starts");
    assert!(output.status.success(), "{line}: {}", stderr(&output));
    assert_eq!(stderr(&output), "", "{line}");
    stdout(&output)
}

/// The one JSON value that a command prints, and nothing else.
fn json(line: &str) -> Value {
    let text = done(line);
    let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{line}: {error}\n{text}"));
    assert!(text.ends_with("}\n") || text.ends_with("]\n"), "{line} ends with one newline");
    value
}

/// A refusal: exit status 2, nothing on standard output; the messages.
fn refused(line: &str) -> String {
    let output = said(line);
    let messages = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{line}: {messages}");
    assert_eq!(stdout(&output), "", "{line}");
    assert!(!messages.contains("panicked"), "{line}: {messages}");
    messages
}

/// Keys of an object, in order of the alphabet.
fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// Every file below a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, prefix: &str, into: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).expect("the folder is there") {
            let entry = entry.expect("an entry");
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type().expect("a type").is_dir() {
                walk(&entry.path(), &format!("{name}/"), into);
            } else {
                into.insert(name, std::fs::read(entry.path()).expect("a file"));
            }
        }
    }
    let mut all = BTreeMap::new();
    walk(folder, "", &mut all);
    all
}

/// Names of the files below a folder.
fn names(folder: &Path) -> Vec<String> {
    files(folder).into_keys().collect()
}
