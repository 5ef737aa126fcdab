//! PostgreSQL for tests: a server of one's own in a throw-away folder, and fresh databases on it.

mod cluster;
mod database;
mod nodes;

pub use self::cluster::{Cluster, Result};
pub use self::database::{Database, fresh_store, keys};
pub use self::nodes::{Nodes, fresh_nodes};
