//! A room that is served within the test, on a port that was free.

#![allow(dead_code, clippy::unwrap_used, reason = "each test takes what it needs, and may fail loudly")]

pub mod known;

use detente_class::client::Client;
use detente_class::limits::Limits;
use detente_class::tls::Files;
use detente_class::world::Authors;
use detente_class::{Opened, Options, serve};
use detente_model::sim::world::Fate;
use detente_session::Sitting;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::Duration;

/// A room in a folder, answering until the test ends.
pub fn open(folder: &Path) -> Opened {
    open_as(folder, &[], false, 0)
}

/// A port that is free just now.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The same with names of its own, behind a proxy or not, on a port.
pub fn open_as(folder: &Path, names: &[&str], proxy: bool, port: u16) -> Opened {
    open_with(folder, names, proxy, port, Limits::default())
}

/// The same with other limits, for tests that must be heard.
pub fn open_with(folder: &Path, names: &[&str], proxy: bool, port: u16, limits: Limits) -> Opened {
    open_secured(folder, names, proxy, port, limits, None)
}

/// The same with a certificate of its own.
pub fn open_secured(
    folder: &Path,
    names: &[&str],
    proxy: bool,
    port: u16,
    limits: Limits,
    tls: Option<Files>,
) -> Opened {
    let (tell, told) = channel();
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let start = |seed| {
        let loaded = detente_model::scenario::load("november-2024").map_err(|errors| errors.to_string())?;
        Ok(Sitting::of(loaded, Fate { seed, future: 0, prior: false }))
    };
    let data = folder.to_owned();
    std::thread::spawn(move || {
        let options = Options {
            start: Box::new(start),
            authors: Authors::default(),
            limits,
            tls,
            scenario: None,
            digest: String::new(),
            seats: None,
            lan: false,
            port,
            names,
            proxy,
            data,
            tell: Box::new(|_| {}),
        };
        serve(options, |opened| tell.send(opened.clone()).unwrap()).unwrap();
    });
    told.recv_timeout(Duration::from_secs(60)).unwrap()
}

/// Somebody on a seat.
pub fn seated(room: &Opened, seat: &str) -> Client {
    let mut client = Client::join(&room.address, &room.code, &format!("someone of {seat}")).unwrap();
    let reply = client.post("/api/seat", &json!({ "seat": seat })).unwrap();
    assert_eq!(reply.status, 200, "{}", reply.json());
    client
}

/// The facilitator.
pub fn host(room: &Opened) -> Client {
    Client::new(&room.address, Some(&room.facilitator_key)).unwrap()
}

/// Asks, and says which status and code came.
pub fn said(client: &mut Client, method: &str, path: &str, body: Option<Value>) -> (u16, String) {
    let reply = client.ask(method, path, body.as_ref()).unwrap();
    (reply.status, reply.json()["code"].as_str().unwrap_or("").to_owned())
}

/// The seats that ship.
pub const SEATS: [&str; 12] = ["DEL", "GLF", "IRN", "IRQ", "ISR", "LBN", "MED", "PRS", "PSE", "UNB", "UNS", "USA"];

/// One lever of each seat that holds some, with a value that no other has.
pub const ORDERS: [(&str, &str, f64); 10] = [
    ("DEL", "deal.linkage", 0.731_512_9),
    ("GLF", "hosts.assurances", 0.842_613_7),
    ("IRN", "iran.blow_rate", 1.953_714_3),
    ("IRQ", "iraq.militia_integration", 0.264_815_1),
    ("ISR", "israel.blow_rate", 1.375_916_9),
    ("LBN", "unifil.troops", 12_486.217),
    ("MED", "channel.qatar", 0.597_118_3),
    ("PSE", "gaza.aid_access", 608.219_4),
    ("UNB", "council.consequences", 0.719_320_1),
    ("USA", "us.deterrent_presence", 0.820_421_9),
];
