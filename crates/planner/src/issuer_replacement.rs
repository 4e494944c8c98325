//! The replacement of an issuer token: name, scopes and expiry of its successor.

use crate::classify::issuer_renewal::declared;
use crate::token_expiry::end_of;
use jiff::Timestamp;
use model::{
    AccountSpec, DeliveredForm, IdentityId, IssuerReplacement, LiveToken, NewToken, StoreKey,
    issuer_name,
};

/// The successor of an account's issuer token, as `issuer` declares it. Where no file says
/// when it expires, it expires when the earlier one does, as the person chose who created
/// that.
pub fn issuer_replacement(
    account: &AccountSpec,
    identity: &IdentityId,
    place: &StoreKey,
    old: &LiveToken,
    now: Timestamp,
) -> IssuerReplacement {
    let life = account.issuer_life;
    let expires = match life.and_then(|life| life.expires) {
        Some(lifetime) => end_of(now, lifetime),
        None => old.expires,
    };
    IssuerReplacement {
        old: old.id.clone(),
        new: NewToken {
            account: account.key.clone(),
            account_name: account.name.clone(),
            identity: identity.clone(),
            issuer: place.clone(),
            name: issuer_name::successor(identity, &old.id),
            scopes: [LiveToken::ISSUER_SCOPE.into()].into(),
            access_token_validity: None,
            expires,
            deliver: place.clone(),
            form: DeliveredForm::Json,
            overwrites: Some(old.id.clone()),
            rotation: life.map_or(0, |life| life.rotation),
            declared: declared(&old.id, life),
        },
    }
}
