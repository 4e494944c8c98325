//! `/identities/v1`: identities and their invitations.

use super::accounts::timestamp;
use super::reference::filled;
use crate::filter;
use crate::incomplete::unread;
use crate::transport::{Body, Call, Client, Listing, Row};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use model::{
    Collection, IdentityId, IdentityNames, IdentityStatus, Incomplete, IncompleteReason,
    LiveIdentity, NamedIdentity, OwnerRef, SourceId, TaskId, TenantError, TenantErrorKind,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct IdentityBody {
    id: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    alias: Option<String>,
    #[serde(default)]
    email_address: Option<String>,
    #[serde(default)]
    identity_status: Option<String>,
    #[serde(default)]
    created: Option<String>,
    #[serde(default)]
    modified: Option<String>,
    #[serde(default)]
    attributes: Option<AttributesBody>,
}

/// Of an identity's attributes, which are what the tenant defines, the one that ISC sets.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttributesBody {
    /// The id of the source whose account made the identity.
    #[serde(default)]
    cloud_authoritative_source: Option<Value>,
}

impl AttributesBody {
    fn made_by(self) -> Option<SourceId> {
        match self.cloud_authoritative_source {
            Some(Value::String(source)) => filled(Some(source)).map(SourceId::from),
            _ => None,
        }
    }
}

impl Row for IdentityBody {
    fn key(&self) -> &str {
        &self.id
    }
}

impl IdentityBody {
    fn into_named(self) -> NamedIdentity {
        let identity = self.into_live();
        let source = identity.made_by.clone();
        NamedIdentity { identity, source }
    }

    fn into_live(self) -> LiveIdentity {
        LiveIdentity {
            id: self.id.into(),
            alias: self.alias.unwrap_or_default(),
            name: self.name.unwrap_or_default(),
            email: filled(self.email_address),
            // The description does not require a status.
            status: IdentityStatus::from_isc(self.identity_status.as_deref().unwrap_or_default()),
            created: timestamp(self.created.as_deref()),
            modified: timestamp(self.modified.as_deref()),
            made_by: self.attributes.and_then(AttributesBody::made_by),
        }
    }
}

/// An identity by its id.
pub(crate) async fn by_id(
    client: &Client,
    identity: &IdentityId,
) -> Result<Option<LiveIdentity>, TenantError> {
    let path = ["identities", "v1", identity.as_str()];
    let call = Call::get(&path, format!("reading the identity {identity}"));
    match client.send(&call).await {
        Ok(answer) => Ok(Some(answer.json::<IdentityBody>()?.into_live())),
        Err(error) if matches!(error.kind, TenantErrorKind::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Of how many identities that a list lacks it is asked whether they are there.
const LACKING: usize = 50;

/// The identities of these ids; none for an unknown id.
///
/// A list can lack what is there, and what an account refers to and no list has would
/// count as gone. So each that is lacking is asked for by itself, up to 50; of the others
/// it is not known whether they are there.
pub(crate) async fn by_ids(
    client: &Client,
    ids: &BTreeSet<IdentityId>,
) -> Result<BTreeMap<IdentityId, Collection<Option<LiveIdentity>>>, TenantError> {
    let texts: Vec<&str> = ids.iter().map(IdentityId::as_str).collect();
    let batches = filter::batches(&texts);
    let filters: Vec<String> = batches
        .iter()
        .map(|batch| filter::one_of("id", batch))
        .collect();
    let reads = stream::iter(filters)
        .map(|filters| of(client, filters, "identities"))
        .buffered(client.parallel())
        .collect::<Vec<_>>()
        .await;
    let mut identities = BTreeMap::new();
    for (batch, read) in batches.into_iter().zip(reads) {
        let read = read.or_else(unread)?;
        let why = read.complete().err().cloned();
        let mut found: BTreeMap<&str, &LiveIdentity> = BTreeMap::new();
        for identity in read.found() {
            found.insert(identity.id.as_str(), identity);
        }
        for id in batch {
            let identity = found.get(id).map(|identity| (*identity).clone());
            // An identity that was read is complete, even where others are missing.
            let entry = match &why {
                Some(why) if identity.is_none() => Collection::Partial {
                    found: None,
                    why: why.clone(),
                },
                _ => Collection::Complete(identity),
            };
            identities.insert(IdentityId::from(id), entry);
        }
    }
    let lacking: Vec<IdentityId> = identities
        .iter()
        .filter(|(_, read)| **read == Collection::Complete(None))
        .map(|(id, _)| id.clone())
        .collect();
    let asked = lacking.iter().take(LACKING).cloned();
    let singly = stream::iter(asked)
        .map(|id| async move {
            let read = by_id(client, &id).await.map(Collection::Complete);
            Ok::<_, TenantError>((id, read.or_else(unread)?))
        })
        .buffered(client.parallel())
        .try_collect::<Vec<_>>()
        .await?;
    identities.extend(singly);
    let detail = format!(
        "the tenant's list of identities lacks {} of {} that were asked for",
        lacking.len(),
        ids.len()
    );
    let not_asked = lacking.into_iter().skip(LACKING);
    identities.extend(not_asked.map(|id| {
        let why = Incomplete::new(IncompleteReason::Contradicted, detail.clone());
        (id, Collection::Partial { found: None, why })
    }));
    Ok(identities)
}

/// The status of an identity that is not registered, as ISC filters by it.
const UNREGISTERED: (&str, &str) = ("cloudStatus", "UNREGISTERED");

/// These identities, of which most are expected not to be registered: by the pages of all
/// that are not, where these are fewer than requests for so many ids. Those that are not
/// on them are asked for by their ids.
pub(crate) async fn unregistered_among(
    client: &Client,
    ids: &BTreeSet<IdentityId>,
) -> Result<BTreeMap<IdentityId, Collection<Option<LiveIdentity>>>, TenantError> {
    let texts: Vec<&str> = ids.iter().map(IdentityId::as_str).collect();
    let batches = u64::try_from(filter::batches(&texts).len()).unwrap_or(u64::MAX);
    let (field, status) = UNREGISTERED;
    let listing =
        listing("the identities that are not registered").filtered(filter::equals(field, status));
    let listed = match client.list_from_first::<IdentityBody>(&listing).await {
        Ok(first)
            if first
                .pages_after(&listing)
                .is_some_and(|pages| pages <= batches) =>
        {
            client.list_rest(&listing, first).await
        }
        Ok(_) => return by_ids(client, ids).await,
        Err(error) => Err(error),
    };
    let listed = match listed {
        Ok(Collection::Complete(found) | Collection::Partial { found, .. }) => found,
        Err(error) => {
            tracing::debug!(error = %error.chain(), "identities that are not registered were not listed");
            Vec::new()
        }
    };
    let mut found: BTreeMap<IdentityId, Collection<Option<LiveIdentity>>> = listed
        .into_iter()
        .map(IdentityBody::into_live)
        .filter(|identity| ids.contains(&identity.id))
        .map(|identity| (identity.id.clone(), Collection::Complete(Some(identity))))
        .collect();
    let lacking: BTreeSet<IdentityId> = ids
        .iter()
        .filter(|id| !found.contains_key(*id))
        .cloned()
        .collect();
    found.extend(by_ids(client, &lacking).await?);
    Ok(found)
}

/// How many identities are not registered; none where that could not be read.
pub(crate) async fn unregistered(client: &Client) -> Option<u64> {
    let (field, status) = UNREGISTERED;
    counted(
        client,
        filter::equals(field, status),
        "counting the identities that are not registered",
    )
    .await
}

/// How many identities have no account that made them; none where that could not be read.
pub(crate) async fn without_account(client: &Client) -> Option<u64> {
    counted(
        client,
        "correlated eq false".to_owned(),
        "counting identities without an account",
    )
    .await
}

async fn counted(client: &Client, filters: String, doing: &'static str) -> Option<u64> {
    let call = Call::get(&["identities", "v1"], doing)
        .query("defaultFilter", "NONE")
        .query("filters", filters)
        .query("count", "true")
        .query("limit", "1");
    match client.send(&call).await {
        Ok(answer) => answer.total(),
        Err(error) => {
            tracing::debug!(error = %error.chain(), "{doing} failed");
            None
        }
    }
}

/// The owners that a spec declares.
#[derive(Debug, Default)]
pub(crate) struct Owners {
    /// The identity of each; none where there is none.
    pub(crate) identities: BTreeMap<OwnerRef, Collection<Option<IdentityId>>>,
    /// Those that ISC has deactivated, with their status.
    pub(crate) inactive: BTreeMap<OwnerRef, String>,
}

/// Looks up the owners that a spec declares. Those declared by id are read together;
/// the filter accepts one other name at a time.
pub(crate) async fn owners(
    client: &Client,
    owners: &BTreeSet<OwnerRef>,
) -> Result<Owners, TenantError> {
    let ids: BTreeSet<IdentityId> = owners
        .iter()
        .filter_map(|owner| match owner {
            OwnerRef::Id(id) => Some(id.as_str().into()),
            OwnerRef::Alias(_) | OwnerRef::Email(_) => None,
        })
        .collect();
    let named = stream::iter(owners.clone())
        .map(|owner| async move {
            let (field, text) = match &owner {
                OwnerRef::Id(_) => return Ok(None),
                OwnerRef::Alias(alias) => ("alias", alias),
                OwnerRef::Email(email) => ("email", email),
            };
            let found = by_name(client, &owner, field, text).await.or_else(unread)?;
            Ok(Some((owner, found)))
        })
        .buffered(client.parallel())
        .try_filter_map(|found| async { Ok(found) })
        .try_collect::<BTreeMap<_, _>>();
    let (by_id, mut found) = futures::try_join!(by_ids(client, &ids), named)?;
    found.extend(
        by_id
            .into_iter()
            .map(|(id, read)| (OwnerRef::Id(id.to_string()), read)),
    );
    let mut owners = Owners::default();
    for (owner, read) in found {
        if let Some(status) = read.found().as_ref().and_then(inactive) {
            owners.inactive.insert(owner.clone(), status.to_owned());
        }
        let identity = read.map(|identity| identity.map(|identity| identity.id));
        owners.identities.insert(owner, identity);
    }
    Ok(owners)
}

/// The status of an identity that ISC has deactivated. Other statuses say nothing about
/// it.
fn inactive(identity: &LiveIdentity) -> Option<&str> {
    match &identity.status {
        IdentityStatus::Unusable(status) => {
            let is_inactive = ["DISABLED", "DEACTIVATED", "TERMINATED"].contains(&status.as_str());
            is_inactive.then_some(status.as_str())
        }
        IdentityStatus::Unregistered
        | IdentityStatus::Pending
        | IdentityStatus::Registered
        | IdentityStatus::Active
        | IdentityStatus::Warning
        | IdentityStatus::Unknown(_) => None,
    }
}

/// The identity that has this user name (alias), where one was found.
pub(crate) async fn named(
    client: &Client,
    user_name: &str,
) -> Result<Option<LiveIdentity>, TenantError> {
    let what = format!("identities whose alias is \"{user_name}\"");
    let read = of(client, filter::equals("alias", user_name), &what).await?;
    let mut found = read.found().iter();
    Ok(found
        .find(|identity| IdentityNames::is_same(&identity.alias, user_name))
        .cloned())
}

/// The identities that have one of these user names, and how many requests that took. One
/// whose account is gone keeps its name until ISC deletes it, so such identities are among
/// them. What cannot be read is left out: without it, a row of such a name stays without an
/// identity, and apply says so.
pub(crate) async fn all_named(
    client: &Client,
    user_names: &BTreeSet<String>,
) -> (Vec<NamedIdentity>, u64) {
    let user_names: Vec<&str> = user_names.iter().map(String::as_str).collect();
    let batches = filter::alternatives("alias", &user_names);
    let requests = u64::try_from(batches.len()).unwrap_or(u64::MAX);
    let reads = stream::iter(batches)
        .map(|one_of| listed(client, one_of, "identities by their user names"))
        .buffered(client.parallel())
        .collect::<Vec<_>>()
        .await;
    let mut found = Vec::new();
    for read in reads {
        match read {
            Ok(Collection::Complete(read) | Collection::Partial { found: read, .. }) => {
                found.extend(read.into_iter().map(IdentityBody::into_named));
            }
            Err(error) => {
                tracing::debug!(error = %error.chain(), "user names were not looked up");
            }
        }
    }
    (found, requests)
}

/// The sources whose accounts made these identities, and how many requests that took. What
/// cannot be read, or ISC does not say, is left out.
pub(crate) async fn makers(
    client: &Client,
    ids: &BTreeSet<IdentityId>,
) -> (BTreeMap<IdentityId, SourceId>, u64) {
    let ids: Vec<&str> = ids.iter().map(IdentityId::as_str).collect();
    let filters: Vec<String> = filter::batches(&ids)
        .iter()
        .map(|batch| filter::one_of("id", batch))
        .collect();
    let requests = u64::try_from(filters.len()).unwrap_or(u64::MAX);
    let reads = stream::iter(filters)
        .map(|filters| of(client, filters, "the sources of identities"))
        .buffered(client.parallel())
        .collect::<Vec<_>>()
        .await;
    let mut makers = BTreeMap::new();
    for read in reads {
        match read {
            Ok(Collection::Complete(read) | Collection::Partial { found: read, .. }) => {
                let made = read.into_iter();
                makers.extend(made.filter_map(|identity| Some((identity.id, identity.made_by?))));
            }
            Err(error) => {
                tracing::debug!(error = %error.chain(), "what made identities was not looked up");
            }
        }
    }
    (makers, requests)
}

async fn by_name(
    client: &Client,
    owner: &OwnerRef,
    field: &str,
    text: &str,
) -> Result<Collection<Option<LiveIdentity>>, TenantError> {
    let what = format!("identities whose {field} is \"{text}\"");
    let read = of(client, filter::equals(field, text), &what).await?;
    Ok(match read {
        Collection::Complete(found) => only_one(owner, found),
        Collection::Partial { found, why } => Collection::Partial {
            found: found.into_iter().next(),
            why,
        },
    })
}

/// The one identity that matches. ISC can ignore case, so an exact match is
/// preferred; several matches are ambiguous.
fn only_one(owner: &OwnerRef, found: Vec<LiveIdentity>) -> Collection<Option<LiveIdentity>> {
    let written = |identity: &LiveIdentity| match owner {
        OwnerRef::Alias(alias) => Some(identity.alias.as_str()) == Some(alias),
        OwnerRef::Email(email) => identity.email.as_deref() == Some(email),
        OwnerRef::Id(id) => identity.id.as_str() == id,
    };
    let (exact, other): (Vec<_>, Vec<_>) = found.into_iter().partition(written);
    let candidates = if exact.is_empty() { other } else { exact };
    match candidates.as_slice() {
        [] => Collection::Complete(None),
        [identity] => Collection::Complete(Some(identity.clone())),
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|identity| format!("{} ({})", identity.alias, identity.id))
                .collect();
            Collection::unread(
                IncompleteReason::Ambiguous,
                format!(
                    "{} identities match \"{owner}\"; declare the owner by alias or id: {}",
                    several.len(),
                    names.join(", ")
                ),
            )
        }
    }
}

pub(super) async fn of(
    client: &Client,
    filters: String,
    what: &str,
) -> Result<Collection<Vec<LiveIdentity>>, TenantError> {
    let live = |bodies: Vec<IdentityBody>| {
        bodies
            .into_iter()
            .map(IdentityBody::into_live)
            .collect::<Vec<_>>()
    };
    Ok(listed(client, filters, what).await?.map(live))
}

async fn listed(
    client: &Client,
    filters: String,
    what: &str,
) -> Result<Collection<Vec<IdentityBody>>, TenantError> {
    client.list(&listing(what).filtered(filters)).await
}

fn listing(what: &str) -> Listing<'static> {
    // By default ISC leaves out uncorrelated identities.
    let call =
        Call::get(&["identities", "v1"], format!("reading {what}")).query("defaultFilter", "NONE");
    Listing::new(call, "alias")
}

#[derive(Deserialize)]
struct Started {
    id: String,
}

/// Invites identities to register. The list always has exactly these: an empty list, or
/// `uninvited`, would invite every identity.
pub(crate) async fn invite(
    client: &Client,
    identities: &BTreeSet<IdentityId>,
) -> Result<TaskId, TenantError> {
    let mut all = identities.iter();
    let doing = match (all.next(), identities.len()) {
        (Some(one), 1) => format!("inviting the identity {one}"),
        (_, count) => format!("inviting {count} identities"),
    };
    if identities.is_empty() || identities.iter().any(|id| id.as_str().is_empty()) {
        return Err(TenantError::new(
            doing,
            TenantErrorKind::Incomplete(Incomplete {
                reason: IncompleteReason::UndecodableRow,
                detail: "an identity has no id".to_owned(),
                call: None,
            }),
        ));
    }
    let body = Body::Json(json!({ "ids": identities }));
    let call = Call::post(&["identities", "v1", "invite"], body, doing).experimental();
    Ok(client.send(&call).await?.json::<Started>()?.id.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(id: &str, alias: &str, email: &str) -> LiveIdentity {
        let body = json!({
            "id": id, "name": "N", "alias": alias, "emailAddress": email,
            "identityStatus": "ACTIVE", "attributes": {},
        });
        serde_json::from_value::<IdentityBody>(body)
            .unwrap()
            .into_live()
    }

    #[test]
    fn identities_are_read() {
        let live = identity("i1", "audit01", "");
        assert_eq!((live.email, live.status), (None, IdentityStatus::Active));
        let bare: IdentityBody = serde_json::from_value(json!({"id": "i1"})).unwrap();
        let unknown = |text: &str| IdentityStatus::Unknown(text.to_owned());
        assert_eq!(bare.into_live().status, unknown(""));
        assert_eq!(IdentityStatus::from_isc("Dormant"), unknown("Dormant"));
    }

    #[test]
    fn the_source_that_made_an_identity_is_read_where_isc_says_it() {
        let source = |attributes: Value| {
            let body = json!({"id": "i1", "attributes": attributes});
            let body: IdentityBody = serde_json::from_value(body).unwrap();
            body.into_live().made_by
        };
        for (attributes, made_by) in [
            (
                json!({"cloudAuthoritativeSource": "s1", "uid": 7}),
                Some("s1".into()),
            ),
            (json!({"cloudAuthoritativeSource": ""}), None),
            (json!({"cloudAuthoritativeSource": null}), None),
            (json!({"cloudAuthoritativeSource": ["s1"]}), None),
            (json!({"uid": "audit01"}), None),
            (Value::Null, None),
        ] {
            assert_eq!(source(attributes.clone()), made_by, "{attributes}");
        }
    }

    #[test]
    fn an_owner_is_one_identity() {
        let alias = OwnerRef::Alias("jane".to_owned());
        let email = OwnerRef::Email("j@x.org".to_owned());
        let jane = || identity("i1", "jane", "j@x.org");
        let other = || identity("i2", "JANE", "j@x.org");
        let known = |id: &str| Some(Collection::Complete(Some(id.into())));
        let table = [
            (&alias, vec![], Some(Collection::Complete(None))),
            (&alias, vec![jane()], known("i1")),
            (&alias, vec![other()], known("i2")),
            (&alias, vec![other(), jane()], known("i1")),
            (&email, vec![jane(), other()], None),
        ];
        for (owner, found, expected) in table {
            let chosen =
                only_one(owner, found.clone()).map(|identity| identity.map(|identity| identity.id));
            if let Some(expected) = expected {
                assert_eq!(chosen, expected, "{owner:?} of {found:?}");
            } else {
                let why = chosen.complete().unwrap_err().to_string();
                assert!(why.contains("jane (i1), JANE (i2)"), "{why}");
            }
        }
    }
}
