//! Out-of-band changes: over the control surface, and in the state file.

#[expect(dead_code, reason = "other tests use more of it")]
mod support;

use camino::Utf8PathBuf;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use simulator::{ClockMode, Config, RequestFilter, SimulatorError, StateFileError};
use support::{Caller, grant, manual, read};

#[tokio::test]
async fn the_control_surface_acts_from_outside() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let control = |method: Method, path: &str, body: Option<Value>| {
        let request = admin
            .client
            .request(method, format!("{}/_simulator/{path}", admin.base));
        let request = body.map_or(request.try_clone().unwrap(), |body| {
            request
                .header("content-type", "application/json")
                .body(body.to_string())
        });
        async move { read(request.send().await.unwrap()).await }
    };
    let post = |path: &'static str, body: Value| control(Method::POST, path, Some(body));
    let before = simulator.now();
    assert_eq!(post("clock/advance", json!({"seconds": 90})).await.0, 200);
    assert_eq!(simulator.now(), before + SignedDuration::from_secs(90));
    assert_eq!(
        post("clock/set", json!({"now": before})).await.0,
        400,
        "time goes forward"
    );
    assert_eq!(
        post("persons/register", json!({"account": "svc-backup"}))
            .await
            .0,
        400
    );
    assert_eq!(
        post("persons/register", json!({"account": "nobody"}))
            .await
            .0,
        404
    );
    assert_eq!(
        post(
            "levels/set",
            json!({"account": "svc-backup", "levels": ["REPORT_ADMIN"]})
        )
        .await
        .0,
        204
    );
    let attributes =
        json!({"distinguishedName": "CN=x", "sAMAccountName": "svc-new", "mail": "x@example.com"});
    assert_eq!(
        post(
            "accounts/put",
            json!({"source": "Active Directory", "attributes": attributes})
        )
        .await
        .0,
        200
    );
    post("clock/advance", json!({"seconds": 6})).await;
    let (_, found) = admin
        .get("/identities/v1?filters=alias%20eq%20%22svc-new%22")
        .await;
    assert_eq!(found.as_array().unwrap().len(), 1);
    let (_, found) = admin
        .get("/identities/v1?filters=alias%20eq%20%22svc-backup%22")
        .await;
    admin
        .post("/identities/v1/invite", json!({"ids": [found[0]["id"]]}))
        .await;
    post("clock/advance", json!({"seconds": 3})).await;
    assert_eq!(
        post("persons/register", json!({"account": "svc-backup"}))
            .await
            .0,
        200
    );
    let (status, minted) = post(
        "persons/personal-access-tokens",
        json!({"account": "svc-backup", "name": "first"}),
    )
    .await;
    assert_eq!(status, 200);
    let answer = grant(
        &admin.base,
        minted["id"].as_str().unwrap(),
        minted["secret"].as_str().unwrap(),
    )
    .await;
    assert_eq!(answer.status(), 200);
    assert_eq!(
        post("tokens/revoke", json!({"id": minted["id"]})).await.0,
        204
    );
    let account = json!({"source": "Active Directory", "account": "svc-new"});
    assert_eq!(post("accounts/remove", account).await.0, 204);

    let (_, requests) = control(
        Method::GET,
        "requests?operation=startIdentitiesInviteV1",
        None,
    )
    .await;
    let request = &requests[0];
    assert_eq!(
        (&request["method"], &request["status"]),
        (&json!("POST"), &json!(202))
    );
    assert_eq!(request["client"], simulator::ADMIN_CLIENT_ID);
    let (_, counts) = control(Method::GET, "requests/counts?writes=false", None).await;
    assert_eq!(counts["listIdentitiesV1"], 2);
    assert_eq!(control(Method::DELETE, "requests", None).await.0, 204);
    assert!(simulator.requests(&RequestFilter::default()).is_empty());

    let (_, state) = control(Method::GET, "state", None).await;
    assert_eq!(
        control(Method::PUT, "state", Some(state.clone())).await.0,
        204
    );
    let (_, again) = control(Method::GET, "state", None).await;
    assert_eq!(state["identities"], again["identities"]);
    assert_eq!(control(Method::GET, "nothing", None).await.0, 404);
}

#[tokio::test]
async fn a_state_file_outlives_the_process_and_is_for_one_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(folder.path().join("tenant.json")).unwrap();
    let config = || Config {
        clock: ClockMode::Manual,
        state: Some(path.clone()),
        ..Config::default()
    };
    let simulator = simulator::start(config()).await.unwrap();
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    match simulator::start(config()).await {
        Err(SimulatorError::State(StateFileError::InUse { .. })) => {}
        other => panic!("{other:?}"),
    }
    // What was answered is saved already: a process that is killed loses nothing.
    let log = fs_err::read_to_string(format!("{path}.log")).unwrap();
    assert!(log.contains(&source));
    let now = simulator.now();
    simulator.shutdown().await.unwrap();
    let saved = fs_err::read_to_string(&path).unwrap();
    assert!(saved.contains(&source) && !fs_err::exists(format!("{path}.log")).unwrap());

    simulator::with_state_file(&path, |tenant| {
        tenant.set_levels_out_of_band("svc-backup", vec!["HELPDESK".into()])
    })
    .unwrap();
    let simulator = simulator::start(config()).await.unwrap();
    assert!(simulator.now() >= now);
    let admin = Caller::admin(&simulator).await;
    assert_eq!(admin.get(&format!("/sources/v1/{source}")).await.0, 200);
    let (_, holders) = admin
        .get("/authorization/v1/user-levels/HELPDESK/identities")
        .await;
    assert_eq!(holders[0]["alias"], "svc-backup");
    drop(simulator);
    let simulator = simulator::start(config())
        .await
        .expect("a simulator that is dropped lets its file go");
    simulator.shutdown().await.unwrap();
}
