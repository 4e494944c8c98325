//! The account schema.

use crate::context::Context;
use crate::step_error::StepError;
use model::{AttributeSpec, LiveSchema, Ref, SourceId, Step, TenantWrite};
use std::collections::BTreeSet;

/// Makes the schema exactly these attributes, and reads it back: answers to a
/// schema's PUT can be inaccurate.
pub(super) async fn define<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    source: &Ref<SourceId>,
    attributes: &[AttributeSpec],
) -> Result<Option<String>, StepError> {
    let source = context.source(source)?;
    let there = read(context, step, &source).await?;
    if step
        .fingerprint
        .as_ref()
        .is_some_and(|planned| planned != &there.fingerprint())
    {
        return Err(StepError::Stale {
            what: step.address.to_string(),
        });
    }
    let defined = context
        .tenant
        .define_schema(&source, &there.id, attributes)
        .await;
    if let Err(error) = defined {
        // When the answer to a PUT was lost and it is sent again, ISC refuses it,
        // because the schema's time of change is another by then.
        return match read(context, step, &source).await {
            Ok(back) if back != there && difference(&back, attributes).is_none() => Ok(None),
            Ok(_) | Err(_) => Err(error.into()),
        };
    }
    let back = read(context, step, &source).await?;
    match difference(&back, attributes) {
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
) -> Result<LiveSchema, StepError> {
    context
        .tenant
        .account_schema(source)
        .await?
        .ok_or_else(|| StepError::Missing {
            what: format!("{}: the source has no account schema", step.address),
            help: Some(
                "a delimited-file source is made with one; see in the tenant what the source is"
                    .to_owned(),
            ),
        })
}

fn difference(back: &LiveSchema, attributes: &[AttributeSpec]) -> Option<String> {
    let wanted: BTreeSet<&str> = attributes
        .iter()
        .map(|attribute| attribute.name.as_str())
        .collect();
    let there: BTreeSet<&str> = back
        .attributes
        .iter()
        .map(|attribute| attribute.name.as_str())
        .collect();
    let list = |names: Vec<&&str>| names.into_iter().copied().collect::<Vec<_>>().join(", ");
    let missing: Vec<_> = wanted.difference(&there).collect();
    let extra: Vec<_> = there.difference(&wanted).collect();
    if !missing.is_empty() {
        return Some(format!("after the change it lacks {}", list(missing)));
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
            "after the change {} is no single string",
            attribute.name
        ));
    }
    [
        ("identified", &back.identity_attribute, "id"),
        ("shown", &back.display_attribute, "name"),
    ]
    .into_iter()
    .find_map(|(how, attribute, wanted)| {
        let attribute = attribute.as_ref().map(AsRef::as_ref);
        (attribute != Some(wanted)).then(|| {
            format!(
                "after the change accounts are {how} by {}",
                attribute.unwrap_or("nothing")
            )
        })
    })
}
