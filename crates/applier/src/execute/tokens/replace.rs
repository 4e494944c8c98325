//! Replacement (rotation) of a token by a new one of the same name.

use super::delivery::Kept;
use super::mint;
use crate::context::Context;
use crate::execute::checks;
use crate::step_error::StepError;
use model::{LiveToken, NewToken, Step, TenantWrite, TokenId, TokenName, retiring};

/// Renames the old token, or revokes it where it is useless, and mints the new
/// one. If that fails, the old token gets its name back.
pub(in crate::execute) async fn run<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    old: &TokenId,
    retire_as: Option<&TokenName>,
    new: &NewToken,
) -> Result<Option<String>, StepError> {
    let issuer = mint::prepare(context, new).await?;
    let own = context.facts.owner(&new.identity);
    let mut own = own.lock().await;
    let issuer = own.access(issuer);
    let observed = own.list(context.tenant, &new.identity, &issuer).await?;
    let found = observed.iter().find(|token| &token.id == old);
    checks::as_planned(step, found.map(LiveToken::fingerprint).as_ref())?;
    let Some(retired) = retire_as else {
        let revoked = context.tenant.revoke_token(Some(&issuer), old).await;
        own.removed(old);
        if let Err(error) = revoked {
            own.forget();
            return Err(error.into());
        }
        mint::mint(context, step, new, None, &issuer, &mut own).await?;
        return Ok(Some(mint::delivered(context, new)));
    };
    mint::check_slot(new, observed)?;
    // ISC rejects two tokens of one name with an error that does not say so.
    if observed.iter().any(|token| &token.name == retired) {
        return Err(StepError::Missing {
            what: format!(
                "cannot rename the old token to {retired}: {} already has a token of that name",
                new.account_name
            ),
            help: Some(format!("revoke {retired}, or apply again tomorrow")),
        });
    }
    let renamed = context
        .tenant
        .update_token(&issuer, old, Some(retired), None, None)
        .await;
    if let Err(error) = renamed {
        own.forget();
        return Err(error.into());
    }
    own.changed(old, |live| live.name = retired.clone());
    let kept = retiring::parse(retired, old).map(|(_, until)| Kept {
        token: old.clone(),
        until,
    });
    let minted = mint::mint(context, step, new, kept.as_ref(), &issuer, &mut own).await;
    if let Err(failed) = minted {
        own.forget();
        if let Err(error) = context
            .tenant
            .update_token(&issuer, old, Some(&new.name), None, None)
            .await
        {
            context.progress.notice(
                &step.address,
                &format!(
                    "the old token is still valid, but is now named {retired}: renaming it back to {} failed ({})",
                    new.name,
                    error.chain()
                ),
            );
        }
        return Err(failed);
    }
    let note = mint::delivered(context, new);
    Ok(Some(format!("{note}; the old token is kept as {retired}")))
}
