//! Identity refresh: creates, changes and removes identities from authoritative accounts.

use std::collections::BTreeMap;

use super::audit::SYSTEM;
use super::records::{
    About, Account, Deed, Event, Identity, IdentityProfile, IdentityStatus, TaskKind, Work,
    WorkDone,
};
use super::{Tenant, delays};
use crate::errors::Refusal;

impl Tenant {
    /// Submits the refresh of some identities.
    pub(crate) fn submit_identity_processing(
        &mut self,
        launcher: &str,
        ids: Vec<String>,
    ) -> Result<String, Refusal> {
        if ids.is_empty() || ids.len() > 250 {
            return Err(Refusal::illegal_value(
                "identityIds must have 1 to 250 entries.",
            ));
        }
        let work = Work::ProcessIdentities { identities: ids };
        Ok(self.start_task(
            TaskKind::IdentityRefresh,
            launcher,
            About::default(),
            work,
            delays::IDENTITY_REFRESH,
        ))
    }

    pub(super) fn process_identities_now(&mut self, ids: &[String]) -> WorkDone {
        for id in ids {
            let Some(identity) = self.identities.get(id) else {
                continue;
            };
            let profile = identity
                .profile
                .as_ref()
                .and_then(|profile| self.profiles.get(profile))
                .cloned();
            let account = identity.account.clone();
            if let (Some(profile), Some(account)) = (profile, account) {
                if self.accounts.get(&account).is_some() {
                    self.refresh_account(&profile, &account);
                } else {
                    self.remove_identity(id);
                }
            }
        }
        WorkDone::success()
    }

    /// Creates and updates identities from the accounts of a profile's source.
    pub(super) fn refresh_identities(&mut self, profile_id: &str, everything: bool) {
        let Some(profile) = self.profiles.get(profile_id).cloned() else {
            return;
        };
        if profile.enabled {
            let accounts: Vec<String> = self
                .accounts
                .of_source(&profile.source)
                .filter(|account| {
                    everything
                        || account
                            .examined
                            .is_none_or(|examined| examined < account.modified)
                })
                .map(|account| account.id.clone())
                .collect();
            for account in accounts {
                self.refresh_account(&profile, &account);
            }
        }
        if everything && let Some(profile) = self.profiles.get_mut(profile_id) {
            profile.refresh_required = false;
        }
        // A refresh also notices what is gone, but deletes it in its own time.
        let orphaned = self
            .identities
            .ids_of_profile(profile_id)
            .iter()
            .filter_map(|id| self.identities.get(id))
            .any(|identity| {
                identity
                    .account
                    .as_ref()
                    .is_some_and(|id| self.accounts.get(id).is_none())
            });
        if orphaned {
            self.after(delays::IDENTITY_DELETION, Event::IdentityDeletion);
        }
    }

    fn refresh_account(&mut self, profile: &IdentityProfile, account_id: &str) {
        let now = self.now;
        self.accounts
            .update(account_id, |account| account.examined = Some(now));
        let Some(account) = self.accounts.get(account_id) else {
            return;
        };
        if self.belongs_to_another(profile, account) {
            return;
        }
        let mut attributes: BTreeMap<String, String> = profile
            .mappings
            .iter()
            .filter_map(|mapping| {
                let value = mapping.transform_definition.evaluate(&account.attributes)?;
                Some((mapping.identity_attribute_name.clone(), value))
            })
            .collect();
        if self.behavior.lower_case_email
            && let Some(email) = attributes.get_mut("email")
        {
            *email = email.to_lowercase();
        }
        // Without a uid there is no identity; tenants list such accounts in an exception report.
        let Some(alias) = attributes.get("uid").cloned() else {
            return;
        };
        let account_id = account.id.clone();
        let mut linked = account.identity.clone();
        if let Some(id) = &linked
            && self
                .identities
                .get(id)
                .is_some_and(|identity| !identity.alias.eq_ignore_ascii_case(&alias))
        {
            // Another uid is another identity: the old one goes, and its tokens with it.
            let id = id.clone();
            self.remove_identity(&id);
            linked = None;
        }
        let linked = linked.filter(|id| self.identities.contains(id));
        if linked.is_none()
            && let Some(other) = self.correlated_by_name(profile, &account_id)
        {
            self.accounts
                .update(&account_id, |account| account.identity = Some(other));
            return;
        }
        let id = match linked {
            Some(id) => id,
            None => match self.identities.by_alias(&alias) {
                // Someone else has the name: an exception. An orphan of the same profile is taken up again.
                Some(other) => {
                    let orphan = other.profile.as_deref() == Some(&profile.id)
                        && other
                            .account
                            .as_ref()
                            .is_some_and(|id| self.accounts.get(id).is_none());
                    if !orphan {
                        return;
                    }
                    other.id.clone()
                }
                None => self.ids.hex(),
            },
        };
        let name = attributes
            .get("displayName")
            .cloned()
            .or_else(|| full_name(attributes.get("firstname"), attributes.get("lastname")))
            .unwrap_or_else(|| alias.clone());
        let state = attributes.get("cloudLifecycleState").cloned();
        // A state that was set by hand stays, also among the attributes.
        if let Some(identity) = self.identities.get(&id)
            && identity.lifecycle_state_by_hand
            && let Some(state) = &identity.lifecycle_state
        {
            attributes.insert("cloudLifecycleState".to_owned(), state.clone());
        }
        if self.identities.contains(&id) {
            self.identities.update(&id, |identity| {
                if identity.attributes != attributes || identity.name != name {
                    identity.modified = now;
                }
                identity.alias = alias;
                identity.name = name;
                identity.attributes = attributes;
                identity.account = Some(account_id.clone());
                identity.last_refresh = now;
                if !identity.lifecycle_state_by_hand {
                    identity.lifecycle_state = state;
                }
            });
        } else {
            self.note(SYSTEM, Deed::new("IDENTITY", "CREATE"), &alias);
            self.identities.insert(Identity {
                id: id.clone(),
                alias,
                name,
                attributes,
                profile: Some(profile.id.clone()),
                account: Some(account_id.clone()),
                status: IdentityStatus::Unregistered,
                invited: None,
                registered: None,
                levels: Vec::new(),
                lifecycle_state: state,
                lifecycle_state_by_hand: false,
                protected: false,
                created: now,
                modified: now,
                last_refresh: now,
            });
        }
        self.accounts
            .update(&account_id, |account| account.identity = Some(id));
    }

    /// Whether the account is one more account of an identity that another profile made: such an
    /// identity is not made from it.
    fn belongs_to_another(&self, profile: &IdentityProfile, account: &Account) -> bool {
        account
            .identity
            .as_ref()
            .and_then(|id| self.identities.get(id))
            .is_some_and(|identity| identity.profile.as_deref() != Some(&profile.id))
    }

    /// The identity that was there before, and has the account's name; tenants compare names without
    /// regard to case, and give such an account to it.
    fn correlated_by_name(&self, profile: &IdentityProfile, account: &str) -> Option<String> {
        if !self.behavior.correlate_by_name {
            return None;
        }
        let account = self.accounts.get(account)?;
        let found = self.identities.by_alias(&account.name).or_else(|| {
            let mut named = self.identities.all();
            named.find(|identity| identity.name.eq_ignore_ascii_case(&account.name))
        })?;
        (found.profile.as_deref() != Some(&profile.id)).then(|| found.id.clone())
    }

    pub(super) fn delete_orphaned_identities(&mut self) {
        let orphans: Vec<String> = self
            .identities
            .all()
            .filter(|identity| {
                identity
                    .account
                    .as_ref()
                    .is_some_and(|id| self.accounts.get(id).is_none())
            })
            .map(|identity| identity.id.clone())
            .collect();
        for id in orphans {
            self.remove_identity(&id);
        }
    }

    /// Ends an identity, and what belongs to it.
    pub(super) fn remove_identity(&mut self, id: &str) {
        if let Some(gone) = self.identities.remove(id) {
            self.note(SYSTEM, Deed::new("IDENTITY", "DELETE"), &gone.alias);
        }
        self.tokens.remove_of_owner(id);
        let accounts: Vec<String> = self
            .accounts
            .of_identity(id)
            .map(|account| account.id.clone())
            .collect();
        for account in accounts {
            self.accounts
                .update(&account, |account| account.identity = None);
        }
    }
}

/// First and last name with a space; the two being the same, as for a service account, is one name.
fn full_name(first: Option<&String>, last: Option<&String>) -> Option<String> {
    match (first, last) {
        (Some(first), Some(last)) if first == last => Some(first.clone()),
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    }
}
