//! Drift: the report of what differs between files and tenant, and of which side moved.

mod report;

pub use report::{
    AuditEvent, Cause, Drift, DriftKind, DriftReport, DriftSummary, Due, Expiring, Reading,
    RecordUse, Resolved, TokensLeft, UnmanagedObject, WhoDid,
};
