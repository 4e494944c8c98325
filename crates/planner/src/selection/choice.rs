//! The selection, and what its patterns match in a given plan.

use super::Pattern;
use crate::draft::Draft;
use crate::view::live_source;
use model::{AccountKey, AccountName, Address, Live, Spec};
use std::collections::BTreeMap;

/// The patterns of a selection. The default selects everything.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    only: Vec<Pattern>,
    except: Vec<Pattern>,
}

impl Selection {
    /// Everything that a pattern of `only` matches, or everything where there
    /// is none, but nothing that a pattern of `except` matches.
    pub fn new(only: Vec<Pattern>, except: Vec<Pattern>) -> Self {
        Self { only, except }
    }

    /// Exactly what is at these addresses.
    pub fn of_addresses<'a>(addresses: impl IntoIterator<Item = &'a Address>) -> Self {
        let only = addresses.into_iter().map(Pattern::exactly).collect();
        Self::new(only, Vec::new())
    }

    /// Whether nothing is left out.
    pub fn is_everything(&self) -> bool {
        self.only.is_empty() && self.except.is_empty()
    }

    /// What is selected.
    pub fn only(&self) -> &[Pattern] {
        &self.only
    }

    /// What is left out of that.
    pub fn except(&self) -> &[Pattern] {
        &self.except
    }

    /// Whether the patterns select what is at the address. `name` is the name of the
    /// account that the address belongs to.
    pub fn selects(&self, address: &Address, name: Option<&str>) -> bool {
        let any = |patterns: &[Pattern]| {
            let mut patterns = patterns.iter();
            patterns.any(|pattern| pattern.matches(address, name))
        };
        !any(&self.except) && (self.only.is_empty() || any(&self.only))
    }

    pub(super) fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.only.iter().chain(&self.except)
    }
}

/// A selection, with the names that accounts have in a plan.
#[derive(Debug)]
pub(super) struct Choice<'a> {
    pub(super) selection: &'a Selection,
    names: BTreeMap<AccountKey, AccountName>,
}

impl<'a> Choice<'a> {
    pub(super) fn new(selection: &'a Selection, spec: &Spec, live: &Live, draft: &Draft) -> Self {
        Self {
            selection,
            names: names(spec, live, draft),
        }
    }

    /// Whether the patterns select what is at the address.
    pub(super) fn selects(&self, address: &Address) -> bool {
        let only = &self.selection.only;
        !self.excepts(address) && (only.is_empty() || self.any(only, address))
    }

    /// Whether a pattern of `--except` matches the address.
    pub(super) fn excepts(&self, address: &Address) -> bool {
        self.any(&self.selection.except, address)
    }

    /// Whether an account is selected as a whole, by its id or name: then its
    /// row is not done before its identity is.
    pub(super) fn selects_account(&self, key: &AccountKey) -> bool {
        let address = Address::Account(key.clone());
        !self.excepts(&address)
            && self
                .selection
                .only
                .iter()
                .any(|pattern| pattern.is_of_accounts() && self.matches(pattern, &address))
    }

    pub(super) fn matches(&self, pattern: &Pattern, address: &Address) -> bool {
        let name = address.account().and_then(|key| self.names.get(key));
        pattern.matches(address, name.map(AccountName::as_str))
    }

    /// The accounts' ids and names.
    pub(super) fn names(&self) -> impl Iterator<Item = (&AccountKey, &AccountName)> {
        self.names.iter()
    }

    fn any(&self, patterns: &[Pattern], address: &Address) -> bool {
        patterns
            .iter()
            .any(|pattern| self.matches(pattern, address))
    }
}

/// The names of all declared accounts, and of unmanaged ones that the draft mentions.
fn names(spec: &Spec, live: &Live, draft: &Draft) -> BTreeMap<AccountKey, AccountName> {
    let mut undeclared: BTreeMap<&str, Option<AccountName>> = draft
        .steps
        .iter()
        .map(|step| &step.address)
        .chain(draft.unmanaged.iter().map(|unmanaged| &unmanaged.address))
        .filter_map(Address::account)
        .filter(|key| !spec.accounts.contains_key(*key))
        .map(|key| (key.as_str(), None))
        .collect();
    if !undeclared.is_empty() {
        let managed = spec
            .sources
            .iter()
            .filter(|(_, source)| source.managed().is_some())
            .filter_map(|(name, _)| live_source(live, name));
        for account in managed.flat_map(|source| source.accounts.found()) {
            if let Some(name) = undeclared.get_mut(account.native_identity.as_str()) {
                *name = Some(account.name.clone());
            }
        }
    }
    let mut names: BTreeMap<AccountKey, AccountName> = undeclared
        .into_iter()
        .filter_map(|(key, name)| Some((key.into(), name?)))
        .collect();
    names.extend(
        spec.accounts
            .iter()
            .map(|(key, account)| (key.clone(), account.name.clone())),
    );
    names
}
