//! `token rotate`: named declared tokens are replaced now, and nothing else is applied.

use crate::site::{
    FILE, ISSUER, Shows, advance, by_hand, delivered, is_settled, list, plan, rows, run,
};

#[test]
fn a_declared_token_is_replaced_on_request() {
    let world = delivered();
    let rotate = "--token audit01/monthly-report --auto-approve";
    let _ = run(&world, "token rotate", rotate)
        .exits(0)
        .shows("token monthly-report")
        .shows("requested")
        .shows("the old token is kept as monthly-report~retiring-");
    // What was asked for once is not done twice.
    is_settled(&world);
    assert_eq!(
        rows(&list(&world, "--check", 0), "/check/result"),
        [
            "issuer issuer signsIn",
            "monthly-report declared signsIn",
            "monthly-report~ retiring nothingDelivered"
        ]
    );
    let _ = run(
        &world,
        "token rotate",
        "--token SA-001/month* --auto-approve",
    )
    .exits(0)
    .shows("is left as it is: it was replaced already");
    assert_eq!(list(&world, "", 0)["tokens"].as_array().unwrap().len(), 4);
    is_settled(&world);
    advance(&world, "3d");
    let _ = run(&world, "apply", "--auto-approve").exits(0);
    is_settled(&world);
    assert_eq!(
        list(&world, "--check", 0)["tokens"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn a_rotation_applies_nothing_else() {
    let world = delivered();
    world.replace(FILE, "userLevels: [REPORT_ADMIN]", "userLevels: []");
    world.replace(FILE, "Automate monthly audit report", "Another purpose");
    let before = plan(&world);
    assert_eq!(before.len(), 3, "{before:?}");
    let rotate = "--token audit01/monthly-report --auto-approve --format json";
    let report = run(&world, "token rotate", rotate).exits(0);
    let report: serde_json::Value = serde_json::from_str(&report.stdout).unwrap();
    let steps = report["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 1, "{steps:?}");
    assert_eq!(steps[0]["address"], "token/SA-001/monthly-report");
    assert_eq!(plan(&world), before);
}

#[test]
fn what_cannot_be_rotated_is_said_with_the_next_action() {
    let world = delivered();
    by_hand(&world, "--token by-hand");
    let by_hand = "--token audit01/by-hand --auto-approve";
    let _ = run(&world, "token rotate", by_hand)
        .exits(4)
        .shows("no file declares it")
        .shows("nothing was changed");
    std::fs::remove_file(world.path(ISSUER)).unwrap();
    let _ = run(
        &world,
        "token rotate",
        "--token audit01/monthly-report --auto-approve",
    )
    .exits(1)
    .shows("the store has no issuer token for audit01")
    .shows("nothing was applied: fix what blocks the tokens")
    .shows("`steersman token rotate --token audit01/monthly-report guide --simulate=tenant/t.json` again");
    assert_eq!(list(&world, "", 0)["tokens"].as_array().unwrap().len(), 4);
}
