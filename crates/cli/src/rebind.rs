//! After a recovery code: a new authenticator app is set up at the terminal, and nothing else before.

use std::io::{self, IsTerminal as _, Write as _};

use keyholder_core::directory::Directory;
use keyholder_core::error::Code;
use keyholder_core::second_factor::{RecoveryCode, TotpSecret};
use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};
use secrecy::{ExposeSecret as _, SecretString};

use crate::failure::Failure;
use crate::secret::Wanted;

/// How often the code of the new app is asked for.
const TRIES: usize = 3;
/// Black on white whatever the terminal's colours are: cameras read no other picture.
const BLACK_ON_WHITE: &str = "\x1b[30;107m";
const AS_BEFORE: &str = "\x1b[0m";

/// Refuses where nobody could see a new second factor, so that no recovery code is used up for nothing.
pub(crate) fn must_be_seen() -> Result<(), Failure> {
    if io::stderr().is_terminal() {
        return Ok(());
    }
    Err(Failure::usage(
        "a recovery code needs a terminal: the new second factor is shown on it",
        "Sign in with a code of the authenticator app, or type the command at a terminal.",
    )
    .saved("Nothing was changed; the recovery code is still good."))
}

/// Sets up a new second factor with whoever sits at the terminal.
pub(crate) async fn set_up_anew(directory: &dyn Directory) -> Result<(), Failure> {
    let left = directory.me().await?.recovery_codes_left;
    let used = format!("The recovery code is used up; {left} are left. The second factor is the old one.");
    match shown_and_confirmed(directory, left).await {
        Ok(codes) => Ok(show_codes(&codes)?),
        Err(failure) => Err(failure.saved(used)),
    }
}

async fn shown_and_confirmed(directory: &dyn Directory, left: u32) -> Result<Vec<RecoveryCode>, Failure> {
    let begun = directory.begin_second_factor().await?;
    show_secret(left, &begun.secret, &begun.uri)?;
    let wanted = Wanted {
        what: "code that the app shows",
        option: "--code-file",
        file: None,
    };
    let mut tries = 1..TRIES;
    loop {
        let confirmed = directory.confirm_second_factor(wanted.get()?.trim()).await;
        match confirmed.map_err(Failure::from) {
            Err(failure) if failure.code() == Some(Code::WrongCredentials) && tries.next().is_some() => {
                writeln!(io::stderr(), "That is not its code. Wait for the next one.")?;
            }
            other => return other,
        }
    }
}

fn show_secret(left: u32, secret: &TotpSecret, uri: &SecretString) -> Result<(), Failure> {
    let picture = QrCode::with_error_correction_level(uri.expose_secret().as_bytes(), EcLevel::M)
        .map_err(|error| Failure::of(Code::Broken, format!("the picture cannot be drawn: {error}")))?
        .render::<Dense1x2>()
        .quiet_zone(true)
        .build();
    let mut terminal = io::stderr().lock();
    writeln!(
        terminal,
        "\nThe recovery code was right and is used up; {left} are left. It opens the way to a new\n\
         authenticator app: take this picture with it, or type the key below.\n"
    )?;
    for line in picture.lines() {
        writeln!(terminal, "{BLACK_ON_WHITE}{line}{AS_BEFORE}")?;
    }
    Ok(writeln!(terminal, "\n    {}\n", *secret.groups())?)
}

fn show_codes(codes: &[RecoveryCode]) -> io::Result<()> {
    let mut terminal = io::stderr().lock();
    writeln!(
        terminal,
        "\nThe new second factor is set up. These are its {} recovery codes; the old ones are void. They\n\
         are shown this once: write them on paper, each opens the way once when the phone is gone.\n",
        codes.len()
    )?;
    for code in codes {
        writeln!(terminal, "    {}", *code.printed())?;
    }
    writeln!(terminal)
}
