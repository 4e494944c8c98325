//! Lookup tables over the observed state: accounts by id and name, tokens by owner.
//!
//! Without them, planning 10,000 accounts takes minutes instead of a moment.

use crate::lookup::Lookup;
use model::{
    Collection, IdentityId, Incomplete, IncompleteReason, Live, LiveAccount, LiveToken,
    NativeIdentity, SourceName,
};
use std::collections::BTreeMap;

/// The accounts by id and name, and the tokens by owner.
#[derive(Debug)]
pub(crate) struct Index<'a> {
    pub(crate) live: &'a Live,
    accounts: BTreeMap<&'a SourceName, Accounts<'a>>,
    tokens: Lookup<&'a IdentityId, Vec<&'a LiveToken>>,
}

/// The accounts of one source.
#[derive(Debug, Default)]
struct Accounts<'a> {
    by_id: Lookup<&'a NativeIdentity, &'a LiveAccount>,
    /// By name; the reason against it where several accounts have the name.
    by_name: Lookup<&'a str, Result<&'a LiveAccount, Incomplete>>,
}

impl<'a> Index<'a> {
    pub(crate) fn new(live: &'a Live) -> Self {
        let accounts = live
            .sources
            .iter()
            .filter_map(|(name, source)| {
                let source = source.found().as_ref()?;
                Some((name, Accounts::new(source.accounts.found())))
            })
            .collect();
        let mut tokens: Lookup<_, Vec<_>> = Lookup::default();
        for token in live.tokens.found() {
            tokens.entry(&token.owner, Vec::new).push(token);
        }
        Self {
            live,
            accounts,
            tokens,
        }
    }

    /// The account of this id on a source, among those that were read.
    pub(crate) fn account(
        &self,
        source: &SourceName,
        id: &NativeIdentity,
    ) -> Option<&'a LiveAccount> {
        self.accounts.get(source)?.by_id.get(id).copied()
    }

    /// The account on a source, among those that were read, that has this name,
    /// or this id where none has the name. Names need not be unique on sources
    /// that others manage. Of several accounts none is chosen, because the chosen
    /// one is granted levels and tokens.
    pub(crate) fn called(
        &self,
        source: &SourceName,
        word: &str,
    ) -> Option<Result<&'a LiveAccount, &Incomplete>> {
        let accounts = self.accounts.get(source)?;
        match accounts.by_name.get(word) {
            Some(found) => Some(found.as_ref().copied()),
            None => accounts
                .by_id
                .get(&NativeIdentity::from(word))
                .copied()
                .map(Ok),
        }
    }

    /// All tokens of an identity, those that SailPoint manages included.
    pub(crate) fn tokens(&self, owner: &IdentityId) -> Result<&[&'a LiveToken], &'a Incomplete> {
        self.live
            .tokens
            .complete()
            .map(|_| self.tokens.get(owner).map_or(&[][..], Vec::as_slice))
    }
}

impl<'a> Accounts<'a> {
    fn new(all: &'a [LiveAccount]) -> Self {
        let mut accounts = Self::default();
        for account in all {
            let (id, name) = (&account.native_identity, account.name.as_str());
            accounts.by_id.entry(id, || account);
            if accounts.by_name.insert(name, Ok(account)).is_some() {
                let ambiguous = Incomplete {
                    reason: IncompleteReason::Ambiguous,
                    detail: format!("several accounts are named {name}"),
                };
                accounts.by_name.insert(name, Err(ambiguous));
            }
        }
        accounts
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
