//! Inviting new identities to register.

use crate::draft::{Against, Draft, NewStep};
use crate::view::{Presence, View, future_identity};
use crate::wanted::invites;
use model::{
    Action, Address, Fields, IdentityStatus, IdentityTarget, Live, Operation, Reason, Spec,
};
use serde_json::json;

/// Plans the invitation of an account whose identity profile invites.
pub(crate) fn plan(draft: &mut Draft, spec: &Spec, live: &Live, view: &View<'_>) {
    let account = view.spec;
    let (Some(row), true) = (&account.row, invites(spec, account)) else {
        return;
    };
    if matches!(view.presence, Presence::Unread(_)) {
        // Whether it has been invited cannot be known; its row is blocked.
        return;
    }
    // An issuer in the store says that somebody has registered this identity.
    if view.settled_identity(draft).is_some() && view.issuer_id().is_some() {
        return;
    }
    let address = Address::Invitation(account.key.clone());
    let processing = Address::Processing(account.source.clone());
    let identity = match (view.settled_identity(draft), view.status()) {
        (Some(identity), Some(Ok(IdentityStatus::Unregistered))) => {
            IdentityTarget::Known(identity.clone())
        }
        (Some(_), Some(Err(why))) => {
            draft.block_unread(address, &format!("the identity of {}", account.name), why);
            return;
        }
        (None, _) if draft.plans(&processing) => future_identity(live, &account.source, &row.id),
        (Some(_), Some(Ok(_)) | None) | (None, _) => return,
    };
    let first = match identity {
        IdentityTarget::Known(_) => Vec::new(),
        IdentityTarget::OfAccount { .. } => vec![processing],
    };
    let mut after = Fields::new();
    after.insert("to".to_owned(), json!(row.email));
    draft
        .step(NewStep {
            address,
            action: Action::Run,
            reason: Reason::NotInvited,
            before: None,
            after: Some(after),
            operation: Operation::Invite { identity },
        })
        .after(first);
}
