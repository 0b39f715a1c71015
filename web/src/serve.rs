//! A small web server for `web/dist`, on this machine only.

use super::{Places, policy};
use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use tiny_http::{Header, Request, Response, Server};

/// A server at work; it ends with the program.
pub struct Serving {
    /// Where.
    pub address: SocketAddr,
    threads: Vec<thread::JoinHandle<()>>,
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
    for thread in serving.threads {
        // A thread ends only if the server does.
        let _ = thread.join();
    }
    Ok(())
}

/// Starts serving; port 0 takes any that is free.
pub fn start(places: &Places, port: u16) -> Result<Serving, String> {
    let dist = places.dist();
    if !dist.join("index.html").is_file() {
        return Err("There is no page yet; make it with `cargo web build`.".to_owned());
    }
    let shelf = Arc::new(Shelf::of(&dist)?);
    let server = Server::http(("127.0.0.1", port))
        .map_err(|cause| format!("Port {port} cannot be used ({cause}); choose another with --port."))?;
    let address = server.server_addr().to_ip().ok_or("The server has no address.")?;
    let server = Arc::new(server);
    let threads = (0..4)
        .map(|_| {
            let (server, shelf) = (server.clone(), shelf.clone());
            thread::spawn(move || {
                for request in server.incoming_requests() {
                    answer(request, &shelf);
                }
            })
        })
        .collect();
    Ok(Serving { address, threads })
}

fn answer(request: Request, shelf: &Shelf) {
    let unpacks =
        request.headers().iter().any(|h| h.field.equiv("Accept-Encoding") && h.value.as_str().contains("gzip"));
    let found = shelf.find(request.url(), unpacks);
    let content = found.and_then(|(name, file, encoded)| Some((name, fs::read(file).ok()?, encoded)));
    let mut head = vec![("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer")];
    let (code, content) = match content {
        Some((name, content, encoded)) => {
            head.extend([("Content-Type", kind(name)), ("Cache-Control", "no-cache"), ("Vary", "Accept-Encoding")]);
            if encoded {
                head.push(("Content-Encoding", "gzip"));
            }
            if name == "index.html" {
                head.push(("Content-Security-Policy", &shelf.policy));
            }
            (200, content)
        }
        None => {
            head.push(("Content-Type", "text/plain; charset=utf-8"));
            (404, b"There is no such file.".to_vec())
        }
    };
    let mut response = Response::from_data(content).with_status_code(code);
    for (field, value) in head {
        if let Ok(header) = Header::from_bytes(field, value) {
            response.add_header(header);
        }
    }
    // Whoever asked may have gone away.
    let _ = request.respond(response);
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
