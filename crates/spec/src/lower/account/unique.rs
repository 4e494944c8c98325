//! Rejects account ids and account names that are declared twice.

use crate::code::Code;
use crate::finding::Finding;
use crate::lower::context::Context;
use crate::span::Span;
use foldhash::HashMap;
use foldhash::fast::RandomState;
use model::{AccountKey, AccountName, SourceName, folded};
use std::borrow::Cow;

/// What the accounts so far have declared, with the places.
pub(super) struct Unique {
    keys: HashMap<AccountKey, Span>,
    /// By names without regard to case and composition, as ISC compares them.
    names: HashMap<(SourceName, AccountName), (AccountName, Span)>,
}

impl Unique {
    /// Nothing declared yet, with room for this many accounts.
    pub(super) fn with_capacity(accounts: usize) -> Self {
        Self {
            keys: HashMap::with_capacity_and_hasher(accounts, RandomState::default()),
            names: HashMap::with_capacity_and_hasher(accounts, RandomState::default()),
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
        is_managed: bool,
        span: Span,
        context: &mut Context<'_>,
    ) {
        // On a source that others manage two accounts can have such names.
        let folded = match folded(name.as_str()) {
            Cow::Owned(folded) if is_managed => folded.into(),
            Cow::Owned(_) | Cow::Borrowed(_) => name.clone(),
        };
        let pair = (source.clone(), folded);
        if let Some((earlier, first)) = self.names.get(&pair) {
            let message = if earlier == name {
                format!("source \"{source}\" has two service accounts named `{name}`")
            } else {
                format!(
                    "the names `{earlier}` and `{name}` on source \"{source}\" differ only in case or composition"
                )
            };
            context.findings.push(
                Finding::new(Code::DuplicateAccountName, message)
                    .at(span, format!("`{name}` used again here"))
                    .at(*first, format!("`{earlier}` first used here"))
                    .help("give each account its own name: ISC uses it as the user name"),
            );
        } else {
            self.names.insert(pair, (name.clone(), span));
        }
    }
}
