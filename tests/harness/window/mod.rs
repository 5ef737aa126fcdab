//! The real window, and what a person does with it. Whatever is asked for is waited for; what does
//! not come is told with the words on the screen and a picture.

mod eyes;
mod hands;

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
pub use thirtyfour::Key;
use thirtyfour::{Capabilities, WebDriver, WebElement};

use crate::programs::{Running, answer, built, target};
use crate::story::{PATIENCE, Told, within};

/// What a person perceives of the page.
const PAGE: &str = include_str!("page.js");

/// How long the window may take to open, on a machine that compiles at the same time.
const START: Duration = Duration::from_mins(1);

/// Keyholder's window. Dropping it kills the program, as a crash would.
#[derive(Debug)]
pub struct Window {
    story: &'static str,
    display: String,
    driver: WebDriver,
    programs: Running,
}

impl Window {
    /// Starts the program under a driver of its own.
    pub(crate) async fn open(
        story: &'static str,
        display: &str,
        arguments: &[&str],
        driver: impl Fn() -> Told<Command>,
    ) -> Told<Self> {
        let program = built("KEYHOLDER_DESKTOP_BIN", "keyholder-desktop")?;
        // No browserName: the driver would look for a browser of that name.
        let mut wanted = Capabilities::new();
        wanted.set(
            "webkitgtk:browserOptions",
            json!({ "binary": program, "args": arguments }),
        )?;
        let mut programs: Option<(Running, u16)> = None;
        let mut why = String::new();
        let opened = within(START, async || {
            let (mut driving, port) = match programs.take() {
                Some(running) => running,
                None => start(&driver)?,
            };
            // Another program may have taken the port in between: then the next try takes another.
            if driving.head().try_wait()?.is_some() {
                return Ok(None);
            }
            let session = WebDriver::builder(format!("http://127.0.0.1:{port}"), wanted.clone());
            match session.request_timeout(PATIENCE).await {
                Ok(driver) => Ok(Some((driver, driving))),
                Err(error) => {
                    why = error.to_string();
                    programs = Some((driving, port));
                    Ok(None)
                }
            }
        });
        let (driver, programs) = opened.await?.ok_or_else(|| format!("no window opens: {why}"))?;
        // Nobody is asked to end the session: its programs are killed, and the driver would not answer.
        driver.clone().leak()?;
        let window = Self {
            story,
            display: display.to_owned(),
            driver,
            programs,
        };
        window
            .wait_for("a first screen", async || {
                let screens = window.page("screens", "").await?;
                Ok(screens
                    .as_array()
                    .is_some_and(|screens| !screens.is_empty())
                    .then_some(()))
            })
            .await?;
        Ok(window)
    }

    /// Every process of the window.
    pub fn family(&self) -> Vec<u32> {
        self.programs.family()
    }

    /// Keeps a picture of the display under the story's name, once nothing moves in the window.
    ///
    /// The display is asked and not the driver: it shows what a person sees, and always answers.
    ///
    /// # Errors
    /// `import` is missing.
    pub async fn picture(&self, step: &str) -> Told<PathBuf> {
        // A window that never comes to rest is worth a picture all the same.
        within(PATIENCE, async || {
            Ok((self.page("moves", "").await? == json!(false)).then_some(()))
        })
        .await?;
        let folder = target().join("screens");
        std::fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{}-{step}.png", self.story));
        let mut camera = Command::new("import");
        camera
            .env("DISPLAY", &self.display)
            .args(["-silent", "-window", "root"])
            .arg(&path);
        answer(&mut camera, "")?;
        Ok(path)
    }

    /// Finds what has this name and does something with it, again while it cannot be done yet.
    async fn act(
        &self,
        kind: &str,
        name: &str,
        act: impl AsyncFn(WebElement) -> Result<(), thirtyfour::error::WebDriverError>,
    ) -> Told {
        let mut why = "it is not there".to_owned();
        let acted = within(PATIENCE, async || {
            let found = self.driver.execute(PAGE, vec![json!(kind), json!(name)]).await?;
            if found.json().is_null() {
                return Ok(None);
            }
            match act(found.element()?).await {
                Ok(()) => Ok(Some(())),
                Err(error) => {
                    why = error.to_string();
                    Ok(None)
                }
            }
        });
        match acted.await? {
            Some(()) => Ok(()),
            None => Err(self.complaint(&format!("the {kind} {name:?} ({why})")).await),
        }
    }

    async fn wait_for<T>(&self, what: &str, ask: impl AsyncFnMut() -> Told<Option<T>>) -> Told<T> {
        match within(PATIENCE, ask).await? {
            Some(answer) => Ok(answer),
            None => Err(self.complaint(what).await),
        }
    }

    /// What was waited for, and what is there in its place.
    async fn complaint(&self, what: &str) -> Box<dyn std::error::Error + Send + Sync> {
        let picture = match self.picture("failed").await {
            Ok(path) => path.display().to_string(),
            Err(error) => error.to_string(),
        };
        let text = self.text().await.unwrap_or_default();
        format!("waited in vain for {what}; picture: {picture}; the window says: {text}").into()
    }

    async fn page(&self, what: &str, name: &str) -> Told<Value> {
        let asked = vec![json!(what), json!(name)];
        Ok(self.driver.execute(PAGE, asked).await?.json().clone())
    }
}

/// Starts a driver on a port that was free a moment ago.
fn start(driver: impl Fn() -> Told<Command>) -> Told<(Running, u16)> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let mut command = driver()?;
    // As Tauri asks for: only then its web view lets itself be driven.
    command.env("TAURI_WEBVIEW_AUTOMATION", "true");
    Ok((
        Running::start(command.arg(format!("--port={port}")).arg("--host=127.0.0.1"))?,
        port,
    ))
}
