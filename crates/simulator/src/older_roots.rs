//! Which operations the older roots of the API have: `/v3`, `/beta`, `/v2024`, `/v2025`.
//!
//! The facts are in `older_roots.txt`; `cargo run -p simulator --example refresh-older-roots` writes
//! it. Nothing is known about `/v2026`, so it has everything.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

const UNKNOWN_ROOT: &str = "v2026";

/// Whether an older root has an operation.
pub(crate) fn has(root: &str, operation: &str) -> bool {
    static KNOWN: OnceLock<HashMap<&str, HashSet<&str>>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let lines = include_str!("older_roots.txt").lines();
        lines
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let mut words = line.split(' ');
                Some((words.next()?, words.collect()))
            })
            .collect()
    });
    root == UNKNOWN_ROOT
        || known
            .get(operation)
            .is_some_and(|roots| roots.contains(root))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_have_what_their_sdks_call() {
        for (root, operation, expected) in [
            ("v3", "listSourcesV1", true),
            ("beta", "listSourcesV1", true),
            ("v3", "listIdentitiesV1", false),
            ("beta", "listIdentitiesV1", true),
            ("v3", "importAccountsV1", false),
            ("v3", "getTaskStatusV1", false),
            ("v3", "getTenantV1", false),
            ("beta", "searchPostV1", false),
            ("beta", "getAuthUserV1", false),
            ("beta", "getPublicIdentitiesV1", false),
            ("v2024", "listUserLevelsV1", false),
            ("v2025", "listUserLevelsV1", true),
            ("v2026", "listUserLevelsV1", true),
        ] {
            assert_eq!(has(root, operation), expected, "{root} {operation}");
        }
    }
}
