//! What people read: the list at two widths, a leaked secret that is stopped, and refusals.

use crate::site::{advance, by_hand, delivered, is_settled, run};

#[test]
fn a_leaked_secret_from_the_list_to_an_empty_plan() {
    let mut world = delivered();
    by_hand(&world, "--token by-hand --scope sp:search:read");
    advance(&world, "12d");
    let mut story = Vec::new();
    for (command, more) in [
        ("token list", ""),
        (
            "token revoke",
            "--token audit01/monthly-report --token audit01/nightly",
        ),
        ("token revoke", "--token audit01/by-* --auto-approve"),
        (
            "token disable",
            "--token audit01/monthly-report --auto-approve",
        ),
        ("plan", ""),
        (
            "token revoke",
            "--token audit01/monthly-report --replace --auto-approve",
        ),
    ] {
        story.push(run(&world, command, more).shown());
    }
    is_settled(&world);
    advance(&world, "12d");
    world.set([("COLUMNS".to_owned(), "160".to_owned())]);
    story.push(run(&world, "token list", "--check").shown());
    insta::assert_snapshot!(story.join("\n"));
}
