//! What a plan reports besides its steps: blocked, unmanaged, guards, accounts, estimate.

use crate::{AccountKey, AccountName, Address, Holding, SourceName};
use jiff::Timestamp;
use serde::Serialize;
use std::fmt;

/// Something declared that cannot be applied now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Blocked {
    /// What is blocked.
    pub address: Address,
    /// Why.
    pub reason: BlockedReason,
    /// The reason as text, with names and numbers.
    pub message: String,
    /// How to unblock it.
    pub remedy: String,
    /// Who can unblock it.
    pub who: Who,
}

/// Why something is blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum BlockedReason {
    /// The account is not on its source, and steersman does not create it there.
    NoAccount,
    /// The account has no identity yet.
    NoIdentity,
    /// The account holder must register first.
    NotRegistered,
    /// Invitations have expired unanswered, and no further one is sent.
    InvitationsUnanswered,
    /// The store has no issuer token for the account, or none that is valid.
    NoIssuer,
    /// The store runs a program, and the operator did not allow programs.
    StoreNotAsked,
    /// The store has a secret of another tenant, account or token in the place of a
    /// declared one.
    ForeignSecret,
    /// The collection that the decision depends on was not read completely.
    Unread,
    /// The identity has as many tokens as ISC allows.
    NoTokenSlot,
    /// Creating the token failed too often; a person has to look at it.
    TriesUsedUp,
    /// Another run may be replacing the issuer token.
    IssuerInFlight,
    /// The replaced token was used since, so it is kept for now.
    StillUsed,
    /// It was replaced, and its successor's secret is not in its place, so it is kept.
    SuccessorMissing,
    /// Its last rotation was undone, so it is not rotated for now.
    RolledBack,
    /// No identity of the tenant is the declared owner.
    OwnerNotFound,
    /// The identity is locked, disabled or in error.
    IdentityUnusable,
    /// Accounts exist under the present and under the earlier id. The earlier
    /// one is left alone.
    RenameUnclear,
    /// The identity is not the account's own, such as a person's, and no file says
    /// that it is meant.
    NotOwn,
    /// The step would change or revoke the token that steersman itself runs as.
    OwnToken,
    /// The step would change the identity that steersman itself runs as, its row or its
    /// user levels.
    OwnAccess,
    /// Nothing shows whether the identity is the account's own.
    OwnershipUnknown,
    /// A change of the identity profile is pending that gives identities another user
    /// name, and an import would carry it out.
    UserNamesPending,
    /// Several declared accounts have one identity and declare different things for it.
    Contradiction,
}

/// Who can act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Who {
    /// The account holder: reads the mailbox of the account and signs in as it.
    AccountHolder(AccountName),
    /// An ISC admin (`ORG_ADMIN`).
    TenantAdmin,
    /// The operator, who runs steersman.
    Operator,
    /// No person: it comes by itself, or with the next apply.
    NextApply,
}

impl fmt::Display for Who {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AccountHolder(name) => write!(formatter, "account holder of {name}"),
            Self::TenantAdmin => formatter.write_str("ISC admin"),
            Self::Operator => formatter.write_str("operator"),
            Self::NextApply => formatter.write_str("next apply"),
        }
    }
}

/// An object in the tenant that no file declares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unmanaged {
    /// The address that it would have if it were declared.
    pub address: Address,
    /// Its name.
    pub name: String,
    /// The source it is on, for an account.
    pub source: Option<SourceName>,
    /// The access that an account's identity still has; none for a token, and where a
    /// declared account has the same identity.
    pub holds: Option<Holding>,
}

impl Unmanaged {
    /// What to do about an account that left the files.
    pub const REMEDY: &str = "to keep an account that left the files, declare it again; to remove it, follow docs/remove-account.md";

    /// Whether it is an account that still has access, or of which that is not known.
    pub fn may_hold(&self) -> bool {
        self.holds
            .as_ref()
            .is_some_and(|holding| !holding.is_nothing())
    }

    /// What becomes of it, and what it still holds.
    pub fn in_words(&self) -> String {
        match &self.holds {
            Some(holding) => format!("unmanaged, kept; {}", holding.in_words()),
            None => "unmanaged, kept".to_owned(),
        }
    }
}

/// The report of a guard: count, limit and verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GuardReport {
    /// The guard's name, such as `deleteAccounts`.
    pub name: &'static str,
    /// Whether it refuses the plan or was lifted.
    pub verdict: Verdict,
    /// What it counted.
    pub counted: u64,
    /// How many it lets through.
    pub limit: u64,
    /// What it counted, as text with the numbers.
    pub message: String,
    /// How to allow it, or what to do instead.
    pub remedy: String,
}

impl GuardReport {
    /// Whether the plan must not be applied.
    pub fn refuses(&self) -> bool {
        self.verdict == Verdict::Refused
    }
}

/// What a guard decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// The plan must not be applied.
    Refused,
    /// The plan exceeds the limit, and the count was allowed for this run.
    Lifted,
}

/// What applying a plan will cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// How many requests it took to make the plan.
    pub read_requests: u64,
    /// How many requests the steps will take, polling left out.
    pub requests: u64,
    /// How many seconds that takes at ISC's rate limit, polling left out.
    pub seconds: u64,
    /// How many identities of the tenant are not registered, which decides what reading
    /// those to invite takes; none where that was not asked.
    #[serde(skip)]
    pub unregistered: Option<u64>,
}

/// How far a declared account is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountReport {
    /// The account.
    pub key: AccountKey,
    /// Its name.
    pub name: AccountName,
    /// Its source.
    pub source: SourceName,
    /// Its stage before the plan is applied; none where that could not be read.
    pub stage: Option<Stage>,
    /// The one next action; none where everything declared exists.
    pub next: Option<NextAction>,
}

impl AccountReport {
    /// Whether nothing goes on before a person acts. What has to be done by a later time
    /// holds nothing up yet.
    pub fn waits_for_a_person(&self) -> bool {
        self.next
            .as_ref()
            .is_some_and(|next| next.who != Who::NextApply && next.by.is_none())
    }
}

/// The next action for an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NextAction {
    /// What to do.
    pub what: String,
    /// Who can do it.
    pub who: Who,
    /// Until when; none where something is blocked already.
    pub by: Option<Timestamp>,
}

/// The stage of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// Not on its source.
    Absent,
    /// On its source, without an identity.
    Imported,
    /// An identity, not invited.
    Identified,
    /// Invited, not registered.
    Invited,
    /// Registered, without an issuer token.
    Registered,
    /// The store has an issuer token; the account is not as declared yet.
    Enrolled,
    /// Everything declared exists.
    Ready,
}

impl Stage {
    /// All stages, in their order.
    pub const ALL: [Self; 7] = [
        Self::Absent,
        Self::Imported,
        Self::Identified,
        Self::Invited,
        Self::Registered,
        Self::Enrolled,
        Self::Ready,
    ];
}

impl fmt::Display for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Absent => "absent",
            Self::Imported => "imported",
            Self::Identified => "identified",
            Self::Invited => "invited",
            Self::Registered => "registered",
            Self::Enrolled => "enrolled",
            Self::Ready => "ready",
        })
    }
}
