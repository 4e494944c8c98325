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
