//! Survey of a whole tenant.

use super::levels::overview;
use super::{people, sources};
use crate::api::identities;
use crate::api::personal_access_tokens::{self, Owner};
use crate::api::similar_owners;
use crate::incomplete::unread;
use crate::lately::Lately;
use crate::transport::Client;
use model::{
    Caller, Collection, Incomplete, IncompleteReason, Live, LiveToken, StoreFacts, TenantError,
    TokenId, Wanted,
};
use std::collections::BTreeMap;

/// Executes a list of reads. Independent reads run at the same time; only the
/// request budget limits them.
pub(crate) async fn survey(
    client: &Client,
    lately: &Lately,
    wanted: &Wanted,
) -> Result<Live, TenantError> {
    let before = client.requests();
    client.begin_reading();
    let claims = client.claims(None).await?;
    let is_api_client = client.is_api_client().await?;
    let own = own(client).await?;
    let (owners, (tokens, sources, custom_levels, people)) =
        futures::try_join!(identities::owners(client, &wanted.owners), async {
            let (tokens, sources, levels) = futures::try_join!(
                tokens(client, wanted.tokens, own.as_ref()),
                sources::read(client, lately, wanted),
                overview(client, wanted)
            )?;
            // Whose status is needed depends on whose the issuers are.
            let people = people::read(client, wanted, &sources.sources, &levels, &tokens).await?;
            Ok((tokens, sources, levels.custom, people))
        },)?;
    // A later survey is not to find what this one left.
    lately.forget();
    let config = client.config();
    Ok(Live {
        observed_at: client.began(),
        tenant: config.base_url.to_string(),
        caller: Caller {
            client_id: config.credential.client_id.clone(),
            identity: claims.identity_id,
            user_name: claims.user_name,
            authorities: claims.authorities.unwrap_or_default(),
            is_api_client,
        },
        similar_owners: similar_owners::of_missing(client, &owners.identities).await,
        owners: owners.identities,
        inactive_owners: owners.inactive,
        sources: sources.sources,
        profiles: sources.profiles,
        custom_levels,
        identities: people.identities,
        names: people.names,
        makers: BTreeMap::new(),
        user_names: BTreeMap::new(),
        listed_levels: people.listed,
        levels: people.levels,
        tokens,
        requests: client.requests() - before,
        stores: StoreFacts::default(),
    })
}

/// The personal access token of the caller, which is in the list of tokens that its own
/// user reads; none for an API client.
async fn own(client: &Client) -> Result<Option<TokenId>, TenantError> {
    let has_user = client.claims(None).await?.identity_id.is_some();
    let is_token = has_user && !client.is_api_client().await?;
    Ok(is_token.then(|| client.config().credential.client_id.clone()))
}

/// The tokens of all identities, read again.
pub(crate) async fn all_tokens(client: &Client) -> Result<Collection<Vec<LiveToken>>, TenantError> {
    let own = own(client).await?;
    tokens(client, true, own.as_ref()).await
}

async fn tokens(
    client: &Client,
    wanted: bool,
    own: Option<&TokenId>,
) -> Result<Collection<Vec<LiveToken>>, TenantError> {
    if !wanted {
        return Ok(Collection::Complete(Vec::new()));
    }
    let read = personal_access_tokens::list(client, Owner::Any)
        .await
        .or_else(unread)?;
    Ok(believed(read, own))
}

/// A list of tokens that has the token which it was read with. One that lacks it lacks
/// others, too, however complete it looks.
fn believed(read: Collection<Vec<LiveToken>>, own: Option<&TokenId>) -> Collection<Vec<LiveToken>> {
    match (read, own) {
        (Collection::Complete(found), Some(own)) if found.iter().all(|token| token.id != *own) => {
            let detail = format!(
                "the list of personal access tokens has {}, and lacks the one that steersman signed in with ({own})",
                found.len()
            );
            Collection::Partial {
                found,
                why: Incomplete::new(IncompleteReason::Contradicted, detail),
            }
        }
        (read, _) => read,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(id: &str) -> LiveToken {
        LiveToken {
            id: id.into(),
            name: id.into(),
            owner: "i".into(),
            scopes: [].into(),
            created: jiff::Timestamp::UNIX_EPOCH,
            expires: None,
            last_used: None,
            access_token_validity: None,
            managed: false,
        }
    }

    #[test]
    fn a_list_of_tokens_has_the_one_that_it_was_read_with() {
        let own = TokenId::new("own");
        let unread = Collection::unread(IncompleteReason::Forbidden, "403");
        for (read, own, is_complete) in [
            (
                Collection::Complete(vec![token("x"), token("own")]),
                Some(&own),
                true,
            ),
            (Collection::Complete(vec![token("x")]), Some(&own), false),
            (Collection::Complete(Vec::new()), Some(&own), false),
            // An API client is no personal access token.
            (Collection::Complete(Vec::new()), None, true),
            (unread, Some(&own), false),
        ] {
            let rows = read.found().len();
            let read = believed(read, own);
            assert_eq!(read.complete().is_ok(), is_complete, "{read:?}");
            assert_eq!(read.found().len(), rows);
        }
    }
}
