//! Identity processing step ("Apply Changes"): runs it and waits for identities.

use crate::context::Context;
use crate::poll::{self, Answer, Stopping};
use crate::step_error::StepError;
use model::{
    ExpectedIdentity, IdentityId, IdentityNames, ProfileId, Ref, SourceId, Step, TenantWrite,
};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// Runs processing where the profile says that it is due, and waits until it has
/// ended and every expected account has an identity.
pub(super) async fn run<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    source: &Ref<SourceId>,
    profile: &Ref<ProfileId>,
    expect: &[ExpectedIdentity],
) -> Result<Option<String>, StepError> {
    let source = &context.results.source(source)?;
    let profile = &context.results.profile(profile)?;
    // An import can make processing due only after a while, so it is checked each
    // time; one run is enough.
    let begun = AtomicBool::new(false);
    let timeout = context.options.identity_timeout;
    poll::until(
        context,
        std::slice::from_ref(&step.address),
        timeout,
        Stopping::GivesUp,
        || async {
            let due = refresh_is_due(context, step, source).await?;
            if due && !begun.swap(true, Ordering::Relaxed) {
                context.tenant.process_identities(profile).await?;
            }
            let missing = missing(context, source, expect).await?;
            Ok(if !missing.is_empty() {
                Answer::Pending(format!("no identity yet for {}", missing.join(", ")))
            } else if due {
                Answer::Pending("the identity profile has changes that are not applied yet".to_owned())
            } else {
                Answer::Ready(None)
            })
        },
        |on| StepError::Timeout {
            what: on,
            seconds: timeout.as_secs(),
            help: "check in ISC the exceptions of the identity profile and its mapping of uid; then run `steersman apply` again, or wait longer with --wait".to_owned(),
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

/// The names of expected accounts that have no identity. The identities of the
/// others are added to the results of the run.
async fn missing<T: TenantWrite>(
    context: &Context<'_, T>,
    source: &SourceId,
    expect: &[ExpectedIdentity],
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
    for expected in expect {
        let ExpectedIdentity {
            account: _,
            native_identity,
            name,
            alias,
        } = expected;
        match identities.get(native_identity) {
            Some(identity) if has_alias(context, identity, alias.as_deref()).await? => {
                context
                    .results
                    .add_identity(source, native_identity, (*identity).clone());
            }
            Some(_) | None => missing.push(name.to_string()),
        }
    }
    Ok(missing)
}

/// Whether the identity has this alias by now, where one is expected. An identity
/// with another alias, or one that no longer exists, is the one from before the change.
async fn has_alias<T: TenantWrite>(
    context: &Context<'_, T>,
    identity: &IdentityId,
    alias: Option<&str>,
) -> Result<bool, StepError> {
    let Some(alias) = alias else {
        return Ok(true);
    };
    let identity = context.tenant.identity(identity).await?;
    Ok(identity.is_some_and(|identity| IdentityNames::is_same(&identity.alias, alias)))
}
