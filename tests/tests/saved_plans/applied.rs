//! A saved plan is applied as it was saved, and once.

use crate::small::{changed, is_refused, is_settled, saved, set_levels};
use tests::SimulatedTenant;

#[test]
fn a_saved_plan_is_applied_exactly_and_without_a_question() {
    let (world, tenant) = changed();
    let plan = world.steersman("plan spec --save p.json").exits(0);
    insta::assert_snapshot!(plan.shown());
    assert_eq!(tenant.writes(), Vec::<String>::new());
    let apply = world.steersman("apply spec --plan p.json").exits(0);
    insta::assert_snapshot!(apply.shown());
    let writes = tenant.writes();
    assert_eq!(writes.len(), 2, "{writes:?}");
    assert!(
        writes
            .iter()
            .all(|write| write.starts_with("PATCH /auth-users/v1/")),
        "{writes:?}"
    );
    is_settled(&world);
}

#[test]
fn the_file_is_private_whole_and_without_a_secret() {
    let (world, tenant) = saved();
    let secret = tenant
        .variables()
        .into_iter()
        .find(|(name, _)| name == "SAIL_CLIENT_SECRET")
        .unwrap()
        .1;
    assert!(!world.read("p.json").contains(&secret));
    assert_eq!(mode(&world.path("p.json")), 0o600);
    let files: Vec<_> = std::fs::read_dir(world.folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("p.json"))
        .collect();
    assert_eq!(files, ["p.json"]);

    // A plan that is saved over another takes its place, with the same mode.
    let first = world.read("p.json");
    let _ = world.steersman("plan spec --save p.json").exits(0);
    assert_ne!(first, world.read("p.json"));
    assert_eq!(mode(&world.path("p.json")), 0o600);
}

#[test]
fn a_plan_that_cannot_be_written_is_an_error() {
    let (world, _tenant) = changed();
    let run = world.steersman("plan spec --save nowhere/p.json").exits(1);
    assert!(
        run.stderr.contains("cannot write nowhere/p.json"),
        "{run:?}"
    );
}

#[test]
fn a_plan_applied_twice() {
    let (world, tenant) = saved();
    std::fs::copy(world.path("p.json"), world.path("copy.json")).unwrap();
    let _ = world.steersman("apply spec --plan p.json").exits(0);
    // Somebody puts it back as it was, so that the plan would fit again.
    for robot in ["robot1", "robot2"] {
        set_levels(&tenant, robot, &["HELPDESK"]);
    }
    tenant.simulator().clear_requests();
    insta::assert_snapshot!("a_plan_applied_twice", is_refused(&world, &tenant).shown());

    // A copy of the file, such as a workflow fetches, has no mark beside it.
    let copy = world.steersman("apply spec --plan copy.json").exits(5);
    insta::assert_snapshot!("a_copy_applied_after_the_plan", copy.shown());
    assert_eq!(tenant.writes(), Vec::<String>::new());

    // A new plan is a new approval.
    let _ = world.steersman("plan spec --save p.json").exits(0);
    let _ = world.steersman("apply spec --plan p.json").exits(0);
    is_settled(&world);
}

#[test]
fn a_plan_of_which_nothing_is_left() {
    let (world, tenant) = saved();
    let _ = world
        .steersman("apply spec --auto-approve --journal other.jsonl")
        .exits(0);
    tenant.simulator().clear_requests();
    insta::assert_snapshot!(is_refused(&world, &tenant).shown());
    is_settled(&world);
}

#[test]
fn a_plan_that_cannot_be_marked_as_used_is_not_applied() {
    let (world, tenant) = saved();
    std::fs::create_dir(world.path("p.json.used")).unwrap();
    let _ = is_refused(&world, &tenant);
}

#[test]
fn a_plan_without_steps_is_done_at_once_and_any_number_of_times() {
    let (world, _tenant) = changed();
    let _ = world.steersman("apply spec --auto-approve").exits(0);
    let _ = world.steersman("plan spec --save p.json").exits(0);
    let _ = world.steersman("apply spec --plan p.json").exits(0);
    let _ = world.steersman("apply spec --plan p.json").exits(0);
}

#[test]
fn a_simulated_tenant_that_is_kept_can_be_planned_and_applied_by_two_commands() {
    let (world, _tenant) = changed();
    let _ = world
        .steersman("plan spec --simulate=t.json --save p.json")
        .exits(0);
    let _ = world
        .steersman("apply spec --plan p.json --simulate=t.json")
        .exits(0);
    let _ = world
        .steersman("plan spec --simulate=t.json --detailed-exitcode")
        .exits(0);
    let run = world
        .steersman("plan spec --simulate --save p.json")
        .exits(64);
    assert!(run.stderr.contains("keep the tenant"), "{run:?}");
}

#[test]
fn two_runs_at_once_do_not_both_use_a_plan() {
    let (world, tenant) = saved();
    let start = |journal: &str| {
        world
            .command()
            .args(["apply", "spec", "--plan", "p.json", "--journal", journal])
            .spawn()
            .unwrap()
    };
    let runs = [start("one.jsonl"), start("two.jsonl")];
    let codes: Vec<_> = runs
        .into_iter()
        .map(|mut run| run.wait().unwrap().code().unwrap())
        .collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [0, 5], "{codes:?}");
    assert_eq!(tenant.writes().len(), 2);
    is_settled(&world);
}

#[test]
fn a_plan_that_was_applied_in_part_is_used_and_a_new_one_goes_on() {
    let (world, tenant) = saved();
    refuse_one_change(&tenant);
    let apply = world.steersman("apply spec --plan p.json").exits(3);
    assert!(
        apply.stderr.contains("save a new plan to go on"),
        "{apply:?}"
    );
    tenant.simulator().set_faults(simulator::Faults::default());
    tenant.simulator().clear_requests();
    let _ = is_refused(&world, &tenant);
    let _ = world.steersman("plan spec --save p.json").exits(0);
    let _ = world.steersman("apply spec --plan p.json").exits(0);
    is_settled(&world);
}

/// ISC does not allow one of the two changes.
fn refuse_one_change(tenant: &SimulatedTenant) {
    let rule = simulator::FaultRule {
        fault: simulator::Fault::Status { status: 403 },
        operations: vec!["patchAuthUserV1".to_owned()],
        skip: 0,
        count: Some(1),
        probability: None,
    };
    tenant.simulator().set_faults(simulator::Faults {
        rules: vec![rule],
        seed: 0,
    });
}

#[cfg(unix)]
fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}
