//! Why a source cannot be adopted, or a part of it not be declared.

use model::SourceName;

/// Why there is no spec.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AdoptError {
    /// The tenant has no source of this name.
    #[error("the tenant has no source \"{0}\"")]
    NotThere(SourceName),
    /// A managed source declares its owner.
    #[error(
        "source \"{0}\" has no owner that can be named; give it one in the tenant, then adopt it"
    )]
    NoOwner(SourceName),
    /// Not even the source can be declared.
    #[error("source \"{source_name}\" cannot be declared: {why}")]
    Undeclarable {
        /// The source.
        source_name: SourceName,
        /// Why not.
        why: String,
    },
    /// Planning the files together would change something after all.
    #[error("no spec was written, because planning it would change the tenant: {0}")]
    Changes(String),
}

/// Why a part is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reason {
    /// Why, in half a sentence.
    pub(super) text: String,
    /// Whether something in the part looks like a secret, so that nothing of it
    /// may be repeated.
    pub(super) secret: bool,
}

impl Reason {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            secret: false,
        }
    }
}
