//! Tokens that cannot be the issuer token: nothing is stored, and the next action is said.

use crate::setting::{ISSUER, MANAGE, Setting, shown};
use jiff::ToSpan;
use serde_json::json;

#[test]
fn every_token_that_is_none() {
    let setting = Setting::guide();
    let (id, secret) = setting.mint("audit01", MANAGE, None);
    let (other_id, other_secret) = setting.mint("jane.doe", MANAGE, None);
    let now = setting.tenant.simulator().now();
    let soon = now.checked_add(2.hours()).unwrap();
    let (dead_id, dead_secret) = setting.mint("audit01", "sp:search:read", Some(soon));
    let simulator = setting.tenant.simulator();
    simulator
        .advance(jiff::SignedDuration::from_hours(3))
        .unwrap();
    let (weak_id, weak_secret) = setting.mint("audit01", "sp:search:read", None);
    let client = setting.client(&json!({
        "type": "CONFIDENTIAL", "grantTypes": ["CLIENT_CREDENTIALS"], "redirectUris": [],
    }));
    let (client_id, client_secret) = (
        client["id"].as_str().unwrap(),
        client["secret"].as_str().unwrap(),
    );
    let (first, last) = secret.split_at(20);
    let long = "f".repeat(64);
    let cases = [
        ("nothing", String::new()),
        ("no secret", format!("{id}\n")),
        ("a space inside", format!("{id}\n{first} {last}\n")),
        ("a letter with an accent", format!("{id}\n{first}é{last}\n")),
        ("too short", format!("{id}\nsecret\n")),
        ("in each other's place", format!("{secret}\n{id}\n")),
        ("half an object", "{\"clientId\": \"a\"".to_owned()),
        ("another secret", format!("{id}\n{long}\n")),
        ("an unknown ID", format!("{}\n{secret}\n", "0".repeat(32))),
        ("expired", format!("{dead_id}\n{dead_secret}\n")),
        ("another's", format!("{other_id}\n{other_secret}\n")),
        ("without the scope", format!("{weak_id}\n{weak_secret}\n")),
        ("an API client's", format!("{client_id}\n{client_secret}\n")),
    ];
    let mut all = String::new();
    for (name, text) in cases {
        let run = setting.given("enroll audit01 guide --paste", &text);
        assert_ne!(run.code, 0, "{name}: {}", run.shown());
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(!said.contains("SAIL_CLIENT_ID"), "{name}: {said}");
        for value in [&secret, &other_secret, &weak_secret, &long] {
            assert!(!said.contains(value.as_str()), "{name}: {said}");
        }
        assert!(!said.contains(client_secret), "{name}: {said}");
        let shown = shown(&setting, &run);
        let (_, rest) = shown.split_once('\n').unwrap();
        all.extend(["== ", name, "\n", rest]);
        assert!(!setting.world.path(ISSUER).exists(), "{name}");
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_store_that_takes_nothing_is_found_before_the_token_is_asked_for() {
    let setting = Setting::guide();
    setting.world.write(".steersman/secrets/audit01", "a file");
    let run = setting.given("enroll audit01 guide --paste", "").exits(64);
    // The input itself is looked at first.
    assert!(run.stderr.contains("is missing"), "{}", run.shown());
    let (id, secret) = setting.mint("audit01", MANAGE, None);
    let run = setting
        .given("enroll audit01 guide --paste", &format!("{id}\n{secret}\n"))
        .exits(1);
    insta::assert_snapshot!(shown(&setting, &run));
    assert_eq!(setting.world.read(".steersman/secrets/audit01"), "a file");
}

/// A program that shows what it gets.
#[test]
fn a_store_that_prints_the_secret_is_redacted() {
    let setting = Setting::guide();
    setting
        .world
        .write("put", "#!/bin/sh\ncat | tee /dev/stderr\nexit 1\n");
    setting.world.replace(
        "guide/steersman.yaml",
        "local: {directory: .steersman/secrets}",
        "local: {directory: .steersman/secrets}\n  own: {command: {put: [sh, put, \"{key}\"], get: [sh, -c, exit 3, \"{key}\"], notFound: {exitCodes: [3]}}}",
    );
    setting.world.replace(
        "guide/steersman.yaml",
        "issuer: {store: local,",
        "issuer: {store: own,",
    );
    let (id, secret) = setting.mint("audit01", MANAGE, None);
    let text = format!("{id}\n{secret}\n");
    let run = setting
        .given("enroll audit01 guide --paste --allow-commands", &text)
        .exits(1);
    let said = format!("{}{}", run.stdout, run.stderr);
    assert!(
        !said.contains(&secret) && said.contains("[secret]"),
        "{said}"
    );
}

/// The entered token is the tenth, so its successor has no slot.
#[test]
fn without_a_free_slot_the_entered_token_stays() {
    let setting = Setting::guide();
    let mut last = (String::new(), String::new());
    for _ in 0..10 {
        last = setting.mint("audit01", MANAGE, None);
        let simulator = setting.tenant.simulator();
        simulator
            .advance(jiff::SignedDuration::from_secs(1))
            .unwrap();
    }
    let (id, secret) = last;
    let text = format!("{id}\n{secret}\n");
    let run = setting
        .given("enroll audit01 guide --paste", &text)
        .exits(0);
    assert!(
        run.stderr.contains("stays the one that was entered") && run.stderr.contains("10 tokens"),
        "{}",
        run.shown()
    );
    assert!(setting.world.read(ISSUER).contains(&secret));
    assert_eq!(setting.tokens().len(), 10);
}
