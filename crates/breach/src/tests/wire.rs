//! What leaves the machine, read from a bare socket.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use keyholder_core::breach::{BreachAnswer, BreachCheck as _, NotCheckedReason};
use keyholder_core::clock::SystemClock;
use keyholder_core::password::Password;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use crate::{RangeClient, RangeSettings};

#[tokio::test]
async fn p48_five_characters_leave_the_machine_and_nothing_else() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let settings = RangeSettings::default()
        .with_base_url(&format!("http://{}", listener.local_addr()?))
        .map_err(io::Error::other)?;
    let client = RangeClient::new(
        settings.with_deadline(Duration::from_millis(300)),
        Arc::new(SystemClock),
    );
    let wiretap = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await?;
        let mut heard = Vec::new();
        connection.read_to_end(&mut heard).await?;
        io::Result::Ok(heard)
    });

    let password = Password::new("password".to_owned()).map_err(io::Error::other)?;
    let answer = client.check(&password).await;
    drop(client);

    assert_eq!(
        answer,
        BreachAnswer::NotChecked {
            why: NotCheckedReason::TimedOut
        },
        "the wiretap never answers"
    );
    let heard = String::from_utf8(wiretap.await??).map_err(io::Error::other)?;
    let mut lines: Vec<&str> = heard
        .split("\r\n")
        .filter(|line| !line.starts_with("host: "))
        .collect();
    lines[1..].sort_unstable();
    assert_eq!(
        lines,
        [
            "GET /range/5BAA6 HTTP/1.1",
            "",
            "",
            "accept: */*",
            "add-padding: true",
            concat!("user-agent: Keyholder/", env!("CARGO_PKG_VERSION")),
        ],
        "five characters, padding asked for, the program's name, no cookie, no body"
    );
    let heard = heard.to_ascii_uppercase();
    assert!(
        !heard.contains("1E4C9B93F3F0682250B6CF8331B7EE68FD8"),
        "the rest of the hash stays here"
    );
    assert!(!heard.contains("PASSWORD"), "the password stays here");
    Ok(())
}
