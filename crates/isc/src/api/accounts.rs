//! `/accounts/v1`: accounts that ISC has aggregated.

use crate::filter;
use crate::incomplete::unread;
use crate::transport::{Call, Client, Listing, Row};
use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use model::{AccountAttribute, Collection, IncompleteReason, LiveAccount, SourceId, TenantError};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccountBody {
    id: String,
    native_identity: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    attributes: Option<Map<String, Value>>,
    #[serde(default)]
    identity_id: Option<String>,
    #[serde(default)]
    uncorrelated: bool,
    #[serde(default)]
    manually_correlated: Option<bool>,
    #[serde(default)]
    is_machine: Option<bool>,
    #[serde(default)]
    created: Option<String>,
}

impl Row for AccountBody {
    fn key(&self) -> &str {
        &self.id
    }
}

impl AccountBody {
    fn into_live(self) -> LiveAccount {
        let name = self.name.filter(|name| !name.is_empty());
        LiveAccount {
            name: name.unwrap_or_else(|| self.native_identity.clone()).into(),
            id: self.id.into(),
            native_identity: self.native_identity.into(),
            several: self.attributes.as_ref().map(several).unwrap_or_default(),
            cells: self.attributes.map(cells).unwrap_or_default(),
            // An uncorrelated account refers to a placeholder identity of ISC.
            identity: self
                .identity_id
                .filter(|id| !self.uncorrelated && !id.is_empty())
                .map(Into::into),
            manually_correlated: self.manually_correlated,
            is_machine: self.is_machine,
            created: timestamp(self.created.as_deref()),
        }
    }
}

/// A time as evidence: one that cannot be read is not known.
pub(super) fn timestamp(text: Option<&str>) -> Option<Timestamp> {
    text?.parse().ok()
}

/// An account's attributes as the cells of a CSV row.
fn cells(attributes: Map<String, Value>) -> BTreeMap<AccountAttribute, String> {
    attributes
        .into_iter()
        .map(|(name, value)| (AccountAttribute::from(name), cell(value)))
        .filter(|(_, cell)| !cell.is_empty())
        .collect()
}

/// The attributes with several values.
fn several(attributes: &Map<String, Value>) -> BTreeSet<AccountAttribute> {
    attributes
        .iter()
        .filter(|(_, value)| value.as_array().is_some_and(|values| values.len() > 1))
        .map(|(name, _)| AccountAttribute::from(name.as_str()))
        .collect()
}

fn cell(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        Value::Array(values) => values.into_iter().map(cell).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// All accounts of a source.
pub(crate) async fn of_source(
    client: &Client,
    source: &SourceId,
) -> Result<Collection<Vec<LiveAccount>>, TenantError> {
    let listing = listing(client, source).filtered(filter::equals("sourceId", source.as_str()));
    client
        .list::<AccountBody>(&listing)
        .await
        .map(|accounts| live([accounts]))
}

/// The ids and names of accounts to look up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sought<'a> {
    /// Ids on the source.
    pub(crate) ids: BTreeSet<&'a str>,
    /// Names.
    pub(crate) names: BTreeSet<&'a str>,
}

/// Reads these accounts of a source, and possibly others: by name and id in
/// batches, or all accounts page by page where that takes fewer requests.
pub(crate) async fn of_source_among(
    client: &Client,
    source: &SourceId,
    sought: &Sought<'_>,
) -> Result<Collection<Vec<LiveAccount>>, TenantError> {
    let in_source = filter::equals("sourceId", source.as_str());
    let filters = filters(&in_source, sought);
    if filters.len() > 1 {
        let all = listing(client, source).filtered(in_source);
        let first = client.list_from_first::<AccountBody>(&all).await?;
        let batches = u64::try_from(filters.len()).unwrap_or(u64::MAX);
        if first
            .pages_after(&all)
            .is_some_and(|pages| pages <= batches)
        {
            return client.list_rest(&all, first).await.map(|all| live([all]));
        }
    }
    let batches = stream::iter(filters)
        .map(|filter| async move { client.list(&listing(client, source).filtered(filter)).await })
        .buffered(client.parallel())
        .collect::<Vec<Result<Collection<Vec<AccountBody>>, _>>>()
        .await;
    let mut read = Vec::new();
    for batch in batches {
        read.push(batch.or_else(unread)?);
    }
    Ok(live(read))
}

fn filters(in_source: &str, sought: &Sought<'_>) -> Vec<String> {
    let ids: Vec<&str> = sought.ids.iter().copied().collect();
    let names: Vec<&str> = sought.names.iter().copied().collect();
    [("nativeIdentity", ids), ("name", names)]
        .into_iter()
        .flat_map(|(field, values)| {
            filter::batches(&values)
                .into_iter()
                .map(move |batch| filter::both(in_source, &filter::one_of(field, &batch)))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn listing(client: &Client, source: &SourceId) -> Listing<'static> {
    let doing = format!(
        "reading the accounts of the source {}",
        client.source_label(source)
    );
    Listing::new(Call::get(&["accounts", "v1"], doing), "id")
}

fn live(
    read: impl IntoIterator<Item = Collection<Vec<AccountBody>>>,
) -> Collection<Vec<LiveAccount>> {
    let found = |bodies: Vec<AccountBody>| bodies.into_iter().map(AccountBody::into_live).collect();
    merged(read.into_iter().map(|read| read.map(found)))
}

/// Two readings of accounts of one source.
pub(crate) fn joined(
    one: Collection<Vec<LiveAccount>>,
    other: Collection<Vec<LiveAccount>>,
) -> Collection<Vec<LiveAccount>> {
    merged([one, other])
}

/// Merges collections. An account that was found by its id and by its name occurs
/// once.
fn merged(
    read: impl IntoIterator<Item = Collection<Vec<LiveAccount>>>,
) -> Collection<Vec<LiveAccount>> {
    let mut accounts = BTreeMap::new();
    let mut trouble = None;
    for collection in read {
        trouble = trouble.or_else(|| collection.complete().err().cloned());
        let found = match collection {
            Collection::Complete(found) | Collection::Partial { found, .. } => found,
        };
        for account in found {
            accounts.insert(account.id.clone(), account);
        }
    }
    let found: Vec<LiveAccount> = accounts.into_values().collect();
    // Rows of an import have this id as their key, so it must be unique.
    let mut ids = BTreeSet::new();
    let twice = found
        .iter()
        .find(|account| !ids.insert(account.native_identity.clone()))
        .map(|account| model::Incomplete {
            reason: IncompleteReason::Ambiguous,
            detail: format!(
                "two accounts of the source have the id {}",
                account.native_identity
            ),
            call: None,
        });
    match trouble.or(twice) {
        None => Collection::Complete(found),
        Some(why) => Collection::Partial { found, why },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn account(json: Value) -> LiveAccount {
        serde_json::from_value::<AccountBody>(json)
            .unwrap()
            .into_live()
    }

    #[test]
    fn accounts_are_read_with_their_cells() {
        let live = account(json!({
            "id": "a1", "nativeIdentity": "SA-001", "name": "audit01", "sourceId": "s1",
            "identityId": "i1", "uncorrelated": false, "disabled": false,
            "attributes": {
                "id": "SA-001", "name": "audit01", "e-mail": null, "purpose": "",
                "count": 3, "active": true, "groups": ["a", "b"], "none": [],
            },
        }));
        let cells: Vec<(&str, &str)> = live
            .cells
            .iter()
            .map(|(name, cell)| (name.as_str(), cell.as_str()))
            .collect();
        assert_eq!(
            cells,
            [
                ("active", "true"),
                ("count", "3"),
                ("groups", "a,b"),
                ("id", "SA-001"),
                ("name", "audit01"),
            ]
        );
        assert_eq!(live.identity, Some("i1".into()));
        assert_eq!(live.several, BTreeSet::from(["groups".into()]));
    }

    #[test]
    fn what_may_be_absent_may_be_absent() {
        let live = account(json!({
            "id": "a1", "nativeIdentity": "SA-001", "name": null, "attributes": null,
            "identityId": "i9", "uncorrelated": true,
        }));
        assert_eq!(live.name.as_str(), "SA-001");
        assert_eq!(live.identity, None);
        let missing = json!({"id": "a1", "name": "x"});
        assert!(serde_json::from_value::<AccountBody>(missing).is_err());
    }

    #[test]
    fn accounts_are_sought_by_id_and_by_name() {
        let ids: Vec<String> = (0..150).map(|id| format!("SA-{id:03}")).collect();
        let sought = Sought {
            ids: ids.iter().map(String::as_str).collect(),
            names: BTreeSet::from(["svc \"x\""]),
        };
        let filters = filters("sourceId eq \"s1\"", &sought);
        assert_eq!(filters.len(), 3);
        assert!(filters[0].starts_with(r#"sourceId eq "s1" and nativeIdentity in ("SA-000", "#));
        assert_eq!(filters[2], r#"sourceId eq "s1" and name in ("svc \"x\"")"#);
    }
}
