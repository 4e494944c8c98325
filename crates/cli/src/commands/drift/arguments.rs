//! Arguments of `drift` and `watch`: the records, what counts, and the outputs.

use crate::answers::Format;
use crate::arguments::{JournalArgument, SpecArguments, StoreArguments, TenantArguments, duration};
use crate::failure::Failure;
use crate::output::Output;
use crate::outputs::{ReportKind, ReportTargets};
use crate::records;
use crate::terminal_size;
use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};
use jiff::SignedDuration;
use planner::{Pattern, Selection};
use render::apply_report::Record;
use render::drift::{self, Agreement, Cause, DriftReport, RecordUse};
use render::terminal::Layout;
use std::collections::BTreeSet;

/// What is compared, with which record, and what counts.
#[derive(Debug, Args)]
pub(crate) struct ComparisonArguments {
    #[command(flatten)]
    pub(crate) spec: SpecArguments,
    #[command(flatten)]
    pub(crate) tenant: TenantArguments,
    #[command(flatten)]
    pub(crate) stores: StoreArguments,
    #[command(flatten)]
    pub(crate) journal: JournalArgument,
    /// Report and count only this, for example audit*; repeatable
    ///
    /// Example: `--only SA-001 --only 'token/SA-002/*' --only kind:levels`
    ///
    /// Patterns as of `plan --only`. All is read all the same: the record, notices and
    /// metrics are of the whole.
    #[arg(long, value_name = "WHAT")]
    pub(crate) only: Vec<Pattern>,
    /// Record of when files and tenant last agreed; read, then renewed
    ///
    /// Example: `--record record.json`
    ///
    /// `apply --record` writes the same file. In the first run the file may be missing:
    /// causes are unknown then. Only what agrees is renewed.
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<Utf8PathBuf>,
    /// Earlier record; drifts that it does not have are new
    ///
    /// Example: `--since last-week.json`
    ///
    /// It is only read. Without `--record`, it gives the causes, too.
    #[arg(long, value_name = "FILE")]
    pub(crate) since: Option<Utf8PathBuf>,
    /// Count only drifts with this cause for the exit code; repeatable
    ///
    /// Example: `--cause tenant`
    ///
    /// `tenant` and `git` also count what both sides changed, and what is not known.
    #[arg(long, value_name = "CAUSE", value_enum)]
    pub(crate) cause: Vec<CauseArgument>,
    /// List tokens that expire within this time, and exit with 2 if one does
    ///
    /// Example: `--expiring-within 30d`
    ///
    /// Without it, those of 30 days are listed and do not count.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) expiring_within: Option<SignedDuration>,
    /// Look up in the audit events who did it, and when
    ///
    /// Example: `--who`
    ///
    /// One search for up to 50 objects, 10 searches at most. Needs the scope
    /// sp:search:read.
    #[arg(long)]
    pub(crate) who: bool,
}

/// A cause on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CauseArgument {
    /// The tenant changed, or may have
    Tenant,
    /// The files changed, or may have
    Git,
    /// Files and tenant changed, and nothing else
    Both,
    /// Not known, and nothing else
    Unknown,
}

impl CauseArgument {
    /// The causes that it counts: a side that may have moved is not left out because a
    /// record was lost, or because the other side moved, too.
    fn counts(self) -> &'static [Cause] {
        match self {
            Self::Tenant => &[Cause::Tenant, Cause::Both, Cause::Unknown],
            Self::Git => &[Cause::Git, Cause::Both, Cause::Unknown],
            Self::Both => &[Cause::Both],
            Self::Unknown => &[Cause::Unknown],
        }
    }
}

impl ComparisonArguments {
    /// Within which time expiring tokens are listed, where no other is given.
    const WITHIN: SignedDuration = SignedDuration::from_hours(30 * 24);

    /// What is reported.
    pub(crate) fn selection(&self) -> Selection {
        Selection::new(self.only.clone(), Vec::new())
    }

    pub(crate) fn within(&self) -> SignedDuration {
        self.expiring_within.unwrap_or(Self::WITHIN)
    }

    pub(crate) fn causes(&self) -> BTreeSet<Cause> {
        self.cause
            .iter()
            .flat_map(|cause| cause.counts())
            .copied()
            .collect()
    }

    /// Reads the records, and sees that the one that is kept can be written.
    ///
    /// # Errors
    /// A file that is no record of this format, or cannot be read or written.
    pub(crate) fn records(&self) -> Result<Records, Failure> {
        let kept = match &self.record {
            None => None,
            Some(path) => {
                records::check(path)?;
                records::read_if_there(path)?
            }
        };
        let since = self.since.as_deref().map(records::read).transpose()?;
        Ok(Records {
            path: self.record.clone(),
            kept,
            since_path: self.since.clone(),
            since,
        })
    }
}

/// The records of a run.
#[derive(Debug)]
pub(crate) struct Records {
    path: Option<Utf8PathBuf>,
    pub(super) kept: Option<Record>,
    since_path: Option<Utf8PathBuf>,
    since: Option<Record>,
}

impl Records {
    /// What causes come from.
    pub(super) fn known(&self) -> Option<&Agreement> {
        let of = |record: &'_ Option<Record>| record.as_ref().is_some();
        if of(&self.kept) || self.path.is_some() {
            self.kept.as_ref()?.agreement.as_ref()
        } else {
            self.since()
        }
    }

    /// What says which drifts are new, where it is another record.
    pub(super) fn since(&self) -> Option<&Agreement> {
        self.since.as_ref()?.agreement.as_ref()
    }

    /// Checks that they are of this tenant.
    ///
    /// # Errors
    /// A record of another tenant.
    pub(super) fn check_tenant(&self, tenant: &str) -> Result<(), Failure> {
        for (path, record) in [(&self.path, &self.kept), (&self.since_path, &self.since)] {
            if let (Some(path), Some(record)) = (path, record) {
                records::check_tenant(path, record, tenant)?;
            }
        }
        Ok(())
    }

    /// What the report says of them.
    pub(super) fn used(&self) -> RecordUse {
        let compared = |path: &Utf8Path, agreement: &Agreement| RecordUse::Compared {
            file: path.to_string(),
            written_at: agreement.observed_at.clone(),
        };
        match (&self.path, self.known(), &self.since_path) {
            (Some(path), Some(agreement), _) | (None, Some(agreement), Some(path)) => {
                compared(path, agreement)
            }
            (Some(path), None, _) => RecordUse::First {
                file: path.to_string(),
            },
            (None, _, _) => RecordUse::None,
        }
    }

    /// What a person has to know of them before the run.
    pub(super) fn note(&self) -> Option<String> {
        let path = self.path.as_ref()?;
        match &self.kept {
            None => Some(format!(
                "note: the record {path} does not exist yet: causes are unknown in this run, and the record is written at its end"
            )),
            Some(record) if record.agreement.is_none() => Some(format!(
                "note: the record {path} has no agreement, because an earlier version wrote it: causes are unknown in this run, and it is completed at its end"
            )),
            Some(_) => None,
        }
    }
}

/// How a drift report is printed, and the files that it is written to.
#[derive(Debug, Args)]
pub(crate) struct DriftOutputs {
    /// Format of the report on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    targets: ReportTargets,
    /// Print long lists in full
    #[arg(long)]
    full: bool,
}

impl DriftOutputs {
    /// Checks that no two outputs have the same destination, and that all can be written.
    ///
    /// # Errors
    /// Wrong usage, or a file that cannot be written.
    pub(crate) fn check(
        &self,
        comparison: &ComparisonArguments,
        metrics: Option<&Utf8PathBuf>,
    ) -> Result<(), Failure> {
        let records = comparison.record.iter().chain(&comparison.since);
        self.targets.check(self.format, (metrics, records))
    }

    /// Writes the report to all files, and to standard output.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(crate) fn write(&self, report: &DriftReport, output: &mut Output) -> Result<(), Failure> {
        let commands = output.completion();
        let shown = self.targets.write(self.format, |kind| match kind {
            ReportKind::Text => {
                let layout = Layout::file(self.full).with_commands(commands);
                Ok(drift::text(report, layout))
            }
            ReportKind::Json => Ok(report.text()?),
            ReportKind::Markdown => Ok(commands.of(&drift::markdown(report)).into_owned()),
            ReportKind::Html => Ok(commands.of(&drift::html(report)?).into_owned()),
        })?;
        if let Some(document) = shown {
            output.document(&document);
        } else {
            let columns = terminal_size::columns();
            let layout = Layout::terminal(columns, self.full);
            let text = drift::text(report, layout.with_commands(output.completion()));
            output.data(&text);
        }
        Ok(())
    }
}
