//! Delays of the simulated tenant, in virtual time.
//!
//! ISC promises none of these. They are of the order that is seen or documented, and long enough
//! that a client that does not wait fails.

use jiff::SignedDuration;

/// An import of a file, before its rows are counted in.
pub(crate) const AGGREGATION: SignedDuration = SignedDuration::from_secs(3);
/// What each row of an import adds.
pub(crate) const AGGREGATION_PER_ROW: SignedDuration = SignedDuration::from_micros(500);
/// Creating, replacing or deleting one account.
pub(crate) const ACCOUNT_CHANGE: SignedDuration = SignedDuration::from_secs(2);
/// From the end of an import, or from asking for it, until identities are refreshed.
pub(crate) const IDENTITY_REFRESH: SignedDuration = SignedDuration::from_secs(5);
/// From the end of an account until the identity that it was authoritative for disappears.
pub(crate) const IDENTITY_DELETION: SignedDuration = SignedDuration::from_secs(5 * 60);
/// Sending invitations.
pub(crate) const INVITATION: SignedDuration = SignedDuration::from_secs(2);
/// How long an invitation is valid.
pub(crate) const INVITATION_VALIDITY: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Deleting an identity profile.
pub(crate) const PROFILE_DELETION: SignedDuration = SignedDuration::from_secs(10);
/// Deleting a source.
pub(crate) const SOURCE_DELETION: SignedDuration = SignedDuration::from_secs(5);
/// Until changed scopes of a personal access token reach new access tokens.
pub(crate) const SCOPE_CHANGE: SignedDuration = SignedDuration::from_mins(20);
/// `lastUsed` of a personal access token is written at most so often.
pub(crate) const LAST_USED: SignedDuration = SignedDuration::from_hours(24);
/// With the fault `status-race`: from `completed` until `completionStatus` is set.
pub(crate) const STATUS_RACE: SignedDuration = SignedDuration::from_secs(2);
