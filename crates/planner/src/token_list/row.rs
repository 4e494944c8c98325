//! A row of the token list: a token, what it is to its account, and what its place holds.

use jiff::{SignedDuration, Timestamp};
use model::{
    AccountKey, AccountName, Action, Address, DeliveryReport, IdentityId, Incomplete, LiveToken,
    Reason, Scope, TokenName, TokenSpec,
};
use std::collections::{BTreeMap, BTreeSet};

/// A use within this time after the creation may be that with which steersman proves a token.
const PROOF: SignedDuration = SignedDuration::from_hours(24);

/// The tokens of the managed accounts.
#[derive(Clone, Debug, Default)]
pub struct TokenList {
    /// When they were read, by the tenant's clock.
    pub at: Timestamp,
    /// The tokens, by account; those that the files declare first.
    pub tokens: Vec<ListedToken>,
    /// Partial reads, by the name of the collection.
    pub incomplete: BTreeMap<String, Incomplete>,
}

/// A token of a managed account, or one that the account should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedToken {
    /// The account.
    pub account: AccountKey,
    /// Its name.
    pub account_name: AccountName,
    /// The account's identity, which owns the token; none where it has none.
    pub identity: Option<IdentityId>,
    /// Whether it is not settled whether the identity is the account's own.
    pub is_doubted: bool,
    /// The name of the token; none for an issuer token that the account lacks.
    pub name: Option<TokenName>,
    /// What it is to the account.
    pub standing: Standing,
    /// The token as ISC has it; none where it does not exist, or was not read.
    pub token: Option<LiveToken>,
    /// Its scopes; for one that was not read, those that are declared.
    pub scopes: Option<BTreeSet<Scope>>,
    /// What the store holds in its declared place; none where it has no declared place,
    /// or no store was read.
    pub delivery: Option<DeliveryReport>,
    /// What the next apply does with it; none where it is left as it is.
    pub next: Option<(Action, Reason)>,
    /// What the files say of it for people; of a retiring one, what they say of its
    /// successor.
    pub people: ForPeople,
}

/// What the files say of a token for people: nothing of one that they do not declare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForPeople {
    /// What it is for.
    pub purpose: Option<String>,
    /// Who is responsible for what uses it.
    pub owners: Vec<String>,
}

impl ForPeople {
    /// What is declared of a token.
    pub(super) fn of(wanted: &TokenSpec) -> Self {
        Self {
            purpose: wanted.purpose.clone(),
            owners: wanted.owners.clone(),
        }
    }
}

impl ListedToken {
    /// For how long a token may be without use before that is reported.
    pub const UNUSED: SignedDuration = SignedDuration::from_hours(30 * 24);

    /// What an issuer token is called that has no name yet.
    pub const ISSUER: &'static str = "issuer";

    /// The name of the token, or that it is the issuer token.
    pub fn name_or_issuer(&self) -> TokenName {
        self.name.clone().unwrap_or_else(|| Self::ISSUER.into())
    }

    /// Its address.
    pub fn address(&self) -> Address {
        Address::Token(self.account.clone(), self.name_or_issuer())
    }

    /// Whether it exists for so long, and nothing has used it since the day on which it was
    /// created: on that day steersman itself signs in with what it creates. Only of declared
    /// and undeclared tokens: an issuer token rests until a token is due.
    pub fn is_never_used(&self, now: Timestamp) -> bool {
        let is_for_use = matches!(self.standing, Standing::Declared | Standing::Undeclared);
        let Some(live) = self.token.as_ref().filter(|_| is_for_use) else {
            return false;
        };
        let is_valid = live.expires.is_none_or(|end| end > now);
        let is_old = now.duration_since(live.created) >= Self::UNUSED;
        let is_unused = live
            .last_used
            .is_none_or(|used| used.duration_since(live.created) < PROOF);
        is_valid && is_old && is_unused
    }

    /// When it expires: none where that is not known; the inner none means never.
    pub fn expires(&self) -> Option<Option<Timestamp>> {
        self.token.as_ref().map(|token| token.expires)
    }
}

/// What a token is to its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A file declares it.
    Declared,
    /// The store has its secret as that of the issuer token.
    Issuer,
    /// It was replaced, and is kept for its overlap.
    Retiring {
        /// The name that it had.
        of: TokenName,
        /// The end of its overlap.
        until: Timestamp,
        /// Whether its rotation was undone, and the token before it has its name.
        rolled_back: bool,
    },
    /// No file declares it.
    Undeclared,
    /// No file declares it, and it may be the issuer token: the place of that was not
    /// asked, or could not be read.
    MayBeIssuer,
    /// SailPoint's workflows manage it.
    OfSailPoint,
    /// It should exist, and ISC does not have it.
    Missing(Missing),
    /// It should exist, and whether it does was not read.
    Unread {
        /// What was not read, and why.
        why: String,
    },
}

/// Why a token does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The next apply creates it.
    Planned,
    /// Something has to happen before.
    Blocked {
        /// The reason.
        why: String,
        /// What to do.
        remedy: String,
    },
    /// The plan does not say: a problem of the files at this tenant comes first.
    NotPlanned,
}

impl Standing {
    /// Whether its end is of interest: a token that something uses, or may use.
    pub(super) fn is_in_use(&self) -> bool {
        match self {
            Self::Declared | Self::Issuer | Self::Undeclared | Self::MayBeIssuer => true,
            Self::Retiring { .. }
            | Self::OfSailPoint
            | Self::Missing(_)
            | Self::Unread { why: _ } => false,
        }
    }

    /// Whether it is not known what the token is.
    pub fn is_unread(&self) -> bool {
        matches!(self, Self::Unread { .. })
    }
}
