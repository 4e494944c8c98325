//! The walk itself: what happens in the tenant, in an order in which each operation can succeed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::call::Call;
use crate::walk::Walk;

const CSV: &str = "id,name,e-mail,purpose\n\
    SA-001,audit01,audit@example.com,Audit\n\
    SA-002,backup01,backup@example.com,\"Backup, nightly\"\n";

/// Walks over all simulated operations.
pub(crate) async fn walk(walk: &mut Walk) {
    walk.sign_in().await;
    let me = me(walk).await;
    walk.ok(Call::get("/tenant/v1")).await;
    let source = sources(walk, &me).await;
    schemas(walk, &source).await;
    imports(walk, &source).await;
    identity_attributes(walk).await;
    let profile = profiles(walk, &me, &source).await;
    accounts(walk, &source).await;
    let identity = identities(walk).await;
    lifecycle_states(walk, &profile, &identity).await;
    searches(walk).await;
    user_levels(walk, &me, &identity).await;
    oauth_clients(walk).await;
    tokens(walk, &me).await;
    ends(walk, &me, &source, &profile, &identity).await;
}

/// The administrator's identity, as the token knows it.
async fn me(walk: &mut Walk) -> String {
    let call = Call::get("/personal-access-tokens/v1");
    let tokens = walk.send(&call).await.json();
    text(&tokens[0]["owner"]["id"])
}

async fn sources(walk: &mut Walk, me: &str) -> String {
    let body = json!({
        "name": "Service Accounts", "description": "Identities for automation",
        "connector": "delimited-file-angularsc", "owner": {"type": "IDENTITY", "id": me},
    });
    let created = Call::post("/sources/v1", body.clone()).with_query("provisionAsCsv", "true");
    let id = text(&walk.ok(created.clone()).await["id"]);
    walk.refused(400, created).await;
    let mut nobodys = body;
    nobodys["name"] = json!("Nobody's");
    nobodys["owner"]["id"] = json!("nobody");
    walk.refused(400, Call::post("/sources/v1", nobodys)).await;
    walk.refused(
        400,
        Call::post("/sources/v1", json!({"description": "no name"})),
    )
    .await;

    let list = Call::get("/sources/v1")
        .with_query(
            "filters",
            "name eq \"Service Accounts\" or type sw \"Active\"",
        )
        .with_query("sorters", "-name")
        .with_query("count", "true");
    walk.ok(list).await;
    let one = format!("/sources/v1/{id}");
    let mut source = walk.ok(Call::get(&one)).await;
    let describe = json!([{"op": "replace", "path": "/description", "value": "Automation"}]);
    walk.ok(Call::patch(&one, describe)).await;
    let immutable = json!([{"op": "replace", "path": "/type", "value": "Other"}]);
    walk.refused(400, Call::patch(&one, immutable)).await;
    source["description"] = json!("Automation, put");
    walk.ok(Call::put(&one, source)).await;
    walk.ok(Call::get(format!("{one}/source-health"))).await;
    id
}

async fn schemas(walk: &mut Walk, source: &str) {
    let base = format!("/sources/v1/{source}/schemas");
    let all = walk.ok(Call::get(&base)).await;
    let account = all
        .as_array()
        .and_then(|all| all.iter().find(|s| s["name"] == "account"));
    let mut account = account.cloned().unwrap_or_default();
    let one = format!("{base}/{}", text(&account["id"]));
    walk.ok(Call::get(&one)).await;
    account["identityAttribute"] = json!("id");
    account["displayAttribute"] = json!("name");
    account["attributes"] = ["id", "name", "e-mail"]
        .iter()
        .map(|name| attribute(name))
        .collect();
    walk.ok(Call::put(&one, account.clone())).await;
    let add = json!([{"op": "add", "path": "/attributes/-", "value": attribute("purpose")}]);
    walk.ok(Call::patch(&one, add)).await;
    let rename = json!([{"op": "replace", "path": "/name", "value": "other"}]);
    walk.refused(400, Call::patch(&one, rename)).await;

    let mut extra = account;
    extra["name"] = json!("permission");
    extra["nativeObjectType"] = json!("permission");
    for read_only in ["id", "created", "modified"] {
        if let Some(fields) = extra.as_object_mut() {
            fields.remove(read_only);
        }
    }
    let extra = walk.ok(Call::post(&base, extra)).await;
    walk.ok(Call::delete(format!("{base}/{}", text(&extra["id"]))))
        .await;
    walk.refused(400, Call::delete(&one)).await;

    walk.ok(Call::get(format!("{base}/accounts"))).await;
    walk.ok(Call::post_file(
        format!("{base}/accounts"),
        "id,name,e-mail,purpose\n",
    ))
    .await;
    walk.refused(400, Call::post_file(format!("{base}/accounts"), ""))
        .await;
    walk.refused(400, Call::post_file(format!("{base}/entitlements"), ""))
        .await;
    walk.ok(Call::get(format!("{base}/entitlements"))).await;
    walk.ok(Call::post_file(
        format!("{base}/entitlements"),
        "id,name,description\n",
    ))
    .await;
}

fn attribute(name: &str) -> Value {
    json!({
        "name": name, "nativeName": null, "type": "STRING", "schema": null, "description": name,
        "isMulti": false, "isEntitlement": false, "isGroup": false,
    })
}

async fn imports(walk: &mut Walk, source: &str) {
    let load = format!("/sources/v1/{source}/load-accounts");
    walk.refused(400, Call::post_file(&load, "id,name,mail,purpose\n"))
        .await;
    let loaded = walk.ok(Call::post_file(&load, CSV)).await;
    let task = text(&loaded["task"]["id"]);
    walk.ok(Call::get(format!("/account-aggregations/v1/{task}/status")).open_to_all())
        .await;
    let running = Call::get("/task-status/v1").with_query(
        "filters",
        &format!("sourceId eq \"{source}\" and completionStatus isnull"),
    );
    walk.ok(running
        .with_query("count", "true")
        .with_query("sorters", "-created"))
        .await;
    // A second import is taken, and its task has failed already: one runs at a time.
    let second = walk.ok(Call::post_file(&load, CSV)).await;
    walk.expect(
        "a second import fails",
        second["task"]["completionStatus"] == "ERROR",
    );
    walk.advance_minutes(1);
    let done = walk.ok(Call::get(format!("/task-status/v1/{task}"))).await;
    walk.expect("the import succeeds", done["completionStatus"] == "SUCCESS");

    let loaded = walk.ok(Call::post_file(&load, CSV)).await;
    let task = format!("/task-status/v1/{}", text(&loaded["task"]["id"]));
    let nonsense = json!([{"op": "replace", "path": "/completionStatus", "value": "FINISHED"}]);
    walk.refused(400, Call::patch(&task, nonsense)).await;
    // The official example of the operation.
    let end = json!([
        {"op": "replace", "path": "/completionStatus", "value": "Error"},
        {"op": "replace", "path": "/completed", "value": "2024-05-17 19:33:16.470000+00:00"},
    ]);
    walk.ok(Call::patch(&task, end)).await;
}

async fn identity_attributes(walk: &mut Walk) {
    let base = "/identity-attributes/v1";
    walk.ok(Call::get(base)
        .with_query("includeSystem", "true")
        .with_query("count", "true"))
        .await;
    walk.refused(400, Call::get(base).with_query("count", "maybe"))
        .await;
    walk.refused(400, Call::delete(format!("{base}/uid"))).await;
    let nobodys = json!({"ids": ["nothing"]});
    walk.refused(
        404,
        Call::delete_with(format!("{base}/bulk-delete"), nobodys),
    )
    .await;
    let body = |name: &str| {
        json!({
            "name": name, "displayName": name, "standard": false, "type": "string", "multi": false,
            "searchable": false, "system": false, "sources": [],
        })
    };
    walk.ok(Call::post(base, body("team"))).await;
    walk.refused(400, Call::post(base, body("team"))).await;
    walk.ok(Call::post(base, body("region"))).await;
    let one = format!("{base}/team");
    walk.ok(Call::get(&one)).await;
    let mut changed = body("team");
    changed["displayName"] = json!("Team");
    walk.ok(Call::put(&one, changed)).await;
    walk.ok(Call::delete(&one)).await;
    walk.ok(Call::delete_with(
        format!("{base}/bulk-delete"),
        json!({"ids": ["region"]}),
    ))
    .await;
}

async fn profiles(walk: &mut Walk, me: &str, source: &str) -> String {
    let base = "/identity-profiles/v1";
    let mapping = |to: &str, from: &str| {
        let attributes = json!({
            "sourceName": "Service Accounts", "sourceId": source, "attributeName": from,
        });
        json!({
            "identityAttributeName": to,
            "transformDefinition": {"type": "accountAttribute", "attributes": attributes},
        })
    };
    let body = json!({
        "name": "Service Accounts",
        "owner": {"type": "IDENTITY", "id": me},
        "authoritativeSource": {"type": "SOURCE", "id": source, "name": "Service Accounts"},
        "identityAttributeConfig": {"enabled": true, "attributeTransforms": [
            mapping("uid", "name"), mapping("email", "e-mail"), mapping("lastname", "name"),
            mapping("firstname", "name"),
        ]},
    });
    let mut wrong = body.clone();
    wrong["identityAttributeConfig"]["attributeTransforms"] = json!([mapping("uid", "nothing")]);
    walk.refused(400, Call::post(base, wrong)).await;
    let id = text(&walk.ok(Call::post(base, body.clone())).await["id"]);
    let mut second = body;
    second["name"] = json!("A second one");
    walk.refused(409, Call::post(base, second)).await;

    let one = format!("{base}/{id}");
    let list = Call::get(base)
        .with_query("filters", "name ne \"x\"")
        .with_query("sorters", "-name");
    walk.ok(list.with_query("count", "true")).await;
    walk.ok(Call::get(&one)).await;
    let describe = json!([{"op": "replace", "path": "/description", "value": "Automation"}]);
    walk.ok(Call::patch(&one, describe)).await;
    walk.ok(Call::get(format!(
        "{one}/default-identity-attribute-config"
    )))
    .await;
    exports(walk).await;
    walk.ok(Call::post_empty(format!("{one}/process-identities")))
        .await;
    walk.advance_minutes(1);
    id
}

/// Exports the profiles, and imports them as they are and as those of another tenant.
async fn exports(walk: &mut Walk) {
    let base = "/identity-profiles/v1";
    let list = Call::get(format!("{base}/export"))
        .with_query("filters", "name eq \"Service Accounts\"")
        .with_query("sorters", "-priority");
    let mut exported = walk.ok(list.with_query("count", "true")).await;
    exported[0]["object"]["description"] = json!("Imported");
    let import = Call::post(format!("{base}/import"), exported.clone());
    let imported = walk.ok(import).await;
    let text = "Service Accounts";
    walk.expect(
        "the profile is imported",
        imported["importedObjects"][0]["name"] == text && imported["errors"] == json!([]),
    );
    exported[0]["object"]["authoritativeSource"] = json!({"id": "x", "name": "Nothing"});
    let import = Call::post(format!("{base}/import"), exported);
    let imported = walk.ok(import).await;
    walk.expect(
        "a profile of an unknown source is not imported",
        imported["errors"][0]["details"]["name"] == text,
    );
}

async fn accounts(walk: &mut Walk, source: &str) {
    let list = Call::get("/accounts/v1")
        .with_query(
            "filters",
            &format!("sourceId eq \"{source}\" and nativeIdentity sw \"SA-\""),
        )
        .with_query("sorters", "name")
        .with_query("count", "true");
    let found = walk.ok(list).await;
    let one = format!("/accounts/v1/{}", text(&found[1]["id"]));
    walk.ok(Call::get(&one)).await;
    walk.ok(Call::get(format!("{one}/entitlements")).with_query("count", "true"))
        .await;
    let change = json!([{"op": "replace", "path": "/attributes/purpose", "value": "Backups"}]);
    walk.ok(Call::patch(&one, change)).await;
    walk.advance_minutes(1);
    let attributes = json!({
        "id": "SA-002", "name": "backup01", "e-mail": "backup@example.com", "purpose": "Backup",
    });
    walk.ok(Call::put(&one, json!({"attributes": attributes})))
        .await;
    walk.advance_minutes(1);
    let classify = Call::post_empty(format!("{one}/classify")).experimental();
    let forced = classify.with_query("classificationMode", "forceMachine");
    let classified = walk.ok(forced).await;
    walk.expect(
        "the account is a machine's",
        classified["isMachine"] == true,
    );
    let account = walk.ok(Call::get(&one)).await;
    walk.expect("its account says so", account["isMachine"] == true);
    for action in ["disable", "enable", "unlock"] {
        let body = json!({"forceProvisioning": false});
        walk.ok(Call::post(format!("{one}/{action}"), body)).await;
        walk.advance_minutes(1);
    }
    walk.ok(Call::post_empty(format!("{one}/reload"))).await;
    walk.advance_minutes(1);
    let attributes = json!({
        "sourceId": source, "id": "SA-003", "name": "third01", "e-mail": "third@example.com",
        "purpose": "Short-lived",
    });
    walk.refused(
        400,
        Call::post("/accounts/v1", json!({"attributes": {"id": "x"}})),
    )
    .await;
    walk.ok(Call::post(
        "/accounts/v1",
        json!({"attributes": attributes}),
    ))
    .await;
    walk.advance_minutes(1);
    let third = Call::get("/accounts/v1").with_query("filters", "name eq \"third01\"");
    let third = walk.ok(third).await;
    walk.ok(Call::delete(format!(
        "/accounts/v1/{}",
        text(&third[0]["id"])
    )))
    .await;
    walk.advance_minutes(10);
}

async fn identities(walk: &mut Walk) -> String {
    let list = Call::get("/identities/v1")
        .with_query("filters", "alias eq \"audit01\"")
        .with_query("sorters", "name")
        .with_query("defaultFilter", "CORRELATED_ONLY")
        .with_query("count", "true");
    let found = walk.ok(list).await;
    let id = text(&found[0]["id"]);
    walk.ok(Call::get(format!("/identities/v1/{id}"))).await;
    let nobody = Call::post("/identities/v1/invite", json!({})).experimental();
    walk.refused(400, nobody).await;
    walk.ok(Call::post("/identities/v1/invite", json!({"ids": [id]})).experimental())
        .await;
    walk.advance_minutes(1);
    let body = json!({"identityIds": [id]});
    walk.ok(Call::post("/identities/v1/process", body).experimental())
        .await;
    walk.advance_minutes(1);
    let attribute = json!({"identityAttributeName": "email", "transformDefinition": {
        "type": "static", "attributes": {"value": "new@example.com"}}});
    let config = json!({"enabled": true, "attributeTransforms": [attribute]});
    let body = json!({"identityId": id, "identityAttributeConfig": config});
    let preview = Call::post("/identity-profiles/v1/identity-preview", body);
    let preview = walk.ok(preview).await;
    let row = &preview["previewAttributes"][0];
    walk.expect(
        "the preview has both values",
        row["value"] == "new@example.com" && row["previousValue"] == "audit@example.com",
    );
    let public = Call::get("/public-identities/v1")
        .with_query("filters", "alias sw \"audit\"")
        .with_query("sorters", "name")
        .with_query("count", "true")
        .open_to_all();
    walk.ok(public).await;
    id
}

async fn lifecycle_states(walk: &mut Walk, profile: &str, identity: &str) {
    let base = format!("/identity-profiles/v1/{profile}/lifecycle-states");
    let body = json!({
        "name": "Retired", "technicalName": "retired", "enabled": true, "description": "Done",
        "accountActions": [], "accessProfileIds": [],
    });
    let state = text(&walk.ok(Call::post(&base, body)).await["id"]);
    walk.ok(Call::get(&base)
        .with_query("sorters", "-created")
        .with_query("count", "true"))
        .await;
    let one = format!("{base}/{state}");
    walk.ok(Call::get(&one)).await;
    let describe = json!([{"op": "replace", "path": "/description", "value": "All done"}]);
    walk.ok(Call::patch(&one, describe)).await;
    let set = format!("/identities/v1/{identity}/set-lifecycle-state");
    walk.refused(
        400,
        Call::post(&set, json!({"lifecycleStateId": "nothing"})),
    )
    .await;
    walk.ok(Call::post(set, json!({"lifecycleStateId": state})))
        .await;
    walk.advance_minutes(1);
}

async fn searches(walk: &mut Walk) {
    let body = json!({
        "indices": ["identities"], "query": {"query": "name:audit01"}, "sort": ["id"],
    });
    walk.ok(Call::post("/search/v1", body.clone()).with_query("count", "true"))
        .await;
    walk.ok(Call::post("/search/v1/count", body)).await;
    let broken = json!({"indices": ["identities"], "query": {"query": "name:("}, "sort": ["id"]});
    walk.refused(400, Call::post("/search/v1", broken.clone()))
        .await;
    walk.refused(400, Call::post("/search/v1/count", broken))
        .await;
}

async fn user_levels(walk: &mut Walk, me: &str, identity: &str) {
    let one = format!("/auth-users/v1/{identity}");
    walk.ok(Call::get(&one)).await;
    let set = |levels: Value| json!([{"op": "replace", "path": "/capabilities", "value": levels}]);
    walk.ok(Call::patch(&one, set(json!(["REPORT_ADMIN"]))))
        .await;
    walk.refused(
        400,
        Call::patch(&one, set(json!(["ROLE_ADMIN", "SOURCE_SUBADMIN"]))),
    )
    .await;

    let base = "/authorization/v1";
    let rights = format!("{base}/authorization-assignable-right-sets");
    let rights = walk
        .ok(Call::get(rights)
            .with_query("sorters", "name")
            .experimental())
        .await;
    let levels = format!("{base}/custom-user-levels");
    let body = json!({
        "name": "Auditor", "description": "Reads", "owner": {"id": me, "name": "Jane Doe"},
        "rightSets": [rights[0]["id"]],
    });
    let level = walk
        .ok(Call::post(&levels, body.clone()).experimental())
        .await;
    let level = format!("{levels}/{}", text(&level["id"]));
    walk.ok(Call::get(&level).experimental()).await;
    let describe = json!([{"op": "replace", "path": "/description", "value": "Reads all"}]);
    walk.ok(Call::patch(&level, describe).experimental()).await;
    walk.ok(Call::post_empty(format!("{level}/publish")).experimental())
        .await;
    let list = Call::get(&levels)
        .with_query("filters", "name co \"Aud\"")
        .experimental();
    walk.ok(list
        .with_query("sorters", "-name")
        .with_query("detailLevel", "FULL"))
        .await;
    let holders = format!("{base}/user-levels/REPORT_ADMIN/identities");
    let holders = Call::get(holders)
        .with_query("count", "true")
        .with_query("sorters", "displayName");
    walk.ok(holders.experimental()).await;
    let count = format!("{base}/user-levels/get-identity-count");
    walk.ok(Call::post(count, json!(["REPORT_ADMIN", "ORG_ADMIN"])).experimental())
        .await;
    let count = format!("{base}/user-levels/get-identity-count");
    walk.refused(404, Call::post(count, json!(["NOTHING"])).experimental())
        .await;
    walk.ok(Call::delete(&level).experimental()).await;
    let more = set(json!(["ORG_ADMIN", "CERT_ADMIN"]));
    walk.refused(403, Call::patch(format!("/auth-users/v1/{me}"), more))
        .await;
    let as_json = Call::put(&one, set(json!([]))).with_method("PATCH");
    walk.refused(415, as_json).await;
}

async fn oauth_clients(walk: &mut Walk) {
    let base = "/oauth-clients/v1";
    let body = json!({
        "name": "Portal", "description": "A portal", "accessTokenValiditySeconds": 750,
        "refreshTokenValiditySeconds": 86400, "redirectUris": ["http://localhost:1234"],
        "grantTypes": ["AUTHORIZATION_CODE", "REFRESH_TOKEN"], "accessType": "OFFLINE",
        "enabled": true,
    });
    let client = walk.ok(Call::post(base, body)).await;
    walk.ok(Call::get(base).with_query("filters", "lastUsed isnull"))
        .await;
    let one = format!("{base}/{}", text(&client["id"]));
    walk.ok(Call::get(&one)).await;
    let describe = json!([{"op": "replace", "path": "/description", "value": "The portal"}]);
    walk.ok(Call::patch(&one, describe)).await;
    walk.ok(Call::delete(&one)).await;
}

async fn tokens(walk: &mut Walk, me: &str) {
    let base = "/personal-access-tokens/v1";
    let body = json!({
        "name": "inventory", "scope": ["sp:search:read"], "accessTokenValiditySeconds": 900,
        "expirationDate": "2099-01-01T00:00:00.000Z",
    });
    let token = walk.ok(Call::post(base, body.clone())).await;
    walk.refused(400, Call::post(base, body)).await;
    let past = json!({"name": "late", "expirationDate": "2001-01-01T00:00:00.000Z"});
    walk.refused(400, Call::post(base, past)).await;
    let list = Call::get(base).with_query("owner-id", me);
    walk.ok(list.with_query("filters", "lastUsed isnull")).await;
    walk.ok(Call::get(base)).await;
    let one = format!("{base}/{}", text(&token["id"]));
    let rename = json!([{"op": "replace", "path": "/name", "value": "inventory 2"}]);
    walk.ok(Call::patch(&one, rename)).await;
    let fixed = json!([{"op": "replace", "path": "/accessTokenValiditySeconds", "value": 60}]);
    walk.refused(400, Call::patch(&one, fixed)).await;
    walk.ok(Call::delete(&one)).await;
}

/// What ends things, once everything else was called.
async fn ends(walk: &mut Walk, me: &str, source: &str, profile: &str, identity: &str) {
    let one = format!("/sources/v1/{source}");
    walk.refused(400, Call::delete(&one)).await;
    let states = format!("/identity-profiles/v1/{profile}/lifecycle-states");
    let state = json!({"name": "Spare", "technicalName": "spare", "enabled": true});
    let state = text(&walk.ok(Call::post(&states, state)).await["id"]);
    walk.ok(Call::delete(format!("{states}/{state}"))).await;
    walk.refused(400, Call::delete(format!("/identities/v1/{me}")))
        .await;
    walk.ok(Call::delete(format!("/identities/v1/{identity}")))
        .await;

    let account = Call::get("/accounts/v1").with_query("filters", "name eq \"backup01\"");
    let account = walk.ok(account).await;
    walk.ok(Call::post_empty(format!(
        "/accounts/v1/{}/remove",
        text(&account[0]["id"])
    )))
    .await;
    walk.advance_minutes(1);
    walk.ok(Call::post_empty(format!("{one}/remove-accounts")))
        .await;
    walk.advance_minutes(10);

    let profiles = "/identity-profiles/v1";
    let other = Call::get(profiles).with_query("filters", "name eq \"Active Directory\"");
    let other = text(&walk.ok(other).await[0]["id"]);
    walk.refused(
        400,
        Call::post(format!("{profiles}/bulk-delete"), json!(["nothing"])),
    )
    .await;
    walk.ok(Call::post(
        format!("{profiles}/bulk-delete"),
        json!([other]),
    ))
    .await;
    walk.ok(Call::delete(format!("{profiles}/{profile}"))).await;
    walk.advance_minutes(10);
    walk.ok(Call::delete(&one)).await;
    walk.advance_minutes(1);
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Calls the operations that the story does not: the simulator has to say that it lacks them.
pub(crate) async fn rest(walk: &mut Walk) {
    let calls: Vec<Call> = walk
        .judge
        .operations()
        .iter()
        .filter(|operation| !walk.succeeded.contains_key(&operation.name()))
        .map(Call::made_up)
        .collect();
    for call in calls {
        walk.refused(401, call.clone().with_token("")).await;
        walk.refused(501, call).await;
    }
}

/// Uses up the budget of a client, and then finds every operation closed.
pub(crate) async fn too_many(walk: &mut Walk, calls: &BTreeMap<String, Call>) {
    walk.sign_in().await;
    while walk.send(&Call::get("/tenant/v1")).await.status == 200 {}
    for call in calls.values() {
        walk.refused(429, call.clone()).await;
    }
}
