//! A computer whose keychain does not open the shop.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use keyholder_tests::desk::Desk;
use keyholder_tests::story::Told;

use crate::shop::{self, EMAIL, PASSWORD};

#[tokio::test]
async fn a_locked_keychain_is_named_and_the_way_on_is_shown() -> Told {
    let mut desk = Desk::new("keychain")?;
    let (window, key) = shop::opened(&desk).await?;
    drop(window);
    desk.lock_keyring()?;
    let before = files(&desk)?;

    let window = desk.open(&[]).await?;
    window.screen("key-needed").await?;
    window.see("This computer's keychain is locked").await?;
    window.see("Your shop's data is safe and unchanged.").await?;
    window.see(&desk.store().display().to_string()).await?;
    window.press("Look in the keychain again").await?;
    window.see("Nothing has changed.").await?;
    window.screen("key-needed").await?;
    window.picture("1-locked").await?;
    assert_eq!(
        files(&desk)?,
        before,
        "nothing is written while the key is missing"
    );

    desk.unlock_keyring()?;
    window.press("Look in the keychain again").await?;
    shop::sign_in(&window, EMAIL, PASSWORD).await?;
    window.picture("2-open").await?;
    drop(window);

    desk.lock_keyring()?;
    let window = desk.open(&[]).await?;
    window.screen("key-needed").await?;
    window.press("Use the recovery key instead").await?;
    window.screen("recovery-key-entry").await?;
    window.fill("Recovery key", &key).await?;
    window.picture("3-recovery-key").await?;
    window.press("Open the shop").await?;
    window.screen("sign-in").await?;
    window
        .see("The keychain of this computer did not take the key of your shop.")
        .await?;
    window.picture("4-without-keychain").await?;
    shop::sign_in(&window, EMAIL, PASSWORD).await?;
    window.press("Try again").await?;
    window.see("the keychain still did not take it").await?;
    window.picture("5-still-without").await?;

    desk.unlock_keyring()?;
    window.press("Try again").await?;
    window
        .see("The keychain of this computer has the key again.")
        .await?;
    window
        .see_no_more("you need the recovery key at each start")
        .await?;
    drop(window);
    let window = desk.open(&[]).await?;
    window.screen("sign-in").await?;
    Ok(())
}

#[tokio::test]
async fn the_recovery_key_opens_the_shop_on_a_new_computer() -> Told {
    let old = Desk::new("new-computer")?;
    let (window, key) = shop::opened(&old).await?;
    shop::create(&window, "ben@larch.example", "Ben Adler", "Staff").await?;
    drop(window);

    let new = Desk::new("new-computer")?;
    new.bring_store_of(&old)?;
    let window = new.open(&[]).await?;
    window.screen("recovery-key-entry").await?;
    window.see("This computer has no key for your shop").await?;
    window.picture("1-no-key").await?;
    let wrong: String = key.chars().rev().collect();
    window.fill("Recovery key", &wrong).await?;
    window.press("Open the shop").await?;
    window.see("This is not the right recovery key").await?;
    window.picture("2-wrong").await?;
    // As somebody types it who reads it from paper.
    window
        .fill("Recovery key", &key.to_lowercase().replace('-', " "))
        .await?;
    window.press("Open the shop").await?;
    window
        .see("The keychain of this computer has the key again.")
        .await?;
    shop::sign_in(&window, EMAIL, PASSWORD).await?;
    window.row(&["Ben Adler", "Invited"]).await?;
    window.press("Audit trail").await?;
    window
        .row(&["inga@larch.example created ben@larch.example"])
        .await?;
    window.picture("3-open").await?;
    drop(window);

    let window = new.open(&[]).await?;
    window.screen("sign-in").await?;
    Ok(())
}

/// What lies beside the store, byte for byte.
fn files(desk: &Desk) -> Told<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for file in fs::read_dir(desk.store().parent().ok_or("a folder")?)? {
        let file = file?;
        if file.file_type()?.is_file() {
            files.insert(file.path(), fs::read(file.path())?);
        }
    }
    Ok(files)
}
