//! A network that loses the answer to a commit.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use keyholder_core::store::Store as _;
use keyholder_core::testing::store_contract::material::{event, noted};
use keyholder_store_postgres::PostgresStore;
use keyholder_store_postgres::testing::{Cluster, Database, keys};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};

use super::events;

/// How a node says that it is done (PostgreSQL manual, 55.7: Query).
const COMMIT: &[u8] = b"COMMIT\0";

/// Where a connection is cut.
#[derive(Clone, Copy)]
enum Cut {
    /// The server never hears of the commit.
    Before,
    /// The node never hears that it was done.
    After,
}

/// Stands between a node and its server, and cuts as many connections over a commit.
struct Network {
    left: Arc<AtomicU32>,
    folder: tempfile::TempDir,
}

impl Network {
    fn before(server: &Cluster, cut: Cut) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let server = server.socket().join(".s.PGSQL.5432");
        let left = Arc::new(AtomicU32::new(0));
        let cuts = Arc::clone(&left);
        tokio::spawn(async move {
            while let Ok((node, _)) = listener.accept().await {
                tokio::spawn(pass(node, server.clone(), cut, Arc::clone(&cuts)));
            }
        });
        Self { left, folder }
    }

    fn url(&self, database: &Database) -> String {
        let name = database.url().rsplit('/').next().unwrap().to_owned();
        let socket = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{socket}/{name}")
    }

    fn cuts(&self, times: u32) {
        self.left.store(times, Ordering::SeqCst);
    }
}

async fn pass(mut node: UnixStream, server: impl AsRef<Path>, cut: Cut, left: Arc<AtomicU32>) {
    let mut server = UnixStream::connect(server).await.unwrap();
    let (mut asked, mut said) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        tokio::select! {
            Ok(count) = node.read(&mut asked) => {
                let asked = &asked[..count];
                let commits = asked.windows(COMMIT.len()).any(|part| part == COMMIT);
                let cuts = commits
                    && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
                if count == 0 || (cuts && matches!(cut, Cut::Before)) || server.write_all(asked).await.is_err() {
                    return;
                }
                if cuts {
                    // What it answers is heard here, and goes no further.
                    server.readable().await.unwrap();
                    return;
                }
            }
            Ok(count) = server.read(&mut said) => {
                if count == 0 || node.write_all(&said[..count]).await.is_err() {
                    return;
                }
            }
            else => return,
        }
    }
}

async fn each_is_there_once(cut: Cut) {
    let database = Database::fresh().await.unwrap();
    let network = Network::before(database.server(), cut);
    let created = PostgresStore::create(&database.url(), &keys()).await.unwrap();
    created.close().await;
    let store = PostgresStore::open(&network.url(&database), &keys())
        .await
        .unwrap();
    for (number, cuts) in (1..).zip([0, 1, 3]) {
        network.cuts(cuts);
        store.commit(vec![noted(event(0))]).await.unwrap();
        assert_eq!(
            network.left.load(Ordering::SeqCst),
            if matches!(cut, Cut::After) {
                cuts.saturating_sub(1)
            } else {
                0
            },
            "the network did cut the connection"
        );
        network.cuts(0);
        assert_eq!(
            events(&store).await,
            number,
            "each is there once after {cuts} cuts"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_neither_denied_nor_done_again() {
    each_is_there_once(Cut::After).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_never_arrived_is_done_again() {
    each_is_there_once(Cut::Before).await;
}
