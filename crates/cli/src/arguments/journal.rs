//! Argument that names the journal.

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

/// The journal that apply writes, and that every plan is made with.
#[derive(Clone, Debug, Args)]
pub(crate) struct JournalArgument {
    /// Journal of started operations; the next run uses it to recover
    ///
    /// Example: `--journal /var/lib/steersman/journal.jsonl`
    ///
    /// apply writes it. plan and status only read it: give them the same file, so that
    /// they know the same. Default: `.steersman/journal.jsonl`, or beside the state of
    /// a simulated tenant. Runs that write exclude each other by a lock beside it
    /// (FILE.lock), which names the process that holds it.
    #[arg(long, value_name = "FILE")]
    journal: Option<Utf8PathBuf>,
}

impl JournalArgument {
    /// The file, where one is given.
    pub(crate) fn path(&self) -> Option<&Utf8Path> {
        self.journal.as_deref()
    }
}
