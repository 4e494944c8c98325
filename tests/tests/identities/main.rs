//! Whose an identity is, over the real binary: nobody is renamed, given levels or deprived
//! of a token because of an identity that is not the account's own, or of a change of the
//! profile that somebody else made.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod correlated;
mod imports;
mod moved;
mod other_profile;
mod outlived;
mod processing;
mod setting;
mod shared;
