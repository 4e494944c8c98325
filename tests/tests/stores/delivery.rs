//! Deliveries over the binary: write-only targets, forms, removal, `store check`.

use serde_json::Value;
use tests::{Run, World, world};

const FILE: &str = "guide/steersman.yaml";
const STORES: &str = "local: {directory: .steersman/secrets}";
const DELIVER: &str = "deliver: {store: local, key: audit01/monthly-report}";
const TOKEN: &str = ".steersman/secrets/audit01/monthly-report";
const STATE: &str = "--simulate=tenant/t.json";

fn run(world: &World, words: &str) -> Run {
    let (command, rest) = words.split_once(' ').unwrap_or((words, ""));
    world.steersman(&format!("{command} guide {STATE} {rest}"))
}

/// The guide with this delivery and these stores, enrolled and applied.
fn delivered(stores: &str, deliver: &str) -> World {
    let world = world!();
    world.example("guide");
    world.replace(FILE, STORES, &format!("{STORES}{stores}"));
    world.replace(FILE, DELIVER, deliver);
    world.write(
        "tools/put.sh",
        r#"mkdir -p out; cat > "out/$1"; echo "$1" >> out/log"#,
    );
    let _ = run(&world, "apply --auto-approve").exits(0);
    for command in [
        "simulator person register audit01 --state tenant/t.json",
        "simulator person mint audit01 --token issuer --to .steersman/secrets/audit01/issuer --state tenant/t.json",
    ] {
        std::fs::create_dir_all(world.path(TOKEN).parent().unwrap()).unwrap();
        let _ = world.steersman(command).exits(0);
    }
    let _ = run(&world, "apply --auto-approve --allow-commands").exits(0);
    world
}

/// The state of the token's place.
fn state(world: &World) -> String {
    let _ = run(world, "plan --allow-commands --out json=plan.json").exits(0);
    let plan: Value = serde_json::from_str(&world.read("plan.json")).unwrap();
    let deliveries = plan["deliveries"].as_array().unwrap();
    let token = deliveries.iter().find(|one| one["role"] == "token");
    token.unwrap()["state"].as_str().unwrap().to_owned()
}

const WRITE_ONLY: &str = "\n  out: {command: {put: [sh, tools/put.sh, '{key}'], writeOnly: true}}";

#[test]
fn tokens_3_a_target_that_cannot_be_read_is_written_once_and_never_repaired() {
    let world = delivered(WRITE_ONLY, "deliver: {store: out, key: REPORT}");
    let document: Value = serde_json::from_str(&world.read("out/REPORT")).unwrap();
    assert_eq!(document["token"], "monthly-report");
    assert_eq!(state(&world), "writeOnly");
    // What a hand removed is not known, and nothing is delivered on suspicion.
    std::fs::remove_file(world.path("out/REPORT")).unwrap();
    assert_eq!(state(&world), "writeOnly");
    let _ = run(&world, "plan --detailed-exitcode --allow-commands").exits(0);
    let _ = run(&world, "apply --auto-approve --allow-commands").exits(0);
    assert_eq!(world.read("out/log").lines().count(), 1);
    for format in ["text", "markdown", "html"] {
        let _ = run(&world, &format!("plan --allow-commands --out {format}=-"))
            .exits(0)
            .says("1 write-only");
    }
    let _ = run(&world, "status --allow-commands")
        .exits(0)
        .says("store out: 1 write-only");
}

#[test]
fn a_token_that_moves_to_a_target_that_cannot_be_read_is_delivered_there() {
    let world = delivered(WRITE_ONLY, DELIVER);
    world.replace(FILE, DELIVER, "deliver: {store: out, key: REPORT}");
    assert_eq!(state(&world), "moved");
    let _ = run(&world, "apply --auto-approve --allow-commands").exits(0);
    let document: Value = serde_json::from_str(&world.read("out/REPORT")).unwrap();
    assert_eq!(document["token"], "monthly-report");
    assert_eq!(state(&world), "writeOnly");
    let _ = run(&world, "plan --detailed-exitcode --allow-commands").exits(0);
    assert_eq!(world.read("out/log").lines().count(), 1);
}

/// Neither target can be read: only the journal knows that the new one has nothing.
#[test]
fn a_token_that_moves_between_targets_that_cannot_be_read_is_delivered_anew() {
    let other = "\n  other: {command: {put: [sh, tools/put.sh, 'other-{key}'], writeOnly: true}}";
    let world = delivered(
        &format!("{WRITE_ONLY}{other}"),
        "deliver: {store: out, key: REPORT}",
    );
    let first = world.read("out/REPORT");
    world.replace(
        FILE,
        "{store: out, key: REPORT}",
        "{store: other, key: REPORT}",
    );
    assert_eq!(state(&world), "moved");
    let _ = run(&world, "apply --auto-approve --allow-commands").exits(0);
    let second = world.read("out/other-REPORT");
    assert_ne!(first, second);
    assert_eq!(state(&world), "writeOnly");
    let _ = run(&world, "plan --detailed-exitcode --allow-commands").exits(0);
    // What is left at the old place is named, and cannot be removed by steersman.
    let check = world.steersman(&format!("store check guide {STATE} --allow-commands"));
    let _ = check
        .exits(0)
        .says("token/SA-001/monthly-report at REPORT: left");

    // Another name for the same target is no other target.
    world.replace(FILE, "  other: {command", "  renamed: {command");
    world.replace(
        FILE,
        "{store: other, key: REPORT}",
        "{store: renamed, key: REPORT}",
    );
    assert_eq!(state(&world), "writeOnly");
    let _ = run(&world, "plan --detailed-exitcode --allow-commands").exits(0);
}

#[test]
fn every_form_is_recognized_when_the_store_is_read() {
    for (format, line) in [
        ("dotenv", "SAIL_CLIENT_SECRET="),
        ("sail", "      clientsecret: "),
    ] {
        let deliver =
            format!("deliver: {{store: local, key: audit01/monthly-report, format: {format}}}");
        let world = delivered("", &deliver);
        assert!(world.read(TOKEN).contains(line), "{format}");
        assert_eq!(state(&world), "delivered");
        let _ = run(&world, "plan --detailed-exitcode").exits(0);
    }
}

#[test]
fn a_single_value_goes_to_a_target_that_cannot_be_read() {
    let world = delivered(
        WRITE_ONLY,
        "deliver: {store: out, key: REPORT, field: clientSecret}",
    );
    assert_eq!(world.read("out/REPORT").len(), 64);
}

#[test]
fn the_entry_of_a_revoked_token_is_removed_only_where_it_is_its_own() {
    for is_own in [true, false] {
        let world = delivered("", DELIVER);
        if !is_own {
            let mut document: Value = serde_json::from_str(&world.read(TOKEN)).unwrap();
            document["clientId"] = "another".into();
            world.write(TOKEN, document.to_string());
        }
        let file = world.read(FILE);
        let (before, _) = file.split_once("    tokens:").unwrap();
        let without = format!("{before}    tokens: []\npolicy: {{unmanagedTokens: revoke}}\n");
        world.write(FILE, without);
        let applied = run(&world, "apply --auto-approve");
        let _ = applied.exits(0);
        assert_eq!(world.path(TOKEN).exists(), !is_own, "{is_own}");
    }
}

#[test]
fn store_check_proves_each_store_and_lists_what_it_holds() {
    let world = delivered(WRITE_ONLY, DELIVER);
    let check = |words: &str| world.steersman(&format!("store check guide {STATE} {words}"));
    // A program that may not run is no store that works.
    let unasked = check("").exits(1);
    assert!(
        unasked.stderr.contains("not asked: out"),
        "{}",
        unasked.stderr
    );
    let _ = check("--allow-commands")
        .exits(0)
        .says("store local (directory)")
        .says("  write   proven")
        .says("  delete  proven")
        .says("token/SA-001/monthly-report at audit01/monthly-report: delivered, created 20")
        .says("store out (command, write-only)");
    let place = ".steersman/secrets/steersman-check";
    assert!(!world.path(place).exists());
    // What is there is not the check's: neither overwritten nor deleted.
    for kept in [world.read(TOKEN), "another tool's".to_owned()] {
        world.write(place, &kept);
        let _ = check("--allow-commands").exits(1);
        assert_eq!(world.read(place), kept);
    }
    std::fs::remove_file(world.path(place)).unwrap();
    let mut document: Value = serde_json::from_str(&world.read(TOKEN)).unwrap();
    document["token"] = "another".into();
    world.write(TOKEN, document.to_string());
    let run = check("--allow-commands --format json").exits(1);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report[0]["write"]["state"], "proven");
    assert_eq!(report[1]["writeOnly"], true);
    let secrets = report[0]["secrets"].as_array().unwrap();
    assert!(secrets.iter().any(|secret| secret["state"] == "foreign"));
}
