//! Tokens that exchange their places, or pass them on: delivered in order, over the binary.

use crate::site::{FILE, Shows, delivered, is_settled, list, plan, rows, run};
use serde_json::Value;
use tests::World;

const TOKENS: &str = "        deliver: {store: local, key: audit01/monthly-report}\n";

/// The guide with three tokens of one account, each in the place of its name.
fn three() -> World {
    let world = delivered();
    let token = |name: &str| {
        format!(
            "      - {{name: {name}, scopes: [sp:report:read], expires: 90d, deliver: {{store: local, key: audit01/{name}}}}}\n"
        )
    };
    let more = ["b", "c"].map(token).concat();
    world.replace(FILE, TOKENS, &format!("{TOKENS}{more}"));
    let _ = run(&world, "apply", "--auto-approve").exits(0);
    is_settled(&world);
    world
}

/// Declares these keys, for the tokens in the order of the file.
fn declare(world: &World, keys: [&str; 3]) {
    const DELIVER: &str = "deliver: {store: local, key: audit01/";
    let file = world.read(FILE);
    let mut parts = file.split(DELIVER);
    let mut text = parts.next().unwrap().to_owned();
    for (part, key) in parts.zip(keys) {
        let (_, rest) = part.split_once('}').unwrap();
        text.extend([DELIVER, key, "}", rest]);
    }
    world.write(FILE, text);
}

/// Whose secret is in a place.
fn holder(world: &World, key: &str) -> String {
    let text = world.read(&format!(".steersman/secrets/audit01/{key}"));
    let document: Value = serde_json::from_str(&text).unwrap();
    document["token"].as_str().unwrap().to_owned()
}

#[test]
fn a_chain_of_places_is_passed_on_in_one_apply() {
    let world = three();
    // monthly-report takes the place of b, b that of c, and c a free one.
    declare(&world, ["b", "c", "free"]);
    assert_eq!(
        plan(&world),
        [
            "replace token/SA-001/c deliveryMoved",
            "replace token/SA-001/b deliveryMoved",
            "replace token/SA-001/monthly-report deliveryMoved",
        ]
    );
    let document: Value = serde_json::from_str(&world.read("plan.json")).unwrap();
    let waits = |step: usize| document["steps"][step]["dependsOn"].to_string();
    assert_eq!(waits(0), "[]");
    assert_eq!(waits(1), r#"["token/SA-001/c"]"#);
    assert_eq!(waits(2), r#"["token/SA-001/b"]"#);
    let _ = run(&world, "status", "").exits(0).shows("3 moved");
    let _ = run(&world, "apply", "--auto-approve").exits(0);
    is_settled(&world);
    let holders = ["b", "c", "free"].map(|key| holder(&world, key));
    assert_eq!(holders, ["monthly-report", "b", "c"]);
    // All old tokens are kept for their overlap.
    let rows = rows(&list(&world, "--check", 0), "/check/result");
    let retiring = rows.iter().filter(|row| row.contains("~ retiring"));
    assert_eq!(retiring.count(), 3, "{rows:?}");
}

#[test]
fn one_token_of_a_chain_takes_along_what_it_waits_for() {
    let world = three();
    declare(&world, ["b", "free", "c"]);
    let _ = run(
        &world,
        "apply",
        "--auto-approve --only token/SA-001/monthly-report",
    )
    .exits(0);
    is_settled(&world);
    assert_eq!(
        ["b", "free"].map(|key| holder(&world, key)),
        ["monthly-report", "b"]
    );
}

#[test]
fn places_are_exchanged_by_two_applies_as_the_plan_says() {
    for (circle, free, rest) in [
        (
            ["b", "monthly-report", "c"],
            ["b", "free", "c"],
            "the other token;",
        ),
        (
            ["b", "c", "monthly-report"],
            ["b", "free", "monthly-report"],
            "the other tokens;",
        ),
    ] {
        let world = three();
        let keys = ["monthly-report", "b", "c"];
        let before = keys.map(|key| world.read(&format!(".steersman/secrets/audit01/{key}")));
        declare(&world, circle);
        assert_eq!(plan(&world), Vec::<String>::new());
        let text = world.read("plan.json");
        assert!(text.contains("exchange their places"), "{text}");
        let remedy =
            "declare a free `deliver.key` for token/SA-001/b and apply, which also delivers";
        assert!(text.contains(&format!("{remedy} {rest}")), "{text}");
        assert!(!text.contains("delete the secret at"), "{text}");
        // A person reads it once, however many tokens exchange their places.
        let shown = run(&world, "plan", "").exits(0).stdout;
        let words: Vec<&str> = shown.split_whitespace().collect();
        let words = words.join(" ");
        for once in [
            "exchange their places, and",
            "exchange them with two applies",
        ] {
            assert_eq!(words.matches(once).count(), 1, "{once}: {shown}");
        }
        let _ = run(&world, "apply", "--auto-approve").exits(0);
        let after = keys.map(|key| world.read(&format!(".steersman/secrets/audit01/{key}")));
        assert_eq!(before, after);
        // What the remedy says.
        declare(&world, free);
        let _ = run(&world, "apply", "--auto-approve").exits(0);
        is_settled(&world);
        declare(&world, circle);
        let _ = run(&world, "apply", "--auto-approve").exits(0);
        is_settled(&world);
        assert_eq!(
            circle.map(|key| holder(&world, key)),
            ["monthly-report", "b", "c"]
        );
    }
}

#[test]
fn the_secret_of_a_token_that_no_file_moves_is_not_overwritten() {
    let world = three();
    // c is declared no more, and lives on: its place is not free.
    let file = world.read(FILE);
    let (kept, _) = file.split_once("      - {name: c,").unwrap();
    world.write(FILE, kept);
    world.replace(FILE, "key: audit01/b}", "key: audit01/c}");
    let before = world.read(".steersman/secrets/audit01/c");
    assert_eq!(plan(&world), Vec::<String>::new());
    let _ = run(&world, "apply", "--auto-approve")
        .exits(0)
        .shows("if nothing uses it");
    assert_eq!(world.read(".steersman/secrets/audit01/c"), before);
}
