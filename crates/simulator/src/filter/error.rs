//! Error of a filter that cannot be parsed, with its position.

/// A filter that cannot be parsed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at character {position}")]
pub(crate) struct ParseFilterError {
    /// What is wrong.
    pub(crate) message: String,
    /// The character, counted from 1, at which it is wrong.
    pub(crate) position: usize,
}

impl ParseFilterError {
    pub(super) fn new(source: &str, at: usize, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            position: source[..at].chars().count() + 1,
        }
    }
}
