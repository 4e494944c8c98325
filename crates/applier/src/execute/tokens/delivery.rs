//! Delivery of a token's secret to its store, proven by reading it back.

use crate::context::Context;
use crate::step_error::StepError;
use crate::stores::Holder;
use jiff::Timestamp;
use model::{
    Address, Credential, DeliveredForm, NewToken, PreviousSecret, Readable, SecretDocument,
    StoreKey, TenantWrite, TokenId,
};
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
/// The token signs in first. If that or the delivery fails, the place gets back what it
/// held before, and the token is revoked; but while it is not known which secret the place
/// holds, the token stays, so that no place has the secret of a revoked one. Notices
/// report what could not be undone.
pub(super) async fn deliver<T: TenantWrite>(
    context: &Context<'_, T>,
    address: &Address,
    new: &NewToken,
    issuer: &Credential,
    document: SecretDocument,
    kept: Option<&Kept>,
) -> Result<(), StepError> {
    let (place, form) = (&new.deliver, new.form);
    let mut document = document;
    let (failed, place) = match before(context, new, &document).await {
        Err(failed) => (failed, Place::AsItWas),
        Ok(earlier) => {
            document.previous = earlier
                .as_ref()
                .and_then(|earlier| previous(earlier, form, kept));
            match put(context, place, form, &document).await {
                Ok(()) => return Ok(()),
                Err(failed) => {
                    let held = restore(context, place, form, &document, earlier).await;
                    (failed, held)
                }
            }
        }
    };
    let token = &document.credential.client_id;
    match place {
        Place::AsItWas => {}
        // The put said that it failed, and the place has the secret that was proven.
        Place::New => return Ok(()),
        Place::Lost(earlier) => context.progress.notice(
            address,
            &format!(
                "{} no longer holds the secret of token {earlier}: restoring it after a failed delivery failed",
                new.deliver,
            ),
        ),
        Place::NotKnown => {
            context.progress.notice(
                address,
                &format!(
                    "which secret {} holds could not be read, so the new token {} ({token}) of {} stays valid beside the old one; the next apply that can read the place replaces it if its secret is not there",
                    new.deliver, new.name, new.account_name
                ),
            );
            return Err(StepError::Orphan(Box::new(failed)));
        }
    }
    // A token whose secret is lost is useless, but still valid.
    let revoked = context.tenant.revoke_token(Some(issuer), token).await;
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

/// A token that was renamed, and is kept for its overlap.
pub(super) struct Kept {
    /// The token.
    pub(super) token: TokenId,
    /// The end of its overlap.
    pub(super) until: Timestamp,
}

/// The secret of a token that is kept, where the form has room for it: a reader of any
/// other form expects one secret.
fn previous(
    earlier: &SecretDocument,
    form: DeliveredForm,
    kept: Option<&Kept>,
) -> Option<Box<PreviousSecret>> {
    let kept = kept.filter(|kept| kept.token == earlier.credential.client_id)?;
    match form {
        DeliveredForm::Json => Some(Box::new(earlier.kept_until(kept.until))),
        DeliveredForm::Dotenv | DeliveredForm::Sail | DeliveredForm::Field(_) => None,
    }
}

/// What a place holds after a delivery that failed.
pub(super) enum Place {
    /// What it held before.
    AsItWas,
    /// The new secret.
    New,
    /// Not the secret of this token that it held before.
    Lost(TokenId),
    /// Either the new secret or the one before.
    NotKnown,
}

/// What the place holds before the delivery, which a delivery that fails half-way must not
/// destroy. What another run delivered since the place was checked is not overwritten, and
/// neither is what cannot be read. A token that cannot sign in is not delivered.
async fn before<T: TenantWrite>(
    context: &Context<'_, T>,
    new: &NewToken,
    document: &SecretDocument,
) -> Result<Option<SecretDocument>, StepError> {
    let readable = context.stores.readable(&new.deliver.store);
    let earlier = match readable {
        Readable::WriteOnly => None,
        Readable::Yes => {
            let earlier = context.stores.get(&new.deliver).await;
            earlier.map_err(|source| StepError::Store {
                doing: "the new token was revoked, because it is not known what its delivery would overwrite: cannot read",
                key: new.deliver.clone(),
                source,
            })?
        }
    };
    if check_found(context, new, earlier.as_ref()).is_err() {
        return Err(StepError::Missing {
            what: format!(
                "another run delivered a secret to {} meanwhile, so the new token is revoked",
                new.deliver
            ),
            help: Some("run `steersman apply` again once the other run has ended".to_owned()),
        });
    }
    prove(context, new, document).await?;
    Ok(earlier)
}

/// Writes back what a place held before a delivery that failed, and reads it.
pub(super) async fn restore<T: TenantWrite>(
    context: &Context<'_, T>,
    place: &StoreKey,
    form: DeliveredForm,
    document: &SecretDocument,
    earlier: Option<SecretDocument>,
) -> Place {
    let stores = context.stores;
    let holds = |wanted: &Credential, found: &Option<SecretDocument>| {
        found
            .as_ref()
            .is_some_and(|found| same(&found.credential, wanted))
    };
    if stores.readable(&place.store) == Readable::WriteOnly {
        return Place::NotKnown;
    }
    match earlier {
        Some(earlier) => match put(context, place, form, &earlier).await {
            Ok(()) => Place::AsItWas,
            Err(_) => match stores.get(place).await {
                Ok(found) if holds(&document.credential, &found) => Place::New,
                Ok(found) if holds(&earlier.credential, &found) => Place::AsItWas,
                Ok(_) => Place::Lost(earlier.credential.client_id),
                Err(_) => Place::NotKnown,
            },
        },
        None => match stores.get(place).await {
            Ok(found) if holds(&document.credential, &found) => Place::New,
            // Nothing that works was overwritten.
            Ok(_) => Place::AsItWas,
            Err(_) => Place::NotKnown,
        },
    }
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
pub(super) async fn put<T: TenantWrite>(
    context: &Context<'_, T>,
    place: &StoreKey,
    form: DeliveredForm,
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
        .put_as(place, document, form)
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
