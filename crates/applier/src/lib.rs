//! Executes a plan against a tenant: order, parallelism, journal, stores, checks
//! before and after each write, events.
//!
//! The applier decides nothing: a step's [`model::Operation`] holds what it does,
//! `depends_on` the steps it depends on. The applier checks that the live object
//! is still as it was when the plan was made, writes, reads back, and reports the
//! result of each step.

mod apply;
mod cancel;
mod context;
mod document;
mod execute;
mod first_issuer;
mod invited;
mod journal;
mod links;
mod lost_tokens;
mod options;
mod owner;
mod poll;
mod private_folder;
mod rows;
mod run_lock;
mod schedule;
mod step_error;
mod stores;
#[cfg(any(test, fuzzing))]
pub mod testing;
mod tracking;

pub use apply::apply;
pub use cancel::{Cancel, FINISHING};
pub use document::{DocumentError, EncodeError};
pub use execute::{IssuerNotReplaced, IssuerReplaced, replace_issuer};
pub use first_issuer::{
    FirstIssuerError, mint_first_issuer, probe_issuer_place, revoke_former_issuer, store_issuer,
};
pub use journal::{
    Conclusion, Created, Earlier, IntentId, InviteIntent, Journal, JournalError, LeftInvited,
    LeftRaised, MintIntent, RaiseIntent, Target, Unfinished,
};
pub use links::{link_below, link_on_the_way};
pub use lost_tokens::lost_tokens;
pub use options::{Options, PollSchedule};
pub use owner::is_believed;
pub use run_lock::{LockError, LockHolder, RunLock};
pub use stores::{
    Ability, Commands, Environment, Holder, RecipientsError, SecretsOf, StoreCheck, StoreError,
    StoreSettings, StoredSecrets, Stores, stored_secrets,
};
pub use tracking::heard;
