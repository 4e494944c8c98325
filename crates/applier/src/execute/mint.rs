//! Minting a token and delivering its secret.

use crate::context::Context;
use crate::journal::Intent;
use crate::step_error::StepError;
use model::{
    Address, Credential, IdentityId, LiveToken, NewToken, SecretDocument, Step, StoreKey,
    TenantError, TenantErrorKind, TenantWrite,
};
use secrecy::ExposeSecret;

/// ISC allows this many tokens for one user.
const SLOTS: usize = 10;

/// Mints a token under a name that is free.
pub(super) async fn run<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    new: &NewToken,
) -> Result<Option<String>, StepError> {
    let issuer = prepare(context, new).await?;
    mint(context, &step.address, new, &issuer).await
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

/// Mints, delivers, and sees that both are so.
pub(super) async fn mint<T: TenantWrite>(
    context: &Context<'_, T>,
    address: &Address,
    new: &NewToken,
    issuer: &Credential,
) -> Result<Option<String>, StepError> {
    let there = context.tenant.tokens_of(&new.identity).await?;
    if there.iter().any(|token| token.name == new.name) {
        return Err(StepError::Stale {
            what: address.to_string(),
        });
    }
    if there.len() >= SLOTS {
        return Err(StepError::Missing {
            what: format!(
                "{} has {} tokens, and ISC allows {SLOTS}",
                new.account_name,
                there.len()
            ),
            help: Some("revoke a token that is no longer needed".to_owned()),
        });
    }
    let intent = Intent::Mint {
        owner: new.identity.clone(),
        token: new.name.clone(),
        deliver: new.deliver.clone(),
    };
    let id = context.intend(address, intent)?;
    let result = match context.tenant.mint_token(issuer, new).await {
        Ok(document) => deliver(context, address, new, issuer, &document).await,
        Err(error) => Err(clear_lost(context, address, new, issuer, error).await),
    };
    context.conclude(address, id, &result);
    result?;
    verify(context, address, new).await?;
    Ok(Some(format!("secret delivered to {}", new.deliver)))
}

async fn deliver<T: TenantWrite>(
    context: &Context<'_, T>,
    address: &Address,
    new: &NewToken,
    issuer: &Credential,
    document: &SecretDocument,
) -> Result<(), StepError> {
    let failed = match context.stores.put(&new.deliver, document).await {
        Ok(()) => match context.stores.get(&new.deliver).await {
            Ok(Some(back)) if same(&back.credential, &document.credential) => return Ok(()),
            Ok(_) => StepError::NotAsWritten {
                what: new.deliver.to_string(),
                detail: "the store gives back something else than was delivered".to_owned(),
            },
            Err(source) => StepError::Store {
                doing: "the delivered secret could not be read back from",
                key: new.deliver.clone(),
                source,
            },
        },
        Err(source) => StepError::Store {
            doing: "the secret could not be delivered to",
            key: new.deliver.clone(),
            source,
        },
    };
    // A token whose secret nobody has is of no use, and a danger.
    let token = &document.credential.client_id;
    if let Err(error) = context.tenant.revoke_token(Some(issuer), token).await {
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

/// After a create whose answer was lost: if the token is there, its secret is
/// not, so it is revoked.
async fn clear_lost<T: TenantWrite>(
    context: &Context<'_, T>,
    address: &Address,
    new: &NewToken,
    issuer: &Credential,
    error: TenantError,
) -> StepError {
    if !matches!(error.kind, TenantErrorKind::Unknown { .. }) {
        return error.into();
    }
    let Ok(Some(token)) = named(context, &new.identity, new).await else {
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

async fn verify<T: TenantWrite>(
    context: &Context<'_, T>,
    address: &Address,
    new: &NewToken,
) -> Result<(), StepError> {
    let not_so = |detail: String| {
        Err(StepError::NotAsWritten {
            what: address.to_string(),
            detail,
        })
    };
    match named(context, &new.identity, new).await? {
        None => not_so("the minted token is not in the list of tokens".to_owned()),
        Some(token) if token.scopes != new.scopes => {
            not_so("the minted token has other scopes than were asked for".to_owned())
        }
        Some(token) if token.expires.is_none() && new.expires.is_some() => {
            not_so("the minted token does not end, and was to".to_owned())
        }
        Some(_) => Ok(()),
    }
}

async fn named<T: TenantWrite>(
    context: &Context<'_, T>,
    owner: &IdentityId,
    new: &NewToken,
) -> Result<Option<LiveToken>, TenantError> {
    let tokens = context.tenant.tokens_of(owner).await?;
    Ok(tokens.into_iter().find(|token| token.name == new.name))
}

fn same(left: &Credential, right: &Credential) -> bool {
    left.client_id == right.client_id
        && left.client_secret.expose_secret() == right.client_secret.expose_secret()
}
