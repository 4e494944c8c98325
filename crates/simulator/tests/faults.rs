//! Each kind of fault, as a caller meets it on the wire.

#[expect(dead_code, reason = "other tests use more of it")]
mod support;

use std::time::Duration;

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use simulator::{Completion, Fault, FaultRule, Faults, RequestFilter, Running};
use support::{Caller, manual, read};

const ATTRIBUTES: &str = "/identity-attributes/v1";

async fn with(fault: Fault, operation: &str, count: u64) -> (Running, Caller) {
    let simulator = manual().await;
    let caller = Caller::admin(&simulator).await;
    let rule = FaultRule {
        fault,
        operations: vec![operation.to_owned()],
        skip: 0,
        count: Some(count),
        probability: None,
    };
    simulator.set_faults(Faults {
        rules: vec![rule],
        seed: 0,
    });
    (simulator, caller)
}

fn attribute(name: &str) -> Value {
    json!({"name": name, "displayName": name, "type": "string"})
}

async fn exists(caller: &Caller, name: &str) -> bool {
    caller.get(&format!("{ATTRIBUTES}/{name}")).await.0 == 200
}

#[tokio::test]
async fn refusals_come_before_the_effect() {
    let table = [
        (
            Fault::TooManyRequests {
                retry_after: Some(7),
            },
            429,
            Some("7"),
        ),
        (Fault::TooManyRequests { retry_after: None }, 429, None),
        (Fault::Status { status: 500 }, 500, None),
        (Fault::Status { status: 502 }, 502, None),
        (Fault::Status { status: 503 }, 503, None),
        (Fault::Status { status: 504 }, 504, None),
        (Fault::ExpiredToken, 401, None),
    ];
    for (fault, status, retry_after) in table {
        let (_simulator, caller) = with(fault.clone(), "createIdentityAttributeV1", 1).await;
        let request = || {
            caller
                .request(Method::POST, ATTRIBUTES)
                .header("content-type", "application/json")
                .body(attribute("one").to_string())
        };
        let answer = request().send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{fault:?}");
        let header = answer
            .headers()
            .get("retry-after")
            .map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header.as_deref(), retry_after, "{fault:?}");
        assert!(!exists(&caller, "one").await, "{fault:?}");
        assert_eq!(
            request().send().await.unwrap().status(),
            201,
            "{fault:?} is spent"
        );
    }
}

#[tokio::test]
async fn a_reset_leaves_open_whether_there_was_an_effect() {
    for (fault, effect) in [(Fault::ResetBefore, false), (Fault::ResetAfter, true)] {
        let (simulator, caller) = with(fault.clone(), "POST /identity-attributes/v1", 1).await;
        let request = caller
            .request(Method::POST, ATTRIBUTES)
            .header("content-type", "application/json");
        let error = request
            .body(attribute("one").to_string())
            .send()
            .await
            .unwrap_err();
        assert!(error.is_request(), "{fault:?}: {error:?}");
        assert_eq!(exists(&caller, "one").await, effect, "{fault:?}");
        let logged = simulator.requests(&RequestFilter {
            writes: Some(true),
            ..RequestFilter::default()
        });
        assert_eq!(logged.len(), 1);
        assert!(logged[0].faults[0].starts_with("reset-"));
    }
}

#[tokio::test]
async fn a_slow_answer_is_late() {
    let (_simulator, caller) = with(Fault::Slow { milliseconds: 300 }, "getTenantV1", 1).await;
    let patience = Duration::from_millis(100);
    assert!(
        tokio::time::timeout(patience, caller.get("/tenant/v1"))
            .await
            .is_err()
    );
    assert_eq!(caller.get("/tenant/v1").await.0, 200);
}

#[tokio::test]
async fn a_truncated_body_ends_in_the_middle() {
    let (_simulator, caller) = with(Fault::TruncatedBody, "getTenantV1", 1).await;
    let answer = caller
        .request(Method::GET, "/tenant/v1")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let promised: u64 = answer.headers()["content-length"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!(promised > 100);
    answer.text().await.unwrap_err();
}

#[tokio::test]
async fn a_malformed_body_is_no_json() {
    let (_simulator, caller) = with(Fault::MalformedJson, "getTenantV1", 1).await;
    let answer = caller
        .request(Method::GET, "/tenant/v1")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-type"], "application/json");
    let text = answer.text().await.unwrap();
    assert!(serde_json::from_str::<Value>(&text).is_err(), "{text}");
}

#[tokio::test]
async fn an_error_can_have_an_encoding_that_is_none() {
    let (_simulator, caller) = with(Fault::ContentEncoding, "getSourceV1", 2).await;
    let answer = caller
        .request(Method::GET, "/sources/v1/nothing")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 404);
    assert_eq!(answer.headers()["content-encoding"], "UTF-8");
    // What is no error has no such header.
    let (_, sources) = caller.get("/sources/v1").await;
    let path = format!("/sources/v1/{}", sources[0]["id"].as_str().unwrap());
    let answer = caller.request(Method::GET, &path).send().await.unwrap();
    assert!(answer.headers().get("content-encoding").is_none());
}

#[tokio::test]
async fn tasks_end_as_they_are_told() {
    for (outcome, text, imported) in [
        (Completion::Error, "ERROR", 0),
        (Completion::Terminated, "TERMINATED", 0),
        (Completion::Warning, "WARNING", 1),
    ] {
        let (simulator, caller) = with(Fault::Task { outcome }, "importAccountsV1", 1).await;
        let (source, _) = caller.guide_source().await;
        let (_, task) = caller
            .import(&source, "id,name,e-mail,purpose\n1,a,a@example.com,x\n")
            .await;
        simulator.advance(SignedDuration::from_secs(4)).unwrap();
        let (_, task) = caller
            .get(&format!(
                "/task-status/v1/{}",
                task["task"]["id"].as_str().unwrap()
            ))
            .await;
        assert_eq!(task["completionStatus"], text);
        let (_, accounts) = caller
            .get(&format!(
                "/accounts/v1?filters=sourceId%20eq%20%22{source}%22"
            ))
            .await;
        assert_eq!(accounts.as_array().unwrap().len(), imported);
    }
}

#[tokio::test]
async fn a_task_can_be_completed_before_it_says_how() {
    let (simulator, caller) = with(Fault::StatusRace, "importAccountsV1", 1).await;
    let (source, _) = caller.guide_source().await;
    let (_, task) = caller.import(&source, "id,name,e-mail,purpose\n").await;
    let path = format!("/task-status/v1/{}", task["task"]["id"].as_str().unwrap());
    simulator.advance(SignedDuration::from_secs(4)).unwrap();
    let (_, task) = caller.get(&path).await;
    assert!(
        task["completed"].is_string() && task["completionStatus"].is_null(),
        "{task}"
    );
    simulator.advance(SignedDuration::from_secs(2)).unwrap();
    let (_, task) = caller.get(&path).await;
    assert_eq!(task["completionStatus"], "SUCCESS");
}

#[tokio::test]
async fn pages_can_be_short_and_totals_drift() {
    let (_simulator, caller) = with(Fault::ShortPage, "listIdentitiesV1", 1).await;
    let (_, short) = caller.get("/identities/v1?limit=4&sorters=name").await;
    let (_, whole) = caller.get("/identities/v1?limit=4&sorters=name").await;
    assert_eq!(
        (
            short.as_array().unwrap().len(),
            whole.as_array().unwrap().len()
        ),
        (2, 4)
    );

    let (_simulator, caller) = with(Fault::ChangingTotal, "listIdentitiesV1", 2).await;
    let mut totals = Vec::new();
    for offset in [0, 2, 2] {
        let path = format!("/identities/v1?limit=2&offset={offset}&count=true");
        let answer = caller.request(Method::GET, &path).send().await.unwrap();
        totals.push(
            answer.headers()["x-total-count"]
                .to_str()
                .unwrap()
                .to_owned(),
        );
    }
    assert_eq!(totals, ["5", "7", "4"]);
}

#[tokio::test]
async fn the_order_without_sorters_can_change() {
    let names = |value: &Value| -> Vec<String> {
        let rows = value.as_array().unwrap().iter();
        rows.map(|row| row["name"].as_str().unwrap().to_owned())
            .collect()
    };
    for by_fault in [true, false] {
        let config = simulator::Config {
            clock: simulator::ClockMode::Manual,
            seed_accounts: 50,
            unstable_order: !by_fault,
            ..simulator::Config::default()
        };
        let simulator = simulator::start(config).await.unwrap();
        let caller = Caller::admin(&simulator).await;
        if by_fault {
            let rule = FaultRule {
                fault: Fault::UnstableOrder,
                operations: Vec::new(),
                skip: 0,
                count: None,
                probability: None,
            };
            simulator.set_faults(Faults {
                rules: vec![rule],
                seed: 0,
            });
        }
        let (_, first) = caller.get("/accounts/v1").await;
        let (_, second) = caller.get("/accounts/v1").await;
        assert_ne!(names(&first), names(&second));
        let (_, first) = caller.get("/accounts/v1?sorters=name").await;
        let (_, second) = caller.get("/accounts/v1?sorters=name").await;
        assert_eq!(names(&first), names(&second));
    }
}

#[tokio::test]
async fn faults_are_set_over_the_control_surface() {
    let simulator = manual().await;
    let caller = Caller::admin(&simulator).await;
    let faults = json!({"rules": [{"fault": {"kind": "status", "status": 503}, "operations": ["getTenantV1"]}]});
    let put = caller
        .client
        .put(format!("{}/_simulator/faults", caller.base))
        .header("content-type", "application/json")
        .body(faults.to_string());
    assert_eq!(put.send().await.unwrap().status(), 204);
    assert_eq!(caller.get("/tenant/v1").await.0, 503);
    let delete = caller
        .client
        .delete(format!("{}/_simulator/faults", caller.base));
    assert_eq!(delete.send().await.unwrap().status(), 204);
    assert_eq!(caller.get("/tenant/v1").await.0, 200);
    let put = caller
        .client
        .put(format!("{}/_simulator/faults", caller.base))
        .header("content-type", "application/json")
        .body(r#"{"rules": [{"fault": {"kind": "fire"}}]}"#);
    let (status, body) = read(put.send().await.unwrap()).await;
    assert_eq!(status, 400);
    assert!(body["error"].as_str().unwrap().contains("fire"), "{body}");
}
