//! Plans of a job that may not ask stores, applied by one that may.

use crate::site::{FILE, FILES, TOKEN, blocked, enroll, plan, run, state, steps};
use tests::{World, world};

/// The guide, whose store is made of two scripts.
fn with_programs() -> World {
    let world = world!();
    world.example("guide");
    world.write(
        "tools/put.sh",
        r#"mkdir -p ".steersman/secrets/${1%/*}"; cat > ".steersman/secrets/$1""#,
    );
    world.write(
        "tools/get.sh",
        r#"if test -e ".steersman/secrets/$1"; then cat ".steersman/secrets/$1"; fi"#,
    );
    world.replace(
        FILE,
        FILES,
        "local: {command: {put: [sh, tools/put.sh, '{key}'], get: [sh, tools/get.sh, '{key}']}}",
    );
    enroll(&world, "--allow-commands");
    world
}

const SAVED: &str = "apply --plan saved.json --allow-commands";

#[test]
fn planner_17_a_plan_of_a_job_that_may_not_ask_covers_the_apply_of_one_that_may() {
    let world = with_programs();
    let (document, _) = plan(&world, "--save saved.json");
    assert_eq!(state(&document), "notAsked");
    assert_eq!(
        steps(&document),
        ["create token/SA-001/monthly-report notInTenant"]
    );
    let assumed = &document["steps"][0]["assuming"];
    assert_eq!(assumed.as_array().unwrap().len(), 2, "{assumed}");
    let _ = run(&world, "plan")
        .exits(0)
        .says("assumes the secret at local:audit01/issuer")
        .says("2 not asked");
    // An apply that may not ask blocks it, and one that may does it.
    let _ = run(&world, "apply --auto-approve")
        .exits(0)
        .says("the store `local` was not asked");
    assert!(!world.path(TOKEN).exists());
    let _ = run(&world, SAVED).exits(0);
    assert!(world.path(TOKEN).exists());
    for words in ["", "--allow-commands"] {
        let _ = run(&world, &format!("plan --detailed-exitcode {words}")).exits(0);
    }
}

#[test]
fn planner_17_what_the_saved_plan_assumed_and_is_not_there_is_blocked() {
    let world = with_programs();
    let _ = run(&world, "apply --auto-approve --allow-commands").exits(0);
    std::fs::remove_file(world.path(TOKEN)).unwrap();
    world.replace(FILE, "REPORT_ADMIN]", "REPORT_ADMIN, SOURCE_SUBADMIN]");
    let (document, _) = plan(&world, "--save saved.json");
    assert_eq!(steps(&document), ["update levels/SA-001 fieldsDiffer"]);
    // The rest of what was approved is done, and nothing that was not.
    let applied = run(&world, SAVED);
    assert_eq!(applied.code, 0, "{}", applied.shown());
    let _ = applied.says("made without asking the store");
    assert!(!world.path(TOKEN).exists());
    let (document, code) = plan(&world, "--allow-commands");
    assert_eq!(code, 2);
    assert!(blocked(&document).is_empty());
    assert_eq!(
        steps(&document),
        ["replace token/SA-001/monthly-report deliveryMissing"]
    );
}
