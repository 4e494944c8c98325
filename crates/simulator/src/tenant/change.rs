//! A change of the tenant, as the log beside a state file holds it: the objects that differ, whole.
//!
//! Objects and not requests are logged, so that what they are is said in one place, their types, and
//! a simulator that would answer a request otherwise still reads what another one did.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::records::{
    Account, AuditChanges, AuthorizationCode, Behavior, CustomUserLevel, Identity,
    IdentityAttribute, IdentityProfile, Ids, MachineAccount, MachineIdentity, NextTask,
    OauthClient, PersonalAccessToken, QueueChanges, RefreshToken, RowChanges, SeriesChanges,
    Source, Task,
};
use super::{Secrets, Tenant};

/// What has changed between two states of a tenant.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Change {
    /// The number of the change: it leads from the state before this position to that at it.
    pub(crate) position: u64,
    now: Timestamp,
    ids: Ids,
    next_task: NextTask,
    behavior: Behavior,
    #[serde(default, skip_serializing_if = "QueueChanges::is_empty")]
    events: QueueChanges,
    #[serde(default, skip_serializing_if = "RowChanges::is_empty")]
    sources: RowChanges<Source>,
    #[serde(default, skip_serializing_if = "RowChanges::is_empty")]
    accounts: RowChanges<Account>,
    #[serde(default, skip_serializing_if = "RowChanges::is_empty")]
    profiles: RowChanges<IdentityProfile>,
    #[serde(default, skip_serializing_if = "RowChanges::is_empty")]
    identities: RowChanges<Identity>,
    #[serde(default, skip_serializing_if = "RowChanges::is_empty")]
    identity_attributes: RowChanges<IdentityAttribute>,
    #[serde(default, skip_serializing_if = "RowChanges::is_empty")]
    custom_levels: RowChanges<CustomUserLevel>,
    #[serde(default, skip_serializing_if = "RowChanges::is_empty")]
    tokens: RowChanges<PersonalAccessToken>,
    #[serde(default, skip_serializing_if = "RowChanges::is_empty")]
    oauth_clients: RowChanges<OauthClient>,
    #[serde(default, skip_serializing_if = "RowChanges::is_empty")]
    machine_identities: RowChanges<MachineIdentity>,
    #[serde(default, skip_serializing_if = "RowChanges::is_empty")]
    machine_accounts: RowChanges<MachineAccount>,
    #[serde(default, skip_serializing_if = "SeriesChanges::is_empty")]
    codes: SeriesChanges<AuthorizationCode>,
    #[serde(default, skip_serializing_if = "SeriesChanges::is_empty")]
    refresh_tokens: SeriesChanges<RefreshToken>,
    #[serde(default, skip_serializing_if = "RowChanges::is_empty")]
    tasks: RowChanges<Task>,
    #[serde(default, skip_serializing_if = "SeriesChanges::is_empty")]
    task_order: SeriesChanges<String>,
    #[serde(default, skip_serializing_if = "AuditChanges::is_empty")]
    audit: AuditChanges,
}

impl Change {
    /// The secrets in it.
    pub(crate) fn secrets(&self) -> Secrets<'_> {
        Secrets::of(
            self.tokens.put.values(),
            self.oauth_clients.put.values(),
            &self.codes.added,
            &self.refresh_tokens.added,
            self.sources.put.values(),
        )
    }
}

impl Tenant {
    /// What has changed since the last call, or since the tenant was loaded.
    pub(crate) fn take_change(&mut self) -> Change {
        let Self {
            format_version: _,
            org: _,
            created: _,
            generation: _,
            position,
            now,
            ids,
            events,
            sources,
            accounts,
            profiles,
            identities,
            identity_attributes,
            custom_levels,
            tokens,
            oauth_clients,
            machine_identities,
            machine_accounts,
            codes,
            refresh_tokens,
            tasks,
            task_order,
            next_task,
            behavior,
            audit,
        } = self;
        *position += 1;
        Change {
            position: *position,
            now: *now,
            ids: ids.clone(),
            next_task: *next_task,
            behavior: *behavior,
            events: events.take_changes(),
            sources: sources.take_changes(),
            accounts: accounts.take_changes(),
            profiles: profiles.take_changes(),
            identities: identities.take_changes(),
            identity_attributes: identity_attributes.take_changes(),
            custom_levels: custom_levels.take_changes(),
            tokens: tokens.take_changes(),
            oauth_clients: oauth_clients.take_changes(),
            machine_identities: machine_identities.take_changes(),
            machine_accounts: machine_accounts.take_changes(),
            codes: codes.take_changes(),
            refresh_tokens: refresh_tokens.take_changes(),
            tasks: tasks.take_changes(),
            task_order: task_order.take_changes(),
            audit: audit.take_changes(),
        }
    }

    /// Makes a change that was taken from another copy of the tenant.
    pub(crate) fn apply(&mut self, change: Change) {
        let Change {
            position,
            now,
            ids,
            next_task,
            behavior,
            events,
            sources,
            accounts,
            profiles,
            identities,
            identity_attributes,
            custom_levels,
            tokens,
            oauth_clients,
            machine_identities,
            machine_accounts,
            codes,
            refresh_tokens,
            tasks,
            task_order,
            audit,
        } = change;
        self.position = position;
        self.now = now;
        self.ids = ids;
        self.next_task = next_task;
        self.behavior = behavior;
        self.events.apply(events);
        self.sources.apply(sources);
        self.accounts.apply(accounts);
        self.profiles.apply(profiles);
        self.identities.apply(identities);
        self.identity_attributes.apply(identity_attributes);
        self.custom_levels.apply(custom_levels);
        self.tokens.apply(tokens);
        self.oauth_clients.apply(oauth_clients);
        self.machine_identities.apply(machine_identities);
        self.machine_accounts.apply(machine_accounts);
        self.codes.apply(codes);
        self.refresh_tokens.apply(refresh_tokens);
        self.tasks.apply(tasks);
        self.task_order.apply(task_order);
        self.audit.apply(audit);
    }

    /// Counts nothing as changed: the tenant is saved as it is, or kept in memory only.
    pub(crate) fn forget_changes(&mut self) {
        let Self {
            format_version: _,
            org: _,
            created: _,
            generation: _,
            position: _,
            now: _,
            ids: _,
            next_task: _,
            behavior: _,
            events,
            sources,
            accounts,
            profiles,
            identities,
            identity_attributes,
            custom_levels,
            tokens,
            oauth_clients,
            machine_identities,
            machine_accounts,
            codes,
            refresh_tokens,
            tasks,
            task_order,
            audit,
        } = self;
        events.forget_changes();
        sources.forget_changes();
        accounts.forget_changes();
        profiles.forget_changes();
        identities.forget_changes();
        identity_attributes.forget_changes();
        custom_levels.forget_changes();
        tokens.forget_changes();
        oauth_clients.forget_changes();
        machine_identities.forget_changes();
        machine_accounts.forget_changes();
        codes.forget_changes();
        refresh_tokens.forget_changes();
        tasks.forget_changes();
        task_order.forget_changes();
        audit.forget_changes();
    }
}
