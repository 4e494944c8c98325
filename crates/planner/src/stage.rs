//! How far an account is, and the one next action.

use crate::draft::Draft;
use crate::view::{Presence, View};
use crate::wanted::declares_tokens;
use model::{AccountReport, Blocked, IdentityStatus, IssuerState, NextAction, Stage, Who};

/// Where a declared account stands before the plan is carried out.
pub(crate) fn report(view: &View<'_>, draft: &Draft) -> AccountReport {
    let account = view.spec;
    AccountReport {
        key: account.key.clone(),
        name: account.name.clone(),
        source: account.source.clone(),
        stage: stage(view, draft),
        next: next(view, draft),
    }
}

fn stage(view: &View<'_>, draft: &Draft) -> Option<Stage> {
    let key = &view.spec.key;
    let identity = match view.presence {
        Presence::Unread(_) => return None,
        Presence::Absent => return Some(Stage::Absent),
        Presence::There(account) => account.identity.as_ref(),
    };
    if identity.is_none() {
        return Some(Stage::Imported);
    }
    let settled = draft.blocked_for(key).next().is_none()
        && !draft
            .steps
            .iter()
            .any(|step| step.address.account() == Some(key));
    match (view.issuer, view.status()) {
        (IssuerState::Present { .. }, _) => Some(if settled {
            Stage::Ready
        } else {
            Stage::Enrolled
        }),
        (_, Some(Err(_))) => None,
        (_, Some(Ok(IdentityStatus::Unregistered))) => Some(Stage::Identified),
        (_, Some(Ok(IdentityStatus::Pending))) => Some(Stage::Invited),
        (_, Some(Ok(status))) if status.is_registered() => {
            let done = settled && !declares_tokens(view.spec);
            Some(if done {
                Stage::Ready
            } else {
                Stage::Registered
            })
        }
        (_, Some(Ok(_))) => Some(Stage::Identified),
        // Nobody needs it to register.
        (_, None) => Some(if settled {
            Stage::Ready
        } else {
            Stage::Identified
        }),
    }
}

fn next(view: &View<'_>, draft: &Draft) -> Option<NextAction> {
    let key = &view.spec.key;
    let name = &view.spec.name;
    if draft
        .steps
        .iter()
        .any(|step| step.address.account() == Some(key))
    {
        return Some(NextAction {
            what: "apply the plan".to_owned(),
            who: Who::NextApply,
        });
    }
    if let Some(Blocked { remedy, who, .. }) = draft.blocked_for(key).next() {
        return Some(NextAction {
            what: remedy.clone(),
            who: who.clone(),
        });
    }
    match view.status() {
        Some(Ok(IdentityStatus::Pending)) => Some(NextAction {
            what: format!(
                "follow the invitation sent to the mailbox of {name} and set its password"
            ),
            who: Who::AccountHolder(name.clone()),
        }),
        _ => None,
    }
}
