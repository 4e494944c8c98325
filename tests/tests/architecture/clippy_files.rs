//! A crate's own clippy.toml replaces the one at the top altogether, so what
//! holds for all has to be kept in step.

use crate::repository;
use crate::{assert_none, assert_one};
use std::collections::BTreeSet;
use toml::{Table, Value};

/// The crates that compute and do nothing else.
const PURE: &[&str] = &["adopt", "catalog", "model", "planner", "render", "spec"];

/// What a crate's file lacks of the settings at the top.
fn not_in_step(path: &str, top: &Table, own: &Table) -> Vec<String> {
    top.iter()
        .filter(|(key, value)| own.get(*key) != Some(*value))
        .map(|(key, _)| format!("{path}: {key} is not what clippy.toml at the top says"))
        .collect()
}

/// What a pure crate's file does not ban although another pure crate's does.
fn unequal_bans(files: &[(String, BTreeSet<String>)]) -> Vec<String> {
    let all: BTreeSet<&String> = files.iter().flat_map(|(_, bans)| bans).collect();
    files
        .iter()
        .flat_map(|(path, bans)| {
            all.iter()
                .filter(|ban| !bans.contains(**ban))
                .map(move |ban| format!("{path}: does not ban {ban}, and other pure crates do"))
        })
        .collect()
}

fn banned_methods(file: &Table) -> BTreeSet<String> {
    file.get("disallowed-methods")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|ban| ban.get("path").and_then(Value::as_str))
        .map(str::to_owned)
        .collect()
}

fn parsed(path: &str) -> Result<Table, String> {
    repository::read(path)?
        .parse()
        .map_err(|error| format!("{path}: {error}"))
}

#[test]
fn every_crate_keeps_the_settings_at_the_top() {
    let top = parsed("clippy.toml").unwrap();
    let own: Vec<String> = repository::files()
        .unwrap()
        .into_iter()
        .filter(|path| path.ends_with("/clippy.toml"))
        .collect();
    assert!(own.len() >= PURE.len(), "{own:?}");
    let complaints: Vec<String> = own
        .iter()
        .flat_map(|path| not_in_step(path, &top, &parsed(path).unwrap()))
        .collect();
    assert_none(&complaints);
}

#[test]
fn the_pure_crates_ban_clock_environment_and_files() {
    let files: Vec<(String, BTreeSet<String>)> = PURE
        .iter()
        .map(|name| format!("crates/{name}/clippy.toml"))
        .map(|path| {
            let bans = banned_methods(&parsed(&path).unwrap());
            (path, bans)
        })
        .collect();
    for (path, bans) in &files {
        for ban in [
            "std::time::SystemTime::now",
            "jiff::Timestamp::now",
            "std::env::var",
            "std::fs::read_to_string",
            "std::process::Command::new",
        ] {
            assert!(bans.contains(ban), "{path} does not ban {ban}");
        }
    }
    assert_none(&unequal_bans(&files));
}

#[test]
fn files_out_of_step_are_complained_of() {
    let top: Table = "allow-unwrap-in-tests = true\nwords = ['a']"
        .parse()
        .unwrap();
    let cases = [
        ("words = ['a']", "allow-unwrap-in-tests"),
        (
            "allow-unwrap-in-tests = false\nwords = ['a']",
            "allow-unwrap-in-tests",
        ),
        ("allow-unwrap-in-tests = true\nwords = ['a', 'b']", "words"),
    ];
    for (own, word) in cases {
        assert_one(&not_in_step("x", &top, &own.parse().unwrap()), &[word]);
    }
    let more: Table = "allow-unwrap-in-tests = true\nwords = ['a']\nmore = 1"
        .parse()
        .unwrap();
    assert_none(&not_in_step("x", &top, &more));
}

#[test]
fn a_ban_that_one_pure_crate_lacks_is_complained_of() {
    let bans = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    assert_one(
        &unequal_bans(&[
            ("one".to_owned(), bans(&["clock", "files"])),
            ("two".to_owned(), bans(&["clock"])),
        ]),
        &["two", "files"],
    );
    let file: Table = "disallowed-methods = [{path = 'clock', reason = 'pure'}]"
        .parse()
        .unwrap();
    assert_eq!(banned_methods(&file), bans(&["clock"]));
}
