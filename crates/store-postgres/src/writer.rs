//! The one connection of a node that writes, owned by one task.
//!
//! Jobs wait in a bounded queue. The task takes all that are there, does them in one transaction and
//! commits once: many callers share the lock of the store and one write to the disk. Nobody is told
//! "saved" before the server has said so.
//!
//! A connection can break at any moment. What had not been committed by then is done again over a new one,
//! as long as anybody waits for it. When it breaks over a `COMMIT`, the store is asked whether it is there:
//! doing it again could do it twice, giving up could deny what is saved.

mod group;

use std::time::Duration;

use jiff::Timestamp;
use keyholder_core::change::{Change, Reservation};
use keyholder_core::clock::Rng;
use keyholder_core::entry::EntryWrite;
use keyholder_core::error::{Code, StoreError};
use keyholder_core::session::SessionId;
use keyholder_core::store::CommitError;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, Executor as _, PgConnection};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

use self::group::Group;
use crate::connect::{self, PATIENCE};
use crate::error::{Tried, broken, passes};
use crate::keys::StoreKeys;
use crate::table::node;

/// Jobs that may wait; whoever comes then waits to wait.
const QUEUE: usize = 1_024;
/// Jobs of one transaction at most: the server keeps as many savepoints of it at hand
/// (`PGPROC_MAX_CACHED_SUBXIDS`); beyond, everybody who reads pays for them.
const TOGETHER: usize = 64;
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(50);
/// The longest that a transaction of one change may take, and what each further one adds.
const TIME: (Duration, Duration) = (Duration::from_secs(12), Duration::from_millis(10));
/// How long it is tried to learn what became of a commit.
const CERTAINTY: Duration = Duration::from_secs(15);

/// Something to write.
pub(crate) enum Work {
    Commit(Vec<Change>),
    Reserve(Box<Reservation>),
    Touch(SessionId, Timestamp),
    Keep(Vec<EntryWrite>),
}

impl Work {
    fn size(&self) -> usize {
        match self {
            Self::Commit(changes) => changes.len(),
            Self::Keep(writes) => writes.len(),
            Self::Reserve(_) | Self::Touch(..) => 1,
        }
    }
}

/// The end of the trail after it.
type Answer = Result<u32, CommitError>;

enum Job {
    Write(Work, oneshot::Sender<Answer>),
    Close(oneshot::Sender<()>),
}

/// Where jobs are handed in. When it is dropped, what was handed in is still done.
#[derive(Debug)]
pub(crate) struct Writer(mpsc::Sender<Job>);

impl Writer {
    /// Starts the task on the runtime that this is called in.
    pub(crate) fn start(
        conn: PgConnection,
        options: PgConnectOptions,
        keys: StoreKeys,
        mut rng: Rng,
    ) -> Self {
        let (sender, jobs) = mpsc::channel(QUEUE);
        let desk = Desk {
            conn: Some(conn),
            options,
            keys,
            node: fresh(&mut rng),
            rng,
        };
        tokio::spawn(desk.run(jobs));
        Self(sender)
    }

    /// Does one piece of work, durable when this returns.
    pub(crate) async fn write(&self, work: Work) -> Answer {
        self.ask(|answer| Job::Write(work, answer)).await?
    }

    /// Does what is waiting and closes. Does nothing the second time.
    pub(crate) async fn close(&self) {
        // It is closed already: that is what was asked for.
        let _ = self.ask(Job::Close).await;
    }

    async fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<T>) -> Job) -> Result<T, StoreError> {
        let closed = || broken(Code::Broken, "the store is closed");
        let (sender, answer) = oneshot::channel();
        self.0.send(job(sender)).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())
    }
}

/// What the task works with.
struct Desk {
    /// None while there is none that works.
    conn: Option<PgConnection>,
    options: PgConnectOptions,
    keys: StoreKeys,
    rng: Rng,
    /// Who this is among the nodes, from now on.
    node: Uuid,
}

impl Desk {
    async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut taken = Vec::with_capacity(TOGETHER);
        let mut asked = None;
        while asked.is_none() && jobs.recv_many(&mut taken, TOGETHER).await > 0 {
            let mut writes = Vec::with_capacity(taken.len());
            for job in taken.drain(..) {
                match job {
                    Job::Write(work, answer) => writes.push((work, answer)),
                    Job::Close(answer) => asked = Some(answer),
                }
            }
            self.together(writes).await;
        }
        if let Some(conn) = self.conn {
            // Everything is committed: how the connection ends changes nothing.
            let _ = conn.close().await;
        }
        if let Some(asked) = asked {
            // Whoever asked may have gone.
            let _ = asked.send(());
        }
    }

    /// Does all of it in one transaction and then answers everybody.
    async fn together(&mut self, writes: Vec<(Work, oneshot::Sender<Answer>)>) {
        if writes.is_empty() {
            return;
        }
        let (works, waiting): (Vec<_>, Vec<_>) = writes.into_iter().unzip();
        let answers = self.durably(&works).await.unwrap_or_else(|error| {
            let failed = || Err(broken(error.code, &*error.context).into());
            works.iter().map(|_| failed()).collect()
        });
        for (answer, waiting) in answers.into_iter().zip(waiting) {
            // Whoever asked may have gone: it is saved all the same.
            drop(waiting.send(answer));
        }
    }

    /// Tries until it is done or there is no use in trying.
    async fn durably(&mut self, works: &[Work]) -> Result<Vec<Answer>, StoreError> {
        let until = Instant::now() + PATIENCE;
        loop {
            let error = match self.once(works).await {
                Ok(answers) => return Ok(answers),
                Err(error) => error,
            };
            if !passes(&error) || Instant::now() >= until {
                // Two that got into each other's way for so long: the store is too busy.
                let code = if error.code == Code::Conflict {
                    Code::Busy
                } else {
                    error.code
                };
                return Err(StoreError { code, ..error });
            }
            tracing::debug!(%error, "trying again to write");
            sleep(PAUSE).await;
        }
    }

    /// Nothing of it is saved when this is an error. The connection is kept only if all went well: to
    /// end it undoes whatever it had not committed.
    async fn once(&mut self, works: &[Work]) -> Result<Vec<Answer>, StoreError> {
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => connect::open(&self.options).await?,
        };
        let size = works.iter().map(Work::size).sum::<usize>();
        let time = TIME.0 + TIME.1 * u32::try_from(size).unwrap_or(u32::MAX);
        let silent = |_| Err(broken(Code::Busy, "PostgreSQL does not answer"));
        let transaction = fresh(&mut self.rng);
        let group = async {
            let answers = Group::apply(&mut conn, &self.keys, &mut self.rng, works).await?;
            node::note(&mut conn, self.node, transaction).await?;
            Ok(answers)
        };
        let answers = timeout(time, group).await.unwrap_or_else(silent)?;
        let commit = async { conn.execute("COMMIT").await.tried("commit") };
        match timeout(time, commit)
            .await
            .unwrap_or_else(|_| Err(broken(Code::Busy, "no answer to a commit")))
        {
            Ok(_) => {
                self.conn = Some(conn);
                Ok(answers)
            }
            Err(error) => {
                drop(conn);
                if self.committed(transaction, &error).await? {
                    Ok(answers)
                } else {
                    Err(error)
                }
            }
        }
    }

    /// What became of a transaction whose commit was not answered.
    async fn committed(&self, transaction: Uuid, error: &StoreError) -> Result<bool, StoreError> {
        let until = Instant::now() + CERTAINTY;
        loop {
            match self.last().await {
                Ok(last) => return Ok(last == Some(transaction)),
                Err(_) if Instant::now() < until => sleep(PAUSE).await,
                Err(_) => {
                    // Not one that passes: done again it might be done twice.
                    let context = format!("{error}; whether it was saved is not known");
                    return Err(broken(Code::Broken, context));
                }
            }
        }
    }

    /// What this node committed last. Asked with the lock of the store: whoever had it before has
    /// either committed or never will.
    async fn last(&self) -> Result<Option<Uuid>, StoreError> {
        let mut conn = connect::open(&self.options).await?;
        conn.execute(sqlx::raw_sql(group::BEGIN))
            .await
            .tried("ask what became of a commit")?;
        node::last(&mut conn, self.node).await
    }
}

fn fresh(rng: &mut Rng) -> Uuid {
    let mut bytes = [0; 16];
    rand::Rng::fill_bytes(rng, &mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use keyholder_core::store::Store as _;
    use keyholder_core::testing::store_contract::material::{event, noted};

    use super::*;
    use crate::testing::{fresh_store, keys};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_node_that_stands_still_does_not_hold_the_others_up_for_ever() {
        let (store, database) = fresh_store().await;
        let mut still = connect::open(&connect::options(&database.url()).unwrap())
            .await
            .unwrap();
        let mut rng = keyholder_core::clock::entropy().unwrap();
        // It has the lock, and says nothing more.
        Group::apply(&mut still, &keys(), &mut rng, &[]).await.unwrap();
        let begun = Instant::now();
        store.commit(vec![noted(event(0))]).await.unwrap();
        assert!(
            begun.elapsed() < PATIENCE,
            "the server ends it before anybody gives up: {:?}",
            begun.elapsed()
        );
        still.execute("COMMIT").await.unwrap_err();
    }
}
