//! The shop's settings, its store, its recovery key.

use keyholder_app::Console;
use keyholder_app::ipc::{Answer, BackupMade, NumberBounds, RecoveryKeyShown, Secret, Status, StoreInfo};
use keyholder_core::policy::Policy;
use keyholder_core::shop::Shop;
use tauri::State;

/// The shop with what it has decided.
#[tauri::command]
#[specta::specta]
pub(crate) async fn shop(console: State<'_, Console>) -> Answer<Shop> {
    console.own_shop().await
}

/// Changes the shop's name or what it has decided, from the revision that was looked at.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_policy(
    console: State<'_, Console>,
    revision: u32,
    name: String,
    policy: Policy,
) -> Answer<Shop> {
    console.change_policy(revision, &name, policy).await
}

/// Shows the recovery key: the one of a new store, or else a new one in place of the old.
#[tauri::command]
#[specta::specta]
pub(crate) async fn recovery_key_show(console: State<'_, Console>) -> Answer<RecoveryKeyShown> {
    console.recovery_key_show().await
}

/// Takes the two groups that were asked back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn recovery_key_confirm(console: State<'_, Console>, groups: [Secret; 2]) -> Answer<Status> {
    console.recovery_key_confirm(&groups).await
}

/// Makes a backup in the directory beside the store.
#[tauri::command]
#[specta::specta]
pub(crate) async fn backup_create(console: State<'_, Console>) -> Answer<BackupMade> {
    console.backup_create().await
}

/// Where the store lies.
#[tauri::command]
#[specta::specta]
pub(crate) async fn store_info(console: State<'_, Console>) -> Answer<StoreInfo> {
    console.store_info().await
}

/// Every number of the settings page, with its bounds and where they come from.
#[tauri::command]
#[specta::specta]
pub(crate) fn policy_bounds() -> Vec<NumberBounds> {
    Console::policy_bounds()
}
