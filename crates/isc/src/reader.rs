//! Reader of a tenant.

use crate::Config;
use crate::api::{
    accounts, aggregations, auth_users, events, identities, identity_profiles,
    personal_access_tokens::{self, Owner},
    schemas, sources, task_status,
};
use crate::incomplete::incomplete;
use crate::lately::Lately;
use crate::survey;
use crate::survey::profile_of;
use crate::transport::Client;
use jiff::{SignedDuration, Timestamp};
use model::{
    Aggregations, AuditEvents, Collection, Credential, IdentityId, Live, LiveAccount, LiveIdentity,
    LiveProfile, LiveSchema, LiveSource, LiveToken, LiveUser, NamedIdentity, NativeIdentity,
    ProfileHolder, SourceId, SourceName, Task, TaskId, TenantError, TenantErrorKind, TenantRead,
    UserLevel, Wanted,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// Reads one tenant. Clones share the access tokens, the budget of requests and
/// the count of them.
#[derive(Clone)]
pub struct Reader {
    pub(crate) client: Client,
    /// What a survey may take over.
    pub(crate) lately: Arc<Lately>,
}

impl Reader {
    /// Prepares a client; nothing is sent yet. Fails where TLS cannot be set up.
    pub fn new(config: Config) -> Result<Self, TenantError> {
        Ok(Self {
            client: Client::new(config)?,
            lately: Arc::default(),
        })
    }

    /// How many requests were sent so far, sign-ins and retries included.
    pub fn requests(&self) -> u64 {
        self.client.requests()
    }

    /// How many changes ISC has accepted so far, or may have accepted.
    pub fn changes(&self) -> u64 {
        self.client.changes()
    }

    /// How far this machine's clock is ahead of the tenant's; none before the first
    /// response.
    pub fn clock_ahead(&self) -> Option<SignedDuration> {
        self.client.clock_ahead()
    }

    /// The audit events since a time whose target has one of these names, the latest
    /// first, by one request.
    pub async fn audit_events(
        &self,
        names: &[&str],
        since: Timestamp,
    ) -> Result<AuditEvents, TenantError> {
        events::of_targets(&self.client, names, since).await
    }

    /// The names of all sources, for "did you mean". Fails where they could not
    /// all be read.
    pub async fn source_names(&self) -> Result<Vec<SourceName>, TenantError> {
        let found = sources::all(&self.client).await?;
        let all = whole(found, || "reading the sources".to_owned())?;
        Ok(all.into_iter().map(|source| source.name).collect())
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Reader")
            .field("base_url", &self.client.config().base_url.to_string())
            .finish_non_exhaustive()
    }
}

impl TenantRead for Reader {
    async fn survey(&self, wanted: &Wanted) -> Result<Live, TenantError> {
        survey::survey(&self.client, &self.lately, wanted).await
    }

    async fn source_named(&self, name: &SourceName) -> Result<Option<LiveSource>, TenantError> {
        let found = sources::named(&self.client, &[name]).await?;
        let all = whole(found, || format!("reading the source \"{name}\""))?;
        let mut all = all.into_iter().map(|found| found.live);
        Ok(all.find(|source| source.name == *name))
    }

    async fn account_schema(&self, source: &SourceId) -> Result<Option<LiveSchema>, TenantError> {
        schemas::of_accounts(&self.client, source).await
    }

    async fn csv_columns(&self, source: &SourceId) -> Result<Vec<String>, TenantError> {
        schemas::csv_columns(&self.client, source).await
    }

    async fn accounts(
        &self,
        source: &SourceId,
    ) -> Result<Collection<Vec<LiveAccount>>, TenantError> {
        accounts::of_source(&self.client, source).await
    }

    async fn accounts_among(
        &self,
        source: &SourceId,
        accounts: &BTreeSet<NativeIdentity>,
    ) -> Result<Collection<Vec<LiveAccount>>, TenantError> {
        let sought = accounts::Sought {
            ids: accounts.iter().map(NativeIdentity::as_str).collect(),
            names: BTreeSet::new(),
        };
        accounts::of_source_among(&self.client, source, &sought).await
    }

    async fn profile_of(&self, source: &SourceId) -> Result<Option<LiveProfile>, TenantError> {
        let all = identity_profiles::all(&self.client).await?;
        whole(profile_of(&all, source), || {
            let source = self.client.source_label(source);
            format!("reading the identity profile of the source {source}")
        })
    }

    async fn profiles(&self) -> Result<Vec<ProfileHolder>, TenantError> {
        let all = identity_profiles::all(&self.client).await?;
        whole(all.map(|all| all.holders), || {
            "reading the identity profiles".to_owned()
        })
    }

    async fn identity(&self, identity: &IdentityId) -> Result<Option<LiveIdentity>, TenantError> {
        identities::by_id(&self.client, identity).await
    }

    async fn identities(
        &self,
        identities: &BTreeSet<IdentityId>,
    ) -> Result<BTreeMap<IdentityId, Collection<Option<LiveIdentity>>>, TenantError> {
        identities::by_ids(&self.client, identities).await
    }

    async fn unregistered_among(
        &self,
        identities: &BTreeSet<IdentityId>,
    ) -> Result<BTreeMap<IdentityId, Collection<Option<LiveIdentity>>>, TenantError> {
        identities::unregistered_among(&self.client, identities).await
    }

    async fn unregistered(&self) -> Option<u64> {
        identities::unregistered(&self.client).await
    }

    async fn makers(
        &self,
        identities: &BTreeSet<IdentityId>,
    ) -> Result<(BTreeMap<IdentityId, SourceId>, u64), TenantError> {
        Ok(identities::makers(&self.client, identities).await)
    }

    async fn identity_named(&self, user_name: &str) -> Result<Option<LiveIdentity>, TenantError> {
        identities::named(&self.client, user_name).await
    }

    async fn identities_named(
        &self,
        user_names: &BTreeSet<String>,
    ) -> Result<(Vec<NamedIdentity>, u64), TenantError> {
        Ok(identities::all_named(&self.client, user_names).await)
    }

    async fn user(&self, identity: &IdentityId) -> Result<LiveUser, TenantError> {
        auth_users::read(&self.client, identity).await
    }

    async fn listed_levels(
        &self,
        identities: &BTreeSet<IdentityId>,
    ) -> Result<Option<BTreeMap<IdentityId, BTreeSet<UserLevel>>>, TenantError> {
        survey::listed_levels(&self.client, identities).await
    }

    async fn tokens_of(
        &self,
        owner: &IdentityId,
        issuer: Option<&Credential>,
    ) -> Result<Vec<LiveToken>, TenantError> {
        let of = issuer.map_or(Owner::Of(owner), |issuer| Owner::Own(owner, issuer));
        let read = personal_access_tokens::list(&self.client, of).await?;
        let mut tokens = whole(read, || {
            format!("reading the personal access tokens of the identity {owner}")
        })?;
        tokens.retain(|token| token.owner == *owner);
        Ok(tokens)
    }

    async fn tokens(&self) -> Result<Collection<Vec<LiveToken>>, TenantError> {
        survey::all_tokens(&self.client).await
    }

    async fn task(&self, task: &TaskId) -> Result<Task, TenantError> {
        task_status::by_id(&self.client, task).await
    }

    async fn running_aggregation(&self, source: &SourceId) -> Result<Option<TaskId>, TenantError> {
        task_status::running(&self.client, source).await
    }

    async fn is_inviting(&self) -> Result<bool, TenantError> {
        task_status::is_inviting(&self.client).await
    }

    async fn aggregations(&self, source: &SourceId) -> Result<Aggregations, TenantError> {
        match aggregations::of_source(&self.client, source).await {
            Ok(read) => Ok(read),
            Err(error) => incomplete(error).map(Aggregations::Unread),
        }
    }

    async fn identity_behind(
        &self,
        credential: &Credential,
    ) -> Result<Option<IdentityId>, TenantError> {
        Ok(self.client.claims(Some(credential)).await?.identity_id)
    }
}

/// All rows of a collection, or an error with the reason why it is partial.
fn whole<T>(read: Collection<T>, doing: impl FnOnce() -> String) -> Result<T, TenantError> {
    match read {
        Collection::Complete(all) => Ok(all),
        Collection::Partial { why, .. } => {
            Err(TenantError::new(doing(), TenantErrorKind::Incomplete(why)))
        }
    }
}
