//! Error type of records: why a file is not taken for one.

use camino::Utf8PathBuf;

/// Why a file cannot be read as a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The file is not JSON, or lacks something.
    #[error("the record {path} is damaged: {cause}")]
    Damaged {
        /// The file.
        path: Utf8PathBuf,
        /// What the parser says.
        cause: String,
    },
    /// The file is something else.
    #[error("{path} is not a record, as `--record FILE` writes it")]
    Foreign {
        /// The file.
        path: Utf8PathBuf,
    },
    /// The file has another format version.
    #[error("the record {path} has format {format}, but this steersman reads format {readable}")]
    Format {
        /// The file.
        path: Utf8PathBuf,
        /// Its format version, as the file has it.
        format: String,
        /// The version that this program reads.
        readable: u32,
    },
    /// The record is of another tenant.
    #[error("the record {path} is of the tenant {recorded}, not of {tenant}")]
    OtherTenant {
        /// The file.
        path: Utf8PathBuf,
        /// The tenant that it is of.
        recorded: String,
        /// The tenant of this run.
        tenant: String,
    },
}
