//! What has a fault that leaves its name open: kept beside the spec, so that its other
//! parts are still checked.
//!
//! A second declaration is such a case, and a part without its id or name. It is checked
//! by itself, and never compared with other parts.

use foldhash::HashMap;
use model::{AccountKey, AccountSpec, ManagedSource, SourceName, TokenName, TokenSpec};
use std::collections::BTreeMap;

/// The parts that are checked by themselves only.
#[derive(Debug, Default)]
pub(crate) struct Aside {
    /// Accounts under keys of their own, which no file declares.
    pub(crate) accounts: BTreeMap<AccountKey, AccountSpec>,
    /// Tokens, with the keys of their accounts.
    pub(crate) tokens: Vec<(AccountKey, TokenSpec)>,
    /// Sources.
    pub(crate) sources: BTreeMap<SourceName, ManagedSource>,
    /// How many tokens of an account are kept under a name with a number.
    numbers: HashMap<(AccountKey, String), usize>,
}

impl Aside {
    /// A key for an account that is declared again, or that has no id.
    pub(super) fn account(&self, name: &str, why: &str) -> AccountKey {
        unused(name, why, |key| {
            let key = AccountKey::new(key);
            (!self.accounts.contains_key(&key)).then_some(key)
        })
    }

    /// A name for a token of this account that is declared again, or that has none.
    pub(super) fn token(&mut self, account: &AccountKey, name: &str, why: &str) -> TokenName {
        let number = self
            .numbers
            .entry((account.clone(), numbered(name, why, 1)))
            .or_default();
        *number += 1;
        TokenName::new(numbered(name, why, *number))
    }

    /// A name for a source that is declared again, or that has none.
    pub(super) fn source(&self, name: &str, why: &str) -> SourceName {
        unused(name, why, |name| {
            let name = SourceName::new(name);
            (!self.sources.contains_key(&name)).then_some(name)
        })
    }
}

/// The first of `NAME (WHY)`, `NAME (WHY, 2)` and so on that is free.
fn unused<T>(name: &str, why: &str, free: impl Fn(String) -> Option<T>) -> T {
    let mut number = 1_usize;
    loop {
        if let Some(found) = free(numbered(name, why, number)) {
            return found;
        }
        number += 1;
    }
}

/// `NAME (WHY)`, and from the second on with a number.
fn numbered(name: &str, why: &str, number: usize) -> String {
    match (name.is_empty(), number) {
        (true, 1) => why.to_owned(),
        (true, _) => format!("{why}, {number}"),
        (false, 1) => format!("{name} ({why})"),
        (false, _) => format!("{name} ({why}, {number})"),
    }
}
