//! First issuer token of an account: minted with the access of the account holder, who
//! has signed in, proven, and put into its store.
//!
//! Nobody sees its secret. If any of it fails, the token is revoked and nothing is left;
//! where revoking fails, too, the error names the token.

use crate::journal::{Conclusion, Journal, JournalError, MintIntent, Unfinished};
use crate::step_error::may_have_happened;
use crate::stores::{StoreError, Stores};
use model::{
    Address, Credential, IssuerReplacement, LiveToken, NewToken, Origin, SecretDocument, StoreKey,
    TenantError, TenantWrite, TokenId, TokenName, error_chain,
};
use secrecy::ExposeSecret;

/// Why an account has no new issuer token in its store.
#[derive(Debug, thiserror::Error)]
pub enum FirstIssuerError {
    /// A call to the tenant failed, and nothing was created.
    #[error(transparent)]
    Tenant(#[from] TenantError),
    /// The secret could not be put into its store, or read back.
    #[error("{doing} {key}")]
    Store {
        /// What failed, such as `cannot store the issuer token at`.
        doing: &'static str,
        /// Where.
        key: StoreKey,
        /// Why.
        #[source]
        source: StoreError,
    },
    /// The store returns something else than was put there.
    #[error("the store returns a different secret for {key} than was stored")]
    NotAsStored {
        /// Where.
        key: StoreKey,
    },
    /// The owner has as many tokens as ISC allows.
    #[error("it has {count} tokens, and ISC allows {}", LiveToken::MAX_PER_OWNER)]
    Full {
        /// How many.
        count: usize,
    },
    /// The new token does not sign in as its owner.
    #[error("the new token does not sign in as its owner")]
    NotProven,
    /// The response with the secret was lost; the token was revoked, if there was one.
    #[error("the response with the secret was lost, so the token was revoked")]
    Lost,
    /// The journal could not be written, so nothing was created.
    #[error("no token was created, because the journal cannot be written")]
    Journal(#[source] JournalError),
    /// A token was created, its secret is in no store, and revoking it failed.
    #[error("{}; revoking the new token {name} ({token}) failed: {}", error_chain(.failed), .revoking.chain())]
    Orphan {
        /// The token.
        token: TokenId,
        /// Its name.
        name: TokenName,
        /// Why its secret is not in its store.
        failed: Box<FirstIssuerError>,
        /// Why it was not revoked.
        revoking: TenantError,
    },
}

/// Mints the issuer token with the access of its owner, and stores it.
///
/// It gets the name of `first.new` where that is free, else with a number behind it. The
/// place must hold nothing that is still of use: the caller has looked.
///
/// # Errors
/// What failed. Nothing is left then, but for [`FirstIssuerError::Orphan`].
pub async fn mint_first_issuer<T: TenantWrite>(
    tenant: &T,
    stores: &Stores,
    journal: &Journal,
    access: &Credential,
    mut first: IssuerReplacement,
    since: jiff::Timestamp,
) -> Result<SecretDocument, FirstIssuerError> {
    let new = &mut first.new;
    let place = new.deliver.clone();
    probe_issuer_place(stores, &place).await?;
    let mut tokens = tenant.tokens_of(&new.identity, Some(access)).await?;
    revoke_leftovers(tenant, stores, journal, access, &mut tokens).await?;
    if tokens.len() >= LiveToken::MAX_PER_OWNER {
        return Err(FirstIssuerError::Full {
            count: tokens.len(),
        });
    }
    new.name = free_name(&new.name, &tokens);
    let intent = MintIntent {
        owner: new.identity.clone(),
        token: new.name.clone(),
        target: stores.target(&place),
        deliver: place,
        since: Some(since),
        // A person who signs in again is no further try of this one.
        declared: None,
    };
    let address = Address::Issuer(new.account.clone());
    let id = journal
        .intend(&address, intent.clone())
        .map_err(FirstIssuerError::Journal)?;
    let result = mint(tenant, stores, access, &first, &intent).await;
    let conclusion = match &result {
        Ok(_) => Some(Conclusion::Done),
        Err(FirstIssuerError::Orphan { .. }) => None,
        Err(FirstIssuerError::Tenant(error)) if may_have_happened(error) => None,
        Err(error) => {
            let why = error_chain(error);
            Some(Conclusion::Failed(
                stores.redactor().redact(&why).into_owned(),
            ))
        }
    };
    if let Some(conclusion) = conclusion
        && let Err(error) = journal.conclude(id, &conclusion)
    {
        // The token exists and is stored; the next run looks for it and finds that.
        tracing::warn!(error = %error_chain(&error), "cannot write the result to the journal");
    }
    result
}

/// Revokes the issuer token that was in a place before another was stored there, with the
/// access of that other one. Its secret must have been nowhere else. Returns whether it was
/// revoked: not while it is the one in the place.
///
/// # Errors
/// A place that cannot be read, and what the tenant answers.
pub async fn revoke_former_issuer<T: TenantWrite>(
    tenant: &T,
    stores: &Stores,
    place: &StoreKey,
    former: &TokenId,
) -> Result<bool, FirstIssuerError> {
    let now = stores.get(place).await;
    let now = now.map_err(store("cannot read the issuer token at", place))?;
    let Some(now) = now.filter(|now| now.credential.client_id != *former) else {
        return Ok(false);
    };
    tenant.revoke_token(Some(&now.credential), former).await?;
    Ok(true)
}

/// Checks that a secret could be stored, before anyone is asked for one.
///
/// # Errors
/// A store that cannot be written.
pub async fn probe_issuer_place(stores: &Stores, place: &StoreKey) -> Result<(), FirstIssuerError> {
    stores
        .probe(place)
        .await
        .map_err(store("no issuer token can be stored at", place))
}

/// Stores an issuer token, and reads it back.
///
/// # Errors
/// A store that cannot be written or read, or that returns something else.
pub async fn store_issuer(
    stores: &Stores,
    place: &StoreKey,
    document: &SecretDocument,
) -> Result<(), FirstIssuerError> {
    stores
        .put(place, document)
        .await
        .map_err(store("cannot store the issuer token at", place))?;
    let back = stores
        .get(place)
        .await
        .map_err(store("cannot read back the issuer token at", place))?;
    let is_same = back.is_some_and(|back| {
        let (left, right) = (&back.credential, &document.credential);
        left.client_id == right.client_id
            && left.client_secret.expose_secret() == right.client_secret.expose_secret()
    });
    if is_same {
        Ok(())
    } else {
        Err(FirstIssuerError::NotAsStored { key: place.clone() })
    }
}

fn store(
    doing: &'static str,
    place: &StoreKey,
) -> impl FnOnce(StoreError) -> FirstIssuerError + use<> {
    let key = place.clone();
    move |source| FirstIssuerError::Store { doing, key, source }
}

/// The name, or the first of it with a number that no token has.
fn free_name(wanted: &TokenName, tokens: &[LiveToken]) -> TokenName {
    let is_taken = |name: &TokenName| tokens.iter().any(|token| token.name == *name);
    if !is_taken(wanted) {
        return wanted.clone();
    }
    (2..=LiveToken::MAX_PER_OWNER + 1)
        .map(|number| TokenName::from(format!("{wanted}-{number}")))
        .find(|name| !is_taken(name))
        .unwrap_or_else(|| wanted.clone())
}

async fn mint<T: TenantWrite>(
    tenant: &T,
    stores: &Stores,
    access: &Credential,
    first: &IssuerReplacement,
    intent: &MintIntent,
) -> Result<SecretDocument, FirstIssuerError> {
    let IssuerReplacement { old, new } = first;
    let document = match tenant.mint_token(access, new).await {
        Ok(document) => SecretDocument {
            replaces: Some(old.clone()),
            rotation: new.rotation,
            ..document
        },
        Err(error) if may_have_happened(&error) => {
            return Err(revoke_unseen(tenant, access, new, intent, error).await);
        }
        Err(error) => return Err(error.into()),
    };
    let origin = Origin::Store(new.deliver.clone());
    let secret = &document.credential.client_secret;
    stores.redactor().learn_from(secret, origin);
    let earlier = stores.get(&new.deliver).await.ok().flatten();
    let failed = match deliver(tenant, stores, new, &document).await {
        Ok(()) => return Ok(document),
        Err(failed) => failed,
    };
    if let Some(earlier) = earlier {
        // The place may hold half of the new document. What was there works no worse.
        let _ = stores.put(&new.deliver, &earlier).await;
    }
    let token = document.credential.client_id;
    Err(match tenant.revoke_token(Some(access), &token).await {
        Ok(()) => failed,
        Err(revoking) => FirstIssuerError::Orphan {
            token,
            name: new.name.clone(),
            failed: Box::new(failed),
            revoking,
        },
    })
}

/// Signs in with the new token, and stores it.
async fn deliver<T: TenantWrite>(
    tenant: &T,
    stores: &Stores,
    new: &NewToken,
    document: &SecretDocument,
) -> Result<(), FirstIssuerError> {
    let owner = tenant.identity_behind(&document.credential).await?;
    if owner.as_ref() != Some(&new.identity) {
        return Err(FirstIssuerError::NotProven);
    }
    store_issuer(stores, &new.deliver, document).await
}

/// Revokes a token that ISC created although its response, and with it the secret, was
/// lost.
async fn revoke_unseen<T: TenantWrite>(
    tenant: &T,
    access: &Credential,
    new: &NewToken,
    intent: &MintIntent,
    lost: TenantError,
) -> FirstIssuerError {
    let Ok(tokens) = tenant.tokens_of(&new.identity, Some(access)).await else {
        return lost.into();
    };
    let Some(token) = tokens.iter().find(|token| intent.may_have_minted(token)) else {
        return FirstIssuerError::Lost;
    };
    match tenant.revoke_token(Some(access), &token.id).await {
        Ok(()) => FirstIssuerError::Lost,
        Err(revoking) => FirstIssuerError::Orphan {
            token: token.id.clone(),
            name: token.name.clone(),
            failed: Box::new(lost.into()),
            revoking,
        },
    }
}

/// Revokes issuer tokens whose minting an earlier run began and did not end, and whose
/// secret is not in its place.
async fn revoke_leftovers<T: TenantWrite>(
    tenant: &T,
    stores: &Stores,
    journal: &Journal,
    access: &Credential,
    tokens: &mut Vec<LiveToken>,
) -> Result<(), FirstIssuerError> {
    for Unfinished { id, intent, .. } in journal.unfinished() {
        let Some(at) = tokens
            .iter()
            .position(|token| intent.may_have_minted(token) && is_issuer_only(token))
        else {
            continue;
        };
        let place = &intent.deliver;
        let held = stores
            .get(place)
            .await
            .map_err(store("cannot read what is at", place))?;
        if held.is_none_or(|held| held.credential.client_id != tokens[at].id) {
            tenant.revoke_token(Some(access), &tokens[at].id).await?;
            tokens.remove(at);
        }
        let _ = journal.conclude(id, &Conclusion::Superseded);
    }
    Ok(())
}

/// Whether a token can do nothing but manage its owner's tokens.
fn is_issuer_only(token: &LiveToken) -> bool {
    token.scopes.len() == 1 && token.may_issue() && !token.managed
}

#[cfg(test)]
mod tests {
    use super::free_name;
    use model::LiveToken;

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let token = |name: &str| LiveToken {
            id: name.into(),
            name: name.into(),
            owner: "i".into(),
            scopes: std::collections::BTreeSet::new(),
            created: jiff::Timestamp::UNIX_EPOCH,
            expires: None,
            last_used: None,
            access_token_validity: None,
            managed: false,
        };
        for (names, expected) in [
            (&[][..], "issuer"),
            (&["other"], "issuer"),
            (&["issuer"], "issuer-2"),
            (&["issuer", "issuer-2", "issuer-3"], "issuer-4"),
        ] {
            let tokens: Vec<_> = names.iter().map(|name| token(name)).collect();
            assert_eq!(free_name(&"issuer".into(), &tokens).as_str(), expected);
        }
    }
}
