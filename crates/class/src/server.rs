//! The server: opens a room from its folder, or makes one, and answers on a port.

use crate::api::{self, Peer, Shared};
use crate::keeper::Keeper;
use crate::limits::Limits;
use crate::pages;
use crate::room::Room;
use crate::seats::Seats;
use crate::secret;
use crate::store::Store;
use crate::tls::Files;
use crate::world::{Authors, World};
use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{self, HeaderName};
use detente_session::Sitting;
use detente_session::file::Saved;
use futures_util::future::select;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower_http::set_header::SetResponseHeaderLayer;

/// Most connections at a time: every screen of a class holds one or two.
const MOST_CONNECTIONS: usize = 900;
/// Most of one address, but for this machine itself.
const MOST_OF_ONE: usize = 128;
/// How long a request may take to say what it asks for.
const HEAD_WAITS: Duration = Duration::from_secs(20);
/// After this long without a free connection or descriptor, the door is tried again.
const DOOR_WAITS: Duration = Duration::from_millis(50);

/// What a room is made of.
pub struct Options {
    /// Makes the sitting that a new room starts from, with the seed given; not called where the folder holds a room.
    pub start: Box<dyn FnOnce(u64) -> Result<Sitting, String>>,
    /// Whose the orders of that sitting were, where a class has played it.
    pub authors: Authors,
    /// Name of the scenario or session asked for, where one was: a folder with another room is refused.
    pub scenario: Option<String>,
    /// Digest of what a new room starts from: two scenarios of one name are told apart by it.
    pub digest: String,
    /// Seats as TOML; those that ship for its start where there are none.
    pub seats: Option<String>,
    /// Whether other machines reach it.
    pub lan: bool,
    /// Port; 0 for one that is free.
    pub port: u16,
    /// Names under which browsers may ask for it, beside its number; the first is the one that is shown.
    pub names: Vec<String>,
    /// Whether a proxy on this machine hands requests on, whose word for where they come from is taken.
    pub proxy: bool,
    /// The room's own certificate; without one it speaks plain HTTP.
    pub tls: Option<Files>,
    /// How much anybody may ask for.
    pub limits: Limits,
    /// Folder of the room.
    pub data: PathBuf,
    /// Hears, in a sentence, what the host should know while it runs.
    pub tell: Box<dyn Fn(&str) + Send>,
}

/// A room that is open.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Opened {
    /// Where browsers find it.
    pub address: String,
    /// The code that lets people in.
    pub code: String,
    /// The facilitator's key.
    pub facilitator_key: String,
    /// Whether the folder held it already.
    #[serde(skip)]
    pub resumed: bool,
    /// Turn that is open.
    #[serde(skip)]
    pub turn: u32,
    /// Whether the address shown reaches this machine alone, though others were to be let in.
    #[serde(skip)]
    pub alone: bool,
}

/// The room of a folder.
struct Kept {
    keeper: Keeper,
    code: String,
    key: String,
    resumed: bool,
}

fn kept(options: Options) -> Result<Kept, Vec<String>> {
    let Options { start, authors, scenario, digest, seats, data, tell, .. } = options;
    let store = Store::open(&data).map_err(|why| vec![why])?;
    let meta = |key: &'static str| store.meta(key).map_err(|why| vec![why]);
    let resumed = meta("start")?.is_some();
    if !resumed {
        let secrets = || Ok::<_, String>((secret::code()?, secret::token()?, secret::seed()?));
        let (code, key, seed) = secrets().map_err(|why| vec![why])?;
        let sitting = start(seed).map_err(|why| vec![why])?;
        let shipped = || Seats::shipped(sitting.rules.frame.start).map(str::to_owned);
        let seats = seats.clone().map_or_else(shipped, Ok).map_err(|why| vec![why])?;
        Seats::read(&seats, &sitting.rules)?;
        let (saved, authors) = (Saved::of(&sitting).to_text(), authors.to_text());
        World::resumed(sitting, &Authors::of_session(&authors).map_err(|why| vec![why])?).map_err(|why| vec![why])?;
        let facts = [
            ("code", code.as_str()),
            ("key", key.as_str()),
            ("seats", seats.as_str()),
            ("asked", digest.as_str()),
            ("authors", authors.as_str()),
            ("start", saved.as_str()),
        ];
        store.set_meta(&facts).map_err(|why| vec![why])?;
    }
    let have = |key: &'static str| {
        let gone = || vec![format!("the room in {} has no {key}; give another folder with --data", data.display())];
        meta(key)?.ok_or_else(gone)
    };
    let (code, key, kept_seats, saved) = (have("code")?, have("key")?, have("seats")?, have("start")?);
    let saved = Saved::from_text(&saved).map_err(|why| vec![why])?;
    if resumed {
        let known = meta("asked")?;
        if let Some(asked) = scenario.filter(|_| known != Some(digest)) {
            if asked == saved.scenario.name {
                return Err(vec![format!(
                    "the room in {} began with another {asked} than this one; leave it out to go on with the room, or give another \
                     folder with --data",
                    data.display()
                )]);
            }
            return Err(vec![format!(
                "the folder {} holds a room of {}, and you asked for {asked}; leave the scenario out to go on with it, or give another \
                 folder with --data",
                data.display(),
                saved.scenario.name
            )]);
        }
        if seats.is_some_and(|seats| seats != kept_seats) {
            return Err(vec![format!(
                "the room in {} has other seats than this file; leave --seats out to go on with it, or give another folder with --data",
                data.display()
            )]);
        }
    }
    // A room of before has none.
    let authors = meta("authors")?.map_or_else(|| Ok(Authors::default()), |text| Authors::of_session(&text));
    let world = authors.and_then(|authors| World::resumed(saved.open()?, &authors)).map_err(|why| vec![why])?;
    let seats = Seats::read(&kept_seats, world.rules())?;
    let keeper = Keeper::start(store, Room::new(seats, world), tell).map_err(|why| vec![why])?;
    Ok(Kept { keeper, code, key, resumed })
}

/// Where somebody would be whom this machine could speak to: outside, or on its own hotspot (Linux, Windows, Android, iOS), which
/// has no way outside.
const OTHERS: [[u8; 4]; 5] = [[192, 0, 2, 1], [10, 42, 0, 2], [192, 168, 137, 2], [192, 168, 43, 2], [172, 20, 10, 2]];

/// The address under which other machines reach this one, as far as it can be known: that from which it would speak to them.
/// Nothing is sent.
fn own_address() -> Option<IpAddr> {
    let towards = |other: [u8; 4]| {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
        socket.connect((Ipv4Addr::from(other), 9)).ok()?;
        Some(socket.local_addr().ok()?.ip()).filter(|ip| !ip.is_unspecified() && !ip.is_loopback())
    };
    OTHERS.into_iter().find_map(towards)
}

/// Opens the room and answers until the process ends or the room is deleted; `ready` is told where it is once the port is open.
///
/// # Errors
/// Every reason why it cannot, one sentence each.
pub fn serve(mut options: Options, ready: impl FnOnce(&Opened)) -> Result<(), Vec<String>> {
    let (lan, port, names, proxy) = (options.lan, options.port, options.names.clone(), options.proxy);
    let limits = std::mem::take(&mut options.limits);
    // Before a folder is made: a slip leaves nothing behind.
    let tls = options.tls.take().map(|files| files.acceptor()).transpose().map_err(|why| vec![why])?;
    let Kept { keeper, code, key, resumed } = kept(options)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(8)
        .enable_all()
        .build()
        .map_err(|error| vec![format!("this machine gives no threads for a server: {error}")])?;
    runtime.block_on(async move {
        let ip = if lan { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
        let listener = TcpListener::bind(SocketAddr::from((ip, port))).await.map_err(|error| {
            vec![format!("port {port} cannot be opened: {error}; give another with --port, or 0 for one that is free")]
        })?;
        let port = listener.local_addr().map_or(port, |address| address.port());
        let own = if lan { own_address() } else { None };
        let alone = lan && own.is_none() && names.is_empty();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let address = match names.first() {
            // Whoever stands before it has the certificate, and the usual port.
            Some(name) if proxy => format!("https://{name}"),
            Some(name) => format!("{scheme}://{name}:{port}"),
            None => format!("{scheme}://{}:{port}", own.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))),
        };
        let turn = keeper.room().map_err(|refused| vec![refused.message])?.turn();
        let place = api::Place { address: address.clone(), port, names, proxy, tls: tls.is_some() };
        let shared = Arc::new(Shared::new(keeper, &code, &key, place, limits));
        ready(&Opened { address, code, facilitator_key: key, resumed, turn, alone });
        let room = Arc::clone(&shared);
        // Until the room is deleted.
        select(pin!(accept(listener, tls, shared)), pin!(room.over.notified())).await;
        Ok(())
    })
}

/// How many connections each address holds.
type Held = Arc<Mutex<BTreeMap<IpAddr, usize>>>;

/// A place at the door, given back when it is dropped.
struct Place {
    held: Held,
    ip: IpAddr,
}

impl Place {
    fn take(held: &Held, ip: IpAddr) -> Option<Self> {
        let mut counts = held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(ip).or_default();
        if *count >= MOST_OF_ONE && !ip.is_loopback() {
            return None;
        }
        *count += 1;
        Some(Self { held: Arc::clone(held), ip })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.ip) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.ip);
            }
        }
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    let always =
        |name: HeaderName, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    let app = api::routes(shared, pages::routes())
        .layer(always(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; base-uri \
             'none'; frame-ancestors 'none'",
        ))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(header::REFERRER_POLICY, "no-referrer"))
        .layer(always(header::X_FRAME_OPTIONS, "DENY"))
        .layer(always(header::CACHE_CONTROL, "no-store"));
    let (places, held) = (Arc::new(Semaphore::new(MOST_CONNECTIONS)), Held::default());
    loop {
        let Ok(permit) = Arc::clone(&places).acquire_owned().await else { return };
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(_) => {
                // One that was gone before it was taken, or a machine out of descriptors: others may end meanwhile.
                tokio::time::sleep(DOOR_WAITS).await;
                continue;
            }
        };
        let ip = peer.ip();
        let Some(place) = Place::take(&held, ip) else { continue };
        // Small answers go at once, and not together with later ones.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(app.clone().layer(axum::Extension(Peer(ip))));
        let tls = tls.clone();
        tokio::spawn(async move {
            // How a connection ended is its own affair.
            match tls {
                None => drop(connection(stream, service).await),
                Some(tls) => {
                    if let Ok(Ok(stream)) = tokio::time::timeout(HEAD_WAITS, tls.accept(stream)).await {
                        drop(connection(stream, service).await);
                    }
                }
            }
            drop((place, permit));
        });
    }
}

/// Answers what is asked on a connection until it ends.
async fn connection<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    service: TowerToHyperService<Router>,
) -> hyper::Result<()> {
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WAITS)
        .max_buf_size(64 << 10)
        .serve_connection(TokioIo::new(stream), service)
        .await
}
