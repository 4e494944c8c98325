//! Issuer token of an account, read from its store.

use crate::context::Context;
use crate::step_error::StepError;
use crate::stores::Holder;
use model::{AccountName, Credential, IdentityId, NewToken, SecretDocument, StoreKey, TenantWrite};

/// Reads the token that mints an account's other tokens, and signs in with it. Returns the
/// identity that it belongs to, too.
pub(super) async fn signed_in<T: TenantWrite>(
    context: &Context<'_, T>,
    new: &NewToken,
) -> Result<(Credential, Option<IdentityId>), StepError> {
    with_it(context, || read(context, new)).await
}

/// The same for the token that changes an account's tokens, where the account is not known.
pub(super) async fn signed_in_any<T: TenantWrite>(
    context: &Context<'_, T>,
    place: &StoreKey,
) -> Result<(Credential, Option<IdentityId>), StepError> {
    with_it(context, || read_any(context, place)).await
}

/// Signs in with an issuer token. Where that fails, the store is read again: another step
/// of the run may have replaced the issuer token.
async fn with_it<T: TenantWrite, R>(
    context: &Context<'_, T>,
    read: impl Fn() -> R,
) -> Result<(Credential, Option<IdentityId>), StepError>
where
    R: Future<Output = Result<Credential, StepError>>,
{
    let issuer = read().await?;
    match context.tenant.identity_behind(&issuer).await {
        Ok(owner) => Ok((issuer, owner)),
        Err(error) => match read().await {
            Ok(now) if now.client_id != issuer.client_id => {
                let owner = context.tenant.identity_behind(&now).await?;
                Ok((now, owner))
            }
            Ok(_) | Err(_) => Err(error.into()),
        },
    }
}

/// Reads the token that mints an account's other tokens.
async fn read<T: TenantWrite>(
    context: &Context<'_, T>,
    new: &NewToken,
) -> Result<Credential, StepError> {
    let document = find(context, &new.issuer).await?;
    own(
        context,
        document,
        &new.issuer,
        &[&new.account_name],
        Some(&new.identity),
    )
}

/// Reads the token that changes the tokens of this identity.
pub(super) async fn read_of<T: TenantWrite>(
    context: &Context<'_, T>,
    place: &StoreKey,
    identity: &IdentityId,
) -> Result<Credential, StepError> {
    let document = find(context, place).await?;
    let account = document.account.clone();
    let account: Vec<&AccountName> = account.iter().collect();
    let issuer = own(context, document, place, &account, Some(identity))?;
    let owner = context.tenant.identity_behind(&issuer).await?;
    if owner.as_ref() == Some(identity) {
        return Ok(issuer);
    }
    Err(StepError::Missing {
        what: format!("the issuer token at {place} is not of identity {identity}"),
        help: None,
    })
}

/// Reads the token that changes an account's tokens, where the account is not known.
async fn read_any<T: TenantWrite>(
    context: &Context<'_, T>,
    place: &StoreKey,
) -> Result<Credential, StepError> {
    let document = find(context, place).await?;
    let account = document.account.clone();
    let account: Vec<&AccountName> = account.iter().collect();
    own(context, document, place, &account, None)
}

async fn find<T: TenantWrite>(
    context: &Context<'_, T>,
    place: &StoreKey,
) -> Result<SecretDocument, StepError> {
    context
        .stores
        .get(place)
        .await
        .map_err(|source| StepError::Store {
            doing: "cannot read the issuer token from",
            key: place.clone(),
            source,
        })?
        .ok_or_else(|| StepError::Missing {
            what: format!("{place} no longer has an issuer token"),
            help: None,
        })
}

/// The credential of a document that is of this tenant, account and identity.
fn own<T: TenantWrite>(
    context: &Context<'_, T>,
    document: SecretDocument,
    place: &StoreKey,
    account: &[&AccountName],
    identity: Option<&IdentityId>,
) -> Result<Credential, StepError> {
    let holder = Holder {
        account,
        identity,
        token: None,
    };
    match context.stores.foreign(&document, holder) {
        Some(why) => Err(StepError::Missing {
            what: format!("the issuer token at {place} is not of this account and tenant: {why}"),
            help: Some(
                "store the account's own issuer token there, or declare another key".to_owned(),
            ),
        }),
        None => Ok(document.credential),
    }
}
