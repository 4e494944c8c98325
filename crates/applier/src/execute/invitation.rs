//! Invitations.

use crate::context::Context;
use crate::journal::Intent;
use crate::poll;
use crate::step_error::StepError;
use model::{IdentityStatus, IdentityTarget, Step, TaskState, TenantWrite};

/// Invites an identity that is not registered and not invited.
pub(super) async fn send<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    identity: &IdentityTarget,
) -> Result<Option<String>, StepError> {
    let identity = context.identity(identity)?;
    let there = context
        .tenant
        .identity(&identity)
        .await?
        .ok_or_else(|| StepError::Missing {
            what: format!("identity {identity} is not there"),
            help: None,
        })?;
    if there.status != IdentityStatus::Unregistered {
        return Ok(Some(format!(
            "no invitation is needed: {} is {}",
            there.alias, there.status
        )));
    }
    let call = context.tenant.invite(&identity);
    let task = context
        .journalled(&step.address, Intent::invite(&identity), call)
        .await?;
    let task = poll::task_end(
        context,
        std::slice::from_ref(&step.address),
        "invitation",
        &task,
    )
    .await?;
    match task.state {
        TaskState::Success | TaskState::Warning | TaskState::Running => Ok(None),
        TaskState::Failed(status) => Err(StepError::Task {
            task: "invitation",
            status,
            messages: task.messages.join("; "),
        }),
    }
}
