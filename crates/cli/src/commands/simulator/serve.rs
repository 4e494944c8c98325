//! `steersman simulator` without a subcommand: serves a simulated tenant.

use super::seed_file;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::simulated;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use owo_colors::OwoColorize;
use secrecy::ExposeSecret;
use simulator::{
    ClockMode, Config, Credentials, Durability, Faults, LeftOver, NotRecorded, RateLimit,
    ReplayConfig, ReplayReport,
};
use std::net::SocketAddr;

/// Options of the server.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// File that keeps the tenant
    #[arg(long, value_name = "FILE")]
    state: Option<Utf8PathBuf>,
    /// When a change is on disk: full (before its answer) or relaxed
    ///
    /// Example: `--state tenant.json --durability relaxed`
    ///
    /// With `relaxed`, a killed simulator can lose changes of the last 0.2 s.
    #[arg(long, default_value = "full", value_parser = durability)]
    durability: Durability,
    /// Address and port to listen on; port 0 selects a free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Another name by which clients reach it; can be repeated
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,
    /// Clock: real, manual, or a factor of acceleration, for example 60
    #[arg(long, default_value = "real", value_parser = clock)]
    clock: ClockMode,
    /// Rate limit of ISC (100 requests in 10 s): off, real or scaled
    ///
    /// Example: `--rate-limit scaled --clock 60`
    ///
    /// The limit counts per client ID. `scaled` follows the clock of the tenant.
    #[arg(long, default_value = "real", value_parser = rate_limit)]
    rate_limit: RateLimit,
    /// File of faults to inject; docs/simulator.md lists them
    #[arg(long, value_name = "FILE")]
    faults: Option<Utf8PathBuf>,
    /// Change the order of unsorted lists with each request
    #[arg(long)]
    unstable_order: bool,
    /// Create COUNT accounts in a source of a new tenant
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    seed_accounts: usize,
    /// YAML file with the people, sources and tokens of a new tenant
    ///
    /// Example: `--seed seed.yaml --state tenant.json`
    ///
    /// A tenant that is in the state file already is left as it is.
    #[arg(long, value_name = "FILE")]
    seed: Option<Utf8PathBuf>,
    /// Record requests and their answers, without secrets
    ///
    /// Example: `--record fixture.jsonl --clock manual`
    ///
    /// An earlier recording is replaced. `--replay` answers from it.
    #[arg(long, value_name = "FILE")]
    record: Option<Utf8PathBuf>,
    /// Answer from a recording instead of a tenant
    ///
    /// Example: `--replay fixture.jsonl`
    ///
    /// At the end, exit code 1 reports requests that were not recorded, and recorded
    /// requests that were not sent.
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "state", "durability", "clock", "rate_limit", "faults", "unstable_order",
        "seed_accounts", "seed", "record",
    ])]
    replay: Option<Utf8PathBuf>,
}

impl Serve {
    pub(super) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let Self {
            state,
            durability,
            listen,
            hosts,
            clock,
            rate_limit,
            faults,
            unstable_order,
            seed_accounts,
            seed,
            record,
            replay,
        } = self;
        if let Some(recording) = replay {
            return serve_replay(output, recording, *listen, hosts).await;
        }
        let config = Config {
            state: state.clone(),
            durability: *durability,
            listen: *listen,
            hosts: hosts.clone(),
            clock: *clock,
            rate_limit: *rate_limit,
            faults: faults
                .as_deref()
                .map(read_faults)
                .transpose()?
                .unwrap_or_default(),
            unstable_order: *unstable_order,
            seed_accounts: *seed_accounts,
            seed_with: seed.as_deref().map(seed_file::read).transpose()?,
            record: record.clone(),
            ..Config::default()
        };
        let running = simulator::start(config)
            .await
            .map_err(|error| simulated::failure(&error))?;
        let credentials = running.admin_credentials();
        introduce(output, "This is a simulator", *listen);
        connect(output, &running.base_url(), &credentials);
        let interrupted = stopped().await;
        running
            .shutdown()
            .await
            .map_err(|error| simulated::failure(&error))?;
        interrupted.map_err(not_waited)?;
        Ok(Exit::Done)
    }
}

/// Serves a recording, and reports at the end how the requests differed from it.
async fn serve_replay(
    output: &mut Output,
    recording: &Utf8Path,
    listen: SocketAddr,
    hosts: &[String],
) -> Result<Exit, Failure> {
    let config = ReplayConfig {
        recording: recording.to_owned(),
        listen,
        hosts: hosts.to_vec(),
    };
    let replaying = simulator::start_replay(config)
        .await
        .map_err(|error| simulated::failure(&error))?;
    introduce(output, "This is a replay of a simulator", listen);
    connect(
        output,
        &replaying.base_url(),
        &simulator::admin_credentials(),
    );
    let interrupted = stopped().await;
    let report = replaying.shutdown().await;
    interrupted.map_err(not_waited)?;
    if report.is_exact() {
        output.talk("the requests were those of the recording");
        return Ok(Exit::Done);
    }
    for line in differences(&report) {
        output.talk(&line);
    }
    let ReplayReport { left, not_recorded } = &report;
    Err(Failure::Simulator(format!(
        "the requests were not those of {recording}: {} not recorded, {} not sent; change the client, or record again with `steersman simulator --record`",
        not_recorded.iter().map(|(_, count)| count).sum::<u64>(),
        left.iter().map(|left| left.left).sum::<usize>(),
    )))
}

/// A line for each request that differs.
fn differences(report: &ReplayReport) -> Vec<String> {
    let shown = |method: &str, path: &str, query: &str| match query {
        "" => format!("{method} {path}"),
        query => format!("{method} {path}?{query}"),
    };
    let ReplayReport { left, not_recorded } = report;
    let unknown = not_recorded.iter().map(|(request, count)| {
        let NotRecorded {
            method,
            path,
            query,
            reason,
        } = request;
        let request = shown(method, path, query);
        format!("not recorded: {request} ({count} sent): {reason}")
    });
    let unsent = left.iter().map(|left| {
        let LeftOver {
            method,
            path,
            query,
            left,
            recorded,
        } = left;
        let request = shown(method, path, query);
        format!("not sent: {request} ({left} of {recorded} recorded)")
    });
    unknown.chain(unsent).collect()
}

/// Says loudly what it is.
fn introduce(output: &mut Output, what: &str, listen: SocketAddr) {
    output.talk(&format!(
        "{}\n{}",
        format!("{what}: nothing here is real, and nothing protects it.")
            .yellow()
            .bold(),
        "Every client that reaches it has full access. Press Ctrl-C to stop it. Clients connect with these variables:".dimmed(),
    ));
    if !listen.ip().is_loopback() {
        output.talk(&"Other machines can reach it.".red().bold().to_string());
    }
}

/// Prints the variables of clients. The secret is the well-known one of the simulator, so it is
/// also printed where the environment has it from a run before.
fn connect(output: &mut Output, base_url: &str, credentials: &Credentials) {
    output.document(&format!(
        "export SAIL_BASE_URL={base_url}\nexport SAIL_CLIENT_ID={}\nexport SAIL_CLIENT_SECRET={}",
        credentials.client_id,
        credentials.client_secret.expose_secret()
    ));
}

fn not_waited(error: std::io::Error) -> Failure {
    Failure::Internal {
        message: "cannot wait for Ctrl-C".to_owned(),
        source: Box::new(error),
    }
}

/// Waits for Ctrl-C or SIGTERM. Both save the state.
async fn stopped() -> std::io::Result<()> {
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

/// Reads a file of faults. An error names the line and column.
fn read_faults(path: &Utf8Path) -> Result<Faults, Failure> {
    let text = fs_err::read_to_string(path).map_err(|error| Failure::File {
        message: format!("cannot read the faults in {path}"),
        help: None,
        source: Some(Box::new(error)),
    })?;
    serde_json::from_str(&text).map_err(|error| Failure::File {
        message: format!("{path}:{}:{}: invalid fault", error.line(), error.column()),
        help: Some("docs/simulator.md lists the faults and the format of the file".to_owned()),
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
            .ok_or_else(|| format!("`{factor}` must be real, manual or a positive number")),
    }
}

fn durability(text: &str) -> Result<Durability, String> {
    match text {
        "full" => Ok(Durability::Synced),
        "relaxed" => Ok(Durability::Relaxed),
        other => Err(format!("`{other}` must be full or relaxed")),
    }
}

fn rate_limit(text: &str) -> Result<RateLimit, String> {
    match text {
        "off" => Ok(RateLimit::Off),
        "real" => Ok(RateLimit::Real),
        "scaled" => Ok(RateLimit::Scaled),
        other => Err(format!("`{other}` must be off, real or scaled")),
    }
}
