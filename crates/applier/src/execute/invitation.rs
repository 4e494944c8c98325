//! Invitation steps: invites identities to register, many with one request.

use super::checks::{self, Found, Unknown};
use crate::context::{Context, Identities, one_request};
use crate::invited;
use crate::journal::{Conclusion, InviteIntent, LeftInvited};
use crate::poll::{self, Answer, Stopping};
use crate::step_error::{StepError, may_have_happened};
use model::{
    Address, Collection, IdentityId, IdentityNames, IdentityStatus, IdentityTarget, LiveIdentity,
    Operation, Step, StepResult, TaskState, TenantError, TenantErrorKind, TenantWrite,
};
use std::collections::BTreeSet;

/// One invitation of a unit.
#[derive(Clone, Copy)]
struct Invited<'plan> {
    step: &'plan Step,
    target: &'plan IdentityTarget,
    /// The email address that the identity must have by then.
    to: Option<&'plan str>,
    /// Whether one that has an open invitation is invited again.
    again: bool,
}

type Results<'plan> = Vec<(&'plan Address, StepResult)>;

/// An invitation that is to be sent, with its identity as it was before.
type Due<'plan> = (Invited<'plan>, LiveIdentity);

/// Invites identities that are not registered. One with an open invitation is invited
/// only where the plan invites `again`. Nothing is sent before an identity has the email
/// address `to`, because whoever reads the mailbox can set the password. Those that are
/// ready do not wait for the others.
pub(super) async fn run<'plan, T: TenantWrite>(
    context: &Context<'_, T>,
    steps: &[&'plan Step],
) -> Results<'plan> {
    let mut results = Vec::new();
    let mut open = Vec::new();
    for step in steps.iter().copied() {
        let Operation::Invite {
            identity: target,
            to,
            again,
        } = &step.operation
        else {
            continue;
        };
        let to = to.as_deref();
        match context.results.identity(target) {
            Ok(identity) => open.push((
                Invited {
                    step,
                    target,
                    to,
                    again: *again,
                },
                identity,
            )),
            Err(error) => results.push((&step.address, context.failed(error))),
        }
    }
    let left = context.journal.earlier().invited;
    let timeout = context.options.identity_timeout;
    while !open.is_empty() {
        let addresses: Vec<Address> = open
            .iter()
            .map(|(invited, _)| invited.step.address.clone())
            .collect();
        let sorted = poll::until(
            context,
            &addresses,
            timeout,
            Stopping::GivesUp,
            || sort(context, &open, &left),
            |on| StepError::Timeout {
                what: on,
                seconds: timeout.as_secs(),
                help: "no invitation was sent; check in ISC the exceptions of the identity profile and its mapping of email, then run `steersman apply` again, or wait longer with --wait".to_owned(),
            },
        )
        .await;
        match sorted {
            Ok(Sorted {
                results: sorted,
                due,
                pending,
            }) => {
                results.extend(sorted);
                results.extend(send(context, due).await);
                open = pending;
            }
            Err(error) => {
                let result = context.failed(error);
                let all = open.drain(..);
                results.extend(all.map(|(invited, _)| (&invited.step.address, result.clone())));
            }
        }
    }
    results
}

/// What is to be done with the open invitations of a unit.
struct Sorted<'plan> {
    /// Those that are not to be sent.
    results: Results<'plan>,
    due: Vec<Due<'plan>>,
    /// Those that cannot be sent yet.
    pending: Vec<(Invited<'plan>, IdentityId)>,
}

/// Reads the identities, and sorts their invitations; pending where none can be sent yet.
async fn sort<'plan, T: TenantWrite>(
    context: &Context<'_, T>,
    open: &[(Invited<'plan>, IdentityId)],
    left: &[LeftInvited],
) -> Result<Answer<Sorted<'plan>>, StepError> {
    let ids: BTreeSet<IdentityId> = open.iter().map(|(_, identity)| identity.clone()).collect();
    let read = match open.first() {
        Some((first, _)) => {
            let (facts, results) = (&context.facts, &context.results);
            facts
                .invitees(context.tenant, results, first.step, &ids)
                .await?
        }
        None => Identities::new(),
    };
    let mut sorted = Sorted {
        results: Vec::new(),
        due: Vec::new(),
        pending: Vec::new(),
    };
    let mut waits = Vec::new();
    for (invited, identity) in open {
        let address = &invited.step.address;
        let observed = match found(&read, identity) {
            Ok(observed) => observed,
            Err(error) => {
                sorted.results.push((address, context.failed(error)));
                continue;
            }
        };
        match judge(context, invited, &observed, left).await {
            Ok(Judged::Due) => sorted.due.push((*invited, observed)),
            Ok(Judged::Not(note)) => {
                let note = Some(note);
                sorted.results.push((address, StepResult::Done { note }));
            }
            Ok(Judged::Pending(on)) => {
                waits.push(on);
                sorted.pending.push((*invited, identity.clone()));
            }
            Err(error) => sorted.results.push((address, context.failed(error))),
        }
    }
    if sorted.results.is_empty() && sorted.due.is_empty() {
        return Ok(Answer::Pending(waits.join("; ")));
    }
    Ok(Answer::Ready(sorted))
}

/// Whether an invitation is to be sent now.
enum Judged {
    Due,
    /// It is not needed; why.
    Not(String),
    /// Not yet; what it waits for.
    Pending(String),
}

async fn judge<T: TenantWrite>(
    context: &Context<'_, T>,
    invited: &Invited<'_>,
    observed: &LiveIdentity,
    left: &[LeftInvited],
) -> Result<Judged, StepError> {
    context
        .facts
        .check_account(context.tenant, invited.step)
        .await?;
    if let Some(to) = invited.to {
        let identity = &observed.id;
        match (observed.email.as_deref(), invited.target) {
            (Some(email), _) if IdentityNames::is_same(email, to) => {}
            // That of a new identity is checked with its other names.
            (Some(_), IdentityTarget::OfAccount { .. }) => {}
            (Some(email), IdentityTarget::Known(_)) => {
                return Ok(Judged::Pending(format!(
                    "the email address of identity {identity} is still {email}, not {to}"
                )));
            }
            (None, _) => {
                return Ok(Judged::Pending(format!(
                    "identity {identity} has no email address yet; {to} is expected"
                )));
            }
        }
    }
    checks::is_own(
        context,
        invited.target,
        Found::Whole(observed),
        Unknown::GoesOn,
    )?;
    let is_due = match observed.status {
        IdentityStatus::Unregistered => true,
        IdentityStatus::Pending => invited.again,
        IdentityStatus::Registered
        | IdentityStatus::Active
        | IdentityStatus::Warning
        | IdentityStatus::Unusable(_)
        | IdentityStatus::Unknown(_) => false,
    };
    if !is_due {
        return Ok(Judged::Not(format!(
            "no invitation is needed: {} is {}",
            observed.alias, observed.status
        )));
    }
    Ok(
        if invited::may_be_sending(context, left, &observed.id).await {
            Judged::Pending(format!(
                "an earlier run may have invited {}, and ISC may still be sending it",
                observed.alias
            ))
        } else {
            Judged::Due
        },
    )
}

/// Sends invitations with one request, and recognizes which were sent.
async fn send<'plan, T: TenantWrite>(
    context: &Context<'_, T>,
    due: Vec<Due<'plan>>,
) -> Results<'plan> {
    let Some(((first, _), _)) = due.split_first() else {
        return Vec::new();
    };
    let identities: BTreeSet<IdentityId> = due.iter().map(|(_, found)| found.id.clone()).collect();
    let all = |result: StepResult| -> Results<'plan> {
        let steps = due.iter().map(|(invited, _)| &invited.step.address);
        steps.map(|address| (address, result.clone())).collect()
    };
    let intent = InviteIntent {
        identities: identities.clone(),
        since: Some(context.planned_at),
    };
    let id = match context.journal.invite(&first.step.address, intent) {
        Ok(id) => id,
        Err(error) => return all(context.failed(StepError::InviteJournal(error))),
    };
    let conclude = |conclusion: Conclusion| {
        if let Err(error) = context.journal.conclude(id.clone(), &conclusion) {
            let error = model::error_chain(&error);
            let text = format!("cannot write the result to the journal: {error}");
            context.progress.notice(&first.step.address, &text);
        }
    };
    let refused = |error: &TenantError| {
        let text = error.chain();
        let text = context.stores.redactor().redact(&text).into_owned();
        conclude(Conclusion::Failed(text));
    };
    let task = match context.tenant.invite(&identities).await {
        Ok(task) => task,
        Err(error) if may_have_happened(&error) => {
            // The journal keeps the intent where it is not known who was invited.
            let failed = context.failed(error.into());
            let results = recognized(context, &due, |_| failed.clone()).await;
            let is_done = |(_, result): &(_, StepResult)| matches!(result, StepResult::Done { .. });
            if results.iter().all(is_done) {
                conclude(Conclusion::Done);
            }
            return results;
        }
        Err(error) if due.len() > 1 && is_about_one(&error) => {
            // None was sent. One of them may be the reason, and must not stop the others.
            refused(&error);
            let mut results = Vec::new();
            for one in due {
                results.extend(Box::pin(send(context, vec![one])).await);
            }
            return results;
        }
        Err(error) => {
            refused(&error);
            return all(context.failed(error.into()));
        }
    };
    let addresses: Vec<Address> = due
        .iter()
        .map(|(invited, _)| invited.step.address.clone())
        .collect();
    let task = match poll::task_end(context, &addresses, "invitation", &task).await {
        Ok(task) => task,
        Err(error) => return all(context.failed(error.after_sending())),
    };
    match task.state {
        TaskState::Success | TaskState::Running => {
            conclude(Conclusion::Done);
            all(StepResult::Done { note: None })
        }
        TaskState::Unknown(status) => {
            conclude(Conclusion::Done);
            let note = format!(
                "the invitation ended with the status {status}, which steersman does not know"
            );
            all(StepResult::Done { note: Some(note) })
        }
        TaskState::Warning => {
            conclude(Conclusion::Done);
            let messages = task.messages.join("; ");
            recognized(context, &due, |observed| {
                context.failed(StepError::NotInvited {
                    who: observed.alias.clone(),
                    messages: messages.clone(),
                })
            })
            .await
        }
        TaskState::Failed(status) => {
            let messages = task.messages.join("; ");
            conclude(Conclusion::Failed(format!("the task ended with {status}")));
            all(context.failed(StepError::Task {
                task: "invitation",
                status,
                messages,
            }))
        }
    }
}

/// Whether a request for several identities may have failed because of one of them.
fn is_about_one(error: &TenantError) -> bool {
    matches!(
        error.kind,
        TenantErrorKind::Rejected { .. } | TenantErrorKind::NotFound { .. }
    )
}

/// Reads the identities again, and tells for each whether it was invited.
async fn recognized<'plan, T: TenantWrite>(
    context: &Context<'_, T>,
    due: &[Due<'plan>],
    not_sent: impl Fn(&LiveIdentity) -> StepResult,
) -> Results<'plan> {
    let ids: BTreeSet<IdentityId> = due.iter().map(|(_, found)| found.id.clone()).collect();
    let read = one_request(context.tenant, &ids).await.unwrap_or_default();
    due.iter()
        .map(|(invited, before)| {
            let result = match found(&read, &before.id) {
                Ok(after) if was_sent(before, &after) => StepResult::Done { note: None },
                Ok(_) | Err(_) => not_sent(before),
            };
            (&invited.step.address, result)
        })
        .collect()
}

fn found(read: &Identities, identity: &IdentityId) -> Result<LiveIdentity, StepError> {
    let read = read.get(identity).map(Collection::complete);
    match read {
        Some(Ok(Some(found))) => Ok(found.clone()),
        Some(Err(why)) => Err(StepError::Unread {
            what: format!("identity {identity}"),
            why: why.clone(),
        }),
        Some(Ok(None)) | None => Err(StepError::Missing {
            what: format!("identity {identity} does not exist"),
            help: None,
        }),
    }
}

/// Whether an invitation has had its effect.
fn was_sent(before: &LiveIdentity, after: &LiveIdentity) -> bool {
    match before.status {
        IdentityStatus::Pending => before
            .modified
            .zip(after.modified)
            .is_some_and(|(before, after)| after > before),
        IdentityStatus::Unregistered
        | IdentityStatus::Registered
        | IdentityStatus::Active
        | IdentityStatus::Warning
        | IdentityStatus::Unusable(_)
        | IdentityStatus::Unknown(_) => after.status != before.status,
    }
}
