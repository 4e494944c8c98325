//! Observed personal access token.

use crate::{Fingerprint, IdentityId, Scope, TokenId, TokenName};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;

/// A personal access token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveToken {
    /// Its id, which is also its client id.
    pub id: TokenId,
    /// Its name.
    pub name: TokenName,
    /// The identity that owns it.
    pub owner: IdentityId,
    /// Its scopes; empty where ISC returns none, which means all.
    pub scopes: BTreeSet<Scope>,
    /// When it was created.
    pub created: Timestamp,
    /// When it expires; none if never.
    pub expires: Option<Timestamp>,
    /// When it was last used, to the day.
    pub last_used: Option<Timestamp>,
    /// For how many seconds its access tokens are valid.
    pub access_token_validity: Option<u32>,
    /// Whether SailPoint's workflows manage it, so that it must not be changed.
    pub managed: bool,
}

impl LiveToken {
    /// How many tokens ISC allows one owner.
    pub const MAX_PER_OWNER: usize = 10;

    /// The scope that stands for all scopes.
    pub const ALL_SCOPES: &'static str = "sp:scopes:all";

    /// The scope that lets a token manage its owner's tokens.
    pub const ISSUER_SCOPE: &'static str = "sp:my-personal-access-tokens:manage";

    /// Whether it could be the issuer token of its owner.
    pub fn may_issue(&self) -> bool {
        let scopes = self.effective_scopes();
        [Self::ALL_SCOPES, Self::ISSUER_SCOPE]
            .into_iter()
            .any(|scope| scopes.contains(&Scope::from(scope)))
    }

    /// What its scopes mean: none, and any beside `sp:scopes:all`, are all scopes.
    pub fn effective_scopes(&self) -> BTreeSet<Scope> {
        if self.scopes.is_empty() {
            [Self::ALL_SCOPES.into()].into()
        } else {
            Self::meaning_of(&self.scopes)
        }
    }

    /// What declared scopes mean: ISC ignores all others beside `sp:scopes:all`.
    pub fn meaning_of(scopes: &BTreeSet<Scope>) -> BTreeSet<Scope> {
        let all = Scope::from(Self::ALL_SCOPES);
        if scopes.contains(&all) {
            [all].into()
        } else {
            scopes.clone()
        }
    }

    /// The digest of what steersman can change. `last_used` is not part of it.
    pub fn fingerprint(&self) -> Fingerprint {
        let Self {
            id,
            name,
            // No write changes the owner, the creation or whose token it is.
            owner: _,
            scopes,
            created: _,
            expires,
            last_used: _,
            access_token_validity,
            managed: _,
        } = self;
        Fingerprint::of(&(id, name, scopes, expires, access_token_validity))
    }
}
