//! The program is killed, interrupted, or loses its connection while it applies;
//! the next apply brings about what is declared, nothing is made twice, and no
//! secret is lost.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod interrupted;
mod killed;
mod locked;
mod lost_answers;
mod overtaken;
mod passed_on;
mod rolled_back;
mod setting;
mod signals;
mod storms;
