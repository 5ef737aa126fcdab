//! The audit trail, and breaches.

use keyholder_app::Console;
use keyholder_app::ipc::{Answer, PasswordContext, Secret, StrengthShown};
use keyholder_core::audit::RecordedEvent;
use keyholder_core::audit::chain::Verdict;
use keyholder_core::breach::BreachAnswer;
use keyholder_core::query::{EventQuery, Page};
use tauri::State;

/// A page of the audit trail.
#[tauri::command]
#[specta::specta]
pub(crate) async fn events(console: State<'_, Console>, query: EventQuery) -> Answer<Page<RecordedEvent>> {
    console.events(&query).await
}

/// Checks the chain of the trail.
#[tauri::command]
#[specta::specta]
pub(crate) async fn verify_trail(console: State<'_, Console>) -> Answer<Verdict> {
    console.verify_trail().await
}

/// Checks a password against known breaches.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_breach(console: State<'_, Console>, password: Secret) -> Answer<BreachAnswer> {
    console.check_breach(password).await
}

/// How good a password would be, without a network and without keeping anything.
#[tauri::command]
#[specta::specta]
pub(crate) async fn password_strength(
    console: State<'_, Console>,
    password: Secret,
    context: PasswordContext,
) -> Answer<StrengthShown> {
    console.password_strength(password, &context).await
}
