//! Who did it, by the tenant's audit events.

use crate::setting::Setting;
use serde_json::{Value, json};
use simulator::{Fault, FaultRule, Faults};

fn set_levels(setting: &Setting, levels: &[&str]) {
    let path = format!("/auth-users/v1/{}", setting.identity());
    let patch = json!([{"op": "replace", "path": "/capabilities", "value": levels}]);
    assert_eq!(setting.tenant.patch(&path, &patch), 200);
}

fn who(report: &Value) -> &Value {
    &report["drifts"][0]["who"]
}

#[test]
fn the_one_event_that_fits_names_who_did_it_with_one_search() {
    let setting = Setting::new();
    set_levels(&setting, &["REPORT_ADMIN", "CERT_ADMIN"]);
    let report = setting.drift("--record record.json", 2);
    assert_eq!(*who(&report), Value::Null);
    assert_eq!(setting.tenant.count("searchPostV1"), 0);
    let report = setting.drift("--record record.json --who", 2);
    let found = who(&report);
    assert_eq!(found["state"], "found", "{report:#}");
    assert_eq!(found["event"]["actor"], "jane.doe");
    assert_eq!(found["event"]["what"], "CAPABILITY_UPDATE_EVENT");
    assert_eq!(setting.tenant.count("searchPostV1"), 1);

    // Of two hands, neither is told as the one.
    set_levels(&setting, &["CERT_ADMIN"]);
    let report = setting.drift("--record record.json --who", 2);
    assert_eq!(who(&report)["state"], "candidates", "{report:#}");
    assert_eq!(who(&report)["events"].as_array().unwrap().len(), 2);
}

#[test]
fn where_searching_is_not_allowed_the_missing_scope_is_named() {
    let setting = Setting::new();
    set_levels(&setting, &["CERT_ADMIN"]);
    setting.tenant.simulator().set_faults(Faults {
        rules: vec![FaultRule {
            fault: Fault::Status { status: 403 },
            operations: vec!["searchPostV1".to_owned()],
            skip: 0,
            count: None,
            probability: None,
        }],
        seed: 1,
    });
    let report = setting.drift("--record record.json --who", 2);
    let found = who(&report);
    assert_eq!(found["state"], "notKnown", "{report:#}");
    assert!(
        found["why"].as_str().unwrap().contains("sp:search:read"),
        "{report:#}"
    );
}
