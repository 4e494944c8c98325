//! Names that people give, and places that files write in several ways.

use crate::site::{FILE, FILES, ISSUER, TOKEN, advance, delivered, plan, run, steps};
use std::io::Write;
use std::process::Stdio;
use tests::{Run, World};

#[test]
fn a_token_that_a_person_names_like_a_retiring_one_is_reported_and_kept() {
    let world = delivered();
    for name in ["x~retiring-20200101", "monthly-report~retiring-20200101"] {
        let _ = world
            .steersman(&format!(
                "simulator person mint audit01 --token {name} --state tenant/t.json"
            ))
            .exits(0);
    }
    let (document, _) = plan(&world, "");
    assert_eq!(steps(&document), Vec::<String>::new());
    let unmanaged = document["unmanaged"].to_string();
    assert!(unmanaged.contains("x~retiring-20200101"), "{unmanaged}");
    let _ = run(&world, "apply --auto-approve").exits(0);
    assert!(world.read("tenant/t.json").contains("x~retiring-20200101"));
}

#[test]
fn two_stores_that_are_one_folder_cannot_hold_two_secrets_of_one_key() {
    let world = delivered();
    let absolute = world.path(".steersman/secrets").display().to_string();
    std::os::unix::fs::symlink(".steersman", world.path("link")).unwrap();
    let before = world.read(FILE);
    for folder in [
        absolute.as_str(),
        "link/secrets",
        "link/../.steersman/secrets",
    ] {
        let text = before
            .replace(FILES, &format!("{FILES}\n  two: {{directory: {folder}}}"))
            .replace(
                "    tokens:\n",
                "    tokens:\n      - {name: second, scopes: [sp:report:read], deliver: {store: two, key: \"{account}/monthly-report\"}}\n",
            );
        world.write(FILE, text);
        let found = world.steersman("validate guide").exits(1);
        assert!(
            found.stderr.contains("SM0407"),
            "{folder}\n{}",
            found.shown()
        );
        let _ = run(&world, "apply --auto-approve").exits(1);
    }
}

#[test]
fn planner_22_a_replaced_token_is_told_without_a_journal_too() {
    let world = delivered();
    std::fs::remove_file(world.path(TOKEN)).unwrap();
    let _ = run(&world, "apply --auto-approve").exits(0);
    std::fs::remove_file(world.path("tenant/t.journal.jsonl")).unwrap();
    let text = world.read(FILE);
    let (before, _) = text.split_once("    tokens:").unwrap();
    world.write(FILE, before);
    advance(&world, "3d");
    let (document, _) = plan(&world, "");
    let found = steps(&document);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("delete token/SA-001/monthly-report~retiring-"));
}

/// Enrolls audit01 with a new token.
fn enroll(world: &World) -> Run {
    let name = format!("fresh-{}", world.read("tenant/t.json").len());
    let run = world
        .steersman(&format!(
            "simulator person mint audit01 --token {name} --scope sp:my-personal-access-tokens:manage --state tenant/t.json"
        ))
        .exits(0);
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let text = |name: &str| document[name].as_str().unwrap().to_owned();
    let (id, secret) = (text("clientId"), text("clientSecret"));
    let words = format!("enroll audit01 guide --client-id {id} --simulate=tenant/t.json");
    let words: Vec<&str> = words.split_whitespace().collect();
    let mut child = world
        .command()
        .args(&words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(secret.as_bytes()).unwrap();
    drop(input);
    world.ended(&words, &child.wait_with_output().unwrap())
}

#[test]
fn enroll_overwrites_an_earlier_issuer_and_no_other_secret() {
    let world = delivered();
    // An earlier issuer of the account.
    let _ = enroll(&world).exits(0);
    let issuer = world.read(ISSUER);
    let delivered = world.read(TOKEN);
    let secret = |text: &str| {
        let document: serde_json::Value = serde_json::from_str(text).unwrap();
        document["clientSecret"].as_str().unwrap().to_owned()
    };
    let nameless = format!(
        "{{\"clientId\":\"5eb1\",\"clientSecret\":\"{}\"}}",
        secret(&issuer)
    );
    for (there, says) in [
        (
            delivered.as_str(),
            "holds the secret of the token monthly-report",
        ),
        (nameless.as_str(), "does not say whose it is"),
    ] {
        world.write(ISSUER, there);
        let run = enroll(&world).exits(1);
        let shown = run.shown().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            shown.contains(says) && shown.contains("nothing was stored"),
            "{}",
            run.shown()
        );
        assert!(!run.shown().contains(&secret(there)));
        assert_eq!(world.read(ISSUER), there);
    }
}
