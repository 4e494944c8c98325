//! Answers of a hostile tenant: right, nearly right, cut off, or any bytes at all.

use super::hostile_tenant::SIGNATURE;
use super::script::Script;
use super::server::{Request, Written};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// The answer to a request.
pub(super) fn to(request: &Request, script: &mut Script) -> Written {
    let (status, body) = right(request);
    let whole = |status: usize, headers: &str, body: &[u8]| Written {
        bytes: message(status, headers, body, body.len()),
        // The client waits for what follows these, and would wait for its timeout.
        closes: status < 200 || headers.contains("Transfer-Encoding"),
    };
    let text = body.as_ref().map(Value::to_string).unwrap_or_default();
    let text = match body {
        Some(Value::String(csv)) => csv,
        _ => text,
    };
    if script.is_over() {
        return whole(status, "", text.as_bytes());
    }
    match script.byte() % 16 {
        // Right, with headers that may not be.
        0..=2 => {
            let headers = headers(script);
            whole(status, &headers, text.as_bytes())
        }
        // The right shape with wrong values.
        3..=8 => {
            let mut value: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
            for _ in 0..=script.byte() % 4 {
                spoil(&mut value, request, script);
            }
            let headers = headers(script);
            whole(status, &headers, value.to_string().as_bytes())
        }
        // JSON that ends early.
        9 => {
            let end = script.byte() * text.len() / 256;
            let cut = text.as_bytes().get(..end).unwrap_or_default();
            whole(status, "", cut)
        }
        // An answer that ends before its stated length.
        10 => Written {
            bytes: message(status, "", text.as_bytes(), text.len() + 1 + script.byte()),
            closes: true,
        },
        // Any body.
        11 => {
            let headers = headers(script);
            whole(status, &headers, &script.bytes())
        }
        // An error, which may repeat the request.
        12 | 13 => {
            let status = any_status(script);
            let headers = headers(script);
            let body = error(request, script);
            whole(status, &headers, body.as_bytes())
        }
        // Any bytes in place of HTTP.
        14 => Written {
            bytes: script.bytes(),
            closes: true,
        },
        // Nothing.
        _ => Written {
            bytes: Vec::new(),
            closes: true,
        },
    }
}

fn message(status: usize, headers: &str, body: &[u8], length: usize) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status:03} S\r\n{headers}").into_bytes();
    // Such an answer has no body, and what followed would be another answer.
    let is_bare = status == 204 || status == 304 || status < 200;
    if !is_bare && !headers.contains("Transfer-Encoding") {
        bytes.extend(format!("Content-Length: {length}\r\n").into_bytes());
    }
    bytes.extend(b"\r\n");
    if !is_bare {
        bytes.extend(body);
    }
    bytes
}

fn any_status(script: &mut Script) -> usize {
    const STATUSES: [usize; 24] = [
        200, 201, 202, 204, 206, 299, 301, 304, 400, 401, 401, 403, 404, 405, 409, 415, 422, 429,
        429, 500, 501, 502, 503, 504,
    ];
    match script.byte() {
        odd @ 0..=15 => 100 + odd * 57,
        byte => STATUSES[byte % STATUSES.len()],
    }
}

/// Headers that the client reads, and some that it should not trip over.
fn headers(script: &mut Script) -> String {
    const LINES: [&str; 30] = [
        "X-Total-Count: 0",
        "X-Total-Count: 1",
        "X-Total-Count: 2",
        "X-Total-Count: 251",
        "X-Total-Count: 5000",
        "X-Total-Count: 9999999",
        "X-Total-Count: 18446744073709551615",
        "X-Total-Count: 99999999999999999999999",
        "X-Total-Count: -1",
        "X-Total-Count: \u{ff11}",
        "X-Total-Count:  3 ",
        "Retry-After: 0",
        "Retry-After: 18446744073709551615",
        "Retry-After: -5",
        "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT",
        "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT",
        "Date: Tue, 14 Nov 2023 22:13:20 GMT",
        "Date: Fri, 31 Dec 9999 23:59:59 GMT",
        "Date: Mon, 01 Jan 0001 00:00:00 GMT",
        "Date: yesterday",
        "Content-Encoding: gzip",
        "Content-Encoding: UTF-8",
        "Content-Type: text/html; charset=utf-7",
        "Content-Type: application/json; charset=iso-8859-1",
        "Transfer-Encoding: chunked",
        "Connection: close",
        "Location: http://127.0.0.1:1/elsewhere",
        "Set-Cookie: a=b; Domain=.",
        "Upgrade: h2c",
        "Trailer: x",
    ];
    let mut headers = String::new();
    for _ in 0..script.byte() % 4 {
        if let Some(line) = script.one_of(&LINES) {
            headers.push_str(line);
            headers.push_str("\r\n");
        }
    }
    headers
}

/// An error as ISC and what stands before it write it, with any text.
fn error(request: &Request, script: &mut Script) -> String {
    let text = match script.byte() % 4 {
        0 => String::from_utf8_lossy(&script.bytes()).into_owned(),
        1 => request.authorization.clone(),
        2 => request.body.clone(),
        // What is cut off must not be the end of a secret only.
        _ => format!(
            "{}{} {}",
            "x".repeat(script.byte() * 2),
            request.authorization,
            request.body
        ),
    };
    match script.byte() % 5 {
        0 => json!({"detailCode": "400.1 x", "trackingId": text, "messages": [
            {"locale": "en-US", "text": text}, {"locale": null, "text": 7}, 8]})
        .to_string(),
        1 => json!({"error": text, "error_description": text}).to_string(),
        2 => json!({ "message": text }).to_string(),
        3 => format!("<html>{text}"),
        _ => text,
    }
}

/// Puts another value somewhere into a document.
fn spoil(value: &mut Value, request: &Request, script: &mut Script) {
    let step = script.byte();
    match value {
        Value::Array(items) if !step.is_multiple_of(8) && !items.is_empty() => {
            let index = script.byte() % items.len();
            if let Some(item) = items.get_mut(index) {
                spoil(item, request, script);
            }
        }
        Value::Object(fields) if !step.is_multiple_of(8) && !fields.is_empty() => {
            let index = script.byte() % fields.len();
            if let Some((_, field)) = fields.iter_mut().nth(index) {
                spoil(field, request, script);
            }
        }
        Value::Array(items) if step.is_multiple_of(16) => {
            // The same rows again, and many of them.
            let again = items.clone();
            for _ in 0..script.byte() {
                items.extend(again.iter().take(8).cloned());
            }
        }
        other => *other = hostile(request, script),
    }
}

fn hostile(request: &Request, script: &mut Script) -> Value {
    match script.byte() % 20 {
        0 => Value::Null,
        1 => json!(u64::MAX),
        2 => json!(i64::MIN),
        3 => json!(1e308),
        4 => json!(-1),
        5 => json!(""),
        6 => json!([]),
        7 => json!({}),
        8 => json!(true),
        9 => (0..script.byte() * 2).fold(json!([]), |inner, _| json!([inner])),
        10 => (0..script.byte() % 100).fold(json!({}), |inner, _| json!({ "a": inner })),
        11 => json!("x".repeat(script.byte() * script.byte())),
        12 => json!("\u{1b}]52;c;eA==\u{7}\u{202e}\n::add-mask::"),
        13 => json!(request.authorization),
        14 => json!(request.body),
        15 => json!("9999-12-31T23:59:59.999999999Z"),
        16 => json!("-009999-01-01T00:00:00Z"),
        17 => json!(i64::MAX),
        18 => json!([[], {}, null, 0, ""]),
        _ => json!(String::from_utf8_lossy(&script.bytes())),
    }
}

/// What ISC would answer.
fn right(request: &Request) -> (usize, Option<Value>) {
    let path = request.target.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let method = request.method.as_str();
    let body = match (method, parts.as_slice()) {
        (_, ["oauth", "token"]) => access_token(),
        ("POST", ["sources", "v1"]) => return (201, Some(source())),
        ("GET", ["sources", "v1"]) => json!([source()]),
        ("PATCH", ["sources", "v1", _]) => source(),
        ("GET", ["sources", "v1", _, "schemas", "accounts"]) => json!("id,name,e-mail\r\n"),
        ("GET", ["sources", "v1", _, "schemas"]) => json!([schema()]),
        (_, ["sources", "v1", _, "schemas", _]) => schema(),
        ("POST", ["sources", "v1", _, "load-accounts"]) => {
            return (
                202,
                Some(
                    json!({"success": true, "task": {"id": "t1", "created": 1_700_000_000_000_i64}}),
                ),
            );
        }
        ("GET", ["accounts", "v1"]) => json!([account("SA-1", "a"), account("SA-2", "b")]),
        ("POST", ["identity-profiles", "v1"]) => return (201, Some(profile())),
        ("GET", ["identity-profiles", "v1"]) => json!([profile()]),
        ("POST", ["identity-profiles", "v1", ..]) => return (202, Some(json!({}))),
        (_, ["identity-profiles", "v1", ..]) => profile(),
        ("POST", ["identities", "v1", "invite"]) => return (202, Some(json!({"id": "t1"}))),
        ("GET", ["identities", "v1"]) | ("POST", ["search", ..]) => json!([identity()]),
        ("GET", ["identities", "v1", _]) => identity(),
        (_, ["auth-users", "v1", _]) => json!({"id": "i1", "uid": "a", "alias": "a",
            "email": "a@example.com", "capabilities": ["REPORT_ADMIN"]}),
        ("POST", ["authorization", "v1", "user-levels", "get-identity-count"]) => {
            json!([{"id": "A", "count": 1}, {"id": "B", "count": 0}, {"id": "own", "count": 1}])
        }
        ("GET", ["authorization", "v1", "user-levels", ..]) => json!([{"id": "i1"}]),
        ("GET", ["authorization", "v1", ..]) => json!([{"id": "own", "status": "ACTIVE"}]),
        ("POST", ["personal-access-tokens", "v1"]) => {
            let mut minted = token();
            minted["secret"] = json!("minted-secret-of-t1");
            minted
        }
        ("GET", ["personal-access-tokens", "v1"]) => json!([token()]),
        ("DELETE", _) => return (204, None),
        (_, ["personal-access-tokens", "v1", _]) => token(),
        ("GET", ["task-status", "v1"]) => json!([task()]),
        ("GET", ["task-status", "v1", _]) => task(),
        _ => json!({}),
    };
    (200, Some(body))
}

fn access_token() -> Value {
    let claims = json!({"identity_id": "i1", "user_name": "jane", "authorities": ["ORG_ADMIN"]});
    let payload = URL_SAFE_NO_PAD.encode(claims.to_string());
    json!({"access_token": format!("e30.{payload}.{SIGNATURE}"), "expires_in": 749})
}

fn source() -> Value {
    json!({"id": "s1", "name": "S", "type": "DelimitedFile", "description": "d",
        "owner": {"type": "IDENTITY", "id": "i1"}, "deleteThreshold": 20,
        "connectorAttributes": {"deleteThresholdPercentage": "20"}})
}

fn schema() -> Value {
    json!({"id": "sc1", "name": "account", "identityAttribute": "id", "displayAttribute": "name",
        "attributes": [{"name": "id", "type": "STRING", "description": "", "isMulti": false},
            {"name": "name", "type": "STRING", "nativeName": null}]})
}

fn account(id: &str, name: &str) -> Value {
    json!({"id": format!("a-{id}"), "nativeIdentity": id, "name": name, "sourceId": "s1",
        "identityId": "i1", "uncorrelated": false, "manuallyCorrelated": false,
        "isMachine": false, "created": "2023-11-14T22:13:20.000Z",
        "attributes": {"id": id, "name": name, "groups": ["x", "y"], "count": 3}})
}

fn profile() -> Value {
    json!({"id": "p1", "name": "P", "owner": {"id": "i1"},
        "authoritativeSource": {"type": "SOURCE", "id": "s1"}, "identityRefreshRequired": true,
        "identityAttributeConfig": {"enabled": true, "attributeTransforms": [
            {"identityAttributeName": "uid", "transformDefinition": {
                "type": "accountAttribute",
                "attributes": {"sourceName": "S", "sourceId": "s1", "attributeName": "name"}}}]}})
}

fn identity() -> Value {
    json!({"id": "i1", "name": "a", "alias": "a", "emailAddress": "a@example.com",
        "identityStatus": "ACTIVE", "created": "2023-11-14T22:13:20.000Z"})
}

fn token() -> Value {
    json!({"id": "k1", "name": "report", "scope": ["sp:report:read"],
        "owner": {"type": "IDENTITY", "id": "i1"}, "created": "2023-11-14T22:13:20.000Z",
        "lastUsed": null, "managed": false, "accessTokenValiditySeconds": 900,
        "expirationDate": "2024-11-14T22:13:20.000Z"})
}

fn task() -> Value {
    json!({"id": "t1", "type": "CLOUD_ACCOUNT_AGGREGATION", "completed": null,
        "completionStatus": null, "messages": [{"type": "WARN",
            "localizedText": {"locale": "en", "message": "m"}, "key": "k"}]})
}
