//! Signing in: the same rules as the window, and no secret on the command line.

use keyholder_core::second_factor::TotpSecret;

use crate::shop::{ADA, PASSWORD, Shop, code_of};

#[test]
fn five_wrong_passwords_and_the_right_one_must_wait() {
    let shop = Shop::set_up();
    shop.write("wrong", "not the password of anybody");
    let list = [
        "account",
        "list",
        "--as",
        ADA,
        "--password-file",
        &shop.text("wrong"),
    ];
    let first = shop.run(&list);
    assert_eq!(first.exit, 1, "wrong is refused: {first:?}");
    insta::assert_snapshot!(first.err, @r"
    Not done: this e-mail address, password or code is not right (KH-1001)
    The attempt was counted; nothing else was changed.
    Try again. After some failures in a row there is a wait.
    ");
    for attempt in 2..=5 {
        assert_eq!(shop.run(&list).exit, 1, "attempt {attempt} is looked at");
    }
    let right = shop.ada(&["account", "list"]);
    assert_eq!(
        right.exit, 4,
        "five failures were counted over five starts of the program: {right:?}"
    );
    insta::assert_snapshot!(shop.steady(&right.err), @r"
    Not done: 5 failures in a row: wait until 2026-01-31 12:00:00 UTC before the next try (KH-1002)
    Nothing was changed.
    ");
}

#[test]
fn password_and_code_are_two_lines_of_standard_input() {
    let shop = Shop::set_up();
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let hash = "$2b$04$abcdefghijklmnopqrstuuUmjNXq1XyawyZ/BlKYVX3Rw7vQMuTEm";
    let file = shop.write(
        "one.csv",
        format!("email,role,password_hash,totp_secret\nbo@b.co,owner,{hash},{secret}\n"),
    );
    shop.ada(&["account", "import", &file, "--apply"]).done();

    let list = ["account", "list", "--as", "bo@b.co", "--password-file", "-"];
    let no_code = shop.fed(&list, PASSWORD);
    assert_eq!(no_code.exit, 2, "the code is asked for: {no_code:?}");
    insta::assert_snapshot!(no_code.err, @r"
    Not done: there is no terminal to ask for the code of the authenticator app, or a recovery code
    Nothing was changed.
    Name a file that holds it with --code-file; - is standard input.
    ");

    let with_code = [&list[..], &["--code-file", "-"]].concat();
    let wrong = shop.fed(&with_code, &format!("{PASSWORD}\nabc\n"));
    assert_eq!(wrong.exit, 1, "a wrong code is refused: {wrong:?}");
    insta::assert_snapshot!(wrong.err, @r"
    Not done: that is no code: the authenticator app shows six digits, a recovery code has three groups of five
    Nothing was changed.
    Look again. It was not counted.
    ");
    let code = code_of(&TotpSecret::from_base32(secret).unwrap());
    let right = shop.fed(&with_code, &format!("{PASSWORD}\r\n{code}\n"));
    assert_eq!(right.exit, 0, "both lines are read: {right:?}");
    let replayed = shop.fed(&with_code, &format!("{PASSWORD}\n{code}\n"));
    assert_eq!(replayed.exit, 1, "a code works once: {replayed:?}");
}

#[test]
fn a_recovery_code_is_not_used_up_where_nobody_could_see_the_new_second_factor() {
    let shop = Shop::set_up();
    let codes = shop.bind_phone_of_ada();
    let file = shop.write("code", format!("{}\n", codes[0]));
    let refused = shop.ada(&["account", "list", "--code-file", &file]);
    assert_eq!(refused.exit, 2, "there is no terminal: {refused:?}");
    insta::assert_snapshot!(refused.err, @r"
    Not done: a recovery code needs a terminal: the new second factor is shown on it
    Nothing was changed; the recovery code is still good.
    Sign in with a code of the authenticator app, or type the command at a terminal.
    ");
    assert_eq!(shop.recovery_codes_left_of_ada(), 8, "all are still good");
}

#[test]
fn a_secret_is_never_an_argument() {
    let shop = Shop::none_yet();
    for option in [
        "--password",
        "--code",
        "--new-password",
        "--recovery-key",
        "--key",
    ] {
        let ran = shop.run(&["account", "list", "--as", ADA, option, "secret"]);
        assert_eq!(
            ran.exit, 2,
            "{option} would show a secret to everybody on the machine: {ran:?}"
        );
    }
    shop.run(&["man", "--directory", &shop.text("")]).done();
    for page in std::fs::read_dir(shop.path("")).unwrap() {
        let path = page.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "1") {
            let page = std::fs::read_to_string(&path).unwrap();
            let takes_one = |line: &&str| {
                line.contains("PASSWORD>") || line.contains("CODE>") || line.contains("SECRET>")
            };
            assert_eq!(
                page.lines().find(takes_one),
                None,
                "{} has an option for a secret",
                path.display()
            );
        }
    }
}

#[test]
fn nobody_to_ask_is_said_before_anything_happens() {
    let shop = Shop::set_up();
    let nobody = shop.run(&["account", "list"]);
    assert_eq!(nobody.exit, 2, "nobody signs in: {nobody:?}");
    insta::assert_snapshot!(nobody.err, @r"
    Not done: nobody was named to sign in
    Nothing was changed.
    Say who you are with --as E-MAIL or KEYHOLDER_AS.
    ");
    let no_terminal = shop.run(&["account", "list", "--as", ADA]);
    assert_eq!(no_terminal.exit, 2, "no terminal and no file: {no_terminal:?}");
    insta::assert_snapshot!(no_terminal.err, @r"
    Not done: there is no terminal to ask for the password
    Nothing was changed.
    Name a file that holds it with --password-file; - is standard input.
    ");
}
