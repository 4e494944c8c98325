//! Entry of a revoked token in its store: removed, where it is this token's own.

use super::delivery::{self, Place};
use crate::context::Context;
use crate::step_error::StepError;
use crate::stores::StoreError;
use model::{
    DeliveredForm, IdentityId, Readable, SecretDocument, Step, StoreKey, TenantWrite, TokenId,
    error_chain,
};

/// Removes the entry of a token that was just revoked, and says what became of it. The
/// journal knows where the token was delivered. A failure fails no step: the secret is
/// of no use any more.
pub(super) async fn remove<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    token: &TokenId,
) -> Option<String> {
    let place = context.journal.earlier().delivered.remove(&step.address)?;
    match try_to(context, &place, token).await {
        Ok(true) => Some(format!("its entry {place} was removed")),
        // A store that is not declared any more is not touched.
        Ok(false) | Err(StoreError::Undeclared(_)) => None,
        Err(error) => {
            let why = error_chain(&error);
            let why = context.stores.redactor().redact(&why).into_owned();
            context.progress.notice(
                &step.address,
                &format!("its entry {place} was not removed ({why}); remove it yourself"),
            );
            None
        }
    }
}

/// Removes the secret of a token that was just revoked from the document of its successor,
/// and says so. A failure fails no step, as before.
pub(super) async fn forget<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    place: &StoreKey,
    (token, owner): (&TokenId, &IdentityId),
) -> Option<String> {
    // No step of this owner delivers meanwhile.
    let own = context.facts.owner(owner);
    let held = own.lock().await;
    let forgotten = without(context, place, token).await;
    drop(held);
    match forgotten {
        Ok(true) => Some(format!("its secret was removed from {place}")),
        Ok(false) => None,
        Err(error) => {
            let why = context
                .stores
                .redactor()
                .redact(&error.chain())
                .into_owned();
            context.progress.notice(
                &step.address,
                &format!(
                    "{place} still keeps the secret of the revoked token, which is of no use ({why}); the next delivery removes it"
                ),
            );
            None
        }
    }
}

/// Whether a document kept the secret of this token, and does not any more.
async fn without<T: TenantWrite>(
    context: &Context<'_, T>,
    place: &StoreKey,
    token: &TokenId,
) -> Result<bool, StepError> {
    let found = context.stores.get(place).await;
    let found = found.map_err(|source| StepError::Store {
        doing: "cannot read",
        key: place.clone(),
        source,
    })?;
    let keeps = |document: &SecretDocument| {
        let previous = document.previous.as_ref();
        previous.is_some_and(|previous| previous.credential.client_id == *token)
    };
    let Some(mut document) = found.filter(keeps) else {
        return Ok(false);
    };
    let earlier = document.clone();
    document.previous = None;
    let form = DeliveredForm::Json;
    let written = delivery::put(context, place, form, &document).await;
    let Err(failed) = written else {
        return Ok(true);
    };
    match delivery::restore(context, place, form, &document, Some(earlier)).await {
        Place::New => Ok(true),
        Place::AsItWas | Place::Lost(_) | Place::NotKnown => Err(failed),
    }
}

/// Whether there was an entry of this token to remove.
async fn try_to<T: TenantWrite>(
    context: &Context<'_, T>,
    place: &StoreKey,
    token: &TokenId,
) -> Result<bool, StoreError> {
    let stores = context.stores;
    if stores.readable(&place.store) == Readable::WriteOnly {
        // It may hold the secret of another token by now.
        return Err(StoreError::WriteOnly);
    }
    match stores.get(place).await? {
        Some(document) if document.credential.client_id == *token => {
            stores.delete(place).await?;
            Ok(true)
        }
        Some(_) | None => Ok(false),
    }
}
