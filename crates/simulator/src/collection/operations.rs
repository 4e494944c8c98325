//! Filters and sorters that each list supports, from ISC's official description.

use super::{CollectionRules, Limits};
use crate::filter::Kind::{Boolean, Date, Id, Number, Text, Texts};
use crate::filter::Operator::{Ca, Co, Eq, Ge, Gt, In, Isnull, Le, Lt, Ne, Pr, Sw};
use crate::filter::{FilterField, Kind, Operator};

/// A list that neither filters nor sorts, with limits as usual.
pub(crate) const PLAIN: CollectionRules = CollectionRules {
    filters: &[],
    sorters: &[],
    limits: Some(Limits {
        max: 250,
        default: 250,
    }),
};

/// A list for which no paging is documented.
const UNPAGED: CollectionRules = CollectionRules {
    limits: None,
    ..PLAIN
};

/// `POST /search/v1`: its limit goes to 10,000.
pub(crate) const SEARCH: CollectionRules = CollectionRules {
    limits: Some(Limits {
        max: 10_000,
        default: 250,
    }),
    ..PLAIN
};

const fn field(name: &'static str, kind: Kind, operators: &'static [Operator]) -> FilterField {
    FilterField {
        name,
        kind,
        operators,
    }
}

/// `GET /accounts/v1`: accounts.
pub(crate) const ACCOUNTS: CollectionRules = CollectionRules {
    filters: &[
        field("id", Id, &[Eq, In, Sw]),
        field("identityId", Id, &[Eq, In, Sw]),
        field("name", Text, &[Eq, In, Sw]),
        field("nativeIdentity", Text, &[Eq, In, Sw]),
        field("hasEntitlements", Boolean, &[Eq]),
        field("sourceId", Id, &[Eq, In, Sw]),
        field("uncorrelated", Boolean, &[Eq]),
        field("entitlements", Texts, &[Eq]),
        field("origin", Text, &[Eq, In]),
        field("manuallyCorrelated", Boolean, &[Eq]),
        field("identity.name", Text, &[Eq, In, Sw]),
        field("identity.correlated", Boolean, &[Eq]),
        field("identity.identityState", Text, &[Eq, In]),
        field("source.displayableName", Text, &[Eq, In]),
        field("source.authoritative", Boolean, &[Eq]),
        field("source.connectionType", Text, &[Eq, In]),
        field("recommendation.method", Text, &[Eq, In, Isnull]),
        field("created", Date, &[Eq, Ge, Gt, Le, Lt]),
        field("modified", Date, &[Eq, Ge, Gt, Le, Lt]),
    ],
    sorters: &[
        "id",
        "name",
        "created",
        "modified",
        "sourceId",
        "identityId",
        "nativeIdentity",
        "uuid",
        "manuallyCorrelated",
        "entitlements",
        "origin",
        "identity.name",
        "identity.identityState",
        "identity.correlated",
        "source.displayableName",
        "source.authoritative",
        "source.connectionType",
    ],
    ..PLAIN
};

/// `GET /authorization/v1/custom-user-levels`: custom user levels.
pub(crate) const CUSTOM_USER_LEVELS: CollectionRules = CollectionRules {
    filters: &[
        field("name", Text, &[Co]),
        field("owner", Text, &[Co]),
        field("status", Text, &[Eq]),
        field("description", Text, &[Co]),
    ],
    sorters: &["name", "created", "description", "status", "owner"],
    limits: Some(Limits {
        max: 50,
        default: 50,
    }),
};

/// `GET /authorization/v1/authorization-assignable-right-sets`: assignable right sets.
pub(crate) const RIGHT_SETS: CollectionRules = CollectionRules {
    filters: &[field("category", Text, &[Eq])],
    sorters: &["id", "name", "category"],
    ..PLAIN
};

/// `GET /authorization/v1/user-levels/{id}/identities`: the identities that hold a user level.
pub(crate) const USER_LEVEL_IDENTITIES: CollectionRules = CollectionRules {
    sorters: &["displayName"],
    ..PLAIN
};

/// `GET /identities/v1`: identities.
pub(crate) const IDENTITIES: CollectionRules = CollectionRules {
    filters: &[
        field("id", Id, &[Eq, In]),
        field("name", Text, &[Eq, Sw]),
        field("alias", Text, &[Eq, Sw]),
        field("firstname", Text, &[Eq, Sw]),
        field("lastname", Text, &[Eq, Sw]),
        field("email", Text, &[Eq, Sw]),
        field("cloudStatus", Text, &[Eq]),
        field("processingState", Text, &[Eq]),
        field("correlated", Boolean, &[Eq]),
        field("protected", Boolean, &[Eq]),
    ],
    sorters: &["name", "alias", "cloudStatus"],
    ..PLAIN
};

/// `GET /identities/v2`: identities of the search index.
pub(crate) const IDENTITIES_V2: CollectionRules = CollectionRules {
    filters: &[
        field("id", Id, &[Eq, In, Sw]),
        field("name", Text, &[Eq, In, Sw, Isnull, Pr]),
        field("alias", Text, &[Eq, In, Sw, Isnull, Pr]),
        field("type", Text, &[Eq, In, Sw, Isnull, Pr]),
        field("emailAddress", Text, &[Eq, In, Sw, Isnull, Pr]),
        field("identityStatus", Text, &[Eq, In, Sw, Isnull, Pr]),
        field("processingState", Text, &[Eq, In, Sw, Isnull, Pr]),
        field("protected", Boolean, &[Eq]),
        field("correlated", Boolean, &[Eq]),
        field("inactive", Boolean, &[Eq]),
        field("isManager", Boolean, &[Eq]),
        field("locked", Boolean, &[Eq]),
        field("disabled", Boolean, &[Eq]),
        field("lifecycleState.stateName", Text, &[Eq, In, Sw, Isnull, Pr]),
        field("lifecycleState.manuallyUpdated", Boolean, &[Eq]),
        field("created", Date, &[Eq, Ge, Gt, Le, Lt]),
        field("modified", Date, &[Eq, Ge, Gt, Le, Lt]),
        field("synced", Date, &[Eq, Ge, Gt, Le, Lt]),
        field("lastRefresh", Date, &[Eq, Ge, Gt, Le, Lt]),
        field("privilegeLevel.effective", Text, &[Eq, In, Isnull, Pr]),
    ],
    sorters: &[
        "id",
        "name",
        "alias",
        "type",
        "emailAddress",
        "identityStatus",
        "protected",
        "correlated",
        "inactive",
        "locked",
        "disabled",
        "lifecycleState.stateName",
        "created",
        "modified",
        "synced",
        "lastRefresh",
        "privilegeLevel.effective",
    ],
    limits: Some(Limits {
        max: 250,
        default: 25,
    }),
};

/// `GET /transforms/v1`: transforms.
pub(crate) const TRANSFORMS: CollectionRules = CollectionRules {
    filters: &[
        field("internal", Boolean, &[Eq]),
        field("name", Text, &[Eq, Sw]),
    ],
    ..PLAIN
};

/// `GET /identity-profiles/v1/export`: exported identity profiles.
pub(crate) const EXPORTED_PROFILES: CollectionRules = CollectionRules {
    filters: &[
        field("id", Id, &[Eq, Ne]),
        field("name", Text, &[Eq, Ne]),
        field("priority", Number, &[Eq, Ne]),
    ],
    sorters: &["id", "name", "priority"],
    ..PLAIN
};

/// `GET /machine-identities/v1` and `/v2`: machine identities.
pub(crate) const MACHINE_IDENTITIES: CollectionRules = CollectionRules {
    filters: &[
        field("id", Id, &[Eq, In, Sw]),
        field("displayName", Text, &[Eq, In, Sw]),
        field("nativeIdentity", Text, &[Eq, In, Sw]),
        field("manuallyEdited", Boolean, &[Eq]),
        field("subtype", Text, &[Eq, In]),
        field("owners.primaryIdentity.id", Id, &[Eq, In, Sw]),
        field("owners.primaryIdentity.name", Text, &[Eq, In, Isnull, Pr]),
        field("source.id", Id, &[Eq, In]),
        field("source.name", Text, &[Eq, In, Sw]),
    ],
    sorters: &[
        "nativeIdentity",
        "name",
        "owners.primaryIdentity.name",
        "source.name",
        "created",
        "modified",
    ],
    ..PLAIN
};

/// `GET /machine-accounts/v1`: accounts of machines.
pub(crate) const MACHINE_ACCOUNTS: CollectionRules = CollectionRules {
    filters: &[
        field("id", Id, &[Eq, In, Sw]),
        field("name", Text, &[Eq, In, Sw]),
        field("nativeIdentity", Text, &[Eq, In, Sw]),
        field("machineIdentity.id", Id, &[Eq, In, Sw]),
        field("ownerIdentity.id", Id, &[Eq, In, Sw]),
        field("source.id", Id, &[Eq, In, Sw]),
        field("source.name", Text, &[Eq, In, Sw]),
    ],
    sorters: &["nativeIdentity", "name", "ownerIdentity.id", "source.name"],
    ..PLAIN
};

/// `GET /api-usage/v1`: what was called.
pub(crate) const API_USAGE: CollectionRules = CollectionRules {
    filters: &[
        field("method", Text, &[Eq]),
        field("startDate", Date, &[Gt, Eq]),
        field("endDate", Date, &[Lt, Eq]),
    ],
    ..UNPAGED
};

/// `GET /identity-profiles/v1`: identity profiles.
pub(crate) const IDENTITY_PROFILES: CollectionRules = CollectionRules {
    filters: &[
        field("id", Id, &[Eq, Ne, Ge, Gt, In, Le, Sw]),
        field("name", Text, &[Eq, Ne, Ge, Gt, In, Le, Sw]),
        field("priority", Number, &[Eq, Ne]),
    ],
    sorters: &[
        "id",
        "name",
        "priority",
        "created",
        "modified",
        "owner.id",
        "owner.name",
    ],
    ..PLAIN
};

/// `GET /identity-profiles/v1/{identity-profile-id}/lifecycle-states`: the lifecycle states of an identity profile.
pub(crate) const LIFECYCLE_STATES: CollectionRules = CollectionRules {
    sorters: &["name", "priority", "created", "modified"],
    ..PLAIN
};

/// `GET /oauth-clients/v1`: OAuth clients.
pub(crate) const OAUTH_CLIENTS: CollectionRules = CollectionRules {
    filters: &[field("lastUsed", Date, &[Le, Isnull])],
    ..UNPAGED
};

/// `GET /personal-access-tokens/v1`: personal access tokens.
pub(crate) const PERSONAL_ACCESS_TOKENS: CollectionRules = CollectionRules {
    filters: &[field("lastUsed", Date, &[Le, Isnull])],
    ..UNPAGED
};

/// `GET /public-identities/v1`: public identities.
pub(crate) const PUBLIC_IDENTITIES: CollectionRules = CollectionRules {
    filters: &[
        field("id", Id, &[Eq, In]),
        field("alias", Text, &[Eq, Sw]),
        field("email", Text, &[Eq, Sw]),
        field("firstname", Text, &[Eq, Sw]),
        field("lastname", Text, &[Eq, Sw]),
    ],
    sorters: &["name"],
    ..PLAIN
};

/// `GET /sources/v1`: sources.
pub(crate) const SOURCES: CollectionRules = CollectionRules {
    filters: &[
        field("id", Id, &[Eq, In, Ge, Gt, Le, Lt, Ne, Isnull, Sw]),
        field("name", Text, &[Co, Eq, In, Sw, Ge, Gt, Ne, Isnull]),
        field("type", Text, &[Eq, In, Ge, Gt, Ne, Isnull, Sw]),
        field("owner.id", Id, &[Eq, In, Ge, Gt, Le, Lt, Ne, Isnull, Sw]),
        field("features", Texts, &[Ca, Co]),
        field("created", Date, &[Eq, Ge, Gt, In, Le, Lt, Ne, Isnull, Sw]),
        field("modified", Date, &[Eq, Ge, Gt, In, Le, Lt, Ne, Isnull, Sw]),
        field(
            "managementWorkgroup.id",
            Id,
            &[Eq, Ge, Gt, In, Le, Lt, Ne, Isnull, Sw],
        ),
        field("description", Text, &[Eq, Sw]),
        field("authoritative", Boolean, &[Eq, Ne, Isnull]),
        field("healthy", Boolean, &[Isnull]),
        field("status", Text, &[Eq, In, Ge, Gt, Le, Lt, Ne, Isnull, Sw]),
        field(
            "connectionType",
            Text,
            &[Eq, Ge, Gt, In, Le, Lt, Ne, Isnull, Sw],
        ),
        field("connectorName", Text, &[Eq, Ge, Gt, In, Ne, Isnull, Sw]),
        field("category", Text, &[Co, Eq, Ge, Gt, In, Le, Lt, Ne, Sw]),
    ],
    sorters: &[
        "type",
        "created",
        "modified",
        "name",
        "owner.name",
        "healthy",
        "status",
        "id",
        "description",
        "owner.id",
        "accountCorrelationConfig.id",
        "accountCorrelationConfig.name",
        "managerCorrelationRule.type",
        "managerCorrelationRule.id",
        "managerCorrelationRule.name",
        "authoritative",
        "managementWorkgroup.id",
        "connectorName",
        "connectionType",
    ],
    ..PLAIN
};

/// `GET /task-status/v1`: tasks.
pub(crate) const TASK_STATUS: CollectionRules = CollectionRules {
    filters: &[
        field("id", Id, &[Eq, In]),
        field("sourceId", Id, &[Eq, In]),
        field("completionStatus", Text, &[Eq, In, Isnull]),
        field("type", Text, &[Eq, In]),
        field("launcher", Text, &[Eq, In]),
    ],
    sorters: &["created"],
    ..PLAIN
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const LISTS: &[(&str, CollectionRules)] = &[
        ("/accounts/v1", ACCOUNTS),
        ("/authorization/v1/custom-user-levels", CUSTOM_USER_LEVELS),
        (
            "/authorization/v1/authorization-assignable-right-sets",
            RIGHT_SETS,
        ),
        (
            "/authorization/v1/user-levels/{id}/identities",
            USER_LEVEL_IDENTITIES,
        ),
        ("/identities/v1", IDENTITIES),
        ("/identity-profiles/v1", IDENTITY_PROFILES),
        ("/identity-profiles/v1/export", EXPORTED_PROFILES),
        (
            "/identity-profiles/v1/{identity-profile-id}/lifecycle-states",
            LIFECYCLE_STATES,
        ),
        ("/oauth-clients/v1", OAUTH_CLIENTS),
        ("/personal-access-tokens/v1", PERSONAL_ACCESS_TOKENS),
        ("/public-identities/v1", PUBLIC_IDENTITIES),
        ("/sources/v1", SOURCES),
        ("/task-status/v1", TASK_STATUS),
    ];

    /// The rules say what the official description says; skipped where that is not at hand.
    #[test]
    fn rules_are_those_of_the_official_description() {
        #[expect(
            clippy::disallowed_methods,
            reason = "the description is found through the environment"
        )]
        let folder = std::env::var_os("STEERSMAN_ISC_DESCRIPTION");
        let Some(folder) = folder else {
            println!(
                "skipped: STEERSMAN_ISC_DESCRIPTION does not name the folder of the description"
            );
            return;
        };
        let path = std::path::Path::new(&folder).join("openapi-subset.json");
        let text = fs_err::read_to_string(path).expect("the description");
        let description: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        for (path, rules) in LISTS {
            let parameters = description["paths"][path]["get"]["parameters"]
                .as_array()
                .expect(path);
            let text = |name: &str| {
                let parameter = parameters
                    .iter()
                    .find(|parameter| parameter["name"] == name);
                parameter
                    .and_then(|found| found["description"].as_str())
                    .unwrap_or_default()
            };
            assert_eq!(
                filters_of_rules(rules),
                filters_of_text(text("filters")),
                "{path}"
            );
            assert_eq!(rules.sorters, sorters_of_text(text("sorters")), "{path}");
        }
    }

    fn filters_of_rules(rules: &CollectionRules) -> BTreeMap<String, Vec<String>> {
        rules
            .filters
            .iter()
            .map(|field| {
                let operators = field.operators.iter().map(ToString::to_string).collect();
                (field.name.to_owned(), operators)
            })
            .collect()
    }

    /// Reads lines such as `**name**: *eq, in*`.
    fn filters_of_text(text: &str) -> BTreeMap<String, Vec<String>> {
        text.lines()
            .filter_map(|line| {
                let (name, rest) = line.trim().strip_prefix("**")?.split_once("**: *")?;
                let operators = rest
                    .strip_suffix('*')?
                    .split(',')
                    .map(|o| o.trim().to_owned());
                Some((name.to_owned(), operators.collect()))
            })
            .collect()
    }

    /// Reads `… for the following fields: **name, created**`.
    fn sorters_of_text(text: &str) -> Vec<String> {
        let Some((_, rest)) = text.split_once("following fields: **") else {
            return Vec::new();
        };
        let fields = rest.split("**").next().unwrap_or_default();
        fields
            .split(',')
            .map(|field| field.trim().to_owned())
            .collect()
    }
}
