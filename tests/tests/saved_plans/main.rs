//! Plans that are saved, approved, and applied once, or refused.

mod applied;
mod files;
mod guards;
mod schema;
mod small;
mod stale;
mod time;
