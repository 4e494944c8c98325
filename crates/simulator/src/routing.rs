//! Routes a method and a path to an operation of the catalog.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use catalog::{Method, Operation};

use crate::{newer, older_roots};

/// The token endpoint, which the catalog does not list, as the request log and faults name it.
pub(crate) const TOKEN_OPERATION: &str = "oauthToken";
/// The path of the token endpoint.
pub(crate) const TOKEN_PATH: &str = "/oauth/token";
/// Where a browser is sent to sign in.
pub(crate) const AUTHORIZE_PATH: &str = "/oauth/authorize";

/// Where every host of a tenant tells the host of its API.
pub(crate) const INFO_PATH: &str = "/oauth/info";

/// Operations that only read, although their method is not `GET`.
pub(crate) const READS: &[&str] = &[
    TOKEN_OPERATION,
    newer::SEARCH_EVENTS,
    "generateIdentityPreviewV1",
    "searchResourceObjectsV1",
    "testSourceConnectionV1",
    "searchPublicIdentitiesV2",
    "searchAggregateV1",
    "searchCountV1",
    "searchPostV1",
    "showUserLevelCountsV1",
];

/// The roots of ISC's paths before each service had a version of its own.
const OLDER_ROOTS: [&str; 5] = ["v3", "beta", "v2024", "v2025", "v2026"];

/// The path as it is today, and whether it began with an older root: `/v3/sources/abc` is
/// `/sources/v1/abc` now. Older clients know only those.
pub(crate) fn current_path(path: &str) -> (Cow<'_, str>, bool) {
    let mut segments = path.trim_start_matches('/').splitn(3, '/');
    match (segments.next(), segments.next(), segments.next()) {
        (Some(root), Some(service), rest) if OLDER_ROOTS.contains(&root) => {
            let rest = rest.map(|rest| format!("/{rest}")).unwrap_or_default();
            (Cow::Owned(format!("/{service}/v1{rest}")), true)
        }
        _ => (Cow::Borrowed(path), false),
    }
}

/// Whether the path begins with a root that is older than the header of experimental operations.
/// What was experimental was in `beta` then, whose clients do not know the header.
pub(crate) fn is_before_experimental_header(path: &str) -> bool {
    matches!(parts(path).next(), Some("beta" | "v3"))
}

/// Whether a request that is no `GET` only reads, by its operation.
pub(crate) fn only_reads(method: &str, path: &str) -> bool {
    path == TOKEN_PATH
        || matches!(resolve(method, path), Route::Operation(operation, _) if READS.contains(&operation.id))
}

/// What a path leads to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// An operation, with the path's parameters by name.
    Operation(&'static Operation, Vec<(&'static str, String)>),
    /// The path is one of operations, but with other methods: these.
    OtherMethod(Vec<&'static str>),
    /// No operation has such a path.
    Unknown,
    /// The root of an older version does not have the operation.
    NotInRoot(&'static Operation),
}

/// Finds the route of a path as it came, with an older root or without.
pub(crate) fn resolve(method: &str, path: &str) -> Route {
    if path == TOKEN_PATH || path == AUTHORIZE_PATH || path == INFO_PATH {
        return Route::Unknown;
    }
    let (current, is_older) = current_path(path);
    let root = parts(path).next().unwrap_or_default();
    match route(method, &current) {
        // The only operation that is older than the services' own versions.
        Route::Operation(operation, _) if operation.id == newer::SEARCH_EVENTS && !is_older => {
            Route::Unknown
        }
        Route::Operation(operation, parameters)
            if !is_older
                || operation.id == newer::SEARCH_EVENTS
                || older_roots::has(root, operation.id) =>
        {
            Route::Operation(operation, parameters)
        }
        Route::Operation(operation, _) => Route::NotInRoot(operation),
        other => other,
    }
}

#[derive(Debug, Default)]
struct Node {
    literal: HashMap<&'static str, Node>,
    parameter: Option<Box<Node>>,
    operations: Vec<&'static Operation>,
}

/// Finds the route. A literal part of a path takes precedence over a parameter.
pub(crate) fn route(method: &str, path: &str) -> Route {
    static ROOT: OnceLock<Node> = OnceLock::new();
    let root = ROOT.get_or_init(|| {
        let mut root = Node::default();
        for operation in newer::operations() {
            let mut node = &mut root;
            for part in parts(operation.path) {
                node = if part.starts_with('{') {
                    node.parameter.get_or_insert_default()
                } else {
                    node.literal.entry(part).or_default()
                };
            }
            node.operations.push(operation);
        }
        root
    });
    let method: Option<Method> = method.parse().ok();
    let found: Vec<&str> = parts(path).collect();
    let mut known = Vec::new();
    let Some(operation) = find(root, &found, method, &mut known) else {
        return if known.is_empty() {
            Route::Unknown
        } else {
            Route::OtherMethod(known)
        };
    };
    let parameters = parts(operation.path)
        .zip(&found)
        .filter_map(|(name, value)| {
            let name = name.strip_prefix('{')?.strip_suffix('}')?;
            Some((name, percent_decoded(value)))
        })
        .collect();
    Route::Operation(operation, parameters)
}

fn find(
    node: &Node,
    path: &[&str],
    method: Option<Method>,
    known: &mut Vec<&'static str>,
) -> Option<&'static Operation> {
    let Some((part, rest)) = path.split_first() else {
        // What the most literal path has is told; a parameter could have the same value.
        if known.is_empty() {
            known.extend(
                node.operations
                    .iter()
                    .map(|operation| operation.method.as_str()),
            );
        }
        return node
            .operations
            .iter()
            .find(|operation| Some(operation.method) == method)
            .copied();
    };
    node.literal
        .get(part)
        .and_then(|next| find(next, rest, method, known))
        .or_else(|| {
            node.parameter
                .as_ref()
                .and_then(|next| find(next, rest, method, known))
        })
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

/// Undoes percent-encoding; what is not encoded well stays as it is.
pub(crate) fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let byte = bytes
            .get(index + 1..index + 3)
            .and_then(|hex| std::str::from_utf8(hex).ok());
        match byte.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if bytes[index] == b'%' => {
                decoded.push(byte);
                index += 3;
            }
            _ => {
                decoded.push(bytes[index]);
                index += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// The parameters of a query or of a form: `+` is a space, and the rest is percent-encoded.
pub(crate) fn form_decoded(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (
                percent_decoded(&name.replace('+', " ")),
                percent_decoded(&value.replace('+', " ")),
            )
        })
        .collect()
}

/// The API version in a path: `v1` of `/sources/v1/…`, or an older root.
pub(crate) fn api_version(path: &str) -> &str {
    let is_version = |part: &str| {
        part.strip_prefix('v')
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    parts(path)
        .find(|part| OLDER_ROOTS.contains(part) || is_version(part))
        .unwrap_or("v1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_win_over_parameters_and_methods_decide() {
        let id = |method, path| match route(method, path) {
            Route::Operation(operation, _) => operation.id,
            Route::OtherMethod(_) => "other method",
            Route::Unknown | Route::NotInRoot(_) => "unknown",
        };
        let table = [
            ("GET", "/sources/v1", "listSourcesV1"),
            ("GET", "/sources/v1/abc", "getSourceV1"),
            (
                "GET",
                "/sources/v1/abc/schemas/accounts",
                "getAccountsSchemaV1",
            ),
            ("GET", "/sources/v1/abc/schemas/def", "getSourceSchemaV1"),
            (
                "PUT",
                "/sources/v1/abc/schemas/accounts",
                "putSourceSchemaV1",
            ),
            ("DELETE", "/sources/v1", "other method"),
            ("GET", "/nothing/v1", "unknown"),
            ("BREW", "/sources/v1", "other method"),
        ];
        for (method, path, expected) in table {
            assert_eq!(id(method, path), expected, "{method} {path}");
        }
    }

    #[test]
    fn every_operation_of_the_catalogue_is_reached() {
        for operation in newer::operations() {
            let path = operation.path.replace(['{', '}'], "~");
            match route(operation.method.as_str(), &path) {
                Route::Operation(found, parameters) => {
                    assert_eq!(found.path, operation.path);
                    assert_eq!(parameters.len(), operation.path.matches('{').count());
                }
                other => panic!("{operation}: {other:?}"),
            }
        }
    }

    #[test]
    fn older_roots_lead_to_the_same_operations() {
        for (path, expected, older) in [
            ("/v3/sources", "/sources/v1", true),
            ("/beta/sources/abc/schemas", "/sources/v1/abc/schemas", true),
            (
                "/v2025/identity-profiles/abc",
                "/identity-profiles/v1/abc",
                true,
            ),
            ("/sources/v1/abc", "/sources/v1/abc", false),
            ("/v3", "/v3", false),
            ("/oauth/token", "/oauth/token", false),
        ] {
            assert_eq!(current_path(path), (expected.into(), older), "{path}");
        }
    }

    #[test]
    fn forms_are_decoded() {
        assert_eq!(
            form_decoded("filters=name%20eq+%22a%26b%22&limit=5&flag"),
            [("filters", "name eq \"a&b\""), ("limit", "5"), ("flag", "")]
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(api_version("/sources/v1/abc"), "v1");
        assert_eq!(api_version("/identities/v2"), "v2");
        assert_eq!(api_version("/beta/identities"), "beta");
    }
}
