//! Enrolling accounts: in a browser, at a terminal, from standard input, many at a time.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod bad_input;
mod bad_sign_in;
mod browser;
mod killed;
mod many;
mod piped;
mod setting;
mod terminal;
