//! The real window, and what a person does with it. Whatever is asked for is waited for; what does
//! not come is told with the words on the screen and a picture.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
pub use thirtyfour::Key;
use thirtyfour::{Capabilities, TypingData, WebDriver, WebElement};

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
    _programs: Running,
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
            _programs: programs,
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

    /// Waits for the screen of this name.
    ///
    /// # Errors
    /// It does not come, or the page did what its policy forbids.
    pub async fn screen(&self, name: &str) -> Told {
        self.wait_for(&format!("the screen {name:?}"), async || {
            let screens = self.page("screens", "").await?;
            Ok(screens
                .as_array()
                .is_some_and(|screens| screens.iter().any(|one| one == name))
                .then_some(()))
        })
        .await?;
        let forbidden = self.page("violations", "").await?;
        if forbidden == json!([]) {
            Ok(())
        } else {
            Err(format!("the page did what its policy forbids: {forbidden}").into())
        }
    }

    /// Writes into the field of this name, in place of what stands there.
    ///
    /// # Errors
    /// There is no such field.
    pub async fn fill(&self, field: &str, text: &str) -> Told {
        self.act("field", field, async |element| {
            element.focus().await?;
            if element
                .prop("value")
                .await?
                .is_some_and(|value| !value.is_empty())
            {
                element.send_keys(Key::Control + "a").await?;
            }
            element.send_keys(text).await
        })
        .await
    }

    /// Presses what has this name: a button, an entry of a menu, a box to tick, a row.
    ///
    /// # Errors
    /// There is nothing to press by that name.
    pub async fn press(&self, name: &str) -> Told {
        self.act("press", name, async |element| element.click().await)
            .await
    }

    /// Opens the choice of this name and takes one of its options.
    ///
    /// # Errors
    /// There is no such choice or option.
    pub async fn choose(&self, choice: &str, option: &str) -> Told {
        self.act("choice", choice, async |element| element.click().await)
            .await?;
        self.press(option).await
    }

    /// Types keys to whatever has the focus.
    ///
    /// # Errors
    /// The window is gone.
    pub async fn type_keys(&self, keys: impl Into<TypingData>) -> Told {
        Ok(self.driver.action_chain().send_keys(keys).perform().await?)
    }

    /// Presses a key while Control is held.
    ///
    /// # Errors
    /// The window is gone.
    pub async fn with_control(&self, key: char) -> Told {
        let chain = self.driver.action_chain().key_down(Key::Control);
        Ok(chain
            .send_keys(key.to_string())
            .key_up(Key::Control)
            .perform()
            .await?)
    }

    /// Waits until this can be read on the screen.
    ///
    /// # Errors
    /// It does not come.
    pub async fn see(&self, words: &str) -> Told {
        self.wait_for(&format!("the words {words:?}"), async || {
            Ok(self.reads(words).await?.then_some(()))
        })
        .await
    }

    /// Waits until this can no longer be read on the screen.
    ///
    /// # Errors
    /// It stays.
    pub async fn see_no_more(&self, words: &str) -> Told {
        let gone = async || Ok((!self.reads(words).await?).then_some(()));
        self.wait_for(&format!("the words {words:?} to go"), gone).await
    }

    /// Whether this can be read at this moment.
    ///
    /// # Errors
    /// The window is gone.
    pub async fn reads(&self, words: &str) -> Told<bool> {
        Ok(self.text().await?.contains(words))
    }

    /// Everything that can be read, each run of spaces as one.
    ///
    /// # Errors
    /// The window is gone.
    pub async fn text(&self) -> Told<String> {
        Ok(self
            .page("text", "")
            .await?
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    /// The document as it stands, with every field's value: what a look behind the screen would find.
    ///
    /// # Errors
    /// The window is gone.
    pub async fn document(&self) -> Told<String> {
        Ok(self
            .page("document", "")
            .await?
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    /// The texts of the items of the list of this name, once there are any.
    ///
    /// # Errors
    /// There is no such list.
    pub async fn list(&self, name: &str) -> Told<Vec<String>> {
        self.wait_for(&format!("the list {name:?}"), async || {
            let items: Vec<String> = serde_json::from_value(self.page("list", name).await?)?;
            Ok((!items.is_empty()).then_some(items))
        })
        .await
    }

    /// The text that stands beside the label of this name.
    ///
    /// # Errors
    /// There is no such label.
    pub async fn beside(&self, label: &str) -> Told<String> {
        self.wait_for(&format!("a text beside {label:?}"), async || {
            let text = self.page("beside", label).await?;
            Ok(text.as_str().filter(|text| !text.is_empty()).map(str::to_owned))
        })
        .await
    }

    /// Why the button of this name cannot be pressed, as a screen reader says it.
    ///
    /// # Errors
    /// There is no such button, or it can be pressed.
    pub async fn why_not(&self, button: &str) -> Told<String> {
        self.wait_for(&format!("a reason not to press {button:?}"), async || {
            let why = self.page("why not", button).await?;
            Ok(why.as_str().filter(|why| !why.is_empty()).map(str::to_owned))
        })
        .await
    }

    /// Whether the window takes dark colours.
    ///
    /// # Errors
    /// The window is gone.
    pub async fn is_dark(&self) -> Told<bool> {
        Ok(self.page("dark", "").await? == json!(true))
    }

    /// How many elements of the page were made of a text that wanted to be more than text: it must
    /// have brought the attribute `data-planted`.
    ///
    /// # Errors
    /// The window is gone.
    pub async fn planted(&self) -> Told<u64> {
        self.page("planted", "")
            .await?
            .as_u64()
            .ok_or_else(|| "no number".into())
    }

    /// Puts a text into the page as markup, as a careless view would.
    ///
    /// # Errors
    /// The window is gone.
    pub async fn plant(&self, text: &str) -> Told {
        let careless = "document.body.insertAdjacentHTML('beforeend', arguments[0])";
        self.driver.execute(careless, vec![json!(text)]).await?;
        Ok(())
    }

    /// The first row of the table on the screen that holds all these words.
    ///
    /// # Errors
    /// There is none.
    pub async fn row(&self, words: &[&str]) -> Told<String> {
        self.wait_for(&format!("a row with {words:?}"), async || {
            Ok(self.rows(words).await?.into_iter().next())
        })
        .await
    }

    /// The rows of the table that hold all these words at this moment.
    ///
    /// # Errors
    /// The window is gone.
    pub async fn rows(&self, words: &[&str]) -> Told<Vec<String>> {
        let rows: Vec<String> = serde_json::from_value(self.page("rows", "").await?)?;
        Ok(rows
            .into_iter()
            .filter(|row| words.iter().all(|word| row.contains(word)))
            .collect())
    }

    /// The name of what has the focus.
    ///
    /// # Errors
    /// The window is gone.
    pub async fn focus(&self) -> Told<String> {
        Ok(self
            .page("focus", "")
            .await?
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    /// Goes on with Tab until what has this name has the focus.
    ///
    /// # Errors
    /// Tab does not lead there.
    pub async fn tab_to(&self, name: &str) -> Told {
        for _ in 0..60 {
            if self.focus().await? == name {
                return Ok(());
            }
            self.type_keys(Key::Tab).await?;
        }
        Err(self.complaint(&format!("Tab to lead to {name:?}")).await)
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
