//! What a person does with the window.

use serde_json::json;
use thirtyfour::{Key, TypingData};

use super::Window;
use crate::story::Told;

impl Window {
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

    /// Puts a text into the page as markup, as a careless view would.
    ///
    /// # Errors
    /// The window is gone.
    pub async fn plant(&self, text: &str) -> Told {
        let careless = "document.body.insertAdjacentHTML('beforeend', arguments[0])";
        self.driver.execute(careless, vec![json!(text)]).await?;
        Ok(())
    }

    /// Makes the window this large, in pixels.
    ///
    /// # Errors
    /// The window is gone.
    pub async fn resize(&self, width: u32, height: u32) -> Told {
        Ok(self.driver.set_window_rect(0, 0, width, height).await?)
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
}
