//! Arguments that select the tenant: simulated or real, and the rate of requests.

use camino::Utf8PathBuf;
use clap::Args;
use isc::{RateBudget, RetryPolicy};

/// The tenant that a command uses.
#[derive(Clone, Debug, Args)]
pub(crate) struct TenantArguments {
    /// Use a simulated tenant; with a file, it is kept between commands
    #[arg(long, value_name = "STATE.json", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(crate) simulate: Option<Utf8PathBuf>,
    /// Share of ISC's rate limit to use, in percent, or off
    ///
    /// Example: `--rate-share 50`
    ///
    /// ISC allows 100 requests in 10 seconds for each credential.
    #[arg(long, value_name = "PERCENT", env = "STEERSMAN_RATE_SHARE", default_value = "80", value_parser = rate_share)]
    pub(crate) rate_share: RateBudget,
    /// How often a failed request is repeated, for 90 seconds at most
    ///
    /// Example: `--retries 3`
    ///
    /// Reads, and writes that can be repeated without harm, are repeated after pauses that
    /// grow, so that an outage of a minute is ridden out.
    #[arg(long, value_name = "COUNT", env = "STEERSMAN_RETRIES", hide_env_values = true, default_value_t = RetryPolicy::RETRIES, value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) retries: u32,
    /// PEM file with authorities to trust beside the system's
    ///
    /// Example: `--ca-file /etc/ssl/corporate-ca.pem`
    ///
    /// For networks whose firewall has an authority of its own. On Linux `SSL_CERT_FILE`
    /// and `SSL_CERT_DIR` replace the system's authorities.
    #[arg(long, value_name = "FILE", env = "STEERSMAN_CA_FILE")]
    pub(crate) ca_file: Option<Utf8PathBuf>,
}

fn rate_share(text: &str) -> Result<RateBudget, String> {
    if text == "off" {
        return Ok(RateBudget::unlimited());
    }
    let percent = text
        .parse()
        .map_err(|_| format!("`{text}` must be a percentage such as 80, or off"))?;
    RateBudget::share(percent).map_err(|error| error.to_string())
}
