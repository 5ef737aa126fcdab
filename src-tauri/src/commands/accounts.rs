//! Accounts.

use keyholder_app::Console;
use keyholder_app::ipc::{AccountMade, Answer, EnrolmentShown};
use keyholder_core::account::{Account, AccountId, Role};
use keyholder_core::credential::PasskeyId;
use keyholder_core::directory::AccountPage;
use keyholder_core::query::{AccountFilter, AccountQuery, AccountRow, Page};
use keyholder_core::session::SessionId;
use tauri::State;

/// A page of accounts.
#[tauri::command]
#[specta::specta]
pub(crate) async fn accounts(console: State<'_, Console>, query: AccountQuery) -> Answer<Page<AccountRow>> {
    console.accounts(&query).await
}

/// How many accounts a filter finds.
#[tauri::command]
#[specta::specta]
pub(crate) async fn count_accounts(console: State<'_, Console>, filter: AccountFilter) -> Answer<u32> {
    console.count_accounts(&filter).await
}

/// Everything about one account that is no secret; none if it is not there.
#[tauri::command]
#[specta::specta]
pub(crate) async fn account(console: State<'_, Console>, id: AccountId) -> Answer<Option<AccountPage>> {
    console.account(id).await
}

/// Makes an account and shows its enrolment code.
#[tauri::command]
#[specta::specta]
pub(crate) async fn create_account(
    console: State<'_, Console>,
    email: String,
    name: String,
    role: Role,
) -> Answer<AccountMade> {
    console.create_account(&email, &name, role).await
}

/// Hands out a new enrolment code; the reason may be empty.
#[tauri::command]
#[specta::specta]
pub(crate) async fn issue_enrolment(
    console: State<'_, Console>,
    id: AccountId,
    reason: String,
) -> Answer<EnrolmentShown> {
    console.issue_enrolment(id, &reason).await
}

/// Changes e-mail address, name or role, from the revision that was looked at.
#[tauri::command]
#[specta::specta]
pub(crate) async fn edit_account(
    console: State<'_, Console>,
    id: AccountId,
    revision: u32,
    email: String,
    name: String,
    role: Role,
) -> Answer<Account> {
    console.edit_account(id, revision, &email, &name, role).await
}

/// Disables an account and ends its sessions.
#[tauri::command]
#[specta::specta]
pub(crate) async fn disable_account(
    console: State<'_, Console>,
    id: AccountId,
    reason: String,
) -> Answer<Account> {
    console.disable_account(id, &reason).await
}

/// Enables it again; the reason may be empty.
#[tauri::command]
#[specta::specta]
pub(crate) async fn enable_account(
    console: State<'_, Console>,
    id: AccountId,
    reason: String,
) -> Answer<Account> {
    console.enable_account(id, &reason).await
}

/// Locks an account by hand and ends its sessions.
#[tauri::command]
#[specta::specta]
pub(crate) async fn lock_account(
    console: State<'_, Console>,
    id: AccountId,
    reason: String,
) -> Answer<Account> {
    console.lock_account(id, &reason).await
}

/// Lifts a lock and forgets failures.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unlock_account(
    console: State<'_, Console>,
    id: AccountId,
    reason: String,
) -> Answer<Account> {
    console.unlock_account(id, &reason).await
}

/// Makes the person choose a new password at the next sign-in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn force_password_change(
    console: State<'_, Console>,
    id: AccountId,
    reason: String,
) -> Answer<Account> {
    console.force_password_change(id, &reason).await
}

/// Takes away a second factor and ends the sessions.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reset_second_factor(
    console: State<'_, Console>,
    id: AccountId,
    reason: String,
) -> Answer<Account> {
    console.reset_second_factor(id, &reason).await
}

/// Takes away one passkey and ends the sessions.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_passkey(
    console: State<'_, Console>,
    id: AccountId,
    passkey: PasskeyId,
    reason: String,
) -> Answer<Account> {
    console.remove_passkey(id, &passkey, &reason).await
}

/// Ends every session of an account; the reason may be empty.
#[tauri::command]
#[specta::specta]
pub(crate) async fn end_sessions(console: State<'_, Console>, id: AccountId, reason: String) -> Answer<()> {
    console.end_sessions(id, &reason).await
}

/// Ends one session of an account.
#[tauri::command]
#[specta::specta]
pub(crate) async fn end_session(
    console: State<'_, Console>,
    id: AccountId,
    session: SessionId,
) -> Answer<()> {
    console.end_session(id, session).await
}

/// Puts an account into the recycle bin; the reason may be empty.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_account(
    console: State<'_, Console>,
    id: AccountId,
    reason: String,
) -> Answer<Account> {
    console.delete_account(id, &reason).await
}

/// Takes it out again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore_account(console: State<'_, Console>, id: AccountId) -> Answer<Account> {
    console.restore_account(id).await
}
