//! Lookup table from operation id to handler: which operations are simulated.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::handler::Handler;

const TABLES: &[&[(&str, Handler)]] = &[
    super::accounts::HANDLERS,
    super::api_usage::HANDLERS,
    super::auth_users::HANDLERS,
    super::connector::HANDLERS,
    super::identities::HANDLERS,
    super::identities_v2::HANDLERS,
    super::identity_attributes::HANDLERS,
    super::identity_profiles::HANDLERS,
    super::lifecycle_states::HANDLERS,
    super::machines::HANDLERS,
    super::oauth_clients::HANDLERS,
    super::personal_access_tokens::HANDLERS,
    super::profile_objects::HANDLERS,
    super::public_identities::HANDLERS,
    super::public_identities_v2::HANDLERS,
    super::schemas::HANDLERS,
    super::search::HANDLERS,
    super::sources::HANDLERS,
    super::tasks::HANDLERS,
    super::tenant::HANDLERS,
    super::transforms::HANDLERS,
    super::user_levels::HANDLERS,
];

/// The handler of an operation, if it is simulated.
pub(crate) fn handler(operation: &str) -> Option<Handler> {
    static BY_ID: OnceLock<HashMap<&str, Handler>> = OnceLock::new();
    BY_ID
        .get_or_init(|| TABLES.iter().copied().flatten().copied().collect())
        .get(operation)
        .copied()
}

/// The ids of all operations that are simulated.
pub(crate) fn simulated_operations() -> Vec<&'static str> {
    TABLES
        .iter()
        .copied()
        .flatten()
        .map(|(id, _)| *id)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_handler_is_for_one_operation_of_the_catalogue() {
        let known: BTreeSet<&str> = crate::newer::operations()
            .map(|operation| operation.id)
            .collect();
        let simulated = simulated_operations();
        let distinct: BTreeSet<&str> = simulated.iter().copied().collect();
        assert_eq!(simulated.len(), distinct.len());
        assert_eq!(
            distinct.difference(&known).collect::<Vec<_>>(),
            Vec::<&&str>::new()
        );
    }
}
