//! Stories of sessions.

use std::sync::Arc;

use super::material::{added, event, moment, newcomer, opened, session};
use crate::account::{AccountId, Role};
use crate::change::Change;
use crate::session::{Session, Stage};
use crate::store::{CommitError, Store};

async fn anna(store: &dyn Store) -> AccountId {
    let anna = newcomer(1, "anna@rose.example", "Anna", Role::Staff);
    store.commit(vec![added(&anna)]).await.unwrap();
    anna.account.id
}

pub async fn a_session_is_found_by_its_token(store: Arc<dyn Store>) {
    let anna = anna(&*store).await;
    let begun = Session {
        stage: Stage::SecondFactor,
        ..session(1, anna)
    };
    store.commit(vec![opened(begun.clone())]).await.unwrap();
    assert_eq!(
        store.session(begun.token).await.unwrap(),
        Some(begun.clone()),
        "every field comes back as it was"
    );
    let open = Session {
        stage: Stage::Open,
        locked_at: Some(moment(4)),
        seen_at: moment(3),
        ..begun.clone()
    };
    store.commit(vec![opened(open.clone())]).await.unwrap();
    assert_eq!(
        store.session(begun.token).await.unwrap(),
        Some(open),
        "it is written whole, new or not"
    );
    assert_eq!(
        store.session(session(2, anna).token).await.unwrap(),
        None,
        "another token opens nothing"
    );
    let nobody = session(3, newcomer(9, "gone@rose.example", "", Role::Staff).account.id);
    let answer = store.commit(vec![opened(nobody)]).await;
    assert!(
        matches!(answer, Err(CommitError::Conflict)),
        "whoever was removed in the meantime gets no session"
    );
}

pub async fn a_token_opens_one_session(store: Arc<dyn Store>) {
    let anna = anna(&*store).await;
    let one = session(1, anna);
    let other = Session {
        token: one.token,
        ..session(2, anna)
    };
    store.commit(vec![opened(one)]).await.unwrap();
    assert!(
        matches!(
            store.commit(vec![opened(other)]).await,
            Err(CommitError::Conflict)
        ),
        "a token is never in two places"
    );
}

pub async fn sessions_end_together(store: Arc<dyn Store>) {
    let anna = anna(&*store).await;
    let sessions: Vec<Session> = (1..=3).map(|number| session(number, anna)).collect();
    store
        .commit(sessions.iter().cloned().map(opened).collect())
        .await
        .unwrap();
    let listed = store.sessions_of(anna).await.unwrap();
    assert_eq!(
        listed,
        [&sessions[2], &sessions[1], &sessions[0]].map(Clone::clone),
        "the newest comes first"
    );
    let fresh = session(4, anna);
    let change = Change::of(event(9))
        .end_sessions(anna, Some(sessions[1].id), moment(9))
        .put_session(fresh.clone());
    store.commit(vec![change]).await.unwrap();
    let left: Vec<_> = store
        .sessions_of(anna)
        .await
        .unwrap()
        .into_iter()
        .map(|session| session.id)
        .collect();
    assert_eq!(
        left,
        [fresh.id, sessions[1].id],
        "all end but the one kept and the one that came with it"
    );
    let ended = store.session(sessions[0].token).await.unwrap().unwrap();
    assert_eq!(
        ended.ended_at,
        Some(moment(9)),
        "who holds its token can be told that it has ended"
    );
}

pub async fn an_ended_session_is_not_touched(store: Arc<dyn Store>) {
    let anna = anna(&*store).await;
    let (open, ended) = (
        session(1, anna),
        Session {
            ended_at: Some(moment(5)),
            ..session(2, anna)
        },
    );
    store
        .commit(vec![opened(open.clone()), opened(ended.clone())])
        .await
        .unwrap();
    store.touch(open.id, moment(60)).await.unwrap();
    store.touch(ended.id, moment(60)).await.unwrap();
    assert_eq!(
        store.session(open.token).await.unwrap().unwrap().seen_at,
        moment(60),
        "its holder was seen"
    );
    assert_eq!(
        store.session(ended.token).await.unwrap(),
        Some(ended.clone()),
        "what has ended stays as it ended"
    );
    let revived = Session {
        ended_at: None,
        ..ended.clone()
    };
    assert!(
        matches!(
            store.commit(vec![opened(revived)]).await,
            Err(CommitError::SessionEnded)
        ),
        "who was about to write it when it ended is told"
    );
    assert_eq!(
        store.session(ended.token).await.unwrap(),
        Some(ended),
        "and it is not opened again"
    );
}
