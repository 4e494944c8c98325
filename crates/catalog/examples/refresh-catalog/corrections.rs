//! What is wrong in the published descriptions, each with its remedy. Data that
//! is dirty in a way not named here fails the refresh instead of passing
//! silently into the catalog.

use std::collections::BTreeSet;

/// The keys under which a description lists an operation's user levels.
/// `x-sailpont-userLevels` is a misspelling at `POST /accounts/v1/{id}/disable`.
pub(crate) const LEVEL_KEYS: &[&str] = &["x-sailpoint-userLevels", "x-sailpont-userLevels"];

/// The security schemes of a token with user context. `UserContextAuth` is an
/// older name that four bulk updates of roles' metadata still carry.
pub(crate) const USER_SCHEMES: &[&str] = &["userAuth", "UserContextAuth"];

/// The security scheme of a client without user context.
pub(crate) const APPLICATION_SCHEME: &str = "applicationAuth";

/// What stands among the user levels but is none, and what it means there.
const NOT_LEVELS: &[(&str, Meaning)] = &[
    // Every user, whatever the level.
    ("Any", Meaning::AnyUser),
    // The basic level that every user has and that has no id.
    ("USER", Meaning::AnyUser),
    // A relation, not a level: whoever the approval was assigned to.
    ("APPROVAL_OWNER", Meaning::AnyUser),
    // The authority of a client without user context; `applicationAuth` says it.
    ("API", Meaning::Nothing),
    // A scope that slipped into the levels of `GET /access-request-administration/v1`.
    ("idn:access-request-administration:read", Meaning::Nothing),
    // Named once, at one of fourteen operations on multi-host sources, and in no
    // list of levels; nobody could grant it.
    ("MULTIHOSTS_ADMIN", Meaning::Nothing),
];

/// What a false level means.
enum Meaning {
    /// The list as a whole means any user.
    AnyUser,
    /// The entry is to be left out.
    Nothing,
}

/// Turns a published list of levels into the catalog's, where an empty list
/// means any user.
pub(crate) fn levels<'a>(
    published: impl IntoIterator<Item = &'a str>,
) -> Result<BTreeSet<String>, String> {
    let mut kept = BTreeSet::new();
    let mut any_user = false;
    for level in published
        .into_iter()
        .map(str::trim)
        .filter(|level| !level.is_empty())
    {
        match NOT_LEVELS.iter().find(|(name, _)| *name == level) {
            Some((_, Meaning::AnyUser)) => any_user = true,
            Some((_, Meaning::Nothing)) => {}
            None if catalog::user_level(level).is_some() => {
                kept.insert(level.to_owned());
            }
            None => return Err(format!("\"{level}\" is no known user level")),
        }
    }
    if any_user {
        kept.clear();
    }
    Ok(kept)
}

/// Turns a published list of scopes into the catalog's. One scope has a blank
/// at its end (`GET /auth-org/v1/service-provider-config`).
pub(crate) fn scopes<'a>(
    published: impl IntoIterator<Item = &'a str>,
) -> Result<BTreeSet<String>, String> {
    published
        .into_iter()
        .map(str::trim)
        .filter(|scope| !scope.is_empty())
        .map(|scope| {
            let clean = scope.contains(':')
                && scope
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || ":-_.".contains(c));
            if clean {
                Ok(scope.to_owned())
            } else {
                Err(format!("\"{scope}\" does not look like a scope"))
            }
        })
        .collect()
}

/// An id for an operation that has none: five operations of Data Access
/// Security under `/das/v1/owners`. It is built from method and path, in the
/// manner of the others: `POST /das/v1/owners/assign` is `postDasOwnersAssignV1`.
pub(crate) fn id(method: catalog::Method, path: &str) -> String {
    let mut id = method.as_str().to_ascii_lowercase();
    let mut version = String::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        let is_version = segment
            .strip_prefix('v')
            .is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()));
        let words = segment.split(|c: char| !c.is_ascii_alphanumeric());
        for word in words.filter(|word| !word.is_empty()) {
            let (first, rest) = word.split_at(1);
            let target = if is_version { &mut version } else { &mut id };
            target.push_str(&first.to_ascii_uppercase());
            target.push_str(rest);
        }
    }
    id + &version
}
