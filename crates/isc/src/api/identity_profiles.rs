//! `/identity-profiles/v1`: which accounts become identities, and how.

use super::attribute_reads::{self, ACCOUNT_ATTRIBUTE};
use super::reference::{Reference, identity};
use crate::json_patch::JsonPatch;
use crate::transport::{Body, Call, Client, Listing, Row};
use model::{
    AccountAttribute, Collection, IdentityAttribute, LiveMapping, LiveProfile, NewProfile,
    Operation, ProfileHolder, ProfileId, SourceId, SourceName, TenantError, TenantErrorKind,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProfileBody {
    id: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    owner: Option<Reference>,
    authoritative_source: Reference,
    #[serde(default)]
    identity_attribute_config: Option<ConfigBody>,
    #[serde(default)]
    identity_refresh_required: bool,
    #[serde(default)]
    identity_count: Option<u64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConfigBody {
    #[serde(default)]
    enabled: bool,
    #[serde(default)]
    attribute_transforms: Option<Vec<TransformBody>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TransformBody {
    identity_attribute_name: String,
    #[serde(default)]
    transform_definition: Value,
}

impl Row for ProfileBody {
    fn key(&self) -> &str {
        &self.id
    }
}

impl ProfileBody {
    fn source(&self) -> Option<SourceId> {
        Reference::id(Some(self.authoritative_source.clone()))
    }

    fn holder(&self) -> ProfileHolder {
        let config = self.identity_attribute_config.as_ref();
        let transforms = config.and_then(|config| config.attribute_transforms.as_ref());
        ProfileHolder {
            name: self.name.clone().unwrap_or_default(),
            source: self.source(),
            source_name: self.authoritative_source.name(),
            reads: (transforms.into_iter().flatten())
                .flat_map(|transform| {
                    let target = transform.identity_attribute_name.as_str();
                    attribute_reads::of(&target.into(), &transform.transform_definition)
                })
                .collect(),
        }
    }

    fn into_live(self, source: SourceId) -> LiveProfile {
        let config = self.identity_attribute_config;
        LiveProfile {
            id: self.id.into(),
            name: self.name.unwrap_or_default(),
            owner: Reference::id(self.owner),
            authoritative_source: source,
            enabled: config.as_ref().is_some_and(|config| config.enabled),
            mappings: config
                .and_then(|config| config.attribute_transforms)
                .unwrap_or_default()
                .into_iter()
                .map(TransformBody::into_live)
                .collect(),
            refresh_required: self.identity_refresh_required,
            identity_count: self.identity_count,
        }
    }
}

impl TransformBody {
    fn into_live(self) -> (IdentityAttribute, LiveMapping) {
        let name = self.identity_attribute_name.into();
        let definition = self.transform_definition;
        if definition.is_null() {
            return (name, LiveMapping::Other("nothing".to_owned()));
        }
        let none = Map::new();
        let attributes = definition["attributes"].as_object().unwrap_or(&none);
        let text = |key: &str| attributes.get(key)?.as_str().map(str::to_owned);
        let kind = definition["type"].as_str().unwrap_or_default();
        // A definition with other attributes does more than copy the attribute.
        let plain = attributes
            .keys()
            .all(|key| matches!(key.as_str(), "sourceId" | "sourceName" | "attributeName"));
        let mapping = match (text("sourceId"), text("attributeName")) {
            (Some(source), Some(attribute)) if kind == ACCOUNT_ATTRIBUTE && plain => {
                LiveMapping::Account {
                    source: source.into(),
                    attribute: attribute.into(),
                }
            }
            _ => LiveMapping::Other(kind.to_owned()),
        };
        (name, mapping)
    }
}

/// The identity profiles of a tenant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profiles {
    /// Each source has one at most.
    pub(crate) by_source: BTreeMap<SourceId, LiveProfile>,
    /// All of them.
    pub(crate) holders: Vec<ProfileHolder>,
}

/// The identity profiles of all sources: the list cannot be filtered by source.
pub(crate) async fn all(client: &Client) -> Result<Collection<Profiles>, TenantError> {
    let call = Call::get(
        &["identity-profiles", "v1"],
        "reading the identity profiles",
    );
    let profiles = client
        .list::<ProfileBody>(&Listing::new(call, "id"))
        .await?;
    let sorted = |profiles: Vec<ProfileBody>| {
        let mut all = Profiles::default();
        for profile in profiles {
            all.holders.push(profile.holder());
            if let Some(source) = profile.source() {
                let profile = profile.into_live(source.clone());
                all.by_source.insert(source, profile);
            }
        }
        all
    };
    Ok(profiles.map(sorted))
}

/// How often the mappings of a new profile are set at most.
const TRIES: u32 = 5;

/// Creates a profile with its mappings enabled. Mappings that ISC adds by itself
/// stay.
pub(crate) async fn create(
    client: &Client,
    new: &NewProfile,
    source: &SourceId,
) -> Result<ProfileId, TenantError> {
    let doing = format!("creating the identity profile \"{}\"", new.name);
    let mappings = new
        .mappings
        .iter()
        .map(|(name, attribute)| mapping(name, attribute, source, &new.source_name))
        .collect::<Vec<_>>();
    let body = json!({
        "name": new.name,
        "owner": identity(&new.owner),
        "authoritativeSource": {"type": "SOURCE", "id": source, "name": new.source_name},
        "identityAttributeConfig": {"enabled": true, "attributeTransforms": mappings},
    });
    let call = Call::post(&["identity-profiles", "v1"], Body::Json(body), doing);
    let created: ProfileBody = client.send(&call).await?.json()?;
    let id = ProfileId::from(created.id.clone());
    let live = created.into_live(source.clone());
    let taken = |(name, attribute): (&IdentityAttribute, &AccountAttribute)| {
        live.mappings.get(name)
            == Some(&LiveMapping::Account {
                source: source.clone(),
                attribute: attribute.clone(),
            })
    };
    if !live.enabled || !new.mappings.iter().all(taken) {
        let mut tries = 1;
        while let Err(error) =
            configure(client, &id, true, &new.mappings, source, &new.source_name).await
        {
            // It reads the profile itself, so that nothing of others is lost.
            if tries == TRIES || !error.asks_to_read_again() {
                return Err(error.given_up(tries));
            }
            tries += 1;
        }
    }
    Ok(id)
}

/// Executes [`Operation::UpdateProfile`].
pub(crate) async fn update(client: &Client, update: &Operation) -> Result<(), TenantError> {
    let Operation::UpdateProfile {
        profile,
        name,
        owner,
        enable,
        mappings,
        source,
        source_name,
    } = update
    else {
        return Err(TenantError::new(
            "changing an identity profile",
            TenantErrorKind::Undecodable {
                text: "the operation does not change an identity profile".to_owned(),
            },
        ));
    };
    let mut patch = JsonPatch::new();
    if let Some(name) = name {
        patch = patch.replace("/name", name.as_str());
    }
    if let Some(owner) = owner {
        patch = patch.replace("/owner", identity(owner));
    }
    if !patch.is_empty() {
        let path = ["identity-profiles", "v1", profile.as_str()];
        client
            .send(&Call::patch(&path, patch, changing(profile)).resting_on_reading())
            .await?;
    }
    if *enable || !mappings.is_empty() {
        configure(client, profile, *enable, mappings, source, source_name).await?;
    }
    Ok(())
}

/// Sets mappings, and resends all others as the tenant has them.
async fn configure(
    client: &Client,
    profile: &ProfileId,
    enable: bool,
    mappings: &BTreeMap<IdentityAttribute, AccountAttribute>,
    source: &SourceId,
    source_name: &SourceName,
) -> Result<(), TenantError> {
    let path = ["identity-profiles", "v1", profile.as_str()];
    let current: Value = client
        .send(&Call::get(&path, changing(profile)))
        .await?
        .json()?;
    let wanted = mappings
        .iter()
        .map(|(name, attribute)| {
            let mapping = mapping(name, attribute, source, source_name);
            (name.as_str(), mapping)
        })
        .collect();
    let config = merged(&current["identityAttributeConfig"], enable, wanted);
    let patch = JsonPatch::new().replace("/identityAttributeConfig", config);
    client
        .send(&Call::patch(&path, patch, changing(profile)).resting_on_reading())
        .await?;
    Ok(())
}

fn merged(current: &Value, enable: bool, mut wanted: BTreeMap<&str, Value>) -> Value {
    let mut config = current.as_object().cloned().unwrap_or_default();
    let mut transforms = config
        .get("attributeTransforms")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    for transform in &mut transforms {
        let name = transform["identityAttributeName"].as_str();
        if let Some(mapping) = name.and_then(|name| wanted.remove(name)) {
            *transform = mapping;
        }
    }
    transforms.extend(wanted.into_values());
    config.insert("attributeTransforms".to_owned(), Value::Array(transforms));
    if enable {
        config.insert("enabled".to_owned(), Value::Bool(true));
    }
    Value::Object(config)
}

fn mapping(
    name: &IdentityAttribute,
    attribute: &AccountAttribute,
    source: &SourceId,
    source_name: &SourceName,
) -> Value {
    json!({
        "identityAttributeName": name,
        "transformDefinition": {
            "type": ACCOUNT_ATTRIBUTE,
            "attributes": {
                "sourceName": source_name,
                "sourceId": source,
                "attributeName": attribute,
            },
        },
    })
}

/// Runs identity processing ("Apply Changes"). It is idempotent.
pub(crate) async fn process_identities(
    client: &Client,
    profile: &ProfileId,
) -> Result<(), TenantError> {
    let path = [
        "identity-profiles",
        "v1",
        profile.as_str(),
        "process-identities",
    ];
    let doing = format!("processing the identities of the profile {profile}");
    let call = Call::post(&path, Body::Empty, doing).idempotent();
    client.send(&call).await?;
    Ok(())
}

fn changing(profile: &ProfileId) -> String {
    format!("changing the identity profile {profile}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uid_from(attribute: &str) -> Value {
        mapping(&"uid".into(), &attribute.into(), &"s1".into(), &"S".into())
    }

    #[test]
    fn profiles_are_read_with_all_mappings() {
        let body = json!({
            "id": "p1", "name": "P", "owner": {"id": "i1"}, "priority": 10,
            "authoritativeSource": {"type": "SOURCE", "id": "s1", "name": "S"},
            "identityRefreshRequired": true,
            "identityAttributeConfig": {"enabled": true, "attributeTransforms": [
                uid_from("name"),
                {"identityAttributeName": "email", "transformDefinition": {
                    "type": "accountAttribute", "attributes": {
                        "sourceId": "s1", "attributeName": "e-mail",
                        "input": {"type": "lower"}}}},
                {"identityAttributeName": "cloudLifecycleState", "transformDefinition": {
                    "type": "reference", "attributes": {"id": "x"}}},
                {"identityAttributeName": "empty", "transformDefinition": null},
            ]},
        });
        let body: ProfileBody = serde_json::from_value(body).unwrap();
        assert_eq!(body.source(), Some("s1".into()));
        let live = body.into_live("s1".into());
        assert!(live.enabled && live.refresh_required);
        assert_eq!(live.owner, Some("i1".into()));
        let expected = [
            (
                "cloudLifecycleState",
                LiveMapping::Other("reference".to_owned()),
            ),
            ("email", LiveMapping::Other("accountAttribute".to_owned())),
            ("empty", LiveMapping::Other("nothing".to_owned())),
            (
                "uid",
                LiveMapping::Account {
                    source: "s1".into(),
                    attribute: "name".into(),
                },
            ),
        ];
        let expected = expected.map(|(name, mapping)| (IdentityAttribute::from(name), mapping));
        assert_eq!(live.mappings, BTreeMap::from(expected));
    }

    #[test]
    fn mappings_are_set_among_the_others() {
        let other =
            json!({"identityAttributeName": "manager", "transformDefinition": {"type": "rule"}});
        let current = json!({
            "enabled": false, "kept": 1,
            "attributeTransforms": [uid_from("id"), other],
        });
        let wanted = || BTreeMap::from([("uid", uid_from("name")), ("email", json!("new"))]);
        let transforms = json!([uid_from("name"), other, "new"]);
        assert_eq!(
            merged(&current, true, wanted()),
            json!({"enabled": true, "kept": 1, "attributeTransforms": transforms})
        );
        assert_eq!(merged(&current, false, wanted())["enabled"], false);
        assert_eq!(
            merged(&Value::Null, true, BTreeMap::from([("uid", json!("new"))])),
            json!({"attributeTransforms": ["new"], "enabled": true})
        );
    }
}
