//! The stage of a declared account, and the one next action.

use crate::draft::Draft;
use crate::lookup::Lookup;
use crate::presence::Presence;
use crate::view::View;
use crate::wanted::declares_tokens;
use model::{
    AccountKey, AccountReport, Blocked, IdentityStatus, IssuerState, NextAction, Stage, Who,
};

/// What a plan changes and what is blocked, by account.
#[derive(Debug)]
pub(crate) struct Changes<'a> {
    planned: Lookup<&'a AccountKey, ()>,
    /// The first blocked step of each account.
    blocked: Lookup<&'a AccountKey, &'a Blocked>,
}

impl<'a> Changes<'a> {
    /// The draft has to be sorted.
    pub(crate) fn of(draft: &'a Draft) -> Self {
        let mut blocked = Lookup::default();
        for step in &draft.blocked {
            if let Some(key) = step.address.account() {
                blocked.entry(key, || step);
            }
        }
        let steps = draft.steps.iter();
        Self {
            planned: steps
                .filter_map(|step| Some((step.address.account()?, ())))
                .collect(),
            blocked,
        }
    }
}

/// The report on a declared account, before the plan is applied.
pub(crate) fn report(view: &View<'_>, changes: &Changes<'_>) -> AccountReport {
    let account = view.spec;
    AccountReport {
        key: account.key.clone(),
        name: account.name.clone(),
        source: account.source.clone(),
        stage: stage(view, changes),
        next: next(view, changes),
    }
}

fn stage(view: &View<'_>, changes: &Changes<'_>) -> Option<Stage> {
    let key = &view.spec.key;
    let identity = match view.presence {
        Presence::Unread(_) => return None,
        Presence::Absent => return Some(Stage::Absent),
        Presence::Present(account) => account.identity.as_ref(),
    };
    if identity.is_none() {
        return Some(Stage::Imported);
    }
    let settled = !changes.blocked.has(key) && !changes.planned.has(key);
    match (view.issuer, view.status()) {
        (IssuerState::Present { .. }, _) => Some(if settled {
            Stage::Ready
        } else {
            Stage::Enrolled
        }),
        (_, Some(Err(_))) => None,
        // The store may or may not have its issuer.
        (IssuerState::NotAsked | IssuerState::Unreadable { .. }, Some(Ok(status)))
            if status.is_registered() && declares_tokens(view.spec) =>
        {
            None
        }
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
        // No token is declared, so registration is not needed.
        (_, None) => Some(if settled {
            Stage::Ready
        } else {
            Stage::Identified
        }),
    }
}

fn next(view: &View<'_>, changes: &Changes<'_>) -> Option<NextAction> {
    let key = &view.spec.key;
    let name = &view.spec.name;
    if changes.planned.has(key) {
        return Some(NextAction {
            what: "apply the plan".to_owned(),
            who: Who::NextApply,
        });
    }
    if let Some(Blocked { remedy, who, .. }) = changes.blocked.get(key) {
        return Some(NextAction {
            what: remedy.clone(),
            who: who.clone(),
        });
    }
    match view.status() {
        Some(Ok(IdentityStatus::Pending)) => Some(NextAction {
            what: format!("open the invitation sent to the mailbox of {name} and set a password"),
            who: Who::AccountHolder(name.clone()),
        }),
        _ => None,
    }
}
