//! Classifies renames: which account of the tenant a declared account was before (`previously`).
//!
//! ISC knows an account by its id alone. What follows from that for a rename is
//! written at [`model::Previously`].

use crate::lookup::Lookup;
use model::{AccountName, AccountRow, LiveAccount, NativeIdentity, Previously, SourceName, Spec};
use std::collections::BTreeSet;

/// What was found of the account that a declared one was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EarlierOutcome<'a> {
    /// No file declares an earlier account, or it no longer exists.
    None,
    /// The account exists under its earlier id only.
    Only(&'a LiveAccount),
    /// An account exists under each of the two ids.
    Beside(&'a LiveAccount),
    /// Several undeclared accounts have the earlier name.
    Several(Vec<&'a LiveAccount>),
}

impl<'a> EarlierOutcome<'a> {
    /// The accounts that a declared one may have been before.
    pub(crate) fn accounts(&self) -> Vec<&'a LiveAccount> {
        match self {
            Self::None => Vec::new(),
            Self::Only(account) | Self::Beside(account) => vec![account],
            Self::Several(accounts) => accounts.clone(),
        }
    }

    /// The account under its earlier id, where it exists under that only.
    pub(crate) fn only(&self) -> Option<&'a LiveAccount> {
        match self {
            Self::Only(account) => Some(account),
            Self::None | Self::Beside(_) | Self::Several(_) => None,
        }
    }
}

/// All accounts of one source, and which of them are declared.
#[derive(Debug)]
pub(crate) struct SourceAccounts<'a> {
    all: &'a [LiveAccount],
    by_id: Lookup<&'a NativeIdentity, &'a LiveAccount>,
    /// Declared ids, present and earlier ones. An account of such an id is not
    /// taken for another one's earlier account by its name.
    declared: BTreeSet<&'a NativeIdentity>,
}

impl<'a> SourceAccounts<'a> {
    /// Requires all accounts of the source: on a partial list an account could
    /// be missing that exists.
    pub(crate) fn new(spec: &'a Spec, source: &'a SourceName, all: &'a [LiveAccount]) -> Self {
        Self {
            all,
            by_id: all
                .iter()
                .map(|account| (&account.native_identity, account))
                .collect(),
            declared: spec
                .accounts_of(source)
                .flat_map(|account| {
                    let row = account.row.as_ref().map(|row| &row.id);
                    [row, account.previously.id.as_ref()]
                })
                .flatten()
                .collect(),
        }
    }

    fn undeclared_named(&self, name: &AccountName) -> Vec<&'a LiveAccount> {
        self.all
            .iter()
            .filter(|account| &account.name == name)
            .filter(|account| !self.declared.contains(&account.native_identity))
            .collect()
    }
}

/// Looks for the account that a declared one was before.
pub(crate) fn classify<'a>(
    row: &AccountRow,
    previously: &Previously,
    observed: &SourceAccounts<'a>,
) -> EarlierOutcome<'a> {
    let Previously { id, name } = previously;
    let present = observed.by_id.get(&row.id).copied();
    let earlier = match (id, name) {
        (Some(id), _) if id == &row.id => Vec::new(),
        (Some(id), _) => observed.by_id.get(id).copied().into_iter().collect(),
        // The name of this very account is about to change.
        (None, Some(name)) if present.is_some_and(|present| &present.name == name) => Vec::new(),
        (None, Some(name)) => observed.undeclared_named(name),
        (None, None) => Vec::new(),
    };
    match (present, earlier.as_slice()) {
        (_, []) => EarlierOutcome::None,
        (Some(_), [first, ..]) => EarlierOutcome::Beside(first),
        (None, [only]) => EarlierOutcome::Only(only),
        (None, _) => EarlierOutcome::Several(earlier),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{SOURCE, account, guide, live_account};

    #[test]
    fn each_outcome() {
        let (by_id, by_name) = ((Some("SA-1"), None), (None, Some("audit01")));
        let one = &[("SA-1", "audit01")][..];
        let own = &[("SA-9", "audit01")][..];
        let two = &[("SA-1", "audit01"), ("SA-2", "audit01")][..];
        let beside = &[("SA-1", "audit01"), ("SA-9", "audit09")][..];
        for (name, (id, earlier_name), accounts, expected) in [
            ("nothing is declared", (None, None), one, "none"),
            ("the present id", (Some("SA-9"), None), one, "none"),
            ("no such account", by_id, &[][..], "none"),
            ("by its id", by_id, one, "only SA-1"),
            ("by its name", by_name, one, "only SA-1"),
            ("by its id, of two", by_id, two, "only SA-1"),
            ("by its name, of two", by_name, two, "several SA-1 SA-2"),
            ("by its id, beside", by_id, beside, "beside SA-1"),
            ("by its name, beside", by_name, beside, "beside SA-1"),
            ("its own name", by_name, own, "none"),
        ] {
            let mut spec = guide();
            spec.accounts.clear();
            let mut declared = account("SA-9", "audit09");
            declared.previously = Previously {
                id: id.map(Into::into),
                name: earlier_name.map(Into::into),
            };
            spec.accounts.insert(declared.key.clone(), declared.clone());
            let all: Vec<LiveAccount> = accounts
                .iter()
                .map(|(id, name)| live_account(id, name, "i"))
                .collect();
            let source = SOURCE.into();
            let observed = SourceAccounts::new(&spec, &source, &all);
            let row = declared.row.as_ref().unwrap();
            let found = match classify(row, &declared.previously, &observed) {
                EarlierOutcome::None => "none".to_owned(),
                EarlierOutcome::Only(account) => format!("only {}", account.native_identity),
                EarlierOutcome::Beside(account) => format!("beside {}", account.native_identity),
                EarlierOutcome::Several(accounts) => {
                    let ids = accounts
                        .iter()
                        .map(|account| account.native_identity.as_str());
                    format!("several {}", ids.collect::<Vec<_>>().join(" "))
                }
            };
            assert_eq!(found, expected, "{name}");
        }
    }
}
