//! A small web server for `web/dist`, on this machine only.

use super::Places;
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
    let server = Server::http(("127.0.0.1", port))
        .map_err(|cause| format!("Port {port} cannot be used ({cause}); choose another with --port."))?;
    let address = server.server_addr().to_ip().ok_or("The server has no address.")?;
    let server = Arc::new(server);
    let threads = (0..4)
        .map(|_| {
            let (server, dist) = (server.clone(), dist.clone());
            thread::spawn(move || {
                for request in server.incoming_requests() {
                    answer(request, &dist);
                }
            })
        })
        .collect();
    Ok(Serving { address, threads })
}

fn answer(request: Request, dist: &Path) {
    let asked = request.url().split(['?', '#']).next().unwrap_or("/").trim_start_matches('/').to_owned();
    let asked = if asked.is_empty() { "index.html".to_owned() } else { asked };
    let plain = dist.join(&asked);
    // Names of files only: nothing outside the folder has one.
    let known = !asked.contains(['/', '\\']) && plain.is_file();
    // Whoever asked may have gone away.
    let _ = if !known {
        request.respond(Response::from_string("There is no such file.").with_status_code(404))
    } else {
        let unpacks =
            request.headers().iter().any(|h| h.field.equiv("Accept-Encoding") && h.value.as_str().contains("gzip"));
        let packed = PathBuf::from(format!("{}.gz", plain.display()));
        let (file, encoded) = if unpacks && packed.is_file() { (packed, true) } else { (plain, false) };
        let mut response = Response::from_data(fs::read(file).unwrap_or_default());
        let mut head = vec![("Content-Type", kind(&asked)), ("Cache-Control", "no-cache"), ("Vary", "Accept-Encoding")];
        if encoded {
            head.push(("Content-Encoding", "gzip"));
        }
        for (field, value) in head {
            if let Ok(header) = Header::from_bytes(field, value) {
                response.add_header(header);
            }
        }
        request.respond(response)
    };
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
