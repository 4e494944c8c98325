//! What every crate's Cargo.toml says: the rules of the house and versions that
//! are stated once.

use crate::repository;
use crate::{assert_none, assert_one};
use std::iter;
use toml::{Table, Value};

/// What is wrong with a member's manifest.
fn complaints(path: &str, manifest: &str) -> Vec<String> {
    let table: Table = match manifest.parse() {
        Ok(table) => table,
        Err(error) => return vec![format!("{path}: {error}")],
    };
    let mut complaints = Vec::new();
    if !is_inherited(table.get("lints")) {
        complaints.push(format!(
            "{path}: the crate does not take the workspace's lints (`[lints] workspace = true`)"
        ));
    }
    for (name, value) in dependencies(&table) {
        if !is_inherited(Some(value)) {
            complaints.push(format!(
                "{path}: the version of {name} belongs into the workspace's Cargo.toml"
            ));
        }
    }
    if table.contains_key("build-dependencies")
        || table
            .get("package")
            .and_then(|package| package.get("build"))
            .is_some()
    {
        complaints.push(format!(
            "{path}: crates of this workspace have no build script"
        ));
    }
    complaints
}

/// All dependencies of a manifest, of any kind and for any platform.
pub(crate) fn dependencies(manifest: &Table) -> impl Iterator<Item = (&String, &Value)> {
    let platforms = manifest
        .get("target")
        .and_then(Value::as_table)
        .into_iter()
        .flatten()
        .filter_map(|(_, platform)| platform.as_table());
    iter::once(manifest)
        .chain(platforms)
        .flat_map(|table| {
            ["dependencies", "dev-dependencies", "build-dependencies"]
                .into_iter()
                .filter_map(|kind| table.get(kind)?.as_table())
        })
        .flatten()
}

fn is_inherited(value: Option<&Value>) -> bool {
    value
        .and_then(|value| value.get("workspace"))
        .and_then(Value::as_bool)
        .unwrap_or(false)
}

#[test]
fn every_crate_takes_lints_and_versions_from_the_workspace() {
    let manifests: Vec<String> = repository::files()
        .unwrap()
        .into_iter()
        .filter(|path| path.ends_with("/Cargo.toml"))
        .collect();
    assert!(manifests.len() >= 9, "{manifests:?}");
    let complaints: Vec<String> = manifests
        .iter()
        .flat_map(|path| complaints(path, &repository::read(path).unwrap()))
        .collect();
    assert_none(&complaints);
}

#[test]
fn no_crate_has_a_build_script() {
    let scripts: Vec<String> = repository::files()
        .unwrap()
        .into_iter()
        .filter(|path| path.ends_with("/build.rs") && path.matches('/').count() == 2)
        .collect();
    assert_none(&scripts);
}

#[test]
fn other_manifests_are_complained_of() {
    let cases = [
        ("", "lints"),
        ("[lints]\nworkspace = false", "lints"),
        ("[lints.clippy]\npedantic = 'warn'", "lints"),
        (
            "[lints]\nworkspace = true\n[dependencies]\nserde = '1'",
            "version of serde",
        ),
        (
            "[lints]\nworkspace = true\n[dev-dependencies]\ninsta = {version = '1'}",
            "version of insta",
        ),
        (
            "[lints]\nworkspace = true\n[target.'cfg(unix)'.dependencies]\nlibc = '1'",
            "version of libc",
        ),
        (
            "[lints]\nworkspace = true\n[build-dependencies]\ncc.workspace = true",
            "build script",
        ),
        (
            "[lints]\nworkspace = true\n[package]\nbuild = 'make.rs'",
            "build script",
        ),
        ("[lints", "x/Cargo.toml"),
    ];
    for (manifest, word) in cases {
        assert_one(&complaints("x/Cargo.toml", manifest), &[word]);
    }
    assert_none(&complaints(
        "x/Cargo.toml",
        "[lints]\nworkspace = true\n[dependencies]\nserde.workspace = true",
    ));
}
