//! Accounts and events that go out.

use keyholder_core::directory::Authentication as _;

use crate::shop::{ADA, Shop, password, window};

#[test]
fn what_goes_out_comes_in_the_same() {
    let (from, to) = (Shop::set_up(), Shop::set_up());
    let hash = "$2b$04$abcdefghijklmnopqrstuuUmjNXq1XyawyZ/BlKYVX3Rw7vQMuTEm";
    let rows = format!(
        "email,name,role,password_hash,totp_secret,created_at\n\
         \"'=calc@b.co\",'=1+1,staff,{hash},GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,2020-01-31T12:00:00Z\n\
         tis@b.co,\"'tis, \"\"quoted\"\"\",customer,,,2021-01-31T12:00:00Z\n"
    );
    let file = from.write("people.csv", rows);
    from.ada(&["account", "import", &file, "--apply"]).done();

    for (name, role) in [("out.csv", "staff"), ("out.jsonl", "customer")] {
        let out = from.text(name);
        from.ada(&["account", "export", &out, "--role", role]).done();
        to.ada(&["account", "import", &out, "--apply", "--strict"]).done();
        let back = to.text(name);
        to.ada(&["account", "export", &back, "--role", role]).done();
        assert_eq!(from.read(name), to.read(name), "a move changes nothing: {name}");
    }
    insta::assert_snapshot!(from.read("out.csv"), @r"
    email,name,role,password_hash,totp_secret,created_at
    '=calc@b.co,'=1+1,staff,$2b$04$abcdefghijklmnopqrstuuUmjNXq1XyawyZ/BlKYVX3Rw7vQMuTEm,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,2020-01-31T12:00:00Z
    ");
    insta::assert_snapshot!(from.read("out.jsonl"), @r#"{"email":"tis@b.co","name":"'tis, \"quoted\"","role":"customer","password_hash":"","totp_secret":"","created_at":"2021-01-31T12:00:00Z"}"#);
    assert!(
        from.trail().contains(&"account.exported done".to_owned()),
        "whoever takes hashes out is in the trail"
    );
}

#[cfg(unix)]
#[test]
fn an_export_is_its_owners_alone_and_never_written_over() {
    use std::os::unix::fs::PermissionsExt as _;
    let shop = Shop::set_up();
    let file = shop.text("out.csv");
    shop.ada(&["account", "export", &file]).done();
    let mode = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "hashes are nobody else's business");
    let again = shop.ada(&["account", "export", &file]);
    assert_eq!(again.exit, 2, "a file that is there stays: {again:?}");
    let stdout = shop.ada(&["account", "export", "-"]).done();
    assert_eq!(
        stdout.out,
        shop.read("out.csv"),
        "the same rows on standard output, and nothing else"
    );
}

#[test]
fn p47_hostile_text_is_one_event_escaped_in_tables_json_and_csv() {
    let shop = Shop::set_up();
    let hostile = "evil\r\n\u{1b}[2J\u{202e}=cmd@b.co";
    shop.opened(async |authentication| {
        let refused = authentication.sign_in(hostile, &password(), window()).await;
        assert!(refused.is_err(), "nobody is called that");
    });
    shop.ada(&["account", "end-sessions", ADA, "--reason", "=cmd|' /C calc'!A0"]);

    let table = shop.ada(&["audit", "search", "--outcome", "failed"]).done().out;
    assert_eq!(table.lines().count(), 2, "a heading and one event: {table}");
    let json = shop
        .ada(&["audit", "search", "--outcome", "failed", "--json"])
        .done()
        .out;
    shop.ada(&["audit", "export", &shop.text("trail.csv")]).done();
    shop.ada(&["audit", "export", &shop.text("trail.jsonl")]).done();
    let (csv, lines) = (shop.read("trail.csv"), shop.read("trail.jsonl"));
    for text in [&table, &json, &csv, &lines] {
        let raw = |c: &char| (c.is_control() && *c != '\n') || *c == '\u{202e}';
        assert_eq!(
            text.chars().find(raw),
            None,
            "nothing moves the cursor or turns the direction: {text}"
        );
    }
    assert!(
        csv.contains(",'=cmd|' /C calc'!A0,"),
        "a spreadsheet computes nothing: {csv}"
    );
    let first_of = |line: &str| line.chars().next();
    assert!(
        lines.lines().all(|line| first_of(line) == Some('{')),
        "each event is one line"
    );
}

#[test]
fn an_export_of_the_trail_is_all_of_the_filter_and_is_noted_first() {
    let shop = Shop::set_up();
    let file = shop.text("trail.jsonl");
    shop.ada(&["audit", "export", &file, "--action", "sign_in.password"])
        .done();
    let found = shop
        .ada(&["audit", "search", "--action", "audit.exported", "--json"])
        .done()
        .json();
    let facts = &found["events"][0]["event"]["details"]["facts"];
    assert_eq!(
        facts["rows"],
        shop.read("trail.jsonl").lines().count().to_string(),
        "as many as the trail says: {facts}"
    );
    assert_eq!(facts["action"], "sign_in.password", "and which");

    let whole = shop.ada(&["audit", "verify"]).done().out;
    assert!(
        whole.starts_with("The audit trail is whole"),
        "checked from the first row: {whole}"
    );
}

#[test]
fn a_reader_that_stops_reading_is_no_error() {
    let shop = Shop::set_up();
    let password = shop.text("password");
    let key = shop.text("key");
    let args = [
        "audit",
        "export",
        "-",
        "--as",
        ADA,
        "--password-file",
        &password,
        "--key-file",
        &key,
    ];
    let mut child = shop.command(&args).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "ends quietly: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.stderr, b"", "and says nothing");
}
