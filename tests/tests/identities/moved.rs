//! An account that gets another identity after the plan was made, and an identity that is not
//! known to be the account's own yet.

use crate::setting::{APPLY, FILE, change, enrolled, identity, more, state};
use serde_json::{Value, json};
use simulator::{Fault, FaultRule, Faults};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tests::{Run, SimulatedTenant, World};

/// Gives an account the identity of a person.
fn move_to_jane(tenant: &SimulatedTenant, account: &str) {
    let jane = identity(tenant, "jane.doe")["id"].clone();
    change(tenant, |state| {
        let accounts = state["accounts"].as_array_mut().unwrap().iter_mut();
        let mut of_id = accounts.filter(|found| found["native_identity"] == account);
        of_id.next().unwrap()["identity"] = jane;
    });
}

/// The user levels of an identity, which are read after the accounts.
const LEVELS: &str = "getAuthUserV1";
/// The aggregations, which are read once a plan imports rows.
const TASKS: &str = "getTaskStatusListV1";

/// Applies, and changes something once the accounts were read for the plan, while the answer
/// of a later operation is on its way.
fn meanwhile(
    world: &World,
    tenant: &SimulatedTenant,
    words: &str,
    operation: &str,
    act: impl FnOnce(&SimulatedTenant),
) -> Run {
    tenant.simulator().set_faults(Faults {
        rules: vec![FaultRule {
            fault: Fault::Slow {
                milliseconds: 1_500,
            },
            operations: vec![operation.to_owned()],
            skip: 0,
            count: Some(1),
            probability: None,
        }],
        seed: 1,
    });
    tenant.simulator().clear_requests();
    let words: Vec<&str> = words.split(' ').collect();
    let child = world
        .command()
        .args(&words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(20);
    while tenant.count(operation) == 0 {
        assert!(Instant::now() < patience, "{operation} was not called");
        std::thread::sleep(Duration::from_millis(5));
    }
    act(tenant);
    world.ended(&words, &child.wait_with_output().unwrap())
}

/// What a run wrote, however its lines are broken.
fn words(run: &Run) -> String {
    let text = format!("{}{}", run.stdout, run.stderr);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn levels(tenant: &SimulatedTenant, alias: &str) -> Value {
    identity(tenant, alias)["levels"].clone()
}

fn rows(tenant: &SimulatedTenant) -> Vec<String> {
    let state = state(tenant);
    let accounts = state["accounts"].as_array().unwrap().iter();
    let id = |account: &Value| account["native_identity"].as_str().unwrap().to_owned();
    let mut rows: Vec<String> = accounts
        .map(id)
        .filter(|id| id.starts_with("SA-"))
        .collect();
    rows.sort();
    rows
}

#[test]
fn no_level_is_granted_to_an_identity_that_the_account_has_left() {
    let (world, tenant) = enrolled();
    for name in ["sa002", "sa003"] {
        let then = format!("name: {name}, email: {name}@example.com, purpose: Test, userLevels: [");
        world.replace("guide/more.yaml", &then, &format!("{then}REPORT_ADMIN, "));
    }
    let (left, jane) = (levels(&tenant, "sa002"), levels(&tenant, "jane.doe"));
    let run = meanwhile(&world, &tenant, APPLY, LEVELS, |tenant| {
        move_to_jane(tenant, "SA-002");
    })
    .exits(3);
    let text = words(&run);
    let told = format!(
        "account SA-002 had identity {} when the plan was made, and has identity {} now",
        identity(&tenant, "sa002")["id"].as_str().unwrap(),
        identity(&tenant, "jane.doe")["id"].as_str().unwrap()
    );
    assert!(text.contains(&told), "{told}\n{}", run.shown());
    assert_eq!(levels(&tenant, "sa002"), left);
    assert_eq!(levels(&tenant, "jane.doe"), jane);
    // Exactly that step is refused.
    assert_eq!(
        levels(&tenant, "sa003").as_array().unwrap().len(),
        2,
        "{}",
        run.shown()
    );
}

#[test]
fn nothing_is_taken_from_an_identity_that_an_undeclared_account_has_left() {
    let (world, tenant) = enrolled();
    world.replace(
        FILE,
        "    identityProfile:",
        "    unmanaged: delete\n    identityProfile:",
    );
    more(&world, &["SA-004"]);
    let left = levels(&tenant, "sa002");
    let words = format!("{APPLY} --allow deleteAccounts=9 --allow deleteThreshold=9");
    let run = meanwhile(&world, &tenant, &words, LEVELS, |tenant| {
        move_to_jane(tenant, "SA-002");
    })
    .exits(3);
    assert_eq!(levels(&tenant, "sa002"), left, "{}", run.shown());
    let rows = rows(&tenant);
    assert!(
        rows.contains(&"SA-002".to_owned()),
        "{rows:?}\n{}",
        run.shown()
    );
    assert!(
        !rows.contains(&"SA-003".to_owned()),
        "{rows:?}\n{}",
        run.shown()
    );
}

#[test]
fn a_row_without_levels_or_tokens_is_not_deleted_with_another_identity() {
    let (world, tenant) = enrolled();
    for alias in ["sa002", "sa003"] {
        let id = identity(&tenant, alias)["id"].clone();
        change(&tenant, |state| {
            let all = state["identities"].as_array_mut().unwrap().iter_mut();
            let mut of_id = all.filter(|found| found["id"] == id);
            of_id.next().unwrap()["levels"] = json!([]);
        });
    }
    world.replace(
        FILE,
        "    identityProfile:",
        "    unmanaged: delete\n    identityProfile:",
    );
    more(&world, &["SA-004"]);
    let words = format!("{APPLY} --allow deleteAccounts=9 --allow deleteThreshold=9");
    let run = meanwhile(&world, &tenant, &words, TASKS, |tenant| {
        move_to_jane(tenant, "SA-002");
    })
    .exits(3);
    // The import is sent without it.
    assert_eq!(tenant.count("importAccountsV1"), 1, "{}", run.shown());
    let rows = rows(&tenant);
    assert!(
        rows.contains(&"SA-002".to_owned()),
        "{rows:?}\n{}",
        run.shown()
    );
    assert!(
        rows.contains(&"SA-004".to_owned()),
        "{rows:?}\n{}",
        run.shown()
    );
    assert!(
        !rows.contains(&"SA-003".to_owned()),
        "{rows:?}\n{}",
        run.shown()
    );
}

#[test]
fn a_row_that_got_its_identity_after_the_plan_is_not_deleted_with_it() {
    let (world, tenant) = enrolled();
    // ISC has not looked at the row yet.
    let own = identity(&tenant, "sa002");
    let set = |tenant: &SimulatedTenant, to: Value| {
        change(tenant, |state| {
            let identities = state["identities"].as_array_mut().unwrap();
            identities.retain(|identity| identity["alias"] != "sa002");
            if to != Value::Null {
                identities.push(own.clone());
            }
            let accounts = state["accounts"].as_array_mut().unwrap().iter_mut();
            let mut of_id = accounts.filter(|found| found["native_identity"] == "SA-002");
            of_id.next().unwrap()["identity"] = to;
        });
    };
    set(&tenant, Value::Null);
    world.replace(
        FILE,
        "    identityProfile:",
        "    unmanaged: delete\n    identityProfile:",
    );
    more(&world, &["SA-003"]);
    let words = format!("{APPLY} --allow deleteAccounts=9 --allow deleteThreshold=9");
    let run = meanwhile(&world, &tenant, &words, TASKS, |tenant| {
        set(tenant, own["id"].clone());
    })
    .exits(1);
    let text = self::words(&run);
    let told = "account SA-002 had no identity when the plan was made, and has identity";
    assert!(text.contains(told), "{}", run.shown());
    assert!(
        rows(&tenant).contains(&"SA-002".to_owned()),
        "{}",
        run.shown()
    );
    // The next plan knows the identity, and removes what it has with the row.
    let run = world
        .steersman(&format!("{words} --allow removeLevels=9"))
        .exits(0);
    assert!(
        !rows(&tenant).contains(&"SA-002".to_owned()),
        "{}",
        run.shown()
    );
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
}

#[test]
fn a_saved_plan_grants_nothing_to_either_identity() {
    let (world, tenant) = enrolled();
    world.replace("guide/more.yaml", "[HELPDESK]", "[HELPDESK, REPORT_ADMIN]");
    let _ = world.steersman("plan guide --save plan.json").exits(0);
    let (left, jane) = (levels(&tenant, "sa002"), levels(&tenant, "jane.doe"));
    move_to_jane(&tenant, "SA-002");
    // By its id the file approves the identity that the account has now.
    let id = identity(&tenant, "jane.doe")["id"].clone();
    let run = world.steersman("apply guide --plan plan.json");
    assert_eq!(levels(&tenant, "sa002"), left, "{}", run.shown());
    assert_eq!(levels(&tenant, "jane.doe"), jane, "{id} {}", run.shown());
}

#[test]
fn an_identity_that_lacks_the_email_address_of_the_row_gets_no_levels_yet() {
    let (world, tenant) = enrolled();
    let id = identity(&tenant, "sa002")["id"].clone();
    let of_sa002 = |state: &mut Value, email: Option<&str>| {
        let all = state["identities"].as_array_mut().unwrap().iter_mut();
        let mut of_id = all.filter(|found| found["id"] == id);
        let found = of_id.next().unwrap();
        found["levels"] = json!([]);
        let attributes = found["attributes"].as_object_mut().unwrap();
        match email {
            Some(email) => {
                let _ = attributes.insert("email".to_owned(), json!(email));
            }
            None => {
                let _ = attributes.remove("email");
            }
        }
    };
    change(&tenant, |state| of_sa002(state, None));
    let run = world.steersman(APPLY).exits(0);
    let text = words(&run);
    assert!(
        text.contains("it has no email address, and the account's would be sa002@example.com"),
        "{}",
        run.shown()
    );
    assert_eq!(levels(&tenant, "sa002"), json!([]));
    change(&tenant, |state| of_sa002(state, Some("sa002@example.com")));
    let _ = world.steersman(APPLY).exits(0);
    assert_eq!(levels(&tenant, "sa002"), json!(["HELPDESK"]));
}
