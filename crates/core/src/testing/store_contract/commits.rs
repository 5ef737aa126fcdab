//! Stories of what is saved, and what is not.

use std::sync::Arc;

use super::material::{
    added, edited, event, mark, moment, newcomer, noted, opened, rekeyed, session, set_up, shop, veteran,
};
use crate::account::{Email, Role};
use crate::audit::chain::Verdict;
use crate::change::{Change, Reservation};
use crate::credential::Credential;
use crate::query::EventQuery;
use crate::store::{CommitError, Store};

async fn events(store: &dyn Store) -> u32 {
    let page = store
        .events(&EventQuery {
            limit: 1,
            ..EventQuery::default()
        })
        .await
        .unwrap();
    page.rows.first().map_or(0, |row| row.seq)
}

fn assert_same(read: &Credential, written: &Credential) {
    let facts = |credential: &Credential| {
        let password = credential
            .password
            .as_ref()
            .map(|p| (p.hash.as_str().to_owned(), p.set_at, p.must_change, p.breached));
        let totp = credential
            .totp
            .as_ref()
            .map(|t| (t.totp.secret.bytes().to_vec(), t.totp.progress, t.since));
        let begun = credential
            .totp_begun
            .as_ref()
            .map(|secret| secret.bytes().to_vec());
        (
            (
                credential.account,
                credential.revision,
                password,
                totp,
                begun,
                credential.recovery.clone(),
            ),
            (
                credential.put_off_until,
                credential.enrolment,
                credential.budgets.clone(),
            ),
            (
                credential.known_devices.clone(),
                credential.passkeys.clone(),
                credential.last_sign_in_at,
            ),
        )
    };
    assert!(
        facts(read) == facts(written),
        "every field of a credential comes back as it was"
    );
}

pub async fn an_empty_store_has_nothing(store: Arc<dyn Store>) {
    assert_eq!(store.shop().await.unwrap(), None, "nothing is set up");
    let nobody = Email::parse("anna@rose.example").unwrap();
    assert!(
        store.person_by_email(&nobody).await.unwrap().is_none(),
        "nobody is there"
    );
    let whole = Verdict::Whole {
        rows: 0,
        head: "0".repeat(64),
    };
    assert_eq!(
        store.verify_trail().await.unwrap(),
        whole,
        "an empty trail is a whole one"
    );
}

pub async fn a_shop_is_written_once(store: Arc<dyn Store>) {
    store.commit(vec![set_up(shop())]).await.unwrap();
    assert_eq!(
        store.shop().await.unwrap(),
        Some(shop()),
        "it reads back as it was"
    );
    let again = store.commit(vec![set_up(shop())]).await;
    assert!(
        matches!(again, Err(CommitError::Conflict)),
        "two programs that set up at once: one wins"
    );
    let confirmed = crate::shop::Shop {
        recovery_key_confirmed_at: Some(moment(9)),
        ..shop()
    };
    store
        .commit(vec![Change::of(event(0)).replace_shop(confirmed.clone())])
        .await
        .unwrap();
    let read = store.shop().await.unwrap().unwrap();
    assert_eq!(
        (read.revision, read.recovery_key_confirmed_at),
        (2, Some(moment(9))),
        "the next revision took its place"
    );
    let stale = store
        .commit(vec![Change::of(event(0)).replace_shop(confirmed)])
        .await;
    assert!(
        matches!(stale, Err(CommitError::Conflict)),
        "a second change of revision 1 would undo the first"
    );
}

pub async fn a_person_reads_back_whole(store: Arc<dyn Store>) {
    let mut anna = veteran(1, "Anna@Rose.example");
    anna.account.disabled = Some(mark(1));
    anna.account.locked = Some(mark(2));
    anna.account.deleted = Some(mark(3));
    store.commit(vec![added(&anna)]).await.unwrap();
    let read = store.person(anna.account.id).await.unwrap().unwrap();
    assert_eq!(
        read.account, anna.account,
        "every field of an account comes back as it was"
    );
    assert_eq!(
        read.account.email.as_str(),
        "Anna@Rose.example",
        "an address is shown as it was typed"
    );
    assert_same(&read.credential, &anna.credential);
    let by_email = store
        .person_by_email(&Email::parse("ANNA@rose.example").unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        by_email.account.id, anna.account.id,
        "an address is the same in any case, also in the recycle bin"
    );
}

pub async fn a_stale_revision_is_a_conflict(store: Arc<dyn Store>) {
    let anna = newcomer(1, "anna@rose.example", "Anna", Role::Staff);
    assert!(
        matches!(
            store.commit(vec![edited(anna.account.clone())]).await,
            Err(CommitError::Conflict)
        ),
        "nobody is there"
    );
    store.commit(vec![added(&anna)]).await.unwrap();
    store.commit(vec![edited(anna.account.clone())]).await.unwrap();
    let stale = store.commit(vec![edited(anna.account.clone())]).await;
    assert!(
        matches!(stale, Err(CommitError::Conflict)),
        "the second window would undo what the first did"
    );
    store
        .commit(vec![rekeyed(anna.credential.clone())])
        .await
        .unwrap();
    let stale = store.commit(vec![rekeyed(anna.credential.clone())]).await;
    assert!(
        matches!(stale, Err(CommitError::Conflict)),
        "a second count from the same number would lose a failure"
    );
    let read = store.person(anna.account.id).await.unwrap().unwrap();
    assert_eq!(
        (read.account.revision, read.credential.revision),
        (2, 2),
        "each was written once"
    );
}

pub async fn a_conflict_undoes_everything(store: Arc<dyn Store>) {
    let (anna, ben) = (
        newcomer(1, "anna@rose.example", "Anna", Role::Staff),
        newcomer(2, "ben@rose.example", "Ben", Role::Staff),
    );
    store.commit(vec![added(&anna)]).await.unwrap();
    let before = events(&*store).await;
    let stale = crate::account::Account {
        revision: 7,
        ..anna.account.clone()
    };
    let answer = store
        .commit(vec![added(&ben), set_up(shop()), edited(stale)])
        .await;
    assert!(
        matches!(answer, Err(CommitError::Conflict)),
        "the third of three was made from a revision that is not there"
    );
    assert!(
        store.person(ben.account.id).await.unwrap().is_none(),
        "the first is undone with it"
    );
    assert_eq!(store.shop().await.unwrap(), None, "the second is undone with it");
    assert_eq!(
        events(&*store).await,
        before,
        "the trail tells of nothing that did not happen"
    );
    store.commit(vec![added(&ben)]).await.unwrap();
    assert_eq!(
        events(&*store).await,
        before + 1,
        "the next event follows without a gap"
    );
    assert!(
        matches!(store.verify_trail().await.unwrap(), Verdict::Whole { .. }),
        "the chain goes on where it was"
    );
}

pub async fn an_address_stays_taken_in_the_recycle_bin(store: Arc<dyn Store>) {
    let mut anna = newcomer(1, "anna@rose.example", "Anna", Role::Staff);
    anna.account.deleted = Some(mark(1));
    let ben = newcomer(2, "ben@rose.example", "Ben", Role::Staff);
    store.commit(vec![added(&anna), added(&ben)]).await.unwrap();
    let other = newcomer(3, "ANNA@rose.example", "Another Anna", Role::Staff);
    assert!(
        matches!(
            store.commit(vec![added(&other)]).await,
            Err(CommitError::EmailTaken)
        ),
        "Anna can be restored"
    );
    let mut renamed = ben.account.clone();
    renamed.email = anna.account.email.clone();
    assert!(
        matches!(
            store.commit(vec![edited(renamed)]).await,
            Err(CommitError::EmailTaken)
        ),
        "nor can Ben take it"
    );
    store
        .commit(vec![Change::of(event(1)).purge(anna.account.id)])
        .await
        .unwrap();
    store.commit(vec![added(&other)]).await.unwrap();
}

pub async fn a_reservation_follows_the_revision(store: Arc<dyn Store>) {
    let anna = newcomer(1, "anna@rose.example", "Anna", Role::Staff);
    store.commit(vec![added(&anna)]).await.unwrap();
    let before = events(&*store).await;
    let reserved = Credential {
        revision: 2,
        ..anna.credential.clone()
    };
    store.reserve(Reservation(reserved.clone())).await.unwrap();
    let again = store.reserve(Reservation(reserved)).await;
    assert!(
        matches!(again, Err(CommitError::Conflict)),
        "two attempts from one revision: only one is set aside"
    );
    assert_eq!(
        events(&*store).await,
        before,
        "the outcome has an event, the reservation has none"
    );
}

pub async fn what_a_change_relies_on_must_still_be_so(store: Arc<dyn Store>) {
    let (anna, ben) = (
        newcomer(1, "anna@rose.example", "Anna", Role::Owner),
        newcomer(2, "ben@rose.example", "Ben", Role::Owner),
    );
    store.commit(vec![added(&anna), added(&ben)]).await.unwrap();
    store
        .commit(vec![edited(anna.account.clone()).requires(&ben.account)])
        .await
        .unwrap();
    let relies_on_the_past = store
        .commit(vec![edited(ben.account.clone()).requires(&anna.account)])
        .await;
    assert!(
        matches!(relies_on_the_past, Err(CommitError::Conflict)),
        "two owners would remove each other"
    );
}

pub async fn a_purge_leaves_only_the_trail(store: Arc<dyn Store>) {
    let anna = veteran(1, "anna@rose.example");
    let open = session(1, anna.account.id);
    store
        .commit(vec![added(&anna), opened(open.clone())])
        .await
        .unwrap();
    let before = events(&*store).await;
    store
        .commit(vec![Change::of(event(9)).purge(anna.account.id)])
        .await
        .unwrap();
    assert!(
        store.person(anna.account.id).await.unwrap().is_none(),
        "account and credential are gone"
    );
    assert!(
        store.session(open.token).await.unwrap().is_none(),
        "so are the sessions"
    );
    assert_eq!(events(&*store).await, before + 1, "what happened stays told");
    let again = store
        .commit(vec![Change::of(event(9)).purge(anna.account.id)])
        .await;
    assert!(matches!(again, Err(CommitError::Conflict)), "it is there no more");
}

pub async fn parallel_writers_lose_nothing(store: Arc<dyn Store>) {
    let anna = newcomer(1, "anna@rose.example", "Anna", Role::Staff);
    store.commit(vec![added(&anna)]).await.unwrap();
    let mut writers = tokio::task::JoinSet::new();
    for number in 0..100_i64 {
        let (store, account) = (Arc::clone(&store), anna.account.clone());
        writers.spawn(async move {
            store.commit(vec![noted(event(number))]).await.unwrap();
            store.commit(vec![edited(account)]).await.is_ok()
        });
    }
    let winners = writers.join_all().await.into_iter().filter(|won| *won).count();
    assert_eq!(
        winners, 1,
        "of a hundred changes made from one revision, one is saved"
    );
    assert_eq!(
        events(&*store).await,
        102,
        "each saved change and each note has its event, and nothing else has"
    );
    assert!(
        matches!(
            store.verify_trail().await.unwrap(),
            Verdict::Whole { rows: 102, .. }
        ),
        "the chain holds them all"
    );
}
