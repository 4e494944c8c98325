//! The guide at a simulated tenant, with its account enrolled.

use secrecy::ExposeSecret;
use tests::{SimulatedTenant, World, world};

/// The guide, not applied yet.
pub(crate) fn guide() -> (World, SimulatedTenant) {
    let mut world = world!();
    world.example("guide");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    (world, tenant)
}

/// A token with these scopes, made by its owner.
pub(crate) fn mint(tenant: &SimulatedTenant, owner: &str, scopes: &[&str]) -> (String, String) {
    let minted = tenant.simulator().with_tenant(|tenant| {
        let request = simulator::TokenRequest {
            name: format!("of-{owner}-{}", scopes.len()),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            ..simulator::TokenRequest::default()
        };
        tenant
            .mint_personal_access_token_as_owner(owner, request)
            .unwrap()
    });
    (minted.id, minted.secret.expose_secret().to_owned())
}

/// Runs as this credential from now on.
pub(crate) fn run_as(world: &mut World, (id, secret): (String, String)) {
    world.set([
        ("SAIL_CLIENT_ID".to_owned(), id),
        ("SAIL_CLIENT_SECRET".to_owned(), secret),
    ]);
}

/// The guide, applied, with the account registered and its issuer in the store.
pub(crate) fn enrolled() -> (World, SimulatedTenant) {
    let (world, tenant) = guide();
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    tenant
        .simulator()
        .with_tenant(|tenant| tenant.register_person("audit01").unwrap());
    let (id, secret) = mint(&tenant, "audit01", &["sp:my-personal-access-tokens:manage"]);
    world.write(
        ".steersman/secrets/audit01/issuer",
        serde_json::json!({"clientId": id, "clientSecret": secret, "replaces": "enrolled"})
            .to_string(),
    );
    (world, tenant)
}
