//! Which shop is on the screen.

use keyholder_app::Console;
use keyholder_app::ipc::{Answer, ServiceSeen, Status};
use tauri::State;

use crate::desk::Desk;

/// Looks at what is at an address that somebody typed; nothing is remembered.
#[tauri::command]
#[specta::specta]
pub(crate) async fn look_at_service(console: State<'_, Console>, address: String) -> Answer<ServiceSeen> {
    console.look_at_service(&address).await
}

/// Connects to a service, with the fingerprint of its certificate if a person has confirmed it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connect(
    console: State<'_, Console>,
    address: String,
    fingerprint: Option<String>,
) -> Answer<Status> {
    console.connect(&address, fingerprint.as_deref()).await
}

/// Opens the store in a file that the person chooses; none if they choose none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_store(
    console: State<'_, Console>,
    desk: State<'_, Box<dyn Desk>>,
) -> Answer<Option<Status>> {
    match desk.choose_store().await {
        Some(path) => Ok(Some(console.open_store(path).await?)),
        None => Ok(None),
    }
}

/// Turns to a shop that is known.
#[tauri::command]
#[specta::specta]
pub(crate) async fn switch_connection(console: State<'_, Console>, id: String) -> Answer<Status> {
    console.switch_connection(&id).await
}

/// Turns to this computer's own shop, whether there is one yet or not.
#[tauri::command]
#[specta::specta]
pub(crate) async fn turn_home(console: State<'_, Console>) -> Answer<Status> {
    console.turn_home().await
}

/// Calls a connection by another name; by the shop's own if that is empty.
#[tauri::command]
#[specta::specta]
pub(crate) async fn rename_connection(
    console: State<'_, Console>,
    id: String,
    name: String,
) -> Answer<Status> {
    console.rename_connection(&id, &name).await
}

/// Forgets a connection; what lies there stays as it is.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_connection(console: State<'_, Console>, id: String) -> Answer<Status> {
    console.forget_connection(&id).await
}

/// Gives up what is asked of a service at this moment.
#[tauri::command]
#[specta::specta]
pub(crate) async fn stop_waiting(console: State<'_, Console>) -> Answer<()> {
    console.stop_waiting().await;
    Ok(())
}
