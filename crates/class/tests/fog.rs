//! Canaries in every seat's orders, wishes, words and packages, and every number and sentence of the world that a seat may not know:
//! over a whole lesson no byte of them reaches another seat, in any answer, head or stream.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use common::known::{hears, knowers};
use common::{ORDERS, SEATS, host, open_with, seated};
use detente_class::client::{Client, Reply};
use detente_class::limits::Limits;
use detente_model::record::say;
use detente_session::Sitting;
use detente_session::file::Saved;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const TURNS: u32 = 8;
const DAYS: i32 = 14;

/// All bytes of an answer.
fn bytes_of(reply: &Reply) -> String {
    format!("{}{}\n", reply.head, String::from_utf8_lossy(&reply.body))
}

/// Every byte that a seat can get, by any way of asking.
fn everything(client: &mut Client) -> String {
    let mut bytes = String::new();
    let mut ask = |client: &mut Client, method: &str, path: &str, body: Option<Value>| {
        let reply = client.ask(method, path, body.as_ref()).unwrap();
        assert!(reply.status != 429, "asked too fast");
        bytes.push_str(&bytes_of(&reply));
        reply.json()
    };
    for path in [
        "/api/seats",
        "/api/view",
        "/api/levers",
        "/api/wall",
        "/api/session",
        "/api/debrief",
        "/api/nothing",
        "/",
        "/host",
        "/qr.svg",
    ] {
        ask(client, "GET", path, None);
    }
    let mut heard = 0;
    for stream in ["/api/poll", "/api/wall/poll"] {
        let mut after = 0;
        loop {
            let said = ask(client, "GET", &format!("{stream}?after={after}&wait=0"), None);
            let last = said["last"].as_u64().unwrap();
            if last == after {
                break;
            }
            after = last;
        }
        heard = if stream == "/api/poll" { after } else { heard };
    }
    // Refusals say no more than answers do.
    for (_, lever, _) in ORDERS {
        ask(client, "POST", "/api/orders", Some(json!({ "lever": lever, "value": "no such value" })));
    }
    for proposal in 1..8 {
        ask(client, "POST", &format!("/api/proposals/{proposal}"), Some(json!({ "do": "amend", "terms": [] })));
    }
    for seat in SEATS {
        ask(client, "POST", "/api/seat", Some(json!({ "seat": seat })));
    }
    for (path, body) in [
        ("/api/turn", json!({ "days": 1 })),
        ("/api/assign", json!({ "player": 0, "seat": "IRN" })),
        ("/api/head", json!({ "player": 1 })),
        ("/api/rewind", json!({ "turn": 1 })),
        ("/api/delete", json!({ "code": "AAAAA" })),
        ("/api/forget", json!({ "player": 12 })),
    ] {
        ask(client, "POST", path, Some(body));
    }
    if heard > 0 {
        let mut stream = client.listen("/api/events", 0).unwrap();
        for _ in 0..heard {
            bytes.push_str(&stream.next_item().unwrap().1.to_string());
        }
    }
    bytes
}

/// A value as it could be written: whole, and as pages shorten it.
fn written(value: f64) -> String {
    value.to_string().chars().take(9).collect()
}

/// A value as pages write it.
fn shown(value: f64) -> String {
    json!(format!("{value:.3e}").parse::<f64>().unwrap()).to_string()
}

/// Whether a text is a number that stands nowhere by chance: four digits that mean something.
fn is_told_apart(text: &str) -> bool {
    let digits: String = text.split('e').next().unwrap().chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').len() >= 4
}

/// Whether a number stands in bytes, or begins one with more digits.
fn stands(bytes: &str, number: &str) -> bool {
    let before = |at: usize| bytes[..at].chars().next_back();
    bytes.match_indices(number).any(|(at, _)| before(at).is_none_or(|c| !c.is_ascii_digit() && c != '.' && c != '-'))
}

/// What the world holds on an evening, and what has happened since a day, with those who may know each.
struct Evening {
    /// Series by name, with their values.
    series: Vec<(String, f64)>,
    /// Sentences, as a stream writes them.
    sentences: Vec<(String, Option<Vec<&'static str>>)>,
}

impl Evening {
    fn of(sitting: &Sitting, since: i32) -> Self {
        let row = sitting.stage().row(&sitting.rules, sitting.now());
        let series = sitting.stage().columns().iter().zip(row).map(|(column, value)| (column.name.clone(), value));
        let events = sitting.branch().history.events.iter().filter(|(id, _)| id.day >= since);
        let sentences = events.map(|(_, event)| {
            let text = json!(say::sentence(&sitting.rules, event)).to_string();
            (text.trim_matches('"').to_owned(), hears(&sitting.rules, event))
        });
        Self { series: series.collect(), sentences: sentences.collect() }
    }

    /// Numbers that a seat may not know, and which no number that it may know is written alike.
    fn hidden_numbers(&self, seat: &str) -> Vec<(&str, String)> {
        let may = |name: &str| knowers(name).is_none_or(|seats| seats.contains(&seat));
        let (known, hidden): (Vec<_>, Vec<_>) = self.series.iter().partition(|(name, _)| may(name));
        let known: BTreeSet<String> = known.into_iter().map(|(_, value)| shown(*value)).collect();
        let told_apart = hidden.into_iter().map(|(name, value)| (name.as_str(), shown(*value)));
        told_apart.filter(|(_, text)| is_told_apart(text) && !known.contains(text)).collect()
    }

    /// Sentences that a seat may not know.
    fn hidden_sentences(&self, seat: &str) -> Vec<&str> {
        let may = |who: &Option<Vec<&str>>| who.as_ref().is_none_or(|seats| seats.contains(&seat));
        let known: BTreeSet<&str> =
            self.sentences.iter().filter(|(_, who)| may(who)).map(|(text, _)| text.as_str()).collect();
        let hidden = self.sentences.iter().filter(|(_, who)| !may(who)).map(|(text, _)| text.as_str());
        hidden.filter(|text| !known.contains(text)).collect()
    }
}

/// Everybody on a new connection.
fn renew(clients: &mut BTreeMap<&str, Client>, second: &mut Client, host: &mut Client) {
    for client in clients.values_mut().chain([second, host]) {
        *client = client.clone();
    }
}

#[test]
fn no_byte_of_one_seat_reaches_another_over_a_whole_lesson() {
    let folder = tempfile::tempdir().unwrap();
    let room = open_with(folder.path(), &[], false, 0, Limits::times(50.0));
    let mut clients: BTreeMap<&str, Client> = SEATS.iter().map(|&seat| (seat, seated(&room, seat))).collect();
    // A second member of one delegation, whose orders are wishes.
    let mut second = seated(&room, "IRN");
    let mut host = host(&room);
    // What must be found, by whom, so that the search is known to see; and by nobody else.
    let mut canaries: Vec<(String, Vec<&str>)> = Vec::new();
    for seat in SEATS {
        canaries.push((format!("someone of {seat}"), vec![seat]));
    }
    let (mut numbers, mut own, mut sentences) = (0, 0, 0);
    for turn in 1..=TURNS {
        let mut answers: BTreeMap<&str, String> = BTreeMap::new();
        // A connection that nobody used for a while is closed: on a busy machine the others take their time.
        renew(&mut clients, &mut second, &mut host);
        let mut told = |seat: &'static str, reply: &Reply| answers.entry(seat).or_default().push_str(&bytes_of(reply));
        for (at, (seat, lever, value)) in ORDERS.into_iter().enumerate() {
            // Another value each turn, so that each turn's is looked for.
            let value = value * (1.0 - 0.037 * f64::from(turn));
            let client = clients.get_mut(seat).unwrap();
            let reply = client.post("/api/orders", &json!({ "lever": lever, "value": value })).unwrap();
            assert_eq!(reply.status, 202, "{}", reply.json());
            told(seat, &reply);
            canaries.push((written(value), vec![seat]));
            let other = ORDERS[(at + 3) % ORDERS.len()].0;
            let words = format!("canary-{seat}-{turn}");
            told(seat, &client.post("/api/messages", &json!({ "to": other, "text": words })).unwrap());
            canaries.push((words, vec![seat, other]));
            told(seat, &client.post("/api/predictions", &json!({ "question": "war", "percent": 37 })).unwrap());
        }
        let wish = 0.371_913_7 + f64::from(turn) / 31.0;
        let reply = second.post("/api/orders", &json!({ "lever": "iran.response_scale", "value": wish })).unwrap();
        assert_eq!((reply.status, reply.json()["wish"].as_u64()), (202, Some(u64::from(turn))));
        canaries.push((written(wish), vec!["IRN"]));
        let title = format!("canary deal {turn}");
        let value = 1.211_377_3 + f64::from(turn) / 40.0;
        let terms = json!({ "title": title, "terms": [{ "lever": "israel.response_scale", "value": value }] });
        let reply = clients.get_mut("IRN").unwrap().post("/api/proposals", &terms).unwrap();
        assert_eq!(reply.status, 201);
        told("IRN", &reply);
        canaries.push((title, vec!["IRN", "ISR"]));
        canaries.push((written(value), vec!["IRN", "ISR"]));
        let secret = host.get("/api/view").unwrap().json()["digest"].as_str().unwrap().to_owned();
        canaries.push((secret, Vec::new()));
        for secret in [&room.facilitator_key, &room.code] {
            canaries.push((secret.clone(), Vec::new()));
        }
        let session = host.get("/api/session").unwrap().json();
        canaries.push((format!("\"seed\":{}", session["seed"]), Vec::new()));
        for phase in ["before", "after"] {
            renew(&mut clients, &mut second, &mut host);
            let saved = Saved::from_bytes(&host.get("/api/session").unwrap().body).unwrap().open().unwrap();
            // From the first day on: what was not to be known then is not told later.
            let evening = Evening::of(&saved, 0);
            for (seat, client) in &mut clients {
                *client = client.clone();
                let bytes = everything(client) + answers.get(seat).map_or("", String::as_str);
                for (canary, known) in &canaries {
                    let may = known.contains(seat);
                    assert!(may || !bytes.contains(canary), "turn {turn}, {phase} it closed: {seat} sees {canary}");
                }
                for (name, text) in evening.hidden_numbers(seat) {
                    // A number of its own that begins alike is none of another's.
                    if canaries.iter().any(|(own, known)| known.contains(seat) && own.starts_with(&text)) {
                        continue;
                    }
                    assert!(!stands(&bytes, &text), "turn {turn}, {phase} it closed: {seat} sees {text} of {name}");
                    numbers += 1;
                }
                for text in evening.hidden_sentences(seat) {
                    assert!(!bytes.contains(text), "turn {turn}, {phase} it closed: {seat} reads “{text}”");
                    sentences += 1;
                }
                let mine = evening.series.iter().filter(|(name, _)| {
                    knowers(name).is_some_and(|seats| seats.contains(seat)) && !name.starts_with("exposure.")
                });
                for (name, value) in mine {
                    assert!(bytes.contains(&shown(*value)), "{seat} sees its own {name}");
                    own += 1;
                }
                assert!(bytes.contains(&format!("someone of {seat}")), "the search sees what is there");
                if phase == "before" {
                    let mine = ORDERS
                        .iter()
                        .find(|(s, ..)| s == seat)
                        .map(|(.., value)| value * (1.0 - 0.037 * f64::from(turn)));
                    if let Some(text) = mine.map(written) {
                        assert!(bytes.contains(&text), "{seat} sees its own order {text}");
                    }
                    assert!(*seat != "IRN" || bytes.contains(&written(wish)), "the head sees what a member wishes for");
                }
                let said = (!["PRS", "UNS"].contains(seat)).then(|| format!("canary-{seat}-{turn}"));
                assert!(said.is_none_or(|said| bytes.contains(&said)), "{seat} sees its own words");
            }
            if phase == "before" {
                host = host.clone();
                assert_eq!(host.post("/api/turn", &json!({ "days": DAYS })).unwrap().status, 200);
            }
        }
    }
    assert!(
        numbers > 5_000 && own > 1_000 && sentences > 1_000,
        "{numbers} numbers, {own} of one's own, {sentences} sentences"
    );
}
