//! Deletions that nobody meant.

use crate::team::{applied, cut, delete_without_limits};

#[test]
fn an_emptied_spec() {
    let (world, tenant) = applied();
    delete_without_limits(&world);
    for file in [
        "team/governance.yaml",
        "team/operations.yaml",
        "team/people.yaml",
    ] {
        cut(&world, file, 0);
    }
    let apply = world.steersman("apply team --auto-approve").exits(4);
    assert!(apply.stdout.contains("emptySpec"), "{}", apply.shown());
    assert_eq!(tenant.writes(), Vec::<String>::new());
    // All but one of the counted number are not consent either.
    let _ = world
        .steersman("apply team --auto-approve --allow emptySpec=19")
        .exits(4);
    assert_eq!(tenant.writes(), Vec::<String>::new());
    // Consent by the counted number is for this once.
    let _ = world
        .steersman("apply team --auto-approve --allow emptySpec=20")
        .exits(0);
    let _ = world.steersman("plan team --detailed-exitcode").exits(0);
}

#[test]
fn a_file_that_was_not_checked_out() {
    let (world, tenant) = applied();
    world.replace(
        "team/steersman.yaml",
        "unmanaged: keep",
        "unmanaged: delete",
    );
    std::fs::remove_file(world.path("team/people.yaml")).unwrap();
    let apply = world.steersman("apply team --auto-approve").exits(4);
    assert!(apply.stdout.contains("deleteAccounts"), "{}", apply.shown());
    assert!(
        apply.stdout.contains("deleteThreshold"),
        "{}",
        apply.shown()
    );
    assert_eq!(tenant.writes(), Vec::<String>::new());
}

#[test]
fn deletions_in_small_bites_within_one_plan() {
    let (world, tenant) = applied();
    // Two of each source are within the limit of two; four in one plan are not.
    world.write(
        "team/second.yaml",
        "steersman: v1\nsources:\n  - name: Second\n    owner: jane.doe\n    deleteThreshold: 100\n    unmanaged: delete\n",
    );
    let second = |count: usize| {
        let rows: Vec<String> = (1..=count)
            .map(|number| format!("  - {{source: Second, id: S-{number}, name: second{number}, email: s@example.com, purpose: Test}}\n"))
            .collect();
        world.write(
            "team/rows.yaml",
            format!("steersman: v1\nserviceAccounts:\n{}", rows.concat()),
        );
    };
    for file in ["governance", "operations", "people"] {
        let file = format!("team/{file}.yaml");
        let text = world.read(&file);
        world.write(
            &file,
            text.replace("    name: ", "    source: Integration Accounts\n    name: "),
        );
    }
    second(4);
    let _ = world.steersman("apply team --auto-approve").exits(0);
    tenant.simulator().clear_requests();

    world.replace(
        "team/steersman.yaml",
        "unmanaged: keep",
        "unmanaged: delete",
    );
    second(2);
    cut(&world, "team/people.yaml", 3);
    let apply = world.steersman("apply team --auto-approve").exits(4);
    assert!(
        apply.stdout.contains("deletes 4 accounts"),
        "{}",
        apply.shown()
    );
    assert_eq!(tenant.writes(), Vec::<String>::new());
    let _ = world
        .steersman("apply team --auto-approve --allow deleteAccounts=4")
        .exits(0);
    let _ = world.steersman("plan team --detailed-exitcode").exits(0);
}
