//! Every crate that is used has its reason in `docs/dependencies.md`.

use crate::manifests::dependencies;
use crate::repository;
use crate::{assert_none, assert_one};
use std::collections::BTreeSet;
use toml::{Table, Value};

/// Crates without a reason, reasons without a crate, and reasons given twice.
fn complaints(used: &BTreeSet<String>, notes: &str) -> Vec<String> {
    let noted = noted(notes);
    let unique: BTreeSet<&String> = noted.iter().collect();
    let missing = used
        .iter()
        .filter(|name| !unique.contains(name))
        .map(|name| format!("docs/dependencies.md does not say why {name} is used"));
    let stale = unique
        .iter()
        .filter(|name| !used.contains(**name))
        .map(|name| format!("docs/dependencies.md speaks of {name}, which is not used"));
    let twice = unique
        .iter()
        .filter(|name| {
            noted
                .iter()
                .filter(|other| other.as_str() == name.as_str())
                .count()
                > 1
        })
        .map(|name| format!("docs/dependencies.md lists {name} twice"));
    missing.chain(stale).chain(twice).collect()
}

/// The crates of the tables: rows that begin with a name in backticks and give
/// a reason.
fn noted(notes: &str) -> Vec<String> {
    notes
        .lines()
        .filter_map(|line| {
            let (name, reason) = line.strip_prefix("| `")?.split_once("` | ")?;
            (!reason.trim_matches(['|', ' ']).is_empty()).then(|| name.to_owned())
        })
        .collect()
}

/// The workspace's dependencies that are not its own crates.
fn used(manifest: &str) -> Result<BTreeSet<String>, String> {
    let table: Table = manifest
        .parse()
        .map_err(|error: toml::de::Error| error.to_string())?;
    let dependencies = table
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies"))
        .and_then(Value::as_table)
        .ok_or("the workspace has no dependencies")?;
    Ok(dependencies
        .iter()
        .filter(|(_, value)| value.get("path").is_none())
        .map(|(name, _)| name.clone())
        .collect())
}

#[test]
fn every_dependency_has_its_reason() {
    let used = used(&repository::read("Cargo.toml").unwrap()).unwrap();
    assert!(used.contains("serde"), "{used:?}");
    assert_none(&complaints(
        &used,
        &repository::read("docs/dependencies.md").unwrap(),
    ));
}

#[test]
fn every_dependency_is_used_by_a_crate() {
    let used = used(&repository::read("Cargo.toml").unwrap()).unwrap();
    let manifests: Vec<Table> = repository::files()
        .unwrap()
        .iter()
        .filter(|path| path.ends_with("/Cargo.toml"))
        .map(|path| repository::read(path).unwrap().parse().unwrap())
        .collect();
    let idle: Vec<String> = used
        .into_iter()
        .filter(|name| {
            !manifests
                .iter()
                .any(|manifest| dependencies(manifest).any(|(taken, _)| taken == name))
        })
        .map(|name| format!("{name} is in the workspace's Cargo.toml, and no crate takes it"))
        .collect();
    assert_none(&idle);
}

#[test]
fn missing_stale_and_doubled_notes_are_complained_of() {
    let used = BTreeSet::from(["serde".to_owned()]);
    let cases = [
        ("", "why serde"),
        ("| `serde` | |", "why serde"),
        ("serde is used because", "why serde"),
        ("| `serde` | reads |\n| `rand` | dice |", "rand"),
        ("| `serde` | reads |\n| `serde` | writes |", "serde twice"),
    ];
    for (notes, word) in cases {
        assert_one(&complaints(&used, notes), &[word]);
    }
    assert_none(&complaints(
        &used,
        "| crate | why |\n|---|---|\n| `serde` | reads |",
    ));
}

#[test]
fn crates_of_the_workspace_need_no_reason() {
    let manifest = "[workspace.dependencies]\nmodel = {path = 'crates/model'}\nserde = '1'";
    assert_eq!(
        used(manifest).unwrap(),
        BTreeSet::from(["serde".to_owned()])
    );
    used("[workspace]").unwrap_err();
}
