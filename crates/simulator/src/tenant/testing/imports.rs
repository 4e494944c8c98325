//! Tests of sources, schemas and imports.

use serde_json::json;

use super::tenants::{HEADER, csv, import, natives, seconds, start, with_profile, with_source};
use crate::tenant::{Completion, IdentityStatus, Tenant};

#[test]
fn a_new_tenant_has_its_administrator_and_an_example() {
    let tenant = Tenant::new(start());
    let admin = tenant.identity(&tenant.admin_identity()).unwrap();
    assert_eq!(
        (admin.name.as_str(), admin.status),
        ("Jane Doe", IdentityStatus::Active)
    );
    for name in ["svc-backup", "svc-monitor", "svc-deploy"] {
        assert!(tenant.find_person(name).is_ok(), "{name}");
    }
    assert_eq!(tenant.next_event(), None, "nothing is under way");
}

#[test]
fn an_import_is_the_full_state() {
    let (mut tenant, source) = with_source();
    assert_eq!(
        import(&mut tenant, &source, &csv(&["a", "b"])),
        Completion::Success
    );
    let kept = tenant
        .accounts
        .by_native_identity(&source, "ID-a")
        .unwrap()
        .clone();
    // Half of the accounts would go, which the threshold of ten percent does not allow.
    assert_eq!(
        import(&mut tenant, &source, &csv(&["a", "c"])),
        Completion::Warning
    );
    assert_eq!(natives(&tenant, &source), ["ID-a", "ID-b", "ID-c"]);
    let mut wanted = tenant.source_wire(tenant.source(&source).unwrap());
    wanted["deleteThreshold"] = json!(100);
    tenant.change_source(&source, &wanted).unwrap();
    assert_eq!(
        import(&mut tenant, &source, &csv(&["a", "c"])),
        Completion::Success
    );
    assert_eq!(natives(&tenant, &source), ["ID-a", "ID-c"]);
    assert_eq!(
        *tenant.accounts.by_native_identity(&source, "ID-a").unwrap(),
        kept,
        "what is the same is not touched"
    );
}

#[test]
fn the_threshold_has_two_places_and_one_value() {
    let (mut tenant, source) = with_source();
    let change = |tenant: &mut Tenant, pointer: &str, value: i64| {
        let mut wanted = tenant.source_wire(tenant.source(&source).unwrap());
        *wanted.pointer_mut(pointer).unwrap() = json!(value);
        tenant.change_source(&source, &wanted).unwrap();
        let wire = tenant.source_wire(tenant.source(&source).unwrap());
        (
            wire["deleteThreshold"].as_i64().unwrap(),
            wire["connectorAttributes"]["deleteThresholdPercentage"]
                .as_i64()
                .unwrap(),
        )
    };
    assert_eq!(change(&mut tenant, "/deleteThreshold", 30), (30, 30));
    assert_eq!(
        change(
            &mut tenant,
            "/connectorAttributes/deleteThresholdPercentage",
            40
        ),
        (40, 40)
    );
}

#[test]
fn rows_with_the_same_id_are_one_account_and_rows_without_are_none() {
    let (mut tenant, source) = with_source();
    let text = format!("{HEADER}1,a,,first\n1,,a@example.com,second\n,nobody,,\n");
    assert_eq!(import(&mut tenant, &source, &text), Completion::Warning);
    let account = tenant.accounts.by_native_identity(&source, "1").unwrap();
    assert_eq!(account.name, "a");
    assert_eq!(account.attributes["e-mail"], "a@example.com");
    assert_eq!(account.attributes["purpose"], "second");
    assert_eq!(natives(&tenant, &source), ["1"]);
}

#[test]
fn a_header_that_is_not_the_schemas_is_refused_by_its_columns() {
    let (mut tenant, source) = with_source();
    for (header, reasons) in [
        ("id,name,e-mail", vec!["missing columns: purpose"]),
        ("id,name,e-mail,purpose,team", vec!["unknown columns: team"]),
        (
            "id,name,email,purpose",
            vec!["unknown columns: email", "missing columns: e-mail"],
        ),
        ("id,name,e-mail,purpose,name", vec!["twice"]),
        (
            "\u{feff}id,name,e-mail,purpose",
            vec!["missing columns: id"],
        ),
    ] {
        let refusal = tenant
            .submit_aggregation("jane.doe", &source, Some(header.as_bytes()), true)
            .unwrap_err();
        assert_eq!(refusal.detail_code, "400.1.3 Illegal value");
        for reason in reasons {
            assert!(refusal.text.contains(reason), "{header}: {}", refusal.text);
        }
    }
    assert_eq!(
        tenant
            .submit_aggregation("jane.doe", &source, None, true)
            .unwrap_err()
            .status,
        400
    );
    assert_eq!(
        tenant
            .submit_aggregation("jane.doe", &source, Some(b"\xff"), true)
            .unwrap_err()
            .status,
        400
    );
}

#[test]
fn one_aggregation_at_a_time() {
    let (mut tenant, source) = with_source();
    let text = csv(&["a"]);
    let first = tenant
        .submit_aggregation("jane.doe", &source, Some(text.as_bytes()), true)
        .unwrap();
    let second = tenant
        .submit_aggregation("jane.doe", &source, Some(text.as_bytes()), true)
        .unwrap();
    let task = tenant.task(&second).unwrap();
    assert_eq!(task.completion, Some(Completion::Error));
    assert!(
        task.messages[0].text.contains(
            "the currently running aggregation must complete before the next one can start"
        )
    );
    tenant.advance_by(seconds(4));
    assert_eq!(
        tenant.task(&first).unwrap().completion,
        Some(Completion::Success)
    );
    assert_eq!(natives(&tenant, &source), ["ID-a"]);
}

#[test]
fn a_source_cannot_go_before_its_profile() {
    let (mut tenant, source, profile) = with_profile();
    import(&mut tenant, &source, &csv(&["a"]));
    tenant.advance_by(seconds(6));
    assert!(
        tenant
            .submit_source_deletion("jane.doe", &source)
            .unwrap_err()
            .text
            .contains("in use by [identityProfiles]")
    );
    tenant
        .submit_profile_deletion("jane.doe", std::slice::from_ref(&profile))
        .unwrap();
    tenant.advance_by(seconds(11));
    assert!(tenant.profile(&profile).is_err());
    assert!(tenant.identities.by_alias("a").is_none());
    tenant.submit_source_deletion("jane.doe", &source).unwrap();
    tenant.advance_by(seconds(6));
    assert!(tenant.source(&source).is_err());
    assert!(natives(&tenant, &source).is_empty());
}

#[test]
fn a_source_made_without_the_query_parameter_is_of_no_use() {
    let mut tenant = Tenant::new(start());
    let body = json!({"name": "S", "owner": {"id": tenant.admin_identity()}, "connector": "delimited-file-angularsc"});
    let source = tenant.create_source(&body, false).unwrap();
    assert_eq!(tenant.source(&source).unwrap().kind, "Delimited File");
    assert_eq!(tenant.schema_source(&source).unwrap_err().status, 400);
}

#[test]
fn what_a_source_is_cannot_be_changed() {
    let (mut tenant, source) = with_source();
    let current = tenant.source_wire(tenant.source(&source).unwrap());
    for (pointer, value) in [
        ("/id", json!("x")),
        ("/type", json!("Other")),
        ("/authoritative", json!(true)),
        ("/connector", json!("other")),
        ("/connectorClass", json!("other")),
        ("/passwordPolicies", json!([])),
        ("/connectorAttributes/healthy", json!(true)),
        ("/connectorAttributes", json!({"delimiter": ";"})),
        ("/description", json!("x".repeat(256))),
        ("/deleteThreshold", json!(101)),
    ] {
        let mut wanted = current.clone();
        *wanted.pointer_mut(pointer).unwrap() = value;
        assert_eq!(
            tenant.change_source(&source, &wanted).unwrap_err().status,
            400,
            "{pointer}"
        );
    }
    let mut wanted = current;
    wanted["connectorAttributes"]["delimiter"] = json!(";");
    tenant.change_source(&source, &wanted).unwrap();
    assert_eq!(
        tenant.source_wire(tenant.source(&source).unwrap())["connectorAttributes"]["delimiter"],
        ";"
    );
}
