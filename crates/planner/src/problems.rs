//! Diagnostic codes of problems that are found only at the tenant.
//!
//! Their titles and explanations are with those of all codes, in `spec`.

/// The codes of all problems that a plan can report.
pub const PROBLEM_CODES: &[&str] = &[
    AT_TENANT,
    OWNER_NOT_FOUND,
    SOURCE_OF_OTHER_TYPE,
    SOURCE_NOT_FOUND,
    UNKNOWN_LEVEL,
    OWNER_INACTIVE,
];

/// The code of problems that have none of their own.
pub(crate) const AT_TENANT: &str = "SM0900";
/// No identity of the tenant is the declared owner of a source or profile.
pub(crate) const OWNER_NOT_FOUND: &str = "SM0901";
/// The source's name is taken by a source that takes no CSV imports.
pub(crate) const SOURCE_OF_OTHER_TYPE: &str = "SM0902";
/// The tenant has no source that is declared with `managed: false`.
pub(crate) const SOURCE_NOT_FOUND: &str = "SM0903";
/// The tenant has no such user level.
pub(crate) const UNKNOWN_LEVEL: &str = "SM0904";
/// ISC has deactivated the declared owner of a source or profile.
pub(crate) const OWNER_INACTIVE: &str = "SM0907";
