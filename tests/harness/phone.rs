//! The phone in a person's hand: it reads the picture on the screen and shows codes.

use std::process::Command;
use std::time::Duration;

use keyholder_core::clock::{Clock as _, SystemClock};

use crate::programs::answer;
use crate::story::{PATIENCE, Told, within};
use crate::window::Window;

/// Seconds of a code (RFC 6238, 5.2).
const STEP: u64 = 30;

/// What must be left of a step for a person to type its code in time.
const TYPING: u64 = 6;

/// An authenticator app: `zbarimg` is its camera, `oathtool` its arithmetic.
#[derive(Debug)]
pub struct Phone {
    uri: String,
    /// The latest step whose code was given.
    given: u64,
}

impl Phone {
    /// Reads the picture that the window shows, holding still until it can be read.
    ///
    /// # Errors
    /// There is no QR code for an authenticator, or a program is missing.
    pub async fn scan(window: &Window) -> Told<Self> {
        let mut why = None;
        let uri = within(PATIENCE, async || {
            let mut camera = Command::new("zbarimg");
            camera
                .args(["--quiet", "--raw", "--nodbus"])
                .arg(window.picture("qr").await?);
            let read = answer(&mut camera, "");
            Ok(read.map_err(|error| why = Some(error)).ok())
        });
        let uri = uri
            .await?
            .ok_or_else(|| why.unwrap_or_else(|| "there is no picture".into()))?;
        if uri.lines().count() == 1 && uri.starts_with("otpauth://totp/") {
            Ok(Self { uri, given: 0 })
        } else {
            Err(format!("this is no picture for an authenticator: {uri}").into())
        }
    }

    /// What the picture says.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// The secret in base32.
    ///
    /// # Errors
    /// The picture has none.
    pub fn secret(&self) -> Told<&str> {
        let (_, query) = self.uri.split_once('?').ok_or("the URI has no parameters")?;
        query
            .split('&')
            .find_map(|parameter| parameter.strip_prefix("secret="))
            .ok_or_else(|| "the URI has no secret".into())
    }

    /// The code it shows now, waiting for one that was not given before.
    ///
    /// # Errors
    /// `oathtool` is missing.
    pub async fn code(&mut self) -> Told<String> {
        let given = self.given;
        let step = fresh(|now| now / STEP > given).await?;
        self.given = step;
        self.code_of(step)
    }

    /// The code it showed until a moment ago, as a slow typist gives it.
    ///
    /// # Errors
    /// `oathtool` is missing.
    pub async fn last_code(&mut self) -> Told<String> {
        self.given = fresh(|_| true).await? - 1;
        self.code_of(self.given)
    }

    /// The code given last, once more.
    ///
    /// # Errors
    /// `oathtool` is missing.
    pub fn same_code(&self) -> Told<String> {
        self.code_of(self.given)
    }

    /// Six digits that the phone does not show, nor has lately, nor will soon.
    ///
    /// # Errors
    /// `oathtool` is missing.
    pub fn wrong_code(&self) -> Told<String> {
        let step = now()? / STEP;
        let near = (step - 4..=step + 4)
            .map(|step| self.code_of(step))
            .collect::<Told<Vec<_>>>()?;
        (0..10)
            .map(|digit| digit.to_string().repeat(6))
            .find(|code| !near.contains(code))
            .ok_or_else(|| "every code is right".into())
    }

    fn code_of(&self, step: u64) -> Told<String> {
        let at = format!("--now=@{}", step * STEP);
        answer(
            Command::new("oathtool").args(["--totp", "--base32", &at, "-"]),
            self.secret()?,
        )
    }
}

/// The present step, as soon as it pleases and leaves time for typing.
async fn fresh(pleases: impl Fn(u64) -> bool) -> Told<u64> {
    let step = within(Duration::from_secs(2 * STEP), async || {
        let now = now()?;
        Ok((now % STEP < STEP - TYPING && pleases(now)).then_some(now / STEP))
    });
    step.await?.ok_or_else(|| "the clock stands still".into())
}

fn now() -> Told<u64> {
    Ok(u64::try_from(SystemClock.now().as_second())?)
}
