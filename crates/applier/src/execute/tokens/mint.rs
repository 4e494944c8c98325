//! Minting of a token: checks, creation, delivery of its secret, verification.

use super::delivery::Kept;
use super::{delivery, issuer};
use crate::context::{Context, OwnTokens, Written};
use crate::execute::checks;
use crate::journal::MintIntent;
use crate::step_error::{StepError, may_have_happened};
use jiff::Timestamp;
use model::{
    Credential, Incomplete, IncompleteReason, LiveToken, NewToken, Origin, Readable,
    SecretDocument, Step, TenantError, TenantWrite, TokenChange,
};

/// Mints a token under a name that is free.
pub(in crate::execute) async fn run<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    new: &NewToken,
) -> Result<Option<String>, StepError> {
    let issuer = prepare(context, new).await?;
    let own = context.facts.owner(&new.identity);
    let mut own = own.lock().await;
    let issuer = own.access(issuer);
    mint(context, step, new, None, &issuer, &mut own).await?;
    Ok(Some(delivered(context, new)))
}

/// Checks that the secret can be delivered, and that the issuer token belongs to
/// the account.
pub(super) async fn prepare<T: TenantWrite>(
    context: &Context<'_, T>,
    new: &NewToken,
) -> Result<Credential, StepError> {
    context
        .stores
        .probe(&new.deliver)
        .await
        .map_err(|source| StepError::Store {
            doing: "no token was created, because no secret can be delivered to",
            key: new.deliver.clone(),
            source,
        })?;
    delivery::check_place(context, new).await?;
    let (issuer, owner) = issuer::signed_in(context, new).await?;
    if owner.as_ref() != Some(&new.identity) {
        return Err(StepError::Missing {
            what: format!(
                "the issuer token at {} belongs to {}, but {} is identity {}",
                new.issuer,
                owner.map_or_else(
                    || "no identity".to_owned(),
                    |owner| format!("identity {owner}")
                ),
                new.account_name,
                new.identity
            ),
            help: Some(format!("store a token of {} there", new.account_name)),
        });
    }
    Ok(issuer)
}

/// Mints and delivers; the document keeps the secret of `kept`, too. If that fails, no token is left and the store holds the
/// secret that it held before; a notice reports what of that failed, too.
pub(super) async fn mint<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    new: &NewToken,
    kept: Option<&Kept>,
    issuer: &Credential,
    own: &mut OwnTokens,
) -> Result<(), StepError> {
    let observed = own.list(context.tenant, &new.identity, issuer).await?;
    if observed.iter().any(|token| token.name == new.name) {
        return Err(checks::stale(step));
    }
    check_listed(new, observed, issuer)?;
    check_slot(new, observed)?;
    let intent = MintIntent {
        owner: new.identity.clone(),
        token: new.name.clone(),
        deliver: new.deliver.clone(),
        target: context.stores.target(&new.deliver),
        since: Some(context.planned_at),
        declared: Some(new.declared.clone()),
    };
    let unseen = intent.clone();
    let act = async {
        match context.tenant.mint_token(issuer, new).await {
            Ok(document) => {
                let origin = Origin::Store(new.deliver.clone());
                let secret = &document.credential.client_secret;
                context.stores.redactor().learn_from(secret, origin);
                let token = minted(new, &document, context.planned_at);
                delivery::deliver(context, &step.address, new, issuer, document, kept).await?;
                Ok(token)
            }
            Err(error) if may_have_happened(&error) => {
                Err(revoke_unseen(context, step, new, &unseen, issuer, error).await)
            }
            Err(error) => Err(error.into()),
        }
    };
    match context.journalled(&step.address, intent, act).await {
        Ok(token) => {
            own.expect(Written {
                step: step.address.clone(),
                token: token.id.clone(),
                is_new: true,
                change: TokenChange {
                    scopes: Some(new.scopes.clone()),
                    expires: Some(new.expires),
                },
            });
            own.created(token);
            Ok(())
        }
        Err(error) => {
            // It is not known what is there now.
            own.forget();
            Err(error)
        }
    }
}

/// The new token, as the next step of its owner sees it.
fn minted(new: &NewToken, document: &SecretDocument, now: Timestamp) -> LiveToken {
    LiveToken {
        id: document.credential.client_id.clone(),
        name: new.name.clone(),
        owner: new.identity.clone(),
        scopes: new.scopes.clone(),
        created: document.created.unwrap_or(now),
        expires: document.expires,
        last_used: None,
        access_token_validity: new.access_token_validity,
        managed: false,
    }
}

/// Where the secret of a new token is, for its step.
pub(super) fn delivered<T: TenantWrite>(context: &Context<'_, T>, new: &NewToken) -> String {
    let place = &new.deliver;
    match context.stores.readable(&place.store) {
        Readable::Yes => format!("secret delivered to {place}"),
        Readable::WriteOnly => {
            format!("secret proven by signing in, and written to {place}, which cannot be read")
        }
    }
}

/// Checks that the list of the owner's tokens has the issuer token. One that lacks it
/// lacks others, too, and then a token would be created a second time.
fn check_listed(
    new: &NewToken,
    observed: &[LiveToken],
    issuer: &Credential,
) -> Result<(), StepError> {
    if observed.iter().any(|token| token.id == issuer.client_id) {
        return Ok(());
    }
    Err(StepError::Unread {
        what: format!("the personal access tokens of {}", new.account_name),
        why: Incomplete::new(
            IncompleteReason::Contradicted,
            format!(
                "the list has {}, and lacks the issuer token {} of the same owner",
                observed.len(),
                issuer.client_id
            ),
        ),
    })
}

/// Checks that the owner may have one more token.
pub(in crate::execute) fn check_slot(
    new: &NewToken,
    observed: &[LiveToken],
) -> Result<(), StepError> {
    let limit = LiveToken::MAX_PER_OWNER;
    if observed.len() < limit {
        return Ok(());
    }
    Err(StepError::Missing {
        what: format!(
            "{} has {} tokens, and ISC allows {limit}",
            new.account_name,
            observed.len()
        ),
        help: Some("revoke a token that is no longer needed".to_owned()),
    })
}

/// Revokes a token that ISC created although its response, and with it the
/// secret, was lost. A token that another run made meanwhile is left alone: the
/// store has its secret.
async fn revoke_unseen<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    new: &NewToken,
    intent: &MintIntent,
    issuer: &Credential,
    error: TenantError,
) -> StepError {
    let Ok(Some(token)) = named(context, new, issuer).await else {
        return error.into();
    };
    if !intent.may_have_minted(&token) {
        return error.into();
    }
    match context.stores.get(&new.deliver).await {
        Ok(Some(document)) if document.credential.client_id == token.id => {
            return StepError::Missing {
                what: format!(
                    "the response with the secret of {} was lost, and another run delivered the token of that name to {}",
                    new.name, new.deliver
                ),
                help: Some("run `steersman plan` to see what is left".to_owned()),
            };
        }
        Ok(_) => {}
        // Whose token it is, is not known: the next run looks again.
        Err(_) => return error.into(),
    }
    match context.tenant.revoke_token(Some(issuer), &token.id).await {
        Ok(()) => StepError::Missing {
            what: format!(
                "the response with the secret of {} was lost, so the token was revoked",
                new.name
            ),
            help: Some("run `steersman apply` again to create it".to_owned()),
        },
        Err(revoking) => {
            context.progress.notice(
                &step.address,
                &format!(
                    "orphaned token {} ({}) of {}: the response with its secret was lost, revoking it failed ({}); it stays valid until the next apply replaces it; to stop it now, revoke it in ISC",
                    new.name,
                    token.id,
                    new.account_name,
                    revoking.chain()
                ),
            );
            error.into()
        }
    }
}

async fn named<T: TenantWrite>(
    context: &Context<'_, T>,
    new: &NewToken,
    issuer: &Credential,
) -> Result<Option<LiveToken>, TenantError> {
    let owner = &new.identity;
    let tokens = context.tenant.tokens_of(owner, Some(issuer)).await?;
    Ok(tokens.into_iter().find(|token| token.name == new.name))
}
