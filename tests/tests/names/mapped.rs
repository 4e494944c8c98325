//! Mappings of the user name that give one to two accounts.

use crate::setting::{FILE, applied, settled};
use serde_json::{Value, json};
use tests::SimulatedTenant;

/// A row that no file declares, and that stays.
fn undeclared(tenant: &SimulatedTenant, email: &str) {
    let attributes = json!({"id": "HAND", "name": "byhand", "e-mail": email, "purpose": "Test"});
    let Value::Object(attributes) = attributes else {
        return;
    };
    tenant.simulator().with_tenant(|tenant| {
        tenant
            .put_account_out_of_band("Service Accounts", attributes)
            .unwrap();
    });
    tenant
        .simulator()
        .advance(jiff::SignedDuration::from_mins(1))
        .unwrap();
}

#[test]
fn a_mapping_that_gives_a_user_name_to_two_accounts_is_refused() {
    let (world, tenant) = applied();
    let second = "steersman: v1\nsources:\n  - name: Second\n    owner: jane.doe\n    identityProfile: {name: Second, mappings: {uid: e-mail, email: e-mail, lastname: name, firstname: name}}\n";
    world.write("guide/second.yaml", second);
    world.replace(
        FILE,
        "    name: audit01",
        "    source: Service Accounts\n    name: audit01",
    );
    settled(&world, "");
    undeclared(&tenant, "new@example.com");
    tenant.simulator().clear_requests();
    let refuses = |parts: &[&str]| {
        for command in [
            "plan guide",
            "apply guide --auto-approve --allow renameAccounts=9",
        ] {
            let run = world.steersman(command).exits(1);
            let text = run.stderr.replace('│', " ");
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            for part in parts {
                assert!(text.contains(part), "{part}\n{}", run.shown());
            }
        }
        assert_eq!(tenant.writes(), Vec::<String>::new());
    };

    // A new row would get the user name that the mapping gives to the undeclared one.
    world.replace(FILE, "uid: name", "uid: e-mail");
    let new = "steersman: v1\nserviceAccounts:\n  - {id: NEW, source: Second, name: new, email: New@example.com, purpose: Test}\n";
    world.write("guide/new.yaml", new);
    refuses(&[
        "SM0911",
        "NEW would get the user name `New@example.com` (from `e-mail`), which account HAND of source \"Service Accounts\" gets by this plan, too",
        "leave the mapping of uid of \"Service Accounts\" as it is",
    ]);
    // It would lose its identity to the new row.
    refuses(&[
        "account HAND of source \"Service Accounts\" would get the user name `new@example.com`",
        "it would lose its identity",
    ]);
    // Two rows that are there would get one.
    world.write("guide/new.yaml", new.replace("New@", "other@"));
    undeclared(&tenant, "iam-automation@example.com");
    tenant.simulator().clear_requests();
    refuses(&[
        "SA-001 would get the user name `iam-automation@example.com`",
        "which account HAND gets by this plan, too; it would lose its identity",
    ]);
    // With another value, the mapping is applied.
    undeclared(&tenant, "byhand@example.com");
    settled(&world, "--allow renameAccounts=2");
}
