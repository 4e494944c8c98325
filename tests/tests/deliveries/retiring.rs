//! Replaced tokens whose declaration goes before their overlap is over.

use crate::site::{FILE, TOKEN, advance, delivered, plan, run, steps};

#[test]
fn planner_22_a_replaced_token_is_revoked_although_tokens_are_left_out() {
    let world = delivered();
    std::fs::remove_file(world.path(TOKEN)).unwrap();
    let _ = run(&world, "apply --auto-approve").exits(0);
    let text = world.read(FILE);
    let (before, _) = text.split_once("    tokens:").unwrap();
    world.write(FILE, before);
    let _ = run(&world, "plan --detailed-exitcode").exits(0);
    advance(&world, "3d");
    let (document, _) = plan(&world, "");
    let found = steps(&document);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("delete token/SA-001/monthly-report~retiring-"));
    let _ = run(&world, "apply --auto-approve").exits(0);
    let _ = run(&world, "plan --detailed-exitcode").exits(0);
}

#[test]
fn planner_22_a_replaced_token_of_an_account_that_is_left_out_is_told() {
    let world = delivered();
    std::fs::remove_file(world.path(TOKEN)).unwrap();
    let _ = run(&world, "apply --auto-approve").exits(0);
    let text = world.read(FILE);
    let (before, account) = text.split_once("  - id: SA-001").unwrap();
    let other = account
        .replace("audit01", "audit02")
        .replace("iam-automation", "other");
    world.write(FILE, format!("{before}  - id: SA-002{other}"));
    advance(&world, "3d");
    for command in ["plan", "status"] {
        let _ = run(&world, command)
            .exits(0)
            .says("monthly-report~retiring-");
    }
}
