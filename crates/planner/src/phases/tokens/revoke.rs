//! Plans the revocation of a token.

use super::fields::end_text;
use crate::draft::{Draft, NewStep, StepExt};
use model::{Action, Address, Fields, LiveToken, Operation, Reason, Step};
use serde_json::json;

/// Adds the revocation of a token.
pub(crate) fn revoke<'a>(
    draft: &'a mut Draft,
    address: Address,
    token: &LiveToken,
    reason: Reason,
) -> &'a mut Step {
    let before = Fields::from_iter([
        ("scopes".to_owned(), json!(token.effective_scopes())),
        ("expires".to_owned(), end_text(token.expires)),
    ]);
    draft
        .step(NewStep {
            address,
            action: Action::Delete,
            reason,
            before: Some(before),
            after: None,
            operation: Operation::RevokeToken {
                token: token.id.clone(),
                owner: token.owner.clone(),
                kept_in: None,
            },
        })
        .observed(token.fingerprint())
}
