//! Holds the steps that would change what steersman itself runs as; the rest goes on.

use crate::draft::Draft;
use model::{Address, BlockedReason, IdentityId, Live, LiveSource, Who};

/// Whether steersman runs as this identity.
pub(crate) fn is_own(live: &Live, identity: Option<&IdentityId>) -> bool {
    identity.is_some() && live.caller.identity.as_ref() == identity
}

/// Whether an account of the source is one of the identity that steersman runs as.
pub(crate) fn has_own(live: &Live, source: &LiveSource) -> bool {
    let mut accounts = source.accounts.found().iter();
    accounts.any(|account| is_own(live, account.identity.as_ref()))
}

/// Holds one step. `change` says what it would do, such as `change the user levels of`.
pub(crate) fn hold(draft: &mut Draft, live: &Live, address: &Address, change: &str) {
    draft.block(
        address.clone(),
        BlockedReason::OwnAccess,
        format!(
            "it would {change} the identity that steersman itself runs as ({})",
            live.caller.name()
        ),
        "run steersman once with the token of another ISC admin, which then makes this change; or declare the current state".to_owned(),
        Who::Operator,
    );
    if matches!(address, Address::Account(_) | Address::Processing(_)) {
        draft.hold(address);
    }
}
