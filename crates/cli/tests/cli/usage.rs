//! What people and packages ask of the program itself.

use keyholder_breach::testing::{Behaviour, RangeServer};

use crate::shop::{ADA, Shop};

#[test]
fn nonsense_is_wrong_usage() {
    let shop = Shop::none_yet();
    for nonsense in [
        &["nonsense"][..],
        &[],
        &["account"],
        &["account", "show"],
        &["account", "show", "not an address"],
        &["account", "create", "a@b.co", "--role", "king"],
        &["account", "list", "--limit", "-1"],
        &["audit", "search", "--from", "yesterday"],
        &["audit", "search", "--action", "nothing"],
        &["account", "lock", "a@b.co", "--reason", ""],
        &["account", "import", "no-such-file.csv", "--as", "a@b.co"],
        &["account", "import", "x.csv", "--strict"],
        &["init", "--shop", "", "--owner", "a@b.co"],
        &["completions", "tcsh-ish"],
    ] {
        let ran = shop.run(nonsense);
        assert_eq!(
            (ran.exit, ran.out.as_str()),
            (2, ""),
            "{nonsense:?} makes no sense: {ran:?}"
        );
        assert!(!ran.err.is_empty(), "{nonsense:?} is told so");
    }
    let hostile = shop.run(&["account", "show", "\u{1b}[2J\u{202e}"]);
    assert!(
        !hostile.err.contains('\u{1b}') && !hostile.err.contains('\u{202e}'),
        "echoed harmlessly: {hostile:?}"
    );
}

#[test]
fn help_and_man_page_tell_the_exit_status() {
    let shop = Shop::none_yet();
    let help = shop.run(&["--help"]).done().out;
    let man = shop.run(&["man"]).done().out;
    for status in [
        "refused",
        "make no sense",
        "no such account",
        "locked",
        "is not available",
    ] {
        assert!(help.contains(status), "help tells {status:?}: {help}");
        assert!(man.contains(status), "the man page tells {status:?}: {man}");
    }
    let completions = shop.run(&["completions", "bash"]).done().out;
    assert!(
        completions.contains("reset-second-factor"),
        "every command is completed"
    );
    let version = shop.run(&["--version"]).done().out;
    assert!(version.starts_with("keyholder "), "{version}");
}

#[test]
fn a_breach_check_that_could_not_be_made_is_not_all_clear() {
    let shop = Shop::set_up();
    let candidate = shop.write("candidate", "hunter2");
    let unknown = shop.ada(&["breach", "check", "--candidate-file", &candidate]);
    assert_eq!(unknown.exit, 5, "nobody answers there: {unknown:?}");
    insta::assert_snapshot!(unknown.out, @"Not checked: nothing is known about it.");
    insta::assert_snapshot!(unknown.err, @r"
    Not done: the breach list cannot be reached
    Nothing was changed.
    Do it again later.
    ");
    assert!(
        shop.trail().contains(&"breach.checked done".to_owned()),
        "the trail knows that, never which"
    );

    let elsewhere = shop
        .command(&["doctor"])
        .env("KEYHOLDER_RANGE_URL", "http://example.com")
        .output()
        .unwrap();
    assert_eq!(
        elsewhere.status.code(),
        Some(2),
        "a list that others could read along is refused"
    );
}

#[test]
fn a_breach_check_says_what_the_list_says() {
    let shop = Shop::set_up();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime
        .block_on(RangeServer::start(Behaviour::Honest(vec![(
            "hunter2".to_owned(),
            17,
        )])))
        .unwrap();
    let check = |candidate: &str| {
        let (candidate, password, key) = (
            shop.write("candidate", candidate),
            shop.text("password"),
            shop.text("key"),
        );
        let args = [
            "breach",
            "check",
            "--candidate-file",
            &candidate,
            "--as",
            ADA,
            "--password-file",
            &password,
            "--key-file",
            &key,
        ];
        let output = shop
            .command(&args)
            .env("KEYHOLDER_RANGE_URL", server.base_url())
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (exit, said) = check("hunter2");
    assert_eq!(
        (exit, said.as_str()),
        (Some(1), "Found 17 times in known breaches.\n"),
        "a no that scripts see"
    );
    let (exit, said) = check("correct horse battery");
    assert_eq!(exit, Some(0), "not found: {said}");
}

#[test]
fn p40_the_version_names_the_library_that_writes_the_file() {
    let ran = Shop::none_yet().run(&["--version"]);
    let mut lines = ran.out.lines();
    assert_eq!(
        lines.next(),
        Some(concat!("keyholder ", env!("CARGO_PKG_VERSION"))),
        "the program first: {ran:?}"
    );
    let libraries = lines.next().unwrap_or_default();
    assert!(
        libraries.starts_with("SQLite 3.") && libraries.contains("SQLCipher 4."),
        "then what writes the store: {ran:?}"
    );
}
