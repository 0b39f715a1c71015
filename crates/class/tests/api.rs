//! The API as it is fixed, asked over a socket.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use common::{host, open, said, seated};
use detente_class::client::Client;
use detente_session::file::Saved;
use serde_json::json;
use std::time::{Duration, Instant};

#[test]
fn a_lesson_is_played_and_its_session_replays_to_the_digest_of_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    let (mut iran, mut lebanon, mut host) = (seated(&room, "IRN"), seated(&room, "LBN"), host(&room));
    let seats = iran.get("/api/seats").unwrap().json();
    let mine: Vec<&str> = seats["seats"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|s| s["mine"] == true)
        .map(|s| s["id"].as_str().unwrap())
        .collect();
    assert_eq!(mine, ["IRN"]);

    let reply = iran.post("/api/orders", &json!({ "lever": "iran.suspend_muscat", "value": "off" })).unwrap();
    assert_eq!((reply.status, reply.json()["turn"].as_u64()), (202, Some(1)));
    assert_eq!(lebanon.post("/api/orders", &json!({ "lever": "unifil.troops", "value": 15000 })).unwrap().status, 202);
    assert_eq!(lebanon.post("/api/orders", &json!({ "lever": "unifil.troops", "value": 12000 })).unwrap().status, 202);
    // Sealed: nothing has moved yet.
    let lever = |view: &serde_json::Value, id: &str| {
        view["levers"].as_array().unwrap().iter().find(|l| l["id"] == id).unwrap().clone()
    };
    let before = lever(&lebanon.get("/api/view").unwrap().json(), "unifil.troops");
    assert_eq!((&before["value"], &before["ordered"]), (&json!(10_000.0), &json!(12_000.0)));

    let mut listening = lebanon.listen("/api/events", 0).unwrap();
    let turn = host.post("/api/turn", &json!({ "days": 14, "turn": 1 })).unwrap();
    assert_eq!(turn.status, 200, "{}", turn.json());
    assert_eq!((turn.json()["turn"].as_u64(), turn.json()["day"].as_i64()), (Some(1), Some(14)));
    let (id, item) = listening.next_item().unwrap();
    assert_eq!((id, item["kind"].as_str(), item["turn"].as_u64()), (1, Some("turn"), Some(1)));
    let after = lever(&lebanon.get("/api/view").unwrap().json(), "unifil.troops");
    assert_eq!((&after["value"], &after["ordered"]), (&json!(12_000.0), &json!(null)));
    assert_eq!(
        said(&mut host, "POST", "/api/turn", Some(json!({ "days": 14, "turn": 1 }))),
        (409, "another_turn".to_owned())
    );

    let late = json!({ "lever": "unifil.troops", "value": 0, "turn": 1 });
    assert_eq!(said(&mut lebanon, "POST", "/api/orders", Some(late)), (409, "another_turn".to_owned()));
    assert_eq!(host.post("/api/turn", &json!({ "days": 9 })).unwrap().status, 200);
    let text = host.get("/api/session").unwrap();
    let saved = Saved::from_bytes(&text.body).unwrap();
    assert_eq!(saved.branches[0].digest, host.get("/api/view").unwrap().json()["digest"]);
    let again = saved.open().unwrap();
    assert_eq!((again.today(), again.branch().changes.len()), (23, 2));
    let orders = text.json()["orders"].clone();
    assert_eq!(orders.as_array().unwrap().len(), 2, "of two orders on a lever the last stands: {orders}");
    assert_eq!((&orders[1]["seat"], &orders[1]["value"]), (&json!("LBN"), &json!(12_000.0)));
}

#[test]
fn the_facilitator_goes_back_to_a_turn_on_a_branch_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    let (mut iran, mut host) = (seated(&room, "IRN"), host(&room));
    iran.post("/api/orders", &json!({ "lever": "iran.blow_rate", "value": 0 })).unwrap();
    for days in [10, 20] {
        assert_eq!(host.post("/api/turn", &json!({ "days": days })).unwrap().status, 200);
    }
    assert_eq!(said(&mut iran, "POST", "/api/rewind", Some(json!({ "turn": 2 }))), (403, "facilitator_only".into()));
    assert_eq!(said(&mut host, "POST", "/api/rewind", Some(json!({ "turn": 3 }))), (404, "no_turn".into()));
    assert_eq!(said(&mut host, "POST", "/api/rewind", Some(json!({ "turn": 1 }))).0, 204);
    let view = iran.get("/api/view").unwrap().json();
    assert_eq!((&view["day"], &view["turn"]), (&json!(0), &json!(4)));
    let lever = view["levers"].as_array().unwrap().iter().find(|l| l["id"] == "iran.blow_rate").unwrap();
    assert_eq!((&lever["value"], &lever["ordered"]), (&json!(1.0), &json!(null)));
    assert_eq!(host.post("/api/turn", &json!({ "days": 15 })).unwrap().status, 200);
    let text = host.get("/api/session").unwrap();
    let saved = Saved::from_bytes(&text.body).unwrap();
    assert_eq!((saved.branches.len(), saved.branches[1].days), (2, 15));
    assert_eq!(saved.branches[1].digest, host.get("/api/view").unwrap().json()["digest"]);
    // What was ordered on the way that was left is still told, with the branch on which it acted.
    let orders = text.json()["orders"].clone();
    assert_eq!(orders.as_array().map(Vec::len), Some(1), "{orders}");
    assert_eq!((&orders[0]["branch"], &orders[0]["seat"], &orders[0]["turn"]), (&json!(0), &json!("IRN"), &json!(1)));
    saved.open().unwrap();
}

#[test]
fn what_is_not_allowed_is_refused_with_its_code() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    let mut nobody = Client::new(&room.address, None).unwrap();
    let code = |code: &str| Some(json!({ "code": code, "nickname": "x" }));
    assert_eq!(said(&mut nobody, "POST", "/api/join", code("AAAAA")), (403, "wrong_code".into()));
    for path in ["/api/seats", "/api/view", "/api/poll", "/api/events", "/api/session", "/api/debrief"] {
        assert_eq!(said(&mut nobody, "GET", path, None), (401, "no_token".into()), "{path}");
    }
    let mut iran = Client::join(&room.address, &room.code.to_lowercase(), "I").unwrap();
    let order = |lever: &str, value: serde_json::Value| Some(json!({ "lever": lever, "value": value }));
    assert_eq!(said(&mut iran, "POST", "/api/orders", order("iran.blow_rate", json!(1))), (409, "no_seat".into()));
    assert_eq!(
        said(&mut iran, "POST", "/api/seat", Some(json!({ "seat": "XXX" }))),
        (404, "no_seat_of_that_name".into())
    );
    assert_eq!(said(&mut iran, "POST", "/api/seat", Some(json!({ "seat": "IRN" }))).0, 200);
    assert_eq!(said(&mut iran, "POST", "/api/seat", Some(json!({ "seat": "IRN" }))).0, 200);
    assert_eq!(said(&mut iran, "POST", "/api/seat", Some(json!({ "seat": "ISR" }))), (409, "seated".into()));
    for (body, status, code) in [
        (order("israel.blow_rate", json!(1)), 403, "not_your_lever"),
        (order("no.lever", json!(1)), 422, "unknown_lever"),
        (order("iran.blow_rate", json!(99)), 422, "bad_value"),
        (order("iran.blow_rate", json!(null)), 422, "bad_value"),
        (order("iran.blow_rate", json!([1])), 422, "bad_value"),
        (order("iran.suspend_muscat", json!("perhaps")), 422, "bad_value"),
        (Some(json!({ "lever": "iran.blow_rate" })), 400, "bad_request"),
        (Some(json!([])), 400, "bad_request"),
    ] {
        assert_eq!(said(&mut iran, "POST", "/api/orders", body.clone()), (status, code.to_owned()), "{body:?}");
    }
    for (path, body) in [
        ("/api/turn", json!({ "days": 1 })),
        ("/api/clock", json!({})),
        ("/api/lock", json!({ "locked": true })),
        ("/api/assign", json!({ "player": 0 })),
        ("/api/reveal", json!({})),
    ] {
        assert_eq!(said(&mut iran, "POST", path, Some(body)), (403, "facilitator_only".into()), "{path}");
    }
    assert_eq!(said(&mut iran, "GET", "/api/session", None), (403, "facilitator_only".into()));
    assert_eq!(said(&mut iran, "GET", "/api/debrief", None), (403, "not_yet".into()));
    assert_eq!(said(&mut iran, "GET", "/api/nothing", None), (404, "not_found".into()));
    assert_eq!(said(&mut iran, "GET", "/api/turn", None), (405, "wrong_method".into()));
    assert_eq!(said(&mut iran, "GET", "/api/poll?after=x", None).0, 400);
    let mut host = host(&room);
    for days in [0, -3, 181, i32::MAX] {
        assert_eq!(said(&mut host, "POST", "/api/turn", Some(json!({ "days": days }))), (422, "bad_days".into()));
    }
    assert_eq!(said(&mut host, "POST", "/api/lock", Some(json!({ "locked": true }))).0, 204);
    assert_eq!(said(&mut nobody, "POST", "/api/join", code(&room.code)), (403, "locked".into()));
    // Shown out, a token opens nothing any more.
    assert_eq!(said(&mut host, "POST", "/api/assign", Some(json!({ "player": 0, "out": true }))).0, 204);
    assert_eq!(said(&mut iran, "GET", "/api/view", None), (401, "no_token".into()));
}

#[test]
fn a_package_signed_by_all_binds_all_and_one_that_is_not_binds_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    let (mut iran, mut israel, mut press, mut host) =
        (seated(&room, "IRN"), seated(&room, "ISR"), seated(&room, "PRS"), host(&room));
    let package = json!({ "title": "Hold back, both", "terms": [
        { "lever": "iran.blow_rate", "value": 0 }, { "lever": "israel.blow_rate", "value": 0 } ] });
    assert_eq!(iran.post("/api/proposals", &package).unwrap().status, 201);
    assert_eq!(iran.post("/api/proposals", &package).unwrap().status, 201);
    assert_eq!(
        said(&mut press, "POST", "/api/proposals/1", Some(json!({ "do": "sign" }))),
        (404, "no_proposal".into())
    );
    assert_eq!(iran.post("/api/proposals/1", &json!({ "do": "sign" })).unwrap().status, 204);
    assert_eq!(iran.post("/api/proposals/2", &json!({ "do": "sign" })).unwrap().status, 204);
    assert_eq!(israel.get("/api/view").unwrap().json()["proposals"][0]["stand"], "open");
    assert_eq!(israel.post("/api/proposals/1", &json!({ "do": "sign" })).unwrap().status, 204);
    let view = israel.get("/api/view").unwrap().json();
    assert_eq!((&view["proposals"][0]["stand"], &view["proposals"][1]["stand"]), (&json!("binding"), &json!("open")));
    assert_eq!(press.get("/api/view").unwrap().json()["proposals"], json!([]));
    // Bound for this turn.
    assert_eq!(
        said(&mut israel, "POST", "/api/orders", Some(json!({ "lever": "israel.blow_rate", "value": 3 }))),
        (409, "bound".into())
    );
    assert_eq!(said(&mut israel, "POST", "/api/proposals/2", Some(json!({ "do": "sign" }))), (409, "bound".into()));
    host.post("/api/turn", &json!({ "days": 5 })).unwrap();
    let orders = host.get("/api/session").unwrap().json()["orders"].clone();
    let seats: Vec<_> = orders
        .as_array()
        .unwrap()
        .iter()
        .map(|o| (o["seat"].as_str().unwrap(), o["value"].as_f64().unwrap()))
        .collect();
    assert_eq!(seats, [("IRN", 0.0), ("ISR", 0.0)]);
    assert_eq!(israel.post("/api/proposals/2", &json!({ "do": "drop" })).unwrap().status, 204);
    assert_eq!(said(&mut iran, "POST", "/api/proposals/2", Some(json!({ "do": "sign" }))), (409, "not_open".into()));
}

#[test]
fn predictions_are_scored_and_messages_reach_whom_they_are_for() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    let (mut iran, mut oman, mut press, mut host) =
        (seated(&room, "IRN"), seated(&room, "MED"), seated(&room, "PRS"), host(&room));
    for (question, percent) in [("signed", 0), ("collapsed", 100), ("signed", 100)] {
        let body = json!({ "question": question, "percent": percent });
        assert_eq!(iran.post("/api/predictions", &body).unwrap().status, 204);
    }
    assert_eq!(
        said(&mut iran, "POST", "/api/predictions", Some(json!({ "question": "x", "percent": 1 }))),
        (422, "unknown_question".into())
    );
    iran.post("/api/messages", &json!({ "to": "MED", "text": "for Muscat\nalone" })).unwrap();
    assert_eq!(
        said(&mut iran, "POST", "/api/messages", Some(json!({ "to": "ALL", "text": "x" }))),
        (403, "not_to_all".into())
    );
    press.post("/api/messages", &json!({ "to": "ALL", "text": "extra" })).unwrap();
    host.post("/api/turn", &json!({ "days": 30 })).unwrap();
    let past = iran.get("/api/view").unwrap().json()["predictions"].clone();
    // What came is in the news: the score is of that.
    let news = iran.get("/api/poll?after=0&wait=0").unwrap().json()["events"].clone();
    let signed = news.as_array().unwrap().iter().any(|item| item["text"].as_str().unwrap().contains(" is signed by "));
    let of = |id: &str| past["past"].as_array().unwrap().iter().find(|p| p["question"] == id).unwrap().clone();
    assert_eq!((&of("signed")["percent"], &of("signed")["came"]), (&json!(100), &json!(signed)));
    let cost = |id: &str| f64::from(u8::from(of(id)["came"] == false));
    assert!(
        (past["brier"].as_f64().unwrap() - f64::midpoint(cost("signed"), cost("collapsed"))).abs() < 1e-9,
        "{past}"
    );
    let texts = |client: &mut Client| {
        let events = client.get("/api/poll?after=0&wait=0").unwrap().json()["events"].clone();
        events
            .as_array()
            .unwrap()
            .iter()
            .filter(|e| e["kind"] == "message")
            .map(|e| e["text"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(texts(&mut oman), ["for Muscat alone", "extra"]);
    assert_eq!(texts(&mut press), ["extra"]);
    assert_eq!(texts(&mut host), ["for Muscat alone", "extra"]);
}

#[test]
fn a_nickname_is_removed_by_whose_it_is_or_by_the_facilitator_and_the_seat_stays() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    let mut host = host(&room);
    let mut people: Vec<Client> = ["Zephyrine", "Bartholomew", "Cunegonde"]
        .iter()
        .map(|name| {
            let mut client = Client::join(&room.address, &room.code, name).unwrap();
            assert_eq!(client.post("/api/seat", &json!({ "seat": "IRN" })).unwrap().status, 200);
            let words = json!({ "to": "ISR", "text": "words" });
            assert_eq!(client.post("/api/messages", &words).unwrap().status, 204);
            client
        })
        .collect();
    let order = json!({ "lever": "iran.blow_rate", "value": 0.5 });
    assert_eq!(people[0].post("/api/orders", &order).unwrap().status, 202);
    // Whatever the room says to those who may know of it, and whatever stands in its folder.
    let everything = |host: &mut Client, client: &mut Client| {
        let mut told = String::new();
        for path in ["/api/view", "/api/seats", "/api/poll?after=0&wait=0"] {
            told += &host.get(path).unwrap().json().to_string();
            told += &client.get(path).unwrap().json().to_string();
        }
        told += &host.get("/api/session").unwrap().json().to_string();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            told += &String::from_utf8_lossy(&std::fs::read(file.unwrap().path()).unwrap());
        }
        told
    };
    let told = everything(&mut host, &mut people[1]);
    assert!(["Zephyrine", "Bartholomew", "Cunegonde"].iter().all(|name| told.matches(name).count() > 4));

    let code = |client: &mut Client, body| said(client, "POST", "/api/forget", Some(body));
    assert_eq!(code(&mut people[1], json!({ "player": 0 })), (403, "facilitator_only".into()));
    assert_eq!(code(&mut people[1], json!({ "everybody": true })), (403, "facilitator_only".into()));
    assert_eq!(code(&mut host, json!({})), (422, "whose_name".into()));
    assert_eq!(code(&mut host, json!({ "player": 9 })), (404, "no_player".into()));
    assert_eq!(said(&mut Client::new(&room.address, None).unwrap(), "POST", "/api/forget", Some(json!({}))).0, 401);
    assert_eq!(code(&mut people[0], json!({})).0, 204);
    assert_eq!(code(&mut people[0], json!({})).0, 204, "once more is no mistake");
    let told = everything(&mut host, &mut people[1]);
    assert!(!told.contains("Zephyrine") && told.contains("Bartholomew") && told.contains("person 1"), "{told}");
    // The seat, the order and the words are there.
    let view = people[0].get("/api/view").unwrap().json();
    assert_eq!((&view["seat"]["id"], &view["name"]), (&json!("IRN"), &json!("person 1")));
    let lever = view["levers"].as_array().unwrap().iter().find(|l| l["id"] == "iran.blow_rate").unwrap().clone();
    assert_eq!((&lever["ordered"], &lever["ordered_by"]), (&json!(0.5), &json!("person 1")));
    assert!(told.matches("\"text\":\"words\"").count() >= 6, "{told}");

    // Of somebody who was shown out, too.
    assert_eq!(said(&mut host, "POST", "/api/assign", Some(json!({ "player": 2, "out": true }))).0, 204);
    assert_eq!(code(&mut host, json!({ "everybody": true })).0, 204);
    let told = everything(&mut host, &mut people[1]);
    assert!(["Zephyrine", "Bartholomew", "Cunegonde"].iter().all(|name| !told.contains(name)), "{told}");
}

#[test]
fn a_stream_goes_on_where_it_stopped_and_a_poll_waits() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    let (mut iran, mut host) = (seated(&room, "IRN"), host(&room));
    host.post("/api/turn", &json!({ "days": 150 })).unwrap();
    let all = iran.get("/api/poll?after=0").unwrap().json()["events"].as_array().unwrap().clone();
    assert!(all.len() > 3);
    // Numbered without gaps, in every way of listening.
    assert!(all.iter().zip(1..).all(|(item, id): (_, u64)| item["id"] == id));
    let mut again = iran.listen("/api/events", 2).unwrap();
    assert_eq!(again.next_item().unwrap(), (3, all[2].clone()));
    let last = all.len();
    let began = Instant::now();
    assert_eq!(iran.get(&format!("/api/poll?after={last}&wait=0.4")).unwrap().json()["events"], json!([]));
    assert!(began.elapsed() >= Duration::from_millis(400));
    let waits = std::thread::spawn({
        let mut iran = iran.clone();
        move || iran.get(&format!("/api/poll?after={last}")).unwrap().json()
    });
    std::thread::sleep(Duration::from_millis(300));
    host.post("/api/messages", &json!({ "to": "IRN", "text": "now" })).unwrap();
    assert_eq!(waits.join().unwrap()["events"][0]["text"], "now");
    // Who comes with more than there is hears what is new.
    let mut ahead = iran.listen("/api/events", 1_000_000).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    host.post("/api/messages", &json!({ "to": "IRN", "text": "new" })).unwrap();
    assert_eq!(ahead.next_item().unwrap().1["text"], "new");
}

#[test]
fn the_debrief_says_what_each_order_and_each_delegation_changed() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    let (mut israel, mut host) = (seated(&room, "ISR"), host(&room));
    israel.post("/api/orders", &json!({ "lever": "restraint.isr_gaz", "value": 1 })).unwrap();
    host.post("/api/turn", &json!({ "days": 10 })).unwrap();
    let mut reply = host.get("/api/debrief").unwrap();
    while reply.status == 202 {
        reply = host.get("/api/debrief").unwrap();
    }
    let value = reply.json();
    assert_eq!((reply.status, &value["orders"][0]["changed"]["pairs"]), (200, &json!(256)));
    assert!(value["delegations"][0]["changed"]["killed"]["high"].as_f64().unwrap() < 0.0, "{value}");
    assert_eq!((&value["parted"]["from_worst"], &value["turns"][0]["orders"]), (&json!(1), &json!(1)));
    assert!(value["tables"].as_object().is_some_and(|all| all.len() > 5));
    assert_eq!(host.post("/api/reveal", &json!({})).unwrap().status, 204);
    assert_eq!(israel.get("/api/debrief").unwrap().json(), value);
    assert!(value["ledgers"].as_array().is_some_and(|all| !all.is_empty()), "{value}");
    // What is played after that is not laid open.
    host.post("/api/turn", &json!({ "days": 1 })).unwrap();
    assert_eq!(said(&mut israel, "GET", "/api/debrief", None), (403, "not_yet".into()));
}

/// What the facilitator shows to a class: where it goes, what it types, and who of it is there.
#[test]
fn the_facilitator_sees_the_room_and_who_is_in_it_and_nobody_else_is_told_the_code() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    let (mut iran, mut host) = (seated(&room, "IRN"), host(&room));
    let view = host.get("/api/view").unwrap().json();
    assert_eq!((view["address"].as_str(), view["code"].as_str()), (Some(&*room.address), Some(&*room.code)));
    let person = &view["people"]["people"][0];
    assert_eq!(
        (&person["here"], &person["head"], &person["silent_minutes"]),
        (&json!(true), &json!(true), &json!(0.0))
    );
    for path in ["/api/view", "/api/seats", "/api/wall", "/wall", "/host"] {
        let said = iran.get(path).unwrap();
        assert!(!String::from_utf8_lossy(&said.body).contains(&room.code), "{path}");
    }
    assert!(iran.get("/api/seats").unwrap().json()["seats"][0].get("aims").is_none(), "a sheet is its seat's");
    assert!(host.get("/api/seats").unwrap().json()["seats"][0]["aims"].is_array());
}

/// An order of a member who is not the head is kept as a wish, and the session has the head's alone.
#[test]
fn a_member_wishes_and_the_head_orders() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    let (mut first, mut second, mut host) = (seated(&room, "IRN"), seated(&room, "IRN"), host(&room));
    let order = |value: f64| json!({ "lever": "iran.blow_rate", "value": value });
    let reply = second.post("/api/orders", &order(0.25)).unwrap();
    assert_eq!((reply.status, reply.json()), (202, json!({ "wish": 1, "turn": 1 })));
    let reply = first.post("/api/orders", &order(0.5)).unwrap();
    assert_eq!((reply.status, reply.json()), (202, json!({ "order": 1, "turn": 1 })));
    assert_eq!(said(&mut second, "POST", "/api/head", Some(json!({ "player": 1 }))).1, "facilitator_only");
    assert_eq!(said(&mut host, "POST", "/api/head", Some(json!({ "player": 1 }))).0, 204);
    assert_eq!(said(&mut host, "POST", "/api/head", Some(json!({ "player": 9 }))), (404, "no_player".into()));
    assert_eq!(first.post("/api/orders", &order(0.75)).unwrap().json()["wish"], 2);
    host.post("/api/turn", &json!({ "days": 3 })).unwrap();
    let orders = host.get("/api/session").unwrap().json()["orders"].clone();
    assert_eq!((orders.as_array().map(Vec::len), &orders[0]["value"]), (Some(1), &json!(0.5)), "{orders}");
}

#[test]
fn a_room_that_the_facilitator_deletes_is_gone_from_the_disk_and_answers_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("room");
    let room = open(&data);
    let (mut iran, mut host) = (seated(&room, "IRN"), host(&room));
    let code = json!({ "code": room.code });
    assert_eq!(said(&mut iran, "POST", "/api/delete", Some(code.clone())), (403, "facilitator_only".into()));
    assert_eq!(said(&mut host, "POST", "/api/delete", Some(json!({ "code": "AAAAA" }))), (422, "not_meant".into()));
    assert!(data.is_dir() && iran.get("/api/view").unwrap().status == 200);
    assert_eq!(said(&mut host, "POST", "/api/delete", Some(code)).0, 204);
    assert!(!data.exists());
    // In its last moments it says so; then there is nobody to ask.
    let ended = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        let asked = Client::new(&room.address, None).unwrap().get("/api/wall");
        assert!(asked.as_ref().map_or(503, |reply| reply.status) == 503, "{asked:?}");
        asked.is_err()
    });
    assert!(ended, "the server goes on");
}

#[test]
fn an_order_is_counted_by_its_seat_and_the_facilitator_may_order_every_lever() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    let (mut iran, mut israel, mut host) = (seated(&room, "IRN"), seated(&room, "ISR"), host(&room));
    let order = |client: &mut Client, lever: &str| {
        client.post("/api/orders", &json!({ "lever": lever, "value": 0.5 })).unwrap().json()["order"].clone()
    };
    assert_eq!(order(&mut iran, "iran.blow_rate"), 1);
    for n in 1..5 {
        assert_eq!(order(&mut israel, "israel.blow_rate"), n);
    }
    assert_eq!(order(&mut iran, "iran.blow_rate"), 2);
    let view = israel.get("/api/view").unwrap().json();
    assert!(view["now"].as_i64().unwrap() > 1_700_000_000 && view["clock_left"].is_null());
    let orders = host.get("/api/view").unwrap().json()["orders"].clone();
    assert_eq!(orders[0]["who"], "someone of IRN");
    let count = |client: &mut Client| client.get("/api/levers").unwrap().json()["levers"].as_array().unwrap().len();
    assert!(count(&mut host) >= count(&mut iran));
    for (body, code) in [
        (json!({ "minutes": 5 }), 204),
        (json!({ "extend": 5 }), 204),
        (json!({ "hold": true }), 204),
        (json!({ "hold": true, "minutes": 3 }), 422),
        (json!({}), 204),
        (json!({ "hold": true }), 409),
    ] {
        assert_eq!(host.post("/api/clock", &body).unwrap().status, code, "{body}");
    }
}

/// A page that waits for the greeting knows whether what is pushed comes through; nobody else is greeted.
#[test]
fn a_stream_greets_whoever_asks_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    let mut host = host(&room);
    let mut greeted = Client::new(&room.address, None).unwrap().listen("/api/wall/events?hello=1", 0).unwrap();
    assert_eq!(greeted.next_item().unwrap(), (0, json!({})));
    let mut plain = Client::new(&room.address, None).unwrap().listen("/api/wall/events", 0).unwrap();
    host.post("/api/messages", &json!({ "to": "ALL", "text": "now" })).unwrap();
    for stream in [&mut greeted, &mut plain] {
        assert_eq!(stream.next_item().unwrap().1["text"], "now");
    }
}

/// However many look at the wall, whoever has a seat is heard.
#[test]
fn readers_of_the_wall_leave_places_for_those_who_sit() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    let mut iran = seated(&room, "IRN");
    let nobody = Client::new(&room.address, None).unwrap();
    let readers: Vec<_> = (0..560).map_while(|_| nobody.listen("/api/wall/events", 0).ok()).collect();
    assert_eq!(readers.len(), 550);
    assert_eq!(iran.get("/api/poll?after=0&wait=0").unwrap().status, 200);
    iran.listen("/api/events", 0).unwrap();
    assert_eq!(said(&mut nobody.clone(), "GET", "/api/wall/poll?wait=0", None), (503, "full".into()));
}
