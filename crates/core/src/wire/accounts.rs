//! Queries and bodies about accounts, the trail, the shop and its store.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Secret, bad_message};
use crate::account::{Account, Email, Name, Reason, Role};
use crate::credential::PasskeyId;
use crate::directory::{Created, IssuedEnrolment};
use crate::error::Error;
use crate::policy::Policy;
use crate::query::{AccountFilter, AccountQuery, AccountSort, Cursor, EventQuery, PAGE, Standing};
use crate::second_factor::EnrolmentCode;

/// Which accounts are wanted: [`AccountFilter`], flat.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
pub struct AccountCountQuery {
    /// Part of the name or e-mail address, in any case.
    pub text: Option<String>,
    /// Of this role.
    pub role: Option<Role>,
    /// Standing so; without it, all but the recycle bin.
    pub standing: Option<Standing>,
    /// With a second factor, or without.
    pub second_factor: Option<bool>,
}

impl From<AccountFilter> for AccountCountQuery {
    fn from(filter: AccountFilter) -> Self {
        Self {
            text: filter.text,
            role: filter.role,
            standing: filter.standing,
            second_factor: filter.second_factor,
        }
    }
}

impl From<AccountCountQuery> for AccountFilter {
    fn from(query: AccountCountQuery) -> Self {
        Self {
            text: query.text,
            role: query.role,
            standing: query.standing,
            second_factor: query.second_factor,
        }
    }
}

/// A page of accounts: [`AccountQuery`], flat as a query of HTTP has to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct AccountListQuery {
    /// Part of the name or e-mail address, in any case.
    #[serde(default)]
    pub text: Option<String>,
    /// Of this role.
    #[serde(default)]
    pub role: Option<Role>,
    /// Standing so; without it, all but the recycle bin.
    #[serde(default)]
    pub standing: Option<Standing>,
    /// With a second factor, or without.
    #[serde(default)]
    pub second_factor: Option<bool>,
    /// In which order.
    #[serde(default)]
    pub sort: AccountSort,
    /// Whether the order is turned round.
    #[serde(default)]
    pub descending: bool,
    /// Where to begin; none for the first page.
    #[serde(default)]
    pub after: Option<Cursor>,
    /// How many rows at the most, 1 to [`PAGE_MAX`](crate::query::PAGE_MAX).
    #[serde(default = "page")]
    pub limit: u32,
}

fn page() -> u32 {
    PAGE
}

impl From<AccountQuery> for AccountListQuery {
    fn from(query: AccountQuery) -> Self {
        let filter = query.filter;
        Self {
            text: filter.text,
            role: filter.role,
            standing: filter.standing,
            second_factor: filter.second_factor,
            sort: query.sort,
            descending: query.descending,
            after: query.after,
            limit: query.limit,
        }
    }
}

impl From<AccountListQuery> for AccountQuery {
    fn from(query: AccountListQuery) -> Self {
        Self {
            filter: AccountFilter {
                text: query.text,
                role: query.role,
                standing: query.standing,
                second_factor: query.second_factor,
            },
            sort: query.sort,
            descending: query.descending,
            after: query.after,
            limit: query.limit,
        }
    }
}

/// Asks for the account of an address.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct FindQuery {
    /// The address.
    pub email: Email,
}

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct CountBody {
    /// How many.
    pub count: u32,
}

/// Why something is done, where that must be said.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct ReasonBody {
    /// In the words of who does it.
    pub reason: Reason,
}

/// Which passkey goes, and why.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct RemovePasskeyBody {
    /// Which.
    pub passkey: PasskeyId,
    /// In the words of whoever acts.
    pub reason: Reason,
}

/// Why something is done, where that may be said.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Type)]
#[serde(default)]
pub struct OptionalReasonBody {
    /// In the words of who does it.
    pub reason: Option<Reason>,
}

/// An enrolment code, shown once.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct IssuedEnrolmentBody {
    /// As it is printed.
    pub code: Secret,
    /// Good until then.
    pub expires_at: Timestamp,
    /// Whose it is.
    pub account: Account,
}

impl From<IssuedEnrolment> for IssuedEnrolmentBody {
    fn from(issued: IssuedEnrolment) -> Self {
        Self {
            code: issued.code.printed().into(),
            expires_at: issued.expires_at,
            account: issued.account,
        }
    }
}

impl TryFrom<IssuedEnrolmentBody> for IssuedEnrolment {
    type Error = Error;

    fn try_from(body: IssuedEnrolmentBody) -> Result<Self, Error> {
        let code = EnrolmentCode::parse(body.code.expose());
        Ok(Self {
            code: code.ok_or_else(|| bad_message("read an enrolment code"))?,
            expires_at: body.expires_at,
            account: body.account,
        })
    }
}

/// A new account with its enrolment code.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct CreatedBody {
    /// The account.
    pub account: Account,
    /// Shown once.
    pub enrolment: IssuedEnrolmentBody,
}

impl From<Created> for CreatedBody {
    fn from(created: Created) -> Self {
        Self {
            account: created.account,
            enrolment: created.enrolment.into(),
        }
    }
}

impl TryFrom<CreatedBody> for Created {
    type Error = Error;

    fn try_from(body: CreatedBody) -> Result<Self, Error> {
        Ok(Self {
            account: body.account,
            enrolment: body.enrolment.try_into()?,
        })
    }
}

/// That the trail was exported.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct AuditExportBody {
    /// With that filter.
    pub query: EventQuery,
    /// So many rows.
    pub rows: u32,
}

/// What the shop changes of itself.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct PolicyBody {
    /// Its name.
    pub name: Name,
    /// What it has decided.
    pub policy: Policy,
}
