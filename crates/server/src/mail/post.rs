//! Takes letters out of the outbox of the store and sends them.
//!
//! Whoever takes a letter leases it first, so that of several nodes one sends it. A node that dies over it
//! leaves it leased: it is sent again then, perhaps a second time, with the same Message-ID.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use keyholder_core::account::{Email, Name};
use keyholder_core::clock::SharedClock;
use keyholder_core::entry::{Entry, EntryKind, EntryWrite};
use keyholder_core::error::StoreError;
use keyholder_core::letter::{NotSent, Sent, Waiting, Why, not_sent};
use keyholder_core::store::{CommitError, Store};

use super::answer::Answer;
use super::letterhead::Letterhead;
use super::message::{Addressed, Written};
use super::smtp::{Smtp, WHOLE};
use crate::pages::Colour;
use crate::settings::PublicUrl;

/// How often the outbox is looked into.
const LOOK: Duration = Duration::from_secs(5);
/// Letters taken at a look.
const BATCH: u32 = 20;
/// What is added to the longest time that sending takes, for clocks of nodes that differ.
const SPARE: SignedDuration = SignedDuration::from_mins(1);

/// Sends what lies in the outbox of one store.
pub struct Post {
    /// Where the outbox is.
    pub store: Arc<dyn Store>,
    /// When letters are due.
    pub clock: SharedClock,
    /// The way to the mail server.
    pub smtp: Smtp,
    /// Whom letters come from.
    pub from: Email,
    /// The colour of the shop.
    pub accent: Colour,
    /// How people reach the service.
    pub public_url: PublicUrl,
}

impl Post {
    /// Sends whatever is due, for as long as it is polled.
    pub async fn run(self) {
        let mut looks = tokio::time::interval(LOOK);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            if let Err(error) = self.round().await {
                tracing::warn!(%error, "the outbox cannot be read");
            }
        }
    }

    /// Sends what is due now.
    ///
    /// # Errors
    /// The store does not answer. What was taken until then was settled, or is tried again.
    pub async fn round(&self) -> Result<(), StoreError> {
        let due = self
            .store
            .entries(EntryKind::Letter, self.clock.now(), BATCH)
            .await?;
        if due.is_empty() {
            return Ok(());
        }
        let shop = self.store.shop().await?.map(|shop| shop.name).unwrap_or_default();
        let head = self.letterhead(shop);
        for entry in due {
            match self.deal_with(&entry, &head).await {
                // Another node has it, or the account it was about has gone.
                Ok(()) | Err(CommitError::Conflict) => {}
                Err(CommitError::Broken(error)) => return Err(error),
                Err(other) => tracing::error!(error = %other, "a letter could not be settled"),
            }
        }
        Ok(())
    }

    fn letterhead(&self, shop: Name) -> Letterhead {
        Letterhead {
            shop,
            accent: self.accent,
            public_url: self.public_url.clone(),
        }
    }

    async fn deal_with(&self, entry: &Entry, head: &Letterhead) -> Result<(), CommitError> {
        let now = self.clock.now();
        let Ok(waiting) = entry.read::<Waiting>() else {
            return self
                .give_up(entry, None, Why::Undeliverable("it cannot be read"))
                .await;
        };
        if waiting.end() <= now {
            let late = Why::Undeliverable("it would come too late");
            return self.give_up(entry, Some(&waiting), late).await;
        }
        let Some(mut writes) = self.counted(&waiting, now).await? else {
            return self.give_up(entry, Some(&waiting), Why::TooMany).await;
        };
        let waiting = waiting.tried();
        let leased = entry.next(after(now, lease()), &waiting)?;
        writes.push(EntryWrite::Put(leased.clone()));
        self.store.keep(writes).await?;
        let answer = self.send(&waiting, head).await;
        self.settle(&leased, &waiting, answer).await
    }

    /// What notes that somebody gets one more letter of its kind; none where that would be one too many. A
    /// letter is counted once, however often it is tried.
    async fn counted(
        &self,
        waiting: &Waiting,
        now: Timestamp,
    ) -> Result<Option<Vec<EntryWrite>>, CommitError> {
        if waiting.tries > 0 {
            return Ok(Some(Vec::new()));
        }
        let before = self.store.entry(EntryKind::Limit, waiting.limit()).await?;
        let sent = before.as_ref().and_then(|before| before.read::<Sent>().ok());
        let Some(sent) = sent.unwrap_or_default().and(now) else {
            return Ok(None);
        };
        let next = match before {
            Some(before) => before.next(now, &sent)?,
            None => Entry::new(EntryKind::Limit, waiting.limit(), now, &sent)?,
        };
        Ok(Some(vec![EntryWrite::Put(next.until(Sent::forgotten(now)))]))
    }

    async fn send(&self, waiting: &Waiting, head: &Letterhead) -> Answer {
        let addressed = Addressed {
            to: &waiting.to,
            from: &self.from,
            id: waiting.id,
            at: waiting.at,
        };
        match Written::new(&waiting.letter, head, addressed) {
            Ok(written) => self.smtp.send(&written).await,
            Err(error) => Answer::Never(error.to_string()),
        }
    }

    async fn settle(&self, leased: &Entry, waiting: &Waiting, answer: Answer) -> Result<(), CommitError> {
        let (id, letter) = (waiting.id, waiting.letter.kind().as_str());
        match answer {
            Answer::Taken => {
                tracing::info!(%id, letter, "a letter was sent");
                self.store.keep(vec![EntryWrite::take(leased)]).await
            }
            Answer::Later(why) => match waiting.again(self.clock.now()) {
                Some(again) => {
                    tracing::warn!(%id, letter, %why, %again, "a letter waits");
                    let waits = leased.next(again, waiting)?;
                    self.store.keep(vec![EntryWrite::Put(waits)]).await
                }
                None => {
                    self.give_up(leased, Some(waiting), Why::Undeliverable(&why))
                        .await
                }
            },
            Answer::Never(why) => {
                self.give_up(leased, Some(waiting), Why::Undeliverable(&why))
                    .await
            }
        }
    }

    async fn give_up(
        &self,
        entry: &Entry,
        waiting: Option<&Waiting>,
        why: Why<'_>,
    ) -> Result<(), CommitError> {
        let kind = waiting.map_or("unknown", |waiting| waiting.letter.kind().as_str());
        tracing::warn!(id = ?waiting.map(|waiting| waiting.id), letter = kind, ?why, "a letter is not sent");
        let letter = NotSent {
            entry,
            kind,
            to: waiting.map(|waiting| &waiting.to),
            why,
        };
        self.store.commit(vec![not_sent(letter, self.clock.now())]).await
    }
}

/// How long a letter is nobody else's: longer than sending it takes.
fn lease() -> SignedDuration {
    SignedDuration::try_from(WHOLE).map_or(SPARE, |whole| whole.saturating_add(SPARE))
}

fn after(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.saturating_add(by).unwrap_or(Timestamp::MAX)
}
