//! Fields that an answer may lack although they are not nullable and have an official example.

/// Whether the field at `place` (`schema.field.field`) may be absent from an answer.
pub(super) fn may_be_absent(place: &str) -> bool {
    MAY_BE_ABSENT.iter().any(|(listed, _)| *listed == place)
}

/// The fields, each with the reason.
const MAY_BE_ABSENT: &[(&str, &str)] = &[
    (
        "errorresponsedto.causes",
        "the official examples of 403, 404 and 500 have none",
    ),
    (
        "account.recommendation",
        "only machine-account discovery makes recommendations",
    ),
    (
        "account.identity",
        "an uncorrelated account has no identity",
    ),
    (
        "account.identityId",
        "an uncorrelated account has no identity",
    ),
    (
        "taskresultsimplified.completed",
        "a task that has just started has not completed",
    ),
    (
        "taskresultsimplified.completionStatus",
        "a task that has just started has not completed",
    ),
    ("identitydocuments.phone", NOT_IN_SEARCH_EXAMPLE),
    ("identitydocuments.employeeNumber", NOT_IN_SEARCH_EXAMPLE),
    ("identitydocuments.owns", NOT_IN_SEARCH_EXAMPLE),
    ("identitydocuments.ownsCount", NOT_IN_SEARCH_EXAMPLE),
    ("identitydocuments.tags", NOT_IN_SEARCH_EXAMPLE),
];

const NOT_IN_SEARCH_EXAMPLE: &str = "the official example of an identity in a search lacks it";
