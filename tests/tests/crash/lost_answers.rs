//! The connection is reset before or after a request has had its effect, or its
//! answer is of no use. Whether it had its effect, the program cannot know.

use crate::setting::{Setting, rule};
use simulator::Fault;

/// A test for each way to lose an answer.
macro_rules! lost_answers {
    ($($to:ident: $scenario:path, $operation:literal;)*) => {$(
        mod $to {
            use simulator::Fault;

            #[test]
            fn reset_before() {
                $scenario($operation, &Fault::ResetBefore);
            }

            #[test]
            fn reset_after() {
                $scenario($operation, &Fault::ResetAfter);
            }

            #[test]
            fn cut_off() {
                $scenario($operation, &Fault::TruncatedBody);
            }

            #[test]
            fn garbled() {
                $scenario($operation, &Fault::MalformedJson);
            }

            #[test]
            fn unavailable() {
                $scenario($operation, &Fault::Status { status: 503 });
            }
        }
    )*};
}

lost_answers! {
    to_the_making_of_a_source: super::making_a_source, "createSourceV1";
    to_an_import: super::first_apply, "importAccountsV1";
    to_the_making_of_a_profile: super::first_apply, "createIdentityProfileV1";
    to_an_invitation: super::inviting, "startIdentitiesInviteV1";
    to_the_minting_of_a_token: super::minting, "createPersonalAccessTokenV1";
    to_the_replacing_of_a_token: super::replacing, "createPersonalAccessTokenV1";
}

fn has_effect(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::ResetAfter | Fault::TruncatedBody | Fault::MalformedJson
    )
}

fn making_a_source(operation: &str, fault: &Fault) {
    // It is the first step, and without it nothing is done.
    taken_for_done_where_it_is(operation, fault, 3);
}

fn first_apply(operation: &str, fault: &Fault) {
    taken_for_done_where_it_is(operation, fault, 3);
}

/// What is there as it was to be is taken for done; nothing is sent again.
fn taken_for_done_where_it_is(operation: &str, fault: &Fault, code: i32) {
    let setting = Setting::new();
    setting.faults([rule(operation, fault.clone(), 1)]);
    let apply = setting.apply();
    assert_eq!(setting.tenant.count(operation), 1, "{}", apply.shown());
    if has_effect(fault) {
        let _ = apply.exits(0);
        setting.is_settled();
    } else {
        let _ = apply
            .exits(code)
            .says("whether it took effect is not known");
        let _ = setting.converges();
    }
}

/// An invitation is sent by a task, so that it may show only later.
fn inviting(operation: &str, fault: &Fault) {
    let setting = Setting::new();
    setting.faults([rule(operation, fault.clone(), 1)]);
    let apply = setting.apply();
    assert!([0, 3].contains(&apply.code), "{}", apply.shown());
    assert_eq!(setting.tenant.count(operation), 1, "{}", apply.shown());
    let _ = setting.converges();
    let expected = if has_effect(fault) { 1 } else { 2 };
    assert_eq!(setting.tenant.count(operation), expected);
}

fn minting(operation: &str, fault: &Fault) {
    let setting = Setting::enrolled();
    setting.faults([rule(operation, fault.clone(), 1)]);
    let text = if has_effect(fault) {
        "was lost, so the token was revoked"
    } else {
        "whether it took effect is not known"
    };
    let _ = setting.apply().exits(3).says(text);
    assert_eq!(setting.token_names(), ["issuer"]);
    assert_eq!(setting.tenant.count(operation), 1);
    let _ = setting.converges();
}

/// The old token gets its name back, and its secret is still in the store.
fn replacing(operation: &str, fault: &Fault) {
    let setting = Setting::replacing();
    let secret = setting.report();
    setting.faults([rule(operation, fault.clone(), 1)]);
    let _ = setting.apply().exits(3);
    assert_eq!(setting.token_names(), ["issuer", "monthly-report"]);
    assert_eq!(setting.report(), secret);
    let _ = setting.converges();
    assert_eq!(setting.tokens().len(), 3);
}

#[test]
fn to_the_minting_of_a_token_that_cannot_be_revoked_either() {
    let setting = Setting::enrolled();
    setting.faults([
        rule("createPersonalAccessTokenV1", Fault::ResetAfter, 1),
        rule("deletePersonalAccessTokenV1", Fault::ExpiredToken, 9),
    ]);
    let _ = setting.apply().exits(3);
    assert_eq!(setting.token_names(), ["issuer", "monthly-report"]);
    setting.faults([]);
    let _ = setting
        .converges()
        .says("orphaned: its secret did not reach");
    let names = setting.token_names();
    assert_eq!(names[..2], ["issuer", "monthly-report"]);
    assert!(
        names[2].starts_with("monthly-report~retiring-"),
        "{names:?}"
    );
}

/// In the first apply.
fn repeated(operation: &str) {
    let setting = Setting::new();
    setting.faults([rule(operation, Fault::ResetAfter, 1)]);
    let _ = setting.apply().exits(0);
    setting.is_settled();
}

#[test]
fn to_the_definition_of_a_schema() {
    repeated("putSourceSchemaV1");
}

#[test]
fn to_the_setting_of_levels() {
    repeated("patchAuthUserV1");
}

#[test]
fn to_the_reading_of_a_task() {
    repeated("getTaskStatusV1");
}

#[test]
fn to_the_change_of_a_profile_and_its_processing() {
    let setting = Setting::remapping();
    setting.faults(
        ["updateIdentityProfileV1", "syncIdentityProfileV1"]
            .map(|operation| rule(operation, Fault::ResetAfter, 1)),
    );
    let _ = setting.apply().exits(0);
    setting.is_settled();
    assert!(setting.tenant.count("syncIdentityProfileV1") > 0);
}
