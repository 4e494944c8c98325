//! Minting a token and delivering its secret.

use crate::context::Context;
use crate::journal::Intent;
use crate::step_error::{StepError, may_have_happened};
use model::{
    Address, Credential, LiveToken, NewToken, SecretDocument, Step, StoreKey, TenantError,
    TenantWrite,
};
use secrecy::ExposeSecret;

/// ISC allows this many tokens for one user.
const SLOTS: usize = model::TOKEN_LIMIT;

/// Mints a token under a name that is free.
pub(super) async fn run<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    new: &NewToken,
) -> Result<Option<String>, StepError> {
    let issuer = prepare(context, new).await?;
    mint(context, &step.address, new, &issuer).await?;
    verify(context, &step.address, new).await.map(Some)
}

/// Sees that the secret can be delivered, and signs in as the account.
pub(super) async fn prepare<T: TenantWrite>(
    context: &Context<'_, T>,
    new: &NewToken,
) -> Result<Credential, StepError> {
    context
        .stores
        .probe(&new.deliver)
        .await
        .map_err(|source| StepError::Store {
            doing: "nothing was minted, because a secret could not be delivered to",
            key: new.deliver.clone(),
            source,
        })?;
    let issuer = issuer(context, &new.issuer).await?;
    let owner = context.tenant.identity_behind(&issuer).await?;
    if owner.as_ref() != Some(&new.identity) {
        return Err(StepError::Missing {
            what: format!(
                "the issuer at {} belongs to identity {}, and {} is identity {}",
                new.issuer,
                owner.map_or_else(|| "none".to_owned(), |owner| owner.to_string()),
                new.account_name,
                new.identity
            ),
            help: Some(format!("put a token of {} there", new.account_name)),
        });
    }
    Ok(issuer)
}

/// The token in the store that mints an account's other tokens.
pub(super) async fn issuer<T: TenantWrite>(
    context: &Context<'_, T>,
    place: &StoreKey,
) -> Result<Credential, StepError> {
    let document = context
        .stores
        .get(place)
        .await
        .map_err(|source| StepError::Store {
            doing: "the issuer could not be read from",
            key: place.clone(),
            source,
        })?;
    document
        .map(|document| document.credential)
        .ok_or_else(|| StepError::Missing {
            what: format!("there is no issuer at {place} any more"),
            help: None,
        })
}

/// Mints and delivers. If that fails, no token is left and the store holds what
/// it held before; where that could not be brought about, a notice says so.
pub(super) async fn mint<T: TenantWrite>(
    context: &Context<'_, T>,
    address: &Address,
    new: &NewToken,
    issuer: &Credential,
) -> Result<(), StepError> {
    let there = context.tenant.tokens_of(&new.identity).await?;
    if there.iter().any(|token| token.name == new.name) {
        return Err(StepError::Stale {
            what: address.to_string(),
        });
    }
    slot(new, &there)?;
    let intent = Intent::Mint {
        owner: new.identity.clone(),
        token: new.name.clone(),
        deliver: new.deliver.clone(),
    };
    let act = async {
        match context.tenant.mint_token(issuer, new).await {
            Ok(document) => deliver(context, address, new, issuer, &document).await,
            Err(error) if may_have_happened(&error) => {
                Err(clear_lost(context, address, new, issuer, error).await)
            }
            Err(error) => Err(error.into()),
        }
    };
    context.journalled(address, intent, act).await?;
    context.supersede_mints(&new.identity, &new.name);
    Ok(())
}

/// Sees that there is room for one more token.
pub(super) fn slot(new: &NewToken, there: &[LiveToken]) -> Result<(), StepError> {
    if there.len() < SLOTS {
        return Ok(());
    }
    Err(StepError::Missing {
        what: format!(
            "{} has {} tokens, and ISC allows {SLOTS}",
            new.account_name,
            there.len()
        ),
        help: Some("revoke a token that is no longer needed".to_owned()),
    })
}

async fn deliver<T: TenantWrite>(
    context: &Context<'_, T>,
    address: &Address,
    new: &NewToken,
    issuer: &Credential,
    document: &SecretDocument,
) -> Result<(), StepError> {
    // A delivery that fails half-way must not cost the secret of a token that is
    // still in use. What cannot be read now cannot be put back, nor was it of use.
    let earlier = context.stores.get(&new.deliver).await.ok().flatten();
    let Err(failed) = put(context, &new.deliver, document).await else {
        return Ok(());
    };
    // A token whose secret nobody has is of no use, and a danger.
    let token = &document.credential.client_id;
    let revoked = context.tenant.revoke_token(Some(issuer), token).await;
    if let Some(earlier) = earlier
        && let Err(error) = put(context, &new.deliver, &earlier).await
    {
        context.notice(
            address,
            format!(
                "{} may no longer hold the secret of token {} that it held before ({})",
                new.deliver,
                earlier.credential.client_id,
                error.chain()
            ),
        );
    }
    if let Err(error) = revoked {
        context.notice(
            address,
            format!(
                "token {} ({token}) of {} is an orphan: its secret was not delivered, and revoking it failed too ({}); the next apply replaces it",
                new.name, new.account_name, error.chain()
            ),
        );
        return Err(StepError::Orphan(Box::new(failed)));
    }
    Err(failed)
}

/// Writes a secret into its store, and sees that the store gives it back.
async fn put<T: TenantWrite>(
    context: &Context<'_, T>,
    place: &StoreKey,
    document: &SecretDocument,
) -> Result<(), StepError> {
    let failed = |doing| {
        move |source| StepError::Store {
            doing,
            key: place.clone(),
            source,
        }
    };
    let stores = context.stores;
    stores
        .put(place, document)
        .await
        .map_err(failed("the secret could not be delivered to"))?;
    match stores.get(place).await {
        Ok(Some(back)) if same(&back.credential, &document.credential) => Ok(()),
        Ok(_) => Err(StepError::NotAsWritten {
            what: place.to_string(),
            detail: "the store gives back something else than was delivered".to_owned(),
        }),
        Err(source) => Err(failed("the delivered secret could not be read back from")(
            source,
        )),
    }
}

/// After a create whose answer was lost: if the token is there, its secret is
/// not, so it is revoked.
async fn clear_lost<T: TenantWrite>(
    context: &Context<'_, T>,
    address: &Address,
    new: &NewToken,
    issuer: &Credential,
    error: TenantError,
) -> StepError {
    let Ok(Some(token)) = named(context, new).await else {
        return error.into();
    };
    match context.tenant.revoke_token(Some(issuer), &token.id).await {
        Ok(()) => StepError::Missing {
            what: format!(
                "the answer with the secret of {} was lost on its way, so the token was revoked",
                new.name
            ),
            help: Some("apply again to mint it anew".to_owned()),
        },
        Err(revoking) => {
            context.notice(
                address,
                format!(
                    "token {} ({}) of {} is an orphan: the answer with its secret was lost, and revoking it failed ({}); the next apply replaces it",
                    new.name, token.id, new.account_name, revoking.chain()
                ),
            );
            error.into()
        }
    }
}

/// Sees that the token is as it was asked for, and says where its secret is.
pub(super) async fn verify<T: TenantWrite>(
    context: &Context<'_, T>,
    address: &Address,
    new: &NewToken,
) -> Result<String, StepError> {
    let not_so = |detail: String| {
        Err(StepError::NotAsWritten {
            what: address.to_string(),
            detail,
        })
    };
    match named(context, new).await? {
        None => not_so("the minted token is not in the list of tokens".to_owned()),
        Some(token) if token.scopes != new.scopes => {
            not_so("the minted token has other scopes than were asked for".to_owned())
        }
        Some(token) if token.expires.is_none() && new.expires.is_some() => {
            not_so("the minted token does not end, and was to".to_owned())
        }
        Some(_) => Ok(format!("secret delivered to {}", new.deliver)),
    }
}

async fn named<T: TenantWrite>(
    context: &Context<'_, T>,
    new: &NewToken,
) -> Result<Option<LiveToken>, TenantError> {
    let tokens = context.tenant.tokens_of(&new.identity).await?;
    Ok(tokens.into_iter().find(|token| token.name == new.name))
}

fn same(left: &Credential, right: &Credential) -> bool {
    left.client_id == right.client_id
        && left.client_secret.expose_secret() == right.client_secret.expose_secret()
}
