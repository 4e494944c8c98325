//! Creates, updates, correlates and deletes accounts.

use serde_json::{Map, Value};

use super::records::{
    About, Account, Completion, Event, Origin, Severity, Source, TaskKind, Work, WorkDone,
};
use super::{Tenant, delays};
use crate::errors::Refusal;

impl Tenant {
    pub(crate) fn account(&self, id: &str) -> Result<&Account, Refusal> {
        self.accounts
            .get(id)
            .ok_or_else(|| Refusal::not_found(format!("Account {id}")))
    }

    /// Submits the creation of one account; an account with the same native identity is updated.
    pub(crate) fn submit_account_creation(
        &mut self,
        launcher: &str,
        mut attributes: Map<String, Value>,
    ) -> Result<String, Refusal> {
        let Some(Value::String(source)) = attributes.remove("sourceId") else {
            return Err(Refusal::missing("attributes.sourceId"));
        };
        let found = self
            .sources
            .get(&source)
            .ok_or_else(|| Refusal::reference(format!("The source {source} does not exist.")))?;
        check_attributes(found, &attributes)?;
        if found.native_identity_of(&attributes).is_none() {
            return Err(Refusal::missing(format!(
                "The account attribute {:?}",
                found.identity_attribute()
            )));
        }
        let work = Work::CreateAccount {
            source: source.clone(),
            attributes,
        };
        Ok(self.start_account_change(launcher, &source, work))
    }

    /// Submits the replacement of all attributes of an account of a delimited file source.
    pub(crate) fn submit_account_replacement(
        &mut self,
        launcher: &str,
        id: &str,
        attributes: Map<String, Value>,
    ) -> Result<String, Refusal> {
        let account = self.account(id)?;
        let source = self.source(&account.source)?;
        only_delimited(source, "update")?;
        check_attributes(source, &attributes)?;
        if let Some(native) = source.native_identity_of(&attributes)
            && native != account.native_identity
        {
            return Err(Refusal::illegal_update(
                "The native identity of an account cannot be changed.",
            ));
        }
        let source = source.id.clone();
        let work = Work::ReplaceAccount {
            account: id.to_owned(),
            attributes,
        };
        Ok(self.start_account_change(launcher, &source, work))
    }

    /// Submits the deletion of an account of a delimited file source.
    pub(crate) fn submit_account_deletion(
        &mut self,
        launcher: &str,
        id: &str,
    ) -> Result<String, Refusal> {
        let account = self.account(id)?;
        let source = self.source(&account.source)?;
        only_delimited(source, "delete")?;
        let source = source.id.clone();
        let work = Work::DeleteAccount {
            account: id.to_owned(),
        };
        Ok(self.start_account_change(launcher, &source, work))
    }

    /// Submits enabling, disabling or unlocking an account.
    pub(crate) fn submit_account_state(
        &mut self,
        launcher: &str,
        id: &str,
        disabled: Option<bool>,
        locked: Option<bool>,
    ) -> Result<String, Refusal> {
        let source = self.account(id)?.source.clone();
        let work = Work::SetAccountState {
            account: id.to_owned(),
            disabled,
            locked,
        };
        Ok(self.start_account_change(launcher, &source, work))
    }

    /// Submits reading an account again from its source.
    pub(crate) fn submit_account_reload(
        &mut self,
        launcher: &str,
        id: &str,
    ) -> Result<String, Refusal> {
        let source = self.account(id)?.source.clone();
        let work = Work::ReloadAccount {
            account: id.to_owned(),
        };
        Ok(self.start_account_change(launcher, &source, work))
    }

    fn start_account_change(&mut self, launcher: &str, source: &str, work: Work) -> String {
        let about = self.about_source(source);
        self.start_task(
            TaskKind::AccountChange,
            launcher,
            about,
            work,
            delays::ACCOUNT_CHANGE,
        )
    }

    /// Gives an account to another identity, or to none.
    pub(crate) fn correlate_account(
        &mut self,
        id: &str,
        identity: Option<String>,
        by_hand: bool,
    ) -> Result<(), Refusal> {
        self.account(id)?;
        if let Some(identity) = &identity
            && !self.identities.contains(identity)
        {
            return Err(Refusal::reference(format!(
                "The identity {identity} does not exist."
            )));
        }
        let now = self.now;
        self.accounts.update(id, |account| {
            account.identity = identity;
            account.manually_correlated = by_hand;
            account.modified = now;
        });
        self.touch();
        Ok(())
    }

    pub(super) fn create_account_now(
        &mut self,
        source: &str,
        attributes: Map<String, Value>,
    ) -> WorkDone {
        let Some(found) = self.sources.get(source) else {
            return WorkDone::with(Completion::Error, Severity::Error, "The source is gone.");
        };
        let Some(native) = found.native_identity_of(&attributes) else {
            return WorkDone::with(
                Completion::Error,
                Severity::Error,
                "The account has no native identity.",
            );
        };
        let name = found.display_name_of(&attributes, &native);
        self.put_account(source, native, name, attributes, Origin::Provisioned);
        self.source_was_read(source);
        WorkDone::success()
    }

    pub(super) fn replace_account_now(
        &mut self,
        id: &str,
        mut attributes: Map<String, Value>,
    ) -> WorkDone {
        let Some(account) = self.accounts.get(id) else {
            return WorkDone::with(Completion::Error, Severity::Error, "The account is gone.");
        };
        let (source_id, native) = (account.source.clone(), account.native_identity.clone());
        let Some(source) = self.sources.get(&source_id) else {
            return WorkDone::with(Completion::Error, Severity::Error, "The source is gone.");
        };
        attributes
            .entry(source.identity_attribute().to_owned())
            .or_insert_with(|| Value::String(native.clone()));
        let name = source.display_name_of(&attributes, &native);
        let origin = account.origin;
        self.put_account(&source_id, native, name, attributes, origin);
        self.source_was_read(&source_id);
        WorkDone::success()
    }

    pub(super) fn delete_account_now(&mut self, id: &str) -> WorkDone {
        match self.accounts.remove(id) {
            Some(_) => {
                self.after(delays::IDENTITY_DELETION, Event::IdentityDeletion);
                WorkDone::success()
            }
            None => WorkDone::with(Completion::Error, Severity::Error, "The account is gone."),
        }
    }

    pub(super) fn set_account_state_now(
        &mut self,
        id: &str,
        disabled: Option<bool>,
        locked: Option<bool>,
    ) -> WorkDone {
        let now = self.now;
        self.accounts.update(id, |account| {
            account.disabled = disabled.unwrap_or(account.disabled);
            account.locked = locked.unwrap_or(account.locked);
            account.modified = now;
        });
        WorkDone::success()
    }

    pub(super) fn remove_all_accounts(&mut self, source: &str) -> WorkDone {
        let ids: Vec<String> = self
            .accounts
            .of_source(source)
            .map(|account| account.id.clone())
            .collect();
        for id in &ids {
            self.accounts.remove(id);
        }
        if !ids.is_empty() {
            self.after(delays::IDENTITY_DELETION, Event::IdentityDeletion);
        }
        WorkDone::success()
    }

    /// Makes or updates the account with this native identity. Answers whether anything changed.
    pub(crate) fn put_account(
        &mut self,
        source: &str,
        native: String,
        name: String,
        attributes: Map<String, Value>,
        origin: Origin,
    ) -> bool {
        let now = self.now;
        if let Some(existing) = self.accounts.by_native_identity(source, &native) {
            if existing.attributes == attributes && existing.name == name {
                return false;
            }
            let id = existing.id.clone();
            self.accounts.update(&id, |account| {
                account.name = name;
                account.attributes = attributes;
                account.modified = now;
            });
            return true;
        }
        let account = Account {
            id: self.ids.hex(),
            source: source.to_owned(),
            native_identity: native,
            name,
            attributes,
            identity: None,
            created: now,
            modified: now,
            disabled: false,
            locked: false,
            manually_correlated: false,
            origin,
            examined: None,
        };
        self.accounts.insert(account);
        true
    }

    /// Makes the next refresh look at all accounts of a source, and not at changed ones only.
    pub(super) fn forget_examinations(&mut self, source: &str) {
        let ids: Vec<String> = self
            .accounts
            .of_source(source)
            .map(|account| account.id.clone())
            .collect();
        for id in ids {
            self.accounts.update(&id, |account| account.examined = None);
        }
    }

    /// After accounts of a source were read: the source is healthy, and its identities are refreshed.
    pub(crate) fn source_was_read(&mut self, source: &str) {
        let now = self.now;
        if let Some(source) = self.sources.get_mut(source) {
            source.set_healthy(now);
        }
        let profile = self
            .profiles
            .values()
            .find(|profile| profile.source == source && profile.enabled)
            .map(|profile| profile.id.clone());
        if let Some(profile) = profile {
            self.after(
                delays::IDENTITY_REFRESH,
                Event::IdentityRefresh {
                    profile,
                    everything: false,
                },
            );
        }
    }

    pub(crate) fn about_source(&self, source: &str) -> About {
        let target = self.sources.get(source).map(|found| {
            (
                "APPLICATION".to_owned(),
                found.id.clone(),
                found.target_name(),
            )
        });
        About {
            source: Some(source.to_owned()),
            target,
        }
    }
}

fn check_attributes(source: &Source, attributes: &Map<String, Value>) -> Result<(), Refusal> {
    let schema = source.account_attribute_names();
    match attributes
        .keys()
        .find(|name| !schema.contains(&name.as_str()))
    {
        Some(unknown) => Err(Refusal::illegal_value(format!(
            "The account schema has no attribute {unknown:?}."
        ))),
        None => Ok(()),
    }
}

fn only_delimited(source: &Source, verb: &str) -> Result<(), Refusal> {
    if source.is_delimited_file() {
        return Ok(());
    }
    Err(Refusal::bad_request(format!(
        "Cannot {verb} accounts of the source {:?}: only sources of the type DelimitedFile allow it.",
        source.name
    )))
}
