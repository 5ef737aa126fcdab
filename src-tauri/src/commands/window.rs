//! What is on the screen this moment, and what the window is made of.

use keyholder_app::Console;
use keyholder_app::ipc::{About, Answer, Copied, Saved, ShownKind};
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

/// The first screen has been painted.
#[tauri::command]
#[specta::specta]
pub(crate) fn ready() {
    environment::note(environment::READY_FILE);
}

/// The first screen shows its data.
#[tauri::command]
#[specta::specta]
pub(crate) fn loaded() {
    environment::note(environment::LOADED_FILE);
}
