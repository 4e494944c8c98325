//! Plans that are saved, approved, and applied once, or refused.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod applied;
mod files;
mod guards;
mod schema;
mod small;
mod stale;
mod time;
