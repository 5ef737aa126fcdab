//! The certificate: shown, renewed while the service runs, and never swapped for a broken one.

use std::fs;
use std::path::PathBuf;

use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use reqwest::{Certificate as Trusted, Client};
use tempfile::TempDir;

use super::{Running, router, serving, settings};
use crate::serve::{Certificate, CertificateRefused};
use crate::settings::TlsFiles;
use keyholder_core::testing::MemoryStore;
use std::sync::Arc;

/// A folder with a certificate and its key.
struct Folder {
    folder: TempDir,
}

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    fn files(&self) -> TlsFiles {
        TlsFiles {
            certificate: self.path("certificate.pem"),
            key: self.path("key.pem"),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a new certificate with its key, and gives who trusts it alone.
    fn renew(&self) -> Client {
        let new = certificate();
        fs::write(self.path("certificate.pem"), new.cert.pem()).unwrap();
        fs::write(self.path("key.pem"), new.signing_key.serialize_pem()).unwrap();
        trusting(&new)
    }
}

fn certificate() -> CertifiedKey<KeyPair> {
    generate_simple_self_signed(["localhost".to_owned()]).unwrap()
}

fn trusting(certificate: &CertifiedKey<KeyPair>) -> Client {
    let trusted = Trusted::from_pem(certificate.cert.pem().as_bytes()).unwrap();
    let client = Client::builder().no_proxy().tls_certs_only([trusted]);
    // A new connection each time: it is the certificate that is looked at.
    client.pool_max_idle_per_host(0).build().unwrap()
}

fn started(folder: &Folder) -> Running {
    let files = folder.files();
    let flags = [
        ("tls-certificate", files.certificate.to_str().unwrap()),
        ("tls-key", files.key.to_str().unwrap()),
    ];
    serving(settings(&flags), router(), Arc::new(MemoryStore::new()))
}

async fn asked_by(client: &Client, running: &Running) -> reqwest::Result<reqwest::Response> {
    let url = format!("https://localhost:{}/healthz", running.address.port());
    client.get(url).send().await
}

#[tokio::test]
async fn it_answers_by_tls_and_tells_browsers_to_stay_with_it() {
    let folder = Folder::new();
    let client = folder.renew();
    let running = started(&folder);
    let answer = asked_by(&client, &running).await.unwrap();
    assert_eq!(answer.status(), 200, "its certificate is trusted");
    assert_eq!(
        answer.headers()["strict-transport-security"],
        "max-age=31536000",
        "for a year"
    );
    let stranger = trusting(&certificate());
    assert!(
        asked_by(&stranger, &running).await.is_err(),
        "who trusts another one does not ask"
    );
    let plain = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("http://localhost:{}/healthz", running.address.port());
    assert!(
        plain.get(url).send().await.is_err(),
        "and nothing is answered in the clear"
    );
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_without_a_restart() {
    let folder = Folder::new();
    let before = folder.renew();
    let running = started(&folder);
    assert!(asked_by(&before, &running).await.is_ok(), "the first one");
    let after = folder.renew();
    assert!(asked_by(&before, &running).await.is_ok(), "not looked at yet");
    // The look at the files comes with its time.
    tokio::time::pause();
    tokio::time::advance(super::super::tls::LOOK_AGAIN).await;
    tokio::time::resume();
    while asked_by(&after, &running).await.is_err() {
        tokio::task::yield_now().await;
    }
    assert!(asked_by(&before, &running).await.is_err(), "the old one is gone");
}

#[test]
fn a_certificate_that_is_none_is_refused_and_the_old_one_stays() {
    let folder = Folder::new();
    let read = || {
        Certificate::read(&folder.files())
            .err()
            .map(|refused| refused.to_string())
    };
    let file = |name: &str| folder.path(name).display().to_string();
    let refused = read().unwrap();
    assert!(
        refused.starts_with(&format!("{} cannot be read", file("certificate.pem"))),
        "{refused}"
    );
    folder.renew();
    let kept = Certificate::read(&folder.files()).unwrap();
    fs::write(folder.path("certificate.pem"), "no certificate").unwrap();
    assert_eq!(
        read().unwrap(),
        format!("{} holds no certificate in PEM", file("certificate.pem")),
        "said by name"
    );
    fs::write(folder.path("certificate.pem"), certificate().cert.pem()).unwrap();
    assert!(
        matches!(kept.read_again(), Err(CertificateRefused::Unusable(_))),
        "half renewed: this key belongs to another one"
    );
    fs::write(folder.path("key.pem"), "no key").unwrap();
    assert_eq!(
        read().unwrap(),
        format!("{} holds no private key in PEM", file("key.pem")),
        "said by name"
    );
    folder.renew();
    assert!(kept.read_again().is_ok(), "once both are there it is taken");
}
