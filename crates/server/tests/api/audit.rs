//! The trail, breach checks, what the shop has decided, and what is done to its store.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use keyholder_core::audit::chain::Verdict;
use keyholder_core::audit::{Action, Outcome};
use keyholder_core::breach::{BreachAnswer, NotCheckedReason};
use keyholder_core::policy::{Number, Policy};
use keyholder_core::query::EventQuery;
use keyholder_core::testing::directory_contract::{OLGA, WRONG, name, password};
use keyholder_core::wire::{
    AuditExportBody, ChangePolicy, CheckBreach, GetPolicy, ListEvents, NoteAuditExport, PasswordBody,
    PolicyBody, VerifyTrail,
};

use crate::world::{As, World};

#[tokio::test]
async fn the_trail_is_read_with_the_filters_of_the_window() {
    let world = World::open().await;
    world.sign_in(OLGA, WRONG).await;
    let token = world.olga().await;
    let query = EventQuery {
        action: Some(Action::SignInPassword),
        outcome: Some(Outcome::Failed),
        from: Some("2026-03-02T07:00:00Z".parse().unwrap()),
        until: Some("2026-03-02T09:00:00Z".parse().unwrap()),
        text: Some("olga@".to_owned()),
        oldest_first: true,
        limit: 10,
        ..EventQuery::default()
    };
    let page = world
        .ask::<ListEvents>(As::holder(&token), &(), &query, &())
        .await
        .done::<ListEvents>();
    assert_eq!(page.rows.len(), 1, "the one slip");
    assert_eq!(page.rows[0].event.outcome, Outcome::Failed, "as it was");
    let all = world
        .ask::<ListEvents>(As::holder(&token), &(), &EventQuery::default(), &())
        .await;
    assert!(
        all.done::<ListEvents>().rows.len() > 1,
        "without a limit there is a usual one"
    );
}

#[tokio::test]
async fn the_chain_is_checked_and_exports_are_noted() {
    let world = World::open().await;
    let token = world.olga().await;
    let verdict = world
        .ask::<VerifyTrail>(As::holder(&token), &(), &(), &())
        .await
        .done::<VerifyTrail>();
    assert!(matches!(verdict, Verdict::Whole { .. }), "whole: {verdict:?}");
    let body = AuditExportBody {
        query: EventQuery::default(),
        rows: 3,
    };
    let told = world
        .ask::<NoteAuditExport>(As::holder(&token), &(), &(), &body)
        .await;
    told.done::<NoteAuditExport>();
    let noted = world.scene.trail(Action::AuditExported).await;
    assert_eq!(noted.len(), 1, "who took the trail away is in the trail");
}

#[tokio::test]
async fn a_password_is_checked_against_breaches() {
    let world = World::open().await;
    let token = world.olga().await;
    world.scene.breach.answers(BreachAnswer::Breached { times: 7 });
    let body = PasswordBody::from(&password("hunter2"));
    let told = world
        .ask::<CheckBreach>(As::holder(&token), &(), &(), &body)
        .await;
    assert_eq!(
        told.done::<CheckBreach>(),
        BreachAnswer::Breached { times: 7 },
        "three answers, never two"
    );
    world.scene.breach.answers(BreachAnswer::NotChecked {
        why: NotCheckedReason::TimedOut,
    });
    let told = world
        .ask::<CheckBreach>(As::holder(&token), &(), &(), &body)
        .await;
    assert!(
        matches!(told.done::<CheckBreach>(), BreachAnswer::NotChecked { .. }),
        "silence is no all-clear"
    );
}

#[tokio::test]
async fn the_shop_changes_its_numbers_from_the_revision_it_saw() {
    let world = World::open().await;
    let token = world.olga().await;
    let holder = As::holder(&token);
    let shop = world
        .ask::<GetPolicy>(holder, &(), &(), &())
        .await
        .done::<GetPolicy>();
    let mut body = PolicyBody {
        name: name("Rose & Thorn"),
        policy: Policy::default(),
    };
    body.policy.numbers.insert(Number::AuditDays, 365);
    let blind = world.ask::<ChangePolicy>(holder, &(), &(), &body).await;
    assert_eq!(
        blind.status,
        StatusCode::PRECONDITION_REQUIRED,
        "from which revision?"
    );
    let from = holder.having_seen(shop.revision);
    let changed = world
        .ask::<ChangePolicy>(from, &(), &(), &body)
        .await
        .done::<ChangePolicy>();
    assert_eq!(changed.policy.number(Number::AuditDays), 365, "it is changed");
    let stale = world.ask::<ChangePolicy>(from, &(), &(), &body).await;
    assert_eq!(
        stale.status,
        StatusCode::PRECONDITION_FAILED,
        "somebody was quicker"
    );
    body.policy.numbers.insert(Number::AuditDays, 1);
    let from = holder.having_seen(changed.revision);
    let outside = world.ask::<ChangePolicy>(from, &(), &(), &body).await;
    insta::assert_snapshot!(outside.shown(), @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "out_of_bounds",
      "number": "KH-1042",
      "refusal": {
        "data": "audit_days",
        "kind": "out_of_bounds"
      },
      "request_id": "[id]",
      "status": 422,
      "title": "a number is out of its bounds",
      "type": "urn:keyholder:problem:KH-1042"
    }
    "#);
}

#[tokio::test]
async fn nobody_notes_from_afar_what_was_done_to_the_store() {
    let world = World::open().await;
    let (owner, program) = (world.olga().await, world.token_of_a_program().await);
    let request = Request::post("/v1/store/acts")
        .header(header::AUTHORIZATION, format!("Bearer {program}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(r#"{"kind": "recovery_key_confirmed"}"#))
        .unwrap();
    let told = world.send(request).await;
    assert_eq!(
        told.status,
        StatusCode::NOT_FOUND,
        "that somebody holds the recovery key is proven at the machine of the store, or not at all"
    );
    let shop = world.ask::<GetPolicy>(As::holder(&owner), &(), &(), &()).await;
    let confirmed = shop.done::<GetPolicy>().recovery_key_confirmed_at;
    assert_eq!(confirmed, None, "and nobody's word counts for it");
}
