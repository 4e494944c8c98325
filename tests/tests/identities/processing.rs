//! "Apply Changes" applies every change of the profile that is pending, whoever made it.

use crate::setting::{
    APPLY, FILE, belongings, change, enrolled, lost, map_user_name, more, profile,
};
use serde_json::json;
use simulator::{Fault, FaultRule, Faults};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tests::{SimulatedTenant, World};

const PROCESSING: &str = "POST /identity-profiles/v1/{id}/process-identities";

/// The files say nothing of the user name.
fn undeclared(world: &World) {
    world.replace(FILE, "{uid: name, ", "{");
}

fn was_processed(tenant: &SimulatedTenant) -> bool {
    let writes = tenant.writes();
    writes
        .iter()
        .any(|write| write.ends_with("process-identities"))
}

/// The plan names each account that would get another user name, and the guard refuses it.
fn is_refused(world: &World, tenant: &SimulatedTenant) {
    let before = belongings(tenant);
    for command in ["plan guide", APPLY] {
        let run = world
            .steersman(command)
            .exits(4)
            .says("SA-001: audit01 → SA-001")
            .says("SA-003: sa003 → SA-003")
            .says("the plan renames 3 accounts of 3; the limit is 0");
        assert!(run.stdout.contains("irreversible"), "{}", run.shown());
    }
    assert_eq!(tenant.writes(), Vec::<String>::new());
    assert_eq!(lost(&before, tenant), Vec::<String>::new());
}

#[test]
fn a_pending_change_of_somebody_else_is_shown_and_refused() {
    let (world, tenant) = enrolled();
    undeclared(&world);
    map_user_name(&tenant, "id");
    tenant.simulator().clear_requests();
    is_refused(&world, &tenant);

    // It is applied with consent, and one apply is enough.
    let _ = world
        .steersman(&format!("{APPLY} --allow renameAccounts=3"))
        .exits(0);
    let plan = world.steersman("plan guide --detailed-exitcode");
    assert!(!plan.stdout.contains("user levels"), "{}", plan.shown());
}

#[test]
fn an_identity_that_a_list_lacks_is_not_taken_for_gone() {
    for fault in [Fault::EmptyList, Fault::ShortList] {
        let (world, tenant) = enrolled();
        undeclared(&world);
        map_user_name(&tenant, "id");
        tenant.simulator().clear_requests();
        tenant.simulator().set_faults(Faults {
            rules: vec![FaultRule {
                fault,
                operations: vec!["listIdentitiesV1".to_owned()],
                skip: 0,
                count: None,
                probability: None,
            }],
            seed: 1,
        });
        is_refused(&world, &tenant);
    }
}

#[test]
fn a_pending_change_is_undone_where_the_files_declare_the_user_name() {
    let (world, tenant) = enrolled();
    map_user_name(&tenant, "id");
    let before = belongings(&tenant);
    // Nobody is renamed by it, so it needs no consent.
    let _ = world.steersman(APPLY).exits(0);
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
    assert_eq!(lost(&before, &tenant), Vec::<String>::new());
}

#[test]
fn a_change_after_the_plan_was_saved_makes_it_stale() {
    let (world, tenant) = enrolled();
    undeclared(&world);
    more(&world, &["SA-002", "SA-003", "SA-004"]);
    let _ = world.steersman("plan guide --save plan.json").exits(0);
    map_user_name(&tenant, "id");
    tenant.simulator().clear_requests();
    let before = belongings(&tenant);
    let _ = world
        .steersman("apply guide --plan plan.json --wait 10")
        .exits(5);
    assert_eq!(tenant.writes(), Vec::<String>::new());
    assert_eq!(lost(&before, &tenant), Vec::<String>::new());
}

#[test]
fn a_change_during_the_apply_stops_exactly_this_step() {
    for declared in [true, false] {
        let (world, tenant) = enrolled();
        if !declared {
            undeclared(&world);
        }
        more(&world, &["SA-002", "SA-003", "SA-004"]);
        let slow = Fault::Slow {
            milliseconds: 1_500,
        };
        tenant.simulator().set_faults(Faults {
            rules: vec![FaultRule {
                fault: slow,
                operations: vec!["importAccountsV1".to_owned()],
                skip: 0,
                count: Some(1),
                probability: None,
            }],
            seed: 1,
        });
        let words: Vec<&str> = APPLY.split(' ').collect();
        let mut command = world.command();
        let child = command
            .args(&words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let patience = Instant::now() + Duration::from_secs(20);
        while tenant.count("importAccountsV1") == 0 {
            assert!(Instant::now() < patience, "nothing was imported");
            std::thread::sleep(Duration::from_millis(5));
        }
        map_user_name(&tenant, "id");
        let run = world.ended(&words, &child.wait_with_output().unwrap());
        let run = run.exits(3);
        let text = format!("{}{}", run.stdout, run.stderr);
        assert!(
            text.contains("has changed since the plan was made"),
            "{}",
            run.shown()
        );
        assert!(!was_processed(&tenant), "{PROCESSING}");
        for name in ["audit01", "sa002", "sa003"] {
            let _ = crate::setting::identity(&tenant, name);
        }
    }
}

#[test]
fn a_mapping_that_the_files_add_is_compared_with_the_user_names() {
    for (attribute, renames) in [("id", true), ("name", false)] {
        let (world, tenant) = enrolled();
        change(&tenant, |state| {
            let mappings = profile(state)["mappings"].as_array_mut().unwrap();
            mappings.retain(|mapping| mapping["identityAttributeName"] != "uid");
        });
        world.replace(FILE, "{uid: name, ", &format!("{{uid: {attribute}, "));
        let before = belongings(&tenant);
        if renames {
            let run = world.steersman(APPLY).exits(4);
            let text = "the plan renames 3 accounts of 3; the limit is 0";
            assert!(run.stdout.contains(text), "{}", run.shown());
        } else {
            let _ = world.steersman(APPLY).exits(0);
        }
        assert_eq!(lost(&before, &tenant), Vec::<String>::new(), "{attribute}");
    }
}

#[test]
fn a_disabled_profile_with_another_mapping_is_not_enabled_unseen() {
    let (world, tenant) = enrolled();
    undeclared(&world);
    change(&tenant, |state| {
        let profile = profile(state);
        profile["enabled"] = json!(false);
        for mapping in profile["mappings"].as_array_mut().unwrap() {
            if mapping["identityAttributeName"] == "uid" {
                mapping["transformDefinition"]["attributes"]["attributeName"] = json!("id");
            }
        }
    });
    let before = belongings(&tenant);
    let run = world.steersman(APPLY).exits(4);
    assert!(
        run.stdout
            .contains("the plan renames 3 accounts of 3; the limit is 0"),
        "{}",
        run.shown()
    );
    assert_eq!(lost(&before, &tenant), Vec::<String>::new());
}

#[test]
fn nothing_is_processed_while_the_accounts_are_not_known() {
    let (world, tenant) = enrolled();
    undeclared(&world);
    map_user_name(&tenant, "id");
    tenant.simulator().clear_requests();
    let before = belongings(&tenant);
    for fault in [Fault::MalformedJson, Fault::EmptyList] {
        tenant.simulator().set_faults(Faults {
            rules: vec![FaultRule {
                fault,
                operations: vec!["listAccountsV1".to_owned()],
                skip: 0,
                count: None,
                probability: None,
            }],
            seed: 1,
        });
        let run = world.steersman(APPLY);
        assert_ne!(run.code, 0, "{}", run.shown());
        assert!(!was_processed(&tenant), "{}", run.shown());
        tenant.simulator().set_faults(Faults::default());
        assert_eq!(lost(&before, &tenant), Vec::<String>::new());
    }
}
