//! Accounts of a source that others manage.

use tests::{SimulatedTenant, world};

#[test]
fn levels_are_managed_and_the_source_receives_no_write() {
    let mut world = world!();
    world.example("existing-source");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    let apply = world
        .steersman("apply existing-source --auto-approve")
        .exits(0);
    insta::assert_snapshot!(apply.shown());

    // An administrator invites one of them, whose person registers and makes
    // its issuer.
    let minted = tenant.simulator().with_tenant(|tenant| {
        tenant.invite_person("svc-backup").unwrap();
        tenant.register_person("svc-backup").unwrap();
        tenant
            .mint_personal_access_token_as_owner(
                "svc-backup",
                simulator::TokenRequest {
                    name: "issuer".to_owned(),
                    scopes: vec!["sp:my-personal-access-tokens:manage".to_owned()],
                    ..simulator::TokenRequest::default()
                },
            )
            .unwrap()
    });
    world.write(
        ".steersman/secrets/svc-backup/issuer",
        serde_json::json!({
            "clientId": minted.id,
            "clientSecret": secrecy::ExposeSecret::expose_secret(&minted.secret),
            "replaces": "enrolled",
        })
        .to_string(),
    );
    let _ = world
        .steersman("apply existing-source --auto-approve")
        .exits(0)
        .says("token");

    let writes = tenant.writes();
    assert!(!writes.is_empty());
    for write in &writes {
        let allowed = ["PATCH /auth-users/v1/", "POST /personal-access-tokens/v1"];
        assert!(
            allowed.iter().any(|allowed| write.starts_with(allowed)),
            "{write}"
        );
    }
    let _ = world
        .steersman("plan existing-source --detailed-exitcode")
        .exits(0);
}
