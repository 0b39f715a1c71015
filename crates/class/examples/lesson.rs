//! The lesson of `docs/lessons/class.md` as a class could have played it: twelve delegations, seven turns of two weeks, two packages, and
//! the last turn played again. Prints its debrief. The luck is that of seed 80, so that it comes out alike wherever it is run.
//!
//! `cargo run --profile test -p detente-class --example lesson`

use detente_class::client::Client;
use detente_class::limits::Limits;
use detente_class::world::Authors;
use detente_class::{Options, serve};
use detente_model::sim::world::Fate;
use detente_session::Sitting;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::mpsc::channel;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Days of a turn; of the last, played twice, long enough for what was begun in it to come.
fn days(turn: u32) -> i32 {
    if turn < 7 { 14 } else { 60 }
}

const SEATS: [&str; 12] = ["DEL", "GLF", "IRN", "IRQ", "ISR", "LBN", "MED", "PRS", "PSE", "UNB", "UNS", "USA"];

/// Orders by turn: seat, lever, value.
fn orders(turn: u32) -> Vec<(&'static str, &'static str, Value)> {
    match turn {
        // One order each, to see how it works.
        1 => vec![
            ("USA", "us.deterrent_presence", json!(0.8)),
            ("ISR", "israel.response_scale", json!(1.2)),
            ("IRN", "iran.directive.hzb", json!(0.3)),
            ("LBN", "restraint.hzb", json!(0.9)),
            ("GLF", "hosts.assurances", json!(0.8)),
            ("MED", "channel.qatar", json!(0.9)),
            ("UNB", "council.consequences", json!(0.5)),
            ("PSE", "palestine.unified_administration", json!(0.5)),
            ("IRQ", "iraq.militia_integration", json!(0.6)),
            ("DEL", "deal.linkage", json!(0.1)),
        ],
        2 => vec![
            ("MED", "channel.berri_hochstein", json!(1.0)),
            ("MED", "channel.cairo", json!(0.9)),
            ("USA", "us.leverage", json!(0.6)),
            ("ISR", "restraint.isr_leb", json!(0.8)),
        ],
        // Beside the package of the turn.
        3 => vec![("IRN", "iran.directive.hou", json!(0.5))],
        4 => vec![("PSE", "restraint.ham", json!(0.8))],
        5 => vec![
            ("PSE", "gaza.aid_access", json!(500)),
            ("ISR", "restraint.isr_gaz", json!(0.9)),
            ("MED", "channel.cairo", json!(1.0)),
        ],
        6 => vec![
            ("IRN", "iran.suspend_muscat", json!("off")),
            ("MED", "channel.oman", json!(0.9)),
            ("IRN", "iran.enrichment_cap", json!("20")),
            ("USA", "us.sanctions_relief", json!(0.5)),
        ],
        // A quarrel; then the same morning again without it.
        7 => vec![
            ("ISR", "israel.blow_rate", json!(3.0)),
            ("ISR", "israel.target_set", json!("military+energy")),
            ("ISR", "restraint.isr_gaz", json!(0.2)),
            ("IRN", "iran.response_scale", json!(1.5)),
        ],
        8 => vec![("DEL", "deal.guarantee", json!(0.8))],
        _ => Vec::new(),
    }
}

/// A package by turn: title, who drafts it, its terms, and all who sign.
fn package(turn: u32) -> Option<(&'static str, &'static str, Value, Vec<&'static str>)> {
    let term = |lever: &str, value: f64| json!({ "lever": lever, "value": value });
    match turn {
        3 => Some((
            "Hold back, both",
            "MED",
            json!([term("iran.blow_rate", 0.0), term("israel.blow_rate", 0.0)]),
            vec!["MED", "IRN", "ISR"],
        )),
        4 => Some((
            "Quiet in the south",
            "LBN",
            json!([
                term("israel.withdrawal_days", 30.0),
                term("unifil.troops", 15_000.0),
                term("laf.troops_south", 15_000.0),
                term("us.leverage", 0.9)
            ]),
            vec!["LBN", "ISR", "USA"],
        )),
        _ => None,
    }
}

fn good(client: &mut Client, path: &str, body: &Value) -> Result<Value, Failed> {
    let reply = client.post(path, body)?;
    if reply.status < 300 { Ok(reply.json()) } else { Err(format!("{path} {body}: {}", reply.json()).into()) }
}

fn of<'a>(clients: &'a mut BTreeMap<&str, Client>, seat: &str) -> Result<&'a mut Client, Failed> {
    clients.get_mut(seat).ok_or_else(|| format!("nobody sits on {seat}").into())
}

fn range(of: &Value) -> String {
    if of.is_null() {
        "moved nothing".to_owned()
    } else {
        format!("{} ({} to {})", of["difference"], of["low"], of["high"])
    }
}

/// Agreements whose share in force is told from none.
fn agreements(changed: &Value, tables: &Value) -> String {
    let told = changed["in_force"].as_object().into_iter().flatten().filter(|(_, share)| {
        share["low"].as_f64().is_some_and(|low| low > 0.0) || share["high"].as_f64().is_some_and(|high| high < 0.0)
    });
    let all: Vec<String> =
        told.map(|(id, share)| format!("{} {}", tables[id].as_str().unwrap_or(id), range(share))).collect();
    if all.is_empty() { String::new() } else { format!("; in force, %: {}", all.join(", ")) }
}

fn print(debrief: &Value) {
    let line = |words: &str, changed: &Value| {
        let (killed, war) = (range(&changed["killed"]), range(&changed["regional_war"]));
        println!("  {words}: killed {killed}, regional war, % {war}{}", agreements(changed, &debrief["tables"]));
    };
    let list = |key: &str| debrief[key].as_array().cloned().unwrap_or_default();
    println!("history: {}", debrief["history"]);
    line("everybody", &debrief["everybody"]);
    println!("delegations");
    for one in list("delegations") {
        line(one["name"].as_str().unwrap_or(""), &one["changed"]);
    }
    println!("turns; parted {}", debrief["parted"]);
    for one in list("turns") {
        line(&format!("turn {} of {}", one["turn"], one["date"]), &one["changed"]);
    }
    println!("branches");
    for one in list("branches") {
        println!("  {one}");
    }
    println!("orders");
    for one in list("orders") {
        line(&format!("turn {} {} {} = {}", one["turn"], one["seat"], one["lever"], one["value"]), &one["changed"]);
    }
    println!("ledgers");
    for one in list("ledgers") {
        println!("  {one}");
    }
}

fn main() -> Result<(), Failed> {
    let data = std::env::temp_dir().join(format!("detente-lesson-{}", std::process::id()));
    let (tell, told) = channel();
    let folder = data.clone();
    std::thread::spawn(move || {
        let start = |_| {
            let loaded = detente_model::scenario::load("november-2024").map_err(|errors| errors.to_string())?;
            Ok(Sitting::of(loaded, Fate { seed: 80, future: 0, prior: false }))
        };
        let options = Options {
            start: Box::new(start),
            authors: Authors::default(),
            scenario: None,
            digest: String::new(),
            seats: None,
            lan: false,
            port: 0,
            names: Vec::new(),
            proxy: false,
            tls: None,
            limits: Limits::default(),
            data: folder,
            tell: Box::new(|why| eprintln!("{why}")),
        };
        serve(options, move |opened| drop(tell.send(opened.clone())))
    });
    let room = told.recv()?;
    let mut host = Client::new(&room.address, Some(&room.facilitator_key))?;
    let mut clients = BTreeMap::new();
    for seat in SEATS {
        let mut client = Client::join(&room.address, &room.code, seat)?;
        good(&mut client, "/api/seat", &json!({ "seat": seat }))?;
        clients.insert(seat, client);
    }
    for turn in 1..=8 {
        let all = &mut clients;
        if let Some((title, by, terms, signing)) = package(turn) {
            good(of(all, by)?, "/api/proposals", &json!({ "title": title, "terms": terms }))?;
            for seat in signing {
                // Each knows its packages by numbers of its own; this is the last that it has heard of.
                let client = of(all, seat)?;
                let known = client.get("/api/view")?.json()["proposals"].as_array().map_or(0, Vec::len);
                good(client, &format!("/api/proposals/{known}"), &json!({ "do": "sign" }))?;
            }
        }
        for (seat, lever, value) in orders(turn) {
            good(of(all, seat)?, "/api/orders", &json!({ "lever": lever, "value": value }))?;
        }
        let played = good(&mut host, "/api/turn", &json!({ "days": days(turn) }))?;
        println!("turn {} is played, to {}", played["turn"], played["date"]);
        if turn == 7 {
            good(&mut host, "/api/rewind", &json!({ "turn": 7 }))?;
            println!("back to the morning of turn 7");
        }
    }
    let news = host.get("/api/poll?after=0&wait=0")?.json();
    for item in news["events"].as_array().into_iter().flatten() {
        let text = item["text"].as_str().unwrap_or("");
        if ["signed", "collapse", "war", "Roadmap", "Council"].iter().any(|word| text.contains(word)) {
            println!("  {} {text}", item["date"].as_str().unwrap_or(""));
        }
    }
    let debrief = loop {
        let reply = host.get("/api/debrief")?;
        if reply.status == 200 {
            break reply.json();
        }
    };
    print(&debrief);
    good(&mut host, "/api/delete", &json!({ "code": room.code }))?;
    Ok(())
}
