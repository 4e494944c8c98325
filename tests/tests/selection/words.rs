//! What can be said after `--only` and `--except`.

use crate::tenant::three;
use tests::Run;

fn refused(words: &str) -> Run {
    let (world, tenant) = three();
    let run = world
        .steersman(&format!("apply spec.yaml --auto-approve {words}"))
        .exits(64);
    assert_eq!(tenant.writes(), Vec::<String>::new());
    run
}

#[test]
fn a_word_that_matches_nothing() {
    insta::assert_snapshot!(refused("--only robo1 --except A-2").shown());
    insta::assert_snapshot!(refused("--only robot1 --except Robots").shown());
    let run = refused("--except kind:level");
    assert!(run.stderr.contains("did you mean kind:levels?"), "{run:?}");
    let run = refused("--only A-[1");
    assert!(run.stderr.contains("invalid pattern"), "{run:?}");
}

#[test]
fn words_that_match_something() {
    let (world, _tenant) = three();
    for (words, steps) in [
        ("--only A-1", 3),
        ("--only robot*", 7),
        ("--only A-[12]", 5),
        ("--only {robot1,A-2}", 5),
        ("--only levels/A-1", 1),
        ("--only levels/*", 3),
        ("--only kind:account --except A-3", 2),
        ("--only A-1 --only levels/A-2", 4),
        // Declared, and as it should be.
        ("--only kind:schema", 0),
        ("--only source/Rob*", 0),
    ] {
        let code = if steps == 0 { 0 } else { 2 };
        let run = world
            .steersman(&format!(
                "plan spec.yaml --detailed-exitcode --save p.json {words}"
            ))
            .exits(code);
        let saved: serde_json::Value = serde_json::from_str(&world.read("p.json")).unwrap();
        let planned = saved["plan"]["steps"].as_array().unwrap().len();
        assert_eq!(planned, steps, "{words}: {}", run.shown());
    }
}
