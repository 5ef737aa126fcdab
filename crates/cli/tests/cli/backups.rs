//! Backups: made, checked, put back, also on a new computer.

use crate::shop::{ADA, Shop};

#[test]
fn a_backup_takes_the_place_of_the_store() {
    let shop = Shop::set_up();
    shop.ada(&["account", "create", "before@b.co"]).done();
    let backup = shop.text("backup.keyholder");
    let made = shop.ada(&["backup", "create", &backup]).done();
    assert!(
        made.out.contains("key card beside it"),
        "a backup opens with the recovery key: {made:?}"
    );
    let verified = shop.run(&["backup", "verify", &backup]).done();
    assert!(
        verified.out.contains("is whole"),
        "every page and row was looked at: {verified:?}"
    );
    shop.ada(&["account", "create", "after@b.co"]).done();

    let restored = shop.ada(&["backup", "restore", &backup]).done();
    insta::assert_snapshot!(shop.steady(&restored.out), @r"
    The store is as it was in DIR/backup.keyholder.
    What was there before lies beside DIR/store/shop.keyholder, ending in .replaced.
    ");
    let emails = shop.ada(&["account", "list"]).done().out;
    assert!(
        emails.contains("before@b.co") && !emails.contains("after@b.co"),
        "as it was then: {emails}"
    );
    assert!(
        shop.trail().contains(&"backup.restored done".to_owned()),
        "and the trail says so"
    );
    assert!(
        shop.path("store/shop.keyholder.replaced").exists(),
        "nothing was thrown away"
    );
}

#[test]
fn a_new_computer_needs_the_backup_and_the_recovery_key() {
    let shop = Shop::set_up();
    let backup = shop.text("backup.keyholder");
    shop.ada(&["backup", "create", &backup]).done();
    std::fs::remove_dir_all(shop.path("store")).unwrap();
    std::fs::remove_file(shop.path("key")).unwrap();

    let key = shop.text("recovery-key");
    shop.write("wrong", "not the password of anybody");
    let wrong = shop.text("wrong");
    let restore = [
        "backup",
        "restore",
        &backup,
        "--recovery-key-file",
        &key,
        "--as",
        ADA,
        "--password-file",
    ];
    let refused = shop.run(&[&restore[..], &[&wrong]].concat());
    assert_eq!(
        refused.exit, 1,
        "only somebody in the backup puts it back: {refused:?}"
    );
    assert!(!shop.store().exists(), "nothing was restored");
    shop.run(&[&restore[..], &[&shop.text("password")]].concat())
        .done();
    shop.ada(&["status"]).done();
}

#[test]
fn a_damaged_backup_and_one_of_another_shop_are_refused() {
    let (shop, other) = (Shop::set_up(), Shop::set_up());
    let theirs = other.text("backup.keyholder");
    other.ada(&["backup", "create", &theirs]).done();
    let stolen = shop.ada(&["backup", "restore", &theirs]);
    assert_eq!(stolen.exit, 1, "another shop's: {stolen:?}");

    let backup = shop.text("backup.keyholder");
    shop.ada(&["backup", "create", &backup]).done();
    let mut bytes = std::fs::read(&backup).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&backup, bytes).unwrap();
    let damaged = shop.run(&["backup", "verify", &backup]);
    assert_eq!(damaged.exit, 5, "one bit was changed: {damaged:?}");
    let refused = shop.ada(&["backup", "restore", &backup]);
    assert_eq!(refused.exit, 5, "and it takes nobody's place: {refused:?}");
    shop.ada(&["status"]).done();
}
