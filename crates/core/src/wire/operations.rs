//! Everything that can be asked over HTTP: a type for each operation, and the list of all.

use super::{
    Access, AccountCountQuery, AccountListQuery, AddressBody, AuditExportBody, ChangePasswordBody,
    ClearLimitBody, CodeBody, CountBody, CreatedBody, Description, EnrolBody, ExportRowBody, FindQuery,
    ImportBody, IssuedEnrolmentBody, Method, Onlooker, Operation, OptionalReasonBody, PasswordBody,
    PolicyBody, ReasonBody, RecoveryCodesBody, SecondFactorBegunBody, SetUpBody, SignInBody, SignedInBody,
    SubjectBody,
};
use super::{IssuedApiTokenBody, NewApiTokenBody, RecordEventsBody, RemovePasskeyBody};
use crate::account::{Account, AccountId};
use crate::api_token::{ApiTokenId, ApiTokenRow};
use crate::audit::RecordedEvent;
use crate::audit::chain::Verdict;
use crate::breach::BreachAnswer;
use crate::directory::{AccountEdit, AccountPage, ImportResult, LinkSent, Me, NewAccount};
use crate::limit::{Allowance, LimitName, LimitsPage};
use crate::query::{AccountRow, EventQuery, Page};
use crate::session::{SessionId, SessionRow};
use crate::shop::{Shop, ShopFront};
use crate::shop_event::Recorded;

/// `Name = METHOD "path" Access status (parts of the path, query, body) => answer;`, with `revised`
/// before the status where `If-Match` is needed.
macro_rules! operations {
    ($(
        #[doc = $about:literal]
        $name:ident = $method:ident $path:literal $access:ident $($revised:ident)? $status:literal
            ($place:ty, $query:ty, $body:ty) => $answer:ty;
    )+) => {
        $(
            #[doc = $about]
            #[derive(Debug, Clone, Copy)]
            pub struct $name;

            impl Operation for $name {
                const DESCRIPTION: Description = Description {
                    name: stringify!($name),
                    about: $about.trim_ascii(),
                    method: Method::$method,
                    path: $path,
                    access: Access::$access,
                    revised: operations!(@revised $($revised)?),
                    status: $status,
                };
                type Place = $place;
                type Query = $query;
                type Body = $body;
                type Answer = $answer;
            }
        )+

        /// Every operation.
        pub const OPERATIONS: &[Description] = &[$($name::DESCRIPTION,)+];

        /// Shows every operation with its types, in the order of [`OPERATIONS`].
        pub fn each_operation(onlooker: &mut impl Onlooker) {
            $(onlooker.see::<$name>();)+
        }
    };
    (@revised revised) => { true };
    (@revised) => { false };
}

operations! {
    /// What anybody may see of the shop, once it is set up: its name, and what a way in needs.
    GetShop = Get "/v1/shop" Anybody 200 ((), (), ()) => ShopFront;
    /// Sets up the shop with its first owner, who is signed in at once.
    SetUp = Post "/v1/shop" Anybody 201 ((), (), SetUpBody) => SignedInBody;
    /// The shop with all that it has decided.
    GetPolicy = Get "/v1/policy" Session 200 ((), (), ()) => Shop;
    /// Changes the shop's name or what it has decided.
    ChangePolicy = Put "/v1/policy" Session revised 200 ((), (), PolicyBody) => Shop;

    /// Signs in with e-mail address and password.
    SignIn = Post "/v1/sessions" Anybody 201 ((), (), SignInBody) => SignedInBody;
    /// Uses an enrolment code to set a password, and signs in.
    Enrol = Post "/v1/enrolments" Anybody 201 ((), (), EnrolBody) => SignedInBody;
    /// Goes on with the code of the authenticator app; the token of the step before is void.
    GiveCode = Post "/v1/sessions/current/second-factor" Session 200 ((), (), CodeBody) => SignedInBody;
    /// Goes on with a recovery code; the token of the step before is void.
    GiveRecoveryCode = Post "/v1/sessions/current/recovery-code" Session 200 ((), (), CodeBody) => SignedInBody;
    /// Opens a locked or idle session with its account's password; its old token is void.
    Unlock = Post "/v1/sessions/current/unlock" Session 200 ((), (), PasswordBody) => SignedInBody;
    /// Who is signed in, with which rights, and what they still have to do.
    GetMe = Get "/v1/sessions/current" Session 200 ((), (), ()) => Me;
    /// Notes that the holder did something, so that the session does not lock.
    Touch = Post "/v1/sessions/current/touch" Session 204 ((), (), ()) => ();
    /// Locks the session until its password is given.
    Lock = Post "/v1/sessions/current/lock" Session 204 ((), (), ()) => ();
    /// Ends the session.
    SignOut = Delete "/v1/sessions/current" Session 204 ((), (), ()) => ();

    /// Chooses a new password, knowing the present one; other sessions end.
    ChangePassword = Put "/v1/me/password" Session 204 ((), (), ChangePasswordBody) => ();
    /// Makes a secret for a second factor; it is asked for only once it is confirmed.
    BeginSecondFactor = Post "/v1/me/second-factor" Session 201 ((), (), ()) => SecondFactorBegunBody;
    /// Confirms a second factor by a code; the recovery codes are shown once.
    ConfirmSecondFactor = Post "/v1/me/second-factor/confirm" Session 200 ((), (), CodeBody) => RecoveryCodesBody;
    /// Puts the second factor off, where the shop does not require it.
    PutOffSecondFactor = Post "/v1/me/second-factor/put-off" Session 204 ((), (), ()) => ();
    /// Turns off one's own second factor, knowing the password.
    RemoveSecondFactor = Post "/v1/me/second-factor/remove" Session 204 ((), (), PasswordBody) => ();
    /// Replaces all recovery codes, knowing the password; they are shown once.
    ReplaceRecoveryCodes = Post "/v1/me/recovery-codes" Session 201 ((), (), PasswordBody) => RecoveryCodesBody;

    /// Asks for another e-mail address, knowing the password; it counts once the link sent there is used.
    RequestAddress = Post "/v1/me/address" Session 204 ((), (), AddressBody) => ();

    /// A page of accounts.
    ListAccounts = Get "/v1/accounts" Session 200 ((), AccountListQuery, ()) => Page<AccountRow>;
    /// How many accounts a filter finds.
    CountAccounts = Get "/v1/accounts/count" Session 200 ((), AccountCountQuery, ()) => CountBody;
    /// The account of an e-mail address.
    FindAccount = Get "/v1/accounts/find" Session 200 ((), FindQuery, ()) => Account;
    /// Everything about one account that is no secret.
    GetAccount = Get "/v1/accounts/{id}" Session 200 (AccountId, (), ()) => AccountPage;
    /// Makes an account, with an enrolment code to read out or print.
    CreateAccount = Post "/v1/accounts" Session 201 ((), (), NewAccount) => CreatedBody;
    /// Changes e-mail address, name or role.
    EditAccount = Put "/v1/accounts/{id}" Session revised 200 (AccountId, (), AccountEdit) => Account;
    /// Hands out a new enrolment code; an older one is void.
    IssueEnrolment = Post "/v1/accounts/{id}/enrolment" Session 201 (AccountId, (), OptionalReasonBody) => IssuedEnrolmentBody;
    /// Sends somebody who has no password yet a link to choose one; an older one is void.
    Invite = Post "/v1/accounts/{id}/invitation" Session 200 (AccountId, (), OptionalReasonBody) => LinkSent;
    /// Sends somebody a link to set a new password; an older one is void.
    SendReset = Post "/v1/accounts/{id}/reset" Session 200 (AccountId, (), OptionalReasonBody) => LinkSent;
    /// Disables an account and ends its sessions.
    DisableAccount = Post "/v1/accounts/{id}/disable" Session 200 (AccountId, (), ReasonBody) => Account;
    /// Enables a disabled account.
    EnableAccount = Post "/v1/accounts/{id}/enable" Session 200 (AccountId, (), OptionalReasonBody) => Account;
    /// Locks an account by hand and ends its sessions.
    LockAccount = Post "/v1/accounts/{id}/lock" Session 200 (AccountId, (), ReasonBody) => Account;
    /// Lifts a lock by hand and forgets failures.
    UnlockAccount = Post "/v1/accounts/{id}/unlock" Session 200 (AccountId, (), ReasonBody) => Account;
    /// Makes the person choose a new password at the next sign-in.
    ForcePasswordChange = Post "/v1/accounts/{id}/force-password-change" Session 200 (AccountId, (), ReasonBody) => Account;
    /// Takes away a second factor, its recovery codes and passkeys, and ends the sessions.
    ResetSecondFactor = Post "/v1/accounts/{id}/reset-second-factor" Session 200 (AccountId, (), ReasonBody) => Account;
    /// Takes away one passkey of an account and ends the sessions.
    RemovePasskey = Post "/v1/accounts/{id}/remove-passkey" Session 200 (AccountId, (), RemovePasskeyBody) => Account;
    /// Puts an account into the recycle bin and ends its sessions.
    DeleteAccount = Post "/v1/accounts/{id}/delete" Session 200 (AccountId, (), OptionalReasonBody) => Account;
    /// Takes an account out of the recycle bin.
    RestoreAccount = Post "/v1/accounts/{id}/restore" Session 200 (AccountId, (), ()) => Account;
    /// Open sessions of an account, the newest first.
    ListSessions = Get "/v1/accounts/{id}/sessions" Session 200 (AccountId, (), ()) => Vec<SessionRow>;
    /// Ends one session of an account.
    EndSession = Delete "/v1/accounts/{id}/sessions/{session}" Session 204 ((AccountId, SessionId), (), ()) => ();
    /// Ends every session of an account.
    EndSessions = Post "/v1/accounts/{id}/sessions/end" Session 204 (AccountId, (), OptionalReasonBody) => ();
    /// Takes accounts in; every row has a result.
    ImportAccounts = Post "/v1/accounts/import" Session 200 ((), (), ImportBody) => Vec<ImportResult>;
    /// A page of accounts with their hashes, for a move to another program; audited at the first page.
    ExportAccounts = Post "/v1/accounts/export" Session 200 ((), (), AccountListQuery) => Page<ExportRowBody>;

    /// A page of the audit trail.
    ListEvents = Get "/v1/audit/events" Session 200 ((), EventQuery, ()) => Page<RecordedEvent>;
    /// Writes events of the shop itself into the trail, all of them or none; a program's token is needed.
    RecordEvents = Post "/v1/audit/events" Session 201 ((), (), RecordEventsBody) => Recorded;
    /// Notes that the trail was exported with that filter.
    NoteAuditExport = Post "/v1/audit/exports" Session 204 ((), (), AuditExportBody) => ();
    /// Checks the chain of the trail; that is noted in it.
    VerifyTrail = Post "/v1/audit/verify" Session 200 ((), (), ()) => Verdict;

    /// Takes one of a limit that the shop has named; the answer says whether there was one.
    AskLimit = Post "/v1/limits/{name}" Session 200 (LimitName, (), SubjectBody) => Allowance;
    /// Every limit, and who is held up.
    ListLimits = Get "/v1/limits" Session 200 ((), (), ()) => LimitsPage;
    /// Lets somebody go on who is held up by a limit.
    ClearLimit = Post "/v1/limits/{name}/clear" Session 204 (LimitName, (), ClearLimitBody) => ();

    /// Tokens of programs, the oldest first.
    ListApiTokens = Get "/v1/api-tokens" Session 200 ((), (), ()) => Vec<ApiTokenRow>;
    /// Makes a token for a program, knowing the password; it is shown once.
    CreateApiToken = Post "/v1/api-tokens" Session 201 ((), (), NewApiTokenBody) => IssuedApiTokenBody;
    /// Revokes a token of a program.
    RevokeApiToken = Delete "/v1/api-tokens/{id}" Session 204 (ApiTokenId, (), ()) => ();

    /// Checks a password against known breaches; the trail learns that, never which.
    CheckBreach = Post "/v1/breach-checks" Session 200 ((), (), PasswordBody) => BreachAnswer;
}
