//! Tokens and levels that declared accounts own, so the planner never treats them as unmanaged.
//!
//! An identity can have several accounts, on a directory and on a file for
//! example. Its tokens and levels are then those of all of them.

use crate::classify::issuer::UnknownIssuer;
use crate::view::View;
use model::{IdentityId, IssuerState, TokenId, TokenName};
use std::collections::{BTreeMap, BTreeSet};

/// By identity, the tokens that its declared accounts own.
#[derive(Debug, Default)]
pub(crate) struct Claims<'a> {
    by_identity: BTreeMap<&'a IdentityId, Claim<'a>>,
}

#[derive(Debug, Default)]
struct Claim<'a> {
    names: BTreeSet<&'a TokenName>,
    issuers: BTreeSet<&'a TokenId>,
    /// Why it is not known which token is the issuer.
    unknown: Option<UnknownIssuer<'a>>,
}

impl<'a> Claims<'a> {
    /// Collects the claims of all declared accounts.
    ///
    /// Requires complete account lists of all sources: a declared account that
    /// was not read claims nothing, so what it owns would count as unmanaged.
    pub(crate) fn of(views: &[View<'a>]) -> Self {
        let mut claims = Self::default();
        for view in views {
            let Some(identity) = view.identity() else {
                continue;
            };
            let claim = claims.by_identity.entry(identity).or_default();
            claim
                .names
                .extend(view.spec.tokens.iter().flat_map(BTreeMap::keys));
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
        claims
    }

    /// Whether the identity is that of a declared account.
    pub(crate) fn has(&self, identity: &IdentityId) -> bool {
        self.by_identity.contains_key(identity)
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
