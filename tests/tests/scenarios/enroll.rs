//! The one human step of an account's life.

use std::io::Write;
use std::process::Stdio;
use tests::{Run, World, world};

/// Runs `enroll`, with the secret on standard input.
fn enroll(world: &World, words: &str, secret: &str) -> Run {
    let words: Vec<&str> = words.split_whitespace().collect();
    let mut child = world
        .command()
        .args(&words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(secret.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    world.ended(&words, &output)
}

/// A token that the person behind audit01 has made, as id and secret.
fn mint(world: &World, who: &str, scope: &str) -> (String, String) {
    let run = world
        .steersman(&format!(
            "simulator person mint {who} --token {who}-{} --scope {scope} --state t.json",
            scope.len()
        ))
        .exits(0);
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let text = |name: &str| document[name].as_str().unwrap().to_owned();
    (text("clientId"), text("clientSecret"))
}

#[test]
fn a_pasted_token_becomes_the_issuer() {
    let world = world!();
    world.example("guide");
    let apply = || {
        world
            .steersman("apply guide --simulate=t.json --auto-approve")
            .exits(0)
    };
    let words = |id: &str| format!("enroll audit01 guide --client-id {id} --simulate=t.json");
    let early = enroll(&world, &words("x"), &format!("{}\n", "0".repeat(64))).exits(64);
    assert!(early.stderr.contains("no identity"), "{}", early.shown());
    let _ = apply();
    let _ = world
        .steersman("simulator person register audit01 --state t.json")
        .exits(0);

    // Somebody else's, one that cannot mint, and one with a wrong secret.
    let (id, secret) = mint(&world, "jane.doe", "sp:my-personal-access-tokens:manage");
    let others = enroll(&world, &words(&id), &secret).exits(64);
    assert!(
        others.stderr.contains("belongs to identity"),
        "{}",
        others.shown()
    );
    let (id, secret) = mint(&world, "audit01", "sp:search:read");
    let weak = enroll(&world, &words(&id), &secret).exits(64);
    assert!(weak.stderr.contains("has no scope"), "{}", weak.shown());
    let _ = enroll(&world, &words(&id), "wrong").exits(64);
    let _ = enroll(&world, &words(&id), &"0".repeat(64)).exits(6);
    let _ = enroll(&world, &words(&id), "").exits(64);
    assert!(!world.path(".steersman/secrets/audit01/issuer").exists());

    let (id, secret) = mint(&world, "audit01", "sp:my-personal-access-tokens:manage");
    let done = enroll(&world, &words(&id), &format!("{secret}\n")).exits(0);
    assert!(!done.stdout.contains(&secret) && !done.stderr.contains(&secret));
    let stored = world.read(".steersman/secrets/audit01/issuer");
    assert!(
        !stored.contains(&secret) && stored.contains("\"replaces\""),
        "the secret that a person has seen is still of use"
    );
    let _ = apply().says("monthly-report");
    let _ = world
        .steersman("plan guide --simulate=t.json --detailed-exitcode")
        .exits(0);
}
