//! Plans invitations of identities to register.
//!
//! Whoever reads the mailbox that an invitation goes to can set the password. So an
//! invitation waits for everything that changes the email address of its identity,
//! and an open one is replaced when the address changes.

use crate::classify::identity::IdentityOutcome;
use crate::classify::invitation::{self, InvitationOutcome};
use crate::draft::{Draft, NewStep, StepExt};
use crate::phases::identity::{block_doubt, block_not_own, future_identity};
use crate::uid::mapped_from_row;
use crate::view::{View, live_source};
use crate::wanted::invites;
use jiff::Timestamp;
use model::ownership::{Against, Doubt};
use model::{
    Action, Address, BlockedReason, Fields, IdentityId, IdentityNames, IdentityTarget, Live,
    Operation, Reason, Spec, Who,
};
use serde_json::json;

/// Plans the invitation of an account whose identity profile invites.
pub(crate) fn plan(draft: &mut Draft, spec: &Spec, live: &Live, view: &View<'_>, now: Timestamp) {
    let account = view.spec;
    let (Some(row), true) = (&account.row, invites(spec, account)) else {
        return;
    };
    let processing = Address::Processing(account.source.clone());
    let invitation = Invitation {
        to: mapped_from_row(spec, live, &account.source, row, "email"),
        declared: &row.email,
    };
    match view.identity_outcome(draft) {
        // The identity is not read where an issuer in the store proves that the account is
        // registered.
        IdentityOutcome::Known(identity) => {
            invitation.of_known(draft, live, view, identity, now);
        }
        IdentityOutcome::NotOwn { identity, against } => {
            if invitation.is_due(view, now) {
                let address = Address::Invitation(account.key.clone());
                block_not_own(draft, address, view, identity, against);
            }
        }
        IdentityOutcome::Unsettled | IdentityOutcome::Created => {
            // The open invitation of an identity that is renamed may be for the
            // identity that ISC is about to replace.
            let again = view.identity().is_some();
            let identity = future_identity(spec, live, view, row);
            invitation.send(
                draft,
                view,
                identity,
                (Reason::NotInvited, None, again),
                vec![processing],
            );
        }
        // Where the accounts are unread, the invitation is unknown; the row is
        // blocked for it. So it is without the profile, which levels and tokens
        // are blocked for.
        IdentityOutcome::AccountsUnread(_)
        | IdentityOutcome::ProfileUnread(_)
        | IdentityOutcome::NoAccount
        | IdentityOutcome::NoIdentity => {}
    }
}

/// Where an invitation goes.
struct Invitation<'a> {
    /// The address that the mappings make of the row; none where a transform does.
    to: Option<String>,
    /// The address in the row.
    declared: &'a str,
}

impl Invitation<'_> {
    fn of_known(
        self,
        draft: &mut Draft,
        live: &Live,
        view: &View<'_>,
        identity: &IdentityId,
        now: Timestamp,
    ) {
        let account = view.spec;
        if let Some(doubt) = invitation_doubt(view)
            && self.is_due(view, now)
        {
            block_doubt(draft, Address::Invitation(account.key.clone()), view, doubt);
            return;
        }
        let outcome = match view.identity_read() {
            None => return,
            Some(Err(why)) => {
                let address = Address::Invitation(account.key.clone());
                draft.block_unread(address, &format!("the identity of {}", account.name), why);
                return;
            }
            Some(Ok(observed)) => {
                invitation::classify(observed, self.to.as_deref(), view.invited(), now)
            }
        };
        let why = match outcome {
            InvitationOutcome::NotNeeded | InvitationOutcome::Open => return,
            InvitationOutcome::Unanswered { since } => {
                block_unanswered(draft, view, since);
                return;
            }
            InvitationOutcome::Overdue { since } => {
                block_overdue(draft, view, since);
                return;
            }
            InvitationOutcome::Missing => (Reason::NotInvited, None, false),
            InvitationOutcome::Moved { from } => (Reason::InvitationMoves, Some(from), true),
            InvitationOutcome::Expired => (Reason::InvitationExpired, None, true),
        };
        if self.waits_for_row(view) && draft.holds(&account.key) {
            let address = Address::Invitation(account.key.clone());
            block_row_held(draft, address, view);
            return;
        }
        let first = changes_of_address(draft, live, view);
        self.send(
            draft,
            view,
            IdentityTarget::Known(identity.clone()),
            why,
            first,
        );
    }

    /// Whether the identity has the address only once its row is imported.
    fn waits_for_row(&self, view: &View<'_>) -> bool {
        let Some(Ok(observed)) = view.identity_read() else {
            return false;
        };
        IdentityNames::differs(self.to.as_deref(), observed.email.as_deref())
            || observed.email.is_none() && self.to.is_some()
    }

    /// Whether the identity has to be invited, as far as it was read.
    fn is_due(&self, view: &View<'_>, now: Timestamp) -> bool {
        let Some(Ok(observed)) = view.identity_read() else {
            return false;
        };
        match invitation::classify(observed, self.to.as_deref(), view.invited(), now) {
            InvitationOutcome::NotNeeded | InvitationOutcome::Open => false,
            InvitationOutcome::Unanswered { .. }
            | InvitationOutcome::Overdue { .. }
            | InvitationOutcome::Missing
            | InvitationOutcome::Moved { .. }
            | InvitationOutcome::Expired => true,
        }
    }

    fn send(
        self,
        draft: &mut Draft,
        view: &View<'_>,
        identity: IdentityTarget,
        (reason, from, again): (Reason, Option<String>, bool),
        first: Vec<Address>,
    ) {
        let mut after = Fields::new();
        after.insert("to".to_owned(), json!(self.declared));
        draft
            .step(NewStep {
                address: Address::Invitation(view.spec.key.clone()),
                action: Action::Run,
                reason,
                before: from.map(|from| Fields::from_iter([("to".to_owned(), json!(from))])),
                after: Some(after),
                operation: Operation::Invite {
                    identity,
                    to: self.to,
                    again,
                },
            })
            .after(first);
    }
}

/// Blocks the invitation of an identity whose row has another email address than the
/// declared one, and stays as it is for now.
fn block_row_held(draft: &mut Draft, address: Address, view: &View<'_>) {
    let Some((first, (remedy, who))) = draft.held(view.spec) else {
        return;
    };
    let message = format!(
        "{} has another email address than the declared one, because {first} is blocked",
        view.spec.name
    );
    let (remedy, who) = (format!("unblock {first}: {remedy}"), who.clone());
    draft.block(address, BlockedReason::NoIdentity, message, remedy, who);
}

/// Why the identity is not invited yet. An invitation waits for its email address anyway.
fn invitation_doubt<'a>(view: &View<'a>) -> Option<Doubt<'a>> {
    match view.doubt()? {
        Doubt::Awaited(Against::Email { .. } | Against::NoEmail { .. }) => None,
        doubt => Some(doubt),
    }
}

/// The steps of this plan after which the identity may have another email address.
fn changes_of_address(draft: &Draft, live: &Live, view: &View<'_>) -> Vec<Address> {
    let source = &view.spec.source;
    let row = Address::Account(view.spec.key.clone());
    let profile = Address::Profile(source.clone());
    let is_due = live_source(live, source)
        .and_then(|source| source.profile.complete().ok()?.as_ref())
        .is_some_and(|profile| profile.refresh_required);
    if !is_due && !draft.plans(&row) && !draft.plans(&profile) {
        return Vec::new();
    }
    draft.planned([row, profile, Address::Processing(source.clone())])
}

fn block_unanswered(draft: &mut Draft, view: &View<'_>, since: Option<Timestamp>) {
    let name = &view.spec.name;
    let exists = since.map_or_else(String::new, |since| {
        format!("; the identity exists since {}", since.strftime("%Y-%m-%d"))
    });
    draft.block(
        Address::Invitation(view.spec.key.clone()),
        BlockedReason::InvitationsUnanswered,
        format!(
            "the invitation of {name} is older than 7 days, and so invalid; steersman sends no further one{exists}"
        ),
        format!(
            "check who reads the mailbox of {name}, then invite {name} in ISC again (Admin > Identities)"
        ),
        Who::TenantAdmin,
    );
}

fn block_overdue(draft: &mut Draft, view: &View<'_>, since: Timestamp) {
    let name = &view.spec.name;
    draft.block(
        Address::Invitation(view.spec.key.clone()),
        BlockedReason::InvitationsUnanswered,
        format!(
            "{name} is not registered, and its identity exists since {}: steersman sends invitations in the first 35 days of an identity, and sends no further one",
            since.strftime("%Y-%m-%d")
        ),
        format!(
            "check who reads the mailbox of {name}, then invite {name} in ISC (Admin > Identities)"
        ),
        Who::TenantAdmin,
    );
}
