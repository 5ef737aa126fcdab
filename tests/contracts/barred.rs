//! What a person is told whose store they may not write.
#![cfg(target_os = "linux")]

use std::path::Path;

use keyholder_tests::office::{ADA, Office};
use keyholder_tests::story::Told;

/// The exit status of a store that is not available.
const UNAVAILABLE: i32 = 5;

/// Asks for the accounts while something of the shop may not be written.
fn told_without_the_right(mode: u32, of: impl Fn(&Path) -> &Path) -> Told {
    let office = Office::open()?;
    let store = office.store();
    let before = std::fs::read(&store)?;
    let list = || Ok(office.command(&["account", "list", "--as", ADA]).output()?);

    let barred = office.with_rights(of(&store), mode, list)?;
    let words = String::from_utf8(barred.stderr)?;
    assert_eq!(
        barred.status.code(),
        Some(UNAVAILABLE),
        "it says so to a script: {words}"
    );
    for part in [
        "the store cannot be written",
        "Nothing was changed.",
        "See that the file and its directory belong to you and can be written.",
    ] {
        assert!(
            words.contains(part),
            "what happened, what was saved, what to do: {words}"
        );
    }
    assert_eq!(std::fs::read(&store)?, before, "the store is as it was");

    let given_back = list()?;
    assert!(
        String::from_utf8(given_back.stdout)?.contains(ADA),
        "with the right given back it goes on where it was"
    );
    Ok(())
}

#[test]
fn a_file_that_may_not_be_written_is_told_with_what_to_do() -> Told {
    told_without_the_right(0o400, |store| store)
}

#[test]
fn a_folder_that_may_not_be_written_is_told_with_what_to_do() -> Told {
    told_without_the_right(0o500, |store| store.parent().unwrap_or(store))
}
