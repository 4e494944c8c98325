//! The workflows that `init --ci github` writes, from a pull request to a rotation.

use crate::runner::Runner;
use crate::setting::{IDENTITY, Setting};

const PULL_REQUEST: &str = "service-accounts-pull-request.yml";
const APPLY: &str = "service-accounts-apply.yml";
const SCHEDULE: &str = "service-accounts-schedule.yml";

/// Plans and applies what is on main.
fn merge(setting: &Setting) -> String {
    let plan = Runner::new(setting, "push")
        .with_credentials(false)
        .job(APPLY, "plan");
    let planned = plan.done.exits(0);
    assert_eq!(plan.outputs["changes"], "true", "{}", planned.text);
    let apply = Runner::new(setting, "push")
        .with_credentials(true)
        .with("needs.plan.outputs.digest", &plan.outputs["digest"])
        .job(APPLY, "apply");
    planned.text + &apply.done.exits(0).text
}

#[test]
fn experience_6_from_a_pull_request_to_a_rotation_with_an_encrypted_store() {
    let Some(setting) = Setting::new("github") else {
        return;
    };
    let mut log = String::new();

    // Without a secret, a pull request is validated. A wrong file is an annotation.
    let job = Runner::new(&setting, "pull_request").job(PULL_REQUEST, "plan");
    log += &job.done.exits(0).says("not planned").text;
    let gh = setting.machine.calls("gh");
    assert_eq!(gh.lines().count(), 1, "{gh}");
    assert!(gh.contains("--signer-workflow OWNER/steersman/.github/workflows/release.yml"));

    // With a token that reads, its plan is one comment, which changes in place.
    let reading = || Runner::new(&setting, "pull_request").with_credentials(false);
    let job = reading().job(PULL_REQUEST, "plan");
    log += &job.done.exits(0).says("wrote the comment").text;
    let job = reading().job(PULL_REQUEST, "plan");
    log += &job.done.exits(0).says("updated the comment").text;
    setting.world.replace(
        "repository/accounts/accounts.yaml",
        "monthly audit",
        "quarterly audit",
    );
    setting.push();
    let job = reading().job(PULL_REQUEST, "plan");
    log += &job.done.exits(0).says("updated the comment").text;
    let comments = setting.world.read("machine/comments.json");
    let comments: serde_json::Value = serde_json::from_str(&comments).unwrap();
    assert_eq!(comments.as_array().unwrap().len(), 1);
    assert!(
        comments[0]["body"]
            .as_str()
            .unwrap()
            .contains("quarterly audit")
    );
    assert_eq!(setting.tenant.writes(), Vec::<String>::new());

    // Merged: planned without stores, approved, applied by digest.
    log += &merge(&setting);
    setting.enroll();
    log += &merge(&setting);
    let delivered = setting
        .remote("secrets/audit01/monthly-report.age")
        .exits(0);
    assert!(delivered.text.starts_with("-----BEGIN AGE ENCRYPTED FILE"));
    let issuer = setting.remote("secrets/audit01/issuer.age").exits(0).text;

    // A digest of another plan applies nothing.
    setting.world.replace(
        "repository/accounts/accounts.yaml",
        "sp:report:read, sp:search:read",
        "sp:report:read",
    );
    setting.push();
    let plan = reading().job(APPLY, "plan");
    log += &plan.done.exits(0).text;
    let before = setting.tenant.writes().len();
    let apply = Runner::new(&setting, "push")
        .with_credentials(true)
        .with("needs.plan.outputs.digest", &format!("sha256:{:064}", 0))
        .job(APPLY, "apply");
    log += &apply.done.exits(5).text;
    assert_eq!(setting.tenant.writes().len(), before);

    // On schedule, the due token is rotated; the scope that waits for its approval is not.
    let writing = || Runner::new(&setting, "schedule").with_credentials(true);
    log += &writing()
        .job(SCHEDULE, "rotate")
        .done
        .exits(0)
        .says("no token is due")
        .text;
    log += &merge(&setting);
    setting.world.replace(
        "repository/accounts/accounts.yaml",
        "[REPORT_ADMIN]",
        "[REPORT_ADMIN, HELPDESK]",
    );
    setting.push();
    let done = setting.tenant.writes().len();
    setting.days_later(80);
    let before = setting.remote("secrets/audit01/monthly-report.age").text;
    log += &writing()
        .job(SCHEDULE, "rotate")
        .done
        .exits(0)
        .says("pushed")
        .text;
    assert_ne!(
        setting.remote("secrets/audit01/monthly-report.age").text,
        before
    );
    assert_eq!(
        setting.remote("secrets/audit01/issuer.age").exits(0).text,
        issuer
    );
    let writes = setting.tenant.writes();
    let levels = writes[done..]
        .iter()
        .find(|write| write.contains("auth-users"));
    assert_eq!(levels, None);

    // No secret is in a log, or in an argument of a program.
    for secret in [
        IDENTITY,
        "ghs_secret-token",
        &setting.sail("SAIL_CLIENT_SECRET"),
    ] {
        assert!(!log.contains(secret));
        assert!(!setting.machine.calls("gh").contains(secret));
    }
}

#[test]
fn two_tenants_of_one_repository_have_jobs_and_state_of_their_own() {
    let Some(setting) = Setting::new("github") else {
        return;
    };
    let added = setting
        .world
        .steersman("init repository --ci github --tenant test")
        .exits(0);
    assert!(
        added.stderr.contains("service-accounts-test-apply.yml"),
        "{}",
        added.shown()
    );
    setting.push();
    let _ = merge(&setting);
    let state = |tenant: &str| {
        let path = setting
            .machine
            .path(&format!("cache/.steersman{tenant}/record.json"));
        std::fs::read_to_string(path).unwrap_or_default()
    };
    let first = state("");
    assert!(!first.is_empty());

    // The same tenant stands in for the second one: nothing is left to apply, and what is
    // due is. Its comment, journal and record are others.
    let reading = |event| Runner::new(&setting, event).with_credentials(false);
    let job = reading("pull_request").job("service-accounts-test-pull-request.yml", "plan");
    let _ = job.done.exits(0).says("wrote the comment");
    let comments = setting.world.read("machine/comments.json");
    assert!(comments.contains("steersman:plan-test -->"), "{comments}");
    let drift = reading("schedule").job("service-accounts-test-schedule.yml", "drift");
    let _ = drift.done.exits(0);
    assert_eq!(state(""), first);
    assert!(state("/test").contains("agreement"));
    let rotate = Runner::new(&setting, "schedule").with_credentials(true);
    let rotate = rotate.job("service-accounts-test-schedule.yml", "rotate");
    let _ = rotate.done.exits(0).says("no token is due");
    assert_eq!(state(""), first);
}

#[test]
fn drift_fails_the_run_on_schedule() {
    let Some(setting) = Setting::new("github") else {
        return;
    };
    if setting.world.steersman("drift --help").code != 0 {
        println!("skipped: the job drift, because this build has no command `drift`");
        return;
    }
    let _ = merge(&setting);
    let drift = || {
        Runner::new(&setting, "schedule")
            .with_credentials(false)
            .job(SCHEDULE, "drift")
            .done
    };
    let _ = drift().exits(0);
    let simulator = setting.tenant.simulator();
    simulator.with_tenant(|tenant| {
        tenant
            .set_levels_out_of_band("audit01", vec!["HELPDESK".to_owned()])
            .unwrap();
    });
    let _ = drift().exits(2).says("HELPDESK");
}
