//! "Apply Changes", and waiting for the identities that it makes.

use crate::context::Context;
use crate::poll::{self, Answer};
use crate::step_error::StepError;
use model::{AccountKey, AccountName, NativeIdentity, ProfileId, Ref, SourceId, Step, TenantWrite};
use std::collections::BTreeMap;

/// Sets processing going where the profile says that it is due, and waits until
/// it is done and every expected account has an identity.
pub(super) async fn run<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    source: &Ref<SourceId>,
    profile: &Ref<ProfileId>,
    expect: &[(AccountKey, NativeIdentity, AccountName)],
) -> Result<Option<String>, StepError> {
    let source = &context.source(source)?;
    let profile = &context.profile(profile)?;
    if refresh_is_due(context, step, source).await? {
        context.tenant.process_identities(profile).await?;
    }
    let timeout = context.options.identity_timeout;
    poll::until(
        context,
        std::slice::from_ref(&step.address),
        timeout,
        || async {
            let missing = missing(context, source, expect).await?;
            if !missing.is_empty() {
                return Ok(Answer::NotYet(format!("no identity yet for {}", missing.join(", "))));
            }
            Ok(if refresh_is_due(context, step, source).await? {
                Answer::NotYet("the identity profile says that changes are not applied yet".to_owned())
            } else {
                Answer::There(None)
            })
        },
        |on| StepError::Timeout {
            what: on,
            seconds: timeout.as_secs(),
            help: "look in the tenant at the identity profile's exceptions and at its mapping of uid; apply again to go on, or wait longer with --wait".to_owned(),
        },
    )
    .await
}

async fn refresh_is_due<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    source: &SourceId,
) -> Result<bool, StepError> {
    let profile = context.tenant.profile_of(source).await?;
    profile
        .map(|profile| profile.refresh_required)
        .ok_or_else(|| StepError::Missing {
            what: format!("{}: the source has no identity profile", step.address),
            help: None,
        })
}

/// The names of expected accounts that have no identity; the others' identities
/// are remembered.
async fn missing<T: TenantWrite>(
    context: &Context<'_, T>,
    source: &SourceId,
    expect: &[(AccountKey, NativeIdentity, AccountName)],
) -> Result<Vec<String>, StepError> {
    if expect.is_empty() {
        return Ok(Vec::new());
    }
    let accounts = context.tenant.accounts(source).await?;
    let identities: BTreeMap<_, _> = accounts
        .found()
        .iter()
        .filter_map(|account| Some((&account.native_identity, account.identity.as_ref()?)))
        .collect();
    let mut missing = Vec::new();
    for (_, native_identity, name) in expect {
        match identities.get(native_identity) {
            Some(identity) => {
                context.made_identity(source, native_identity, (*identity).clone());
            }
            None => missing.push(name.to_string()),
        }
    }
    Ok(missing)
}
