//! Who is held up, and how they are let go on.

use keyholder_core::audit::{Program, Source};
use keyholder_core::directory::Limits as _;

use crate::shop::Shop;

/// Somebody at that address asks the service until it says no.
fn hammer(shop: &Shop) {
    let source = Source {
        program: Program::Api,
        address: Some("2001:db8:1:2::7".to_owned()),
        device: None,
        user_agent: None,
    };
    shop.opened(async |service| while service.visit(&source).await.is_ok() {});
}

#[test]
fn whoever_is_held_up_is_listed_and_let_go_on_with_a_reason() {
    let shop = Shop::set_up();
    let listed = shop.ada(&["limits", "list"]).done().out;
    for told in [
        "sign_in",
        "12 s",
        "Berrypod hardening plan, 1.1",
        "newsletter",
        "the shop's own",
    ] {
        assert!(listed.contains(told), "{told:?} is in the table: {listed}");
    }
    assert!(listed.contains("Nobody is held up."), "as nobody came: {listed}");

    hammer(&shop);
    let why = ["--reason", "Our own tablets"];
    let clear = ["limits", "clear", "api", "2001:db8:1:2::/64"];
    let bare = shop.ada(&clear);
    assert_eq!(bare.exit, 2, "it needs a reason: {bare:?}");
    let done = shop.ada(&[&clear[..], &why[..]].concat()).done().out;
    assert!(
        done.contains("2001:db8:1:2::/64 is not held up by api any more"),
        "{done}"
    );
    let told = shop
        .ada(&["audit", "search", "--action", "limit.cleared", "--json"])
        .json();
    assert_eq!(
        told["events"][0]["event"]["reason"], "Our own tablets",
        "the trail has why: {told}"
    );
    let again = shop.ada(&[&clear[..], &why[..]].concat());
    assert_eq!(again.exit, 1, "nothing of it is left: {again:?}");
    let listed = shop.ada(&["limits", "list", "--json"]).json();
    assert_eq!(
        listed["limits"][0]["limit"], "sign_in",
        "programs read the same: {listed}"
    );
}
