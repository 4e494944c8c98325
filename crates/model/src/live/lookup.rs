//! Lookup of accounts by the word that a file uses for them: a name, or else an id.

#![expect(
    clippy::disallowed_types,
    reason = "the order of the tables cannot be seen: nothing lists what they hold"
)]

use crate::{Incomplete, IncompleteReason, LiveAccount};
use foldhash::HashMap;
use foldhash::fast::RandomState;
use std::collections::hash_map::Entry;

/// The accounts of one source, by id and by name.
///
/// On a source that is managed elsewhere, a file names an account by one word. It is
/// the name of an account, or the id of one where no account has the name. Names need
/// not be unique there. Of several accounts of one name none is chosen, because the
/// chosen one is granted levels and tokens.
#[derive(Debug, Default)]
pub struct AccountsByWord<'a> {
    by_id: HashMap<&'a str, &'a LiveAccount>,
    /// The reason against it where several accounts have the name.
    by_name: HashMap<&'a str, Result<&'a LiveAccount, Incomplete>>,
}

impl<'a> AccountsByWord<'a> {
    /// The lookup among these accounts of one source.
    pub fn new(all: &'a [LiveAccount]) -> Self {
        let mut accounts = Self {
            by_id: HashMap::with_capacity_and_hasher(all.len(), RandomState::default()),
            by_name: HashMap::with_capacity_and_hasher(all.len(), RandomState::default()),
        };
        for account in all {
            let (id, name) = (account.native_identity.as_str(), account.name.as_str());
            accounts.by_id.entry(id).or_insert(account);
            match accounts.by_name.entry(name) {
                Entry::Vacant(place) => {
                    place.insert(Ok(account));
                }
                Entry::Occupied(mut place) => {
                    *place.get_mut() = Err(Incomplete {
                        reason: IncompleteReason::Ambiguous,
                        detail: format!("several accounts are named {name}"),
                        call: None,
                    });
                }
            }
        }
        accounts
    }

    /// The account of this id.
    pub fn with_id(&self, id: &str) -> Option<&'a LiveAccount> {
        self.by_id.get(id).copied()
    }

    /// The account that this word names.
    pub fn called(&self, word: &str) -> Option<Result<&'a LiveAccount, &Incomplete>> {
        match self.by_name.get(word) {
            Some(found) => Some(found.as_ref().copied()),
            None => self.with_id(word).map(Ok),
        }
    }
}
