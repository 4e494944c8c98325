//! The guide's example at a tenant that fails on purpose.

use serde_json::Value;
use simulator::{Fault, FaultRule, Faults};
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
