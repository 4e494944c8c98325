//! A new row that ISC gives to an identity that was there before.

use crate::setting::{APPLY, FILE, change, enrolled, identity};
use serde_json::{Value, json};
use tests::{SimulatedTenant, World};

/// A person of another profile has this user name and this name, and the email address of
/// the new row.
fn older_person(tenant: &SimulatedTenant, user_name: &str, name: &str) {
    change(tenant, |state| {
        let identities = state["identities"].as_array_mut().unwrap();
        let mut bob = identities
            .iter()
            .find(|identity| identity["alias"] == "jane.doe")
            .unwrap()
            .clone();
        bob["id"] = json!("b0b00000000000000000000000000000");
        bob["alias"] = json!(user_name);
        bob["name"] = json!(name);
        bob["levels"] = json!([]);
        bob["created"] = json!("2020-01-01T00:00:00.000Z");
        bob["attributes"]["uid"] = json!(user_name);
        bob["attributes"]["email"] = json!("bob@example.com");
        identities.push(bob);
    });
}

fn declare_bob(world: &World, more: &str) {
    world.write(
        "guide/bob.yaml",
        format!(
            "steersman: v1\nserviceAccounts:\n  - {{id: SA-0B, name: bob, email: bob@example.com, purpose: Test, userLevels: [HELPDESK]{more}}}\n"
        ),
    );
}

fn correlate_by_name(tenant: &SimulatedTenant) {
    let behavior: Value = json!({"correlateByName": true});
    let status = tenant.send("PUT", "/_simulator/behavior", "none", Some(behavior));
    assert!((200..300).contains(&status), "{status}");
}

#[test]
fn tenants_02_an_older_identity_of_the_same_names_gets_no_levels() {
    for invite in [true, false] {
        let (world, tenant) = enrolled();
        if !invite {
            world.replace(FILE, "invite: true", "invite: false");
        }
        older_person(&tenant, "b.builder", "bob");
        correlate_by_name(&tenant);
        declare_bob(&world, "");
        let run = world.steersman(APPLY).exits(3);
        let text = format!("{}{}", run.stdout, run.stderr);
        let remedy = "declare `identity: b0b00000000000000000000000000000`";
        assert!(text.contains("it is older than the account"), "{text}");
        assert!(text.contains(remedy), "{text}");
        assert_eq!(identity(&tenant, "b.builder")["levels"], json!([]));
        // The next plan says the same, and so does an apply.
        let run = world.steersman(APPLY).exits(0);
        let words: Vec<&str> = run.stdout.split_whitespace().collect();
        assert!(words.join(" ").contains("it is older than the account"));
        assert_eq!(identity(&tenant, "b.builder")["levels"], json!([]));
        // A person may consent.
        declare_bob(&world, ", identity: b0b00000000000000000000000000000");
        let _ = world.steersman(APPLY).exits(0);
        assert_eq!(
            identity(&tenant, "b.builder")["levels"],
            json!(["HELPDESK"])
        );
    }
}

#[test]
fn a_row_whose_user_name_a_person_outside_the_sources_has_is_blocked_before_it_is_sent() {
    let (world, tenant) = enrolled();
    older_person(&tenant, "bob", "Bob Builder");
    declare_bob(&world, "");
    for command in ["plan guide", APPLY] {
        let run = world.steersman(command).exits(0);
        let text: Vec<&str> = run.stdout.split_whitespace().collect();
        let text = text.join(" ");
        for part in [
            "identity b0b00000000000000000000000000000 (Bob Builder) has the user name bob already",
            "give SA-0B another name",
        ] {
            assert!(text.contains(part), "{}", run.shown());
        }
    }
    assert_eq!(tenant.count("importAccountsV1"), 0);
    // Another row is not held up.
    declare_bob(&world, "");
    world.replace("guide/bob.yaml", "name: bob,", "name: bob2,");
    let _ = world.steersman(APPLY).exits(0);
    assert_eq!(tenant.count("importAccountsV1"), 1);
    // A row that is there is not renamed to it.
    world.replace("guide/bob.yaml", "name: bob2,", "name: Bob,");
    let run = world
        .steersman(&format!("{APPLY} --allow renameAccounts=1"))
        .exits(0);
    let _ = run.says("has the user name Bob");
    assert_eq!(tenant.count("importAccountsV1"), 1);
    assert_eq!(identity(&tenant, "bob2")["levels"], json!(["HELPDESK"]));
}
