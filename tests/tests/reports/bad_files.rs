//! Files of reports that cannot be written, and records that are none.

use crate::setting::Setting;

const APPLY: &str = "apply guide --auto-approve";

#[test]
fn a_report_that_cannot_be_written_is_refused_before_anything_is_changed() {
    let setting = Setting::new();
    setting.world.write("notes.txt", "mine");
    setting.world.write("plan.json", r#"{"formatVersion": 2}"#);
    setting.world.write(
        "newer.json",
        r#"{"steersman": "record", "formatVersion": 3}"#,
    );
    setting
        .world
        .write("cut.json", r#"{"steersman": "record", "form"#);
    #[cfg(unix)]
    std::os::unix::fs::symlink("notes.txt", setting.world.path("link")).unwrap();
    for (words, code, text) in [
        ("--events no/such/folder", 1, "cannot write no/such/folder"),
        (
            "--out json=no/such/folder",
            1,
            "cannot write no/such/folder",
        ),
        ("--record no/such/folder", 1, "cannot write no/such/folder"),
        ("--record notes.txt", 1, "notes.txt is not a record"),
        ("--record plan.json", 1, "plan.json is not a record"),
        (
            "--record newer.json",
            1,
            "has format 3, but this steersman reads format 2",
        ),
        ("--record cut.json", 1, "damaged"),
        ("--events guide", 1, "cannot write guide"),
        #[cfg(unix)]
        ("--events link", 1, "is a link"),
        #[cfg(unix)]
        ("--record link", 1, "is a link"),
        ("--events x --record x", 64, "two outputs"),
        ("--format json --out html=-", 64, "two outputs"),
        ("--out sarif=x", 64, "plan --out"),
    ] {
        let run = setting.world.steersman(&format!("{APPLY} {words}"));
        let run = run.exits(code);
        assert!(run.stderr.contains(text), "{words}: {}", run.shown());
    }
    assert_eq!(setting.tenant.writes(), Vec::<String>::new());
    assert_eq!(setting.world.read("notes.txt"), "mine");
    assert_eq!(setting.world.read("plan.json"), r#"{"formatVersion": 2}"#);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_loses_the_report_and_not_the_run() {
    for words in [
        "--events /dev/full",
        "--record /dev/full",
        "--out json=/dev/full",
    ] {
        let setting = Setting::new();
        let run = setting
            .world
            .steersman(&format!("{APPLY} {words}"))
            .exits(1);
        assert!(run.stderr.contains("/dev/full"), "{}", run.shown());
        assert!(run.stderr.contains("No space left"), "{}", run.shown());
        let _ = run.says("Applied: ");
        // It was carried out, and only its report was lost.
        let _ = setting
            .world
            .steersman("plan guide --detailed-exitcode")
            .exits(0);
    }
}
