//! Step of a plan that replaces an issuer token.

use super::replace::{Replaced, Tools};
use crate::context::Context;
use crate::execute::checks;
use crate::step_error::StepError;
use model::{IssuerReplacement, LiveToken, Step, TenantWrite};

/// Replaces the issuer token, if it is as it was when the plan was made. Steps of the same
/// owner that come after it go on with the new one.
pub(in crate::execute) async fn run<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    replacement: &IssuerReplacement,
) -> Result<Option<String>, StepError> {
    let new = &replacement.new;
    let own = context.facts.owner(&new.identity);
    let mut own = own.lock().await;
    let notice = |text: String| context.progress.notice(&step.address, &text);
    let tools = Tools {
        tenant: context.tenant,
        stores: context.stores,
        journal: context.journal,
        since: context.planned_at,
        notice: &notice,
    };
    let present = tools.prepare(replacement).await?;
    let issuer = &present.document.credential;
    let tokens = own
        .list(context.tenant, &new.identity, issuer)
        .await?
        .to_vec();
    let found = tokens.iter().find(|token| token.id == replacement.old);
    checks::as_planned(step, found.map(LiveToken::fingerprint).as_ref())?;
    let replaced = match tools.replace(replacement, &present, &tokens).await {
        Ok(replaced) => replaced,
        Err(error) => {
            // It is not known what is there now.
            own.forget();
            return Err(error);
        }
    };
    let Replaced {
        credential,
        tokens,
        old_lives,
    } = replaced;
    own.renewed(credential, tokens);
    match old_lives {
        None => Ok(Some(format!("secret delivered to {}", new.deliver))),
        Some(why) => Err(StepError::Missing {
            what: format!(
                "the issuer token was replaced, but its predecessor {} could not be revoked: {why}",
                replacement.old
            ),
            help: Some("run `steersman apply` again to revoke it".to_owned()),
        }),
    }
}
