//! The commands with their types, from which `ui/src/api/bindings.ts` is generated.

use keyholder_core::sample;
use tauri::Runtime;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands};

use crate::commands::{accounts, connecting, entry, own, settings, trail, window};

/// What the owner of the sample shop signs in with again after the lock.
#[derive(serde::Serialize)]
struct DemoOwner {
    email: &'static str,
    password: &'static str,
}

/// Whatever is rejected without a code of ours could not be read on its way.
const TYPED_ERROR: &str = r#"async function typedError<T, E>(result: Promise<T>): Promise<{ status: "ok"; data: T } | { status: "error"; error: E }> {
	try {
		return { status: "ok", data: await result };
	} catch (error) {
		const known = typeof error === "object" && error !== null && "code" in error;
		return { status: "error", error: (known ? error : { code: "bad_request", number: "KH-1070", refusal: null, until: null }) as E };
	}
}"#;

/// Every command of the window.
pub(crate) fn commands<R: Runtime>() -> Builder<R> {
    Builder::new()
        .error_handling(ErrorHandlingMode::Result)
        .typed_error_impl(TYPED_ERROR)
        .disable_serde_phases()
        .constant(
            "demoOwner",
            DemoOwner {
                email: sample::OWNER,
                password: sample::OWNER_PASSWORD,
            },
        )
        .commands(collect_commands![
            entry::status,
            entry::retry_keychain,
            entry::open_demo,
            entry::open_with_recovery_key,
            entry::keep_key,
            connecting::look_at_service,
            connecting::connect,
            connecting::open_store,
            connecting::switch_connection,
            connecting::turn_home,
            connecting::rename_connection,
            connecting::forget_connection,
            connecting::stop_waiting,
            entry::set_up_shop,
            entry::sign_in,
            entry::give_code,
            entry::give_recovery_code,
            entry::redeem_enrolment,
            entry::unlock,
            entry::lock,
            entry::sign_out,
            entry::touch,
            own::change_password,
            own::begin_second_factor,
            own::confirm_second_factor,
            own::put_off_second_factor,
            own::replace_recovery_codes,
            own::remove_second_factor,
            accounts::accounts,
            accounts::count_accounts,
            accounts::account,
            accounts::create_account,
            accounts::issue_enrolment,
            accounts::edit_account,
            accounts::disable_account,
            accounts::enable_account,
            accounts::lock_account,
            accounts::unlock_account,
            accounts::force_password_change,
            accounts::reset_second_factor,
            accounts::remove_passkey,
            accounts::end_sessions,
            accounts::end_session,
            accounts::delete_account,
            accounts::restore_account,
            trail::events,
            trail::verify_trail,
            trail::check_breach,
            trail::password_strength,
            settings::shop,
            settings::policy_bounds,
            settings::change_policy,
            settings::recovery_key_show,
            settings::recovery_key_confirm,
            settings::backup_create,
            settings::store_info,
            window::about,
            window::copy_shown,
            window::save_shown,
            window::forget_shown,
            window::reached,
        ])
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use specta_typescript::Typescript;
    use tauri::Wry;

    use super::*;

    #[test]
    fn the_generated_types_are_those_of_the_commands() -> Result<(), Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        let fresh = dir.path().join("bindings.ts");
        commands::<Wry>().export(Typescript::default(), &fresh)?;
        let fresh = std::fs::read_to_string(fresh)?;

        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/api/bindings.ts");
        if std::env::var_os("KEYHOLDER_BLESS").is_some() {
            std::fs::create_dir_all(kept.parent().ok_or("no directory")?)?;
            std::fs::write(&kept, &fresh)?;
        }
        let kept = std::fs::read_to_string(kept)?;
        assert!(
            fresh == kept,
            "the window's types are old: run this test once with KEYHOLDER_BLESS=1"
        );
        Ok(())
    }
}
