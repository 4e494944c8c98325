//! One stream of events makes every report of an apply.

use crate::setting::{Setting, assert_fits, results};
use serde_json::{Value, json};
use simulator::Fault;

const ALL: &str = "apply guide --auto-approve --events events.jsonl --record record.json \
    --out json=report.json --out text=report.txt --out markdown=report.md --out html=report.html";

#[test]
fn every_report_of_a_run_says_the_same() {
    let setting = Setting::new();
    let _ = setting.world.steersman(ALL).exits(0).says("Applied: ");
    let report = setting.json("report.json");
    assert_fits("apply", &report);
    assert_eq!(report["ending"], "verified");
    assert_eq!(report["exitCode"], 0);
    let steps = report["steps"].as_array().unwrap().len();
    assert_eq!(report["summary"]["done"], steps);

    let record = setting.json("record.json");
    assert_fits("record", &record);
    assert_eq!(record["run"], report);
    assert_eq!(record["commit"], json!({"state": "none"}));
    assert_eq!(record["who"]["name"], report["user"]);

    let events = setting.events("events.jsonl");
    for event in &events {
        assert_fits("events", event);
    }
    let kinds = |kind: &str| -> Vec<&Value> {
        let of_kind = events.iter().filter(|event| event["event"] == kind);
        of_kind.collect()
    };
    assert_eq!(events[0]["event"], "runStarted");
    assert_eq!(events[0]["planDigest"], report["planDigests"][0]);
    let last = events.last().unwrap();
    assert_eq!(last["event"], "runEnded");
    assert_eq!(last["requests"], report["requests"]);
    let ended = Value::from(kinds("stepEnded").into_iter().cloned().collect::<Vec<_>>());
    assert_eq!(results(&ended), results(&report["steps"]));
    assert_eq!(kinds("stepsStarted").len(), ended.as_array().unwrap().len());

    let requests = setting.tenant.simulator();
    let counted = requests.requests(&simulator::RequestFilter::default());
    assert_eq!(report["requests"]["sent"], counted.len());
    for (file, text) in [
        ("report.txt", "Result: applied and verified"),
        ("report.md", "**applied and verified**"),
        ("report.html", "applied and verified"),
    ] {
        let written = setting.world.read(file);
        assert!(written.contains(text), "{file}:\n{written}");
    }
}

#[test]
fn with_format_json_standard_output_has_the_report_alone() {
    let setting = Setting::new();
    let run = setting
        .world
        .steersman("apply guide --auto-approve --format json")
        .exits(0);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_fits("apply", &report);
    assert!(run.stderr.contains("Plan: "), "{}", run.shown());
    // Nothing is left to do, and that is a report, too.
    let run = setting
        .world
        .steersman("apply guide --auto-approve --format json")
        .exits(0);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_fits("apply", &report);
    assert_eq!(report["ending"], "nothingToDo");
    assert_eq!(report["steps"], json!([]));
}

#[test]
fn a_failure_is_told_once_and_its_dependants_are_skipped() {
    let setting = Setting::new();
    setting.faults(&[("createSourceV1", Fault::Status { status: 400 }, 0, None)]);
    let run = setting.world.steersman(ALL).exits(1);
    let report = setting.json("report.json");
    assert_fits("apply", &report);
    assert_eq!(report["ending"], "nothing");
    assert_eq!(report["exitCode"], 1);
    let causes = report["causes"].as_array().unwrap();
    assert_eq!(causes.len(), 1, "{report:#}");
    assert_eq!(causes[0]["addresses"], json!(["source/Service Accounts"]));
    let failed = &report["steps"][0];
    assert_eq!(failed["result"], "failed");
    insta::assert_snapshot!(results(&report["steps"]).join("\n"));
    insta::assert_snapshot!(
        "failed_markdown",
        run.redacted(&without_seconds(&setting.world.read("report.md")))
    );
}

#[test]
fn retries_and_throttled_requests_are_events_and_counted() {
    let setting = Setting::new();
    setting.faults(&[
        (
            "createSourceV1",
            Fault::TooManyRequests {
                retry_after: Some(1),
            },
            0,
            Some(1),
        ),
        ("listAccountsV1", Fault::Status { status: 503 }, 0, Some(1)),
    ]);
    let _ = setting.world.steersman(ALL).exits(0);
    let report = setting.json("report.json");
    let requests = &report["requests"];
    assert_eq!(requests["throttled"], 1);
    assert_eq!(requests["throttledSeconds"], 1.0);
    assert!(requests["retried"].as_u64().unwrap() >= 1, "{requests}");
    let events = setting.events("events.jsonl");
    let throttled: Vec<&Value> = events
        .iter()
        .filter(|event| event["event"] == "requestThrottled")
        .collect();
    assert_eq!(throttled.len(), 1);
    assert_eq!(throttled[0]["status"], 429);
    assert_eq!(throttled[0]["waitSeconds"], 1.0);
    let retried = |event: &&Value| event["event"] == "requestRetried";
    assert_eq!(events.iter().filter(retried).count(), 1);
}

/// The files that [`ALL`] writes.
const FILES: [&str; 6] = [
    "events.jsonl",
    "record.json",
    "report.json",
    "report.txt",
    "report.md",
    "report.html",
];

#[test]
fn no_report_has_a_secret() {
    let setting = Setting::new();
    let _ = setting.world.steersman(ALL).exits(0);
    let issuer = setting.enroll();
    let _ = setting.world.steersman(ALL).exits(0);
    let report = setting.json("report.json");
    assert_eq!(
        results(&report["steps"]),
        ["issuer/SA-001 done", "token/SA-001/monthly-report done"]
    );
    let delivered = setting.json(".steersman/secrets/audit01/monthly-report");
    let minted = delivered["clientSecret"].as_str().unwrap();
    for secret in [setting.secret().as_str(), &issuer, minted] {
        assert!(secret.len() > 20);
        for file in FILES {
            let text = setting.world.read(file);
            assert!(!text.contains(secret), "{file}:\n{text}");
        }
    }
}

#[test]
fn the_secret_of_the_operator_in_a_file_is_in_no_report() {
    let setting = Setting::new();
    let secret = setting.secret();
    setting.world.replace(
        "guide/steersman.yaml",
        "purpose: ",
        &format!("purpose: {secret} "),
    );
    let _ = setting.world.steersman(ALL).exits(0).says("Applied: ");
    for file in FILES {
        let text = setting.world.read(file);
        assert!(!text.contains(&secret), "{file}:\n{text}");
    }
}

#[test]
fn fewer_steps_at_a_time_change_nothing_but_the_time() {
    let setting = Setting::new();
    let _ = setting
        .world
        .steersman("apply guide --auto-approve --parallelism 1")
        .exits(0);
    for number in ["0", "101", "many"] {
        let words = format!("apply guide --auto-approve --parallelism {number}");
        let _ = setting.world.steersman(&words).exits(64);
    }
}

/// A text without the time that a run took.
fn without_seconds(text: &str) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    for index in 1..words.len() {
        if words[index] == "s" && words[index - 1].parse::<f64>().is_ok() {
            words[index - 1] = "[SECONDS]";
        }
    }
    words.join(" ")
}
