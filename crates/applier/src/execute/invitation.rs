//! Invitation step: invites an identity to register.

use super::checks::{self, Found, Unknown};
use crate::context::Context;
use crate::poll::{self, Answer, Stopping};
use crate::step_error::{StepError, may_have_happened};
use model::{
    IdentityId, IdentityNames, IdentityStatus, IdentityTarget, LiveIdentity, Step, TaskState,
    TenantWrite,
};

/// Invites an identity that is not registered. One with an open invitation is invited
/// only where the plan invites `again`. Nothing is sent before the identity has the
/// email address `to`, because whoever reads the mailbox can set the password.
pub(super) async fn send<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    identity: &IdentityTarget,
    to: Option<&str>,
    again: bool,
) -> Result<Option<String>, StepError> {
    let target = identity;
    let identity = context.results.identity(target)?;
    let observed = match (target, to) {
        // The email address of a new identity is checked with its other names.
        (IdentityTarget::OfAccount { .. }, _) | (_, None) => read(context, &identity).await?,
        (IdentityTarget::Known(_), Some(to)) => readdressed(context, step, &identity, to).await?,
    };
    checks::is_own(context, target, Found::Whole(&observed), Unknown::GoesOn)?;
    let is_due = match observed.status {
        IdentityStatus::Unregistered => true,
        IdentityStatus::Pending => again,
        IdentityStatus::Registered
        | IdentityStatus::Active
        | IdentityStatus::Warning
        | IdentityStatus::Unusable(_)
        | IdentityStatus::Unknown(_) => false,
    };
    if !is_due {
        return Ok(Some(format!(
            "no invitation is needed: {} is {}",
            observed.alias, observed.status
        )));
    }
    let task = match context.tenant.invite(&identity).await {
        Ok(task) => task,
        Err(error) if may_have_happened(&error) => {
            return match context.tenant.identity(&identity).await {
                Ok(Some(back)) if was_sent(&observed, &back) => Ok(None),
                Ok(_) | Err(_) => Err(error.into()),
            };
        }
        Err(error) => return Err(error.into()),
    };
    let task = poll::task_end(
        context,
        std::slice::from_ref(&step.address),
        "invitation",
        &task,
    )
    .await?;
    match task.state {
        TaskState::Success | TaskState::Warning | TaskState::Running => Ok(None),
        TaskState::Unknown(status) => Ok(Some(format!(
            "the invitation ended with the status {status}, which steersman does not know"
        ))),
        TaskState::Failed(status) => Err(StepError::Task {
            task: "invitation",
            status,
            messages: task.messages.join("; "),
        }),
    }
}

async fn read<T: TenantWrite>(
    context: &Context<'_, T>,
    identity: &IdentityId,
) -> Result<LiveIdentity, StepError> {
    context
        .tenant
        .identity(identity)
        .await?
        .ok_or_else(|| StepError::Missing {
            what: format!("identity {identity} does not exist"),
            help: None,
        })
}

/// The identity once it has this email address.
async fn readdressed<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    identity: &IdentityId,
    to: &str,
) -> Result<LiveIdentity, StepError> {
    let timeout = context.options.identity_timeout;
    poll::until(
        context,
        std::slice::from_ref(&step.address),
        timeout,
        Stopping::GivesUp,
        || async {
            let observed = read(context, identity).await?;
            let pending = match observed.email.as_deref() {
                Some(email) if IdentityNames::is_same(email, to) => None,
                Some(email) => Some(format!(
                    "the email address of identity {identity} is still {email}, not {to}"
                )),
                None => Some(format!(
                    "identity {identity} has no email address yet; {to} is expected"
                )),
            };
            Ok(pending.map_or(Answer::Ready(observed), Answer::Pending))
        },
        |on| StepError::Timeout {
            what: on,
            seconds: timeout.as_secs(),
            help: "no invitation was sent; check in ISC the exceptions of the identity profile and its mapping of email, then run `steersman apply` again, or wait longer with --wait".to_owned(),
        },
    )
    .await
}

/// Whether an invitation whose response was lost has had its effect.
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
