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
///
/// ISC knows an account by its id and nothing else: a row with another id is
/// another account, even if all else is the same. So a changed id is carried by
/// one import in which the earlier row goes and the new one comes, with all its
/// cells; nothing is deleted beforehand, neither tokens nor user levels. Whether
/// ISC then keeps the identity (as it may where the name, and so the uid, is the
/// same) or makes a new one, which has no tokens, cannot be known before.
///
/// A changed name alone keeps the account. But it feeds the identity's uid, and
/// ISC may make the identity anew because of it (reports from tenants disagree).
///
/// Both are destructive, and refused without `--allow renameAccounts=COUNT`.
///
/// Where the earlier account is not there any more, nothing is left to carry
/// and this says nothing. On a source that is not managed it never does: the
/// account is found by its present name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Previously {
    /// The id it had.
    pub id: Option<NativeIdentity>,
    /// The name it had. Without `id`, an undeclared account of this name is
    /// taken for the earlier one where there is none of the present id.
    pub name: Option<AccountName>,
}
