//! Serving a simulated tenant.

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::simulated;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use owo_colors::OwoColorize;
use secrecy::ExposeSecret;
use simulator::{ClockMode, Config, Faults, RateLimit};
use std::net::SocketAddr;

/// How to serve.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Keep the tenant in this file
    #[arg(long, value_name = "FILE")]
    state: Option<Utf8PathBuf>,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// How time passes: real, manual, or so many times as fast (such as 60)
    #[arg(long, default_value = "real", value_parser = clock)]
    clock: ClockMode,
    /// Whether requests are limited to 100 in 10 seconds per client: off, real,
    /// or scaled to the clock
    #[arg(long, default_value = "real", value_parser = rate_limit)]
    rate_limit: RateLimit,
    /// What goes wrong: a file of faults (docs/simulator.md tells which there are)
    #[arg(long, value_name = "FILE")]
    faults: Option<Utf8PathBuf>,
    /// Give lists without sorters in another order each time, which ISC does not
    /// rule out
    #[arg(long)]
    unstable_order: bool,
    /// Fill a new tenant with so many accounts in a source of their own
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    seed_accounts: usize,
}

impl Serve {
    pub(super) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let Self {
            state,
            listen,
            clock,
            rate_limit,
            faults,
            unstable_order,
            seed_accounts,
        } = self;
        let config = Config {
            state: state.clone(),
            listen: *listen,
            clock: *clock,
            rate_limit: *rate_limit,
            faults: faults
                .as_deref()
                .map(read_faults)
                .transpose()?
                .unwrap_or_default(),
            unstable_order: *unstable_order,
            seed_accounts: *seed_accounts,
            ..Config::default()
        };
        let running = simulator::start(config)
            .await
            .map_err(|error| simulated::failure(&error))?;
        let credentials = running.admin_credentials();
        output.talk(&format!(
            "{}\n{}",
            "This is a simulator: nothing here is real, and nothing protects it.".yellow().bold(),
            "Everyone who reaches it can do everything. Ctrl-C ends it. The lines below point clients at it.".dimmed(),
        ));
        if !listen.ip().is_loopback() {
            output.talk(&"It listens beyond this machine.".red().bold().to_string());
        }
        // The secret is the simulator's well-known one; printing it is the point.
        output.data(&format!(
            "export SAIL_BASE_URL={}\nexport SAIL_CLIENT_ID={}\nexport SAIL_CLIENT_SECRET={}",
            running.base_url(),
            credentials.client_id,
            credentials.client_secret.expose_secret()
        ));
        let interrupted = told_to_end().await;
        running
            .shutdown()
            .await
            .map_err(|error| simulated::failure(&error))?;
        interrupted.map_err(|error| Failure::Internal {
            message: "cannot listen for interrupts".to_owned(),
            source: Box::new(error),
        })?;
        Ok(Exit::Done)
    }
}

/// Waits for Ctrl-C, or for what ends a program that runs in the background. Either way the state
/// is saved, of which a big one may be a moment behind.
async fn told_to_end() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// Reads a file of faults; an error tells the place in it.
fn read_faults(path: &Utf8Path) -> Result<Faults, Failure> {
    let text = fs_err::read_to_string(path).map_err(|error| Failure::File {
        message: format!("cannot read the faults in {path}"),
        help: None,
        source: Some(Box::new(error)),
    })?;
    serde_json::from_str(&text).map_err(|error| Failure::File {
        message: format!("{path}:{}:{} is no fault", error.line(), error.column()),
        help: Some(
            "docs/simulator.md tells which faults there are, and how a file of them looks"
                .to_owned(),
        ),
        source: Some(Box::new(error)),
    })
}

fn clock(text: &str) -> Result<ClockMode, String> {
    match text {
        "real" => Ok(ClockMode::Real),
        "manual" => Ok(ClockMode::Manual),
        factor => factor
            .parse()
            .ok()
            .filter(|factor: &f64| factor.is_finite() && *factor > 0.0)
            .map(ClockMode::Accelerated)
            .ok_or_else(|| format!("`{factor}` is neither real, manual nor a positive number")),
    }
}

fn rate_limit(text: &str) -> Result<RateLimit, String> {
    match text {
        "off" => Ok(RateLimit::Off),
        "real" => Ok(RateLimit::Real),
        "scaled" => Ok(RateLimit::Scaled),
        other => Err(format!("`{other}` is neither off, real nor scaled")),
    }
}
