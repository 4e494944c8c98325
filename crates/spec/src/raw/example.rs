//! Example values that the JSON Schema shows in editors.

use std::collections::BTreeMap;

/// A command that stores a document, as an example.
pub(crate) fn put_example() -> [&'static str; 6] {
    ["vault", "kv", "put", "-mount=secret", "{key}", "-"]
}

/// A command that prints a document, as an example.
pub(crate) fn get_example() -> [&'static str; 6] {
    [
        "vault",
        "kv",
        "get",
        "-mount=secret",
        "-field=document",
        "{key}",
    ]
}

/// Two calls, as an example.
pub(crate) fn calls_example() -> [&'static str; 2] {
    ["POST /search/v1", "GET /public-identities/v1"]
}

/// The guide's mappings, as an example.
pub(crate) fn mappings_example() -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([
        ("uid", "name"),
        ("email", "e-mail"),
        ("firstname", "name"),
        ("lastname", "name"),
    ])
}
