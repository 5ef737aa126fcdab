//! The console behind the window, connected to a real service in a process of its own: what it holds, what it
//! lets go of, and what it shows while the service is away.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::sync::Arc;

use jiff::SignedDuration;
use keyholder_app::ipc::{Answer, Phase, PlaceShown, Security, ServiceSeen, Status};
use keyholder_app::keychain::MemoryKeychain;
use keyholder_app::{Console, Place, Surroundings};
use keyholder_core::audit::{Program, Source};
use keyholder_core::breach::NoBreachCheck;
use keyholder_core::clock::{Clock as _, FixedClock, SystemClock};
use keyholder_core::directory::{Duty, Me};
use keyholder_core::error::Code;
use keyholder_core::password::Argon2Params;
use keyholder_core::query::{AccountFilter, EventQuery};
use keyholder_tests::service::{Owner, Service};
use keyholder_tests::story::{PATIENCE, Told, within};

const FERN: Owner<'_> = Owner {
    shop: "Fern & Slate",
    name: "Nora Quist",
    email: "nora@fern.example",
    password: "nine slates under the fern",
};
const OWN: &str = "inga@larch.example";
const OWN_PASSWORD: &str = "four looms behind the larch tree";

/// A console at a desk, and its clock.
fn desk(folder: &Path) -> (Console, FixedClock) {
    let clock = FixedClock::at(SystemClock.now());
    let console = Console::new(Surroundings {
        place: Place::File(folder.join("shop").join("shop.keyholder")),
        connections: Some(folder.join("connections.json")),
        as_last: true,
        keychain: Arc::new(MemoryKeychain::default()),
        clock: Arc::new(clock.clone()),
        breaches: Arc::new(NoBreachCheck),
        source: Source {
            program: Program::Window,
            address: None,
            device: None,
            user_agent: None,
        },
        hashing: Argon2Params::floor(),
    });
    (console, clock)
}

/// A service that runs.
fn fern() -> Told<Service> {
    let mut service = Service::plain(FERN)?;
    service.start()?;
    Ok(service)
}

async fn signed_in(console: &Console, service: &Service) -> Told<Me> {
    done(console.connect(&service.address(), None).await)?;
    let status = done(console.sign_in(FERN.email, FERN.password.to_owned().into()).await)?;
    inside(status)
}

fn done<T>(answer: Answer<T>) -> Told<T> {
    answer.map_err(|error| format!("refused: {error:?}").into())
}

fn refused<T>(answer: Answer<T>) -> Option<Code> {
    answer.err().map(|error| error.code)
}

fn inside(status: Status) -> Told<Me> {
    match status.phase {
        Phase::Open { me } => Ok(me),
        other => Err(format!("nobody is inside: {other:?}").into()),
    }
}

async fn everybody(console: &Console) -> Answer<u32> {
    console.count_accounts(&AccountFilter::default()).await
}

#[tokio::test]
async fn an_address_is_looked_at_before_it_is_remembered() -> Told {
    let (folder, service) = (tempfile::tempdir()?, fern()?);
    let (console, _) = desk(folder.path());
    console.status().await;
    let seen = done(console.look_at_service(&service.address()).await)?;
    let ServiceSeen::Shop {
        address,
        shop,
        security,
    } = seen
    else {
        return Err(format!("a shop is there: {seen:?}").into());
    };
    assert_eq!(
        (shop.as_str(), security),
        (FERN.shop, Security::Loopback),
        "whose, and how"
    );
    for (typed, is) in [
        ("two words", ServiceSeen::NotAnAddress),
        ("http://keys.example.com", ServiceSeen::NotSecret),
    ] {
        assert_eq!(done(console.look_at_service(typed).await)?, is, "{typed}");
    }
    assert_eq!(
        refused(console.look_at_service("localhost:1").await),
        Some(Code::Unreachable),
        "nobody is there"
    );
    assert!(
        !folder.path().join("connections.json").exists(),
        "looking leaves nothing behind"
    );
    let status = done(console.connect(&address, None).await)?;
    assert_eq!(status.phase, Phase::Closed { ended: false }, "its sign-in");
    assert_eq!(
        status.place,
        PlaceShown::Service {
            address,
            security: Security::Loopback
        },
        "said with everything"
    );
    Ok(())
}

#[tokio::test]
async fn a_certificate_that_was_compared_is_the_only_one_that_is_taken() -> Told {
    let folder = tempfile::tempdir()?;
    let mut service = Service::secured(FERN)?;
    service.start()?;
    let (console, _) = desk(folder.path());
    assert_eq!(
        refused(console.connect(&service.address(), None).await),
        Some(Code::CertificateUnknown),
        "nobody vouches for it"
    );
    let seen = done(console.look_at_service(&service.address()).await)?;
    let ServiceSeen::Unvouched {
        address,
        certificate,
        before,
    } = seen
    else {
        return Err(format!("a certificate is shown: {seen:?}").into());
    };
    assert_eq!(
        (certificate.fingerprint.as_str(), before),
        (service.fingerprint(), None),
        "the same that its keeper reads"
    );
    let other = "AB".repeat(32);
    assert_eq!(
        refused(console.connect(&address, Some(&other)).await),
        Some(Code::CertificateChanged),
        "what was compared is what counts"
    );
    done(console.connect(&address, Some(&certificate.fingerprint)).await)?;
    service.cut();
    service.new_certificate()?;
    service.start()?;
    let (console, _) = desk(folder.path());
    let status = console.status().await;
    assert!(
        matches!(&status.phase, Phase::Unusable { error } if error.code == Code::CertificateChanged),
        "nobody gives their password to somebody else: {:?}",
        status.phase
    );
    let seen = done(console.look_at_service(&address).await)?;
    let ServiceSeen::Unvouched { before, .. } = seen else {
        return Err(format!("both are shown: {seen:?}").into());
    };
    assert_eq!(
        before,
        Some(certificate.fingerprint),
        "beside the one that was trusted"
    );
    Ok(())
}

#[tokio::test]
async fn what_is_done_to_the_store_is_done_where_it_lies() -> Told {
    let (folder, service) = (tempfile::tempdir()?, fern()?);
    let (console, _) = desk(folder.path());
    let nora = signed_in(&console, &service).await?;
    assert!(
        !nora.duties.contains(&Duty::ConfirmRecoveryKey),
        "nobody is asked for what they cannot do here: {:?}",
        nora.duties
    );
    assert_eq!(
        done(everybody(&console).await)?,
        1,
        "everything else is as on this computer"
    );
    let refusals = [
        refused(console.backup_create().await),
        refused(console.recovery_key_show().await),
        refused(console.store_info().await),
    ];
    assert_eq!(
        refusals,
        [Some(Code::NotAllowed); 3],
        "and nothing of it happens halfway"
    );
    Ok(())
}

#[tokio::test]
async fn turning_to_another_shop_ends_the_session_and_forgets_it() -> Told {
    let (folder, service) = (tempfile::tempdir()?, fern()?);
    let (console, _) = desk(folder.path());
    console.status().await;
    done(
        console
            .set_up_shop("Larch & Loom", OWN, "Inga", OWN_PASSWORD.to_owned().into())
            .await,
    )?;
    let status = done(console.connect(&service.address(), None).await)?;
    assert_eq!(
        status.phase,
        Phase::Closed { ended: false },
        "nobody is signed in there"
    );
    assert_eq!(
        refused(everybody(&console).await),
        Some(Code::SessionEnded),
        "nor anywhere"
    );
    let nora = inside(done(
        console.sign_in(FERN.email, FERN.password.to_owned().into()).await,
    )?)?;
    let status = done(console.turn_home().await)?;
    assert_eq!(
        status.shop.as_deref(),
        Some("Larch & Loom"),
        "this computer's own"
    );
    assert_eq!(
        status.phase,
        Phase::Closed { ended: false },
        "with a sign-in of its own"
    );
    assert_eq!(
        status.connections.len(),
        2,
        "both are known: {:?}",
        status.connections
    );
    done(console.sign_in(OWN, OWN_PASSWORD.to_owned().into()).await)?;
    assert_eq!(done(everybody(&console).await)?, 1, "its own people");

    // The service hears of it behind the person's back.
    let other = tempfile::tempdir()?;
    let (elsewhere, _) = desk(other.path());
    signed_in(&elsewhere, &service).await?;
    let ended = within(PATIENCE, async || {
        let page = done(elsewhere.account(nora.account.id).await)?.ok_or("Nora has a page")?;
        Ok((page.sessions.len() == 1).then_some(()))
    });
    ended
        .await?
        .ok_or("the session of the shop before is still open")?;
    Ok(())
}

#[tokio::test]
async fn while_the_service_is_away_one_stays_inside_until_the_moment_of_the_lock() -> Told {
    let (folder, mut service) = (tempfile::tempdir()?, fern()?);
    let (console, clock) = desk(folder.path());
    signed_in(&console, &service).await?;
    service.cut();
    let status = console.status().await;
    assert_eq!(
        status.lost.as_ref().map(|error| error.code),
        Some(Code::Unreachable),
        "it is said"
    );
    inside(status)?;
    assert_eq!(
        refused(console.events(&EventQuery::default()).await),
        Some(Code::Unreachable),
        "nothing is made up meanwhile"
    );
    clock.advance(SignedDuration::from_mins(16));
    let status = console.status().await;
    assert!(
        matches!(&status.phase, Phase::Unusable { error } if error.code == Code::Unreachable),
        "nobody can say whether it is locked: {:?}",
        status.phase
    );
    clock.advance(SignedDuration::from_mins(-16));
    service.start()?;
    let status = console.status().await;
    assert_eq!(status.lost, None, "it answers again");
    inside(status)?;
    Ok(())
}

#[tokio::test]
async fn locking_without_the_service_lets_go_of_the_session() -> Told {
    let (folder, mut service) = (tempfile::tempdir()?, fern()?);
    let (console, _) = desk(folder.path());
    signed_in(&console, &service).await?;
    service.cut();
    let status = done(console.lock().await)?;
    assert_eq!(
        status.phase,
        Phase::Closed { ended: true },
        "whoever locks wants nothing open"
    );
    service.start()?;
    assert_eq!(
        refused(everybody(&console).await),
        Some(Code::SessionEnded),
        "it does not come back"
    );
    Ok(())
}

#[tokio::test]
async fn nobody_has_to_wait_and_nothing_is_done_twice() -> Told {
    let (folder, mut service) = (tempfile::tempdir()?, fern()?);
    let (console, _) = desk(folder.path());
    let nora = signed_in(&console, &service).await?;
    service.hold()?;
    let (asked, acted, ()) = tokio::join!(
        everybody(&console),
        console.issue_enrolment(nora.account.id, ""),
        async {
            // As long as it is under way, however late that begins.
            for _ in 0..50 {
                console.stop_waiting().await;
                tokio::task::yield_now().await;
            }
        }
    );
    assert_eq!(
        (refused(asked), refused(acted)),
        (Some(Code::NoAnswer), Some(Code::OutcomeUnknown)),
        "what only reads has no answer; what acts may be done"
    );
    service.let_go()?;
    assert_eq!(
        done(everybody(&console).await)?,
        1,
        "the next question is answered"
    );
    Ok(())
}

#[tokio::test]
async fn a_locked_window_leads_nowhere_else() -> Told {
    let (folder, service) = (tempfile::tempdir()?, fern()?);
    let (console, _) = desk(folder.path());
    signed_in(&console, &service).await?;
    done(console.lock().await)?;
    let address = service.address();
    let refusals = [
        refused(console.look_at_service("localhost:1").await),
        refused(console.connect(&address, None).await),
        refused(console.rename_connection(&address, "Mine").await),
        refused(console.forget_connection(&address).await),
        refused(console.open_store(folder.path().join("other.keyholder")).await),
    ];
    assert_eq!(
        refusals,
        [Some(Code::SessionLocked); 5],
        "whoever passes by changes nothing about it"
    );
    Ok(())
}
