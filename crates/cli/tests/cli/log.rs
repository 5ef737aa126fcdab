//! The local log: what it says, where it lies, and what is never in it.

use std::path::PathBuf;

use crate::shop::{ADA, PASSWORD, Ran, Shop};

/// The lines of all files of the log.
fn log(shop: &Shop) -> String {
    files(shop)
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect()
}

fn files(shop: &Shop) -> Vec<PathBuf> {
    let folder = std::fs::read_dir(shop.path(".local/state/keyholder")).unwrap();
    folder.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn what_the_store_said_is_in_the_log_and_doctor_says_where_that_is() {
    let shop = Shop::set_up();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let held = runtime.block_on(shop.held());
    assert_eq!(shop.ada(&["account", "list"]).exit, 5, "another program has it");
    runtime.block_on(held.close()).unwrap();
    let log = log(&shop);
    assert!(log.contains("started, version"), "which program it was: {log}");
    assert!(
        log.contains("ERROR") && log.contains("KH-1055"),
        "what happened, with the number that was shown: {log}"
    );
    let doctor = shop.run(&["doctor"]);
    let folder = shop.text(".local/state/keyholder");
    assert!(doctor.out.contains(&folder), "where to look: {doctor:?}");
}

#[test]
fn p07_the_log_holds_no_secret_of_a_session() {
    const WRONG: &str = "a canary that sang the wrong song";
    const CHOSEN: &str = "a canary in the cage of the owner";
    const HASH: &str = "$2b$04$abcdefghijklmnopqrstuuUmjNXq1XyawyZ/BlKYVX3Rw7vQMuTEm";
    const TOTP: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    let shop = Shop::set_up();
    let (right, wrong) = (shop.text("password"), shop.write("wrong", WRONG));
    let (key, chosen) = (shop.text("recovery-key"), shop.write("chosen", CHOSEN));
    let code = shop.write("code", "471147\n");
    let rows = shop.write(
        "rows.csv",
        format!("email,password_hash,totp_secret\nbo@b.co,{HASH},{TOTP}\n"),
    );
    let told = |args: &[&str]| -> Ran { shop.logging_everything(args) };
    let told_by_ada =
        |args: &[&str], password: &str| told(&[args, &["--as", ADA, "--password-file", password]].concat());
    assert_eq!(
        told_by_ada(&["account", "list"], &wrong).exit,
        1,
        "a wrong password"
    );
    let invited = told_by_ada(&["account", "create", "sam@b.co", "--json"], &right).done();
    told_by_ada(&["account", "import", &rows, "--apply"], &right).done();
    let bo = [
        "account",
        "list",
        "--as",
        "bo@b.co",
        "--password-file",
        &right,
        "--code-file",
        &code,
    ];
    assert_eq!(told(&bo).exit, 1, "a wrong code");
    told(&[
        "owner",
        "recover",
        "--recovery-key-file",
        &key,
        "--new-password-file",
        &chosen,
    ])
    .done();

    let invited = invited.json();
    let (enrolment, recovery) = (
        invited["enrolment"]["code"].as_str().unwrap(),
        shop.read("recovery-key"),
    );
    let (key_file, log) = (shop.read("key"), log(&shop));
    assert!(log.contains("TRACE"), "everything that can be logged was logged");
    let secrets = [
        PASSWORD,
        WRONG,
        CHOSEN,
        HASH,
        TOTP,
        "471147",
        enrolment,
        recovery.trim(),
        key_file.trim(),
    ];
    for secret in secrets {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[cfg(unix)]
#[test]
fn the_log_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let shop = Shop::set_up();
    for file in files(&shop) {
        let mode = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "nobody else reads {}", file.display());
    }
}
