//! A server that crashes under load.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use keyholder_core::error::Code;
use keyholder_core::store::{CommitError, Store};
use keyholder_core::testing::store_contract::material::{event, noted};
use keyholder_store_postgres::PostgresStore;
use keyholder_store_postgres::testing::{Cluster, Database, keys};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tokio::sync::watch;

use super::{events, rounds};

/// Every server here lets what is not waited for lie about as long as it can, and would have clients not
/// wait unless they ask to.
async fn careless_server() -> Database {
    let settings = ["wal_writer_delay=10s", "synchronous_commit=off"];
    let server = Arc::new(Cluster::start_with(&settings).unwrap());
    Database::on(server).await.unwrap()
}

/// Eight callers who write until they are told to stop.
struct Load {
    stop: Arc<AtomicBool>,
    saved: watch::Sender<u32>,
    callers: tokio::task::JoinSet<Vec<Code>>,
}

impl Load {
    fn on(store: &Arc<PostgresStore>) -> Self {
        let (stop, saved) = (Arc::new(AtomicBool::new(false)), watch::Sender::new(0));
        let mut callers = tokio::task::JoinSet::new();
        for number in 0..8 {
            let (store, stop, saved) = (Arc::clone(store), Arc::clone(&stop), saved.clone());
            callers.spawn(async move {
                let mut refused = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    match store.commit(vec![noted(event(number))]).await {
                        Ok(()) => saved.send_modify(|saved| *saved += 1),
                        Err(CommitError::Broken(error)) => refused.push(error.code),
                        Err(other) => panic!("nothing here can be in conflict: {other}"),
                    }
                }
                refused
            });
        }
        Self { stop, saved, callers }
    }

    fn saved(&self) -> u32 {
        *self.saved.borrow()
    }

    /// Waits until so many more are saved; gives how long that took.
    async fn goes_on(&self, more: u32) -> Duration {
        let (from, wanted) = (Instant::now(), self.saved() + more);
        let mut saved = self.saved.subscribe();
        let enough = saved.wait_for(|saved| *saved >= wanted);
        let reached = tokio::time::timeout(Duration::from_secs(30), enough).await;
        assert!(reached.is_ok(), "writing goes on");
        from.elapsed()
    }

    /// How many were saved, and with what the others were refused.
    async fn end(mut self) -> (u32, Vec<Code>) {
        self.stop.store(true, Ordering::Relaxed);
        let mut refused = Vec::new();
        while let Some(codes) = self.callers.join_next().await {
            refused.extend(codes.unwrap());
        }
        (self.saved(), refused)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p39_a_server_that_crashes_under_load_loses_nothing_and_is_found_again() {
    let database = careless_server().await;
    let store = Arc::new(PostgresStore::create(&database.url(), &keys()).await.unwrap());
    let load = Load::on(&store);
    for _ in 0..rounds(3, 60) {
        load.goes_on(50).await;
        database.server().crash();
        database.server().resume().unwrap();
        let took = load.goes_on(1).await;
        assert!(
            took < Duration::from_secs(5),
            "the store comes back by itself: it took {took:?}"
        );
    }
    let (saved, refused) = load.end().await;
    assert!(
        refused.iter().all(|code| *code == Code::Busy),
        "whoever was refused was told to try again: {refused:?}"
    );
    assert_eq!(
        events(&*store).await,
        saved,
        "what was acknowledged is there, and what was refused is not"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p39_mutant_a_store_that_does_not_wait_for_the_disk_is_found() {
    let database = careless_server().await;
    let mut conn = PgConnection::connect(&database.url()).await.unwrap();
    conn.execute("CREATE TABLE event (number integer)").await.unwrap();
    conn.execute("CHECKPOINT").await.unwrap();
    for number in 0..100 {
        let insert = format!("INSERT INTO event VALUES ({number})");
        conn.execute(AssertSqlSafe(insert)).await.unwrap();
    }
    database.server().crash();
    database.server().resume().unwrap();
    let mut conn = PgConnection::connect(&database.url()).await.unwrap();
    let there: i64 = sqlx::query_scalar("SELECT count(*) FROM event")
        .fetch_one(&mut conn)
        .await
        .unwrap();
    assert!(
        there < 100,
        "the server's own default loses what it acknowledged, and the measure sees it"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_while_the_server_is_away_is_told_so() {
    let database = careless_server().await;
    let store = PostgresStore::create(&database.url(), &keys()).await.unwrap();
    store.shop().await.unwrap();
    database.server().crash();
    let read = store.shop().await.unwrap_err();
    assert_eq!(read.code, Code::Busy, "reading: {read}");
    let begun = Instant::now();
    match store.commit(vec![noted(event(0))]).await {
        Err(CommitError::Broken(error)) => assert_eq!(error.code, Code::Busy, "writing: {error}"),
        other => panic!("there is no server to save it: {other:?}"),
    }
    assert!(
        begun.elapsed() < Duration::from_secs(15),
        "nobody waits for ever: {:?}",
        begun.elapsed()
    );
    let opened = PostgresStore::open(&database.url(), &keys()).await.unwrap_err();
    assert_eq!(opened.code, Code::Busy, "opening: {opened}");
    database.server().resume().unwrap();
    store.commit(vec![noted(event(0))]).await.unwrap();
    assert_eq!(events(&store).await, 1, "it is all as before");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_end_over_and_over_leave_nothing_out_and_nothing_twice() {
    let database = careless_server().await;
    let store = Arc::new(PostgresStore::create(&database.url(), &keys()).await.unwrap());
    let mut administrator = database.administrator().await.unwrap();
    let load = Load::on(&store);
    for _ in 0..rounds(20, 400) {
        load.goes_on(8).await;
        let ends =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'keyholder'";
        administrator.execute(ends).await.unwrap();
    }
    let (saved, refused) = load.end().await;
    assert_eq!(
        refused,
        [],
        "a new connection is there at once: nobody need hear of it"
    );
    assert_eq!(events(&*store).await, saved, "each is there once");
}
