//! The one connection that writes, owned by one task.
//!
//! Jobs wait in a bounded queue. The task takes all that are there, does them in one transaction,
//! each behind a savepoint of its own, and commits once: many callers share the cost of one write
//! to the disk. Nobody is told "saved" before the disk has said so.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use jiff::Timestamp;
use keyholder_core::audit::AuditEvent;
use keyholder_core::audit::chain::{AuditKey, Head};
use keyholder_core::change::{Change, Reservation, Write};
use keyholder_core::clock::Rng;
use keyholder_core::entry::EntryWrite;
use keyholder_core::error::{Code, StoreError};
use keyholder_core::session::SessionId;
use keyholder_core::store::CommitError;
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use crate::error::{Tried, broken};
use crate::file::Lock;
use crate::readers::Readers;
use crate::table::{account, audit, credential, entry, session, shop};

/// Jobs that may wait; whoever comes then waits to wait.
const QUEUE: usize = 1_024;
/// Jobs of one transaction at most.
const TOGETHER: usize = 256;

/// Something to write.
pub(crate) enum Work {
    Commit(Vec<Change>),
    Reserve(Box<Reservation>),
    Touch(SessionId, Timestamp),
    Keep(Vec<EntryWrite>),
}

/// The end of the trail after it.
type Answer = Result<u32, CommitError>;

enum Job {
    Write(Work, oneshot::Sender<Answer>),
    Copy(PathBuf, oneshot::Sender<Result<(), StoreError>>),
    Close(oneshot::Sender<Result<(), StoreError>>),
}

/// Where jobs are handed in. When dropped it waits until what was handed in is done and everything is
/// closed.
#[derive(Debug)]
pub(crate) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the task, in a thread of its own so that it can be waited for anywhere. It holds the
    /// lock until it has closed the connections: when told to, or when nobody can hand in jobs any
    /// more.
    pub(crate) fn start(
        conn: SqliteConnection,
        readers: Arc<Readers>,
        key: AuditKey,
        rng: Rng,
        lock: Lock,
    ) -> Result<Self, StoreError> {
        let (sender, jobs) = mpsc::channel(QUEUE);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .tried("start the writer")?;
        let work = async move {
            let mut desk = Desk {
                conn,
                key,
                rng,
                head: None,
                lock,
            };
            let asked = desk.run(jobs).await;
            let closed = readers.close().await.and(desk.close().await);
            match (asked, closed) {
                (Some(asked), closed) => drop(asked.send(closed)),
                (None, Err(error)) => tracing::warn!(%error, "the store was not closed cleanly"),
                (None, Ok(())) => {}
            }
        };
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || runtime.block_on(work))
            .tried("start the writer")?;
        Ok(Self {
            jobs: Some(sender),
            thread: Some(thread),
        })
    }

    /// Does one piece of work, durable when this returns.
    pub(crate) async fn write(&self, work: Work) -> Answer {
        self.ask(|answer| Job::Write(work, answer)).await?
    }

    /// Writes a copy of everything that was acknowledged.
    pub(crate) async fn copy(&self, to: PathBuf) -> Result<(), StoreError> {
        self.ask(|answer| Job::Copy(to, answer)).await?
    }

    /// Does what is waiting, empties the write-ahead log and closes. Does nothing the second time.
    pub(crate) async fn close(&self) -> Result<(), StoreError> {
        self.ask(Job::Close).await.unwrap_or(Ok(()))
    }

    async fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<T>) -> Job) -> Result<T, StoreError> {
        let closed = || broken(Code::Broken, "the store is closed");
        let (sender, answer) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or_else(closed)?;
        jobs.send(job(sender)).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // It never panics; if it did, that was said where it happened.
            drop(thread.join());
        }
    }
}

/// What the task works with.
struct Desk {
    conn: SqliteConnection,
    key: AuditKey,
    rng: Rng,
    /// The end of the trail as committed; none while that is not known.
    head: Option<Head>,
    /// Falls when the connection is closed.
    lock: Lock,
}

impl Desk {
    /// Works until told to close; gives whom to tell.
    async fn run(
        &mut self,
        mut jobs: mpsc::Receiver<Job>,
    ) -> Option<oneshot::Sender<Result<(), StoreError>>> {
        let mut taken = Vec::with_capacity(TOGETHER);
        while jobs.recv_many(&mut taken, TOGETHER).await > 0 {
            let mut writes = Vec::with_capacity(taken.len());
            for job in taken.drain(..) {
                match job {
                    Job::Write(work, answer) => writes.push((work, answer)),
                    Job::Copy(to, answer) => {
                        self.together(std::mem::take(&mut writes)).await;
                        // Whoever asked may have gone: the copy is there all the same.
                        drop(answer.send(crate::copy::into(&mut self.conn, &to).await));
                    }
                    Job::Close(answer) => {
                        self.together(writes).await;
                        return Some(answer);
                    }
                }
            }
            self.together(writes).await;
        }
        None
    }

    /// Does all of it in one transaction and then answers everybody.
    async fn together(&mut self, writes: Vec<(Work, oneshot::Sender<Answer>)>) {
        if writes.is_empty() {
            return;
        }
        let (works, waiting): (Vec<_>, Vec<_>) = writes.into_iter().unzip();
        let answers = match self.transaction(works).await {
            Ok(answers) => answers,
            Err(error) => {
                self.head = None;
                // It may be over already: SQLite ends it by itself when the disk is full.
                let _ = sqlx::query("ROLLBACK").execute(&mut self.conn).await;
                waiting
                    .iter()
                    .map(|_| Err(broken(error.code, &*error.context).into()))
                    .collect()
            }
        };
        for (answer, waiting) in answers.into_iter().zip(waiting) {
            // Whoever asked may have gone: it is saved all the same.
            drop(waiting.send(answer));
        }
    }

    async fn transaction(&mut self, works: Vec<Work>) -> Result<Vec<Answer>, StoreError> {
        self.execute("BEGIN IMMEDIATE").await?;
        let mut head = match self.head {
            Some(head) => head,
            None => audit::head(&mut self.conn).await?,
        };
        let mut answers = Vec::with_capacity(works.len());
        for work in works {
            self.execute("SAVEPOINT job").await?;
            match self.apply(head, work).await {
                Ok(next) => {
                    head = next;
                    answers.push(Ok(next.seq));
                }
                Err(error) => {
                    // Fails when SQLite has ended the transaction: then nobody's work was done.
                    self.execute("ROLLBACK TO job").await?;
                    answers.push(Err(error));
                }
            }
            self.execute("RELEASE job").await?;
        }
        self.lock.still_there()?;
        self.execute("COMMIT").await?;
        self.head = Some(head);
        Ok(answers)
    }

    async fn execute(&mut self, sql: &'static str) -> Result<(), StoreError> {
        sqlx::query(sql).execute(&mut self.conn).await.tried(sql)?;
        Ok(())
    }

    /// Gives the end of the trail after it.
    async fn apply(&mut self, head: Head, work: Work) -> Result<Head, CommitError> {
        match work {
            Work::Commit(changes) => {
                let mut head = head;
                for change in &changes {
                    head = self.change(head, change).await?;
                }
                Ok(head)
            }
            Work::Reserve(reservation) => {
                self.credential(&Write::Replace(reservation.credential().clone()))
                    .await?;
                Ok(head)
            }
            Work::Touch(session, at) => {
                session::touch(&mut self.conn, session, at).await?;
                Ok(head)
            }
            Work::Keep(writes) => {
                for write in &writes {
                    entry::write(&mut self.conn, write).await?;
                }
                Ok(head)
            }
        }
    }

    async fn change(&mut self, mut head: Head, change: &Change) -> Result<Head, CommitError> {
        if let Some((id, revision)) = change.required() {
            account::require(&mut self.conn, id, revision).await?;
        }
        if let Some(write) = change.shop() {
            shop::write(&mut self.conn, write).await?;
        }
        if let Some(write) = change.account() {
            account::write(&mut self.conn, write).await?;
        }
        if let Some(write) = change.credential() {
            self.credential(write).await?;
        }
        if let Some(id) = change.purged() {
            account::purge(&mut self.conn, id).await?;
        }
        if let Some(end) = change.ended_sessions() {
            session::end(&mut self.conn, end).await?;
        }
        if let Some(session) = change.session() {
            session::put(&mut self.conn, session).await?;
        }
        for write in change.entries() {
            entry::write(&mut self.conn, write).await?;
        }
        for event in change.events() {
            head = self.append(head, event).await?;
        }
        Ok(head)
    }

    async fn credential(
        &mut self,
        write: &Write<keyholder_core::credential::Credential>,
    ) -> Result<(), CommitError> {
        let policy = shop::read(&mut self.conn)
            .await?
            .map(|shop| shop.policy.lockout())
            .unwrap_or_default();
        credential::write(&mut self.conn, write, &policy).await
    }

    async fn append(&mut self, head: Head, event: &AuditEvent) -> Result<Head, StoreError> {
        let mut salt = [0; 32];
        rand::Rng::fill_bytes(&mut self.rng, &mut salt);
        audit::append(&mut self.conn, head, &self.key, salt, event).await
    }

    async fn close(mut self) -> Result<(), StoreError> {
        let emptied = self.execute("PRAGMA wal_checkpoint(TRUNCATE)").await;
        let closed = self.conn.close().await.tried("close the store");
        drop(self.lock);
        emptied.and(closed)
    }
}
