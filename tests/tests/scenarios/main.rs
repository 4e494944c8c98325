//! The program and the simulated tenant, end to end over HTTP. Every scenario
//! ends with an empty plan.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod bad_input;
mod behind_the_back;
mod enroll;
mod existing_source;
mod fmt;
mod guide;
mod hints;
mod left_out;
mod newcomer;
mod own_scopes;
mod readme;
mod secrets;
mod shell;
mod team;
mod tutorial;
mod validate;
mod waiting;
