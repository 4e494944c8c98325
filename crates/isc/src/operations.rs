//! Operations of ISC that this client calls.
//!
//! What a caller needs scopes and user levels for follows from this list, so each call is
//! checked against it where assertions are on: a call that is missing here fails every
//! test that makes it.

/// The operations, as the catalog writes them. Signing in is not among them: it needs no
/// scope.
pub const OPERATIONS: &[&str] = &[
    "DELETE /personal-access-tokens/v1/{id}",
    "GET /accounts/v1",
    "GET /auth-users/v1/{id}",
    "GET /authorization/v1/custom-user-levels",
    "GET /authorization/v1/user-levels/{id}/identities",
    "GET /identities/v1",
    "GET /identities/v1/{id}",
    "GET /identity-profiles/v1",
    "GET /identity-profiles/v1/{id}",
    "GET /personal-access-tokens/v1",
    "GET /sources/v1",
    "GET /sources/v1/{id}/schemas",
    "GET /sources/v1/{id}/schemas/accounts",
    "GET /sources/v1/{id}/schemas/{schema}",
    "GET /task-status/v1",
    "GET /task-status/v1/{id}",
    "PATCH /auth-users/v1/{id}",
    "PATCH /identity-profiles/v1/{id}",
    "PATCH /personal-access-tokens/v1/bulk-update",
    "PATCH /personal-access-tokens/v1/{id}",
    "PATCH /sources/v1/{id}",
    "POST /authorization/v1/user-levels/get-identity-count",
    "POST /identities/v1/invite",
    "POST /identity-profiles/v1",
    "POST /identity-profiles/v1/{id}/process-identities",
    "POST /personal-access-tokens/v1",
    "POST /search/v1",
    "POST /sources/v1",
    "POST /sources/v1/{id}/load-accounts",
    "PUT /sources/v1/{id}/schemas/{schema}",
];

/// Whether a call is one of these operations, or signs in.
pub(crate) fn is_listed(method: &str, path: &[&str]) -> bool {
    path.first() == Some(&"oauth")
        || OPERATIONS.iter().any(|operation| {
            operation
                .split_once(" /")
                .is_some_and(|(listed, segments)| {
                    listed == method && fits(segments.split('/'), path)
                })
        })
}

fn fits<'a>(segments: impl Iterator<Item = &'a str>, path: &[&str]) -> bool {
    let segments: Vec<&str> = segments.collect();
    segments.len() == path.len()
        && segments
            .iter()
            .zip(path)
            .all(|(segment, part)| segment.starts_with('{') || segment == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_is_not_listed_is_seen() {
        for (method, path, expected) in [
            ("GET", &["sources", "v1"][..], true),
            ("GET", &["sources", "v1", "2c91", "schemas"], true),
            ("POST", &["oauth", "token"], true),
            ("DELETE", &["sources", "v1", "2c91"], false),
            ("GET", &["sources", "v1", "2c91"], false),
            ("GET", &["roles", "v1"], false),
        ] {
            assert_eq!(is_listed(method, path), expected, "{method} {path:?}");
        }
    }

    #[test]
    fn they_are_sorted_and_each_is_there_once() {
        assert!(OPERATIONS.is_sorted_by(|one, other| one < other));
    }
}
