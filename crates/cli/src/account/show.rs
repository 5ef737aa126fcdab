//! `keyholder account show`

use std::io;

use keyholder_core::directory::{AccountPage, SecondFactorInfo};

use super::words;
use crate::arguments::{Options, Subject};
use crate::failure::Failure;
use crate::operator::{find, signed_in};
use crate::output::Output;
use crate::site::Site;
use crate::table::Table;
use crate::text::{time, time_or};

pub(super) async fn run(
    subject: &Subject,
    site: &Site,
    options: &Options,
    out: &mut Output,
) -> Result<(), Failure> {
    let page = signed_in(site, options, async |_, directory| {
        let account = find(directory, subject).await?;
        Ok(directory.account(account.id).await?)
    })
    .await?
    .ok_or_else(|| Failure::not_found(subject))?;
    Ok(out.answer(&page, |out| draw(&page, out))?)
}

fn draw(page: &AccountPage, out: &mut Output) -> io::Result<()> {
    out.line(&words::person(&page.account))?;
    out.table(&facts(page))?;
    out.line("")?;
    out.line("The way in")?;
    let mut gates = Table::new(&[]);
    for gate in &page.gates {
        let mark = if gate.open { "  open" } else { "  SHUT" };
        gates.row([mark.to_owned(), words::gate(gate, &page.account)]);
    }
    out.table(&gates)?;
    out.line("")?;
    if page.sessions.is_empty() {
        return out.line("No open sessions");
    }
    let mut sessions = Table::new(&["Session from", "Opened", "Last seen", "Ends"]);
    for session in &page.sessions {
        let here = if session.current { " (this one)" } else { "" };
        sessions.row([
            format!("{}{here}", session.source.address.as_deref().unwrap_or("unknown")),
            time(session.created_at),
            time(session.seen_at),
            time(session.expires_at),
        ]);
    }
    out.table(&sessions)
}

fn facts(page: &AccountPage) -> Table {
    let mut table = Table::new(&[]);
    let mut row = |name: &str, value: String| table.row([name.to_owned(), value]);
    row("Id", page.account.id.to_string());
    row("Role", page.account.role.as_str().to_owned());
    row("Standing", words::standing(page.standing).to_owned());
    row("Made", time(page.account.created_at));
    row("Last sign-in", time_or(page.last_sign_in_at, "never"));
    row(
        "Password",
        match &page.password {
            None => "none yet".to_owned(),
            Some(password) => {
                let breached = match password.breached {
                    Some(times) => format!(", found in {times} breaches"),
                    None => String::new(),
                };
                format!("{}, chosen {}{breached}", password.scheme, time(password.set_at))
            }
        },
    );
    row("Second factor", second_factor(&page.second_factor));
    if let Some(until) = page.enrolment_until {
        row(
            "Enrolment code",
            format!("handed out, good until {}", time(until)),
        );
    }
    table
}

fn second_factor(info: &SecondFactorInfo) -> String {
    match (info.since, info.put_off_until) {
        (Some(since), _) => format!(
            "since {}, {} recovery codes left",
            time(since),
            info.recovery_codes_left
        ),
        (None, Some(until)) => format!("none, put off until {}", time(until)),
        (None, None) => "none".to_owned(),
    }
}
