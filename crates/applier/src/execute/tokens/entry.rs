//! Entry of a revoked token in its store: removed, where it is this token's own.

use crate::context::Context;
use crate::stores::StoreError;
use model::{Readable, Step, StoreKey, TenantWrite, TokenId, error_chain};

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
