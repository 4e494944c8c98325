//! Identity profiles: made, and changed.

use crate::context::Context;
use crate::journal::Intent;
use crate::step_error::{StepError, may_have_happened};
use model::{
    AccountAttribute, IdentityAttribute, LiveMapping, LiveProfile, NewProfile, Operation, SourceId,
    Step, TenantWrite,
};
use std::collections::BTreeMap;

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
    let make = async {
        match context.tenant.create_profile(new, &source).await {
            Ok(id) => Ok(id),
            Err(error) if may_have_happened(&error) => {
                match context.tenant.profile_of(&source).await {
                    Ok(Some(there)) if is_as_wanted(&there, new, &source) => Ok(there.id),
                    Ok(_) | Err(_) => Err(StepError::from(error)),
                }
            }
            Err(error) => Err(error.into()),
        }
    };
    let id = context
        .journalled(&step.address, Intent::create_profile(&new.name), make)
        .await?;
    context.made_profile(&step.address, id);
    let back = read(context, step, &source).await?;
    match difference(&back, &source, &new.mappings) {
        None => Ok(None),
        Some(detail) => Err(StepError::NotAsWritten {
            what: step.address.to_string(),
            detail,
        }),
    }
}

fn is_as_wanted(there: &LiveProfile, new: &NewProfile, source: &SourceId) -> bool {
    there.name == new.name
        && there.owner.as_ref() == Some(&new.owner)
        && difference(there, source, &new.mappings).is_none()
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
    let Operation::UpdateProfile {
        profile: _,
        name,
        owner,
        enable: _,
        mappings,
        source: _,
        source_name: _,
    } = update
    else {
        return Ok(None);
    };
    let taken = |what: &str| {
        format!("the tenant took its new {what} without an error, and did not make the change")
    };
    let detail = if name.as_ref().is_some_and(|name| name != &back.name) {
        Some(taken("name"))
    } else if owner.is_some() && owner != &back.owner {
        Some(taken("owner"))
    } else {
        difference(&back, source, mappings)
    };
    match detail {
        None => Ok(None),
        Some(detail) => Err(StepError::NotAsWritten {
            what: step.address.to_string(),
            detail,
        }),
    }
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

/// What of a profile is not as it is wanted.
fn difference(
    there: &LiveProfile,
    source: &SourceId,
    mappings: &BTreeMap<IdentityAttribute, AccountAttribute>,
) -> Option<String> {
    if !there.enabled {
        return Some("its mappings are switched off".to_owned());
    }
    mappings.iter().find_map(|(target, attribute)| {
        let wanted = LiveMapping::Account {
            source: source.clone(),
            attribute: attribute.clone(),
        };
        (there.mappings.get(target) != Some(&wanted))
            .then(|| format!("{target} is not mapped from {attribute}"))
    })
}
