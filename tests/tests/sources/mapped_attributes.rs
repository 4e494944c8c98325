//! An attribute of the schema that a mapping of any identity profile reads is not removed.

use crate::setting::with_others;
use serde_json::{Value, json};
use tests::{SimulatedTenant, World};

const APPLY: &str = "apply guide --auto-approve";
const DECLARED: &str = "    attributes: [{name: team}]\n";

/// The guide with the attribute `team`, in which no account has a value and which the file
/// does not declare any more.
fn dropped() -> (World, SimulatedTenant) {
    let (world, tenant) = with_others(1);
    let profile = "    identityProfile:";
    let with = format!("{DECLARED}{profile}");
    world.replace("guide/steersman.yaml", profile, &with);
    let _ = world.steersman(APPLY).exits(0);
    world.replace("guide/steersman.yaml", DECLARED, "");
    (world, tenant)
}

/// Another admin maps `department` in the profile of this name.
fn map(tenant: &SimulatedTenant, profile: &str, definition: Option<&Value>) {
    let profiles = tenant.get("/identity-profiles/v1");
    let mut all = profiles.as_array().unwrap().iter();
    let found = all.find(|found| found["name"] == profile).unwrap();
    let mut mappings = found["identityAttributeConfig"]["attributeTransforms"].clone();
    let list = mappings.as_array_mut().unwrap();
    list.retain(|mapping| mapping["identityAttributeName"] != "department");
    list.extend(definition.map(|definition| {
        json!({"identityAttributeName": "department", "transformDefinition": definition})
    }));
    let path = format!("/identity-profiles/v1/{}", found["id"].as_str().unwrap());
    let patch = json!([{
        "op": "replace",
        "path": "/identityAttributeConfig/attributeTransforms",
        "value": mappings,
    }]);
    assert_eq!(tenant.patch(&path, &patch), 200);
}

fn schema(tenant: &SimulatedTenant) -> String {
    let source = crate::setting::source(tenant);
    let path = format!("/sources/v1/{}/schemas", source["id"].as_str().unwrap());
    tenant.get(&path).to_string()
}

#[test]
fn an_attribute_that_any_mapping_reads_at_any_depth_is_not_removed() {
    let (world, tenant) = dropped();
    let source = crate::setting::source(&tenant)["id"].clone();
    let flat = json!({"type": "accountAttribute", "attributes": {
        "sourceId": source, "attributeName": "team"}});
    let team = json!({"type": "accountAttribute", "attributes": {
        "sourceName": "Service Accounts", "attributeName": "team"}});
    let upper = json!({"type": "upper", "attributes": {"input": team}});
    let first = json!({"type": "firstValid", "attributes": {"values": [
        {"type": "identityAttribute", "attributes": {"name": "location"}}, upper]}});
    for (profile, definition) in [
        ("Active Directory", &flat),
        ("Active Directory", &first),
        ("Service Accounts", &upper),
    ] {
        map(&tenant, profile, Some(definition));
        let run = world.steersman(APPLY).exits(4);
        let text: Vec<&str> = run.stdout.split_whitespace().collect();
        let text = text.join(" ");
        let read = format!("team (to department in \"{profile}\")");
        assert!(text.contains("dropAttributes"), "{}", run.shown());
        assert!(text.contains(&read), "{}", run.shown());
        assert!(schema(&tenant).contains("\"team\""));
        map(&tenant, profile, None);
    }
    let _ = world.steersman(APPLY).exits(0);
    assert!(!schema(&tenant).contains("\"team\""));
}
