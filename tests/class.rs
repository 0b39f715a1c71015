//! `detente class`: the program itself, asked over a socket, killed, and started again.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../crates/class/examples/kills/driver.rs"]
mod driver;

use detente_class::client::Client;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_detente"))
}

fn ran(line: &[&str]) -> Output {
    Command::new(program()).args(line).output().unwrap()
}

/// Ten kills; `cargo run -p detente-class --example kills` does two hundred.
#[test]
fn a_server_killed_at_random_moments_loses_no_acknowledged_order_and_doubles_none() {
    let folder = tempfile::tempdir().unwrap();
    let report = driver::lesson(program(), &folder.path().join("room"), 20, 10, 5).unwrap();
    assert!(report.kills == 10 && report.acknowledged > 20 && report.turns > 2, "{report:?}");
    assert!(report.kept >= report.acknowledged);
    // The program's own check agrees.
    let session = folder.path().join("class.detente");
    std::fs::write(&session, &report.session).unwrap();
    let replayed = ran(&["replay", session.to_str().unwrap()]);
    assert!(replayed.status.success(), "{}", String::from_utf8_lossy(&replayed.stderr));
    // And another room goes on from it.
    let other = folder.path().join("other");
    let line = ["class", session.to_str().unwrap(), "--port", "0", "--json", "--data", other.to_str().unwrap()];
    let mut server = Command::new(program()).args(line).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let opened: serde_json::Value = serde_json::from_str(&said).unwrap();
    let mut wall = Client::new(opened["address"].as_str().unwrap(), None).unwrap();
    let day = wall.get("/api/wall").unwrap().json()["day"].as_i64();
    server.kill().unwrap();
    server.wait().unwrap();
    let saved: serde_json::Value = serde_json::from_str(&report.session).unwrap();
    assert!(day.is_some() && day == saved["today"].as_i64(), "{day:?}");
}

#[test]
fn what_cannot_be_served_is_said_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let refused = |line: &[&str]| {
        let out = ran(line);
        let said = String::from_utf8(out.stderr).unwrap();
        assert!(out.status.code() == Some(2) && out.stdout.is_empty(), "{line:?}: {said}");
        said
    };
    let room = at("room");
    assert!(refused(&["class", "no-such-scenario", "--data", &room]).contains("no-such-scenario"));
    assert!(refused(&["class", "none.detente", "--data", &room]).contains("there is no such file"));
    assert!(refused(&["class", "--seats", &at("none.toml"), "--data", &room]).contains("cannot read the seats"));
    assert!(refused(&["class", "--port", "99999", "--data", &room]).contains("write a port"));
    assert!(!folder.path().join("room").exists(), "a slip leaves nothing behind");
    std::fs::write(at("seats.toml"), "[[seats]]\nid = 'ALL'\nname = 'x'\nbrief = ''\n").unwrap();
    assert!(refused(&["class", "--seats", &at("seats.toml"), "--data", &room]).contains("`ALL` is no id of a seat"));
    let file = at("file");
    std::fs::write(&file, "x").unwrap();
    assert!(refused(&["class", "--data", &file]).contains("cannot be made"));
    // A port that somebody has.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    assert!(refused(&["class", "--port", &port, "--data", &at("other")]).contains("give another with --port"));
    // A folder with a room of another scenario.
    assert!(
        refused(&["class", "october-2023", "--port", &port, "--data", &at("other")])
            .contains("holds a room of november-2024")
    );
}
