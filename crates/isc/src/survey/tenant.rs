//! Survey of a whole tenant.

use super::levels::overview;
use super::{people, sources};
use crate::api::{identities, personal_access_tokens};
use crate::incomplete::unread;
use crate::transport::Client;
use model::{Caller, Collection, Live, LiveToken, StoreFacts, TenantError, Wanted};

/// Executes a list of reads. Independent reads run at the same time; only the
/// request budget limits them.
pub(crate) async fn survey(client: &Client, wanted: &Wanted) -> Result<Live, TenantError> {
    let before = client.requests();
    client.begin_reading();
    let claims = client.claims(None).await?;
    let (owners, (tokens, sources, custom_levels, people)) =
        futures::try_join!(identities::owners(client, &wanted.owners), async {
            let (tokens, sources, levels) = futures::try_join!(
                tokens(client, wanted.tokens),
                sources::read(client, wanted),
                overview(client, wanted)
            )?;
            // Whose status is needed depends on whose the issuers are.
            let people = people::read(client, wanted, &sources.sources, &levels, &tokens).await?;
            Ok((tokens, sources, levels.custom, people))
        },)?;
    let config = client.config();
    Ok(Live {
        observed_at: client.began(),
        tenant: config.base_url.to_string(),
        caller: Caller {
            client_id: config.credential.client_id.clone(),
            identity: claims.identity_id,
            user_name: claims.user_name,
            authorities: claims.authorities.unwrap_or_default(),
            is_api_client: client.is_api_client().await?,
        },
        owners: owners.identities,
        inactive_owners: owners.inactive,
        sources: sources.sources,
        profiles: sources.profiles,
        custom_levels,
        identities: people.identities,
        names: people.names,
        levels: people.levels,
        tokens,
        requests: client.requests() - before,
        stores: StoreFacts::default(),
    })
}

async fn tokens(client: &Client, wanted: bool) -> Result<Collection<Vec<LiveToken>>, TenantError> {
    if !wanted {
        return Ok(Collection::Complete(Vec::new()));
    }
    personal_access_tokens::list(client, None)
        .await
        .or_else(unread)
}
