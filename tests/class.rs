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

/// A room, opened by the program itself, and the facilitator's client.
struct Served {
    child: std::process::Child,
    host: Client,
}

impl Served {
    fn open(line: &[&str]) -> Self {
        let mut child =
            Command::new(program()).args(line).args(["--port", "0", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let opened: serde_json::Value = serde_json::from_str(&said).unwrap();
        let text = |key: &str| opened[key].as_str().unwrap().to_owned();
        Self { child, host: Client::new(&text("address"), Some(&text("facilitator_key"))).unwrap() }
    }

    fn get(&mut self, path: &str) -> serde_json::Value {
        self.host.get(path).unwrap().json()
    }

    fn post(&mut self, path: &str, body: serde_json::Value) {
        let reply = self.host.post(path, &body).unwrap();
        assert!(reply.status < 300, "{path}: {}", reply.json());
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn a_room_that_goes_on_from_a_session_knows_whose_its_orders_were_and_goes_back_over_its_start() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let mut one = Served::open(&["class", "--data", &at("monday")]);
    for turn in 1..=2 {
        one.post("/api/orders", serde_json::json!({ "lever": "restraint.isr_gaz", "value": f64::from(turn) / 2.0 }));
        one.post("/api/turn", serde_json::json!({ "days": 9 }));
    }
    let text = one.host.get("/api/session").unwrap().body;
    std::fs::write(at("class.detente"), &text).unwrap();
    let line = ["class", &at("class.detente"), "--data", &at("tuesday")].map(str::to_owned);
    let line: Vec<&str> = line.iter().map(String::as_str).collect();
    let mut other = Served::open(&line);
    let view = other.get("/api/view");
    assert_eq!((&view["turn"], &view["day"], view["turns"].as_array().unwrap().len()), (&3.into(), &18.into(), 2));
    assert_eq!(other.get("/api/session")["orders"], one.get("/api/session")["orders"]);
    other.post("/api/turn", serde_json::json!({ "days": 1 }));
    other.post("/api/rewind", serde_json::json!({ "turn": 2 }));
    drop(other);
    // The folder holds all of it.
    let mut again = Served::open(&["class", "--data", &at("tuesday")]);
    assert_eq!((&again.get("/api/view")["turn"], &again.get("/api/view")["day"]), (&5.into(), &9.into()));
    let orders = again.get("/api/session")["orders"].clone();
    assert_eq!((orders.as_array().unwrap().len(), &orders[1]["seat"]), (2, &"HOST".into()), "{orders}");
}

#[test]
fn sheets_are_those_of_the_start_and_a_small_class_has_six() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let sheets = |line: &[&str]| {
        let mut room = Served::open(line);
        let seats = room.get("/api/seats")["seats"].as_array().unwrap().clone();
        (seats.len(), serde_json::to_string(&seats).unwrap())
    };
    let (many, november) = sheets(&["class", "--data", &at("november")]);
    assert!(many == 12 && november.contains("fourteenth month"));
    let (many, october) = sheets(&["class", "october-2023", "--data", &at("october")]);
    assert!(many == 12 && october.contains("since yesterday") && !october.contains("fourteenth month"));
    let (few, six) = sheets(&["class", "october-2023", "--seats", "six", "--data", &at("six")]);
    assert!(few == 6 && six.contains("Lebanon, Iraq and the Palestinians"));
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
    // A start for which no sheets are written.
    let spring = "format = 1\nextends = \"november-2024\"\nname = \"spring\"\ntitle = \"x\"\ndescription = \"x\"\nstart = \"2024-12-01\"\n";
    std::fs::write(at("spring.toml"), spring).unwrap();
    let said = refused(&["class", &at("spring.toml"), "--data", &at("spring")]);
    assert!(said.contains("starts on 2024-12-01") && said.contains("--seats six"), "{said}");
    // A certificate without its key, and files that are none.
    assert!(refused(&["class", "--tls-certificate", &at("file"), "--data", &room]).contains("--tls-key"));
    std::fs::write(at("chain.pem"), "x").unwrap();
    let line = ["class", "--tls-certificate", &at("chain.pem"), "--tls-key", &at("chain.pem"), "--data", &at("tls")];
    assert!(refused(&line).contains("there is no certificate in"));
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
