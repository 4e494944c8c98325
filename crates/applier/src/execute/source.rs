//! Source steps: create and update.

use super::again::Tries;
use super::checks;
use crate::context::Context;
use crate::step_error::{StepError, may_have_happened};
use model::{LiveSource, NewSource, SourceChange, SourceId, SourceName, Step, TenantWrite};

/// Creates a source, unless one of its name was created since the plan was made.
///
/// When the response is lost, the source is looked up: one that is as declared
/// was created by this request.
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
    let id = match context.tenant.create_source(new).await {
        Ok(id) => id,
        Err(error) if may_have_happened(&error) => {
            match context.tenant.source_named(&new.name).await {
                Ok(Some(found)) if is_as_declared(&found, new) => found.id,
                Ok(_) | Err(_) => return Err(error.into()),
            }
        }
        Err(error) => return Err(error.into()),
    };
    context.results.add_source(&step.address, id);
    Ok(None)
}

/// Updates settings of a source that is as it was when the plan was made.
pub(super) async fn update<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    id: &SourceId,
    changes: &[SourceChange],
) -> Result<Option<String>, StepError> {
    let Some(name) = step.address.source() else {
        return Err(StepError::Missing {
            what: format!("{} is not the address of a source", step.address),
            help: None,
        });
    };
    let observed = named(context, name).await?;
    if &observed.id != id || step.fingerprint.as_ref() != Some(&observed.fingerprint()) {
        return Err(StepError::Stale {
            what: format!("source \"{name}\""),
        });
    }
    let mut tries = Tries::new();
    while let Err(error) = context.tenant.update_source(id, changes).await {
        tries.after(error)?;
        let now = named(context, name).await?;
        if not_made(&now, changes).is_none() {
            break;
        }
        if now.fingerprint() != observed.fingerprint() {
            return Err(StepError::Stale {
                what: format!("source \"{name}\""),
            });
        }
    }
    let back = checks::read_back(async || named(context, name).await).await?;
    match not_made(&back, changes) {
        None => Ok(None),
        Some(field) => Err(StepError::NotAsWritten {
            what: format!("source \"{name}\""),
            detail: format!(
                "ISC accepted the change of {field} without an error, but did not make it"
            ),
        }),
    }
}

/// The field of the first change that the source does not have.
fn not_made(back: &LiveSource, changes: &[SourceChange]) -> Option<&'static str> {
    changes.iter().find_map(|change| {
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
        (!is_so).then_some(field)
    })
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

fn is_as_declared(found: &LiveSource, new: &NewSource) -> bool {
    found.kind == LiveSource::DELIMITED_FILE
        && found.owner.as_ref() == Some(&new.owner)
        && found.description.as_deref().unwrap_or_default()
            == new.description.as_deref().unwrap_or_default()
        && new
            .delete_threshold
            .is_none_or(|percent| found.effective_delete_threshold() == i64::from(percent))
}
