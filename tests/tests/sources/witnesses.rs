//! What confirms a list of accounts, when the plan is made and when an import is sent.

use crate::setting::{SOURCE, accounts, declare, spoil, with_others};
use serde_json::{Value, json};
use simulator::{Fault, FaultRule, Faults};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tests::{Run, SimulatedTenant};

const FILE: &str = "guide/steersman.yaml";
/// The list of accounts.
const LIST: &str = "listAccountsV1";
/// The aggregations of a source.
const TASKS: &str = "getTaskStatusListV1";

/// Others add rows one by one, which are no aggregation; ISC has made their identities.
fn add(tenant: &SimulatedTenant, numbers: std::ops::Range<usize>) {
    tenant.simulator().with_tenant(|state| {
        for number in numbers {
            let row = json!({
                "id": format!("Y-{number:03}"),
                "name": format!("added{number:03}"),
                "e-mail": format!("added{number:03}@example.com"),
                "purpose": "made by hand",
            });
            let Value::Object(row) = row else { continue };
            state.put_account_out_of_band(SOURCE, row).unwrap();
        }
    });
    tenant
        .simulator()
        .advance(jiff::SignedDuration::from_mins(10))
        .unwrap();
}

/// What a run printed, however its lines are broken.
fn words(run: &Run) -> String {
    let words: Vec<&str> = run.stdout.split_whitespace().collect();
    words.join(" ")
}

#[test]
fn as_many_accounts_added_as_deleted_do_not_cancel_out() {
    let (world, tenant) = with_others(9);
    for number in 0..4 {
        declare(
            &world,
            &format!("X-00{number}"),
            &format!("other00{number}"),
        );
    }
    let unmanaged = |policy: &str| {
        format!("    deleteThreshold: 100\n    unmanaged: {policy}\n    identityProfile:")
    };
    world.replace(FILE, "    identityProfile:", &unmanaged("delete"));
    let run = world
        .steersman("apply guide --auto-approve --allow deleteAccounts=9 --allow deleteThreshold=9");
    assert_eq!(accounts(&tenant), 5, "{}", run.shown());
    // The identities of the five go.
    tenant
        .simulator()
        .advance(jiff::SignedDuration::from_hours(1))
        .unwrap();
    add(&tenant, 0..5);
    assert_eq!(accounts(&tenant), 10);
    world.replace(FILE, "unmanaged: delete", "unmanaged: keep");
    declare(&world, "SA-900", "new900");
    // Five are listed, as many as the last aggregation read.
    spoil(&tenant, &[(LIST, Fault::ShortList, 0)]);
    let run = world.steersman("apply guide --auto-approve").exits(4);
    let shown = words(&run);
    assert!(
        shown.contains("has 5 accounts, but its identity profile has 10 identities"),
        "{}",
        run.shown()
    );
    assert_eq!(accounts(&tenant), 10);
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    assert_eq!(accounts(&tenant), 11);
}

#[test]
fn identities_left_behind_by_a_deletion_stop_no_import() {
    let (world, tenant) = with_others(3);
    world.replace(
        FILE,
        "    identityProfile:",
        "    deleteThreshold: 100\n    unmanaged: delete\n    identityProfile:",
    );
    let _ = world
        .steersman("apply guide --auto-approve --allow deleteAccounts=9 --allow deleteThreshold=9")
        .exits(0);
    // ISC has not removed the identities of the three yet.
    declare(&world, "SA-900", "new900");
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    assert_eq!(accounts(&tenant), 2);
}

#[test]
fn no_record_of_an_aggregation_is_no_witness() {
    let (world, tenant) = with_others(5);
    declare(&world, "SA-900", "new900");
    for (fault, why) in [
        (
            Fault::EmptyList,
            "ISC has no record of an aggregation of it",
        ),
        (
            Fault::Status { status: 403 },
            "its aggregations could not be read",
        ),
    ] {
        spoil(&tenant, &[(TASKS, fault, 0)]);
        let run = world.steersman("plan guide").exits(4);
        let shown = words(&run);
        for part in ["refused by guard unconfirmedAccounts", why] {
            assert!(shown.contains(part), "{part}\n{}", run.shown());
        }
    }
}

#[test]
fn rows_added_since_the_plan_are_not_lost_to_a_list_that_is_short_before_the_import() {
    let (world, tenant) = with_others(0);
    declare(&world, "SA-900", "new900");
    let rule = |operation: &str, fault, skip, count| FaultRule {
        fault,
        operations: vec![operation.to_owned()],
        skip,
        count,
        probability: None,
    };
    let slow = Fault::Slow {
        milliseconds: 1_500,
    };
    tenant.simulator().set_faults(Faults {
        rules: vec![
            rule(TASKS, slow, 0, Some(1)),
            // The plan reads the list well.
            rule(LIST, Fault::ShortList, 1, None),
        ],
        seed: 1,
    });
    tenant.simulator().clear_requests();
    let words = ["apply", "guide", "--auto-approve"];
    let child = world
        .command()
        .args(words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(20);
    while tenant.count(TASKS) == 0 {
        assert!(Instant::now() < patience, "the aggregations were not read");
        std::thread::sleep(Duration::from_millis(5));
    }
    add(&tenant, 0..1);
    let run = world.ended(&words, &child.wait_with_output().unwrap());
    assert_ne!(run.code, 0, "{}", run.shown());
    assert!(
        run.shown().contains("the import was not sent"),
        "{}",
        run.shown()
    );
    assert_eq!(accounts(&tenant), 2);
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    assert_eq!(accounts(&tenant), 3);
}
