//! Networks between steersman and the tenant: authorities, proxies, firewalls, clocks, limits.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod clocks;
mod firewalls;
mod gateway;
mod limits;
mod proxies;
mod tls;
