//! `simulator ready`: waits until a simulator answers, for containers and scripts.

use crate::arguments::duration;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use clap::Args;
use jiff::SignedDuration;
use std::time::{Duration, Instant};
use url::Url;

/// How long is waited between two requests.
const PAUSE: Duration = Duration::from_millis(100);

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Wait until a simulator answers, read-only
///
/// Example: `steersman simulator ready http://127.0.0.1:8080 --wait 30s`
///
/// Exit code 0 if it answers, 1 otherwise. It is the health check of a container, because
/// the image has no other program.
#[derive(Debug, Args)]
pub(super) struct Ready {
    /// Address of the simulator
    #[arg(value_name = "URL", env = "SAIL_BASE_URL")]
    url: Url,
    /// Wait at most this long, for example 30s; without it, ask once
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "0s")]
    wait: SignedDuration,
}

impl Ready {
    pub(super) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let Self { url, wait } = self;
        let wait = Duration::try_from(*wait).unwrap_or_default();
        // It fails only where one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            // A simulator has no TLS, and a container may have no certificates to load.
            .tls_certs_only([])
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .map_err(|error| Failure::Internal {
                message: "cannot create an HTTP client".to_owned(),
                source: Box::new(error),
            })?;
        let target = url
            .join("/_simulator/ready")
            .unwrap_or_else(|_| url.clone());
        let begun = Instant::now();
        loop {
            let reason = match client.get(target.clone()).send().await {
                Ok(answer) if answer.status().is_success() => {
                    output.talk(&format!("the simulator at {url} answers"));
                    return Ok(Exit::Done);
                }
                Ok(answer) => format!("it answered {}", answer.status()),
                Err(error) => model::error_chain(&error.without_url()),
            };
            if begun.elapsed() >= wait {
                return Err(Failure::Simulator(format!(
                    "no simulator answers at {url}: {reason}"
                )));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}
