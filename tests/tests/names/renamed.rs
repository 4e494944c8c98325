//! Combinations of changes after which one apply is enough.

use crate::setting::{FILE, enrolled, more, settled};

const ID: &str = "  - id: SA-001";

#[test]
fn planner_27_an_id_with_levels_and_tokens() {
    let (world, tenant) = enrolled();
    world.replace(FILE, ID, "  - id: SA-101\n    previously: {id: SA-001}");
    world.replace(FILE, "[REPORT_ADMIN]", "[HELPDESK]");
    world.replace(
        FILE,
        "          - sp:search:read",
        "          - idn:accounts:read",
    );
    world.replace(FILE, "        expires: 90d", "        expires: 80d");
    let apply = settled(&world, "--allow renameAccounts=1 --allow removeLevels=1");
    assert!(
        apply.stdout.contains("these steps follow"),
        "{}",
        apply.shown()
    );
    // The identity and the token are the same as before.
    let tokens = tenant.get("/personal-access-tokens/v1");
    let of_account = tokens.as_array().unwrap().iter();
    let names: Vec<&str> = of_account
        .filter(|token| token["owner"]["name"] == "audit01")
        .map(|token| token["name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn planner_27_another_uid_with_levels_and_tokens() {
    let (world, _tenant) = enrolled();
    world.replace(FILE, "uid: name", "uid: id");
    world.replace(FILE, "[REPORT_ADMIN]", "[HELPDESK]");
    settled(&world, "--allow renameAccounts=1 --allow removeLevels=1");
}

#[test]
fn planner_27_a_name_with_levels_and_email() {
    let (world, _tenant) = enrolled();
    world.replace(
        FILE,
        "    name: audit01",
        "    name: audit09\n    previously: {name: audit01}",
    );
    world.replace(FILE, "[REPORT_ADMIN]", "[HELPDESK]");
    world.replace(FILE, "iam-automation@", "another@");
    more(&world, &[("SA-2", "beside")]);
    settled(&world, "--allow renameAccounts=1 --allow removeLevels=1");
}

#[test]
fn planner_27_a_row_put_back_while_its_identity_is_still_there() {
    let (world, tenant) = enrolled();
    tenant.simulator().with_tenant(|tenant| {
        tenant
            .remove_account_out_of_band("Service Accounts", "SA-001")
            .unwrap();
    });
    world.replace(FILE, "        expires: 90d", "        expires: 80d");
    // The identity is left, so that the list of accounts could be short.
    settled(&world, "--allow missingAccounts=1");
}

#[test]
fn planner_27_a_saved_plan_leaves_what_follows_to_the_next() {
    let (world, _tenant) = enrolled();
    world.replace(FILE, ID, "  - id: SA-101\n    previously: {id: SA-001}");
    world.replace(FILE, "        expires: 90d", "        expires: 80d");
    let _ = world
        .steersman("plan guide --save plan.json --allow renameAccounts=1")
        .exits(0);
    let apply = world
        .steersman("apply guide --plan plan.json --allow renameAccounts=1")
        .exits(0);
    assert!(
        apply.stderr.contains("became possible with this apply"),
        "{}",
        apply.shown()
    );
    settled(&world, "");
}

#[test]
fn planner_26_profile_names_that_are_passed_on() {
    let (world, _tenant) = enrolled();
    let second = |profile: &str| {
        format!(
            "steersman: v1\nsources:\n  - name: Another\n    owner: jane.doe\n    identityProfile: {{name: {profile}, mappings: {{uid: name, email: e-mail, lastname: name, firstname: name}}}}\n"
        )
    };
    world.write("guide/second.yaml", second("Another"));
    world.replace(
        FILE,
        "    name: audit01",
        "    source: Service Accounts\n    name: audit01",
    );
    settled(&world, "");
    world.replace(
        FILE,
        "      name: Service Accounts",
        "      name: Identities",
    );
    world.write("guide/second.yaml", second("Service Accounts"));
    settled(&world, "");
    // And back, in the other order.
    world.write("guide/second.yaml", second("Another"));
    world.replace(
        FILE,
        "      name: Identities",
        "      name: Service Accounts",
    );
    settled(&world, "");
}
