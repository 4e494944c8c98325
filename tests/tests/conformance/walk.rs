//! Calls an operation as it should be called and in every way that it should refuse, and has each
//! exchange judged.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tests::judge::recorder::Client;
use tests::judge::{Complaint, Exchange, Judge, Operation, Response};

use crate::call::{Body, Call};
use crate::tenant::SimulatedTenant;

/// An id that nothing in the tenant has.
const NOBODY: &str = "00000000000000000000000000000000";

/// A walk over the operations of a simulated tenant.
pub(crate) struct Walk {
    pub(crate) tenant: SimulatedTenant,
    pub(crate) judge: Judge,
    client: Client,
    /// The access token of an administrator, with all scopes.
    token: String,
    /// An access token of the same person, with a scope that opens next to nothing.
    weak: String,
    /// The calls that succeeded, the first one of each operation.
    pub(crate) succeeded: BTreeMap<String, Call>,
    /// What went otherwise than it should.
    pub(crate) failures: Vec<String>,
}

/// What the judge says of a walk.
#[derive(Default)]
pub(crate) struct Outcome {
    /// The statuses seen of each operation.
    pub(crate) seen: BTreeMap<String, BTreeSet<u16>>,
    /// What is held against the simulator.
    pub(crate) complaints: Vec<Complaint>,
    /// The names of the deviations that were shown.
    pub(crate) deviations: BTreeSet<&'static str>,
}

impl Outcome {
    /// Adds what another walk showed.
    pub(crate) fn add(&mut self, other: Self) {
        for (operation, statuses) in other.seen {
            self.seen.entry(operation).or_default().extend(statuses);
        }
        self.complaints.extend(other.complaints);
        self.deviations.extend(other.deviations);
    }
}

impl Walk {
    pub(crate) fn new(tenant: SimulatedTenant, judge: Judge, client: Client) -> Self {
        Self {
            tenant,
            judge,
            client,
            token: String::new(),
            weak: String::new(),
            succeeded: BTreeMap::new(),
            failures: Vec::new(),
        }
    }

    /// Signs in, and mints and uses a token that may do next to nothing.
    pub(crate) async fn sign_in(&mut self) {
        let (id, secret) = self.tenant.credentials();
        self.token = self.access_token(&id, &secret).await;
        let body = serde_json::json!({
            "name": "weak", "scope": ["sp:nothing:read"], "accessTokenValiditySeconds": 43_200,
            "userAwareTokenNeverExpires": true,
        });
        let weak = self
            .send(&Call::post("/personal-access-tokens/v1", body))
            .await
            .json();
        let text = |name: &str| weak[name].as_str().unwrap_or_default().to_owned();
        self.weak = self.access_token(&text("id"), &text("secret")).await;
    }

    async fn access_token(&mut self, id: &str, secret: &str) -> String {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", id),
            ("client_secret", secret),
        ];
        let request = self.client.request("POST", "/oauth/token").form(&form);
        match self.client.send(request).await {
            Ok(response) if response.status == 200 => response.json()["access_token"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            Ok(response) => self.fail(format!("POST /oauth/token answered {}", response.status)),
            Err(error) => self.fail(format!("POST /oauth/token: {error}")),
        }
    }

    /// Makes the call, after every refusal that it should meet; the body of its answer.
    pub(crate) async fn ok(&mut self, call: Call) -> Value {
        let operation = self
            .judge
            .operation(call.method, &call.path)
            .map(Operation::name);
        let Some(operation) = operation else {
            return self.fail(format!("{} {} is not described", call.method, call.path));
        };
        if !self.succeeded.contains_key(&operation) {
            self.refusals(&operation, &call).await;
        }
        let response = self.send(&call).await;
        if response.status / 100 == 2 {
            self.succeeded.entry(operation).or_insert(call);
        } else {
            let text = String::from_utf8_lossy(&response.body).into_owned();
            self.fail::<()>(format!("{operation} answered {}: {text}", response.status));
        }
        response.json()
    }

    /// Lets time pass in the tenant.
    pub(crate) fn advance_minutes(&mut self, minutes: i64) {
        if let Err(error) = self.tenant.advance_minutes(minutes) {
            self.fail::<()>(error);
        }
    }

    /// Notes it if something is not as it should be.
    pub(crate) fn expect(&mut self, what: &str, is_so: bool) {
        if !is_so {
            self.fail::<()>(format!("not so: {what}"));
        }
    }

    /// Makes a call that should be refused with the status.
    pub(crate) async fn refused(&mut self, status: u16, call: Call) {
        let response = self.send(&call).await;
        if response.status != status {
            let Call { method, path, .. } = call;
            let got = response.status;
            self.fail::<()>(format!(
                "{method} {path} answered {got} instead of {status}"
            ));
        }
    }

    /// The refusals that the description and ISC's common rules foresee for an operation.
    async fn refusals(&mut self, operation: &str, call: &Call) {
        self.refused(401, call.clone().with_token("")).await;
        self.refused(401, call.clone().with_token("not.a.token"))
            .await;
        if !call.open_to_all {
            self.refused(403, call.clone().with_token(&self.weak)).await;
        }
        if call.experimental {
            let mut plain = call.clone();
            plain.experimental = false;
            self.refused(400, plain).await;
        }
        if matches!(call.body, Body::Json(_) | Body::Patch(_)) {
            self.refused(400, call.clone().with_broken_body()).await;
        }
        let documented = |name: &str| {
            let operation = self.judge.operation(call.method, &call.path);
            operation.is_some_and(|operation| operation.has_query_parameter(name))
        };
        let (limits, filters, sorters) = (
            documented("limit"),
            documented("filters"),
            documented("sorters"),
        );
        for (has, name, value) in [
            (limits, "limit", "-1"),
            (filters, "filters", "no.such.field eq \"x\""),
            (filters, "filters", "id eq"),
            (sorters, "sorters", "no.such.field"),
        ] {
            if has {
                self.refused(400, call.clone().with_query(name, value))
                    .await;
            }
        }
        let template = self
            .judge
            .operation(call.method, &call.path)
            .map(|found| found.path.clone());
        for (index, part) in template.unwrap_or_default().split('/').enumerate() {
            if part.starts_with('{') {
                self.refused(404, call.clone().with_segment(index, NOBODY))
                    .await;
            }
        }
        self.tenant.fail_next(operation);
        self.refused(500, call.clone()).await;
    }

    /// Sends the call and records it; a status of 0 says that there was no answer.
    pub(crate) async fn send(&mut self, call: &Call) -> Response {
        let token = call.token.clone().unwrap_or_else(|| self.token.clone());
        match self.client.send(call.request(&self.client, &token)).await {
            Ok(response) => response,
            Err(error) => {
                self.fail::<()>(format!("{} {}: {error}", call.method, call.path));
                Response {
                    status: 0,
                    headers: Vec::new(),
                    body: Vec::new(),
                }
            }
        }
    }

    fn fail<T: Default>(&mut self, text: String) -> T {
        self.failures.push(text);
        T::default()
    }

    /// What was exchanged with ISC's operations; the token endpoint is not in the description.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        let all = self.client.record.exchanges();
        all.into_iter()
            .filter(|exchange| exchange.request.path != "/oauth/token")
            .collect()
    }

    pub(crate) fn judged(&self) -> Outcome {
        let mut outcome = Outcome::default();
        for exchange in self.exchanges() {
            let status = exchange.response.status;
            let verdict = self.judge.judge(&exchange);
            outcome
                .complaints
                .extend(verdict.against_server(status).cloned());
            outcome
                .deviations
                .extend(verdict.deviations.iter().map(|deviation| deviation.name));
            if let Some(operation) = verdict.operation {
                outcome.seen.entry(operation).or_default().insert(status);
            }
        }
        outcome
    }
}
