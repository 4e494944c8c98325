//! Regression tests for what SailPoint's own clients do.
//!
//! Each was met with one of them, and is not plain from the description.

#[expect(dead_code, reason = "other tests use more of it")]
mod support;

use reqwest::Method;
use serde_json::{Value, json};
use support::{Caller, manual, read};

/// The Python SDK reads times into types of its own, and a PUT writes them back with six decimals
/// and an offset.
#[tokio::test]
async fn times_may_come_back_in_another_spelling() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    let respelt = |document: &mut Value| {
        for field in ["created", "modified"] {
            let text = document[field].as_str().unwrap();
            document[field] = json!(text.replace('Z', "000+00:00"));
        }
    };

    let path = format!("/sources/v1/{source}");
    let (_, mut document) = admin.get(&path).await;
    respelt(&mut document);
    let (status, body) = admin.send(Method::PUT, &path, Some(document.clone())).await;
    assert_eq!(status, 200, "{body}");
    document["created"] = json!("2020-01-01T00:00:00.000000+00:00");
    let (status, body) = admin.send(Method::PUT, &path, Some(document)).await;
    assert_eq!(status, 400, "{body}");

    let (_, schemas) = admin.get(&format!("{path}/schemas")).await;
    let schema_path = format!("{path}/schemas/{}", schemas[0]["id"].as_str().unwrap());
    let (_, mut schema) = admin.get(&schema_path).await;
    respelt(&mut schema);
    let (status, body) = admin.send(Method::PUT, &schema_path, Some(schema)).await;
    assert_eq!(status, 200, "{body}");
}

/// The `beta` namespaces of the SDKs are older than the header, and send none.
#[tokio::test]
async fn beta_knows_no_header_of_experimental_operations() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    for (path, header, expected) in [
        ("/beta/identities/invite", None, 202),
        ("/v2024/identities/invite", None, 400),
        ("/identities/v1/invite", None, 400),
        ("/identities/v1/invite", Some("false"), 400),
        ("/identities/v1/invite", Some("True"), 202),
    ] {
        let (_, people) = admin.get("/identities/v1?sorters=name").await;
        let mut request = admin
            .client
            .post(format!("{}{path}", admin.base))
            .bearer_auth(&admin.token)
            .json(&json!({"ids": [people[1]["id"]]}));
        if let Some(header) = header {
            request = request.header("X-SailPoint-Experimental", header);
        }
        let (status, body) = read(request.send().await.unwrap()).await;
        assert_eq!(status, expected, "{path} {header:?}: {body}");
    }
}

/// The description's example clears a pending task in words of its own.
#[tokio::test]
async fn a_pending_task_is_cleared_as_the_example_does_it() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    let (_, loaded) = admin
        .import(&source, "id,name,e-mail,purpose\n1,a,,\n")
        .await;
    let path = format!("/task-status/v1/{}", loaded["task"]["id"].as_str().unwrap());
    let replace = |path: &str, value: &str| json!({"op": "replace", "path": path, "value": value});
    for wrong in [
        json!([replace("/completionStatus", "Finished")]),
        json!([replace("/completed", "2024-05-17 19:33:16.470000+00:00")]),
        json!([
            replace("/completionStatus", "Error"),
            replace("/completed", "yesterday")
        ]),
        json!([replace("/description", "other")]),
    ] {
        assert_eq!(admin.patch(&path, wrong.clone()).await.0, 400, "{wrong}");
    }
    let example = json!([
        replace("/completionStatus", "Error"),
        replace("/completed", "2024-05-17 19:33:16.470000+00:00"),
    ]);
    let (status, task) = admin.patch(&path, example).await;
    assert_eq!(status, 200, "{task}");
    assert_eq!(task["completionStatus"], "ERROR");
    assert_eq!(task["completed"], "2024-05-17T19:33:16.470Z");
    simulator
        .advance(jiff::SignedDuration::from_mins(1))
        .unwrap();
    let accounts = format!("/accounts/v1?filters=sourceId%20eq%20%22{source}%22");
    assert_eq!(
        admin.get(&accounts).await,
        (200, json!([])),
        "it had no effect"
    );
}

/// A search says more than its query, and nothing of it is passed over.
#[tokio::test]
async fn a_search_is_all_that_its_body_says() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let found = |body: Value| {
        let admin = admin.clone();
        async move {
            let (status, body) = admin.post("/search/v1", body).await;
            let names: Vec<String> = body
                .as_array()
                .into_iter()
                .flatten()
                .map(|row| row["name"].as_str().unwrap().to_owned())
                .collect();
            (status, names)
        }
    };
    let query =
        |text: &str| json!({"indices": ["identities"], "query": {"query": text}, "sort": ["name"]});
    let all = ["jane.doe", "svc-backup", "svc-deploy", "svc-monitor"];
    let with = |text: &str, field: &str, value: Value| {
        let mut body = query(text);
        body[field] = value;
        body
    };
    let backup = json!({"name": {"type": "TERMS", "terms": ["svc-backup"]}});
    let table: [(Value, &[&str]); 8] = [
        (query("*"), &all),
        (json!({"sort": ["name"]}), &all),
        (
            query("name:svc-backup name:svc-deploy"),
            &["svc-backup", "svc-deploy"],
        ),
        (
            query("@accounts(source.name:\"Active Directory\" AND name:*-backup)"),
            &["svc-backup"],
        ),
        (with("svc*", "filters", backup), &["svc-backup"]),
        (
            with(
                "*",
                "query",
                json!({"query": "doe", "fields": "displayName"}),
            ),
            &["jane.doe"],
        ),
        (
            with("*", "query", json!({"query": "doe", "fields": ["status"]})),
            &[],
        ),
        (query("created:>now-1d AND NOT name:svc*"), &["jane.doe"]),
    ];
    for (body, expected) in table {
        let (status, names) = found(body.clone()).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!(names, expected, "{body}");
    }
    for refused in [
        with(
            "*",
            "query",
            json!({"query": "*", "innerHit": {"type": "access", "query": "*"}}),
        ),
        with(
            "*",
            "query",
            json!({"query": "*", "timeZone": "Nowhere/Else"}),
        ),
        with("*", "filters", json!({"name": {"type": "LIKE"}})),
        with("*", "queryType", json!("DSL")),
        query("name:svc~"),
    ] {
        assert_eq!(found(refused.clone()).await.0, 400, "{refused}");
    }
    let (_, rows) = admin
        .post(
            "/search/v1",
            with("svc-backup", "includeNested", json!(false)),
        )
        .await;
    assert_eq!(
        (rows[0].get("accounts"), &rows[0]["accountCount"]),
        (None, &json!(1))
    );
    let mut by_count = query("*");
    by_count["sort"] = json!(["-accountCount", "+name"]);
    assert_eq!(
        found(by_count).await.1,
        ["svc-backup", "svc-deploy", "svc-monitor", "jane.doe"]
    );
}
