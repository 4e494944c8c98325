//! Saved plans: what `plan --save FILE` writes and `apply --plan FILE` takes.
//!
//! The file holds the plan, what it is bound to (tenant, spec, tool version,
//! selection, allowances), an id, and a digest over all of it. The digest shows
//! that the file is as it was written. It is not a signature: anyone who can
//! edit the file can also recompute its digest. A [`FileDigest`] that came by
//! another channel binds the file.
//!
//! What a forged file could do is bounded. Paths, selection and allowances are
//! given beside it, and it can only agree with them. The plan is never applied from
//! the file: apply plans again from spec and tenant, and the new plan must be a
//! part of the saved one.

mod approval;
mod compact;
mod difference;
mod document;
mod error;
mod file_digest;
mod given;
mod kept;
mod text;
mod unasked;

pub(crate) use compact::values;

pub use approval::{Approval, LeftOut};
pub use document::{Binding, SavedPlan, SavedSelection};
pub use error::SavedPlanError;
pub use file_digest::{FileDigest, FileDigestError};
pub use text::saved_plan_text;
