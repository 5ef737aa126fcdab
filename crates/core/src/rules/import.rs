//! Accounts that come in from a file: each row is judged alone, and says which column is wrong.

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};

use super::{Act, accounts};
use crate::account::{Account, AccountId, Email, Name, Role};
use crate::audit::Action;
use crate::change::Change;
use crate::clock::Rng;
use crate::credential::{ConfirmedTotp, Credential, StoredPassword};
use crate::directory::{ImportRow, NewAccount};
use crate::password::PasswordHash;
use crate::rights::may_touch;
use crate::second_factor::{Totp, TotpSecret};

/// Which column is wrong and why.
#[derive(Debug)]
pub(crate) struct BadColumn {
    pub(crate) column: &'static str,
    pub(crate) why: String,
}

fn bad(column: &'static str) -> impl Fn(String) -> BadColumn {
    move |why| BadColumn { column, why }
}

/// The account that a row becomes, with the change that makes it.
pub(crate) fn row(
    row: &ImportRow,
    actor: &Account,
    act: &Act,
    rng: &mut Rng,
) -> Result<(AccountId, Change), BadColumn> {
    let email = Email::parse(&row.email).map_err(|refused| bad("email")(refused.to_string()))?;
    let name = Name::parse(&row.name).map_err(|refused| bad("name")(refused.to_string()))?;
    let role = role(&row.role, actor)?;
    let created_at = created_at(&row.created_at, act.at)?;
    let password = given(&row.password_hash)
        .map(|text| PasswordHash::parse(text).map_err(|unknown| bad("password_hash")(unknown.to_string())))
        .transpose()?;
    let totp = given(&row.totp_secret)
        .map(|text| {
            TotpSecret::from_base32(text)
                .ok_or_else(|| bad("totp_secret")("this is no secret in base32 of 10 to 64 bytes".to_owned()))
        })
        .transpose()?;

    let mut account = accounts::fresh(
        NewAccount { email, name, role },
        AccountId::fresh(act.at, rng),
        act.at,
    );
    account.created_at = created_at;
    let credential = Credential {
        password: password.map(|hash| StoredPassword {
            hash,
            set_at: created_at,
            must_change: false,
            breached: None,
        }),
        totp: totp.map(|secret| ConfirmedTotp {
            totp: Totp::new(secret),
            since: created_at,
        }),
        ..Credential::empty(account.id)
    };
    let id = account.id;
    let change =
        Change::of(act.done(Action::AccountImported).on(&account)).insert_person(account, credential);
    Ok((id, change))
}

fn given(text: &SecretString) -> Option<&str> {
    Some(text.expose_secret().trim()).filter(|text| !text.is_empty())
}

fn role(word: &str, actor: &Account) -> Result<Role, BadColumn> {
    let word = word.trim();
    let role = if word.is_empty() {
        Some(Role::Customer)
    } else {
        Role::parse(&word.to_lowercase())
    };
    let role = role.ok_or_else(|| {
        let known: Vec<_> = Role::ALL.into_iter().map(Role::as_str).collect();
        bad("role")(format!("there is no such role: use one of {}", known.join(", ")))
    })?;
    if may_touch(actor.role, role) {
        Ok(role)
    } else {
        Err(bad("role")("only an owner may give this role".to_owned()))
    }
}

fn created_at(text: &str, now: Timestamp) -> Result<Timestamp, BadColumn> {
    match text.trim() {
        "" => Ok(now),
        text => text
            .parse()
            .map_err(|_| bad("created_at")("write the time as 2026-01-31T12:00:00Z".to_owned())),
    }
}
