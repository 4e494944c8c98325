//! Somebody who has just installed it, in an empty folder.

use tests::world;

#[test]
fn init_validate_plan_apply() {
    let world = world!();
    let mut shown = String::new();
    for words in [
        "init --ci github",
        "validate",
        "plan --simulate",
        "apply --simulate --auto-approve",
    ] {
        let run = world.steersman(words).exits(0);
        shown.push_str(&run.shown());
        shown.push('\n');
    }
    insta::assert_snapshot!(shown);
    assert!(world.read(".gitignore").contains(".steersman"));
}

#[test]
fn nothing_is_overwritten() {
    let world = world!();
    world.write("accounts/accounts.yaml", "steersman: v1\n");
    let init = world.steersman("init").exits(1);
    insta::assert_snapshot!(init.shown());
    assert_eq!(world.everything_written().len(), 1);
}

#[test]
fn a_gitignore_that_is_there_is_added_to_once() {
    let world = world!();
    world.write("one/.gitignore", "target");
    let _ = world
        .steersman("init one --ci gitlab --owner john.roe")
        .exits(0);
    assert_eq!(world.read("one/.gitignore").lines().next(), Some("target"));
    assert!(
        world
            .read("one/.gitignore")
            .lines()
            .any(|line| line == "/.steersman/")
    );
    assert!(
        world
            .read("one/accounts/steersman.yaml")
            .contains("owner: john.roe")
    );
    let _ = world.steersman("validate one").exits(0);
}
