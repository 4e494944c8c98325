//! Operations that scripts use around service accounts: machine identities and accounts, API usage,
//! whole identity profiles, and the connector of a source.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

mod support;

use serde_json::{Value, json};
use simulator::Running;
use support::{Caller, manual};

/// A tenant with the guide's source and an account in it: source, account, administrator.
async fn with_account() -> (Running, Caller, String, String, Value) {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    let csv = "id,name,e-mail,purpose\nSA-001,audit01,audit@example.com,Audit\n";
    assert_eq!(admin.import(&source, csv).await.0, 202);
    simulator
        .advance(jiff::SignedDuration::from_mins(1))
        .unwrap();
    let filter = format!("filters=sourceId%20eq%20%22{source}%22");
    let (_, accounts) = admin.get(&format!("/accounts/v1?{filter}")).await;
    let account = accounts[0]["id"].as_str().unwrap().to_owned();
    let filter = "filters=alias%20eq%20%22jane.doe%22";
    let (_, people) = admin.get(&format!("/identities/v1?{filter}")).await;
    let owner = json!({"type": "IDENTITY", "id": people[0]["id"], "name": "Jane Doe"});
    (simulator, admin, source, account, owner)
}

#[tokio::test]
async fn newer_a_service_is_registered_as_a_machine_identity() {
    let (simulator, admin, source, account, owner) = with_account().await;
    let machine = json!({
        "name": "Backup service", "nativeIdentity": "backup", "subtype": "Application",
        "sourceId": source, "description": "Backups", "attributes": {"team": "platform"},
        "owners": {"primaryIdentity": owner, "secondaryIdentities": []},
    });
    let (status, made) = admin.post("/machine-identities/v1", machine).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["owners"]["primaryIdentity"], owner);
    let id = made["id"].as_str().unwrap();
    let one = format!("/machine-identities/v2/{id}");
    let (_, newer) = admin.get(&one).await;
    assert_eq!(newer["owners"], json!({"primary": owner, "secondary": []}));
    assert_eq!(newer["source"]["id"], source);
    let patch = json!([{"op": "replace", "path": "/environment", "value": "production"}]);
    let (status, newer) = admin.patch(&one, patch).await;
    assert_eq!((status, &newer["environment"]), (200, &json!("production")));
    for (bad, text) in [
        (json!({"name": "x"}), "nativeIdentity"),
        (
            json!({"name": 5, "nativeIdentity": "x", "subtype": "y"}),
            "name must be a text",
        ),
        (
            json!({"name": "x", "nativeIdentity": "x", "subtype": "y", "sourceId": "nothing"}),
            "does not exist",
        ),
        (
            json!({"name": "x", "nativeIdentity": "x", "subtype": "y",
                "owners": {"primaryIdentity": {"type": "IDENTITY", "id": "nobody"}}}),
            "owners.primaryIdentity names no identity",
        ),
    ] {
        let (status, body) = admin.post("/machine-identities/v1", bad).await;
        assert_eq!(status, 400);
        assert!(body.to_string().contains(text), "{body}");
    }
    let filter = "filters=displayName%20sw%20%22Backup%22%20and%20owners.primaryIdentity.name%20eq%20%22Jane%20Doe%22";
    let (status, found) = admin
        .get(&format!("/machine-identities/v1?{filter}&sorters=-name"))
        .await;
    assert_eq!((status, found.as_array().unwrap().len()), (200, 1));

    // The account is its, and says so.
    let classify = format!("/accounts/v1/{account}/classify?classificationMode=forceMachine");
    let (status, body) = admin.post(&classify, Value::Null).await;
    assert_eq!((status, body), (200, json!({"isMachine": true})));
    let its = format!("/machine-accounts/v1/{account}");
    let machine = json!({"type": "MACHINE_IDENTITY", "id": id, "name": "Backup service"});
    let patch = json!([
        {"op": "add", "path": "/machineIdentity", "value": machine},
        {"op": "add", "path": "/ownerIdentity", "value": owner},
        {"op": "replace", "path": "/environment", "value": "production"},
    ]);
    let (status, changed) = admin.patch(&its, patch).await;
    assert_eq!((status, &changed["machineIdentity"]), (200, &machine));
    assert_eq!(
        changed["connectorAttributes"]["e-mail"],
        "audit@example.com"
    );
    let forbidden = json!([{"op": "replace", "path": "/nativeIdentity", "value": "x"}]);
    assert_eq!(admin.patch(&its, forbidden).await.0, 400);
    let (_, list) = admin.get("/machine-accounts/v1").await;
    assert_eq!(list, json!([changed]));

    // All of it is in the events, with who did it, and in what is saved.
    let search = json!({"indices": ["events"], "query": {"query": "actor.name:jane.doe"}});
    let (_, events) = admin.post("/search/v1", search).await;
    for name in [
        "MACHINE_IDENTITY_CREATE_PASSED",
        "MACHINE_IDENTITY_UPDATE_PASSED",
        "ACCOUNT_CLASSIFY_PASSED",
        "MACHINE_ACCOUNT_UPDATE_PASSED",
    ] {
        assert!(events.to_string().contains(name), "{name}");
    }
    let state: Value = serde_json::from_str(&simulator.dump_state().unwrap()).unwrap();
    assert_eq!(state["machine_identities"][id]["name"], "Backup service");
    assert_eq!(admin.delete(&one).await.0, 204);
    assert_eq!(admin.get(&one).await.0, 404);
    assert_eq!(admin.get(&its).await.1["machineIdentity"], Value::Null);
}

#[tokio::test]
async fn newer_api_usage_is_counted() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    for _ in 0..4 {
        admin.get("/sources/v1").await;
    }
    admin
        .post("/search/v1", json!({"indices": ["identities"]}))
        .await;
    let count = |filter: &'static str| {
        let admin = admin.clone();
        async move { admin.get(&format!("/api-usage/v1/count{filter}")).await }
    };
    assert_eq!(
        count("?filters=method%20eq%20%22POST%22").await,
        (200, json!(1))
    );
    assert_eq!(count("").await.1, json!(6));
    let later = "?filters=startDate%20gt%202999-01-01T00:00:00Z";
    assert_eq!(count(later).await, (200, json!(0)));
    let (status, summary) = admin.get("/api-usage/v1/summary").await;
    let first = json!({"RequestedUri": "/sources/v1", "NumberOfCalls": 4});
    assert_eq!((status, &summary[0]), (200, &first), "{summary}");
    assert_eq!(count("?filters=path%20eq%20%22x%22").await.0, 400);
}

#[tokio::test]
async fn newer_a_profile_moves_to_another_tenant() {
    let (_simulator, admin, source, _, _) = with_account().await;
    let filter = "filters=name%20eq%20%22Service%20Accounts%22";
    let (_, exported) = admin
        .get(&format!("/identity-profiles/v1/export?{filter}"))
        .await;
    assert_eq!(exported[0]["object"]["authoritativeSource"]["id"], source);

    let other = simulator::start(simulator::Config {
        clock: simulator::ClockMode::Manual,
        seed: 7,
        ..simulator::Config::default()
    })
    .await
    .unwrap();
    let there = Caller::admin(&other).await;
    let import = "/identity-profiles/v1/import";
    let (status, refused) = there.post(import, exported.clone()).await;
    assert_eq!(status, 200);
    assert!(
        refused["errors"][0]["text"]
            .as_str()
            .unwrap()
            .contains("Service Accounts"),
        "{refused}"
    );
    let (source, profile) = there.guide_source().await;
    let mut changed = exported;
    changed[0]["object"]["priority"] = json!(70);
    let (_, imported) = there.post(import, changed).await;
    assert_eq!(imported["errors"], json!([]), "{imported}");
    assert_eq!(imported["importedObjects"][0]["id"], profile);
    let (_, now) = there.get(&format!("/identity-profiles/v1/{profile}")).await;
    assert_eq!(
        (&now["priority"], &now["authoritativeSource"]["id"]),
        (&json!(70), &json!(source))
    );
}

#[tokio::test]
async fn newer_a_source_is_reached_and_looked_into() {
    let (_simulator, admin, source, _, _) = with_account().await;
    let connector = format!("/sources/v1/{source}/connector");
    let (status, reached) = admin
        .post(&format!("{connector}/check-connection"), Value::Null)
        .await;
    assert_eq!((status, &reached["status"]), (200, &json!("SUCCESS")));
    let peek = format!("{connector}/peek-resource-objects");
    let (status, seen) = admin.post(&peek, json!({"maxCount": 10})).await;
    assert_eq!((status, &seen["objectCount"]), (200, &json!(1)), "{seen}");
    assert_eq!(seen["resourceObjects"][0]["attributes"]["purpose"], "Audit");
    for bad in [
        json!({"maxCount": 0}),
        json!({"objectType": "nothing"}),
        json!({"maxCount": "x"}),
    ] {
        assert_eq!(admin.post(&peek, bad).await.0, 400);
    }
    let nothing = "/sources/v1/nothing/connector/check-connection";
    assert_eq!(admin.post(nothing, Value::Null).await.0, 404);
}
