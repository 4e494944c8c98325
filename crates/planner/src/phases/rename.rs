//! The renames of one source: declared accounts that were another account before.

use crate::classify::earlier::{self, EarlierOutcome, SourceAccounts};
use crate::view::live_source;
use model::{AccountKey, Live, LiveAccount, NativeIdentity, SourceName, Spec};
use std::collections::BTreeMap;

/// What was found of the earlier accounts of a source's declared ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Renames<'a> {
    /// Only of accounts of which an earlier one was found.
    by_account: BTreeMap<&'a AccountKey, EarlierOutcome<'a>>,
}

impl<'a> Renames<'a> {
    /// Looks for the earlier account of each declared one. Requires all accounts
    /// of the source.
    pub(crate) fn of(spec: &'a Spec, source: &'a SourceName, accounts: &'a [LiveAccount]) -> Self {
        let mut renamed = spec
            .accounts_of(source)
            .filter(|account| account.previously.id.is_some() || account.previously.name.is_some())
            .filter_map(|account| Some((account, account.row.as_ref()?)))
            .peekable();
        if renamed.peek().is_none() {
            return Self::default();
        }
        let observed = SourceAccounts::new(spec, source, accounts);
        let by_account = renamed
            .map(|(account, row)| {
                let earlier = earlier::classify(row, &account.previously, &observed);
                (&account.key, earlier)
            })
            .filter(|(_, earlier)| *earlier != EarlierOutcome::None)
            .collect();
        Self { by_account }
    }

    /// The renames of all sources whose accounts were read completely.
    pub(crate) fn of_sources(spec: &'a Spec, live: &'a Live) -> BTreeMap<&'a SourceName, Self> {
        spec.sources
            .keys()
            .filter_map(|name| {
                let accounts = live_source(live, name)?.accounts.complete().ok()?;
                Some((name, Self::of(spec, name, accounts)))
            })
            .collect()
    }

    /// What was found of the account that this one was before.
    pub(crate) fn of_account(&self, key: &AccountKey) -> &EarlierOutcome<'a> {
        self.by_account.get(key).unwrap_or(&EarlierOutcome::None)
    }

    /// Whether the account is a declared one's earlier account, so that it does
    /// not count as unmanaged.
    pub(crate) fn claims(&self, id: &NativeIdentity) -> bool {
        self.by_account.values().any(|earlier| match earlier {
            EarlierOutcome::None => false,
            EarlierOutcome::Only(account) | EarlierOutcome::Beside(account) => {
                &account.native_identity == id
            }
            EarlierOutcome::Several(accounts) => accounts
                .iter()
                .any(|account| &account.native_identity == id),
        })
    }
}
