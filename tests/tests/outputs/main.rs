//! What a plan looks like, in each format, for what can happen.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod browser;
mod case;
mod cases;
mod daily;
mod exit_codes;
mod files;
mod fixes;
mod html;
mod language;
mod left;
mod many;
mod markdown;
mod page;
mod problems;
mod schema;
mod sixty;
mod standing;
mod text;
mod values;
mod width;
