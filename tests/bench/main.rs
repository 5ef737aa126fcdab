//! The figures of the store and of signing in: `cargo xtask bench` builds this optimised, runs it with
//! the folder to keep its stores in, and reads one figure in JSON from each line of standard output.
//! `bare-hashes NUMBER` says how many password hashes in a second so many cores make.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "its output is what it is for"
)]

mod accounts;
mod figure;
mod ingest;
mod sign_in;
mod stores;
mod trail;

use std::error::Error;
use std::path::PathBuf;

use crate::figure::Figure;
use crate::stores::Shelf;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result {
    if std::env::args().nth(1).as_deref() == Some("bare-hashes") {
        let permits = std::env::args().nth(2).ok_or("how many at once")?.parse()?;
        println!("{:.2}", sign_in::bare(permits).await?);
        return Ok(());
    }
    let folder = std::env::args_os().nth(1).ok_or("the folder to keep stores in")?;
    let shelf = Shelf::at(PathBuf::from(folder));

    say(&sign_in::cost(&shelf).await?);

    let accounts = shelf.accounts().await?;
    say(&accounts::orders(&accounts).await?);
    say(&accounts::filters(&accounts).await?);
    accounts::searches(&accounts).await?.iter().for_each(say);
    accounts.close().await?;

    let trail = shelf.trail().await?;
    trail::filters(&trail).await?.iter().for_each(say);
    trail.close().await?;
    say(&trail::throughput(&shelf).await?);
    ingest::rates(&shelf).await?.iter().for_each(say);
    Ok(())
}

fn say(figure: &Figure) {
    println!("{}", figure.json());
}
