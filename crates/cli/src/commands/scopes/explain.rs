//! Explains a scope: operations, user levels, implied scopes.

use crate::answers::{ShownOperation, did_you_mean, operations_text};
use crate::failure::Failure;
use owo_colors::OwoColorize;
use render::counted;
use serde::Serialize;
use std::fmt::Write as _;

/// A scope and what it allows.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Explanation {
    scope: &'static str,
    operations: Vec<ShownOperation>,
    /// How many of the operations need no user level.
    any_user: usize,
    levels: Vec<ShownShare>,
    implies: Vec<&'static str>,
    implied_by: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShownShare {
    level: &'static str,
    operations: u32,
}

/// Looks up a scope.
///
/// # Errors
/// An unknown scope, with the nearest known ones.
pub(super) fn explain(scope: &str) -> Result<Explanation, Failure> {
    let explained = catalog::explain_scope(scope).ok_or_else(|| Failure::Usage {
        message: format!("no public operation of ISC names the scope \"{scope}\""),
        help: did_you_mean(&catalog::suggest_scope(scope))
            .unwrap_or_else(|| "run `steersman scopes list` to see all scopes".to_owned()),
    })?;
    Ok(Explanation {
        scope: explained.scope,
        operations: explained
            .opens
            .into_iter()
            .map(ShownOperation::new)
            .collect(),
        any_user: explained.any_user,
        levels: explained
            .levels
            .into_iter()
            .map(|share| ShownShare {
                level: share.level,
                operations: share.operations,
            })
            .collect(),
        implies: explained.implies,
        implied_by: explained.implied_by,
    })
}

impl Explanation {
    /// The explanation for people.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let count = counted(self.operations.len(), "operation");
        let _ = writeln!(text, "{} allows {count}", self.scope.bold());
        let mut shares: Vec<String> = Vec::new();
        if self.any_user > 0 {
            shares.push(format!("any user {}", self.any_user));
        }
        shares.extend(
            self.levels
                .iter()
                .map(|share| format!("{} {}", share.level, share.operations)),
        );
        let _ = writeln!(text, "who may call them: {}", shares.join(", "));
        if !self.implied_by.is_empty() {
            let _ = writeln!(text, "not needed with: {}", self.implied_by.join(", "));
        }
        if !self.implies.is_empty() {
            let _ = writeln!(text, "includes: {}", self.implies.join(", "));
        }
        let _ = write!(text, "\n{}", operations_text(&self.operations));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_explained() {
        assert_eq!(
            explain("sp:report:read").unwrap().implied_by,
            ["sp:report:manage"]
        );
        assert!(
            explain("sp:report:reed")
                .unwrap_err()
                .to_string()
                .contains("sp:report:reed")
        );
    }
}
