//! User levels of ISC, and which of them exclude each other.

/// The level that may do almost everything.
pub const ORG_ADMIN: &str = "ORG_ADMIN";

/// A user level: what an identity is allowed to do, apart from the scopes of
/// the token it uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserLevel {
    /// The id, as `capabilities` of `/auth-users/v1` spells it.
    pub id: &'static str,
    /// The name people see, or the id where SailPoint's documents give none.
    pub name: &'static str,
}

/// The user levels that SailPoint's documents and description name.
///
/// The sources disagree, and tenants define levels of their own, so an id that
/// is missing here is doubtful, never wrong. The basic "User" level has no id:
/// an identity without a level has it.
pub fn user_levels() -> &'static [UserLevel] {
    USER_LEVELS
}

/// Pairs of user levels that ISC does not let one identity hold together.
pub fn incompatible_levels() -> &'static [(&'static str, &'static str)] {
    INCOMPATIBLE
}

/// The level with this id, if it is a known one.
pub fn user_level(id: &str) -> Option<&'static UserLevel> {
    USER_LEVELS.iter().find(|level| level.id == id)
}

/// Whether ISC lets one identity hold both levels. A level goes with itself.
pub fn may_combine(one: &str, other: &str) -> bool {
    !INCOMPATIBLE
        .iter()
        .any(|&(a, b)| (a, b) == (one, other) || (b, a) == (one, other))
}

const fn level(id: &'static str, name: &'static str) -> UserLevel {
    UserLevel { id, name }
}

static USER_LEVELS: &[UserLevel] = &[
    level(ORG_ADMIN, "Admin"),
    level("CERT_ADMIN", "Cert Admin"),
    level("HELPDESK", "Helpdesk Admin"),
    level("REPORT_ADMIN", "Report Admin"),
    level("ROLE_ADMIN", "Role Admin"),
    level("ROLE_SUBADMIN", "Role Sub-Admin"),
    level("SOURCE_ADMIN", "Source Admin"),
    level("SOURCE_SUBADMIN", "Source Sub-Admin"),
    level("SOURCE_CONFIG_ASSIGNEE", "SOURCE_CONFIG_ASSIGNEE"),
    level("POLICY_ADMIN", "POLICY_ADMIN"),
    // The two SOD levels stand only in the description's operations.
    level("SOD_POLICY_ADMIN", "SOD_POLICY_ADMIN"),
    level("SOD_CONTROL_ADMIN", "SOD_CONTROL_ADMIN"),
    level("CLOUD_GOV_ADMIN", "CLOUD_GOV_ADMIN"),
    level("CLOUD_GOV_USER", "CLOUD_GOV_USER"),
    level("IDENTITY_GRAPH_ADMIN", "IDENTITY_GRAPH_ADMIN"),
    level("IDENTITY_GRAPH_READ_ONLY", "IDENTITY_GRAPH_READ_ONLY"),
    level("SAAS_MANAGEMENT_ADMIN", "SAAS_MANAGEMENT_ADMIN"),
    level("SAAS_MANAGEMENT_READER", "SAAS_MANAGEMENT_READER"),
    level("sp:aic-dashboard-read", "sp:aic-dashboard-read"),
    level("sp:aic-dashboard-write", "sp:aic-dashboard-write"),
    level("sp:ui-config-hub-admin", "sp:ui-config-hub-admin"),
    level(
        "sp:ui-config-hub-backup-admin",
        "sp:ui-config-hub-backup-admin",
    ),
    level("sp:ui-config-hub-read", "sp:ui-config-hub-read"),
    level("das:ui-administrator", "das:ui-administrator"),
    level("das:ui-auditor", "das:ui-auditor"),
    level("das:ui-compliance_manager", "das:ui-compliance_manager"),
    level("das:ui-data-scope", "das:ui-data-scope"),
];

static INCOMPATIBLE: &[(&str, &str)] = &[
    ("ROLE_ADMIN", "SOURCE_SUBADMIN"),
    ("ROLE_SUBADMIN", "SOURCE_ADMIN"),
    ("ROLE_SUBADMIN", "ROLE_ADMIN"),
    ("SOURCE_SUBADMIN", "SOURCE_ADMIN"),
    ("SOURCE_ADMIN", "SOURCE_CONFIG_ASSIGNEE"),
];
