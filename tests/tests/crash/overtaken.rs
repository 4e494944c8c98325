//! What somebody adds while ISC makes steersman wait is neither deleted nor overwritten.

use crate::setting::{Setting, rule};
use serde_json::json;
use simulator::Fault;
use std::process::Child;

/// Starts an apply whose first request to this operation has to come again in 2 seconds.
fn turned_away(setting: &Setting, operation: &str) -> Child {
    let fault = Fault::TooManyRequests {
        retry_after: Some(2),
    };
    setting.faults([rule(operation, fault, 1)]);
    setting.apply_until_asked(operation, 1)
}

#[test]
fn a_row_that_is_added_while_an_import_has_to_wait_is_not_deleted() {
    let setting = Setting::new();
    let _ = setting.apply().exits(0);
    setting.world.replace(
        "guide/steersman.yaml",
        "purpose: Automate monthly audit report",
        "purpose: Something else",
    );
    let child = turned_away(&setting, "importAccountsV1");
    let row = json!({"id": "SA-050", "name": "by-hand"});
    let added = setting.tenant.simulator().with_tenant(|tenant| {
        tenant.put_account_out_of_band("Service Accounts", row.as_object().unwrap().clone())
    });
    added.unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{text}");
    let accounts = setting.tenant.get("/accounts/v1").to_string();
    assert!(accounts.contains("SA-050"), "{accounts}");
    assert!(accounts.contains("Something else"), "{accounts}");
}
