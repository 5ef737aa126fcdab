//! The settings of mail.

use secrecy::ExposeSecret as _;

use super::{Written, nothing};
use crate::settings::{GivenPassword, Security, SmtpUrl};

/// A server and an address, as most shops have them.
fn usual(url: &str) -> Written {
    nothing()
        .flag("smtp-url", url)
        .flag("mail-from", "keys@cornerbooks.example")
}

/// What `--check` tells of mail.
fn told(written: &Written) -> String {
    let checked = written.checked();
    let lines = checked
        .lines()
        .filter(|line| line.starts_with("smtp") || line.starts_with("mail"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn check_tells_of_the_mail_server_and_never_its_password() {
    const CANARY: &str = "the-canary-sings";
    let written = nothing()
        .file("smtp-url = \"smtps://mail.example\"\nmail-from = \"keys@cornerbooks.example\"\n")
        .variable("KEYHOLDER_SMTP_PASSWORD", CANARY)
        .flag("smtp-user", "keyholder@cornerbooks.example");
    insta::assert_snapshot!(told(&written), @r"
    smtp-url = smtps://mail.example:465 (keyholder.toml, line 1)
    smtp-user = keyholder@cornerbooks.example (--smtp-user)
    smtp-password = given, not shown (KEYHOLDER_SMTP_PASSWORD)
    smtp-password-file = - (default)
    smtp-ca = - (default)
    mail-from = keys@cornerbooks.example (keyholder.toml, line 2)
    ");
    let settings = written.taken();
    assert!(
        !format!("{settings:?}").contains(CANARY),
        "a line of the log has no password"
    );
    let Some(GivenPassword::Given(password)) = settings.mail.unwrap().password else {
        panic!("it was given");
    };
    assert_eq!(password.expose_secret(), CANARY, "the mail server gets it");

    for misplaced in [
        usual(&format!("smtps://keyholder:{CANARY}@mail.example")),
        usual(&format!("smtps://mail.example/{CANARY}")),
        usual(&format!("{CANARY}://mail.example")),
        nothing().file(&format!("smtp-password = \"{CANARY}\"")),
        nothing().flag("mail-from", CANARY),
        nothing().variable("KEYHOLDER_SMTP_PASSWORD", CANARY),
    ] {
        let refused = misplaced.refused();
        assert!(!refused.contains(CANARY), "nor where it is refused: {refused}");
    }
}

#[test]
fn what_makes_no_sense_together_is_told() {
    let no_server = nothing()
        .flag("mail-from", "keys@cornerbooks.example")
        .flag("smtp-ca", "ca.pem");
    insta::assert_snapshot!(no_server.refused(), @r"
    --smtp-ca is of no use without smtp-url
    --mail-from is of no use without smtp-url
    ");
    let nobody = nothing().flag("smtp-url", "smtps://mail.example");
    insta::assert_snapshot!(nobody.refused(), @"mail-from is needed where smtp-url is given");
    let no_password = usual("smtps://mail.example").flag("smtp-user", "keyholder");
    insta::assert_snapshot!(no_password.refused(), @"--smtp-user needs a password: give it in KEYHOLDER_SMTP_PASSWORD, or in a file named with smtp-password-file");
    let no_user = usual("smtps://mail.example").flag("smtp-password-file", "/run/secrets/smtp");
    insta::assert_snapshot!(no_user.refused(), @"--smtp-password-file is nobody's: name the user with smtp-user");
    let twice = usual("smtps://mail.example")
        .flag("smtp-user", "keyholder")
        .flag("smtp-password-file", "/run/secrets/smtp")
        .variable("KEYHOLDER_SMTP_PASSWORD", "secret");
    insta::assert_snapshot!(twice.refused(), @"KEYHOLDER_SMTP_PASSWORD is given, and a file with it is named as well: keep one of them");
    let with_user = usual("smtps://keyholder@mail.example");
    insta::assert_snapshot!(with_user.refused(), @"--smtp-url holds a user or a password: name the user with smtp-user, and give the password in KEYHOLDER_SMTP_PASSWORD or in a file named with smtp-password-file");
}

#[test]
fn letters_travel_in_the_clear_to_this_machine_alone() {
    for (url, security, port) in [
        ("smtps://mail.example", Security::Implicit, 465),
        ("smtps://localhost:2465", Security::Implicit, 2465),
        ("smtp://mail.example", Security::StartTls, 587),
        ("smtp://192.0.2.25:25", Security::StartTls, 25),
        ("smtp://localhost.evil.example", Security::StartTls, 587),
        ("smtp://[2001:db8::1]", Security::StartTls, 587),
        ("smtp://localhost:25", Security::Clear, 25),
        ("smtp://127.0.0.1:25", Security::Clear, 25),
        ("smtp://[::1]:25", Security::Clear, 25),
    ] {
        let mail = usual(url).taken().mail.unwrap();
        assert_eq!((mail.security(), mail.server.port()), (security, port), "{url}");
    }
    let with_ca = usual("smtp://127.0.0.1:25").flag("smtp-ca", "ca.pem").taken();
    assert_eq!(
        with_ca.mail.unwrap().security(),
        Security::StartTls,
        "whoever names an authority wants it to be asked"
    );
}

#[test]
fn a_mail_server_is_an_address_of_one_of_two_kinds() {
    for nonsense in [
        "",
        "mail.example",
        "mail.example:465",
        "https://mail.example",
        "smtp://",
        "smtps://a b",
    ] {
        assert!(SmtpUrl::parse(nonsense).is_err(), "{nonsense:?} is none");
    }
    let shown = SmtpUrl::parse("smtps://Mail.Example/").unwrap().to_string();
    assert_eq!(shown, "smtps://mail.example:465", "it is told with its port");
}
