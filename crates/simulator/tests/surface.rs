//! What every caller meets: authorization, lists, the rate limit, the clock, and the control surface.

#![expect(clippy::expect_used, reason = "a test that cannot go on is to fail")]

mod support;

use camino::Utf8PathBuf;
use jiff::SignedDuration;
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use simulator::{
    ClockMode, Config, RateLimit, RequestFilter, Running, SimulatorError, StateFileError,
    TokenRequest,
};
use support::{Caller, client, grant, manual, read};

/// Somebody registered, with a token of these scopes and these levels.
async fn service_account(
    simulator: &Running,
    admin: &Caller,
    scopes: &[&str],
    levels: &[&str],
) -> Caller {
    let (_, found) = admin
        .get("/identities/v1?filters=alias%20eq%20%22svc-backup%22")
        .await;
    admin
        .post("/identities/v1/invite", json!({"ids": [found[0]["id"]]}))
        .await;
    simulator
        .advance(SignedDuration::from_secs(3))
        .expect("the service account is made");
    let minted = simulator
        .with_tenant(|tenant| {
            tenant.register_person("svc-backup")?;
            tenant.set_levels_behind_the_back(
                "svc-backup",
                levels.iter().map(|level| (*level).to_owned()).collect(),
            )?;
            let request = TokenRequest {
                name: "t".into(),
                scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
                ..TokenRequest::default()
            };
            tenant.mint_personal_access_token_as_owner("svc-backup", request)
        })
        .expect("the service account is made");
    Caller::with(simulator, &minted.id, minted.secret.expose_secret()).await
}

#[tokio::test]
async fn credentials_are_checked_and_denied_in_iscs_words() {
    let simulator = manual().await;
    let base = simulator.base_url();
    let wrong = grant(&base, simulator::ADMIN_CLIENT_ID, "wrong").await;
    assert_eq!(wrong.status(), 401);
    assert_eq!(
        wrong.json::<Value>().await.unwrap()["error"],
        "invalid_client"
    );
    for token in [None, Some("nonsense"), Some("a.b.c")] {
        let mut request = client().get(format!("{base}/sources/v1"));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let (status, body) = read(request.send().await.unwrap()).await;
        assert_eq!(status, 401);
        assert!(
            body["error"]
                .as_str()
                .unwrap()
                .starts_with("JWT validation failed"),
            "{body}"
        );
    }
    let admin = Caller::admin(&simulator).await;
    simulator.advance(SignedDuration::from_hours(13)).unwrap();
    let (status, body) = admin.get("/sources/v1").await;
    assert_eq!(
        (status, &body["error"]),
        (401, &json!("JWT validation failed: JWT is expired"))
    );
}

#[tokio::test]
async fn scopes_and_levels_are_both_needed() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let caller = service_account(
        &simulator,
        &admin,
        &["idn:sources:read", "idn:accounts:read"],
        &["SOURCE_ADMIN"],
    )
    .await;
    assert_eq!(caller.get("/sources/v1").await.0, 200);
    assert_eq!(
        caller.post("/sources/v1", json!({})).await.0,
        403,
        "the scope is only for reading"
    );
    assert_eq!(caller.get("/identities/v1").await.0, 403, "no such scope");
    assert_eq!(
        caller.get("/public-identities/v1").await.0,
        200,
        "what everybody may do needs no scope"
    );
    let (status, body) = caller.get("/identity-profiles/v1").await;
    assert_eq!(
        (status, &body["detailCode"]),
        (403, &json!("403 Forbidden"))
    );
    assert_eq!(
        body["messages"][0]["text"],
        "The server understood the request but refuses to authorize it."
    );
    simulator
        .with_tenant(|tenant| tenant.set_levels_behind_the_back("svc-backup", Vec::new()))
        .unwrap();
    assert_eq!(
        caller.get("/sources/v1").await.0,
        403,
        "the scope has no effect without the level"
    );
}

#[tokio::test]
async fn what_is_not_simulated_says_so_after_the_authorization() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (status, body) = admin.get("/access-profiles/v1").await;
    assert_eq!(status, 501);
    assert!(
        body["messages"][0]["text"]
            .as_str()
            .unwrap()
            .contains("listAccessProfilesV1"),
        "{body}"
    );
    let caller = service_account(&simulator, &admin, &["idn:sources:read"], &[]).await;
    assert_eq!(caller.get("/access-profiles/v1").await.0, 403);
    assert_eq!(admin.get("/nothing/v1").await.0, 404);
    assert_eq!(admin.send(Method::DELETE, "/sources/v1", None).await.0, 405);
}

#[tokio::test]
async fn experimental_operations_demand_their_header() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let path = format!(
        "{}/authorization/v1/user-levels/ORG_ADMIN/identities",
        admin.base
    );
    let without = client()
        .get(&path)
        .bearer_auth(&admin.token)
        .send()
        .await
        .unwrap();
    assert_eq!(without.status(), 400);
    let (status, holders) = admin
        .get("/authorization/v1/user-levels/ORG_ADMIN/identities")
        .await;
    assert_eq!((status, &holders[0]["alias"]), (200, &json!("jane.doe")));
}

#[tokio::test]
async fn a_client_without_a_user_may_do_what_applications_may() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (status, made) = admin
        .post(
            "/oauth-clients/v1",
            json!({"name": "robot", "description": "d", "accessTokenValiditySeconds": 600, "accessType": "OFFLINE",
                "enabled": true, "grantTypes": ["CLIENT_CREDENTIALS"]}),
        )
        .await;
    assert_eq!(status, 200, "{made}");
    let robot = Caller::with(
        &simulator,
        made["id"].as_str().unwrap(),
        made["secret"].as_str().unwrap(),
    )
    .await;
    assert_eq!(robot.get("/accounts/v1").await.0, 200);
    assert_eq!(robot.get("/tenant/v1").await.0, 403);
}

#[tokio::test]
async fn others_tokens_can_be_seen_and_revoked_but_not_changed() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let caller = service_account(
        &simulator,
        &admin,
        &["sp:my-personal-access-tokens:manage"],
        &[],
    )
    .await;
    let (_, mine) = caller.get("/personal-access-tokens/v1?owner-id=me").await;
    let id = mine[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        caller.get("/personal-access-tokens/v1").await.0,
        403,
        "only administrators see all"
    );
    let (_, all) = admin.get("/personal-access-tokens/v1").await;
    assert_eq!(all.as_array().unwrap().len(), 2);
    let path = format!("/personal-access-tokens/v1/{id}");
    let rename = json!([{"op": "replace", "path": "/name", "value": "other"}]);
    assert_eq!(admin.patch(&path, rename.clone()).await.0, 403);
    let (status, renamed) = caller.patch(&path, rename).await;
    assert_eq!((status, &renamed["name"]), (200, &json!("other")));
    let validity = json!([{"op": "replace", "path": "/accessTokenValiditySeconds", "value": 60}]);
    assert_eq!(caller.patch(&path, validity).await.0, 400);
    assert_eq!(
        caller
            .delete(&format!(
                "/personal-access-tokens/v1/{}",
                simulator::ADMIN_CLIENT_ID
            ))
            .await
            .0,
        403
    );
    assert_eq!(admin.delete(&path).await.0, 204);
    assert_eq!(
        caller.get("/personal-access-tokens/v1?owner-id=me").await.0,
        401,
        "its access tokens went with it"
    );
}

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
async fn answers_carry_the_virtual_date() {
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

#[tokio::test]
async fn a_browser_signs_in_and_comes_back_with_a_code() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (_, made) = admin
        .post(
            "/oauth-clients/v1",
            json!({"name": "enroll", "description": "d", "accessTokenValiditySeconds": 600, "accessType": "OFFLINE",
                "enabled": true, "type": "PUBLIC", "grantTypes": ["AUTHORIZATION_CODE"], "redirectUris": ["http://localhost:9/back"]}),
        )
        .await;
    let id = made["id"].as_str().unwrap();
    // The challenge of RFC 7636's example.
    let query = format!(
        "response_type=code&client_id={id}&redirect_uri=http%3A%2F%2Flocalhost%3A9%2Fback&state=s%261&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    );
    let browser = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let location =
        |answer: &reqwest::Response| answer.headers()["location"].to_str().unwrap().to_owned();
    let sent = browser
        .get(format!("{}/oauth/authorize?{query}", admin.base))
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 302);
    let page = browser
        .get(format!("{}{}", admin.base, location(&sent)))
        .send()
        .await
        .unwrap();
    assert!(page.text().await.unwrap().contains("as=jane.doe"));
    let back = browser
        .get(format!("{}{}&as=jane.doe", admin.base, location(&sent)))
        .send()
        .await
        .unwrap();
    let back = location(&back);
    let code = back
        .strip_prefix("http://localhost:9/back?code=")
        .unwrap()
        .strip_suffix("&state=s%261")
        .unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", id),
        ("code", code),
        ("redirect_uri", "http://localhost:9/back"),
        (
            "code_verifier",
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        ),
    ];
    let answer = browser
        .post(format!("{}/oauth/token", admin.base))
        .form(&form)
        .send()
        .await
        .unwrap();
    let (status, body) = read(answer).await;
    assert_eq!(status, 200, "{body}");
    assert!(body["access_token"].is_string() && body["identity_id"].is_string());
}

#[tokio::test]
async fn the_control_surface_acts_from_outside() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let control = |method: Method, path: &str, body: Option<Value>| {
        let request = admin
            .client
            .request(method, format!("{}/_simulator/{path}", admin.base));
        let request = body.map_or(request.try_clone().unwrap(), |body| {
            request.body(body.to_string())
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
    let saved = fs_err::read_to_string(&path).unwrap();
    assert!(saved.contains(&source));
    let now = simulator.now();
    simulator.shutdown().await.unwrap();

    simulator::with_state_file(&path, |tenant| {
        tenant.set_levels_behind_the_back("svc-backup", vec!["HELPDESK".into()])
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
