//! A room with a certificate of its own: what goes over the network is sealed, and the cookie goes over nothing else.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use common::{free_port, open_secured};
use detente_class::limits::Limits;
use detente_class::tls::Files;
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

fn files(certificate: &str, key: &str) -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls");
    Files { certificate: folder.join(certificate), key: folder.join(key) }
}

/// Asks over TLS, trusting the certificate for tests, and reads to the end.
fn asked(port: u16, request: &str) -> String {
    let mut roots = RootCertStore::empty();
    let pem = files("certificate.pem", "key.pem").certificate;
    roots.add(CertificateDer::from_pem_file(pem).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(config), "class.example".try_into().unwrap()).unwrap();
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut stream = StreamOwned::new(connection, stream);
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // Servers that close without a farewell are none that lie.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_room_with_a_certificate_is_asked_over_tls_and_over_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let tls = Some(files("certificate.pem", "key.pem"));
    let room = open_secured(folder.path(), &["class.example"], false, port, Limits::default(), tls);
    assert_eq!(room.address, format!("https://class.example:{port}"));
    let body = json!({ "code": room.code, "nickname": "x" }).to_string();
    let head = "Host: class.example\r\nConnection: close\r\nContent-Type: application/json\r\nOrigin: https://class.example\r\n";
    let join = format!("POST /api/join HTTP/1.1\r\n{head}Content-Length: {}\r\n\r\n{body}", body.len());
    let said = asked(port, &join);
    assert!(said.starts_with("HTTP/1.1 200") && said.contains("\"token\""), "{said}");
    assert!(said.to_lowercase().contains("; secure"), "the cookie goes over nothing else: {said}");
    let cookie = said.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap().split(';').next().unwrap();
    let body = json!({ "seat": "IRN" }).to_string();
    let sit =
        format!("POST /api/seat HTTP/1.1\r\n{head}Cookie: {cookie}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    assert!(asked(port, &sit).starts_with("HTTP/1.1 200"));
    // Whoever speaks plainly hears nothing of the room.
    let mut plain = TcpStream::connect(("127.0.0.1", port)).unwrap();
    plain.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    plain.write_all(b"GET /api/wall HTTP/1.1\r\nHost: class.example\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP") && answer.len() < 64, "{answer:?}");
}

#[test]
fn files_that_are_no_certificate_or_no_pair_are_said_to_be_none() {
    let refused = |certificate: &str, key: &str| files(certificate, key).acceptor().err().unwrap();
    assert!(refused("none.pem", "key.pem").contains("cannot read the certificate"));
    assert!(refused("certificate.pem", "none.pem").contains("cannot read the private key"));
    assert!(refused("README.md", "key.pem").contains("there is no certificate in"));
    assert!(refused("certificate.pem", "README.md").contains("there is no private key in"));
    assert!(refused("certificate.pem", "other-key.pem").contains("do not go together"));
}
