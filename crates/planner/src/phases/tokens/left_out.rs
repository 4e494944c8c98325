//! Plans replaced tokens of accounts whose tokens, or which themselves, the files leave out.
//!
//! Whoever leaves `tokens` out takes them out of steersman's hands, but a token that
//! steersman itself has replaced would live on, and no other file would end it.

use super::blocked::block_own_token;
use super::revoke::revoke;
use crate::claims::KnownClaims;
use crate::classify::identity::IdentityOutcome;
use crate::draft::Draft;
use crate::index::Index;
use crate::phases::identity::block_doubt;
use crate::view::View;
use jiff::Timestamp;
use model::{AccountKey, Address, IdentityId, Live, LiveToken, Reason, Unmanaged, retiring};

/// Plans the replaced tokens of an account that does not say which tokens it has: they
/// are revoked after their overlap.
pub(super) fn plan(
    draft: &mut Draft,
    live: &Live,
    claims: &KnownClaims<'_>,
    view: &View<'_>,
    now: Timestamp,
) {
    let IdentityOutcome::Known(identity) = view.identity_outcome(draft) else {
        return;
    };
    let Ok(tokens) = view.tokens(identity) else {
        return;
    };
    // Another account of the identity plans them.
    if claims
        .as_ref()
        .is_ok_and(|claims| claims.declares_tokens(identity))
    {
        return;
    }
    for (token, until) in tokens.iter().filter_map(|token| replaced(token)) {
        let address = Address::Token(view.spec.key.clone(), token.name.clone());
        match (claims, view.doubt()) {
            _ if until > now => {}
            (Err(unread), _) => draft.block_unread(address, &unread.collection(), &unread.why),
            (Ok(_), Some(doubt)) => block_doubt(draft, address, view, doubt),
            (Ok(_), None) if token.id == live.caller.client_id => {
                block_own_token(draft, address, token);
            }
            (Ok(_), None) => {
                revoke(draft, address, token, Reason::OverlapOver);
            }
        }
    }
}

/// Tells the replaced tokens of an account that no file declares and that is kept.
pub(crate) fn tell_retiring(
    draft: &mut Draft,
    index: &Index<'_>,
    key: &AccountKey,
    identity: &IdentityId,
) {
    let Ok(tokens) = index.tokens(identity) else {
        return;
    };
    for (token, _) in tokens.iter().filter_map(|token| replaced(token)) {
        draft.unmanaged.push(Unmanaged {
            address: Address::Token(key.clone(), token.name.clone()),
            name: token.name.to_string(),
            source: None,
            holds: None,
        });
    }
}

/// A token that steersman has replaced, with the end of its overlap.
fn replaced(token: &LiveToken) -> Option<(&LiveToken, Timestamp)> {
    if token.managed {
        return None;
    }
    let (_, until) = retiring::parse(&token.name, &token.id)?;
    Some((token, until))
}
