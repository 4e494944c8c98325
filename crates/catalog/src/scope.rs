//! Scopes with a special meaning, and how much trust a scope requires.

/// The scope that opens every operation. With it, ISC ignores all others.
pub const ALL: &str = "sp:scopes:all";

/// The scope of what every user may do anyway, such as `GET /public-identities/v1`.
pub const DEFAULT: &str = "sp:scopes:default";

/// How much trust a scope's last word asks for, least first: reading, one kind
/// of change, writing, managing. Scopes that open the same operations differ in
/// what they may come to open.
pub(crate) fn trust(scope: &str) -> u32 {
    match scope.rsplit(':').next().unwrap_or_default() {
        "read" | "list" | "default" => 0,
        "write" => 2,
        "manage" | "management" | "all" => 3,
        _ => 1,
    }
}
