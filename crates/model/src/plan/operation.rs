//! What the applier carries out for a step, in full.

use crate::{
    AccountAttribute, AccountKey, AccountName, Address, AttributeSpec, IdentityAttribute,
    IdentityId, NativeIdentity, ProfileId, Scope, SourceId, SourceName, StoreKey, TokenId,
    TokenName, UserLevel,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// An id that is known now, or that a step of the same plan will bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ref<Id> {
    /// Known when the plan was made.
    Known(Id),
    /// The id of what the step at this address creates.
    From(Address),
}

/// An identity that is known now, or that processing will bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityTarget {
    /// Known when the plan was made.
    Known(IdentityId),
    /// The identity of this account, once its source's import and processing
    /// are done.
    OfAccount {
        /// The source that the account is on.
        source: Ref<SourceId>,
        /// The account's id on the source.
        native_identity: NativeIdentity,
    },
}

/// What is carried out for one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Makes a delimited-file source.
    CreateSource(NewSource),
    /// Changes settings of a source.
    UpdateSource {
        /// The source.
        source: SourceId,
        /// What changes.
        changes: Vec<SourceChange>,
    },
    /// Makes the account schema exactly this: single strings, `id` identifying,
    /// `name` shown.
    DefineSchema {
        /// The source.
        source: Ref<SourceId>,
        /// All attributes, in order.
        attributes: Vec<AttributeSpec>,
    },
    /// Changes one row of a source's accounts. All rows of a source go by one
    /// import, which repeats every row that no step names.
    ImportRow {
        /// The source.
        source: Ref<SourceId>,
        /// The source's name, by which rows are grouped.
        source_name: SourceName,
        /// The account's id on the source.
        native_identity: NativeIdentity,
        /// What happens to its row.
        change: RowChange,
    },
    /// Makes an identity profile.
    CreateProfile(NewProfile),
    /// Changes an identity profile.
    UpdateProfile {
        /// The profile.
        profile: ProfileId,
        /// Its new name, where it changes.
        name: Option<String>,
        /// Its new owner, where it changes.
        owner: Option<IdentityId>,
        /// Whether its mappings have to be switched on.
        enable: bool,
        /// Mappings to set; the others are repeated as they are.
        mappings: BTreeMap<IdentityAttribute, AccountAttribute>,
        /// The source that the mappings read.
        source: SourceId,
        /// That source's name.
        source_name: SourceName,
    },
    /// Waits until every account named has an identity, and sets "Apply
    /// Changes" going where the profile says that it is due.
    ProcessIdentities {
        /// The source.
        source: Ref<SourceId>,
        /// The profile.
        profile: Ref<ProfileId>,
        /// The accounts that have to have an identity afterwards.
        expect: Vec<ExpectedIdentity>,
    },
    /// Invites an identity to register.
    Invite {
        /// The identity.
        identity: IdentityTarget,
    },
    /// Makes the identity's user levels exactly these.
    SetLevels {
        /// The identity.
        identity: IdentityTarget,
        /// All levels that it holds afterwards.
        levels: BTreeSet<UserLevel>,
    },
    /// Mints a token and delivers its secret.
    MintToken(NewToken),
    /// Changes a token in place, as its owner.
    UpdateToken {
        /// The token.
        token: TokenId,
        /// Where the owner's issuer lies.
        issuer: StoreKey,
        /// What changes.
        change: TokenChange,
    },
    /// Renames the old token, mints the new one under its name, delivers it.
    ReplaceToken {
        /// The old token.
        old: TokenId,
        /// The name that the old token gets; none where it is revoked first,
        /// because it has ended and is of no use to anybody.
        retire_as: Option<TokenName>,
        /// The new token.
        new: NewToken,
    },
    /// Revokes a token.
    RevokeToken {
        /// The token.
        token: TokenId,
        /// The identity that owns it.
        owner: IdentityId,
    },
}

/// An account that has to have an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedIdentity {
    /// The account.
    pub account: AccountKey,
    /// Its id on the source.
    pub native_identity: NativeIdentity,
    /// Its name.
    pub name: AccountName,
    /// Whether the identity has to go by this name: the name has just changed
    /// and feeds its uid, so that the account may still point to the identity
    /// that ISC is about to replace.
    pub by_name: bool,
}

/// A source to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSource {
    /// Its name.
    pub name: SourceName,
    /// The identity that owns it.
    pub owner: IdentityId,
    /// Its description.
    pub description: Option<String>,
    /// Its delete threshold, in percent.
    pub delete_threshold: Option<u8>,
}

/// One changed setting of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceChange {
    /// The identity that owns it.
    Owner(IdentityId),
    /// Its description.
    Description(String),
    /// Its delete threshold in percent, in both places that say it.
    DeleteThreshold(u8),
}

/// What happens to a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowChange {
    /// It is added, or these of its cells are set and the others stay.
    Upsert {
        /// The declared cells.
        cells: BTreeMap<AccountAttribute, String>,
    },
    /// The row of the account's earlier id goes and this one comes, in one
    /// import. Its cells are those of the earlier row with these set.
    Rename {
        /// The earlier id.
        from: NativeIdentity,
        /// The declared cells.
        cells: BTreeMap<AccountAttribute, String>,
    },
    /// It is left out, and with it the account goes.
    Delete,
}

/// An identity profile to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProfile {
    /// Its name.
    pub name: String,
    /// The identity that owns it.
    pub owner: IdentityId,
    /// The source whose accounts become identities.
    pub source: Ref<SourceId>,
    /// That source's name.
    pub source_name: SourceName,
    /// Its mappings.
    pub mappings: BTreeMap<IdentityAttribute, AccountAttribute>,
}

/// A token to be minted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// The account that will own it.
    pub account: AccountKey,
    /// That account's name.
    pub account_name: AccountName,
    /// The identity that the issuer has to belong to.
    pub identity: IdentityId,
    /// Where the issuer lies.
    pub issuer: StoreKey,
    /// Its name.
    pub name: TokenName,
    /// Its scopes.
    pub scopes: BTreeSet<Scope>,
    /// For how many seconds its access tokens are valid; none for ISC's default.
    pub access_token_validity: Option<u32>,
    /// When it ends; none if never.
    pub expires: Option<Timestamp>,
    /// Where its secret is delivered to.
    pub deliver: StoreKey,
}

/// What changes of a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenChange {
    /// Its new scopes.
    pub scopes: Option<BTreeSet<Scope>>,
    /// Its new end: the inner none means never.
    pub expires: Option<Option<Timestamp>>,
}
