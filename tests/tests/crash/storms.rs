//! A tenant that is busy.

use crate::setting::{Setting, rule};
use simulator::{Fault, FaultRule};

const GUIDE: [&str; 11] = [
    "listSourcesV1",
    "createSourceV1",
    "putSourceSchemaV1",
    "importAccountsV1",
    "getTaskStatusV1",
    "listAccountsV1",
    "createIdentityProfileV1",
    "listIdentityProfilesV1",
    "syncIdentityProfileV1",
    "patchAuthUserV1",
    "startIdentitiesInviteV1",
];

/// Turned away, to come again at once.
const BUSY: Fault = Fault::TooManyRequests {
    retry_after: Some(0),
};

#[test]
fn many_429_without_a_wait_are_ridden_out() {
    let setting = Setting::new();
    setting.faults(GUIDE.map(|operation| rule(operation, BUSY, 4)));
    let _ = setting.apply().exits(0);
    setting.is_settled();
    for operation in [
        "createSourceV1",
        "importAccountsV1",
        "createIdentityProfileV1",
    ] {
        assert_eq!(setting.tenant.count(operation), 5, "four were turned away");
    }
}

/// In the first apply.
fn given_up(operation: &str, code: i32) {
    let setting = Setting::new();
    setting.faults([FaultRule {
        count: None,
        ..rule(operation, BUSY, 1)
    }]);
    let apply = setting.apply().exits(code);
    let _ = apply.says("no success after 5 attempts (429)");
    setting.faults([]);
    let _ = setting.converges();
}

#[test]
fn a_429_that_never_ends_to_a_source() {
    given_up("createSourceV1", 1);
}

#[test]
fn a_429_that_never_ends_to_an_import() {
    given_up("importAccountsV1", 3);
}

#[test]
fn a_429_that_never_ends_to_an_invitation() {
    given_up("startIdentitiesInviteV1", 3);
}

#[test]
fn a_503_is_ridden_out_where_the_request_may_be_repeated() {
    let setting = Setting::new();
    setting.faults([rule("listSourcesV1", Fault::Status { status: 503 }, 1)]);
    let _ = setting.apply().exits(0);
    setting.is_settled();
}

#[test]
fn a_tenant_that_is_busy_for_ever_ends_in_words_and_without_a_change() {
    let setting = Setting::new();
    setting.faults([FaultRule {
        operations: Vec::new(),
        count: None,
        ..rule("", BUSY, 1)
    }]);
    let apply = setting.apply();
    assert_ne!(apply.code, 0);
    assert!(apply.stderr.contains("(429)"), "{}", apply.shown());
    assert_eq!(setting.tenant.count("createSourceV1"), 0);
    setting.faults([]);
    let _ = setting.converges();
}
