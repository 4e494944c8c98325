//! Vocabulary of steersman: desired state ([`Spec`]), observed state ([`Live`]),
//! [`Plan`], [`Outcome`], and the two traits that read and write a tenant
//! ([`TenantRead`], [`TenantWrite`]).
//!
//! Nothing here does I/O. Every other crate but `catalog` and `simulator` uses
//! these types.

mod address;
mod ci_marks;
mod client_id;
mod collection;
mod composition;
mod entry_name;
mod error_chain;
mod event;
mod fingerprint;
mod issuer_cause;
pub mod issuer_name;
mod live;
mod names;
mod outcome;
pub mod ownership;
mod plan;
mod problem;
mod redactor;
pub mod retiring;
mod secret;
mod secret_place;
mod shell_word;
pub mod short_map;
mod spec;
mod store_key;
mod tenant;
mod tenant_error;
mod tenant_in_keys;
mod visible;
mod wanted;

pub use address::{Address, AddressError};
pub use ci_marks::{ci_marks, may_have_ci_marks};
pub use client_id::shown_client_id;
pub use collection::{Collection, Incomplete, IncompleteReason};
pub use composition::{composed, folded};
pub use entry_name::{SECRET_VARIABLE, secret_variable};
pub use error_chain::error_chain;
pub use event::{Attempt, Counted, Ending, Event, EventSink, Traffic};
pub use fingerprint::{Digest, Fingerprint};
pub use issuer_cause::IssuerCause;
pub use live::account::LiveAccount;
pub use live::agreement::Witnesses;
pub use live::audit_event::{AuditEvent, AuditEvents};
pub use live::counts::{Aggregations, Agreement, LastAggregation, Witness};
pub use live::delivery::{OtherSecret, StoredToken};
pub use live::file_settings::{FileSettings, Unsupported};
pub use live::identity::{IdentityNames, IdentityStatus, LiveIdentity, LiveUser, NamedIdentity};
pub use live::issuer::{IssuerOrigin, IssuerState};
pub use live::lookup::AccountsByWord;
pub use live::profile::{AttributeRead, LiveMapping, LiveProfile, MappingRead, ProfileHolder};
pub use live::source::{LiveAttribute, LiveSchema, LiveSource};
pub use live::stores::{DeliveredThere, Invited, StoreFacts, Tries, Unasked};
pub use live::task::{Task, TaskState};
pub use live::token::LiveToken;
pub use live::{Caller, Live};
pub use names::{
    AccountAttribute, AccountId, AccountKey, AccountName, IdentityAttribute, IdentityId,
    NativeIdentity, ProfileId, SchemaId, Scope, SourceId, SourceName, StoreName, TaskId, TokenId,
    TokenName, UserLevel,
};
pub use outcome::{Outcome, StepOutcome, StepResult, Tally};
pub use plan::delivery::{DeliveryReport, DeliveryState, SecretRole};
pub use plan::holding::{HeldToken, Holding};
pub use plan::operation::{
    Confirmed, ExpectedIdentity, IdentityTarget, ImportBasis, ImportMappings, ImportSchema,
    IssuerReplacement, NewProfile, NewSource, NewToken, Operation, OwnIdentity, RaisedThreshold,
    Ref, Removal, RollBack, RowChange, SourceChange, TokenChange,
};
pub use plan::report::{
    AccountReport, Blocked, BlockedReason, Estimate, GuardReport, NextAction, Stage, Unmanaged,
    Verdict, Who,
};
pub use plan::selection::{SelectionEffect, SelectionReport, Unmatched};
pub use plan::step::{Action, Fields, Reason, RestsOn, Step};
pub use plan::{Plan, Unit};
pub use problem::{Problem, ProblemEffect};
pub use redactor::{Origin, REDACTED, Redactor, Replaced};
pub use secret::{Credential, PreviousSecret, SecretDocument, is_access_token, is_client_secret};
pub use secret_place::{Folder, SecretPlace};
pub use shell_word::shell_quoted;
pub use spec::account::{
    AccountRow, AccountSpec, IssuerLife, Previously, TokenSpecs, is_same_cell,
};
pub use spec::delivered_form::{DeliveredForm, SecretField};
pub use spec::notify::{NoticeEvent, NoticeReceiver, ReceiverKind, SigningKey};
pub use spec::policy::{Limit, Policy, UnmanagedTokens};
pub use spec::ready_made::{ReadyMade, ReadyMadeKind, VaultProgram};
pub use spec::rotation::{Overlap, RotateBefore, RotatedToken, Rotation, RotationState};
pub use spec::source::{
    AttributeSpec, ManagedSource, OwnerRef, Percent, PercentError, ProfileSpec, SourceSpec,
    UnmanagedAccounts,
};
pub use spec::store::{NotFound, Readable, StoreKey, StoreSpec};
pub use spec::token::{TOKEN_LIMIT, TokenLifetime, TokenSpec};
pub use spec::window::{WEEKDAYS, Window};
pub use spec::{Spec, TenantSettings};
pub use store_key::{KeyError, key_as_argument, key_as_path};
pub use tenant::{TenantRead, TenantWrite};
pub use tenant_error::{Obstacle, TenantError, TenantErrorKind};
pub use tenant_in_keys::{simulated_file_in_keys, simulated_in_keys, tenant_in_keys};
pub use visible::{is_hidden, visible};
pub use wanted::{Wanted, WantedAccount, WantedSource, WantedStatus};
