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
    UNSUPPORTED_FILE,
    SKIPPED_ROW,
    SEVERAL_VALUES,
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
/// The source reads its files in a way that an import does not follow.
pub(crate) const UNSUPPORTED_FILE: &str = "SM0905";
/// ISC would take a row of an import for a comment.
pub(crate) const SKIPPED_ROW: &str = "SM0906";
/// An attribute has several values, which one cell cannot hold.
pub(crate) const SEVERAL_VALUES: &str = "SM0915";
