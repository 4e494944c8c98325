//! Files are whole or untouched.

use crate::case::Case;

#[test]
fn a_file_that_is_there_is_replaced() {
    let case = Case::new("guide");
    case.world.write("plan.json", "an earlier one");
    let _ = case
        .world
        .steersman("plan guide --out json=plan.json")
        .exits(0);
    assert!(case.world.read("plan.json").starts_with("{\n"));
}

#[test]
fn what_is_no_file_is_written_straight() {
    let case = Case::new("guide");
    let run = case
        .world
        .steersman("plan guide --out json=/dev/stderr")
        .exits(0);
    assert!(
        run.stderr.contains("\"formatVersion\": 2"),
        "{}",
        run.shown()
    );
}

#[test]
fn a_folder_that_is_missing_is_an_error_with_its_path() {
    let case = Case::new("guide");
    let run = case
        .world
        .steersman("plan guide --out json=nowhere/plan.json")
        .exits(1);
    insta::assert_snapshot!(run.shown());
}
