//! The service on the network: listens, by TLS or in the clear, tells whether it is well, counts and logs
//! what is asked, and lets everybody finish before it stops.
//!
//! HTTP/1.1 alone: then a connection that says nothing, or says it slowly, is closed in time, also before
//! it is known what it would speak. What is answered is the router's.

mod health;
pub mod log;
mod observe;
#[cfg(test)]
mod tests;
mod tls;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum_server::accept::NoDelayAcceptor;
use axum_server::{Handle, Server};
use hyper_util::rt::TokioTimer;
use keyholder_core::password::Hasher;
use keyholder_core::store::Store;

use self::observe::Observer;
pub use self::tls::{Certificate, CertificateRefused};
use crate::metrics::Metrics;
use crate::settings::Settings;

/// The longest wait for the head of a request, also of the next one on the same connection.
const HEAD: Duration = Duration::from_secs(20);
/// The largest head of a request, in bytes: cookies and tokens take a tenth of it.
const LARGEST_HEAD: usize = 64 * 1024;
/// The longest that open requests are waited for when the service stops. Below the 30 s after which
/// Kubernetes, and the 90 s after which systemd, ends a program.
pub const DRAIN: Duration = Duration::from_secs(20);

/// What is served.
pub struct Service {
    /// What is answered, but for what is added here.
    pub router: Router,
    /// Looked at for `/readyz`.
    pub store: Arc<dyn Store>,
    /// Its line is told at `/metrics`.
    pub hasher: Hasher,
    /// Told at `/metrics`.
    pub metrics: Arc<Metrics>,
}

/// An address that cannot be listened at.
#[derive(Debug, thiserror::Error)]
#[error("{address} cannot be listened at: {cause}")]
pub struct CannotListen {
    address: SocketAddr,
    cause: io::Error,
}

/// The open doors of a service. Whoever comes before it serves waits.
pub struct Listening {
    service: TcpListener,
    metrics: Option<TcpListener>,
}

impl Listening {
    /// Opens them as the settings say.
    pub fn at(settings: &Settings) -> Result<Self, CannotListen> {
        Ok(Self {
            service: listener(settings.listen)?,
            metrics: settings.metrics_listen.map(listener).transpose()?,
        })
    }

    /// Where the service answers: with the port that was free, if any was asked for.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.service.local_addr()
    }

    /// Where the metrics are.
    pub fn metrics_address(&self) -> Option<io::Result<SocketAddr>> {
        self.metrics.as_ref().map(TcpListener::local_addr)
    }

    /// Serves until `stop`; then takes nobody in any more and waits for who is there, at most [`DRAIN`].
    ///
    /// # Errors
    /// The system gave a door back.
    pub async fn serve(
        self,
        service: Service,
        settings: &Settings,
        certificate: Option<Certificate>,
        stop: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let handle = Handle::new();
        let watching = certificate
            .as_ref()
            .map(|certificate| Task::of(certificate.clone().watch()));
        let telling = self
            .metrics
            .map(|listener| metrics(listener, &service, handle.clone()))
            .transpose()?;
        let app = app(&service, settings).into_make_service_with_connect_info::<SocketAddr>();
        let server = bounded(axum_server::from_tcp(self.service)?).handle(handle.clone());
        let quick = NoDelayAcceptor::new();
        let serving = async {
            match &certificate {
                Some(certificate) => server.acceptor(certificate.acceptor(quick)).serve(app).await,
                None => server.acceptor(quick).serve(app).await,
            }
        };
        let draining = async {
            stop.await;
            tracing::info!(connections = handle.connection_count(), "stopping");
            handle.graceful_shutdown(Some(DRAIN));
            std::future::pending::<()>().await;
        };
        let ended = tokio::select! {
            ended = serving => ended,
            () = draining => Ok(()),
        };
        drop((watching, telling));
        ended
    }
}

/// The router with what is the same for every service.
fn app(service: &Service, settings: &Settings) -> Router {
    let observer = Observer::new(Arc::clone(&service.metrics), settings);
    service
        .router
        .clone()
        .merge(health::routes(Arc::clone(&service.store)))
        .layer(axum::middleware::from_fn_with_state(observer, observe::observe))
}

fn metrics(listener: TcpListener, service: &Service, handle: Handle<SocketAddr>) -> io::Result<Task> {
    let routes = health::metrics(Arc::clone(&service.metrics), service.hasher.clone(), move || {
        handle.connection_count()
    });
    let server = bounded(axum_server::from_tcp(listener)?);
    Ok(Task::of(async move {
        if let Err(error) = server.serve(routes.into_make_service()).await {
            tracing::error!(%error, "the metrics are not told any more");
        }
    }))
}

fn listener(address: SocketAddr) -> Result<TcpListener, CannotListen> {
    TcpListener::bind(address).map_err(|cause| CannotListen { address, cause })
}

/// HTTP/1.1 with bounds in time and size.
fn bounded<A>(server: Server<SocketAddr, A>) -> Server<SocketAddr, A> {
    let mut server = server
        .http1_only()
        .accept_error_handler(|_, error| tracing::warn!(%error, "a connection could not be taken"));
    server
        .http_builder()
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(LARGEST_HEAD);
    server
}

/// Work beside the serving, which ends with it.
struct Task(tokio::task::JoinHandle<()>);

impl Task {
    fn of(work: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(work))
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
