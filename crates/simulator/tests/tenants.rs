//! What sources can be set to, and what some tenants do: tests of clients need each of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

mod support;

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use simulator::{Fault, FaultRule, Faults, Running};
use support::{Caller, manual, read};

const HEADER: &str = "id,name,e-mail,purpose";

async fn set(admin: &Caller, source: &str, name: &str, value: Value) {
    let patch =
        json!([{"op": "add", "path": format!("/connectorAttributes/{name}"), "value": value}]);
    let (status, body) = admin.patch(&format!("/sources/v1/{source}"), patch).await;
    assert_eq!(status, 200, "{body}");
}

/// Imports, and waits for accounts and identities: the task.
async fn import(simulator: &Running, admin: &Caller, source: &str, csv: &str) -> Value {
    let (status, loaded) = admin.import(source, csv).await;
    assert_eq!(status, 202, "{loaded}");
    simulator.advance(SignedDuration::from_secs(20)).unwrap();
    let id = loaded["task"]["id"].as_str().unwrap();
    admin.get(&format!("/task-status/v1/{id}")).await.1
}

async fn natives(admin: &Caller, source: &str) -> Vec<String> {
    let path =
        format!("/accounts/v1?filters=sourceId%20eq%20%22{source}%22&sorters=nativeIdentity");
    let (_, rows) = admin.get(&path).await;
    let rows = rows.as_array().unwrap();
    rows.iter()
        .map(|row| row["nativeIdentity"].as_str().unwrap().to_owned())
        .collect()
}

async fn control(admin: &Caller, path: &str, body: Value) {
    let request = admin
        .client
        .put(format!("{}/_simulator/{path}", admin.base))
        .header("content-type", "application/json")
        .body(body.to_string());
    assert_eq!(request.send().await.unwrap().status(), 204);
}

/// Tenants 3: a row that begins with the comment character is skipped, so its account goes.
#[tokio::test]
async fn tenants_03_comments_are_skipped() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    let csv = format!("{HEADER}\n#SA-9,nine,n@example.com,x\nSA-1,one,o@example.com,x\n");
    import(&simulator, &admin, &source, &csv).await;
    assert_eq!(natives(&admin, &source).await, ["SA-1"]);
    set(&admin, &source, "commentCharacter", json!("%")).await;
    import(&simulator, &admin, &source, &csv).await;
    assert_eq!(natives(&admin, &source).await, ["#SA-9", "SA-1"]);
}

/// Tenants 4: the delimiter, skipped lines and the filter are followed.
#[tokio::test]
async fn tenants_04_the_file_is_read_as_its_source_says() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    for delimiter in [";", "\\u0009"] {
        set(&admin, &source, "delimiter", json!(delimiter)).await;
        let (status, refused) = admin
            .import(&source, &format!("{HEADER}\nSA-1,one,,\n"))
            .await;
        assert_eq!(
            (status, &refused["detailCode"]),
            (400, &json!("400.1.3 Illegal value"))
        );
        let written = if delimiter == ";" { ";" } else { "\t" };
        let csv = format!("{HEADER}\nSA-1,one,o@example.com,x\n").replace(',', written);
        import(&simulator, &admin, &source, &csv).await;
        assert_eq!(natives(&admin, &source).await, ["SA-1"]);
    }
    set(&admin, &source, "delimiter", json!(",")).await;
    set(&admin, &source, "linesToSkip", json!("2")).await;
    set(
        &admin,
        &source,
        "filterString",
        json!("id.startsWith(\"X\") || purpose.isNull()"),
    )
    .await;
    let csv =
        format!("title\n\n{HEADER}\nSA-1,one,o@e.com,x\nX-1,two,t@e.com,x\nSA-2,three,t@e.com,\n");
    import(&simulator, &admin, &source, &csv).await;
    assert_eq!(natives(&admin, &source).await, ["SA-1"]);
    set(&admin, &source, "filterString", json!("id ===")).await;
    assert_eq!(admin.import(&source, &csv).await.0, 400);
}

/// Tenants 5: with deletions switched off, an account without a row stays.
#[tokio::test]
async fn tenants_05_deletions_can_be_switched_off() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    let both = format!("{HEADER}\nSA-1,one,o@example.com,x\nSA-2,two,t@example.com,x\n");
    import(&simulator, &admin, &source, &both).await;
    set(&admin, &source, "checkDeletedDisabled", json!("true")).await;
    let one = format!("{HEADER}\nSA-1,one,o@example.com,x\n");
    let task = import(&simulator, &admin, &source, &one).await;
    assert_eq!(task["completionStatus"], "SUCCESS");
    assert_eq!(natives(&admin, &source).await, ["SA-1", "SA-2"]);
}

/// Row 1 and tenants 6: unchanged rows are looked at again only without optimization.
#[tokio::test]
async fn row_01_disable_optimization_looks_at_unchanged_rows() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    let csv = format!("{HEADER}\nSA-1,one,o@example.com,x\n");
    let task = import(&simulator, &admin, &source, &csv).await;
    assert_eq!(task["attributes"]["optimizedAggregation"], "enabled");
    let find = "/identities/v1?filters=alias%20eq%20%22one%22";
    let id = admin.get(find).await.1[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(admin.delete(&format!("/identities/v1/{id}")).await.0, 204);
    import(&simulator, &admin, &source, &csv).await;
    assert_eq!(
        admin.get(find).await.1,
        json!([]),
        "an unchanged row is not looked at"
    );
    for (form, query) in [(Some("True"), ""), (None, "?disableOptimization=true")] {
        let part = reqwest::multipart::Part::text(csv.clone()).file_name("accounts.csv");
        let mut parts = reqwest::multipart::Form::new().part("file", part);
        if let Some(value) = form {
            parts = parts.text("disableOptimization", value);
        }
        let path = format!("/sources/v1/{source}/load-accounts{query}");
        let (status, loaded) = read(
            admin
                .request(Method::POST, &path)
                .multipart(parts)
                .send()
                .await
                .unwrap(),
        )
        .await;
        assert_eq!(status, 202, "{loaded}");
        assert_eq!(
            loaded["task"]["attributes"]["optimizedAggregation"],
            "disabled"
        );
        simulator.advance(SignedDuration::from_secs(20)).unwrap();
        let (_, found) = admin.get(find).await;
        assert_eq!(found[0]["alias"], "one");
    }
}

/// Tenants 2: an account that is named like a person becomes one more account of that person.
#[tokio::test]
async fn tenants_02_accounts_are_correlated_by_name_on_request() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    control(&admin, "behavior", json!({"correlateByName": true})).await;
    let csv = format!("{HEADER}\nSA-1,SVC-Backup,o@example.com,x\nSA-2,two,t@example.com,x\n");
    import(&simulator, &admin, &source, &csv).await;
    let path =
        format!("/accounts/v1?filters=sourceId%20eq%20%22{source}%22&sorters=nativeIdentity");
    let (_, accounts) = admin.get(&path).await;
    let find = "/identities/v1?filters=alias%20eq%20%22svc-backup%22";
    let (_, people) = admin.get(find).await;
    assert_eq!(accounts[0]["identityId"], people[0]["id"]);
    assert_eq!(accounts[1]["uncorrelated"], false);
    // The person stays what it was, also when the account goes.
    assert_eq!(people[0]["emailAddress"], "svc-backup@example.com");
    set(&admin, &source, "deleteThresholdPercentage", json!(100)).await;
    import(
        &simulator,
        &admin,
        &source,
        &format!("{HEADER}\nSA-2,two,t@example.com,x\n"),
    )
    .await;
    simulator.advance(SignedDuration::from_mins(10)).unwrap();
    assert_eq!(admin.get(find).await.1[0]["id"], people[0]["id"]);
}

/// Tenants 8: some tenants write email addresses in lower case.
#[tokio::test]
async fn tenants_08_email_addresses_are_lower_cased_on_request() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    control(&admin, "behavior", json!({"lowerCaseEmail": true})).await;
    let csv = format!("{HEADER}\nSA-1,one,One@Example.com,x\n");
    import(&simulator, &admin, &source, &csv).await;
    let (_, found) = admin
        .get("/identities/v1?filters=alias%20eq%20%22one%22")
        .await;
    assert_eq!(found[0]["emailAddress"], "one@example.com");
    let (_, accounts) = admin
        .get("/accounts/v1?filters=name%20eq%20%22one%22")
        .await;
    assert_eq!(accounts[0]["attributes"]["e-mail"], "One@Example.com");
}

/// Tenants 1: an empty list that is wrong, and a short one, once.
#[tokio::test]
async fn tenants_01_a_list_can_be_empty_or_short_once() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    for (fault, expected) in [(Fault::EmptyList, 0), (Fault::ShortList, 1)] {
        simulator.set_faults(Faults {
            rules: vec![FaultRule {
                fault,
                operations: vec!["listAccountsV1".into()],
                skip: 0,
                count: Some(1),
                probability: None,
            }],
            seed: 0,
        });
        for expected in [expected, 3] {
            let request = admin.request(Method::GET, "/accounts/v1?count=True");
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 200);
            let total = answer.headers()["x-total-count"].clone();
            let rows: Value = answer.json().await.unwrap();
            assert_eq!(rows.as_array().unwrap().len(), expected);
            assert_eq!(total, expected.to_string().as_str());
        }
    }
}

/// D12: a quotation mark that is not closed is no success.
#[tokio::test]
async fn d12_an_unclosed_quote_fails_the_import() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    let csv = format!("{HEADER}\nSA-1,one,o@example.com,\"x\nSA-2,two,t@example.com,x\n");
    let task = import(&simulator, &admin, &source, &csv).await;
    assert_eq!(task["completionStatus"], "ERROR");
    let text = task["messages"][0]["localizedText"]["message"]
        .as_str()
        .unwrap();
    assert!(text.contains("line 2"), "{text}");
    assert_eq!(natives(&admin, &source).await, Vec::<String>::new());
    let csv = format!("{HEADER}\nSA-1,one,o@example.com,\"x \"\"y\"\"\"\n# \"z\n");
    let task = import(&simulator, &admin, &source, &csv).await;
    assert_eq!(task["completionStatus"], "SUCCESS", "{task}");
}
