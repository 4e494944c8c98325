//! Operation of a step: everything that the applier executes.

use crate::{
    AccountAttribute, AccountKey, AccountName, Address, AttributeSpec, Digest, FileSettings,
    Fingerprint, IdentityAttribute, IdentityId, IdentityNames, NativeIdentity, ProfileId, Scope,
    SourceId, SourceName, StoreKey, TokenId, TokenName, UserLevel,
};
use crate::{DeliveredForm, LiveToken};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// An id that is known when planning, or that a step of the same plan creates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ref<Id> {
    /// Known when the plan was made.
    Known(Id),
    /// The id of what the step at this address creates.
    From(Address),
}

/// An identity that is known when planning, or that processing creates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityTarget {
    /// Known when the plan was made.
    Known(IdentityId),
    /// The identity of this account, after the import and the processing of its
    /// source.
    OfAccount {
        /// The source that the account is on.
        source: Ref<SourceId>,
        /// The account's id on the source.
        native_identity: NativeIdentity,
        /// What shows that the identity is the account's own.
        own: OwnIdentity,
    },
}

/// What an identity has to be for it to be the account's own, checked once
/// processing has correlated the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnIdentity {
    /// The evidence shows it, as it does when planning.
    Shown {
        /// The names that the mappings make of the row.
        names: IdentityNames,
        /// Whether no mapping makes an email address.
        without_email: bool,
        /// The identity that the account had under its earlier id. It may be older than
        /// the row, and no other may.
        earlier: Option<IdentityId>,
    },
    /// A file names the identity.
    Approved(IdentityId),
}

/// The operation of one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Creates a delimited-file source.
    CreateSource(NewSource),
    /// Changes settings of a source.
    UpdateSource {
        /// The source.
        source: SourceId,
        /// What changes.
        changes: Vec<SourceChange>,
    },
    /// Sets the account schema to exactly this: single strings, `id` as account ID,
    /// `name` as account name.
    DefineSchema {
        /// The source.
        source: Ref<SourceId>,
        /// All attributes, in order.
        attributes: Vec<AttributeSpec>,
        /// What it removes, and what that rests on.
        removes: Removal,
    },
    /// Changes one row of a source's accounts. All rows of a source go into one
    /// import, which resends every row that no step changes.
    ImportRow {
        /// The source.
        source: Ref<SourceId>,
        /// The source's name, by which rows are grouped.
        source_name: SourceName,
        /// The account's id on the source.
        native_identity: NativeIdentity,
        /// What happens to its row.
        change: RowChange,
        /// What the import of the source rests on; the same for all its rows.
        basis: Arc<ImportBasis>,
    },
    /// Creates an identity profile.
    CreateProfile(NewProfile),
    /// Changes an identity profile.
    UpdateProfile {
        /// The profile.
        profile: ProfileId,
        /// Its new name, where it changes.
        name: Option<String>,
        /// Its new owner, where it changes.
        owner: Option<IdentityId>,
        /// Whether its mappings have to be enabled.
        enable: bool,
        /// Mappings to set; the others are resent as they are.
        mappings: BTreeMap<IdentityAttribute, AccountAttribute>,
        /// The source that the mappings read.
        source: SourceId,
        /// That source's name.
        source_name: SourceName,
    },
    /// Runs identity processing ("Apply Changes") where the profile says that it is
    /// due, and waits until every account listed has an identity. Processing applies
    /// whatever mappings the profile has by then, so they have to be those of the step's
    /// fingerprint, or those that an earlier step of the plan wrote.
    ProcessIdentities {
        /// The source.
        source: Ref<SourceId>,
        /// The profile.
        profile: Ref<ProfileId>,
        /// The accounts that have to have an identity afterwards.
        expect: Vec<ExpectedIdentity>,
        /// The accounts whose identities get another user name by it, although no step
        /// of the plan changes a row or a mapping that makes it.
        renames: BTreeSet<NativeIdentity>,
    },
    /// Invites an identity to register, once it has the email address that the spec
    /// declares: an invitation lets its reader set the password.
    Invite {
        /// The identity.
        identity: IdentityTarget,
        /// The email address that the identity must have by then; none where the
        /// mappings do not say.
        to: Option<String>,
        /// Whether one that has an open invitation is invited again.
        again: bool,
    },
    /// Sets the identity's user levels to exactly these.
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
        /// Where the owner's issuer token is stored.
        issuer: StoreKey,
        /// What changes.
        change: TokenChange,
    },
    /// Renames the old token, mints the new one under its name, delivers it.
    ReplaceToken {
        /// The old token.
        old: TokenId,
        /// The name that the old token gets; none where it is revoked first, because
        /// it has expired and is useless.
        retire_as: Option<TokenName>,
        /// The new token.
        new: NewToken,
    },
    /// Brings the end of a token near: to [`Operation::DISABLED_AFTER`] after the write.
    DisableToken {
        /// The token.
        token: TokenId,
        /// The identity that owns it.
        owner: IdentityId,
        /// Where the owner's issuer token is stored; none where the caller does it as an
        /// admin, which not every tenant has.
        issuer: Option<StoreKey>,
    },
    /// Replaces the issuer token of an account: creates a new one, proves it, delivers it,
    /// and revokes the old one.
    ReplaceIssuer(IssuerReplacement),
    /// Makes the token before current again, while it is kept for its overlap.
    RollBackToken(RollBack),
    /// Revokes a token.
    RevokeToken {
        /// The token.
        token: TokenId,
        /// The identity that owns it.
        owner: IdentityId,
        /// Where the document of its successor keeps its secret, which goes with it; none
        /// where none can.
        kept_in: Option<StoreKey>,
    },
}

impl Operation {
    /// How long a disabled token is valid still. ISC takes no end that is past.
    pub const DISABLED_AFTER: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

    /// Whether it can give an account another identity: it writes accounts, or what ISC
    /// makes identities of.
    pub fn can_move_identities(&self) -> bool {
        match self {
            Self::CreateSource(_)
            | Self::UpdateSource { .. }
            | Self::DefineSchema { .. }
            | Self::ImportRow { .. }
            | Self::CreateProfile(_)
            | Self::UpdateProfile { .. }
            | Self::ProcessIdentities { .. } => true,
            Self::MintToken(_)
            | Self::UpdateToken { .. }
            | Self::ReplaceToken { .. }
            | Self::ReplaceIssuer(_)
            | Self::RollBackToken(_)
            | Self::DisableToken { .. }
            | Self::RevokeToken { .. }
            | Self::Invite { .. }
            | Self::SetLevels { .. } => false,
        }
    }

    /// Whether it is written with the access of the identity that it changes: ISC refuses
    /// that access where the identity is another one.
    pub fn is_by_owner(&self) -> bool {
        match self {
            Self::MintToken(_)
            | Self::UpdateToken { .. }
            | Self::ReplaceToken { .. }
            | Self::ReplaceIssuer(_)
            | Self::RollBackToken(_)
            | Self::DisableToken {
                issuer: Some(_), ..
            } => true,
            Self::DisableToken { issuer: None, .. }
            | Self::RevokeToken { .. }
            | Self::CreateSource(_)
            | Self::UpdateSource { .. }
            | Self::DefineSchema { .. }
            | Self::ImportRow { .. }
            | Self::CreateProfile(_)
            | Self::UpdateProfile { .. }
            | Self::ProcessIdentities { .. }
            | Self::Invite { .. }
            | Self::SetLevels { .. } => false,
        }
    }
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
    /// The alias that the identity must have: what feeds its uid has just changed, so
    /// the account may still refer to the identity that ISC is about to replace.
    pub alias: Option<String>,
    /// The user name that the mappings make of its row; none where a transform does. Where
    /// another identity has it, ISC makes none of the row.
    pub user_name: Option<String>,
    /// Whether a step of the plan changes the user levels of the identity, so that it is
    /// read how old the identity is. An invitation reads it itself.
    pub judged: bool,
    /// The names that the identity gets of the row that the plan changes: until ISC has
    /// processed the change, it can have those of the row from before. They are waited
    /// for; the steps that change something of the identity say whose it is where they do
    /// not come. None where no row from before can have given it others.
    pub follows: Option<IdentityNames>,
}

/// A source to be created.
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
    /// Its delete threshold in percent, in both fields that hold it.
    DeleteThreshold(u8),
}

/// The attributes that a schema loses, and what that rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removal {
    /// The attributes. No account may have a value in one.
    pub attributes: BTreeSet<AccountAttribute>,
    /// The accounts that the source had when the plan was made, and that have to be
    /// listed again; none where nothing is removed.
    pub accounts: BTreeSet<NativeIdentity>,
    /// The identity attributes whose mappings read one of them when the plan was made, and
    /// that the files map from another. No other mapping may read one.
    pub mapped: BTreeSet<IdentityAttribute>,
}

/// What an import of a source rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportBasis {
    /// The accounts that the source had when the plan was made. The import resends
    /// each of them that no step deletes, so all of them have to be listed again.
    pub accounts: BTreeSet<NativeIdentity>,
    /// The mappings by which ISC makes the identities of the imported rows anew.
    pub mappings: ImportMappings,
    /// The account schema by which ISC reads the rows.
    pub schema: ImportSchema,
    /// How the source reads the file.
    pub file: FileSettings,
    /// The delete threshold of the source at the import, in percent; none where ISC
    /// chooses it for a source that the same plan creates.
    pub threshold: Option<i64>,
    /// Whether ISC has to look at unchanged rows again.
    pub reexamine: bool,
    /// The identities of its accounts that its profile did not make, as far as was seen.
    pub foreign: BTreeSet<IdentityId>,
    /// Whether other facts confirmed the list of its accounts.
    pub confirmed: Confirmed,
    /// The delete threshold for this import alone.
    pub raised: Option<RaisedThreshold>,
}

/// Whether other facts confirmed a list of accounts when the plan was made. The list that
/// an import is made of has to be confirmed as far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Confirmed {
    /// Nothing was asked: the source did not exist.
    #[default]
    NotAsked,
    /// They agreed, but for so many accounts that a person has approved to be missing.
    LackingAtMost(u64),
    /// Nothing confirmed it, and a person has approved it.
    ByPerson,
}

/// The mappings of the identity profile that an import rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ImportMappings {
    /// The profile was not read, or the source had none, so that no identity is made by
    /// it yet.
    #[default]
    Any,
    /// Those of one of these digests: as observed, and as a step of the plan makes them,
    /// which may come before or after the import.
    OneOf(Vec<Fingerprint>),
}

/// The account schema that an import rests on: one of these, and any where neither is
/// known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportSchema {
    /// The digest of the schema that was observed.
    pub seen: Option<Fingerprint>,
    /// The attributes of the schema that a step of the plan writes.
    pub defined: Option<BTreeSet<AccountAttribute>>,
}

/// A delete threshold that is raised for one import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RaisedThreshold {
    /// What it is for the import, in percent.
    pub to: u8,
    /// What it is again afterwards, in percent.
    pub back: u8,
}

/// What happens to a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowChange {
    /// It is added, or these of its cells are set and the others stay.
    Upsert {
        /// The declared cells.
        cells: BTreeMap<AccountAttribute, String>,
    },
    /// The row with the account's earlier id is replaced by this one, in one import.
    /// Its cells are those of the earlier row with these set.
    Rename {
        /// The earlier id.
        from: NativeIdentity,
        /// The declared cells.
        cells: BTreeMap<AccountAttribute, String>,
    },
    /// It is left out of the import, which deletes the account.
    Delete,
}

/// An identity profile to be created.
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
    /// The identity that the issuer token has to belong to.
    pub identity: IdentityId,
    /// Where the issuer token is stored.
    pub issuer: StoreKey,
    /// Its name.
    pub name: TokenName,
    /// Its scopes.
    pub scopes: BTreeSet<Scope>,
    /// For how many seconds its access tokens are valid; none for ISC's default.
    pub access_token_validity: Option<u32>,
    /// When it expires; none if never.
    pub expires: Option<Timestamp>,
    /// Where its secret is delivered to.
    pub deliver: StoreKey,
    /// In which form.
    pub form: DeliveredForm,
    /// The client id of the secret there that it may replace. None where the place was
    /// empty; then nothing is overwritten.
    pub overwrites: Option<TokenId>,
    /// The declared number of its rotation, for its document.
    pub rotation: u32,
    /// The digest of what is declared of it, for the journal.
    pub declared: Digest,
}

/// An issuer token to be replaced by one that no person has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerReplacement {
    /// The issuer token in the store, which creates its successor and is then revoked.
    pub old: TokenId,
    /// Its successor. It is delivered to the place of the issuer token.
    pub new: NewToken,
}

/// A rotation to be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollBack {
    /// The account that owns both tokens.
    pub account_name: AccountName,
    /// Its identity.
    pub identity: IdentityId,
    /// Where the issuer token is stored.
    pub issuer: StoreKey,
    /// The name of the declared token.
    pub name: TokenName,
    /// Where its document is, which has both secrets.
    pub place: StoreKey,
    /// The token of which the document has the secret now.
    pub current: TokenId,
    /// The token before it, which becomes current again.
    pub previous: TokenId,
    /// The name under which the present one is kept.
    pub retire_as: TokenName,
}

impl RollBack {
    /// The digest of what a rollback rests on: both tokens as they are.
    pub fn fingerprint(current: &LiveToken, previous: &LiveToken) -> Fingerprint {
        Fingerprint::of(&(current.fingerprint(), previous.fingerprint()))
    }
}

/// What changes of a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenChange {
    /// Its new scopes.
    pub scopes: Option<BTreeSet<Scope>>,
    /// Its new expiry: the inner none means never.
    pub expires: Option<Option<Timestamp>>,
}
