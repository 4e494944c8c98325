//! How old what was read of the tenant may be when something is written.

use std::time::Duration;

/// How old a fact may be when a write that rests on it is sent.
pub(crate) const RELIED_ON_FOR: Duration = Duration::from_secs(30);

/// For how long a fact is used. A write can wait for its turn for some seconds more.
pub(super) const USED_FOR: Duration = Duration::from_secs(25);

/// For how long a list of accounts is used by steps that the owners of tokens make: long
/// enough for ten thousand of them.
pub(super) const USED_BY_OWNERS_FOR: Duration = Duration::from_mins(10);
