//! The certificate: read at the start, and again when its files change, so that it can be renewed while
//! people are signed in.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::settings::TlsFiles;

/// The time between two looks at the files.
pub(super) const LOOK_AGAIN: Duration = Duration::from_secs(10);

/// Why a certificate is not taken.
#[derive(Debug, thiserror::Error)]
pub enum CertificateRefused {
    /// A file cannot be read.
    #[error("{} cannot be read: {cause}", .path.display())]
    Unreadable {
        /// Which one.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// There is no certificate in the file.
    #[error("{} holds no certificate in PEM", .0.display())]
    NoCertificate(PathBuf),
    /// There is no private key in the file.
    #[error("{} holds no private key in PEM", .0.display())]
    NoKey(PathBuf),
    /// The two do not belong together, or this kind is not known.
    #[error("the certificate cannot be used with its key: {0}")]
    Unusable(#[from] rustls::Error),
}

/// A certificate with its key, as new as its files. Clones share it.
#[derive(Debug, Clone)]
pub struct Certificate {
    files: TlsFiles,
    config: RustlsConfig,
}

impl Certificate {
    /// Reads both files.
    pub fn read(files: &TlsFiles) -> Result<Self, CertificateRefused> {
        Ok(Self {
            config: RustlsConfig::from_config(Arc::new(read(files)?)),
            files: files.clone(),
        })
    }

    /// Takes connections with it.
    pub(super) fn acceptor<A>(&self, connections: A) -> RustlsAcceptor<A> {
        RustlsAcceptor::new(self.config.clone()).acceptor(connections)
    }

    /// Takes the files as they are now. If they are not taken, what was read before stays in use.
    pub(super) fn read_again(&self) -> Result<(), CertificateRefused> {
        self.config.reload_from_config(Arc::new(read(&self.files)?));
        Ok(())
    }

    /// Looks at the files again and again, and reads them when they have changed.
    pub(super) async fn watch(self) {
        let mut seen = Stamp::of(&self.files);
        let mut looks = tokio::time::interval(LOOK_AGAIN);
        loop {
            looks.tick().await;
            let now = Stamp::of(&self.files);
            if now == seen {
                continue;
            }
            seen = now;
            match self.read_again() {
                Ok(()) => tracing::info!("the certificate was read again"),
                Err(error) => tracing::warn!(%error, "the certificate in use stays in use"),
            }
        }
    }
}

/// What changes when a file is written, renamed or linked anew.
#[derive(Debug, PartialEq, Eq)]
struct Stamp([Option<(SystemTime, u64)>; 2]);

impl Stamp {
    fn of(files: &TlsFiles) -> Self {
        let look = |path: &Path| {
            let file = fs::metadata(path).ok()?;
            Some((file.modified().ok()?, file.len()))
        };
        Self([look(&files.certificate), look(&files.key)])
    }
}

/// TLS 1.2 and 1.3 with what the library holds safe.
fn read(files: &TlsFiles) -> Result<ServerConfig, CertificateRefused> {
    let TlsFiles { certificate, key } = files;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&bytes(certificate)?)
        .collect::<Result<_, _>>()
        .ok()
        .filter(|chain: &Vec<_>| !chain.is_empty())
        .ok_or_else(|| CertificateRefused::NoCertificate(certificate.clone()))?;
    let key =
        PrivateKeyDer::from_pem_slice(&bytes(key)?).map_err(|_| CertificateRefused::NoKey(key.clone()))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn bytes(path: &Path) -> Result<zeroize::Zeroizing<Vec<u8>>, CertificateRefused> {
    fs::read(path)
        .map(zeroize::Zeroizing::new)
        .map_err(|cause| CertificateRefused::Unreadable {
            path: path.to_owned(),
            cause,
        })
}
