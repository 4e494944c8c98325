//! How a simulator is to run.

use std::net::{Ipv4Addr, SocketAddr};

use camino::Utf8PathBuf;

use crate::clock::ClockMode;
use crate::faults::Faults;

/// How a simulator is to run. The default suits tests and `--simulate`: a free loopback port, no
/// file, time a hundred times as fast, no rate limit, no faults.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen. Nothing is protected but by ISC's own rules, so keep it on loopback.
    pub listen: SocketAddr,
    /// Where the tenant is kept; nowhere if `None`. A file that is not there yet is made.
    pub state: Option<Utf8PathBuf>,
    /// How time passes.
    pub clock: ClockMode,
    /// Whether requests are limited.
    pub rate_limit: RateLimit,
    /// What goes wrong.
    pub faults: Faults,
    /// With how many accounts, each with an identity, a new tenant is filled, in a source of their own.
    pub seed_accounts: usize,
    /// The name of a new tenant's organization.
    pub org: String,
    /// From what a new tenant's identifiers are drawn: another number, other identifiers.
    pub seed: u64,
    /// Whether lists without sorters come in another order each time, which ISC does not rule out.
    pub unstable_order: bool,
    /// What the clock of a new tenant shows at first; the real time if `None`.
    pub start_at: Option<jiff::Timestamp>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            state: None,
            clock: ClockMode::Accelerated(100.0),
            rate_limit: RateLimit::Off,
            faults: Faults::default(),
            seed_accounts: 0,
            org: "simulator".into(),
            seed: 1,
            unstable_order: false,
            start_at: None,
        }
    }
}

/// Whether requests are limited as ISC limits them: 100 in 10 seconds per client id and API version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RateLimit {
    /// They are not.
    #[default]
    Off,
    /// In real seconds, whatever the clock.
    Real,
    /// In the seconds of the clock: with an accelerated clock, waits are shorter by its factor.
    Scaled,
}
