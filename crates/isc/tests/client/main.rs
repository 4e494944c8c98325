//! The client against servers that misbehave, and against the simulated tenant.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and so do its helpers"
)]

mod answers;
mod guide;
mod levels;
mod lists;
mod overtaken;
mod retries;
mod scripted;
mod signing_in;
mod survey;
mod tenant;
mod tokens;
mod wire;
