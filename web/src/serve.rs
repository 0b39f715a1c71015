//! A small web server for `web/dist`, on this machine only.

use super::{Places, policy};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

/// A server at work; it ends with the program.
pub struct Serving {
    /// Where.
    pub address: SocketAddr,
    thread: thread::JoinHandle<()>,
}

/// What is served: the files that were there at the start, by their names. No other name is looked up anywhere.
struct Shelf {
    files: BTreeMap<String, PathBuf>,
    /// What the page may do.
    policy: String,
}

impl Shelf {
    fn of(dist: &Path) -> Result<Self, String> {
        let cannot = |cause: std::io::Error| format!("{} cannot be read ({cause}).", dist.display());
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(dist).map_err(cannot)? {
            let entry = entry.map_err(cannot)?;
            if let (Ok(name), true) = (entry.file_name().into_string(), entry.path().is_file()) {
                files.insert(name, entry.path());
            }
        }
        let page = files.get("index.html").ok_or("There is no page yet; make it with `cargo web build`.")?;
        let page = fs::read_to_string(page).map_err(cannot)?;
        Ok(Self { files, policy: policy::of(&page).unwrap_or("default-src 'none'").to_owned() })
    }

    /// Name and place of the file that an address asks for, and whether it is packed.
    fn find(&self, address: &str, unpacks: bool) -> Option<(&str, &Path, bool)> {
        let asked = address.split(['?', '#']).next().unwrap_or_default();
        let asked = asked.strip_prefix('/')?;
        let (name, plain) = self.files.get_key_value(if asked.is_empty() { "index.html" } else { asked })?;
        let packed = self.files.get(&format!("{name}.gz")).filter(|_| unpacks);
        Some((name, packed.unwrap_or(plain), packed.is_some()))
    }
}

pub fn serve(places: &Places, port: u16) -> Result<(), String> {
    let serving = start(places, port)?;
    println!("Détente is at http://{}/ (Ctrl+C stops it).", serving.address);
    // It ends only if the server does.
    let _ = serving.thread.join();
    Ok(())
}

/// Starts serving; port 0 takes any that is free.
pub fn start(places: &Places, port: u16) -> Result<Serving, String> {
    let dist = places.dist();
    if !dist.join("index.html").is_file() {
        return Err("There is no page yet; make it with `cargo web build`.".to_owned());
    }
    let shelf = Arc::new(Shelf::of(&dist)?);
    let no = |cause: std::io::Error| format!("Port {port} cannot be used ({cause}); choose another with --port.");
    // One thread serves all connections: browsers keep many open, also such as never ask for anything.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().map_err(no)?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind(("127.0.0.1", port))).map_err(no)?;
    let address = listener.local_addr().map_err(no)?;
    let page = axum::Router::new().fallback(move |uri: Uri, asked: HeaderMap| {
        let shelf = shelf.clone();
        async move { answer(&uri, &asked, &shelf) }
    });
    let thread = thread::spawn(move || {
        // Only a listener that breaks ends it.
        let _ = runtime.block_on(async { axum::serve(listener, page).await });
    });
    Ok(Serving { address, thread })
}

fn answer(uri: &Uri, asked: &HeaderMap, shelf: &Shelf) -> Response {
    let encodings = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let unpacks = encodings.is_some_and(|encodings| encodings.contains("gzip"));
    let found = shelf.find(uri.path(), unpacks);
    let content = found.and_then(|(name, file, encoded)| Some((name, fs::read(file).ok()?, encoded)));
    let mut head = vec![("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer")];
    let (code, content) = match content {
        Some((name, content, encoded)) => {
            head.extend([("content-type", kind(name)), ("cache-control", "no-cache"), ("vary", "accept-encoding")]);
            if encoded {
                head.push(("content-encoding", "gzip"));
            }
            if name == "index.html" {
                head.push(("content-security-policy", &shelf.policy));
            }
            (StatusCode::OK, content)
        }
        None => {
            head.push(("content-type", "text/plain; charset=utf-8"));
            (StatusCode::NOT_FOUND, b"There is no such file.".to_vec())
        }
    };
    let mut response = Response::new(Body::from(content));
    *response.status_mut() = code;
    for (field, value) in head {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(field, value);
        }
    }
    response
}

fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, end)| end) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("gz") => "application/gzip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a browser does: many connections at once, each kept open, some without ever asking anything. Everybody is answered.
    #[test]
    fn many_connections_at_once_are_all_answered() {
        use std::io::{Read as _, Write as _};
        let folder = std::env::temp_dir().join(format!("detente-serve-many-{}", std::process::id()));
        fs::create_dir_all(folder.join("web/dist")).unwrap();
        fs::write(folder.join("web/dist/index.html"), "x").unwrap();
        let serving = start(&Places { root: folder.clone() }, 0).unwrap();
        let open = || std::net::TcpStream::connect(serving.address).unwrap();
        let idle: Vec<_> = (0..8).map(|_| open()).collect();
        for round in 0..20 {
            let mut streams: Vec<_> = (0..16).map(|_| open()).collect();
            for stream in &mut streams {
                stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
            }
            for stream in &mut streams {
                stream.set_read_timeout(Some(std::time::Duration::from_secs(5))).unwrap();
                let mut first = [0; 12];
                stream.read_exact(&mut first).unwrap_or_else(|cause| panic!("round {round}: {cause}"));
                assert_eq!(&first, b"HTTP/1.1 200");
            }
        }
        drop(idle);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn only_names_that_were_there_are_served() {
        let folder = std::env::temp_dir().join(format!("detente-serve-{}", std::process::id()));
        fs::create_dir_all(folder.join("inner")).unwrap();
        for name in ["index.html", "detente.js", "detente.js.gz"] {
            fs::write(folder.join(name), "x").unwrap();
        }
        let shelf = Shelf::of(&folder).unwrap();
        let name =
            |address: &str, unpacks| shelf.find(address, unpacks).map(|(name, _, packed)| (name.to_owned(), packed));
        assert_eq!(name("/", true), Some(("index.html".to_owned(), false)));
        assert_eq!(name("/detente.js?v=1", true), Some(("detente.js".to_owned(), true)));
        assert_eq!(name("/detente.js?v=1", false), Some(("detente.js".to_owned(), false)));
        for odd in [
            "//",
            "/C:index.html",
            "/..",
            "/.",
            "/inner",
            "/%2e%2e/x",
            "/..\\index.html",
            "/index.html/",
            "detente.js",
            "/NUL",
        ] {
            assert_eq!(name(odd, true), None, "{odd}");
        }
        fs::write(folder.join("late"), "x").unwrap();
        assert_eq!(name("/late", true), None);
        fs::remove_dir_all(folder).unwrap();
    }
}
