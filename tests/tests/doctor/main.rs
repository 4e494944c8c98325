//! Commands that look and change nothing: `doctor`, `report`, `man`.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod broken;
mod calls;
#[path = "../network/gateway.rs"]
#[expect(dead_code, reason = "the tests of networks use all of it")]
mod gateway;
mod least;
mod manual;
mod refused;
mod report;
mod setting;
