//! A keychain in any state never freezes the program: every question gets an answer with a name in
//! time, the event loop goes on, and the program can end. The keyring is a real one.

use std::io;
use std::time::Duration;

use crate::measure::{Measured, Probe};
use crate::{PASSWORD, Story};
use keyholder_app::keychain::KeychainError;
use keyholder_app::testing::{DyingService, Keyring, PrivateBus, SilentPrompter};

/// Four programs, one for each question, at the same time.
fn each_question(bus: &PrivateBus) -> io::Result<[Measured; 4]> {
    let [get, set, delete, state] =
        ["get", "set", "delete", "state"].map(|question| Probe::on(bus).start(question));
    Ok([
        get?.finish()?,
        set?.finish()?,
        delete?.finish()?,
        state?.finish()?,
    ])
}

/// The three that use an entry fail by this name, the look at the keychain says this, all in time.
fn all_say(measured: &[Measured; 4], error: &KeychainError, state: &str) -> Story {
    let named = error.to_string();
    let words: Vec<&str> = measured.iter().flat_map(Measured::words).collect();
    assert_eq!(
        words,
        [&named, &named, &named, state],
        "get, set, delete and state name what is wrong"
    );
    for question in measured {
        question.keeps_the_promise()?;
    }
    Ok(())
}

/// An open keyring with an entry in it that is locked afterwards.
fn locked(bus: &PrivateBus) -> Result<Keyring, Box<dyn std::error::Error>> {
    let keyring = Keyring::unlocked(bus, PASSWORD)?;
    assert_eq!(
        Probe::on(bus).ask("set")?.words(),
        ["kept"],
        "there is an entry to ask for"
    );
    keyring.lock(bus)?;
    Ok(keyring)
}

#[test]
fn p33_an_open_keychain_keeps_gives_back_and_forgets() -> Story {
    let bus = PrivateBus::start()?;
    let _keyring = Keyring::unlocked(&bus, PASSWORD)?;
    let measured = Probe::on(&bus).ask("state,get,set,get,delete,get,delete")?;
    assert_eq!(
        measured.words(),
        ["Unlocked", "absent", "kept", "a value", "gone", "absent", "gone"],
        "an entry is there from the moment it is set until it is deleted"
    );
    Ok(measured.keeps_the_promise()?)
}

#[test]
fn p33_a_locked_keychain_that_cannot_ask_says_that_it_is_locked() -> Story {
    let bus = PrivateBus::start()?;
    let _keyring = locked(&bus)?;
    all_say(&each_question(&bus)?, &KeychainError::Locked, "Locked")
}

#[test]
fn p33_a_prompt_that_nobody_answers_holds_nobody_up() -> Story {
    let bus = PrivateBus::start()?;
    let _prompter = SilentPrompter::on(&bus)?;
    let _keyring = locked(&bus)?;
    all_say(&each_question(&bus)?, &KeychainError::PromptUnanswered, "Locked")
}

#[test]
fn p33_a_prompt_is_not_opened_twice() -> Story {
    let bus = PrivateBus::start()?;
    let prompter = SilentPrompter::on(&bus)?;
    let _keyring = locked(&bus)?;
    let measured = Probe::on(&bus).ask("get,get,set,delete,state")?;
    let waiting = KeychainError::PromptUnanswered.to_string();
    assert_eq!(
        measured.words(),
        [&waiting, &waiting, &waiting, &waiting, "Prompting"],
        "whoever asks again is told about the prompt that is open"
    );
    assert_eq!(prompter.times_asked(), 1, "one prompt is enough");
    Ok(measured.keeps_the_promise()?)
}

#[test]
fn p33_a_keychain_without_a_collection_says_so_instead_of_no_entry() -> Story {
    let bus = PrivateBus::start()?;
    let _keyring = Keyring::no_collection(&bus)?;
    all_say(
        &each_question(&bus)?,
        &KeychainError::NoCollection,
        "NoCollection",
    )
}

#[test]
fn p33_no_keychain_on_the_bus_is_said_at_once() -> Story {
    let bus = PrivateBus::start()?;
    all_say(&each_question(&bus)?, &KeychainError::NoService, "NoService")
}

#[test]
fn p33_no_bus_at_all_is_said_at_once_and_none_is_started() -> Story {
    let bus = PrivateBus::start()?;
    let nowhere = bus.folder().join("nowhere");
    let nowhere = nowhere.to_str().ok_or("a folder with a name")?;
    let no_service = KeychainError::NoService.to_string();
    let programs = [
        Probe::on(&bus)
            .without("DBUS_SESSION_BUS_ADDRESS")
            .with("XDG_RUNTIME_DIR", nowhere),
        Probe::on(&bus).with("DBUS_SESSION_BUS_ADDRESS", "autolaunch:"),
        Probe::on(&bus).with("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus"),
        Probe::on(&bus).with("DBUS_SESSION_BUS_ADDRESS", "not an address"),
    ];
    for program in programs {
        let measured = program.ask("get,set,delete,state")?;
        let expected = [&no_service, &no_service, &no_service, "NoService"];
        assert_eq!(measured.words(), expected, "there is nobody to ask");
        measured.keeps_the_promise()?;
    }
    Ok(())
}

#[test]
fn p33_a_frozen_keychain_is_given_up_on() -> Story {
    let bus = PrivateBus::start()?;
    let keyring = Keyring::unlocked(&bus, PASSWORD)?;
    keyring.freeze()?;
    all_say(
        &each_question(&bus)?,
        &KeychainError::NotAnswering,
        "NotAnswering",
    )
}

#[test]
fn p33_a_keychain_that_dies_over_the_question_is_named() -> Story {
    for (question, expected) in [
        ("get", KeychainError::NotAnswering.to_string()),
        ("set", KeychainError::NotAnswering.to_string()),
        ("delete", KeychainError::NotAnswering.to_string()),
        ("state", "NotAnswering".to_owned()),
    ] {
        let bus = PrivateBus::start()?;
        let _service = DyingService::on(&bus)?;
        let measured = Probe::on(&bus).ask(question)?;
        assert_eq!(measured.words(), [&expected], "{question}");
        measured.keeps_the_promise()?;
    }
    Ok(())
}

#[test]
fn p33_a_keychain_that_dies_with_its_prompt_open_is_asked_anew_when_it_is_back() -> Story {
    let bus = PrivateBus::start()?;
    let prompter = SilentPrompter::on(&bus)?;
    let mut keyring = locked(&bus)?;
    let asking = Probe::on(&bus).start("get,state")?;
    prompter.wait_until_asked(Duration::from_secs(20))?;
    keyring.die();
    let measured = asking.finish()?;
    let given_up = KeychainError::PromptUnanswered.to_string();
    assert_eq!(
        measured.words(),
        [&given_up, "NoService"],
        "then it is gone, and the next look says so"
    );
    measured.keeps_the_promise()?;

    let _reborn = Keyring::unlocked(&bus, PASSWORD)?;
    assert_eq!(
        Probe::on(&bus).ask("get")?.words(),
        ["a value"],
        "what was kept is still there"
    );
    Ok(())
}

#[test]
fn p33_mutant_a_keychain_without_a_deadline_is_found_out() -> Story {
    let bus = PrivateBus::start()?;
    let _prompter = SilentPrompter::on(&bus)?;
    let _keyring = locked(&bus)?;
    let measured = Probe::on(&bus).start_without_deadline("get")?.finish()?;
    assert_eq!(
        measured.keeps_the_promise(),
        Err("0 of 1 questions were answered".into()),
        "the same measure must see the program that waits for ever"
    );
    Ok(())
}

#[test]
fn p35_an_entry_fits_into_every_keychain() -> Story {
    let bus = PrivateBus::start()?;
    let _keyring = Keyring::unlocked(&bus, PASSWORD)?;
    let measured = Probe::on(&bus).ask("longest,too-long,get")?;
    let too_long = KeychainError::TooLong.to_string();
    assert_eq!(
        measured.words(),
        ["kept", &too_long, &"x".repeat(1_280)],
        "1,280 characters and not one more"
    );
    Ok(())
}
