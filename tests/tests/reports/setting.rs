//! The guide's example at a tenant that fails on purpose.

use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use simulator::{Fault, FaultRule, Faults, TokenRequest};
use tests::{SimulatedTenant, World, repository, world};

pub(crate) struct Setting {
    pub(crate) world: World,
    pub(crate) tenant: SimulatedTenant,
}

impl Setting {
    pub(crate) fn new() -> Self {
        let mut world = world!();
        world.example("guide");
        let tenant = SimulatedTenant::start();
        world.set(tenant.variables());
        Self { world, tenant }
    }

    /// Lets the first requests to some operations meet a fault.
    pub(crate) fn faults(&self, rules: &[(&str, Fault, u64, Option<u64>)]) {
        let rules = rules
            .iter()
            .map(|(operation, fault, skip, count)| FaultRule {
                fault: fault.clone(),
                operations: vec![(*operation).to_owned()],
                skip: *skip,
                count: *count,
                probability: None,
            })
            .collect();
        self.tenant
            .simulator()
            .set_faults(Faults { rules, seed: 1 });
    }

    /// The secret that the program signs in with.
    pub(crate) fn secret(&self) -> String {
        let mut variables = self.tenant.variables().into_iter();
        let secret = variables.find(|(name, _)| name == "SAIL_CLIENT_SECRET");
        secret.unwrap().1
    }

    /// Registers the account and puts its issuer into the store; returns the secret.
    pub(crate) fn enroll(&self) -> String {
        let minted = self.tenant.simulator().with_tenant(|tenant| {
            let _ = tenant.register_person("audit01").unwrap();
            let request = TokenRequest {
                name: "issuer".to_owned(),
                scopes: vec!["sp:my-personal-access-tokens:manage".to_owned()],
                ..TokenRequest::default()
            };
            tenant.mint_personal_access_token_as_owner("audit01", request)
        });
        let minted = minted.unwrap();
        let secret = minted.secret.expose_secret().to_owned();
        let document = json!({"clientId": minted.id, "clientSecret": secret});
        let path = ".steersman/secrets/audit01/issuer";
        self.world.write(path, document.to_string());
        secret
    }

    pub(crate) fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.world.read(path)).unwrap()
    }

    /// The lines of an event file.
    pub(crate) fn events(&self, path: &str) -> Vec<Value> {
        let text = self.world.read(path);
        assert!(text.ends_with('\n'), "{text}");
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// Sees that a document is as a schema of the repository says.
#[track_caller]
pub(crate) fn assert_fits(schema: &str, document: &Value) {
    let path = repository().join(format!("schemas/{schema}.schema.json"));
    let schema = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let problems: Vec<String> = validator
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{}\n{document:#}", problems.join("\n"));
}

/// How each step ended, sorted.
pub(crate) fn results(steps: &Value) -> Vec<String> {
    let mut results: Vec<String> = steps
        .as_array()
        .unwrap()
        .iter()
        .map(|step| {
            let text = |key: &str| step[key].as_str().unwrap().to_owned();
            format!("{} {}", text("address"), text("result"))
        })
        .collect();
    results.sort();
    results
}
