//! The guide, applied to a tenant of its own.

use secrecy::ExposeSecret;
use tests::{Run, SimulatedTenant, World, world};

pub(crate) const FILE: &str = "guide/steersman.yaml";

/// The guide is applied, and its account registered and enrolled.
pub(crate) fn enrolled() -> (World, SimulatedTenant) {
    let (world, tenant) = applied();
    tenant
        .simulator()
        .with_tenant(|tenant| tenant.register_person("audit01").unwrap());
    let issuer = tenant.simulator().with_tenant(|tenant| {
        let request = simulator::TokenRequest {
            name: "issuer".to_owned(),
            scopes: vec!["sp:my-personal-access-tokens:manage".to_owned()],
            ..simulator::TokenRequest::default()
        };
        tenant
            .mint_personal_access_token_as_owner("audit01", request)
            .unwrap()
    });
    world.write(
        ".steersman/secrets/audit01/issuer",
        serde_json::json!({
            "clientId": issuer.id,
            "clientSecret": issuer.secret.expose_secret(),
            "replaces": "enrolled",
        })
        .to_string(),
    );
    settled(&world, "");
    tenant.simulator().clear_requests();
    (world, tenant)
}

/// The guide is applied, and its account invited.
pub(crate) fn applied() -> (World, SimulatedTenant) {
    let mut world = world!();
    world.example("guide");
    world.replace(
        FILE,
        "    identityProfile:",
        "    deleteThreshold: 100\n    identityProfile:",
    );
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    settled(&world, "");
    tenant.simulator().clear_requests();
    (world, tenant)
}

/// One apply, after which the plan is empty.
pub(crate) fn settled(world: &World, more: &str) -> Run {
    let apply = world
        .steersman(&format!("apply guide --auto-approve {more}"))
        .exits(0);
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
    apply
}

/// Another account of the guide's source.
pub(crate) fn account(id: &str, name: &str) -> String {
    format!(
        "  - id: {id}\n    source: Service Accounts\n    name: {name}\n    email: {name}@example.com\n    purpose: Test\n"
    )
}

/// A file with these accounts beside the guide's.
pub(crate) fn more(world: &World, accounts: &[(&str, &str)]) {
    let accounts: String = accounts
        .iter()
        .map(|(id, name)| account(id, name))
        .collect();
    let list = if accounts.is_empty() { " []" } else { "" };
    world.write(
        "guide/more.yaml",
        format!("steersman: v1\nserviceAccounts:{list}\n{accounts}"),
    );
}
