//! Tokens that exchange their places, or pass them on: delivered in order, over the binary.

use crate::site::{FILE, Shows, delivered, is_settled, list, plan, register, rows, run};
use serde_json::Value;
use tests::{World, world};

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

/// The place of c has a copy of the secret of b, so that both could be one entry.
fn copied() -> World {
    let world = three();
    world.write(
        ".steersman/secrets/audit01/c",
        world.read(".steersman/secrets/audit01/b"),
    );
    let _ = run(&world, "plan", "").exits(0).shows("they may be one");
    world
}

#[test]
fn a_copy_gives_way_once_the_secret_is_replaced_where_it_is_declared() {
    let world = copied();
    world.replace(FILE, "{name: b,", "{name: b, rotation: 1,");
    assert_eq!(
        plan(&world),
        [
            "replace token/SA-001/b rotationChanged",
            "replace token/SA-001/c deliveryMissing",
        ]
    );
    let _ = run(&world, "apply", "--auto-approve").exits(0);
    is_settled(&world);
    assert_eq!(["b", "c"].map(|key| holder(&world, key)), ["b", "c"]);
}

#[test]
fn two_places_that_are_one_entry_do_not_overwrite_each_other() {
    let mut world = world!();
    world.set([("STEERSMAN_ALLOW_COMMANDS".to_owned(), "1".to_owned())]);
    world.example("guide");
    let out = "out: {command: {get: [sh, out.sh, get, '{key}'], put: [sh, out.sh, put, '{key}'], notFound: {exitCodes: [3]}}}";
    let local = "local: {directory: .steersman/secrets}";
    world.replace(FILE, local, &format!("{local}\n  {out}"));
    let token = |name: &str| {
        format!(
            "      - {{name: {name}, scopes: [sp:report:read], expires: 90d, deliver: {{store: out, key: {name}}}}}\n"
        )
    };
    let both = ["b", "c"].map(token).concat();
    world.replace(FILE, TOKENS, &format!("{TOKENS}{both}"));
    let script = |target: &str| {
        format!(
            "mkdir -p out\nat=out/$2\n{target}\nif [ $1 = put ]; then cat > $at; else [ -f $at ] && cat $at || exit 3; fi\n"
        )
    };
    world.write("out.sh", script(""));
    let _ = run(&world, "apply", "--auto-approve").exits(0);
    register(&world);
    let _ = run(&world, "apply", "--auto-approve").exits(0);
    is_settled(&world);

    // Both keys lead to one entry from now on.
    world.write("out.sh", script("at=out/b"));
    assert_eq!(plan(&world), Vec::<String>::new());
    world.replace(FILE, "{name: b,", "{name: b, rotation: 1,");
    let _ = run(&world, "apply", "--auto-approve")
        .exits(3)
        .shows("no token was minted")
        .shows("failed token/SA-001/c");
    let document: Value = serde_json::from_str(&world.read("out/b")).unwrap();
    assert_eq!(document["token"], "b");
    let listed = rows(&list(&world, "--check", 0), "/check/result");
    assert!(
        listed.contains(&"b declared signsIn".to_owned()),
        "{listed:?}"
    );
    assert_eq!(plan(&world), Vec::<String>::new());
    let _ = run(&world, "plan", "")
        .exits(0)
        .shows("it holds the secret of token/SA-001/b");
}
