//! Plans changes of a token in place: scopes and expiry.

use super::fields::{declared, observed};
use crate::classify::token::shortens;
use crate::draft::{Draft, NewStep, StepExt};
use model::{Action, Address, LiveToken, Operation, Reason, StoreKey, TokenChange, TokenSpec};

/// Adds a change of a token that keeps its secret.
pub(super) fn update(
    draft: &mut Draft,
    address: Address,
    wanted: &TokenSpec,
    token: &LiveToken,
    change: TokenChange,
    issuer: &StoreKey,
) {
    let end = change.expires.unwrap_or(token.expires);
    draft
        .step(NewStep {
            address,
            action: Action::Update,
            reason: if shortens(token, &change) {
                Reason::ExpiryShortened
            } else {
                Reason::FieldsDiffer
            },
            before: Some(observed(token, wanted)),
            after: Some(declared(wanted, end)),
            operation: Operation::UpdateToken {
                token: token.id.clone(),
                issuer: issuer.clone(),
                change,
            },
        })
        .observed(token.fingerprint());
}
