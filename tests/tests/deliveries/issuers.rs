//! Issuers that end: told thirty days before, blocked after, with the one next action.

use crate::site::{advance, blocked, delivered, mint, plan, run, steps};

#[test]
fn planner_18_an_issuer_is_told_before_it_ends_and_blocks_after() {
    let world = delivered();
    let _ = run(&world, "status").exits(0).says("ready  1");
    // It ends about 180 days after its creation.
    advance(&world, "155d");
    let _ = run(&world, "apply --auto-approve --require-complete").exits(0);
    for command in ["plan", "status", "apply --auto-approve"] {
        let _ = run(&world, command)
            .exits(0)
            .says("the issuer token of audit01 expires on")
            .says("steersman enroll");
    }
    let (document, code) = plan(&world, "");
    assert_eq!(code, 0);
    assert!(document["accounts"][0]["by"].is_string());
    advance(&world, "31d");
    let _ = run(&world, "status").exits(0).says("expired on");
    // Nothing has to change, but somebody has to act before something does.
    let _ = run(&world, "apply --auto-approve --require-complete").exits(7);
    advance(&world, "90d");
    let (document, _) = plan(&world, "");
    assert_eq!(steps(&document), Vec::<String>::new());
    assert_eq!(blocked(&document), ["noIssuer"]);
    let _ = run(&world, "plan")
        .says("the issuer token at local:audit01/issuer expired on")
        .says("steersman enroll");
    mint(&world);
    let _ = run(&world, "apply --auto-approve").exits(0);
    let _ = run(&world, "plan --detailed-exitcode").exits(0);
}
