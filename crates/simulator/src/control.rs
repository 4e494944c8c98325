//! Control surface under `/_simulator/`: clock, people, drift, faults and the request log.
//!
//! It asks for no credentials, so it is for loopback only, and no page of another origin is
//! answered (see `admission`). Bodies are JSON and say so; errors are `{"error": "…"}`.
//!
//! | request | what it does |
//! |---|---|
//! | `GET ready` | that requests are answered |
//! | `GET state` · `PUT state` | dumps the tenant · puts a dumped one in its place |
//! | `GET clock` · `POST clock/advance {seconds}` · `POST clock/set {now}` | the virtual time |
//! | `POST persons/register {account}` | registers an invited account holder |
//! | `POST persons/personal-access-tokens {account, name, scopes, …}` | creates a token as its owner |
//! | `POST accounts/put {source, attributes}` · `POST accounts/remove {source, account}` | changes the accounts of a source out of band |
//! | `POST levels/set {account, levels}` | sets user levels out of band |
//! | `POST tokens/revoke {id}` · `POST tokens/change {id, name, scopes}` | changes tokens out of band |
//! | `GET requests?method&path&operation&client&status&writes` · `DELETE requests` | the request log |
//! | `GET requests/counts` | how often each operation was called |
//! | `GET faults` · `PUT faults` · `DELETE faults` | the faults |
//! | `GET behavior` · `PUT behavior {correlateByName, lowerCaseEmail}` | what some tenants do |
//! | `GET operations` | what is simulated |
//! | `GET sign-in` | the page for signing in with a browser |

use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::api::{self, Answer, Payload};
use crate::engine::{Engine, Reply, Request};
use crate::errors::{ControlError, Refusal};
use crate::faults::{Faults, Injector};
use crate::request_log::RequestFilter;
use crate::routing::form_decoded;
use crate::tenant::{Tenant, TokenRequest};

/// Where the control surface is.
pub(crate) const PREFIX: &str = "/_simulator/";
/// Where it says that it answers.
pub(crate) const READY_PATH: &str = "/_simulator/ready";

/// What it says there.
pub(crate) fn ready() -> Value {
    json!({"ready": true})
}

/// Answers a request to the control surface.
pub(crate) fn respond(engine: &mut Engine, request: &Request) -> Reply {
    engine.catch_up();
    let answer = answer(engine, request).unwrap_or_else(|error| {
        let status = match &error {
            ControlError::UnknownPerson(_)
            | ControlError::UnknownSource(_)
            | ControlError::Unknown { .. } => 404,
            ControlError::MediaType(_) => 415,
            ControlError::State(_) => 500,
            _ => 400,
        };
        Answer::json(status, json!({"error": error.to_string()}))
    });
    Reply::whole(answer)
}

/// Answers a request that is refused before the control surface sees it.
pub(crate) fn refuse(refusal: &Refusal) -> Reply {
    let reason = refusal.causes.first().unwrap_or(&refusal.text);
    Reply::whole(Answer::json(refusal.status, json!({"error": reason})))
}

fn answer(engine: &mut Engine, request: &Request) -> Result<Answer, ControlError> {
    let path = request.path.strip_prefix(PREFIX).unwrap_or_default();
    let query = form_decoded(&request.query);
    match (request.method.as_str(), path) {
        ("GET", "state") => Ok(Answer {
            status: 200,
            headers: Vec::new(),
            payload: Payload::Text {
                media_type: "application/json",
                text: dump(&engine.tenant)?.into(),
            },
        }),
        ("PUT", "state") => {
            let tenant: Tenant = body(request)?;
            engine.replace_tenant(tenant)?;
            Ok(Answer::no_content())
        }
        ("GET", "ready") => Ok(Answer::ok(ready())),
        ("GET", "clock") => Ok(clock(engine)),
        ("POST", "clock/advance") => {
            let Advance { seconds } = body(request)?;
            let duration = SignedDuration::try_from_secs_f64(seconds)
                .map_err(|error| ControlError::NotUnderstood(error.to_string()))?;
            advance(engine, duration)?;
            Ok(clock(engine))
        }
        ("POST", "clock/set") => {
            let Set { now } = body(request)?;
            set_clock(engine, now)?;
            Ok(clock(engine))
        }
        ("POST", "persons/register") => {
            let Person { account } = body(request)?;
            let id = engine.tenant.register_person(&account)?;
            Ok(Answer::ok(json!({"identityId": id})))
        }
        ("POST", "persons/personal-access-tokens") => {
            let Mint {
                account,
                name,
                scopes,
                access_token_validity_seconds,
                expires,
                never_expires,
            } = body(request)?;
            let request = TokenRequest {
                name,
                scopes,
                access_token_validity_seconds,
                expires,
                never_expires,
            };
            let minted = engine
                .tenant
                .mint_personal_access_token_as_owner(&account, request)?;
            Ok(Answer::ok(
                json!({"id": minted.id, "secret": minted.secret.expose_secret()}),
            ))
        }
        ("POST", "accounts/put") => {
            let PutAccount { source, attributes } = body(request)?;
            let id = engine.tenant.put_account_out_of_band(&source, attributes)?;
            Ok(Answer::ok(json!({"id": id})))
        }
        ("POST", "accounts/remove") => {
            let RemoveAccount { source, account } = body(request)?;
            engine
                .tenant
                .remove_account_out_of_band(&source, &account)?;
            Ok(Answer::no_content())
        }
        ("POST", "levels/set") => {
            let Levels { account, levels } = body(request)?;
            engine.tenant.set_levels_out_of_band(&account, levels)?;
            Ok(Answer::no_content())
        }
        ("POST", "tokens/revoke") => {
            let Revoke { id } = body(request)?;
            engine.tenant.revoke_token_out_of_band(&id)?;
            Ok(Answer::no_content())
        }
        ("POST", "tokens/change") => {
            let ChangeToken { id, name, scopes } = body(request)?;
            engine.tenant.change_token_out_of_band(&id, name, scopes)?;
            Ok(Answer::no_content())
        }
        ("GET", "requests") => Ok(Answer::ok(json!(engine.log.matching(&filter(&query)?)))),
        ("GET", "requests/counts") => Ok(Answer::ok(json!(engine.log.counts(&filter(&query)?)))),
        ("DELETE", "requests") => {
            engine.log.clear();
            Ok(Answer::no_content())
        }
        ("GET", "faults") => Ok(Answer::ok(json!(engine.faults.faults()))),
        ("PUT", "faults") => {
            engine.faults = Injector::new(body(request)?);
            Ok(Answer::no_content())
        }
        ("DELETE", "faults") => {
            engine.faults = Injector::new(Faults::default());
            Ok(Answer::no_content())
        }
        ("GET", "behavior") => Ok(Answer::ok(json!(engine.tenant.behavior))),
        ("PUT", "behavior") => {
            engine.tenant.behavior = body(request)?;
            engine.tenant.touch();
            Ok(Answer::no_content())
        }
        ("GET", "operations") => Ok(Answer::ok(json!(api::simulated_operations()))),
        ("GET", "sign-in") => Ok(api::sign_in(&mut engine.tenant, &request.query, &query)),
        (method, path) => Err(ControlError::Unknown {
            what: "control request",
            name: format!("{method} {path}"),
        }),
    }
}

/// The tenant as it is saved.
pub(crate) fn dump(tenant: &Tenant) -> Result<String, ControlError> {
    serde_json::to_string(tenant).map_err(|error| ControlError::NotUnderstood(error.to_string()))
}

/// Advances the clock, and runs the events that are due.
pub(crate) fn advance(engine: &mut Engine, duration: SignedDuration) -> Result<(), ControlError> {
    let now = engine.clock.now();
    let time = now
        .checked_add(duration)
        .map_err(|error| ControlError::NotUnderstood(error.to_string()))?;
    set_clock(engine, time)
}

/// Sets the clock to a later time, and runs the events that are due.
pub(crate) fn set_clock(engine: &mut Engine, time: Timestamp) -> Result<(), ControlError> {
    if !engine.clock.set(time) {
        return Err(ControlError::TimeGoesForward {
            now: engine.clock.now(),
        });
    }
    engine.catch_up();
    // Also time without events is part of the state.
    engine.tenant.touch();
    Ok(())
}

fn clock(engine: &Engine) -> Answer {
    Answer::ok(json!({
        "now": crate::clock::iso(engine.clock.now()),
        "mode": engine.clock.mode().to_string(),
        "nextEvent": engine.tenant.next_event().map(crate::clock::iso),
    }))
}

fn body<T: DeserializeOwned>(request: &Request) -> Result<T, ControlError> {
    // Other media types are those that any page can send without being asked.
    let kind = request
        .headers
        .get("content-type")
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(ControlError::MediaType(kind.to_owned()));
    }
    serde_json::from_slice(&request.body.bytes)
        .map_err(|error| ControlError::NotUnderstood(error.to_string()))
}

fn filter(query: &[(String, String)]) -> Result<RequestFilter, ControlError> {
    let mut filter = RequestFilter::default();
    for (name, value) in query {
        let wrong = || ControlError::NotUnderstood(format!("{name}={value}"));
        match name.as_str() {
            "method" => filter.method = Some(value.clone()),
            "path" => filter.path_prefix = Some(value.clone()),
            "operation" => filter.operation = Some(value.clone()),
            "client" => filter.client = Some(value.clone()),
            "status" => filter.status = Some(value.parse().map_err(|_| wrong())?),
            "writes" => filter.writes = Some(value.parse().map_err(|_| wrong())?),
            _ => return Err(wrong()),
        }
    }
    Ok(filter)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    now: Timestamp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    account: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Mint {
    account: String,
    name: String,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    access_token_validity_seconds: Option<i64>,
    #[serde(default)]
    expires: Option<Timestamp>,
    #[serde(default)]
    never_expires: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PutAccount {
    source: String,
    attributes: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RemoveAccount {
    source: String,
    account: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Levels {
    account: String,
    levels: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revoke {
    id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeToken {
    id: String,
    name: Option<String>,
    scopes: Option<Vec<String>>,
}
