//! Report of `store check`, as text and as JSON.

use applier::Ability;
use model::{SecretRole, visible};
use serde::Serialize;

/// What one store can do and holds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StoreReport {
    pub(super) name: String,
    pub(super) kind: String,
    /// Whether nothing can read its secrets.
    pub(super) write_only: bool,
    pub(super) write: AbilityReport,
    pub(super) read: AbilityReport,
    pub(super) delete: AbilityReport,
    pub(super) secrets: Vec<Entry>,
}

/// Whether a store can do something.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AbilityReport {
    state: AbilityState,
    /// Why it cannot; null where it can.
    why: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum AbilityState {
    Proven,
    Failed,
    NotDeclared,
    NotTried,
}

/// A secret in a store.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    pub(super) address: String,
    pub(super) role: SecretRole,
    pub(super) key: String,
    /// `delivered`, `missing`, `foreign`, `orphaned` and so on.
    pub(super) state: String,
    #[serde(skip)]
    pub(super) is_fault: bool,
    pub(super) detail: Option<String>,
    /// When its token was created; null where that is not known.
    pub(super) created: Option<String>,
}

impl From<Ability> for AbilityReport {
    fn from(ability: Ability) -> Self {
        let (state, why) = match ability {
            Ability::Proven => (AbilityState::Proven, None),
            Ability::Failed(why) => (AbilityState::Failed, Some(why)),
            Ability::NotDeclared => (AbilityState::NotDeclared, None),
            Ability::NotTried => (AbilityState::NotTried, None),
        };
        Self { state, why }
    }
}

impl StoreReport {
    /// Whether the store cannot do what a delivery needs, was not asked, or has a secret
    /// that does not belong there. A store without a way to delete is only probed.
    pub(super) fn has_fault(&self) -> bool {
        let [write, read, delete] = [&self.write, &self.read, &self.delete];
        let is_probed = delete.state == AbilityState::NotDeclared;
        let failed = [write, read, delete]
            .into_iter()
            .any(|ability| ability.state == AbilityState::Failed);
        failed
            || write.state == AbilityState::NotTried && !is_probed
            || self.secrets.iter().any(|entry| entry.is_fault)
    }
}

/// The reports for people: a store with what it can do, and a line for each secret.
pub(super) fn text(reports: &[StoreReport]) -> String {
    if reports.is_empty() {
        return "No file declares a store\n".to_owned();
    }
    let mut lines = Vec::new();
    for report in reports {
        let only = if report.write_only {
            ", write-only"
        } else {
            ""
        };
        let (name, kind) = (visible(&report.name), visible(&report.kind));
        lines.push(format!("store {name} ({kind}{only})"));
        let abilities = [
            ("write", &report.write),
            ("read", &report.read),
            ("delete", &report.delete),
        ];
        for (what, ability) in abilities {
            let words = match ability.state {
                AbilityState::Proven => "proven",
                AbilityState::Failed => "FAILED",
                AbilityState::NotDeclared => "not declared",
                AbilityState::NotTried => "not tried",
            };
            let why = ability.why.as_deref().map(visible).unwrap_or_default();
            let separator = if why.is_empty() { "" } else { ": " };
            lines.push(format!("  {what:<6}  {words}{separator}{why}"));
        }
        for entry in &report.secrets {
            let mark = if entry.is_fault { "!" } else { " " };
            let role = match entry.role {
                SecretRole::Issuer => "issuer token of ",
                SecretRole::Token => "",
            };
            let mut line = format!(
                "{mark} {role}{} at {}: {}",
                visible(&entry.address),
                visible(&entry.key),
                entry.state
            );
            if let Some(created) = &entry.created {
                line.push_str(", created ");
                line.push_str(created);
            }
            if let Some(detail) = &entry.detail {
                line.push_str("; ");
                line.push_str(&visible(detail));
            }
            lines.push(line);
        }
    }
    lines.push(String::new());
    lines.join("\n")
}
