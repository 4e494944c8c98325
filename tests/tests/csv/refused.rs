//! Rows that ISC would lose are refused by name, and nothing is sent.

use crate::site::Site;
use serde_json::json;
use std::collections::BTreeMap;

fn refused(site: &Site, text: &str) {
    let before = site.rows();
    site.declare(0, "Another purpose");
    let run = site.world.steersman("apply --auto-approve");
    assert_ne!(run.code, 0, "{}", run.shown());
    let shown = run.shown();
    assert!(shown.contains(text), "{text:?}:\n{shown}");
    assert_eq!(site.tenant.count("importAccountsV1"), 0, "{shown}");
    assert_eq!(site.rows(), before);
}

#[test]
fn a_row_that_begins_as_a_comment() {
    let site = Site::new();
    let cells = BTreeMap::from([("name".to_owned(), "sharp".to_owned())]);
    site.add("#9", &cells);
    refused(&site, "ISC would skip the row of account #9");
}

#[test]
fn a_row_without_a_name() {
    let site = Site::new();
    site.add("nameless-9", &BTreeMap::new());
    refused(&site, "nameless-9");
}

#[test]
fn an_encoding_that_lacks_most_characters() {
    let site = Site::new();
    let sources = site.tenant.get("/sources/v1");
    let source = sources.as_array().unwrap().iter();
    let source = source
        .clone()
        .find(|source| source["name"] == "Bulk")
        .unwrap();
    let path = format!("/sources/v1/{}", source["id"].as_str().unwrap());
    let patch =
        json!([{"op": "add", "path": "/connectorAttributes/fileEncoding", "value": "ISO-8859-1"}]);
    assert_eq!(site.tenant.patch(&path, &patch), 200);
    refused(&site, "fileEncoding");
}
