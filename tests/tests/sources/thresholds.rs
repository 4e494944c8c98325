//! The delete threshold, raised for one import and set back.

use crate::setting::{accounts, source, spoil, with_others};
use simulator::{Completion, Fault};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tests::{SimulatedTenant, World};

const APPLY: &str = "apply guide --auto-approve --allow deleteThreshold=3 --allow deleteAccounts=3";
/// The change of a source.
const CHANGE: &str = "updateSourceV1";

/// Three of eleven accounts are to go, and the threshold is ISC's 10%.
fn three_to_delete() -> (World, SimulatedTenant) {
    let (world, tenant) = with_others(10);
    world.replace(
        "guide/steersman.yaml",
        "    identityProfile:",
        "    unmanaged: delete\n    identityProfile:",
    );
    let kept: Vec<String> = (3..10)
        .map(|number| {
            format!("  - {{id: X-00{number}, name: other00{number}, email: other00{number}@example.com, purpose: made by hand}}\n")
        })
        .collect();
    world.write(
        "guide/others.yaml",
        format!("steersman: v1\nserviceAccounts:\n{}", kept.concat()),
    );
    // Invitations of those that are declared now.
    let _ = world.steersman("apply guide --auto-approve --except account/*");
    tenant.simulator().clear_requests();
    (world, tenant)
}

fn threshold(tenant: &SimulatedTenant) -> (i64, i64) {
    let source = source(tenant);
    let connector = &source["connectorAttributes"]["deleteThresholdPercentage"];
    (
        source["deleteThreshold"].as_i64().unwrap(),
        connector.as_i64().unwrap(),
    )
}

#[test]
fn tenants_10_the_threshold_is_raised_for_one_import_and_set_back() {
    let (world, tenant) = three_to_delete();
    let run = world
        .steersman("apply guide --auto-approve --allow deleteAccounts=3")
        .exits(4);
    let shown = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        shown.contains("pass `--allow deleteThreshold=3` once: steersman then raises the threshold to 28% for this import and sets it back to 10%"),
        "{}",
        run.shown()
    );
    assert_eq!(tenant.writes(), Vec::<String>::new());
    let _ = world.steersman(APPLY).exits(0);
    assert_eq!(accounts(&tenant), 8);
    assert_eq!(threshold(&tenant), (10, 10));
    assert_eq!(tenant.count(CHANGE), 2);
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
}

#[test]
fn tenants_10_the_threshold_is_set_back_after_a_failure() {
    let (world, tenant) = three_to_delete();
    let outcome = Completion::Error;
    spoil(&tenant, &[("importAccountsV1", Fault::Task { outcome }, 0)]);
    let _ = world.steersman(APPLY).exits(3);
    assert_eq!(accounts(&tenant), 11);
    assert_eq!(threshold(&tenant), (10, 10));
}

#[test]
fn tenants_10_a_threshold_that_could_not_be_set_back_is_in_the_next_plan() {
    let (world, tenant) = three_to_delete();
    spoil(&tenant, &[(CHANGE, Fault::Status { status: 503 }, 1)]);
    let run = world.steersman(APPLY).exits(3);
    assert!(
        run.shown().contains("is still raised to 28%"),
        "{}",
        run.shown()
    );
    assert_eq!(accounts(&tenant), 8);
    assert_eq!(threshold(&tenant), (28, 28));
    let plan = world.steersman("plan guide --detailed-exitcode").exits(2);
    assert!(plan.stdout.contains("deleteThreshold"), "{}", plan.shown());
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    assert_eq!(threshold(&tenant), (10, 10));
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
}

#[test]
fn tenants_10_the_threshold_is_set_back_by_the_run_after_a_kill() {
    let (world, tenant) = three_to_delete();
    let slow = Fault::Slow {
        milliseconds: 60_000,
    };
    spoil(&tenant, &[("importAccountsV1", slow, 0)]);
    let mut child = world
        .command()
        .args(APPLY.split_whitespace())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let since = Instant::now();
    while tenant.count(CHANGE) == 0 || threshold_is(&tenant, 10) {
        assert!(
            since.elapsed() < Duration::from_mins(1),
            "nothing was raised"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().unwrap();
    let _ = child.wait().unwrap();
    tenant.simulator().set_faults(simulator::Faults::default());
    assert!(!threshold_is(&tenant, 10));
    let plan = world
        .steersman("plan guide --allow deleteThreshold=3 --allow deleteAccounts=3")
        .exits(0);
    assert!(plan.stdout.contains("deleteThreshold"), "{}", plan.shown());
    let _ = world.steersman(APPLY).exits(0);
    assert_eq!(accounts(&tenant), 8);
    assert_eq!(threshold(&tenant), (10, 10));
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
}

fn threshold_is(tenant: &SimulatedTenant, percent: i64) -> bool {
    threshold(tenant).0 == percent
}
