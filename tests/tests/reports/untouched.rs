//! A run that is refused leaves the reports of the run before as they are.

use crate::setting::Setting;

const FILES: [&str; 3] = ["events.jsonl", "record.json", "report.json"];
const APPLY: &str =
    "apply guide --events events.jsonl --record record.json --out json=report.json --auto-approve";

#[test]
fn a_refused_run_keeps_the_files_of_the_run_before() {
    let setting = Setting::new();
    let _ = setting.world.steersman(APPLY).exits(0);
    let before = FILES.map(|file| setting.world.read(file));
    assert!(before[0].contains("runEnded"));
    // A guard refuses the removal of the level.
    setting.world.replace(
        "guide/steersman.yaml",
        "steersman: v1\n",
        "steersman: v1\npolicy: {limits: {removeLevels: 0}}\n",
    );
    setting
        .world
        .replace("guide/steersman.yaml", "[REPORT_ADMIN]", "[]");
    let _ = setting.world.steersman(APPLY).exits(4);
    assert_eq!(FILES.map(|file| setting.world.read(file)), before);
    // Nor does one that nobody approved, or that could not sign in.
    setting.world.replace(
        "guide/steersman.yaml",
        "{removeLevels: 0}",
        "{removeLevels: 1}",
    );
    let asks = APPLY.replace(" --auto-approve", "");
    let _ = setting.world.steersman(&asks).exits(64);
    let mut command = setting.world.command();
    let output = command
        .args(APPLY.split(' '))
        .env("SAIL_CLIENT_SECRET", "wrong")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(6));
    assert_eq!(FILES.map(|file| setting.world.read(file)), before);
    // The next run that begins replaces them.
    let _ = setting.world.steersman(APPLY).exits(0);
    let after = FILES.map(|file| setting.world.read(file));
    for (before, after) in before.iter().zip(&after) {
        assert_ne!(before, after);
    }
    let first = setting.events("events.jsonl").remove(0);
    assert_eq!(first["event"], "runStarted");
}
