//! Stores: one table of what every kind does, on files, on stand-ins for the programs
//! of systems of secrets, and on the real programs.

#![cfg(unix)]
#![expect(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too; what is left out is said"
)]

mod contract;
mod delivery;
mod in_git;
mod passed_on;
mod places_of_issuers;
mod real;
mod servers;
mod simulated_tenants;
mod stand_ins;
mod two_tenants;
