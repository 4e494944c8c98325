//! What a plan looks like, in each format, for what can happen.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod case;
mod cases;
mod exit_codes;
mod files;
mod html;
mod language;
mod many;
mod markdown;
mod problems;
mod schema;
mod text;
