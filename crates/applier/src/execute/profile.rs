//! Identity profile steps: create and update.

use super::again::Tries;
use super::checks;
use crate::context::Context;
use crate::step_error::{StepError, may_have_happened};
use model::{
    AccountAttribute, IdentityAttribute, LiveMapping, LiveProfile, NewProfile, Operation, SourceId,
    Step, TenantWrite,
};
use std::collections::BTreeMap;

/// Creates a profile, unless the source has got one since the plan was made.
pub(super) async fn create<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    new: &NewProfile,
) -> Result<Option<String>, StepError> {
    let source = context.results.source(&new.source)?;
    if context.tenant.profile_of(&source).await?.is_some() {
        return Err(checks::stale(step));
    }
    let id = match context.tenant.create_profile(new, &source).await {
        Ok(id) => id,
        Err(error) if may_have_happened(&error) => match context.tenant.profile_of(&source).await {
            Ok(Some(found)) if is_as_declared(&found, new, &source) => found.id,
            Ok(_) | Err(_) => return Err(error.into()),
        },
        Err(error) => return Err(error.into()),
    };
    context.results.add_profile(&step.address, id);
    let back = checks::read_back(async || read(context, step, &source).await).await?;
    checks::as_written(step, difference(&back, &source, &new.mappings))?;
    (context.results).add_mappings(back.id.clone(), back.mappings_fingerprint());
    Ok(None)
}

fn is_as_declared(found: &LiveProfile, new: &NewProfile, source: &SourceId) -> bool {
    found.name == new.name
        && found.owner.as_ref() == Some(&new.owner)
        && difference(found, source, &new.mappings).is_none()
}

/// Updates a profile that is as it was when the plan was made.
pub(super) async fn update<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    source: &SourceId,
    update: &Operation,
) -> Result<Option<String>, StepError> {
    let observed = read(context, step, source).await?;
    checks::as_planned(step, Some(&observed.fingerprint()))?;
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
    let mut tries = Tries::new();
    while let Err(error) = context.tenant.update_profile(update).await {
        tries.after(error)?;
        let now = read(context, step, source).await?;
        let is_renamed = name.is_none() || name.as_ref() == Some(&now.name);
        let is_handed_over = owner.is_none() || *owner == now.owner;
        let is_mapped = difference(&now, source, mappings).is_none()
            && not_kept(&observed, &now, mappings).is_none();
        if is_renamed && is_handed_over && is_mapped {
            break;
        }
        // The name and the owner go by a request of their own, before the mappings.
        let before = LiveProfile {
            name: observed.name.clone(),
            owner: observed.owner.clone(),
            ..now.clone()
        };
        let is_as_before = (is_renamed || now.name == observed.name)
            && (is_handed_over || now.owner == observed.owner)
            && before.fingerprint() == observed.fingerprint();
        if !is_as_before {
            return Err(checks::stale(step));
        }
    }
    let back = checks::read_back(async || read(context, step, source).await).await?;
    let unchanged =
        |what: &str| format!("ISC accepted its new {what} without an error, but did not change it");
    let difference = if name.as_ref().is_some_and(|name| name != &back.name) {
        Some(unchanged("name"))
    } else if owner.is_some() && owner != &back.owner {
        Some(unchanged("owner"))
    } else {
        difference(&back, source, mappings).or_else(|| not_kept(&observed, &back, mappings))
    };
    checks::as_written(step, difference)?;
    (context.results).add_mappings(back.id.clone(), back.mappings_fingerprint());
    Ok(None)
}

/// A mapping that was not to change, and that is another one now: somebody changed it
/// meanwhile. ISC adds mappings of its own.
fn not_kept(
    before: &LiveProfile,
    back: &LiveProfile,
    written: &BTreeMap<IdentityAttribute, AccountAttribute>,
) -> Option<String> {
    before
        .mappings
        .iter()
        .filter(|(target, _)| !written.contains_key(*target))
        .find(|(target, mapping)| back.mappings.get(*target) != Some(*mapping))
        .map(|(target, _)| format!("the mapping of {target} was changed meanwhile"))
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
        .ok_or_else(|| checks::stale(step))
}

/// The first difference between a profile and what was written.
fn difference(
    back: &LiveProfile,
    source: &SourceId,
    mappings: &BTreeMap<IdentityAttribute, AccountAttribute>,
) -> Option<String> {
    if !back.enabled {
        return Some("its mappings are disabled".to_owned());
    }
    mappings.iter().find_map(|(target, attribute)| {
        let declared = LiveMapping::Account {
            source: source.clone(),
            attribute: attribute.clone(),
        };
        (back.mappings.get(target) != Some(&declared))
            .then(|| format!("{target} is not mapped from {attribute}"))
    })
}
