//! Log on standard error, off by default.

use crate::output::{LogLines, Output};
use tracing_subscriber::EnvFilter;

/// Starts the log: `-v` for requests, `-vv` for details, `-vvv` for everything.
/// `STEERSMAN_LOG` takes a filter instead, for example `isc=trace`. No level logs
/// bodies, headers or secrets.
pub(crate) fn start(verbosity: u8, filter: Option<&str>) {
    let usual = match verbosity {
        0 => "off",
        1 => "info,isc=debug",
        2 => "debug,isc=trace,applier=trace,simulator=info",
        _ => "debug,isc=trace,applier=trace,simulator=debug",
    };
    let filter =
        EnvFilter::try_new(filter.unwrap_or(usual)).unwrap_or_else(|_| EnvFilter::new(usual));
    // Only tests start it twice, and the second start has no effect.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(LogLines::new)
        .with_ansi(Output::new().talk_in_colour())
        .with_target(true)
        .try_init();
}
