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

/// A command that deletes a document, as an example.
pub(crate) fn delete_example() -> [&'static str; 6] {
    [
        "vault",
        "kv",
        "metadata",
        "delete",
        "-mount=secret",
        "{key}",
    ]
}

/// Names of variables that a program gets, as an example.
pub(crate) fn variables_example() -> [&'static str; 2] {
    ["VAULT_ADDR", "VAULT_TOKEN"]
}

/// Exit codes of a program, as an example.
pub(crate) fn exit_codes_example() -> [u8; 1] {
    [2]
}

/// The owners of a token, as an example.
pub(crate) fn owners_example() -> [&'static str; 2] {
    ["jane.doe", "team-audit@example.com"]
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
