//! What people read every day: short, in groups, and as wide as the terminal.

use crate::case::{Case, redacted};
use crate::sixty;
use serde_json::Value;
use std::collections::BTreeSet;
use tests::{Run, repository};

/// So wide and so long may it be; the text without what differs from run to run.
fn fits(run: &Run, columns: usize, most: usize) -> String {
    for line in run.stdout.lines() {
        // A command is not broken: it is to be copied.
        let has_command = line.contains('`');
        assert!(
            line.chars().count() <= columns || has_command,
            "{columns}: {line:?}"
        );
    }
    let lines = run.stdout.lines().count();
    assert!(lines <= most, "{lines} lines\n{}", run.stdout);
    redacted(run, &run.stdout)
}

fn wide(case: &mut Case, columns: usize) {
    case.world
        .set([("COLUMNS".to_owned(), columns.to_string())]);
}

#[test]
fn the_first_plan_of_sixty_accounts_is_a_page() {
    let mut case = sixty::new();
    let run = case.world.steersman("plan accounts").exits(0);
    insta::assert_snapshot!(fits(&run, 100, 80));
    let warnings: Vec<&str> = run
        .stderr
        .lines()
        .filter(|line| line.contains("warning"))
        .collect();
    assert_eq!(
        warnings,
        ["warning: 20 warnings in the files (SM0604); `steersman validate accounts` shows them"]
    );
    wide(&mut case, 60);
    let run = case.world.steersman("plan accounts").exits(0);
    insta::assert_snapshot!(fits(&run, 60, 130));
}

#[test]
fn day_thirty_is_read_at_a_glance() {
    let mut case = sixty::day_thirty();
    let run = case.world.steersman("status accounts").exits(0);
    insta::assert_snapshot!(fits(&run, 100, 40));
    let run = case.world.steersman("plan accounts").exits(0);
    insta::assert_snapshot!(fits(&run, 100, 25));
    let hidden = case
        .world
        .steersman("plan accounts --hide-waiting")
        .exits(0);
    assert!(fits(&hidden, 100, 8).contains("40 accounts need action; not shown"));

    // One change: a waiting account is named once at most.
    case.world.replace(
        "accounts/iam.yaml",
        "Automation number 1 ",
        "Changed number 1 ",
    );
    let run = case.world.steersman("plan accounts").exits(0);
    insta::assert_snapshot!(fits(&run, 100, 20));
    assert_eq!(run.stdout.matches("svc-helpdesk-01").count(), 1);
    let json = case.world.steersman("plan accounts --format json").exits(0);
    let plan: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(plan["blocked"].as_array().unwrap().len(), 52);

    for columns in [40, 60, 200] {
        wide(&mut case, columns);
        let run = case.world.steersman("plan accounts").exits(0);
        let _ = fits(&run, columns, 40);
        let run = case.world.steersman("status accounts --full").exits(0);
        let text = fits(&run, columns, 500);
        let run = case.world.steersman("status accounts").exits(0);
        let short = fits(&run, columns, 40);
        assert!(short.contains("who:"), "{short}");
        if columns == 60 {
            insta::assert_snapshot!(short);
        }
        // Steps that would make it longer than a screen are left out, which it says.
        let run = case
            .world
            .steersman("status accounts --expiring-within 365d")
            .exits(2);
        let short = fits(&run, columns, 40);
        assert_eq!(short.contains("who:"), columns > 40, "{short}");
        assert_eq!(short.contains("--only STAGE"), columns == 40, "{short}");
        let all: BTreeSet<&str> = text.split_whitespace().collect();
        // No name is divided.
        assert!(all.contains("svc-helpdesk-10"), "{text}");
        let run = case.world.steersman("token list accounts").exits(0);
        let _ = fits(&run, columns, 1000);
    }
}

#[test]
fn status_is_cut_to_stages_and_is_a_document() {
    let case = sixty::day_thirty();
    let run = case
        .world
        .steersman("status accounts --only ready")
        .exits(0);
    run.stdout
        .lines()
        .find(|line| line.contains("SA-001 svc-iam-01 ready"))
        .unwrap();
    assert!(!run.stdout.contains("svc-hr-01"), "{}", run.shown());
    let _ = case
        .world
        .steersman("status accounts --only asleep")
        .exits(64);

    let run = case
        .world
        .steersman("status accounts --format json --expiring-within 100d")
        .exits(2);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    let path = repository().join("schemas/status.schema.json");
    let stored: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let schema = case.world.steersman("schema status").exits(0);
    assert_eq!(
        serde_json::from_str::<Value>(&schema.stdout).unwrap(),
        stored
    );
    let validator = jsonschema::validator_for(&stored).unwrap();
    let wrong: Vec<String> = validator
        .iter_errors(&document)
        .map(|error| error.to_string())
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(document["stages"]["invited"], 40);
    assert_eq!(
        document["groups"][0]["accounts"].as_array().unwrap().len(),
        40
    );
    assert_eq!(document["groups"][0]["who"], "account holder");
    let tokens = document["expiring"]["tokens"].as_array().unwrap();
    assert_eq!(tokens.len(), 26);
    let _ = case
        .world
        .steersman("status accounts --expiring-within 30d")
        .exits(0);
}

#[test]
fn colors_are_where_they_are_asked_for() {
    let case = Case::new("guide");
    let colored = |words: &str| {
        let run = case.world.steersman(words);
        (run.stdout.contains('\u{1b}'), run.stderr.contains('\u{1b}'))
    };
    assert_eq!(colored("plan guide -v"), (false, false));
    assert_eq!(colored("plan guide --color never -v"), (false, false));
    assert_eq!(colored("plan guide --color always -v"), (true, true));
    assert_eq!(colored("--color=always plan guide --yes"), (false, true));
    assert_eq!(colored("plan guide --yes"), (false, false));
    let run = case.world.steersman("apply guide --dry-run").exits(64);
    let tip = "tip: `steersman plan` shows the changes and makes none";
    assert!(run.stderr.contains(tip), "{}", run.shown());
}
