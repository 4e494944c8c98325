//! `report`: who may do what, and what is not known.

use crate::setting::{json, mint, minted};
use serde_json::{Value, json};
use tests::{SimulatedTenant, World, world};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// The guide, applied with a record, with an enrolled account, an unmanaged token and an
/// unmanaged account whose cells are formulas and markup.
fn audited() -> (World, SimulatedTenant) {
    let mut world = world!();
    world.example("guide");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    tenant
        .simulator()
        .with_tenant(|tenant| tenant.register_person("audit01").unwrap());
    let issuer = ["sp:my-personal-access-tokens:manage".to_owned()];
    let (id, secret) = mint(&tenant, "audit01", &issuer);
    world.write(
        ".steersman/secrets/audit01/issuer",
        json!({"clientId": id, "clientSecret": secret, "replaces": "enrolled"}).to_string(),
    );
    world.write(".git/HEAD", COMMIT);
    let _ = world
        .steersman("apply guide --auto-approve --record record.json")
        .exits(0);
    let by_hand = simulator::TokenRequest {
        name: "by-hand".to_owned(),
        scopes: vec!["sp:report:read".to_owned()],
        never_expires: true,
        ..simulator::TokenRequest::default()
    };
    let _ = minted(&tenant, "audit01", by_hand);
    let row = json!({
        "id": "SA-900", "name": "byhand01", "e-mail": "x@example.com",
        "purpose": "=HYPERLINK(\"http://evil.example\")<script>alert(1)</script>",
    });
    tenant.simulator().with_tenant(|tenant| {
        let row = row.as_object().unwrap().clone();
        tenant
            .put_account_out_of_band("Service Accounts", row)
            .unwrap();
    });
    (world, tenant)
}

#[test]
fn who_may_do_what_is_reported_with_what_is_not_known() {
    let (world, _tenant) = audited();
    let run = world
        .steersman("report guide --record record.json --format json")
        .exits(0);
    let report = json(&run);
    let of = |name: &str| -> &Value {
        let mut accounts = report["accounts"].as_array().unwrap().iter();
        accounts.find(|account| account["name"] == name).unwrap()
    };
    let audit = of("audit01");
    assert_eq!(audit["management"], "declared");
    assert_eq!(audit["userLevels"], json!(["REPORT_ADMIN"]));
    assert_eq!(audit["sourceOwner"], "jane.doe");
    let token = |name: &str| -> &Value {
        let mut tokens = audit["tokens"].as_array().unwrap().iter();
        tokens.find(|token| token["name"] == name).unwrap()
    };
    let monthly = token("monthly-report");
    assert_eq!(monthly["state"], "declared");
    assert_eq!(monthly["delivery"]["place"], "local:audit01/monthly-report");
    assert_eq!(monthly["approval"]["commit"], COMMIT);
    assert_eq!(monthly["approval"]["appliedBy"], "jane.doe");
    assert!(monthly["allows"]["reads"].as_u64().unwrap() > 0);
    // Levels were granted by an earlier run, of which there is no record.
    assert_eq!(audit["levelsApproval"], Value::Null);
    let by_hand = token("by-hand");
    assert_eq!(by_hand["state"], "undeclared");
    assert_eq!(by_hand["expiry"], "never");
    assert_eq!(by_hand["approval"], Value::Null);
    assert_eq!(of("byhand01")["management"], "unmanaged");

    let schema = json(&world.steersman("schema report").exits(0));
    assert!(jsonschema::is_valid(&schema, &report));
    let secret = world.read(".steersman/secrets/audit01/monthly-report");
    let secret: Value = serde_json::from_str(&secret).unwrap();
    assert!(
        !run.stdout
            .contains(secret["clientSecret"].as_str().unwrap())
    );
}

#[test]
fn files_of_a_report_are_harmless() {
    let (world, _tenant) = audited();
    let _ = world
        .steersman("report guide --record record.json --out html=report.html --out csv=report.csv")
        .exits(0);
    let html = world.read("report.html");
    assert!(
        html.contains("default-src &#39;none&#39;") && !html.contains("<script"),
        "{html}"
    );
    assert!(html.contains(COMMIT) && html.contains("by-hand"));
    let csv = world.read("report.csv");
    assert!(csv.contains("\"'=HYPERLINK"), "{csv}");
    assert_eq!(csv.lines().next().unwrap().split(',').count(), 27);
    let _ = world
        .steersman("report guide --out html=x --out csv=x")
        .exits(64);
}

#[test]
fn a_record_of_another_tenant_is_not_used() {
    let (world, _tenant) = audited();
    let record = world.read("record.json");
    let mut whole: Value = serde_json::from_str(&record).unwrap();
    for record in ["/tenant", "/run/tenant"] {
        *whole.pointer_mut(record).unwrap() = json!("https://other.api.identitynow.com");
    }
    world.write("record.json", whole.to_string());
    let run = world
        .steersman("report guide --record record.json --format csv")
        .exits(0);
    assert!(run.stderr.contains("it is not used"), "{}", run.shown());
    assert!(!run.stdout.contains(COMMIT));
}
