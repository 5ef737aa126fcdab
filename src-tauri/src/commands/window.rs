//! What is on the screen this moment, and what the window is made of.

use keyholder_app::Console;
use keyholder_app::ipc::{About, Answer, Copied, Saved, ShownKind};
use serde::Deserialize;
use specta::Type;
use tauri::State;

use crate::desk::Desk;
use crate::environment;

/// Copies what is shown, out of the clipboard's history, and takes it back after half a minute.
#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_shown(
    console: State<'_, Console>,
    desk: State<'_, Box<dyn Desk>>,
    what: ShownKind,
) -> Answer<Copied> {
    desk.copy(console.sheet(what).await?)
}

/// Saves what is shown to a file that the person chooses; none if they choose none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_shown(
    console: State<'_, Console>,
    desk: State<'_, Box<dyn Desk>>,
    what: ShownKind,
) -> Answer<Option<Saved>> {
    match desk.choose(&console.sheet(what).await?.file_name).await {
        Some(path) => Ok(Some(console.save_shown(what, &path).await?)),
        None => Ok(None),
    }
}

/// The page that showed it is gone.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_shown(console: State<'_, Console>, what: ShownKind) -> Answer<()> {
    console.forget_shown(what);
    Ok(())
}

/// What Keyholder is made of.
#[tauri::command]
#[specta::specta]
pub(crate) async fn about(console: State<'_, Console>) -> Answer<About> {
    console.about(tauri::VERSION, tauri::webview_version().ok()).await
}

/// How far the start has come.
#[derive(Clone, Copy, Debug, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reached {
    /// The window shows where its first screen will be.
    Painted,
    /// The first screen is there.
    Shown,
    /// It shows its data.
    Loaded,
}

/// What has been painted, and when: in milliseconds since 1970.
#[tauri::command]
#[specta::specta]
pub(crate) fn reached(step: Reached, at: f64) {
    environment::note(&format!("{step:?} {at:.0}").to_lowercase());
}
