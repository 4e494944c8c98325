//! A tenant whose service accounts have issuers that do not expire, and the days that pass.

use jiff::SignedDuration;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use simulator::{ClockMode, Config, Fault, FaultRule, Faults, TokenRequest};
use std::collections::BTreeMap;
use tests::scale::{self, Stage};
use tests::{Run, SimulatedTenant, World, world};

/// A tenant, a repository and its stores.
pub(crate) struct Life {
    pub(crate) world: World,
    pub(crate) tenant: SimulatedTenant,
    names: Vec<String>,
    /// What was counted.
    pub(crate) counts: BTreeMap<&'static str, usize>,
}

impl Life {
    /// So many accounts, each with one token of 30 days that is rotated so.
    pub(crate) fn new(accounts: usize, rotate: &str) -> Self {
        let config = Config {
            clock: ClockMode::Manual,
            start_at: Some("2026-01-01T12:00:00Z".parse().unwrap()),
            ..Config::default()
        };
        let (tenant, _) = scale::tenant(accounts, Stage::Ready, config);
        let mut world = world!();
        world.set(tenant.variables());
        for (path, text) in scale::repository(accounts, 1) {
            let text = text.replace("expires: 90d", "expires: 30d");
            let text = text.replace("rotate: {before: 14d}", &format!("rotate: {rotate}"));
            world.write(&format!("spec/{path}"), text);
        }
        let names: Vec<String> = (0..accounts).map(scale::name).collect();
        for name in &names {
            let issuer = tenant.simulator().with_tenant(|state| {
                let request = TokenRequest {
                    name: "lasting-issuer".to_owned(),
                    scopes: vec!["sp:my-personal-access-tokens:manage".to_owned()],
                    access_token_validity_seconds: None,
                    expires: None,
                    never_expires: true,
                };
                state
                    .mint_personal_access_token_as_owner(name, request)
                    .unwrap()
            });
            let document = json!({
                "clientId": issuer.id,
                "clientSecret": issuer.secret.expose_secret(),
            });
            let place = format!("secrets/{name}/issuer");
            world.write(&place, document.to_string());
            private(&world, &place);
        }
        Self {
            world,
            tenant,
            names,
            counts: BTreeMap::new(),
        }
    }

    pub(crate) fn count(&mut self, what: &'static str, more: usize) {
        *self.counts.entry(what).or_default() += more;
    }

    pub(crate) fn pass(&self, days: i64) {
        let time = SignedDuration::from_hours(24 * days);
        self.tenant.simulator().advance(time).unwrap();
    }

    pub(crate) fn apply(&self) -> Run {
        self.world.steersman("apply spec --auto-approve")
    }

    /// The first delivery. The accounts have tokens that nobody delivered, and their
    /// secrets are missing on purpose.
    pub(crate) fn begin(&self) {
        let allow = format!("--allow replaceTokens={}", self.names.len());
        let words = format!("apply spec --auto-approve {allow}");
        let _ = self.world.steersman(&words).exits(0);
    }

    /// The plan as JSON.
    pub(crate) fn plan(&self) -> Value {
        let _ = self.world.steersman("plan spec --out json=plan.json");
        serde_json::from_str(&self.world.read("plan.json")).unwrap()
    }

    /// Lets requests of this operation fail.
    pub(crate) fn fail(&self, operation: &str, fault: Fault) {
        let rule = FaultRule {
            fault,
            operations: vec![operation.to_owned()],
            skip: 0,
            count: None,
            probability: None,
        };
        self.tenant.simulator().set_faults(Faults {
            rules: vec![rule],
            seed: 0,
        });
    }

    pub(crate) fn heal(&self) {
        self.tenant.simulator().set_faults(Faults::default());
    }

    /// The document with an account's token.
    pub(crate) fn document(&self, number: usize) -> Value {
        let text = self
            .world
            .read(&format!("secrets/{}/job", self.names[number]));
        serde_json::from_str(&text).unwrap()
    }

    /// Signs in with every delivered secret, as what uses it does, and counts the tokens
    /// of each owner.
    pub(crate) fn probe(&mut self) {
        for number in 0..self.names.len() {
            let document = self.document(number);
            let text = |key: &str| document[key].as_str().unwrap().to_owned();
            let _ = self
                .tenant
                .sign_in(&text("clientId"), &text("clientSecret"));
        }
        self.count("sign-ins", self.names.len());
        let most = self.tokens().into_values().map(|names| names.len()).max();
        let most = most.unwrap_or_default();
        assert!(most <= 10, "an identity has {most} tokens");
        let known = self.counts.entry("most tokens of an identity").or_default();
        *known = most.max(*known);
    }

    /// The names of the tokens of each service account, by the identity's id.
    pub(crate) fn tokens(&self) -> BTreeMap<String, Vec<String>> {
        let mut tokens: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let all = self.tenant.get("/personal-access-tokens/v1");
        for token in all.as_array().unwrap() {
            let owner = token["owner"]["id"].as_str().unwrap().to_owned();
            let name = token["name"].as_str().unwrap().to_owned();
            tokens.entry(owner).or_default().push(name);
        }
        tokens
    }
}

/// Secrets are files that only their owner can read.
fn private(world: &World, place: &str) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(world.path(place), mode).unwrap();
    }
}
