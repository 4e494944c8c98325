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

/// Two runs over the same state of a simulated tenant write the same bytes, but for the time,
/// and name the tenant and the paths that were given.
#[test]
fn plans_of_a_simulated_tenant_are_the_same_in_every_run() {
    let world = tests::world!();
    world.example("guide");
    let _ = world
        .steersman("apply guide --simulate=t.json --auto-approve")
        .exits(0);
    let files = ["text", "json", "markdown", "html"];
    let plan = |number: usize| {
        let out: Vec<String> = files
            .iter()
            .map(|format| format!("--out {format}={number}.{format}"))
            .collect();
        let words = format!("plan guide --simulate=t.json {}", out.join(" "));
        let run = world.steersman(&words).exits(0);
        let texts = files.map(|format| world.read(&format!("{number}.{format}")));
        // Only the time of the plan is another.
        let redacted = texts.each_ref().map(|text| run.redacted(text));
        (texts, redacted)
    };
    let (first, redacted) = plan(1);
    assert_eq!(redacted, plan(2).1);
    for (format, text) in files.iter().zip(&first) {
        assert!(text.contains("simulated tenant t.json"), "{format}: {text}");
        assert!(!text.contains("127.0.0.1"), "{format}: {text}");
        if *format != "json" {
            for command in ["enroll audit01 guide", "apply guide"] {
                let command = format!("steersman {command} --simulate=t.json");
                assert!(text.contains(&command), "{format}, {command}: {text}");
            }
        }
    }
}
