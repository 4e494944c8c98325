//! Out-of-band changes to the simulated tenant, to test drift.

use jiff::SignedDuration;
use serde_json::{Map, Value};

use super::audit::SYSTEM;
use super::records::{
    Completion, Event, NextTask, Origin, Source, TaskKind, Work, account_mapping,
};
use super::{Tenant, delays};
use crate::errors::ControlError;

impl Tenant {
    /// Puts an account into a source, or replaces the attributes of the one with the same native
    /// identity. `source` is a name or an id. Answers the account's id.
    pub fn put_account_out_of_band(
        &mut self,
        source: &str,
        attributes: Map<String, Value>,
    ) -> Result<String, ControlError> {
        let source = self.find_source(source)?;
        let id = source.id.clone();
        let native = source.native_identity_of(&attributes).ok_or_else(|| {
            ControlError::NotUnderstood(format!(
                "the account has no {:?}",
                source.identity_attribute()
            ))
        })?;
        let name = source.display_name_of(&attributes, &native);
        self.put_account(&id, native.clone(), name, attributes, Origin::Aggregated);
        self.source_was_read(&id);
        self.touch();
        let account = self.accounts.by_native_identity(&id, &native);
        Ok(account
            .map(|account| account.id.clone())
            .unwrap_or_default())
    }

    /// Records an aggregation that read all accounts of a source as they are, as after others
    /// have aggregated it. `source` is a name or an id.
    pub fn aggregate_out_of_band(&mut self, source: &str) -> Result<(), ControlError> {
        let source = self.find_source(source)?.id.clone();
        let total = self.accounts.of_source(&source).count();
        let about = self.about_source(&source);
        let task = self.start_task(
            TaskKind::AccountAggregation,
            SYSTEM,
            about,
            Work::AggregateDirectly,
            SignedDuration::ZERO,
        );
        let now = self.now;
        if let Some(task) = self.tasks.get_mut(&task) {
            task.work = None;
            task.completed = Some(now);
            task.completion = Some(Completion::Success);
            for (name, value) in [("appId", source), ("total", total.to_string())] {
                let _ = task
                    .attributes
                    .insert(name.to_owned(), Value::String(value));
            }
        }
        Ok(())
    }

    /// Removes the account with this native identity or name from a source.
    pub fn remove_account_out_of_band(
        &mut self,
        source: &str,
        account: &str,
    ) -> Result<(), ControlError> {
        let source = self.find_source(source)?.id.clone();
        let found = self
            .accounts
            .by_native_identity(&source, account)
            .or_else(|| {
                self.accounts
                    .of_source(&source)
                    .find(|found| found.name == account)
            })
            .map(|found| found.id.clone())
            .ok_or_else(|| ControlError::Unknown {
                what: "account",
                name: account.to_owned(),
            })?;
        self.accounts.remove(&found);
        self.after(delays::IDENTITY_DELETION, Event::IdentityDeletion);
        self.touch();
        Ok(())
    }

    /// Renames a source, as an admin does in the UI. `source` is a name or an id.
    pub fn rename_source_out_of_band(
        &mut self,
        source: &str,
        name: &str,
    ) -> Result<(), ControlError> {
        let found = self.find_source(source)?;
        let (id, mut wanted) = (found.id.clone(), self.source_wire(found));
        wanted["name"] = Value::String(name.to_owned());
        self.change_source(&id, &wanted)?;
        Ok(())
    }

    /// Adds a text attribute to the account schema of a source. `source` is a name or an id.
    pub fn add_attribute_out_of_band(
        &mut self,
        source: &str,
        attribute: &str,
    ) -> Result<(), ControlError> {
        let found = self.find_source(source)?;
        let schema = found.account_schema().ok_or(ControlError::Unknown {
            what: "account schema of source",
            name: found.name.clone(),
        })?;
        let (source, id, mut wanted) = (found.id.clone(), schema.id.clone(), schema.wire());
        if let Some(attributes) = wanted["attributes"].as_array_mut() {
            attributes.push(serde_json::json!({"name": attribute, "type": "STRING"}));
        }
        self.change_schema(&source, &id, &wanted)?;
        Ok(())
    }

    /// Fills a delimited file source named `Bulk` with `count` accounts, a profile and an
    /// identity for each: for trying things at scale.
    pub fn add_bulk_accounts(&mut self, count: usize) -> Result<(), ControlError> {
        let owner = serde_json::json!({"type": "IDENTITY", "id": self.admin_identity()});
        let source = self.create_source(
            &serde_json::json!({
                "name": "Bulk",
                "description": "Accounts for trying things at scale",
                "owner": owner,
                "connector": "delimited-file-angularsc",
            }),
            true,
        )?;
        let columns = ["id", "name", "e-mail", "purpose"].map(str::to_owned);
        self.upload_schema(&source, "account", &columns)?;
        for number in 0..count {
            let native = format!("BULK-{number:06}");
            let name = format!("bulk{number:06}");
            let attributes = Map::from_iter([
                ("id".to_owned(), Value::String(native.clone())),
                ("name".to_owned(), Value::String(name.clone())),
                (
                    "e-mail".to_owned(),
                    Value::String(format!("{name}@example.com")),
                ),
                (
                    "purpose".to_owned(),
                    Value::String("Trying things at scale".into()),
                ),
            ]);
            self.put_account(&source, native, name, attributes, Origin::Aggregated);
        }
        self.aggregate_out_of_band(&source)?;
        let mapping = |identity, account| account_mapping(identity, &source, "Bulk", account);
        let profile = self.create_profile(&serde_json::json!({
            "name": "Bulk",
            "owner": owner,
            "authoritativeSource": {"type": "SOURCE", "id": source},
            "identityAttributeConfig": {"enabled": true, "attributeTransforms": [
                mapping("uid", "name"),
                mapping("email", "e-mail"),
                mapping("firstname", "name"),
                mapping("lastname", "name"),
            ]},
        }))?;
        self.refresh_identities(&profile, true);
        let now = self.now;
        if let Some(source) = self.sources.get_mut(&source) {
            source.set_healthy(now);
        }
        self.touch();
        Ok(())
    }

    /// Forces the outcome of the next task that starts. `status_race` makes its
    /// `completed` be set some time before its `completionStatus`.
    pub fn force_next_task(&mut self, outcome: Option<Completion>, status_race: bool) {
        self.next_task = NextTask {
            outcome,
            status_race,
        };
        self.touch();
    }

    fn find_source(&self, name_or_id: &str) -> Result<&Source, ControlError> {
        self.sources
            .get(name_or_id)
            .or_else(|| {
                self.sources
                    .values()
                    .find(|source| source.name == name_or_id)
            })
            .ok_or_else(|| ControlError::UnknownSource(name_or_id.to_owned()))
    }
}
