//! Notices of an apply: each cause once, its end once, and what a receiver can do wrong.

use crate::setting::{Setting, assert_fits};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use tests::Run;
use tests::receiver::{Manner, Received, Receiver};

const CANARY: &str = "/hooks/T000/canary-of-the-address";
const KEY: &str = "canary-of-the-key-0123456789";
const APPLY: &str = "apply guide --auto-approve --record record.json --notify-timeout 1";

fn declared(setting: &mut Setting, receiver: &Receiver, on: &str) {
    setting.world.write(
        "guide/notify.yaml",
        format!(
            "steersman: v1\nnotify:\n  - webhook: ${{HOOK}}\n    secret: ${{KEY}}\n    on: [{on}]\n"
        ),
    );
    setting.world.set([
        ("STEERSMAN_VAR_HOOK".to_owned(), receiver.at(CANARY)),
        ("STEERSMAN_VAR_KEY".to_owned(), KEY.to_owned()),
    ]);
}

fn events(received: &[Received]) -> Vec<String> {
    let event = |received: &Received| {
        let notice: Value = serde_json::from_str(&received.body).unwrap();
        assert_fits("notice", &notice);
        let causes = notice["causes"].as_array().unwrap();
        let ids = causes.iter().map(|cause| cause["id"].as_str().unwrap());
        let words = [notice["event"].as_str().unwrap()].into_iter().chain(ids);
        words.collect::<Vec<_>>().join(" ")
    };
    received.iter().map(event).collect()
}

fn shows_nothing(setting: &Setting, run: &Run) {
    let written = setting.world.everything_written();
    let texts = written.iter().map(|(_, text)| text.as_str());
    for text in texts.chain([run.stdout.as_str(), run.stderr.as_str()]) {
        assert!(!text.contains("canary-of-the"), "{}", run.shown());
    }
}

#[test]
fn each_cause_is_sent_once_and_its_end_once() {
    let mut setting = Setting::new();
    let receiver = Receiver::start();
    declared(&mut setting, &receiver, "failure, recovery, heartbeat");
    let secret = setting.secret();
    let run = setting.world.steersman(APPLY).exits(0);
    let first = receiver.take();
    assert_eq!(events(&first), ["heartbeat"], "{}", run.shown());
    assert_eq!(first[0].path, CANARY);
    // The signature is that of the key, over time and body.
    let header = &first[0].headers["x-steersman-signature"];
    let (time, code) = header
        .strip_prefix("t=")
        .unwrap()
        .split_once(",v1=")
        .unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    mac.update(format!("{time}.{}", first[0].body).as_bytes());
    let expected: Vec<String> = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(code, expected.concat());

    let wrong = "0".repeat(64);
    let said = |secret: &str, code: i32, setting: &mut Setting| {
        let name = "SAIL_CLIENT_SECRET".to_owned();
        setting.world.set([(name, secret.to_owned())]);
        let run = setting.world.steersman(APPLY).exits(code);
        shows_nothing(setting, &run);
        events(&receiver.take())
    };
    let failure = "failure/apply/run/6";
    assert_eq!(
        said(&wrong, 6, &mut setting),
        [format!("failure {failure}")]
    );
    assert_eq!(said(&wrong, 6, &mut setting), [""; 0]);
    assert_eq!(
        said(&secret, 0, &mut setting),
        [format!("recovery {failure}")]
    );
    assert_eq!(said(&secret, 0, &mut setting), [""; 0]);
    let record = setting.json("record.json");
    assert_fits("record", &record);
    let states = record["notices"]["receivers"].as_object().unwrap();
    assert_eq!(states.keys().collect::<Vec<_>>(), ["webhook ${HOOK}"]);
}

#[test]
fn a_notice_that_is_not_sent_fails_nothing_and_is_sent_by_the_next_run() {
    let mut setting = Setting::new();
    let receiver = Receiver::start();
    let elsewhere = Receiver::start();
    declared(&mut setting, &receiver, "heartbeat");
    for (manner, tries, words) in [
        (Manner::Status(500), 2, "it responded with 500"),
        (Manner::Hangs, 2, "it did not respond in time"),
        (
            Manner::Redirects(elsewhere.at(CANARY)),
            1,
            "it responded with a redirect (307), which is not followed",
        ),
        (Manner::Status(404), 1, "it responded with 404"),
    ] {
        receiver.responds(manner);
        let run = setting.world.steersman(APPLY).exits(0);
        let warning =
            format!("warning: 1 notice to the webhook receiver 127.0.0.1 was not sent: {words}");
        assert!(run.stderr.contains(&warning), "{}", run.shown());
        shows_nothing(&setting, &run);
        assert_eq!(receiver.take().len(), tries, "{words}");
    }
    assert!(elsewhere.take().is_empty());
    receiver.responds(Manner::Status(202));
    let run = setting.world.steersman(APPLY).exits(0);
    assert_eq!(events(&receiver.take()), ["heartbeat"], "{}", run.shown());
    let _ = setting.world.steersman(APPLY).exits(0);
    assert_eq!(events(&receiver.take()), [""; 0]);
}

#[test]
fn people_get_messages_and_an_address_that_is_not_safe_is_refused() {
    let mut setting = Setting::new();
    let receiver = Receiver::start();
    let name = "SAIL_CLIENT_SECRET".to_owned();
    setting.world.set([
        (name, "0".repeat(64)),
        ("STEERSMAN_VAR_HOOK".to_owned(), receiver.at(CANARY)),
    ]);
    for kind in ["slack", "teams"] {
        let given = format!("{kind}=${{HOOK}}");
        let words = ["apply", "guide", "--auto-approve", "--notify", &given];
        let run = setting.world.steersman_words(&words).exits(6);
        let received = receiver.take();
        assert_eq!(received.len(), 1, "{}", run.shown());
        let message: Value = serde_json::from_str(&received[0].body).unwrap();
        let text = match kind {
            "slack" => &message["blocks"][1]["text"]["text"],
            _ => &message["attachments"][0]["content"]["body"][1]["inlines"][0]["text"],
        };
        let text = text.as_str().unwrap();
        assert!(text.contains("ended with exit code 6: "), "{text}");
        shows_nothing(&setting, &run);
    }
    for (given, code) in [
        ("webhook=http://hooks.example/canary-of-the-address", 4),
        ("webhook=canary-of-the-address", 4),
        ("canary-of-the-address", 64),
    ] {
        let words = ["apply", "guide", "--auto-approve", "--notify", given];
        let run = setting.world.steersman_words(&words).exits(code);
        assert!(setting.tenant.writes().is_empty());
        let shown = format!("{}{}", run.stdout, run.stderr);
        assert!(!shown.contains("canary"), "{shown}");
    }
    // A variable that is not set stops no run.
    let words = [
        "apply",
        "guide",
        "--auto-approve",
        "--notify",
        "slack=${NONE}",
    ];
    let run = setting.world.steersman_words(&words).exits(6);
    assert!(
        run.stderr
            .contains("the variable NONE is not set; set STEERSMAN_VAR_NONE"),
        "{}",
        run.shown()
    );
}
