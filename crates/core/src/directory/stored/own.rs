//! What somebody does to their own account and session.

use jiff::SignedDuration;

use super::engine::Engine;
use super::inside::Inside;
use crate::audit::{Action, Actor, Details, RecordedEvent};
use crate::directory::{Me, SecondFactorBegun};
use crate::error::Result;
use crate::letter::Letter;
use crate::password::Password;
use crate::query::{EventQuery, Page};
use crate::rights::rights_of;
use crate::rules::sign_in::Try;
use crate::rules::{own as rules, session};
use crate::second_factor::recovery::{CODES, Hashing};
use crate::second_factor::{RecoveryCode, RecoverySet, TotpCode, uri};

/// How exactly it is noted when somebody was last seen: a write for every click would be waste.
const SEEN_EVERY: SignedDuration = SignedDuration::from_secs(20);

/// Who is signed in, and what they still have to do.
pub(super) fn me(inside: Inside) -> Me {
    let Inside {
        session,
        me,
        shop,
        act,
    } = inside;
    let confirmed = shop.recovery_key_confirmed_at.is_some();
    let recovery = me.credential.recovery.as_ref();
    Me {
        rights: rights_of(me.account.role).to_vec(),
        stage: session.stage,
        duties: session::duties(&me, session.stage, &shop.policy, confirmed, act.at),
        second_factor: me.credential.totp.is_some(),
        recovery_codes_left: recovery.map_or(0, |set| u32::from(set.left())),
        locks_at: session::locks_at(&session, &shop.policy),
        ends_at: session.expires_at,
        account: me.account,
    }
}

/// Notes that the holder did something.
pub(super) async fn touch(engine: &Engine, inside: Inside) -> Result<()> {
    let Inside { session, act, .. } = inside;
    if session.seen_at.duration_until(act.at).abs() >= SEEN_EVERY {
        engine.store.touch(session.id, act.at).await?;
    }
    Ok(())
}

/// Locks the session until its password is given.
pub(super) async fn lock(engine: &Engine, inside: Inside) -> Result<()> {
    let change = session::lock(&inside.session, &inside.act, &inside.me.account);
    engine.commit(change).await
}

/// Ends the session.
pub(super) async fn sign_out(engine: &Engine, inside: Inside) -> Result<()> {
    let id = inside.me.account.id;
    engine
        .decide(id, |person, _| {
            Ok((session::end(&inside.session, &inside.act, &person.account)?, ()))
        })
        .await
}

/// Chooses a new password, knowing the present one.
pub(super) async fn change_password(
    engine: &Engine,
    inside: Inside,
    present: &Password,
    new: &Password,
) -> Result<()> {
    let Inside {
        session,
        me,
        shop,
        act,
    } = inside;
    let policy = &shop.policy;
    let account = &me.account;
    let (email, name, role) = (&account.email, &account.name, account.role);
    engine
        .strong_enough(new, email, name, &shop.name, role, policy)
        .await?;
    let hash = engine.hash(new, &mut engine.rng()).await?;
    let tried = Try::again(Action::PasswordChanged);
    engine
        .with_password(tried, me, present, policy, act.source, |person, act, rng| {
            let change = rules::change_password(policy, person, &session, hash.clone(), act);
            let told = |at| Letter::PasswordChanged { at };
            Ok((engine.telling(change, &person.account, act, told, rng), ()))
        })
        .await
}

/// Makes a secret for a second factor.
pub(super) async fn begin_second_factor(engine: &Engine, inside: Inside) -> Result<SecondFactorBegun> {
    let Inside { me, shop, act, .. } = inside;
    engine
        .decide(me.account.id, |person, rng| {
            let (change, secret) = rules::begin_second_factor(person, &act, rng);
            let uri = uri(shop.name.as_str(), person.account.email.as_str(), &secret);
            Ok((change, SecondFactorBegun { secret, uri }))
        })
        .await
}

/// Confirms it by a code.
pub(super) async fn confirm_second_factor(
    engine: &Engine,
    inside: Inside,
    code: &str,
) -> Result<Vec<RecoveryCode>> {
    let Inside {
        session,
        me,
        shop,
        act,
    } = inside;
    let code = TotpCode::parse(code);
    let (codes, recovery) = recovery_sheet(engine).await?;
    let act = act.at(engine.now());
    engine
        .decide(me.account.id, |person, _| {
            let (policy, recovery) = (&shop.policy, recovery.clone());
            let change =
                rules::confirm_second_factor(policy, person, &session, code.as_ref(), recovery, &act)?;
            Ok((change, ()))
        })
        .await?;
    Ok(codes.into())
}

/// Puts it off, where the shop does not require it.
pub(super) async fn put_off_second_factor(engine: &Engine, inside: Inside) -> Result<()> {
    let Inside {
        session,
        me,
        shop,
        act,
    } = inside;
    engine
        .decide(me.account.id, |person, _| {
            let change = rules::put_off_second_factor(&shop.policy, person, session.stage, &act)?;
            Ok((change, ()))
        })
        .await
}

/// Replaces all recovery codes, knowing the password.
pub(super) async fn replace_recovery_codes(
    engine: &Engine,
    inside: Inside,
    password: &Password,
) -> Result<Vec<RecoveryCode>> {
    let Inside { me, shop, act, .. } = inside;
    let (codes, recovery) = recovery_sheet(engine).await?;
    let tried = Try::again(Action::RecoveryCodesReplaced);
    engine
        .with_password(tried, me, password, &shop.policy, act.source, |person, act, _| {
            Ok((rules::replace_recovery_codes(person, recovery.clone(), act)?, ()))
        })
        .await?;
    Ok(codes.into())
}

/// Turns off one's own second factor, knowing the password.
pub(super) async fn remove_second_factor(engine: &Engine, inside: Inside, password: &Password) -> Result<()> {
    let Inside { me, shop, act, .. } = inside;
    let tried = Try::again(Action::SecondFactorRemoved);
    engine
        .with_password(
            tried,
            me,
            password,
            &shop.policy,
            act.source,
            |person, act, rng| {
                let change = rules::remove_second_factor(&shop.policy, person, act)?;
                let told = |at| Letter::SecondFactorRemoved { at };
                Ok((engine.telling(change, &person.account, act, told, rng), ()))
            },
        )
        .await
}

/// What was done by and to one's own account, for somebody who may not read the trail. Who in the shop
/// did it, from where and why is the shop's business, and cannot be searched for either.
pub(super) async fn events(
    engine: &Engine,
    inside: &Inside,
    query: &EventQuery,
) -> Result<Page<RecordedEvent>> {
    let me = inside.me.account.id;
    let query = EventQuery {
        account: Some(me),
        text: None,
        address: None,
        ..query.clone()
    };
    let mut page = engine.store.events(&query).await?;
    for RecordedEvent { event, .. } in &mut page.rows {
        if let Actor::Account { id, email } = &mut event.actor
            && *id != me
        {
            email.clear();
            event.source.address = None;
            event.source.device = None;
            event.reason = None;
            event.details = Details::default();
        }
    }
    Ok(page)
}

/// A fresh sheet of recovery codes and what is stored of it.
async fn recovery_sheet(engine: &Engine) -> Result<([RecoveryCode; CODES], RecoverySet)> {
    let mut rng = engine.rng();
    let (codes, hashing) = (
        RecoveryCode::sheet(&mut rng),
        Hashing::fresh(engine.cost(), &mut rng),
    );
    let mut digests = [[0_u8; 32]; CODES];
    for (digest, code) in digests.iter_mut().zip(&codes) {
        *digest = engine.digest(code.canonical(), hashing).await?;
    }
    Ok((codes, RecoverySet::new(hashing, digests)))
}
