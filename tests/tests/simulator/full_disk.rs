//! A disk that is full: told at once, and nothing that was answered is lost.

use serde_json::json;
use tests::world;

use crate::served::Served;

/// The limit of a file's size has the effect of a full disk, and needs no rights.
#[test]
fn d5_a_full_disk_is_told_at_once_and_loses_nothing_that_was_answered() {
    let world = world!();
    let words = ["--state", "tenant.json", "--clock", "manual"];
    let served = Served::start(&world, &words);
    // Once it answers, it also takes a signal.
    assert_eq!(served.client().get("/sources/v1").0, 200);
    assert_eq!(served.ended(), Some(0));
    let size = std::fs::metadata(world.path("tenant.json")).unwrap().len();
    // In units of 512 bytes; the state is left room for itself, and so has its log.
    let served = Served::start_limited(&world, &words, size / 512 + 8);
    let client = served.client();
    let create = |name: &str| {
        let body = json!({
            "name": name, "description": "x".repeat(1500), "type": "CONFIDENTIAL",
            "accessType": "OFFLINE", "enabled": true, "grantTypes": ["CLIENT_CREDENTIALS"],
            "accessTokenValiditySeconds": 750, "scope": ["sp:scopes:default"],
        });
        client.post("/oauth-clients/v1", &body).unwrap()
    };
    let mut kept = Vec::new();
    let refused = loop {
        let (status, answer) = create(&format!("client {}", kept.len()));
        if status != 200 {
            break (status, answer);
        }
        kept.push(answer["id"].as_str().unwrap().to_owned());
        assert!(kept.len() < 200);
    };
    assert_eq!(refused.0, 507, "{}", refused.1);
    assert_eq!(refused.1["detailCode"], "507 Insufficient storage");
    assert!(!kept.is_empty());
    assert_eq!(create("another").0, 507, "the next ones are refused, too");
    assert_eq!(client.get("/sources/v1").0, 200, "reads go on");
    drop(served.said());
    let served = Served::start(&world, &words);
    let (_, _, state) = served.client().get("/_simulator/state");
    for id in kept {
        assert!(state["oauth_clients"].get(&id).is_some(), "{id}");
    }
}
