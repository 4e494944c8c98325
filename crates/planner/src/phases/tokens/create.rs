//! Plans the creation of a token.

use super::fields::delivered;
use crate::draft::{Draft, NewStep};
use model::{Action, Address, NewToken, Operation, Reason, TokenSpec};

/// Adds the creation of a declared token.
pub(super) fn create(draft: &mut Draft, address: Address, wanted: &TokenSpec, new: NewToken) {
    draft.step(NewStep {
        address,
        action: Action::Create,
        reason: Reason::NotInTenant,
        before: None,
        after: Some(delivered(wanted, &new)),
        operation: Operation::MintToken(new),
    });
}
