//! Tests of parsing calls as people write them.

use catalog::{Method, UnknownCall, find_call, suggest_call};
use proptest::prelude::*;

#[test]
fn calls_that_are_understood() {
    for (text, operation, older_root) in [
        ("POST /search/v1", "POST /search/v1", None),
        ("  get   /sources/v1/ ", "GET /sources/v1", None),
        ("listSourcesV1", "GET /sources/v1", None),
        (
            "GET /sources/v1/2c91808477a6b0c60177a81146b8110b/schemas",
            "GET /sources/v1/{sourceId}/schemas",
            None,
        ),
        (
            "GET /sources/v1/{anything}/schemas",
            "GET /sources/v1/{sourceId}/schemas",
            None,
        ),
        // A literal segment is preferred to a placeholder.
        (
            "GET /work-items/v1/completed",
            "GET /work-items/v1/completed",
            None,
        ),
        (
            "GET /work-items/v1/{completed}",
            "GET /work-items/v1/{id}",
            None,
        ),
        (
            "GET https://acme.api.identitynow.com/accounts/v1?limit=250&offset=0",
            "GET /accounts/v1",
            None,
        ),
        ("POST /v3/search", "POST /search/v1", Some("v3")),
        (
            "GET /beta/identities/{id}",
            "GET /identities/v1/{id}",
            Some("beta"),
        ),
        (
            "GET /v2024/das/identity-collectors",
            "GET /das/identity-collectors/v1",
            Some("v2024"),
        ),
    ] {
        let call = find_call(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(call.operation.to_string(), operation, "{text}");
        assert_eq!(call.older_root, older_root, "{text}");
    }
}

#[test]
fn calls_that_are_not() {
    let other_methods = UnknownCall::OtherMethods {
        method: Method::Put,
        path: "/sources/v1".to_owned(),
        others: vec![Method::Get, Method::Post],
    };
    assert_eq!(
        other_methods.to_string(),
        "/sources/v1 has no PUT; it has GET, POST"
    );
    for (text, expected) in [
        ("", UnknownCall::Empty),
        (" \t", UnknownCall::Empty),
        (
            "GET",
            UnknownCall::NoPath {
                method: "GET".to_owned(),
            },
        ),
        (
            "/sources/v1",
            UnknownCall::NoMethod {
                text: "/sources/v1".to_owned(),
            },
        ),
        (
            "FETCH /sources/v1",
            UnknownCall::Method {
                method: "FETCH".to_owned(),
            },
        ),
        (
            "GET sources",
            UnknownCall::Path {
                path: "sources".to_owned(),
            },
        ),
        (
            "GET /sources/v1 /x",
            UnknownCall::Path {
                path: "/sources/v1 /x".to_owned(),
            },
        ),
        ("PUT /sources/v1", other_methods),
        (
            "GET /soruces/v1",
            UnknownCall::NoOperation {
                method: Method::Get,
                path: "/soruces/v1".to_owned(),
            },
        ),
        // An empty segment is no value.
        (
            "GET /sources/v1//schemas",
            UnknownCall::NoOperation {
                method: Method::Get,
                path: "/sources/v1//schemas".to_owned(),
            },
        ),
        (
            "listSources",
            UnknownCall::NoId {
                id: "listSources".to_owned(),
            },
        ),
    ] {
        assert_eq!(find_call(text), Err(expected), "{text}");
    }
}

#[test]
fn what_may_have_been_meant() {
    for (text, first) in [
        ("GET /soruces/v1", Some("GET /sources/v1")),
        ("GET /sources", Some("GET /sources/v1")),
        ("PUT /search/v1", Some("POST /search/v1")),
        ("POST search/v1", Some("POST /search/v1")),
        ("/sources/v1", Some("GET /sources/v1")),
        ("listSources", Some("GET /sources/v1")),
        ("GET /v3/source", Some("GET /sources/v1")),
        (
            "GET /sources/v1/2c91808477a6b0c6/schema",
            Some("GET /sources/v1/{sourceId}/schemas"),
        ),
        ("", None),
        ("GET /the/quick/brown/fox/jumps/over/the/lazy/dog", None),
    ] {
        let suggested = suggest_call(text);
        assert!(suggested.len() <= 3);
        let suggested = suggested.first().map(ToString::to_string);
        assert_eq!(suggested.as_deref(), first, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_answered(text in ".{0,60}") {
        let _ = find_call(&text);
    }

    #[test]
    fn anything_behind_a_method_is_answered(path in "(GET|post) /?(v3/|beta/)?[a-z0-9/{}?#:. é-]{0,40}") {
        if find_call(&path).is_err() {
            let _ = suggest_call(&path);
        }
    }

    #[test]
    fn placeholders_take_any_value(position in 0..catalog::operations().len(), value in "[A-Za-z0-9_.-]{32}") {
        let operation = &catalog::operations()[position];
        let filled: Vec<&str> = operation
            .path
            .split('/')
            .map(|segment| if segment.starts_with('{') { &value } else { segment })
            .collect();
        let found = find_call(&format!("{} {}", operation.method, filled.join("/"))).unwrap();
        prop_assert_eq!(found.operation, operation);
    }
}
