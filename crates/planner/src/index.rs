//! Lookup tables over the observed state: accounts by id and name, tokens by owner.
//!
//! Without them, planning 10,000 accounts takes minutes instead of a moment.

use crate::lookup::Lookup;
use model::{
    AccountsByWord, Collection, IdentityId, Incomplete, Live, LiveAccount, LiveToken,
    NativeIdentity, SourceName, TokenId,
};
use std::collections::BTreeMap;

/// The accounts by id and name, and the tokens by owner.
#[derive(Debug)]
pub(crate) struct Index<'a> {
    pub(crate) live: &'a Live,
    accounts: BTreeMap<&'a SourceName, AccountsByWord<'a>>,
    tokens: Lookup<&'a IdentityId, Vec<&'a LiveToken>>,
    tokens_by_id: Lookup<&'a TokenId, &'a LiveToken>,
}

impl<'a> Index<'a> {
    pub(crate) fn new(live: &'a Live) -> Self {
        let accounts = live
            .sources
            .iter()
            .filter_map(|(name, source)| {
                let source = source.found().as_ref()?;
                Some((name, AccountsByWord::new(source.accounts.found())))
            })
            .collect();
        let mut tokens: Lookup<_, Vec<_>> = Lookup::with_capacity(live.tokens.found().len());
        for token in live.tokens.found() {
            tokens.entry(&token.owner, Vec::new).push(token);
        }
        Self {
            live,
            accounts,
            tokens,
            // They are asked for only where stores hold something.
            tokens_by_id: if live.stores.tokens.is_empty() && live.stores.issuers.is_empty() {
                Lookup::default()
            } else {
                let tokens = live.tokens.found().iter();
                tokens.map(|token| (&token.id, token)).collect()
            },
        }
    }

    /// The account of this id on a source, among those that were read.
    pub(crate) fn account(
        &self,
        source: &SourceName,
        id: &NativeIdentity,
    ) -> Option<&'a LiveAccount> {
        self.accounts.get(source)?.with_id(id.as_str())
    }

    /// The account that a word names on a source, among those that were read.
    pub(crate) fn called(
        &self,
        source: &SourceName,
        word: &str,
    ) -> Option<Result<&'a LiveAccount, &Incomplete>> {
        self.accounts.get(source)?.called(word)
    }

    /// The token of this id, among those that were read.
    pub(crate) fn token(&self, id: &TokenId) -> Option<&'a LiveToken> {
        self.tokens_by_id.get(id).copied()
    }

    /// All tokens of an identity, those that SailPoint manages included.
    pub(crate) fn tokens(&self, owner: &IdentityId) -> Result<&[&'a LiveToken], &'a Incomplete> {
        self.live
            .tokens
            .complete()
            .map(|_| self.tokens.get(owner).map_or(&[][..], Vec::as_slice))
    }
}

/// Whether all accounts of a source were read.
pub(crate) fn accounts_read<'a>(
    live: &'a Live,
    source: &SourceName,
) -> Option<Result<(), &'a Incomplete>> {
    match live.sources.get(source).map(Collection::complete)? {
        Ok(source) => Some(source.as_ref()?.accounts.complete().map(|_| ())),
        Err(why) => Some(Err(why)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{SOURCE, applied_tenant, enroll, live_account, source_mut};
    use model::IncompleteReason;

    #[test]
    fn of_several_that_fit_none_is_found() {
        let mut live = applied_tenant();
        enroll(&mut live);
        let accounts = [
            live_account("1", "one", "i1"),
            live_account("2", "1", "i2"),
            live_account("3", "two", "i3"),
            live_account("4", "two", "i4"),
        ];
        source_mut(&mut live).accounts = Collection::Complete(accounts.into());
        let index = Index::new(&live);
        let source = SOURCE.into();
        let identity = |account: Option<&LiveAccount>| Some(account?.identity.clone()?.to_string());
        // A name goes before an id: `1` is the name of one and the id of another.
        for (word, expected) in [("one", "i1"), ("1", "i2"), ("2", "i2"), ("3", "i3")] {
            let found = identity(index.called(&source, word).and_then(Result::ok));
            assert_eq!(found.as_deref(), Some(expected), "{word}");
        }
        let why = index.called(&source, "two").unwrap().unwrap_err();
        assert_eq!(why.reason, IncompleteReason::Ambiguous);
        assert_eq!(
            identity(index.account(&source, &"2".into())).as_deref(),
            Some("i2")
        );
        assert!(index.account(&source, &"one".into()).is_none());
        assert!(index.called(&"other".into(), "one").is_none());
        assert_eq!(index.tokens(&"identity-1".into()).unwrap().len(), 1);
        assert!(index.tokens(&"i1".into()).unwrap().is_empty());
    }
}
