//! Test client: plain HTTP with the administrator's access token.

#![expect(clippy::expect_used, reason = "a test that cannot go on is to fail")]

use std::sync::Once;

use reqwest::{Client, Method, RequestBuilder, Response};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use simulator::{ClockMode, Config, Running};

/// A simulator whose clock is moved by hand, so that nothing depends on how fast the test runs.
pub(crate) async fn manual() -> Running {
    simulator::start(Config {
        clock: ClockMode::Manual,
        ..Config::default()
    })
    .await
    .expect("the simulator starts")
}

pub(crate) fn client() -> Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        rustls::crypto::ring::default_provider()
            .install_default()
            .expect("no provider is installed yet");
    });
    Client::builder().no_proxy().build().expect("a client")
}

/// Somebody with an access token.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) client: Client,
    pub(crate) base: String,
    pub(crate) token: String,
}

/// Asks for an access token.
pub(crate) async fn grant(base: &str, id: &str, secret: &str) -> Response {
    client()
        .post(format!("{base}/oauth/token"))
        .form(&[
            ("grant_type", "client_credentials"),
            ("client_id", id),
            ("client_secret", secret),
        ])
        .send()
        .await
        .expect("an answer")
}

impl Caller {
    pub(crate) async fn admin(running: &Running) -> Self {
        let credentials = running.admin_credentials();
        Self::with(
            running,
            &credentials.client_id,
            credentials.client_secret.expose_secret(),
        )
        .await
    }

    pub(crate) async fn with(running: &Running, id: &str, secret: &str) -> Self {
        let answer = grant(&running.base_url(), id, secret).await;
        assert_eq!(answer.status(), 200);
        let body: Value = answer.json().await.expect("JSON");
        let token = body["access_token"].as_str().expect("a token").to_owned();
        Self {
            client: client(),
            base: running.base_url(),
            token,
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(&self.token)
            .header("X-SailPoint-Experimental", "true")
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let mut request = self.request(method.clone(), path);
        if let Some(body) = body {
            let kind = if method == Method::PATCH {
                "application/json-patch+json"
            } else {
                "application/json"
            };
            request = request.header("content-type", kind).body(body.to_string());
        }
        read(request.send().await.expect("an answer")).await
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> (u16, Value) {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> (u16, Value) {
        self.send(Method::DELETE, path, None).await
    }

    pub(crate) async fn import(&self, source: &str, csv: &str) -> (u16, Value) {
        let part = reqwest::multipart::Part::text(csv.to_owned()).file_name("accounts.csv");
        let form = reqwest::multipart::Form::new().part("file", part);
        let request = self
            .request(Method::POST, &format!("/sources/v1/{source}/load-accounts"))
            .multipart(form);
        read(request.send().await.expect("an answer")).await
    }

    /// A delimited file source with the guide's schema, and a profile over it: their ids.
    pub(crate) async fn guide_source(&self) -> (String, String) {
        let (status, people) = self
            .get("/identities/v1?filters=alias%20eq%20%22jane.doe%22")
            .await;
        assert_eq!(status, 200);
        let owner = json!({"type": "IDENTITY", "id": people[0]["id"]});
        let (status, source) = self
            .post(
                "/sources/v1?provisionAsCsv=true",
                json!({"name": "Service Accounts", "owner": owner, "connector": "delimited-file-angularsc"}),
            )
            .await;
        assert_eq!(
            (status, &source["type"]),
            (201, &json!("DelimitedFile")),
            "{source}"
        );
        let source = source["id"].as_str().expect("an id").to_owned();
        let (_, schemas) = self
            .get(&format!(
                "/sources/v1/{source}/schemas?include-names=account"
            ))
            .await;
        let mut schema = schemas[0].clone();
        schema["attributes"] = ["id", "name", "e-mail", "purpose"]
            .map(|name| json!({"name": name, "type": "STRING", "isMulti": false, "isEntitlement": false, "isGroup": false}))
            .into();
        let path = format!(
            "/sources/v1/{source}/schemas/{}",
            schema["id"].as_str().expect("an id")
        );
        let (status, schema) = self.send(Method::PUT, &path, Some(schema)).await;
        assert_eq!(status, 200, "{schema}");
        let mapping = |identity: &str, account: &str| {
            json!({"identityAttributeName": identity, "transformDefinition": {"type": "accountAttribute",
                "attributes": {"sourceName": "Service Accounts", "sourceId": source, "attributeName": account}}})
        };
        let (status, profile) = self
            .post(
                "/identity-profiles/v1",
                json!({"name": "Service Accounts", "owner": owner,
                    "authoritativeSource": {"type": "SOURCE", "id": source, "name": "Service Accounts"},
                    "identityAttributeConfig": {"enabled": true, "attributeTransforms": [
                        mapping("uid", "name"), mapping("email", "e-mail"),
                        mapping("lastname", "name"), mapping("firstname", "name")]}}),
            )
            .await;
        assert_eq!(status, 201, "{profile}");
        (source, profile["id"].as_str().expect("an id").to_owned())
    }
}

pub(crate) async fn read(answer: Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    let text = answer.text().await.expect("a body");
    (
        status,
        serde_json::from_str(&text).unwrap_or(Value::String(text)),
    )
}
