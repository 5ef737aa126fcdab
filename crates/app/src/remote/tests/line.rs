//! A service on the loopback interface that behaves as it is told, and remembers what it was asked. By
//! hand: a library would not misbehave on demand.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use keyholder_core::clock::FixedClock;
use keyholder_core::testing::directory_contract::monday;
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, sign};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use super::super::{Address, Connection, Deadlines, Fingerprint, RemoteAuthentication, Trust};

/// What happens to a connection when a request has come.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    /// These bytes are sent, and the connection is kept.
    Say(Vec<u8>),
    /// These bytes are sent, and the connection is closed.
    SayAndHangUp(Vec<u8>),
    /// These bytes are sent, and nothing more happens.
    SayAndStall(Vec<u8>),
}

/// A certificate with the key of whoever shows it.
pub(super) struct Shown {
    pub(super) certificate: CertificateDer<'static>,
    pub(super) key: Vec<u8>,
}

/// A service, as long as it is held.
pub(super) struct Line {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    certificate: Option<CertificateDer<'static>>,
    requests: Arc<Mutex<Vec<String>>>,
    received: Arc<Mutex<Vec<u8>>>,
    task: JoinHandle<io::Result<()>>,
}

impl Line {
    /// Replies to each request in turn, and to all that follow as to the last.
    pub(super) async fn of(replies: Vec<Reply>) -> Self {
        Self::listen(replies, None).await
    }

    /// The same by TLS, with that certificate.
    pub(super) async fn secured(replies: Vec<Reply>, shown: &Shown) -> Self {
        Self::listen(replies, Some(shown)).await
    }

    async fn listen(replies: Vec<Reply>, shown: Option<&Shown>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let (connections, requests, received) = (Arc::default(), Arc::default(), Arc::default());
        let serving = Serving {
            replies: Arc::new(replies),
            connections: Arc::clone(&connections),
            requests: Arc::clone(&requests),
            received: Arc::clone(&received),
        };
        Self {
            address: listener.local_addr().unwrap(),
            connections,
            certificate: shown.map(|shown| shown.certificate.clone()),
            requests,
            received,
            task: tokio::spawn(serving.run(listener, shown.map(acceptor))),
        }
    }

    pub(super) fn address(&self) -> Address {
        let scheme = if self.certificate.is_some() {
            "https"
        } else {
            "http"
        };
        Address::parse(&format!("{scheme}://{}", self.address)).unwrap()
    }

    /// Of the certificate that it shows.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.certificate.as_ref().unwrap())
    }

    /// A console at the other end.
    pub(super) fn console(&self, trust: Trust) -> RemoteAuthentication {
        RemoteAuthentication::over(self.connection(trust))
    }

    pub(super) fn connection(&self, trust: Trust) -> Connection {
        connection(self.address(), trust)
    }

    /// The first line and the headers of each request so far.
    pub(super) fn requests(&self) -> Vec<String> {
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// How many connections were made so far.
    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Every byte that came, through TLS where there is any.
    pub(super) fn received(&self) -> Vec<u8> {
        self.received
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Short enough for a story, and long enough for a machine with other things to do.
pub(super) fn deadlines() -> Deadlines {
    Deadlines {
        connect: Duration::from_secs(2),
        answer: Duration::from_millis(300),
        long_answer: Duration::from_secs(5),
    }
}

pub(super) fn connection(address: Address, trust: Trust) -> Connection {
    let clock = Arc::new(FixedClock::at(monday()));
    Connection::new(address, trust, deadlines(), clock).unwrap()
}

/// A certificate that vouches for itself, good from one year to another.
pub(super) fn certificate(subject: &str, from: i32, until: i32) -> Shown {
    let mut params =
        CertificateParams::new(vec!["keys.rose.example".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, subject);
    params.not_before = rcgen::date_time_ymd(from, 1, 1);
    params.not_after = rcgen::date_time_ymd(until, 1, 1);
    let key = KeyPair::generate().unwrap();
    Shown {
        certificate: params.self_signed(&key).unwrap().der().clone(),
        key: key.serialize_der(),
    }
}

fn acceptor(shown: &Shown) -> TlsAcceptor {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(shown.key.clone()));
    let provider = Arc::new(aws_lc_rs::default_provider());
    let key = provider.key_provider.load_private_key(key).unwrap();
    // Not looked at whether they belong together: a thief has the one without the other.
    let shown = sign::CertifiedKey::new(vec![shown.certificate.clone()], key);
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(sign::SingleCertAndKey::from(shown)));
    TlsAcceptor::from(Arc::new(config))
}

/// A whole answer of a service of this version.
pub(super) fn answer(status: &str, body: &str) -> Vec<u8> {
    let version = keyholder_core::wire::VERSION;
    of_version(Some(version), status, body)
}

/// A whole answer, with that version or none.
pub(super) fn of_version(version: Option<u32>, status: &str, body: &str) -> Vec<u8> {
    let header = version.map_or_else(String::new, |version| format!("keyholder-version: {version}\r\n"));
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{header}content-length: {length}\r\n\r\n{body}").into_bytes()
}

#[derive(Clone)]
struct Serving {
    replies: Arc<Vec<Reply>>,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
    received: Arc<Mutex<Vec<u8>>>,
}

impl Serving {
    async fn run(self, listener: TcpListener, tls: Option<TlsAcceptor>) -> io::Result<()> {
        let mut connections = JoinSet::new();
        loop {
            let (stream, _) = listener.accept().await?;
            self.connections.fetch_add(1, Ordering::SeqCst);
            let (serving, tls) = (self.clone(), tls.clone());
            connections.spawn(async move {
                match tls {
                    None => serving.serve(stream).await,
                    Some(tls) => serving.serve(tls.accept(stream).await?).await,
                }
            });
        }
    }

    async fn serve(self, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
        while let Some(head) = self.request(&mut stream).await? {
            let reply = {
                let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
                requests.push(head);
                self.replies[(requests.len() - 1).min(self.replies.len() - 1)].clone()
            };
            match reply {
                Reply::Say(bytes) => stream.write_all(&bytes).await?,
                Reply::SayAndHangUp(bytes) => {
                    stream.write_all(&bytes).await?;
                    return stream.shutdown().await;
                }
                Reply::SayAndStall(bytes) => {
                    stream.write_all(&bytes).await?;
                    return std::future::pending().await;
                }
            }
        }
        Ok(())
    }

    /// The head of the next request, once its body has come too.
    async fn request(&self, stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<String>> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            if stream.read(&mut byte).await? == 0 {
                return Ok(None);
            }
            head.push(byte[0]);
            self.note(&byte);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse().ok())?
        });
        let mut body = vec![0; length.unwrap_or(0)];
        stream.read_exact(&mut body).await?;
        self.note(&body);
        Ok(Some(head))
    }

    fn note(&self, bytes: &[u8]) {
        let mut received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        received.extend_from_slice(bytes);
    }
}
