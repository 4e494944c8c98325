//! steersman and the account that it runs as.

use secrecy::ExposeSecret;
use tests::{SimulatedTenant, world};

#[test]
fn the_tools_own_account_removed() {
    let mut world = world!();
    world.example("guide");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    world.replace(
        "guide/steersman.yaml",
        "userLevels: [REPORT_ADMIN]",
        "userLevels: [ORG_ADMIN]",
    );
    let _ = world.steersman("apply guide --auto-approve").exits(0);

    // From now on steersman runs as audit01, an ORG_ADMIN like any other.
    let mint = |name: &str, scope: &str| {
        tenant.simulator().with_tenant(|tenant| {
            let request = simulator::TokenRequest {
                name: name.to_owned(),
                scopes: vec![scope.to_owned()],
                ..simulator::TokenRequest::default()
            };
            tenant
                .mint_personal_access_token_as_owner("audit01", request)
                .unwrap()
        })
    };
    tenant
        .simulator()
        .with_tenant(|tenant| tenant.register_person("audit01").unwrap());
    let issuer = mint("issuer", "sp:my-personal-access-tokens:manage");
    world.write(
        ".steersman/secrets/audit01/issuer",
        serde_json::json!({
            "clientId": issuer.id,
            "clientSecret": issuer.secret.expose_secret(),
            "replaces": "enrolled",
        })
        .to_string(),
    );
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    let minted = mint("steersman", "sp:scopes:all");
    world.set([
        ("SAIL_CLIENT_ID".to_owned(), minted.id.clone()),
        (
            "SAIL_CLIENT_SECRET".to_owned(),
            minted.secret.expose_secret().to_owned(),
        ),
    ]);
    tenant.simulator().clear_requests();

    // Its account is deleted, its level is taken away: planner.md 21, that step alone is
    // held.
    let whole = world.read("guide/steersman.yaml");
    let accounts = whole.find("serviceAccounts:").unwrap();
    for text in [
        format!("{}serviceAccounts: []\n", &whole[..accounts]).replace(
            "    identityProfile:",
            "    unmanaged: delete\n    deleteThreshold: 100\n    identityProfile:",
        ),
        whole.replace("userLevels: [ORG_ADMIN]", "userLevels: [REPORT_ADMIN]"),
    ] {
        world.write("guide/steersman.yaml", text);
        let apply = world.steersman("apply guide --auto-approve").exits(0);
        let held = "the identity that steersman itself runs as";
        let words: Vec<&str> = apply.stdout.split_whitespace().collect();
        assert!(words.join(" ").contains(held), "{}", apply.shown());
    }
    // Its token is revoked: that step alone is held, or time would stop every
    // rotation once the own token is due.
    let revoked = format!("{whole}policy: {{unmanagedTokens: revoke}}\n");
    world.write("guide/steersman.yaml", revoked);
    let apply = world.steersman("apply guide --auto-approve").exits(0);
    let held = "steersman itself runs as this token";
    let words: Vec<&str> = apply.stdout.split_whitespace().collect();
    assert!(words.join(" ").contains(held), "{}", apply.shown());
    // The rest of the plan, the source's threshold, went on.
    let writes = tenant.writes();
    let is_source = |write: &String| write.starts_with("PATCH /sources/v1/");
    assert!(
        writes.len() == 1 && writes.iter().all(is_source),
        "{writes:?}"
    );
    world.write("guide/steersman.yaml", whole);
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
}
