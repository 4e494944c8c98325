//! Plans the replacement of a token by a new one, such as a rotation.

use super::fields::{delivered, observed};
use crate::classify::token::ReplaceCause;
use crate::draft::{Draft, NewStep, StepExt};
use jiff::Timestamp;
use model::{Action, Address, LiveToken, NewToken, Operation, TokenSpec, retiring};

/// Adds the replacement of a token. One that may still be of use is kept under a
/// retiring name until its overlap is over.
pub(super) fn replace(
    draft: &mut Draft,
    address: Address,
    wanted: &TokenSpec,
    (token, cause): (&LiveToken, ReplaceCause),
    new: NewToken,
    now: Timestamp,
) {
    let retire_as = cause
        .keeps_old()
        .then(|| retiring::name(&token.name, &token.id, now, wanted.overlap.min));
    draft
        .step(NewStep {
            address,
            action: Action::Replace,
            reason: cause.reason(),
            before: Some(observed(token, wanted)),
            after: Some(delivered(wanted, &new)),
            operation: Operation::ReplaceToken {
                old: token.id.clone(),
                retire_as,
                new,
            },
        })
        .observed(token.fingerprint());
}
