//! Accounts that were called something else before (`previously`).
//!
//! ISC knows an account by its id alone. What follows from that for a rename is
//! written at [`model::Previously`].

use model::{
    AccountKey, AccountName, AccountRow, AccountSpec, LiveAccount, NativeIdentity, SourceName, Spec,
};
use std::collections::{BTreeMap, BTreeSet};

/// What became of the earlier account of a declared one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Earlier<'a> {
    /// The account is there under its earlier id only.
    Moves(&'a LiveAccount),
    /// It is there under both ids.
    Both(&'a LiveAccount),
    /// Several undeclared accounts have the earlier name.
    Several(Vec<&'a LiveAccount>),
}

/// The renames of one source.
#[derive(Clone, Debug, Default)]
pub(crate) struct Renames<'a> {
    by_account: BTreeMap<&'a AccountKey, Earlier<'a>>,
}

impl<'a> Renames<'a> {
    /// Looks for the earlier account of each declared one. `accounts` are all
    /// accounts of the source.
    pub(crate) fn of(spec: &'a Spec, source: &'a SourceName, accounts: &'a [LiveAccount]) -> Self {
        let renamed: Vec<(&AccountSpec, &AccountRow)> = spec
            .accounts_of(source)
            .filter(|account| account.previously.id.is_some() || account.previously.name.is_some())
            .filter_map(|account| Some((account, account.row.as_ref()?)))
            .collect();
        if renamed.is_empty() {
            return Self::default();
        }
        let by_id: BTreeMap<&NativeIdentity, &LiveAccount> = accounts
            .iter()
            .map(|account| (&account.native_identity, account))
            .collect();
        // Who is declared, now or by an earlier id, is nobody else's earlier name.
        let spoken_for: BTreeSet<&NativeIdentity> = spec
            .accounts_of(source)
            .flat_map(|account| {
                let row = account.row.as_ref().map(|row| &row.id);
                [row, account.previously.id.as_ref()]
            })
            .flatten()
            .collect();
        let named = |name: &AccountName| -> Vec<&'a LiveAccount> {
            accounts
                .iter()
                .filter(|account| &account.name == name)
                .filter(|account| !spoken_for.contains(&account.native_identity))
                .collect()
        };
        let by_account = renamed
            .into_iter()
            .filter_map(|(account, row)| {
                let there = by_id.get(&row.id).copied();
                let earlier = match (&account.previously.id, &account.previously.name) {
                    (Some(id), _) if id == &row.id => Vec::new(),
                    (Some(id), _) => by_id.get(id).copied().into_iter().collect(),
                    // The name of this very account is about to change.
                    (None, Some(name)) if there.is_some_and(|there| &there.name == name) => {
                        Vec::new()
                    }
                    (None, Some(name)) => named(name),
                    (None, None) => Vec::new(),
                };
                let earlier = match (there, earlier.as_slice()) {
                    (_, []) => return None,
                    (Some(_), [first, ..]) => Earlier::Both(first),
                    (None, [only]) => Earlier::Moves(only),
                    (None, _) => Earlier::Several(earlier),
                };
                Some((&account.key, earlier))
            })
            .collect();
        Self { by_account }
    }

    /// What became of the earlier account of this one; none where there is
    /// nothing to carry.
    pub(crate) fn of_account(&self, key: &AccountKey) -> Option<&Earlier<'a>> {
        self.by_account.get(key)
    }

    /// Whether the live account is some declared account's earlier one, so that
    /// it is not one that no file declares.
    pub(crate) fn claims(&self, id: &NativeIdentity) -> bool {
        self.by_account.values().any(|earlier| match earlier {
            Earlier::Moves(account) | Earlier::Both(account) => &account.native_identity == id,
            Earlier::Several(accounts) => accounts
                .iter()
                .any(|account| &account.native_identity == id),
        })
    }
}
