//! Release builds: what their profile and their script have to say.

use crate::repository;
use crate::{assert_none, assert_one};
use toml::Table;

/// What a manifest's release profile lacks.
fn profile_complaints(manifest: &str) -> Vec<String> {
    let profile = manifest.parse::<Table>().ok().and_then(|table| {
        let profiles = table.get("profile")?.as_table()?.clone();
        profiles.get("release")?.as_table().cloned()
    });
    let is_on = |key: &str| {
        profile
            .as_ref()
            .and_then(|profile| profile.get(key)?.as_bool())
            == Some(true)
    };
    ["overflow-checks", "lto", "strip"]
        .into_iter()
        .filter(|key| !is_on(key))
        .map(|key| format!("Cargo.toml: `{key} = true` is missing in [profile.release]"))
        .collect()
}

/// The folders of a machine whose paths the script of a release has to replace, for Rust
/// and for C, and to look for in the binary.
fn script_complaints(script: &str) -> Vec<String> {
    let folders = [
        "$HOME",
        "$rustup_home",
        "$cargo_home",
        "$sysroot",
        "$top",
        "$target",
    ];
    let remapped = folders
        .iter()
        .filter(|folder| !script.contains(&format!("\"{folder}=/")))
        .map(|folder| format!("{folder} is not replaced"));
    let others = [
        "--remap-path-prefix=$pair",
        "export CARGO_ENCODED_RUSTFLAGS",
        "-ffile-prefix-map=$cargo_home=",
        "cargo build --locked --release",
        "for path in \"$top\" \"$cargo_home\" \"$rustup_home\" \"$target\" \"$HOME/\"",
        "exit 1",
    ];
    let missing = others
        .iter()
        .filter(|text| !script.contains(**text))
        .map(|text| format!("`{text}` is missing"));
    remapped
        .chain(missing)
        .map(|complaint| format!(".ci/release: {complaint}"))
        .collect()
}

#[test]
fn security_low_releases_check_overflows_and_have_no_build_paths() {
    assert_none(&profile_complaints(
        &repository::read("Cargo.toml").unwrap(),
    ));
    assert_none(&script_complaints(
        &repository::read(".ci/release").unwrap(),
    ));
    let workflow = repository::read(".github/workflows/ci.yml").unwrap();
    assert!(workflow.contains("- run: .ci/release"), "{workflow}");
}

#[test]
fn releases_without_them_are_complained_of() {
    let good = "[profile.release]\noverflow-checks = true\nlto = true\nstrip = true";
    assert_none(&profile_complaints(good));
    for (old, new) in [
        ("overflow-checks = true", "overflow-checks = false"),
        ("lto = true\n", ""),
        ("strip = true", "strip = \"none\""),
    ] {
        let complaint = old.split(' ').next().unwrap();
        assert_one(&profile_complaints(&good.replace(old, new)), &[complaint]);
    }
    assert_eq!(profile_complaints("[profile.dev]").len(), 3);
    let script = repository::read(".ci/release").unwrap();
    for (old, complaint) in [
        ("\"$cargo_home=/cargo\"", "$cargo_home is not replaced"),
        ("exit 1", "`exit 1` is missing"),
        ("--locked ", "cargo build --locked"),
    ] {
        assert_one(&script_complaints(&script.replace(old, "")), &[complaint]);
    }
}
