//! "Apply Changes", and waiting for the identities that it makes.

use crate::context::Context;
use crate::poll::{self, Answer, Stopping};
use crate::step_error::StepError;
use model::{
    AccountName, ExpectedIdentity, IdentityId, ProfileId, Ref, SourceId, Step, TenantWrite,
};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// Sets processing going where the profile says that it is due, and waits until
/// it is done and every expected account has an identity.
pub(super) async fn run<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    source: &Ref<SourceId>,
    profile: &Ref<ProfileId>,
    expect: &[ExpectedIdentity],
) -> Result<Option<String>, StepError> {
    let source = &context.source(source)?;
    let profile = &context.profile(profile)?;
    // What an import has changed can make it due only after a while, so it is
    // looked at each time; once is enough.
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
                Answer::NotYet(format!("no identity yet for {}", missing.join(", ")))
            } else if due {
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
            by_name,
        } = expected;
        match identities.get(native_identity) {
            Some(identity) if !by_name || goes_by(context, identity, name).await? => {
                context.made_identity(source, native_identity, (*identity).clone());
            }
            Some(_) | None => missing.push(name.to_string()),
        }
    }
    Ok(missing)
}

/// Whether the identity has taken up this name. One that has another name, or is
/// not there any more, is the one from before.
async fn goes_by<T: TenantWrite>(
    context: &Context<'_, T>,
    identity: &IdentityId,
    name: &AccountName,
) -> Result<bool, StepError> {
    let identity = context.tenant.identity(identity).await?;
    Ok(identity.is_some_and(|identity| identity.alias.eq_ignore_ascii_case(name.as_str())))
}
