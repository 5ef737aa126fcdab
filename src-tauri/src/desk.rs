//! What of the person's desk the commands reach: the clipboard, and the dialogs that ask for a
//! file. The page reaches neither.

use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use keyholder_app::Sheet;
use keyholder_app::ipc::{Answer, Copied};
use keyholder_core::error::Code;
use tauri::{AppHandle, Runtime};
use tauri_plugin_clipboard_manager::ClipboardExt as _;
use tauri_plugin_dialog::DialogExt as _;
use tokio::sync::oneshot;

/// How long a secret may lie in the clipboard.
const CLEARED_IN_SECS: u32 = 30;

/// The clipboard, and the dialogs that ask for a file.
#[async_trait]
pub(crate) trait Desk: Send + Sync {
    /// Copies the secret so that no history of the clipboard keeps it, and takes it back after half a
    /// minute unless something else was copied in the meantime.
    fn copy(&self, sheet: Sheet) -> Answer<Copied>;

    /// Asks where to save a file; none if the person turns away.
    async fn choose(&self, file_name: &str) -> Option<PathBuf>;

    /// Asks which store to open; none if the person turns away.
    async fn choose_store(&self) -> Option<PathBuf>;
}

#[async_trait]
impl<R: Runtime> Desk for AppHandle<R> {
    fn copy(&self, sheet: Sheet) -> Answer<Copied> {
        self.clipboard()
            .write_secret(sheet.secret.as_str())
            .map_err(|error| {
                tracing::error!("the clipboard takes nothing: {error}");
                Code::Broken
            })?;
        let app = self.clone();
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(Duration::from_secs(CLEARED_IN_SECS.into())).await;
            let cleared = tauri::async_runtime::spawn_blocking(move || clear(&app, &sheet)).await;
            if let Err(error) = cleared {
                tracing::warn!("the clipboard was not cleared: {error}");
            }
        });
        Ok(Copied {
            cleared_in_secs: CLEARED_IN_SECS,
        })
    }

    async fn choose(&self, file_name: &str) -> Option<PathBuf> {
        let (chosen, choice) = oneshot::channel();
        self.dialog()
            .file()
            .set_file_name(file_name)
            .save_file(move |path| {
                // Nobody listens any more if the window has gone.
                let _ = chosen.send(path);
            });
        choice.await.ok().flatten()?.into_path().ok()
    }

    async fn choose_store(&self) -> Option<PathBuf> {
        let (chosen, choice) = oneshot::channel();
        self.dialog()
            .file()
            .add_filter("Keyholder", &["keyholder"])
            .pick_file(move |path| {
                let _ = chosen.send(path);
            });
        choice.await.ok().flatten()?.into_path().ok()
    }
}

/// Never on the main thread: reading what this program wrote would wait for itself.
fn clear<R: Runtime>(app: &AppHandle<R>, sheet: &Sheet) {
    let unchanged = app
        .clipboard()
        .read_text()
        .is_ok_and(|text| zeroize::Zeroizing::new(text) == sheet.secret);
    if unchanged && let Err(error) = app.clipboard().clear() {
        tracing::warn!("the clipboard was not cleared: {error}");
    }
}
