//! A sign-in whose run is killed between creating the token and storing it.

use crate::setting::Setting;
use serde_json::{Value, json};

/// Keeps secrets in `own`, unless it is to kill the run that calls it.
const PROGRAM: &str = r#"f="own/$(printf %s "$2" | tr / %)"; mkdir -p own
case "$1" in
put)
    test -f kill && { rm kill; kill -9 $PPID; exit 1; }
    cat > "$f" ;;
get) test -f "$f" || exit 2; cat "$f" ;;
esac
"#;

/// A run that was killed while it stored the first issuer token.
fn killed() -> Setting {
    let mut setting = Setting::invited();
    setting.world.write("own.sh", PROGRAM);
    let file = "guide/steersman.yaml";
    setting.world.replace(
        file,
        "local: {directory: .steersman/secrets}",
        "local: {directory: .steersman/secrets}\n  own: {command: {put: [sh, own.sh, put, '{key}'], get: [sh, own.sh, get, '{key}'], notFound: {exitCodes: [2]}}}",
    );
    setting.world.replace(
        file,
        "issuer: {store: local, key: audit01/issuer}",
        "issuer: {store: own, key: audit01/issuer}",
    );
    setting
        .world
        .set([("STEERSMAN_ALLOW_COMMANDS".to_owned(), "1".to_owned())]);
    setting
        .tenant
        .simulator()
        .with_tenant(|tenant| tenant.register_person("audit01").unwrap());
    setting.configure_client(&json!({}));
    setting.world.write("kill", "");
    let mut enrolling = setting.start("enroll audit01 guide --no-browser");
    let _ = enrolling.sign_in("audit01");
    let run = enrolling.ended();
    assert_eq!(run.code, -1, "{}", run.shown());
    assert_eq!(setting.tokens().len(), 1, "{:?}", setting.tokens());
    setting
}

#[test]
fn a_token_that_a_killed_sign_in_left_is_told_and_revoked_by_the_next_apply() {
    let setting = killed();
    let world = &setting.world;
    let plan = world.steersman("plan guide --out json=plan.json").exits(0);
    let document: Value = serde_json::from_str(&world.read("plan.json")).unwrap();
    let steps = document["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 1, "{}", plan.shown());
    assert_eq!(steps[0]["reason"], "secretLost", "{}", plan.shown());
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    assert_eq!(setting.tokens().len(), 0);
}

#[test]
fn a_token_that_a_killed_sign_in_left_is_revoked_by_the_next_sign_in() {
    let setting = killed();
    let mut enrolling = setting.start("enroll audit01 guide --no-browser");
    let _ = enrolling.sign_in("audit01");
    let _ = enrolling.ended().exits(0);
    assert_eq!(setting.tokens().len(), 1, "{:?}", setting.tokens());
    let _ = setting
        .world
        .steersman("apply guide --auto-approve")
        .exits(0);
    let _ = setting
        .world
        .steersman("plan guide --detailed-exitcode")
        .exits(0);
}
