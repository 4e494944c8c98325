//! Reading the tenant.

use super::FakeTenant;
use model::{
    Collection, Credential, IdentityId, IdentityNames, Incomplete, IncompleteReason, Live,
    LiveAccount, LiveIdentity, LiveProfile, LiveSchema, LiveSource, LiveToken, LiveUser,
    NamedIdentity, NativeIdentity, ProfileHolder, SourceId, SourceName, Task, TaskId, TaskState,
    TenantError, TenantErrorKind, TenantRead, UserLevel, Wanted,
};
use secrecy::ExposeSecret;
use std::collections::{BTreeMap, BTreeSet};
use tokio::time::Instant;

pub(super) fn not_found() -> TenantErrorKind {
    TenantErrorKind::NotFound {
        text: "not found".to_owned(),
        tracking_id: None,
    }
}

impl TenantRead for FakeTenant {
    async fn survey(&self, _: &Wanted) -> Result<Live, TenantError> {
        panic!("the applier carries out plans and makes none")
    }

    async fn source_named(&self, name: &SourceName) -> Result<Option<LiveSource>, TenantError> {
        self.call("source_named", name.as_str(), |state| {
            let mut sources = state.sources.values().map(|source| &source.settings);
            Ok(sources.find(|source| &source.name == name).cloned())
        })
        .await
    }

    async fn account_schema(&self, source: &SourceId) -> Result<Option<LiveSchema>, TenantError> {
        self.call("account_schema", source.as_str(), |state| {
            Ok(state.source(source.as_str()).schema.clone())
        })
        .await
    }

    async fn csv_columns(&self, source: &SourceId) -> Result<Vec<String>, TenantError> {
        self.call("csv_columns", source.as_str(), |state| {
            let schema = state.source(source.as_str()).schema.clone();
            let attributes = schema.ok_or_else(not_found)?.attributes;
            let names = attributes
                .iter()
                .map(|attribute| attribute.name.to_string());
            Ok(names.collect())
        })
        .await
    }

    async fn accounts(
        &self,
        source: &SourceId,
    ) -> Result<Collection<Vec<LiveAccount>>, TenantError> {
        self.call("accounts", source.as_str(), |state| {
            let source = state.source(source.as_str());
            let accounts = source.accounts.clone();
            Ok(if source.partial {
                Collection::Partial {
                    found: accounts,
                    why: Incomplete {
                        reason: IncompleteReason::ShortPage,
                        detail: "page 2".to_owned(),
                        call: None,
                    },
                }
            } else {
                Collection::Complete(accounts)
            })
        })
        .await
    }

    async fn accounts_among(
        &self,
        source: &SourceId,
        accounts: &BTreeSet<NativeIdentity>,
    ) -> Result<Collection<Vec<LiveAccount>>, TenantError> {
        self.call("accounts_among", source.as_str(), |state| {
            let all = state.source(source.as_str()).accounts.iter();
            let among = all.filter(|account| accounts.contains(&account.native_identity));
            Ok(Collection::Complete(among.cloned().collect()))
        })
        .await
    }

    async fn profile_of(&self, source: &SourceId) -> Result<Option<LiveProfile>, TenantError> {
        self.call("profile_of", source.as_str(), |state| {
            Ok(state.source(source.as_str()).profile.clone())
        })
        .await
    }

    async fn profiles(&self) -> Result<Vec<ProfileHolder>, TenantError> {
        self.call("profiles", "", |state| Ok(state.profiles()))
            .await
    }

    async fn identity(&self, identity: &IdentityId) -> Result<Option<LiveIdentity>, TenantError> {
        self.call("identity", identity.as_str(), |state| {
            Ok(state.identities.get(identity).cloned())
        })
        .await
    }

    async fn identities(
        &self,
        identities: &BTreeSet<IdentityId>,
    ) -> Result<BTreeMap<IdentityId, Collection<Option<LiveIdentity>>>, TenantError> {
        self.call("identities", "", |state| {
            let read = |id: &IdentityId| Collection::Complete(state.identities.get(id).cloned());
            Ok(identities.iter().map(|id| (id.clone(), read(id))).collect())
        })
        .await
    }

    async fn makers(
        &self,
        _: &BTreeSet<IdentityId>,
    ) -> Result<(BTreeMap<IdentityId, SourceId>, u64), TenantError> {
        panic!("only a plan asks for them")
    }

    async fn identity_named(&self, user_name: &str) -> Result<Option<LiveIdentity>, TenantError> {
        self.call("identity_named", user_name, |state| {
            let mut all = state.identities.values();
            Ok(all.find(|identity| identity.alias == user_name).cloned())
        })
        .await
    }

    async fn identities_named(
        &self,
        _: &BTreeSet<String>,
    ) -> Result<(Vec<NamedIdentity>, u64), TenantError> {
        panic!("only a plan asks for them")
    }

    async fn user(&self, identity: &IdentityId) -> Result<LiveUser, TenantError> {
        self.call("user_levels", identity.as_str(), |state| {
            let levels = state.levels.get(identity).cloned().ok_or_else(not_found)?;
            let names = state
                .identities
                .get(identity)
                .map(|identity| IdentityNames {
                    alias: Some(identity.alias.clone()),
                    email: identity.email.clone(),
                });
            Ok(LiveUser {
                levels,
                names: names.unwrap_or_default(),
            })
        })
        .await
    }

    async fn listed_levels(
        &self,
        identities: &BTreeSet<IdentityId>,
    ) -> Result<Option<BTreeMap<IdentityId, BTreeSet<UserLevel>>>, TenantError> {
        self.call("listed_levels", "", |state| {
            let held = |id: &IdentityId| state.levels.get(id).cloned().unwrap_or_default();
            let listed = identities.iter().map(|id| (id.clone(), held(id))).collect();
            Ok(state.has_lists.then_some(listed))
        })
        .await
    }

    async fn tokens(&self) -> Result<Collection<Vec<LiveToken>>, TenantError> {
        self.call("tokens", "", |state| {
            Ok(Collection::Complete(state.tokens.clone()))
        })
        .await
    }

    async fn is_inviting(&self) -> Result<bool, TenantError> {
        self.call("is_inviting", "", |state| {
            let mut tasks = state.tasks.iter();
            Ok(tasks.any(|(end, _, _)| *end > Instant::now()))
        })
        .await
    }

    async fn tokens_of(
        &self,
        owner: &IdentityId,
        _: Option<&Credential>,
    ) -> Result<Vec<LiveToken>, TenantError> {
        self.call("tokens_of", owner.as_str(), |state| {
            let tokens = state.tokens.iter().filter(|token| &token.owner == owner);
            Ok(tokens.cloned().collect())
        })
        .await
    }

    async fn task(&self, task: &TaskId) -> Result<Task, TenantError> {
        self.call("task", task.as_str(), |state| {
            let number: usize = task.as_str().trim_start_matches("task-").parse().unwrap();
            let (end, result, messages) = state.tasks[number].clone();
            let running = end > Instant::now();
            Ok(Task {
                id: task.clone(),
                state: if running { TaskState::Running } else { result },
                messages: if running { Vec::new() } else { messages },
                deletions: state.deletions.filter(|_| !running),
            })
        })
        .await
    }

    async fn running_aggregation(&self, source: &SourceId) -> Result<Option<TaskId>, TenantError> {
        self.call("running_aggregation", source.as_str(), |state| {
            let running = !state.source(source.as_str()).running.is_empty();
            Ok(running.then(|| "task-of-others".into()))
        })
        .await
    }

    async fn aggregations(&self, _: &SourceId) -> Result<model::Aggregations, TenantError> {
        panic!("only a plan asks for them")
    }

    async fn identity_behind(
        &self,
        credential: &Credential,
    ) -> Result<Option<IdentityId>, TenantError> {
        let Credential {
            client_id,
            client_secret,
        } = credential;
        self.call("identity_behind", client_id.as_str(), |state| {
            let known = state.secrets.get(client_id).map(String::as_str);
            if known != Some(client_secret.expose_secret()) {
                return Err(TenantErrorKind::Unauthenticated {
                    text: "bad credentials".to_owned(),
                });
            }
            let mut tokens = state.tokens.iter();
            let token = tokens.find(|token| &token.id == client_id);
            Ok(token.map(|token| token.owner.clone()))
        })
        .await
    }
}
