//! Account schema step: sets the attributes and verifies the result.

use super::checks;
use crate::context::Context;
use crate::step_error::StepError;
use model::{AttributeSpec, LiveSchema, Ref, SourceId, Step, TenantWrite};
use std::collections::BTreeSet;

/// Sets the schema to exactly these attributes, and reads it back: the response
/// to a schema's PUT can be inaccurate.
pub(super) async fn define<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    source: &Ref<SourceId>,
    attributes: &[AttributeSpec],
) -> Result<Option<String>, StepError> {
    let source = context.results.source(source)?;
    let observed = read(context, step, &source).await?;
    // The schema of a source that this run created was not known to the plan.
    if step.fingerprint.is_some() {
        checks::as_planned(step, Some(&observed.fingerprint()))?;
    }
    let defined = context
        .tenant
        .define_schema(&source, &observed.id, attributes)
        .await;
    if let Err(error) = defined {
        // When the response to a PUT was lost and it is sent again, ISC rejects
        // it, because the schema's time of change is another by then.
        return match read(context, step, &source).await {
            Ok(back) if back != observed && difference(&back, attributes).is_none() => Ok(None),
            Ok(_) | Err(_) => Err(error.into()),
        };
    }
    let back = read(context, step, &source).await?;
    checks::as_written(step, difference(&back, attributes))?;
    Ok(None)
}

async fn read<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    source: &SourceId,
) -> Result<LiveSchema, StepError> {
    context
        .tenant
        .account_schema(source)
        .await?
        .ok_or_else(|| StepError::Missing {
            what: format!("{}: the source has no account schema", step.address),
            help: Some(
                "ISC creates a delimited-file source with one; check the type of the source in ISC"
                    .to_owned(),
            ),
        })
}

/// The first difference between a schema and the attributes that were written.
fn difference(back: &LiveSchema, attributes: &[AttributeSpec]) -> Option<String> {
    let declared: BTreeSet<&str> = attributes
        .iter()
        .map(|attribute| attribute.name.as_str())
        .collect();
    let observed: BTreeSet<&str> = back
        .attributes
        .iter()
        .map(|attribute| attribute.name.as_str())
        .collect();
    let list = |names: Vec<&&str>| names.into_iter().copied().collect::<Vec<_>>().join(", ");
    let missing: Vec<_> = declared.difference(&observed).collect();
    let extra: Vec<_> = observed.difference(&declared).collect();
    if !missing.is_empty() {
        return Some(format!("after the change it has no {}", list(missing)));
    }
    if !extra.is_empty() {
        return Some(format!("after the change it still has {}", list(extra)));
    }
    if let Some(attribute) = back
        .attributes
        .iter()
        .find(|attribute| attribute.multi || !attribute.kind.eq_ignore_ascii_case("STRING"))
    {
        return Some(format!(
            "after the change {} is not a single string",
            attribute.name
        ));
    }
    [
        ("account ID", &back.identity_attribute, "id"),
        ("account name", &back.display_attribute, "name"),
    ]
    .into_iter()
    .find_map(|(role, attribute, declared)| {
        let attribute = attribute.as_ref().map(AsRef::as_ref);
        (attribute != Some(declared)).then(|| {
            format!(
                "after the change the {role} is {}, not {declared}",
                attribute.unwrap_or("not set")
            )
        })
    })
}
