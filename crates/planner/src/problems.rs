//! The codes of problems that only the tenant can show.

/// Code, title and explanation of each problem that a plan can report.
pub const PROBLEM_CODES: &[(&str, &str, &str)] = &[
    (
        OWNER_NOT_FOUND,
        "the owner does not exist",
        "A source and an identity profile belong to an identity. No identity of the tenant has the declared alias, e-mail address or id.",
    ),
    (
        SOURCE_OF_OTHER_TYPE,
        "the name is taken by a source of another type",
        "Names of sources are unique in a tenant. steersman manages delimited-file sources and leaves a source of another type alone.",
    ),
    (
        SOURCE_NOT_FOUND,
        "a source that steersman does not manage does not exist",
        "With `managed: false` the source and its accounts are made elsewhere, so they have to be there.",
    ),
    (
        UNKNOWN_LEVEL,
        "the tenant has no such user level",
        "The level is neither one of SailPoint's nor one of the tenant's custom levels.",
    ),
];

/// The code of what has none of its own.
pub(crate) const AT_TENANT: &str = "SM0900";
pub(crate) const OWNER_NOT_FOUND: &str = "SM0901";
pub(crate) const SOURCE_OF_OTHER_TYPE: &str = "SM0902";
pub(crate) const SOURCE_NOT_FOUND: &str = "SM0903";
pub(crate) const UNKNOWN_LEVEL: &str = "SM0904";
