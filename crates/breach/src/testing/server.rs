//! A range server on the loopback interface.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};

use super::behaviour::{Behaviour, Reply};
use super::http::Request;

/// A range server that behaves as it is told and remembers each request. It ends when dropped.
#[derive(Debug)]
pub struct RangeServer {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    connections: Arc<AtomicUsize>,
    orders: mpsc::Sender<Order>,
    task: JoinHandle<io::Result<()>>,
}

/// A change of behaviour, and whom to tell when it is done.
type Order = (Behaviour, oneshot::Sender<()>);

impl RangeServer {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// No port could be had.
    pub async fn start(behaviour: Behaviour) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (requests, connections) = (Arc::default(), Arc::default());
        let (orders, inbox) = mpsc::channel(1);
        let server = Server {
            address,
            requests: Arc::clone(&requests),
            connections: Arc::clone(&connections),
            behaviour,
        };
        Ok(Self {
            address,
            requests,
            connections,
            orders,
            task: tokio::spawn(server.run(listener, inbox)),
        })
    }

    /// Where it listens, for [`RangeSettings::with_base_url`](crate::RangeSettings::with_base_url).
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes what it does from the next request on. Open connections are closed, so that no
    /// request is answered in the old manner once this returns.
    ///
    /// # Errors
    /// The server has come to an end: its port was taken by another program while it refused
    /// connections.
    pub async fn behave(&self, behaviour: Behaviour) -> io::Result<()> {
        let (done, is_done) = oneshot::channel();
        let gone = || io::Error::other("the range server has come to an end");
        self.orders.send((behaviour, done)).await.map_err(|_| gone())?;
        is_done.await.map_err(|_| gone())
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// How many connections were made so far.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

impl Drop for RangeServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    connections: Arc<AtomicUsize>,
    behaviour: Behaviour,
}

impl Server {
    async fn run(mut self, listener: TcpListener, mut inbox: mpsc::Receiver<Order>) -> io::Result<()> {
        let mut listener = Some(listener);
        let mut connections = JoinSet::new();
        let mut done: Option<oneshot::Sender<()>> = None;
        loop {
            if matches!(self.behaviour, Behaviour::RefusesConnection) {
                listener = None;
            } else if listener.is_none() {
                listener = Some(TcpListener::bind(self.address).await?);
            }
            if let Some(done) = done.take() {
                // Whoever gave the order may have gone; the order stands.
                done.send(()).ok();
            }
            tokio::select! {
                order = inbox.recv() => {
                    let Some((behaviour, tell)) = order else { return Ok(()) };
                    self.behaviour = behaviour;
                    connections.shutdown().await;
                    done = Some(tell);
                }
                connection = accept(listener.as_ref()) => {
                    self.connections.fetch_add(1, Ordering::Relaxed);
                    connections.spawn(serve(connection?, self.behaviour.clone(), Arc::clone(&self.requests)));
                }
            }
        }
    }
}

/// The next connection; never, without a listener.
async fn accept(listener: Option<&TcpListener>) -> io::Result<TcpStream> {
    match listener {
        Some(listener) => Ok(listener.accept().await?.0),
        None => std::future::pending().await,
    }
}

async fn serve(
    mut connection: TcpStream,
    behaviour: Behaviour,
    requests: Arc<Mutex<Vec<Request>>>,
) -> io::Result<()> {
    while let Some(request) = Request::read(&mut connection).await? {
        requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request.clone());
        tokio::time::sleep(behaviour.delay()).await;
        match behaviour.reply(&request) {
            Reply::Keep(bytes) => connection.write_all(&bytes).await?,
            Reply::Close(bytes) => {
                connection.write_all(&bytes).await?;
                return connection.shutdown().await;
            }
            Reply::Hang(bytes) => {
                connection.write_all(&bytes).await?;
                return std::future::pending().await;
            }
        }
    }
    Ok(())
}
