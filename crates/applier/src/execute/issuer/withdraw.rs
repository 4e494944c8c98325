//! Revocation of a new issuer token that did not reach the store.

use super::prepare::Present;
use super::replace::Tools;
use crate::step_error::StepError;
use model::{IssuerReplacement, SecretDocument, TenantError, TenantWrite, TokenId};

/// Revokes the new token, because of what failed. A notice names it where that fails, too.
pub(super) async fn revoke<T: TenantWrite>(
    tools: &Tools<'_, T>,
    replacement: &IssuerReplacement,
    present: &Present,
    document: &SecretDocument,
    failed: StepError,
) -> StepError {
    let token = &document.credential.client_id;
    match of(tools, replacement, present, token).await {
        Ok(()) => failed,
        Err(_) => StepError::Orphan(Box::new(failed)),
    }
}

/// Revokes the token that ISC may have created although its response, and with it the
/// secret, was lost.
pub(super) async fn unseen<T: TenantWrite>(
    tools: &Tools<'_, T>,
    replacement: &IssuerReplacement,
    present: &Present,
    error: TenantError,
) -> StepError {
    let new = &replacement.new;
    let issuer = &present.document.credential;
    // Where the list cannot be read, the next run looks for the token.
    let Ok(tokens) = tools.tenant.tokens_of(&new.identity, Some(issuer)).await else {
        return error.into();
    };
    let Some(token) = tokens.iter().find(|token| token.name == new.name) else {
        return error.into();
    };
    match of(tools, replacement, present, &token.id).await {
        Ok(()) => StepError::Missing {
            what: format!(
                "the response with the secret of the new issuer token {} was lost, so the token was revoked",
                new.name
            ),
            help: Some("run `steersman apply` again to replace the issuer token".to_owned()),
        },
        Err(_) => error.into(),
    }
}

async fn of<T: TenantWrite>(
    tools: &Tools<'_, T>,
    replacement: &IssuerReplacement,
    present: &Present,
    token: &TokenId,
) -> Result<(), TenantError> {
    let IssuerReplacement { old, new } = replacement;
    let issuer = &present.document.credential;
    let revoked = tools.tenant.revoke_token(Some(issuer), token).await;
    if let Err(error) = &revoked {
        (tools.notice)(format!(
            "orphaned token {} ({token}) of {}: it was to replace the issuer token {old}, its secret is in no store, and revoking it failed ({}); it stays valid until the next apply revokes it; to stop it now, revoke it in ISC",
            new.name,
            new.account_name,
            error.chain()
        ));
    }
    revoked
}
