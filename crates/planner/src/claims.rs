//! Tokens and levels that declared accounts own, so the planner never treats them as unmanaged.
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
use model::{
    IdentityId, Incomplete, IncompleteReason, IssuerState, LiveAccount, SourceName, Spec, TokenId,
    TokenName,
};
use std::collections::BTreeSet;

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
}

#[derive(Debug, Default)]
struct Claim<'a> {
    names: BTreeSet<&'a TokenName>,
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
        claim.declares_tokens |= view.spec.tokens.is_some();
        claim
            .names
            .extend(view.spec.tokens.iter().flat_map(model::TokenSpecs::keys));
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
            .is_some_and(|claim| claim.names.contains(name) || claim.issuers.contains(id))
    }

    /// Why it is not known which of the identity's tokens is an issuer; none
    /// where it is.
    pub(crate) fn unknown_issuer(&self, identity: &IdentityId) -> Option<UnknownIssuer<'a>> {
        self.by_identity.get(identity)?.unknown
    }
}

/// The accounts that a declared one may have been before.
fn accounts_of<'a>(earlier: &EarlierOutcome<'a>) -> Vec<&'a LiveAccount> {
    match earlier {
        EarlierOutcome::None => Vec::new(),
        EarlierOutcome::Only(account) | EarlierOutcome::Beside(account) => vec![account],
        EarlierOutcome::Several(accounts) => accounts.clone(),
    }
}
