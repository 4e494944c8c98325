//! The CI kit: the scripts, the actions and the pipelines that `init --ci` writes, run as a
//! CI system would, with stand-ins for the commands of the platforms.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod existing;
mod github;
mod gitlab;
mod install;
mod machine;
mod month;
mod runner;
mod scripts;
mod setting;
mod stores;
