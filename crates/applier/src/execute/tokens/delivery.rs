//! Delivery of a token's secret to its store, proven by reading it back.

use crate::context::Context;
use crate::step_error::StepError;
use crate::stores::Holder;
use model::{Address, Credential, NewToken, Readable, SecretDocument, TenantWrite};
use secrecy::ExposeSecret;

/// Checks what is where the secret is to go: nothing, or the secret that the plan
/// found there and may replace. What cannot be read could be another's, and is not
/// overwritten.
pub(super) async fn check_place<T: TenantWrite>(
    context: &Context<'_, T>,
    new: &NewToken,
) -> Result<(), StepError> {
    // What is there cannot be known. GitHub, for one, shows only when it was written.
    if context.stores.readable(&new.deliver.store) == Readable::WriteOnly {
        return Ok(());
    }
    let found = context
        .stores
        .get(&new.deliver)
        .await
        .map_err(|source| StepError::Store {
            doing: "no token was minted, because it is not known what a delivery would overwrite: cannot read",
            key: new.deliver.clone(),
            source,
        })?;
    check_found(context, new, found.as_ref())
}

/// Checks that a place has nothing, or the secret that the plan found there.
fn check_found<T: TenantWrite>(
    context: &Context<'_, T>,
    new: &NewToken,
    found: Option<&SecretDocument>,
) -> Result<(), StepError> {
    let holder = Holder {
        account: &[&new.account_name],
        identity: Some(&new.identity),
        token: Some(&new.name),
    };
    let Some(document) = found else {
        return Ok(());
    };
    if new.overwrites.as_ref() == Some(&document.credential.client_id) {
        return Ok(());
    }
    Err(StepError::Foreign {
        key: new.deliver.clone(),
        why: context
            .stores
            .foreign(document, holder)
            .unwrap_or_else(|| "it was not there when the plan was made".to_owned()),
    })
}

/// Delivers the secret of a token that was just minted.
///
/// The token signs in first. If that or the delivery fails, the token is revoked and the store gets back the secret that
/// it held before; a notice reports what of that failed, too.
pub(super) async fn deliver<T: TenantWrite>(
    context: &Context<'_, T>,
    address: &Address,
    new: &NewToken,
    issuer: &Credential,
    document: &SecretDocument,
) -> Result<(), StepError> {
    // A delivery that fails half-way must not destroy the secret of a token that
    // is still in use. What cannot be read now could not be used, either.
    let earlier = context.stores.get(&new.deliver).await.ok().flatten();
    // What another run delivered since the place was checked is not overwritten.
    let (failed, earlier) = match check_found(context, new, earlier.as_ref()) {
        Err(_) => {
            let overtaken = StepError::Missing {
                what: format!(
                    "another run delivered a secret to {} meanwhile, so the new token is revoked",
                    new.deliver
                ),
                help: Some("run `steersman apply` again once the other run has ended".to_owned()),
            };
            (overtaken, None)
        }
        // A token that cannot sign in is not delivered, and the place is as it was.
        Ok(()) => match prove(context, new, document).await {
            Err(failed) => (failed, None),
            Ok(()) => match put(context, new, document).await {
                Ok(()) => return Ok(()),
                Err(failed) => (failed, earlier),
            },
        },
    };
    // Revoke a token whose secret is lost: it is useless, but still valid.
    let token = &document.credential.client_id;
    let revoked = context.tenant.revoke_token(Some(issuer), token).await;
    if let Some(earlier) = earlier
        && let Err(error) = put(context, new, &earlier).await
    {
        context.progress.notice(
            address,
            &format!(
                "{} may no longer hold the secret of token {}: restoring it after a failed delivery failed ({})",
                new.deliver,
                earlier.credential.client_id,
                error.chain()
            ),
        );
    }
    if let Err(error) = revoked {
        context.progress.notice(
            address,
            &format!(
                "orphaned token {} ({token}) of {}: secret not delivered, revoking it failed ({}); it stays valid until the next apply replaces it; to stop it now, revoke it in ISC",
                new.name,
                new.account_name,
                error.chain()
            ),
        );
        return Err(StepError::Orphan(Box::new(failed)));
    }
    Err(failed)
}

/// Signs in with a token that was just minted: it works, and it belongs to the identity.
async fn prove<T: TenantWrite>(
    context: &Context<'_, T>,
    new: &NewToken,
    document: &SecretDocument,
) -> Result<(), StepError> {
    let signed_in = context.tenant.identity_behind(&document.credential).await;
    let what = format!("the new token {}", new.name);
    let detail = match signed_in {
        Ok(Some(owner)) if owner == new.identity => return Ok(()),
        Ok(Some(owner)) => format!("it belongs to identity {owner}, not to {}", new.identity),
        Ok(None) => "it belongs to no identity".to_owned(),
        Err(error) => format!("signing in with it failed ({})", error.chain()),
    };
    Err(StepError::NotAsWritten { what, detail })
}

/// Writes a secret into its store, and reads it back where the store can be read.
async fn put<T: TenantWrite>(
    context: &Context<'_, T>,
    new: &NewToken,
    document: &SecretDocument,
) -> Result<(), StepError> {
    let place = &new.deliver;
    let failed = |doing| {
        move |source| StepError::Store {
            doing,
            key: place.clone(),
            source,
        }
    };
    let stores = context.stores;
    stores
        .put_as(place, document, new.form)
        .await
        .map_err(failed("cannot deliver the secret to"))?;
    if stores.readable(&place.store) == Readable::WriteOnly {
        return Ok(());
    }
    match stores.get(place).await {
        Ok(Some(back)) if same(&back.credential, &document.credential) => Ok(()),
        Ok(_) => Err(StepError::NotAsWritten {
            what: place.to_string(),
            detail: "the store returns a different secret than was delivered".to_owned(),
        }),
        Err(source) => Err(failed("cannot read back the delivered secret from")(source)),
    }
}

fn same(left: &Credential, right: &Credential) -> bool {
    left.client_id == right.client_id
        && left.client_secret.expose_secret() == right.client_secret.expose_secret()
}
