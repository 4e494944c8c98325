//! Checking files without a tenant, in every format.

use serde_json::Value;
use tests::{World, world};

fn wrong() -> World {
    let world = world!();
    world.example("guide");
    world.replace("guide/steersman.yaml", "sp:search:read", "sp:serch:read");
    world.replace(
        "guide/steersman.yaml",
        "owner: jane.doe",
        "ownr: ${NOBODY_SET_THIS}",
    );
    world
}

#[test]
fn problems_in_each_format() {
    let world = wrong();
    insta::assert_snapshot!("text", world.steersman("validate guide").exits(1).shown());
    let github = world.steersman("validate guide --format github").exits(1);
    insta::assert_snapshot!("github", github.shown());
    for (format, list) in [("json", "/diagnostics"), ("sarif", "/runs/0/results")] {
        let run = world
            .steersman(&format!("validate guide --format {format}"))
            .exits(1);
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        let count = document.pointer(list).unwrap().as_array().unwrap().len();
        assert!(count >= 2, "{format}: {document:#}");
    }
}

#[test]
fn variables_may_be_mocked_and_codes_allowed() {
    let world = world!();
    world.example("guide");
    world.replace(
        "guide/steersman.yaml",
        "owner: jane.doe",
        "owner: ${NOBODY_SET_THIS}",
    );
    let _ = world.steersman("validate guide").exits(1);
    let _ = world.steersman("validate guide --mock-variables").exits(0);
    let _ = world
        .steersman("validate guide --var NOBODY_SET_THIS=jane.doe")
        .exits(0);

    world.replace(
        "guide/steersman.yaml",
        "[REPORT_ADMIN]",
        "[REPORT_ADMIN, ACME_AUDITOR]",
    );
    let warned = world.steersman("validate guide --mock-variables").exits(0);
    let code = warned
        .stderr
        .lines()
        .find_map(|line| Some(line.strip_prefix("warning[SM")?.split_once("]:")?.0))
        .unwrap();
    let _ = world
        .steersman("validate guide --mock-variables --deny warnings")
        .exits(1);
    let _ = world
        .steersman(&format!(
            "validate guide --mock-variables --deny warnings --allow SM{code}"
        ))
        .exits(0);
    let _ = world.steersman("validate guide --allow SM0102").exits(64);
}

#[test]
fn a_code_is_explained() {
    let world = world!();
    insta::assert_snapshot!(
        "explained",
        world.steersman("explain SM0201").exits(0).shown()
    );
    let all = world.steersman("explain").exits(0);
    assert!(all.stdout.lines().count() > 50, "{}", all.shown());
    let _ = world.steersman("explain SM9999").exits(64);
}
