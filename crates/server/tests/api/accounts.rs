//! Accounts: looked up, made, changed, acted on; and their sessions.

use axum::http::StatusCode;
use keyholder_core::account::{Account, Role};
use keyholder_core::audit::Action;
use keyholder_core::directory::{AccountEdit, NewAccount};
use keyholder_core::error::{Code, Refusal};
use keyholder_core::query::{AccountFilter, AccountQuery, AccountSort, Standing};
use keyholder_core::testing::directory_contract::{CARLA, GOOD, OLGA, SAM, email, name, reason};
use keyholder_core::wire::*;
use uuid::Uuid;

use crate::world::{As, Told, World};

fn because() -> ReasonBody {
    ReasonBody {
        reason: reason("she called from her number"),
    }
}

fn query(sort: AccountSort, limit: u32) -> AccountQuery {
    AccountQuery {
        filter: AccountFilter::default(),
        sort,
        descending: true,
        after: None,
        limit,
    }
}

#[tokio::test]
async fn accounts_come_page_by_page_as_the_window_sorts_them() {
    let world = World::open().await;
    for who in ["anna@rose.example", "bert@rose.example", CARLA] {
        world.enrolled(who, Role::Customer).await;
    }
    let token = world.olga().await;
    let mut ask: AccountListQuery = query(AccountSort::Email, 3).into();
    let first = world
        .ask::<ListAccounts>(As::holder(&token), &(), &ask, &())
        .await;
    let first = first.done::<ListAccounts>();
    ask.after = first.next;
    let second = world
        .ask::<ListAccounts>(As::holder(&token), &(), &ask, &())
        .await;
    let second = second.done::<ListAccounts>();
    let rows = first.rows.iter().chain(&second.rows);
    let emails: Vec<_> = rows.map(|row| row.account.email.as_str()).collect();
    assert_eq!(
        emails,
        [OLGA, CARLA, "bert@rose.example", "anna@rose.example"],
        "from the end of the alphabet, everybody once"
    );
    assert_eq!(second.next, None, "that was all");
}

#[tokio::test]
async fn every_filter_of_the_window_can_be_asked() {
    let world = World::open().await;
    world.enrolled(CARLA, Role::Customer).await;
    let token = world.olga().await;
    let filter = AccountFilter {
        text: Some("CARLA@ & Co?".to_owned()),
        ..AccountFilter::default()
    };
    let count = world
        .ask::<CountAccounts>(As::holder(&token), &(), &filter.into(), &())
        .await;
    assert_eq!(
        count.done::<CountAccounts>().count,
        0,
        "signs that mean something to a query are text"
    );
    let filter = AccountFilter {
        text: Some("CARLA@".to_owned()),
        role: Some(Role::Customer),
        standing: Some(Standing::Active),
        second_factor: Some(false),
    };
    let count = world
        .ask::<CountAccounts>(As::holder(&token), &(), &filter.clone().into(), &())
        .await;
    assert_eq!(count.done::<CountAccounts>().count, 1, "all that are set hold");
    let query = AccountQuery {
        filter,
        ..query(AccountSort::LastSignInAt, 10)
    };
    let page = world
        .ask::<ListAccounts>(As::holder(&token), &(), &query.into(), &())
        .await;
    assert_eq!(page.done::<ListAccounts>().rows.len(), 1, "in the list as well");
}

#[tokio::test]
async fn an_account_is_found_by_its_address_and_shown_whole() {
    let world = World::open().await;
    let carla = world.enrolled(CARLA, Role::Customer).await;
    let token = world.olga().await;
    let holder = As::holder(&token);
    let by_address = |who: &str| FindQuery { email: email(who) };
    let found = world
        .ask::<FindAccount>(holder, &(), &by_address(" Carla@MAIL.example"), &())
        .await;
    assert_eq!(found.done::<FindAccount>().id, carla.id, "however it is spelt");
    let page = world
        .ask::<GetAccount>(holder, &carla.id, &(), &())
        .await
        .done::<GetAccount>();
    assert_eq!(page.sessions.len(), 1, "with her session");

    let nobody = world.ask::<FindAccount>(holder, &(), &by_address(SAM), &()).await;
    insta::assert_snapshot!(nobody.shown(), @r#"
    404 Not Found
    content-type: application/problem+json
    {
      "code": "not_found",
      "number": "KH-1032",
      "refusal": {
        "kind": "not_found"
      },
      "request_id": "[id]",
      "status": 404,
      "title": "there is no such account",
      "type": "urn:keyholder:problem:KH-1032"
    }
    "#);
    let nobody = world
        .ask::<GetAccount>(holder, &Uuid::nil().into(), &(), &())
        .await;
    assert_eq!(
        nobody.problem().code,
        Code::NotFound,
        "nor by an id that nobody has"
    );
}

#[tokio::test]
async fn an_account_is_made_with_a_code_to_read_out() {
    let world = World::open().await;
    let token = world.olga().await;
    let new = NewAccount {
        email: email(SAM),
        name: name("Sam"),
        role: Role::Support,
    };
    let made = world
        .ask::<CreateAccount>(As::holder(&token), &(), &(), &new)
        .await
        .done::<CreateAccount>();
    assert_eq!(made.enrolment.code.expose().len(), 17, "in three groups of five");
    let again = world
        .ask::<CreateAccount>(As::holder(&token), &(), &(), &new)
        .await;
    assert_eq!(again.status, StatusCode::CONFLICT, "one address, one account");
    assert_eq!(again.problem().code, Code::EmailTaken, "as is said");

    let body = OptionalReasonBody::default();
    let anew = world
        .ask::<IssueEnrolment>(As::holder(&token), &made.account.id, &(), &body)
        .await;
    let anew = anew.done::<IssueEnrolment>();
    assert_ne!(
        anew.code.expose(),
        made.enrolment.code.expose(),
        "the first one is void"
    );
}

#[tokio::test]
async fn an_edit_says_what_it_was_made_from() {
    let world = World::open().await;
    let carla = world.enrolled(CARLA, Role::Customer).await;
    let token = world.olga().await;
    let holder = As::holder(&token);
    let edit = AccountEdit {
        email: carla.email.clone(),
        name: name("Carla Rossi"),
        role: Role::Customer,
    };
    let blind = world.ask::<EditAccount>(holder, &carla.id, &(), &edit).await;
    insta::assert_snapshot!(blind.shown(), @r#"
    428 Precondition Required
    content-type: application/problem+json
    {
      "code": "bad_request",
      "number": "KH-1070",
      "request_id": "[id]",
      "status": 428,
      "title": "say in If-Match which revision you looked at",
      "type": "urn:keyholder:problem:KH-1070"
    }
    "#);
    let from = holder.having_seen(carla.revision);
    let edited = world
        .ask::<EditAccount>(from, &carla.id, &(), &edit)
        .await
        .done::<EditAccount>();
    assert_eq!(edited.name, name("Carla Rossi"), "it is changed");
    let stale = world.ask::<EditAccount>(from, &carla.id, &(), &edit).await;
    assert_eq!(
        stale.status,
        StatusCode::PRECONDITION_FAILED,
        "somebody was quicker"
    );
    assert_eq!(
        stale.problem().refusal,
        Some(Refusal::Conflict),
        "the window shows both"
    );
}

#[tokio::test]
async fn every_act_on_an_account_has_a_door() {
    let world = World::open().await;
    let carla = world.enrolled(CARLA, Role::Customer).await.id;
    let token = world.olga().await;
    let holder = As::holder(&token);
    let optional = OptionalReasonBody::default();
    let account = |told: Told| -> Account { serde_json::from_slice(&told.body).unwrap() };

    let told = world.ask::<DisableAccount>(holder, &carla, &(), &because()).await;
    assert!(account(told).disabled.is_some(), "disabled");
    let told = world.ask::<EnableAccount>(holder, &carla, &(), &optional).await;
    assert!(account(told).disabled.is_none(), "enabled again");
    let told = world.ask::<LockAccount>(holder, &carla, &(), &because()).await;
    assert!(account(told).locked.is_some(), "locked by hand");
    let told = world.ask::<UnlockAccount>(holder, &carla, &(), &because()).await;
    assert!(account(told).locked.is_none(), "and open again");
    let told = world.ask::<DeleteAccount>(holder, &carla, &(), &optional).await;
    assert!(account(told).deleted.is_some(), "in the recycle bin");
    let told = world.ask::<RestoreAccount>(holder, &carla, &(), &()).await;
    assert!(account(told).deleted.is_none(), "and out of it");
    let told = world
        .ask::<ForcePasswordChange>(holder, &carla, &(), &because())
        .await;
    told.done::<ForcePasswordChange>();
    let told = world
        .ask::<ResetSecondFactor>(holder, &carla, &(), &because())
        .await;
    assert_eq!(told.problem().code, Code::Unchanged, "she has none");

    let event = world.scene.trail(Action::AccountDisabled).await.remove(0);
    assert_eq!(event.reason, Some(because().reason), "the reason is in the trail");
    assert_eq!(event.actor.label(), OLGA, "and who it was");
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let world = World::open().await;
    let carla = world.enrolled(CARLA, Role::Customer).await.id;
    let hers = world.token(CARLA).await;
    let token = world.olga().await;
    let holder = As::holder(&token);
    let rows = world
        .ask::<ListSessions>(holder, &carla, &(), &())
        .await
        .done::<ListSessions>();
    assert_eq!(rows.len(), 2, "from the enrolment, and from now");
    let place = (carla, rows[0].id);
    world
        .ask::<EndSession>(holder, &place, &(), &())
        .await
        .done::<EndSession>();
    let me = world.ask::<GetMe>(As::holder(&hers), &(), &(), &()).await;
    assert_eq!(me.problem().code, Code::SessionEnded, "the newest one is");
    let all = OptionalReasonBody::default();
    world
        .ask::<EndSessions>(holder, &carla, &(), &all)
        .await
        .done::<EndSessions>();
    let rows = world
        .ask::<ListSessions>(holder, &carla, &(), &())
        .await
        .done::<ListSessions>();
    assert!(rows.is_empty(), "then all of them");
}

#[tokio::test]
async fn rights_hold_over_http_too() {
    let world = World::open().await;
    let carla = world.enrolled(CARLA, Role::Customer).await.id;
    world.enrolled(SAM, Role::Auditor).await;
    let token = world.token(SAM).await;
    let told = world
        .ask::<DisableAccount>(As::holder(&token), &carla, &(), &because())
        .await;
    insta::assert_snapshot!(told.shown(), @r#"
    403 Forbidden
    content-type: application/problem+json
    {
      "code": "not_allowed",
      "number": "KH-1020",
      "refusal": {
        "data": "disable_accounts",
        "kind": "not_allowed"
      },
      "request_id": "[id]",
      "status": 403,
      "title": "you may not disable or enable accounts: ask the shop's owner",
      "type": "urn:keyholder:problem:KH-1020"
    }
    "#);
    assert_eq!(
        world.sign_in(CARLA, GOOD).await.status,
        StatusCode::CREATED,
        "nothing was done"
    );
}
