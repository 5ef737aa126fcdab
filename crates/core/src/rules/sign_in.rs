//! Signing in: an attempt is reserved before its secret is evaluated, and settled by exactly one
//! event after. Password first, then the second factor.

use super::{Act, session};
use crate::account::Account;
use crate::audit::{Action, Details, Program};
use crate::change::{Change, Denial, Reservation};
use crate::clock::Rng;
use crate::credential::Credential;
use crate::error::{Code, Refusal};
use crate::lockout::{self, Factor};
use crate::password::PasswordHash;
use crate::policy::Policy;
use crate::second_factor::recovery::Digest;
use crate::second_factor::{CodeRefused, RecoveryCodeRefused, TotpCode};
use crate::session::{DeviceKey, Session, SessionToken, Stage};
use crate::store::Person;

/// A secret that is being tried.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Try {
    /// Which one; its failures are counted apart.
    pub(crate) factor: Factor,
    /// What the trail calls it.
    pub(crate) action: Action,
}

impl Try {
    pub(crate) const PASSWORD: Self = Self {
        factor: Factor::Password,
        action: Action::SignInPassword,
    };
    pub(crate) const CODE: Self = Self {
        factor: Factor::Totp,
        action: Action::SignInCode,
    };
    pub(crate) const RECOVERY_CODE: Self = Self {
        factor: Factor::RecoveryCode,
        action: Action::SignInRecoveryCode,
    };
    pub(crate) const ENROLMENT: Self = Self {
        factor: Factor::Password,
        action: Action::EnrolmentRedeemed,
    };
    pub(crate) const UNLOCK: Self = Self {
        factor: Factor::Password,
        action: Action::SessionUnlocked,
    };
    /// The present password, asked again before something that matters.
    pub(crate) fn again(action: Action) -> Self {
        Self {
            factor: Factor::Password,
            action,
        }
    }
}

/// An attempt whose secret may be evaluated once the reservation is committed.
#[derive(Debug)]
pub(crate) struct Admitted {
    pub(crate) reservation: Reservation,
    /// Attempts of a program that died before it settled them, counted as failures by now.
    pub(crate) interrupted: u32,
}

/// Reserves an attempt, or refuses it without a look at the secret.
pub(crate) fn begin(
    tried: Try,
    policy: &Policy,
    person: &Person,
    act: &Act,
) -> Result<Admitted, Box<Denial>> {
    let Person { account, credential } = person;
    let scope = credential.scope(act.source.device);
    let before = credential.budget(tried.factor, scope);
    let begun = lockout::begin(&before, &policy.lockout(), act.at);
    let mut next = credential.clone();
    next.budgets.insert((tried.factor, scope), begun.budget);

    if let Err(locked) = begun.admitted {
        let refusal = Refusal::Locked(locked);
        let event = act
            .refused(tried.action, &refusal)
            .on(account)
            .with(noting(begun.orphans));
        let change = Change::of(event);
        let change = if begun.budget == before {
            change
        } else {
            change.replace_credential(next)
        };
        return Err(Box::new(Denial { refusal, change }));
    }
    if tried.factor == Factor::Totp
        && let Some(confirmed) = &mut next.totp
    {
        match confirmed.totp.begin(act.at) {
            Ok(progress) => confirmed.totp.progress = progress,
            Err(_) => return Err(act.deny(tried.action, account, Refusal::TooManyCodes)),
        }
    }
    next.revision += 1;
    Ok(Admitted {
        reservation: Reservation(next),
        interrupted: begun.orphans,
    })
}

/// Settles an attempt whose secret was wrong.
pub(crate) fn wrong(
    tried: Try,
    policy: &Policy,
    person: &Person,
    act: &Act,
    interrupted: u32,
) -> Box<Denial> {
    let refusal = wrong_secret(tried);
    let why = refusal.code();
    failed(tried, policy, person, act, interrupted, refusal, why)
}

/// What is said of a wrong secret: the same for everybody, whether they exist or not.
pub(crate) fn wrong_secret(tried: Try) -> Refusal {
    if tried.action == Action::EnrolmentRedeemed {
        Refusal::EnrolmentRefused
    } else {
        Refusal::WrongCredentials
    }
}

/// `refusal` is said to whoever tried, `why` to whoever reads the trail.
fn failed(
    tried: Try,
    policy: &Policy,
    person: &Person,
    act: &Act,
    interrupted: u32,
    refusal: Refusal,
    why: Code,
) -> Box<Denial> {
    let Person { account, credential } = person;
    let scope = credential.scope(act.source.device);
    let budget = lockout::fail(&credential.budget(tried.factor, scope), &policy.lockout(), act.at);
    let event = act
        .failed(tried.action, why)
        .on(account)
        .with(noting(interrupted).fact("failures", budget.failures));
    let mut next = credential.clone();
    next.budgets.insert((tried.factor, scope), budget);
    Box::new(Denial {
        refusal,
        change: Change::of(event).replace_credential(next),
    })
}

fn noting(interrupted: u32) -> Details {
    if interrupted == 0 {
        Details::default()
    } else {
        Details::default().fact("interrupted", interrupted)
    }
}

/// The credential with the attempt settled as right: only this factor's failures are forgotten.
pub(crate) fn settled(tried: Try, credential: &Credential, act: &Act) -> Credential {
    let scope = credential.scope(act.source.device);
    let budget = lockout::succeed(&credential.budget(tried.factor, scope));
    let mut next = credential.clone();
    next.budgets.insert((tried.factor, scope), budget);
    next
}

/// A step that succeeded.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) change: Change,
    pub(crate) session: Session,
    pub(crate) token: SessionToken,
}

impl Step {
    /// The same step of somebody who comes from that device: a console's session that begins opens to
    /// nobody else. Pages and programs sign nothing.
    pub(crate) fn bound_to(mut self, device: Option<DeviceKey>) -> Self {
        let console = matches!(
            self.session.source.program,
            Program::Window | Program::CommandLine
        );
        self.session.device_key = device.filter(|_| console);
        self.change = self.change.put_session(self.session.clone());
        self
    }
}

/// The password was right. `upgraded` replaces a hash of an older scheme.
pub(crate) fn right_password(
    policy: &Policy,
    person: &Person,
    act: &Act,
    interrupted: u32,
    upgraded: Option<PasswordHash>,
    rng: &mut Rng,
) -> Result<Step, Box<Denial>> {
    let tried = Try::PASSWORD;
    let mut credential = settled(tried, &person.credential, act);
    if let (Some(hash), Some(password)) = (upgraded, &mut credential.password) {
        password.hash = hash;
    }
    if let Some(refusal) = barred(&person.account) {
        let event = act
            .refused(tried.action, &refusal)
            .on(&person.account)
            .with(noting(interrupted));
        return Err(Box::new(Denial {
            refusal,
            change: Change::of(event).replace_credential(credential),
        }));
    }
    let person = Person {
        account: person.account.clone(),
        credential,
    };
    let stage = session::first_stage(&person, policy);
    Ok(enter(
        tried,
        policy,
        person,
        act,
        noting(interrupted),
        stage,
        None,
        rng,
    ))
}

/// Opens, or moves on, a session of somebody whose secret was right.
#[expect(
    clippy::too_many_arguments,
    reason = "one call for all ways in, so that none forgets a part"
)]
pub(crate) fn enter(
    tried: Try,
    policy: &Policy,
    person: Person,
    act: &Act,
    details: Details,
    stage: Stage,
    present: Option<&Session>,
    rng: &mut Rng,
) -> Step {
    let Person {
        account,
        mut credential,
    } = person;
    if stage != Stage::SecondFactor {
        credential.last_sign_in_at = Some(act.at);
        if let Some(device) = act.source.device {
            credential.known_devices.insert(device);
        }
    }
    let person = Person { account, credential };
    let (session, token) = match present {
        Some(present) => session::advance(present, stage, policy, act.at, rng),
        None => session::begin(&person, stage, policy, act.source.clone(), act.at, rng),
    };
    // Whoever has yet to give a code is somebody with a password, and not yet the account's holder.
    let act = match stage {
        Stage::SecondFactor => act.clone(),
        _ => Act::by(&person.account, act.at, act.source.clone()),
    };
    let event = act
        .done(tried.action)
        .on(&person.account)
        .with(details.fact("stage", stage_word(stage)));
    let change = Change::of(event)
        .replace_credential(person.credential)
        .put_session(session.clone());
    Step {
        change,
        session,
        token,
    }
}

/// Opens a session again whose holder gave the password.
pub(crate) fn back_in(
    tried: Try,
    policy: &Policy,
    person: &Person,
    present: &Session,
    act: &Act,
    rng: &mut Rng,
) -> Step {
    let (session, token) = session::advance(present, present.stage, policy, act.at, rng);
    let change = Change::of(act.done(tried.action).on(&person.account))
        .replace_credential(settled(tried, &person.credential, act))
        .put_session(session.clone());
    Step {
        change,
        session,
        token,
    }
}

fn stage_word(stage: Stage) -> &'static str {
    match stage {
        Stage::SecondFactor => "second_factor",
        Stage::Rebind => "rebind",
        Stage::SetUp => "set_up",
        Stage::Open => "open",
    }
}

/// Why an account may not be entered although the secret was right.
pub(crate) fn barred(account: &Account) -> Option<Refusal> {
    if account.disabled.is_some() {
        Some(Refusal::Disabled)
    } else if account.locked.is_some() {
        Some(Refusal::LockedByHand)
    } else {
        None
    }
}

/// Judges the code of an authenticator app.
pub(crate) fn code(
    policy: &Policy,
    person: &Person,
    present: &Session,
    code: &TotpCode,
    act: &Act,
    interrupted: u32,
    rng: &mut Rng,
) -> Result<Step, Box<Denial>> {
    let tried = Try::CODE;
    let Some(confirmed) = &person.credential.totp else {
        return Err(wrong(tried, policy, person, act, interrupted));
    };
    let progress = match confirmed.totp.check(code, act.at) {
        Ok(progress) => progress,
        Err(CodeRefused::Replayed) => {
            return Err(failed(
                tried,
                policy,
                person,
                act,
                interrupted,
                Refusal::CodeReplayed,
                Code::CodeReplayed,
            ));
        }
        Err(CodeRefused::Wrong) => return Err(wrong(tried, policy, person, act, interrupted)),
        Err(CodeRefused::OutOfTime { next }) => {
            let mut learned = person.clone();
            if let Some(confirmed) = &mut learned.credential.totp {
                confirmed.totp.progress = next;
            }
            return Err(failed(
                tried,
                policy,
                &learned,
                act,
                interrupted,
                wrong_secret(tried),
                Code::CodeOutOfTime,
            ));
        }
    };
    let mut credential = settled(tried, &person.credential, act);
    if let Some(confirmed) = &mut credential.totp {
        confirmed.totp.progress = progress;
    }
    let person = Person {
        account: person.account.clone(),
        credential,
    };
    let stage = session::stage(&person, policy);
    Ok(enter(
        tried,
        policy,
        person,
        act,
        noting(interrupted),
        stage,
        Some(present),
        rng,
    ))
}

/// Judges a recovery code by its digest under the set's salt.
pub(crate) fn recovery_code(
    policy: &Policy,
    person: &Person,
    present: &Session,
    digest: &Digest,
    act: &Act,
    interrupted: u32,
    rng: &mut Rng,
) -> Result<Step, Box<Denial>> {
    let tried = Try::RECOVERY_CODE;
    let used = match person
        .credential
        .recovery
        .as_ref()
        .map(|set| set.use_code(digest, act.at))
    {
        Some(Ok(used)) => used,
        Some(Err(RecoveryCodeRefused::Unknown | RecoveryCodeRefused::AlreadyUsed)) | None => {
            return Err(wrong(tried, policy, person, act, interrupted));
        }
    };
    let mut credential = settled(tried, &person.credential, act);
    let details = noting(interrupted).fact("left", used.left());
    credential.recovery = Some(used);
    let person = Person {
        account: person.account.clone(),
        credential,
    };
    Ok(enter(
        tried,
        policy,
        person,
        act,
        details,
        Stage::Rebind,
        Some(present),
        rng,
    ))
}
