//! An import makes the identities of its rows anew, by the mappings that the profile has.

use crate::setting::{APPLY, FILE, belongings, enrolled, lost, map_user_name};
use simulator::{Fault, FaultRule, Faults};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tests::World;

/// A cell changes that feeds no user name.
fn another_cell(world: &World) {
    world.replace(FILE, "    purpose: ", "    purpose: Other. ");
}

#[test]
fn no_row_is_imported_while_a_change_of_user_names_is_pending() {
    for selection in [
        "",
        " --only account/SA-001",
        " --only SA-001",
        " --only kind:account",
        " --except processing/*",
        " --except kind:profile",
    ] {
        // The file puts the mapping back, or says nothing of it.
        for declared in [true, false] {
            let (world, tenant) = enrolled();
            another_cell(&world);
            if !declared {
                world.replace(FILE, "{uid: name, ", "{");
            }
            map_user_name(&tenant, "id");
            tenant.simulator().clear_requests();
            let before = belongings(&tenant);
            let run = world.steersman(&format!("{APPLY}{selection}"));
            assert_eq!(
                lost(&before, &tenant),
                Vec::<String>::new(),
                "{}",
                run.shown()
            );
            assert_eq!(tenant.count("importAccountsV1"), 0, "{}", run.shown());
            let _ = run.says("an import would carry it out");
        }
    }
}

#[test]
fn rows_are_imported_once_the_change_is_undone() {
    let (world, tenant) = enrolled();
    another_cell(&world);
    map_user_name(&tenant, "id");
    let before = belongings(&tenant);
    let _ = world.steersman(APPLY);
    let _ = world.steersman(APPLY).exits(0);
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
    assert_eq!(lost(&before, &tenant), Vec::<String>::new());
    assert_eq!(tenant.count("importAccountsV1"), 1);
}

#[test]
fn a_change_after_the_plan_makes_the_import_stale() {
    let (world, tenant) = enrolled();
    another_cell(&world);
    world.replace(
        FILE,
        "Identities for integrations",
        "Accounts for integrations",
    );
    tenant.simulator().set_faults(Faults {
        rules: vec![FaultRule {
            fault: Fault::Slow {
                milliseconds: 1_500,
            },
            operations: vec!["updateSourceV1".to_owned()],
            skip: 0,
            count: Some(1),
            probability: None,
        }],
        seed: 1,
    });
    let words: Vec<&str> = APPLY.split(' ').collect();
    let child = world
        .command()
        .args(&words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(20);
    while tenant.count("updateSourceV1") == 0 {
        assert!(Instant::now() < patience, "the source was not changed");
        std::thread::sleep(Duration::from_millis(5));
    }
    map_user_name(&tenant, "id");
    let before = belongings(&tenant);
    let run = world.ended(&words, &child.wait_with_output().unwrap());
    assert_eq!(tenant.count("importAccountsV1"), 0, "{}", run.shown());
    assert_eq!(
        lost(&before, &tenant),
        Vec::<String>::new(),
        "{}",
        run.shown()
    );
    let text = format!("{}{}", run.stdout, run.stderr);
    assert!(
        text.contains(
            "the identity profile \"Service Accounts\" has changed since the plan was made"
        ),
        "{}",
        run.shown()
    );
}
