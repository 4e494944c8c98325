//! A service account that makes the calls of a job.

use crate::jobs::Job;
use jiff::SignedDuration;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tests::SimulatedTenant;

/// The account: one of those that a new simulated tenant has.
const NAME: &str = "svc-monitor";

/// A registered service account at a tenant of its own.
pub(crate) struct Robot {
    tenant: SimulatedTenant,
    source: String,
    account: String,
}

impl Robot {
    pub(crate) fn new(tenant: SimulatedTenant) -> Self {
        tenant.simulator().with_tenant(|tenant| {
            tenant.add_bulk_accounts(3).unwrap();
            tenant.invite_person(NAME).unwrap();
            tenant.register_person(NAME).unwrap();
        });
        let first = |path: &str| {
            let list: Value = tenant.get(path);
            list[0]["id"].as_str().unwrap().to_owned()
        };
        Self {
            source: first("/sources/v1"),
            account: first("/accounts/v1"),
            tenant,
        }
    }

    /// The calls of a job that are refused (403) to a token of these scopes,
    /// whose owner holds these levels.
    pub(crate) fn refused(&self, job: &Job, scopes: &[&str], levels: &[&str]) -> Vec<String> {
        // A token without scopes would get all of them.
        let scopes = if scopes.is_empty() {
            &[catalog::SCOPE_DEFAULT]
        } else {
            scopes
        };
        // Whatever an earlier call set going has ended.
        self.tenant
            .simulator()
            .advance(SignedDuration::from_hours(1))
            .unwrap();
        let minted = self.tenant.simulator().with_tenant(|tenant| {
            let levels = levels.iter().map(|level| (*level).to_owned()).collect();
            tenant.set_levels_out_of_band(NAME, levels).unwrap();
            let request = simulator::TokenRequest {
                name: "job".to_owned(),
                scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
                ..simulator::TokenRequest::default()
            };
            tenant
                .mint_personal_access_token_as_owner(NAME, request)
                .unwrap()
        });
        let token = self
            .tenant
            .sign_in(&minted.id, minted.secret.expose_secret());
        let refused = job
            .calls
            .iter()
            .filter(|call| self.status(call, &token) == 403)
            .map(|call| (*call).to_owned())
            .collect();
        self.tenant
            .simulator()
            .with_tenant(|tenant| tenant.revoke_token_out_of_band(&minted.id).unwrap());
        refused
    }

    /// Makes a call and sees that it is let through (a success, or 501 where
    /// the operation is not simulated) or refused.
    fn status(&self, call: &str, token: &str) -> u16 {
        let (method, path) = call.split_once(' ').unwrap();
        let id = if path.starts_with("/accounts/") {
            &self.account
        } else {
            &self.source
        };
        let path = path.replace("{id}", id).replace("{sourceId}", id);
        // Everybody's tokens need another scope than one's own.
        let path = path.replace(
            "/personal-access-tokens/v1",
            "/personal-access-tokens/v1?owner-id=me",
        );
        let status = self.tenant.send(method, &path, token, body(call));
        assert!(
            (200..300).contains(&status) || status == 403 || status == 501,
            "{call}: {status}"
        );
        status
    }
}

/// What a call needs to say.
fn body(call: &str) -> Option<Value> {
    match call {
        "POST /search/v1" => {
            Some(json!({"indices": ["identities"], "query": {"query": "*"}, "sort": ["id"]}))
        }
        "POST /accounts/v1/{id}/unlock" => Some(json!({"unlockIDNAccount": false})),
        "POST /identities/v1/invite" => Some(json!({"ids": ["0"]})),
        "POST /access-requests/v1" | "POST /campaigns/v1" => Some(json!({})),
        _ => None,
    }
}
