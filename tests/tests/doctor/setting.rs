//! Tokens with some scopes, and answers of `doctor`.

use secrecy::ExposeSecret;
use serde_json::Value;
use tests::{Run, SimulatedTenant, World};

/// A token of this owner with these scopes.
pub(crate) fn mint(tenant: &SimulatedTenant, owner: &str, scopes: &[String]) -> (String, String) {
    minted(
        tenant,
        owner,
        simulator::TokenRequest {
            name: "steersman".to_owned(),
            scopes: scopes.to_vec(),
            ..simulator::TokenRequest::default()
        },
    )
}

pub(crate) fn minted(
    tenant: &SimulatedTenant,
    owner: &str,
    request: simulator::TokenRequest,
) -> (String, String) {
    let minted = tenant.simulator().with_tenant(|tenant| {
        tenant
            .mint_personal_access_token_as_owner(owner, request)
            .unwrap()
    });
    (minted.id, minted.secret.expose_secret().to_owned())
}

pub(crate) fn revoke(tenant: &SimulatedTenant, id: &str) {
    tenant
        .simulator()
        .with_tenant(|tenant| tenant.revoke_token_out_of_band(id).unwrap());
}

/// Runs as this credential from now on.
pub(crate) fn run_as(world: &mut World, (id, secret): &(String, String)) {
    world.set([
        ("SAIL_CLIENT_ID".to_owned(), id.clone()),
        ("SAIL_CLIENT_SECRET".to_owned(), secret.clone()),
    ]);
}

/// What a run printed as JSON.
pub(crate) fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.shown()))
}

/// The least scopes that `doctor --access` prints for a purpose.
pub(crate) fn least(world: &World, files: &str, purpose: &str) -> Vec<String> {
    let run = world.steersman(&format!("doctor {files} --access --format json"));
    let access = json(&run.exits(0));
    assert_eq!(
        access[purpose]["userLevels"],
        serde_json::json!(["ORG_ADMIN"])
    );
    let scopes = access[purpose]["scopes"].as_array().unwrap().iter();
    scopes
        .map(|scope| scope.as_str().unwrap().to_owned())
        .collect()
}
