//! Snapshots of the diagnostics of wrong specs, one for each code.
//! `INSTA_UPDATE=always cargo test -p spec --test wrong` writes the snapshots.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests of files; the crate itself reads none"
)]

use spec::{Code, LeftOut, Loaded, Options, SourceFile, Variables};
use std::collections::BTreeSet;
use std::fs;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");

/// The files of a folder below `tests`, by name.
fn files(folder: &str) -> Vec<SourceFile> {
    let mut files: Vec<SourceFile> = fs::read_dir(format!("{FOLDER}/{folder}"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| SourceFile {
            path: entry.file_name().into_string().unwrap().into(),
            bytes: fs::read(entry.path()).unwrap(),
        })
        .collect();
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

fn load(folder: &str) -> Loaded {
    // The file that an ignore rule leaves out.
    let (left_out, files) = files(folder)
        .into_iter()
        .partition::<Vec<_>, _>(|file| file.path == "left-out.yaml");
    let rule = |file| LeftOut {
        file,
        rule: ".gitignore:1".to_owned(),
    };
    let mut loaded = spec::load(
        files,
        &Options {
            left_out: left_out.into_iter().map(rule).collect(),
            variables: Variables::new([("SAIL_CLIENT_SECRET", "secret")]),
            other_tenants: if folder.ends_with("SM0427") {
                vec!["tenants/test.yaml".to_owned()]
            } else {
                Vec::new()
            },
            ..Options::default()
        },
    );
    // Few cases say how their tokens are rotated.
    if !folder.ends_with("SM0708") {
        loaded
            .diagnostics
            .retain(|found| found.code != spec::Code::EndsForGood);
    }
    loaded
}

/// The names of the folders of wrong specs, which are codes.
fn folders() -> BTreeSet<String> {
    fs::read_dir(format!("{FOLDER}/wrong"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "snapshots")
        .collect()
}

#[test]
fn every_code_that_needs_no_tenant_has_a_case() {
    let codes: BTreeSet<String> = Code::ALL
        .iter()
        .map(|code| code.as_str())
        .filter(|code| *code < "SM0900")
        .map(str::to_owned)
        .collect();
    assert_eq!(folders(), codes);
}

#[test]
fn every_case_says_what_its_code_says() {
    for folder in folders() {
        let loaded = load(&format!("wrong/{folder}"));
        let codes: BTreeSet<&str> = loaded
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.code.as_str())
            .collect();
        assert_eq!(codes, BTreeSet::from([folder.as_str()]));
        insta::with_settings!({
            snapshot_path => "wrong/snapshots",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_json_snapshot!(folder, loaded.diagnostics);
        });
    }
}

#[test]
fn labels_lie_on_the_bytes_that_they_name() {
    for folder in folders() {
        let folder = format!("wrong/{folder}");
        for diagnostic in load(&folder).diagnostics {
            assert!(!diagnostic.labels.is_empty(), "{folder}");
            for label in &diagnostic.labels {
                let file = files(&folder)
                    .into_iter()
                    .find(|file| file.path == label.file)
                    .unwrap();
                let before = &file.bytes[..label.span.start];
                let lines = before.split(|byte| *byte == b'\n').count();
                assert_eq!(label.line, lines, "{folder}");
                let marked = &file.bytes[label.span.start..label.span.end];
                assert!(marked.len() < 400, "{folder} marks too much");
                assert!(
                    !marked.starts_with(b" ") && !marked.ends_with(b"\n"),
                    "{folder} marks the space around something"
                );
            }
        }
    }
}

#[test]
fn twelve_mistakes_in_three_files_are_shown_at_once() {
    let loaded = load("twelve");
    let shown: Vec<String> = loaded
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let label = &diagnostic.labels[0];
            format!(
                "{} {}:{}:{} {}",
                diagnostic.code, label.file, label.line, label.column, diagnostic.message
            )
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
    assert_eq!(loaded.diagnostics.len(), 12);
    assert!(loaded.spec.is_none());
}
