//! Plans invitations of new identities to register.

use crate::classify::identity::IdentityOutcome;
use crate::draft::{Draft, NewStep, StepExt};
use crate::phases::identity::future_identity;
use crate::view::View;
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
    let address = Address::Invitation(account.key.clone());
    let processing = Address::Processing(account.source.clone());
    let (identity, first) = match view.identity_outcome(draft) {
        // An issuer in the store proves that the account is registered.
        IdentityOutcome::Known(_) if view.issuer_id().is_some() => return,
        IdentityOutcome::Known(identity) => match view.status() {
            Some(Ok(IdentityStatus::Unregistered)) => {
                (IdentityTarget::Known(identity.clone()), Vec::new())
            }
            Some(Err(why)) => {
                draft.block_unread(address, &format!("the identity of {}", account.name), why);
                return;
            }
            Some(Ok(_)) | None => return,
        },
        IdentityOutcome::Unsettled | IdentityOutcome::Created => {
            (future_identity(spec, live, account, row), vec![processing])
        }
        // Where the accounts are unread, the invitation is unknown; the row is
        // blocked for it. So it is without the profile, which levels and tokens
        // are blocked for.
        IdentityOutcome::AccountsUnread(_)
        | IdentityOutcome::ProfileUnread(_)
        | IdentityOutcome::NotOwn { .. }
        | IdentityOutcome::NoAccount
        | IdentityOutcome::NoIdentity => return,
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
