//! The side that moved: tenant, files, both, or not known.

use crate::setting::{Setting, drifts};

const FILE: &str = "guide/steersman.yaml";

fn change_files(setting: &Setting) {
    setting.world.replace(
        FILE,
        "Identities for integrations, one for each job",
        "Declared otherwise",
    );
    setting
        .world
        .replace(FILE, "[REPORT_ADMIN]", "[REPORT_ADMIN, ROLE_ADMIN]");
}

fn change_tenant(setting: &Setting) {
    setting.put_row("SA-001", "audit01", "By hand");
    let identity = setting.identity();
    let levels = vec!["CERT_ADMIN".to_owned()];
    let simulator = setting.tenant.simulator();
    simulator
        .with_tenant(|tenant| tenant.set_levels_out_of_band(&identity, levels))
        .unwrap();
}

#[test]
fn a_record_says_which_side_moved() {
    let setting = Setting::new();
    change_files(&setting);
    change_tenant(&setting);
    let expected = |causes: [&str; 3]| {
        let [description, purpose, levels] = causes;
        [
            format!("source/Service Accounts description differs {description}"),
            format!("account/SA-001 purpose differs {purpose}"),
            format!("levels/SA-001 userLevels differs {levels}"),
        ]
    };
    let report = setting.drift("", 2);
    assert_eq!(drifts(&report), expected(["unknown"; 3]), "{report:#}");
    assert_eq!(report["record"]["state"], "none");
    // Causes stay as they are from run to run.
    for _ in 0..2 {
        let report = setting.drift("--record record.json", 2);
        assert_eq!(
            drifts(&report),
            expected(["git", "tenant", "both"]),
            "{report:#}"
        );
    }
    for (words, code, counted) in [
        ("--cause tenant", 2, 2),
        ("--cause git", 2, 2),
        ("--cause both", 2, 1),
        ("--cause unknown", 0, 0),
    ] {
        let report = setting.drift(&format!("--record record.json {words}"), code);
        assert_eq!(report["summary"]["counted"], counted, "{words}");
        assert_eq!(report["summary"]["drifts"], 3, "{words}");
    }
}

#[test]
fn what_the_files_declare_newly_is_of_the_files() {
    let setting = Setting::new();
    let account =
        "  - id: SA-002\n    name: audit02\n    email: iam@example.com\n    purpose: Another job\n";
    let file = setting.world.read(FILE);
    setting.world.write(FILE, format!("{file}{account}"));
    let report = setting.drift("--record record.json", 2);
    assert_eq!(
        drifts(&report),
        ["account/SA-002 - missing git"],
        "{report:#}"
    );
}

#[test]
fn the_first_record_knows_no_cause_and_the_next_run_knows_those_of_what_agreed() {
    let setting = Setting::new();
    setting.put_row("SA-001", "audit01", "By hand");
    let report = setting.drift("--record new.json", 2);
    assert_eq!(drifts(&report), ["account/SA-001 purpose differs unknown"]);
    assert_eq!(report["record"]["state"], "first");
    change_tenant(&setting);
    let report = setting.drift("--record new.json", 2);
    assert_eq!(
        drifts(&report),
        [
            "account/SA-001 purpose differs unknown",
            "levels/SA-001 userLevels differs tenant",
        ],
        "{report:#}"
    );
}

#[test]
fn an_older_record_says_what_is_new_since_then() {
    let setting = Setting::new();
    setting.put_row("SA-001", "audit01", "By hand");
    let _ = setting.drift("--record record.json", 2);
    setting
        .world
        .write("monday.json", setting.world.read("record.json"));
    change_tenant(&setting);
    let _ = setting.drift("--record record.json", 2);
    let report = setting.drift("--record record.json --since monday.json", 2);
    let new: Vec<bool> = report["drifts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|drift| drift["isNew"].as_bool().unwrap())
        .collect();
    assert_eq!(new, [false, true], "{report:#}");
    assert_eq!(report["summary"]["new"], 1);
}

/// A run with fewer files does not make the record forget what it does not declare.
#[test]
fn what_a_run_does_not_declare_stays_in_the_record() {
    let setting = Setting::new();
    let _ = setting.drift("--record record.json", 0);
    let whole = setting.world.read(FILE);
    let (before, _) = whole.split_once("serviceAccounts:").unwrap();
    setting
        .world
        .write(FILE, format!("{before}serviceAccounts: []\n"));
    let _ = setting.world.steersman("drift guide --record record.json");
    setting.world.write(FILE, whole);
    change_tenant(&setting);
    let report = setting.drift("--record record.json --cause tenant", 2);
    let found = drifts(&report);
    let levels = "levels/SA-001 userLevels differs tenant".to_owned();
    assert!(found.contains(&levels), "{found:#?}");
}
