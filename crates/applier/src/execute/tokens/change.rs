//! Changes of a token in place, and its revocation.

use super::issuer;
use crate::context::Context;
use crate::execute::checks;
use crate::step_error::StepError;
use model::{IdentityId, LiveToken, Step, StoreKey, TenantWrite, TokenChange, TokenId};

/// Changes a token as its owner, if it is as it was when the plan was made.
pub(in crate::execute) async fn update<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    token: &TokenId,
    issuer: &StoreKey,
    change: &TokenChange,
) -> Result<Option<String>, StepError> {
    let issuer = issuer::read_any(context, issuer).await?;
    let owner = context
        .tenant
        .identity_behind(&issuer)
        .await?
        .ok_or_else(|| StepError::Missing {
            what: "the issuer token belongs to no identity".to_owned(),
            help: None,
        })?;
    check(context, step, token, &owner).await?;
    let TokenChange { scopes, expires } = change;
    context
        .tenant
        .update_token(&issuer, token, None, scopes.as_ref(), *expires)
        .await?;
    let back = context.tenant.tokens_of(&owner).await?;
    let back = back.iter().find(|live| &live.id == token);
    let as_written = back.is_some_and(|live| {
        scopes.as_ref().is_none_or(|scopes| scopes == &live.scopes)
            && expires.is_none_or(|expires| expires.is_some() == live.expires.is_some())
    });
    let difference = (!as_written)
        .then(|| "ISC accepted the change without an error, but did not make it".to_owned());
    checks::as_written(step, difference)?;
    // ISC documents that access tokens follow after a while.
    Ok(scopes
        .is_some()
        .then(|| "new scopes can take 20 minutes to reach new access tokens".to_owned()))
}

/// Revokes a token, as the caller.
pub(in crate::execute) async fn revoke<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    token: &TokenId,
    owner: &IdentityId,
) -> Result<Option<String>, StepError> {
    check(context, step, token, owner).await?;
    context.tenant.revoke_token(None, token).await?;
    Ok(None)
}

async fn check<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    token: &TokenId,
    owner: &IdentityId,
) -> Result<(), StepError> {
    let observed = context.tenant.tokens_of(owner).await?;
    let found = observed.iter().find(|live| &live.id == token);
    checks::as_planned(step, found.map(LiveToken::fingerprint).as_ref())
}
