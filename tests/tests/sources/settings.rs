//! Settings of a source that decide what an import does with its file.

use crate::setting::{SOURCE, accounts, declare, send, set, source, with_others};
use serde_json::{Value, json};

#[test]
fn tenants_03_a_row_that_begins_like_a_comment_is_not_sent() {
    let (world, tenant) = with_others(3);
    declare(&world, "#SA-9", "nine");
    for command in ["plan guide", "apply guide --auto-approve"] {
        let run = world.steersman(command).exits(1);
        let shown = run.shown();
        assert!(
            shown.contains("SM0906") && shown.contains("guide/nine.yaml:3"),
            "{shown}"
        );
    }
    assert_eq!(tenant.writes(), Vec::<String>::new());
    // Without comments, the row is a row.
    set(&tenant, &[("commentCharacter", json!(""))]);
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    assert_eq!(accounts(&tenant), 5);
    // Now the row is there, and another import would lose it.
    set(&tenant, &[("commentCharacter", json!("#"))]);
    std::fs::remove_file(world.path("guide/nine.yaml")).unwrap();
    declare(&world, "SA-10", "ten");
    let run = world.steersman("apply guide --auto-approve").exits(1);
    assert!(run.shown().contains("SM0906"), "{}", run.shown());
    assert_eq!(accounts(&tenant), 5);
}

#[test]
fn tenants_04_another_delimiter_is_followed() {
    let (world, tenant) = with_others(3);
    for (number, delimiter) in [";", "\\u0009", "|"].into_iter().enumerate() {
        set(&tenant, &[("delimiter", json!(delimiter))]);
        declare(&world, &format!("SA-9{number}"), &format!("new{number}"));
        let _ = world.steersman("apply guide --auto-approve").exits(0);
        assert_eq!(accounts(&tenant), 5 + number, "{delimiter}");
        let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
    }
}

#[test]
fn tenants_04_what_a_file_cannot_follow_is_refused_by_name() {
    let (world, tenant) = with_others(3);
    declare(&world, "SA-9", "nine");
    for (setting, value, usual) in [
        ("linesToSkip", json!("1"), json!("0")),
        ("filterString", json!("name == \"nine\""), json!("")),
        ("fileEncoding", json!("ISO-8859-1"), json!("UTF-8")),
        ("indexColumn", json!("e-mail"), json!("id")),
        ("hasHeader", json!(false), json!(true)),
    ] {
        set(&tenant, &[(setting, value)]);
        tenant.simulator().clear_requests();
        let run = world.steersman("apply guide --auto-approve").exits(1);
        let shown = run.shown();
        assert!(
            shown.contains("SM0905") && shown.contains(setting),
            "{shown}"
        );
        assert_eq!(tenant.writes(), Vec::<String>::new(), "{setting}");
        set(&tenant, &[(setting, usual)]);
    }
    assert_eq!(accounts(&tenant), 4);
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    assert_eq!(accounts(&tenant), 5);
}

#[test]
fn tenants_05_a_deletion_is_refused_where_deletions_are_off() {
    let (world, tenant) = with_others(1);
    world.replace(
        "guide/steersman.yaml",
        "    identityProfile:",
        "    unmanaged: delete\n    deleteThreshold: 50\n    identityProfile:",
    );
    set(&tenant, &[("checkDeletedDisabled", json!("true"))]);
    tenant.simulator().clear_requests();
    let run = world.steersman("apply guide --auto-approve").exits(4);
    assert!(
        run.stdout.contains("refused by guard deletionsOff"),
        "{}",
        run.shown()
    );
    assert_eq!(tenant.writes(), Vec::<String>::new());
    set(&tenant, &[("checkDeletedDisabled", json!("false"))]);
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    assert_eq!(accounts(&tenant), 1);
}

#[test]
fn tenants_19_several_values_are_not_joined() {
    let (world, tenant) = with_others(1);
    let id = source(&tenant)["id"].as_str().unwrap().to_owned();
    let path = format!("/sources/v1/{id}/schemas");
    let schemas = tenant.get(&path);
    let mut schema = schemas
        .as_array()
        .unwrap()
        .iter()
        .find(|schema| schema["name"] == "account")
        .unwrap()
        .clone();
    schema["attributes"].as_array_mut().unwrap().push(json!({
        "name": "groups", "type": "STRING", "isMulti": true, "description": "Groups",
        "isEntitlement": false, "isGroup": false,
    }));
    let path = format!("{path}/{}", schema["id"].as_str().unwrap());
    assert_eq!(send(&tenant, "PUT", &path, Some(schema)), 200);
    tenant.simulator().with_tenant(|state| {
        let row = json!({
            "id": "X-000", "name": "other000", "e-mail": "other000@example.com",
            "purpose": "made by hand", "groups": ["a", "b"],
        });
        let Value::Object(row) = row else { return };
        state.put_account_out_of_band(SOURCE, row).unwrap();
    });
    // The attribute stays: only a new row is imported. Or it becomes a single one.
    world.replace(
        "guide/steersman.yaml",
        "    identityProfile:",
        "    attributes: [{name: groups}]\n    identityProfile:",
    );
    declare(&world, "SA-9", "nine");
    tenant.simulator().clear_requests();
    for command in ["plan guide", "apply guide --auto-approve"] {
        let run = world.steersman(command).exits(1);
        let shown = run.shown();
        assert!(
            shown.contains("SM0915") && shown.contains("groups"),
            "{shown}"
        );
    }
    assert_eq!(tenant.writes(), Vec::<String>::new());
}
