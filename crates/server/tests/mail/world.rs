//! A shop that sends letters.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use keyholder_core::account::{Email, Name};
use keyholder_core::letter::{Letter, Link};
use keyholder_server::mail::{Addressed, Answer, Letterhead, Smtp, Written};
use keyholder_server::pages::Colour;
use keyholder_server::settings::{Defaults, GivenPassword, PublicUrl, Settings, Sources};
use uuid::Uuid;

use crate::sink::Sink;

pub(crate) const FROM: &str = "keys@cornerbooks.example";
pub(crate) const TO: &str = "bruno@cornerbooks.example";
pub(crate) const PASSWORD: &str = "the canary sings";

/// The way to a server, as settings with these flags name it. With a user the password is [`PASSWORD`].
pub(crate) fn way(url: &str, flags: &[(&'static str, &str)]) -> Smtp {
    let mut given: BTreeMap<_, _> = [("smtp-url", url), ("mail-from", FROM)].into();
    given.extend(flags.iter().copied());
    given.insert("listen", "127.0.0.1:8443");
    given.insert("public-url", "http://127.0.0.1:8443");
    let has_user = given.contains_key("smtp-user");
    let flags = given
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    let sources = Sources {
        flags: &flags,
        environment: &|name| (has_user && name == "KEYHOLDER_SMTP_PASSWORD").then(|| PASSWORD.into()),
        file: None,
        defaults: &Defaults {
            store: PathBuf::from("unused"),
            processors: 1,
        },
    };
    let settings = Settings::read(&sources).unwrap().0;
    let mail = settings.mail.unwrap();
    let password = match &mail.password {
        Some(GivenPassword::Given(password)) => Some(password),
        Some(GivenPassword::File(_)) | None => None,
    };
    Smtp::new(&mail, password, &settings.public_url).unwrap()
}

/// The way to that server in the clear, as to any on this machine.
pub(crate) fn clear(sink: &Sink) -> Smtp {
    way(&format!("smtp://127.0.0.1:{}", sink.port), &[])
}

/// The way to that server by STARTTLS, with whoever signed its certificate trusted.
pub(crate) fn starttls(sink: &Sink, flags: &[(&'static str, &str)]) -> Smtp {
    let certificate = sink.certificate();
    let flags: Vec<_> = flags
        .iter()
        .copied()
        .chain([("smtp-ca", certificate.as_str())])
        .collect();
    way(&format!("smtp://127.0.0.1:{}", sink.port), &flags)
}

pub(crate) fn head(shop: &str) -> Letterhead {
    Letterhead {
        shop: Name::parse(shop).unwrap(),
        accent: Colour::default(),
        public_url: PublicUrl::parse("https://keys.cornerbooks.example").unwrap(),
    }
}

pub(crate) fn at() -> Timestamp {
    "2026-11-23T17:44:09Z".parse().unwrap()
}

/// A letter of that shop to that address.
pub(crate) fn letter(shop: &str, to: &str) -> Written {
    let link = Link::new(
        "/reset/Zk1vQ0NhbmFyeS1zaW5ncw",
        "2026-11-23T18:14:09Z".parse().unwrap(),
    )
    .unwrap();
    let addressed = Addressed {
        to: &Email::parse(to).unwrap(),
        from: &Email::parse(FROM).unwrap(),
        id: Uuid::from_u128(7),
        at: at(),
    };
    Written::new(&Letter::PasswordReset { link }, &head(shop), addressed).unwrap()
}

/// The usual letter, sent that way.
pub(crate) async fn send(way: &Smtp) -> Answer {
    way.send(&letter("Corner Books", TO)).await
}
