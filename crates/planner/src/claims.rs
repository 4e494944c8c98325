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
    AccountsUnread, Unlisted, UnreadSecret, UnreadSecrets, lacks, may_have_tokens, relied_on,
    secrets_unread, told_by_secrets,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{
        SOURCE, account, applied_tenant, enroll, forbidden, guide, live_account, live_token,
        source_mut,
    };
    use model::{Collection, Live, SourceSpec, StoredToken};

    const DIRECTORY: &str = "Active Directory";

    /// audit01, and an account of a directory that lists none.
    fn with_unlisted() -> (Spec, Live) {
        let (mut spec, mut live) = (guide(), applied_tenant());
        let mut other = account("svc", "svc");
        (other.row, other.source) = (None, DIRECTORY.into());
        spec.accounts.insert(other.key.clone(), other);
        spec.sources.insert(DIRECTORY.into(), SourceSpec::Unmanaged);
        let mut directory = source_mut(&mut live).clone();
        (directory.id, directory.name) = ("directory".into(), DIRECTORY.into());
        directory.accounts = Collection::Complete(Vec::new());
        let directory = Collection::Complete(Some(directory));
        live.sources.insert(DIRECTORY.into(), directory);
        (spec, live)
    }

    fn with_claims<T>(spec: &Spec, live: &Live, read: impl FnOnce(KnownClaims<'_>) -> T) -> T {
        let index = Index::new(live);
        let accounts = spec.accounts.values();
        let views: Vec<_> = accounts
            .map(|account| View::new(account, &index, None))
            .collect();
        let claims = AllAccountsRead::of(&index, &views).map(|all| Claims::of(spec, &index, all));
        read(claims)
    }

    #[test]
    fn one_declared_account_is_enough_to_own_what_an_identity_has() {
        let (mut spec, mut live) = (guide(), applied_tenant());
        let mut second = account("SA-002", "backup02");
        second.tokens = None;
        spec.accounts.insert(second.key.clone(), second);
        if let Collection::Complete(accounts) = &mut source_mut(&mut live).accounts {
            accounts.push(live_account("SA-002", "backup02", "identity-1"));
            accounts.push(live_account("SA-003", "third", "identity-3"));
        }
        with_claims(&spec, &live, |claims| {
            let claims = claims.unwrap();
            for (identity, is_declared) in [("identity-1", true), ("identity-3", false)] {
                let identity = identity.into();
                assert_eq!(claims.has(&identity), is_declared);
                assert_eq!(claims.holder(&identity).is_some(), is_declared);
                assert_eq!(claims.declares_tokens(&identity), is_declared);
                let name = "monthly-report".into();
                assert_eq!(claims.token(&identity, &name, &"other".into()), is_declared);
                let name = "another".into();
                assert!(!claims.token(&identity, &name, &"other".into()));
            }
        });
        for account in spec.accounts.values_mut() {
            account.tokens = None;
        }
        with_claims(&spec, &live, |claims| {
            let claims = claims.unwrap();
            assert!(!claims.declares_tokens(&"identity-1".into()));
        });
    }

    /// The directory may lack svc only in its list.
    #[test]
    fn an_account_that_is_not_listed_may_own_what_it_declares() {
        let (spec, mut live) = with_unlisted();
        let issuer = IssuerState::Present {
            client_id: "token-of-svc".into(),
            origin: model::IssuerOrigin::Steersman {
                replaces: "enrolled".into(),
                rotation: 0,
            },
        };
        live.stores.issuers.insert("svc".into(), issuer);
        let table = [
            ("monthly-report", true),
            ("of-svc", true),
            ("another", false),
        ];
        with_claims(&spec, &live, |claims| {
            let claims = claims.unwrap();
            for (name, may_own) in table {
                let token = live_token(name, "identity-9", &[]);
                let owner = claims
                    .unlisted_owner(&token)
                    .map(AccountsUnread::collection);
                let expected = may_own.then(|| format!("the accounts of \"{DIRECTORY}\""));
                assert_eq!(owner, expected, "{name}");
            }
            for (level, may_hold) in [("REPORT_ADMIN", true), ("HELPDESK", false)] {
                let holder = claims.unlisted_holder(&[level.into()].into());
                assert_eq!(holder.is_some(), may_hold, "{level}");
            }
        });
    }

    #[test]
    fn an_account_that_is_not_listed_has_the_identity_of_its_issuer() {
        let (spec, mut live) = with_unlisted();
        let issuer = IssuerState::Present {
            client_id: "token-issuer".into(),
            origin: model::IssuerOrigin::Steersman {
                replaces: "enrolled".into(),
                rotation: 0,
            },
        };
        live.stores.issuers.insert("svc".into(), issuer);
        let tokens = vec![
            live_token("another", "identity-8", &[]),
            live_token("issuer", "identity-9", &[]),
        ];
        live.tokens = Collection::Complete(tokens);
        with_claims(&spec, &live, |claims| {
            let claims = claims.unwrap();
            assert!(claims.has(&"identity-9".into()) && !claims.has(&"identity-8".into()));
            let token = live_token("monthly-report", "identity-8", &[]);
            assert_eq!(claims.unlisted_owner(&token), None);
        });
    }

    /// An admin can rename a source in ISC, and a list of sources can lack one once.
    #[test]
    fn an_account_of_a_source_that_was_not_found_may_own_what_it_declares() {
        let (spec, mut live) = with_unlisted();
        live.sources
            .insert(DIRECTORY.into(), Collection::Complete(None));
        with_claims(&spec, &live, |claims| {
            let claims = claims.unwrap();
            for (name, may_own) in [("monthly-report", true), ("another", false)] {
                let token = live_token(name, "identity-8", &[]);
                assert_eq!(claims.unlisted_owner(&token).is_some(), may_own, "{name}");
            }
        });
    }

    /// A short list lacks its row, or somebody has removed it; either way the next import
    /// brings it back to the identity that has its secrets.
    #[test]
    fn an_account_of_steersmans_own_that_no_list_has_claims_by_its_secrets() {
        type Set = fn(&mut Live);
        let table: [(&str, Set, bool, bool); 5] = [
            ("nothing of it is anywhere", |_| {}, false, false),
            (
                "its issuer",
                |live| {
                    let client_id = "token-issuer".into();
                    let state = IssuerState::Present {
                        client_id,
                        origin: model::IssuerOrigin::Steersman {
                            replaces: "enrolled".into(),
                            rotation: 0,
                        },
                    };
                    live.stores.issuers.insert("SA-002".into(), state);
                },
                true,
                false,
            ),
            (
                "a delivered secret",
                |live| {
                    let secret = StoredToken::Present {
                        client_id: "token-used".into(),
                        says_own: true,
                        rotation: 0,
                        previous: None,
                    };
                    let places = live.stores.tokens.entry("SA-002".into()).or_default();
                    places.insert("monthly-report".into(), secret);
                },
                true,
                false,
            ),
            (
                "an issuer that was not asked",
                |live| {
                    live.stores
                        .issuers
                        .insert("SA-002".into(), IssuerState::NotAsked);
                },
                false,
                true,
            ),
            (
                "an issuer that is no token any more",
                |live| {
                    let client_id = "token-gone".into();
                    let state = IssuerState::Present {
                        client_id,
                        origin: model::IssuerOrigin::Steersman {
                            replaces: "enrolled".into(),
                            rotation: 0,
                        },
                    };
                    live.stores.issuers.insert("SA-002".into(), state);
                },
                false,
                false,
            ),
        ];
        for (what, set, claims_identity, may_own) in table {
            let (mut spec, mut live) = (guide(), applied_tenant());
            let second = account("SA-002", "backup02");
            spec.accounts.insert(second.key.clone(), second);
            live.tokens = Collection::Complete(vec![
                live_token("issuer", "identity-9", &[]),
                live_token("used", "identity-9", &[]),
            ]);
            set(&mut live);
            // The same while it is listed without its identity.
            let mut listed = live.clone();
            let mut row = live_account("SA-002", "backup02", "x");
            row.identity = None;
            if let Collection::Complete(accounts) = &mut source_mut(&mut listed).accounts {
                accounts.push(row);
            }
            with_claims(&spec, &listed, |claims| {
                let claims = claims.unwrap();
                assert_eq!(claims.has(&"identity-9".into()), claims_identity, "{what}");
            });
            with_claims(&spec, &live, |claims| {
                let claims = claims.unwrap();
                assert_eq!(claims.has(&"identity-9".into()), claims_identity, "{what}");
                let token = live_token("monthly-report", "identity-8", &[]);
                assert_eq!(claims.unlisted_owner(&token).is_some(), may_own, "{what}");
                let levels = [UserLevel::from("REPORT_ADMIN")].into();
                assert_eq!(claims.unlisted_holder(&levels), None, "{what}");
            });
        }
    }

    /// "histories" 300432: a copy in the place of an account whose row was removed by hand.
    #[test]
    fn the_issuer_of_an_own_identity_is_not_shared_with_an_account_that_has_a_copy() {
        for (is_own, listed, shares) in [
            (true, false, false),
            (false, false, true),
            (true, true, true),
        ] {
            let (mut spec, mut live) = (guide(), applied_tenant());
            enroll(&mut live);
            let issuer = live.stores.issuers["SA-001"].clone();
            let second = account("SA-002", "backup02");
            live.stores
                .issuers
                .insert(second.key.clone(), issuer.clone());
            spec.accounts.insert(second.key.clone(), second);
            if let Collection::Complete(accounts) = &mut source_mut(&mut live).accounts {
                if !is_own {
                    accounts.retain(|account| account.identity.is_none());
                }
                if listed {
                    let row = live_account("SA-002", "backup02", "identity-1");
                    accounts.push(row);
                }
            }
            let IssuerState::Present { client_id, .. } = &issuer else {
                panic!("{issuer:?}");
            };
            with_claims(&spec, &live, |claims| {
                let claims = claims.unwrap();
                let found = claims.shares_issuer(&"identity-1".into(), client_id);
                assert_eq!(found, shares, "{is_own} {listed}");
            });
        }
    }

    /// Any identity may be its own then.
    #[test]
    fn nothing_is_known_while_the_secrets_of_an_account_show_no_identity() {
        type Set = fn(&mut Live);
        let issuer: Set = |live| {
            let client_id = "token-issuer".into();
            let state = IssuerState::Present {
                client_id,
                origin: model::IssuerOrigin::Steersman {
                    replaces: "enrolled".into(),
                    rotation: 0,
                },
            };
            live.stores.issuers.insert("SA-002".into(), state);
        };
        let unreadable: Set = |live| {
            let why = "locked".to_owned();
            let state = IssuerState::Unreadable { why };
            live.stores.issuers.insert("SA-002".into(), state);
        };
        for (set, tokens_read, is_listed, known) in [
            (issuer, true, false, true),
            (issuer, false, false, false),
            (issuer, false, true, true),
            (unreadable, true, false, false),
            (unreadable, true, true, true),
        ] {
            let (mut spec, mut live) = (guide(), applied_tenant());
            let second = account("SA-002", "backup02");
            spec.accounts.insert(second.key.clone(), second);
            if is_listed && let Collection::Complete(all) = &mut source_mut(&mut live).accounts {
                all.push(live_account("SA-002", "backup02", "identity-2"));
            }
            if !tokens_read {
                live.tokens = forbidden();
            }
            set(&mut live);
            with_claims(&spec, &live, |claims| {
                assert_eq!(claims.is_ok(), known, "{tokens_read} {is_listed}");
            });
        }
    }

    #[test]
    fn claims_rest_on_the_accounts_of_each_source() {
        type Change = fn(&mut Live);
        let table: [(&str, Change, Option<&str>); 4] = [
            ("all read", |_| {}, None),
            (
                "a list unread",
                |live| source_mut(live).accounts = forbidden(),
                Some(SOURCE),
            ),
            (
                "not looked up",
                |live| {
                    live.sources.remove(DIRECTORY);
                },
                Some(DIRECTORY),
            ),
            (
                "no such source",
                |live| {
                    live.sources
                        .insert(DIRECTORY.into(), Collection::Complete(None));
                },
                None,
            ),
        ];
        for (name, change, unread) in table {
            let (spec, mut live) = with_unlisted();
            change(&mut live);
            let found = with_claims(&spec, &live, |claims| match claims {
                Ok(_) => None,
                Err(unread) => Some(unread.source.to_string()),
            });
            assert_eq!(found.as_deref(), unread, "{name}");
        }
    }
}
