//! Sources: made, and changed.

use crate::context::Context;
use crate::journal::Intent;
use crate::step_error::{StepError, may_have_happened};
use model::{LiveSource, NewSource, SourceChange, SourceId, SourceName, Step, TenantWrite};

/// Makes a source, unless one of its name has come to be meanwhile.
///
/// A create whose answer was lost is looked for before anything else, and taken
/// for done where it is there as it was to be.
pub(super) async fn create<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    new: &NewSource,
) -> Result<Option<String>, StepError> {
    if context.tenant.source_named(&new.name).await?.is_some() {
        return Err(StepError::Stale {
            what: format!("source \"{}\"", new.name),
        });
    }
    let make = async {
        match context.tenant.create_source(new).await {
            Ok(id) => Ok(id),
            Err(error) if may_have_happened(&error) => {
                match context.tenant.source_named(&new.name).await {
                    Ok(Some(there)) if is_as_wanted(&there, new) => Ok(there.id),
                    Ok(_) | Err(_) => Err(StepError::from(error)),
                }
            }
            Err(error) => Err(error.into()),
        }
    };
    let id = context
        .journalled(&step.address, Intent::create_source(&new.name), make)
        .await?;
    context.made_source(&step.address, id);
    Ok(None)
}

/// Changes settings of a source that is as it was when the plan was made.
pub(super) async fn update<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    id: &SourceId,
    changes: &[SourceChange],
) -> Result<Option<String>, StepError> {
    let Some(name) = step.address.source() else {
        return Err(StepError::Missing {
            what: format!("{} names no source", step.address),
            help: None,
        });
    };
    let there = named(context, name).await?;
    if &there.id != id || step.fingerprint.as_ref() != Some(&there.fingerprint()) {
        return Err(StepError::Stale {
            what: format!("source \"{name}\""),
        });
    }
    context.tenant.update_source(id, changes).await?;
    let back = named(context, name).await?;
    for change in changes {
        let (field, is_so) = match change {
            SourceChange::Owner(owner) => ("owner", back.owner.as_ref() == Some(owner)),
            SourceChange::Description(description) => (
                "description",
                back.description.as_deref().unwrap_or_default() == description,
            ),
            SourceChange::DeleteThreshold(percent) => (
                "deleteThreshold",
                back.effective_delete_threshold() == i64::from(*percent),
            ),
        };
        if !is_so {
            return Err(StepError::NotAsWritten {
                what: format!("source \"{name}\""),
                detail: format!(
                    "the tenant took the change of {field} without an error, and did not make it"
                ),
            });
        }
    }
    Ok(None)
}

async fn named<T: TenantWrite>(
    context: &Context<'_, T>,
    name: &SourceName,
) -> Result<LiveSource, StepError> {
    context
        .tenant
        .source_named(name)
        .await?
        .ok_or_else(|| StepError::Stale {
            what: format!("source \"{name}\""),
        })
}

fn is_as_wanted(there: &LiveSource, new: &NewSource) -> bool {
    there.kind == LiveSource::DELIMITED_FILE
        && there.owner.as_ref() == Some(&new.owner)
        && there.description.as_deref().unwrap_or_default()
            == new.description.as_deref().unwrap_or_default()
        && new
            .delete_threshold
            .is_none_or(|percent| there.effective_delete_threshold() == i64::from(percent))
}
