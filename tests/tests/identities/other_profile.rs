//! A row that somebody correlated to a person whom another identity profile made, and who
//! has the same names.

use crate::setting::{APPLY, FILE, change, enrolled, identity, more, profile};
use serde_json::{Value, json};
use tests::{SimulatedTenant, World};

/// The identity of SA-002 was deleted, and somebody correlated the row to a person who came
/// after it. ISC does not say that this was done by hand.
fn correlated_to(tenant: &SimulatedTenant, person: impl FnOnce(&mut Value)) {
    change(tenant, |state| {
        let row = state["accounts"]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .find(|account| account["native_identity"] == "SA-002")
            .unwrap();
        let made = row["identity"].take();
        row["identity"] = json!("b0b00000000000000000000000000000");
        let now = state["now"].clone();
        let identities = state["identities"].as_array_mut().unwrap();
        let mut bob = identities
            .iter()
            .find(|identity| identity["alias"] == "svc-deploy")
            .unwrap()
            .clone();
        identities.retain(|identity| identity["id"] != made);
        bob["id"] = json!("b0b00000000000000000000000000000");
        bob["alias"] = json!("sa002");
        bob["created"] = now;
        bob["levels"] = json!(["CERT_ADMIN"]);
        bob["attributes"]["uid"] = json!("sa002");
        bob["attributes"]["email"] = json!("sa002@example.com");
        person(&mut bob);
        identities.push(bob);
    });
}

/// The levels of the person are left alone, for this reason.
fn is_left_alone(world: &World, tenant: &SimulatedTenant, why: &str) {
    for levels in ["[HELPDESK]", "[]"] {
        more(world, &["SA-002", "SA-003"]);
        world.replace(
            "guide/more.yaml",
            "purpose: Test, userLevels: [HELPDESK]}\n  -",
            &format!("purpose: Test, userLevels: {levels}}}\n  -"),
        );
        let run = world.steersman(APPLY).exits(0);
        let text: Vec<&str> = run.stdout.split_whitespace().collect();
        let text = text.join(" ");
        assert!(text.contains(why), "{}", run.shown());
        assert!(
            text.contains("declare `identity: b0b00000000000000000000000000000` on SA-002"),
            "{}",
            run.shown()
        );
        assert_eq!(identity(tenant, "sa002")["levels"], json!(["CERT_ADMIN"]));
    }
}

#[test]
fn tenants_02_a_younger_person_of_the_same_names_whom_another_source_made_keeps_the_levels() {
    let (world, tenant) = enrolled();
    correlated_to(&tenant, |_| {});
    is_left_alone(&world, &tenant, "source \"Active Directory\" made it");
}

#[test]
fn tenants_02_a_person_with_an_email_address_that_the_profile_does_not_map_keeps_the_levels() {
    let (world, tenant) = enrolled();
    // ISC does not say which source made the person.
    correlated_to(&tenant, |person| person["profile"] = Value::Null);
    change(&tenant, |state| {
        let mappings = profile(state)["mappings"].as_array_mut().unwrap();
        mappings.retain(|mapping| mapping["identityAttributeName"] != "email");
    });
    world.replace(FILE, "email: e-mail, ", "");
    world.replace(FILE, "      invite: true", "      invite: false");
    is_left_alone(
        &world,
        &tenant,
        "the identity profile of its source does not map `email`",
    );
}
