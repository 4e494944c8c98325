//! Sign-ins that do not succeed: nothing is created, and the next action is said.

use crate::setting::{ISSUER, MANAGE, Setting, shown};
use serde_json::json;
use simulator::{Fault, FaultRule, Faults};
use std::net::TcpListener;

/// Nothing was created, and nothing stored.
#[track_caller]
fn nothing_is_left(setting: &Setting) {
    assert_eq!(setting.tokens(), [] as [&str; 0]);
    assert!(!setting.world.path(ISSUER).exists());
    assert_eq!(setting.tenant.count("createPersonalAccessTokenV1"), 0);
}

#[test]
fn another_person_is_not_the_account() {
    let mut setting = Setting::guide();
    let _ = setting.configure_client(&json!({}));
    let mut run = setting.start("enroll audit01 guide --no-browser");
    let _ = run.sign_in("jane.doe");
    let run = run.ended().exits(64);
    insta::assert_snapshot!(shown(&setting, &run));
    nothing_is_left(&setting);
}

#[test]
fn a_denied_sign_in_is_told_with_its_reason() {
    let mut setting = Setting::guide();
    let _ = setting.configure_client(&json!({}));
    let mut run = setting.start("enroll audit01 guide --no-browser");
    let link = run.link();
    let (_, page) = setting.open(&format!("{link}&deny=1"));
    assert!(page.contains("did not succeed"), "{page}");
    let run = run.ended().exits(1);
    insta::assert_snapshot!(shown(&setting, &run));
    nothing_is_left(&setting);
}

#[test]
fn a_request_of_another_page_does_not_end_the_sign_in() {
    let mut setting = Setting::guide();
    let _ = setting.configure_client(&json!({}));
    let mut run = setting.start("enroll audit01 guide --no-browser");
    let link = run.link();
    let forged = format!("{}?code=0123&state=forged", setting.redirect_uri());
    let (status, page) = setting.open(&forged);
    assert_eq!(status, 400);
    assert!(!page.contains("forged") && !page.contains("0123"), "{page}");
    let _ = setting.open(&format!("{link}&as=audit01"));
    let _ = run.ended().exits(0);
}

#[test]
fn nobody_signs_in() {
    let mut setting = Setting::guide();
    let _ = setting.configure_client(&json!({}));
    let run = setting
        .world
        .steersman("enroll audit01 guide --no-browser --timeout 1")
        .exits(1);
    insta::assert_snapshot!(shown(&setting, &run));
    nothing_is_left(&setting);
}

#[test]
fn what_is_missing_is_said_before_anyone_signs_in() {
    let mut setting = Setting::invited();
    let none = setting.world.steersman("enroll audit01 guide --browser");
    let _ = setting.configure_client(&json!({}));
    let early = setting.world.steersman("enroll audit01 guide --no-browser");
    let uri = setting
        .world
        .steersman("enroll audit01 guide --no-browser --redirect-uri http://evil.example:8976/");
    nothing_is_left(&setting);
    setting.tenant.simulator().with_tenant(|tenant| {
        tenant.register_person("audit01").unwrap();
    });
    let taken = TcpListener::bind(("127.0.0.1", setting.port)).unwrap();
    let port = setting.world.steersman("enroll audit01 guide --no-browser");
    drop(taken);
    nothing_is_left(&setting);
    for _ in 0..10 {
        let _ = setting.mint("audit01", MANAGE, None);
        let simulator = setting.tenant.simulator();
        simulator
            .advance(jiff::SignedDuration::from_secs(1))
            .unwrap();
    }
    let full = setting.world.steersman("enroll audit01 guide --no-browser");
    let all = [none, early, uri, port, full];
    let text: Vec<String> = all.iter().map(|run| shown(&setting, run)).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn a_client_that_may_not_create_tokens_is_named() {
    let mut setting = Setting::guide();
    let _ = setting.configure_client(&json!({"scope": [MANAGE.replace("manage", "read")]}));
    let mut run = setting.start("enroll audit01 guide --no-browser");
    let _ = run.sign_in("audit01");
    let run = run.ended().exits(6);
    assert!(
        run.stderr
            .contains("may not create tokens for the people who sign in"),
        "{}",
        run.shown()
    );
    assert!(!setting.world.path(ISSUER).exists());
}

/// A store that breaks after the token was created: the token is revoked.
#[test]
fn a_token_without_a_place_is_revoked() {
    let mut setting = Setting::guide();
    setting.world.write(
        "put",
        "#!/bin/sh\ncat >/dev/null\necho 'no space left' >&2\nexit 1\n",
    );
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
    let _ = setting.configure_client(&json!({}));
    let mut run = setting.start("enroll audit01 guide --no-browser --allow-commands");
    let _ = run.sign_in("audit01");
    let run = run.ended().exits(1);
    assert!(run.stderr.contains("no space left"), "{}", run.shown());
    assert_eq!(setting.tokens(), [] as [&str; 0], "{}", run.shown());
    assert_eq!(setting.tenant.count("createPersonalAccessTokenV1"), 1);
}

/// Lets the first creation of a token meet a fault.
fn fault_of_creation(setting: &Setting, fault: Fault) {
    let rule = FaultRule {
        fault,
        operations: vec!["createPersonalAccessTokenV1".to_owned()],
        skip: 0,
        count: Some(1),
        probability: None,
    };
    setting.tenant.simulator().set_faults(Faults {
        rules: vec![rule],
        seed: 1,
    });
}

#[test]
fn a_token_whose_secret_was_lost_on_the_way_is_revoked() {
    let mut setting = Setting::guide();
    let _ = setting.configure_client(&json!({}));
    fault_of_creation(&setting, Fault::ResetAfter);
    let mut run = setting.start("enroll audit01 guide --no-browser");
    let _ = run.sign_in("audit01");
    let run = run.ended().exits(1);
    assert!(
        run.stderr
            .contains("the response with the secret was lost, so the token was revoked"),
        "{}",
        run.shown()
    );
    assert_eq!(setting.tokens(), [] as [&str; 0]);
}

/// `kill -9` between the creation of the token and its storing.
#[test]
fn a_killed_run_leaves_a_token_that_the_next_one_revokes() {
    let mut setting = Setting::guide();
    let _ = setting.configure_client(&json!({}));
    fault_of_creation(
        &setting,
        Fault::Slow {
            milliseconds: 60_000,
        },
    );
    let mut run = setting.start("enroll audit01 guide --no-browser");
    let _ = run.sign_in("audit01");
    while setting.tokens().is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    run.child.kill().unwrap();
    let _ = run.ended();
    assert!(!setting.world.path(ISSUER).exists());
    setting.tenant.simulator().set_faults(Faults::default());
    let mut run = setting.start("enroll audit01 guide --no-browser");
    let _ = run.sign_in("audit01");
    let _ = run.ended().exits(0);
    assert_eq!(setting.tokens().len(), 1, "the leftover lives on");
    let _ = setting
        .world
        .steersman("apply guide --auto-approve")
        .exits(0);
}
