//! Networks between steersman and the tenant: authorities, proxies, firewalls, clocks, limits.

mod clocks;
mod firewalls;
mod gateway;
mod limits;
mod proxies;
mod tls;
