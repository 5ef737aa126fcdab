//! Tokens of programs: made and revoked by who has the right, and what is kept of one.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::sign_in::{Try, settled};
use super::{Act, guard, session};
use crate::account::{Account, Name, TextRefused};
use crate::api_token::{ApiToken, ApiTokenId, ApiTokenRow, IssuedApiToken, NewApiToken, TokenScope};
use crate::audit::{Action, Details};
use crate::change::{Change, Denial};
use crate::clock::Rng;
use crate::entry::{Entry, EntryKind};
use crate::error::{Error, Refusal, StoreError};
use crate::rights::Right;
use crate::store::Person;

/// How exactly it is noted when a token was last used: a write for every request would be waste.
const USED_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// How far a clock may be set back before a token that it takes for one of the future is none.
const FUTURE: SignedDuration = SignedDuration::from_hours(24);

/// What is kept of a token beside its key and its times.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) id: ApiTokenId,
    pub(crate) name: Name,
    pub(crate) scopes: Vec<TokenScope>,
    pub(crate) provisioner: Option<Name>,
    made_by: String,
    last_used_at: Option<Timestamp>,
}

/// A token as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) entry: Entry,
    pub(crate) kept: Kept,
}

impl Token {
    /// As an entry says.
    pub(crate) fn of(entry: Entry) -> Result<Self, StoreError> {
        let kept = entry.read()?;
        Ok(Self { entry, kept })
    }

    /// Whether it opens anything at that time. A clock that was set back gives it no more time.
    pub(crate) fn holds(&self, now: Timestamp) -> bool {
        self.entry.expires_at.is_some_and(|end| end > now) && self.entry.at <= session::later(now, FUTURE)
    }

    /// The same with a note of its use, if the last one is old.
    pub(crate) fn used(&self, now: Timestamp) -> Option<Result<Entry, StoreError>> {
        let noted = self.kept.last_used_at;
        if noted.is_some_and(|at| at.duration_until(now).abs() < USED_EVERY) {
            return None;
        }
        let kept = Kept {
            last_used_at: Some(now),
            ..self.kept.clone()
        };
        // Its place in the list stays.
        Some(self.entry.next(self.entry.at, &kept))
    }

    /// As the list shows it.
    pub(crate) fn row(&self) -> ApiTokenRow {
        let kept = &self.kept;
        ApiTokenRow {
            id: kept.id,
            name: kept.name.clone(),
            scopes: kept.scopes.clone(),
            provisioner: kept.provisioner.clone(),
            made_by: kept.made_by.clone(),
            created_at: self.entry.at,
            expires_at: self.entry.expires_at.unwrap_or(self.entry.at),
            last_used_at: kept.last_used_at,
        }
    }

    fn details(&self) -> Details {
        let scopes: Vec<_> = self.kept.scopes.iter().map(|scope| scope.as_str()).collect();
        let mut details = Details::default()
            .fact("token", &self.kept.name)
            .fact("id", self.kept.id)
            .fact("scopes", scopes.join(" "));
        if let Some(provisioner) = &self.kept.provisioner {
            details = details.fact("provisioner", provisioner);
        }
        if let Some(end) = self.entry.expires_at {
            details = details.fact("expires_at", end);
        }
        details
    }
}

/// Whether somebody may make or revoke tokens.
pub(crate) fn may(actor: &Account, action: Action, act: &Act) -> Result<(), Box<Denial>> {
    guard::allowed(actor, Right::KeepTokens).map_err(|refusal| {
        let change = Change::of(act.refused(action, &refusal));
        Box::new(Denial { refusal, change })
    })
}

/// Makes a token. Its maker's password was right.
pub(crate) fn create(
    new: &NewApiToken,
    person: &Person,
    act: &Act,
    rng: &mut Rng,
) -> Result<(Change, IssuedApiToken), Box<Denial>> {
    let action = Action::ApiTokenCreated;
    may(&person.account, action, act)?;
    let credential = settled(Try::again(action), &person.credential, act);
    let refused = |refusal: Refusal| {
        let change = Change::of(act.refused(action, &refusal)).replace_credential(credential.clone());
        Box::new(Denial { refusal, change })
    };
    let nameless = new.provisioner.as_ref().is_some_and(Name::is_empty);
    if new.name.is_empty() || nameless || (new.scopes.is_empty() && new.provisioner.is_none()) {
        return Err(refused(Refusal::BadText(TextRefused::Empty)));
    }
    let mut scopes = new.scopes.clone();
    scopes.sort_unstable();
    scopes.dedup();
    let kept = Kept {
        id: ApiTokenId::fresh(act.at, rng),
        name: new.name.clone(),
        scopes,
        provisioner: new.provisioner.clone(),
        made_by: person.account.email.as_str().to_owned(),
        last_used_at: None,
    };
    let secret = ApiToken::fresh(rng);
    let entry = Entry::new(EntryKind::ApiToken, secret.key(), act.at, &kept)
        // What is kept is text, numbers and times: all that JSON can say.
        .map_err(|_| refused(Refusal::BadText(TextRefused::Unprintable)))?
        .until(new.days.after(act.at));
    let token = Token { entry, kept };
    let change = Change::of(act.done(action).with(token.details()))
        .replace_credential(credential)
        .put_entry(token.entry.clone());
    let row = token.row();
    Ok((change, IssuedApiToken { token: secret, row }))
}

/// Revokes a token: it opens nothing any more.
pub(crate) fn revoke(token: &Token, actor: &Account, act: &Act) -> Result<Change, Box<Denial>> {
    let action = Action::ApiTokenRevoked;
    may(actor, action, act)?;
    Ok(Change::of(act.done(action).with(token.details())).take_entry(&token.entry))
}

/// Whether a token is for that.
pub(crate) fn for_scope(token: &Token, scope: TokenScope) -> Result<(), Error> {
    if token.kept.scopes.contains(&scope) {
        Ok(())
    } else {
        Err(Refusal::OutOfScope.into())
    }
}
