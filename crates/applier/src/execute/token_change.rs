//! Tokens that are changed in place, or revoked.

use super::mint;
use crate::context::Context;
use crate::journal::Intent;
use crate::step_error::StepError;
use model::{IdentityId, Step, StoreKey, TenantWrite, TokenChange, TokenId};

/// Changes a token as its owner, if it is as it was when the plan was made.
pub(super) async fn update<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    token: &TokenId,
    issuer: &StoreKey,
    change: &TokenChange,
) -> Result<Option<String>, StepError> {
    let issuer = mint::issuer(context, issuer).await?;
    let owner = context
        .tenant
        .identity_behind(&issuer)
        .await?
        .ok_or_else(|| StepError::Missing {
            what: "the issuer has no identity behind it".to_owned(),
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
    if as_written {
        // ISC says that it takes a while until access tokens follow.
        let note = scopes
            .is_some()
            .then(|| "new scopes can take 20 minutes to reach new access tokens".to_owned());
        Ok(note)
    } else {
        Err(StepError::NotAsWritten {
            what: step.address.to_string(),
            detail: "the tenant took the change without an error, and did not make it".to_owned(),
        })
    }
}

/// Revokes a token, as steersman.
pub(super) async fn revoke<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    token: &TokenId,
    owner: &IdentityId,
) -> Result<Option<String>, StepError> {
    check(context, step, token, owner).await?;
    let intent = Intent::Revoke {
        token: token.clone(),
    };
    let revoke = async {
        context
            .tenant
            .revoke_token(None, token)
            .await
            .map_err(StepError::from)
    };
    context.journalled(&step.address, intent, revoke).await?;
    Ok(None)
}

async fn check<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    token: &TokenId,
    owner: &IdentityId,
) -> Result<(), StepError> {
    let there = context.tenant.tokens_of(owner).await?;
    let as_planned = there
        .iter()
        .find(|live| &live.id == token)
        .is_some_and(|live| step.fingerprint.as_ref() == Some(&live.fingerprint()));
    if as_planned {
        Ok(())
    } else {
        Err(StepError::Stale {
            what: step.address.to_string(),
        })
    }
}
