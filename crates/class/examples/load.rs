//! Figures of a room under load, on loopback: how fast fifty come in, how fast an order is acknowledged, how fast news is heard while
//! futures run, what a reconnect storm and five hundred readers of the wall cost.
//!
//! `cargo build --release --no-default-features && cargo run --release -p detente-class --example load -- target/release/detente`

use detente_class::client::{Client, Listening};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::thread::scope;
use std::time::{Duration, Instant};

const PEOPLE: usize = 50;
const ORDERS: usize = 20;
const TURNS: usize = 10;
const READERS: usize = 500;
/// Four hours of a lesson in turns of ten minutes.
const LONG_TURNS: usize = 24;
/// How long its last debrief is waited for.
const LAST_DEBRIEF: Duration = Duration::from_secs(120);
const LEVERS: [(&str, &str); 10] = [
    ("DEL", "deal.linkage"),
    ("GLF", "hosts.assurances"),
    ("IRN", "iran.blow_rate"),
    ("IRQ", "iraq.militia_integration"),
    ("ISR", "israel.blow_rate"),
    ("LBN", "unifil.mandate"),
    ("MED", "channel.qatar"),
    ("PSE", "palestine.trade"),
    ("UNB", "council.consequences"),
    ("USA", "us.deterrent_presence"),
];

type Failed = Box<dyn std::error::Error + Send + Sync>;

fn quantile(times: &mut [Duration], q: f64) -> f64 {
    times.sort_unstable();
    let at = ((times.len() as f64 * q).ceil() as usize).clamp(1, times.len());
    times[at - 1].as_secs_f64() * 1000.0
}

fn all<T: Send>(people: usize, what: impl Fn(usize) -> Result<T, Failed> + Sync) -> Result<Vec<T>, Failed> {
    let what = &what;
    scope(|scope| {
        let threads: Vec<_> = (0..people).map(|person| scope.spawn(move || what(person))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err("a client panicked".into()))).collect()
    })
}

fn heard(listening: &mut Listening, kind: &str) -> Result<Instant, Failed> {
    loop {
        if listening.next_item()?.1["kind"] == kind {
            return Ok(Instant::now());
        }
    }
}

fn memory(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
}

/// What fifty people do in four hours, as fast as the server takes it: orders, wishes and messages, predictions, a package of
/// each delegation, pages that ask every half minute, and a debrief of every eighth turn. Returns the most memory that the server had.
fn hours(clients: &[Client], host: &mut Client, server: u32) -> Result<f64, Failed> {
    let mut most: f64 = 0.0;
    for turn in 0..LONG_TURNS {
        all(clients.len(), |person| {
            let (mut client, (seat, lever)) = (clients[person].clone(), LEVERS[person % LEVERS.len()]);
            let ask = |client: &mut Client, path: &str, body: Value| {
                let reply = client.post(path, &body)?;
                if reply.status < 300 { Ok(()) } else { Err(Failed::from(format!("{path}: {}", reply.json()))) }
            };
            let value = ((turn * 7 + person) % 20) as f64 / 20.0;
            let to = LEVERS[(person + 1) % LEVERS.len()].0;
            for part in 0..2 {
                ask(&mut client, "/api/orders", json!({ "lever": lever, "value": (value + f64::from(part) / 40.0) }))?;
                ask(
                    &mut client,
                    "/api/messages",
                    json!({ "to": to, "text": format!("What {seat} says in turn {turn}: ").repeat(8) }),
                )?;
            }
            ask(&mut client, "/api/predictions", json!({ "question": "war", "percent": turn }))?;
            if person < LEVERS.len() {
                let terms = json!([{ "lever": lever, "value": value }, { "lever": LEVERS[(person + 1) % LEVERS.len()].1, "value": value }]);
                ask(&mut client, "/api/proposals", json!({ "title": format!("Package {turn}"), "terms": terms }))?;
            }
            // Ten minutes of a page that asks every thirty seconds.
            for _ in 0..20 {
                client.get("/api/view")?;
                client.get("/api/poll?after=0&wait=0")?;
            }
            Ok(())
        })?;
        let closed = host.post("/api/turn", &json!({ "days": 7 }))?;
        if closed.status != 200 {
            return Err(closed.json().to_string().into());
        }
        // Its futures run beside the next turns.
        if turn % 8 == 7 {
            let mut host = host.clone();
            std::thread::spawn(move || host.get("/api/debrief"));
        }
        most = most.max(memory(server));
    }
    let began = Instant::now();
    while began.elapsed() < LAST_DEBRIEF && host.get("/api/debrief")?.status == 202 {
        most = most.max(memory(server));
    }
    Ok(most)
}

fn main() -> Result<(), Failed> {
    let program = std::env::args().nth(1).ok_or("give the path of the program")?;
    let data = std::env::temp_dir().join(format!("detente-load-{}", std::process::id()));
    let mut server = Command::new(program)
        .args(["class", "november-2024", "--port", "0", "--json", "--data"])
        .arg(&data)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(server.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    let opened: Value = serde_json::from_str(&line)?;
    let text = |key: &str| opened[key].as_str().unwrap_or_default().to_owned();
    let (address, code, key) = (text("address"), text("code"), text("facilitator_key"));

    let began = Instant::now();
    let clients = all(PEOPLE, |person| {
        let mut client = Client::join(&address, &code, &format!("person {person}"))?;
        let reply = client.post("/api/seat", &json!({ "seat": LEVERS[person % LEVERS.len()].0 }))?;
        if reply.status == 200 { Ok(client) } else { Err(reply.json().to_string().into()) }
    })?;
    println!("{PEOPLE} people came in and took a seat: {:.0} ms in all", began.elapsed().as_secs_f64() * 1000.0);

    let together = Barrier::new(PEOPLE);
    let times = all(PEOPLE, |person| {
        let (mut client, mut times) = (clients[person].clone(), Vec::new());
        together.wait();
        for n in 0..ORDERS {
            let began = Instant::now();
            let order = json!({ "lever": LEVERS[person % LEVERS.len()].1, "value": n as f64 / ORDERS as f64 });
            let reply = client.post("/api/orders", &order)?;
            times.push(began.elapsed());
            if reply.status != 202 {
                return Err(reply.json().to_string().into());
            }
        }
        Ok(times)
    })?;
    let mut times = times.concat();
    let [half, most] = [0.5, 0.95].map(|q| quantile(&mut times, q));
    println!("order to acknowledged, all {PEOPLE} at once, {ORDERS} each: median {half:.0} ms, p95 {most:.0} ms");

    let mut host = Client::new(&address, Some(&key))?;
    let mut listening = all(PEOPLE, |person| Ok(clients[person].listen("/api/events", 0)?))?;
    let mut news = Vec::new();
    for turn in 0..TURNS {
        for (person, client) in clients.iter().enumerate().take(LEVERS.len()) {
            let value = json!({ "lever": LEVERS[person].1, "value": (turn + 1) as f64 / (TURNS + 1) as f64 });
            client.clone().post("/api/orders", &value)?;
        }
        // From the second turn on, futures of the debrief run beside it.
        if turn == 1 {
            let mut host = host.clone();
            std::thread::spawn(move || host.get("/api/debrief"));
            std::thread::sleep(Duration::from_millis(300));
        }
        let began = Instant::now();
        let times = scope(|scope| {
            let threads: Vec<_> =
                listening.iter_mut().map(|listening| scope.spawn(move || heard(listening, "turn"))).collect();
            let closed = host.post("/api/turn", &json!({ "days": 14 }));
            let times: Vec<_> =
                threads.into_iter().map(|t| t.join().unwrap_or_else(|_| Err("panicked".into()))).collect();
            closed.map(|_| times)
        })?;
        for time in times {
            news.push(time?.duration_since(began));
        }
    }
    let [half, most] = [0.5, 0.95].map(|q| quantile(&mut news, q));
    println!(
        "turn of 14 days closed to heard by all {PEOPLE}, futures running beside it: median {half:.0} ms, p95 {most:.0} ms"
    );

    drop(listening);
    let together = Barrier::new(PEOPLE);
    let mut back = all(PEOPLE, |person| {
        together.wait();
        let began = Instant::now();
        let mut listening = clients[person].listen("/api/events", 1)?;
        listening.next_item()?;
        Ok(began.elapsed())
    })?;
    println!("{PEOPLE} reconnect at once: each has its next item within {:.0} ms (p95)", quantile(&mut back, 0.95));

    let nobody = Client::new(&address, None)?;
    let began = Instant::now();
    let mut wall = (0..READERS).map(|_| nobody.listen("/api/wall/events", 1_000_000)).collect::<Result<Vec<_>, _>>()?;
    println!("{READERS} readers of the wall came within {:.0} ms", began.elapsed().as_secs_f64() * 1000.0);
    let began = Instant::now();
    host.post("/api/messages", &json!({ "to": "ALL", "text": "now" }))?;
    let mut times = Vec::new();
    for listening in &mut wall {
        heard(listening, "message")?;
        times.push(began.elapsed());
    }
    println!("a line to all of them: the last has it after {:.0} ms", quantile(&mut times, 1.0));
    println!("memory of the server: {:.0} MB", memory(server.id()));
    drop(wall);
    let most = hours(&clients, &mut host, server.id())?;
    println!(
        "four hours of a lesson, {LONG_TURNS} turns with a debrief of every eighth: memory of the server at most {most:.0} MB, {:.0} MB at the end",
        memory(server.id())
    );
    server.kill()?;
    server.wait()?;
    Ok(std::fs::remove_dir_all(&data)?)
}
