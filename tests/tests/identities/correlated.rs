//! A new row that ISC gives to an identity that was there before.

use crate::setting::{APPLY, FILE, change, enrolled, identity, state};
use serde_json::{Value, json};
use tests::{SimulatedTenant, World};

/// A person of another profile has the user name and the email address of the new row.
fn older_person(tenant: &SimulatedTenant) {
    change(tenant, |state| {
        let identities = state["identities"].as_array_mut().unwrap();
        let mut bob = identities
            .iter()
            .find(|identity| identity["alias"] == "jane.doe")
            .unwrap()
            .clone();
        bob["id"] = json!("b0b00000000000000000000000000000");
        bob["alias"] = json!("bob");
        bob["name"] = json!("Bob Builder");
        bob["levels"] = json!([]);
        bob["created"] = json!("2020-01-01T00:00:00.000Z");
        bob["attributes"]["uid"] = json!("bob");
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
        older_person(&tenant);
        correlate_by_name(&tenant);
        declare_bob(&world, "");
        let run = world.steersman(APPLY).exits(3);
        let text = format!("{}{}", run.stdout, run.stderr);
        let remedy = "declare `identity: b0b00000000000000000000000000000`";
        assert!(text.contains("it is older than the account"), "{text}");
        assert!(text.contains(remedy), "{text}");
        assert_eq!(identity(&tenant, "bob")["levels"], json!([]));
        // The next plan says the same, and so does an apply.
        let run = world.steersman(APPLY).exits(0);
        assert!(run.stdout.contains("it is older than the account"));
        assert_eq!(identity(&tenant, "bob")["levels"], json!([]));
        // A person may consent.
        declare_bob(&world, ", identity: b0b00000000000000000000000000000");
        let _ = world.steersman(APPLY).exits(0);
        assert_eq!(identity(&tenant, "bob")["levels"], json!(["HELPDESK"]));
    }
}

#[test]
fn a_user_name_of_a_person_outside_the_sources_is_named() {
    let (world, tenant) = enrolled();
    older_person(&tenant);
    declare_bob(&world, "");
    let run = world.steersman(APPLY).exits(3);
    let text = format!("{}{}", run.stdout, run.stderr);
    assert!(
        text.contains("(Bob Builder) has the user name bob that bob would get"),
        "{text}"
    );
    assert!(text.contains("give SA-0B another name"), "{text}");
    assert!(state(&tenant)["identities"].as_array().is_some());
}
