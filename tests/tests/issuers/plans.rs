//! What plan and status say of an issuer token: why it is replaced, what blocks that, and
//! the stage that is true.

use crate::setting::{FILE, ISSUER, Setting};
use jiff::SignedDuration;
use serde_json::Value;
use simulator::TokenRequest;

fn only_step(plan: &Value) -> (String, String) {
    let steps = plan["steps"].as_array().unwrap();
    let [step] = steps.as_slice() else {
        panic!("{steps:#?} is not one step");
    };
    let text = |key: &str| step[key].as_str().unwrap().to_owned();
    (text("address"), text("reason"))
}

#[test]
fn tokens_06_a_pasted_issuer_is_replaced_once_and_on_request() {
    let setting = Setting::enrolled("");
    let pasted = setting.working_issuer();
    let apply = setting.apply().exits(0);
    assert!(
        apply.stderr.contains("done issuer/SA-001"),
        "{}",
        apply.shown()
    );
    setting.is_settled();
    assert!(!setting.issuers().contains(&pasted));
    let first = setting.working_issuer();
    let rotates = "rotate: {before: 14d}";
    setting.world.replace(FILE, rotates, "rotate: never");
    // Without `expires`, nothing more is planned, however much time passes.
    let days = SignedDuration::from_hours(24 * 80);
    setting.tenant.simulator().advance(days).unwrap();
    assert_eq!(setting.plan()["steps"].as_array().unwrap().len(), 0);
    // On request.
    setting.world.replace(
        FILE,
        "key: audit01/issuer",
        "key: audit01/issuer, rotation: 1",
    );
    let address = "issuer/SA-001".to_owned();
    let expected = (address.clone(), "rotationChanged".to_owned());
    assert_eq!(only_step(&setting.plan()), expected);
    let estimate = setting.plan()["estimate"]["requests"].as_u64().unwrap();
    let _ = setting.apply().exits(0);
    setting.is_settled();
    assert_ne!(setting.working_issuer(), first);
    assert_eq!(setting.document(ISSUER)["rotation"], 1);
    // Sign-in, list, create, sign-in, list, revoke. The plan has read the account.
    assert_eq!(estimate, 6);
    // A shorter life than it has.
    setting
        .world
        .replace(FILE, "rotation: 1", "rotation: 1, expires: 90d");
    let expected = (address, "fieldsDiffer".to_owned());
    assert_eq!(only_step(&setting.plan()), expected);
    let _ = setting.apply().exits(0);
    setting.is_settled();
}

#[test]
fn an_issuer_without_a_slot_is_blocked_with_the_next_action() {
    let setting = Setting::settled("");
    setting.enroll_again();
    setting.tenant.simulator().with_tenant(|tenant| {
        for number in 0..8 {
            let request = TokenRequest {
                name: format!("by-hand-{number}"),
                scopes: vec!["sp:search:read".to_owned()],
                ..TokenRequest::default()
            };
            let _ = tenant
                .mint_personal_access_token_as_owner("audit01", request)
                .unwrap();
        }
    });
    let plan = setting.plan();
    assert_eq!(plan["steps"].as_array().unwrap().len(), 0);
    assert_eq!(plan["blocked"][0]["address"], "issuer/SA-001");
    assert_eq!(plan["blocked"][0]["reason"], "noTokenSlot");
    assert_eq!(
        plan["blocked"][0]["remedy"],
        "revoke a token that is no longer needed"
    );
}

#[test]
fn a_successor_of_another_run_is_left_alone_for_an_hour() {
    let setting = Setting::settled("");
    setting.enroll_again();
    let stored = setting.working_issuer();
    let account = setting.tokens();
    let identity = setting.tenant.get("/personal-access-tokens/v1");
    let owner = identity
        .as_array()
        .unwrap()
        .iter()
        .find(|token| token["id"] == account[0].id.as_str())
        .unwrap()["owner"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let name = model::issuer_name::successor(&owner.as_str().into(), &stored.as_str().into());
    setting.tenant.simulator().with_tenant(|tenant| {
        let request = TokenRequest {
            name: name.to_string(),
            scopes: vec![crate::setting::MANAGE.to_owned()],
            ..TokenRequest::default()
        };
        let _ = tenant
            .mint_personal_access_token_as_owner("audit01", request)
            .unwrap();
    });
    let plan = setting.plan();
    assert_eq!(plan["steps"].as_array().unwrap().len(), 0);
    assert_eq!(plan["blocked"][0]["reason"], "issuerInFlight");
    let hour = SignedDuration::from_hours(1);
    setting.tenant.simulator().advance(hour).unwrap();
    let _ = setting.apply().exits(0);
    setting.is_settled();
}

#[test]
fn tokens_10_the_stage_of_a_dead_issuer_is_true() {
    let setting = Setting::settled("");
    let account = || setting.plan()["accounts"][0].clone();
    assert_eq!(account()["stage"], "ready");
    // It is revoked in ISC.
    let issuer = setting.working_issuer();
    setting
        .tenant
        .simulator()
        .with_tenant(|tenant| tenant.revoke_token_out_of_band(&issuer).unwrap());
    let dead = account();
    assert_eq!(dead["stage"], "registered");
    assert!(
        dead.to_string().contains("steersman enroll audit01"),
        "{dead}"
    );
    let plan = setting.plan();
    assert_eq!(
        plan["steps"].as_array().unwrap().len(),
        0,
        "nothing is replaced"
    );
}

#[test]
fn a_store_that_is_older_than_its_tenant_revokes_no_issuer() {
    for policy in ["report", "revoke"] {
        let setting = Setting::enrolled("");
        let old = setting.document(ISSUER);
        let _ = setting.apply().exits(0);
        let live = setting.working_issuer();
        // An old checkout, or a backup that was restored.
        setting.write_issuer(&old);
        setting.world.replace(
            FILE,
            "serviceAccounts:",
            &format!("policy: {{unmanagedTokens: {policy}}}\nserviceAccounts:"),
        );
        let hours = SignedDuration::from_hours(2);
        setting.tenant.simulator().advance(hours).unwrap();
        let _ = setting.apply();
        assert_eq!(setting.issuers(), [live], "{policy}");
    }
}
