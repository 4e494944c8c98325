//! Names an owner as a spec does, by alias, email or id.

use model::{IdentityId, Live, OwnerRef};

/// A reference that finds this identity: its alias where that is unique.
pub(crate) fn named(live: &Live, identity: &IdentityId) -> Option<OwnerRef> {
    live.owners
        .iter()
        .find(|(_, found)| found.complete().ok().and_then(Option::as_ref) == Some(identity))
        .map(|(owner, _)| owner.clone())
}
