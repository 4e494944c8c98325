//! Records that are none, of others, or lost, and tenants that are read only in part.

use crate::setting::{Setting, drifts};
use simulator::{Fault, FaultRule, Faults};

#[test]
fn a_bad_record_is_refused_with_what_to_do_and_kept() {
    let setting = Setting::new();
    let record = setting.world.read("record.json");
    let files = [
        ("cut.json", record[..record.len() / 2].to_owned(), "damaged"),
        ("other.json", "{\"a\": 1}".to_owned(), "is not a record"),
        (
            "newer.json",
            record.replacen("\"formatVersion\": 2", "\"formatVersion\": 3", 1),
            "has format 3, but this steersman reads format 2",
        ),
        (
            "tenant.json",
            record.replacen(
                "\"tenant\": \"http://127.0.0.1",
                "\"tenant\": \"http://127.9.9.9",
                1,
            ),
            "is of the tenant http://127.9.9.9",
        ),
    ];
    let writes = setting.tenant.writes();
    for (file, text, message) in files {
        assert_ne!(text, record, "{file}");
        setting.world.write(file, &text);
        for command in ["drift guide", "apply guide --auto-approve"] {
            let run = setting
                .world
                .steersman(&format!("{command} --record {file}"))
                .exits(1);
            assert!(run.stderr.contains(message), "{}", run.shown());
            assert!(run.stderr.contains("help: "), "{}", run.shown());
            assert_eq!(setting.world.read(file), text);
        }
    }
    let _ = setting
        .world
        .steersman("drift guide --since missing.json")
        .exits(1);
    let _ = setting
        .world
        .steersman("drift guide --record record.json --out json=record.json")
        .exits(64);
    assert_eq!(setting.tenant.writes(), writes);
}

#[test]
fn a_record_of_the_earlier_format_has_no_causes_and_is_completed() {
    let setting = Setting::new();
    let mut record = setting.json("record.json");
    let fields = record.as_object_mut().unwrap();
    let _ = (fields.remove("tenant"), fields.remove("agreement"));
    fields.insert("formatVersion".to_owned(), 1.into());
    setting.world.write("record.json", record.to_string());
    setting.put_row("SA-001", "audit01", "By hand");
    let run = setting.world.steersman("drift guide --record record.json");
    let run = run.exits(2).says("cause unknown");
    assert!(
        run.stderr.contains("an earlier version wrote it"),
        "{}",
        run.shown()
    );
    let completed = setting.json("record.json");
    assert_eq!(completed["formatVersion"], 2);
    assert_eq!(completed["run"], record["run"]);
    assert!(completed["agreement"].is_object());
    let _ = setting
        .world
        .steersman("show record.json")
        .exits(0)
        .says("Compared: ");
}

#[test]
fn a_partial_read_is_never_no_drift_and_keeps_what_the_record_knows() {
    let setting = Setting::new();
    let before = setting.json("record.json");
    let simulator = setting.tenant.simulator();
    simulator.set_faults(Faults {
        rules: vec![FaultRule {
            fault: Fault::Status { status: 503 },
            operations: vec!["listAccountsV1".to_owned()],
            skip: 0,
            count: None,
            probability: None,
        }],
        seed: 1,
    });
    let report = setting.drift("--record record.json --retries 0", 8);
    assert_eq!(report["reading"]["state"], "incomplete", "{report:#}");
    let after = setting.json("record.json");
    let address = "account/SA-001";
    assert_eq!(
        after["agreement"]["objects"][address],
        before["agreement"]["objects"][address]
    );
    simulator.set_faults(Faults::default());
    setting.put_row("SA-001", "audit01", "By hand");
    let report = setting.drift("--record record.json", 2);
    assert_eq!(drifts(&report), ["account/SA-001 purpose differs tenant"]);
}

/// The next command keeps the record that this one has read and written, in every format.
#[test]
fn the_next_command_names_the_record() {
    let setting = Setting::new();
    let world = &setting.world;
    world.replace(
        "guide/steersman.yaml",
        "Automate monthly audit report",
        "Automate the audit",
    );
    let run = world
        .steersman("drift guide --record record.json --out markdown=drift.md --out html=drift.html")
        .exits(2);
    let next = "steersman apply guide --record record.json";
    for text in [run.stdout, world.read("drift.md")] {
        assert!(text.contains(next), "{text}");
    }
    let without = world.steersman("drift guide").exits(2);
    assert!(without.stdout.contains("`steersman apply guide`"));
}
