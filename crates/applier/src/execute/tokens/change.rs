//! Changes of a token in place, and its revocation.

use super::{entry, issuer};
use crate::context::{Context, Written};
use crate::execute::checks;
use crate::step_error::StepError;
use model::{
    IdentityId, LiveToken, Step, StoreKey, TenantError, TenantErrorKind, TenantWrite, TokenChange,
    TokenId,
};

/// Changes a token as its owner, if it is as it was when the plan was made.
pub(in crate::execute) async fn update<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    token: &TokenId,
    issuer: &StoreKey,
    change: &TokenChange,
) -> Result<Option<String>, StepError> {
    let (issuer, owner) = issuer::signed_in_any(context, issuer).await?;
    let owner = owner.ok_or_else(|| StepError::Missing {
        what: "the issuer token belongs to no identity".to_owned(),
        help: None,
    })?;
    let own = context.facts.owner(&owner);
    let mut own = own.lock().await;
    let issuer = own.access(issuer);
    let observed = own.list(context.tenant, &owner, &issuer).await?;
    as_planned(step, token, observed)?;
    let TokenChange { scopes, expires } = change;
    let changed = context
        .tenant
        .update_token(&issuer, token, None, scopes.as_ref(), *expires)
        .await;
    if let Err(error) = changed {
        own.forget();
        return Err(error.into());
    }
    own.changed(token, |live| {
        if let Some(scopes) = scopes {
            live.scopes.clone_from(scopes);
        }
        live.expires = expires.unwrap_or(live.expires);
    });
    own.expect(Written {
        step: step.address.clone(),
        token: token.clone(),
        is_new: false,
        change: change.clone(),
    });
    // ISC documents that access tokens follow after a while.
    Ok(scopes
        .is_some()
        .then(|| "new scopes can take 20 minutes to reach new access tokens".to_owned()))
}

/// Revokes a token, as the caller. One that was revoked after it had been read is gone, as it
/// was to be.
pub(in crate::execute) async fn revoke<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    (token, owner): (&TokenId, &IdentityId),
    kept_in: Option<&StoreKey>,
) -> Result<Option<String>, StepError> {
    let observed = context.facts.tokens_of(context.tenant, owner).await?;
    as_planned(step, token, &observed)?;
    let note = match context.tenant.revoke_token(None, token).await {
        Ok(()) => None,
        Err(error) if is_gone(context, owner, token, &error).await => {
            Some("it was already revoked".to_owned())
        }
        Err(error) => return Err(error.into()),
    };
    context.facts.revoked(owner, token).await;
    let left = entry::remove(context, step, token).await;
    let forgotten = match kept_in {
        Some(place) => entry::forget(context, step, place, (token, owner)).await,
        None => None,
    };
    let notes: Vec<String> = [note, left, forgotten].into_iter().flatten().collect();
    Ok((!notes.is_empty()).then(|| notes.join("; ")))
}

/// Whether a token was not found because it is gone.
async fn is_gone<T: TenantWrite>(
    context: &Context<'_, T>,
    owner: &IdentityId,
    token: &TokenId,
    error: &TenantError,
) -> bool {
    let is_not_found = matches!(error.kind, TenantErrorKind::NotFound { .. });
    // Where the list cannot be read, the error of the revocation is the one to report.
    is_not_found
        && context
            .tenant
            .tokens_of(owner, None)
            .await
            .is_ok_and(|tokens| tokens.iter().all(|live| live.id != *token))
}

pub(super) fn as_planned(
    step: &Step,
    token: &TokenId,
    observed: &[LiveToken],
) -> Result<(), StepError> {
    let found = observed.iter().find(|live| &live.id == token);
    checks::as_planned(step, found.map(LiveToken::fingerprint).as_ref())
}
