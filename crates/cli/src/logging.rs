//! The log, on standard error. Off unless asked for.

use tracing_subscriber::EnvFilter;

/// Starts the log: `-v` for each request, `-vv` for more, `-vvv` for all; `STEERSMAN_LOG` takes a filter such as `isc=trace` instead. Bodies,
/// headers and secrets are logged at no level.
pub(crate) fn start(verbosity: u8, filter: Option<&str>) {
    let usual = match verbosity {
        0 => "off",
        1 => "info,isc=debug",
        2 => "debug,isc=trace,applier=trace,simulator=info",
        _ => "debug,isc=trace,applier=trace,simulator=debug",
    };
    let filter =
        EnvFilter::try_new(filter.unwrap_or(usual)).unwrap_or_else(|_| EnvFilter::new(usual));
    // A second start, which only tests can bring about, is harmless.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(true)
        .try_init();
}
