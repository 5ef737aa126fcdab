//! The rules about passwords, for any text at all.

#![expect(clippy::unwrap_used, reason = "tests")]

use keyholder_core::password::{
    Context, ContextKind, MAX_BYTES, Password, Rules, TooLong, Weakness, check, strength,
};
use proptest::prelude::*;
use secrecy::SecretString;
use unicode_normalization::is_nfc;

const NOBODY: Context<'_> = Context {
    shop: "",
    name: "",
    email: "",
};

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

proptest! {
    #[test]
    fn any_text_is_a_password_in_nfc_or_too_long(text in any::<String>()) {
        let password = password(&text);
        prop_assert!(is_nfc(password.expose()), "kept in NFC");
        prop_assert_eq!(password.expose().chars().count(), password.code_points(), "code points are counted");
        let again = self::password(password.expose());
        prop_assert_eq!(again.expose(), password.expose(), "the NFC form is its own NFC form");
    }

    #[test]
    fn any_text_is_checked_without_a_crash(text in any::<String>(), shop in any::<String>(), name in any::<String>()) {
        let context = Context { shop: &shop, name: &name, email: &text };
        let answer = check(&password(&text), &context, Rules::sole());
        let short = password(&text).code_points() < 15;
        let said = answer.err().unwrap_or_default().iter().any(|why| matches!(why, Weakness::TooShort { .. }));
        prop_assert_eq!(short, said, "too short exactly below 15 code points");
        prop_assert!(strength(&password(&text), &context).get() <= 4, "strength is 0 to 4");
    }

    #[test]
    fn figures_and_marks_for_letters_are_checked_without_a_crash(text in "[4@8(\\{\\[<3691!|0$5+7%2aeiou]{1,60}") {
        let _refused_or_not = check(&password(&text), &NOBODY, Rules::with_second_factor());
        prop_assert!(strength(&password(&text), &NOBODY).get() <= 4, "strength is 0 to 4");
    }

    #[test]
    fn a_longer_minimum_refuses_more_and_a_shorter_one_changes_nothing(asked in 0_u32..200, text in "[a-z ]{0,60}") {
        let rules = Rules::sole().at_least(asked);
        prop_assert_eq!(rules.minimum(), asked.max(15), "never below the rule");
        if check(&password(&text), &NOBODY, rules).is_ok() {
            prop_assert!(check(&password(&text), &NOBODY, Rules::sole()).is_ok(), "what the strict rule takes, the other takes");
        }
    }
}

#[test]
fn a_password_beyond_the_bound_is_refused_and_nothing_is_cut_off() {
    assert_eq!(
        password(&"é".repeat(2_048)).expose().len(),
        MAX_BYTES,
        "4,096 bytes are taken whole"
    );
    assert_eq!(
        password(&"e\u{301}".repeat(2_048)).expose().len(),
        MAX_BYTES,
        "the bound is that of the NFC form"
    );
    for text in [
        " ".repeat(MAX_BYTES + 1),
        "e\u{301}".repeat(2_049),
        "a".repeat(1 << 20),
        "\u{301}".repeat(1 << 19),
    ] {
        assert_eq!(
            Password::new(text).err(),
            Some(TooLong),
            "one byte more is refused"
        );
    }
    assert_eq!(
        TooLong.to_string(),
        "this password is longer than 4096 bytes; choose a shorter one"
    );
}

#[test]
fn a_password_shows_nothing_of_itself() {
    let password = Password::try_from(SecretString::from("correct horse battery")).unwrap();
    assert_eq!(
        format!("{password:?}"),
        "Password(…)",
        "logs never hold a password"
    );
    assert_eq!(
        password.expose(),
        "correct horse battery",
        "only those who ask see it"
    );
}

#[test]
fn a_stronger_password_has_a_longer_bar_and_own_names_do_not_count() {
    let context = Context {
        shop: "Rose Garden",
        name: "Anna Müller",
        email: "anna@blumenhof.example",
    };
    let bar = |text: &str| strength(&password(text), &context).get();
    assert_eq!(
        [bar(""), bar("password"), bar("anna"), bar("blumenhof")],
        [0; 4],
        "found at once"
    );
    assert!(bar("tr4ctor fog") > bar("tractor"), "more is stronger");
    assert_eq!(
        bar("correct horse battery staple"),
        4,
        "a passphrase is out of reach"
    );
    assert_eq!(bar(&"seven grey geese ".repeat(240)), 4, "however long it is");
}

#[test]
fn every_refusal_says_why_and_what_would_do() {
    let refusals = [
        Weakness::TooShort { have: 6, need: 15 },
        Weakness::Common,
        Weakness::Repetitive,
        Weakness::Sequential,
        Weakness::ContextWord {
            which: ContextKind::Shop,
        },
        Weakness::ContextWord {
            which: ContextKind::Name,
        },
        Weakness::ContextWord {
            which: ContextKind::Email,
        },
        Weakness::Breached { times: 1 },
        Weakness::Breached { times: 52_256_179 },
    ];
    for refusal in refusals {
        let words = refusal.to_string();
        assert!(words.starts_with("This "), "{words} names what is wrong first");
        assert!(
            words.matches(". ").count() == 1 && words.ends_with('.'),
            "{words} adds what would do"
        );
    }
    assert_eq!(
        refusals[0].to_string(),
        "This password has 6 characters and needs at least 15. Four or five words that do not belong together are long enough and easy to remember."
    );
}

#[test]
fn the_window_gets_the_reason_with_its_figures() {
    let json = serde_json::to_value([
        Weakness::TooShort { have: 6, need: 15 },
        Weakness::ContextWord {
            which: ContextKind::Email,
        },
    ]);
    assert_eq!(
        json.unwrap(),
        serde_json::json!([{ "kind": "tooShort", "have": 6, "need": 15 }, { "kind": "contextWord", "which": "email" }]),
        "the screens choose the words"
    );
}
