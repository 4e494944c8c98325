//! State of a tenant, as it is saved and loaded.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::records::{
    Accounts, Audit, AuthorizationCode, Behavior, CustomUserLevel, Identities, IdentityAttribute,
    IdentityProfile, Ids, MachineAccount, MachineIdentity, NextTask, OauthClient, Queue,
    RefreshToken, Series, Source, Table, Task, Tokens, fingerprint,
};
use crate::clock::to_millisecond;

/// A simulated tenant: all that it knows, and the time there.
///
/// It can be saved and loaded with serde; what is loaded is what was saved, the queue of coming
/// events included. It holds the secrets of personal access tokens as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tenant {
    /// The version of the form in which it is saved.
    pub(crate) format_version: u32,
    pub(crate) org: String,
    pub(crate) now: Timestamp,
    pub(crate) created: Timestamp,
    pub(crate) ids: Ids,
    pub(crate) events: Queue,
    pub(crate) sources: Table<Source>,
    pub(crate) accounts: Accounts,
    pub(crate) profiles: Table<IdentityProfile>,
    pub(crate) identities: Identities,
    pub(crate) identity_attributes: Table<IdentityAttribute>,
    pub(crate) custom_levels: Table<CustomUserLevel>,
    pub(crate) tokens: Tokens,
    pub(crate) oauth_clients: Table<OauthClient>,
    #[serde(default)]
    pub(crate) machine_identities: Table<MachineIdentity>,
    /// By the id of the account.
    #[serde(default)]
    pub(crate) machine_accounts: Table<MachineAccount>,
    pub(crate) codes: Series<AuthorizationCode>,
    pub(crate) refresh_tokens: Series<RefreshToken>,
    pub(crate) tasks: Table<Task>,
    /// Ids of tasks, oldest first.
    pub(crate) task_order: Series<String>,
    pub(crate) next_task: NextTask,
    #[serde(default)]
    pub(crate) behavior: Behavior,
    #[serde(default)]
    pub(crate) audit: Audit,
    /// How many changes have been logged, with which a log is found to go with its state.
    #[serde(default)]
    pub(crate) position: u64,
    /// Goes up with each change; only for this process, to know what is stale.
    #[serde(skip)]
    pub(crate) generation: u64,
}

/// The version of the saved form.
pub(crate) const FORMAT_VERSION: u32 = 1;

impl Tenant {
    /// A new tenant, with its administrator and the example source; `now` is the time there.
    pub fn new(now: Timestamp) -> Self {
        Self::seeded(now, "simulator", 1)
    }

    /// A new tenant with a name of its own and other identifiers than one with another seed.
    pub(crate) fn seeded(now: Timestamp, org: &str, seed: u64) -> Self {
        let now = to_millisecond(now);
        let mut tenant = Self {
            format_version: FORMAT_VERSION,
            org: org.to_owned(),
            now,
            created: now,
            ids: Ids::new(seed),
            events: Queue::default(),
            sources: Table::default(),
            accounts: Accounts::default(),
            profiles: Table::default(),
            identities: Identities::default(),
            identity_attributes: IdentityAttribute::built_in().into(),
            custom_levels: Table::default(),
            tokens: Tokens::default(),
            oauth_clients: Table::default(),
            machine_identities: Table::default(),
            machine_accounts: Table::default(),
            codes: Series::default(),
            refresh_tokens: Series::default(),
            tasks: Table::default(),
            task_order: Series::default(),
            next_task: NextTask::default(),
            behavior: Behavior::default(),
            audit: Audit::default(),
            position: 0,
            generation: 0,
        };
        tenant.seed();
        tenant
    }

    /// The time there.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// An identifier of the tenant itself.
    pub(crate) fn id(&self) -> String {
        format!(
            "{:016x}{:016x}",
            fingerprint(self.ids.seed(), b"tenant"),
            self.ids.seed()
        )
    }

    /// An identifier that nothing has.
    pub(crate) fn new_id(&mut self) -> String {
        self.touch();
        self.ids.hex()
    }

    /// Notes that something has changed.
    pub(crate) fn touch(&mut self) {
        self.generation += 1;
    }
}
