//! Handlers of `/oauth`: the token endpoint, and signing in with a browser.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::call::{Answer, Body};
use crate::routing::form_decoded;
use crate::tenant::{AccessToken, GrantError, IdentityStatus, Tenant};

/// Answers the token endpoint. Also returns the client id and the identity, for the log.
pub(crate) fn token(
    tenant: &mut Tenant,
    headers: &HeaderMap,
    query: &[(String, String)],
    body: &Body,
) -> (Answer, Option<String>, Option<String>) {
    let mut fields = query.to_vec();
    match &body.form {
        Some(parts) => fields.extend(parts.iter().map(|part| {
            (
                part.name.clone(),
                String::from_utf8_lossy(&part.bytes).into_owned(),
            )
        })),
        None => fields.extend(form_decoded(&String::from_utf8_lossy(&body.bytes))),
    }
    fields.extend(basic_credentials(headers));
    let client = field(&fields, "client_id").map(str::to_owned);
    match grant(tenant, &fields) {
        Ok(granted) => {
            let identity = granted.identity.clone();
            (
                Answer::ok(wire(&granted)).with_header("cache-control", "no-store"),
                client,
                identity,
            )
        }
        Err(error) => (refusal(&error), client, None),
    }
}

fn grant(tenant: &mut Tenant, fields: &[(String, String)]) -> Result<AccessToken, GrantError> {
    let field = |name: &str| field(fields, name);
    let client = field("client_id").ok_or(GrantError::InvalidRequest("client_id is missing"));
    match field("grant_type") {
        Some("client_credentials") => {
            let secret = field("client_secret").ok_or(GrantError::InvalidClient)?;
            tenant.grant_client_credentials(client?, secret)
        }
        Some("authorization_code") => tenant.grant_authorization_code(
            client?,
            field("client_secret"),
            field("code").ok_or(GrantError::InvalidRequest("code is missing"))?,
            field("redirect_uri").ok_or(GrantError::InvalidRequest("redirect_uri is missing"))?,
            field("code_verifier"),
        ),
        Some("refresh_token") => tenant.grant_refresh(
            client?,
            field("client_secret"),
            field("refresh_token").ok_or(GrantError::InvalidRequest("refresh_token is missing"))?,
        ),
        Some(_) => Err(GrantError::UnsupportedGrantType),
        None => Err(GrantError::InvalidRequest("grant_type is missing")),
    }
}

fn wire(granted: &AccessToken) -> Value {
    let claim = |name: &str| granted.claims.get(name).cloned().unwrap_or(Value::Null);
    let mut wire = json!({
        "access_token": granted.token,
        "token_type": "bearer",
        "expires_in": granted.expires_in,
        "scope": granted.scopes.join(" "),
        "tenant_id": claim("tenant_id"),
        "pod": claim("pod"),
        "strong_auth_supported": false,
        "org": claim("org"),
        "jti": claim("jti"),
    });
    if let Some(identity) = &granted.identity {
        wire["identity_id"] = json!(identity);
        wire["user_id"] = json!(identity);
    }
    if let Some(refresh) = &granted.refresh_token {
        wire["refresh_token"] = json!(refresh);
    }
    wire
}

/// Where the API of this tenant is, and where its people sign in: the host that was asked.
pub(crate) fn info(tenant: &Tenant, headers: &HeaderMap) -> Answer {
    let host = headers
        .get("host")
        .and_then(|host| host.to_str().ok())
        .unwrap_or("127.0.0.1");
    let base = format!("http://{host}");
    Answer::ok(json!({
        "authorizeEndpoint": format!("{base}/oauth/authorize"),
        "tokenEndpoint": format!("{base}/oauth/token"),
        "jwksEndpoint": format!("{base}/oauth/jwks"),
        "orgScriptName": tenant.org,
        "apiBaseUrl": base,
        "loginUrl": format!("{base}/_simulator/sign-in"),
    }))
}

fn refusal(error: &GrantError) -> Answer {
    let status = if *error == GrantError::InvalidClient {
        401
    } else {
        400
    };
    Answer::json(
        status,
        json!({"error": error.to_string(), "error_description": description(error)}),
    )
}

fn description(error: &GrantError) -> &'static str {
    match error {
        GrantError::UnsupportedGrantType => "The grant type is not supported.",
        GrantError::InvalidRequest(what) => what,
        GrantError::InvalidClient => "Bad client credentials",
        GrantError::UnauthorizedClient => "The client may not use this grant type.",
        GrantError::InvalidGrant => "The code or token is not good, was used, or has expired.",
    }
}

/// Sends a browser to the page where a person signs in: the simulator's is under `/_simulator/`.
pub(crate) fn authorize(query: &str) -> Answer {
    Answer {
        status: 302,
        ..Answer::no_content()
    }
    .with_header("location", format!("/_simulator/sign-in?{query}"))
}

/// The page where a person signs in: it asks for no password, only who is meant.
///
/// With `as=NAME` that person signs in without the page, and with `deny=1` nobody does, so
/// that tests need no browser.
pub(crate) fn sign_in(tenant: &mut Tenant, raw_query: &str, query: &[(String, String)]) -> Answer {
    let field = |name: &str| field(query, name);
    let (Some(client), Some(redirect_uri)) = (field("client_id"), field("redirect_uri")) else {
        return refusal(&GrantError::InvalidRequest(
            "client_id or redirect_uri is missing",
        ));
    };
    // Where these do not fit, the browser is sent nowhere: the address may be anybody's.
    if let Err(error) = tenant.check_redirect(client, redirect_uri) {
        return refusal(&error);
    }
    let back = |result: &[(&str, &str)]| {
        let state = field("state").map(|state| ("state", state));
        let (mut target, mut joint) = (
            redirect_uri.to_owned(),
            if redirect_uri.contains('?') { '&' } else { '?' },
        );
        for (name, value) in result.iter().copied().chain(state) {
            target.push(joint);
            target.push_str(name);
            target.push('=');
            target.push_str(&percent_encoded(value));
            joint = '&';
        }
        Answer {
            status: 302,
            ..Answer::no_content()
        }
        .with_header("location", target)
        .with_header("cache-control", "no-store")
    };
    let failed = |error: &str, description: &str| {
        back(&[("error", error), ("error_description", description)])
    };
    if field("response_type") != Some("code") {
        return failed("unsupported_response_type", "response_type must be code");
    }
    let challenge = field("code_challenge");
    if challenge.is_some() && field("code_challenge_method") != Some("S256") {
        return failed("invalid_request", "code_challenge_method must be S256");
    }
    if field("deny").is_some() {
        return failed("access_denied", "The person did not sign in.");
    }
    let Some(who) = field("as") else {
        return people(tenant, raw_query);
    };
    match tenant.authorize(who, client, redirect_uri, challenge.map(str::to_owned)) {
        Ok(code) => back(&[("code", &code)]),
        Err(GrantError::InvalidRequest(what)) => failed("invalid_request", what),
        Err(error) => failed("access_denied", description(&error)),
    }
}

/// Everybody who can sign in, as links.
fn people(tenant: &Tenant, raw_query: &str) -> Answer {
    let link = |more: &str, text: &str| {
        let target = escaped(&format!("/_simulator/sign-in?{raw_query}&{more}"));
        format!("<li><a href=\"{target}\">{}</a></li>", escaped(text))
    };
    let mut page = String::from(
        "<!doctype html><title>Simulator: sign in</title><h1>Simulator: sign in as</h1><ul>",
    );
    for identity in tenant
        .identities
        .all()
        .filter(|identity| identity.status == IdentityStatus::Active)
    {
        let more = format!("as={}", percent_encoded(&identity.alias));
        page.push_str(&link(&more, &identity.name));
    }
    page.push_str(&link("deny=1", "nobody: do not sign in"));
    page.push_str("</ul>");
    Answer::text("text/html; charset=utf-8", page)
}

fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields
        .iter()
        .find(|(known, value)| known == name && !value.is_empty())
        .map(|(_, value)| value.as_str())
}

/// The client's credentials, where they come in the header.
fn basic_credentials(headers: &HeaderMap) -> Vec<(String, String)> {
    let decoded = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, encoded)| STANDARD.decode(encoded.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    match decoded.as_deref().and_then(|text| text.split_once(':')) {
        Some((id, secret)) => {
            vec![
                ("client_id".to_owned(), id.to_owned()),
                ("client_secret".to_owned(), secret.to_owned()),
            ]
        }
        None => Vec::new(),
    }
}

fn percent_encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
