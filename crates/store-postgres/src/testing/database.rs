//! Fresh databases on one server for each test process.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use super::Cluster;
use super::cluster::Result;
use crate::{PostgresStore, StoreKeys};

/// The server of this process, as long as anybody needs it.
static SERVER: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Keys of stores that are thrown away.
pub fn keys() -> StoreKeys {
    StoreKeys::new([0x5a; 32], [0xa5; 32])
}

/// An empty database on a server that goes with the last one of them.
#[derive(Debug, Clone)]
pub struct Database {
    server: Arc<Cluster>,
    name: String,
}

impl Database {
    /// Makes one.
    ///
    /// # Errors
    /// There is no PostgreSQL, or it does not start.
    pub async fn fresh() -> Result<Self> {
        let server = {
            let mut shared = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(server) = shared.upgrade() {
                server
            } else {
                let server = Arc::new(Cluster::start()?);
                *shared = Arc::downgrade(&server);
                server
            }
        };
        Self::on(server).await
    }

    /// Makes one on that server.
    ///
    /// # Errors
    /// The server does not make it.
    pub async fn on(server: Arc<Cluster>) -> Result<Self> {
        let name = format!("shop_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut conn = PgConnection::connect(&server.url("postgres")).await?;
        conn.execute(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .await?;
        conn.close().await?;
        Ok(Self { server, name })
    }

    /// Its address.
    pub fn url(&self) -> String {
        self.server.url(&self.name)
    }

    /// The server it is on.
    pub fn server(&self) -> &Cluster {
        &self.server
    }

    /// A connection as its administrator, who may do everything.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn administrator(&self) -> Result<PgConnection> {
        let mut conn = PgConnection::connect(&self.url()).await?;
        conn.execute("SET search_path TO keyholder").await?;
        Ok(conn)
    }
}

/// A fresh, empty store, and its database, which goes when it is dropped.
///
/// # Panics
/// There is no PostgreSQL to put it on.
#[expect(clippy::expect_used, reason = "a test without a store cannot go on")]
pub async fn fresh_store() -> (Arc<PostgresStore>, Database) {
    let database = Database::fresh().await.expect("a database of one's own");
    let store = PostgresStore::create(&database.url(), &keys()).await;
    (Arc::new(store.expect("a fresh store")), database)
}
