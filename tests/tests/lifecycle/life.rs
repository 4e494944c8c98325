//! A tenant whose service accounts have issuers that rotate, and the days that pass.

use jiff::SignedDuration;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use simulator::{ClockMode, Config, Fault, FaultRule, Faults, TokenRequest};
use std::collections::BTreeMap;
use tests::scale::{self, Stage};
use tests::{Run, SimulatedTenant, World, world};

/// What mints the tokens of an account: 60 days, replaced 15 days before the end.
const ISSUERS: &str = "key: \"{account}/issuer\", expires: 60d, rotate: {before: 15d}";

/// A tenant, a repository and its stores.
pub(crate) struct Life {
    pub(crate) world: World,
    pub(crate) tenant: SimulatedTenant,
    names: Vec<String>,
    /// What was counted.
    pub(crate) counts: BTreeMap<&'static str, usize>,
    /// The documents that what uses the tokens, and steersman, had on the day before.
    held: BTreeMap<String, Value>,
}

impl Life {
    /// So many accounts, each with one token of 30 days that is rotated so, and with an
    /// issuer that a person has stored.
    pub(crate) fn new(accounts: usize, rotate: &str) -> Self {
        let config = Config {
            clock: ClockMode::Manual,
            start_at: Some("2026-01-01T12:00:00Z".parse().unwrap()),
            ..Config::default()
        };
        let (tenant, _) = scale::tenant(accounts, Stage::Ready, config);
        let mut world = world!();
        world.set(tenant.variables());
        // A request that fails on a day fails for all of it.
        world.set([("STEERSMAN_RETRIES".to_owned(), "0".to_owned())]);
        for (path, text) in scale::repository(accounts, 1) {
            let text = text.replace("expires: 90d", "expires: 30d");
            let text = text.replace("rotate: {before: 14d}", &format!("rotate: {rotate}"));
            let text = text.replace("key: \"{account}/issuer\"", ISSUERS);
            world.write(&format!("spec/{path}"), text);
        }
        let names: Vec<String> = (0..accounts).map(scale::name).collect();
        for name in &names {
            let issuer = tenant.simulator().with_tenant(|state| {
                let request = TokenRequest {
                    name: "first-issuer".to_owned(),
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
            let place = issuer_place(name);
            world.write(&place, document.to_string());
            private(&world, &place);
        }
        Self {
            world,
            tenant,
            names,
            counts: BTreeMap::new(),
            held: BTreeMap::new(),
        }
    }

    pub(crate) fn count(&mut self, what: &'static str, more: usize) {
        *self.counts.entry(what).or_default() += more;
    }

    /// The greatest of what was counted so.
    pub(crate) fn most(&mut self, what: &'static str, one: usize) {
        let most = self.counts.entry(what).or_default();
        *most = one.max(*most);
    }

    pub(crate) fn pass(&self, days: i64) {
        let time = SignedDuration::from_hours(24 * days);
        self.tenant.simulator().advance(time).unwrap();
        // The log of all days would grow with each of them.
        self.tenant.simulator().clear_requests();
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
        self.read(&token_place(&self.names[number]))
    }

    fn read(&self, place: &str) -> Value {
        serde_json::from_str(&self.world.read(place)).unwrap()
    }

    fn signs_in(&self, document: &Value) {
        let text = |key: &str| document[key].as_str().unwrap();
        let _ = self.tenant.sign_in(text("clientId"), text("clientSecret"));
    }

    /// Signs in with every delivered secret, as what uses it does, with every secret that
    /// was replaced since the day before, as what has not read the new one does, and with
    /// every issuer. Counts the rotations, and the tokens of each owner.
    pub(crate) fn probe(&mut self) {
        for name in self.names.clone() {
            let (token, issuer) = (token_place(&name), issuer_place(&name));
            let (document, its) = (self.read(&token), self.read(&issuer));
            self.signs_in(&document);
            self.signs_in(&its);
            let before = self.held.insert(token, document.clone());
            if let Some(before) = before.filter(|before| before["clientId"] != document["clientId"])
            {
                self.signs_in(&before);
                self.count("sign-ins with the secret of the day before", 1);
                self.count("rotations of tokens", 1);
            }
            let before = self.held.insert(issuer, its.clone());
            if before.is_some_and(|before| before["clientId"] != its["clientId"]) {
                self.count("rotations of issuers", 1);
            }
        }
        self.count("sign-ins with a delivered secret", self.names.len());
        self.count("sign-ins with an issuer", self.names.len());
        let most = self.tokens().into_values().map(|names| names.len()).max();
        let most = most.unwrap_or_default();
        assert!(most <= 10, "an identity has {most} tokens");
        self.most("most tokens of an identity", most);
    }

    /// The same, where what was held before has ended.
    pub(crate) fn probe_from_new(&mut self) {
        self.held.clear();
        self.probe();
    }

    /// The names of the tokens of each service account, by the identity's id.
    pub(crate) fn tokens(&self) -> BTreeMap<String, Vec<String>> {
        let mut tokens: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for token in self.all_tokens().as_array().unwrap() {
            let owner = token["owner"]["id"].as_str().unwrap().to_owned();
            let name = token["name"].as_str().unwrap().to_owned();
            tokens.entry(owner).or_default().push(name);
        }
        tokens
    }

    fn all_tokens(&self) -> Value {
        self.tenant.get("/personal-access-tokens/v1")
    }

    /// Sees that no token is left that nothing accounts for: each is delivered, an issuer
    /// in its place, or retiring.
    pub(crate) fn nothing_is_left_over(&self) {
        let places = self
            .names
            .iter()
            .flat_map(|name| [token_place(name), issuer_place(name)]);
        let known: Vec<Value> = places
            .map(|place| self.read(&place)["clientId"].clone())
            .collect();
        for token in self.all_tokens().as_array().unwrap() {
            let name = token["name"].as_str().unwrap();
            let is_ours = token["id"] == simulator::ADMIN_CLIENT_ID
                || known.contains(&token["id"])
                || name.contains("~retiring-")
                // Made with the tenant, and declared by no file.
                || name == "issuer";
            assert!(is_ours, "nothing accounts for {token}");
        }
    }
}

fn token_place(name: &str) -> String {
    format!("secrets/{name}/job")
}

fn issuer_place(name: &str) -> String {
    format!("secrets/{name}/issuer")
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
