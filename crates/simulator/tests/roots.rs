//! Older roots, newer operations, and audit events.

mod support;

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use simulator::TokenRequest;
use support::{Caller, client, grant, manual, read};

/// Row 2: an older root answers 404 where it lacks the operation, and names the newer one.
#[tokio::test]
async fn row_02_older_roots_lack_operations() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    for (method, path, expected) in [
        (Method::GET, "/v3/identities".to_owned(), 404),
        (Method::GET, "/beta/identities".to_owned(), 200),
        (Method::GET, "/v3/task-status".to_owned(), 404),
        (Method::GET, "/v2024/task-status".to_owned(), 200),
        (
            Method::POST,
            format!("/v3/sources/{source}/load-accounts"),
            404,
        ),
        (Method::GET, "/v3/tenant".to_owned(), 404),
        (Method::GET, "/v2025/tenant".to_owned(), 200),
        (Method::POST, "/beta/search".to_owned(), 404),
        (Method::GET, "/beta/auth-users/x".to_owned(), 404),
        (Method::GET, "/beta/public-identities".to_owned(), 404),
        (Method::GET, "/v3/public-identities".to_owned(), 200),
        (
            Method::GET,
            "/v2024/authorization/custom-user-levels".to_owned(),
            404,
        ),
        (
            Method::GET,
            "/v2025/authorization/custom-user-levels".to_owned(),
            200,
        ),
    ] {
        let (status, body) = admin.send(method.clone(), &path, None).await;
        assert_eq!(status, expected, "{method} {path} {body}");
    }
    let (_, body) = admin.get("/v3/identities").await;
    let cause = body["causes"][0]["text"].as_str().unwrap();
    assert!(cause.contains("GET /identities/v1"), "{cause}");
}

/// Row 8: the words about a missing header.
#[tokio::test]
async fn row_08_the_experimental_header_is_asked_for_in_iscs_words() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let answer = client()
        .get(format!("{}/identities/v2", admin.base))
        .bearer_auth(&admin.token)
        .send();
    let (status, body) = read(answer.await.unwrap()).await;
    let text = "Experimental Header 'X-SailPoint-Experimental' is missing or invalid";
    assert_eq!((status, &body["messages"][0]["text"]), (400, &json!(text)));
}

/// Row 5: a source can go as soon as the task that deletes its profile has ended.
#[tokio::test]
async fn row_05_a_source_goes_right_after_its_profile() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, profile) = admin.guide_source().await;
    let (_, task) = admin
        .delete(&format!("/identity-profiles/v1/{profile}"))
        .await;
    let path = format!("/sources/v1/{source}");
    assert_eq!(admin.delete(&path).await.0, 400, "the task runs");
    simulator.advance(SignedDuration::from_secs(10)).unwrap();
    let (_, task) = admin
        .get(&format!("/task-status/v1/{}", task["id"].as_str().unwrap()))
        .await;
    assert_eq!(task["completionStatus"], "SUCCESS");
    assert_eq!(admin.delete(&path).await.0, 202);
}

/// Rows 7, 10 and 11: transforms, a bare id, and where the API is.
#[tokio::test]
async fn row_07_10_11_transforms_bare_ids_and_the_host() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (status, list) = admin.get("/transforms/v1?count=true").await;
    assert_eq!(status, 200);
    assert_eq!(admin.get("/v3/transforms").await.1, list);
    let path = format!("/transforms/v1/{}", list[0]["id"].as_str().unwrap());
    assert_eq!(admin.get(&path).await, (200, list[0].clone()));
    assert_eq!(admin.get("/transforms/v1/x").await.0, 404);

    let (_, people) = admin
        .get("/identities/v1?filters=alias%20eq%20%22svc-backup%22")
        .await;
    let body = json!({"indices": ["identities"], "query": {"query": people[0]["id"]}});
    let (status, found) = admin.post("/search/v1", body).await;
    assert_eq!(
        (status, found.as_array().unwrap().len()),
        (200, 1),
        "{found}"
    );
    assert_eq!(found[0]["name"], "svc-backup");

    let answer = client()
        .get(format!("{}/oauth/info", admin.base))
        .send()
        .await
        .unwrap();
    let (status, info) = read(answer).await;
    assert_eq!(status, 200);
    assert_eq!(info["apiBaseUrl"], json!(admin.base));
    assert_eq!(
        info["tokenEndpoint"],
        json!(format!("{}/oauth/token", admin.base))
    );
}

/// Row 6: events of what was done, with who did it.
#[tokio::test]
async fn row_06_what_is_done_is_an_event() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    admin
        .import(
            &source,
            "id,name,e-mail,purpose\nSA-1,one,o@example.com,x\n",
        )
        .await;
    simulator.advance(SignedDuration::from_secs(20)).unwrap();
    let (_, people) = admin
        .get("/identities/v1?filters=alias%20eq%20%22one%22")
        .await;
    let id = people[0]["id"].as_str().unwrap().to_owned();
    let levels = json!([{"op": "replace", "path": "/capabilities", "value": ["HELPDESK"]}]);
    assert_eq!(
        admin.patch(&format!("/auth-users/v1/{id}"), levels).await.0,
        200
    );
    let minted = simulator.with_tenant(|tenant| {
        tenant.invite_person("one").unwrap();
        tenant.register_person("one").unwrap();
        let request = TokenRequest {
            name: "first".into(),
            ..TokenRequest::default()
        };
        tenant
            .mint_personal_access_token_as_owner("one", request)
            .unwrap()
    });
    assert_eq!(grant(&admin.base, &minted.id, "wrong").await.status(), 401);
    assert_eq!(
        admin
            .delete(&format!("/personal-access-tokens/v1/{}", minted.id))
            .await
            .0,
        204
    );
    let search = |query: &str| json!({"indices": ["events"], "query": {"query": query}, "sort": ["created"]});
    for (query, actor, target) in [
        ("technicalName:CAPABILITY_UPDATE_EVENT", "jane.doe", "one"),
        (
            "technicalName:PERSONAL_ACCESS_TOKEN_CREATED",
            "one",
            "first",
        ),
        (
            "technicalName:PERSONAL_ACCESS_TOKEN_USE_FAILED",
            "one",
            "first",
        ),
        (
            "technicalName:PERSONAL_ACCESS_TOKEN_DELETED",
            "jane.doe",
            "first",
        ),
        (
            "technicalName:SOURCE_AGGREGATE_PASSED",
            "jane.doe",
            "Service Accounts",
        ),
        (
            "technicalName:IDENTITY_CREATE_PASSED AND target.name:one",
            "System",
            "one",
        ),
        (
            "actor.name:one AND technicalName:USER_REGISTER_PASSED",
            "one",
            "one",
        ),
    ] {
        let (status, found) = admin.post("/search/v1", search(query)).await;
        assert_eq!(
            (status, found.as_array().unwrap().len()),
            (200, 1),
            "{query} {found}"
        );
        assert_eq!(found[0]["actor"]["name"], actor, "{query}");
        assert_eq!(found[0]["target"]["name"], target, "{query}");
        let forever = json!({"query": {"query": query}});
        for root in ["/v3", "/v2025"] {
            let (status, older) = admin
                .post(&format!("{root}/search/events"), forever.clone())
                .await;
            assert_eq!((status, &older), (200, &found), "{query}");
        }
    }
    let (_, used) = admin
        .post(
            "/search/v1",
            search("technicalName:PERSONAL_ACCESS_TOKEN_USED"),
        )
        .await;
    assert_eq!(used[0]["actor"]["name"], "jane.doe");
    assert_eq!(admin.post("/search/v1/events", search("*")).await.0, 404);
}

/// What SDKs of today call: `/identities/v2`.
#[tokio::test]
async fn newer_identities_v2() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (status, all) = admin.get("/identities/v2?limit=1000&sorters=alias").await;
    assert_eq!(status, 200, "{all}");
    let aliases: Vec<&str> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["alias"].as_str().unwrap())
        .collect();
    assert_eq!(
        aliases,
        ["jane.doe", "svc-backup", "svc-deploy", "svc-monitor"]
    );
    let path = format!("/identities/v2/{}", all[1]["id"].as_str().unwrap());
    assert_eq!(admin.get(&path).await, (200, all[1].clone()));
    assert_eq!(admin.get("/identities/v2/x").await.0, 404);
    let filter = "identityStatus%20eq%20%22ACTIVE%22%20and%20emailAddress%20pr";
    let (_, active) = admin.get(&format!("/identities/v2?filters={filter}")).await;
    assert_eq!(active[0]["alias"], "jane.doe");
    assert_eq!(all[0]["privilegeLevel"]["effective"], "NONE");
    let after = format!("svc-backup,{}", all[1]["id"].as_str().unwrap());
    let (status, next) = admin
        .get(&format!(
            "/identities/v2?sorters=alias,id&searchAfter={after}&limit=1"
        ))
        .await;
    assert_eq!(
        (status, &next[0]["alias"]),
        (200, &json!("svc-deploy")),
        "{next}"
    );
    for bad in [
        "offset=9990",
        "searchAfter=x&sorters=alias",
        "filters=nope%20eq%20%22x%22",
    ] {
        assert_eq!(
            admin.get(&format!("/identities/v2?{bad}")).await.0,
            400,
            "{bad}"
        );
    }
}

#[tokio::test]
async fn newer_public_identities_v2() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (status, visible) = admin.get("/public-identities/v2/visible-attributes").await;
    assert_eq!(
        (status, &visible["defaultAttributes"][0]["key"]),
        (200, &json!("name"))
    );
    let text = |field: &str, term: &str, strict: bool| {
        json!({"queryType": "TEXT", "textQuery": {"fields": [field], "terms": [term],
            "matchAny": false, "contains": !strict, "strict": strict}})
    };
    let search = |more: Value| {
        json!({"queryType": "COMPOSITE", "indices": ["identities"], "includeNested": false, "sort": ["-name"],
            "querySet": {"matchAny": false, "entries": [text("attributes.identityState.exact", "ACTIVE", true), more]}})
    };
    let (status, found) = admin
        .post(
            "/public-identities/v2/search",
            search(text("name", "svc", false)),
        )
        .await;
    assert_eq!(status, 200, "{found}");
    assert_eq!(
        (found.as_array().unwrap().len(), &found[0]["name"]),
        (3, &json!("svc-monitor"))
    );
    let unknown = search(text("salary", "1", true));
    assert_eq!(
        admin.post("/public-identities/v2/search", unknown).await.0,
        400
    );
    assert_eq!(
        admin
            .post("/public-identities/v2/search", json!({}))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn newer_bulk_update_of_tokens() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let mint = |name: &'static str| {
        simulator.with_tenant(|tenant| {
            let request = TokenRequest {
                name: name.into(),
                ..TokenRequest::default()
            };
            tenant
                .mint_personal_access_token_as_owner("jane.doe", request)
                .unwrap()
                .id
        })
    };
    let ids = [mint("a"), mint("b")];
    let path = "/personal-access-tokens/v1/bulk-update";
    let end = |value: Value| json!([{"op": "replace", "path": "/expirationDate", "value": value}]);
    let soon = json!("2099-01-01T00:00:00.000Z");
    for method in [Method::PATCH, Method::POST] {
        let body = json!({"ids": ids, "patch": end(soon.clone())});
        let request = admin
            .request(method, path)
            .header("content-type", "application/json");
        let (status, changed) = read(request.body(body.to_string()).send().await.unwrap()).await;
        assert_eq!(status, 200, "{changed}");
    }
    let (_, list) = admin.get("/personal-access-tokens/v1?owner-id=me").await;
    let ends = list
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["expirationDate"] == soon);
    assert_eq!(ends.count(), 2);
    for (body, expected) in [
        (json!({"ids": [], "patch": end(soon.clone())}), 400),
        (
            json!({"ids": [ids[0], ids[0]], "patch": end(soon.clone())}),
            400,
        ),
        (json!({"ids": [" "], "patch": end(soon.clone())}), 400),
        (
            json!({"ids": vec!["x"; 26], "patch": end(soon.clone())}),
            400,
        ),
        (
            json!({"ids": [ids[0], "unknown"], "patch": end(json!("2098-01-01T00:00:00Z"))}),
            400,
        ),
        (json!({"ids": ids, "patch": []}), 400),
        (
            json!({"ids": ids, "patch": end(json!("2001-01-01T00:00:00Z"))}),
            400,
        ),
        (
            json!({"ids": ids, "patch": [{"op": "replace", "path": "/name", "value": "x"}]}),
            400,
        ),
    ] {
        let (status, answer) = admin.post(path, body.clone()).await;
        assert_eq!(status, expected, "{body} {answer}");
    }
    let (_, after) = admin.get("/personal-access-tokens/v1?owner-id=me").await;
    assert_eq!(after, list, "all of them or none");
}
