//! Small servers for real programs: the few calls of Kubernetes and of GitHub that their
//! stores make.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What a server keeps, by name, and what it was asked.
#[derive(Clone, Default)]
pub(crate) struct Kept {
    pub(crate) entries: Arc<Mutex<BTreeMap<String, Value>>>,
    pub(crate) requests: Arc<Mutex<Vec<String>>>,
}

impl Kept {
    /// What it was asked since the last time.
    pub(crate) fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut *self.requests.lock().unwrap())
    }
}

/// Serves on a free port, and returns it.
async fn serve(router: Router) -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let _ = axum::serve(listener, router).await;
    });
    port
}

fn answer(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    let json = [(header::CONTENT_TYPE, "application/json")];
    (status, json, body.to_string()).into_response()
}

/// A server that answers as that of Kubernetes does for Secrets of the namespace `ci`.
/// Below `/denied`, the caller may do nothing: `kubectl` sends no token without TLS.
pub(crate) async fn kubernetes() -> (u16, Kept) {
    let kept = Kept::default();
    let router = Router::new()
        .fallback(ask_kubernetes)
        .with_state(kept.clone());
    (serve(router).await, kept)
}

async fn ask_kubernetes(
    State(kept): State<Kept>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> Response {
    const SECRETS: &str = "/api/v1/namespaces/ci/secrets";
    let (path, is_denied) = match uri.path().strip_prefix("/denied") {
        Some(path) => (path, true),
        None => (uri.path(), false),
    };
    let query = uri.query().unwrap_or_default();
    kept.requests
        .lock()
        .unwrap()
        .push(format!("{method} {uri}"));
    let failure = |code: u16, reason: &str, message: String| {
        let status = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": message, "reason": reason, "code": code,
        });
        answer(code, &status)
    };
    match path {
        "/api" => return answer(200, &json!({"kind": "APIVersions", "versions": ["v1"]})),
        "/apis" => {
            return answer(
                200,
                &json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": []}),
            );
        }
        "/api/v1" => {
            let secrets = json!({
                "name": "secrets", "singularName": "secret", "namespaced": true, "kind": "Secret",
                "verbs": ["create", "delete", "get", "list", "patch", "update", "watch"],
            });
            let list = json!({
                "kind": "APIResourceList", "groupVersion": "v1", "resources": [secrets],
            });
            return answer(200, &list);
        }
        _ => {}
    }
    if is_denied {
        let message = "secrets is forbidden: User \"x\" cannot use resource \"secrets\"";
        return failure(403, "Forbidden", message.to_owned());
    }
    // After a Secret that is missing, `kubectl` asks for the namespace, which a role for
    // Secrets alone does not allow.
    if path == "/api/v1/namespaces/ci" {
        let message = "namespaces \"ci\" is forbidden: User \"x\" cannot get it";
        return failure(403, "Forbidden", message.to_owned());
    }
    let Some(name) = path.strip_prefix(SECRETS) else {
        return failure(404, "NotFound", "the server could not find it".to_owned());
    };
    let name = name.trim_start_matches('/').to_owned();
    let mut entries = kept.entries.lock().unwrap();
    let missing = || failure(404, "NotFound", format!("secrets \"{name}\" not found"));
    match method {
        Method::GET if name.is_empty() => {
            let items: Vec<&Value> = entries
                .iter()
                .filter(|(name, _)| query.contains(name.as_str()))
                .map(|(_, entry)| entry)
                .collect();
            let list = json!({
                "kind": "SecretList", "apiVersion": "v1",
                "metadata": {"resourceVersion": "1"}, "items": items,
            });
            answer(200, &list)
        }
        Method::GET => match entries.get(&name) {
            Some(entry) => answer(200, entry),
            None => missing(),
        },
        Method::PATCH => {
            // Server-side apply of a JSON text, which is YAML, too.
            let mut entry: Value = serde_json::from_slice(&body).unwrap();
            let text = entry["stringData"]["document"].as_str().unwrap().to_owned();
            entry.as_object_mut().unwrap().remove("stringData");
            entry["data"] = json!({"document": base64(text.as_bytes())});
            entry["metadata"]["uid"] = json!("u");
            entry["metadata"]["resourceVersion"] = json!("1");
            if !query.contains("dryRun=All") {
                entries.insert(name, entry.clone());
            }
            answer(200, &entry)
        }
        Method::DELETE => match entries.remove(&name) {
            Some(_) => answer(
                200,
                &json!({
                    "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
                    "details": {"name": name, "kind": "secrets", "uid": "u"},
                }),
            ),
            None => missing(),
        },
        _ => failure(405, "MethodNotAllowed", "not served".to_owned()),
    }
}

/// A proxy that answers as GitHub's API does for the secrets of `acme/site`. Only the token
/// `good` may do anything.
pub(crate) async fn github() -> (u16, Kept) {
    let kept = Kept::default();
    let router = Router::new().fallback(ask_github).with_state(kept.clone());
    (serve(router).await, kept)
}

async fn ask_github(
    State(kept): State<Kept>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    const SECRETS: &str = "/repos/acme/site/actions/secrets/";
    kept.requests
        .lock()
        .unwrap()
        .push(format!("{method} {uri}"));
    let failure = |code: u16, message: &str| answer(code, &json!({"message": message}));
    let token = headers.get(header::AUTHORIZATION);
    if token.is_none_or(|token| token != "token good") {
        return failure(403, "Resource not accessible by integration");
    }
    let Some(name) = uri.path().strip_prefix(SECRETS) else {
        return failure(404, "Not Found");
    };
    let mut entries = kept.entries.lock().unwrap();
    match (method, name) {
        (Method::GET, "public-key") => {
            // The base point of the curve is a public key like any other.
            let mut key = [0_u8; 32];
            key[0] = 9;
            answer(200, &json!({"key_id": "1", "key": base64(&key)}))
        }
        (Method::PUT, name) => {
            let body: Value = serde_json::from_slice(&body).unwrap();
            entries.insert(name.to_owned(), body);
            answer(201, &json!({}))
        }
        (Method::DELETE, name) => match entries.remove(name) {
            Some(_) => StatusCode::NO_CONTENT.into_response(),
            None => failure(404, "Not Found"),
        },
        _ => failure(405, "not served"),
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut group = [0_u8; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for place in 0..4 {
            if place <= chunk.len() {
                let index = (bits >> (18 - 6 * place)) & 63;
                text.push(char::from(LETTERS[index as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}
