//! Whoever floods, forges, dawdles or guesses harms nobody: the room goes on, and nobody loses a seat.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use common::{free_port, host, open, open_as, open_with, said, seated};
use detente_class::client::Client;
use detente_class::limits::{Buckets, Limits, Rate};
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Turns of the dice, always the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

#[test]
fn the_door_is_not_forced() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    let (mut iran, mut host) = (seated(&room, "IRN"), host(&room));
    let mut stranger = Client::new(&room.address, None).unwrap();

    // Tokens of others' making, and keys.
    for token in ["", "x", "0", &"a".repeat(32), &"é".repeat(20), &"f".repeat(5_000), "' OR 1=1 --"] {
        let mut forged = Client::new(&room.address, Some(token)).unwrap();
        let status = forged.get("/api/view").map_or(400, |reply| reply.status);
        assert!([400, 401, 431].contains(&status), "{token}: {status}");
    }

    // Ten megabytes.
    let token = iran.token.clone().unwrap();
    let head = format!(
        "POST /api/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 10485760\r\n\r\n"
    );
    let mut socket = TcpStream::connect(room.address.trim_start_matches("http://")).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    socket.write_all(head.as_bytes()).unwrap();
    let mut answer = [0; 64];
    let read = socket.read(&mut answer).unwrap();
    assert!(
        String::from_utf8_lossy(&answer[..read]).starts_with("HTTP/1.1 413"),
        "{:?}",
        String::from_utf8_lossy(&answer[..read])
    );
    // The same in pieces whose sum nobody has announced.
    let head = head.replace("Content-Length: 10485760", "Transfer-Encoding: chunked");
    let mut socket = TcpStream::connect(room.address.trim_start_matches("http://")).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    socket.write_all(head.as_bytes()).unwrap();
    let piece = format!("1000\r\n{}\r\n", "x".repeat(4096));
    let sent = (0..2_560).take_while(|_| socket.write_all(piece.as_bytes()).is_ok()).count();
    assert!(sent < 2_560, "it was cut off");

    // A browser on another site has the cookie, and names itself.
    let port = room.address.rsplit(':').next().unwrap();
    let ask = |origin: &str| {
        format!(
            "POST /api/orders HTTP/1.1\r\nHost: {}\r\nCookie: detente_seat_{port}={token}\r\n{origin}Content-Type: application/json\r\nContent-Length: 38\r\n\r\n{}",
            room.address.trim_start_matches("http://"),
            "{\"lever\":\"iran.blow_rate\",\"value\":0.5}"
        )
    };
    let mut browser = Client::new(&room.address, None).unwrap();
    assert_eq!(browser.send(ask("Origin: http://evil.example\r\n").as_bytes()).unwrap().status, 403);
    let mut browser = Client::new(&room.address, None).unwrap();
    assert_eq!(browser.send(ask("Sec-Fetch-Site: cross-site\r\n").as_bytes()).unwrap().status, 403);
    // A program that has the cookie is no page of another site.
    let mut program = Client::new(&room.address, None).unwrap();
    assert_eq!(program.send(ask("").as_bytes()).unwrap().status, 202);
    let mut browser = Client::new(&room.address, None).unwrap();
    assert_eq!(browser.send(ask(&format!("Origin: {}\r\n", room.address)).as_bytes()).unwrap().status, 202);
    // What a form can send is no order.
    let form = ask(&format!("Origin: {}\r\n", room.address)).replace("application/json", "text/plain");
    assert_eq!(Client::new(&room.address, None).unwrap().send(form.as_bytes()).unwrap().status, 415);

    // Every answer says what a browser may do with it.
    for path in ["/", "/api/view", "/api/wall", "/nothing"] {
        let head = stranger.get(path).unwrap().head.to_lowercase();
        for line in [
            "x-content-type-options: nosniff",
            "content-security-policy: default-src 'none'; script-src 'self'",
            "referrer-policy: no-referrer",
        ] {
            assert!(head.contains(line), "{path}: {head}");
        }
        assert!(!head.contains("unsafe-inline") && !head.contains("access-control-allow"), "{path}: {head}");
    }
    let joined = Client::new(&room.address, None)
        .unwrap()
        .post("/api/join", &json!({ "code": room.code, "nickname": "\u{202e}x\n" }))
        .unwrap();
    let head = joined.head.to_lowercase();
    assert!(head.contains("httponly") && head.contains("samesite=strict"), "{head}");
    let people = host.get("/api/seats").unwrap().json()["people"].clone();
    assert!(people.as_array().unwrap().iter().any(|p| p["name"] == "x"), "names are cleaned: {people}");

    // Guesses end after a few, and a right one among them is not told.
    let guesses: Vec<u16> = (0..60)
        .map(|_| stranger.post("/api/join", &json!({ "code": "ZZZZZ", "nickname": "x" })).unwrap().status)
        .collect();
    assert!(guesses.iter().filter(|s| **s == 403).count() <= 21 && guesses.last() == Some(&429), "{guesses:?}");
    assert_eq!(stranger.post("/api/join", &json!({ "code": room.code, "nickname": "x" })).unwrap().status, 429);
    // Who is in stays in.
    assert_eq!(iran.get("/api/view").unwrap().json()["seat"]["id"], "IRN");
}

#[test]
fn ten_thousand_at_the_door_and_as_many_strange_requests_take_nobodys_seat() {
    let folder = tempfile::tempdir().unwrap();
    // The door as it is; behind it nobody is slowed down, so that what is asked is heard.
    let wide = Rate { burst: 1e6, each_second: 1e6 };
    let limits = Limits { requests: Buckets::new(wide), pages: Buckets::new(wide), ..Limits::default() };
    let room = open_with(folder.path(), &[], false, 0, limits);
    let (mut iran, mut israel, mut us, host) =
        (seated(&room, "IRN"), seated(&room, "ISR"), seated(&room, "USA"), host(&room));
    assert_eq!(
        said(&mut iran, "POST", "/api/orders", Some(json!({ "lever": "iran.blow_rate", "value": 0.25 }))).0,
        202
    );
    // What two others say, propose and order: none of those who ask below may read it.
    let canaries = ["canary-words", "canary-deal", "1.3759169", &room.facilitator_key, &room.code];
    israel.post("/api/messages", &json!({ "to": "USA", "text": canaries[0] })).unwrap();
    let deal = json!({ "title": canaries[1], "terms": [{ "lever": "us.leverage", "value": 0.5 }] });
    assert_eq!(israel.post("/api/proposals", &deal).unwrap().status, 201);
    let order = json!({ "lever": "israel.response_scale", "value": 1.375_916_9 });
    assert_eq!(israel.post("/api/orders", &order).unwrap().status, 202);
    assert!(us.get("/api/view").unwrap().json().to_string().contains(canaries[1]), "the search sees what is there");

    // Rude members of three delegations: as many as come through before anybody is slowed down.
    let mut rude: Vec<Client> = (0..33).map(|n| seated(&room, ["IRN", "LBN", "PSE"][n % 3])).collect();
    let mut flood = Client::new(&room.address, None).unwrap();
    let (mut came, mut turned_away) = (0, 0);
    for n in 0..10_000 {
        match flood.post("/api/join", &json!({ "code": room.code, "nickname": format!("flood {n}") })).unwrap().status {
            200 => came += 1,
            429 => turned_away += 1,
            other => panic!("{other}"),
        }
    }
    assert!(came > 20 && turned_away > 8_000, "{came} came, {turned_away} were turned away");

    // Keys that are nearly that of the facilitator, shown in every way: none opens anything.
    let key = room.facilitator_key.clone();
    let mut nearly: Vec<String> = (0..key.len())
        .flat_map(|at| ["0", "1", "f", ""].map(|digit| format!("{}{digit}{}", &key[..at], &key[at + 1..])))
        .filter(|other| *other != key)
        .collect();
    nearly.extend([
        key.to_uppercase(),
        format!("{key}0"),
        format!("{key}{key}"),
        format!("0{key}"),
        key.replace('a', "а"),
    ]);
    nearly.retain(|other| *other != key);
    assert!(nearly.len() > 90);
    for other in &nearly {
        let status = Client::new(&room.address, Some(other)).unwrap().get("/api/session").map_or(400, |r| r.status);
        assert!([400, 401].contains(&status), "{other}: {status}");
    }
    let port = room.address.rsplit(':').next().unwrap().to_owned();
    let by_cookie =
        format!("GET /api/session HTTP/1.1\r\nHost: localhost\r\nCookie: detente_seat_{port}={key}\r\n\r\n");
    assert_eq!(raw(&room.address, &by_cookie).0, 401, "the key is no cookie");
    let asked = format!("GET /api/session?key={key}&token={key} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!(raw(&room.address, &asked).0, 401, "the key stands in no address");

    // Whatever is sent to whatever path, in whatever order, with a seat of one's own.
    let mut dice = Dice(7);
    let paths = [
        "/api/join",
        "/api/seat",
        "/api/seats",
        "/api/view",
        "/api/orders",
        "/api/messages",
        "/api/proposals",
        "/api/proposals/1",
        "/api/proposals/99999999999",
        "/api/predictions",
        "/api/turn",
        "/api/rewind",
        "/api/head",
        "/api/delete",
        "/api/debrief",
        "/api/assign",
        "/api/lock",
        "/api/clock",
        "/api/reveal",
        "/api/session",
        "/api/back",
        "/api/forget",
        "/api/poll?after=-1",
        "/api/poll?after=18446744073709551615&wait=0",
        "/api/wall/poll?wait=NaN",
        "/%00",
        "/../../etc/passwd",
        "/api/levers",
        "/api/view?x=%ff",
    ];
    let values = [
        json!(null),
        json!(-1),
        json!(1e308),
        json!("IRN"),
        json!("ISR"),
        json!("\u{202e}\u{0}x"),
        json!([]),
        json!({ "a": 1 }),
        json!(0.5),
        json!("iran.blow_rate"),
        json!("israel.blow_rate"),
        json!("x".repeat(9_000)),
        json!(u64::MAX),
        json!(true),
    ];
    let keys = [
        "code",
        "nickname",
        "seat",
        "lever",
        "value",
        "to",
        "text",
        "title",
        "terms",
        "do",
        "question",
        "percent",
        "days",
        "turn",
        "player",
        "out",
        "everybody",
        "as",
        "locked",
        "minutes",
        "hold",
    ];
    let mut statuses = std::collections::BTreeMap::<u16, u32>::new();
    let memory = resident();
    for n in 0..90_000 {
        // Streams, begun anywhere and left at once; and asked for in ways that are none.
        if n % 30 == 0 {
            let (path, after) = (["/api/events", "/api/wall/events"][n / 30 % 2], dice.roll(1 << 20));
            let mut listening = rude[n % 33].listen(path, after / 1_000).unwrap();
            listening.wait(Duration::from_millis(1)).unwrap();
            while let Ok((_, item)) = listening.next_item() {
                let text = item.to_string();
                assert!(canaries.iter().all(|canary| !text.contains(canary)), "{text}");
            }
            let odd = rude[n % 33].ask("POST", path, Some(&json!({ "after": 1 })));
            assert!(odd.is_ok_and(|reply| reply.status == 405));
        }
        let mut body = serde_json::Map::new();
        for _ in 0..dice.roll(5) {
            let (key, value) = (dice.roll(keys.len() as u64) as usize, dice.roll(values.len() as u64) as usize);
            body.insert(keys[key].to_owned(), values[value].clone());
        }
        let method = ["GET", "POST", "POST", "POST", "PUT", "DELETE"][dice.roll(6) as usize];
        let path = paths[dice.roll(paths.len() as u64) as usize];
        if path == "/api/orders" && dice.roll(2) == 0 {
            let lever =
                ["unifil.troops", "gaza.aid_access", "iran.blow_rate", "israel.blow_rate"][dice.roll(4) as usize];
            body.extend([
                ("lever".to_owned(), json!(lever)),
                ("value".to_owned(), json!(0.5)),
                ("turn".to_owned(), json!(1)),
            ]);
        }
        let asker = if n % 7 == 0 { &mut flood } else { &mut rude[n % 33] };
        let body = body.into();
        // A connection on which a body was not wanted is closed; the next request goes on a new one.
        let reply = asker.ask(method, path, Some(&body)).or_else(|_| asker.ask(method, path, Some(&body))).unwrap();
        *statuses.entry(reply.status).or_default() += 1;
        let text = String::from_utf8_lossy(&reply.body);
        assert!(canaries.iter().all(|canary| !text.contains(canary) && !reply.head.contains(canary)), "{path}: {text}");
        assert!(reply.status < 500, "{method} {path}: {}", String::from_utf8_lossy(&reply.body));
    }
    let heard: u32 = statuses.iter().filter(|(status, _)| **status != 429).map(|(_, times)| times).sum();
    assert!(
        heard > 80_000 && [200, 202, 204, 400, 401, 403, 404, 405, 409, 422].iter().all(|s| statuses.contains_key(s)),
        "{statuses:?}"
    );

    // What they made is bounded by what each may do in a turn.
    let grown = resident() - memory;
    assert!(grown < 150.0, "the memory grew by {grown} MB");

    // The others: where they were, and heard at once, on a new connection: one that nobody used for so long is closed.
    let (mut israel, mut host) = (israel.clone(), host.clone());
    let view = israel.get("/api/view").unwrap().json();
    assert_eq!((&view["seat"]["id"], &view["turn"]), (&json!("ISR"), &json!(1)));
    assert_eq!(
        said(&mut israel, "POST", "/api/orders", Some(json!({ "lever": "israel.blow_rate", "value": 0.75 }))).0,
        202
    );
    let people = host.get("/api/seats").unwrap().json();
    let seat =
        |name: &str| people["people"].as_array().unwrap().iter().find(|p| p["name"] == name).unwrap()["seat"].clone();
    assert_eq!((seat("someone of IRN"), seat("someone of ISR")), (json!("IRN"), json!("ISR")));
    assert_eq!(host.post("/api/turn", &json!({ "days": 7 })).unwrap().status, 200);
    let orders = host.get("/api/session").unwrap().json()["orders"].clone();
    let israel_ordered: Vec<_> = orders
        .as_array()
        .unwrap()
        .iter()
        .filter(|o| o["seat"] == "ISR")
        .map(|o| o["value"].as_f64().unwrap())
        .collect();
    assert_eq!(israel_ordered, [0.75, 1.375_916_9], "nobody ordered for others");
    for order in orders.as_array().unwrap() {
        let (seat, lever) = (order["seat"].as_str().unwrap(), order["lever"].as_str().unwrap());
        assert!(!lever.starts_with("iran.") || seat == "IRN", "{order}");
        assert!(!lever.starts_with("israel.") || seat == "ISR", "{order}");
    }
}

/// Memory of this process, and with it of the server in it, MB; nothing where the system does not tell.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

#[test]
fn who_dawdles_holds_nobody_up() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    let mut iran = seated(&room, "IRN");
    let at = room.address.trim_start_matches("http://");
    // Two hundred that never say what they want, and fifty whose body never comes.
    let mut dawdlers: Vec<TcpStream> = (0..250).map(|_| TcpStream::connect(at).unwrap()).collect();
    let token = iran.token.clone().unwrap();
    for (n, socket) in dawdlers.iter_mut().enumerate() {
        let head = if n < 200 {
            "GET / HTTP/1.1\r\nX-Slow:".to_owned()
        } else {
            format!(
                "POST /api/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 30\r\n\r\n{{"
            )
        };
        socket.write_all(head.as_bytes()).unwrap();
    }
    let began = Instant::now();
    for n in 0..20 {
        let value = f64::from(n) / 20.0;
        assert_eq!(
            said(&mut iran, "POST", "/api/orders", Some(json!({ "lever": "iran.blow_rate", "value": value }))).0,
            202
        );
    }
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    // In the end they are shown out.
    let socket = &mut dawdlers[0];
    socket.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
    let mut rest = Vec::new();
    let read = socket.read_to_end(&mut rest);
    assert!(read.is_ok(), "the connection was closed: {read:?}");
}

/// What comes back for a request as it stands.
fn raw(address: &str, request: &str) -> (u16, serde_json::Value) {
    let reply = Client::new(address, None).unwrap().send(request.as_bytes()).unwrap();
    (reply.status, reply.json()["code"].clone())
}

/// A name of somebody else's that was made to lead here: its pages would be pages of this room.
#[test]
fn what_is_asked_of_another_host_is_not_answered() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let room = open_as(folder.path(), &["class.example"], false, port);
    assert_eq!(room.address, format!("http://class.example:{port}"));
    let at = format!("127.0.0.1:{port}");
    for path in ["/", "/api/wall", "/api/view", "/qr.svg", "/nothing"] {
        for host in ["evil.example", "127.0.0.1.evil.example", "x:8080"] {
            let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
            assert_eq!(raw(&at, &request), (421, json!("another_host")), "{host}{path}");
        }
    }
    let absolute = format!("GET http://evil.example/api/wall HTTP/1.1\r\nHost: {at}\r\n\r\n");
    assert_eq!(raw(&at, &absolute), (421, json!("another_host")));
    for host in [at.as_str(), "localhost", "[::1]:80", "class.example", "CLASS.example:443", "192.168.7.7"] {
        let request = format!("GET /api/wall HTTP/1.1\r\nHost: {host}\r\n\r\n");
        assert_eq!(raw(&at, &request).0, 200, "{host}");
    }
}

/// Sixty guesses that all say what they want before any of them says the code: as many are heard as of sixty in a row.
#[test]
fn guesses_that_come_together_are_rationed_as_those_that_come_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    let at = room.address.trim_start_matches("http://");
    let body = r#"{"code":"ZZZZZ","nickname":"x"}"#;
    let head = format!(
        "POST /api/join HTTP/1.1\r\nHost: {at}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{{",
        body.len()
    );
    let mut sockets: Vec<TcpStream> = (0..60).map(|_| TcpStream::connect(at).unwrap()).collect();
    for socket in &mut sockets {
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        socket.write_all(head.as_bytes()).unwrap();
    }
    std::thread::sleep(Duration::from_millis(500));
    for socket in &mut sockets {
        socket.write_all(&body.as_bytes()[1..]).unwrap();
    }
    let answered = |socket: &mut TcpStream| {
        let mut answer = [0; 12];
        socket.read_exact(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    };
    let statuses: Vec<String> = sockets.iter_mut().map(answered).collect();
    let heard = statuses.iter().filter(|s| s.ends_with("403")).count();
    assert!((15..=25).contains(&heard), "{heard} of 60 guesses were heard: {statuses:?}");
}

/// A class comes in at once from one address: right codes are not taken for guesses.
#[test]
fn many_who_know_the_code_come_in_from_one_address() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    for n in 0..60 {
        Client::join(&room.address, &room.code, &format!("person {n}")).unwrap();
    }
}

#[test]
fn pages_and_the_picture_are_rationed_by_address_and_a_proxy_says_for_whom_it_asks() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let room = open_as(folder.path(), &["class.example", "other.example"], true, port);
    assert_eq!(room.address, "https://class.example");
    let at = format!("127.0.0.1:{port}");
    let mut client = Client::new(&at, None).unwrap();
    let mut status = |path: &str, list: &str| {
        let request = format!("GET {path} HTTP/1.1\r\nHost: class.example\r\nX-Forwarded-For: {list}\r\n\r\n");
        client.send(request.as_bytes()).unwrap().status
    };
    for path in ["/", "/qr.svg"] {
        // What whoever asks writes before it is no other address.
        let statuses: Vec<u16> =
            (0..2_500).map(|n| status(path, &format!("10.0.0.{}, 203.0.113.9", n % 250))).collect();
        assert!(statuses[0] == 200 || path == "/qr.svg");
        assert_eq!(statuses.last(), Some(&429), "{path}");
        assert_eq!(status(path, "203.0.113.10"), 200, "{path}");
    }
}

#[test]
fn a_body_that_breaks_off_is_not_said_to_be_too_large() {
    let folder = tempfile::tempdir().unwrap();
    let room = open(folder.path());
    let iran = seated(&room, "IRN");
    let request = format!(
        "POST /api/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\n\r\nno size\r\n",
        iran.token.unwrap()
    );
    assert_eq!(raw(&room.address, &request), (400, json!("broke_off")));
}
