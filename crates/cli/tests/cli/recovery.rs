//! The recovery key: asked for at the start, and what it opens.

use keyholder_app::store_keys;
use keyholder_store_sqlite::SqliteStore;

use crate::shop::{ADA, Shop};

#[test]
fn an_owner_who_lost_everything_is_let_in_again() {
    let shop = Shop::set_up();
    // A new computer: the key file is gone, and the store and its key card are all there is.
    std::fs::remove_file(shop.path("key")).unwrap();
    shop.write("wrong", "0000-0000-0000-0000-0000-0000-0000-0000");
    let wrong = shop.run(&["owner", "recover", "--recovery-key-file", &shop.text("wrong")]);
    assert_eq!(wrong.exit, 1, "a mistake is refused: {wrong:?}");
    insta::assert_snapshot!(wrong.err, @r"
    Not done: there is a typing mistake in the recovery key: it has 8 groups of 4 letters and digits (KH-1064)
    Nothing was changed.
    Look at the paper again: eight groups of four letters and digits.
    ");

    let new = shop.write("new-password", "nineteen blue umbrellas");
    let key = shop.text("recovery-key");
    let recovered = shop
        .run(&[
            "owner",
            "recover",
            "--recovery-key-file",
            &key,
            "--new-password-file",
            &new,
        ])
        .done();
    insta::assert_snapshot!(recovered.out, @r"
    Ada <ada@cornerbooks.example> has no second factor and no locks any more, and is signed out everywhere.
    The new password is set.
    ");
    let old = shop.ada(&["status"]);
    assert_eq!(old.exit, 1, "the old password is gone: {old:?}");
    let status = shop.run(&["status", "--as", ADA, "--password-file", &new]).done();
    assert!(
        status.out.contains("1 active"),
        "signed in with the key file that was written again: {status:?}"
    );

    let code = shop
        .run(&["owner", "recover", "--owner", ADA, "--recovery-key-file", &key])
        .done();
    insta::assert_snapshot!(shop.steady(&code.out), @r"
    Ada <ada@cornerbooks.example> has no second factor and no locks any more, and is signed out everywhere.
    Enrolment code  CODEX-CODEX-CODEX
    Good once, until 2026-01-31 12:00:00 UTC. With it the owner chooses a password.
    ");
    let nobody = shop.run(&[
        "owner",
        "recover",
        "--owner",
        "sam@b.co",
        "--recovery-key-file",
        &key,
    ]);
    assert_eq!(nobody.exit, 3, "no such owner: {nobody:?}");
}

#[test]
fn without_a_terminal_nothing_is_made_unless_the_recovery_key_goes_to_a_file() {
    let shop = Shop::none_yet();
    let refused = shop.init("password", None);
    assert_eq!(refused.exit, 2, "nobody would see the key: {refused:?}");
    insta::assert_snapshot!(refused.err, @r"
    Not done: there is no terminal to show the recovery key on
    Nothing was changed.
    Have it written to a file with --recovery-key-file PATH.
    ");
    shop.write("weak", "password");
    let refused = shop.init("weak", Some("recovery-key"));
    assert_eq!(refused.exit, 1, "a weak password: {refused:?}");
    assert!(
        !shop.path("store").exists() && !shop.path("key").exists(),
        "nothing was made"
    );
    assert!(
        !shop.path("recovery-key").exists(),
        "no key to nothing lies about"
    );
}

#[test]
fn a_shop_is_set_up_once() {
    let shop = Shop::set_up();
    let refused = shop.init("password", Some("another-key"));
    assert_eq!(refused.exit, 1, "the shop stays: {refused:?}");
    insta::assert_snapshot!(shop.steady(&refused.err), @r"
    Not done: there is a store at DIR/store/shop.keyholder already (KH-1044)
    Nothing was changed.
    Name another place with --store, or sign in to that shop.
    ");
    shop.ada(&["status"]).done();
}

#[test]
fn a_store_that_cannot_be_made_leaves_nothing_behind() {
    let shop = Shop::none_yet();
    // In the way of the lock that lies beside a store.
    std::fs::create_dir_all(shop.path("store/shop.keyholder.lock")).unwrap();
    let refused = shop.init("password", Some("recovery-key"));
    assert_eq!(refused.exit, 5, "no store: {refused:?}");
    for made in [
        "key",
        "recovery-key",
        "store/shop.keyholder",
        "store/shop.keyholder.key",
    ] {
        assert!(!shop.path(made).exists(), "{made} would open nothing");
    }
    std::fs::remove_dir(shop.path("store/shop.keyholder.lock")).unwrap();
    shop.init("password", Some("recovery-key")).done();
}

#[test]
fn a_set_up_that_was_broken_off_is_gone_on_with() {
    let shop = Shop::none_yet();
    shop.init("password", Some("recovery-key")).done();
    // As a crash leaves it: a store with a key and no shop yet.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let master = shop.master();
    std::fs::remove_file(shop.store()).unwrap();
    runtime.block_on(async {
        SqliteStore::create(&shop.store(), &store_keys(&master))
            .await
            .unwrap()
            .close()
            .await
            .unwrap();
    });
    let old = shop.read("recovery-key");
    std::fs::remove_file(shop.path("recovery-key")).unwrap();
    shop.init("password", Some("recovery-key")).done();
    assert_ne!(
        shop.read("recovery-key"),
        old,
        "the key that nobody may have seen opens nothing any more"
    );
    let key = shop.text("recovery-key");
    shop.run(&["owner", "recover", "--recovery-key-file", &key])
        .done();
}
