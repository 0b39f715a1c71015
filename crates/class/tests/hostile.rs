//! Whoever floods, forges, dawdles or guesses harms nobody: the room goes on, and nobody loses a seat.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use common::{free_port, host, open, open_as, said, seated};
use detente_class::client::Client;
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
    let room = open(folder.path());
    let (mut iran, mut israel, mut host) = (seated(&room, "IRN"), seated(&room, "ISR"), host(&room));
    assert_eq!(
        said(&mut iran, "POST", "/api/orders", Some(json!({ "lever": "iran.blow_rate", "value": 0.25 }))).0,
        202
    );

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
    ];
    let mut statuses = std::collections::BTreeMap::<u16, u32>::new();
    for n in 0..90_000 {
        let mut body = serde_json::Map::new();
        for _ in 0..dice.roll(5) {
            let (key, value) = (dice.roll(keys.len() as u64) as usize, dice.roll(values.len() as u64) as usize);
            body.insert(keys[key].to_owned(), values[value].clone());
        }
        let method = ["GET", "POST", "POST", "POST", "PUT", "DELETE"][dice.roll(6) as usize];
        let path = paths[dice.roll(paths.len() as u64) as usize];
        let asker = if n % 7 == 0 { &mut flood } else { &mut rude[n % 33] };
        let body = body.into();
        // A connection on which a body was not wanted is closed; the next request goes on a new one.
        let reply = asker.ask(method, path, Some(&body)).or_else(|_| asker.ask(method, path, Some(&body))).unwrap();
        *statuses.entry(reply.status).or_default() += 1;
        assert!(reply.status < 500, "{method} {path}: {}", String::from_utf8_lossy(&reply.body));
    }
    let heard: u32 = statuses.iter().filter(|(status, _)| **status != 429).map(|(_, times)| times).sum();
    assert!(
        heard > 10_000 && [200, 204, 400, 403, 404, 405, 409, 422].iter().all(|s| statuses.contains_key(s)),
        "{statuses:?}"
    );

    // The others: where they were, and heard at once.
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
    assert_eq!(israel_ordered, [0.75], "nobody ordered for others");
    for order in orders.as_array().unwrap() {
        let (seat, lever) = (order["seat"].as_str().unwrap(), order["lever"].as_str().unwrap());
        assert!(!lever.starts_with("iran.") || seat == "IRN", "{order}");
        assert!(!lever.starts_with("israel.") || seat == "ISR", "{order}");
    }
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
