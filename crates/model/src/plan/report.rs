//! What a plan says besides its steps.

use crate::{AccountKey, AccountName, Address, SourceName};
use serde::Serialize;
use std::fmt;

/// Something declared that cannot be carried out now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Blocked {
    /// What is blocked.
    pub address: Address,
    /// Why.
    pub reason: BlockedReason,
    /// The same in words, with the particulars.
    pub message: String,
    /// What can be done about it.
    pub remedy: String,
    /// Who can do it.
    pub who: Who,
}

/// Why something is blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum BlockedReason {
    /// The account is not on its source, and steersman does not make it there.
    NoAccount,
    /// The account has no identity yet.
    NoIdentity,
    /// The identity has to be registered by a person first.
    NotRegistered,
    /// The store has no issuer for the account.
    NoIssuer,
    /// What the decision needs could not be read.
    Unread,
    /// All ten slots for tokens are taken.
    NoTokenSlot,
    /// The identity is locked, disabled or in error.
    IdentityUnusable,
    /// The account is there under its present and under its earlier name, so
    /// that the earlier one is left alone.
    RenameUnclear,
}

/// Who can do something about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Who {
    /// The person who has the mailbox of the service account.
    AccountHolder(AccountName),
    /// An administrator of the tenant.
    TenantAdmin,
    /// Whoever runs steersman.
    Operator,
    /// Nobody: it comes by itself, or by the next apply.
    NextApply,
}

impl fmt::Display for Who {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AccountHolder(name) => write!(formatter, "whoever signs in as {name}"),
            Self::TenantAdmin => formatter.write_str("an administrator of the tenant"),
            Self::Operator => formatter.write_str("whoever runs steersman"),
            Self::NextApply => formatter.write_str("the next apply"),
        }
    }
}

/// Something that is there and that no file declares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unmanaged {
    /// What it would be called if it were declared.
    pub address: Address,
    /// Its name for a person.
    pub name: String,
    /// The source it is on, for an account.
    pub source: Option<SourceName>,
}

/// What a guard counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GuardReport {
    /// The guard's name, such as `deleteAccounts`.
    pub name: &'static str,
    /// Whether it refuses the plan, was lifted, or only warns.
    pub verdict: Verdict,
    /// What it counted.
    pub counted: u64,
    /// Up to how many it lets through.
    pub limit: u64,
    /// What it is about, in words with the numbers.
    pub message: String,
    /// How to lift it, or what to do instead.
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
    /// It would have been refused, and was allowed by count for this run.
    Lifted,
}

/// What carrying out a plan will cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// How many requests it took to make the plan.
    pub read_requests: u64,
    /// How many requests the steps will take, polling left out.
    pub requests: u64,
    /// How many seconds that takes at ISC's rate limit, polling left out.
    pub seconds: u64,
}

/// Where a declared account stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountReport {
    /// The account.
    pub key: AccountKey,
    /// Its name.
    pub name: AccountName,
    /// Its source.
    pub source: SourceName,
    /// How far it is, before the plan is applied; none where that could not be read.
    pub stage: Option<Stage>,
    /// The one next action; none where all that is declared is there.
    pub next: Option<NextAction>,
}

/// The one next action for an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NextAction {
    /// What to do.
    pub what: String,
    /// Who can do it.
    pub who: Who,
}

/// How far an account is.
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
    /// Registered, without an issuer.
    Registered,
    /// An issuer is in the store; something declared is still missing.
    Enrolled,
    /// All that is declared is there.
    Ready,
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
