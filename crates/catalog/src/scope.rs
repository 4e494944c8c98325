//! The scopes of ISC by name.

/// The scope that opens every operation. With it, ISC ignores all others.
pub const ALL: &str = "sp:scopes:all";

/// The scope of what every user may do anyway, such as `GET /public-identities/v1`.
pub const DEFAULT: &str = "sp:scopes:default";
