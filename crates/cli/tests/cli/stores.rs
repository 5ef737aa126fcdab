//! Stores and keys that are not what they should be.

use data_encoding::HEXLOWER;
use secrecy::ExposeSecret as _;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::shop::{ADA, Shop};

#[test]
fn a_store_that_another_program_has_open_is_refused_by_name() {
    let shop = Shop::set_up();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let held = runtime.block_on(shop.held());
    let refused = shop.ada(&["account", "list"]);
    assert_eq!(refused.exit, 5, "one program at a time: {refused:?}");
    insta::assert_snapshot!(shop.steady(&refused.err), @r"
    Not done: another program has DIR/store/shop.keyholder open (KH-1055)
    Nothing was changed.
    Close the Keyholder window, or wait until the other command is done.
    ");
    let doctor = shop.run(&["doctor"]).done();
    assert!(
        doctor.out.contains("open"),
        "the window at work is no problem: {doctor:?}"
    );
    runtime.block_on(held.close()).unwrap();
    drop(held);
    shop.ada(&["account", "list"]).done();
}

#[test]
fn a_missing_a_foreign_and_a_newer_store() {
    let shop = Shop::none_yet();
    let missing = shop.ada(&["account", "list"]);
    assert_eq!(missing.exit, 5, "none there: {missing:?}");
    insta::assert_snapshot!(shop.steady(&missing.err), @r"
    Not done: there is no store at DIR/store/shop.keyholder (KH-1058)
    Nothing was changed.
    Make one with keyholder init, or name another with --store.
    ");
    assert!(!shop.path("store").exists(), "looking makes nothing");

    let shop = Shop::set_up();
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(shop.store())
        .pragma(
            "key",
            format!(
                "\"x'{}'\"",
                HEXLOWER.encode(shop.master().store_key().expose_secret())
            ),
        );
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut conn = options.connect().await.unwrap();
        sqlx::query("PRAGMA user_version = 4711")
            .execute(&mut conn)
            .await
            .unwrap();
        conn.close().await.unwrap();
    });
    let newer = shop.ada(&["account", "list"]);
    assert_eq!(newer.exit, 5, "made by a newer one: {newer:?}");
    assert!(
        newer.err.contains("newer Keyholder (") && newer.err.contains("KH-1057"),
        "said by name: {newer:?}"
    );

    std::fs::write(shop.store(), b"SQLite format 3\0 and somebody else's data").unwrap();
    let before = std::fs::read(shop.store()).unwrap();
    let foreign = shop.ada(&["account", "list"]);
    assert_eq!(foreign.exit, 5, "not ours: {foreign:?}");
    assert!(foreign.err.contains("KH-1056"), "said by name: {foreign:?}");
    assert_eq!(std::fs::read(shop.store()).unwrap(), before, "left as it was");

    let elsewhere = Shop::none_yet();
    std::fs::create_dir_all(elsewhere.path("store")).unwrap();
    std::fs::write(elsewhere.store(), &before).unwrap();
    let foreign = elsewhere.ada(&["account", "list"]);
    assert!(
        foreign.err.contains("KH-1056"),
        "also where no key card lies beside it: {foreign:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let shop = Shop::set_up();
    let key = shop.path("key");
    let mode = |mode| std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).unwrap();
    assert_eq!(
        std::fs::metadata(&key).unwrap().permissions().mode() & 0o777,
        0o600,
        "as init made it"
    );
    mode(0o644);
    let refused = shop.ada(&["account", "list"]);
    assert_eq!(refused.exit, 5, "others could read it: {refused:?}");
    insta::assert_snapshot!(shop.steady(&refused.err), @r"
    Not done: others may read the key file DIR/key (mode 0644). Make it yours alone: chmod 600 (KH-1065)
    Nothing was changed.
    ");
    mode(0o600);
    shop.ada(&["account", "list"]).done();
}

#[test]
fn the_key_of_another_store_and_no_keychain() {
    let (shop, other) = (Shop::set_up(), Shop::set_up());
    std::fs::copy(other.path("key"), shop.path("key")).unwrap();
    let wrong = shop.ada(&["account", "list"]);
    assert_eq!(wrong.exit, 5, "another shop's key: {wrong:?}");
    assert!(wrong.err.contains("KH-1065"), "said by name: {wrong:?}");

    let password = shop.text("password");
    let output = shop
        .command(&["status", "--as", ADA, "--password-file", &password])
        .output()
        .unwrap();
    assert_eq!(
        output.status.code(),
        Some(5),
        "no bus, no keychain: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_doctor_names_what_is_wrong_and_what_to_do() {
    let shop = Shop::set_up();
    let well = shop.run(&["doctor"]).done().out;
    for about in ["versions", "display", "keychain", "store", "clock"] {
        assert!(well.contains(about), "{about} is looked at: {well}");
    }
    std::fs::remove_file(shop.path("store/shop.keyholder.key")).unwrap();
    let ill = shop.run(&["doctor", "--json"]);
    assert_eq!(ill.exit, 5, "a problem: {ill:?}");
    let findings = ill.json();
    let problem = |finding: &&serde_json::Value| finding["state"] == "problem";
    let problems: Vec<_> = findings["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(problem)
        .collect();
    assert!(
        problems
            .iter()
            .any(|finding| finding["found"].as_str().unwrap().contains("key card")),
        "{problems:#?}"
    );
}
