//! Names that are changed, swapped, passed on or put back, over the real binary. One
//! apply is enough, or the plan is refused before the first write.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod mapped;
mod refused;
mod renamed;
mod setting;
