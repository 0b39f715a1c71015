//! Canaries in every seat's orders, words and packages: no byte of them reaches another seat, in any answer, head or stream.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use common::{ORDERS, SEATS, host, open, seated};
use detente_class::client::Client;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Every byte that a seat can get, by any way of asking.
fn everything(client: &mut Client) -> String {
    let mut bytes = String::new();
    let mut ask = |client: &mut Client, method: &str, path: &str, body: Option<Value>| {
        let reply = client.ask(method, path, body.as_ref()).unwrap();
        assert!(reply.status != 429, "asked too fast");
        bytes.push_str(&reply.head);
        bytes.push_str(&String::from_utf8_lossy(&reply.body));
        bytes.push('\n');
    };
    for path in [
        "/api/seats",
        "/api/view",
        "/api/levers",
        "/api/poll?after=0&wait=0",
        "/api/wall",
        "/api/wall/poll?after=0&wait=0",
        "/api/session",
        "/api/debrief",
        "/api/nothing",
        "/",
        "/host",
        "/qr.svg",
    ] {
        ask(client, "GET", path, None);
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
    ask(client, "POST", "/api/turn", Some(json!({ "days": 1 })));
    ask(client, "POST", "/api/assign", Some(json!({ "player": 0, "seat": "IRN" })));
    let all = client.get("/api/poll?after=0&wait=0").unwrap().json()["events"].as_array().unwrap().len();
    if all > 0 {
        let mut stream = client.listen("/api/events", 0).unwrap();
        for _ in 0..all {
            bytes.push_str(&stream.next_item().unwrap().1.to_string());
        }
    }
    bytes
}

/// A value as it could be written: whole, and as pages shorten it.
fn written(value: f64) -> Vec<String> {
    let whole = value.to_string();
    vec![whole.chars().take(9).collect()]
}

#[test]
fn no_byte_of_one_seat_reaches_another_over_a_whole_lesson() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    let mut clients: BTreeMap<&str, Client> = SEATS.iter().map(|&seat| (seat, seated(&room, seat))).collect();
    let mut host = host(&room);
    // What must be found, by whom, so that the search is known to see; and by nobody else.
    let mut canaries: Vec<(String, Vec<&str>)> = Vec::new();
    for seat in SEATS {
        canaries.push((format!("someone of {seat}"), vec![seat]));
    }
    for turn in 1..=3 {
        for (at, (seat, lever, value)) in ORDERS.into_iter().enumerate() {
            // Another value each turn, so that each turn's is looked for.
            let value = value * (1.0 - 0.037 * f64::from(turn));
            let client = clients.get_mut(seat).unwrap();
            let reply = client.post("/api/orders", &json!({ "lever": lever, "value": value })).unwrap();
            assert_eq!(reply.status, 202, "{}", reply.json());
            canaries.extend(written(value).into_iter().map(|text| (text, vec![seat])));
            let other = ORDERS[(at + 3) % ORDERS.len()].0;
            let words = format!("canary-{seat}-{turn}");
            client.post("/api/messages", &json!({ "to": other, "text": words })).unwrap();
            canaries.push((words, vec![seat, other]));
            let _ = client.post("/api/predictions", &json!({ "question": "war", "percent": 37 })).unwrap();
        }
        let title = format!("canary deal {turn}");
        let value = 1.211_377_3 + f64::from(turn) / 20.0;
        let terms = json!({ "title": title, "terms": [{ "lever": "israel.response_scale", "value": value }] });
        assert_eq!(clients.get_mut("IRN").unwrap().post("/api/proposals", &terms).unwrap().status, 201);
        canaries.push((title, vec!["IRN", "ISR"]));
        canaries.extend(written(value).into_iter().map(|text| (text, vec!["IRN", "ISR"])));
        let secret = host.get("/api/view").unwrap().json()["digest"].as_str().unwrap().to_owned();
        canaries.push((secret, Vec::new()));
        for secret in [&room.facilitator_key, &room.code] {
            canaries.push((secret.clone(), Vec::new()));
        }
        let session = host.get("/api/session").unwrap().json();
        canaries.push((format!("\"seed\":{}", session["seed"]), Vec::new()));
        for phase in ["before", "after"] {
            for (seat, client) in &mut clients {
                let bytes = everything(client);
                for (canary, known) in &canaries {
                    let may = known.contains(seat);
                    assert!(may || !bytes.contains(canary), "turn {turn}, {phase} it closed: {seat} sees {canary}");
                }
                assert!(bytes.contains(&format!("someone of {seat}")), "the search sees what is there");
                if phase == "before" {
                    let mine = ORDERS
                        .iter()
                        .find(|(s, ..)| s == seat)
                        .map(|(.., value)| value * (1.0 - 0.037 * f64::from(turn)));
                    for text in mine.into_iter().flat_map(written) {
                        assert!(bytes.contains(&text), "{seat} sees its own order {text}");
                    }
                }
                let said = (!["PRS", "UNS"].contains(seat)).then(|| format!("canary-{seat}-{turn}"));
                assert!(said.is_none_or(|said| bytes.contains(&said)), "{seat} sees its own words");
            }
            if phase == "before" {
                assert_eq!(host.post("/api/turn", &json!({ "days": 25 })).unwrap().status, 200);
            }
        }
    }
}
