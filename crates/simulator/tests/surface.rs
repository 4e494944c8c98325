//! What every caller meets: paths, lists, the rate limit, the clock, and an answer to anything.

#[expect(dead_code, reason = "other tests use more of it")]
mod support;

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use simulator::{ClockMode, Config, RateLimit};
use support::{Caller, manual, read};

#[tokio::test]
async fn older_roots_are_answered_too() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (_, sources) = admin.get("/sources/v1").await;
    for root in [
        "/v3/sources",
        "/beta/sources",
        "/v2024/sources",
        "/v2025/sources",
    ] {
        assert_eq!(admin.get(root).await, (200, sources.clone()), "{root}");
    }
    let asked = json!({"name": "old", "userAwareTokenNeverExpires": true});
    let (status, minted) = admin.post("/v3/personal-access-tokens", asked).await;
    assert_eq!(status, 200, "{minted}");
    assert!(
        minted["expirationDate"].is_string(),
        "older versions know no token that never expires"
    );
}

#[tokio::test]
async fn pages_give_each_account_once() {
    let simulator = simulator::start(Config {
        clock: ClockMode::Manual,
        seed_accounts: 600,
        ..Config::default()
    })
    .await
    .unwrap();
    let admin = Caller::admin(&simulator).await;
    for query in [
        "",
        "&sorters=-name",
        "&filters=name%20sw%20%22bulk%22&sorters=nativeIdentity",
    ] {
        let mut ids = Vec::new();
        loop {
            let path = format!(
                "/accounts/v1?limit=250&offset={}&count=true{query}",
                ids.len()
            );
            let answer = admin.request(Method::GET, &path).send().await.unwrap();
            let total: usize = answer.headers()["x-total-count"]
                .to_str()
                .unwrap()
                .parse()
                .unwrap();
            let page: Value = answer.json().await.unwrap();
            let page = page.as_array().unwrap();
            if page.is_empty() {
                assert_eq!(ids.len(), total);
                break;
            }
            ids.extend(
                page.iter()
                    .map(|row| row["id"].as_str().unwrap().to_owned()),
            );
        }
        let expected = if query.contains("bulk") { 600 } else { 603 };
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), expected, "{query}");
    }
    for bad in [
        "limit=251",
        "limit=x",
        "offset=-1",
        "filters=name",
        "filters=purpose%20eq%20%22x%22",
        "sorters=purpose",
    ] {
        let (status, body) = admin.get(&format!("/accounts/v1?{bad}")).await;
        assert_eq!(
            (status, &body["detailCode"]),
            (400, &json!("400.1.3 Illegal value")),
            "{bad}"
        );
    }
}

#[tokio::test]
async fn the_rate_limit_is_a_hundred_in_ten_seconds() {
    let simulator = simulator::start(Config {
        clock: ClockMode::Manual,
        rate_limit: RateLimit::Scaled,
        ..Config::default()
    })
    .await
    .unwrap();
    let admin = Caller::admin(&simulator).await;
    for _ in 0..100 {
        assert_eq!(admin.get("/tenant/v1").await.0, 200);
    }
    let answer = admin
        .request(Method::GET, "/tenant/v1")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "10");
    assert!(answer.json::<Value>().await.unwrap()["message"].is_string());
    simulator.advance(SignedDuration::from_secs(10)).unwrap();
    assert_eq!(admin.get("/tenant/v1").await.0, 200);
}

#[tokio::test]
async fn answers_carry_the_virtual_date_and_say_what_they_are() {
    let start = "2031-05-06T07:08:09Z".parse().unwrap();
    let simulator = simulator::start(Config {
        clock: ClockMode::Manual,
        start_at: Some(start),
        ..Config::default()
    })
    .await
    .unwrap();
    let admin = Caller::admin(&simulator).await;
    simulator.advance(SignedDuration::from_hours(1)).unwrap();
    let answer = admin
        .request(Method::GET, "/tenant/v1")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["date"], "Tue, 06 May 2031 08:08:09 GMT");
    let server = answer.headers()["server"].to_str().unwrap();
    assert!(server.contains("simulator"), "{server}");
}

#[tokio::test]
async fn search_pages_by_what_came_last() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let mut query = json!({"indices": ["identities"], "query": {"query": "name:svc-*"}, "sort": ["name", "id"]});
    let mut names = Vec::new();
    loop {
        let (status, page) = admin.post("/search/v1?limit=2", query.clone()).await;
        assert_eq!(status, 200, "{page}");
        let Some(last) = page.as_array().unwrap().last() else {
            break;
        };
        query["searchAfter"] = json!([last["name"], last["id"]]);
        names.extend(
            page.as_array()
                .unwrap()
                .iter()
                .map(|row| row["name"].as_str().unwrap().to_owned()),
        );
    }
    assert_eq!(names, ["svc-backup", "svc-deploy", "svc-monitor"]);
    let count = admin
        .request(Method::POST, "/search/v1/count")
        .header("content-type", "application/json");
    let count = count.body(query.to_string()).send().await.unwrap();
    assert_eq!(
        (count.status().as_u16(), &count.headers()["x-total-count"]),
        (204, &"3".parse().unwrap())
    );
}

/// Whatever is sent to whatever operation, there is an answer.
#[tokio::test]
async fn no_body_is_too_strange_to_be_answered() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, profile) = admin.guide_source().await;
    let id_at = |list: Value, index: usize| list[index]["id"].as_str().unwrap().to_owned();
    let schema = id_at(
        admin.get(&format!("/sources/v1/{source}/schemas")).await.1,
        0,
    );
    let account = id_at(admin.get("/accounts/v1").await.1, 0);
    let identity = id_at(admin.get("/identities/v1").await.1, 0);
    let state = id_at(
        admin
            .get(&format!("/identity-profiles/v1/{profile}/lifecycle-states"))
            .await
            .1,
        0,
    );
    let task = admin.import(&source, "id,name,e-mail,purpose\n").await.1["task"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let owner = json!({"id": identity, "name": "x"});
    let level = json!({"name": "L", "description": "d", "owner": owner});
    let (_, level) = admin
        .post("/authorization/v1/custom-user-levels", level)
        .await;
    let (_, oauth) = admin
        .post(
            "/oauth-clients/v1",
            json!({"name": "c", "description": "d", "accessTokenValiditySeconds": 600, "accessType": "OFFLINE",
                "enabled": true, "grantTypes": ["CLIENT_CREDENTIALS"]}),
        )
        .await;
    let bodies = [
        json!(null),
        json!([]),
        json!([1, "x", null, {}]),
        json!("x"),
        json!(-1.5),
        json!({}),
        json!({"name": 1, "attributes": [], "owner": "x", "id": {}, "ids": {}, "query": [], "sort": 1, "indices": ["*"]}),
        json!([{"op": "replace", "path": "", "value": []}]),
        json!([{"op": "add", "path": "/x/y/z", "value": {}}]),
        json!([{"op": "remove", "path": "/name"}, {"op": "remove", "path": "/id"}]),
        json!([{"op": "replace", "path": "/attributes", "value": 7}, {"op": "replace", "path": "/connectorAttributes", "value": 7}]),
        json!([{"op": "move", "from": "/a", "path": 3}]),
        json!({"operations": 3}),
    ];
    let (_, simulated) = read(
        admin
            .client
            .get(format!("{}/_simulator/operations", admin.base))
            .send()
            .await
            .unwrap(),
    )
    .await;
    let simulated: Vec<&str> = simulated
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap())
        .collect();
    for operation in catalog::operations()
        .iter()
        .filter(|operation| simulated.contains(&operation.id))
    {
        let id = match operation.path.split('/').nth(1).unwrap() {
            "sources" => source.as_str(),
            "accounts" => account.as_str(),
            "identity-profiles" => profile.as_str(),
            "task-status" | "account-aggregations" => task.as_str(),
            "authorization" => level["id"].as_str().unwrap(),
            "oauth-clients" => oauth["id"].as_str().unwrap(),
            "personal-access-tokens" => simulator::ADMIN_CLIENT_ID,
            "identity-attributes" => "city",
            _ => identity.as_str(),
        };
        let path = operation
            .path
            .replace("{id}", id)
            .replace("{sourceId}", &source)
            .replace("{schemaId}", &schema);
        let path = path
            .replace("{identity-profile-id}", &profile)
            .replace("{lifecycle-state-id}", &state);
        let path = path
            .replace("{identity-id}", &identity)
            .replace("{name}", id);
        let method: Method = operation.method.as_str().parse().unwrap();
        if method == Method::GET || method == Method::DELETE {
            continue;
        }
        for body in &bodies {
            // An answer at all is what matters: a handler that panics gives none.
            let (status, answer) = admin.send(method.clone(), &path, Some(body.clone())).await;
            assert!(status < 500, "{operation} with {body}: {status} {answer}");
        }
    }
}
