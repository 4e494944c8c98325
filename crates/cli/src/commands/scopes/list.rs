//! Lists the scopes of ISC with counts of their operations.

use crate::answers::table;
use render::counted;
use serde::Serialize;

/// A scope in the list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    scope: &'static str,
    operations: usize,
    /// How many of the operations change something.
    changes: usize,
    /// How many of the operations need no user level.
    any_user: usize,
}

/// All scopes whose name contains the text, whatever its case.
pub(super) fn list(text: &str) -> Vec<Entry> {
    let text = text.to_lowercase();
    catalog::scopes()
        .filter(|scope| scope.to_lowercase().contains(&text))
        .filter_map(catalog::explain_scope)
        .map(|explained| Entry {
            scope: explained.scope,
            operations: explained.opens.len(),
            changes: explained
                .opens
                .iter()
                .filter(|operation| !operation.reads())
                .count(),
            any_user: explained.any_user,
        })
        .collect()
}

/// The list for people.
pub(super) fn text(entries: &[Entry]) -> String {
    let mut table = table(&["SCOPE", "OPERATIONS", "CHANGES", "ANY USER"]);
    for entry in entries {
        table.add_row([
            entry.scope.to_owned(),
            entry.operations.to_string(),
            entry.changes.to_string(),
            entry.any_user.to_string(),
        ]);
    }
    format!(
        "{}\n\n{}",
        table.trim_fmt(),
        counted(entries.len(), "scope")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_listed() {
        let names: Vec<&str> = list("REPORT:").iter().map(|entry| entry.scope).collect();
        assert_eq!(
            names,
            [
                "idn:campaign-report:manage",
                "idn:campaign-report:read",
                "idn:identity-direct-report:read",
                "sp:report:manage",
                "sp:report:read"
            ]
        );
        assert_eq!(list("").len(), catalog::scopes().len());
    }
}
