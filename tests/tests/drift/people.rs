//! What people read of drift: groups, names, the next step, and a part on request.

use crate::setting::{Setting, drifts};
use serde_json::Value;
use tests::receiver::Receiver;
use tests::{SimulatedTenant, world};

#[test]
fn accounts_that_wait_for_the_same_are_one_entry_with_their_names() {
    let mut world = world!();
    world.example("team");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    let _ = world.steersman("apply team --auto-approve").exits(0);
    let run = world.steersman("drift team").exits(0);
    let lines: Vec<&str> = run.stdout.lines().collect();
    let start = lines
        .iter()
        .position(|line| line.starts_with("Blocked"))
        .unwrap();
    let shown = lines[start..start + 5].join("\n");
    insta::assert_snapshot!(shown);
    assert_eq!(
        run.stdout.matches("is not registered").count(),
        1,
        "{}",
        run.shown()
    );
    let _ = world
        .steersman("drift team --full")
        .exits(0)
        .says("hr-directory");
}

#[test]
fn a_part_is_reported_and_counted_and_the_record_is_of_the_whole() {
    let setting = Setting::new();
    setting.put_row("SA-001", "audit01", "By hand");
    setting.tenant.simulator().with_tenant(|tenant| {
        let levels = ["REPORT_ADMIN", "HELPDESK"].map(str::to_owned).to_vec();
        tenant.set_levels_out_of_band("audit01", levels).unwrap();
    });
    let report = setting.drift("--record record.json --only kind:levels", 2);
    assert_eq!(drifts(&report), ["levels/SA-001 userLevels differs tenant"]);
    assert_eq!(report["summary"]["drifts"], 1);
    let known = setting.json("record.json");
    assert_eq!(known["agreement"]["drifts"].as_object().unwrap().len(), 2);
    let report = setting.drift(
        "--record record.json --only 'token/SA-001/*'"
            .replace('\'', "")
            .as_str(),
        0,
    );
    assert_eq!(report["summary"]["drifts"], 0);
    let run = setting
        .world
        .steersman("drift guide --only SA-999")
        .exits(64);
    assert!(run.stderr.contains("SA-999"), "{}", run.shown());

    let run = setting
        .world
        .steersman("drift guide --record record.json")
        .exits(2);
    let run = run
        .says("~ levels/SA-001 (audit01) userLevels differs")
        .says("next: `steersman apply guide --record record.json` brings the tenant back");
    let _ = run;
}

#[test]
fn levels_that_are_none_are_no_drift_of_an_account_that_is_missing() {
    let setting = Setting::new();
    let account = "\n  - id: SA-002\n    name: audit02\n    email: b@example.com\n    purpose: Another\n    userLevels: []\n";
    let text = setting.world.read("guide/steersman.yaml") + account;
    setting.world.write("guide/steersman.yaml", text);
    let report = setting.drift("--record record.json", 2);
    let found = drifts(&report);
    assert!(
        found.contains(&"account/SA-002 - missing git".to_owned()),
        "{found:?}"
    );
    assert!(
        !found.iter().any(|drift| drift.starts_with("levels/SA-002")),
        "{found:?}"
    );
}

#[test]
fn files_that_cannot_be_loaded_are_told_to_the_receivers_of_the_command_line() {
    let mut setting = Setting::new();
    let receiver = Receiver::start();
    let hook = receiver.at("/hook");
    setting.world.set([("STEERSMAN_VAR_HOOK".to_owned(), hook)]);
    let tail = "--record record.json --metrics run.prom --notify webhook=${HOOK}";
    let files = setting.world.read("guide/steersman.yaml");
    let events = |receiver: &Receiver| -> Vec<Value> {
        let received = receiver.take();
        let bodies = received
            .iter()
            .map(|one| serde_json::from_str(&one.body).unwrap());
        bodies.collect()
    };
    for command in ["drift guide", "apply guide --auto-approve"] {
        setting
            .world
            .write("guide/steersman.yaml", "steersman: v1\nsources: 1\n");
        let words = format!("{command} {tail}");
        let _ = setting.world.steersman(&words).exits(1);
        let told = events(&receiver);
        assert_eq!(told.len(), 1, "{told:#?}");
        assert_eq!(told[0]["event"], "failure");
        assert_eq!(told[0]["tenant"], setting.json("record.json")["tenant"]);
        let metrics = setting.world.read("run.prom");
        assert!(
            metrics.contains("steersman_last_run_exit_code"),
            "{metrics}"
        );
        // Once.
        let _ = setting.world.steersman(&words).exits(1);
        assert_eq!(events(&receiver), Vec::<Value>::new());
        setting.world.write("guide/steersman.yaml", &files);
        let _ = setting.world.steersman(&words).exits(0);
        let told = events(&receiver);
        assert_eq!(told[0]["event"], "recovery", "{told:#?}");
        let text = told[0]["causes"][0]["text"].as_str().unwrap();
        assert!(text.starts_with("over: `steersman "), "{text}");
    }
}
