//! The room's own certificate, where it has one: two files in PEM, read once at the start.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::{Error, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// A certificate with those that vouch for it, and its key.
#[derive(Clone, Debug)]
pub struct Files {
    /// Certificates, the room's own first.
    pub certificate: PathBuf,
    /// Private key.
    pub key: PathBuf,
}

fn unread(what: &str, file: &Path, error: &Error) -> String {
    let file = file.display();
    match error {
        Error::Io(error) => format!("cannot read the {what} {file}: {error}; give a file in PEM"),
        _ => format!("there is no {what} in {file}; give a file in PEM, as certbot, mkcert or openssl write one"),
    }
}

impl Files {
    /// What accepts connections under this certificate.
    ///
    /// # Errors
    /// One sentence with a way out.
    pub fn acceptor(&self) -> Result<TlsAcceptor, String> {
        let Self { certificate, key } = self;
        let no_certificate = |error: &Error| unread("certificate", certificate, error);
        let chain = CertificateDer::pem_file_iter(certificate).map_err(|error| no_certificate(&error))?;
        let chain: Vec<_> = chain.collect::<Result<_, _>>().map_err(|error| no_certificate(&error))?;
        if chain.is_empty() {
            return Err(no_certificate(&Error::NoItemsFound));
        }
        let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| unread("private key", key, &error))?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(chain, secret));
        let config = config.map_err(|error| {
            format!(
                "the certificate {} and the key {} do not go together: {error}; give the two of one pair",
                certificate.display(),
                key.display()
            )
        })?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}
