//! Replacing a token by a new one of the same name.

use super::mint;
use crate::context::Context;
use crate::step_error::StepError;
use model::{NewToken, Step, TenantWrite, TokenId, TokenName};

/// Renames the old token, or revokes it where it is of no use to anybody, and
/// mints the new one. If that fails, the old one gets its name back.
pub(super) async fn run<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    old: &TokenId,
    retire_as: Option<&TokenName>,
    new: &NewToken,
) -> Result<Option<String>, StepError> {
    let issuer = mint::prepare(context, new).await?;
    let there = context.tenant.tokens_of(&new.identity).await?;
    let as_planned = there
        .iter()
        .find(|token| &token.id == old)
        .is_some_and(|token| step.fingerprint.as_ref() == Some(&token.fingerprint()));
    if !as_planned {
        return Err(StepError::Stale {
            what: step.address.to_string(),
        });
    }
    let Some(retired) = retire_as else {
        context.tenant.revoke_token(Some(&issuer), old).await?;
        mint::mint(context, &step.address, new, &issuer).await?;
        return mint::verify(context, &step.address, new).await.map(Some);
    };
    mint::slot(new, &there)?;
    // Two tokens of one name are refused by ISC with an error that is unclear.
    if there.iter().any(|token| &token.name == retired) {
        return Err(StepError::Missing {
            what: format!(
                "the old token cannot be called {retired}: {} has a token of that name already",
                new.account_name
            ),
            help: Some(format!("revoke {retired}, or apply again tomorrow")),
        });
    }
    context
        .tenant
        .update_token(&issuer, old, Some(retired), None, None)
        .await?;
    if let Err(failed) = mint::mint(context, &step.address, new, &issuer).await {
        if let Err(error) = context
            .tenant
            .update_token(&issuer, old, Some(&new.name), None, None)
            .await
        {
            context.notice(
                &step.address,
                format!(
                    "the old token is still valid and is now called {retired}: naming it {} again failed ({})",
                    new.name,
                    error.chain()
                ),
            );
        }
        return Err(failed);
    }
    let note = mint::verify(context, &step.address, new).await?;
    Ok(Some(format!("{note}; the old token is kept as {retired}")))
}
