//! What others change in the tenant after the plan was made, for example while its
//! approval is pending: it is read again just before the write that it matters for.

use crate::setting::{SOURCE, accounts, declare, set, source, spoil, with_others};
use serde_json::{Value, json};
use simulator::Fault;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tests::{Run, SimulatedTenant, World};

/// The template of the CSV file, which an apply reads after its plan.
const TEMPLATE: &str = "getAccountsSchemaV1";
/// The schemas of a source, which the plan reads, and the schema step again.
const SCHEMAS: &str = "getSourceSchemasV1";
/// The import.
const IMPORT: &str = "importAccountsV1";

/// Applies, and changes the tenant while this request, for this time, is on its way.
fn meanwhile(
    world: &World,
    tenant: &SimulatedTenant,
    (operation, nth): (&str, u64),
    words: &str,
    change: impl FnOnce(),
) -> Run {
    let milliseconds = 3_000;
    spoil(tenant, &[(operation, Fault::Slow { milliseconds }, nth)]);
    tenant.simulator().clear_requests();
    let words: Vec<&str> = words.split_whitespace().collect();
    let child = world
        .command()
        .args(&words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let since = Instant::now();
    while tenant.count(operation) <= nth {
        assert!(since.elapsed() < Duration::from_mins(1), "{operation}");
        std::thread::sleep(Duration::from_millis(20));
    }
    change();
    world.ended(&words, &child.wait_with_output().unwrap())
}

#[test]
fn settings_that_change_before_the_import_make_it_stale() {
    for (setting, value) in [
        ("delimiter", json!(";")),
        ("commentCharacter", json!("X")),
        ("filterString", json!("id == \"X-002\"")),
        ("fileEncoding", json!("ISO-8859-1")),
        ("deleteThresholdPercentage", json!(5)),
        ("checkDeletedDisabled", json!("true")),
    ] {
        let (world, tenant) = with_others(3);
        declare(&world, "SA-900", "new900");
        let run = meanwhile(
            &world,
            &tenant,
            (TEMPLATE, 0),
            "apply guide --auto-approve",
            || set(&tenant, &[(setting, value.clone())]),
        );
        assert_eq!(tenant.count(IMPORT), 0, "{setting}");
        let shown = run.shown();
        assert_eq!(run.code, 1, "{setting}\n{shown}");
        assert!(
            shown.contains("has changed since the plan was made"),
            "{setting}\n{shown}"
        );
        assert_eq!(accounts(&tenant), 4, "{setting}");
    }
}

#[test]
fn a_value_that_comes_before_an_attribute_is_removed_keeps_it() {
    let (world, tenant) = with_others(3);
    world.replace(
        "guide/steersman.yaml",
        "    identityProfile:",
        "    attributes: [{name: team}]\n    identityProfile:",
    );
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    world.replace(
        "guide/steersman.yaml",
        "    attributes: [{name: team}]\n",
        "",
    );
    let run = meanwhile(
        &world,
        &tenant,
        (SCHEMAS, 1),
        "apply guide --auto-approve",
        || {
            let row = json!({
                "id": "X-001", "name": "other001", "e-mail": "other001@example.com",
                "purpose": "made by hand", "team": "iam",
            });
            let Value::Object(row) = row else { return };
            tenant.simulator().with_tenant(|state| {
                state.put_account_out_of_band(SOURCE, row).unwrap();
            });
        },
    );
    let shown = run.shown();
    assert_eq!(run.code, 1, "{shown}");
    assert!(
        shown.contains("X-001") && shown.contains("`team`"),
        "{shown}"
    );
    assert!(attributes(&tenant).contains(&"team".to_owned()));
    // The next plan sees the value.
    let run = world.steersman("apply guide --auto-approve").exits(4);
    assert!(run.shown().contains("dropAttributes"), "{}", run.shown());
}

#[test]
fn an_attribute_is_not_removed_by_a_list_that_is_short() {
    let (world, tenant) = with_others(4);
    world.replace(
        "guide/steersman.yaml",
        "    identityProfile:",
        "    attributes: [{name: team}]\n    identityProfile:",
    );
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    for number in 0..4 {
        let row = json!({
            "id": format!("X-00{number}"), "name": format!("other00{number}"),
            "e-mail": format!("other00{number}@example.com"), "purpose": "made by hand",
            "team": "iam",
        });
        let Value::Object(row) = row else { continue };
        tenant.simulator().with_tenant(|state| {
            state.put_account_out_of_band(SOURCE, row).unwrap();
        });
    }
    world.replace(
        "guide/steersman.yaml",
        "    attributes: [{name: team}]\n",
        "",
    );
    for fault in [Fault::EmptyList, Fault::ShortList] {
        spoil(&tenant, &[("listAccountsV1", fault.clone(), 0)]);
        tenant.simulator().clear_requests();
        let run = world.steersman("apply guide --auto-approve");
        assert_eq!(run.code, 4, "{fault:?}\n{}", run.shown());
        assert_eq!(tenant.writes(), Vec::<String>::new(), "{fault:?}");
        // The plan reads the list well, the step does not.
        spoil(&tenant, &[("listAccountsV1", fault.clone(), 1)]);
        let _ = world.steersman("apply guide --auto-approve");
        assert_eq!(tenant.writes(), Vec::<String>::new(), "{fault:?}");
    }
    spoil(&tenant, &[]);
    assert!(attributes(&tenant).contains(&"team".to_owned()));
}

#[test]
fn a_threshold_that_another_sets_during_the_import_stays() {
    let (world, tenant) = with_others(10);
    world.replace(
        "guide/steersman.yaml",
        "    identityProfile:",
        "    unmanaged: delete\n    identityProfile:",
    );
    let words = "apply guide --auto-approve --allow deleteThreshold=10 --allow deleteAccounts=10 --allow emptySpec=10 --allow deleteTokens=10 --allow removeLevels=10";
    let run = meanwhile(&world, &tenant, (IMPORT, 0), words, || {
        set(&tenant, &[("deleteThresholdPercentage", json!(25))]);
    });
    let shown = run.shown().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains("was not set back to 10%"), "{}", run.shown());
    let connector = &source(&tenant)["connectorAttributes"]["deleteThresholdPercentage"];
    assert_eq!(*connector, json!(25));
}

/// The account attributes of the source.
fn attributes(tenant: &SimulatedTenant) -> Vec<String> {
    let id = source(tenant)["id"].as_str().unwrap().to_owned();
    let schemas = tenant.get(&format!("/sources/v1/{id}/schemas"));
    let account = schemas
        .as_array()
        .unwrap()
        .iter()
        .find(|schema| schema["name"] == "account")
        .unwrap()
        .clone();
    let attributes = account["attributes"].as_array().unwrap();
    attributes
        .iter()
        .map(|attribute| attribute["name"].as_str().unwrap().to_owned())
        .collect()
}
