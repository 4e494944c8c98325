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
                    format!("the service account `{key}` is declared twice"),
                )
                .at(span, "declared again here")
                .at(*first, "first declared here")
                .help("remove one of the two, or give it an id of its own"),
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
                    format!("two service accounts on `{source}` are named `{name}`"),
                )
                .at(span, "named so again here")
                .at(*first, "first named so here")
                .help("give each account a name of its own: it becomes the user name"),
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
                        "two secrets go to one place, `{}` in the store `{}`",
                        key.key, key.store
                    ),
                )
                .at(span, "this one overwrites the other")
                .at(*first, "the other one")
                .help("give each its own key, for example with `{account}` and `{token}` in it"),
            );
        } else {
            self.secrets.insert(key.clone(), span);
        }
    }
}
