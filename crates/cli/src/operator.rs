//! Whoever types the command: signs in, acts, signs out.

use keyholder_core::directory::{Authentication as _, Directory, Duty, SignedIn};
use keyholder_core::error::{Code, Refusal};
use keyholder_core::second_factor::{RecoveryCode, TotpCode};
use keyholder_core::session::{SessionToken, Stage};

use crate::arguments::{Options, Subject};
use crate::failure::Failure;
use crate::rebind;
use crate::secret::Wanted;
use crate::site::{Open, Site};

/// Opens the store, signs the operator in, acts, signs out and closes the store, also when the act
/// is refused.
pub(crate) async fn signed_in<T>(
    site: &Site,
    options: &Options,
    act: impl AsyncFnOnce(&Open<'_>, &dyn Directory) -> Result<T, Failure>,
) -> Result<T, Failure> {
    // Known before anything is opened or asked for.
    who(options)?;
    let open = site.open().await?;
    let answer = act_in(&open, options, act).await;
    let closed = open.close().await;
    let answer = answer?;
    closed?;
    Ok(answer)
}

/// The same in a store that is open.
pub(crate) async fn act_in<'a, T>(
    open: &Open<'a>,
    options: &Options,
    act: impl AsyncFnOnce(&Open<'a>, &dyn Directory) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let token = sign_in(open, options).await?;
    let directory = open.authentication().directory(&token);
    let answer = act(open, &*directory).await;
    // A session that ended by itself is ended.
    let signed_out = match directory.sign_out().await.map_err(Failure::from) {
        Err(failure) if failure.code() == Some(Code::SessionEnded) => Ok(()),
        other => other,
    };
    let answer = answer?;
    signed_out?;
    Ok(answer)
}

/// Who signs in, as the options say.
pub(crate) fn who(options: &Options) -> Result<&str, Failure> {
    match &options.operator {
        Some(email) => Ok(email.as_str()),
        None => Err(Failure::usage(
            "nobody was named to sign in",
            "Say who you are with --as E-MAIL or KEYHOLDER_AS.",
        )),
    }
}

/// Password, then a code of the authenticator app or a recovery code; refused while something must be
/// set up first.
pub(crate) async fn sign_in(open: &Open<'_>, options: &Options) -> Result<SessionToken, Failure> {
    let email = who(options)?;
    if open.authentication().shop().await?.is_none() {
        return Err(Refusal::NotSetUp.into());
    }
    let wanted = Wanted {
        what: "password",
        option: "--password-file",
        file: options.password_file.as_deref(),
    };
    let password = wanted.password()?;
    let source = open.site.source.clone();
    let signed_in = open
        .authentication()
        .sign_in(email, &password, source)
        .await
        .map_err(counted)?;
    let signed_in = second_factor(open, options, signed_in).await?;
    let directory = open.authentication().directory(&signed_in.token);
    if let Err(failure) = nothing_first(&*directory, signed_in.stage).await {
        directory.sign_out().await?;
        return Err(failure);
    }
    // Accounts whose days in the recycle bin are over go as they would with the window.
    open.authentication().empty_recycle_bin().await?;
    Ok(signed_in.token)
}

async fn second_factor(open: &Open<'_>, options: &Options, first: SignedIn) -> Result<SignedIn, Failure> {
    if first.stage != Stage::SecondFactor {
        return Ok(first);
    }
    let wanted = Wanted {
        what: "code of the authenticator app, or a recovery code",
        option: "--code-file",
        file: options.code_file.as_deref(),
    };
    let answer = match wanted.get() {
        Ok(code) => of_either_kind(open, &first.token, code.trim()).await,
        Err(failure) => Err(failure),
    };
    if answer.is_err() {
        open.authentication().directory(&first.token).sign_out().await?;
    }
    answer
}

async fn of_either_kind(open: &Open<'_>, token: &SessionToken, code: &str) -> Result<SignedIn, Failure> {
    if TotpCode::parse(code).is_some() {
        open.authentication()
            .second_factor(token, code)
            .await
            .map_err(counted)
    } else if RecoveryCode::parse(code).is_some() {
        rebind::must_be_seen()?;
        open.authentication()
            .recovery_code(token, code)
            .await
            .map_err(counted)
    } else {
        Err(Failure::refused(
            "that is no code: the authenticator app shows six digits, a recovery code has three groups of five",
            "Look again. It was not counted.",
        ))
    }
}

/// Lets nobody act who has something else to do first; what can be done at a terminal is done there.
async fn nothing_first(directory: &dyn Directory, stage: Stage) -> Result<(), Failure> {
    if stage == Stage::Rebind {
        rebind::set_up_anew(directory).await?;
    }
    let me = directory.me().await?;
    if me.stage == Stage::Open {
        Ok(())
    } else {
        Err(to_set_up(&me.duties))
    }
}

fn counted(error: keyholder_core::error::Error) -> Failure {
    let failure = Failure::from(error);
    match failure.code() {
        Some(Code::WrongCredentials) => failure.saved("The attempt was counted; nothing else was changed."),
        _ => failure,
    }
}

fn to_set_up(duties: &[Duty]) -> Failure {
    let happened = match duties.first() {
        Some(Duty::ChangePassword { .. }) => "a new password must be chosen first",
        _ => "a second factor must be set up first",
    };
    Failure::of(Code::SetUpNeeded, happened)
}

/// The account that was named.
pub(crate) async fn find(
    directory: &dyn Directory,
    subject: &Subject,
) -> Result<keyholder_core::account::Account, Failure> {
    let found = match subject {
        Subject::Id(id) => directory.account(*id).await?.map(|page| page.account),
        Subject::Email(email) => directory.find(email).await?,
    };
    found.ok_or_else(|| Failure::not_found(subject))
}
