//! Store facts: what the stores hold, apart from the observed state of the tenant.

use crate::{
    AccountKey, Address, Digest, IdentityId, IssuerState, StoreKey, StoreName, StoredToken,
    TokenId, TokenName,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// What was read from stores and journal before a plan is made.
///
/// A tenant knows nothing of it: `TenantRead::survey` leaves it empty, and the
/// caller fills it in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreFacts {
    /// The issuer tokens in the stores.
    pub issuers: BTreeMap<AccountKey, IssuerState>,
    /// Where earlier runs put issuer tokens that are not in their declared places, and
    /// still are.
    pub issuers_elsewhere: BTreeMap<AccountKey, StoreKey>,
    /// The variables that hold issuer tokens in stores that are only read.
    pub variables: BTreeMap<AccountKey, String>,
    /// What the stores hold in the places of the declared tokens. A token that is not
    /// in it was not looked up, and nothing is planned because of its place.
    pub tokens: BTreeMap<AccountKey, BTreeMap<TokenName, StoredToken>>,
    /// Declared tokens whose place cannot be read, with the tokens that earlier runs delivered
    /// there last, and that no file declares there by now.
    pub passed_on: BTreeMap<Address, BTreeSet<DeliveredThere>>,
    /// Tokens that an earlier run minted and whose secret is not in its store.
    pub lost_tokens: BTreeSet<TokenId>,
    /// The creations of tokens that failed, since the last one that succeeded, as far as
    /// the journal knows.
    pub tries: BTreeMap<Address, Tries>,
    /// Tokens that a person asked to rotate. Empty where a plan is made again after they
    /// were rotated.
    pub requested: BTreeSet<(AccountKey, TokenName)>,
    /// The invitations that steersman sent, as far as the journal knows.
    pub invitations: BTreeMap<IdentityId, Invited>,
    /// Stores that run programs, where the operator did not allow programs. Nothing
    /// can be read from them or delivered to them.
    pub not_asked: BTreeSet<StoreName>,
    /// What is planned where a store was not asked.
    pub unasked: Unasked,
}

/// A token that an earlier run delivered to a place, as the journal says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeliveredThere {
    /// What it was declared as then. Its account may have another `id` by now.
    pub address: Address,
    /// Its client id; none where a version of steersman delivered it that did not write that
    /// down.
    pub token: Option<TokenId>,
}

/// Creations of a token that failed one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tries {
    /// How many failed.
    pub failed: u32,
    /// When the last one began, by the clock of the machine that ran it.
    pub last: Timestamp,
    /// Why the last one failed, without secrets.
    pub why: String,
    /// The digest of what was declared then. Another declaration is tried again.
    pub declared: Digest,
}

impl Tries {
    /// How many creations of a token may fail before a person has to look at it.
    pub const MOST: u32 = 5;
}

/// The invitations that steersman sent to an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invited {
    /// When the last one was sent.
    pub last: Timestamp,
    /// How many were sent.
    pub times: u32,
}

/// What is planned where a store was not asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unasked {
    /// Nothing: what needs the store is blocked. For a plan that is about to be
    /// applied.
    #[default]
    Blocked,
    /// The store is assumed to hold what it should, and the steps say so. For a plan
    /// that is only shown or saved.
    Assumed,
}
