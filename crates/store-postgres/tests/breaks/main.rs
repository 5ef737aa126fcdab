//! Stories of what breaks: a node is killed, the server crashes, connections end in the middle.
#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "stories fail by panicking")]

mod cut;
mod killed;
mod restarted;

use keyholder_core::audit::chain::Verdict;
use keyholder_core::store::Store;

/// How long a stress is: whole under `cargo xtask trust`, short in every test run.
fn rounds(short: u32, whole: u32) -> u32 {
    if std::env::var_os("KEYHOLDER_TRUST").is_some_and(|value| value == "full") {
        whole
    } else {
        short
    }
}

/// How many events there are, in a trail that must be whole.
async fn events(store: &dyn Store) -> u32 {
    match store.verify_trail().await.unwrap() {
        Verdict::Whole { rows, .. } => rows,
        broken @ Verdict::Broken { .. } => panic!("nobody touched the trail: {broken:?}"),
    }
}
