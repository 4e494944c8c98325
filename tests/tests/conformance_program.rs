//! What the program itself exchanges with a tenant fits the official description, on both sides:
//! what it sends is documented, and what it is answered is what ISC would answer.

use simulator::TokenRequest;
use tests::judge::proxy::RecordingProxy;
use tests::judge::{Judge, description_folder};
use tests::{SimulatedTenant, world};

#[test]
fn the_guide_is_applied_within_the_description() {
    let Some(folder) = description_folder() else {
        println!("skipped: STEERSMAN_ISC_DESCRIPTION does not name the folder of the description");
        return;
    };
    let judge = Judge::load(&folder).expect("the official description");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let tenant = SimulatedTenant::start();
    let upstream = tenant.simulator().base_url();
    let proxy = runtime
        .block_on(RecordingProxy::start(&upstream))
        .expect("a proxy");
    let mut world = world!();
    world.example("guide");
    world.set(tenant.variables());
    world.set([("SAIL_BASE_URL".to_owned(), proxy.base_url.clone())]);

    // Everything is made; what the account needs of a person is done; its token is minted.
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    let issuer = tenant.simulator().with_tenant(|tenant| {
        tenant
            .register_person("audit01")
            .expect("an open invitation");
        let request = TokenRequest {
            name: "issuer".to_owned(),
            scopes: vec!["sp:my-personal-access-tokens:manage".to_owned()],
            ..TokenRequest::default()
        };
        tenant
            .mint_personal_access_token_as_owner("audit01", request)
            .expect("a token")
    });
    world.write(".steersman/secrets/audit01/issuer", delivered(&issuer));
    let _ = world.steersman("apply guide --auto-approve").exits(0);

    // Things change: the accounts, a level, a token's scopes.
    let file = "guide/steersman.yaml";
    world.replace(
        file,
        "purpose: Automate monthly",
        "purpose: Automate the monthly",
    );
    world.replace(
        file,
        "userLevels: [REPORT_ADMIN]",
        "userLevels: [REPORT_ADMIN, HELPDESK]",
    );
    world.replace(
        file,
        "          - sp:report:read # fetch finished reports\n",
        "",
    );
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);

    let exchanges = proxy.record.exchanges();
    let writes = exchanges
        .iter()
        .filter(|exchange| exchange.request.method != "GET")
        .count();
    assert!(writes > 10, "{writes} of {}", exchanges.len());
    let mut complaints: Vec<_> = exchanges
        .iter()
        .filter(|exchange| exchange.request.path != "/oauth/token")
        .flat_map(|exchange| judge.judge(exchange).complaints)
        .map(|complaint| complaint.to_string())
        .collect();
    complaints.sort_unstable();
    complaints.dedup();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// A token as a person puts it into a store.
fn delivered(token: &simulator::MintedToken) -> String {
    use secrecy::ExposeSecret as _;
    serde_json::json!({"clientId": token.id, "clientSecret": token.secret.expose_secret(), "replaces": "enrolled"})
        .to_string()
}
