//! Tokens over a long time, and what a person does about one.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod life;
mod on_request;
mod two_years;
