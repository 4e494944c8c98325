//! The checked-in catalog against the official description, where that is at
//! hand: `STEERSMAN_ISC_DESCRIPTION` names a folder with `operations.csv` and
//! `openapi-subset.json`. Without it the tests say that they were skipped.

#[path = "../examples/refresh-catalog/corrections.rs"]
mod corrections;
#[path = "../examples/refresh-catalog/description.rs"]
mod description;
#[path = "../examples/refresh-catalog/render.rs"]
mod render;
#[path = "../examples/refresh-catalog/row.rs"]
mod row;
#[path = "../examples/refresh-catalog/table.rs"]
mod table;

use std::collections::BTreeSet;

use row::{Row, Rows};

/// Where the table lost the scopes that the description states, because they
/// stand under the older name of the security scheme.
const SCOPES_MISSING_IN_TABLE: &[&str] = &[
    "GET /roles/v1/access-model-metadata/bulk-update/id",
    "POST /roles/v1/access-model-metadata/bulk-update/filter",
    "POST /roles/v1/access-model-metadata/bulk-update/ids",
    "POST /roles/v1/access-model-metadata/bulk-update/query",
];

/// Where the table lost the levels that the description states, because they
/// stand under a misspelled key.
const LEVELS_MISSING_IN_TABLE: &[&str] = &["POST /accounts/v1/{id}/disable"];

/// The catalog in the form in which the tool reads descriptions.
fn catalogue() -> Rows {
    let texts = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
    catalog::operations()
        .iter()
        .map(|operation| {
            let row = Row {
                id: operation.id.to_owned(),
                scopes: texts(operation.scopes),
                levels: texts(operation.levels),
                experimental: operation.experimental,
                application_auth: operation.application_auth,
                deprecated: operation.deprecated,
                scopes_unstated: operation.scopes_unstated,
                levels_unstated: operation.levels_unstated,
            };
            ((operation.path.to_owned(), operation.method), row)
        })
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::print_stdout,
    reason = "the reference is found through the environment and read from disk"
)]
fn reference(file: &str) -> Option<String> {
    let Some(folder) = std::env::var_os("STEERSMAN_ISC_DESCRIPTION") else {
        println!("skipped: STEERSMAN_ISC_DESCRIPTION is not set");
        return None;
    };
    let path = std::path::Path::new(&folder).join(file);
    let text = std::fs::read_to_string(&path);
    Some(text.unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

#[test]
fn equals_the_table_of_operations() {
    let Some(text) = reference("operations.csv") else {
        return;
    };
    let mut expected = table::read(&text).unwrap();
    let mut actual = catalogue();
    let paths = |rows: &Rows| rows.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(paths(&actual), paths(&expected));
    for ((path, method), row) in &mut actual {
        // The table does not say which scopes were left unsaid.
        row.scopes_unstated = false;
        let call = format!("{method} {path}");
        let theirs = expected.get_mut(&(path.clone(), *method)).unwrap();
        if SCOPES_MISSING_IN_TABLE.contains(&call.as_str()) {
            assert!(theirs.scopes.is_empty(), "{call} is no exception");
            theirs.scopes.clone_from(&row.scopes);
        }
        if LEVELS_MISSING_IN_TABLE.contains(&call.as_str()) {
            assert!(theirs.levels_unstated, "{call} is no exception");
            theirs.levels.clone_from(&row.levels);
            theirs.levels_unstated = false;
        }
    }
    for (key, row) in &expected {
        assert_eq!(actual.get(key), Some(row), "{} {}", key.1, key.0);
    }
}

#[test]
fn equals_the_openapi_description() {
    let Some(text) = reference("openapi-subset.json") else {
        return;
    };
    let expected = description::read(&text).unwrap();
    let actual = catalogue();
    assert!(!expected.is_empty());
    for (key, row) in &expected {
        assert_eq!(actual.get(key), Some(row), "{} {}", key.1, key.0);
    }
}

#[test]
fn the_checked_in_file_is_what_the_tool_writes() {
    let written = include_str!("../src/generated.rs");
    assert_eq!(render::render(&catalogue()), written);
}

#[test]
fn reads_a_description_with_every_kind_of_dirt() {
    let text = r##"{
      "components": {"parameters": {"experimental": {"in": "header", "name": "X-SailPoint-Experimental"}}},
      "paths": {
        "/a/v1": {
          "get": {"operationId": "a", "deprecated": true,
                  "security": [{"UserContextAuth": ["x:y:read ", "x:y:manage"]}, {"applicationAuth": ["x:z:read"]}],
                  "x-sailpont-userLevels": ["ORG_ADMIN", "API"],
                  "parameters": [{"$ref": "#/components/parameters/experimental"}]},
          "post": {"security": [{"applicationAuth": ["x:z:read"]}],
                   "x-sailpoint-userLevels": ["ORG_ADMIN", "USER"]},
          "delete": {"operationId": "d"}
        }
      }
    }"##;
    let rows = description::read(text).unwrap();
    let at = |method| &rows[&("/a/v1".to_owned(), method)];
    let set = |items: &[&str]| items.iter().map(|&item| item.to_owned()).collect();
    assert_eq!(
        *at(catalog::Method::Get),
        Row {
            id: "a".to_owned(),
            scopes: set(&["x:y:manage", "x:y:read"]),
            levels: set(&["ORG_ADMIN"]),
            experimental: true,
            application_auth: true,
            deprecated: true,
            scopes_unstated: false,
            levels_unstated: false,
        }
    );
    let post = at(catalog::Method::Post);
    assert_eq!(post.id, "postAV1");
    assert_eq!(post.scopes, set(&["x:z:read"]));
    assert!(post.levels.is_empty() && !post.levels_unstated);
    let delete = at(catalog::Method::Delete);
    assert!(delete.scopes_unstated && delete.levels_unstated);
}

#[test]
fn dirt_without_a_correction_is_refused() {
    for (text, problem) in [
        ("[]", "no \"paths\""),
        (
            r#"{"paths": {"/a": {"$ref": "a.yaml"}}}"#,
            "leads out of the file",
        ),
        (
            r#"{"paths": {"/a": {"get": {"x-sailpoint-userLevels": ["KING"]}}}}"#,
            "no known user level",
        ),
        (
            r#"{"paths": {"/a": {"get": {"security": [{"magic": []}]}}}}"#,
            "unknown security scheme",
        ),
        (
            r#"{"paths": {"/a": {"get": {"security": [{"userAuth": ["a b"]}]}}}}"#,
            "does not look like a scope",
        ),
    ] {
        let error = description::read(text).unwrap_err();
        assert!(error.contains(problem), "{error}");
    }
    assert!(
        table::read("method,path\nGET,/a\n")
            .unwrap_err()
            .contains("no column")
    );
}
