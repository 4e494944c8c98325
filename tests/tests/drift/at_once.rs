//! Two runs with one record: neither puts back what the other one learned.

use crate::setting::{Setting, drifts};
use serde_json::Value;
use simulator::RequestFilter;
use std::process::Stdio;
use std::time::Duration;
use tests::receiver::{Manner, Receiver};

/// The requests of a comparison of the guide, of which a run has a few more or less.
const READS: usize = 5;

#[test]
fn a_comparison_that_ends_after_an_apply_keeps_what_the_apply_agreed() {
    let mut setting = Setting::new();
    let receiver = Receiver::start();
    let hook = receiver.at("/hook");
    setting.world.set([("STEERSMAN_VAR_HOOK".to_owned(), hook)]);
    let notify = "notify:\n  - {webhook: \"${HOOK}\", on: [heartbeat]}\n";
    setting
        .world
        .write("guide/notify.yaml", format!("steersman: v1\n{notify}"));

    // It has read all of the tenant when it sends its notice, and goes on after the apply.
    receiver.responds(Manner::Holds);
    let words = [
        "drift",
        "guide",
        "--record",
        "record.json",
        "--notify-timeout",
        "60",
    ];
    let mut slow = setting.world.command();
    let slow = slow
        .args(words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let slow = slow.spawn().unwrap();
    while receiver.take().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    setting.world.write("guide/notify.yaml", "steersman: v1\n");
    setting.world.replace(
        "guide/steersman.yaml",
        "[REPORT_ADMIN]",
        "[REPORT_ADMIN, HELPDESK]",
    );
    setting.apply();
    let applied = setting.json("record.json");
    receiver.responds(Manner::Status(200));
    let ended = setting
        .world
        .ended(&words, &slow.wait_with_output().unwrap());
    let _ = ended.exits(0);

    let kept = setting.json("record.json");
    assert_eq!(kept["agreement"], applied["agreement"]);
    assert_eq!(kept["run"], applied["run"]);
    assert!(kept["notices"]["receivers"].is_object(), "{kept:#}");
    // The next change is the tenant's alone, and counts.
    setting.tenant.simulator().with_tenant(|tenant| {
        let levels = ["REPORT_ADMIN", "HELPDESK", "CERT_ADMIN"];
        let levels = levels.map(str::to_owned).to_vec();
        tenant.set_levels_out_of_band("audit01", levels).unwrap();
    });
    let report = setting.drift("--record record.json --cause tenant", 2);
    assert_eq!(drifts(&report), ["levels/SA-001 userLevels differs tenant"]);
    let left = std::fs::read_dir(setting.world.folder()).unwrap();
    let left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(left.into_iter().all(|name| !name.ends_with(".json.lock")));
}

/// F13: both had read the record before either wrote into it, and both sent the cause.
#[test]
fn two_comparisons_at_once_send_a_cause_once() {
    let mut setting = Setting::new();
    let receiver = Receiver::start();
    let hook = receiver.at("/hook");
    setting.world.set([("STEERSMAN_VAR_HOOK".to_owned(), hook)]);
    setting.put_row("SA-001", "audit01", "Another purpose");
    receiver.responds(Manner::Holds);
    let words = "drift guide --record record.json --notify webhook=${HOOK} --notify-timeout 60";
    let words: Vec<&str> = words.split(' ').collect();
    let begin = || {
        let mut command = setting.world.command();
        let command = command.args(&words).stdout(Stdio::piped());
        command.stderr(Stdio::piped()).spawn().unwrap()
    };
    let read = || {
        setting
            .tenant
            .simulator()
            .requests(&RequestFilter::default())
            .len()
    };
    let first = begin();
    let mut sent = Vec::new();
    while sent.is_empty() {
        std::thread::sleep(Duration::from_millis(5));
        sent = receiver.take();
    }
    // The second one reads all that the first one has read, while that one still sends.
    let before = read();
    let second = begin();
    while read() < before + READS {
        std::thread::sleep(Duration::from_millis(5));
    }
    receiver.responds(Manner::Status(200));
    for run in [first, second] {
        let output = run.wait_with_output().unwrap();
        let _ = setting.world.ended(&words, &output).exits(2);
    }
    sent.extend(receiver.take());
    assert_eq!(sent.len(), 1, "{sent:?}");
    let notice: Value = serde_json::from_str(&sent[0].body).unwrap();
    assert_eq!(notice["causes"][0]["id"], "drift/account/SA-001");
    assert_eq!(
        notice["causes"][0]["purpose"],
        "Automate monthly audit report"
    );
    let left = std::fs::read_dir(setting.world.folder()).unwrap();
    let left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(left.into_iter().all(|name| !name.contains(".lock")));
}

#[test]
fn a_record_with_digests_of_another_form_is_damaged() {
    let setting = Setting::new();
    let record = setting.json("record.json");
    let fields = "/agreement/objects/levels~1SA-001/fields/userLevels";
    for (place, value, message) in [
        (
            fields,
            "",
            "agreement.objects.\"levels/SA-001\".fields.userLevels has not one or two",
        ),
        (
            fields,
            "0123456789abcdef x",
            "has not one or two digests of 16 hexadecimal digits",
        ),
        (
            "/agreement/specDigest",
            "abc",
            "agreement.specDigest is not a digest",
        ),
        (
            "/agreement/observedAt",
            "yesterday",
            "agreement.observedAt is not a time",
        ),
        (
            "/agreement/objects/levels~1SA-001/at",
            "",
            ".at is not a time in RFC 3339",
        ),
    ] {
        let mut damaged = record.clone();
        *damaged.pointer_mut(place).unwrap() = value.into();
        setting.world.write("damaged.json", damaged.to_string());
        let run = setting
            .world
            .steersman("drift guide --record damaged.json --cause tenant");
        let run = run.exits(1);
        assert!(
            run.stderr.contains("the record damaged.json is damaged"),
            "{}",
            run.shown()
        );
        assert!(run.stderr.contains(message), "{message}\n{}", run.shown());
    }
}

#[test]
fn metrics_do_not_replace_a_record_however_the_file_is_written() {
    let setting = Setting::new();
    let record = setting.world.read("record.json");
    for command in [
        "drift guide",
        "watch guide --rounds 1",
        "apply guide --auto-approve",
    ] {
        let words = format!("{command} --record record.json --metrics ./record.json");
        let run = setting.world.steersman(&words).exits(64);
        assert!(
            run.stderr.contains("two outputs have the destination"),
            "{}",
            run.shown()
        );
    }
    assert_eq!(setting.world.read("record.json"), record);
}
