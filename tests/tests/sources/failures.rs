//! Failures of one cause, told once.

use crate::setting::{spoil, with_others};
use simulator::Fault;

#[test]
fn tenants_21_failures_of_one_cause_are_told_once_with_their_number() {
    let (world, tenant) = with_others(1);
    let rows: Vec<String> = (0..500)
        .map(|number| format!("  - {{id: S-{number:03}, name: many{number:03}, email: m@example.com, purpose: Test}}\n"))
        .collect();
    world.write(
        "guide/many.yaml",
        format!("steersman: v1\nserviceAccounts:\n{}", rows.concat()),
    );
    let failed = Fault::Status { status: 503 };
    spoil(&tenant, &[("importAccountsV1", failed, 0)]);
    let run = world.steersman("apply guide --auto-approve").exits(3);
    let told = |text: &str| {
        text.lines()
            .filter(|line| line.contains("failed account/"))
            .count()
    };
    assert_eq!(told(&run.stdout), 1, "{}", run.shown());
    assert_eq!(told(&run.stderr), 1, "{}", run.shown());
    assert!(run.stdout.contains("and 499 more"), "{}", run.shown());
}
