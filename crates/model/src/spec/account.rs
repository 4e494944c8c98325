//! A declared service account.

use crate::{
    AccountAttribute, AccountKey, AccountName, NativeIdentity, SourceName, StoreKey, TokenName,
    TokenSpec, UserLevel,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A service account as it is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountSpec {
    /// What it is called in addresses.
    pub key: AccountKey,
    /// The source it is on.
    pub source: SourceName,
    /// Its account name.
    pub name: AccountName,
    /// Its row, on a managed source; none on a source that is not managed.
    pub row: Option<AccountRow>,
    /// The user levels it is to hold: exactly these. None leaves them alone.
    pub user_levels: Option<BTreeSet<UserLevel>>,
    /// The tokens it is to have. None leaves them alone.
    pub tokens: Option<BTreeMap<TokenName, TokenSpec>>,
    /// Where its issuer lies: the token that mints its other tokens.
    pub issuer: Option<StoreKey>,
    /// What it was called before a rename.
    pub previously: Previously,
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
        let Self {
            id,
            name,
            email,
            purpose,
            attributes,
        } = self;
        let mut cells = attributes.clone();
        cells.insert("id".into(), id.to_string());
        cells.insert("name".into(), name.to_string());
        cells.insert("e-mail".into(), email.clone());
        cells.insert("purpose".into(), purpose.clone());
        cells
    }
}

/// Earlier names, which carry a rename.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Previously {
    /// The id it had.
    pub id: Option<NativeIdentity>,
    /// The name it had.
    pub name: Option<AccountName>,
}
