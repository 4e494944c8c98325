//! Rejects account ids, account names and store keys that are declared twice.

use crate::code::Code;
use crate::finding::Finding;
use crate::lower::context::Context;
use crate::span::Span;
use model::{AccountKey, AccountName, SourceName, StoreKey};
use std::collections::HashMap;

/// What the accounts so far have declared, with the places.
pub(super) struct Unique {
    keys: HashMap<AccountKey, Span>,
    names: HashMap<(SourceName, AccountName), Span>,
    secrets: HashMap<StoreKey, Span>,
}

impl Unique {
    /// Nothing declared yet, with room for this many accounts.
    pub(super) fn with_capacity(accounts: usize) -> Self {
        Self {
            keys: HashMap::with_capacity(accounts),
            names: HashMap::with_capacity(accounts),
            secrets: HashMap::new(),
        }
    }

    /// Whether no earlier account has this key; reports it otherwise.
    pub(super) fn account(
        &mut self,
        key: &AccountKey,
        span: Span,
        context: &mut Context<'_>,
    ) -> bool {
        if let Some(first) = self.keys.get(key) {
            context.findings.push(
                Finding::new(
                    Code::DuplicateAccountId,
                    format!("service account `{key}` is declared twice"),
                )
                .at(span, format!("`{key}` declared again here"))
                .at(*first, format!("`{key}` first declared here"))
                .help("remove one of the two, or change its id"),
            );
            return false;
        }
        self.keys.insert(key.clone(), span);
        true
    }

    /// Reports a name that an earlier account on the source has.
    pub(super) fn name(
        &mut self,
        source: &SourceName,
        name: &AccountName,
        span: Span,
        context: &mut Context<'_>,
    ) {
        let pair = (source.clone(), name.clone());
        if let Some(first) = self.names.get(&pair) {
            context.findings.push(
                Finding::new(
                    Code::DuplicateAccountName,
                    format!("source \"{source}\" has two service accounts named `{name}`"),
                )
                .at(span, format!("`{name}` used again here"))
                .at(*first, format!("`{name}` first used here"))
                .help("give each account its own name: ISC uses it as the user name"),
            );
        } else {
            self.names.insert(pair, span);
        }
    }

    /// Reports a place in a store that an earlier token or issuer has.
    pub(super) fn secret(&mut self, key: &StoreKey, span: Span, context: &mut Context<'_>) {
        if let Some(first) = self.secrets.get(key) {
            context.findings.push(
                Finding::new(
                    Code::DuplicateStoreKey,
                    format!(
                        "two secrets have the key `{}` in the store `{}`",
                        key.key, key.store
                    ),
                )
                .at(
                    span,
                    format!("overwrites the first secret at `{}`", key.key),
                )
                .at(*first, format!("first secret at `{}`", key.key))
                .help("give each secret its own key, for example with `{account}` and `{token}`"),
            );
        } else {
            self.secrets.insert(key.clone(), span);
        }
    }
}
