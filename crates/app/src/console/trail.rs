//! The audit trail, and breaches.

use keyholder_core::audit::RecordedEvent;
use keyholder_core::audit::chain::Verdict;
use keyholder_core::breach::BreachAnswer;
use keyholder_core::query::{EventQuery, Page};

use super::Console;
use crate::ipc::{Answer, Secret};

impl Console {
    /// A page of the audit trail.
    pub async fn events(&self, query: &EventQuery) -> Answer<Page<RecordedEvent>> {
        Ok(self.inside()?.events(query).await?)
    }

    /// Checks the chain of the trail.
    pub async fn verify_trail(&self) -> Answer<Verdict> {
        Ok(self.inside()?.verify_trail().await?)
    }

    /// Checks a password against known breaches.
    pub async fn check_breach(&self, password: Secret) -> Answer<BreachAnswer> {
        Ok(self.inside()?.check_breach(&password.into_password()?).await?)
    }
}
