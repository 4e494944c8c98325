//! `/sources/v1`: sources, and the CSV import of their accounts.

use super::file_settings;
use super::reference::{Reference, filled, identity};
use crate::filter;
use crate::incomplete::unread;
use crate::json_patch::JsonPatch;
use crate::transport::{Answer, Body, Call, Client, Listing, Row};
use futures::{StreamExt as _, stream};
use model::{
    Aggregations, Collection, IncompleteReason, LiveSource, NewSource, SourceChange, SourceId,
    SourceName, TaskId, TenantError, TenantErrorKind,
};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceBody {
    id: String,
    name: String,
    #[serde(rename = "type", default)]
    kind: Option<String>,
    #[serde(default)]
    owner: Option<Reference>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    delete_threshold: Option<i64>,
    #[serde(default)]
    connector_attributes: Value,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    authoritative: Option<bool>,
}

/// A source, and what ISC says of its identity profile.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) live: LiveSource,
    /// Whether an identity profile refers to it; none where ISC does not say.
    pub(crate) authoritative: Option<bool>,
}

/// The status of a source of which ISC has never read an account.
const NEVER_READ: &str = "SOURCE_STATE_UNCHECKED_SOURCE_NO_ACCOUNTS";

impl Row for SourceBody {
    fn key(&self) -> &str {
        &self.id
    }
}

impl SourceBody {
    /// Connector attributes are numbers for one connector and texts for another.
    fn connector_delete_threshold(&self) -> Option<i64> {
        let value = self.connector_attributes.get("deleteThresholdPercentage")?;
        value
            .as_i64()
            .or_else(|| value.as_str()?.trim().parse().ok())
    }

    fn into_found(self) -> Found {
        Found {
            authoritative: self.authoritative,
            live: self.into_live(),
        }
    }

    fn into_live(self) -> LiveSource {
        let unread = "not requested";
        LiveSource {
            connector_delete_threshold: self.connector_delete_threshold(),
            file: file_settings::of(&self.connector_attributes),
            never_read: self.status.as_deref() == Some(NEVER_READ),
            raised_from: None,
            aggregations: Aggregations::NotAsked,
            id: self.id.into(),
            name: self.name.into(),
            kind: self.kind.unwrap_or_default(),
            owner: Reference::id(self.owner),
            description: filled(self.description),
            delete_threshold: self.delete_threshold,
            schema: Collection::unread(IncompleteReason::ShortPage, unread),
            accounts: Collection::unread(IncompleteReason::ShortPage, unread),
            profile: Collection::unread(IncompleteReason::ShortPage, unread),
        }
    }
}

/// Looks up sources by name. ISC may compare names differently, so the result can
/// contain other sources, too.
pub(crate) async fn named(
    client: &Client,
    names: &[&SourceName],
) -> Result<Collection<Vec<Found>>, TenantError> {
    let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    let batches: Vec<(String, String)> = filter::batches(&names)
        .iter()
        .map(|batch| filter_for(batch))
        .collect();
    let batches = stream::iter(batches)
        .map(|(filter, doing)| async move {
            let call = Call::get(&["sources", "v1"], doing);
            let listing = Listing::new(call, "id").filtered(filter);
            client.list::<SourceBody>(&listing).await
        })
        .buffered(client.parallel())
        .collect::<Vec<_>>()
        .await;
    let mut sources = Vec::new();
    let mut trouble = None;
    for batch in batches {
        let batch = batch.or_else(unread)?;
        trouble = trouble.or_else(|| batch.complete().err().cloned());
        let found = match batch {
            Collection::Complete(found) | Collection::Partial { found, .. } => found,
        };
        for source in found.into_iter().map(SourceBody::into_found) {
            client.remember_source(&source.live.id, &source.live.name);
            sources.push(source);
        }
    }
    Ok(match trouble {
        None => Collection::Complete(sources),
        Some(why) => Collection::Partial {
            found: sources,
            why,
        },
    })
}

/// All sources of the tenant.
pub(crate) async fn all(client: &Client) -> Result<Collection<Vec<LiveSource>>, TenantError> {
    let call = Call::get(&["sources", "v1"], "reading the sources");
    let read = client.list::<SourceBody>(&Listing::new(call, "id")).await?;
    let live = |bodies: Vec<SourceBody>| bodies.into_iter().map(SourceBody::into_live).collect();
    Ok(read.map(live))
}

/// The filter for some names, and the operation for errors.
fn filter_for(names: &[&str]) -> (String, String) {
    match names {
        [name] => (
            filter::equals("name", name),
            format!("reading the source \"{name}\""),
        ),
        _ => (
            filter::one_of("name", names),
            format!("reading {} sources", names.len()),
        ),
    }
}

/// Creates a delimited-file source. Without `provisionAsCsv` ISC would create one of
/// the type `Delimited File`, with a space, which has no schemas; so the type in
/// the response is checked.
pub(crate) async fn create(client: &Client, new: &NewSource) -> Result<SourceId, TenantError> {
    let NewSource {
        name,
        owner,
        description,
        delete_threshold,
    } = new;
    let doing = format!("creating the source \"{name}\"");
    let mut body = json!({
        "name": name,
        "owner": identity(owner),
        "connector": "delimited-file-angularsc",
    });
    if let Some(description) = description {
        body["description"] = json!(description);
    }
    if let Some(percent) = delete_threshold {
        body["deleteThreshold"] = json!(percent);
        body["connectorAttributes"] = json!({ "deleteThresholdPercentage": percent });
    }
    let call = Call::post(&["sources", "v1"], Body::Json(body), doing.clone())
        .query("provisionAsCsv", "true");
    let created = client.send(&call).await?.json::<SourceBody>()?.into_live();
    if created.kind != LiveSource::DELIMITED_FILE {
        return Err(TenantError::new(
            doing,
            TenantErrorKind::Undecodable {
                text: format!(
                    "ISC created it with the type \"{}\" instead of \"{}\"; delete it (id {}) and run `steersman apply` again",
                    created.kind,
                    LiveSource::DELIMITED_FILE,
                    created.id
                ),
            },
        ));
    }
    client.remember_source(&created.id, &created.name);
    update(client, &created.id, &not_taken(new, &created)).await?;
    Ok(created.id)
}

/// The changes that a new source still needs: tenants differ in which fields they
/// accept when a source is created.
fn not_taken(new: &NewSource, created: &LiveSource) -> Vec<SourceChange> {
    let mut changes = Vec::new();
    if created.owner.as_ref() != Some(&new.owner) {
        changes.push(SourceChange::Owner(new.owner.clone()));
    }
    if let Some(description) = &new.description
        && created.description.as_ref() != Some(description)
    {
        changes.push(SourceChange::Description(description.clone()));
    }
    if let Some(percent) = new.delete_threshold
        && [created.delete_threshold, created.connector_delete_threshold]
            .iter()
            .any(|taken| *taken != Some(percent.into()))
    {
        changes.push(SourceChange::DeleteThreshold(percent));
    }
    changes
}

/// Changes settings of a source.
pub(crate) async fn update(
    client: &Client,
    source: &SourceId,
    changes: &[SourceChange],
) -> Result<(), TenantError> {
    let patch = patch_of(changes);
    if patch.is_empty() {
        return Ok(());
    }
    let path = ["sources", "v1", source.as_str()];
    let call = Call::patch(
        &path,
        patch,
        format!("changing the source {}", client.source_label(source)),
    );
    client.send(&call.resting_on_reading()).await?;
    Ok(())
}

fn patch_of(changes: &[SourceChange]) -> JsonPatch {
    changes
        .iter()
        .fold(JsonPatch::new(), |patch, change| match change {
            SourceChange::Owner(owner) => patch.replace("/owner", identity(owner)),
            SourceChange::Description(text) => patch.replace("/description", text.as_str()),
            SourceChange::DeleteThreshold(percent) => patch
                .replace("/deleteThreshold", *percent)
                .set("/connectorAttributes/deleteThresholdPercentage", *percent),
        })
}

#[derive(Deserialize)]
struct ImportStarted {
    task: StartedTask,
}

#[derive(Deserialize)]
struct StartedTask {
    id: String,
}

/// Sends the full state of a source's accounts.
pub(crate) async fn import_accounts(
    client: &Client,
    source: &SourceId,
    csv: &[u8],
    reexamine: bool,
) -> Result<TaskId, TenantError> {
    let path = ["sources", "v1", source.as_str(), "load-accounts"];
    let doing = format!(
        "importing the accounts of the source {}",
        client.source_label(source)
    );
    let call = Call::post(&path, Body::CsvFile { csv, reexamine }, doing);
    let call = call.resting_on_reading();
    let answer: Answer = client.send(&call).await?;
    Ok(answer.json::<ImportStarted>()?.task.id.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(json: Value) -> SourceBody {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn sources_are_read_in_all_their_forms() {
        let full = body(json!({
            "id": "s1", "name": "Service Accounts", "type": "DelimitedFile",
            "owner": {"type": "IDENTITY", "id": "i1", "name": "Jane"},
            "description": "", "deleteThreshold": 10,
            "connectorAttributes": {"deleteThresholdPercentage": "15", "healthy": true},
            "somethingNew": [1],
        }))
        .into_live();
        assert_eq!(full.kind, LiveSource::DELIMITED_FILE);
        assert_eq!(full.owner, Some("i1".into()));
        assert_eq!(full.description, None);
        assert_eq!(full.delete_threshold, Some(10));
        assert_eq!(full.connector_delete_threshold, Some(15));
        assert!(full.accounts.complete().is_err());

        let bare = body(json!({"id": "s1", "name": "x", "owner": null})).into_live();
        assert_eq!((bare.owner, bare.delete_threshold), (None, None));
        assert!(serde_json::from_value::<SourceBody>(json!({"name": "x"})).is_err());
    }

    #[test]
    fn changes_are_made_by_leaf_path() {
        let changes = [
            SourceChange::Owner("i2".into()),
            SourceChange::Description("d".to_owned()),
            SourceChange::DeleteThreshold(20),
        ];
        assert_eq!(
            patch_of(&changes).into_json(),
            json!([
                {"op": "replace", "path": "/owner", "value": {"type": "IDENTITY", "id": "i2"}},
                {"op": "replace", "path": "/description", "value": "d"},
                {"op": "replace", "path": "/deleteThreshold", "value": 20},
                {"op": "add", "path": "/connectorAttributes/deleteThresholdPercentage", "value": 20},
            ])
        );
        assert!(patch_of(&[]).is_empty());
    }

    #[test]
    fn what_a_new_source_did_not_take_is_changed() {
        let new = NewSource {
            name: "x".into(),
            owner: "i1".into(),
            description: Some("d".to_owned()),
            delete_threshold: Some(20),
        };
        let made = |description, threshold, connector: Value| {
            body(json!({
                "id": "s1", "name": "x", "owner": {"id": "i1"}, "description": description,
                "deleteThreshold": threshold, "connectorAttributes": connector,
            }))
            .into_live()
        };
        let both = json!({"deleteThresholdPercentage": 20});
        assert_eq!(not_taken(&new, &made("d", 20, both)), []);
        assert_eq!(
            not_taken(&new, &made("", 20, json!({}))),
            [
                SourceChange::Description("d".to_owned()),
                SourceChange::DeleteThreshold(20)
            ]
        );
    }
}
