//! Metrics of an apply, and what the examples for monitoring make of them.

use crate::setting::Setting;
use regex::Regex;
use std::collections::BTreeSet;
use tests::repository;

const APPLY: &str = "apply guide --auto-approve --metrics steersman.prom";

fn value(text: &str, series: &str) -> String {
    let line = text.lines().find(|line| line.starts_with(series));
    assert!(line.is_some(), "no {series} in\n{text}");
    line.unwrap().rsplit_once(' ').unwrap().1.to_owned()
}

#[test]
fn a_failed_run_says_so_and_keeps_the_last_success() {
    let mut setting = Setting::new();
    let _ = setting.world.steersman(APPLY).exits(0);
    let good = setting.world.read("steersman.prom");
    assert_eq!(value(&good, "steersman_last_run_exit_code"), "0.0");
    assert_eq!(value(&good, "steersman_read_complete"), "1.0");
    let requests: f64 = value(&good, "steersman_last_run_requests").parse().unwrap();
    assert!(requests > 5.0, "{requests}");
    let success = value(&good, "steersman_last_success_timestamp_seconds");
    let wrong = ("SAIL_CLIENT_SECRET".to_owned(), "0".repeat(64));
    setting.world.set([wrong]);
    let _ = setting.world.steersman(APPLY).exits(6);
    let bad = setting.world.read("steersman.prom");
    assert_eq!(value(&bad, "steersman_last_run_exit_code"), "6.0");
    assert_eq!(value(&bad, "steersman_read_complete"), "0.0");
    assert_eq!(
        value(&bad, "steersman_last_success_timestamp_seconds"),
        success
    );
    assert!(!bad.contains("steersman_drift_objects"), "{bad}");
    // Files that cannot be written are found before anything is changed.
    let run = setting
        .world
        .steersman("apply guide --auto-approve --metrics none/steersman.prom")
        .exits(1);
    assert!(
        run.stderr.contains("cannot write none/steersman.prom"),
        "{}",
        run.shown()
    );
}

#[test]
fn the_examples_for_monitoring_name_metrics_that_exist() {
    let setting = Setting::new();
    let _ = setting.world.steersman(APPLY).exits(0);
    // With a token, its end is known.
    let _ = setting.enroll();
    let _ = setting.world.steersman(APPLY).exits(0);
    let text = setting.world.read("steersman.prom");
    let names: BTreeSet<&str> = text
        .lines()
        // A family without a sample, such as of nothing blocked, is there, too.
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next())
        .collect();
    let word = Regex::new(r"steersman_[a-z_]+").unwrap();
    let mut used = BTreeSet::new();
    for file in ["alerts.yaml", "alerts.test.yaml", "dashboard.json"] {
        let path = repository().join("examples/monitoring").join(file);
        let text = std::fs::read_to_string(path).unwrap();
        used.extend(word.find_iter(&text).map(|name| name.as_str().to_owned()));
    }
    assert!(used.len() > 8, "{used:?}");
    for name in used {
        assert!(names.contains(name.as_str()), "{name} is not in {names:?}");
    }
}
