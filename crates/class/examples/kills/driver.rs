//! A lesson whose server is killed at random moments with a signal that nobody can catch, and what must hold afterwards: no order that
//! was acknowledged is lost, none is there twice, every token opens the seat that it opened, and the session replays to the digest.

use detente_class::client::Client;
use detente_class::entry::Entry;
use detente_class::store::Store;
use detente_session::file::Saved;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// One lever of each seat that holds some, with the end of its range.
const LEVERS: [(&str, &str, f64); 10] = [
    ("DEL", "deal.linkage", 1.0),
    ("GLF", "hosts.assurances", 1.0),
    ("IRN", "iran.blow_rate", 3.0),
    ("IRQ", "iraq.militia_integration", 1.0),
    ("ISR", "israel.blow_rate", 3.0),
    ("LBN", "unifil.troops", 15_000.0),
    ("MED", "channel.qatar", 1.0),
    ("PSE", "gaza.aid_access", 1_000.0),
    ("UNB", "council.consequences", 1.0),
    ("USA", "us.deterrent_presence", 1.0),
];

/// An order, or a member's wish for one, that the server said was kept.
#[derive(Clone, Debug)]
struct Acknowledged {
    /// Whether it was the head of a delegation who gave it.
    by_head: bool,
    /// Its number among the orders, or among the wishes, of its seat.
    number: u64,
    turn: u64,
    seat: &'static str,
    lever: &'static str,
    value: f64,
}

/// What came of it.
#[derive(Debug)]
pub struct Report {
    /// Times that the server was killed.
    pub kills: u32,
    /// Orders and wishes acknowledged.
    pub acknowledged: usize,
    /// Orders and wishes on the disk: those, and some whose acknowledgement never arrived.
    pub kept: usize,
    /// Turns played.
    pub turns: usize,
    /// The session file.
    pub session: String,
}

struct Server {
    child: Child,
    opened: Value,
}

impl Server {
    fn start(program: &Path, data: &Path) -> Result<Self, String> {
        let mut child = Command::new(program)
            .args(["class", "november-2024", "--port", "0", "--json", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{} cannot be started: {error}", program.display()))?;
        let mut line = String::new();
        let out = child.stdout.take().ok_or("no output")?;
        BufReader::new(out).read_line(&mut line).map_err(|error| error.to_string())?;
        let opened = serde_json::from_str(&line).map_err(|_| format!("the server did not open its room: {line}"))?;
        Ok(Self { child, opened })
    }

    fn text(&self, key: &str) -> String {
        self.opened[key].as_str().unwrap_or_default().to_owned()
    }

    fn kill(mut self) -> Result<(), String> {
        self.child.kill().and_then(|()| self.child.wait()).map(drop).map_err(|error| error.to_string())
    }
}

/// Turns of the dice, other ones for each seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn lock<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Plays a lesson of `people` in `data`, killing the server `kills` times, and checks all of it.
///
/// # Errors
/// What did not hold.
pub fn lesson(program: &Path, data: &Path, people: usize, kills: u32, seed: u64) -> Result<Report, String> {
    let mut server = Server::start(program, data)?;
    let (address, code, key) =
        (Mutex::new(server.text("address")), server.text("code"), server.text("facilitator_key"));
    let mut tokens = Vec::new();
    for person in 0..people {
        let (seat, ..) = LEVERS[person % LEVERS.len()];
        let mut client =
            Client::join(&lock(&address), &code, &format!("person {person}")).map_err(|e| e.to_string())?;
        let reply = client.post("/api/seat", &json!({ "seat": seat })).map_err(|e| e.to_string())?;
        if reply.status != 200 {
            return Err(format!("no seat for person {person}: {}", reply.json()));
        }
        tokens.push(client.token.unwrap_or_default());
    }
    let (over, acknowledged, turned) = (AtomicBool::new(false), Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for worker in 0..people.min(5) {
            let (address, tokens, over, acknowledged) = (&address, &tokens, &over, &acknowledged);
            scope.spawn(move || order(worker, address, tokens, over, acknowledged));
        }
        let host = || close_turns(&address, &key, &over, &turned, seed);
        scope.spawn(host);
        let played = killed(program, data, kills, seed, &mut server, &address, &tokens);
        over.store(true, Ordering::Relaxed);
        played
    })?;
    let mut host = Client::new(&lock(&address), Some(&key)).map_err(|e| e.to_string())?;
    let mut ask = |path: &str| host.get(path).map_err(|e| e.to_string());
    let (view, session) = (ask("/api/view")?.json(), ask("/api/session")?);
    let digest = view["digest"].as_str().unwrap_or_default().to_owned();
    server.kill()?;
    let report = checked(data, &lock(&acknowledged), &lock(&turned), kills, &session.body, &digest);
    report.map_err(|why| format!("seed {seed}: {why}"))
}

/// Orders, each of a value that no other order has, until it is over.
fn order(
    worker: usize,
    address: &Mutex<String>,
    tokens: &[String],
    over: &AtomicBool,
    into: &Mutex<Vec<Acknowledged>>,
) {
    let (mut round, mut clients): (u64, BTreeMap<usize, Client>) = (0, BTreeMap::new());
    while !over.load(Ordering::Relaxed) {
        round += 1;
        for person in (worker..tokens.len()).step_by(5) {
            let (seat, lever, most) = LEVERS[person % LEVERS.len()];
            // Whole numbers of a grid finer than there are orders.
            let value = (round * tokens.len() as u64 + person as u64) as f64 / 1_048_576.0 * most;
            let here = lock(address).clone();
            let client = clients.entry(person).or_insert_with(|| fresh(&here, &tokens[person]));
            match client.post("/api/orders", &json!({ "lever": lever, "value": value })) {
                Ok(reply) if reply.status == 202 => {
                    let said = reply.json();
                    let (order, wish) = (said["order"].as_u64(), said["wish"].as_u64());
                    let (number, turn) = (order.or(wish).unwrap_or(0), said["turn"].as_u64().unwrap_or(0));
                    lock(into).push(Acknowledged { by_head: order.is_some(), number, turn, seat, lever, value });
                }
                Ok(_) => std::thread::sleep(Duration::from_millis(20)),
                Err(_) => {
                    // The server is gone, and with it the connection; it comes back elsewhere.
                    std::thread::sleep(Duration::from_millis(10));
                    *client = fresh(&lock(address), &tokens[person]);
                }
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

fn fresh(address: &str, token: &str) -> Client {
    Client::new(address, Some(token)).unwrap_or_else(|_| unreachable!("the address was read from the server"))
}

/// Closes turns at random moments; keeps those that were acknowledged.
fn close_turns(address: &Mutex<String>, key: &str, over: &AtomicBool, into: &Mutex<Vec<(u64, i64)>>, seed: u64) {
    let mut dice = Dice(seed ^ 0xABCD);
    while !over.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(30 + dice.roll(300)));
        let mut host = fresh(&lock(address), key);
        let days = 1 + dice.roll(3) as i64;
        if let Ok(reply) = host.post("/api/turn", &json!({ "days": days }))
            && reply.status == 200
        {
            lock(into).push((reply.json()["turn"].as_u64().unwrap_or(0), days));
        }
    }
}

/// Kills and starts again; after each start everybody sits where they sat.
fn killed(
    program: &Path,
    data: &Path,
    kills: u32,
    seed: u64,
    server: &mut Server,
    address: &Mutex<String>,
    tokens: &[String],
) -> Result<(), String> {
    let mut dice = Dice(seed);
    for kill in 0..kills {
        std::thread::sleep(Duration::from_millis(5 + dice.roll(400)));
        server.child.kill().and_then(|()| server.child.wait()).map_err(|error| error.to_string())?;
        let before = (server.text("code"), server.text("facilitator_key"));
        *server = Server::start(program, data)?;
        if (server.text("code"), server.text("facilitator_key")) != before {
            return Err(format!("seed {seed}: kill {kill} gave the room another code or key"));
        }
        lock(address).clone_from(&server.text("address"));
        // All of them on the last and on every twentieth, and otherwise one: to ask everybody takes longer than to be killed.
        let asked: Vec<usize> = if kill + 1 == kills || kill % 20 == 0 {
            (0..tokens.len()).collect()
        } else {
            vec![dice.roll(tokens.len() as u64) as usize]
        };
        for person in asked {
            let view = fresh(&lock(address), &tokens[person]).get("/api/view").map_err(|e| e.to_string())?.json();
            let (seat, ..) = LEVERS[person % LEVERS.len()];
            if view["seat"]["id"] != seat {
                return Err(format!(
                    "seed {seed}: person {person} sat on {seat}, and after kill {kill}: {}",
                    view["seat"]["id"]
                ));
            }
        }
    }
    Ok(())
}

fn checked(
    data: &Path,
    acknowledged: &[Acknowledged],
    turned: &[(u64, i64)],
    kills: u32,
    session: &[u8],
    digest: &str,
) -> Result<Report, String> {
    let entries = Store::open(data)?.entries()?;
    // By whether it is an order or a wish, seat, and number among those.
    let mut orders: BTreeMap<(bool, &str, u64), (u32, &str, f64)> = BTreeMap::new();
    let mut of_seat: BTreeMap<(bool, &str), u64> = BTreeMap::new();
    let mut values: BTreeMap<(&str, u64), u32> = BTreeMap::new();
    let mut turns: BTreeMap<u32, i32> = BTreeMap::new();
    for (_, entry) in &entries {
        match entry {
            Entry::Ordered { turn, seat, lever, value, .. } | Entry::Wished { turn, seat, lever, value, .. } => {
                let by_head = matches!(entry, Entry::Ordered { .. });
                let number = of_seat.entry((by_head, seat)).or_default();
                *number += 1;
                orders.insert((by_head, seat, *number), (*turn, lever, *value));
                *values.entry((lever, value.to_bits())).or_default() += 1;
            }
            Entry::Turned { turn, .. } if turns.contains_key(turn) => {
                return Err(format!("turn {turn} was played twice"));
            }
            Entry::Turned { turn, days } => drop(turns.insert(*turn, *days)),
            _ => {}
        }
    }
    for order in acknowledged {
        let kept = orders.get(&(order.by_head, order.seat, order.number));
        let as_said = kept.is_some_and(|(turn, lever, value)| {
            (u64::from(*turn), *lever, value.to_bits()) == (order.turn, order.lever, order.value.to_bits())
        });
        if !as_said {
            return Err(format!("acknowledged and not kept: {order:?}, but {kept:?}"));
        }
    }
    if let Some(((lever, _), times)) = values.iter().find(|(_, times)| **times > 1) {
        return Err(format!("an order of {lever} is there {times} times"));
    }
    for (turn, days) in turned {
        if turns.get(&(*turn as u32)).map(|days| i64::from(*days)) != Some(*days) {
            return Err(format!("turn {turn} of {days} days was acknowledged and not kept"));
        }
    }
    // What acted is of each lever the last order of its turn, and nothing else: no wish.
    let mut expected: BTreeMap<(u32, &str), f64> = BTreeMap::new();
    let given = orders.iter().filter(|((by_head, ..), _)| *by_head).map(|(_, order)| order);
    for (turn, lever, value) in given.filter(|(turn, ..)| turns.contains_key(turn)) {
        expected.insert((*turn, lever), *value);
    }
    let text = String::from_utf8_lossy(session).into_owned();
    let json: Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    let acted: BTreeMap<(u32, &str), f64> = json["orders"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|o| {
            (
                (o["turn"].as_u64().unwrap_or(0) as u32, o["lever"].as_str().unwrap_or("")),
                o["value"].as_f64().unwrap_or(-1.0),
            )
        })
        .collect();
    if acted != expected || json["orders"].as_array().map(Vec::len) != Some(expected.len()) {
        return Err(format!("{} orders acted, and {} should have", acted.len(), expected.len()));
    }
    let again = Saved::from_text(&text)?.open()?;
    if again.branch().history.digest().whole != digest {
        return Err("the session replays to another digest".to_owned());
    }
    let days: i32 = turns.values().sum();
    if again.today() != days {
        return Err(format!("the session stands on day {}, and {days} were played", again.today()));
    }
    Ok(Report { kills, acknowledged: acknowledged.len(), kept: orders.len(), turns: turns.len(), session: text })
}
