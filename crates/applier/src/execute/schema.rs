//! Account schema step: sets the attributes and verifies the result.

use super::again::Tries;
use super::checks;
use crate::context::Context;
use crate::step_error::StepError;
use model::{
    AccountAttribute, AttributeSpec, Collection, LiveSchema, NativeIdentity, Ref, Removal,
    SourceId, Step, TenantWrite,
};
use std::collections::BTreeSet;

/// Sets the schema to exactly these attributes, and reads it back: the response
/// to a schema's PUT can be inaccurate. Where it removes attributes, the accounts are read
/// just before: no account may have a value in one.
pub(super) async fn define<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    source: &Ref<SourceId>,
    attributes: &[AttributeSpec],
    removes: &Removal,
) -> Result<Option<String>, StepError> {
    let source = context.results.source(source)?;
    let observed = read(context, step, &source).await?;
    // The schema of a source that this run created was not known to the plan.
    if step.fingerprint.is_some() {
        checks::as_planned(step, Some(&observed.fingerprint()))?;
    }
    let mut tries = Tries::new();
    loop {
        check_unused(context, step, &source, removes).await?;
        let defined = context
            .tenant
            .define_schema(&source, &observed.id, attributes)
            .await;
        let Err(error) = defined else { break };
        match read(context, step, &source).await {
            // It was carried out all the same.
            Ok(back) if back != observed && difference(&back, attributes).is_none() => {
                return Ok(None);
            }
            Ok(back) => {
                tries.after(error)?;
                if back != observed {
                    return Err(checks::stale(step));
                }
            }
            Err(_) => return Err(tries.ended(error).into()),
        }
    }
    let back = read(context, step, &source)
        .await
        .map_err(StepError::after_sending)?;
    checks::as_written(step, difference(&back, attributes))?;
    Ok(None)
}

/// Checks that no account has a value in an attribute that is removed, that no mapping
/// reads it that the plan has not seen, and that the list of accounts has all that the
/// plan counted.
async fn check_unused<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    source: &SourceId,
    removes: &Removal,
) -> Result<(), StepError> {
    let Removal {
        attributes,
        accounts: planned,
        mapped,
    } = removes;
    if attributes.is_empty() {
        return Ok(());
    }
    let name = step.address.source().ok_or_else(|| checks::stale(step))?;
    let profiles = context.tenant.profiles().await?;
    for profile in &profiles {
        let is_own = profile.source.as_ref() == Some(source);
        for read in &profile.reads {
            let target = &read.target;
            let attribute = attributes.iter().find(|attribute| {
                let is_known = is_own && mapped.contains(target);
                !is_known && read.reads(source, name, attribute)
            });
            if let Some(attribute) = attribute {
                return Err(StepError::Stale {
                    what: format!(
                        "the mapping of {target} in the identity profile \"{}\", which reads the attribute `{attribute}` that the plan removes,",
                        profile.name
                    ),
                });
            }
        }
    }
    let accounts = match context.tenant.accounts(source).await? {
        Collection::Complete(accounts) => accounts,
        Collection::Partial { found: _, why } => {
            return Err(StepError::Unread {
                what: format!(
                    "the accounts that can have values in what {} removes",
                    step.address
                ),
                why,
            });
        }
    };
    for account in &accounts {
        let has = |attribute: &AccountAttribute| {
            account.cells.contains_key(attribute) || account.several.contains(attribute)
        };
        if let Some(attribute) = attributes.iter().find(|attribute| has(attribute)) {
            return Err(StepError::Stale {
                what: format!(
                    "account {}, which has a value in the attribute `{attribute}` that the plan removes,",
                    account.native_identity
                ),
            });
        }
    }
    let listed: BTreeSet<&NativeIdentity> = accounts
        .iter()
        .map(|account| &account.native_identity)
        .collect();
    let missing = planned.iter().filter(|id| !listed.contains(id)).count();
    if missing == 0 {
        return Ok(());
    }
    Err(StepError::Stale {
        what: format!(
            "the list of accounts behind {} (it lacks {missing} of {})",
            step.address,
            planned.len()
        ),
    })
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
