//! The way in: the store, the first shop, signing in, the lock.

use keyholder_app::Console;
use keyholder_app::ipc::{Answer, Secret, Status};
use tauri::State;

/// Where the console stands.
#[tauri::command]
#[specta::specta]
pub(crate) async fn status(console: State<'_, Console>) -> Answer<Status> {
    Ok(console.status().await)
}

/// Tries to open the store again, after the keychain was mended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn retry_keychain(console: State<'_, Console>) -> Answer<Status> {
    Ok(console.retry_keychain().await)
}

/// Opens the sample shop, where there is no shop yet.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_demo(console: State<'_, Console>) -> Answer<Status> {
    console.open_demo().await
}

/// Opens the store with its recovery key.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_with_recovery_key(console: State<'_, Console>, key: Secret) -> Answer<Status> {
    console.open_with_recovery_key(&key).await
}

/// Gives the keychain the key of the open store, after it was mended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn keep_key(console: State<'_, Console>) -> Answer<Status> {
    console.keep_key().await
}

/// Makes the store with its shop and first owner, who is signed in at once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_up_shop(
    console: State<'_, Console>,
    shop: String,
    email: String,
    name: String,
    password: Secret,
) -> Answer<Status> {
    console.set_up_shop(&shop, &email, &name, password).await
}

/// The first step of signing in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in(console: State<'_, Console>, email: String, password: Secret) -> Answer<Status> {
    console.sign_in(&email, password).await
}

/// The second step, with the authenticator app.
#[tauri::command]
#[specta::specta]
pub(crate) async fn give_code(console: State<'_, Console>, code: Secret) -> Answer<Status> {
    console.give_code(&code).await
}

/// The second step, with a recovery code.
#[tauri::command]
#[specta::specta]
pub(crate) async fn give_recovery_code(console: State<'_, Console>, code: Secret) -> Answer<Status> {
    console.give_recovery_code(&code).await
}

/// Chooses a password with an enrolment code, and signs in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn redeem_enrolment(
    console: State<'_, Console>,
    email: String,
    code: Secret,
    password: Secret,
) -> Answer<Status> {
    console.redeem_enrolment(&email, &code, password).await
}

/// Opens the lock.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unlock(console: State<'_, Console>, password: Secret) -> Answer<Status> {
    console.unlock(password).await
}

/// Locks.
#[tauri::command]
#[specta::specta]
pub(crate) async fn lock(console: State<'_, Console>) -> Answer<Status> {
    console.lock().await
}

/// Ends the session.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_out(console: State<'_, Console>) -> Answer<Status> {
    console.sign_out().await
}

/// Notes that the person did something, so that the console does not lock.
#[tauri::command]
#[specta::specta]
pub(crate) async fn touch(console: State<'_, Console>) -> Answer<()> {
    console.touch().await
}
