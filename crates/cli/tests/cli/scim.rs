//! Programs as callers, on the real service: their tokens, and SCIM as a tester sees it that nobody here
//! wrote.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::serve::Running;
use crate::shop::Shop;

/// The Python of the oracles, as `cargo xtask setup` makes it.
fn python() -> PathBuf {
    let oracles = std::env::var_os("KEYHOLDER_ORACLES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/oracles"),
        PathBuf::from,
    );
    let python = oracles.join("bin/python");
    assert!(
        python.exists(),
        "{} is missing: run cargo xtask setup",
        python.display()
    );
    python
}

fn made(shop: &Shop, what: &[&str]) -> Value {
    shop.ada(&[&["token", "create", "hr", "--json"], what].concat())
        .done()
        .json()
}

#[test]
fn p49_scim2_tester_finds_no_error() {
    let shop = Shop::set_up();
    let token = made(&shop, &["--provisioner", "hr"]);
    let running = Running::start(&shop, &[]);
    let url = format!("http://{}/scim/v2", running.address);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/scim.py");
    let told = Command::new(python())
        .arg(script)
        .args([&url, token["token"].as_str().unwrap()])
        .output()
        .unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&told.stdout),
        String::from_utf8_lossy(&told.stderr),
    );
    assert!(told.status.success(), "{out}{err}");
    let checks: u32 = out.split(' ').next().unwrap().parse().unwrap();
    assert!(checks >= 40, "the tester did its work: {out}{err}");
}

#[test]
fn a_token_is_made_listed_and_revoked() {
    let shop = Shop::set_up();
    let nothing = shop.ada(&["token", "create", "till"]);
    assert_eq!(nothing.exit, 2, "a token is for something: {nothing:?}");
    let told = shop
        .ada(&[
            "token",
            "create",
            "till",
            "--scope",
            "write_events",
            "--days",
            "7",
        ])
        .done();
    let token = told
        .out
        .lines()
        .next()
        .unwrap()
        .strip_prefix("Token  ")
        .unwrap()
        .to_owned();
    assert!(
        token.starts_with("kht_") && token.len() == 53,
        "as a scanner knows it: {token}"
    );
    let list = shop.ada(&["token", "list"]).done();
    assert!(
        list.out.contains("till") && list.out.contains("write_events"),
        "{list:?}"
    );
    assert!(!list.out.contains(&token[4..20]), "it was shown once: {list:?}");
    let rows = shop.ada(&["token", "list", "--json"]).done().json();
    let id = rows[0]["id"].as_str().unwrap();
    shop.ada(&["token", "revoke", id]).done();
    let gone = shop.ada(&["token", "revoke", id]);
    assert_ne!(gone.exit, 0, "there is no such token any more: {gone:?}");
    assert_eq!(
        shop.ada(&["token", "list"]).done().out,
        "No tokens\n",
        "nothing is left"
    );
}
