//! The measure of promise P48: a breach check is private and honest.

use std::io;
use std::time::{Duration, Instant};

use keyholder_core::breach::{BreachAnswer, BreachCheck};
use keyholder_core::password::Password;

use super::behaviour::{Behaviour, Garbage, sha1};
use super::server::RangeServer;

/// The longest any check may take.
const LONGEST: Duration = Duration::from_millis(1_500);

/// In the corpus.
const BREACHED: &str = "correct horse battery staple";
/// Not in the corpus.
const UNKNOWN: &str = "seven quiet lamps over the counter";
/// Hit upon by a padding row.
const PADDING: &str = "the padding happens to spell this";

/// A part of the promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clause {
    /// A password in the corpus is breached, with its count.
    FindsBreached,
    /// A password outside the corpus is not found.
    SaysNotFound,
    /// A row with the count 0 is padding.
    IgnoresPadding,
    /// Whatever goes wrong, the answer is "not checked".
    SaysNotChecked,
    /// Every answer comes within 1.5 s.
    AnswersSoon,
    /// A request is a range query of five characters and holds nothing else of the password.
    SendsFiveCharacters,
    /// Every request asks for padding.
    AsksForPadding,
}

/// Puts `check`, which must ask `server`, through everything that can happen, and says which clauses
/// of the promise it broke. A check that keeps it breaks none.
///
/// # Errors
/// The measure itself could not be taken.
pub async fn broken_clauses(check: &dyn BreachCheck, server: &RangeServer) -> io::Result<Vec<Clause>> {
    let corpus = vec![(BREACHED.to_owned(), 4_711), (PADDING.to_owned(), 0)];
    let mut broken = Vec::new();

    server.behave(Behaviour::Honest(corpus.clone())).await?;
    if ask(check, BREACHED, &mut broken).await? != (BreachAnswer::Breached { times: 4_711 }) {
        broken.push(Clause::FindsBreached);
    }
    if !matches!(
        ask(check, UNKNOWN, &mut broken).await?,
        BreachAnswer::NotFound { .. }
    ) {
        broken.push(Clause::SaysNotFound);
    }
    if !matches!(
        ask(check, PADDING, &mut broken).await?,
        BreachAnswer::NotFound { .. }
    ) {
        broken.push(Clause::IgnoresPadding);
    }

    let failures = Garbage::ALL.map(Behaviour::Garbage).into_iter().chain([
        Behaviour::RefusesConnection,
        Behaviour::Slow(Duration::from_secs(10), corpus),
        Behaviour::Stalls,
        Behaviour::StallsMidway,
        Behaviour::HangsUp,
        Behaviour::WrongContentLength,
        Behaviour::Huge,
        Behaviour::ServerError,
        Behaviour::Redirects("/range/00000".to_owned()),
        // The last: from here on the check keeps away from the server.
        Behaviour::TooMany {
            retry_after: Some("60".to_owned()),
        },
    ]);
    for failure in failures {
        server.behave(failure).await?;
        for password in [BREACHED, UNKNOWN] {
            if !matches!(
                ask(check, password, &mut broken).await?,
                BreachAnswer::NotChecked { .. }
            ) {
                broken.push(Clause::SaysNotChecked);
            }
        }
    }

    for request in server.requests() {
        if request.header("add-padding") != Some("true") {
            broken.push(Clause::AsksForPadding);
        }
        let sent = request.raw().to_ascii_uppercase();
        let gives_away = [BREACHED, UNKNOWN, PADDING].iter().any(|password| {
            // The sixth character would already be one too many.
            sent.contains(&sha1(password)[..6])
                || sent.contains(&sha1(password)[5..])
                || sent.contains(&password.to_ascii_uppercase())
        });
        if gives_away || request.prefix().is_none() {
            broken.push(Clause::SendsFiveCharacters);
        }
    }
    broken.sort_unstable_by_key(|&clause| clause as u8);
    broken.dedup();
    Ok(broken)
}

async fn ask(check: &dyn BreachCheck, password: &str, broken: &mut Vec<Clause>) -> io::Result<BreachAnswer> {
    let password = Password::new(password.to_owned()).map_err(io::Error::other)?;
    let asked = Instant::now();
    let answer = check.check(&password).await;
    if asked.elapsed() > LONGEST {
        broken.push(Clause::AnswersSoon);
    }
    Ok(answer)
}
