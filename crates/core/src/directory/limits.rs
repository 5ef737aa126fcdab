//! What a service asks about whoever has not said who they are.

use async_trait::async_trait;

use crate::audit::Source;
use crate::error::Result;
use crate::limit::Allowance;

/// Limits by address, kept in the store: the same for every node and after every restart.
#[async_trait]
pub trait Limits: Send + Sync {
    /// A request of somebody who has no session and no token: takes one of their address. None for whoever
    /// sits at this machine.
    ///
    /// # Errors
    /// [`Refusal::LimitReached`](crate::error::Refusal::LimitReached): there is none left.
    async fn visit(&self, source: &Source) -> Result<Option<Allowance>>;
}
