//! Drift: the report of what differs between files and tenant, and of which side moved.
//!
//! [`find`] takes a plan and a record and finds the drifts; [`renew`] makes the record of
//! the next run; the formats render a [`DriftReport`].

mod agreement;
mod build;
mod causes;
mod find;
mod html;
mod markdown;
mod renew;
mod report;
mod suspects;
mod text;
mod words;

pub use agreement::{Agreement, KnownDrift, KnownObject};
pub use build::{Given, cut, report};
pub use find::{Facts, Found, find};
pub use html::html;
pub use markdown::markdown;
pub use renew::{Renewing, renew};
pub use report::{
    AuditEvent, Cause, Drift, DriftKind, DriftReport, DriftSummary, Due, Expiring, Reading,
    RecordUse, Resolved, TokensLeft, UnmanagedObject, WhoDid,
};
pub use suspects::{Sought, attribute, sought};
pub use text::text;
pub(crate) use words::difference;
pub use words::headline;
