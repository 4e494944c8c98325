//! The schema of saved plans.

use crate::small::saved;
use serde_json::Value;
use tests::{repository, world};

/// The schema, as the program prints it.
fn schema() -> String {
    world!().steersman("schema saved-plan").exits(0).stdout
}

#[test]
fn the_schema_in_the_repository_is_current() {
    let path = repository().join("schemas/saved-plan.schema.json");
    let printed = schema();
    if std::env::var_os("STEERSMAN_UPDATE_DOCUMENTS").is_some() {
        std::fs::write(&path, &printed).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap_or_default() == printed,
        "schemas/saved-plan.schema.json is not current: run `steersman schema saved-plan > schemas/saved-plan.schema.json`"
    );
}

#[test]
fn a_saved_plan_fits_the_schema() {
    let (world, _tenant) = saved();
    let schema: Value = serde_json::from_str(&schema()).unwrap();
    let mut plan: Value = serde_json::from_str(&world.read("p.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(validator.is_valid(&plan));
    plan.as_object_mut().unwrap().remove("digest");
    assert!(!validator.is_valid(&plan));
}
