//! What every story needs: an outcome that says what went wrong, and patience that ends.

use std::error::Error;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

/// The outcome of a step of a story.
pub type Told<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// How long a person would wait for an answer before they call for help.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How often one looks while waiting.
const GLANCE: Duration = Duration::from_millis(40);

/// Asks again and again until there is an answer; none when `limit` has passed.
pub async fn within<T>(limit: Duration, mut ask: impl AsyncFnMut() -> Told<Option<T>>) -> Told<Option<T>> {
    let deadline = Instant::now() + limit;
    let mut glances = interval(GLANCE);
    glances.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        glances.tick().await;
        let answer = ask().await?;
        if answer.is_some() || Instant::now() >= deadline {
            return Ok(answer);
        }
    }
}
