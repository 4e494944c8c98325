//! A whole reading of a tenant.

use super::{people, sources, unread};
use crate::api::{custom_user_levels, identities, personal_access_tokens};
use crate::transport::Client;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use model::{
    Caller, Collection, IdentityId, Live, LiveToken, OwnerRef, TenantError, UserLevel, Wanted,
};
use std::collections::{BTreeMap, BTreeSet};

/// Carries out a reading list. What does not depend on each other is read at the
/// same time; only the budget of requests holds it back.
pub(crate) async fn survey(client: &Client, wanted: &Wanted) -> Result<Live, TenantError> {
    let before = client.requests();
    client.begin_reading();
    let claims = client.claims(None).await?;
    let (owners, custom_levels, tokens, (sources, people)) = futures::try_join!(
        owners(client, &wanted.owners),
        custom_levels(client, &wanted.unknown_levels),
        tokens(client, wanted.tokens),
        async {
            let sources = sources::read(client, wanted).await?;
            let people = people::read(client, wanted, &sources).await?;
            Ok((sources, people))
        },
    )?;
    let config = client.config();
    Ok(Live {
        observed_at: client.began(),
        tenant: config.base_url.to_string(),
        caller: Caller {
            client_id: config.credential.client_id.clone(),
            identity: claims.identity_id,
            user_name: claims.user_name,
            authorities: claims.authorities.unwrap_or_default(),
        },
        owners,
        sources,
        custom_levels,
        identities: people.identities,
        levels: people.levels,
        tokens,
        issuers: BTreeMap::new(),
        lost_tokens: BTreeSet::new(),
        requests: client.requests() - before,
    })
}

async fn owners(
    client: &Client,
    owners: &BTreeSet<OwnerRef>,
) -> Result<BTreeMap<OwnerRef, Collection<Option<IdentityId>>>, TenantError> {
    stream::iter(owners.clone())
        .map(|owner| async move {
            let found = identities::owner(client, &owner).await.or_else(unread)?;
            Ok((owner, found))
        })
        .buffered(client.parallel())
        .try_collect()
        .await
}

async fn custom_levels(
    client: &Client,
    unknown: &BTreeSet<UserLevel>,
) -> Result<Collection<BTreeSet<UserLevel>>, TenantError> {
    if unknown.is_empty() {
        return Ok(Collection::Complete(BTreeSet::new()));
    }
    custom_user_levels::ids(client).await.or_else(unread)
}

async fn tokens(client: &Client, wanted: bool) -> Result<Collection<Vec<LiveToken>>, TenantError> {
    if !wanted {
        return Ok(Collection::Complete(Vec::new()));
    }
    personal_access_tokens::list(client, None)
        .await
        .or_else(unread)
}
