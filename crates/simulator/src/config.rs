//! Configuration of a simulator.

use std::net::{Ipv4Addr, SocketAddr};

use camino::Utf8PathBuf;

use crate::clock::ClockMode;
use crate::faults::Faults;
use crate::seed::Seed;

/// The largest body of a request unless it is said otherwise: 256 MiB.
const MAX_BODY: usize = 256 * 1024 * 1024;

/// Configuration of a simulator. The default suits tests and `--simulate`: a free loopback port, no
/// file, time a hundred times as fast, no rate limit, no faults.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen. Nothing is protected but by ISC's own rules, so keep it on loopback.
    pub listen: SocketAddr,
    /// Names by which clients reach it, beside loopback and the address of `listen`. Requests for
    /// any other host are refused, as they may come from a page that was made to lead here.
    pub hosts: Vec<String>,
    /// The largest body of a request, in bytes; a larger one is refused with 413.
    pub max_body: usize,
    /// State file of the tenant; none keeps it in memory only. A missing file is created.
    pub state: Option<Utf8PathBuf>,
    /// When a change is on disk.
    pub durability: Durability,
    /// File in which requests and their answers are recorded, without secrets.
    pub record: Option<Utf8PathBuf>,
    /// How time passes.
    pub clock: ClockMode,
    /// Whether requests are limited.
    pub rate_limit: RateLimit,
    /// What goes wrong.
    pub faults: Faults,
    /// Number of accounts in a new tenant, each with an identity, in a source of their own.
    pub seed_accounts: usize,
    /// What a new tenant has beside what every new tenant has.
    pub seed_with: Option<Seed>,
    /// The name of a new tenant's organization.
    pub org: String,
    /// Seed of a new tenant's identifiers.
    pub seed: u64,
    /// Whether lists without sorters change their order each time, which ISC does not rule out.
    pub unstable_order: bool,
    /// What the clock of a new tenant shows at first; the real time if `None`.
    pub start_at: Option<jiff::Timestamp>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            hosts: Vec::new(),
            max_body: MAX_BODY,
            state: None,
            durability: Durability::default(),
            record: None,
            clock: ClockMode::Accelerated(100.0),
            rate_limit: RateLimit::Off,
            faults: Faults::default(),
            seed_accounts: 0,
            seed_with: None,
            org: "simulator".into(),
            seed: 1,
            unstable_order: false,
            start_at: None,
        }
    }
}

/// When a change of the tenant is in its state file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Durability {
    /// On disk before it is answered: the end of the process loses nothing, nor that of the machine.
    Synced,
    /// Handed to the system before it is answered: the end of the process loses nothing.
    #[default]
    Written,
    /// Soon after it is answered: the end of the process can lose the changes of its last moments.
    Relaxed,
}

/// Whether requests are limited as ISC limits them: 100 in 10 seconds per client id and API version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RateLimit {
    /// They are not.
    #[default]
    Off,
    /// In real seconds, independent of the clock.
    Real,
    /// In the seconds of the clock: with an accelerated clock, waits are shorter by its factor.
    Scaled,
}
