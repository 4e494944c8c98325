//! Errors of adopting, and reasons to leave a part of a source undeclared.

use model::SourceName;

/// Why no spec was generated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdoptError {
    /// The tenant has no source of this name.
    #[error("the tenant has no source \"{0}\"")]
    NoSource(SourceName),
    /// A managed source declares its owner.
    #[error(
        "cannot adopt source \"{0}\": it has no owner that a file can name; set an owner in ISC, then run `steersman adopt` again"
    )]
    NoOwner(SourceName),
    /// Not even the source can be declared.
    #[error("cannot declare source \"{source_name}\": {why}")]
    Undeclarable {
        /// The source.
        source_name: SourceName,
        /// Why not.
        why: String,
    },
    /// Identity processing is due, so the first plan would not be empty.
    #[error(
        "cannot adopt source \"{source_name}\": identity processing (\"Apply Changes\") is due on its identity profile \"{profile}\", and the first plan would run it; run \"Apply Changes\" in ISC, wait for its end, then run `steersman adopt` again"
    )]
    ProcessingDue {
        /// The source.
        source_name: SourceName,
        /// The profile.
        profile: String,
    },
    /// Planning all files together would change something after all.
    #[error("no spec was written: planning it would change the tenant: {0}")]
    Changes(String),
}

/// Why a part is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reason {
    /// Why, in half a sentence.
    pub(crate) text: String,
    /// Whether the part may contain a secret, so that nothing of it is printed.
    pub(crate) secret: bool,
}

impl Reason {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            secret: false,
        }
    }
}
