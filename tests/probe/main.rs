//! A console over a real store, as a process of its own: for the stories that kill it.
//!
//! `directory-probe STORE ACT E-MAIL [FORGETS]` does one act and says what it asks of the store and
//! what it has of it; then it says "done" and lives until its input ends, the store still open.
//!
//! | Act | What it does |
//! | --- | --- |
//! | `mistype` | gives a wrong password and says "answered CODE" |
//! | `bind` | signs in and sets up a second factor; says "confirmed" and each "code CODE" |
//!
//! The mutants: its store forgets `reservations` or `recovery-codes`.
#![expect(clippy::print_stdout, reason = "what it says is what the stories read")]

mod telling;

use std::io::BufRead as _;
use std::path::Path;
use std::sync::Arc;

use keyholder_core::clock::FixedClock;
use keyholder_core::directory::{Authentication as _, StoredAuthentication};
use keyholder_core::second_factor::totp::step_at;
use keyholder_core::store::Store;
use keyholder_core::testing::directory_contract::{GOOD, WRONG, here, monday, password};
use keyholder_core::testing::forgetful::{ForgetfulStore, Forgets};
use keyholder_store_sqlite::SqliteStore;
use keyholder_tests::story::Told;
use keyholder_tests::{console, keys};
use telling::TellingStore;

#[tokio::main]
async fn main() -> Told {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [store, act, who, mutant @ ..] = arguments.as_slice() else {
        return Err("usage: directory-probe STORE ACT E-MAIL [FORGETS]".into());
    };
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(Path::new(store), &keys()).await?);
    let store: Arc<dyn Store> = match mutant.first().map(String::as_str) {
        None => store,
        Some("reservations") => Arc::new(ForgetfulStore::new(store, Forgets::Reservations)),
        Some("recovery-codes") => Arc::new(ForgetfulStore::new(store, Forgets::RecoveryCodes)),
        Some(other) => return Err(format!("nothing forgets {other}").into()),
    };
    // The same moment whatever the round, so that no wait passes by itself.
    let console = console::over(Arc::new(TellingStore(store)), &FixedClock::at(monday()))?;
    match act.as_str() {
        "mistype" => mistype(&console, who).await,
        "bind" => bind(&console, who).await?,
        other => return Err(format!("nobody does {other}").into()),
    }
    println!("done");
    std::io::stdin().lock().read_line(&mut String::new())?;
    Ok(())
}

async fn mistype(console: &StoredAuthentication, who: &str) {
    let answer = console.sign_in(who, &password(WRONG), here()).await;
    println!(
        "answered {}",
        answer.map_or_else(|error| error.code().to_string(), |_| "signed in".to_owned())
    );
}

async fn bind(console: &StoredAuthentication, who: &str) -> Told {
    let signed_in = console.sign_in(who, &password(GOOD), here()).await?;
    let inside = console.directory(&signed_in.token);
    let begun = inside.begin_second_factor().await?;
    let code = begun.secret.code_at(step_at(monday()));
    let sheet = inside.confirm_second_factor(code.digits()).await?;
    println!("confirmed");
    for code in sheet {
        println!("code {}", *code.printed());
    }
    Ok(())
}
