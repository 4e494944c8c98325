//! The schemas of the reports are current, and refuse what is none.

use tests::{repository, world};

#[test]
fn the_schemas_of_reports_are_current() {
    for (subject, file) in [
        ("apply", "apply"),
        ("events", "events"),
        ("record", "record"),
        ("drift", "drift"),
    ] {
        let printed = world!()
            .steersman(&format!("schema {subject}"))
            .exits(0)
            .stdout;
        let path = repository().join(format!("schemas/{file}.schema.json"));
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::write(&path, &printed).unwrap();
        }
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            there == printed,
            "{file}.schema.json is not current: run `UPDATE_SCHEMAS=1 cargo test -p tests --test reports`"
        );
    }
}
