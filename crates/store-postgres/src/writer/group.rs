//! Several pieces of work in one transaction, up to its commit.

use keyholder_core::audit::AuditEvent;
use keyholder_core::audit::chain::{Head, Row, link};
use keyholder_core::change::{Change, Write};
use keyholder_core::clock::Rng;
use keyholder_core::credential::Credential;
use keyholder_core::entry::EntryWrite;
use keyholder_core::error::{Code, StoreError};
use keyholder_core::lockout::LockoutPolicy;
use keyholder_core::shop::Shop;
use keyholder_core::store::CommitError;
use sqlx::{Executor as _, PgConnection};

use super::{Answer, Work};
use crate::error::{Tried, broken, passes};
use crate::keys::StoreKeys;
use crate::migrate;
use crate::table::{account, audit, credential, entry, session, shop};

/// Whoever writes takes the lock of the store before anything else: one transaction writes at a time, over
/// all nodes. So the trail has no gaps, a revision cannot move on between two statements, and nobody
/// waits for somebody who waits for them. Each statement sees what was committed before it began.
pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; \
                     SELECT pg_advisory_xact_lock(1263036514, 'keyholder.audit'::regclass::oid::integer)";

/// A transaction that has begun.
pub(super) struct Group<'a> {
    conn: &'a mut PgConnection,
    keys: &'a StoreKeys,
    rng: &'a mut Rng,
    /// The end of the trail with the rows below.
    head: Head,
    /// Rows of the trail, written together at the end: nothing before it reads them.
    rows: Vec<(Row, &'a AuditEvent)>,
}

impl<'a> Group<'a> {
    /// Does all of it but the commit. Gives what to answer once that is done.
    ///
    /// # Errors
    /// None of it can be done over this connection.
    pub(super) async fn apply(
        conn: &'a mut PgConnection,
        keys: &'a StoreKeys,
        rng: &'a mut Rng,
        works: &'a [Work],
    ) -> Result<Vec<Answer>, StoreError> {
        conn.execute(sqlx::raw_sql(BEGIN)).await.tried("begin to write")?;
        // With the lock: whoever migrates waits for it, or we for them.
        migrate::still_known(conn).await?;
        let head = audit::head(conn).await?;
        let mut group = Group {
            conn,
            keys,
            rng,
            head,
            rows: Vec::new(),
        };
        let mut answers = Vec::with_capacity(works.len());
        for work in works {
            answers.push(group.answer(work).await?);
        }
        audit::append(group.conn, &group.rows).await?;
        Ok(answers)
    }

    /// Does one piece of work whole or not at all.
    async fn answer(&mut self, work: &'a Work) -> Result<Answer, StoreError> {
        let (head, rows) = (self.head, self.rows.len());
        let answer = if touches_no_table(work) {
            self.work(work).await
        } else {
            self.execute("SAVEPOINT work").await?;
            let answer = self.work(work).await;
            let end = match &answer {
                Ok(_) => "RELEASE SAVEPOINT work",
                // The whole transaction is tried again.
                Err(CommitError::Broken(error)) if passes(error) => {
                    return Err(broken(error.code, &*error.context));
                }
                Err(_) => "ROLLBACK TO SAVEPOINT work; RELEASE SAVEPOINT work",
            };
            self.execute(end).await?;
            answer
        };
        if answer.is_err() {
            self.head = head;
            self.rows.truncate(rows);
        }
        Ok(answer)
    }

    async fn execute(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.conn.execute(sqlx::raw_sql(sql)).await.tried(sql)?;
        Ok(())
    }

    async fn work(&mut self, work: &'a Work) -> Answer {
        match work {
            Work::Commit(changes) => {
                for change in changes {
                    self.change(change).await?;
                }
            }
            Work::Reserve(reservation) => {
                self.credential(&Write::Replace(reservation.credential().clone()))
                    .await?;
            }
            Work::Touch(session, at) => session::touch(self.conn, *session, *at).await?,
            Work::Keep(writes) => {
                for write in writes {
                    self.entry(write).await?;
                }
            }
        }
        Ok(self.head.seq)
    }

    async fn change(&mut self, change: &'a Change) -> Result<(), CommitError> {
        if let Some((id, revision)) = change.required() {
            account::require(self.conn, id, revision).await?;
        }
        if let Some(write) = change.shop() {
            self.shop(write).await?;
        }
        if let Some(write) = change.account() {
            account::write(self.conn, write).await?;
        }
        if let Some(write) = change.credential() {
            self.credential(write).await?;
        }
        if let Some(id) = change.purged() {
            account::purge(self.conn, id).await?;
        }
        if let Some(end) = change.ended_sessions() {
            session::end(self.conn, end).await?;
        }
        if let Some(session) = change.session() {
            session::put(self.conn, session).await?;
        }
        for write in change.entries() {
            self.entry(write).await?;
        }
        for event in change.events() {
            self.append(event)?;
        }
        Ok(())
    }

    async fn lockout(&mut self) -> Result<Option<LockoutPolicy>, StoreError> {
        let shop = shop::read(self.conn).await?;
        Ok(shop.map(|shop| shop.policy.lockout()))
    }

    async fn shop(&mut self, write: &Write<Shop>) -> Result<(), CommitError> {
        let before = self.lockout().await?;
        shop::write(self.conn, write).await?;
        let now = write.value().policy.lockout();
        if before.is_some_and(|before| before != now) {
            credential::summarise_all(self.conn, self.keys.seal(), &now).await?;
        }
        Ok(())
    }

    async fn credential(&mut self, write: &Write<Credential>) -> Result<(), CommitError> {
        let policy = self.lockout().await?.unwrap_or_default();
        credential::write(self.conn, self.keys.seal(), self.rng, write, &policy).await
    }

    async fn entry(&mut self, write: &EntryWrite) -> Result<(), CommitError> {
        entry::write(self.conn, self.keys.seal(), self.rng, write).await
    }

    fn append(&mut self, event: &'a AuditEvent) -> Result<(), StoreError> {
        let mut salt = [0; 32];
        rand::Rng::fill_bytes(self.rng, &mut salt);
        let row = link(self.head, self.keys.audit(), salt, event)
            .ok_or_else(|| broken(Code::Broken, "the audit trail is full"))?;
        self.head = row.head();
        self.rows.push((row, event));
        Ok(())
    }
}

/// Whether it only tells the trail something: then there is nothing to undo.
fn touches_no_table(work: &Work) -> bool {
    let only_events = |change: &Change| {
        change.required().is_none()
            && change.shop().is_none()
            && change.account().is_none()
            && change.credential().is_none()
            && change.purged().is_none()
            && change.ended_sessions().is_none()
            && change.session().is_none()
            && change.entries().is_empty()
    };
    match work {
        Work::Commit(changes) => changes.iter().all(only_events),
        Work::Reserve(_) | Work::Touch(..) | Work::Keep(_) => false,
    }
}
