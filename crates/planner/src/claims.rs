//! Tokens and levels that declared accounts own, so the planner never treats them as unmanaged.
//! An identity that a file approves counts as that account's, whether the account was listed
//! or not.
//!
//! An identity can have several accounts, on a directory and on a file for
//! example. Its tokens and levels are then those of all of them.

use crate::classify::earlier::EarlierOutcome;
use crate::classify::issuer::UnknownIssuer;
use crate::index::{Index, accounts_read};
use crate::lookup::Lookup;
use crate::phases::rename::Renames;
use crate::presence::Presence;
use crate::unlisted::{
    AccountsUnread, Unlisted, UnreadSecret, UnreadSecrets, lacks, may_be_of_unread_tokens,
    may_have_tokens, relied_on, secrets_unread, told_by_secrets,
};
use crate::view::View;
use model::ownership::Ownership;
use model::{
    AccountKey, AccountName, IdentityId, Incomplete, IncompleteReason, IssuerState, LiveToken,
    Spec, TokenId, TokenName, UserLevel,
};
use std::collections::{BTreeMap, BTreeSet};

/// Proof that every declared account was found, or is known to be absent.
///
/// [`Claims`] cannot be made without it. A declared account that was not read
/// claims nothing, so what it owns would count as unmanaged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AllAccountsRead<'a, 'v>(&'v [View<'a>]);

impl<'a, 'v> AllAccountsRead<'a, 'v> {
    /// Checks the account lists of all sources that declared accounts are on.
    pub(crate) fn of(index: &Index<'_>, views: &'v [View<'a>]) -> Result<Self, AccountsUnread> {
        for view in views {
            let source = &view.spec.source;
            let unread = |why: &Incomplete| AccountsUnread {
                source: source.clone(),
                why: why.clone(),
            };
            match view.presence {
                Presence::Unread(why) => return Err(unread(why)),
                Presence::Present(_) | Presence::Absent => {}
            }
            if let Some(why) = secrets_unread(view, index) {
                return Err(unread(&why));
            }
            match accounts_read(index.live, source) {
                Some(Err(why)) => return Err(unread(why)),
                // The tenant has no such source, so no account of it owns anything.
                Some(Ok(())) => {}
                None if index.live.sources.contains_key(source) => {}
                None => {
                    return Err(unread(&Incomplete {
                        reason: IncompleteReason::Refused,
                        detail: format!("source \"{source}\" was not looked up"),
                        call: None,
                    }));
                }
            }
        }
        Ok(Self(views))
    }
}

/// By identity, the tokens that its declared accounts own.
#[derive(Debug, Default)]
pub(crate) struct Claims<'a> {
    by_identity: Lookup<&'a IdentityId, Claim<'a>>,
    /// Identities of which declared accounts have secrets, while they have none of an
    /// identity of their own.
    relied_on: BTreeMap<&'a IdentityId, &'a AccountKey>,
    unlisted: Vec<Unlisted<'a>>,
    unread: Vec<UnreadSecrets<'a>>,
    /// Whether a declared account has secrets, or may have, of which it is not known whose
    /// tokens they are, because the tokens of the tenant were not read.
    has_secrets_of_unread: bool,
}

#[derive(Debug, Default)]
struct Claim<'a> {
    /// The first declared account that has the identity.
    holder: Option<&'a AccountKey>,
    /// The declared tokens, with the account that declares each first.
    names: BTreeMap<&'a TokenName, &'a AccountKey>,
    /// Those that a second account declares, too.
    twice: BTreeMap<&'a TokenName, [&'a AccountKey; 2]>,
    /// The declared user levels, with the account that declares them first.
    levels: Option<(&'a AccountKey, &'a BTreeSet<UserLevel>)>,
    /// Two accounts that declare different ones.
    other_levels: Option<[&'a AccountKey; 2]>,
    /// The issuer tokens, with the accounts that have them.
    issuers: BTreeMap<&'a TokenId, BTreeMap<&'a AccountKey, Tie>>,
    /// Whether one of the accounts says which tokens it has.
    declares_tokens: bool,
    /// Whether it is one of the accounts' own by all that is known of it.
    is_own: bool,
    /// Why it is not known which token is the issuer.
    unknown: Option<UnknownIssuer<'a>>,
}

/// What ties an account to an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tie {
    /// It is the account's, was, or is said to be.
    Identity,
    /// The account has none, and its place has the secret of one of the identity's tokens.
    Secret,
}

/// What declared accounts own, or why that is not known. Where it is not known,
/// nothing that belongs to an identity is taken away.
pub(crate) type KnownClaims<'a> = Result<Claims<'a>, AccountsUnread>;

impl<'a> Claims<'a> {
    /// Collects the claims of all declared accounts, under their present and
    /// under their earlier ids.
    pub(crate) fn of(
        spec: &'a Spec,
        index: &Index<'a>,
        AllAccountsRead(views): AllAccountsRead<'a, '_>,
    ) -> Self {
        let mut claims = Self::default();
        let renames = Renames::of_sources(spec, index.live);
        for view in views {
            claims.add(view, view.identity(), Tie::Identity);
            // It is the account's, even where the account itself is not in the list.
            claims.add(view, view.spec.identity.as_ref(), Tie::Identity);
            claims.has_secrets_of_unread |= may_be_of_unread_tokens(view, index);
            claims.unread.extend(UnreadSecrets::of(view, index));
            for identity in relied_on(view, index) {
                claims.relied_on.entry(identity).or_insert(&view.spec.key);
            }
            if lacks(view) {
                let identities = told_by_secrets(view, index);
                let is_absent = matches!(view.presence, Presence::Absent);
                if is_absent && identities.is_empty() && may_have_tokens(view) {
                    claims.unlisted.push(Unlisted::of(view));
                }
                for identity in identities {
                    claims.add(view, Some(identity), Tie::Secret);
                }
            }
            let earlier = renames
                .get(&view.spec.source)
                .map(|renames| renames.of_account(&view.spec.key));
            for account in earlier.map(EarlierOutcome::accounts).unwrap_or_default() {
                claims.add(view, account.identity.as_ref(), Tie::Identity);
            }
        }
        claims
    }

    fn add(&mut self, view: &View<'a>, identity: Option<&'a IdentityId>, tie: Tie) {
        let Some(identity) = identity else { return };
        let claim = self.by_identity.entry(identity, Claim::default);
        claim.holder.get_or_insert(&view.spec.key);
        claim.declares_tokens |= view.spec.tokens.is_some();
        claim.is_own |= view.ownership == Some(Ownership::Own);
        // An account whose identity is another's declares nothing for it.
        let is_its = !matches!(view.ownership, Some(Ownership::NotOwn(_)))
            || view.spec.identity.as_ref() == Some(identity);
        let key = &view.spec.key;
        for name in view.spec.tokens.iter().flat_map(model::TokenSpecs::keys) {
            let first = *claim.names.entry(name).or_insert(key);
            if is_its && first != key {
                claim.twice.entry(name).or_insert([first, key]);
            }
        }
        if let Some(levels) = view.spec.user_levels.as_ref().filter(|_| is_its) {
            let (first, declared) = *claim.levels.get_or_insert((key, levels));
            if declared != levels {
                claim.other_levels.get_or_insert([first, key]);
            }
        }
        match view.issuer {
            IssuerState::Present { client_id, .. } => {
                let accounts = claim.issuers.entry(client_id).or_default();
                let known = accounts.entry(key).or_insert(tie);
                *known = tie.min(*known);
            }
            IssuerState::Unreadable { why } => {
                claim.unknown = Some(UnknownIssuer::Unreadable(why));
            }
            IssuerState::NotAsked => {
                claim.unknown.get_or_insert(UnknownIssuer::NotAsked);
            }
            IssuerState::Absent | IssuerState::Foreign { .. } => {}
        }
    }

    /// Whether the identity is that of a declared account.
    pub(crate) fn has(&self, identity: &IdentityId) -> bool {
        self.by_identity.has(identity)
    }

    /// The declared account whose secrets are tokens of the identity, although it has another
    /// one or none. It has moved, and what uses it has nothing else until it is enrolled.
    pub(crate) fn relying(&self, identity: &IdentityId) -> Option<&'a AccountKey> {
        self.relied_on.get(identity).copied()
    }

    /// A declared account that may have the secret of this token and nothing else, in a place
    /// that was not read. It would be relying on the token's identity.
    pub(crate) fn may_rely(
        &self,
        token: &LiveToken,
    ) -> Option<(&'a AccountName, UnreadSecret<'a>)> {
        let mut unread = self.unread.iter();
        unread.find_map(|account| Some((account.account, account.may_be(token)?)))
    }

    /// Whether a declared account may have secrets which are tokens of any identity, because
    /// the tokens of the tenant were not read.
    pub(crate) fn may_rely_on_unread(&self) -> bool {
        self.has_secrets_of_unread
    }

    /// Why a token that nobody is known to claim may be a declared account's; none where
    /// it is not.
    pub(crate) fn unlisted_owner(&self, token: &LiveToken) -> Option<&AccountsUnread> {
        let unlisted = self.unlisted.iter();
        let mut owners = unlisted.filter(|account| account.may_own(token));
        owners.next().map(|account| &account.why)
    }

    /// Why one of these levels may be a declared account's; none where none is.
    pub(crate) fn unlisted_holder(&self, levels: &BTreeSet<UserLevel>) -> Option<&AccountsUnread> {
        // An account of steersman's own that has levels has an identity in its list.
        let of_others = |account: &&Unlisted<'_>| account.spec.row.is_none();
        let holder = self.unlisted.iter().filter(of_others).find(|account| {
            let declared = account.spec.user_levels.as_ref();
            declared.is_some_and(|declared| !declared.is_disjoint(levels))
        });
        holder.map(|account| &account.why)
    }

    /// A declared account that has the identity.
    pub(crate) fn holder(&self, identity: &IdentityId) -> Option<&'a AccountKey> {
        self.by_identity.get(identity)?.holder
    }

    /// Whether a declared account's row made this identity, by all that is known of it.
    pub(crate) fn is_own(&self, identity: &IdentityId) -> bool {
        let claim = self.by_identity.get(identity);
        claim.is_some_and(|claim| claim.is_own)
    }

    /// Whether a declared account of this identity says which tokens it has.
    pub(crate) fn declares_tokens(&self, identity: &IdentityId) -> bool {
        self.by_identity
            .get(identity)
            .is_some_and(|claim| claim.declares_tokens)
    }

    /// Whether a declared account of this identity declares a token of this
    /// name, or has the token of this id as its issuer.
    pub(crate) fn token(&self, identity: &IdentityId, name: &TokenName, id: &TokenId) -> bool {
        self.by_identity
            .get(identity)
            .is_some_and(|claim| claim.names.contains_key(name) || claim.issuers.contains_key(id))
    }

    /// Whether several declared accounts of this identity have this issuer token. One without
    /// an identity that only has the secret has a copy, where the identity is another's own.
    pub(crate) fn shares_issuer(&self, identity: &IdentityId, issuer: &TokenId) -> bool {
        let Some(claim) = self.by_identity.get(identity) else {
            return false;
        };
        let accounts = claim.issuers.get(issuer);
        let accounts = accounts.into_iter().flat_map(BTreeMap::values);
        let has_it = accounts.filter(|tie| match tie {
            Tie::Identity => true,
            Tie::Secret => !claim.is_own,
        });
        has_it.count() > 1
    }

    /// Whether a declared account of this identity declares a token of this name.
    pub(crate) fn declares(&self, identity: &IdentityId, name: &TokenName) -> bool {
        let claim = self.by_identity.get(identity);
        claim.is_some_and(|claim| claim.names.contains_key(name))
    }

    /// Two accounts of this identity that declare different user levels for it.
    pub(crate) fn other_levels(&self, identity: &IdentityId) -> Option<[&'a AccountKey; 2]> {
        self.by_identity.get(identity)?.other_levels
    }

    /// Two accounts of this identity that both declare a token of this name.
    pub(crate) fn declared_twice(
        &self,
        identity: &IdentityId,
        name: &TokenName,
    ) -> Option<[&'a AccountKey; 2]> {
        self.by_identity.get(identity)?.twice.get(name).copied()
    }

    /// Why it is not known which of the identity's tokens is an issuer; none
    /// where it is.
    pub(crate) fn unknown_issuer(&self, identity: &IdentityId) -> Option<UnknownIssuer<'a>> {
        self.by_identity.get(identity)?.unknown
    }
}
