//! `--state FILE` of the commands that change a simulated tenant in its file.

use crate::failure::Failure;
use crate::simulated;
use camino::Utf8PathBuf;
use clap::Args;

/// The file of the simulated tenant.
#[derive(Debug, Args)]
pub(super) struct StateArgument {
    /// File of the simulated tenant; created if missing
    #[arg(long, value_name = "FILE")]
    pub(super) state: Utf8PathBuf,
}

impl StateArgument {
    /// Changes the tenant in the file.
    pub(super) async fn change<T>(
        &self,
        change: impl Fn(&mut simulator::Tenant) -> Result<T, simulator::ControlError>,
    ) -> Result<T, Failure> {
        simulated::change(&self.state, change).await
    }
}
