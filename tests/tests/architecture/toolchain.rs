//! Pinned tools: one Rust version everywhere, and workflow actions by commit.

use crate::repository;
use crate::{assert_none, assert_one};
use toml::Table;

/// What differs between `rust-version` in Cargo.toml and `rust-toolchain.toml`.
fn version_complaints(manifest: &str, toolchain: &str) -> Vec<String> {
    let declared = text(manifest, &["workspace", "package", "rust-version"]);
    let used = text(toolchain, &["toolchain", "channel"]);
    match (declared, used) {
        (Some(declared), Some(used)) if used.starts_with(&format!("{declared}.")) => Vec::new(),
        (declared, used) => vec![format!(
            "rust-toolchain.toml has the channel {used:?}, Cargo.toml the rust-version {declared:?}"
        )],
    }
}

fn text(file: &str, path: &[&str]) -> Option<String> {
    let table: Table = file.parse().ok()?;
    let (last, tables) = path.split_last()?;
    let mut at = &table;
    for name in tables {
        at = at.get(*name)?.as_table()?;
    }
    Some(at.get(*last)?.as_str()?.to_owned())
}

/// Actions that a workflow takes by a tag or a branch, which can be moved to
/// other code. Actions of this repository (`./…`) need no commit.
fn action_complaints(path: &str, workflow: &str) -> Vec<String> {
    workflow
        .lines()
        .filter_map(|line| {
            let line = line.trim().trim_start_matches("- ");
            let action = line.strip_prefix("uses:")?.split('#').next()?.trim();
            let commit = action.rsplit_once('@').map(|(_, commit)| commit);
            let pinned = commit.is_some_and(|commit| {
                commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit())
            });
            (!pinned && !action.starts_with("./"))
                .then(|| format!("{path}: {action} is not pinned by its commit"))
        })
        .collect()
}

#[test]
fn the_toolchain_is_the_version_that_the_manifest_declares() {
    let manifest = repository::read("Cargo.toml").unwrap();
    let toolchain = repository::read("rust-toolchain.toml").unwrap();
    assert_none(&version_complaints(&manifest, &toolchain));
}

#[test]
fn workflows_take_actions_by_commit() {
    let workflows: Vec<String> = repository::files()
        .unwrap()
        .into_iter()
        .filter(|path| path.starts_with(".github/workflows/"))
        .collect();
    assert!(!workflows.is_empty(), "no workflow was found");
    let complaints: Vec<String> = workflows
        .iter()
        .flat_map(|path| action_complaints(path, &repository::read(path).unwrap()))
        .collect();
    assert_none(&complaints);
}

#[test]
fn other_versions_and_actions_are_complained_of() {
    let manifest = "[workspace.package]\nrust-version = '1.95'";
    for channel in ["stable", "1.94.0", "1.9.5", "1.951.0"] {
        let toolchain = format!("[toolchain]\nchannel = '{channel}'");
        assert_one(&version_complaints(manifest, &toolchain), &[channel]);
    }
    let good = "[toolchain]\nchannel = '1.95.0'";
    assert_none(&version_complaints(manifest, good));

    for action in ["a/b@v4", "a/b@main", "a/b", "a/b@3d3c42e5aac5ba805825"] {
        let workflow = format!("steps:\n  - uses: {action} # v4");
        assert_one(&action_complaints("ci.yml", &workflow), &[action]);
    }
    assert_none(&action_complaints(
        "ci.yml",
        "- uses: a/b@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7\n- uses: ./action",
    ));
}
