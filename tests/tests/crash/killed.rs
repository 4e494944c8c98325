//! SIGKILL while a request is in flight: it has had its effect, and the program
//! never hears of it.

use crate::setting::Setting;
use jiff::SignedDuration;

/// Killed in the first apply, while this request is in flight.
fn first_apply(operation: &str) {
    let setting = Setting::new();
    setting.kill_during(operation);
    only_once(&setting);
}

/// The next apply goes on, and does nothing a second time.
fn only_once(setting: &Setting) {
    let _ = setting.converges();
    for (operation, most) in [
        ("createSourceV1", 1),
        ("createIdentityProfileV1", 1),
        ("startIdentitiesInviteV1", 1),
    ] {
        assert!(setting.tenant.count(operation) <= most, "{operation}");
    }
}

#[test]
fn while_a_source_is_made() {
    first_apply("createSourceV1");
}

#[test]
fn while_a_schema_is_defined() {
    first_apply("putSourceSchemaV1");
}

#[test]
fn while_accounts_are_imported() {
    first_apply("importAccountsV1");
}

#[test]
fn while_the_end_of_an_import_is_waited_for() {
    first_apply("getTaskStatusV1");
}

#[test]
fn while_a_profile_is_made() {
    first_apply("createIdentityProfileV1");
}

#[test]
fn while_identities_are_processed() {
    let setting = Setting::remapping();
    setting.kill_during("syncIdentityProfileV1");
    let _ = setting.converges();
}

#[test]
fn while_a_profile_is_changed() {
    let setting = Setting::remapping();
    setting.kill_during("updateIdentityProfileV1");
    let _ = setting.converges();
}

#[test]
fn while_levels_are_set() {
    invited_meanwhile("patchAuthUserV1");
}

#[test]
fn while_somebody_is_invited() {
    invited_meanwhile("startIdentitiesInviteV1");
}

/// Killed in the first apply, while an invitation may be on its way: the tenant
/// has sent it by the time that somebody applies again.
fn invited_meanwhile(operation: &str) {
    let setting = Setting::new();
    setting.kill_during(operation);
    setting
        .tenant
        .simulator()
        .advance(SignedDuration::from_mins(1))
        .unwrap();
    only_once(&setting);
}

/// Why such a token is replaced. It is kept for the overlap of a rotation: the
/// journal could be wrong about it.
const LOST: &str = "orphaned: its secret did not reach";

#[test]
fn while_a_token_is_minted() {
    let setting = Setting::enrolled();
    setting.kill_during("createPersonalAccessTokenV1");
    assert_eq!(setting.token_names(), ["issuer", "monthly-report"]);
    let _ = setting.converges().says(LOST);
    assert_eq!(retiring(&setting), 1);
}

#[test]
fn while_the_old_token_is_renamed() {
    let setting = Setting::replacing();
    let secret = setting.report();
    setting.kill_during("patchPersonalAccessTokenV1");
    assert_eq!(setting.report(), secret);
    let _ = setting.converges();
    assert_eq!(setting.tokens().len(), 3);
}

#[test]
fn while_the_new_token_is_minted() {
    let setting = Setting::replacing();
    let secret = setting.report();
    setting.kill_during("createPersonalAccessTokenV1");
    assert_eq!(setting.report(), secret, "the old token is still valid");
    let _ = setting.converges().says(LOST);
    assert_eq!(retiring(&setting), 2);
}

#[test]
fn again_and_again() {
    let setting = Setting::enrolled();
    for _ in 0..3 {
        setting.kill_during("createPersonalAccessTokenV1");
    }
    let _ = setting.converges();
    assert_eq!(retiring(&setting), 3);
}

/// How many tokens are kept for their overlap; the others are the issuer and the
/// declared one.
fn retiring(setting: &Setting) -> usize {
    let names = setting.token_names();
    assert_eq!(names[..2], ["issuer", "monthly-report"]);
    let retiring = |name: &String| name.starts_with("monthly-report~retiring-");
    assert!(names[2..].iter().all(retiring), "{names:?}");
    names.len() - 2
}
