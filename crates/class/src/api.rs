//! What the room answers over HTTP: thin, for what is allowed is decided in [`crate::room`]. Nothing here blocks: the room is read
//! and the journal written beside the threads that speak with the network.

use crate::debrief::{Debriefs, Played, State as Debrief};
use crate::keeper::{Done, Keeper};
use crate::limits::Limits;
use crate::refused::{Refused, host_only, no_token, slow_down};
use crate::room::{Item, Room, Set, Stream, Who, Wish};
use crate::secret;
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, Path, Query, Request, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use detente_model::symbols::levers::Lever;
use futures_util::stream::unfold;
use futures_util::{Stream as Flow, StreamExt as _};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};

/// Largest body, bytes.
pub const MOST_BODY: usize = 16 << 10;
/// How long a body may take to come.
const BODY_WAITS: Duration = Duration::from_secs(10);
/// Longest a poll is held open.
const POLL_WAITS: f64 = 25.0;
/// Items of a stream that are read at a time.
const BITE: usize = 200;
/// A line every so often on a stream where nothing happens, so that nobody in between takes it for dead.
const ALIVE: Duration = Duration::from_secs(15);
/// Name of the cookie with the token, before the port: browsers keep the cookies of all ports of a machine together, and two
/// rooms on one would take each other's.
const COOKIE: &str = "detente_seat_";
/// Most streams and polls at a time of those who show no token, of all connections: the wall's.
const MOST_STRANGERS: usize = 550;
/// How long a browser keeps it: a day of lessons, seconds.
const COOKIE_LASTS: u32 = 43_200;

/// Whoever was heard of within so many seconds is here: a page that is looked at asks every thirty.
const HERE: f64 = 45.0;
/// How long whoever deletes the room has to hear that it is done.
const FAREWELL: Duration = Duration::from_millis(500);

/// What all requests share.
pub struct Shared {
    /// The room.
    pub keeper: Keeper,
    /// The room's code: shown to the facilitator.
    code: String,
    /// Digest of the facilitator's key.
    host: String,
    /// Where the room is.
    pub place: Place,
    /// Its address as a picture, drawn once.
    pub picture: OnceLock<String>,
    cookie: String,
    limits: Mutex<Limits>,
    strangers: Arc<Semaphore>,
    started: Instant,
    debriefs: Debriefs,
    /// When each person was heard of last, seconds since the start.
    heard_of: Mutex<BTreeMap<usize, f64>>,
    /// Tells whoever accepts connections that the room is no more.
    pub over: Notify,
}

/// Where a room is, as browsers reach it.
#[derive(Clone, Debug)]
pub struct Place {
    /// Address.
    pub address: String,
    /// Port that it listens on.
    pub port: u16,
    /// Names by which it is called, beside numbers and `localhost`.
    pub names: Vec<String>,
    /// Whether somebody on this machine hands requests on, and says for whom.
    pub proxy: bool,
    /// Whether it has a certificate of its own.
    pub tls: bool,
}

impl Shared {
    /// A server's memory.
    #[must_use]
    pub fn new(keeper: Keeper, code: &str, host: &str, place: Place, limits: Limits) -> Self {
        Self {
            keeper,
            code: code.to_owned(),
            host: secret::digest(host),
            cookie: format!("{COOKIE}{}", place.port),
            place,
            picture: OnceLock::new(),
            limits: Mutex::new(limits),
            strangers: Arc::new(Semaphore::new(MOST_STRANGERS)),
            started: Instant::now(),
            debriefs: Debriefs::default(),
            heard_of: Mutex::default(),
            over: Notify::new(),
        }
    }

    /// Seconds since each person was heard of last.
    fn silent_for(&self) -> BTreeMap<usize, f64> {
        let now = self.started.elapsed().as_secs_f64();
        let heard = self.heard_of.lock().unwrap_or_else(PoisonError::into_inner);
        heard.iter().map(|(player, at)| (*player, now - at)).collect()
    }

    fn limited<T>(&self, ask: impl FnOnce(&mut Limits, f64) -> T) -> T {
        ask(&mut self.limits.lock().unwrap_or_else(PoisonError::into_inner), self.started.elapsed().as_secs_f64())
    }
}

type Room_ = State<Arc<Shared>>;

/// Where a connection came from; put in by whoever accepts them.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Where a request came from. A proxy on this machine that the host has named says so in the last entry of its list: those before
/// are what it was told by whoever asked.
fn peer(parts: &Parts, shared: &Shared) -> IpAddr {
    let peer = parts.extensions.get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0);
    if !shared.place.proxy || !peer.is_loopback() {
        return peer;
    }
    let lists = parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let last = lists.flat_map(|list| list.split(',')).last();
    last.and_then(|text| text.trim().parse().ok()).unwrap_or(peer)
}

/// Seconds since 1970.
fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(&self)).into_response();
        if self.status == 429 {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

/// Reads the room beside the threads that speak with the network.
async fn reading<T: Send + 'static>(
    shared: &Arc<Shared>,
    read: impl FnOnce(&Room) -> T + Send + 'static,
) -> Result<T, Refused> {
    let shared = Arc::clone(shared);
    let read = tokio::task::spawn_blocking(move || Ok(read(&*shared.keeper.room()?)));
    read.await.map_err(|_| Refused::new(500, "broken", "The room could not be read; start the server again."))?
}

/// Who asks, if anybody that is known; with what it takes to be heard.
struct Asker {
    who: Option<Who>,
    peer: IpAddr,
}

impl Asker {
    fn known(&self) -> Result<Who, Refused> {
        self.who.ok_or_else(no_token)
    }
}

impl FromRequestParts<Arc<Shared>> for Asker {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, shared: &Arc<Shared>) -> Result<Self, Refused> {
        let peer = peer(parts, shared);
        let (token, by_cookie) = match bearer(&parts.headers) {
            Some(token) => (Some(token), false),
            None => (cookie(&parts.headers, &shared.cookie), true),
        };
        let who = match token {
            Some(token) if token.len() <= 64 => {
                let digest = secret::digest(token);
                if digest == shared.host && !by_cookie {
                    Some(Who::Host)
                } else {
                    reading(shared, move |room| room.player(&digest)).await?.map(Who::Player)
                }
            }
            _ => None,
        };
        let heard = shared.limited(|limits, now| match who {
            Some(Who::Host) => limits.requests.take(&usize::MAX, now),
            Some(Who::Player(player)) => limits.requests.take(&player, now),
            None => limits.pages.take(&peer, now),
        });
        if !heard {
            return Err(slow_down());
        }
        if let Some(Who::Player(player)) = who {
            let now = shared.started.elapsed().as_secs_f64();
            shared.heard_of.lock().unwrap_or_else(PoisonError::into_inner).insert(player, now);
        }
        // A browser sends a cookie along with what another site asks of it; such a site names itself.
        if by_cookie && who.is_some() && parts.method != Method::GET && !same_site(&parts.headers) {
            return Err(Refused::new(
                403,
                "cross_site",
                "This request came from another site; use the room's own page.",
            ));
        }
        Ok(Self { who, peer })
    }
}

/// Somebody who looks at a page: whoever it is, an address looks at so many.
pub struct Visitor;

impl FromRequestParts<Arc<Shared>> for Visitor {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, shared: &Arc<Shared>) -> Result<Self, Refused> {
        let peer = peer(parts, shared);
        if shared.limited(|limits, now| limits.pages.take(&peer, now)) { Ok(Self) } else { Err(slow_down()) }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The host that a request is for, without its port.
fn without_port(host: &str) -> &str {
    match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(""),
        None => host.split(':').next().unwrap_or(""),
    }
}

/// Whether a host is this room: a number, this machine, or a name that it was given. A site whose name was made to lead here
/// (DNS rebinding) is none of them, and its pages would otherwise be pages of this room to a browser.
fn is_ours(host: &str, names: &[String]) -> bool {
    let host = without_port(host.trim()).trim_end_matches('.');
    host.parse::<IpAddr>().is_ok()
        || host.eq_ignore_ascii_case("localhost")
        || names.iter().any(|name| name.eq_ignore_ascii_case(host))
}

/// Answers what is for this room, and nothing that is for somebody else.
async fn for_us(State(shared): Room_, request: Request, next: axum::middleware::Next) -> Response {
    let asked = request.uri().authority().map(|authority| authority.as_str().to_owned());
    let headers = request.headers().get_all(header::HOST).iter();
    let hosts = headers.map(|value| value.to_str().unwrap_or("").to_owned()).chain(asked);
    for host in hosts {
        if !is_ours(&host, &shared.place.names) {
            let name = detente_session::names::quoted(without_port(&host), 60);
            let why = format!(
                "This room is not called `{name}`: open the address that its server printed, or have it started with --name {name}."
            );
            return Refused::new(421, "another_host", why).into_response();
        }
    }
    next.run(request).await
}

/// Whether a request comes from a page of this server, or from no page at all. A browser names the site of a page that sends
/// something in one of two ways; a program that has a cookie and names none is no page.
fn same_site(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => {
            origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")) == Some(host)
        }
        (Some(_), None) => false,
        (None, _) => headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin"),
    }
}

/// A body of JSON, small and in time.
async fn read<T: DeserializeOwned>(request: Request) -> Result<T, Refused> {
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    // A form of another site cannot send this kind.
    if !kind.trim_start().to_ascii_lowercase().starts_with("application/json") {
        return Err(Refused::new(415, "not_json", "Send JSON, with Content-Type: application/json."));
    }
    let large = || Refused::new(413, "too_large", format!("A request has at most {MOST_BODY} bytes."));
    let said = parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|bytes| bytes > MOST_BODY) {
        return Err(large());
    }
    let slow = |_| Refused::new(408, "too_slow", "The request did not come in time; send it again.");
    let whole = async {
        let (mut bytes, mut pieces) = (Vec::new(), body.into_data_stream());
        while let Some(piece) = pieces.next().await {
            let broke = |_| Refused::new(400, "broke_off", "The request broke off; send it again.");
            let piece = piece.map_err(broke)?;
            if bytes.len() + piece.len() > MOST_BODY {
                return Err(large());
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    };
    let bytes = tokio::time::timeout(BODY_WAITS, whole).await.map_err(slow)??;
    serde_json::from_slice(&bytes).map_err(|error| {
        let why = detente_session::names::quoted(&error.to_string(), 120);
        Refused::new(400, "bad_request", format!("This is not what is asked for here: {why}."))
    })
}

type Answer = Result<Response, Refused>;

fn json_of(value: &Value) -> Response {
    axum::Json(value).into_response()
}

/// A wish of somebody known, and what is said of it.
async fn wish(shared: &Arc<Shared>, asker: &Asker, wish: Wish) -> Result<Done, Refused> {
    let who = asker.known()?;
    shared.keeper.wish(Some(who), wish).await
}

#[derive(Deserialize)]
struct Join {
    code: String,
    #[serde(default)]
    nickname: String,
}

fn with_cookie(shared: &Shared, mut response: Response, token: &str) -> Response {
    // Without `Secure` where the room has no certificate. Behind a proxy with one, the proxy adds it.
    let secure = if shared.place.tls { "; Secure" } else { "" };
    let cookie =
        format!("{}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={COOKIE_LASTS}{secure}", shared.cookie);
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

async fn join(State(shared): Room_, asker: Asker, request: Request) -> Answer {
    let peer = asker.peer;
    // Before the code is looked at: who has guessed too often is not told whether this guess was right.
    if !shared.limited(|limits, now| limits.guesses.has(&peer, now)) {
        return Err(slow_down());
    }
    let Join { code, nickname } = read(request).await?;
    // By digests: how long that takes tells nobody how much of a guess was right.
    let right = secret::digest(&secret::typed(&code)) == secret::digest(&shared.code);
    // Taken before it is known whether it is right, however many come at once, and given back where it is.
    let heard = shared.limited(|limits, now| {
        let heard = limits.guesses.take(&peer, now);
        if heard && right {
            limits.guesses.give_back(&peer, now);
        }
        heard
    });
    if !heard {
        return Err(slow_down());
    }
    if !right {
        return Err(Refused::new(403, "wrong_code", "This is not the code of the room; ask the facilitator for it."));
    }
    if !shared.limited(|limits, now| limits.joins.take(&peer, now)) {
        return Err(slow_down());
    }
    let token = secret::token().map_err(|why| Refused::new(500, "no_luck", why))?;
    shared.keeper.wish(None, Wish::Join { token: secret::digest(&token), name: nickname }).await?;
    Ok(with_cookie(&shared, json_of(&json!({ "token": token })), &token))
}

/// Gives a browser its cookie again from the token that it kept.
async fn back(State(shared): Room_, asker: Asker, headers: HeaderMap) -> Answer {
    match (asker.known()?, bearer(&headers)) {
        (Who::Player(_), Some(token)) => Ok(with_cookie(&shared, StatusCode::NO_CONTENT.into_response(), token)),
        _ => Err(no_token()),
    }
}

async fn seats(State(shared): Room_, asker: Asker) -> Answer {
    let who = asker.known()?;
    Ok(json_of(&reading(&shared, move |room| room.seats_for(who)).await?))
}

#[derive(Deserialize)]
struct Sit {
    seat: String,
}

async fn seat(State(shared): Room_, asker: Asker, request: Request) -> Answer {
    asker.known()?;
    let Sit { seat } = read(request).await?;
    wish(&shared, &asker, Wish::Sit { seat: seat.clone() }).await?;
    Ok(json_of(&json!({ "seat": seat })))
}

#[derive(Deserialize)]
struct Assign {
    player: usize,
    #[serde(default)]
    seat: Option<String>,
    #[serde(default)]
    out: bool,
}

async fn assign(State(shared): Room_, asker: Asker, request: Request) -> Answer {
    asker.known()?;
    let Assign { player, seat, out } = read(request).await?;
    let what = if out { Wish::Remove { player } } else { Wish::Assign { player, seat } };
    wish(&shared, &asker, what).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
struct Head {
    player: usize,
}

async fn head(State(shared): Room_, asker: Asker, request: Request) -> Answer {
    host(&asker)?;
    let Head { player } = read(request).await?;
    wish(&shared, &asker, Wish::Head { player }).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
struct Forget {
    #[serde(default)]
    player: Option<usize>,
    #[serde(default)]
    everybody: bool,
}

/// Removes a nickname: one's own where nobody's is named.
async fn forget(State(shared): Room_, asker: Asker, request: Request) -> Answer {
    let who = asker.known()?;
    let Forget { player, everybody } = read(request).await?;
    let own = match who {
        Who::Player(player) => Some(player),
        Who::Host => None,
    };
    let whose = match (everybody, player.or(own)) {
        (true, None) => None,
        (true, Some(_)) if who != Who::Host => return Err(host_only()),
        (false, Some(player)) => Some(player),
        _ => {
            let why = "Say whose name is removed: \"player\" with a number, or \"everybody\": true.";
            return Err(Refused::new(422, "whose_name", why));
        }
    };
    wish(&shared, &asker, Wish::Forget { player: whose }).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Every lever that a seat of the room holds, and for the facilitator those that none does, as the table has it: no value, for
/// those in force are their holders' alone.
async fn levers(State(shared): Room_, asker: Asker) -> Answer {
    let all = asker.known()? == Who::Host;
    let list = reading(&shared, move |room| {
        let held = Lever::ALL.iter().filter(|lever| all || room.seats.holder(**lever).is_some());
        let lines = held.map(|lever| {
            let row = lever.row();
            json!({ "id": row.id, "name": row.name, "owner": row.owner, "kind": row.kind, "unit": row.unit, "low": row.low, "high": row.high,
                "touches": row.touches })
        });
        lines.collect::<Vec<_>>()
    });
    Ok(json_of(&json!({ "levers": list.await? })))
}

async fn view(State(shared): Room_, asker: Asker) -> Answer {
    let who = asker.known()?;
    let mut view = reading(&shared, move |room| room.view(who)).await?;
    // By a phone's own clock, time would be up when it is not.
    view["now"] = now().into();
    if who == Who::Host {
        view["address"] = shared.place.address.as_str().into();
        view["code"] = shared.code.as_str().into();
        let silent = shared.silent_for();
        let people = view["people"]["people"].as_array_mut().into_iter().flatten();
        for person in people {
            let since = person["player"].as_u64().and_then(|player| silent.get(&(player as usize)));
            person["here"] = since.is_some_and(|since| *since < HERE).into();
            person["silent_minutes"] = since.map(|since| (since / 60.0).floor()).into();
        }
    }
    Ok(json_of(&view))
}

async fn wall(State(shared): Room_, _asker: Asker) -> Answer {
    let mut wall = reading(&shared, Room::wall).await?;
    wall["address"] = shared.place.address.as_str().into();
    wall["now"] = now().into();
    Ok(json_of(&wall))
}

#[derive(Deserialize)]
struct Order {
    lever: String,
    value: Value,
    /// The turn that is meant: where it has closed in between, the order is late, and no order of the next.
    #[serde(default)]
    turn: Option<u32>,
}

async fn orders(State(shared): Room_, asker: Asker, request: Request) -> Answer {
    asker.known()?;
    let Order { lever, value, turn } = read(request).await?;
    let done = wish(&shared, &asker, Wish::Order { lever, value, turn }).await?;
    // Of a member who is not the head of the delegation it is kept as a wish, which the head gives as an order, or not.
    let said = match done.wish {
        0 => json!({ "order": done.order, "turn": done.turn }),
        wish => json!({ "wish": wish, "turn": done.turn }),
    };
    Ok((StatusCode::ACCEPTED, axum::Json(said)).into_response())
}

#[derive(Deserialize)]
struct Say {
    to: String,
    text: String,
}

async fn messages(State(shared): Room_, asker: Asker, request: Request) -> Answer {
    asker.known()?;
    let Say { to, text } = read(request).await?;
    wish(&shared, &asker, Wish::Say { to, text }).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
struct Line {
    lever: String,
    value: Value,
}

#[derive(Deserialize)]
struct Propose {
    #[serde(default)]
    title: String,
    terms: Vec<Line>,
}

fn lines(terms: Vec<Line>) -> Vec<(String, Value)> {
    terms.into_iter().map(|line| (line.lever, line.value)).collect()
}

async fn propose(State(shared): Room_, asker: Asker, request: Request) -> Answer {
    asker.known()?;
    let Propose { title, terms } = read(request).await?;
    wish(&shared, &asker, Wish::Propose { title, terms: lines(terms) }).await?;
    Ok(StatusCode::CREATED.into_response())
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Move {
    Sign,
    Drop,
    Amend,
}

#[derive(Deserialize)]
struct Answering {
    r#do: Move,
    #[serde(default)]
    terms: Vec<Line>,
    /// The seat in whose name the facilitator does.
    #[serde(default)]
    r#as: Option<String>,
}

async fn answer(State(shared): Room_, asker: Asker, Path(proposal): Path<u32>, request: Request) -> Answer {
    asker.known()?;
    let Answering { r#do, terms, r#as: seat } = read(request).await?;
    let what = match r#do {
        Move::Sign => Wish::Sign { proposal, seat },
        Move::Drop => Wish::Drop { proposal, seat },
        Move::Amend => Wish::Amend { proposal, terms: lines(terms) },
    };
    wish(&shared, &asker, what).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
struct Predict {
    question: String,
    percent: u8,
}

async fn predict(State(shared): Room_, asker: Asker, request: Request) -> Answer {
    asker.known()?;
    let Predict { question, percent } = read(request).await?;
    wish(&shared, &asker, Wish::Predict { question, percent }).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Refuses everybody but the facilitator, before a body is read.
fn host(asker: &Asker) -> Result<(), Refused> {
    if asker.known()? == Who::Host { Ok(()) } else { Err(host_only()) }
}

#[derive(Deserialize)]
struct Turn {
    days: i32,
    #[serde(default)]
    turn: Option<u32>,
}

async fn turn(State(shared): Room_, asker: Asker, request: Request) -> Answer {
    host(&asker)?;
    let Turn { days, turn } = read(request).await?;
    let done = wish(&shared, &asker, Wish::Turn { days, turn }).await?;
    let said = reading(&shared, move |room| {
        let played = room.world.turns.iter().find(|played| played.number == done.turn);
        json!({
            "turn": done.turn, "day": room.world.today(), "date": room.world.date(),
            "digest": played.map(|played| played.digest.as_str()),
        })
    });
    Ok(json_of(&said.await?))
}

#[derive(Deserialize)]
struct Rewind {
    turn: u32,
}

async fn rewind(State(shared): Room_, asker: Asker, request: Request) -> Answer {
    host(&asker)?;
    let Rewind { turn } = read(request).await?;
    wish(&shared, &asker, Wish::Rewind { turn }).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
struct Clock {
    #[serde(default)]
    minutes: Option<u32>,
    #[serde(default)]
    extend: Option<u32>,
    #[serde(default)]
    hold: Option<bool>,
}

async fn clock(State(shared): Room_, asker: Asker, request: Request) -> Answer {
    host(&asker)?;
    let Clock { minutes, extend, hold } = read(request).await?;
    let set = match (minutes, extend, hold) {
        (Some(minutes), None, None) => Set::Run(minutes),
        (None, Some(minutes), None) => Set::Extend(minutes),
        (None, None, Some(hold)) => {
            if hold {
                Set::Hold
            } else {
                Set::GoOn
            }
        }
        (None, None, None) => Set::Stop,
        _ => return Err(Refused::new(422, "bad_clock", "Give one of minutes, extend and hold, or none to stop it.")),
    };
    wish(&shared, &asker, Wish::Clock { now: now(), set }).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
struct Lock {
    locked: bool,
}

async fn lock(State(shared): Room_, asker: Asker, request: Request) -> Answer {
    host(&asker)?;
    let Lock { locked } = read(request).await?;
    wish(&shared, &asker, Wish::Lock { locked }).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn reveal(State(shared): Room_, asker: Asker) -> Answer {
    host(&asker)?;
    wish(&shared, &asker, Wish::Reveal).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
struct Delete {
    /// The room's code, typed by whoever means it.
    code: String,
}

/// Deletes the room with all that its folder holds of it, and ends the server.
async fn delete(State(shared): Room_, asker: Asker, request: Request) -> Answer {
    host(&asker)?;
    let Delete { code } = read(request).await?;
    if secret::typed(&code) != shared.code {
        let why = "Nothing was deleted: type the code of the room to delete it.";
        return Err(Refused::new(422, "not_meant", why));
    }
    shared.keeper.delete().await?;
    let here = Arc::clone(&shared);
    tokio::spawn(async move {
        tokio::time::sleep(FAREWELL).await;
        here.over.notify_one();
    });
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn session(State(shared): Room_, asker: Asker) -> Answer {
    host(&asker)?;
    let text = reading(&shared, |room| room.world.session()).await?;
    let named = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"class.detente\""),
    ];
    Ok((named, text).into_response())
}

async fn debrief(State(shared): Room_, asker: Asker) -> Answer {
    let who = asker.known()?;
    let began = Instant::now();
    loop {
        let here = Arc::clone(&shared);
        let read = reading(&shared, move |room| {
            // Each time: a turn that is closed meanwhile shuts it again.
            if who != Who::Host && !room.revealed() {
                return Err(Refused::new(403, "not_yet", "The debrief is opened by the facilitator."));
            }
            let state = here.debriefs.known(&Played::key_of(&room.world)).map_or_else(
                || {
                    let names = room.seats.all().iter().map(|seat| (seat.id.clone(), seat.name.clone())).collect();
                    here.debriefs.ask(Played::of(&room.world, names))
                },
                Ok,
            );
            let state = state.map_err(|why| Refused::new(503, "no_thread", why))?;
            Ok((state, room.scores()))
        });
        match read.await?? {
            (Debrief::Ready(value), scores) => {
                let mut value = Value::clone(&value);
                value["predictions"] = scores;
                return Ok(json_of(&value));
            }
            (Debrief::Failed, _) => {
                let why = "The futures of this debrief broke off; start the server again, and ask again.";
                return Err(Refused::new(500, "broke_off", why));
            }
            (Debrief::UnderWay(done, of), _) if began.elapsed().as_secs_f64() > POLL_WAITS => {
                let said = json!({ "code": "under_way", "message": "Futures are running; ask again.", "done": done, "of": of });
                return Ok((StatusCode::ACCEPTED, axum::Json(said)).into_response());
            }
            (Debrief::UnderWay(..), _) => tokio::time::sleep(Duration::from_millis(250)).await,
        }
    }
}

/// Somebody who listens to a stream.
struct Listener {
    shared: Arc<Shared>,
    /// None for the wall, which anybody may read.
    who: Option<Who>,
    stream: Stream,
    after: u64,
    waiting: VecDeque<Arc<Item>>,
    changed: watch::Receiver<u64>,
    /// Whether it is greeted first, so that a page can tell a stream that comes through from one that somebody holds back.
    greeted: bool,
    /// Its place among those who show no token: however many there are, whoever has a seat finds one.
    _place: Option<OwnedSemaphorePermit>,
}

impl Listener {
    async fn new(shared: Arc<Shared>, who: Option<Who>, after: u64) -> Result<Self, Refused> {
        let place = match who {
            Some(_) => None,
            None => Some(Arc::clone(&shared.strangers).try_acquire_owned().map_err(|_| {
                Refused::new(503, "full", "As many screens show the wall as there are places for; close one of them.")
            })?),
        };
        // Who has heard more than there is comes from another stream, and hears what is new on this one.
        let (stream, after) = reading(&shared, move |room| {
            let stream = who.map_or(Stream::Wall, |who| room.stream_of(who));
            (stream, after.min(room.length(stream)))
        })
        .await?;
        let changed = shared.keeper.changed();
        Ok(Self { shared, who, stream, after, waiting: VecDeque::new(), changed, greeted: true, _place: place })
    }

    /// What has come by now; none where whoever listens has another seat than when it began.
    async fn fetch(&mut self) -> Result<Option<Vec<Arc<Item>>>, Refused> {
        // Seen before it is read: what comes in between is heard the next time.
        self.changed.borrow_and_update();
        let (stream, after, who) = (self.stream, self.after, self.who);
        let read = reading(&self.shared, move |room| {
            let same = who.is_none_or(|who| room.stream_of(who) == stream);
            same.then(|| room.after(stream, after, BITE))
        });
        let items = read.await?;
        self.after = items.as_ref().and_then(|items| items.last()).map_or(self.after, |item| item.id);
        Ok(items)
    }

    async fn next(&mut self) -> Option<Arc<Item>> {
        loop {
            if let Some(item) = self.waiting.pop_front() {
                return Some(item);
            }
            self.waiting = self.fetch().await.ok()??.into();
            if self.waiting.is_empty() {
                self.changed.changed().await.ok()?;
            }
        }
    }

    fn flow(self) -> impl Flow<Item = Result<Event, Infallible>> {
        unfold(self, |mut listener| async move {
            if !listener.greeted {
                listener.greeted = true;
                return Some((Ok(Event::default().event("hello").data("{}")), listener));
            }
            let item = listener.next().await?;
            let text = serde_json::to_string(&*item).unwrap_or_default();
            Some((Ok(Event::default().id(item.id.to_string()).data(text)), listener))
        })
    }
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: u64,
    /// Seconds that a poll is held open.
    #[serde(default)]
    wait: Option<f64>,
    /// Whether a stream begins with an event called `hello`, which is no item.
    #[serde(default)]
    hello: Option<u8>,
}

/// From where a stream goes on: what a browser says when it comes back, or what is asked for.
fn resumed(headers: &HeaderMap, after: u64) -> u64 {
    let said = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.trim().parse().ok());
    said.unwrap_or(after)
}

fn streamed(listener: Listener) -> Response {
    let mut response = Sse::new(listener.flow()).keep_alive(KeepAlive::new().interval(ALIVE)).into_response();
    // Who sits in between is asked not to wait until there is more.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

async fn events(State(shared): Room_, asker: Asker, Query(ask): Query<After>, headers: HeaderMap) -> Answer {
    let who = asker.known()?;
    Ok(streamed(Listener::new(shared, Some(who), resumed(&headers, ask.after)).await?))
}

async fn wall_events(State(shared): Room_, _asker: Asker, Query(ask): Query<After>, headers: HeaderMap) -> Answer {
    let listener = Listener::new(shared, None, resumed(&headers, ask.after)).await?;
    Ok(streamed(Listener { greeted: ask.hello.is_none(), ..listener }))
}

async fn polled(shared: Arc<Shared>, who: Option<Who>, ask: After) -> Answer {
    let wait = ask.wait.map_or(POLL_WAITS, |wait| if wait.is_finite() { wait.clamp(0.0, POLL_WAITS) } else { 0.0 });
    let mut listener = Listener::new(shared, who, ask.after).await?;
    let until = tokio::time::Instant::now() + Duration::from_secs_f64(wait);
    loop {
        // Whoever has another seat by now asks for the stream of that one.
        let heard = listener.fetch().await?;
        let moved = heard.is_none();
        let items = heard.unwrap_or_default();
        let over = moved || !items.is_empty() || tokio::time::Instant::now() >= until;
        if over || !matches!(tokio::time::timeout_at(until, listener.changed.changed()).await, Ok(Ok(()))) {
            let last = items.last().map_or(listener.after, |item| item.id);
            return Ok(axum::Json(json!({ "events": items, "last": last })).into_response());
        }
    }
}

async fn poll(State(shared): Room_, asker: Asker, Query(ask): Query<After>) -> Answer {
    let who = asker.known()?;
    polled(shared, Some(who), ask).await
}

async fn wall_poll(State(shared): Room_, _asker: Asker, Query(ask): Query<After>) -> Answer {
    polled(shared, None, ask).await
}

async fn nothing(_asker: Asker) -> Refused {
    Refused::new(404, "not_found", "There is nothing here; the room's page is /.")
}

async fn wrong_way() -> Refused {
    Refused::new(405, "wrong_method", "This is asked for in another way (GET or POST).")
}

/// Turns what axum refuses by itself (a query or path that cannot be read) into words like all others.
async fn in_words(request: Request, next: axum::middleware::Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let is_json = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    if status.is_client_error() && !is_json {
        return Refused::new(status.as_u16(), "bad_request", "This is not how it is asked for.").into_response();
    }
    response
}

/// The routes under `/api`, and those of the pages beside them.
pub fn routes(shared: Arc<Shared>, pages: Router<Arc<Shared>>) -> Router {
    Router::new()
        .route("/api/join", post(join))
        .route("/api/back", post(back))
        .route("/api/seats", get(seats))
        .route("/api/seat", post(seat))
        .route("/api/assign", post(assign))
        .route("/api/head", post(head))
        .route("/api/forget", post(forget))
        .route("/api/levers", get(levers))
        .route("/api/view", get(view))
        .route("/api/orders", post(orders))
        .route("/api/messages", post(messages))
        .route("/api/proposals", post(propose))
        .route("/api/proposals/{proposal}", post(answer))
        .route("/api/predictions", post(predict))
        .route("/api/events", get(events))
        .route("/api/poll", get(poll))
        .route("/api/turn", post(turn))
        .route("/api/rewind", post(rewind))
        .route("/api/clock", post(clock))
        .route("/api/lock", post(lock))
        .route("/api/reveal", post(reveal))
        .route("/api/delete", post(delete))
        .route("/api/session", get(session))
        .route("/api/debrief", get(debrief))
        .route("/api/wall", get(wall))
        .route("/api/wall/events", get(wall_events))
        .route("/api/wall/poll", get(wall_poll))
        .merge(pages)
        .method_not_allowed_fallback(wrong_way)
        .fallback(nothing)
        .layer(axum::middleware::from_fn(in_words))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&shared), for_us))
        .with_state(shared)
}

/// A body without anything in it, for pages.
#[must_use]
pub fn plain(kind: &'static str, text: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, kind)], text.into()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_str(value).unwrap()))
            .collect::<HeaderMap>()
    }

    #[test]
    fn a_site_is_known_by_what_a_browser_says_of_it() {
        let here = ("host", "192.168.1.4:8080");
        assert!(same_site(&headers(&[here, ("origin", "http://192.168.1.4:8080")])));
        assert!(same_site(&headers(&[here, ("sec-fetch-site", "same-origin")])));
        for other in ["http://192.168.1.4:8081", "null", "http://evil.example", "http://192.168.1.4:8080.evil.example"]
        {
            assert!(!same_site(&headers(&[here, ("origin", other)])), "{other}");
        }
        assert!(!same_site(&headers(&[here, ("sec-fetch-site", "cross-site")])));
        assert!(!same_site(&headers(&[here, ("sec-fetch-site", "same-site")])), "another port is another site");
        assert!(same_site(&headers(&[here])), "a program with a cookie is no page");
    }

    #[test]
    fn a_room_is_called_by_numbers_and_by_the_names_it_was_given() {
        let names = ["class.example".to_owned()];
        for ours in [
            "127.0.0.1:8080",
            "192.168.1.4",
            "[::1]:8080",
            "localhost:1",
            "LocalHost",
            "Class.Example:80",
            "class.example.",
        ] {
            assert!(is_ours(ours, &names), "{ours}");
        }
        for other in
            ["", "x", "evil.example", "127.0.0.1.evil.example:8080", "class.example.evil.example", "[evil]:80", "1.2.3"]
        {
            assert!(!is_ours(other, &names), "{other}");
        }
    }

    #[test]
    fn a_token_is_found_among_other_cookies() {
        let of = |cookies| cookie(&headers(&[("cookie", cookies)]), "detente_seat_8080").map(str::to_owned);
        assert_eq!(of("a=b; detente_seat_8080=0123; detente_seat_80=9").as_deref(), Some("0123"));
        for other in ["xdetente_seat_8080=1", "detente_seat_80=1", "detente_seat_80801=1"] {
            assert_eq!(of(other), None);
        }
        assert_eq!(bearer(&headers(&[("authorization", "Bearer abc")])), Some("abc"));
        assert_eq!(bearer(&headers(&[("authorization", "Basic abc")])), None);
    }
}
