//! Tests of tenant problems (`SM09xx`) in every format.

use super::sarif;
use super::specs::{assert_shown, load};
use crate::diagnostics::{Diagnostics, Format};
use model::{Address, Problem, Redactor};
use serde_json::Value;
use spec::Loaded;

const FILE: &str = "\
steersman: v1
sources:
  - name: Service Accounts
    owner: john.doe
serviceAccounts:
  - {id: SA-001, name: audit01, email: a@example.com, purpose: Audit, userLevels: [AUDITOR]}
";
const TEXT: Format = Format::Text {
    columns: 80,
    color: false,
};

/// A spec without errors, and what the tenant shows about it: at a key, at an
/// item of a list, and at nothing that the files have.
fn found() -> (Loaded, Vec<Problem>) {
    let problem = |code, address, field: Option<&str>, message: &str| Problem {
        effect: model::ProblemEffect::RefusesPlan,
        code,
        address,
        field: field.map(str::to_owned),
        message: message.to_owned(),
        help: "name one that exists".to_owned(),
    };
    let problems = vec![
        problem(
            "SM0901",
            Address::Source("Service Accounts".into()),
            Some("owner"),
            "no identity of the tenant has the alias `john.doe`",
        ),
        problem(
            "SM0904",
            Address::Levels("SA-001".into()),
            Some("userLevels=AUDITOR"),
            "the tenant has no user level `AUDITOR`",
        ),
        problem(
            "SM0900",
            Address::Source("Elsewhere".into()),
            None,
            "the tenant refuses the source",
        ),
    ];
    (load(&[("accounts/a.yaml", FILE)]), problems)
}

#[test]
fn the_terminal_underlines_them() {
    let redactor = Redactor::default();
    let (loaded, problems) = found();
    let text = Diagnostics::at_tenant(&loaded, &problems, &redactor)
        .render(TEXT)
        .unwrap();
    assert_shown("snapshots", "tenant_text", &text);
}

#[test]
fn github_annotates_them() {
    let redactor = Redactor::default();
    let (loaded, problems) = found();
    let lines: Vec<String> = Diagnostics::at_tenant(&loaded, &problems, &redactor)
        .annotations()
        .iter()
        .map(ToString::to_string)
        .collect();
    let text = lines.join("\n");
    assert_shown("snapshots", "tenant_github", &text);
}

#[test]
fn sarif_has_a_place_and_a_fingerprint_for_each() {
    let redactor = Redactor::default();
    let (loaded, problems) = found();
    let text = Diagnostics::at_tenant(&loaded, &problems, &redactor)
        .render(Format::Sarif)
        .unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    sarif::assert_valid(&document);
    let results = document["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), problems.len());
    for result in results {
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "accounts/a.yaml");
        assert!(result["partialFingerprints"].is_object(), "{result}");
    }
    let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    assert_shown("snapshots", "tenant_sarif", &text);
}

#[test]
fn the_json_document_says_that_the_spec_is_not_valid() {
    let redactor = Redactor::default();
    let (loaded, problems) = found();
    assert!(loaded.spec.is_some(), "{:?}", loaded.diagnostics);
    let schema = serde_json::to_value(spec::diagnostics_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let document = |diagnostics: Diagnostics<'_>| -> Value {
        let text = diagnostics.render(Format::Json).unwrap();
        let document = serde_json::from_str(&text).unwrap();
        validator.validate(&document).unwrap();
        document
    };
    let of_tenant = document(Diagnostics::at_tenant(&loaded, &problems, &redactor));
    let of_files = document(Diagnostics::of_files(&loaded, &redactor));
    let of_both = document(Diagnostics::of_files(&loaded, &redactor).with_tenant(&problems));
    assert_eq!(of_tenant["valid"], false);
    assert_eq!(of_tenant["errors"], problems.len());
    assert_eq!(of_tenant["diagnostics"][0]["code"], "SM0901");
    assert_eq!(of_tenant["diagnostics"][0]["labels"][0]["line"], 4);
    assert_eq!(of_files["valid"], true);
    assert_eq!(of_both["valid"], false);
    let length = |document: &Value| document["diagnostics"].as_array().unwrap().len();
    assert_eq!(length(&of_both), length(&of_files) + length(&of_tenant));
}

#[test]
fn a_spec_that_fits_the_tenant_stays_valid() {
    let redactor = Redactor::default();
    let (loaded, _) = found();
    let none = Diagnostics::at_tenant(&loaded, &[], &redactor);
    assert!(none.is_empty());
    let text = none.render(Format::Json).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["valid"], true);
    assert_eq!(none.render(TEXT).unwrap(), "");
    assert_eq!(none.annotations(), []);
}
