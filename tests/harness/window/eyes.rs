//! What a person sees of the window.

use serde_json::json;

use super::Window;
use crate::story::Told;

impl Window {
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
}
