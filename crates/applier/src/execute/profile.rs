//! Identity profiles: made, and changed.

use crate::context::Context;
use crate::journal::Intent;
use crate::step_error::StepError;
use model::{
    LiveMapping, LiveProfile, NewProfile, Operation, SourceId, Step, TenantError, TenantErrorKind,
    TenantWrite,
};

/// Makes a profile, unless the source has one meanwhile.
pub(super) async fn create<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    new: &NewProfile,
) -> Result<Option<String>, StepError> {
    let source = context.source(&new.source)?;
    if context.tenant.profile_of(&source).await?.is_some() {
        return Err(StepError::Stale {
            what: step.address.to_string(),
        });
    }
    let call = context.tenant.create_profile(new, &source);
    let made = context
        .journalled(&step.address, Intent::create_profile(&new.name), call)
        .await;
    let id = match made {
        Ok(id) => id,
        Err(StepError::Tenant(
            error @ TenantError {
                kind: TenantErrorKind::Unknown { .. },
                ..
            },
        )) => match context.tenant.profile_of(&source).await? {
            Some(there) if there.name == new.name => there.id,
            Some(_) | None => return Err(error.into()),
        },
        Err(error) => return Err(error),
    };
    context.made_profile(&step.address, id);
    let back = read(context, step, &source).await?;
    check(step, &back, &source, new.mappings.iter())?;
    Ok(None)
}

/// Changes a profile that is as it was when the plan was made.
pub(super) async fn update<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    source: &SourceId,
    update: &Operation,
) -> Result<Option<String>, StepError> {
    let there = read(context, step, source).await?;
    if step.fingerprint.as_ref() != Some(&there.fingerprint()) {
        return Err(StepError::Stale {
            what: step.address.to_string(),
        });
    }
    context.tenant.update_profile(update).await?;
    let back = read(context, step, source).await?;
    if let Operation::UpdateProfile { mappings, .. } = update {
        check(step, &back, source, mappings.iter())?;
    }
    Ok(None)
}

async fn read<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    source: &SourceId,
) -> Result<LiveProfile, StepError> {
    context
        .tenant
        .profile_of(source)
        .await?
        .ok_or_else(|| StepError::Stale {
            what: step.address.to_string(),
        })
}

fn check<'a>(
    step: &Step,
    back: &LiveProfile,
    source: &SourceId,
    mappings: impl Iterator<Item = (&'a model::IdentityAttribute, &'a model::AccountAttribute)>,
) -> Result<(), StepError> {
    let not_so = |detail: String| {
        Err(StepError::NotAsWritten {
            what: step.address.to_string(),
            detail,
        })
    };
    if !back.enabled {
        return not_so("its mappings are switched off".to_owned());
    }
    for (target, attribute) in mappings {
        let wanted = LiveMapping::Account {
            source: source.clone(),
            attribute: attribute.clone(),
        };
        if back.mappings.get(target) != Some(&wanted) {
            return not_so(format!("{target} is not mapped from {attribute}"));
        }
    }
    Ok(())
}
