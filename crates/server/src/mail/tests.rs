//! What people read.

mod hostile;

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use keyholder_core::account::Name;
use keyholder_core::letter::{Device, Letter, Link, Visit};

use super::{Letterhead, Rendered, render};
use crate::pages::Colour;
use crate::settings::PublicUrl;

const TOKEN: &str = "Zk1vQ0NhbmFyeS1zaW5ncy1oZXJlLXRvLWJlLWZvdW5k";

fn now() -> Timestamp {
    "2026-11-23T17:44:09Z".parse().unwrap()
}

fn head(shop: &str) -> Letterhead {
    Letterhead {
        shop: Name::parse(shop).unwrap(),
        accent: Colour::default(),
        public_url: PublicUrl::parse("https://keys.cornerbooks.example").unwrap(),
    }
}

fn link(path: &str, minutes: i64) -> Link {
    Link::new(
        &format!("{path}/{TOKEN}"),
        now() + SignedDuration::from_mins(minutes),
    )
    .unwrap()
}

fn visit() -> Visit {
    Visit {
        at: now() - SignedDuration::from_mins(2),
        device: Device::of_user_agent("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Firefox/140.0"),
        address: Some(IpAddr::from([192, 0, 2, 7])),
    }
}

/// One of each.
fn letters(by: &str) -> Vec<Letter> {
    let at = now() - SignedDuration::from_secs(20);
    vec![
        Letter::Invitation {
            by: Name::parse(by).unwrap(),
            link: link("/invitation", 3 * 24 * 60),
        },
        Letter::PasswordReset {
            link: link("/reset", 30),
        },
        Letter::ConfirmAddress {
            link: link("/confirm", 24 * 60),
        },
        Letter::AddressTaken,
        Letter::SignInLink {
            link: link("/link", 10),
        },
        Letter::NewDevice {
            visit: visit(),
            link: link("/not-me", 7 * 24 * 60),
        },
        Letter::PasswordChanged { at },
        Letter::SecondFactorRemoved { at },
        Letter::SecondFactorMissing { visit: visit() },
        Letter::AddressChanged { at },
        Letter::Test,
    ]
}

fn rendered(letter: &Letter, shop: &str) -> Rendered {
    render(letter, &head(shop), now()).unwrap()
}

#[expect(clippy::too_many_lines, reason = "every letter, one below the other")]
#[test]
fn letters_say_what_happened_and_what_to_do() {
    let letters = letters("Ada");
    let texts = letters.iter().map(|letter| {
        let Rendered { subject, text, .. } = rendered(letter, "Corner Books");
        format!("Subject: {subject}\n\n{text}")
    });
    let texts = texts.collect::<Vec<_>>().join("\n==========\n\n");
    insta::assert_snapshot!(texts, @r#"
    Subject: Your account at Corner Books

    You are invited

    Ada made an account for you at Corner Books. Choose a password, and it
    is yours.

    Choose a password:
    https://keys.cornerbooks.example/invitation/Zk1vQ0NhbmFyeS1zaW5ncy1oZXJlLXRvLWJlLWZvdW5k

    The link works once, for 3 days: until Thursday, 26 November 2026, 17:44
    UTC.

    If you do not expect this, leave it: nothing happens until you choose a
    password.

    -- 
    Corner Books sends this because somebody there invited this address.
    Answers to it are not read.

    ==========

    Subject: A new password for Corner Books

    Set a new password

    Somebody, most likely you, asked for a new password for your account at
    Corner Books.

    Set a new password:
    https://keys.cornerbooks.example/reset/Zk1vQ0NhbmFyeS1zaW5ncy1oZXJlLXRvLWJlLWZvdW5k

    The link works once, for 30 minutes: until Monday, 23 November 2026,
    18:14 UTC.

    If you did not ask for it, leave this letter: your password stays as it
    is. Give the link in it to nobody, whoever asks.

    -- 
    Corner Books sends this because an account there has this address.
    Answers to it are not read.

    ==========

    Subject: Confirm your address for Corner Books

    Is this your address?

    Somebody, most likely you, gave this e-mail address at Corner Books. Say
    that it is yours.

    Yes, this is my address:
    https://keys.cornerbooks.example/confirm/Zk1vQ0NhbmFyeS1zaW5ncy1oZXJlLXRvLWJlLWZvdW5k

    The link works once, for 24 hours: until Tuesday, 24 November 2026,
    17:44 UTC.

    If you know nothing of it, leave this letter: the address is not used
    then.

    -- 
    Corner Books sends this because somebody gave this address there.
    Answers to it are not read.

    ==========

    Subject: You have an account at Corner Books already

    You have an account already

    Somebody, most likely you, tried to register at Corner Books with this
    address. It has an account there, so no second one was made.

    Sign in:
    https://keys.cornerbooks.example

    If you do not know the password any more, you can ask for a new one
    there. If you did not try to register, there is nothing to do.

    -- 
    Corner Books sends this because an account there has this address.
    Answers to it are not read.

    ==========

    Subject: Your way into Corner Books

    Sign in with one click

    Somebody, most likely you, asked to sign in to Corner Books without a
    password.

    Sign in:
    https://keys.cornerbooks.example/link/Zk1vQ0NhbmFyeS1zaW5ncy1oZXJlLXRvLWJlLWZvdW5k

    The link works once, for 10 minutes: until Monday, 23 November 2026,
    17:54 UTC.

    If you did not ask for it, leave this letter, and give the link in it to
    nobody: whoever has it can sign in as you.

    -- 
    Corner Books sends this because an account there has this address.
    Answers to it are not read.

    ==========

    Subject: A new sign-in to Corner Books

    A new sign-in

    Somebody signed in to your account at Corner Books from a device that
    was not known. If that was you, there is nothing to do.

      When  Monday, 23 November 2026, 17:42 UTC
      With  Firefox on Windows
      From  192.0.2.7

    That was not me:
    https://keys.cornerbooks.example/not-me/Zk1vQ0NhbmFyeS1zaW5ncy1oZXJlLXRvLWJlLWZvdW5k

    The link works once, for 7 days: until Monday, 30 November 2026, 17:44
    UTC.

    The link ends the session at once and locks the account, until somebody
    at the shop has spoken with you.

    -- 
    Corner Books sends this because an account there has this address.
    Answers to it are not read.

    ==========

    Subject: Your password for Corner Books was changed

    Your password was changed

    The password of your account at Corner Books is another one now. If you
    changed it, there is nothing to do.

      When  Monday, 23 November 2026, 17:43 UTC

    If it was not you, tell Corner Books at once. They can lock the account
    and look into it.

    -- 
    Corner Books sends this because an account there has this address.
    Answers to it are not read.

    ==========

    Subject: Your second factor for Corner Books was removed

    Your second factor was removed

    Your account at Corner Books asks for no code at sign-in any more: the
    password alone opens it. If that was meant so, there is nothing to do.
    With a second factor the account is safer.

      When  Monday, 23 November 2026, 17:43 UTC

    If it was not you, tell Corner Books at once. They can lock the account
    and look into it.

    -- 
    Corner Books sends this because an account there has this address.
    Answers to it are not read.

    ==========

    Subject: A sign-in to Corner Books was not finished

    A sign-in was not finished

    Somebody typed the right password of your account at Corner Books, and
    no code for three minutes after. If that was you, there is nothing to
    do.

      When  Monday, 23 November 2026, 17:42 UTC
      With  Firefox on Windows
      From  192.0.2.7

    If it was not you, somebody knows your password. They did not get in.
    Change the password at Corner Books now, and wherever else you use it.

    -- 
    Corner Books sends this because an account there has this address.
    Answers to it are not read.

    ==========

    Subject: Your address at Corner Books was changed

    Your address was changed

    Your account at Corner Books has another e-mail address now, and letters
    go there. If you changed it, there is nothing to do.

      When  Monday, 23 November 2026, 17:43 UTC

    If it was not you, tell Corner Books at once. They can lock the account
    and look into it.

    -- 
    Corner Books sends this because an account there had this address.
    Answers to it are not read.

    ==========

    Subject: A letter from Corner Books

    Letters arrive

    Somebody at Corner Books tried whether letters arrive. This one did;
    there is nothing to do.

    -- 
    Corner Books sends this because somebody there wanted to see it arrive.
    Answers to it are not read.
    "#);
}

#[test]
fn a_letter_is_alike_as_text_and_as_html() {
    for letter in letters("Ada") {
        let Rendered { text, html, .. } = rendered(&letter, "Corner Books");
        let words = |text: &str| text.split_whitespace().collect::<String>();
        let shown = words(&mail_parser::decoders::html::html_to_text(&html));
        let paragraphs = text.split("\n\n").filter(|part| !part.contains("https://"));
        for paragraph in paragraphs.map(|part| words(part.trim_start_matches("-- "))) {
            assert!(
                shown.contains(&paragraph),
                "{:?}: the HTML says it too: {paragraph}\n{shown}",
                letter.kind()
            );
        }
    }
}

#[test]
fn a_letter_asks_for_nothing_from_elsewhere_and_holds_no_secret_but_its_link() {
    for letter in letters("Ada") {
        let Rendered { subject, text, html } = rendered(&letter, "Corner Books");
        let kind = letter.kind();
        for asks in [
            "<img",
            "<script",
            "<link",
            "src=",
            "url(",
            "@import",
            "background=",
            "<iframe",
            "<form",
        ] {
            assert!(!html.to_lowercase().contains(asks), "{kind:?} has {asks}");
        }
        for (place, _) in html.match_indices("http") {
            assert!(
                html[place..].starts_with("https://keys.cornerbooks.example"),
                "{kind:?} leads to the service alone"
            );
        }
        let tokens = |text: &str| text.matches(TOKEN).count();
        let expected = usize::from(letter.link().is_some());
        assert_eq!(tokens(&subject), 0, "{kind:?}: nothing on a locked screen");
        assert_eq!(tokens(&text), expected, "{kind:?}: the link once");
        assert_eq!(
            tokens(&html),
            2 * expected,
            "{kind:?}: as a button, and to be copied"
        );
        assert!(
            !format!("{letter:?}").contains(TOKEN),
            "{kind:?}: and not in a log"
        );
    }
}
