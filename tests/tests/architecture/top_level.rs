//! What may stand at the top of the repository.

use crate::repository;
use crate::{assert_none, assert_one};
use std::collections::BTreeSet;

/// The entries of the design, beside files and folders whose name begins with
/// a dot.
const NAMED: &[&str] = &[
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "SECURITY.md",
    "clippy.toml",
    "crates",
    "deny.toml",
    "docs",
    "examples",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "schemas",
    "tests",
];

/// The entries at the top that the design does not name.
fn complaints<'a>(paths: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let tops: BTreeSet<&str> = paths
        .into_iter()
        .filter_map(|path| path.split('/').next())
        .collect();
    tops.into_iter()
        .filter(|top| !top.starts_with('.') && !NAMED.contains(top))
        .map(|top| format!("{top}: nothing of this name belongs at the top"))
        .collect()
}

#[test]
fn nothing_else_stands_at_the_top() {
    let files = repository::files().unwrap();
    assert!(files.iter().any(|path| path == "Cargo.toml"), "{files:?}");
    assert_none(&complaints(files.iter().map(String::as_str)));
}

#[test]
fn anything_else_is_complained_of() {
    for path in [
        "src/main.rs",
        "scripts/build.sh",
        "notes.md",
        "Makefile",
        "LICENSE",
    ] {
        let top = path.split('/').next().unwrap();
        assert_one(&complaints([path, "README.md"]), &[top]);
    }
    assert_none(&complaints([
        ".ci/run",
        ".gitignore",
        "Cargo.lock",
        "crates/model/src/lib.rs",
        "docs/notes.md",
    ]));
}
