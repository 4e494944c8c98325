//! Formatting files.

use tests::{repository, world};

const UGLY: &str = "# first\nsteersman: v1\nserviceAccounts:   # all of them\n      - id:    'SA-001' # stays\n        name: audit01\n        email: a@example.com\n        purpose: \"it's\"\n        userLevels: [ REPORT_ADMIN,HELPDESK ]\n\n\n\n        tokens: []\n";

#[test]
fn comments_and_order_stay_and_it_is_done_once() {
    let world = world!();
    world.write("a.yaml", UGLY);
    let check = world.steersman("fmt a.yaml --check").exits(2);
    assert_eq!(check.stdout, "a.yaml\n");
    assert_eq!(world.read("a.yaml"), UGLY);
    let _ = world.steersman("fmt a.yaml").exits(0);
    insta::assert_snapshot!(world.read("a.yaml"));
    let _ = world
        .steersman("fmt a.yaml --check")
        .exits(0)
        .says_not("a.yaml");
}

#[test]
fn nothing_is_formatted_where_one_file_cannot_be() {
    let world = world!();
    world.write("a.yaml", UGLY);
    world.write("b.yaml", "steersman: [\n");
    let run = world.steersman("fmt").exits(1);
    assert!(run.stderr.contains("b.yaml"), "{}", run.shown());
    assert_eq!(world.read("a.yaml"), UGLY);
}

#[test]
fn the_examples_are_formatted() {
    let world = world!();
    let examples = repository().join("examples");
    let run = world.steersman_words(&["fmt", "--check", examples.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.shown());
}

#[test]
fn what_init_writes_is_formatted() {
    let world = world!();
    let _ = world.steersman("init --ci github").exits(0);
    let run = world.steersman("fmt --check").exits(0);
    assert_eq!(run.stdout, "");
}

#[test]
fn values_that_are_nested_too_deep_are_refused_and_do_not_end_the_process() {
    let world = world!();
    let mut keys = String::new();
    for depth in 0..3_000 {
        keys.push_str(&" ".repeat(depth));
        keys.push_str("a:\n");
    }
    for (name, text) in [
        (
            "flow.yaml",
            format!("steersman: v1\nsources: {}\n", "[".repeat(200_000)),
        ),
        ("keys.yaml", format!("steersman: v1\nsources:\n{keys}")),
        (
            "items.yaml",
            format!("steersman: v1\nsources:\n  {}x\n", "- ".repeat(100_000)),
        ),
    ] {
        world.write(name, &text);
        let run = world.steersman(&format!("fmt {name}")).exits(1);
        assert!(
            run.stderr.contains("nothing was formatted"),
            "{}",
            run.shown()
        );
        assert_eq!(world.read(name), text);
    }
}
