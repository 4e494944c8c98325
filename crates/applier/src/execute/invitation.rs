//! Invitations.

use crate::context::Context;
use crate::journal::Intent;
use crate::poll;
use crate::step_error::{StepError, may_have_happened};
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
    let invite = async {
        match context.tenant.invite(&identity).await {
            Ok(task) => Ok(Some(task)),
            Err(error) if may_have_happened(&error) => {
                match context.tenant.identity(&identity).await {
                    Ok(Some(back)) if back.status != there.status => Ok(None),
                    Ok(_) | Err(_) => Err(StepError::from(error)),
                }
            }
            Err(error) => Err(error.into()),
        }
    };
    let invited = context
        .journalled(&step.address, Intent::invite(&identity), invite)
        .await?;
    let Some(task) = invited else {
        return Ok(None);
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
        TaskState::Failed(status) => Err(StepError::Task {
            task: "invitation",
            status,
            messages: task.messages.join("; "),
        }),
    }
}
