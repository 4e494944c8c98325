//! Living tokens of an account that has no issuer token: what waits for one, and from when on.

use crate::view::View;
use jiff::Timestamp;
use model::{LiveToken, RotatedToken, RotationState, TokenName, TokenSpec};

/// The declared tokens of an account that exist. Without an issuer token nothing changes
/// or replaces them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Living<'a> {
    /// How many there are.
    pub(crate) tokens: usize,
    /// How many of their secrets are not in their places.
    pub(crate) lacking: usize,
    /// What comes first.
    pub(crate) first: Option<Change<'a>>,
}

/// A change of a token that time brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change<'a> {
    pub(crate) at: Timestamp,
    pub(crate) token: &'a TokenName,
    pub(crate) kind: Kind,
}

/// What becomes of the token then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It is due for its rotation.
    Due,
    /// It expires.
    Ends,
}

impl<'a> Living<'a> {
    /// `tokens` are those of the account's identity.
    pub(crate) fn of(view: &View<'a>, tokens: &[&'a LiveToken], now: Timestamp) -> Self {
        let mut living = Self {
            tokens: 0,
            lacking: 0,
            first: None,
        };
        let declared = view.spec.tokens.iter().flat_map(model::TokenSpecs::values);
        for wanted in declared {
            let token = tokens
                .iter()
                .find(|token| token.name == wanted.name && !token.managed);
            let Some(token) = token else { continue };
            living.tokens += 1;
            let delivery = view.delivery(&token.owner, wanted, Some(token));
            living.lacking += usize::from(delivery.lacks_secret());
            let first = living.first.into_iter().chain(change(wanted, token, now));
            living.first = first.min_by_key(|change| change.at);
        }
        living
    }
}

/// The next change of a token that time brings; none where it does not expire.
fn change<'a>(wanted: &TokenSpec, token: &'a LiveToken, now: Timestamp) -> Option<Change<'a>> {
    let expires = token.expires?;
    let rotated = RotatedToken {
        id: &token.id,
        created: token.created,
        expires,
    };
    let state = wanted
        .rotate
        .as_ref()
        .map(|rotate| rotate.state(rotated, wanted.overlap, now));
    let (at, kind) = match state {
        None => (expires, Kind::Ends),
        Some(RotationState::NotDue(at) | RotationState::WaitsForWindow(at)) => (at, Kind::Due),
        Some(RotationState::Due | RotationState::DueOutsideWindow(_)) => (now, Kind::Due),
    };
    Some(Change {
        at,
        token: &token.name,
        kind,
    })
}
