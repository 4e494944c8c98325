//! Mistakes that people make who come from elsewhere, and what they are told.
//!
//! `INSTA_UPDATE=always cargo test -p spec --test mistakes` writes the snapshot. It is read
//! as prose: each help says what to write.
#![expect(
    clippy::disallowed_methods,
    reason = "tests of files; the crate itself reads none"
)]

use spec::{Options, SourceFile, load};
use std::fmt::Write as _;

#[test]
fn each_mistake_is_told_with_what_to_write() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mistakes");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .collect();
    paths.sort();
    let mut shown = String::new();
    for path in &paths {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let file = SourceFile {
            path: "a.yaml".into(),
            bytes: std::fs::read(path).unwrap(),
        };
        let loaded = load(vec![file], &Options::default());
        let _ = writeln!(shown, "{name}");
        for found in &loaded.diagnostics {
            let label = &found.labels[0];
            let help = found.help.as_deref().unwrap_or("(no help)");
            let _ = writeln!(
                shown,
                "  {} {}:{} {}\n    help: {help}",
                found.code, label.line, label.column, found.message
            );
        }
        assert!(!loaded.diagnostics.is_empty(), "{name} is valid");
    }
    assert!(paths.len() >= 40, "{}", paths.len());
    insta::assert_snapshot!(shown);
}
