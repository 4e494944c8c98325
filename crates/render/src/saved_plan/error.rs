//! Error type of saved plans: why a file is not taken for one, or no longer fits.

use camino::Utf8PathBuf;

/// Why a saved plan cannot be applied. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SavedPlanError {
    /// The file is not JSON, or lacks something.
    #[error("the saved plan {path} is damaged: {cause}")]
    Damaged {
        /// The file.
        path: Utf8PathBuf,
        /// What the parser says.
        cause: String,
    },
    /// The file is something else.
    #[error("{path} is not a saved plan")]
    Foreign {
        /// The file.
        path: Utf8PathBuf,
    },
    /// The file is what `plan --out json=FILE` writes.
    #[error("{path} is a plan document, as `plan --out json=FILE` writes it, and not a saved plan")]
    PlanDocument {
        /// The file.
        path: Utf8PathBuf,
    },
    /// The file has another format version.
    #[error(
        "the saved plan {path} has format {format}, but this steersman reads format {readable}"
    )]
    Format {
        /// The file.
        path: Utf8PathBuf,
        /// Its format version, as the file has it.
        format: String,
        /// The version that this program reads.
        readable: u32,
    },
    /// Another version of the program wrote the file.
    #[error(
        "the saved plan {path} was made by steersman {version}, but this is steersman {}",
        env!("CARGO_PKG_VERSION")
    )]
    Version {
        /// The file.
        path: Utf8PathBuf,
        /// The version that wrote it.
        version: String,
    },
    /// The file was changed after it was written.
    #[error("the saved plan {path} was edited: its digest does not match its content")]
    Edited {
        /// The file.
        path: Utf8PathBuf,
    },
    /// The file is not the one whose digest was handed over.
    #[error("the saved plan {path} is not the file that `--plan-digest` names")]
    OtherDigest {
        /// The file.
        path: Utf8PathBuf,
        /// The digest that was handed over, and that of the file.
        digests: String,
    },
    /// The operator gives other paths, another selection or other allowances.
    #[error("the saved plan {path} was saved with other arguments: {}", differences.join("; "))]
    OtherArguments {
        /// The file.
        path: Utf8PathBuf,
        /// The differences, a line each.
        differences: Vec<String>,
    },
    /// The file has a time that cannot be read.
    #[error("the saved plan {path} has an invalid time: `{text}`")]
    Time {
        /// The file.
        path: Utf8PathBuf,
        /// The time, as the file has it.
        text: String,
    },
    /// The spec has changed since.
    #[error("the spec has changed since {path} was saved")]
    OtherSpec {
        /// The file.
        path: Utf8PathBuf,
        /// The digests then and now.
        digests: String,
    },
    /// The plan is for another tenant.
    #[error("the saved plan {path} is for {saved}, but this is {now}")]
    OtherTenant {
        /// The file.
        path: Utf8PathBuf,
        /// The tenant that the plan was made for.
        saved: String,
        /// The tenant of this run.
        now: String,
    },
    /// Everything in the plan is already done.
    #[error(
        "nothing of the saved plan {path} is left to apply: it was applied before, or the same changes were made by hand"
    )]
    NothingLeft {
        /// The file.
        path: Utf8PathBuf,
    },
    /// The plan of now is not a part of the saved one.
    #[error("saved plan {path} is stale: the tenant now needs changes that were not approved")]
    Changed {
        /// The file.
        path: Utf8PathBuf,
        /// The differences, a line each.
        differences: Vec<String>,
    },
}

impl SavedPlanError {
    /// What differs, one by one.
    pub fn items(&self) -> Vec<String> {
        match self {
            Self::OtherSpec { digests, .. } | Self::OtherDigest { digests, .. } => {
                vec![digests.clone()]
            }
            Self::Changed { differences, .. } => differences.clone(),
            Self::Damaged { .. }
            | Self::Foreign { .. }
            | Self::PlanDocument { .. }
            | Self::Format { .. }
            | Self::Version { .. }
            | Self::Edited { .. }
            // The message has them.
            | Self::OtherArguments { .. }
            | Self::Time { .. }
            | Self::OtherTenant { .. }
            | Self::NothingLeft { .. } => Vec::new(),
        }
    }
}
