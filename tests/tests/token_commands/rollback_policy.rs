//! A rollback and the longest lifetime that the policy allows.

use crate::site::{FILE, TOKEN, delivered, run};

#[test]
fn a_rollback_brings_no_end_back_that_the_policy_does_not_allow() {
    let world = delivered();
    let token = "--token audit01/monthly-report --auto-approve";
    let _ = run(&world, "token rotate", token).exits(0);
    let rotated = world.read(TOKEN);
    world.replace(FILE, "expires: 90d", "expires: 30d");
    let accounts = "\nserviceAccounts:";
    let policy = "\npolicy: {maxTokenLifetime: 60d}\nserviceAccounts:";
    world.replace(FILE, accounts, policy);
    let refused = run(&world, "token rollback", token);
    assert_ne!(refused.code, 0, "{}", refused.shown());
    assert!(
        refused.stderr.contains("policy.maxTokenLifetime"),
        "{}",
        refused.shown()
    );
    assert_eq!(world.read(TOKEN), rotated);
    // What the policy allows can be undone.
    world.replace(FILE, "maxTokenLifetime: 60d", "maxTokenLifetime: 90d");
    let _ = run(&world, "token rollback", token).exits(0);
    assert_ne!(world.read(TOKEN), rotated);
}
