//! `steersman show` of saved plans and event files.

use crate::setting::Setting;
use serde_json::Value;

#[test]
fn a_saved_plan_and_the_events_of_its_apply_are_shown() {
    let setting = Setting::new();
    let _ = setting
        .world
        .steersman("plan guide --save plan.json")
        .exits(0);
    let run = setting.world.steersman("show plan.json").exits(0);
    let run = run
        .says("Paths: guide")
        .says("create account/SA-001: ")
        .says("    userLevels: [\"REPORT_ADMIN\"]")
        .says("Digest: sha256:");
    let _ = run;
    let json = setting
        .world
        .steersman("show plan.json --format json")
        .exits(0);
    let shown: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(shown, setting.json("plan.json"));
    setting
        .world
        .replace("plan.json", "REPORT_ADMIN", "HELPDESK");
    let _ = setting.world.steersman("show plan.json").exits(5);

    let _ = setting
        .world
        .steersman("apply guide --auto-approve --events events.jsonl")
        .exits(0);
    let run = setting.world.steersman("show events.jsonl").exits(0);
    let run = run.says("create account/SA-001: done").says("exit code 0");
    let lines = setting.world.read("events.jsonl");
    assert!(run.stdout.lines().count() >= lines.lines().count());
    let json = setting
        .world
        .steersman("show events.jsonl --format json")
        .exits(0);
    let shown: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(shown.as_array().unwrap().len(), lines.lines().count());
    // A run that was killed: its last line is cut.
    setting.world.write("cut.jsonl", &lines[..lines.len() - 20]);
    let _ = setting
        .world
        .steersman("show cut.jsonl")
        .exits(0)
        .says("the run has not ended, or was killed");
    setting
        .world
        .write("odd.jsonl", lines.replacen("{\"time\"", "{\"tim\"", 2));
    let run = setting.world.steersman("show odd.jsonl").exits(1);
    assert!(
        run.stderr.contains("odd.jsonl:1: this is no event"),
        "{}",
        run.shown()
    );
}
