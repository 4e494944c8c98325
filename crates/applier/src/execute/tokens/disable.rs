//! Disables a token: its end is a minute away, whoever has its secret.

use super::change::as_planned;
use super::issuer;
use crate::context::{Context, Written};
use crate::step_error::StepError;
use jiff::{SignedDuration, Timestamp};
use model::{
    IdentityId, LiveToken, Step, StoreKey, TenantError, TenantErrorKind, TenantWrite, TokenChange,
    TokenId,
};

/// Brings the end of a token near, if it is as it was when the plan was made, and reads it
/// back: as its owner where the issuer token is known, else as an admin.
pub(in crate::execute) async fn run<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    token: &TokenId,
    owner: &IdentityId,
    issuer: Option<&StoreKey>,
) -> Result<Option<String>, StepError> {
    let end = match issuer {
        Some(issuer) => as_owner(context, step, token, owner, issuer).await?,
        None => as_admin(context, step, token, owner).await?,
    };
    Ok(Some(format!(
        "it ends at {}",
        end.strftime("%Y-%m-%dT%H:%M:%SZ")
    )))
}

async fn as_owner<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    token: &TokenId,
    owner: &IdentityId,
    issuer: &StoreKey,
) -> Result<Timestamp, StepError> {
    let issuer = issuer::read_of(context, issuer, owner).await?;
    let own = context.facts.owner(owner);
    let mut own = own.lock().await;
    let observed = own.list(context.tenant, owner, &issuer).await?;
    as_planned(step, token, observed)?;
    let disabled = context.tenant.disable_token(Some(&issuer), token).await;
    let end = match disabled {
        Ok(end) => end,
        Err(error) => {
            own.forget();
            return Err(error.into());
        }
    };
    own.changed(token, |live| live.expires = Some(end));
    own.expect(Written {
        step: step.address.clone(),
        token: token.clone(),
        is_new: false,
        change: TokenChange {
            scopes: None,
            expires: Some(Some(end)),
        },
    });
    Ok(end)
}

async fn as_admin<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    token: &TokenId,
    owner: &IdentityId,
) -> Result<Timestamp, StepError> {
    let observed = context.facts.tokens_of(context.tenant, owner).await?;
    as_planned(step, token, &observed)?;
    let end = match context.tenant.disable_token(None, token).await {
        Ok(end) => end,
        Err(error) => return Err(refused(step, error)),
    };
    let tokens = context.tenant.tokens_of(owner, None).await;
    let tokens = tokens.map_err(|error| StepError::from(error).after_sending())?;
    match tokens.iter().find(|live| live.id == *token) {
        // It was revoked meanwhile.
        None => Ok(end),
        Some(live) if ends_by(live, end) => Ok(end),
        Some(_) => Err(StepError::NotAsWritten {
            what: step.address.to_string(),
            detail: "ISC accepted the change without an error, but did not make it".to_owned(),
        }),
    }
}

/// ISC may round the time.
fn ends_by(live: &LiveToken, end: Timestamp) -> bool {
    let rounded = SignedDuration::from_secs(60);
    live.expires
        .is_some_and(|ends| ends.duration_since(end) <= rounded)
}

/// The token was there just before. So it is the operation that a tenant does not have.
fn refused(step: &Step, error: TenantError) -> StepError {
    let revoke = |why: &str| {
        Some(format!(
            "{why}revoke it instead: `steersman token revoke --token {}`",
            model::shell_quoted(&step.address.to_string())
        ))
    };
    match error.kind {
        TenantErrorKind::NotFound { .. } => StepError::Missing {
            what: "only the owner can disable it: its issuer token cannot be used, and this tenant has no bulk update of tokens for admins; nothing was changed".to_owned(),
            help: revoke(""),
        },
        TenantErrorKind::Forbidden { .. } => StepError::Missing {
            what: format!(
                "only the owner can disable it: its issuer token cannot be used, and this admin may not: {}; nothing was changed",
                error.chain()
            ),
            help: revoke("use a token of an ISC admin with the scope idn:all-personal-access-tokens:update, or "),
        },
        _ => error.into(),
    }
}
