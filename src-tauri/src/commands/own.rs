//! One's own account: password, second factor, recovery codes.

use keyholder_app::Console;
use keyholder_app::ipc::{Answer, RecoveryCodesShown, SecondFactorShown, Secret, Status};
use tauri::State;

/// Chooses a new password, knowing the present one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_password(
    console: State<'_, Console>,
    present: Secret,
    chosen: Secret,
) -> Answer<Status> {
    console.change_password(present, chosen).await
}

/// Makes a second factor and shows it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn begin_second_factor(console: State<'_, Console>) -> Answer<SecondFactorShown> {
    console.begin_second_factor().await
}

/// Confirms it by a code; the recovery codes are shown once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn confirm_second_factor(
    console: State<'_, Console>,
    code: Secret,
) -> Answer<RecoveryCodesShown> {
    console.confirm_second_factor(&code).await
}

/// Puts the second factor off.
#[tauri::command]
#[specta::specta]
pub(crate) async fn put_off_second_factor(console: State<'_, Console>) -> Answer<Status> {
    console.put_off_second_factor().await
}

/// Replaces the recovery codes; the new ones are shown once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn replace_recovery_codes(
    console: State<'_, Console>,
    password: Secret,
) -> Answer<RecoveryCodesShown> {
    console.replace_recovery_codes(password).await
}

/// Turns off one's own second factor.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_second_factor(console: State<'_, Console>, password: Secret) -> Answer<Status> {
    console.remove_second_factor(password).await
}
