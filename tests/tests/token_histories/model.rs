//! What a history knows of tokens: which were delivered, which were replaced, and what
//! people did.

use crate::declared::Declared;
use crate::site::credential;
use crate::view::View;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    /// The place of each token whose secret a store was seen to hold.
    delivered: BTreeMap<String, Delivered>,
    /// When tokens were replaced, and how long they are kept.
    pub(crate) replaced: BTreeMap<String, Replaced>,
    /// Tokens that people have made, changed or revoked.
    pub(crate) by_hand: BTreeSet<String>,
    /// Places whose secret people have put there: none of their token.
    pub(crate) foreign: BTreeMap<String, String>,
    /// Places in which people wrote what is no document.
    pub(crate) garbled: BTreeSet<String>,
}

#[derive(Clone, Debug)]
struct Delivered {
    account: usize,
    name: &'static str,
}

/// A token that was delivered, and whose successor is delivered now.
#[derive(Clone, Debug)]
pub(crate) struct Replaced {
    pub(crate) account: usize,
    pub(crate) name: &'static str,
    pub(crate) at: Timestamp,
    pub(crate) min: SignedDuration,
    pub(crate) max: SignedDuration,
}

impl Model {
    /// Takes note of what the stores hold after a run.
    pub(crate) fn see(
        &mut self,
        declared: &Declared,
        documents: &BTreeMap<String, String>,
        view: &View,
    ) {
        for (account, tokens) in declared.accounts.iter().enumerate() {
            for (name, token) in tokens {
                let file = token.file(account, name);
                let Some((id, secret)) = documents.get(&file).and_then(|text| credential(text))
                else {
                    continue;
                };
                let is_its_own = view
                    .alive(&id)
                    .is_some_and(|found| found.secret == secret && found.name == *name);
                if !is_its_own {
                    continue;
                }
                // A rollback makes a replaced one current.
                self.replaced.remove(&id);
                let (min, max) = token.overlap();
                let before = self
                    .delivered
                    .iter()
                    .filter(|(other, of)| {
                        **other != id && of.account == account && of.name == *name
                    })
                    .map(|(other, _)| other.clone());
                let before: Vec<String> = before.collect();
                for other in before {
                    self.delivered.remove(&other);
                    let replaced = Replaced {
                        account,
                        name,
                        at: view.now,
                        min,
                        max,
                    };
                    self.replaced.insert(other, replaced);
                }
                let place = Delivered { account, name };
                self.delivered.insert(id, place);
            }
        }
        self.replaced.retain(|id, _| view.tokens.contains_key(id));
        self.delivered.retain(|id, _| view.tokens.contains_key(id));
        // A shorter overlap counts at once, a longer one not for what is replaced.
        for replaced in self.replaced.values_mut() {
            let tokens = &declared.accounts[replaced.account];
            let (min, max) = match tokens.get(replaced.name) {
                Some(token) => token.overlap(),
                None => (SignedDuration::ZERO, SignedDuration::ZERO),
            };
            replaced.min = replaced.min.min(min);
            replaced.max = replaced.max.min(max);
        }
    }

    /// The replaced tokens that still sign in, by client id.
    pub(crate) fn still_alive<'a>(&'a self, view: &'a View) -> Vec<&'a String> {
        let replaced = self.replaced.keys();
        replaced.filter(|id| view.alive(id).is_some()).collect()
    }

    /// Forgets what a person has decided about a token.
    pub(crate) fn touched(&mut self, id: &str) {
        self.by_hand.insert(id.to_owned());
        self.replaced.remove(id);
        self.delivered.remove(id);
    }

    pub(crate) fn is_delivered(&self, id: &str) -> bool {
        self.delivered.contains_key(id)
    }
}
