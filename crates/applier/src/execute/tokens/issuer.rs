//! Issuer token of an account, read from its store.

use crate::context::Context;
use crate::step_error::StepError;
use model::{Credential, StoreKey, TenantWrite};

/// Reads the token that mints an account's other tokens.
pub(super) async fn read<T: TenantWrite>(
    context: &Context<'_, T>,
    place: &StoreKey,
) -> Result<Credential, StepError> {
    let document = context
        .stores
        .get(place)
        .await
        .map_err(|source| StepError::Store {
            doing: "cannot read the issuer token from",
            key: place.clone(),
            source,
        })?;
    document
        .map(|document| document.credential)
        .ok_or_else(|| StepError::Missing {
            what: format!("{place} no longer has an issuer token"),
            help: None,
        })
}
