//! What cannot work is refused before the first write, with the remedy.

use crate::setting::{FILE, account, applied, more, settled};
use tests::{SimulatedTenant, World};

/// Plan and apply refuse with this code and this remedy, and write nothing.
fn refuses(world: &World, tenant: &SimulatedTenant, code: &str, remedy: &str) {
    for command in ["plan guide", "apply guide --auto-approve"] {
        let run = world.steersman(command).exits(1);
        assert!(run.stderr.contains(code), "{}", run.shown());
        assert!(run.stderr.contains(remedy), "{}", run.shown());
    }
    assert_eq!(tenant.writes(), Vec::<String>::new());
}

#[test]
fn planner_24_names_of_other_rows_are_refused_at_once() {
    let (world, tenant) = applied();
    more(&world, &[("SA-1", "one"), ("SA-2", "two")]);
    settled(&world, "");
    tenant.simulator().clear_requests();

    more(&world, &[("SA-1", "two"), ("SA-2", "one")]);
    refuses(&world, &tenant, "SM0911", "temporary name");
    more(
        &world,
        &[("SA-1", "three"), ("SA-2", "two"), ("SA-3", "one")],
    );
    refuses(&world, &tenant, "SM0911", "apply the change of SA-1 first");
    more(&world, &[("SA-9", "one"), ("SA-2", "two")]);
    refuses(&world, &tenant, "SM0911", "previously: {id: SA-1}");

    // The remedies work.
    let with = account("SA-9", "one").replace("    name", "    previously: {id: SA-1}\n    name");
    world.write(
        "guide/more.yaml",
        format!(
            "steersman: v1\nserviceAccounts:\n{with}{}",
            account("SA-2", "two")
        ),
    );
    settled(&world, "--allow renameAccounts=1");
    more(&world, &[("SA-9", "temporary"), ("SA-2", "two")]);
    settled(&world, "--allow renameAccounts=1");
    more(&world, &[("SA-9", "temporary"), ("SA-2", "one")]);
    settled(&world, "--allow renameAccounts=1");
    more(&world, &[("SA-9", "two"), ("SA-2", "one")]);
    settled(&world, "--allow renameAccounts=1");
}

#[test]
fn planner_06_an_account_that_moves_is_refused_and_two_of_one_name_are_an_error() {
    let (world, tenant) = applied();
    let second = "steersman: v1\nsources:\n  - name: Second\n    owner: jane.doe\n    deleteThreshold: 100\n    identityProfile: {name: Second, mappings: {uid: name, email: e-mail, lastname: name, firstname: name}}\n";
    world.write("guide/second.yaml", second);
    // The guide's account does not say where it is.
    world.replace(
        FILE,
        "    name: audit01",
        "    source: Service Accounts\n    name: audit01",
    );
    settled(&world, "");
    tenant.simulator().clear_requests();

    world.replace(
        FILE,
        "    source: Service Accounts\n    name: audit01",
        "    source: Second\n    name: audit01",
    );
    refuses(
        &world,
        &tenant,
        "SM0911",
        "remove it from \"Service Accounts\"",
    );

    world.replace(
        FILE,
        "    source: Second\n    name: audit01",
        "    source: Service Accounts\n    name: audit01",
    );
    let same = account("SA-2", "Audit01").replace("Service Accounts", "Second");
    world.write(
        "guide/more.yaml",
        format!("steersman: v1\nserviceAccounts:\n{same}"),
    );
    let run = world.steersman("validate guide").exits(1);
    assert!(run.stderr.contains("SM0430"), "{}", run.shown());
    assert!(
        run.stderr.contains("guide/more.yaml:") && run.stderr.contains("steersman.yaml:"),
        "{}",
        run.shown()
    );
}

#[test]
fn planner_23_a_source_with_another_name_is_not_made_again() {
    let (world, tenant) = applied();
    world.replace(FILE, "  - name: Service Accounts", "  - name: Robots");
    refuses(
        &world,
        &tenant,
        "SM0912",
        "rename it back there or write \"Service Accounts\"",
    );
}
