//! The guide with an enrolled account and two more, in a tenant that others change, too.

use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{SimulatedTenant, World, world};

pub(crate) const FILE: &str = "guide/steersman.yaml";
pub(crate) const APPLY: &str = "apply guide --auto-approve --wait 10";

/// The guide is applied: `audit01` is enrolled and has its token, two more accounts have
/// identities.
pub(crate) fn enrolled() -> (World, SimulatedTenant) {
    let mut world = world!();
    world.example("guide");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    world.replace(
        FILE,
        "    identityProfile:",
        "    deleteThreshold: 100\n    identityProfile:",
    );
    more(&world, &["SA-002", "SA-003"]);
    let _ = world.steersman(APPLY).exits(0);
    let issuer = mint(&tenant, "issuer", &["sp:my-personal-access-tokens:manage"]);
    world.write(".steersman/secrets/audit01/issuer", issuer.to_string());
    let _ = world.steersman(APPLY).exits(0);
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
    tenant.simulator().clear_requests();
    (world, tenant)
}

/// Registers `audit01`, which makes a token by hand.
pub(crate) fn mint(tenant: &SimulatedTenant, name: &str, scopes: &[&str]) -> Value {
    tenant.simulator().with_tenant(|tenant| {
        let _ = tenant.register_person("audit01");
        let request = simulator::TokenRequest {
            name: name.to_owned(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            ..simulator::TokenRequest::default()
        };
        let token = tenant
            .mint_personal_access_token_as_owner("audit01", request)
            .unwrap();
        json!({"clientId": token.id, "clientSecret": token.secret.expose_secret(), "replaces": "enrolled"})
    })
}

/// A file with these accounts beside the guide's.
pub(crate) fn more(world: &World, ids: &[&str]) {
    let accounts: Vec<String> = ids
        .iter()
        .map(|id| {
            let name = id.to_lowercase().replace('-', "");
            format!(
                "  - {{id: {id}, name: {name}, email: {name}@example.com, purpose: Test, userLevels: [HELPDESK]}}\n"
            )
        })
        .collect();
    world.write(
        "guide/more.yaml",
        format!("steersman: v1\nserviceAccounts:\n{}", accounts.concat()),
    );
}

/// The state of the tenant.
pub(crate) fn state(tenant: &SimulatedTenant) -> Value {
    serde_json::from_str(&tenant.simulator().dump_state().unwrap()).unwrap()
}

/// Changes the state of the tenant behind everybody's back.
pub(crate) fn change(tenant: &SimulatedTenant, change: impl FnOnce(&mut Value)) {
    let mut state = state(tenant);
    change(&mut state);
    let body = Some(state);
    let status = tenant.send("PUT", "/_simulator/state", "none", body);
    assert!((200..300).contains(&status), "{status}");
}

/// All identities with their names, and all tokens with their owners.
pub(crate) fn belongings(tenant: &SimulatedTenant) -> BTreeSet<String> {
    tenant
        .simulator()
        .advance(jiff::SignedDuration::from_mins(15))
        .unwrap();
    let state = state(tenant);
    let list = |name: &str| state[name].as_array().unwrap().clone();
    let identities = list("identities")
        .into_iter()
        .map(|identity| format!("{} {}", identity["id"], identity["alias"]));
    let tokens = list("tokens")
        .into_iter()
        .map(|token| format!("{} {}", token["id"], token["owner"]));
    identities.chain(tokens).collect()
}

/// What somebody has lost.
pub(crate) fn lost(before: &BTreeSet<String>, tenant: &SimulatedTenant) -> Vec<String> {
    before.difference(&belongings(tenant)).cloned().collect()
}

/// The identity of a user name, as the state has it.
pub(crate) fn identity(tenant: &SimulatedTenant, alias: &str) -> Value {
    let state = state(tenant);
    let mut all = state["identities"].as_array().unwrap().iter();
    all.find(|identity| identity["alias"] == alias)
        .unwrap()
        .clone()
}

/// The identity profile of the guide, as the state has it.
pub(crate) fn profile(state: &mut Value) -> &mut Value {
    let profiles = state["profiles"].as_object_mut().unwrap().values_mut();
    profiles
        .into_iter()
        .find(|profile| profile["name"] == "Service Accounts")
        .unwrap()
}

/// Another admin maps the user name from this attribute; ISC waits for "Apply Changes".
pub(crate) fn map_user_name(tenant: &SimulatedTenant, attribute: &str) {
    let profiles = tenant.get("/identity-profiles/v1");
    let mut all = profiles.as_array().unwrap().iter();
    let profile = all
        .find(|profile| profile["name"] == "Service Accounts")
        .unwrap();
    let mut mappings = profile["identityAttributeConfig"]["attributeTransforms"].clone();
    for mapping in mappings.as_array_mut().unwrap() {
        if mapping["identityAttributeName"] == "uid" {
            mapping["transformDefinition"]["attributes"]["attributeName"] = json!(attribute);
        }
    }
    let path = format!("/identity-profiles/v1/{}", profile["id"].as_str().unwrap());
    let patch = json!([{
        "op": "replace",
        "path": "/identityAttributeConfig/attributeTransforms",
        "value": mappings,
    }]);
    assert_eq!(tenant.patch(&path, &patch), 200);
}
