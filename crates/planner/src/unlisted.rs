//! Declared accounts that no list has: what shows their identity, and what they may own.

use crate::classify::issuer::UnknownIssuer;
use crate::index::Index;
use crate::presence::Presence;
use crate::view::View;
use model::{
    AccountName, AccountSpec, IdentityId, Incomplete, IncompleteReason, IssuerState, LiveToken,
    SourceName, StoreKey, StoredToken, TokenId, TokenName, Unasked, retiring,
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

/// A declared account that no list has, and whose identity nothing tells. It may be
/// there, and share its identity with another: nothing confirms the list of a source of
/// others, a source can have another name for a while, and what an account of steersman's
/// own has is not known while its issuer is not.
#[derive(Debug)]
pub(crate) struct Unlisted<'a> {
    pub(crate) spec: &'a AccountSpec,
    issuer: &'a IssuerState,
    pub(crate) why: AccountsUnread,
}

impl<'a> Unlisted<'a> {
    pub(crate) fn of(view: &View<'a>) -> Self {
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
    pub(crate) fn may_own(&self, token: &LiveToken) -> bool {
        let earlier = retiring::parse(&token.name, &token.id);
        let declares = |name: &TokenName| {
            let tokens = self.spec.tokens.as_ref();
            tokens.is_some_and(|tokens| tokens.contains_key(name))
        };
        let is_issuer = match self.issuer {
            IssuerState::Present { client_id, .. } => client_id == &token.id,
            IssuerState::Absent
            | IssuerState::NotAsked
            | IssuerState::Foreign { .. }
            | IssuerState::Unreadable { .. } => false,
        };
        is_issuer || declares(&token.name) || earlier.is_some_and(|(name, _)| declares(&name))
    }
}

/// Whether no list has the account or its identity, and no file names that.
pub(crate) fn lacks(view: &View<'_>) -> bool {
    let is_listed = match view.presence {
        Presence::Present(account) => account.identity.is_some(),
        Presence::Absent => false,
        // Nothing is claimed then.
        Presence::Unread(_) => true,
    };
    !is_listed && view.spec.identity.is_none()
}

/// The identities whose tokens are the account's issuer, or are delivered to its places.
/// They are the account's, whatever a list of accounts lacks, and whatever takes the
/// account off its source.
pub(crate) fn told_by_secrets<'a>(view: &View<'a>, index: &Index<'a>) -> BTreeSet<&'a IdentityId> {
    let tokens = secrets(view).into_iter().filter_map(|id| index.token(id));
    tokens.map(|token| &token.owner).collect()
}

/// The identities that the secrets of an account show, while it has no issuer of the
/// identity that it has now: it was moved off them, and is not enrolled since.
pub(crate) fn relied_on<'a>(view: &View<'a>, index: &Index<'a>) -> BTreeSet<&'a IdentityId> {
    let own = view.identity().or(view.spec.identity.as_ref());
    let issuer = view.issuer_id().and_then(|id| index.token(id));
    if issuer.is_some_and(|issuer| Some(&issuer.owner) == own) {
        return BTreeSet::new();
    }
    let mut told = told_by_secrets(view, index);
    told.retain(|identity| Some(*identity) != own);
    told
}

/// A declared account of which the place of a secret was not read. The secret may be a token
/// of an identity that the account was moved off, and then is all that its users have.
#[derive(Debug)]
pub(crate) struct UnreadSecrets<'a> {
    /// The account.
    pub(crate) account: &'a AccountName,
    /// Where its issuer token is, if that was not read.
    issuer: Option<UnreadSecret<'a>>,
    /// The places of its declared tokens that were not read.
    tokens: BTreeMap<&'a TokenName, UnreadSecret<'a>>,
}

/// A place whose secret was not read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnreadSecret<'a> {
    /// The place.
    pub(crate) place: &'a StoreKey,
    /// Why it was not read.
    pub(crate) why: UnknownIssuer<'a>,
}

impl<'a> UnreadSecrets<'a> {
    /// None for an account that no list has, of which nothing is known while its secrets
    /// are not, and for one that has an issuer token of its present identity.
    pub(crate) fn of(view: &View<'a>, index: &Index<'a>) -> Option<Self> {
        let own = view.identity().or(view.spec.identity.as_ref());
        let issuer = view.issuer_id().and_then(|id| index.token(id));
        if lacks(view) || issuer.is_some_and(|issuer| Some(&issuer.owner) == own) {
            return None;
        }
        let not_asked = match index.live.stores.unasked {
            Unasked::Blocked => Some(UnknownIssuer::NotAsked),
            Unasked::Assumed => None,
        };
        let unread = match view.issuer {
            IssuerState::Unreadable { why } => Some(UnknownIssuer::Unreadable(why)),
            IssuerState::NotAsked => not_asked,
            IssuerState::Absent | IssuerState::Present { .. } | IssuerState::Foreign { .. } => None,
        };
        let issuer = view.spec.issuer.as_ref().zip(unread);
        let issuer = issuer.map(|(place, why)| UnreadSecret { place, why });
        let tokens = view.spec.tokens.iter().flat_map(model::TokenSpecs::values);
        let tokens: BTreeMap<_, _> = tokens
            .filter_map(|token| {
                let why = match view.stored(token)? {
                    StoredToken::Unreadable { why } => UnknownIssuer::Unreadable(why),
                    StoredToken::NotAsked => not_asked?,
                    // Nothing ever reads it; the issuer token tells the identity.
                    StoredToken::WriteOnly
                    | StoredToken::Present { .. }
                    | StoredToken::Elsewhere { .. }
                    | StoredToken::Absent
                    | StoredToken::Foreign { why: _, of: _ } => return None,
                };
                let place = &token.deliver;
                Some((&token.name, UnreadSecret { place, why }))
            })
            .collect();
        (issuer.is_some() || !tokens.is_empty()).then_some(Self {
            account: &view.spec.name,
            issuer,
            tokens,
        })
    }

    /// The place that may hold the secret of this token; none if none does. Any token can be
    /// where an issuer token should be.
    pub(crate) fn may_be(&self, token: &LiveToken) -> Option<UnreadSecret<'a>> {
        let declared = || self.tokens.get(&token.name).copied();
        self.issuer.or_else(declared)
    }
}

/// Whether an account has secrets, or may have, of which it is not known whose tokens they
/// are: the tokens of the tenant were not read, and none of those that were shows it.
pub(crate) fn may_be_of_unread_tokens<'a>(view: &View<'a>, index: &Index<'a>) -> bool {
    let own = view.identity().or(view.spec.identity.as_ref());
    let issuer = view.issuer_id().and_then(|id| index.token(id));
    let is_enrolled = issuer.is_some_and(|issuer| Some(&issuer.owner) == own);
    let has_secrets = || !secrets(view).is_empty() || UnreadSecrets::of(view, index).is_some();
    index.live.tokens.complete().is_err() && !is_enrolled && has_secrets()
}

/// Why it is not known which identity the secrets of an account show that no list has: any
/// may be its own.
pub(crate) fn secrets_unread(view: &View<'_>, index: &Index<'_>) -> Option<Incomplete> {
    if !lacks(view) {
        return None;
    }
    if let IssuerState::Unreadable { why } = view.issuer {
        let name = &view.spec.name;
        let detail = format!(
            "it lacks {name}, which the files declare, and its issuer cannot be read: {why}"
        );
        return Some(Incomplete::new(IncompleteReason::StoreUnreadable, detail));
    }
    let why = index.live.tokens.complete().err()?;
    (!secrets(view).is_empty()).then(|| why.clone())
}

/// The ids of its issuer and of the tokens whose secrets are in its places.
fn secrets<'a>(view: &View<'a>) -> BTreeSet<&'a TokenId> {
    let tokens = view.spec.tokens.iter().flat_map(model::TokenSpecs::values);
    let delivered = tokens.filter_map(|token| match view.stored(token)? {
        StoredToken::Present {
            client_id,
            says_own: true,
            rotation: _,
            previous: _,
        }
        | StoredToken::Elsewhere {
            client_id,
            at: _,
            is_read: _,
        } => Some(client_id),
        StoredToken::Present {
            client_id: _,
            says_own: false,
            rotation: _,
            previous: _,
        }
        | StoredToken::Absent
        | StoredToken::NotAsked
        | StoredToken::Foreign { why: _, of: _ }
        | StoredToken::WriteOnly
        | StoredToken::Unreadable { why: _ } => None,
    });
    view.issuer_id().into_iter().chain(delivered).collect()
}

/// Whether an account that no list has may be there, and have tokens. One of steersman's
/// own that never had an issuer has none.
pub(crate) fn may_have_tokens(view: &View<'_>) -> bool {
    match view.issuer {
        IssuerState::NotAsked => true,
        // Then nothing is known of the claims of any account.
        IssuerState::Unreadable { why: _ } => false,
        // A token of this id was not found, or the secret is another's.
        IssuerState::Present { .. } | IssuerState::Foreign { why: _ } | IssuerState::Absent => {
            view.spec.row.is_none()
        }
    }
}
