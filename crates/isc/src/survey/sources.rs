//! Survey of the declared sources: schema, accounts and profile.

use crate::api::accounts::{self, Sought};
use crate::api::{identity_profiles, schemas, sources};
use crate::incomplete::unread;
use crate::transport::Client;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use model::{
    Collection, LiveProfile, LiveSource, SourceId, SourceName, TenantError, Wanted, WantedSource,
};
use std::collections::BTreeMap;

type Profiles = Collection<BTreeMap<SourceId, LiveProfile>>;

/// Reads the sources by name, and of those that are managed the schema, the
/// profile and all accounts; of the others only the declared accounts.
pub(super) async fn read(
    client: &Client,
    wanted: &Wanted,
) -> Result<BTreeMap<SourceName, Collection<Option<LiveSource>>>, TenantError> {
    // Of a source that is not managed it shows whether its accounts have identities of
    // their own.
    let any = !wanted.sources.is_empty();
    let (named, profiles) = futures::try_join!(named(client, wanted), profiles(client, any))?;
    let profiles = &profiles;
    stream::iter(named)
        .map(|(name, source)| async move {
            let source = match (source, wanted.sources.get(&name)) {
                (Collection::Complete(Some(source)), Some(asked)) => {
                    let filled = fill(client, source, asked, wanted, profiles).await?;
                    Collection::Complete(Some(filled))
                }
                (source, _) => source,
            };
            Ok((name, source))
        })
        .buffer_unordered(client.parallel())
        .try_collect()
        .await
}

async fn named(
    client: &Client,
    wanted: &Wanted,
) -> Result<BTreeMap<SourceName, Collection<Option<LiveSource>>>, TenantError> {
    let names: Vec<&SourceName> = wanted.sources.keys().collect();
    let found = sources::named(client, &names).await?;
    Ok(names
        .into_iter()
        .map(|name| {
            // ISC may ignore case; steersman does not.
            let source = found.found().iter().find(|source| source.name == *name);
            let entry = match (source, found.complete()) {
                (None, Err(why)) => Collection::Partial {
                    found: None,
                    why: why.clone(),
                },
                (source, _) => Collection::Complete(source.cloned()),
            };
            (name.clone(), entry)
        })
        .collect())
}

async fn profiles(client: &Client, wanted: bool) -> Result<Profiles, TenantError> {
    if !wanted {
        return Ok(Collection::Complete(BTreeMap::new()));
    }
    identity_profiles::by_source(client).await.or_else(unread)
}

async fn fill(
    client: &Client,
    mut source: LiveSource,
    asked: &WantedSource,
    wanted: &Wanted,
    profiles: &Profiles,
) -> Result<LiveSource, TenantError> {
    if !asked.managed {
        let sought = declared_accounts(wanted, &source.name);
        source.accounts = accounts::of_source_among(client, &source.id, &sought)
            .await
            .or_else(unread)?;
        source.profile = profile_of(profiles, &source.id);
        return Ok(source);
    }
    let (schema, accounts) = futures::join!(
        schemas::of_accounts(client, &source.id),
        accounts::of_source(client, &source.id)
    );
    source.schema = schema.map(Collection::Complete).or_else(unread)?;
    source.accounts = accounts.or_else(unread)?;
    source.profile = profile_of(profiles, &source.id);
    Ok(source)
}

/// The profile of one source among all. A profile that was read is complete, even
/// where others could not be read.
pub(crate) fn profile_of(
    profiles: &Profiles,
    source: &SourceId,
) -> Collection<Option<LiveProfile>> {
    match (profiles.found().get(source), profiles.complete()) {
        (None, Err(why)) => Collection::Partial {
            found: None,
            why: why.clone(),
        },
        (profile, _) => Collection::Complete(profile.cloned()),
    }
}

fn declared_accounts<'a>(wanted: &'a Wanted, source: &SourceName) -> Sought<'a> {
    let mut sought = Sought::default();
    for account in wanted.accounts.values() {
        if account.source != *source {
            continue;
        }
        match &account.native_identity {
            Some(id) => sought.native_identities.insert(id),
            None => sought.names.insert(&account.name),
        };
    }
    sought
}
