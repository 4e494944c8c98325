//! What is sent in bodies: patches, types, sizes and codings, for all operations alike.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

#[expect(dead_code, reason = "other tests use more of it")]
mod support;

use std::io::Write as _;

use jiff::SignedDuration;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use simulator::{ClockMode, Config};
use support::{Caller, client, manual, read};

const ILLEGAL: &str = "400.1.3 Illegal value";

fn id_of(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

/// One object of each kind that can be patched: the path, and a field of it that can be set.
async fn patchable(admin: &Caller) -> Vec<(String, &'static str)> {
    let (source, profile) = admin.guide_source().await;
    let list = |path: String| async move { admin.get(&path).await.1[0].clone() };
    let schema = id_of(&list(format!("/sources/v1/{source}/schemas")).await);
    let states = format!("/identity-profiles/v1/{profile}/lifecycle-states");
    let state = id_of(&list(states.clone()).await);
    let account = id_of(&list("/accounts/v1".to_owned()).await);
    let people = "/identities/v1?filters=alias%20eq%20%22svc-backup%22";
    let identity = id_of(&list(people.to_owned()).await);
    let owner = json!({"id": identity, "name": "x"});
    let level = json!({"name": "L", "description": "d", "owner": owner});
    let (_, level) = admin
        .post("/authorization/v1/custom-user-levels", level)
        .await;
    let client = json!({"name": "c", "description": "d", "accessTokenValiditySeconds": 600,
        "accessType": "OFFLINE", "enabled": true, "grantTypes": ["CLIENT_CREDENTIALS"]});
    let (_, client) = admin.post("/oauth-clients/v1", client).await;
    let token = json!({"name": "t", "expirationDate": "2099-01-01T00:00:00Z"});
    let (_, token) = admin.post("/personal-access-tokens/v1", token).await;
    let (_, task) = admin.import(&source, "id,name,e-mail,purpose\n").await;
    vec![
        (format!("/sources/v1/{source}"), "description"),
        (
            format!("/sources/v1/{source}/schemas/{schema}"),
            "nativeObjectType",
        ),
        (format!("/identity-profiles/v1/{profile}"), "description"),
        (format!("{states}/{state}"), "description"),
        (
            format!("/oauth-clients/v1/{}", id_of(&client)),
            "description",
        ),
        (
            format!("/authorization/v1/custom-user-levels/{}", id_of(&level)),
            "description",
        ),
        (
            format!("/personal-access-tokens/v1/{}", id_of(&token)),
            "name",
        ),
        (format!("/accounts/v1/{account}"), "description"),
        (format!("/auth-users/v1/{identity}"), "capabilities"),
        (
            format!("/task-status/v1/{}", id_of(&task["task"])),
            "completionStatus",
        ),
    ]
}

/// D2: a patch of a path that is not there is refused, whatever it patches.
#[tokio::test]
async fn d2_patches_of_paths_that_are_not_there_are_refused() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    for (path, field) in patchable(&admin).await {
        for patch in [
            json!([{"op": "replace", "path": "/nmae", "value": "x"}]),
            json!([{"op": "add", "path": "/nmae", "value": "x"}]),
            json!([{"op": "remove", "path": "/nmae"}]),
            json!([{"op": "copy", "from": "/id", "path": "/nmae"}]),
            json!([{"op": "replace", "path": "/no/where", "value": "x"}]),
            json!([{"op": "replace", "path": "", "value": null}]),
            json!([{"op": "add", "path": "", "value": null}]),
            json!([{"op": "add", "path": "", "value": []}]),
            // D7: and so is a value of another type.
            json!([{"op": "replace", "path": format!("/{field}"), "value": {"a": 1}}]),
        ] {
            let (status, body) = admin.patch(&path, patch.clone()).await;
            assert_eq!(status, 400, "{path} {patch} {body}");
            assert!(body["detailCode"].is_string(), "{body}");
        }
    }
}

/// Leaf paths of connector attributes: they can be added, and replaced where they are.
#[tokio::test]
async fn d2_open_objects_take_new_fields() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    let path = format!("/sources/v1/{source}");
    let at = |op: &str, field: &str| json!([{"op": op, "path": format!("/connectorAttributes/{field}"), "value": "x"}]);
    assert_eq!(
        admin.patch(&path, at("replace", "filterSrting")).await.0,
        400
    );
    assert_eq!(admin.patch(&path, at("add", "myOwn")).await.0, 200);
    assert_eq!(admin.patch(&path, at("replace", "myOwn")).await.0, 200);
}

/// D3: null is no list of levels.
#[tokio::test]
async fn d3_nothing_does_not_erase_all_levels() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (_, found) = admin
        .get("/identities/v1?filters=alias%20eq%20%22svc-backup%22")
        .await;
    let path = format!("/auth-users/v1/{}", id_of(&found[0]));
    let grant = json!([{"op": "replace", "path": "/capabilities", "value": ["HELPDESK"]}]);
    assert_eq!(admin.patch(&path, grant).await.0, 200);
    for patch in [
        json!([{"op": "replace", "path": "/capabilities", "value": null}]),
        json!([{"op": "add", "path": "/capabilities", "value": null}]),
        json!([{"op": "add", "path": "", "value": null}]),
        json!([{"op": "add", "path": "", "value": {}}]),
        json!([{"op": "replace", "path": "/capabilities", "value": [null]}]),
    ] {
        assert_eq!(admin.patch(&path, patch.clone()).await.0, 400, "{patch}");
    }
    assert_eq!(
        admin.get(&path).await.1["capabilities"],
        json!(["HELPDESK"])
    );
    let none = json!([{"op": "replace", "path": "/capabilities", "value": []}]);
    assert_eq!(admin.patch(&path, none).await.1["capabilities"], json!([]));
}

/// D7: wrong types are refused, and not stored.
#[tokio::test]
async fn d7_wrong_types_are_refused() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, profile) = admin.guide_source().await;
    let (_, whole) = admin.get(&format!("/sources/v1/{source}")).await;
    for (field, value) in [
        ("cluster", json!("c")),
        ("cluster", json!({"id": 5})),
        ("accountCorrelationRule", json!([])),
        ("features", json!([1])),
        ("features", json!(["FLY"])),
        ("credentialProviderEnabled", json!("yes")),
        ("category", json!(5)),
    ] {
        let mut wanted = whole.clone();
        wanted[field] = value.clone();
        let path = format!("/sources/v1/{source}");
        let (status, body) = admin.send(Method::PUT, &path, Some(wanted)).await;
        assert_eq!(
            (status, &body["detailCode"]),
            (400, &json!(ILLEGAL)),
            "{field} {value}"
        );
        let patch = json!([{"op": "add", "path": format!("/{field}"), "value": value}]);
        assert_eq!(
            admin.patch(&format!("/sources/v1/{source}"), patch).await.0,
            400
        );
    }
    let states = format!("/identity-profiles/v1/{profile}/lifecycle-states");
    for body in [
        json!({"name": "n", "technicalName": "n", "accountActions": "none"}),
        json!({"name": "n", "technicalName": "n", "accessProfileIds": [5]}),
        json!({"name": "n", "technicalName": "n", "emailNotificationOption": {"notifyManagers": "no"}}),
    ] {
        assert_eq!(admin.post(&states, body.clone()).await.0, 400, "{body}");
    }
    let (_, after) = admin.get(&format!("/sources/v1/{source}")).await;
    assert_eq!(after, whole);
}

/// D8: what is sent is kept.
#[tokio::test]
async fn d8_fields_are_not_dropped() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let sources = json!([{"type": "rule", "properties": {"ruleName": "r"}}]);
    let attribute =
        json!({"name": "team", "displayName": "Team", "type": "string", "sources": sources});
    let (status, made) = admin.post("/identity-attributes/v1", attribute).await;
    assert_eq!((status, &made["sources"]), (201, &sources));
    let (_, people) = admin
        .get("/identities/v1?filters=alias%20eq%20%22jane.doe%22")
        .await;
    let cluster = json!({"type": "CLUSTER", "id": "c1", "name": "c"});
    let source = json!({"name": "S", "owner": {"id": people[0]["id"], "type": "IDENTITY"}, "connector": "delimited-file-angularsc",
        "features": ["NO_RANDOM_ACCESS"], "category": "CredentialProvider", "cluster": cluster});
    let (status, made) = admin.post("/sources/v1?provisionAsCsv=True", source).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["features"], json!(["NO_RANDOM_ACCESS"]));
    assert_eq!(made["category"], "CredentialProvider");
    assert_eq!(made["cluster"], cluster);
    // Row 9: what ISC adds to the attributes of a connector.
    assert_eq!(made["connectorAttributes"]["connectionType"], "file");
    assert_eq!(made["connectorAttributes"]["cloudExternalId"], made["id"]);
}

/// D4: a search that makes no sense does not find everybody. D6: booleans in any case.
#[tokio::test]
async fn d4_searches_that_make_no_sense_are_refused() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    for body in [
        json!({"indices": ["identities"], "query": "name:a"}),
        json!({"indices": ["identities"], "query": null}),
        json!({"indices": ["identities"], "query": {"query": null}}),
        json!({"indices": ["identities"], "query": {"query": 5}}),
        json!({"indices": null, "query": {"query": "*"}}),
        json!({"indices": ["identities"], "query": {"query": "*"}, "sort": ["nmae"]}),
        json!({"indices": ["identities"], "query": {"query": "*"}, "sort": [null]}),
        json!([]),
        json!(null),
    ] {
        for path in ["/search/v1", "/search/v1/count"] {
            let (status, answer) = admin.post(path, body.clone()).await;
            if path.ends_with("count") && body.get("sort").is_some() {
                continue;
            }
            assert_eq!(status, 400, "{path} {body} {answer}");
        }
    }
    let everybody = json!({"indices": ["identities"], "query": {"query": "*"}, "sort": ["-name"]});
    assert_eq!(admin.post("/search/v1?count=True", everybody).await.0, 200);
}

/// D9: a schema has attributes, and one of them is the identity attribute.
#[tokio::test]
async fn d9_schemas_that_nothing_works_with_are_refused() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    let (_, schemas) = admin.get(&format!("/sources/v1/{source}/schemas")).await;
    let path = format!("/sources/v1/{source}/schemas/{}", id_of(&schemas[0]));
    for patch in [
        json!([{"op": "replace", "path": "/identityAttribute", "value": "nothing"}]),
        json!([{"op": "replace", "path": "/identityAttribute", "value": ""}]),
        json!([{"op": "replace", "path": "/attributes", "value": []}]),
        json!([{"op": "remove", "path": "/attributes/0"}]),
    ] {
        assert_eq!(admin.patch(&path, patch.clone()).await.0, 400, "{patch}");
    }
    assert_eq!(admin.get(&path).await.1["identityAttribute"], "id");
}

/// D10: the state that is set by hand is among the attributes.
#[tokio::test]
async fn d10_a_lifecycle_state_set_by_hand_is_an_attribute() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, profile) = admin.guide_source().await;
    let csv = "id,name,e-mail,purpose\nSA-1,one,o@example.com,x\n";
    admin.import(&source, csv).await;
    simulator.advance(SignedDuration::from_secs(20)).unwrap();
    let (_, found) = admin
        .get("/identities/v1?filters=alias%20eq%20%22one%22")
        .await;
    let id = id_of(&found[0]);
    let states = format!("/identity-profiles/v1/{profile}/lifecycle-states");
    let (_, states) = admin.get(&states).await;
    let state = states
        .as_array()
        .unwrap()
        .iter()
        .find(|state| state["technicalName"] == "inactive");
    let body = json!({"lifecycleStateId": state.unwrap()["id"]});
    let (status, _) = admin
        .post(&format!("/identities/v1/{id}/set-lifecycle-state"), body)
        .await;
    assert_eq!(status, 200);
    for _ in 0..2 {
        let (_, identity) = admin.get(&format!("/identities/v1/{id}")).await;
        assert_eq!(
            identity["attributes"]["cloudLifecycleState"], "inactive",
            "{identity}"
        );
        let process = format!("/identity-profiles/v1/{profile}/process-identities");
        assert_eq!(admin.post(&process, json!({})).await.0, 202);
        simulator.advance(SignedDuration::from_secs(20)).unwrap();
    }
}

/// Row 4: what a partial notification leaves out is filled.
#[tokio::test]
async fn row_04_lifecycle_states_are_filled() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (_, profile) = admin.guide_source().await;
    let states = format!("/identity-profiles/v1/{profile}/lifecycle-states");
    let body = json!({"name": "n", "technicalName": "n", "accessProfileIds": [],
        "emailNotificationOption": {"notifyManagers": true}});
    let (status, made) = admin.post(&states, body).await;
    assert_eq!(status, 201, "{made}");
    let expected = json!({"notifyManagers": true, "notifyAllAdmins": false,
        "notifySpecificUsers": false, "emailAddressList": []});
    assert_eq!(made["emailNotificationOption"], expected);
    assert_eq!(made["accessProfileIds"], Value::Null);
}

/// D1: a form of any size up to the limit is taken, and a larger one is refused in ISC's form.
#[tokio::test]
async fn d1_large_forms_are_imported_up_to_a_limit() {
    let simulator = simulator::start(Config {
        clock: ClockMode::Manual,
        max_body: 4 * 1024 * 1024,
        ..Config::default()
    })
    .await
    .unwrap();
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    let csv = |rows: usize| {
        use std::fmt::Write as _;
        let mut text = String::from("id,name,e-mail,purpose\n");
        for row in 0..rows {
            let _ = writeln!(text, "SA-{row:06},svc{row:06},svc{row:06}@example.com,x");
        }
        text
    };
    let large = csv(60_000);
    assert!(large.len() > 2 * 1024 * 1024);
    let (status, loaded) = admin.import(&source, &large).await;
    assert_eq!(status, 202, "{loaded}");
    let (status, refused) = admin.import(&source, &csv(120_000)).await;
    assert_eq!(
        (status, &refused["detailCode"]),
        (413, &json!("413 Payload too large"))
    );
    assert!(
        refused["messages"][0]["text"]
            .as_str()
            .unwrap()
            .contains("4194304")
    );
}

/// D11 and row 3: what cannot be read is refused in ISC's form.
#[tokio::test]
async fn d11_everything_is_refused_in_iscs_form() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    let load = format!("/sources/v1/{source}/load-accounts");
    for (kind, body) in [
        ("multipart/form-data", "x"),
        ("multipart/form-data; boundary=b", "x"),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nid",
        ),
    ] {
        let request = admin
            .request(Method::POST, &load)
            .header("content-type", kind)
            .body(body);
        let (status, answer) = read(request.send().await.unwrap()).await;
        assert_eq!(status, 400, "{kind} {body}");
        assert!(answer["messages"][0]["text"].is_string(), "{kind} {answer}");
        assert!(answer["trackingId"].is_string());
    }
    let answer = admin
        .request(Method::DELETE, "/sources/v1")
        .send()
        .await
        .unwrap();
    let allow = answer.headers()["allow"].to_str().unwrap().to_owned();
    assert_eq!(answer.status(), 405);
    assert!(allow.contains("GET") && allow.contains("POST"), "{allow}");
    let token = client()
        .get(format!("{}/oauth/token", admin.base))
        .send()
        .await
        .unwrap();
    assert_eq!(
        (token.status().as_u16(), &token.headers()["allow"]),
        (405, &"POST".parse().unwrap())
    );
    // D14: no words of libraries.
    let request = admin
        .request(Method::POST, "/sources/v1")
        .header("content-type", "application/json");
    let (_, answer) = read(request.body("{\"name\": ").send().await.unwrap()).await;
    assert_eq!(
        answer["messages"][0]["text"],
        "The body is not well-formed JSON: line 1, column 9."
    );
}

#[tokio::test]
async fn d11_gzip_is_read() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let gzip = |text: &str| {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        writer.write_all(text.as_bytes()).unwrap();
        writer.finish().unwrap()
    };
    let search = |coding: &'static str, body: Vec<u8>| {
        admin
            .request(Method::POST, "/search/v1")
            .header("content-type", "application/json")
            .header("content-encoding", coding)
            .body(body)
            .send()
    };
    let text =
        json!({"indices": ["identities"], "query": {"query": "name:svc-backup"}}).to_string();
    let (status, found) = read(search("gzip", gzip(&text)).await.unwrap()).await;
    assert_eq!((status, found.as_array().unwrap().len()), (200, 1));
    assert_eq!(
        search("gzip", b"no gzip".to_vec()).await.unwrap().status(),
        400
    );
    assert_eq!(search("br", gzip(&text)).await.unwrap().status(), 415);
}

/// Nobody has to be known to send a body, so bodies of the unknown are not read.
#[tokio::test]
async fn fair_the_caller_is_checked_before_the_body() {
    let simulator = manual().await;
    let base = simulator.base_url();
    let part = Part::bytes(vec![b'x'; 3 * 1024 * 1024]).file_name("accounts.csv");
    let request = client()
        .post(format!("{base}/sources/v1/x/load-accounts"))
        .bearer_auth("nobody")
        .multipart(Form::new().part("file", part));
    // The answer comes while the body is sent; whoever does not listen sees a broken connection.
    if let Ok(answer) = request.send().await {
        assert_eq!(answer.status(), 401);
    }
    let small = client()
        .post(format!("{base}/search/v1"))
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(small.status(), 401);
}

/// Row 3: no boundary answered plain text.
#[tokio::test]
async fn row_03_a_form_without_a_boundary_is_refused_in_iscs_form() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    let path = format!("/sources/v1/{source}/load-accounts");
    let request = admin.request(Method::POST, &path).body("id,name\n");
    let request = request.header("content-type", "multipart/form-data");
    let (status, body) = support::read(request.send().await.unwrap()).await;
    assert_eq!(status, 400);
    assert!(body["detailCode"].is_string(), "{body}");
    assert!(body["messages"][0]["text"].is_string(), "{body}");
}

/// Row 9: some connector attributes that the server adds were absent.
#[tokio::test]
async fn row_09_connector_attributes_are_complete() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    let (_, wire) = admin.get(&format!("/sources/v1/{source}")).await;
    let attributes = &wire["connectorAttributes"];
    assert_eq!(attributes["cloudExternalId"], source);
    assert_eq!(attributes["connectionType"], wire["connectionType"]);
}

/// D6: booleans in another case were refused; .NET and Python clients send them so.
#[tokio::test]
async fn d6_booleans_have_any_case() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    for flag in ["true", "True", "TRUE", "false", "False"] {
        let path = format!("/accounts/v1?count={flag}&limit=1");
        let answer = admin.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{flag}");
        let counted = answer.headers().contains_key("x-total-count");
        assert_eq!(counted, flag.eq_ignore_ascii_case("true"), "{flag}");
    }
    assert_eq!(admin.get("/accounts/v1?count=yes").await.0, 400);
}

/// D14: words of the implementation's libraries were in answers.
#[tokio::test]
async fn d14_answers_have_no_words_of_libraries() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    for body in ["{", "[1,", "{\"name\": tru}", "\u{0}", "{\"a\":1}}"] {
        let request = admin.request(Method::POST, "/sources/v1");
        let request = request.header("content-type", "application/json");
        let answer = request.body(body).send().await.unwrap();
        assert_eq!(answer.status(), 400);
        let text = answer.text().await.unwrap();
        for word in [
            "serde",
            "expected value",
            "EOF while",
            "trailing",
            "invalid type",
            "axum",
        ] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }
}
