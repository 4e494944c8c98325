//! The spec with its places, as the checks see it.

use crate::lower::Partial;
use crate::places::{Inherited, Place};
use crate::real_folders::RealFolders;
use crate::span::Span;
use model::{
    AccountSpec, Address, ManagedSource, Scope, SecretPlace, SourceName, Spec, StoreKey, StoreName,
    StoreSpec, TokenSpec, UserLevel,
};
use std::collections::BTreeMap;

/// The spec with the places of everything in it.
pub(super) struct Subject<'a> {
    partial: &'a Partial,
    /// The stores of files, with the folders that they really are.
    files: BTreeMap<&'a StoreName, StoreSpec>,
}

/// A token with the account that owns it.
pub(super) struct Owned<'a> {
    pub(super) account: &'a AccountSpec,
    pub(super) token: &'a TokenSpec,
    /// Whether its name is not the written one: it is declared again, or has none.
    pub(super) is_renamed: bool,
}

/// The address of an account.
pub(super) fn address_of(account: &AccountSpec) -> Address {
    Address::Account(account.key.clone())
}

impl<'a> Subject<'a> {
    pub(super) fn new(partial: &'a Partial, real_folders: Option<RealFolders>) -> Self {
        Self {
            partial,
            files: real_folders
                .map(|real| files(&partial.spec, real))
                .unwrap_or_default(),
        }
    }

    /// Where a key of a store leads; none where no file declares the store.
    pub(super) fn place(&self, key: &StoreKey) -> Option<SecretPlace> {
        let store = self
            .files
            .get(&key.store)
            .or_else(|| self.spec().stores.get(&key.store))?;
        Some(store.place(&key.key))
    }

    /// The spec as far as it could be made.
    pub(super) fn spec(&self) -> &'a Spec {
        &self.partial.spec
    }

    /// The sources that steersman manages.
    pub(super) fn managed_sources(
        &self,
    ) -> impl Iterator<Item = (&'a SourceName, &'a ManagedSource)> {
        self.spec()
            .sources
            .iter()
            .filter_map(|(name, source)| source.managed().map(|managed| (name, managed)))
            .chain(&self.partial.aside.sources)
    }

    /// The accounts that can be compared with each other, with their addresses.
    pub(super) fn distinct_accounts(&self) -> impl Iterator<Item = (&'a AccountSpec, Address)> {
        self.spec()
            .accounts
            .values()
            .map(|account| (account, address_of(account)))
    }

    /// All accounts, for checks of each by itself: also those that are declared again, or
    /// have no id.
    pub(super) fn accounts(&self) -> impl Iterator<Item = &'a AccountSpec> {
        self.spec()
            .accounts
            .values()
            .chain(self.partial.aside.accounts.values())
    }

    /// Tokens that are declared again, or have no name.
    pub(super) fn tokens_again(&self) -> impl Iterator<Item = Owned<'a>> {
        let aside = &self.partial.aside;
        let accounts = &self.spec().accounts;
        aside.tokens.iter().filter_map(move |(key, token)| {
            let account = accounts.get(key).or_else(|| aside.accounts.get(key))?;
            Some(Owned {
                account,
                token,
                is_renamed: true,
            })
        })
    }

    /// Whether a file approves an identity of the account that could not be read.
    pub(super) fn has_unknown_identity(&self, account: &AccountSpec) -> bool {
        let doubt = self.partial.doubtful.get(&account.key);
        doubt.is_some_and(|doubt| doubt.identity)
    }

    /// Whether the account's levels are all that is declared, and not only what could
    /// be read.
    pub(super) fn has_whole_levels(&self, account: &AccountSpec) -> bool {
        let doubt = self.partial.doubtful.get(&account.key);
        !doubt.is_some_and(|doubt| doubt.levels)
    }

    /// Whether the account's tokens, with their scopes and calls, are all that is declared.
    pub(super) fn has_whole_tokens(&self, account: &AccountSpec) -> bool {
        let doubt = self.partial.doubtful.get(&account.key);
        !doubt.is_some_and(|doubt| doubt.tokens)
    }

    /// Whether the attributes of the source are all that is declared.
    pub(super) fn has_whole_attributes(&self, source: &SourceName) -> bool {
        !self.partial.doubtful_attributes.contains(source)
    }

    /// Whether the mappings of the source are all that is declared.
    pub(super) fn has_whole_mappings(&self, source: &SourceName) -> bool {
        !self.partial.doubtful_mappings.contains(source)
    }

    /// The place of exactly this key, where its value is known.
    pub(super) fn known(&self, address: &Address, field: &str) -> Option<Span> {
        self.partial
            .places
            .exact(address, field)
            .filter(|place| place.known)
            .map(|place| place.span)
    }

    /// The place of this key, or the nearest there is.
    pub(super) fn nearest(&self, address: &Address, field: &str) -> Option<Place> {
        self.partial.places.nearest(address, Some(field))
    }

    /// The place in `defaults` or a profile of what a token does not write itself: neither
    /// this key nor those that it is compared with.
    pub(super) fn inherited(
        &self,
        owned: &Owned<'_>,
        compared: &[&str],
        place: impl Fn(Inherited) -> Option<Span>,
    ) -> Option<Span> {
        let address = owned.address();
        let is_written = |key: &&str| self.partial.places.exact(&address, key).is_some();
        if compared.iter().any(is_written) {
            return None;
        }
        place(self.taken(owned.account))
    }

    /// Where an account and its tokens have what they do not write themselves.
    pub(super) fn taken(&self, account: &AccountSpec) -> Inherited {
        self.partial.places.inherited(&address_of(account))
    }

    /// The place of a level of an account, where it is known.
    pub(super) fn level(&self, account: &AccountSpec, level: &UserLevel) -> Option<Span> {
        self.known(&address_of(account), &format!("userLevels={level}"))
    }

    /// The place of a scope of a token: where it is written, or the calls that it
    /// was worked out from. None for a mocked one.
    pub(super) fn scope(&self, owned: &Owned<'_>, scope: &str) -> Option<Span> {
        let address = owned.address();
        self.known(&address, &format!("scopes={scope}"))
            .or_else(|| self.known(&address, "calls"))
    }
}

/// The stores of files, with the folders that they really are. One store alone is no
/// other.
fn files(spec: &Spec, real: RealFolders) -> BTreeMap<&StoreName, StoreSpec> {
    let stores: Vec<(&StoreName, &StoreSpec, &str)> = spec
        .stores
        .iter()
        .filter_map(|(name, store)| Some((name, store, store.folder()?)))
        .collect();
    if stores.len() < 2 {
        return BTreeMap::new();
    }
    let folders: Vec<&str> = stores.iter().map(|(_, _, folder)| *folder).collect();
    stores
        .iter()
        .zip(real(&folders))
        .map(|((name, store, _), folder)| (*name, store.in_folder(folder)))
        .collect()
}

impl<'a> Owned<'a> {
    /// The tokens of an account.
    pub(super) fn of(account: &'a AccountSpec) -> impl Iterator<Item = Self> {
        let tokens = account.tokens.iter().flat_map(model::TokenSpecs::values);
        tokens.map(move |token| Self {
            account,
            token,
            is_renamed: false,
        })
    }

    /// The address of the token.
    pub(super) fn address(&self) -> Address {
        Address::Token(self.account.key.clone(), self.token.name.clone())
    }

    /// The levels of the owner, where the spec says which it has.
    pub(super) fn levels(&self) -> Option<Vec<&'a str>> {
        self.account
            .user_levels
            .as_ref()
            .map(|levels| levels.iter().map(UserLevel::as_str).collect())
    }

    /// The scopes as written; none where they were worked out.
    pub(super) fn written_scopes(&self) -> impl Iterator<Item = &'a str> {
        let token = self.token;
        let written = token.calls.is_empty().then_some(&token.scopes);
        written.into_iter().flatten().map(Scope::as_str)
    }
}
