//! `token rollback`, killed at each of its requests, or refused at one: what is in the store
//! works, and the same command, or an apply, goes on.

use crate::setting::{Setting, rule};
use serde_json::Value;
use simulator::{Fault, FaultRule};
use std::process::Stdio;
use std::time::{Duration, Instant};

const ROTATE: &str = "token rotate guide --token audit01/monthly-report --auto-approve";
const ROLL_BACK: &str = "token rollback guide --token audit01/monthly-report --auto-approve";
const RENAME: &str = "patchPersonalAccessTokenV1";
const LIST: &str = "listPersonalAccessTokensV1";

/// The token was rotated; also its document before.
fn rotated() -> (Setting, Value) {
    let setting = Setting::enrolled();
    let _ = setting.apply().exits(0);
    let first = document(&setting);
    let _ = setting.world.steersman(ROTATE).exits(0);
    (setting, first)
}

fn document(setting: &Setting) -> Value {
    serde_json::from_str(&setting.report()).unwrap()
}

/// What reads the store can sign in.
#[track_caller]
fn works(setting: &Setting) {
    let document = document(setting);
    let text = |key: &str| document[key].as_str().unwrap();
    let signed_in = setting
        .tenant
        .sign_in(text("clientId"), text("clientSecret"));
    assert!(!signed_in.is_empty());
}

/// Kills the rollback while its request of this number is in flight: it has had its effect,
/// and the answer is held back.
fn kill_during(setting: &Setting, operation: &str, number: u64) {
    setting.faults([FaultRule {
        skip: number - 1,
        ..rule(
            operation,
            Fault::Slow {
                milliseconds: 60_000,
            },
            1,
        )
    }]);
    let before = setting.tenant.count(operation);
    let mut child = setting
        .world
        .command()
        .args(ROLL_BACK.split(' '))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(30);
    while setting.tenant.count(operation) < before + number {
        assert!(child.try_wait().unwrap().is_none(), "{operation}: it ended");
        assert!(Instant::now() < patience, "{operation} was not asked for");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    let _ = child.wait().unwrap();
    setting.faults([]);
}

/// How many requests of this operation a rollback sends.
fn requests(operation: &str) -> u64 {
    let (setting, first) = rotated();
    let before = setting.tenant.count(operation);
    let _ = setting.world.steersman(ROLL_BACK).exits(0);
    assert_eq!(document(&setting)["clientId"], first["clientId"]);
    setting.tenant.count(operation) - before
}

#[test]
fn a_rollback_that_was_killed_is_finished_by_the_same_command() {
    for (operation, number) in points() {
        let (setting, first) = rotated();
        kill_during(&setting, operation, number);
        works(&setting);
        let again = setting.world.steersman(ROLL_BACK);
        works(&setting);
        // After the document was written, nothing is left to do.
        let done = document(&setting)["clientId"] == first["clientId"];
        assert!(done, "{operation} {number}: {}", again.shown());
        setting.is_settled();
    }
}

#[test]
fn a_rollback_that_was_killed_is_followed_by_an_apply() {
    for (operation, number) in points() {
        let (setting, _) = rotated();
        kill_during(&setting, operation, number);
        works(&setting);
        let _ = setting.converges();
        works(&setting);
    }
}

/// Each rename, and each list of tokens.
fn points() -> Vec<(&'static str, u64)> {
    let lists = requests(LIST);
    let lists = (1..=lists).map(|number| (LIST, number));
    [(RENAME, 1), (RENAME, 2)]
        .into_iter()
        .chain(lists)
        .collect()
}

#[test]
fn a_rollback_that_fails_leaves_all_as_it_was() {
    for skip in [0, 1] {
        let (setting, first) = rotated();
        let (names, store) = (setting.tokens(), setting.report());
        setting.faults([FaultRule {
            skip,
            ..rule(RENAME, Fault::Status { status: 403 }, 1)
        }]);
        let failed = setting.world.steersman(ROLL_BACK);
        assert!([1, 3, 6].contains(&failed.code), "{}", failed.shown());
        assert_eq!(setting.tokens(), names);
        assert_eq!(setting.report(), store);
        setting.faults([]);
        let _ = setting.world.steersman(ROLL_BACK).exits(0);
        assert_eq!(document(&setting)["clientId"], first["clientId"]);
    }
}
