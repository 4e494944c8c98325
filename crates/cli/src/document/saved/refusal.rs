//! Why a file is not taken for a saved plan.

use super::FORMAT_VERSION;
use crate::failure::Failure;
use camino::Utf8Path;

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is no JSON, or lacks something.
    Damaged(String),
    /// It is something else.
    Foreign,
    /// It is what `plan --out json=FILE` writes.
    ForReading,
    /// It has another format.
    Format(String),
    /// Another version of the program has written it.
    Version(String),
    /// It is not as it was written.
    Edited,
}

impl Refusal {
    /// The refusal of the file at this path.
    pub(super) fn of(self, path: &Utf8Path) -> Failure {
        let message = match self {
            Self::Damaged(why) => format!("the saved plan {path} is damaged: {why}"),
            Self::Foreign => format!("{path} is no saved plan"),
            Self::ForReading => format!(
                "{path} is a plan for reading, as `--out json=FILE` writes it, and no saved plan"
            ),
            Self::Format(format) => format!(
                "the saved plan {path} has format {format}, and this steersman reads format {FORMAT_VERSION}"
            ),
            Self::Version(version) => format!(
                "the saved plan {path} was made by steersman {version}, and this is steersman {}",
                env!("CARGO_PKG_VERSION")
            ),
            Self::Edited => format!(
                "the saved plan {path} is not as it was saved: its digest does not fit its content"
            ),
        };
        Failure::Stale {
            message,
            items: Vec::new(),
        }
    }
}
