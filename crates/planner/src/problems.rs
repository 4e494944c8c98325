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
    OWNER_INACTIVE,
    PROFILE_NAME_TAKEN,
    NAME_TAKEN,
    SOURCE_RENAMED,
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
/// ISC has deactivated the declared owner of a source or profile.
pub(crate) const OWNER_INACTIVE: &str = "SM0907";
/// Another source's identity profile has the name, and keeps it.
pub(crate) const PROFILE_NAME_TAKEN: &str = "SM0910";
/// Another row of the tenant has the name or the user name.
pub(crate) const NAME_TAKEN: &str = "SM0911";
/// The source is missing, and its identity profile belongs to a source of another name.
pub(crate) const SOURCE_RENAMED: &str = "SM0912";
