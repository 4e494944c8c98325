//! Hands in the tenant: each kind of change is found, by object and field.

use crate::setting::{SOURCE, Setting, drifts};
use serde_json::json;

#[test]
fn each_hand_in_the_tenant_is_a_drift_of_its_object_and_field() {
    let setting = Setting::new();
    let quiet = setting.drift("--record record.json", 0);
    assert_eq!(quiet["summary"]["drifts"], 0, "{quiet:#}");
    assert_eq!(quiet["unmanaged"], json!([]));

    setting.put_row("SA-001", "audit01", "By hand");
    setting.put_row("SA-900", "byhand01", "A row that others added");
    let (identity, token) = (setting.identity(), setting.token());
    setting.tenant.simulator().with_tenant(|tenant| {
        let levels = ["REPORT_ADMIN", "CERT_ADMIN"].map(str::to_owned);
        tenant
            .set_levels_out_of_band(&identity, levels.to_vec())
            .unwrap();
        let scopes = vec!["sp:report:read".to_owned()];
        tenant
            .change_token_out_of_band(&token, None, Some(scopes))
            .unwrap();
        tenant.add_attribute_out_of_band(SOURCE, "team").unwrap();
    });
    let source = setting.id_of("/sources/v1", SOURCE);
    let patch = json!([{"op": "replace", "path": "/description", "value": "By hand"}]);
    let status = setting
        .tenant
        .patch(&format!("/sources/v1/{source}"), &patch);
    assert_eq!(status, 200);
    let profile = setting.id_of("/identity-profiles/v1", SOURCE);
    let profile = format!("/identity-profiles/v1/{profile}");
    let mut config = setting.tenant.get(&profile)["identityAttributeConfig"].clone();
    for mapping in config["attributeTransforms"].as_array_mut().unwrap() {
        if mapping["identityAttributeName"] == "lastname" {
            mapping["transformDefinition"]["attributes"]["attributeName"] = json!("purpose");
        }
    }
    let patch = json!([{"op": "replace", "path": "/identityAttributeConfig", "value": config}]);
    assert_eq!(setting.tenant.patch(&profile, &patch), 200);

    let report = setting.drift("--record record.json", 2);
    assert_eq!(
        drifts(&report),
        [
            "source/Service Accounts description differs tenant",
            "schema/Service Accounts attributes differs tenant",
            "account/SA-001 purpose differs tenant",
            "profile/Service Accounts mappings.lastname differs tenant",
            "levels/SA-001 userLevels differs tenant",
            "token/SA-001/monthly-report scopes differs tenant",
        ],
        "{report:#}"
    );
    assert_eq!(report["summary"]["byCause"]["tenant"], 6);
    let levels = &report["drifts"][4];
    assert_eq!(levels["declared"], json!(["REPORT_ADMIN"]));
    assert_eq!(levels["live"], json!(["CERT_ADMIN", "REPORT_ADMIN"]));
    assert_eq!(report["unmanaged"][0]["address"], "account/SA-900");
    assert_eq!(report["unmanaged"][0]["isNew"], true);

    // The same ids in the next run, in which nothing is new.
    let again = setting.drift("--record record.json", 2);
    assert_eq!(drifts(&again), drifts(&report));
    for (first, second) in report["drifts"]
        .as_array()
        .unwrap()
        .iter()
        .zip(again["drifts"].as_array().unwrap())
    {
        assert_eq!(first["id"], second["id"]);
        assert_eq!(first["since"], second["since"]);
        assert_eq!(
            (&first["isNew"], &second["isNew"]),
            (&json!(true), &json!(false))
        );
    }
    assert_eq!(again["unmanaged"][0]["isNew"], false);
}

#[test]
fn a_row_that_is_gone_and_a_token_that_was_revoked_are_missing_by_the_tenant() {
    let setting = Setting::new();
    let token = setting.token();
    setting
        .tenant
        .simulator()
        .with_tenant(|tenant| tenant.revoke_token_out_of_band(&token))
        .unwrap();
    let report = setting.drift("--record record.json", 2);
    assert_eq!(
        drifts(&report),
        ["token/SA-001/monthly-report - missing tenant"],
        "{report:#}"
    );
    // What was mended is resolved, and nothing is left.
    setting.apply();
    let report = setting.drift("--record record.json", 0);
    assert_eq!(drifts(&report), [] as [&str; 0]);

    setting.tenant.simulator().with_tenant(|tenant| {
        tenant.remove_account_out_of_band(SOURCE, "SA-001").unwrap();
        tenant.aggregate_out_of_band(SOURCE).unwrap();
    });
    let report = setting.drift("--record record.json", 2);
    let found = drifts(&report);
    assert!(
        found.contains(&"account/SA-001 - missing tenant".to_owned()),
        "{report:#}"
    );
    assert!(
        found.iter().all(|drift| drift.ends_with(" tenant")),
        "{found:?}"
    );
}

#[test]
fn what_expires_is_apart_and_counts_on_request() {
    let setting = Setting::new();
    let rotates = "rotate: {before: 14d}";
    setting
        .world
        .replace("guide/steersman.yaml", rotates, "rotate: never");
    let _ = setting.drift("--record record.json --expiring-within 30d", 0);
    let simulator = setting.tenant.simulator();
    simulator
        .advance(jiff::SignedDuration::from_hours(24 * 85))
        .unwrap();
    let report = setting.drift("--record record.json", 0);
    let expiring = &report["expiring"][0];
    assert_eq!(expiring["address"], "token/SA-001/monthly-report");
    assert_eq!(expiring["daysLeft"], 4);
    assert_eq!(expiring["rotates"], false);
    let _ = setting.drift("--record record.json --expiring-within 10d", 2);
    let _ = setting.drift("--record record.json --expiring-within 1d", 0);
}

#[test]
fn drift_reads_as_much_as_a_plan_and_writes_nothing() {
    let setting = Setting::new();
    let writes = setting.tenant.writes();
    let before = setting.requests();
    let _ = setting.world.steersman("plan guide").exits(0);
    let plan = setting.requests() - before;
    let _ = setting.drift("--record record.json", 0);
    assert_eq!(setting.requests() - before, 2 * plan);
    assert_eq!(setting.tenant.writes(), writes);
}
