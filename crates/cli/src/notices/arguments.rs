//! Arguments of notices and metrics, shared by the commands that run unattended.

use super::address::Given;
use camino::Utf8PathBuf;
use clap::Args;

/// Who hears of a run, and where its metrics are written.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct UnattendedArguments {
    /// Send notices to KIND=URL: webhook, slack or teams; repeatable
    ///
    /// Example: `--notify 'slack=${SLACK_WEBHOOK}'`
    ///
    /// An address is a secret: in quotes, `${NAME}` is read from --var or
    /// `STEERSMAN_VAR_NAME`, and other users of the machine do not see it. Receivers of
    /// `notify:` in the files get notices, too. With --record, each cause is sent once.
    #[arg(long, value_name = "KIND=URL")]
    pub(super) notify: Vec<Given>,
    /// Seconds after which a receiver that does not respond is given up
    #[arg(long, value_name = "SECONDS", env = "STEERSMAN_NOTIFY_TIMEOUT", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=60))]
    pub(super) notify_timeout: u64,
    /// Write metrics of the run in OpenMetrics, for a node exporter
    ///
    /// Example: `--metrics /var/lib/node_exporter/steersman.prom`
    ///
    /// The file is replaced as a whole at the end of each run, also of one that failed.
    #[arg(long, value_name = "FILE")]
    pub(super) metrics: Option<Utf8PathBuf>,
}

impl UnattendedArguments {
    /// Whether the command line names nothing that is to be told.
    pub(super) fn is_silent(&self) -> bool {
        self.notify.is_empty() && self.metrics.is_none()
    }

    /// The file of the metrics.
    pub(crate) fn metrics(&self) -> Option<&Utf8PathBuf> {
        self.metrics.as_ref()
    }
}
