//! Traits that read and write a tenant.
//!
//! There are two, so that commands that only read (`plan`, `status`, `adopt`) have
//! no path to a write: only the applier is given a [`TenantWrite`].

use crate::{
    Aggregations, AttributeSpec, Collection, Credential, IdentityId, Live, LiveAccount,
    LiveIdentity, LiveProfile, LiveSchema, LiveSource, LiveToken, LiveUser, NamedIdentity,
    NativeIdentity, NewProfile, NewSource, NewToken, Operation, ProfileHolder, ProfileId, SchemaId,
    Scope, SecretDocument, SourceChange, SourceId, SourceName, Task, TaskId, TenantError, TokenId,
    TokenName, UserLevel, Wanted,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::time::Duration;

/// Reads a tenant.
pub trait TenantRead: Send + Sync {
    /// Reads all that a spec needs, in as few requests as possible. A partial read
    /// is marked as partial; an error is returned only where nothing could be read
    /// (not authenticated, no tenant).
    fn survey(&self, wanted: &Wanted) -> impl Future<Output = Result<Live, TenantError>> + Send;

    /// A source's own settings, found by name; its collections are left unread.
    fn source_named(
        &self,
        name: &SourceName,
    ) -> impl Future<Output = Result<Option<LiveSource>, TenantError>> + Send;

    /// The account schema of a source.
    fn account_schema(
        &self,
        source: &SourceId,
    ) -> impl Future<Output = Result<Option<LiveSchema>, TenantError>> + Send;

    /// The columns of a source's CSV template, in its order.
    fn csv_columns(
        &self,
        source: &SourceId,
    ) -> impl Future<Output = Result<Vec<String>, TenantError>> + Send;

    /// All accounts of a source; incomplete where a page is missing.
    fn accounts(
        &self,
        source: &SourceId,
    ) -> impl Future<Output = Result<Collection<Vec<LiveAccount>>, TenantError>> + Send;

    /// These accounts of a source, and possibly others, in as few requests as possible;
    /// incomplete where one of them may be missing.
    fn accounts_among(
        &self,
        source: &SourceId,
        accounts: &BTreeSet<NativeIdentity>,
    ) -> impl Future<Output = Result<Collection<Vec<LiveAccount>>, TenantError>> + Send;

    /// The identity profile of a source.
    fn profile_of(
        &self,
        source: &SourceId,
    ) -> impl Future<Output = Result<Option<LiveProfile>, TenantError>> + Send;

    /// All identity profiles, with what their mappings read.
    fn profiles(&self) -> impl Future<Output = Result<Vec<ProfileHolder>, TenantError>> + Send;

    /// An identity; none where it does not exist.
    fn identity(
        &self,
        identity: &IdentityId,
    ) -> impl Future<Output = Result<Option<LiveIdentity>, TenantError>> + Send;

    /// Several identities, in as few requests as possible; none for one that does not
    /// exist.
    fn identities(
        &self,
        identities: &BTreeSet<IdentityId>,
    ) -> impl Future<
        Output = Result<BTreeMap<IdentityId, Collection<Option<LiveIdentity>>>, TenantError>,
    > + Send;

    /// The same for identities of which most are expected not to be registered.
    fn unregistered_among(
        &self,
        identities: &BTreeSet<IdentityId>,
    ) -> impl Future<
        Output = Result<BTreeMap<IdentityId, Collection<Option<LiveIdentity>>>, TenantError>,
    > + Send {
        self.identities(identities)
    }

    /// How many identities of the tenant are not registered, in one request; none where
    /// that cannot be had.
    fn unregistered(&self) -> impl Future<Output = Option<u64>> + Send {
        async { None }
    }

    /// The sources whose accounts made these identities, in as few requests as possible, and
    /// how many those were. An identity of which ISC does not say it, or that could not be
    /// read, is left out.
    fn makers(
        &self,
        identities: &BTreeSet<IdentityId>,
    ) -> impl Future<Output = Result<(BTreeMap<IdentityId, SourceId>, u64), TenantError>> + Send;

    /// The identity that has a user name (alias), where there is one.
    fn identity_named(
        &self,
        user_name: &str,
    ) -> impl Future<Output = Result<Option<LiveIdentity>, TenantError>> + Send;

    /// The identities that have one of these user names, in as few requests as possible, and
    /// how many those were. Identities whose account is gone are among them. Those that
    /// could not be read are left out.
    fn identities_named(
        &self,
        user_names: &BTreeSet<String>,
    ) -> impl Future<Output = Result<(Vec<NamedIdentity>, u64), TenantError>> + Send;

    /// An identity with its user levels and its names.
    fn user(
        &self,
        identity: &IdentityId,
    ) -> impl Future<Output = Result<LiveUser, TenantError>> + Send;

    /// The user levels of an identity.
    fn user_levels(
        &self,
        identity: &IdentityId,
    ) -> impl Future<Output = Result<BTreeSet<UserLevel>, TenantError>> + Send {
        async { Ok(self.user(identity).await?.levels) }
    }

    /// The user levels of these identities by the lists of who holds each level; none
    /// where reading them one by one takes no more requests, or the lists cannot be had.
    fn listed_levels(
        &self,
        identities: &BTreeSet<IdentityId>,
    ) -> impl Future<Output = Result<Option<BTreeMap<IdentityId, BTreeSet<UserLevel>>>, TenantError>>
    + Send;

    /// All tokens of an identity, read as its owner where an issuer token is given, so
    /// from the owner's own request budget, else as the caller.
    fn tokens_of(
        &self,
        owner: &IdentityId,
        issuer: Option<&Credential>,
    ) -> impl Future<Output = Result<Vec<LiveToken>, TenantError>> + Send;

    /// The tokens of all identities, in one request.
    fn tokens(
        &self,
    ) -> impl Future<Output = Result<Collection<Vec<LiveToken>>, TenantError>> + Send;

    /// A task.
    fn task(&self, task: &TaskId) -> impl Future<Output = Result<Task, TenantError>> + Send;

    /// An aggregation of this source that has not ended, where there is one.
    fn running_aggregation(
        &self,
        source: &SourceId,
    ) -> impl Future<Output = Result<Option<TaskId>, TenantError>> + Send;

    /// Whether ISC is sending invitations: an invitation task that has not ended.
    fn is_inviting(&self) -> impl Future<Output = Result<bool, TenantError>> + Send;

    /// The account aggregations of a source that ISC remembers.
    fn aggregations(
        &self,
        source: &SourceId,
    ) -> impl Future<Output = Result<Aggregations, TenantError>> + Send;

    /// Signs in with a credential and returns the identity that it belongs to. Used
    /// to check that an issuer token belongs to the account that it mints for.
    fn identity_behind(
        &self,
        credential: &Credential,
    ) -> impl Future<Output = Result<Option<IdentityId>, TenantError>> + Send;
}

/// Changes a tenant. Only the applier is given one.
///
/// Each call is made for one [`Operation`] of a plan. A call that may have taken
/// effect although no response came returns
/// [`TenantErrorKind::Unknown`](crate::TenantErrorKind::Unknown); the applier
/// then reads again before anything else.
pub trait TenantWrite: TenantRead {
    /// Creates a delimited-file source; fails where ISC creates another type.
    fn create_source(
        &self,
        source: &NewSource,
    ) -> impl Future<Output = Result<SourceId, TenantError>> + Send;

    /// Changes settings of a source.
    fn update_source(
        &self,
        source: &SourceId,
        changes: &[SourceChange],
    ) -> impl Future<Output = Result<(), TenantError>> + Send;

    /// Sets an account schema to exactly these attributes, with `id` as account ID
    /// and `name` as account name. The caller reads the schema back: the response
    /// can be inaccurate.
    fn define_schema(
        &self,
        source: &SourceId,
        schema: &SchemaId,
        attributes: &[AttributeSpec],
    ) -> impl Future<Output = Result<(), TenantError>> + Send;

    /// Imports the full state of a source's accounts. With `reexamine`, ISC looks at
    /// unchanged rows again.
    fn import_accounts(
        &self,
        source: &SourceId,
        csv: Vec<u8>,
        reexamine: bool,
    ) -> impl Future<Output = Result<TaskId, TenantError>> + Send;

    /// Creates an identity profile for a source, with its mappings enabled.
    fn create_profile(
        &self,
        profile: &NewProfile,
        source: &SourceId,
    ) -> impl Future<Output = Result<ProfileId, TenantError>> + Send;

    /// Executes [`Operation::UpdateProfile`], and no other operation.
    fn update_profile(
        &self,
        update: &Operation,
    ) -> impl Future<Output = Result<(), TenantError>> + Send;

    /// Runs identity processing ("Apply Changes").
    fn process_identities(
        &self,
        profile: &ProfileId,
    ) -> impl Future<Output = Result<(), TenantError>> + Send;

    /// Invites identities to register, with one request. Never sends an empty list, which
    /// would invite every identity.
    fn invite(
        &self,
        identities: &BTreeSet<IdentityId>,
    ) -> impl Future<Output = Result<TaskId, TenantError>> + Send;

    /// Whether the tenant compares the user levels of this identity within the write, as
    /// [`TenantWrite::set_user_levels`] asks for. Changes nothing.
    fn compares_levels(
        &self,
        identity: &IdentityId,
    ) -> impl Future<Output = Result<bool, TenantError>> + Send;

    /// Sets an identity's user levels to exactly these, and returns those that it holds
    /// by the response; none where the response does not have them. Where `from` is
    /// given, the tenant is asked to reject the write
    /// ([`TenantErrorKind::Rejected`](crate::TenantErrorKind::Rejected)) unless the
    /// identity holds exactly those before it. Where `within` is given, the request is not
    /// sent later ([`TenantErrorKind::TooLate`](crate::TenantErrorKind::TooLate)).
    fn set_user_levels(
        &self,
        identity: &IdentityId,
        from: Option<&BTreeSet<UserLevel>>,
        levels: &BTreeSet<UserLevel>,
        within: Option<Duration>,
    ) -> impl Future<Output = Result<Option<BTreeSet<UserLevel>>, TenantError>> + Send;

    /// Mints a token as its owner. Only this response contains the secret.
    fn mint_token(
        &self,
        issuer: &Credential,
        token: &NewToken,
    ) -> impl Future<Output = Result<SecretDocument, TenantError>> + Send;

    /// Changes a token as its owner; a field that is none stays. The inner none of
    /// `expires` means never.
    fn update_token(
        &self,
        issuer: &Credential,
        token: &TokenId,
        name: Option<&TokenName>,
        scopes: Option<&BTreeSet<Scope>>,
        expires: Option<Option<Timestamp>>,
    ) -> impl Future<Output = Result<(), TenantError>> + Send;

    /// Brings the end of a token to [`Operation::DISABLED_AFTER`] from now, by the tenant's
    /// clock: as its owner where an issuer token is given, else as the caller by the bulk
    /// update for admins, which not every tenant has
    /// ([`TenantErrorKind::NotFound`](crate::TenantErrorKind::NotFound)). Returns the end.
    fn disable_token(
        &self,
        issuer: Option<&Credential>,
        token: &TokenId,
    ) -> impl Future<Output = Result<Timestamp, TenantError>> + Send;

    /// Revokes a token, as its owner where an issuer token is given, else as the
    /// caller.
    fn revoke_token(
        &self,
        issuer: Option<&Credential>,
        token: &TokenId,
    ) -> impl Future<Output = Result<(), TenantError>> + Send;
}
