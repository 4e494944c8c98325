//! The scopes that docs/tenant.md asks for are enough for everything.

use secrecy::ExposeSecret;
use tests::{SimulatedTenant, repository, world};

/// The first block of the page.
fn scopes() -> Vec<String> {
    let page = std::fs::read_to_string(repository().join("docs/tenant.md")).unwrap();
    let block = page
        .split("```text\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    block.lines().map(str::to_owned).collect()
}

#[test]
fn the_documented_scopes_are_enough_from_first_apply_to_deletion() {
    let mut world = world!();
    world.example("guide");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    let own = tenant.simulator().with_tenant(|tenant| {
        let request = simulator::TokenRequest {
            name: "steersman".to_owned(),
            scopes: scopes(),
            ..simulator::TokenRequest::default()
        };
        tenant
            .mint_personal_access_token_as_owner("jane.doe", request)
            .unwrap()
    });
    world.set([
        ("SAIL_CLIENT_ID".to_owned(), own.id),
        (
            "SAIL_CLIENT_SECRET".to_owned(),
            own.secret.expose_secret().to_owned(),
        ),
    ]);
    let apply = || world.steersman("apply guide --auto-approve").exits(0);
    let _ = apply();
    let issuer = tenant.simulator().with_tenant(|tenant| {
        tenant.register_person("audit01").unwrap();
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
    let run = apply();
    assert!(run.stderr.contains("secret delivered"), "{}", run.shown());

    // Everything changes once.
    world.replace("guide/steersman.yaml", "one for each job", "one a job");
    world.replace(
        "guide/steersman.yaml",
        "Automate monthly",
        "Automate the monthly",
    );
    world.replace(
        "guide/steersman.yaml",
        "[REPORT_ADMIN]",
        "[REPORT_ADMIN, HELPDESK]",
    );
    world.replace("guide/steersman.yaml", "expires: 90d", "expires: 60d");
    world.replace(
        "guide/steersman.yaml",
        "    identityProfile:\n      name: Service Accounts",
        "    attributes: [{name: team}]\n    deleteThreshold: 100\n    unmanaged: delete\n    identityProfile:\n      name: Robots",
    );
    let _ = apply();
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);

    let text = world.read("guide/steersman.yaml");
    let accounts = text.find("serviceAccounts:").unwrap();
    world.write(
        "guide/steersman.yaml",
        format!("{}serviceAccounts: []\n", &text[..accounts]),
    );
    let _ = apply();
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
}
