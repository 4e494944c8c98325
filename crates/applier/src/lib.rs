//! Executes a plan against a tenant: order, parallelism, journal, stores,
//! checks before and after each write, events.
//!
//! The applier decides nothing: what a step does is in its
//! [`model::Operation`], what it waits for in `depends_on`. It sees that the
//! live object is still as it was when the plan was made, writes, reads back,
//! and says what became of each step.

mod apply;
mod cancel;
mod context;
mod document;
mod execute;
mod journal;
mod lost_tokens;
mod options;
mod poll;
mod private_folder;
mod rows;
mod schedule;
mod step_error;
mod stores;

pub use apply::apply;
pub use cancel::Cancel;
pub use document::DocumentError;
pub use journal::{Conclusion, Intent, IntentId, Journal, JournalError, Unfinished};
pub use lost_tokens::lost_tokens;
pub use options::{Options, PollSchedule};
pub use stores::{RecipientsError, StoreError, Stores, issuers};
