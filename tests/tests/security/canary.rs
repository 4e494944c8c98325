//! Canary: over a whole life, no secret is in anything but its store, in any form.

use crate::forms::found;
use crate::stores::{GIVE, KEEP, enroll, run, secret, with_programs};
use serde_json::Value;
use tests::World;

/// A program that tells all that it stores, in every form, and fails.
const TELLS: &str = r"cat > input; cat input >&2; base64 input >&2; base64 -w0 input >&2; od -An -v -tx1 input >&2; rm input; exit 1";

/// A program that tells all that it reads, in every form, and fails.
const TELLS_WHAT_IT_READS: &str = r#"f=".steersman/secrets/$1"; cat "$f"; cat "$f" >&2; base64 "$f" >&2; od -An -v -tx1 "$f" >&2; exit 1"#;

/// Rotates the token, because the declared validity changes.
fn rotate(world: &World, validity: &str) {
    let text = world.read("guide/steersman.yaml");
    let text: Vec<&str> = text
        .lines()
        .filter(|line| !line.contains("accessTokenValidity"))
        .collect();
    let text = text.join("\n").replace(
        "        expires: 90d",
        &format!("        accessTokenValidity: {validity}\n        expires: 90d"),
    );
    world.write("guide/steersman.yaml", text);
}

/// The secrets of all tokens that the simulated tenant has or had.
fn known(world: &World, secrets: &mut Vec<String>) {
    fn collect(value: &Value, secrets: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value.as_str() {
                        Some(text) if name.to_lowercase().contains("secret") && text.len() > 10 => {
                            secrets.push(text.to_owned());
                        }
                        _ => collect(value, secrets),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, secrets)),
            _ => {}
        }
    }
    let state: Value = serde_json::from_str(&world.read("tenant/t.json")).unwrap();
    collect(&state, secrets);
}

#[test]
fn security_m6_no_secret_leaves_its_store_in_any_form() {
    let world = with_programs(KEEP, GIVE);
    let mut secrets = vec![simulator::ADMIN_CLIENT_SECRET.to_owned()];
    let mut said = String::new();
    enroll(&world);
    known(&world, &mut secrets);
    let mut say = |words: &str, secrets: &mut Vec<String>| {
        let run = run(&world, &format!("{words} --allow-commands -vvv"));
        said.push_str(&run.stdout);
        said.push_str(&run.stderr);
        known(&world, secrets);
        run
    };
    // Delivery fails, and the program tells the secret.
    world.write("tools/put.sh", TELLS);
    let failed = say("apply --auto-approve", &mut secrets).exits(3);
    assert!(failed.stdout.contains("[secret]"), "{}", failed.shown());
    // Everything is well.
    world.write("tools/put.sh", KEEP);
    let _ = say("apply --auto-approve", &mut secrets).exits(0);
    secrets.push(secret(&world, ".steersman/secrets/audit01/monthly-report"));
    // A rotation fails, then succeeds.
    rotate(&world, "10m");
    world.write("tools/put.sh", TELLS);
    let _ = say("apply --auto-approve", &mut secrets).exits(3);
    world.write("tools/put.sh", KEEP);
    let _ = say("apply --auto-approve", &mut secrets).exits(0);
    secrets.push(secret(&world, ".steersman/secrets/audit01/monthly-report"));
    let _ = say(
        "plan --detailed-exitcode --out html=plan.html",
        &mut secrets,
    )
    .exits(0);
    // Reading fails, and the program tells what it reads.
    world.write("tools/get.sh", TELLS_WHAT_IT_READS);
    rotate(&world, "20m");
    for words in [
        "plan --out json=plan.json --out markdown=plan.md",
        "status",
        "apply --auto-approve",
    ] {
        let _ = say(words, &mut secrets).exits(8);
    }

    secrets.sort();
    secrets.dedup();
    assert!(secrets.len() >= 4, "{}", secrets.len());
    assert!(
        said.contains("DEBUG") || said.contains("TRACE"),
        "the log was on"
    );
    assert_eq!(found(&said, &secrets), Vec::<&str>::new(), "said");
    for (path, text) in world.everything_written() {
        // The simulated tenant knows its secrets, and the store is where they belong.
        if path == world.path("tenant/t.json") || path.starts_with(world.path(".steersman/secrets"))
        {
            continue;
        }
        assert_eq!(
            found(&text, &secrets),
            Vec::<&str>::new(),
            "{}",
            path.display()
        );
    }
}
