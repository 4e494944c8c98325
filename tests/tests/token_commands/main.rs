//! `steersman token`: lists, replaces and stops the tokens of the managed accounts.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod list;
mod passed_on;
mod people;
mod replaced;
mod rollback;
mod rollback_policy;
mod rotate;
mod rotated_issuers;
mod shown;
mod site;
mod stop;
