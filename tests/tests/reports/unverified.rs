//! What was sent, and of which it is not known whether it took effect.

use crate::setting::{Setting, assert_fits};
use serde_json::Value;
use simulator::Fault;

/// The step of an import whose task cannot be read after it was accepted.
#[test]
fn apply_08_what_was_sent_is_not_called_failed_and_the_final_reading_settles_it() {
    let setting = Setting::new();
    // The state of the import's task is asked for several times, and never told.
    setting.faults(&[("getTaskStatusV1", Fault::Status { status: 500 }, 0, Some(5))]);
    let run = setting
        .world
        .steersman("apply guide --auto-approve --events events.jsonl --out json=report.json");
    let run = run.exits(3);
    let events = setting.events("events.jsonl");
    let row: Vec<&Value> = events
        .iter()
        .filter(|event| event["address"] == "account/SA-001")
        .collect();
    let report = setting.json("report.json");
    assert_fits("apply", &report);
    assert_eq!(row[0]["event"], "stepEnded");
    assert_eq!(row[0]["result"], "sentNotVerified");
    assert_eq!(row[1]["event"], "stepRevised", "{}", run.shown());
    assert_eq!(row[1]["result"], "done");
    let step = report["steps"]
        .as_array()
        .unwrap()
        .iter()
        .find(|step| step["address"] == "account/SA-001")
        .unwrap();
    assert_eq!(step["result"], "done");
    assert_eq!(
        step["note"],
        "sent; verified by the reading after the last step"
    );
    assert!(
        run.stdout
            .contains("not verified account/SA-001: sent, but "),
        "{}",
        run.shown()
    );
    let _ = setting
        .world
        .steersman("apply guide --auto-approve")
        .exits(0);
}
