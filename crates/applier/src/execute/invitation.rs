//! Invitation step: invites an identity to register.

use super::checks::{self, Unknown};
use crate::context::Context;
use crate::poll;
use crate::step_error::{StepError, may_have_happened};
use model::{IdentityNames, IdentityStatus, IdentityTarget, Step, TaskState, TenantWrite};

/// Invites an identity that is neither registered nor invited.
pub(super) async fn send<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    identity: &IdentityTarget,
) -> Result<Option<String>, StepError> {
    let target = identity;
    let identity = context.results.identity(target)?;
    let observed = context
        .tenant
        .identity(&identity)
        .await?
        .ok_or_else(|| StepError::Missing {
            what: format!("identity {identity} does not exist"),
            help: None,
        })?;
    let names = IdentityNames {
        alias: Some(observed.alias.clone()).filter(|alias| !alias.is_empty()),
        email: observed.email.clone(),
    };
    checks::is_own(target, &identity, &names, Unknown::GoesOn)?;
    if observed.status != IdentityStatus::Unregistered {
        return Ok(Some(format!(
            "no invitation is needed: {} is {}",
            observed.alias, observed.status
        )));
    }
    let task = match context.tenant.invite(&identity).await {
        Ok(task) => task,
        Err(error) if may_have_happened(&error) => {
            return match context.tenant.identity(&identity).await {
                Ok(Some(back)) if back.status != observed.status => Ok(None),
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
