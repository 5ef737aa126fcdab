//! English.

use jiff::Timestamp;
use keyholder_core::letter::{Device, Letter, Link, Visit};

use super::{Way, Words};
use crate::mail::letterhead::Letterhead;
use crate::mail::moment::{how_long, moment};

/// The letter in English.
#[expect(
    clippy::too_many_lines,
    reason = "every letter with its words, one below the other"
)]
pub(in crate::mail) fn english(letter: &Letter, head: &Letterhead, now: Timestamp) -> Words {
    let shop = head.shop();
    let words = |subject: String, title: &str, opening: &[String]| Words {
        language: "en",
        subject,
        title: title.to_owned(),
        opening: opening.to_vec(),
        facts: Vec::new(),
        way: None,
        closing: Vec::new(),
        footer: format!(
            "{shop} sends this because an account there has this address. Answers to it are not read."
        ),
    };
    let go = |label, link: &Link| Some(go(label, link, head, now));
    let tell = format!("If it was not you, tell {shop} at once. They can lock the account and look into it.");
    match letter {
        Letter::Invitation { by, link } => Words {
            way: go("Choose a password", link),
            closing: vec!["If you do not expect this, leave it: nothing happens until you choose a password.".to_owned()],
            footer: format!("{shop} sends this because somebody there invited this address. Answers to it are not read."),
            ..words(
                format!("Your account at {shop}"),
                "You are invited",
                &[if by.is_empty() {
                    format!("There is an account for you at {shop}. Choose a password, and it is yours.")
                } else {
                    format!("{by} made an account for you at {shop}. Choose a password, and it is yours.")
                }],
            )
        },
        Letter::PasswordReset { link } => Words {
            way: go("Set a new password", link),
            closing: vec![
                "If you did not ask for it, leave this letter: your password stays as it is. Give the link in it to \
                 nobody, whoever asks."
                    .to_owned(),
            ],
            ..words(
                format!("A new password for {shop}"),
                "Set a new password",
                &[format!("Somebody, most likely you, asked for a new password for your account at {shop}.")],
            )
        },
        Letter::ConfirmAddress { link } => Words {
            way: go("Yes, this is my address", link),
            closing: vec!["If you know nothing of it, leave this letter: the address is not used then.".to_owned()],
            footer: format!("{shop} sends this because somebody gave this address there. Answers to it are not read."),
            ..words(
                format!("Confirm your address for {shop}"),
                "Is this your address?",
                &[format!("Somebody, most likely you, gave this e-mail address at {shop}. Say that it is yours.")],
            )
        },
        Letter::AddressTaken => Words {
            way: Some(home("Sign in", head)),
            closing: vec![
                "If you do not know the password any more, you can ask for a new one there. If you did not try to \
                 register, there is nothing to do."
                    .to_owned(),
            ],
            ..words(
                format!("You have an account at {shop} already"),
                "You have an account already",
                &[format!(
                    "Somebody, most likely you, tried to register at {shop} with this address. It has an account \
                     there, so no second one was made."
                )],
            )
        },
        Letter::SignInLink { link } => Words {
            way: go("Sign in", link),
            closing: vec![
                "If you did not ask for it, leave this letter, and give the link in it to nobody: whoever has it can \
                 sign in as you."
                    .to_owned(),
            ],
            ..words(
                format!("Your way into {shop}"),
                "Sign in with one click",
                &[format!("Somebody, most likely you, asked to sign in to {shop} without a password.")],
            )
        },
        Letter::NewDevice { visit, link } => Words {
            facts: facts(visit),
            way: go("That was not me", link),
            closing: vec![
                "The link ends the session at once and locks the account, until somebody at the shop has spoken with you."
                    .to_owned(),
            ],
            ..words(
                format!("A new sign-in to {shop}"),
                "A new sign-in",
                &[format!(
                    "Somebody signed in to your account at {shop} from a device that was not known. If that was you, \
                     there is nothing to do."
                )],
            )
        },
        Letter::PasswordChanged { at } => Words {
            facts: vec![("When", moment(*at))],
            closing: vec![tell],
            ..words(
                format!("Your password for {shop} was changed"),
                "Your password was changed",
                &[format!(
                    "The password of your account at {shop} is another one now. If you changed it, there is nothing \
                     to do."
                )],
            )
        },
        Letter::SecondFactorRemoved { at } => Words {
            facts: vec![("When", moment(*at))],
            closing: vec![tell],
            ..words(
                format!("Your second factor for {shop} was removed"),
                "Your second factor was removed",
                &[format!(
                    "Your account at {shop} asks for no code at sign-in any more: the password alone opens it. If \
                     that was meant so, there is nothing to do. With a second factor the account is safer."
                )],
            )
        },
        Letter::SecondFactorMissing { visit } => Words {
            facts: facts(visit),
            closing: vec![format!(
                "If it was not you, somebody knows your password. They did not get in. Change the password at \
                 {shop} now, and wherever else you use it."
            )],
            ..words(
                format!("A sign-in to {shop} was not finished"),
                "A sign-in was not finished",
                &[format!(
                    "Somebody typed the right password of your account at {shop}, and no code for three minutes \
                     after. If that was you, there is nothing to do."
                )],
            )
        },
        Letter::AddressChanged { at } => Words {
            facts: vec![("When", moment(*at))],
            closing: vec![tell],
            footer: format!("{shop} sends this because an account there had this address. Answers to it are not read."),
            ..words(
                format!("Your address at {shop} was changed"),
                "Your address was changed",
                &[format!(
                    "Your account at {shop} has another e-mail address now, and letters go there. If you changed it, \
                     there is nothing to do."
                )],
            )
        },
        Letter::Test => Words {
            footer: format!("{shop} sends this because somebody there wanted to see it arrive. Answers to it are not read."),
            ..words(
                format!("A letter from {shop}"),
                "Letters arrive",
                &[format!("Somebody at {shop} tried whether letters arrive. This one did; there is nothing to do.")],
            )
        },
    }
}

const OTHERWISE: &str = "If the button does nothing, open this address:";

fn go(label: &'static str, link: &Link, head: &Letterhead, now: Timestamp) -> Way {
    let lasts = format!(
        "The link works once, for {}: until {}.",
        how_long(now, link.until),
        moment(link.until)
    );
    Way {
        label,
        url: format!("{}{}", head.public_url, link.path()),
        lasts: Some(lasts),
        otherwise: OTHERWISE,
    }
}

fn home(label: &'static str, head: &Letterhead) -> Way {
    Way {
        label,
        url: head.public_url.to_string(),
        lasts: None,
        otherwise: OTHERWISE,
    }
}

fn facts(visit: &Visit) -> Vec<(&'static str, String)> {
    let mut facts = vec![("When", moment(visit.at)), ("With", device(visit.device))];
    facts.extend(
        visit
            .address
            .map(|address| ("From", address.to_canonical().to_string())),
    );
    facts
}

fn device(device: Device) -> String {
    match (device.browser, device.system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_string(),
        (None, Some(system)) => system.to_string(),
        (None, None) => "a program that is not known".to_owned(),
    }
}
