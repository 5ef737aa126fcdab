//! Accounts: made, enrolled, locked, unlocked, moved to the recycle bin.

use keyholder_core::directory::Authentication as _;

use crate::shop::{ADA, Shop, password, window};

const SAM: &str = "sam@cornerbooks.example";

/// Ada's shop with Sam, who has enrolled.
fn with_sam(role: &str) -> Shop {
    let shop = Shop::set_up();
    let made = shop
        .ada(&[
            "account",
            "create",
            SAM,
            "--name",
            "Sam Miller",
            "--role",
            role,
            "--json",
        ])
        .done()
        .json();
    let code = made["enrolment"]["code"].as_str().unwrap().to_owned();
    shop.opened(async |authentication| {
        authentication
            .enrol(SAM, &code, &password(), window())
            .await
            .unwrap()
    });
    shop
}

#[test]
fn from_the_first_owner_to_a_locked_colleague() {
    let shop = with_sam("support");
    let list = shop.ada(&["account", "list"]).done();
    insta::assert_snapshot!(shop.steady(&list.out), @r"
    E-mail                   Name        Role     Standing  Second factor  Last sign-in
    ada@cornerbooks.example  Ada         owner    active    no             2026-01-31 12:00:00 UTC
    sam@cornerbooks.example  Sam Miller  support  active    no             2026-01-31 12:00:00 UTC
    ");
    let locked = shop
        .ada(&["account", "lock", SAM, "--reason", "lost the phone"])
        .done();
    insta::assert_snapshot!(locked.out, @"Sam Miller <sam@cornerbooks.example> is locked and signed out everywhere.");

    let refused = shop.by(SAM, &["account", "list"]);
    assert_eq!(refused.exit, 4, "locked, whoever asks: {refused:?}");
    insta::assert_snapshot!(refused.err, @r"
    Not done: this account is locked: the shop's owner or support can unlock it (KH-1005)
    Nothing was changed.
    ");

    let shown = shop.ada(&["account", "show", SAM]).done();
    insta::assert_snapshot!(shop.steady(&shown.out), @r"
    Sam Miller <sam@cornerbooks.example>
    Id             00000000-0000-7000-8000-000000000000
    Role           support
    Standing       locked
    Made           2026-01-31 12:00:00 UTC
    Last sign-in   2026-01-31 12:00:00 UTC
    Password       Argon2, chosen 2026-01-31 12:00:00 UTC
    Second factor  none

    The way in
      open  not in the recycle bin
      open  enabled
      SHUT  locked by hand by ada@cornerbooks.example, 2026-01-31 12:00:00 UTC: lost the phone
      open  has a password
      open  password, from anywhere: 5 more tries before a wait
      open  no second factor, and none is required
      open  need not choose a new password

    No open sessions
    ");
    let trail = shop.trail();
    assert!(
        trail.contains(&format!("account.locked done {SAM} lost the phone")),
        "with the reason: {trail:#?}"
    );
    assert!(
        trail.iter().any(|event| event.contains("sign_in.password")
            && event.contains(SAM)
            && event.contains("refused")),
        "the attempt of somebody locked is there: {trail:#?}"
    );

    shop.ada(&["account", "unlock", SAM, "--reason", "found it"])
        .done();
    shop.by(SAM, &["account", "list"]).done();
}

#[test]
fn a_program_reads_one_document() {
    let shop = Shop::set_up();
    let list = shop.ada(&["account", "list", "--json"]).done().json();
    let row = &list["accounts"][0];
    assert_eq!(row["account"]["email"], ADA, "the account as the window has it");
    assert_eq!(row["standing"], "active", "and how it stands");
    let refused = shop.ada(&["account", "show", "nobody@cornerbooks.example", "--json"]);
    assert_eq!(
        (refused.exit, refused.out.as_str()),
        (3, ""),
        "not found, and nothing to mistake for an answer"
    );
    let error: serde_json::Value = serde_json::from_str(&refused.err).unwrap();
    assert_eq!(
        error["error"]["code"], "KH-1032",
        "a program branches on the code"
    );
}

#[test]
fn what_is_done_to_an_account_and_what_is_refused() {
    let shop = with_sam("staff");
    for (args, said) in [
        (
            &["account", "disable", SAM, "--reason", "on leave"][..],
            "disabled",
        ),
        (&["account", "enable", SAM], "enabled"),
        (&["account", "delete", SAM], "recycle bin"),
        (&["account", "restore", SAM], "back"),
        (&["account", "end-sessions", SAM], "signed out"),
        (&["account", "enrol", SAM], "Enrolment code"),
    ] {
        let ran = shop.ada(args).done();
        assert!(ran.out.contains(said), "{args:?} says {said}: {ran:?}");
    }
    let unchanged = shop.ada(&["account", "enable", SAM]);
    assert_eq!(unchanged.exit, 1, "refused by the rule: {unchanged:?}");
    let last_owner = shop.ada(&["account", "delete", ADA]);
    assert_eq!(last_owner.exit, 1, "the last owner stays: {last_owner:?}");
    let no_factor = shop.ada(&["account", "reset-second-factor", SAM, "--reason", "lost"]);
    assert_eq!(no_factor.exit, 1, "there is none to take away: {no_factor:?}");
    let no_reason = shop.ada(&["account", "lock", SAM]);
    assert_eq!(no_reason.exit, 2, "a lock needs a reason: {no_reason:?}");
    let no_right = shop.by(SAM, &["account", "list"]);
    assert_eq!(no_right.exit, 1, "staff do not use the console: {no_right:?}");
    insta::assert_snapshot!(no_right.err, @r"
    Not done: you may not see accounts: ask the shop's owner (KH-1020)
    Nothing was changed.
    ");
}
