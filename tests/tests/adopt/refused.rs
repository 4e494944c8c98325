//! When nothing is written.

use crate::team::applied;
use simulator::{Fault, FaultRule, Faults};

const ADOPT: [&str; 4] = ["adopt", "Integration Accounts", "--to", "out"];

#[test]
fn a_source_that_is_not_there_is_guessed() {
    let (world, _tenant) = applied();
    let run = world
        .steersman_words(&["adopt", "integration acounts", "--to", "out"])
        .exits(1);
    assert!(
        run.stderr
            .contains("did you mean \"Integration Accounts\"?"),
        "{}",
        run.shown()
    );
    let run = world
        .steersman_words(&[&ADOPT[..], &["--account", "hr-imprt"]].concat())
        .exits(1);
    assert!(
        run.stderr.contains("did you mean \"hr-import\"?"),
        "{}",
        run.shown()
    );
    let run = world
        .steersman_words(&[&ADOPT[..], &["--split-by", "tem"]].concat())
        .exits(64);
    assert!(run.stderr.contains("team"), "{}", run.shown());
    assert!(!world.path("out").exists());
}

#[test]
fn a_reading_in_part_writes_nothing() {
    let (world, tenant) = applied();
    let forbidden = Fault::Status { status: 403 };
    for (operation, fault, code) in [
        ("listAccountsV1", Fault::ShortPage, 8),
        ("listAccountsV1", forbidden.clone(), 6),
        ("listPersonalAccessTokensV1", forbidden.clone(), 6),
        ("listIdentityProfilesV1", forbidden, 6),
        ("listSourcesV1", Fault::MalformedJson, 8),
    ] {
        tenant.simulator().set_faults(Faults {
            rules: vec![FaultRule {
                fault: fault.clone(),
                operations: vec![operation.to_owned()],
                skip: 0,
                count: None,
                probability: None,
            }],
            seed: 1,
        });
        let run = world.steersman_words(&ADOPT);
        assert_eq!(run.code, code, "{operation} {fault:?}\n{}", run.shown());
        assert!(
            run.stderr.contains("nothing was written"),
            "{}",
            run.shown()
        );
        assert!(!world.path("out").exists(), "{operation} {fault:?}");
    }
}

#[test]
fn files_are_not_overwritten_unasked() {
    let (world, _tenant) = applied();
    world.write("out/hr.yaml", "mine");
    let split = [&ADOPT[..], &["--split-by", "team"]].concat();
    let run = world.steersman_words(&split).exits(1);
    assert!(
        run.stderr.contains("out/hr.yaml would be overwritten"),
        "{}",
        run.shown()
    );
    assert!(!world.path("out/steersman.yaml").exists());
    assert_eq!(world.read("out/hr.yaml"), "mine");

    let _ = world
        .steersman_words(&[&split[..], &["--force"]].concat())
        .exits(0);
    let _ = world.steersman("plan out --detailed-exitcode").exits(0);
}

#[test]
fn planner_28_nothing_is_adopted_while_identities_are_to_be_processed() {
    let (world, tenant) = applied();
    let profiles = tenant.get("/identity-profiles/v1");
    let profile = profiles
        .as_array()
        .unwrap()
        .iter()
        .find(|profile| profile["name"] == "Integration Accounts")
        .unwrap();
    let mut mappings = profile["identityAttributeConfig"]["attributeTransforms"].clone();
    for mapping in mappings.as_array_mut().unwrap() {
        if mapping["identityAttributeName"] == "lastname" {
            mapping["transformDefinition"]["attributes"]["attributeName"] = "id".into();
        }
    }
    let path = format!("/identity-profiles/v1/{}", profile["id"].as_str().unwrap());
    let patch = serde_json::json!([{
        "op": "replace",
        "path": "/identityAttributeConfig/attributeTransforms",
        "value": mappings,
    }]);
    assert_eq!(tenant.patch(&path, &patch), 200);
    let run = world.steersman_words(&ADOPT);
    assert_ne!(run.code, 0, "{}", run.shown());
    assert!(
        run.stderr.contains("run \"Apply Changes\" in ISC"),
        "{}",
        run.shown()
    );
    assert!(!world.path("out").exists());

    // Once ISC has processed them, the files that are written lead to an empty plan.
    let path = format!(
        "/identity-profiles/v1/{}/process-identities",
        profile["id"].as_str().unwrap()
    );
    let admin = tenant.simulator().admin_credentials();
    let secret = secrecy::ExposeSecret::expose_secret(&admin.client_secret);
    let token = tenant.sign_in(&admin.client_id, secret);
    assert_eq!(tenant.send("POST", &path, &token, None), 202);
    tenant
        .simulator()
        .advance(jiff::SignedDuration::from_hours(1))
        .unwrap();
    let _ = world.steersman_words(&ADOPT).exits(0);
    let _ = world.steersman("plan out --detailed-exitcode").exits(0);
}
