//! Writes audit events.

use super::Tenant;
use super::records::Deed;

/// Who does what nobody asked for.
pub(super) const SYSTEM: &str = "System";

impl Tenant {
    /// Notes that something was done. It is saved with the next change.
    pub(crate) fn note(&mut self, actor: &str, what: Deed, target: &str) {
        let now = self.now;
        self.audit.push(now, actor, what, target);
    }

    /// The name of the object with this id, of whatever kind.
    pub(crate) fn name_of(&self, id: &str) -> Option<String> {
        let name = None
            .or_else(|| self.identities.get(id).map(|found| &found.alias))
            .or_else(|| self.tokens.get(id).map(|found| &found.name))
            .or_else(|| self.sources.get(id).map(|found| &found.name))
            .or_else(|| self.profiles.get(id).map(|found| &found.name))
            .or_else(|| self.accounts.get(id).map(|found| &found.name))
            .or_else(|| self.custom_levels.get(id).map(|found| &found.name))
            .or_else(|| self.machine_identities.get(id).map(|found| &found.name))
            .or_else(|| self.oauth_clients.get(id).map(|found| &found.name));
        name.cloned()
    }

    /// The account name of an identity, as events name who acts.
    pub(crate) fn actor(&self, identity: &str) -> String {
        self.identities
            .get(identity)
            .map_or_else(|| identity.to_owned(), |found| found.alias.clone())
    }
}
