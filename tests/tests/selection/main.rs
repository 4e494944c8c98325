//! `--only` and `--except`, end to end.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod imports;
mod parts;
mod tenant;
mod words;
