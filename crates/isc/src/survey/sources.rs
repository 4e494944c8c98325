//! Survey of the declared sources: schema, accounts and profile.

use crate::api::accounts::{self, Sought};
use crate::api::sources::Found;
use crate::api::{identity_profiles, schemas, sources};
use crate::incomplete::unread;
use crate::lately::Lately;
use crate::transport::Client;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use model::{
    AccountsByWord, Collection, IncompleteReason, LiveAccount, LiveProfile, LiveSource,
    ProfileHolder, SourceId, SourceName, TenantError, Wanted, WantedSource,
};
use std::collections::{BTreeMap, BTreeSet};

type Profiles = Collection<identity_profiles::Profiles>;

/// What was read of sources.
pub(super) struct Sources {
    pub(super) sources: BTreeMap<SourceName, Collection<Option<LiveSource>>>,
    /// The names of all identity profiles.
    pub(super) profiles: Collection<Vec<ProfileHolder>>,
}

/// Reads the sources by name, and of those that are managed the schema, the
/// profile and all accounts; of the others only the declared accounts.
pub(super) async fn read(
    client: &Client,
    lately: &Lately,
    wanted: &Wanted,
) -> Result<Sources, TenantError> {
    // Of a source that is not managed it shows whether its accounts have identities of
    // their own.
    let any = !wanted.sources.is_empty();
    let (named, profiles) = futures::try_join!(named(client, wanted), profiles(client, any))?;
    let all = &profiles;
    let sources = stream::iter(named)
        .map(|(name, source)| async move {
            let source = match (source, wanted.sources.get(&name)) {
                (Collection::Complete(Some(found)), Some(asked)) => {
                    let lately = wanted.settled.contains(&found.live.id).then_some(lately);
                    let reads = Reads { client, lately };
                    let filled = fill(reads, found, asked, wanted, all).await?;
                    Collection::Complete(Some(filled))
                }
                (found, _) => found.map(|found| found.map(|found| found.live)),
            };
            Ok((name, source))
        })
        .buffer_unordered(client.parallel())
        .try_collect()
        .await?;
    Ok(Sources {
        sources,
        profiles: profiles.map(|profiles| profiles.holders),
    })
}

async fn named(
    client: &Client,
    wanted: &Wanted,
) -> Result<BTreeMap<SourceName, Collection<Option<Found>>>, TenantError> {
    let names: Vec<&SourceName> = wanted.sources.keys().collect();
    let found = sources::named(client, &names).await?;
    Ok(names
        .into_iter()
        .map(|name| {
            // ISC may ignore case; steersman does not.
            let source = found.found().iter().find(|found| found.live.name == *name);
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
        return Ok(Collection::Complete(identity_profiles::Profiles::default()));
    }
    identity_profiles::all(client).await.or_else(unread)
}

/// What a source is read with.
#[derive(Clone, Copy)]
struct Reads<'a> {
    client: &'a Client,
    /// Where its accounts may be taken from, if they were listed lately.
    lately: Option<&'a Lately>,
}

impl Reads<'_> {
    async fn accounts(
        &self,
        source: &SourceId,
    ) -> Result<Collection<Vec<LiveAccount>>, TenantError> {
        match self.lately.and_then(|lately| lately.take(source)) {
            Some(accounts) => Ok(Collection::Complete(accounts)),
            None => accounts::of_source(self.client, source).await,
        }
    }
}

async fn fill(
    reads: Reads<'_>,
    found: Found,
    asked: &WantedSource,
    wanted: &Wanted,
    profiles: &Profiles,
) -> Result<LiveSource, TenantError> {
    let client = reads.client;
    let Found {
        live: mut source,
        authoritative,
    } = found;
    if !asked.managed {
        source.accounts = declared_accounts(client, wanted, &source).await?;
        source.profile = believed(
            profile_of(profiles, &source.id),
            authoritative,
            &source.accounts,
        );
        return Ok(source);
    }
    let (schema, accounts) = futures::join!(
        schemas::of_accounts(client, &source.id),
        reads.accounts(&source.id)
    );
    source.schema = schema.map(Collection::Complete).or_else(unread)?;
    source.accounts = accounts.or_else(unread)?;
    source.profile = believed(
        profile_of(profiles, &source.id),
        authoritative,
        &source.accounts,
    );
    Ok(source)
}

/// The absence of a profile, where another fact confirms it. A list of profiles can be
/// short or empty and look complete, each time it is read; ISC says of the source itself
/// whether a profile refers to it. Where it does not say, accounts that have identities
/// speak against the absence.
fn believed(
    profile: Collection<Option<LiveProfile>>,
    authoritative: Option<bool>,
    accounts: &Collection<Vec<LiveAccount>>,
) -> Collection<Option<LiveProfile>> {
    if !matches!(profile, Collection::Complete(None)) {
        return profile;
    }
    let detail = match authoritative {
        Some(false) => return profile,
        Some(true) => {
            "ISC says of the source that an identity profile refers to it, but the list of identity profiles does not have one"
        }
        None if accounts
            .found()
            .iter()
            .all(|account| account.identity.is_none()) =>
        {
            return profile;
        }
        None => {
            "accounts of the source have identities, but the list of identity profiles does not have one of the source, and ISC does not say whether a profile refers to it"
        }
    };
    Collection::unread(IncompleteReason::Contradicted, detail)
}

/// The profile of one source among all. A profile that was read is complete, even
/// where others could not be read.
pub(crate) fn profile_of(
    profiles: &Profiles,
    source: &SourceId,
) -> Collection<Option<LiveProfile>> {
    match (profiles.found().by_source.get(source), profiles.complete()) {
        (None, Err(why)) => Collection::Partial {
            found: None,
            why: why.clone(),
        },
        (profile, _) => Collection::Complete(profile.cloned()),
    }
}

/// The declared accounts of a source that is not managed: by name, and by id where no
/// account has the name.
async fn declared_accounts(
    client: &Client,
    wanted: &Wanted,
    source: &LiveSource,
) -> Result<Collection<Vec<LiveAccount>>, TenantError> {
    let mut sought = Sought::default();
    let of_source = wanted.accounts.values();
    for account in of_source.filter(|account| account.source == source.name) {
        match &account.native_identity {
            Some(id) => sought.ids.insert(id.as_str()),
            None => sought.names.insert(account.name.as_str()),
        };
    }
    let found = accounts::of_source_among(client, &source.id, &sought)
        .await
        .or_else(unread)?;
    let Ok(accounts) = found.complete() else {
        return Ok(found);
    };
    let lookup = AccountsByWord::new(accounts);
    let unnamed: BTreeSet<&str> = sought
        .names
        .iter()
        .filter(|name| lookup.called(name).is_none())
        .copied()
        .collect();
    if unnamed.is_empty() {
        return Ok(found);
    }
    let by_id = Sought {
        ids: unnamed,
        names: BTreeSet::new(),
    };
    let more = accounts::of_source_among(client, &source.id, &by_id)
        .await
        .or_else(unread)?;
    Ok(accounts::joined(found, more))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn account(identity: Option<&str>) -> LiveAccount {
        LiveAccount {
            id: "a".into(),
            native_identity: "SA-1".into(),
            name: "audit01".into(),
            cells: BTreeMap::new(),
            several: BTreeSet::new(),
            identity: identity.map(Into::into),
            manually_correlated: None,
            is_machine: None,
            created: None,
        }
    }

    #[test]
    fn a_missing_profile_needs_a_second_fact() {
        for (authoritative, identity, is_believed) in [
            (Some(false), None, true),
            (Some(false), Some("i"), true),
            (Some(true), None, false),
            (Some(true), Some("i"), false),
            (None, None, true),
            (None, Some("i"), false),
        ] {
            let accounts = Collection::Complete(vec![account(None), account(identity)]);
            let profile = believed(Collection::Complete(None), authoritative, &accounts);
            assert_eq!(
                profile.complete().is_ok(),
                is_believed,
                "{authoritative:?} {identity:?}"
            );
        }
        // What was not read stays so.
        let unread = Collection::unread(IncompleteReason::Forbidden, "403");
        let accounts = Collection::Complete(Vec::new());
        assert_eq!(believed(unread.clone(), Some(false), &accounts), unread);
    }
}
