//! Rows on identities that another source made, which stand for no row that a list lacks.

use crate::setting::{SOURCE, accounts, declare, spoil, with_others};
use serde_json::Value;
use simulator::Fault;
use tests::{SimulatedTenant, World};

/// SA-001 is a row of svc-backup, whose identity the directory made, and so the first of
/// two rows; the profile counts the identity of the other one. The last aggregation read
/// one row.
fn with_a_row_of_another() -> (World, SimulatedTenant, String) {
    let (world, tenant) = with_others(1);
    let text = tenant.simulator().dump_state().unwrap();
    let mut state: Value = serde_json::from_str(&text).unwrap();
    let of = |state: &Value, alias: &str| {
        let mut identities = state["identities"].as_array().unwrap().iter();
        let found = identities.find(|identity| identity["alias"] == alias);
        found.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let (own, others) = (of(&state, "audit01"), of(&state, "svc-backup"));
    for account in state["accounts"].as_array_mut().unwrap() {
        if account["native_identity"] == "SA-001" {
            account["identity"] = others.clone().into();
            // Lists are sorted by it.
            account["id"] = "0".repeat(32).into();
        }
    }
    let identities = state["identities"].as_array_mut().unwrap();
    identities.retain(|identity| identity["id"] != own.as_str());
    let put = tenant.send("PUT", "/_simulator/state", "none", Some(state));
    assert!((200..300).contains(&put), "{put}");
    (world, tenant, others)
}

#[test]
fn a_row_of_another_sources_identity_stands_for_none_that_each_list_lacks() {
    for approved in [false, true] {
        let (world, tenant, identity) = with_a_row_of_another();
        assert_eq!(accounts(&tenant), 2);
        if approved {
            world.replace(
                "guide/steersman.yaml",
                "    name: audit01",
                &format!("    identity: {identity}\n    name: audit01"),
            );
        }
        declare(&world, "SA-900", "new900");
        spoil(&tenant, &[("listAccountsV1", Fault::ShortList, 0)]);
        let run = world.steersman("apply guide --auto-approve").exits(4);
        let words: Vec<&str> = run.stdout.split_whitespace().collect();
        let shown = words.join(" ");
        let says = "has 1 account, but its identity profile has 1 identity";
        assert!(shown.contains(says), "{}", run.shown());
        assert_eq!(accounts(&tenant), 2, "{SOURCE} has both rows");
        // The whole list is imported.
        let run = world.steersman("apply guide --auto-approve --wait 5");
        assert_eq!(accounts(&tenant), 3, "{}", run.shown());
    }
}
