//! Declared service account.

use crate::short_map;
use crate::{
    AccountAttribute, AccountKey, AccountName, IdentityId, IdentityNames, NativeIdentity, Rotation,
    SourceName, StoreKey, TokenLifetime, TokenName, TokenSpec, UserLevel,
};
use litemap::LiteMap;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The declared tokens of an account, by name.
///
/// A list in the order of the names: an account has few of them, and a node of a
/// `BTreeMap` takes 2 KB for the first.
pub type TokenSpecs = LiteMap<TokenName, TokenSpec>;

/// A service account as declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountSpec {
    /// Its name in addresses.
    pub key: AccountKey,
    /// The source it is on.
    pub source: SourceName,
    /// Its account name.
    pub name: AccountName,
    /// Its row, on a managed source; none on another source.
    pub row: Option<AccountRow>,
    /// Its user levels, exactly these. None leaves them alone.
    pub user_levels: Option<BTreeSet<UserLevel>>,
    /// Its tokens. None leaves them alone.
    #[serde(serialize_with = "short_map::as_object")]
    pub tokens: Option<TokenSpecs>,
    /// Where its issuer token is stored, which mints its other tokens.
    pub issuer: Option<StoreKey>,
    /// How long its issuer token is valid, and when it replaces itself. None where no file
    /// says so: then it replaces itself once, after a person has stored it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer_life: Option<IssuerLife>,
    /// Its id and name before a rename.
    pub previously: Previously,
    /// The identity that a person has approved as the account's own. None where the
    /// evidence of the tenant decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentityId>,
}

/// The life of issuer tokens that steersman creates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IssuerLife {
    /// When one expires. None keeps the expiry of the one before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<TokenLifetime>,
    /// When one is replaced before it expires. None where nothing is declared that expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotate: Option<Rotation>,
    /// A number that a person changes to have it replaced once; 0 where none is written.
    pub rotation: u32,
}

/// A row of the source's CSV import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountRow {
    /// The account's id on the source.
    pub id: NativeIdentity,
    /// The account's name.
    pub name: AccountName,
    /// The address that invitations and notices go to.
    pub email: String,
    /// What the account is for.
    pub purpose: String,
    /// Attributes beyond the guide's four.
    pub attributes: BTreeMap<AccountAttribute, String>,
}

impl AccountRow {
    /// The row's cells by the attribute they go into: `id`, `name`, `e-mail`,
    /// `purpose` and the further attributes.
    pub fn cells(&self) -> BTreeMap<AccountAttribute, String> {
        // The columns that every row has are texts that all of them share.
        static KNOWN: LazyLock<[AccountAttribute; 4]> =
            LazyLock::new(|| ["e-mail", "id", "name", "purpose"].map(AccountAttribute::from));
        let known = |column| KNOWN.iter().find(|known| known.as_str() == column).cloned();
        self.columns()
            .map(|(column, cell)| {
                let column = known(column).unwrap_or_else(|| column.into());
                (column, cell.to_owned())
            })
            .collect()
    }

    /// The same without copies, in no particular order.
    pub fn columns(&self) -> impl Iterator<Item = (&str, &str)> {
        let Self {
            id,
            name,
            email,
            purpose,
            attributes,
        } = self;
        attributes
            .iter()
            .map(|(column, cell)| (column.as_str(), cell.as_str()))
            .chain([
                ("id", id.as_str()),
                ("name", name.as_str()),
                ("e-mail", email.as_str()),
                ("purpose", purpose.as_str()),
            ])
    }

    /// The cell of a column; none where the row has no such column.
    pub fn cell(&self, column: &str) -> Option<&str> {
        self.columns()
            .find_map(|(name, cell)| (name == column).then_some(cell))
    }
}

/// Whether an observed cell is as declared. ISC may return an email address in lower
/// case, which is no difference.
pub fn is_same_cell(column: &str, declared: &str, observed: &str) -> bool {
    declared == observed || column == "e-mail" && IdentityNames::is_same(declared, observed)
}

/// The id and name before a rename.
///
/// ISC identifies an account by its id only: a row with another id is another
/// account, even if all else is the same. So a changed id takes one import that
/// replaces the earlier row by the new one, with all its cells; nothing is deleted
/// beforehand, neither tokens nor user levels. Whether ISC then keeps the identity
/// (as it may where the name, and so the uid, is the same) or creates a new one
/// without tokens cannot be known before.
///
/// A changed name alone keeps the account. But it feeds the identity's uid, and
/// ISC may recreate the identity because of it (reports from tenants disagree).
///
/// Both are destructive, and refused without `--allow renameAccounts=COUNT`.
///
/// Where the earlier account no longer exists, this has no effect. On a source
/// that is not managed it never has: the account is found by its present name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Previously {
    /// The id it had.
    pub id: Option<NativeIdentity>,
    /// The name it had. Without `id`, an unmanaged account of this name is the
    /// earlier one where none has the present id.
    pub name: Option<AccountName>,
}
