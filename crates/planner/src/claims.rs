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
use crate::view::View;
use model::ownership::Ownership;
use model::{
    AccountKey, AccountSpec, IdentityId, Incomplete, IncompleteReason, IssuerState, LiveAccount,
    LiveToken, SourceName, Spec, TokenId, TokenName, UserLevel, retiring,
};
use std::collections::{BTreeMap, BTreeSet};

/// Why not all declared accounts could be located.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccountsUnread {
    /// The source whose accounts were not read completely.
    pub(crate) source: SourceName,
    /// Why.
    pub(crate) why: Incomplete,
}

impl AccountsUnread {
    /// What could not be read, as text.
    pub(crate) fn collection(&self) -> String {
        format!("the accounts of \"{}\"", self.source)
    }
}

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
    unlisted: Vec<Unlisted<'a>>,
}

/// A declared account that the list of a source of others lacks, and whose identity
/// nothing tells. Nothing confirms such a list, so the account may be there, and share
/// its identity with another.
#[derive(Debug)]
struct Unlisted<'a> {
    spec: &'a AccountSpec,
    issuer: &'a IssuerState,
    why: AccountsUnread,
}

impl<'a> Unlisted<'a> {
    fn of(view: &View<'a>) -> Self {
        let (source, name) = (&view.spec.source, &view.spec.name);
        let detail = format!(
            "it lacks {name}, which the files declare; if {name} exists, declare its identity with `identity: ID`, else remove it from the files"
        );
        Self {
            spec: view.spec,
            issuer: view.issuer,
            why: AccountsUnread {
                source: source.clone(),
                why: Incomplete::new(IncompleteReason::Contradicted, detail),
            },
        }
    }

    /// Whether the account declares the token, or has replaced it, or has it as issuer.
    fn may_own(&self, token: &LiveToken) -> bool {
        let earlier = retiring::parse(&token.name, &token.id);
        let declares = |name: &TokenName| {
            let tokens = self.spec.tokens.as_ref();
            tokens.is_some_and(|tokens| tokens.contains_key(name))
        };
        let is_issuer = match self.issuer {
            IssuerState::Present { client_id } => client_id == &token.id,
            IssuerState::Absent
            | IssuerState::NotAsked
            | IssuerState::Foreign { .. }
            | IssuerState::Unreadable { .. } => false,
        };
        is_issuer || declares(&token.name) || earlier.is_some_and(|(name, _)| declares(&name))
    }
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
    issuers: BTreeSet<&'a TokenId>,
    /// Whether one of the accounts says which tokens it has.
    declares_tokens: bool,
    /// Why it is not known which token is the issuer.
    unknown: Option<UnknownIssuer<'a>>,
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
            claims.add(view, view.identity());
            // It is the account's, even where the account itself is not in the list.
            claims.add(view, view.spec.identity.as_ref());
            if lacks(view) && index.has_source(&view.spec.source) {
                match view.issuer_id().and_then(|id| index.owner_of(id)) {
                    // Its issuer tells its identity.
                    Some(identity) => claims.add(view, Some(identity)),
                    None => claims.unlisted.push(Unlisted::of(view)),
                }
            }
            let earlier = renames
                .get(&view.spec.source)
                .map(|renames| renames.of_account(&view.spec.key));
            for account in earlier.map(accounts_of).unwrap_or_default() {
                claims.add(view, account.identity.as_ref());
            }
        }
        claims
    }

    fn add(&mut self, view: &View<'a>, identity: Option<&'a IdentityId>) {
        let Some(identity) = identity else { return };
        let claim = self.by_identity.entry(identity, Claim::default);
        claim.holder.get_or_insert(&view.spec.key);
        claim.declares_tokens |= view.spec.tokens.is_some();
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
            IssuerState::Present { client_id } => {
                claim.issuers.insert(client_id);
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

    /// Why a token that nobody is known to claim may be a declared account's; none where
    /// it is not.
    pub(crate) fn unlisted_owner(&self, token: &LiveToken) -> Option<&AccountsUnread> {
        let unlisted = self.unlisted.iter();
        let mut owners = unlisted.filter(|account| account.may_own(token));
        owners.next().map(|account| &account.why)
    }

    /// Why one of these levels may be a declared account's; none where none is.
    pub(crate) fn unlisted_holder(&self, levels: &BTreeSet<UserLevel>) -> Option<&AccountsUnread> {
        let holder = self.unlisted.iter().find(|account| {
            let declared = account.spec.user_levels.as_ref();
            declared.is_some_and(|declared| !declared.is_disjoint(levels))
        });
        holder.map(|account| &account.why)
    }

    /// A declared account that has the identity.
    pub(crate) fn holder(&self, identity: &IdentityId) -> Option<&'a AccountKey> {
        self.by_identity.get(identity)?.holder
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
            .is_some_and(|claim| claim.names.contains_key(name) || claim.issuers.contains(id))
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

/// Whether a source of others lacks the account, and no file names its identity.
fn lacks(view: &View<'_>) -> bool {
    let is_absent = matches!(view.presence, Presence::Absent);
    is_absent && view.spec.row.is_none() && view.spec.identity.is_none()
}

/// The accounts that a declared one may have been before.
fn accounts_of<'a>(earlier: &EarlierOutcome<'a>) -> Vec<&'a LiveAccount> {
    match earlier {
        EarlierOutcome::None => Vec::new(),
        EarlierOutcome::Only(account) | EarlierOutcome::Beside(account) => vec![account],
        EarlierOutcome::Several(accounts) => accounts.clone(),
    }
}
