//! Writer to a tenant.

use crate::Reader;
use crate::api::{
    auth_users, identities, identity_profiles,
    personal_access_tokens::{self, Changes},
    schemas, sources,
};
use jiff::Timestamp;
use model::{
    Aggregations, AttributeSpec, Collection, Credential, IdentityId, Live, LiveAccount,
    LiveIdentity, LiveProfile, LiveSchema, LiveSource, LiveToken, LiveUser, NamedIdentity,
    NativeIdentity, NewProfile, NewSource, NewToken, Operation, ProfileHolder, ProfileId, SchemaId,
    Scope, SecretDocument, SourceChange, SourceId, SourceName, Task, TaskId, TenantError,
    TenantRead, TenantWrite, TokenId, TokenName, UserLevel, Wanted,
};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::time::Duration;
use tokio::time::Instant;

/// Changes the tenant that a [`Reader`] reads. Only the applier is given one.
#[derive(Clone, Debug)]
pub struct Writer {
    reader: Reader,
}

impl Writer {
    /// A writer to the same tenant, with the same credential and budget.
    pub fn new(reader: Reader) -> Self {
        Self { reader }
    }

    /// The reader that it was made of.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Writes what can change accounts or whose they are: no list from before it ends is
    /// taken over.
    async fn changing<V>(&self, write: impl Future<Output = V> + Send) -> V {
        self.reader.lately.written();
        let result = write.await;
        self.reader.lately.written();
        result
    }
}

impl TenantRead for Writer {
    async fn survey(&self, wanted: &Wanted) -> Result<Live, TenantError> {
        self.reader.survey(wanted).await
    }

    async fn source_named(&self, name: &SourceName) -> Result<Option<LiveSource>, TenantError> {
        self.reader.source_named(name).await
    }

    async fn account_schema(&self, source: &SourceId) -> Result<Option<LiveSchema>, TenantError> {
        self.reader.account_schema(source).await
    }

    async fn csv_columns(&self, source: &SourceId) -> Result<Vec<String>, TenantError> {
        self.reader.csv_columns(source).await
    }

    async fn accounts(
        &self,
        source: &SourceId,
    ) -> Result<Collection<Vec<LiveAccount>>, TenantError> {
        let at = Instant::now();
        let read = self.reader.accounts(source).await?;
        self.reader.lately.listed(source, at, &read);
        Ok(read)
    }

    async fn accounts_among(
        &self,
        source: &SourceId,
        accounts: &BTreeSet<NativeIdentity>,
    ) -> Result<Collection<Vec<LiveAccount>>, TenantError> {
        self.reader.accounts_among(source, accounts).await
    }

    async fn profile_of(&self, source: &SourceId) -> Result<Option<LiveProfile>, TenantError> {
        self.reader.profile_of(source).await
    }

    async fn profiles(&self) -> Result<Vec<ProfileHolder>, TenantError> {
        self.reader.profiles().await
    }

    async fn identity(&self, identity: &IdentityId) -> Result<Option<LiveIdentity>, TenantError> {
        self.reader.identity(identity).await
    }

    async fn identities(
        &self,
        identities: &BTreeSet<IdentityId>,
    ) -> Result<BTreeMap<IdentityId, Collection<Option<LiveIdentity>>>, TenantError> {
        self.reader.identities(identities).await
    }

    async fn unregistered_among(
        &self,
        identities: &BTreeSet<IdentityId>,
    ) -> Result<BTreeMap<IdentityId, Collection<Option<LiveIdentity>>>, TenantError> {
        self.reader.unregistered_among(identities).await
    }

    async fn unregistered(&self) -> Option<u64> {
        self.reader.unregistered().await
    }

    async fn makers(
        &self,
        identities: &BTreeSet<IdentityId>,
    ) -> Result<(BTreeMap<IdentityId, SourceId>, u64), TenantError> {
        self.reader.makers(identities).await
    }

    async fn identity_named(&self, user_name: &str) -> Result<Option<LiveIdentity>, TenantError> {
        self.reader.identity_named(user_name).await
    }

    async fn identities_named(
        &self,
        user_names: &BTreeSet<String>,
    ) -> Result<(Vec<NamedIdentity>, u64), TenantError> {
        self.reader.identities_named(user_names).await
    }

    async fn user(&self, identity: &IdentityId) -> Result<LiveUser, TenantError> {
        self.reader.user(identity).await
    }

    async fn listed_levels(
        &self,
        identities: &BTreeSet<IdentityId>,
    ) -> Result<Option<BTreeMap<IdentityId, BTreeSet<UserLevel>>>, TenantError> {
        self.reader.listed_levels(identities).await
    }

    async fn tokens_of(
        &self,
        owner: &IdentityId,
        issuer: Option<&Credential>,
    ) -> Result<Vec<LiveToken>, TenantError> {
        self.reader.tokens_of(owner, issuer).await
    }

    async fn tokens(&self) -> Result<Collection<Vec<LiveToken>>, TenantError> {
        self.reader.tokens().await
    }

    async fn task(&self, task: &TaskId) -> Result<Task, TenantError> {
        self.reader.task(task).await
    }

    async fn running_aggregation(&self, source: &SourceId) -> Result<Option<TaskId>, TenantError> {
        self.reader.running_aggregation(source).await
    }

    async fn is_inviting(&self) -> Result<bool, TenantError> {
        self.reader.is_inviting().await
    }

    async fn aggregations(&self, source: &SourceId) -> Result<Aggregations, TenantError> {
        self.reader.aggregations(source).await
    }

    async fn identity_behind(
        &self,
        credential: &Credential,
    ) -> Result<Option<IdentityId>, TenantError> {
        self.reader.identity_behind(credential).await
    }
}

impl TenantWrite for Writer {
    async fn create_source(&self, source: &NewSource) -> Result<SourceId, TenantError> {
        self.changing(sources::create(&self.reader.client, source))
            .await
    }

    async fn update_source(
        &self,
        source: &SourceId,
        changes: &[SourceChange],
    ) -> Result<(), TenantError> {
        self.changing(sources::update(&self.reader.client, source, changes))
            .await
    }

    async fn define_schema(
        &self,
        source: &SourceId,
        schema: &SchemaId,
        attributes: &[AttributeSpec],
    ) -> Result<(), TenantError> {
        self.changing(schemas::define(
            &self.reader.client,
            source,
            schema,
            attributes,
        ))
        .await
    }

    async fn import_accounts(
        &self,
        source: &SourceId,
        csv: Vec<u8>,
        reexamine: bool,
    ) -> Result<TaskId, TenantError> {
        let client = &self.reader.client;
        self.changing(sources::import_accounts(client, source, &csv, reexamine))
            .await
    }

    async fn create_profile(
        &self,
        profile: &NewProfile,
        source: &SourceId,
    ) -> Result<ProfileId, TenantError> {
        let client = &self.reader.client;
        self.changing(identity_profiles::create(client, profile, source))
            .await
    }

    async fn update_profile(&self, update: &Operation) -> Result<(), TenantError> {
        self.changing(identity_profiles::update(&self.reader.client, update))
            .await
    }

    async fn process_identities(&self, profile: &ProfileId) -> Result<(), TenantError> {
        let client = &self.reader.client;
        self.changing(identity_profiles::process_identities(client, profile))
            .await
    }

    async fn invite(&self, identities: &BTreeSet<IdentityId>) -> Result<TaskId, TenantError> {
        identities::invite(&self.reader.client, identities).await
    }

    async fn compares_levels(&self, identity: &IdentityId) -> Result<bool, TenantError> {
        auth_users::compares(&self.reader.client, identity).await
    }

    async fn set_user_levels(
        &self,
        identity: &IdentityId,
        from: Option<&BTreeSet<UserLevel>>,
        levels: &BTreeSet<UserLevel>,
        within: Option<Duration>,
    ) -> Result<Option<BTreeSet<UserLevel>>, TenantError> {
        auth_users::set_levels(&self.reader.client, identity, from, levels, within).await
    }

    async fn mint_token(
        &self,
        issuer: &Credential,
        token: &NewToken,
    ) -> Result<SecretDocument, TenantError> {
        personal_access_tokens::mint(&self.reader.client, issuer, token).await
    }

    async fn update_token(
        &self,
        issuer: &Credential,
        token: &TokenId,
        name: Option<&TokenName>,
        scopes: Option<&BTreeSet<Scope>>,
        expires: Option<Option<Timestamp>>,
    ) -> Result<(), TenantError> {
        let changes = Changes {
            name,
            scopes,
            expires,
        };
        personal_access_tokens::update(&self.reader.client, issuer, token, changes).await
    }

    async fn disable_token(
        &self,
        issuer: Option<&Credential>,
        token: &TokenId,
    ) -> Result<Timestamp, TenantError> {
        personal_access_tokens::disable(&self.reader.client, issuer, token).await
    }

    async fn revoke_token(
        &self,
        issuer: Option<&Credential>,
        token: &TokenId,
    ) -> Result<(), TenantError> {
        personal_access_tokens::revoke(&self.reader.client, issuer, token).await
    }
}
