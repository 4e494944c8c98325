//! Mixed requests from several callers at once: reads, writes, searches, sign-ins and mistakes.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use reqwest::{Client, Method, RequestBuilder};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use simulator::Running;

/// What a run showed.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    /// Answers by kind of request and status.
    pub(crate) answers: BTreeMap<(&'static str, u16), u64>,
    /// How long each took, in microseconds.
    pub(crate) durations: Vec<u32>,
}

impl Shown {
    pub(crate) fn add(&mut self, other: Self) {
        for (key, count) in other.answers {
            *self.answers.entry(key).or_default() += count;
        }
        self.durations.extend(other.durations);
    }

    /// Answers of 500 and more but 501.
    pub(crate) fn failures(&self) -> u64 {
        let all = self.answers.iter();
        all.filter(|((_, status), _)| *status >= 500 && *status != 501)
            .map(|(_, count)| count)
            .sum()
    }

    /// The duration that a share of the requests did not exceed.
    pub(crate) fn quantile(&mut self, share: f64) -> Duration {
        self.durations.sort_unstable();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "a place in a list of some million entries"
        )]
        let place = (self.durations.len() as f64 * share) as usize;
        let found = self
            .durations
            .get(place.min(self.durations.len().saturating_sub(1)));
        Duration::from_micros(found.copied().unwrap_or_default().into())
    }
}

/// Somebody who sends requests, one after another.
pub(crate) struct Sender {
    client: Client,
    base: String,
    id: String,
    secret: String,
    token: String,
    /// Clients that it has created, to be deleted again.
    made: Vec<String>,
    number: u64,
}

impl Sender {
    pub(crate) async fn new(client: Client, running: &Running, number: u64) -> Self {
        let credentials = running.admin_credentials();
        let mut sender = Self {
            client,
            base: running.base_url(),
            id: credentials.client_id,
            secret: credentials.client_secret.expose_secret().to_owned(),
            token: String::new(),
            made: Vec::new(),
            number,
        };
        sender.sign_in().await;
        sender
    }

    async fn sign_in(&mut self) -> u16 {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &self.id),
            ("client_secret", &self.secret),
        ];
        let request = self.client.post(format!("{}/oauth/token", self.base));
        let (status, body) = answered(request.form(&form)).await;
        if let Some(token) = body["access_token"].as_str() {
            token.clone_into(&mut self.token);
        }
        status
    }

    /// Sends this many requests.
    #[expect(
        clippy::disallowed_methods,
        reason = "what is measured is real time, and not that of the tenant"
    )]
    pub(crate) async fn send(&mut self, requests: u64) -> Shown {
        let mut shown = Shown::default();
        for _ in 0..requests {
            let begun = Instant::now();
            let (kind, status) = self.one().await;
            let took = u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX);
            shown.durations.push(took);
            *shown.answers.entry((kind, status)).or_default() += 1;
        }
        shown
    }

    async fn one(&mut self) -> (&'static str, u16) {
        self.number = self
            .number
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let chance = self.number >> 33;
        let get = |path: &str| self.request(Method::GET, path);
        let (kind, request) = match chance % 100 {
            0..30 => (
                "page",
                get(&format!("/accounts/v1?limit=50&offset={}", chance % 300)),
            ),
            30..45 => (
                "one",
                get("/accounts/v1?filters=name%20eq%20%22bulk000007%22"),
            ),
            45..55 => (
                "identities",
                get("/identities/v1?limit=25&sorters=name&count=true"),
            ),
            55..65 => {
                let query = format!("name:bulk000{:03}", chance % 1000);
                let body = json!({"indices": ["identities"], "query": {"query": query}});
                (
                    "search",
                    self.request(Method::POST, "/search/v1").json(&body),
                )
            }
            65..67 => {
                let body = json!({"indices": ["events"], "query": {"query": "*"}});
                (
                    "events",
                    self.request(Method::POST, "/search/v1?limit=10")
                        .json(&body),
                )
            }
            67..75 => {
                let body = json!({
                    "name": format!("client {chance}"), "description": "", "type": "CONFIDENTIAL",
                    "accessType": "OFFLINE", "enabled": true,
                    "grantTypes": ["CLIENT_CREDENTIALS"], "accessTokenValiditySeconds": 750,
                    "scope": ["sp:scopes:default"],
                });
                let request = self.request(Method::POST, "/oauth-clients/v1").json(&body);
                let (status, made) = answered(request).await;
                self.made.extend(made["id"].as_str().map(str::to_owned));
                return ("create", status);
            }
            75..83 => match self.made.pop() {
                Some(id) => {
                    let path = format!("/oauth-clients/v1/{id}");
                    ("delete", self.request(Method::DELETE, &path))
                }
                None => (
                    "delete nothing",
                    self.request(Method::DELETE, "/oauth-clients/v1/x"),
                ),
            },
            83..86 => return ("sign-in", self.sign_in().await),
            86..89 => ("not simulated", get("/roles/v1")),
            89..92 => ("not there", get("/sources/v1/nothing")),
            92..94 => ("no path", get("/nothing/v1")),
            94..96 => ("bad filter", get("/accounts/v1?filters=nope")),
            96..98 => {
                let request = self
                    .request(Method::POST, "/sources/v1")
                    .body("{\"name\": ");
                (
                    "bad body",
                    request.header("content-type", "application/json"),
                )
            }
            98 => ("usage", get("/v2024/sources?limit=5")),
            _ => {
                let request = self.client.get(format!("{}/sources/v1", self.base));
                ("no token", request.bearer_auth("x"))
            }
        };
        (kind, answered(request).await.0)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(&self.token)
            .header("X-SailPoint-Experimental", "true")
    }
}

/// Status and body; a status of 599 says that there was no answer.
async fn answered(request: RequestBuilder) -> (u16, Value) {
    let Ok(answer) = request.send().await else {
        return (599, Value::Null);
    };
    let status = answer.status().as_u16();
    let text = answer.bytes().await.unwrap_or_default();
    (status, serde_json::from_slice(&text).unwrap_or_default())
}
