//! Selects the accounts of a source that are adopted.

use crate::pattern::AccountPattern;
use model::{LiveAccount, LiveSource, NativeIdentity};
use std::collections::BTreeSet;

/// Which accounts are adopted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All accounts that have something to manage.
    All,
    /// Only these, by their ids on the source.
    Only(BTreeSet<NativeIdentity>),
}

impl Selection {
    /// The accounts that any of the patterns matches; all without a pattern.
    ///
    /// # Errors
    /// The first pattern that matches no account.
    pub fn matching<'a>(
        source: &LiveSource,
        patterns: &'a [AccountPattern],
    ) -> Result<Self, &'a AccountPattern> {
        if patterns.is_empty() {
            return Ok(Self::All);
        }
        let mut only = BTreeSet::new();
        for pattern in patterns {
            let mut matching = source
                .accounts
                .found()
                .iter()
                .filter(|account| pattern.matches(account))
                .map(|account| account.native_identity.clone())
                .peekable();
            if matching.peek().is_none() {
                return Err(pattern);
            }
            only.extend(matching);
        }
        Ok(Self::Only(only))
    }

    /// Whether this account is selected.
    pub fn includes(&self, account: &LiveAccount) -> bool {
        match self {
            Self::All => true,
            Self::Only(only) => only.contains(&account.native_identity),
        }
    }
}
