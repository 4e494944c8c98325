//! `steersman watch`: compares files and tenant in a loop; read-only.

mod pace;
mod server;

use crate::commands::drift::{ComparisonArguments, DriftOutputs, compare, tell};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::loading::load_spec;
use crate::notices::{Unattended, UnattendedArguments, unloaded};
use crate::output::Output;
use crate::problem_report::refuse_problems;
use crate::session::Session;
use clap::Args;
use jiff::{SignedDuration, Timestamp};
use model::{Digest, TenantSettings};
use pace::Pace;
use render::drift::headline;
use secrecy::ExposeSecret;
use server::{Health, Server};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Compare files and tenant again and again; read-only
///
/// Example: `steersman watch accounts --record record.json --every 15m`
///
/// Each round is a `drift` of its own: files and record are read again, and all outputs
/// are written again. A failed round is reported and retried sooner. Ctrl-C and SIGTERM
/// end it with exit code 0.
#[derive(Debug, Args)]
pub(crate) struct Watch {
    #[command(flatten)]
    comparison: ComparisonArguments,
    #[command(flatten)]
    outputs: DriftOutputs,
    /// Time from the end of a round to the next, with up to 10% of jitter
    ///
    /// Example: `--every 1h`
    #[arg(long, value_name = "DURATION", default_value = "15m", value_parser = every)]
    every: Duration,
    #[command(flatten)]
    unattended: UnattendedArguments,
    /// Serve /healthz, /readyz and /metrics at this address
    ///
    /// Example: `--listen 127.0.0.1:9090`
    ///
    /// /healthz answers 200 while the program runs. /readyz answers 200 if a round read
    /// the tenant completely within three intervals, else 503.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// End after this many rounds, with the exit code of the last
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    rounds: Option<u64>,
}

impl Watch {
    pub(crate) async fn run(
        &self,
        interrupts: &Interrupts,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        self.outputs
            .check(&self.comparison, self.unattended.metrics())?;
        // Nothing is being changed, and a record is written as a whole.
        interrupts.ends_by_signal();
        let health = Health::new(self.every);
        let _server = match self.listen {
            Some(address) => {
                let server = Server::start(address, health.clone()).await?;
                output.talk(&format!(
                    "serving http://{}/healthz, /readyz and /metrics",
                    server.address()
                ));
                Some(server)
            }
            None => None,
        };
        self.rounds(&health, output).await
    }

    async fn rounds(&self, health: &Health, output: &mut Output) -> Result<Exit, Failure> {
        let mut pace = Pace::new(self.every, std::process::id());
        let mut open = None;
        let mut round = 0_u64;
        loop {
            round = round.saturating_add(1);
            let result = Box::pin(self.round(&mut open, health, output)).await;
            let exit = match &result {
                Ok(exit) => *exit,
                Err(failure) => failure.exit(),
            };
            let is_whole = match exit {
                Exit::Done | Exit::Changes => true,
                Exit::Error
                | Exit::Partial
                | Exit::Refused
                | Exit::Stale
                | Exit::NotAllowed
                | Exit::Incomplete
                | Exit::Unread
                | Exit::Usage
                | Exit::Interrupted
                | Exit::Terminated => false,
            };
            if is_whole {
                health.round_ended_well();
            }
            if let Err(failure) = result {
                // What is wrong from the start does not become right by waiting.
                if round == 1 && !matches!(failure, Failure::Tenant(_)) {
                    return Err(failure);
                }
                failure.report(output);
            }
            if self.rounds.is_some_and(|rounds| round >= rounds) {
                return Ok(exit);
            }
            let delay = pace.next(is_whole);
            if !is_whole {
                output.talk(&format!("the next round begins in {} s", delay.as_secs()));
            }
            tokio::time::sleep(delay).await;
        }
    }

    /// One comparison. Nothing of it is kept but the record, the outputs, and the session
    /// of a tenant: each one would learn another access token for the redaction of all
    /// output, and the program would grow with the rounds.
    async fn round(
        &self,
        open: &mut Option<Open>,
        health: &Health,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        let began = Instant::now();
        let records = self.comparison.records()?;
        let (spec, loaded) = match load_spec(&self.comparison.spec, &self.comparison.tenant, output)
        {
            Ok(loaded) => loaded,
            Err(failure) => {
                let told = (
                    &self.unattended,
                    &self.comparison.spec,
                    &self.comparison.tenant,
                );
                let run = ("drift", self.comparison.record.as_deref());
                unloaded(told, run, (&failure, began), output).await;
                return Err(failure);
            }
        };
        let unattended = Unattended::new(
            &self.unattended,
            &self.comparison.spec,
            &self.comparison.tenant,
            &spec.notify,
            self.comparison.record.as_deref(),
        )?;
        let tenant = address_of(&spec.tenant);
        let session = match open.take().filter(|open| open.tenant == tenant) {
            Some(open) => open.session,
            None => Session::open(&spec, &self.comparison.tenant, output).await?,
        };
        session.meter().restart();
        let mut compared =
            compare(&self.comparison, (&spec, &session), &records, began, output).await;
        let told = (&unattended, &self.comparison);
        let (metrics, lost) = tell(told, &mut compared, &session, began, output).await;
        health.metrics_are(metrics);
        if let Some(lost) = lost {
            lost.report(output);
        }
        if session.is_embedded() {
            session.close().await?;
        } else if compared.is_ok() {
            *open = Some(Open { session, tenant });
        }
        let round = compared?;
        output.talk(&format!("{} {}", Timestamp::now(), headline(&round.report)));
        self.outputs.write(&round.report, output)?;
        round.keep(&self.comparison)?;
        refuse_problems(&round.plan, &loaded, output)?;
        Ok(round.exit)
    }
}

/// A session that stays open, and a digest of what the files say of its tenant.
struct Open {
    session: Session,
    tenant: Digest,
}

/// A digest of what the files say of a tenant.
fn address_of(tenant: &TenantSettings) -> Digest {
    let TenantSettings {
        base_url,
        declared_at: _,
        client_id,
        client_secret,
    } = tenant;
    let secret = client_secret.as_ref().map(ExposeSecret::expose_secret);
    Digest::of(&(base_url, client_id, secret))
}

/// An interval on the command line.
fn every(text: &str) -> Result<Duration, String> {
    let duration: SignedDuration = crate::arguments::duration(text)?;
    Duration::try_from(duration).map_err(|error| error.to_string())
}
